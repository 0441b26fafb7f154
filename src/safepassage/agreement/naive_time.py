"""Time for the plain definition: each question about a stretch is asked of every moment at which its answer could change."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeAlias

import msgspec

from safepassage.agreement.clause import Atom
from safepassage.agreement.facts import Covered, Fact
from safepassage.agreement.naive_departures import counted_once
from safepassage.agreement.naive_facts import facts_by_definition
from safepassage.agreement.proved import Proved
from safepassage.agreement.vocabulary import BY_WORDS, Happening, Where
from safepassage.observation import Entry
from safepassage.observation.setting import WatchClosed
from safepassage.values.ids import PlaceId, SideId
from safepassage.values.places import World
from safepassage.values.times import Instant, Stretch

Moment: TypeAlias = tuple[Instant, str]


class Closed(msgspec.Struct, frozen=True):
    """A watch as it was signed; `place` None: everywhere. It attests nothing after `signed_at`."""

    kinds: tuple[Covered, ...]
    place: PlaceId | None
    stretch: Stretch
    gaps: tuple[Stretch, ...]
    signed_at: Instant


def heard(world: World, entries: list[Entry], opened: Instant, now: Instant, proved: Proved | None = None) -> Log:
    """The log of what is in force; `proved`: where times count only as far as they are."""
    closed = [
        Closed(one.what.kinds, one.at, one.what.stretch, one.what.gaps, _signed_at(entry, proved))
        for entry in entries
        if isinstance((one := entry.observation).what, WatchClosed) and one.told_by is None
    ]
    facts, _ = counted_once([fact for entry in entries for fact in facts_by_definition(entry, world)])
    return Log(world, facts, closed, opened, now, proved=proved)


def _signed_at(entry: Entry, proved: Proved | None) -> Instant:
    """When it was signed, as claimed; where times count as they are proved, the earliest instant at which it may have been."""
    if proved is None:
        return entry.observation.seen_at
    known = proved.get(entry.id)
    return Instant(0) if known is None or known.not_before is None else min(known.not_before, entry.observation.seen_at)


class Log:
    """All that is in force at one moment, and plain questions about it. `literal`: as staged cases are read."""

    def __init__(
        self,
        world: World,
        facts: list[Fact],
        closed: list[Closed],
        opened: Instant,
        now: Instant,
        literal: bool = False,
        proved: Proved | None = None,
    ) -> None:
        self._proved = proved
        self.opened, self.now, self._world, self._closed, self._literal = opened, now, world, closed, literal
        self.facts = sorted(facts, key=lambda f: (f.at, f.entry, f.person or "", f.what.value))

    def made(self, fact: Fact) -> tuple[int, int]:
        """The first and the last instant at which it may have happened."""
        if self._proved is None:
            return fact.at, fact.at
        known = self._proved.get(fact.entry)
        low = None if known is None else known.not_before
        high = None if known is None else known.not_after
        return (0 if low is None else min(low, fact.at)), max(self.now if high is None else high, fact.at)

    def covered_by(self, atom: Atom) -> Covered | None:
        row = BY_WORDS[atom.words]
        return row.means if self._literal else row.watch

    def signed_here(self, atom: Atom) -> bool:
        return BY_WORDS[atom.words].made_here and not self._literal

    def other(self, side: SideId | None) -> SideId | None:
        others = [other.id for other in self._world.sides if other.id != side]
        return others[0] if side is not None and len(others) == 1 else None

    def _places(self, atom: Atom, opener: Fact | None) -> list[PlaceId | None]:
        """Where silence must be watched; nowhere in particular: by somebody who signs for everywhere."""
        row = BY_WORDS[atom.words]
        if row.where is Where.NAMED:
            return [*sorted(atom.places)] or [None]
        if row.where is Where.THERE:
            return [opener.place if opener is not None else None]
        if self._literal:
            return [None]
        kinds = row.kinds if row.where is Where.KINDS else {place.kind for place in self._world.places}
        named: list[PlaceId | None] = [place.id for place in self._world.places if place.kind in kinds]
        return named or [None]

    def _watched_at(self, kind: Covered | None, place: PlaceId | None, moment: int) -> bool:
        """Whether somebody signs for this kind, here, at this moment; what is signed before it happens counts for nothing."""
        return any(
            kind in closed.kinds
            and closed.place in (None, place)
            and moment <= closed.signed_at
            and closed.stretch.holds(Instant(moment))
            and not any(gap.holds(Instant(moment)) for gap in closed.gaps)
            for closed in self._closed
        )

    def _turns(self, start: int, end: int) -> list[int]:
        """Every moment of a stretch at which being watched could begin or end."""
        edges = {start, end}
        for closed in self._closed:
            ends = [closed.signed_at, *(edge for part in (closed.stretch, *closed.gaps) for edge in (part.start, part.end))]
            edges |= {edge + step for edge in ends for step in (-1, 0, 1)}
        return sorted(edge for edge in edges if start <= edge <= end)

    def watched_through(self, atom: Atom, opener: Fact | None, start: Instant, end: Instant) -> bool:
        """Whether all of it is over and was watched, everywhere that the phrase asks for."""
        kind, places = self.covered_by(atom), self._places(atom, opener)
        return (
            kind is not None
            and end <= self.now
            and all(self._watched_at(kind, place, t) for place in places for t in self._turns(start, end))
        )

    def unwatched_moments(self, atom: Atom, opener: Fact, also: Iterable[Instant]) -> list[Instant]:
        """Moments that nobody watched, one at least of every stretch between the given ones."""
        kind, places = self.covered_by(atom), self._places(atom, opener)
        given = sorted(also)
        moments = {*given, *self._turns(given[0], given[-1])} if given else set()
        return [Instant(t) for t in sorted(moments) if not all(self._watched_at(kind, place, t) for place in places)]

    def share(self, atom: Atom, opener: Fact | None, start: Instant, end: Instant) -> tuple[int, int]:
        """Milliseconds watched, of how many; between two turns next to each other the answer is that of the first."""
        kind, places = self.covered_by(atom), self._places(atom, opener)
        turns = [*self._turns(start, end), end + 1]
        spans = [(turn, following - turn) for turn, following in pairwise(turns)]
        seen = sum(length for place in places for turn, length in spans if self._watched_at(kind, place, turn))
        return seen, (end - start + 1) * len(places)

    def suspended_between(self, start: Instant, end: Instant, reading: str = "claimed") -> int | None:
        """Milliseconds in which some party's signed suspension stood; None where one that began before the end still stands.

        `reading`: as claimed; or, whenever within its bounds everything happened, as it `surely` stood, or `perhaps`.
        """
        said = [f for f in self.facts if f.standing == 2 and f.what in (Happening.SUSPENSION, Happening.RESUMPTION)]
        stretches = []
        for fact in (f for f in said if f.what is Happening.SUSPENSION):
            lifted = [f for f in said if f.what is Happening.RESUMPTION and f.party == fact.party]
            (low, high), bounds = self._read(fact, reading), [self._read(f, reading) for f in lifted]
            if reading == "surely":
                begin, ends = high, [first for first, last in bounds if last > low]
            else:
                begin, ends = low, [last for first, last in bounds if first > high]
            if begin < end and not ends:
                return None
            if begin < end and min(ends) > begin:
                stretches.append((begin, min(ends)))
        edges = sorted({edge for stretch in stretches for edge in stretch if edge > start} | {start})
        spans = pairwise(edges)
        return sum(b - a for a, b in spans if any(begin <= a < over for begin, over in stretches))

    def _read(self, fact: Fact, reading: str) -> tuple[int, int]:
        return (fact.at, fact.at) if reading == "claimed" else self.made(fact)

    def known_on_post(self, entered: Fact, alleged: bool) -> list[Instant]:
        """Every moment, of those at which it could change, when somebody is known to have been on post there."""
        edges = {edge + step for f in self._posts() for edge in (f.at, f.until or f.at) for step in (-1, 0, 1)}
        return [Instant(t) for t in sorted(edges) if self._known(t, entered, alleged)]

    def hole(self, entered: Fact, end: Instant, allowed: int, alleged: bool) -> tuple[Instant, Instant] | None:
        """The first stretch of the stay, longer than allowed, without anybody known on post; between two edges nothing changes."""
        edges = {edge + step for f in self._posts() for edge in (f.at, f.until or f.at) for step in (-1, 0, 1)}
        inside = sorted({entered.at, end} | {edge for edge in edges if entered.at <= edge <= end})
        last: int = entered.at
        for edge, following in pairwise([*inside, end + 1]):
            if self._known(edge, entered, alleged):
                if edge - last > allowed:
                    return Instant(last), Instant(edge)
                last = following - 1
        return (Instant(last), end) if end - last > allowed else None

    def quiet_for(self, atom: Atom, entered: Fact, end: Instant, allowed: int, alleged: bool) -> bool:
        """Whether some stretch of the stay, longer than allowed, was watched through and holds no moment on post but its ends."""
        posts = {edge + step for f in self._posts() for edge in (f.at, f.until or f.at) for step in (-1, 0, 1)}
        moments = sorted({*(t for t in posts if entered.at <= t <= end), *self._turns(entered.at, end)})
        known = {t for moment in moments for t in (moment, moment + 1) if self._known(t, entered, alleged)}
        return any(
            last - first > allowed
            and not any(first < t < last for t in known)
            and self.watched_through(atom, entered, Instant(first), Instant(last))
            for first in moments
            for last in moments
        )

    def _posts(self) -> list[Fact]:
        kinds = (Happening.ON_POST, Happening.OFF_POST, Happening.SEEN_THERE, Happening.WATCHED_THERE)
        return [fact for fact in self.facts if fact.what in kinds]

    def _known(self, t: int, entered: Fact, alleged: bool) -> bool:
        mine = self._posts()
        return any(self._known_at(t, fact, mine, entered, alleged) for fact in mine)

    def _known_at(self, t: int, fact: Fact, mine: list[Fact], entered: Fact, alleged: bool) -> bool:
        if fact.place != entered.place:
            return False
        if fact.standing == 1:
            return alleged and fact.at == t
        if fact.what is Happening.WATCHED_THERE:
            return fact.until is not None and fact.at <= t <= fact.until
        if fact.what is not Happening.ON_POST or fact.at > t:
            return False
        by_same = [f for f in mine if f.observer == fact.observer and f.standing == 2 and f.what is not Happening.WATCHED_THERE]
        after = [f for f in by_same if (f.at, f.entry) > (fact.at, fact.entry)]
        left = min(
            (f for f in after if f.what is Happening.OFF_POST or f.place != entered.place), key=lambda f: (f.at, f.entry), default=None
        )
        signs = [f.at for f in after if f.place == entered.place and (left is None or (f.at, f.entry) <= (left.at, left.entry))]
        return t <= max([fact.at, *signs])
