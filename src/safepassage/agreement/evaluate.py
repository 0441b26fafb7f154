"""The engine: verdicts kept up as observations arrive in any order, equal to `naive` at every moment (law).

A verdict of a duty, a precondition or a ban is a pure function of one key's facts: a change marks its keys, time marks
those whose limit has passed, a watch those of the clauses that it may speak for, and only marked keys are judged anew.
Pairing, presence, cycle and balance share one history each and are judged whole when anything in it changes.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections import defaultdict

import msgspec

from safepassage.agreement import clause as c
from safepassage.agreement.by_clause import POSTS, judge_balance, judge_cycle, judge_pairing, judge_presence
from safepassage.agreement.by_key import ANSWERS, EXCEPTIONS, OPENS, judge_ban, judge_before, judge_duty
from safepassage.agreement.by_sum import judge_ceiling, judge_hours, judge_milestone
from safepassage.agreement.coverage import coverage
from safepassage.agreement.explain import Explanation, explain
from safepassage.agreement.facts import SIGNED, Fact, Ground, Watch, facts_of, watches_of
from safepassage.agreement.limits import suspensions
from safepassage.agreement.parity import Exchange, exchange
from safepassage.agreement.reader import row_of
from safepassage.agreement.remarks import remarks
from safepassage.agreement.scene import Case, Scene
from safepassage.agreement.verdict import ClauseVerdict, InstanceVerdict, Verdict, counted, worst
from safepassage.agreement.vocabulary import Happening, Join
from safepassage.agreement.watches import Watches
from safepassage.fold import Change
from safepassage.observation import Entry
from safepassage.values.ids import PartyId, PlaceId, SideId
from safepassage.values.places import Side, World
from safepassage.values.times import Instant

_POSTS = (Happening.ON_POST, Happening.OFF_POST, Happening.SEEN_THERE, Happening.WATCHED_THERE)
_CLOCK = (Happening.SUSPENSION, Happening.RESUMPTION)


def _order(fact: Fact) -> tuple[Instant, str, str, str, int]:
    """By when it was seen, then by what it says: never by arrival."""
    return fact.at, fact.entry, fact.what.value, fact.person or "", fact.until or 0


class Ear(msgspec.Struct, frozen=True):
    """Which facts a clause hears, in which part of its sentence, and by what they are joined; `places` empty: any."""

    part: int
    what: Happening
    join: Join = Join.NOTHING
    places: frozenset[PlaceId] = frozenset()
    party: PartyId | None = None


def ears(clause: c.Clause) -> list[Ear]:
    """Everything that a clause's sentence listens for."""
    match clause.shape:
        case c.Duty(each, act, _, unless):
            first, own = row_of(act).joins
            excepted = [_ear(EXCEPTIONS + number, atom, row_of(atom).joins[1]) for number, atom in enumerate(unless)]
            return [_ear(OPENS, each, first), _ear(ANSWERS, act, own), *excepted]
        case c.Before(each, past):
            first, own = row_of(past).joins
            return [_ear(OPENS, each, first), _ear(ANSWERS, past, own)]
        case c.Ban(what):
            return [_ear(OPENS, what, Join.OWN), Ear(ANSWERS, Happening.FINDING, Join.ABOUT)]
        case c.Pairing(each, act):
            return [_ear(OPENS, each), _ear(ANSWERS, act)]
        case c.Presence(enters, leaves):
            return [_ear(OPENS, enters), _ear(ANSWERS, leaves), *(Ear(POSTS, what) for what in _POSTS)]
        case c.Cycle(act, _, after):
            return [_ear(OPENS, act), _ear(ANSWERS, after)]
        case c.Balance(one, other):
            return [_ear(OPENS, one), _ear(ANSWERS, other)]
        case c.Milestone(once, _, then):
            return [_ear(OPENS, once), _ear(ANSWERS, then)]
        case c.Ceiling(what):
            return [_ear(OPENS, what)]
        case c.Hours(each):
            return [_ear(OPENS, each, Join.OWN)]
        case c.Permission(what):
            return [_ear(OPENS, what, Join.OWN)]


def _ear(part: int, atom: c.Atom, join: Join = Join.NOTHING) -> Ear:
    return Ear(part, row_of(atom).means, join, atom.places, atom.party)


def key_of(fact: Fact, join: Join, ground: Ground) -> str | None:
    """What this fact is joined by; None where it does not say."""
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
            return ground.other(fact.side)
        case Join.NOTHING:
            return ""


def judge(clause: c.Clause, key: str, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """Every instance of one key of one clause."""
    match clause.shape:
        case c.Duty() as shape:
            return judge_duty(clause, shape, key, case, scene)
        case c.Before() as shape:
            return judge_before(clause, shape, key, case, scene)
        case c.Ban() as shape:
            return judge_ban(clause, shape, key, case, scene)
        case c.Pairing() as shape:
            return judge_pairing(clause, shape, case, scene)
        case c.Presence() as shape:
            return judge_presence(clause, shape, case, scene)
        case c.Cycle() as shape:
            return judge_cycle(clause, shape, case, scene)
        case c.Balance() as shape:
            return judge_balance(clause, shape, case, scene)
        case c.Milestone() as shape:
            return judge_milestone(clause, shape, case, scene)
        case c.Ceiling() as shape:
            return judge_ceiling(clause, shape, case, scene)
        case c.Hours() as shape:
            return judge_hours(clause, shape, key, case, scene)
        case c.Permission():
            return []


class _Kept:
    """One clause's keys, their facts and their judged instances."""

    def __init__(self, clause: c.Clause) -> None:
        self.clause = clause
        self.cases: defaultdict[str, Case] = defaultdict(dict)
        self.judged: dict[str, list[InstanceVerdict]] = {}
        self.marked: set[str] = set()
        self.early = 0
        """Facts of the clause's kind from before the agreement held: shown, never judged."""
        self.due: list[tuple[Instant, str]] = []
        self.moves = isinstance(clause.shape, c.Balance | c.Presence | c.Ceiling)
        """Whether the passing of time alone can change it at any moment, not only at a limit."""
        if isinstance(clause.shape, c.Balance | c.Cycle | c.Ceiling):
            self.cases[""] = {}
            self.marked.add("")

    def put(self, part: int, key: str, fact: Fact) -> None:
        insort(self.cases[key].setdefault(part, []), fact, key=_order)
        self.marked.add(key)

    def take(self, part: int, key: str, fact: Fact) -> None:
        self.cases[key][part].remove(fact)
        self.marked.add(key)

    def mark_all(self) -> None:
        self.marked.update(self.cases)

    def settle(self, scene: Scene) -> None:
        """Judge what is marked, and what time has made due."""
        while self.due and self.due[0][0] < scene.now:
            self.marked.add(heapq.heappop(self.due)[1])
        if self.moves:
            self.mark_all()
        for key in self.marked:
            self.judged[key] = judge(self.clause, key, self.cases[key], scene)
            for one in self.judged[key]:
                if one.verdict is Verdict.PENDING and one.until is not None:
                    heapq.heappush(self.due, (one.until, key))
        self.marked.clear()


class Evaluator:
    """Verdicts over one agreement and one world. `opened`: from when it holds; what happened before opens nothing."""

    def __init__(self, agreement: c.Agreement, world: World, opened: Instant, literal: bool = False) -> None:
        self._opened, self._now = opened, opened
        self._ground = Ground(world, literal)
        self._watches = Watches()
        self._kept = [_Kept(clause) for clause in agreement.clauses]
        self._hears: defaultdict[Happening, list[tuple[_Kept, Ear]]] = defaultdict(list)
        for kept in self._kept:
            for ear in ears(kept.clause):
                self._hears[ear.what].append((kept, ear))
        self._clock: list[Fact] = []
        self._samples: list[Fact] = []
        self._departed: defaultdict[SideId, list[Fact]] = defaultdict(list)

    def add(self, change: Change) -> None:
        """The old form out, the new form in; nothing is judged before `settle`."""
        if change.out is not None:
            self._move(change.out, False)
        if change.into is not None:
            self._move(change.into, True)

    def _move(self, entry: Entry, into: bool) -> None:
        for fact in facts_of(entry, self._ground):
            self.hear(fact, into)
        for watch in watches_of(entry):
            self.watch(watch, into)

    def watch(self, watch: Watch, into: bool) -> None:
        """One watch comes in, or goes."""
        (self._watches.add if into else self._watches.remove)(watch)
        self._mark_watched(watch)

    def hear(self, fact: Fact, into: bool) -> None:
        """One fact comes in, or goes."""
        for kept, ear in self._hears.get(fact.what, ()):
            key = key_of(fact, ear.join, self._ground)
            if key is None or (ear.places and fact.place not in ear.places) or (ear.party and fact.party != ear.party):
                continue
            if self._too_early(fact, kept, ear):
                kept.early += 1 if into else -1
                continue
            (kept.put if into else kept.take)(ear.part, key, fact)
        if fact.what in _CLOCK and fact.standing == SIGNED:
            (self._clock.append if into else self._clock.remove)(fact)
            for kept in self._kept:
                if kept.clause.clock_stops:
                    kept.mark_all()
        if fact.what is Happening.DEPARTURE and fact.place is not None and fact.at >= self._opened:
            side = self._ground.world.side_of_place(fact.place)
            if side is not None:
                (self._departed[side.id].append if into else self._departed[side.id].remove)(fact)
        if fact.what is Happening.CONSENT_SAMPLE:
            (self._samples.append if into else self._samples.remove)(fact)

    def _too_early(self, fact: Fact, kept: _Kept, ear: Ear) -> bool:
        return fact.at < self._opened and (ear.part == OPENS or isinstance(kept.clause.shape, c.Balance | c.Milestone))

    def _mark_watched(self, watch: Watch) -> None:
        """A watch may speak for any key of the clauses whose phrases it covers."""
        for kept in self._kept:
            if watch.kind in {self._ground.covered_by(row_of(atom)) for atom in _listened(kept.clause)}:
                kept.mark_all()

    def settle(self, now: Instant) -> None:
        """Bring every verdict to this moment."""
        self._now = now
        scene = self._scene()
        for kept in self._kept:
            kept.settle(scene)

    def verdicts(self) -> list[ClauseVerdict]:
        """Every clause, in the agreement's order, as last settled."""
        return [self._shown(kept) for kept in self._kept]

    def answer(self, label: str) -> ClauseVerdict:
        """One clause, as last settled."""
        return next(self._shown(kept) for kept in self._kept if kept.clause.label == label)

    def why(self, label: str, key: str) -> Explanation | None:
        """The reasons of one instance of one clause."""
        verdict = self.answer(label)
        return next((explain(verdict, one) for one in verdict.instances if key in (one.key, one.opened_by)), None)

    def exchange(self) -> Exchange:
        """The running balance of the world's sides, as recorded; its limit is the first balance clause's, or else the world's."""
        shapes = (kept.clause.shape for kept in self._kept)
        agreed = next((shape.limit for shape in shapes if isinstance(shape, c.Balance)), None)
        sides = self._ground.world.sides
        departures = [sorted(self._departed[side.id], key=_order) for side in sides]
        buses = [
            sum(f.standing == SIGNED and f.vehicle is not None and self._ground.is_bus(f.vehicle) for f in gone) for gone in departures
        ]
        return exchange([(side.id, side.persons) for side in sides], departures, buses, [self._owed(side) for side in sides], agreed)

    def _owed(self, side: Side) -> int | None:
        """Buses of the other side that still await an answer from this one; None where no clause pairs them."""
        for kept in self._kept:
            shape = kept.clause.shape
            if isinstance(shape, c.Pairing) and all(self._ground.world.side_of_place(place) == side for place in shape.act.places):
                return sum(one.verdict is not Verdict.KEPT for all_ in kept.judged.values() for one in all_)
        return None

    def _scene(self) -> Scene:
        return Scene(self._ground, self._opened, self._now, self._watches, suspensions(self._clock))

    def _shown(self, kept: _Kept) -> ClauseVerdict:
        clause, scene = kept.clause, self._scene()
        judged = [one for instances in kept.judged.values() for one in instances]
        instances = tuple(sorted(judged, key=lambda one: (one.at, one.opened_by or "", one.key)))
        share = coverage(clause, instances, kept.cases, scene)
        said = remarks(clause, instances, share, self._samples, kept.early, len(kept.cases))
        label, owed = clause.label, clause.owed_by
        return ClauseVerdict(
            label, clause.title, clause.sentence, owed, clause.source, instances, worst(instances), counted(instances), share, said
        )


def _listened(clause: c.Clause) -> tuple[c.Atom, ...]:
    """The phrases whose silence can change this clause's verdicts."""
    match clause.shape:
        case c.Duty(each, act, _, unless):
            return (each, act, *unless)
        case c.Pairing(each, act) | c.Before(each, act):
            return (each, act)
        case c.Ban(what):
            return (what,)
        case c.Presence(enters, _, present):
            return (enters, present)
        case c.Cycle(act):
            return (act,)
        case c.Balance(one, other):
            return (one, other)
        case c.Milestone(once, _, then):
            return (once, then)
        case c.Ceiling(what) | c.Permission(what):
            return (what,)
        case c.Hours(each):
            return (each,)
