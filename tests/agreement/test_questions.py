"""What a text may have lost by a slip of the pen is asked about: nothing is chosen for whoever wrote it."""

from __future__ import annotations

import pytest

from safepassage.agreement.grammar import parse_agreement
from safepassage.errors import InputError
from tests.agreement.test_language import HEAD, alone
from tests.agreement.told import world


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12 hour", "12 hours"),
        ("1 minutes", "1 minute"),
        ("2 day of 24 hours", "2 days of 24 hours"),
        ("1 calendar days", "1 calendar day"),
    ],
)
def test_a_number_and_a_unit_that_do_not_go_together_are_asked_about(written: str, meant: str) -> None:
    """A digit may be missing: nothing is chosen for whoever wrote it."""
    with pytest.raises(InputError, match="neither one nor several") as refused:
        alone(f"For each request for access by a monitor, it is granted within {written}.")
    assert refused.value.problem.do == f"Is it `{meant}`, or is the number another?"


def test_a_clause_without_a_title_is_asked_for_one_and_hides_no_other() -> None:
    text = HEAD + 'No person is robbed by a party.\n\nClause 3: No person is injured by a party.\n\nClause 4 "R": No persson is robbed.\n'
    with pytest.raises(InputError) as refused:
        parse_agreement(text, world())
    assert [problem.where.line for problem in (refused.value.problem, *refused.value.also)] == [5, 7]
    assert "What is this clause called?" in refused.value.problem.do
