"""One departure recorded twice: a vehicle cannot leave a place again without having been back.

The agreement counts departures by the same rule (`agreement/once.py`). Whoever records a departure no later after another's record
than two clocks may disagree has recorded the same one. Later, yet before the run is overdue (before then no vehicle drives round and
is back: docs/explanation/whereabouts.md) and with no arrival in between, it is not known whether it is another: the run stands, its
heads may be none, and a question is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec.structs import replace

from safepassage.values.counts import Count, exactly
from safepassage.values.places import World
from safepassage.values.times import MINUTE, Instant
from safepassage.whereabouts.reliance import CLOCK
from safepassage.whereabouts.words import Account, Move, Puzzle, Question


def same_departure(before: Move, at: Instant) -> bool:
    """Whether a record of leaving the same place is of the same departure."""
    return before.closed is None and at - before.departed <= 2 * CLOCK


def doubtful(account: Account, world: World) -> Iterator[tuple[Move, Move]]:
    """Runs of which it is not known whether they are others than the ones before them."""
    for before, after in pairwise(account.moves):
        if before.start != after.start or before.closed is not None:
            continue
        leg = world.leg(before.start, before.end) or world.leg(before.end, before.start)
        if leg is not None and after.departed < before.departed + leg.overdue * MINUTE:
            yield before, after


def settled(account: Account, world: World) -> list[Move]:
    """All runs, heads of the doubtful ones from none on."""
    unsure = {after.entry for _, after in doubtful(account, world)}
    return [replace(move, heads=Count(0, move.heads.high)) if move.entry in unsure else move for move in account.moves]


def left_twice(accounts: Iterable[Account], world: World) -> Iterator[Question]:
    """Each doubtful run as a question."""
    for account in accounts:
        for before, after in doubtful(account, world):
            said = f"{account.vehicle} left {before.start} twice, and nobody recorded that it was back"
            yield Question(Puzzle.LEFT_TWICE, account.vehicle, exactly(1), (before.entry, after.entry), said)
