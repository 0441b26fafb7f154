"""Where silence counts: for each kind and place, the stretches for which somebody has signed, merged and searched."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from itertools import accumulate

import msgspec

from safepassage.agreement.facts import Covered, Watch
from safepassage.values.ids import EntryId, PlaceId
from safepassage.values.times import Instant, Stretch

Places = tuple[PlaceId, ...]
Depth = tuple[list[int], list[int], list[int]]


class Watches:
    """Signed watches; one without a place covers the whole deployment. Both ends of a stretch are watched."""

    def __init__(self) -> None:
        self._signed: defaultdict[tuple[Covered, PlaceId | None], list[Watch]] = defaultdict(list)
        self._merged: dict[tuple[Covered, PlaceId | None], list[Stretch]] = {}
        self._depths: dict[tuple[Covered, tuple[PlaceId | None, ...]], Depth] = {}

    def add(self, watch: Watch) -> None:
        self._signed[watch.kind, watch.place].append(watch)
        self._merged.clear()
        self._depths.clear()

    def remove(self, watch: Watch) -> None:
        self._signed[watch.kind, watch.place].remove(watch)
        self._merged.clear()
        self._depths.clear()

    def until(self, latest: Callable[[Watch], Instant]) -> Watches:
        """The same, each for no longer than up to an instant of its own."""
        cut = Watches()
        for watch in (watch for signed in self._signed.values() for watch in signed):
            if watch.stretch.start <= latest(watch):
                cut.add(msgspec.structs.replace(watch, stretch=Stretch(watch.stretch.start, min(watch.stretch.end, latest(watch)))))
        return cut

    def hold(self, kind: Covered | None, places: Places, stretch: Stretch) -> bool:
        """Whether the whole stretch was watched, without a break, at every one of the places."""
        return kind is not None and self.first_gap(kind, places, stretch) is None

    def first_gap(self, kind: Covered, places: Places, stretch: Stretch) -> tuple[PlaceId | None, Stretch] | None:
        """The first place and stretch that nobody signs for; no place named: only whole-deployment watches count."""
        for place in places or (None,):
            gap = _gap(self._cover(kind, place), stretch)
            if gap is not None:
                return place, gap
        return None

    def parts(self, kind: Covered | None, places: Places, stretch: Stretch) -> list[Stretch]:
        """The parts of a stretch that are watched at every one of the places."""
        found = [stretch] if kind is not None else []
        for place in places or (None,):
            cover = self._cover(kind, place) if kind is not None else []
            found = [both for part in found for one in cover if (both := part.overlap(one)) is not None]
        return found

    def share(self, kind: Covered, places: Places, stretch: Stretch) -> tuple[int, int]:
        """Milliseconds watched, of how many; each place counts its own."""
        spots = places or (None,)
        edges, sums, rates = self._depth(kind, spots)
        seen = _until(edges, sums, rates, stretch.end + 1) - _until(edges, sums, rates, stretch.start)
        return seen, (stretch.length + 1) * len(spots)

    def _depth(self, kind: Covered, spots: tuple[PlaceId | None, ...]) -> Depth:
        """At which instants the number of watched places changes; milliseconds watched before each; how many from it on."""
        key = (kind, spots)
        if key not in self._depths:
            turns: defaultdict[int, int] = defaultdict(int)
            for part in (part for place in spots for part in self._cover(kind, place)):
                turns[part.start] += 1
                turns[part.end + 1] -= 1
            edges = sorted(turns)
            rates = list(accumulate(turns[edge] for edge in edges))
            gains = [rate * (after - edge) for rate, edge, after in zip(rates, edges, edges[1:], strict=False)]
            self._depths[key] = edges, [0, *accumulate(gains)], rates
        return self._depths[key]

    def citing(self, kind: Covered | None, places: Places, stretch: Stretch) -> tuple[EntryId, ...]:
        """The entries behind the cover of a stretch."""
        if kind is None:
            return ()
        spots: set[PlaceId | None] = {None, *places}
        signed = [watch for place in spots for watch in self._signed.get((kind, place), ())]
        return tuple(sorted({watch.entry for watch in signed if watch.stretch.overlap(stretch)}))

    def _cover(self, kind: Covered, place: PlaceId | None) -> list[Stretch]:
        key = (kind, place)
        if key not in self._merged:
            signed = [*self._signed.get(key, ()), *(self._signed.get((kind, None), ()) if place is not None else ())]
            self._merged[key] = merged([watch.stretch for watch in signed])
        return self._merged[key]


def merged(stretches: list[Stretch]) -> list[Stretch]:
    """Their union, as stretches that neither touch nor overlap; neighbouring milliseconds touch."""
    union: list[Stretch] = []
    for stretch in sorted(stretches):
        if union and stretch.start <= union[-1].end + 1:
            union[-1] = Stretch(union[-1].start, max(union[-1].end, stretch.end))
        else:
            union.append(stretch)
    return union


def _gap(cover: list[Stretch], stretch: Stretch) -> Stretch | None:
    """The first part of the stretch that the cover leaves out."""
    start = stretch.start
    at = bisect_right(cover, start, key=lambda part: part.start) - 1
    if at >= 0 and cover[at].holds(start):
        if cover[at].end >= stretch.end:
            return None
        start = Instant(cover[at].end + 1)
    following = cover[at + 1].start - 1 if at + 1 < len(cover) else stretch.end
    return Stretch(start, min(Instant(following), stretch.end))


def _until(edges: list[int], sums: list[int], rates: list[int], moment: int) -> int:
    """Milliseconds watched before a moment, all places together."""
    at = bisect_right(edges, moment) - 1
    return 0 if at < 0 else sums[at] + rates[at] * (moment - edges[at])
