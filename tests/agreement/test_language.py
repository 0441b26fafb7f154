"""The text: all of it reads back exactly, and what is ambiguous is refused with a question, never read one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from safepassage.agreement.clause import Calendar, Elapsed, Open
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.render import render, understood
from safepassage.agreement.vocabulary import ROWS
from safepassage.errors import InputError
from safepassage.values.places import parse_world
from safepassage.values.times import HOUR
from tests.agreement.told import WORLD_TEXT, world

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
HEAD = 'Agreement "Test".\nClause 1 "One":\n  '
AMBIGUOUS = {
    "For each bus that departs Aleppo, a bus departs Foua within 6 hours; no bus counts twice.": "several",
    "For each person who boards, that person is registered at arrival within 5 days.": "calendar days",
    "For each person who boards, that person is registered at arrival promptly.": "Within what time",
    "For each person who boards, that person is registered at arrival within about 6 hours.": "exact limit",
    "From when a convoy enters a crossing until it leaves, a UN monitor is on post there continuously.": "How long may a gap be",
    "The Secretary-General reports to the Council every 30 days.": "Counted from what",
}


@pytest.mark.parametrize("name", ["six-buses-burned", "aleppo-2016"])
def test_a_scenarios_clauses_read_back_as_the_same_agreement(name: str) -> None:
    agreement = parse_agreement((SCENARIOS / name / "agreement.clauses").read_text(), world())
    assert len(agreement.clauses) >= 13
    assert parse_agreement(render(agreement), world()) == agreement
    assert render(parse_agreement(render(agreement), world())) == render(agreement)
    assert all(understood(clause).startswith("we understood: ") for clause in agreement.clauses)


@pytest.mark.parametrize("wording", AMBIGUOUS)
def test_an_ambiguous_wording_is_refused_with_the_question_that_would_settle_it(wording: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_agreement(HEAD + wording, world())
    assert refused.value.problem.number == 501
    assert refused.value.problem.where.line == 3 and refused.value.problem.where.column > 3
    assert AMBIGUOUS[wording] in refused.value.problem.do
    assert "stands where one of these may stand: " in refused.value.problem.what


@pytest.mark.parametrize(
    ("wording", "says"),
    [
        ("For each bus that departs Homs, a different bus departs Foua within 6 hours; no bus counts twice.", "no place or area Homs"),
        ("For each bus that departs Aleppo, that person is registered at arrival within 2 hours.", "does not name"),
        ("No monitor is expelled by a party. Owed by Aleppo.", "Aleppo is no signatory"),
        ('No monitor is expelled by a party. Clause 1 "Two": No person is robbed by a party.', "stands twice"),
        ("No monitor is expelled", "stands where one of these may stand"),
        ("For each person who boards", "the end of the text"),
    ],
)
def test_what_the_world_or_the_sentence_does_not_bear_is_refused(wording: str, says: str) -> None:
    with pytest.raises(InputError, match="SP-501") as refused:
        parse_agreement(HEAD + wording, world())
    assert says in refused.value.problem.what


def test_the_other_side_needs_exactly_two_sides() -> None:
    third = 'sides = [\n  { id = "third", name = "Third", area = "Third", persons = 1 },'
    three = parse_world(WORLD_TEXT.replace("sides = [", third))
    text = HEAD + "For each suspension by a side, the other side must have breached a clause before."
    parse_agreement(text, world())
    with pytest.raises(InputError, match="3 sides"):
        parse_agreement(text, three)


@pytest.mark.parametrize(
    ("written", "limit"),
    [
        ("6 hours", Elapsed(6 * HOUR, 6, "hour")),
        ("1 hour", Elapsed(HOUR, 1, "hour")),
        ("2 days of 24 hours", Elapsed(48 * HOUR, 2, "day")),
        ("5 calendar days", Calendar(5)),
        ("[time to be agreed]", Open("time to be agreed")),
    ],
)
def test_each_way_to_write_a_limit_is_kept_as_written(written: str, limit: object) -> None:
    agreement = parse_agreement(HEAD + f"For each request for access by a monitor, it is granted within {written}.", world())
    assert agreement.clauses[0].shape.within == limit
    assert written in render(agreement)


@pytest.mark.parametrize("name", ["Aleppo", '"Eastern Aleppo"', "Eastern Aleppo", '"aleppo"', "Ramouseh", '"ramouseh"'])
def test_a_place_may_be_named_by_area_side_name_or_id(name: str) -> None:
    text = f"At no time do the persons departed from {name} and the persons departed from Foua differ by more than 1,500."
    shape = parse_agreement(HEAD + text, world()).clauses[0].shape
    assert shape.one.places == {"ramouseh"}


def test_every_phrase_of_the_vocabulary_is_documented() -> None:
    page = (SCENARIOS.parent / "docs" / "reference" / "clauses.md").read_text()
    assert not [row.words for row in ROWS if f"| {row.words.replace('{place}', 'PLACE')} |" not in page]
