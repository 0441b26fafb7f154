"""Departures counted once, by definition: every record is asked of the one before it, of all that is in the log."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from safepassage.agreement.facts import Fact
from safepassage.agreement.vocabulary import Happening
from safepassage.values.counts import Count
from safepassage.values.ids import EntryId, PlaceId, VehicleId
from safepassage.values.times import MINUTE

_GOING = (Happening.DEPARTURE, Happening.BUS_DEPARTURE, Happening.LAST_DEPARTURE)
_CLOCKS_APART = 4 * MINUTE
"""Two devices, each two minutes off at the most (docs/explanation/whereabouts.md)."""


def counted_once(facts: Sequence[Fact]) -> tuple[list[Fact], dict[EntryId, set[EntryId]]]:
    """All facts, of several records of one departure the first alone; and which other entries stand behind each of those."""
    kept, behind = list[Fact](), dict[EntryId, set[EntryId]]()
    last: dict[tuple[Happening, VehicleId | None, PlaceId | None], int] = {}
    returns = [f for f in facts if f.what is Happening.RETURN and f.standing == 2]
    for fact in sorted(facts, key=lambda f: (f.at, f.entry)):
        where = (fact.what, fact.vehicle, fact.place)
        going = fact.what in _GOING and fact.standing == 2
        before = kept[last[where]] if going and where in last else None
        if before is not None and fact.at - before.at <= _CLOCKS_APART:
            kept[last[where]] = replace(before, heads=_within(before.heads, fact.heads))
            behind.setdefault(before.entry, set()).add(fact.entry)
            continue
        if going:
            last[where] = len(kept)
        kept.append(replace(fact, standing=1) if before is not None and _too_soon(before, fact, returns) else fact)
    return kept, behind


def _too_soon(before: Fact, fact: Fact, returns: Sequence[Fact]) -> bool:
    """Sooner than it can have been there, and nobody signed that it was back."""
    came = any(f.vehicle == fact.vehicle and before.at < f.at < fact.at for f in returns)
    return before.until is not None and fact.at < before.until and not came


def _within(one: Count | None, other: Count | None) -> Count | None:
    """The bounds that hold both counts; who did not count says nothing."""
    if one is None or other is None:
        return one or other
    return Count(min(one.low, other.low), None if one.high is None or other.high is None else max(one.high, other.high))
