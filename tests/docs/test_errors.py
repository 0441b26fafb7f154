"""Every error that a person can meet is documented as the code says it (STYLE 3)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from docs import PAGES

from safepassage import errors
from safepassage.errors import Fault, catalogue


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_generated_page_is_up_to_date(path: Path) -> None:
    assert path.read_text() == PAGES[path](), "run `make docs`"


def test_no_two_faults_share_a_number() -> None:
    assert not [number for number, times in Counter(fault.number for fault in catalogue()).items() if times > 1]


@pytest.mark.parametrize("fault", catalogue(), ids=lambda fault: f"SP-{fault.number}")
def test_every_fault_says_what_is_wrong_and_what_to_do(fault: Fault) -> None:
    assert fault.what.endswith(".")
    assert fault.do.endswith((".", "}"))
    assert fault.what[0].isupper() or fault.what[0] == "{"


def test_every_fault_can_happen() -> None:
    """A number that nothing raises would be documented for nobody."""
    source = "".join(path.read_text() for path in Path(errors.__file__).parent.rglob("*.py") if path.name != "errors.py")
    named = [name for name, value in vars(errors).items() if isinstance(value, Fault)]
    assert [name for name in named if name not in source] == []
