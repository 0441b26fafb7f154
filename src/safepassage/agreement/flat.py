"""The flat log that a checker of explanations knows: facts in order, watches as they were signed, and plain questions about both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Any, NamedTuple, TypeAlias, TypeVar

from msgspec.structs import replace

from safepassage.agreement import clause as c
from safepassage.agreement.clause import Atom, Calendar, Elapsed, Limit
from safepassage.agreement.explain import moment
from safepassage.agreement.facts import Covered, Fact, Ground, Watch, facts_of, watches_of
from safepassage.agreement.naive_departures import counted_once
from safepassage.agreement.naive_sources import confirming, graded
from safepassage.agreement.proved import Bounds, Proved
from safepassage.agreement.vocabulary import BY_WORDS, Happening, Join, Where
from safepassage.observation import Entry
from safepassage.values.ids import EntryId, PlaceId
from safepassage.values.places import World
from safepassage.values.times import DAY, SECOND, Instant, Stretch, at, local

Ends: TypeAlias = tuple[int, int]
T = TypeVar("T")
AGREED = "limit not agreed"


class Due(NamedTuple):
    """What the log bears out of one instance. `until`: its limit; `runs`: it is not over; `cite`: what must be cited besides the opener."""

    key: str | None
    for_: int
    against: int
    until: Instant | None = None
    runs: bool = False
    cite: frozenset[EntryId] = frozenset()
    said: str = ""
    words: tuple[str, ...] = ()
    """What its sentence must say: the limit, the sums, when it was done."""


class Flat:
    """What is in force at `now`, of an agreement that holds from `opened`; for clauses that ask for so many independent `sources`.

    `proved`: for clauses whose times count only as far as they are; None: for the others.
    """

    def __init__(
        self, world: World, entries: Iterable[Entry], opened: Instant, now: Instant, sources: int = 1, proved: Proved | None = None
    ) -> None:
        self._proved = proved
        self.world, self.opened, self.now, self.ground = world, opened, now, Ground(world)
        signed = list(entries)
        listed = signed if sources == 1 else graded(signed, sources, world)
        self._signed, self._sources = signed, sources
        self._known: dict[Hashable, Any] = {}
        self.entries = {entry.id for entry in listed}
        self._of: defaultdict[tuple[Happening, Join | None, str | None], list[Fact]] = defaultdict(list)
        self._by_entry: defaultdict[EntryId, list[Fact]] = defaultdict(list)
        watches = [watch for entry in listed for watch in watches_of(entry)]
        if proved is not None:
            watches = [cut for watch in watches if (cut := _as_proved(watch, proved)) is not None]
        self._watches: defaultdict[tuple[Covered | None, PlaceId | None], list[Watch]] = defaultdict(list)
        for watch in sorted(watches, key=lambda watch: watch.stretch.start):
            self._watches[watch.kind, watch.place].append(watch)
        facts, self._also = counted_once([f for entry in listed for f in facts_of(entry, self.ground)])
        for fact in sorted(facts, key=lambda f: (f.at, f.entry, f.until or 0)):
            self._of[fact.what, None, None].append(fact)
            self._by_entry[fact.entry].append(fact)
            for join in _JOINED:
                self._of[fact.what, join, self.joined(fact, join)].append(fact)

    def by(self, until: Instant | None) -> str:
        """A limit in words."""
        still = "the clock stands still while passage is suspended"
        return still if until is None else f"the limit is {moment(until, self.world.zone)}"

    def done_at(self, fact: Fact | None, ahead: str = "at") -> tuple[str, ...]:
        """When a thing was done, in words."""
        return () if fact is None else (f"{ahead} {moment(fact.at, self.world.zone)}",)

    def once(self, what: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question about the whole log, asked once."""
        if what not in self._known:
            self._known[what] = ask()
        found: T = self._known[what]
        return found

    @property
    def as_claimed(self) -> bool:
        """Whether each time is the one that was claimed."""
        return self._proved is None

    def made(self, fact: Fact) -> tuple[int, int]:
        """Between which instants it may have happened."""
        if self._proved is None:
            return fact.at, fact.at
        known = self._proved.get(fact.entry, Bounds())
        late = self.now if known.not_after is None else known.not_after
        return min(fact.at, known.not_before or 0), max(fact.at, late)

    def behind(self, ids: Iterable[EntryId | None]) -> set[EntryId]:
        """These, the other records of departures among them, and where several sources are asked for, whatever confirms them."""
        mine = {id for id in ids if id is not None}
        mine |= {other for id in mine for other in self._also.get(id, ())}
        return mine if self._sources == 1 else mine | {entry.id for id in mine for entry in confirming(self._signed, id)}

    def joined(self, fact: Fact, join: Join) -> str | None:
        """What a fact is joined by."""
        match join:
            case Join.PERSON:
                return fact.person
            case Join.PERSON_THERE:
                return f"{fact.person} {fact.place}" if fact.person and fact.place else None
            case Join.OWN:
                return fact.entry
            case Join.ABOUT:
                return fact.about
            case Join.SIDE:
                return fact.side
            case Join.OTHER_SIDE:
                others = [side.id for side in self.world.sides if side.id != fact.side]
                return others[0] if fact.side is not None and len(others) == 1 else None
            case Join.NOTHING | Join.OBSERVER:
                return ""

    def facts(self, atom: Atom, join: Join | None = None, key: str | None = None) -> list[Fact]:
        """What the log says of a phrase, in order; of one key where it is named."""
        found = self._of[BY_WORDS[atom.words].means, join if join in _JOINED else None, key if join in _JOINED else None]
        if not atom.places and atom.party is None:
            return found
        return [f for f in found if (not atom.places or f.place in atom.places) and atom.party in (None, f.party)]

    def since_opening(self, atom: Atom) -> list[Fact]:
        """What counts in a sum, or opens anything."""
        return self.once(atom, lambda: [f for f in self.facts(atom) if f.at >= self.opened])

    def of_entry(self, entry: EntryId | None) -> Sequence[Fact]:
        return self._by_entry.get(entry, ()) if entry is not None else ()

    def said(self, what: Happening) -> Sequence[Fact]:
        return self._of[what, None, None]

    def places(self, atom: Atom, opener: Fact | None) -> tuple[PlaceId | None, ...]:
        """Where silence must be watched; None: by somebody who signs for everywhere."""
        row = BY_WORDS[atom.words]
        if row.where is Where.NAMED:
            return tuple(sorted(atom.places)) or (None,)
        if row.where is Where.THERE:
            return (opener.place if opener is not None else None,)
        kinds = row.kinds if row.where is Where.KINDS else {place.kind for place in self.world.places}
        return tuple(place.id for place in self.world.places if place.kind in kinds) or (None,)

    def signed_for(self, atom: Atom, places: Iterable[PlaceId | None], start: int, end: int) -> list[Watch]:
        """The watches that touch a stretch at these places, in order of where they begin."""
        kind, found = BY_WORDS[atom.words].watch, list[Watch]()
        for place in (None, *dict.fromkeys(place for place in places if place is not None)):
            begun = takewhile(lambda w: w.stretch.start <= end, self._watches.get((kind, place), ()))
            found += [w for w in begun if w.stretch.end >= start]
        return sorted(found, key=lambda w: w.stretch.start)

    def watched(self, atom: Atom, opener: Fact | None, start: int, end: int) -> bool:
        """Whether all of a stretch is over and was watched, without a break, at every place that counts."""
        if BY_WORDS[atom.words].made_here:
            return True
        if BY_WORDS[atom.words].watch is None or end > self.now:
            return False
        places = self.places(atom, opener)
        watches = self.signed_for(atom, places, start, end)
        return all(self._unbroken([w for w in watches if w.place in (None, place)], start, end) for place in places)

    def _unbroken(self, watches: list[Watch], start: int, end: int) -> bool:
        for watch in watches:
            if watch.stretch.start > start:
                return False
            start = max(start, watch.stretch.end + 1)
            if start > end:
                return True
        return False

    def watched_parts(self, atom: Atom, place: PlaceId | None, start: int, end: int) -> list[Ends]:
        """The parts of a stretch for which somebody signs, as long as they go without a break."""
        parts: list[Ends] = []
        watches = [w.stretch for w in self.signed_for(atom, (place,), start, end)]
        for begin, over in sorted((max(w.start, start), min(w.end, end)) for w in watches):
            if parts and begin <= parts[-1][1] + 1:
                parts[-1] = (parts[-1][0], max(parts[-1][1], over))
            elif begin <= over:
                parts.append((begin, over))
        return parts

    def cited(self, atom: Atom, opener: Fact | None, start: int, end: int) -> set[EntryId]:
        return {watch.entry for watch in self.signed_for(atom, self.places(atom, opener), start, end)}

    def limit(self, limit: Limit, start: Instant, zone: str, stops: bool, reading: str = "claimed") -> Instant | None:
        """The last instant that counts: pushed on until as much time has run unsuspended as was agreed; None: it stands still.

        `reading`: with clocks stopped as claimed, as they `surely` were, or as they `perhaps` were.
        """
        if isinstance(limit, Elapsed):
            first = end = Instant(start + limit.milliseconds)
        elif isinstance(limit, Calendar):
            first = end = Instant(at(local(start, zone).date() + timedelta(days=limit.days + 1), "00:00", zone) - 1)
        else:
            return None
        while stops:
            stood = self._suspended(start, end, reading)
            if stood is None:
                return None
            if end == first + stood:
                break
            end = Instant(first + stood)
        return end

    def _stood(self, reading: str) -> Iterator[tuple[int, int | None]]:
        """From when to when each signed suspension stood, as a reading has it."""
        lifted = [f for f in self.said(Happening.RESUMPTION) if f.standing == 2]
        for f in (f for f in self.said(Happening.SUSPENSION) if f.standing == 2):
            low, high = (f.at, f.at) if reading == "claimed" else self.made(f)
            ends = [(g.at, g.at) if reading == "claimed" else self.made(g) for g in lifted if g.party == f.party]
            if reading == "surely":
                over = min((end[0] for end in ends if end[1] > low), default=None)
                if over is None or over > high:
                    yield high, over
            else:
                yield low, min((end[1] for end in ends if end[0] > high), default=None)

    def _suspended(self, start: Instant, end: Instant, reading: str) -> int | None:
        """Milliseconds in which some party's signed suspension stood; None where one still stands."""
        stretches = [(begin, over) for begin, over in self.once(("stood", reading), lambda: list(self._stood(reading))) if begin < end]
        if any(over is None for _, over in stretches):
            return None
        stood, reached = 0, int(start)
        for begin, over in sorted((begin, over) for begin, over in stretches if over is not None):
            stood, reached = stood + max(0, over - max(begin, reached)), max(reached, over)
        return stood


def _as_proved(watch: Watch, proved: Proved) -> Watch | None:
    """It attests nothing after the earliest instant at which it may have been signed."""
    end = min(watch.stretch.end, proved.get(watch.entry, Bounds()).not_before or Instant(0))
    return None if end < watch.stretch.start else replace(watch, stretch=Stretch(watch.stretch.start, Instant(end)))


_JOINED = (Join.PERSON, Join.PERSON_THERE, Join.ABOUT, Join.SIDE, Join.OWN)


def openers(shape: c.Shape, log: Flat, entry: EntryId | None) -> Iterator[Fact]:
    """Every fact of an entry that opens an instance of a shape."""
    for f in log.of_entry(entry):
        for atom in _firsts(shape, log, entry):
            fits = f.what is BY_WORDS[atom.words].means and (not atom.places or f.place in atom.places) and atom.party in (None, f.party)
            if fits and (f.at >= log.opened or f.what is Happening.ADOPTION):
                yield f


def _firsts(shape: c.Shape, log: Flat, entry: EntryId | None) -> tuple[Atom, ...]:
    """The phrases that open an instance."""
    match shape:
        case c.Duty(first) | c.Pairing(first) | c.Before(first) | c.Presence(first) | c.Milestone(first):
            return (first,)
        case c.Ban(first) | c.Ceiling(first) | c.Hours(first) | c.Permission(first):
            return (first,)
        case c.Cycle(act, _, after):
            return (act, after) if entry in [f.entry for f in log.facts(after)[:1]] else (act,)
        case c.Balance():
            return ()


def key_of(clause: c.Clause, f: Fact, log: Flat) -> str | None:
    match clause.shape:
        case c.Duty(_, past) | c.Before(_, past):
            return log.joined(f, BY_WORDS[past.words].joins[0])
        case c.Ban() | c.Hours():
            return f.entry
        case c.Pairing():
            return str(f.vehicle)
        case c.Presence():
            return f"{f.vehicle} {f.place}"
        case c.Cycle():
            return "the adoption" if f.what is Happening.ADOPTION else f.words or f.entry
        case c.Ceiling(_, _, True):
            return f"{local(f.at, clause.zone).date()}"
        case _:
            return "*"


def first_best(facts: Sequence[Fact], sure: Ends, perhaps: Ends, log: Flat) -> tuple[int, Fact | None]:
    """Rule 2: of what may lie in the stretch, the first that is signed and surely does, or else the first; and how well it shows it."""
    found = [(shows, f) for f in facts if (shows := _shows(f, sure, perhaps, log))]
    return min(found, key=lambda pair: (-pair[0], pair[1].at, pair[1].entry)) if found else (0, None)


def _shows(f: Fact, sure: Ends, perhaps: Ends, log: Flat) -> int:
    low, high = log.made(f)
    if f.standing == 2 and sure[0] <= low and high <= sure[1]:
        return 2
    return int(low <= perhaps[1] and high >= perhaps[0])


def stated(atom: Atom, opener: Fact, key: str | None, sure: Ends, perhaps: Ends, runs: bool, log: Flat) -> tuple[int, int, Fact | None]:
    """For and against a phrase in a stretch: silence counts only when it is over, and watched."""
    own = BY_WORDS[atom.words].joins[1]
    for_, best = first_best(log.facts(atom, Join.SIDE if own is Join.OTHER_SIDE else own, key), sure, perhaps, log)
    quiet = for_ < 2 and not runs and log.watched(atom, opener, *perhaps)
    return for_, 2 - for_ if quiet else 0, best


def inside(start: str, end: str, zone: str, low: int, high: int) -> bool | None:
    """Whether all of a stretch lies between two clock times; None: a part of it does. The hour is asked wherever it can change."""
    if high - low >= DAY:
        return None
    days = {local(Instant(t), zone).date() for t in (low, high)}
    turns = [at(day, clock, zone) + step for day in days for clock in (start, end) for step in (-1, 0, SECOND - 1, SECOND)]
    clocks = [f"{local(Instant(t), zone):%H:%M:%S}" for t in (low, high, *(turn for turn in turns if low <= turn <= high))]
    lies = {start + ":00" <= t <= end + ":00" if start <= end else t >= start + ":00" or t <= end + ":00" for t in clocks}
    return lies.pop() if len(lies) == 1 else None


def doubt(atom: Atom, f: Fact, log: Flat) -> int:
    return int(f.standing == 1 and log.watched(atom, f, *log.made(f)))


def cite(fact: Fact | None, more: Iterable[EntryId] = ()) -> frozenset[EntryId]:
    return frozenset((*((fact.entry,) if fact else ()), *more))
