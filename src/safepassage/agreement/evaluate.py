"""The engine: verdicts kept up as observations arrive in any order, equal to `naive` at every moment (law).

A fact goes into the few indexes that listen for it and marks there whose verdicts it may change; time marks those whose limit
has passed, a watch those of the clauses that it may speak for. `settle` judges what is marked and nothing else. Reasons are
made when somebody asks, from the same facts at the same moment.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from safepassage.agreement import clause as c
from safepassage.agreement.by_sum import bounds, reached
from safepassage.agreement.coverage import coverage
from safepassage.agreement.explain import Explanation, explain
from safepassage.agreement.facts import LISTED, SIGNED, Fact, Ground, Watch, told_by, was_there, watches_of
from safepassage.agreement.heard import ANSWERS, OPENS, Ear, Heard, ears, listened, order
from safepassage.agreement.judges import ByKey, Judge, Whole
from safepassage.agreement.limits import perhaps_suspended, surely_suspended, suspensions
from safepassage.agreement.linked import Linked, Quantity, Sum, linked, quantity, summed, sums_in
from safepassage.agreement.once import DEPARTURES, Once
from safepassage.agreement.pairs import Pairs
from safepassage.agreement.parity import Exchange, exchange
from safepassage.agreement.proved import Bounds, Proved, made
from safepassage.agreement.reader import row_of
from safepassage.agreement.remarks import remarks
from safepassage.agreement.scene import Scene
from safepassage.agreement.sources import Graded
from safepassage.agreement.stays import Signed, Stays
from safepassage.agreement.sums import Sums
from safepassage.agreement.verdict import ClauseVerdict, InstanceVerdict, Verdict, counted, worst
from safepassage.agreement.vocabulary import Happening
from safepassage.agreement.watches import Watches
from safepassage.fold import Change
from safepassage.observation import Entry
from safepassage.observation.setting import WatchClosed
from safepassage.values.ids import ClauseLabel, EntryId, SideId
from safepassage.values.places import Side, World
from safepassage.values.times import Instant, local

_CLOCK = (Happening.SUSPENSION, Happening.RESUMPTION)
_BESIDE = frozenset({*_CLOCK, Happening.DEPARTURE, Happening.CONSENT_SAMPLE})
"""What the engine keeps beside the clauses' own indexes."""


class _Term:
    """One clause, what it has heard, and its judge."""

    def __init__(self, clause: c.Clause, heard: Sequence[tuple[int, Heard]], opened: Instant, signed: Signed, ground: Ground) -> None:
        self.clause, self.heard = clause, heard
        self.judge: Judge = _judge(clause, heard, opened, signed, ground)
        self.sums = isinstance(clause.shape, c.Balance | c.Milestone)
        self.by_proof = clause.by_proof

    def facts(self, part: int, opened: Instant) -> list[Fact]:
        """In order only where they are few: of one key."""
        every = (fact for mine, one in self.heard if mine == part for facts in one.by_key.values() for fact in facts)
        return [fact for fact in every if part != OPENS or fact.at >= opened]

    def early(self) -> int:
        """Facts of the clause's kind from before the agreement held: shown, never judged."""
        return sum(one.early for part, one in self.heard if part == OPENS or self.sums)


def _judge(clause: c.Clause, heard: Sequence[tuple[int, Heard]], opened: Instant, signed: Signed, ground: Ground) -> Judge:
    match clause.shape:
        case c.Duty() | c.Before() | c.Ban() | c.Hours() | c.Permission():
            return ByKey(clause, heard, listened(clause)[1:], ground)
        case c.Pairing() as shape:
            return Pairs(clause, shape, heard)
        case c.Balance() as shape:
            return Sums(clause, shape, heard, opened)
        case c.Presence() as shape:
            return Stays(clause, shape, heard, signed)
        case c.Cycle() | c.Milestone() | c.Ceiling():
            return Whole(clause, heard)


class Evaluator:
    """Verdicts over one agreement and one world. `opened`: from when it holds; what happened before opens nothing.

    `literal`: as staged cases are read (`facts.Ground`); there a record's standing is what the case says.
    `graded`: entries come in the form that counts for clauses of several sources, so none is set apart.
    """

    def __init__(self, agreement: c.Agreement, world: World, opened: Instant, literal: bool = False, graded: bool = False) -> None:
        self.agreement, self.opened = agreement, opened
        alike = literal or graded
        self._apart = () if alike else tuple(_Apart(agreement, world, opened, number) for number in _numbers(agreement))
        own = [clause for clause in agreement.clauses if alike or clause.sources == 1]
        self._now, self._literal = opened, literal
        self._ground = Ground(world, literal)
        self._watches = Watches()
        self._index: dict[Ear, Heard] = {}
        self._signed = Signed()
        self._terms = [
            _Term(clause, [(part, self._heard(ear)) for part, ear in ears(clause)], opened, self._signed, self._ground) for clause in own
        ]
        self._routes: defaultdict[Happening, list[Callable[[Fact, bool], None]]] = defaultdict(list)
        for heard in self._index.values():
            self._routes[heard.ear.what].append(heard.move)
        for what in _BESIDE:
            self._routes[what].append(self._beside)
        self._unheard = frozenset(kind for kind, what in LISTED.items() if what not in self._routes)
        self._once, self._gone = Once(), dict[Happening, list[Callable[[Fact, bool], None]]]()
        if not literal:
            self._gone = {what: self._routes[what] for what in DEPARTURES}
            self._routes |= {what: [self._departs] for what in (*DEPARTURES, Happening.RETURN)}
        self._posts = any(isinstance(clause.shape, c.Presence) for clause in own)
        self._proved: Proved = {}
        self._clock: list[Fact] = []
        self._samples: list[Fact] = []
        self._departed: defaultdict[SideId, list[Fact]] = defaultdict(list)

    def _heard(self, ear: Ear) -> Heard:
        """One index for all clauses that listen alike."""
        if ear not in self._index:
            self._index[ear] = Heard(ear, self._ground, self.opened)
        return self._index[ear]

    def add(self, change: Change) -> None:
        """The old form out, the new form in; nothing is judged before `settle`."""
        if change.out is not None:
            self._move(change.out, False)
        if change.into is not None:
            self._move(change.into, True)
        for each in self._apart:
            each.add(change)

    def _move(self, entry: Entry, into: bool) -> None:
        kind, routes = type(entry.observation.what), self._routes
        if kind not in self._unheard:
            for fact in told_by(entry, self._ground):
                for tell in routes[fact.what]:
                    tell(fact, into)
        if self._posts and was_there(entry):
            self._signed.move(entry, into)
        if kind is WatchClosed:
            for watch in watches_of(entry):
                self.watch(watch, into)

    def watch(self, watch: Watch, into: bool) -> None:
        """One watch comes in, or goes: it may speak for any key of the clauses whose phrases it covers."""
        (self._watches.add if into else self._watches.remove)(watch)
        for term in self._terms:
            if any(watch.kind is self._ground.covered_by(row_of(atom)) for atom in listened(term.clause)):
                term.judge.mark_watched(watch.stretch, into)

    def hear(self, fact: Fact, into: bool) -> None:
        """One fact comes in, or goes."""
        for tell in self._routes.get(fact.what, ()):
            tell(fact, into)

    def _departs(self, fact: Fact, into: bool) -> None:
        """A departure, or a return: what counts of the vehicle's departures may be other than before."""
        for gone, moved in self._once.move(fact, into):
            for tell in self._gone[gone.what]:
                tell(gone, moved)

    def _beside(self, fact: Fact, into: bool) -> None:
        if fact.what is Happening.CONSENT_SAMPLE:
            _move(self._samples, fact, into)
        elif fact.what is Happening.DEPARTURE and fact.place is not None and fact.at >= self.opened:
            side = self._ground.world.side_of_place(fact.place)
            if side is not None:
                _move(self._departed[side.id], fact, into)
        elif fact.what in _CLOCK and fact.standing == SIGNED:
            _move(self._clock, fact, into)
            for term in self._terms:
                if term.clause.clock_stops:
                    term.judge.mark_all()

    def prove(self, proved: Proved) -> None:
        """What is proved of when entries were made: all of it, for the next moment that is settled. Staged cases prove nothing."""
        self._proved = proved
        for each in self._apart:
            each.engine.prove(proved)

    def settle(self, now: Instant) -> None:
        """Bring every verdict to this moment."""
        self._now = now
        scene = self._scene()
        proved = self._scene(True) if any(term.by_proof for term in self._terms) else scene
        for term in self._terms:
            if self._literal:
                term.judge.mark_all()  # a staged watch may run on after its observation: time alone may end a silence
            term.judge.settle(proved if term.by_proof else scene)
        self._signed.fresh.clear()
        for each in self._apart:
            each.engine.settle(now)

    def verdicts(self) -> list[ClauseVerdict]:
        """Every clause, in the agreement's order, as last settled; instances without their reasons."""
        if not self._apart:
            return [self._shown(term) for term in self._terms]
        return [self.answer(clause.label) for clause in self.agreement.clauses]

    def answer(self, label: str) -> ClauseVerdict:
        """One clause, as last settled."""
        apart = self._of(label)
        return self._shown(self._term(label)) if apart is None else apart.engine.answer(label)

    def reasons(self, label: str, ones: Sequence[InstanceVerdict]) -> list[InstanceVerdict]:
        """These instances of one clause, as last settled, each with its sentence and the entries that it cites."""
        apart = self._of(label)
        if apart is not None:
            return apart.reasons(label, ones)
        term = self._term(label)
        found = term.judge.reasons(ones, self._scene(term.by_proof))
        return [replace(one, entries=tuple(dict.fromkeys((*one.entries, *self._once.behind(one.entries))))) for one in found]

    def _of(self, label: str) -> _Apart | None:
        """Where a clause of several sources is judged."""
        return next((each for each in self._apart if each.engine.agreement.clause(label) is not None), None)

    def told(self, label: str) -> ClauseVerdict:
        """One clause with the reasons of all its instances."""
        verdict = self.answer(label)
        return replace(verdict, instances=tuple(self.reasons(label, verdict.instances)))

    def why(self, label: str, key: str) -> Explanation | None:
        """The reasons of one instance of one clause."""
        verdict = self.answer(label)
        found = next((one for one in verdict.instances if key in (one.key, one.opened_by)), None)
        return None if found is None else explain(verdict, self.reasons(label, [found])[0])

    def exchange(self) -> Exchange:
        """The running balance of the world's sides, as recorded; its limit is the first balance clause's, or else the world's."""
        shapes = (clause.shape for clause in self.agreement.clauses)
        agreed = next((shape.limit for shape in shapes if isinstance(shape, c.Balance)), None)
        sides = self._ground.world.sides
        departures = [self._departed[side.id] for side in sides]
        buses = [
            sum(f.standing == SIGNED and f.vehicle is not None and self._ground.is_bus(f.vehicle) for f in gone) for gone in departures
        ]
        return exchange([(side.id, side.persons) for side in sides], departures, buses, [self._owed(side) for side in sides], agreed)

    def linked(self) -> Linked:
        """What each bound quantity is at, what may be added to it next, and a way through the rest of what was agreed."""
        world, zone = self._ground.world, self.agreement.zone
        sums, today = dict[Quantity, Sum](), dict[Quantity, Sum]()
        for term in self._every():
            for part, atom in sums_in(term.clause.shape):
                facts = [fact for fact in term.facts(part, self.opened) if fact.at >= self.opened]
                sums[quantity(atom)] = summed(facts)
                today[quantity(atom)] = summed([fact for fact in facts if local(fact.at, zone).date() == local(self._now, zone).date()])
        targets = {one: number for side in world.sides if (number := side.persons) and (one := _leaving(sums, world, side)) is not None}
        seats = [vehicle.seats for vehicle in world.vehicles if vehicle.kind == "bus"]
        return linked(self.agreement, sums, today, targets, min(seats, default=LOAD), dict(self._called()))

    def _called(self) -> Iterator[tuple[ClauseLabel, int]]:
        """What milestones that were reached, as signed, still call for."""
        for term in self._every():
            shape = term.clause.shape
            if isinstance(shape, c.Milestone):
                once, then = (sorted(term.facts(part, self.opened), key=order) for part in (OPENS, ANSWERS))
                opener, _, _ = reached(once, shape.reached)
                if opener is not None:
                    counted = bounds(then, self.opened if shape.in_all else opener.at, self._now)
                    yield term.clause.label, max(0, shape.amount - counted.least)

    def _owed(self, side: Side) -> int | None:
        """Buses of the other side that still await an answer from this one; None where no clause pairs them."""
        for term in self._every():
            shape = term.clause.shape
            if isinstance(shape, c.Pairing) and all(self._ground.world.side_of_place(place) == side for place in shape.act.places):
                return sum(one.verdict is not Verdict.KEPT for one in term.judge.instances())
        return None

    def counted(self, entries: Iterable[Entry]) -> Iterator[tuple[tuple[c.Clause, ...], Iterable[Entry]]]:
        """Clauses that count entries alike, and what is in force in the form in which it counts for them."""
        yield tuple(term.clause for term in self._terms), entries
        yield from ((each.engine.agreement.clauses, each.graded.forms()) for each in self._apart)

    def _every(self) -> list[_Term]:
        return [*self._terms, *(term for each in self._apart for term in each.engine._terms)]

    def _term(self, label: str) -> _Term:
        return next(term for term in self._terms if term.clause.label == label)

    def _scene(self, by_proof: bool = False) -> Scene:
        stood = suspensions(self._clock) if self._clock else ()
        if not by_proof:
            return Scene(self._ground, self.opened, self._now, self._watches, stood)
        proved, now = self._proved, self._now
        watches = self._watches.until(lambda watch: proved.get(watch.entry, Bounds()).not_before or Instant(0))
        stops = [read(self._clock, lambda fact: made(fact, proved, now)) for read in (surely_suspended, perhaps_suspended)]
        return Scene(self._ground, self.opened, now, watches, stood, proved, *stops)

    def _shown(self, term: _Term) -> ClauseVerdict:
        clause = term.clause
        instances = tuple(sorted(term.judge.instances(), key=lambda one: (one.at, one.opened_by or "", one.key)))
        openers = term.facts(OPENS, self.opened)
        share = coverage(clause, openers, term.facts(ANSWERS, self.opened), self._scene(term.by_proof))
        said = remarks(clause, instances, share, self._samples, term.early(), len(openers))
        label, owed = clause.label, clause.owed_by
        return ClauseVerdict(
            label, clause.title, clause.sentence, owed, clause.source, instances, worst(instances), counted(instances), share, said
        )


class _Apart:
    """The clauses that ask for one number of independent sources: an engine of their own, fed with what counts there."""

    def __init__(self, agreement: c.Agreement, world: World, opened: Instant, number: int) -> None:
        mine = tuple(clause for clause in agreement.clauses if clause.sources == number)
        self.engine = Evaluator(replace(agreement, clauses=mine), world, opened, graded=True)
        self.graded, self._number = Graded(number, world), number

    def add(self, change: Change) -> None:
        for graded in self.graded.move(change):
            self.engine.add(graded)

    def reasons(self, label: str, ones: Sequence[InstanceVerdict]) -> list[InstanceVerdict]:
        """With what confirms each entry that is cited, behind it."""
        words = f"; only what {self._number} independent sources signed is established here"
        return [
            replace(one, why=one.why + words, entries=tuple(dict.fromkeys(id for entry in one.entries for id in self._behind(entry))))
            for one in self.engine.reasons(label, ones)
        ]

    def _behind(self, entry: EntryId) -> list[EntryId]:
        return [entry, *self.graded.confirming(entry)]


def _numbers(agreement: c.Agreement) -> list[int]:
    """How many independent sources its clauses ask for, one apart."""
    return sorted({clause.sources for clause in agreement.clauses} - {1})


LOAD = 50
"""Persons in a batch where the world lists no bus."""


def _leaving(sums: Iterable[Quantity], world: World, side: Side) -> Quantity | None:
    """The quantity that a clause counts of a side's people, where one does."""
    for one in sums:
        if one.what is Happening.DEPARTURE and one.places and all(world.side_of_place(place) == side for place in one.places):
            return one
    return None


def _move(facts: list[Fact], fact: Fact, into: bool) -> None:
    if into:
        insort(facts, fact, key=order)
    else:
        del facts[bisect_left(facts, order(fact), key=order)]
