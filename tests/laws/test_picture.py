"""The whole picture is a function of what was observed: never of the order or the number of times in which it was heard."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from safepassage.observation import Entry
from safepassage.picture import Picture
from tests.laws.night import answers, entries, view_of

FIRST = 24
"""Opening, agreement and enrolments: whoever hears anything has heard these."""


def shuffled(seed: int) -> list[Entry]:
    """The night in another order, a third of it twice; `index` and `logged_at` are what this other hub would write."""
    dice, night = Random(seed), entries()
    rest = [*night[FIRST:], *dice.sample(night[FIRST:], len(night) // 3)]
    dice.shuffle(rest)
    end = max(entry.logged_at for entry in night)
    heard, places = [], dict[str, int]()
    for entry in (*night[:FIRST], *rest):
        if entry.id in places:
            continue  # the hub gives the old receipt; that folds drop doubles too, tests/laws/test_fold.py says
        places[entry.id] = len(places)
        heard.append(replace(entry, index=places[entry.id], logged_at=end if len(places) > FIRST else entry.logged_at))
    return heard


def test_the_night_is_all_there() -> None:
    assert len(entries()) > 600
    assert {type(entry.observation.what).__name__ for entry in entries()[:FIRST]} >= {"DeploymentOpened", "DeviceEnrolled"}
    said = answers(Picture.of(entries(), entries()[-1].logged_at))
    assert all(
        said[part] for part in ("sides", "gaps", "alarms", "clauses", "vehicles", "moves", "plans", "exchange", "disputes", "questions")
    )


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_discloses_the_same_answers(seed: int) -> None:
    """DESIGN 2, "What a fold is, exactly": gaps, alarms, sides, verdicts, plans and all the rest, down to the entries behind them."""
    end = max(entry.logged_at for entry in entries())
    here, there = answers(Picture.of(entries(), end)), answers(Picture.of(shuffled(seed), end))
    for part in here:
        assert there[part] == here[part], part


def test_in_reverse_the_answers_are_the_same_too() -> None:
    end = max(entry.logged_at for entry in entries())
    back = [*entries()[:FIRST], *reversed(entries()[FIRST:])]
    renamed = [replace(entry, index=index, logged_at=end if index >= FIRST else entry.logged_at) for index, entry in enumerate(back)]
    assert answers(Picture.of(renamed, end)) == answers(Picture.of(entries(), end))


@pytest.mark.parametrize("size", [30, 200, 411, 540, 600, 640])
def test_what_was_known_then_is_the_picture_of_what_was_heard_by_then(size: int) -> None:
    """A picture kept up entry by entry, stopped at a size, equals the one that is built from that prefix alone."""
    then = entries()[size - 1].logged_at
    growing = Picture(entries()[0])
    for entry in entries()[1:size]:
        growing.add(entry, entry.logged_at)
        if entry.index % 50 == 0:
            view_of(growing)  # whoever looks in between changes nothing
    growing.settle(then)
    assert view_of(growing) == view_of(Picture.of(entries()[:size], then))


@pytest.mark.parametrize("size", [*range(40, 630, 31), 640, 645, 660])
def test_everybody_of_a_side_is_somewhere(size: int) -> None:
    """Waiting, on the road, stopping, arrived, handed over, stayed, not accounted for: the bounds hold all who are registered,
    and all whom somebody read aboard though nobody registered them."""
    picture = Picture.of(entries()[:size], entries()[size - 1].logged_at)
    for side in picture.whereabouts.sides(picture.now):
        parts = (side.waiting, side.on_the_road, side.stopping, side.arrived, side.handed_over, side.stayed, side.unaccounted)
        low, high = sum(part.low for part in parts), sum(part.high or 0 for part in parts)
        unknown = {code for account in picture.whereabouts.vehicles().values() for code in account.scanned} - {
            code for code, trace in picture.whereabouts.persons().items() if trace.side
        }
        more = len(unknown) if side.side == "aleppo" else 0
        assert low <= side.registered and side.registered + more <= high, (side, low, high)
