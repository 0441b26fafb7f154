"""One side's people as a sum: places, runs and what left our sight are the registered, the unregistered and the born, less the dead.

The unregistered have a bound of their own, from counts that nobody's list went into: heads that alighted at receptions, and heads
that were counted waiting after that. Its upper end is not known: nobody counts who left on foot.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safepassage.observation import Entry
from safepassage.observation.people import Alighted, Born, Died, HandedOver, Receiver, WaitingCounted
from safepassage.values.counts import Count, exactly, total
from safepassage.values.ids import PlaceId, SideId
from safepassage.values.times import Instant
from safepassage.whereabouts.reliance import CLOCK, allowing, read_or_counted


class Balance(msgspec.Struct, frozen=True):
    """Heads of one side, in bounds that hold though devices err as published. `elsewhere`: at the places of assembly or anywhere that
    nobody counted; it is what is left of the sum, so that the sum always holds."""

    side: SideId
    registered: int
    unregistered: Count
    born: int
    died: int
    on_runs: Count
    received: Count
    left_sight: Count
    elsewhere: Count

    @property
    def people(self) -> Count:
        """Registered + unregistered + born - died."""
        return (exactly(self.registered + self.born) + self.unregistered).minus(exactly(self.died))


class Counted(msgspec.Struct, frozen=True):
    """One signed count of a side's people off the road: alighted at reception, handed over out of sight, or waiting."""

    at: Instant
    heads: Count


def balance_of(
    side: SideId,
    registered: int,
    on_runs: Count,
    received: list[Counted],
    away: list[Counted],
    waits: list[Counted],
    lives: Iterable[Entry],
) -> Balance:
    """The sum, from counts with their allowances; whatever was lost on the way leaves upper ends open."""
    lives = list(lives)
    born = sum(isinstance(entry.observation.what, Born) for entry in lives)
    died = sum(isinstance(entry.observation.what, Died) for entry in lives)
    arrived, left = _at_least(received), _at_least(away)
    unregistered = Count(max(0, _distinct(received, away, waits) - registered - born))
    people = (exactly(registered + born) + unregistered).minus(exactly(died))
    elsewhere = people.minus(on_runs + arrived + left)
    return Balance(side, registered, unregistered, born, died, on_runs, arrived, left, elsewhere)


def _at_least(counts: list[Counted]) -> Count:
    return Count(total(count.heads for count in counts).low)


def _distinct(received: list[Counted], away: list[Counted], waits: list[Counted]) -> int:
    """At least so many different people were counted: nobody who waits had alighted before, nor been handed over."""
    out = [*received, *away]
    most = total(count.heads for count in out).low
    for wait in waits:
        before = total(count.heads for count in out if count.at + 2 * CLOCK < wait.at)
        most = max(most, (before + wait.heads).low)
    return most


def received_of(entry: Entry, receptions: frozenset[PlaceId], per_mille: int) -> Counted | None:
    """Heads that alighted where reception is, or were handed over to it."""
    seen = entry.observation
    match seen.what:
        case Alighted(heads, _, read) if seen.at in receptions:
            return Counted(seen.seen_at, read_or_counted(heads, read, per_mille))
        case HandedOver(heads, Receiver.RECEPTION, _, read):
            return Counted(seen.seen_at, read_or_counted(heads, read, per_mille))
        case _:
            return None


def away_counted(entry: Entry, per_mille: int) -> Counted | None:
    """Heads that left our sight by a signed hand-over."""
    seen = entry.observation
    match seen.what:
        case HandedOver(heads, receiver, _, read) if receiver is not Receiver.RECEPTION:
            return Counted(seen.seen_at, read_or_counted(heads, read, per_mille))
        case _:
            return None


def wait_counted(entry: Entry, per_mille: int) -> Counted | None:
    seen = entry.observation
    return Counted(seen.seen_at, allowing(seen.what.heads, per_mille)) if isinstance(seen.what, WaitingCounted) else None
