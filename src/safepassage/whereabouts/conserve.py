"""Counts conserve: heads in are heads out, on every run and through every door. From sheets to bounds that the truth never leaves.

Between two counts of a vehicle some got on and off as recorded; the rest got off unseen, which is what *unaccounted* bounds, or on
unseen, which `reliance` rules out only on the road. `bounds_of` propagates (sound, linear); `tighten` is exact.
Law: tests/laws/test_worlds.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from safepassage.values.counts import ANY, NONE, Count
from safepassage.values.ids import EntryId, PlaceId, VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts.sheet import Level, Sheet
from safepassage.whereabouts.tighten import OUTSIDE, Arc, Network, narrow, tighten
from safepassage.whereabouts.words import Cause, Gap


class Interval(msgspec.Struct, frozen=True):
    """What lies between two counts of one vehicle. `unseen`: heads who got off and were recorded nowhere; `shut`: nobody got on unseen.

    `before` None: before the first count; `after` None: since the last one.
    """

    vehicle: VehicleId
    before: Level | None
    after: Level | None
    shut: bool
    unseen: int
    """Index of the arc of those who got off unseen; `aboard`: of those still aboard if none did."""
    aboard: int


class Web(msgspec.Struct, frozen=True):
    """The network of vehicles between which people changed, and what its arcs mean."""

    sheets: tuple[Sheet, ...]
    network: Network
    narrowed: tuple[Count, ...] | None
    """Bounds of every arc by propagation; None: the counts contradict each other."""
    chain: bool
    """One vehicle alone, each door in one interval: on a chain propagation is exact already."""
    intervals: tuple[Interval, ...]
    levels: Mapping[EntryId, int]
    """The arc of each count."""


class Unseen(msgspec.Struct, frozen=True):
    """Between which bounds heads got off unrecorded, between which two counts."""

    vehicle: VehicleId
    start: PlaceId
    end: PlaceId
    since: Instant
    until: Instant
    heads: Count
    entries: tuple[EntryId, ...]
    shut: bool


class Aboard(msgspec.Struct, frozen=True):
    """Who is aboard one vehicle. `heads`: now, whatever happened unseen since; `counted`: at the last count, miscounts allowed for.

    `heads.low` is 0 once nobody watches: anybody can have got off. `counted` None: it was never counted.
    """

    vehicle: VehicleId
    heads: Count
    counted: Count | None = None
    last: Level | None = None


def aboard_of(vehicle: VehicleId, web: Web) -> Aboard:
    """From the vehicle's last interval: nobody got on but as recorded, where it is shut; anybody may have got off."""
    own = next(interval for interval in reversed(web.intervals) if interval.vehicle == vehicle)
    if (narrowed := bounds_of(web)) is None or own.before is None:
        return Aboard(vehicle, ANY)
    return Aboard(vehicle, Count(0, narrowed[own.aboard].high), narrowed[web.levels[own.before.entry]], own.before)


def components(sheets: Mapping[VehicleId, Sheet]) -> list[tuple[VehicleId, ...]]:
    """Vehicles between which people changed belong together; all others stand alone."""
    found: list[tuple[VehicleId, ...]] = []
    done: set[VehicleId] = set()
    for vehicle in sheets:
        if vehicle not in done:
            together = component(vehicle, sheets.get)
            done.update(together)
            found.append(together)
    return found


def component(vehicle: VehicleId, sheet: Callable[[VehicleId], Sheet | None]) -> tuple[VehicleId, ...]:
    """The vehicles that are joined with this one by changes from one to another."""
    found: dict[VehicleId, None] = {}
    ask = [vehicle]
    while ask:
        if (one := ask.pop()) not in found and (known := sheet(one)) is not None:
            found[one] = None
            ask += [door.other for door in known.doors if door.other is not None]
    return tuple(sorted(found))


def web_of(sheets: Iterable[Sheet]) -> Web:
    """One network for these sheets: two nodes for each interval, joined by those aboard; counts join interval to interval."""
    return _Weaving(tuple(sheets)).web()


class _Weaving:
    def __init__(self, sheets: tuple[Sheet, ...]) -> None:
        self.sheets = sheets
        self.nodes = 1
        self.arcs: list[Arc] = []
        self.intervals: list[Interval] = []
        self.levels: dict[EntryId, int] = {}
        self.entrances: dict[VehicleId, list[int]] = {}

    def web(self) -> Web:
        for sheet in self.sheets:
            self._chain(sheet)
        for sheet in self.sheets:
            self._doors(sheet)
        network = Network(self.nodes, tuple(self.arcs))
        narrowed = narrow(network)
        chain = len(self.sheets) == 1 and self.nodes == 1 + 2 * len(self.intervals)
        return Web(self.sheets, network, None if narrowed is None else tuple(narrowed), chain, tuple(self.intervals), self.levels)

    def _arc(self, tail: int, head: int, bounds: Count) -> int:
        self.arcs.append(Arc(tail, head, bounds))
        return len(self.arcs) - 1

    def _chain(self, sheet: Sheet) -> None:
        """Interval by interval: on (unseen, if not shut), aboard, off (unseen); then the count that ends the interval."""
        entrances = self.entrances[sheet.vehicle] = []
        for number in range(len(sheet.levels) + 1):
            before = sheet.levels[number - 1] if number else None
            after = sheet.levels[number] if number < len(sheet.levels) else None
            shut = after.shut if after is not None else sheet.shut
            into, out = self.nodes, self.nodes + 1
            self.nodes += 2
            entrances.append(into)
            if before is not None:
                self.levels[before.entry] = self._arc(into - 1, into, before.heads)
            self._arc(OUTSIDE, into, NONE if shut else ANY)
            aboard = self._arc(into, out, ANY)
            unseen = self._arc(out, OUTSIDE, ANY)
            if after is None:
                self._arc(out, OUTSIDE, ANY)  # those who are still aboard
            self.intervals.append(Interval(sheet.vehicle, before, after, shut, unseen, aboard))

    def _doors(self, sheet: Sheet) -> None:
        """Doors between intervals and outside, all of one interval together since their bounds add up; each change of vehicle once."""
        plain: dict[tuple[tuple[int, int], bool], Count] = {}
        for door, ways in zip(sheet.doors, sheet.ways, strict=True):
            if door.other is None or door.other not in self.entrances:
                plain[ways, door.inward] = plain.get((ways, door.inward), NONE) + door.heads
            elif not door.inward:
                theirs = next(one for one in self.sheets if one.vehicle == door.other)
                same = next(n for n, other in enumerate(theirs.doors) if other.entry == door.entry)
                into = self._into(theirs, theirs.ways[same])
                self._flow([node + 1 for node in self._into(sheet, ways)], into, door.heads)
        for (ways, inward), heads in plain.items():
            into = self._into(sheet, ways)
            self._flow([OUTSIDE], into, heads) if inward else self._flow([node + 1 for node in into], [OUTSIDE], heads)

    def _into(self, sheet: Sheet, ways: tuple[int, int]) -> list[int]:
        """The entrance of each interval that a door may belong to; its exit is the node after."""
        return self.entrances[sheet.vehicle][ways[0] : ways[1] + 1]

    def _flow(self, tails: list[int], heads: list[int], bounds: Count) -> None:
        if len(tails) == len(heads) == 1:
            self._arc(tails[0], heads[0], bounds)
            return
        gather, spread = self.nodes, self.nodes + 1
        self.nodes += 2
        self._arc(gather, spread, bounds)
        for tail in tails:
            self._arc(tail, gather, ANY)
        for head in heads:
            self._arc(spread, head, ANY)


def bounds_of(web: Web) -> tuple[Count, ...] | None:
    """Bounds of every arc, by propagation; None: the counts contradict each other."""
    return web.narrowed


def exact(web: Web, arcs: Iterable[int]) -> Count | None:
    """The exact bounds of a sum of arcs; None: the counts contradict each other. One arc of a chain is exact by propagation alone."""
    asked = tuple(arcs)
    if web.narrowed is None:
        return None
    return web.narrowed[asked[0]] if web.chain and len(asked) == 1 else tighten(web.network, asked)


def gap_bounds(web: Web, gap: Gap) -> Count:
    """Of a gap: who got off unseen before the count that found fewer, or all who were aboard when the vehicle was lost or is overdue."""
    own = [interval for interval in web.intervals if interval.vehicle == gap.vehicle]
    if gap.cause is Cause.FEWER:
        ending = next((interval for interval in own if interval.after is not None and interval.after.entry == gap.ended), None)
        return ANY if ending is None else exact(web, [ending.unseen]) or ANY
    narrowed = bounds_of(web)
    open_at = [interval for interval in own if gap.until is None or interval.before is None or interval.before.at <= gap.until]
    return ANY if narrowed is None else narrowed[open_at[-1].aboard]


def unseen_of(web: Web, tightly: bool = True) -> list[Unseen] | None:
    """Every interval between two counts, with the bounds of who got off unrecorded; None: the counts contradict each other."""
    narrowed = bounds_of(web)
    if narrowed is None:
        return None
    found = []
    for interval in web.intervals:
        before, after = interval.before, interval.after
        if before is None or after is None:
            continue
        heads = narrowed[interval.unseen]
        if tightly and not heads.exact:
            exactly = exact(web, [interval.unseen])
            if exactly is None:
                return None
            heads = exactly
        found.append(
            Unseen(interval.vehicle, before.place, after.place, before.at, after.at, heads, (before.entry, after.entry), interval.shut)
        )
    return found
