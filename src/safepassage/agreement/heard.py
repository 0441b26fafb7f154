"""What a clause listens for, and what it has heard: facts by what joins them, one index shared by all clauses that ask alike."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from operator import attrgetter
from typing import TypeAlias

import msgspec

from safepassage.agreement import clause as c
from safepassage.agreement.facts import Fact, Ground
from safepassage.agreement.reader import row_of
from safepassage.agreement.vocabulary import Happening, Join
from safepassage.values.ids import PartyId, PlaceId
from safepassage.values.times import Instant

OPENS, ANSWERS, EXCEPTIONS, POSTS = 0, 1, 2, 2
"""The parts that facts play in a sentence; exceptions are numbered on from 2, where a presence clause has its posts."""

Case = dict[int, list[Fact]]
"""One key's facts by their part in the sentence, each list in order."""


def order(fact: Fact) -> tuple[Instant, str, str, str, int]:
    """By when it was seen, then by what it says: never by arrival."""
    return fact.at, fact.entry, fact.what.value, fact.person or "", fact.until or 0


class Ear(msgspec.Struct, frozen=True):
    """Which facts are listened for, and by what they are joined; `places` empty: any."""

    what: Happening
    join: Join = Join.NOTHING
    places: frozenset[PlaceId] = frozenset()
    party: PartyId | None = None


def _ear(atom: c.Atom, join: Join = Join.NOTHING) -> Ear:
    return Ear(row_of(atom).means, join, atom.places, atom.party)


_POSTS = (Happening.ON_POST, Happening.OFF_POST, Happening.WATCHED_THERE)
"""What is said of posts; that somebody signed at a place at all is kept by `stays.Signed`."""


def ears(clause: c.Clause) -> list[tuple[int, Ear]]:
    """Everything that a clause's sentence listens for, each with the part that it plays."""
    match clause.shape:
        case c.Duty(each, act, _, unless):
            first, own = row_of(act).joins
            excepted = [(EXCEPTIONS + number, _ear(atom, row_of(atom).joins[1])) for number, atom in enumerate(unless)]
            return [(OPENS, _ear(each, first)), (ANSWERS, _ear(act, own)), *excepted]
        case c.Before(each, past):
            first, own = row_of(past).joins
            return [(OPENS, _ear(each, first)), (ANSWERS, _ear(past, own))]
        case c.Ban(what):
            return [(OPENS, _ear(what, Join.OWN)), (ANSWERS, Ear(Happening.FINDING, Join.ABOUT))]
        case c.Presence(enters, leaves):
            return [(OPENS, _ear(enters)), (ANSWERS, _ear(leaves)), *((POSTS, Ear(what, Join.OBSERVER)) for what in _POSTS)]
        case c.Cycle(act, _, after):
            return [(OPENS, _ear(act)), (ANSWERS, _ear(after))]
        case c.Pairing(one, other) | c.Balance(one, other) | c.Milestone(one, _, other):
            return [(OPENS, _ear(one)), (ANSWERS, _ear(other))]
        case c.Ceiling(what):
            return [(OPENS, _ear(what))]
        case c.Hours(what) | c.Permission(what):
            return [(OPENS, _ear(what, Join.OWN))]


def listened(clause: c.Clause) -> tuple[c.Atom, ...]:
    """The phrases whose silence can change this clause's verdicts."""
    match clause.shape:
        case c.Duty(each, act, _, unless):
            return (each, act, *unless)
        case c.Presence(enters, _, present):
            return (enters, present)
        case c.Pairing(one, other) | c.Before(one, other) | c.Balance(one, other) | c.Milestone(one, _, other):
            return (one, other)
        case c.Ban(what) | c.Ceiling(what) | c.Permission(what) | c.Hours(what) | c.Cycle(what):
            return (what,)


Marked: TypeAlias = dict[str, None]
"""A set of keys in the order in which they came: whoever goes through it finds what came together where it lies together."""


class Heard:
    """Facts of one ear by key, each list in order. `early`: how many are from before the agreement held."""

    def __init__(self, ear: Ear, ground: Ground, opened: Instant) -> None:
        self.ear, self.early = ear, 0
        self.by_key: dict[str, list[Fact]] = {}
        self.marks: list[Marked] = []
        """Whose keys a fact marks to be judged anew."""
        self.tellers: list[Callable[[Fact, bool], None]] = []
        """Who is told of each fact itself."""
        self._some = bool(ear.places) or ear.party is not None
        self._join, self._opened = joined_by(ear.join, ground), opened

    def key(self, fact: Fact) -> str | None:
        """What this fact is joined by; None where it does not say, or is not listened for."""
        ear = self.ear
        if self._some and ((ear.places and fact.place not in ear.places) or (ear.party is not None and fact.party != ear.party)):
            return None
        return self._join(fact)

    def move(self, fact: Fact, into: bool) -> None:
        key = self.key(fact) if self._some else self._join(fact)
        if key is None:
            return
        if fact.at < self._opened:
            self.early += 1 if into else -1
        facts = self.by_key.get(key)
        if not into:
            self._take(key, fact)
        elif facts is None:
            self.by_key[key] = [fact]
        elif facts[-1].at < fact.at:
            facts.append(fact)
        else:
            insort(facts, fact, key=order)
        for marked in self.marks:
            marked[key] = None
        for tell in self.tellers:
            tell(fact, into)

    def _take(self, key: str, fact: Fact) -> None:
        facts = self.by_key[key]
        del facts[bisect_left(facts, order(fact), key=order)]
        if not facts:
            del self.by_key[key]


def joined_by(join: Join, ground: Ground) -> Callable[[Fact], str | None]:
    """How a fact says what it is joined by."""
    match join:
        case Join.PERSON:
            return attrgetter("person")
        case Join.PERSON_THERE:
            return lambda fact: f"{fact.person} {fact.place}" if fact.person and fact.place else None
        case Join.OWN:
            return attrgetter("entry")
        case Join.ABOUT:
            return attrgetter("about")
        case Join.SIDE:
            return attrgetter("side")
        case Join.OTHER_SIDE:
            return lambda fact: ground.other(fact.side)
        case Join.OBSERVER:
            return attrgetter("observer")
        case Join.NOTHING:
            return lambda fact: ""
