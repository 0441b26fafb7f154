"""The public page shows who has arrived, rounded outwards, and nothing else (DESIGN 11)."""

from __future__ import annotations

import re

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from safepassage.report.public import FEW, public_page, rounded, totals
from safepassage.values.counts import Count
from safepassage.values.times import MINUTE, Instant
from tests.report.views import NIGHT, NOBODY, side


@given(st.integers(min_value=0, max_value=200_000))
def test_the_truth_lies_within_what_is_said_and_is_never_said(persons: int) -> None:
    figures = [int(each.replace(",", "")) for each in re.findall(r"[\d,]+", rounded(persons))]
    if persons < FEW:
        assert rounded(persons) == "fewer than 10"
    else:
        low, high = figures
        assert low <= persons < high
        assert high - low >= 90


def test_a_bus_more_often_does_not_show() -> None:
    assert rounded(207) == rounded(257) == "200–300"
    assert rounded(300) == "300–400"
    assert rounded(30_487) == "30,000–31,000"


def test_the_page_depends_on_no_other_figure_of_a_view() -> None:
    """A differencing attack: all else of the picture changes, and the page does not."""
    bare = msgspec.structs.replace(
        NIGHT,
        sides=(side("Aleppo", 9, 277, Count(3)), side("Foua", 7, 140)),
        gaps=(), alarms=(), clauses=(), vehicles=(), moves=(), places=(), legs=(), posts=(), plans=(), exchange=None, disputes=(),
        questions=(), lines=(), size=1, newest=1, root="00", now=Instant(NIGHT.now + 10 * MINUTE),
    )  # fmt: skip
    assert public_page(bare) == public_page(NIGHT)


def test_the_page_says_that_it_is_late_on_purpose_and_no_minute() -> None:
    page = public_page(NIGHT).decode()
    assert "This page is late on purpose" in page and "Figures are rounded outwards." in page
    assert "in the hour from 22:00" in page and "22:40" not in page
    assert "277" not in page and "200–300" in page
    assert NIGHT.root not in page


def test_where_nobody_was_registered_the_page_says_that_it_is_not_known() -> None:
    assert totals(NOBODY) == ()
    page = public_page(NOBODY).decode()
    assert "Not known: no registration at a reception is in the record." in page
    assert "fewer than" not in page
