"""Vehicles that no list has, and hand-overs that are arrivals."""

from __future__ import annotations

from field import whereabouts

from safepassage.values.counts import exactly
from safepassage.whereabouts.words import Puzzle


def test_a_mistyped_bus_is_kept_and_asked_about() -> None:
    (question,) = whereabouts("21:14  m03 @ramouseh  B-99 departed for rashideen, 40 heads").questions()
    assert (question.puzzle, question.subject) == (Puzzle.UNLISTED, "B-99")


def test_a_vehicle_recorded_as_unlisted_is_no_question() -> None:
    said = "20:00  m03 @ramouseh  unlisted private car X-1 entered\n20:10  m03 @ramouseh  X-1 departed for rashideen, 3 heads"
    assert whereabouts(said).questions() == []


def test_who_is_handed_over_to_reception_has_not_left_our_sight() -> None:
    """DESIGN 5: a hand-over is explicit; reception is where the trip ends."""
    said = "21:14  m03 @ramouseh  B-07 departed for rashideen, 2 heads\n22:05  r1 @khan  B-07 arrived, 2 heads\n"
    account = whereabouts(said + "22:10  r1 @khan  2 handed over to reception from B-07").vehicles()["B-07"]
    assert (account.handed, [stop.heads for stop in account.alighted]) == (exactly(0), [exactly(2)])
