"""The separation alarm, against the table of docs/explanation/separation-alarm.md."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from field import whereabouts

from safepassage.whereabouts.separation import chance_of, miscount_of

TABLE = [
    ("14 men, 17 women, 4 youth, 15 children", 50, "10 men, 17 women, 4 youth, 15 children", 46, 75, True),
    ("12 men, 17 women, 4 youth, 15 children", 48, "10 men, 17 women, 4 youth, 15 children", 46, 9, False),
    ("14 men, 16 women, 0 youth, 20 children", 50, "11 men, 16 women, 0 youth, 20 children", 47, 53, True),
    ("14 men, 17 women, 4 youth, 15 children", 50, "10 men, 14 women, 4 youth, 12 children", 40, 1, False),
]


@pytest.mark.parametrize(("before", "out", "after", "back", "one_in", "raised"), TABLE)
def test_the_published_table_is_what_the_alarm_does(before: str, out: int, after: str, back: int, one_in: int, raised: bool) -> None:
    said = f"21:14  m03 @ramouseh  B-07 departed for rashideen, {out} heads: {before}\n"
    (alarm,) = whereabouts(said + f"22:05  m08 @rashideen  B-07 arrived, {back} heads: {after}").alarms()
    assert (alarm.one_in, alarm.raised) == (one_in, raised)


def test_a_recount_and_a_stop_between_do_not_silence_it() -> None:
    """The tallies before and after the stop are compared, whatever was seen between or counted again."""
    said = "21:14  m03 @ramouseh  B-07 departed for rashideen, 50 heads: 14 men, 17 women, 4 youth, 15 children\n"
    said += "21:31  m05 @khan-road  B-07 stopped by persons not identified\n21:52  m05 @khan-road  B-07 let go\n"
    said += "22:05  m08 @rashideen  B-07 arrived, 46 heads: 10 men, 17 women, 4 youth, 15 children\n"
    (alarm,) = whereabouts(said + "22:16  m08 @rashideen  B-07 counted 46 heads: 10 men, 17 women, 4 youth, 15 children").alarms()
    assert alarm.raised


def test_without_whole_tallies_there_is_nothing_to_judge() -> None:
    said = "21:14  m03 @ramouseh  B-07 departed for rashideen, 50 heads: 14 men\n22:05  m08 @rashideen  B-07 arrived, 46 heads: 10 men"
    assert whereabouts(said).alarms() == []


@pytest.mark.parametrize(("heads", "watched", "lost", "among"), [(7, 3, 2, 1), (8, 4, 3, 2), (6, 2, 2, 2), (9, 5, 4, 0)])
def test_the_chance_is_that_of_drawing_blindly(heads: int, watched: int, lost: int, among: int) -> None:
    """Against every draw, counted one by one."""
    draws = list(combinations(range(heads), lost))
    hit = sum(1 for draw in draws if sum(person < watched for person in draw) >= among)
    assert chance_of(heads, watched, lost, among) == Fraction(hit, len(draws))


def test_the_miscount_is_a_binomial_tail() -> None:
    assert miscount_of(2, 1, Fraction(1, 10)) == Fraction(19, 100)
