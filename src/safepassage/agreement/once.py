"""One departure counts once, however many monitors recorded it.

A vehicle cannot leave a place twice without having been back. Two signed departures of one vehicle from one place, no further apart
than two devices' clocks may disagree, are one, recorded twice: its heads lie within both counts. Further apart, and yet before the
run would be overdue, and with nothing signed in between that says it turned back, came or stood ready, it is not known whether the
second is another: it counts as alleged, so that no verdict rests on its being another, nor on its being none.
Law: equal to `naive_departures.counted_once`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from safepassage.agreement.facts import ALLEGED, SIGNED, Fact
from safepassage.agreement.vocabulary import Happening
from safepassage.values.ids import EntryId, PlaceId, VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts.reliance import CLOCK

DEPARTURES = (Happening.DEPARTURE, Happening.BUS_DEPARTURE, Happening.LAST_DEPARTURE)
SAME = 2 * CLOCK
Moved: TypeAlias = tuple[Fact, bool]


class Once:
    """Departures as they count, kept up. What is only alleged passes as it is."""

    def __init__(self) -> None:
        self._gone: defaultdict[VehicleId | None, dict[tuple[Happening, PlaceId | None], list[Fact]]] = defaultdict(dict)
        self._back: defaultdict[VehicleId | None, list[Instant]] = defaultdict(list)
        self._again: set[VehicleId | None] = set()
        """Vehicles that ever left one place more than once, as recorded."""

    def move(self, fact: Fact, into: bool) -> list[Moved]:
        """What a departure, or a return, changes of what counts."""
        if fact.standing != SIGNED:
            return [(fact, into)] if fact.what in DEPARTURES else []
        mine, back = self._gone[fact.vehicle], self._back[fact.vehicle]
        if fact.what is Happening.RETURN:
            return self._moved([gone for gone in mine.values() if len(gone) > 1], back, lambda: _put(back, fact.at, into))
        gone = mine.setdefault((fact.what, fact.place), [])
        if into and gone:
            self._again.add(fact.vehicle)
        return self._moved([gone], back, lambda: _put_fact(gone, fact, into))

    def behind(self, entries: Iterable[EntryId]) -> list[EntryId]:
        """The other records of departures that are among these."""
        asked = set(entries)
        ways = [(gone, self._back[vehicle]) for vehicle in self._again for gone in self._gone[vehicle].values()]
        trips = (trip for gone, back in ways for trip in trips_of(gone, back))
        return [fact.entry for trip in trips if trip.facts[0].entry in asked for fact in trip.facts[1:]]

    def _moved(self, ways: Sequence[list[Fact]], back: list[Instant], change: Callable[[], None]) -> list[Moved]:
        before = [trip.counted() for gone in ways for trip in trips_of(gone, back)]
        change()
        after = [trip.counted() for gone in ways for trip in trips_of(gone, back)]
        return [*((fact, False) for fact in before if fact not in after), *((fact, True) for fact in after if fact not in before)]


class Trip(msgspec.Struct, frozen=True):
    """All records of one departure, in order. `sure`: it is another one than the one before."""

    facts: list[Fact]
    sure: bool

    def counted(self) -> Fact:
        """The first of them; its heads lie within all the counts."""
        counts = [fact.heads for fact in self.facts if fact.heads is not None]
        first = self.facts[0]
        if len(self.facts) > 1 and counts:
            heads = counts[0]
            for count in counts[1:]:
                heads = heads.hull(count)
            first = replace(first, heads=heads)
        return first if self.sure else replace(first, standing=ALLEGED)


def trips_of(gone: Sequence[Fact], back: Sequence[Instant]) -> list[Trip]:
    """Departures of one vehicle from one place, in order, each record with those of the same one. `back`: when it was seen to be back."""
    trips: list[Trip] = []
    for fact in gone:
        last = trips[-1].facts[0] if trips else None
        if last is not None and fact.at - last.at <= SAME:
            trips[-1].facts.append(fact)
        else:
            came = last is not None and bisect_left(back, fact.at) > bisect_left(back, last.at + 1)
            trips.append(Trip([fact], last is None or last.until is None or fact.at >= last.until or came))
    return trips


def each_once(facts: Iterable[Fact]) -> list[Fact]:
    """The same facts, departures as they count."""
    once, others, counted = Once(), list[Fact](), dict[tuple[EntryId, Happening], Fact]()
    for fact in facts:
        if fact.what not in DEPARTURES and fact.what is not Happening.RETURN:
            others.append(fact)
            continue
        for moved, into in once.move(fact, True):
            if into:
                counted[moved.entry, moved.what] = moved
            else:
                del counted[moved.entry, moved.what]
    return [*others, *counted.values()]


def _order(fact: Fact) -> tuple[Instant, EntryId]:
    return fact.at, fact.entry


def _put_fact(facts: list[Fact], fact: Fact, into: bool) -> None:
    if into:
        insort(facts, fact, key=_order)
    else:
        facts.remove(fact)


def _put(instants: list[Instant], at: Instant, into: bool) -> None:
    if into:
        insort(instants, at)
    else:
        del instants[bisect_left(instants, at)]
