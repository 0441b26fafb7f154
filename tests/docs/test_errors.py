"""Every error that a person can meet is documented as the code says it (STYLE 3)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from docs import PAGES

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
