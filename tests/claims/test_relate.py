"""Each trap of comparing two claims, one test."""

from __future__ import annotations

from itertools import permutations

import pytest

from safepassage.claims import Relation, relate
from tests.claims.making import heard

ALL = "in all, 2016-12-15 00:00 to {end}, record S"


def between(one: str, other: str) -> tuple[Relation, str]:
    """The relation of two claims said at 12:00 and 13:00; the same whichever is asked first."""
    first, second = heard(f"12:00  desk  {one}\n13:00  desk  {other}").claims()
    found = {relate(*pair)[0] for pair in permutations((first, second))}
    assert len(found) == 1
    return relate(first, second)


def relation(one: str, other: str) -> Relation:
    return between(one, other)[0]


def test_two_intervals_that_can_both_hold_support_each_other() -> None:
    one = "icrc says left: 315–385 persons at ramouseh, in one convoy, 10:00 to 11:00, record X"
    assert relation(one, "sohr says left: 382 persons at ramouseh, in one convoy, 10:00 to 11:00, record X") is Relation.SUPPORTS


def test_disjoint_intervals_of_one_quantity_contradict() -> None:
    one = "icrc says left: 382 persons at ramouseh, in one convoy, 10:00 to 11:00, record X"
    found, why = between(one, "sohr says left: 225–275 persons at ramouseh, in one convoy, 10:00 to 11:00, record X")
    assert found is Relation.CONTRADICTS and why == "382, not 225–275"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("arrived: 400 persons at ramouseh, in one convoy", "‘left’ is not ‘arrived’"),
        ("left: 400 fighters at ramouseh, in one convoy", "persons are not fighters"),
        ("left: 400 persons at foua-gate, in one convoy", "of ramouseh, not of foua-gate"),
        ("left: 400 persons, in one convoy", "of ramouseh, not of no named place"),
        ("left: 400 persons at ramouseh, in all", "‘in one convoy’ is not ‘in all’"),
        ("left: 400 persons at ramouseh, in this period", "‘in one convoy’ is not ‘in this period’"),
    ],
)
def test_another_quantity_is_never_compared(other: str, why: str) -> None:
    """Left is not arrived, fighters are not persons, a convoy is not the sum: each says so in words."""
    one = "icrc says left: 300 persons at ramouseh, in one convoy, 10:00 to 11:00, record S"
    assert between(one, f"sohr says {other}, 10:00 to 11:00, record S") == (Relation.INCOMPARABLE, why)


def test_two_convoys_are_not_compared() -> None:
    one = "icrc says left: 300 persons at ramouseh, in one convoy, 09:00 to 10:00, record S"
    assert relation(one, "sohr says left: 50 persons at ramouseh, in one convoy, 11:00 to 12:00, record S") is Relation.INCOMPARABLE


def test_a_later_larger_figure_in_all_does_not_contradict_an_earlier_smaller_one() -> None:
    one = "sohr says left: 13000 persons at aleppo-east, " + ALL.format(end="2016-12-19 12:00")
    assert relation(one, "icrc says left: 25000 persons at aleppo-east, " + ALL.format(end="2016-12-20 12:00")) is Relation.INCOMPARABLE


def test_a_later_smaller_figure_in_all_contradicts_an_earlier_larger_one() -> None:
    one = "sohr says left: 37500 persons at aleppo-east, " + ALL.format(end="2016-12-19 12:00")
    assert relation(one, "icrc says left: 35000 persons at aleppo-east, " + ALL.format(end="2016-12-20 12:00")) is Relation.CONTRADICTS


def test_at_least_leaves_room_above() -> None:
    """ "More than 2,000" contradicts no larger figure, and an open figure in all none that was larger before."""
    one = "sohr says left: 37500 persons at aleppo-east, " + ALL.format(end="2016-12-19 12:00")
    other = "icrc says left: at least 2001 persons at aleppo-east, " + ALL.format(end="2016-12-20 12:00")
    assert relation(one, other) is Relation.INCOMPARABLE
    same_time = "sohr says left: 37500 persons at aleppo-east, " + ALL.format(end="2016-12-20 12:00")
    assert relation(same_time, other) is Relation.SUPPORTS


def test_a_day_cannot_hold_fewer_than_its_morning() -> None:
    one = "sohr says left: 5000 persons at aleppo-east, in this period, 00:00 to 06:00, record S"
    assert relation(one, "icrc says left: 4000 persons at aleppo-east, in this period, 00:00 to 12:00, record S") is Relation.CONTRADICTS
    assert relation(one, "icrc says left: 6000 persons at aleppo-east, in this period, 00:00 to 12:00, record S") is Relation.INCOMPARABLE


def test_periods_that_only_overlap_are_not_compared() -> None:
    one = "sohr says left: 5000 persons at aleppo-east, in this period, 00:00 to 08:00, record S"
    assert relation(one, "icrc says left: 10 persons at aleppo-east, in this period, 06:00 to 12:00, record S") is Relation.INCOMPARABLE


def test_a_stock_may_shrink() -> None:
    one = "sohr says remaining: 5000 persons at aleppo-east, as it stood, 08:00 to 09:00, record S"
    assert relation(one, "icrc says remaining: 100 persons at aleppo-east, as it stood, 11:00 to 12:00, record S") is Relation.INCOMPARABLE


def test_agreed_terms_may_shrink() -> None:
    one = "sohr says to leave as agreed: 4000 persons at foua-gate, in all, 08:00 to 09:00, record S"
    other = "icrc says to leave as agreed: 2500 persons at foua-gate, in all, 11:00 to 12:00, record S"
    assert relation(one, other) is Relation.INCOMPARABLE


def test_a_copy_is_the_same_and_no_support() -> None:
    one = "sohr says vehicles burned: 6 buses at foua-gate, in one convoy, 10:00 to 11:00, record X"
    assert relation(one, "outlet says vehicles burned: 6 buses at foua-gate, in one convoy, 10:00 to 11:00, record X") is Relation.SAME


def test_a_source_that_says_another_figure_later_supersedes_its_own() -> None:
    one = "sohr says vehicles burned: 6 buses at foua-gate, in one convoy, 10:00 to 11:00, record X"
    assert relation(one, "sohr says vehicles burned: 5 buses at foua-gate, in one convoy, 10:00 to 11:00, record X") is Relation.SUPERSEDES
    assert relation(one, "icrc says vehicles burned: 5 buses at foua-gate, in one convoy, 10:00 to 11:00, record X") is Relation.CONTRADICTS


def test_a_source_that_counts_on_supersedes_its_own() -> None:
    one = "icrc says left: 25000 persons at aleppo-east, " + ALL.format(end="2016-12-19 12:00")
    assert relation(one, "icrc says left: 35000 persons at aleppo-east, " + ALL.format(end="2016-12-20 12:00")) is Relation.SUPERSEDES
