"""What links the sides: every running quantity that a clause binds, what may be added to each next, and a way through the rest.

These links are what a planner must keep: `links` gives them as values, without a clause's words. Quantities are persons, buses
or detainees, by places or by who releases them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TypeAlias

import msgspec

from safepassage.agreement import clause as c
from safepassage.agreement.facts import SIGNED, Fact
from safepassage.agreement.heard import ANSWERS, OPENS
from safepassage.agreement.parity import amount
from safepassage.agreement.reader import row_of
from safepassage.agreement.render import phrase
from safepassage.agreement.vocabulary import Happening
from safepassage.values.counts import NONE, Count, total
from safepassage.values.ids import ClauseLabel, PartyId, PlaceId


class Quantity(msgspec.Struct, frozen=True):
    """What is added up: departures of persons or of buses from places, or releases by a party; a last convoy counts as one."""

    what: Happening
    places: frozenset[PlaceId] = frozenset()
    party: PartyId | None = None


class Kind(Enum):
    """How a clause binds quantities."""

    APART = "never further apart than"
    AT_MOST = "never more than"
    A_DAY = "never more in one day than"
    THEN = "once so many, then so many of the other"
    LAST = "its last only after the other's last"


class Link(msgspec.Struct, frozen=True):
    """One clause's hold. `limit`: of APART, AT_MOST, A_DAY. `reached`, `owed`: of THEN; `in_all`: counted since the opening."""

    label: ClauseLabel
    kind: Kind
    one: Quantity
    other: Quantity | None = None
    limit: int = 0
    reached: int = 0
    owed: int = 0
    in_all: bool = False


class Sum(msgspec.Struct, frozen=True):
    """How far a quantity is: as signed, and what is alleged beside it."""

    signed: Count = NONE
    alleged: Count = NONE

    @property
    def least(self) -> int:
        return self.signed.low

    @property
    def most(self) -> int | None:
        """With every allegation; None: not bounded."""
        ends = (self.signed.high, self.alleged.high)
        return None if None in ends else sum(end for end in ends if end is not None)


Sums: TypeAlias = Mapping[Quantity, Sum]


class Next(msgspec.Struct, frozen=True):
    """What may be added to a quantity now, whatever of what is recorded is so. `at_most` None: nothing binds it."""

    quantity: Quantity
    words: str
    sum: Sum
    at_most: int | None
    bound_by: tuple[ClauseLabel, ...]


class Step(msgspec.Struct, frozen=True):
    quantity: Quantity
    number: int


class Way(msgspec.Struct, frozen=True):
    """An order in which the rest can be met; or as far as one was found, and the clauses that hold every next step back."""

    steps: tuple[Step, ...]
    stuck: tuple[ClauseLabel, ...] = ()


def quantity(atom: c.Atom) -> Quantity:
    return Quantity(row_of(atom).means, atom.places, atom.party)


def links(agreement: c.Agreement) -> tuple[Link, ...]:
    """What the clauses bind, for whoever plans: hours and limits of time are not in it."""
    found = []
    for clause in agreement.clauses:
        match clause.shape:
            case c.Balance(one, other, limit):
                found.append(Link(clause.label, Kind.APART, quantity(one), quantity(other), limit))
            case c.Ceiling(what, limit, daily):
                found.append(Link(clause.label, Kind.A_DAY if daily else Kind.AT_MOST, quantity(what), limit=limit))
            case c.Milestone(once, reached, then, owed, _, in_all):
                link = Link(clause.label, Kind.THEN, quantity(once), quantity(then), reached=reached, owed=owed, in_all=in_all)
                found.append(link)
            case c.Before(each, past) if row_of(each).means is row_of(past).means is Happening.LAST_DEPARTURE:
                mine, theirs = (Quantity(Happening.DEPARTURE, atom.places) for atom in (each, past))
                found.append(Link(clause.label, Kind.LAST, mine, theirs))
            case _:
                pass
    return tuple(found)


def sums_in(shape: c.Shape) -> tuple[tuple[int, c.Atom], ...]:
    """The running sums of a sentence, each with the part that it plays."""
    match shape:
        case c.Balance(one, other) | c.Milestone(one, _, other):
            return ((OPENS, one), (ANSWERS, other))
        case c.Ceiling(what):
            return ((OPENS, what),)
        case _:
            return ()


def summed(facts: Sequence[Fact]) -> Sum:
    """The bounds of what facts add up to."""
    parts = [[amount(fact) for fact in facts if (fact.standing == SIGNED) is signed] for signed in (True, False)]
    return Sum(*(total(part) if part else NONE for part in parts))


def words_of(agreement: c.Agreement) -> dict[Quantity, str]:
    """Each bound quantity as a clause says it, the first that does."""
    said: dict[Quantity, str] = {}
    for clause in agreement.clauses:
        for _, atom in sums_in(clause.shape):
            said.setdefault(quantity(atom), phrase(atom))
    return said


def may_add(one: Quantity, held: Sequence[Link], sums: Sums, today: Sums) -> tuple[int | None, tuple[ClauseLabel, ...]]:
    """At most so many more now, and the clauses that say so; an end that is not bounded leaves no room."""
    rooms: list[tuple[int, ClauseLabel]] = []
    for link in held:
        if link.kind is Kind.APART and link.other is not None and one in (link.one, link.other):
            behind = link.other if one == link.one else link.one
            rooms.append((_room(link.limit + sums.get(behind, Sum()).least, sums.get(one, Sum()).most), link.label))
        elif link.kind in (Kind.AT_MOST, Kind.A_DAY) and one == link.one:
            so_far = (sums if link.kind is Kind.AT_MOST else today).get(one, Sum())
            rooms.append((_room(link.limit, so_far.most), link.label))
    if not rooms:
        return None, ()
    least = min(room for room, _ in rooms)
    return least, tuple(label for room, label in rooms if room == least)


def _room(limit: int, most: int | None) -> int:
    return 0 if most is None else max(0, limit - most)


def way_through(held: Sequence[Link], sums: Sums, targets: Mapping[Quantity, int], load: int) -> Way:
    """Batches of at most `load` until every quantity has reached its target, each step lawful whatever of the records is so.

    What is furthest behind its target goes first. Between two quantities this finds a way if there is one; between more it may
    miss one, and says only that it found none. Days are not looked at.
    """
    now = {one: sums.get(one, Sum()) for one in {*targets, *(q for link in held for q in (link.one, link.other) if q is not None)}}
    rest = {one: max(0, number - now[one].least) for one, number in targets.items()}
    steps: list[Step] = []
    while any(rest.values()):
        able = [(one, room) for one in rest if (room := _able(one, held, now, rest, load))]
        if not able:
            return Way(_joined(steps), _holding(held, now, rest))
        one, number = max(able, key=lambda pair: (rest[pair[0]] / max(1, targets[pair[0]]), sorted(pair[0].places)))
        rest[one] -= number
        now[one] = Sum(now[one].signed + Count(number, number), now[one].alleged)
        steps.append(Step(one, number))
    return Way(_joined(steps))


def _able(one: Quantity, held: Sequence[Link], now: Sums, rest: Mapping[Quantity, int], load: int) -> int:
    """How many may go in the next batch; 0: none."""
    room, _ = may_add(one, [link for link in held if link.kind is not Kind.A_DAY], now, {})
    number = min(load, rest[one], load if room is None else room)
    waits = any(link.kind is Kind.LAST and link.one == one and link.other is not None and rest.get(link.other) for link in held)
    return min(number, rest[one] - 1) if waits else number


def _holding(held: Sequence[Link], now: Sums, rest: Mapping[Quantity, int]) -> tuple[ClauseLabel, ...]:
    """The clauses that hold back whatever is left."""
    found: dict[ClauseLabel, None] = {}
    for one in (one for one, number in rest.items() if number):
        found |= dict.fromkeys(may_add(one, [link for link in held if link.kind is not Kind.A_DAY], now, {})[1])
        found |= {link.label: None for link in held if link.kind is Kind.LAST and link.one == one and link.other and rest.get(link.other)}
    return tuple(found)


def _joined(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Batches of one quantity that follow each other, as one step."""
    joined: list[Step] = []
    for step in steps:
        if joined and joined[-1].quantity == step.quantity:
            joined[-1] = Step(step.quantity, joined[-1].number + step.number)
        else:
            joined.append(step)
    return tuple(joined)


class Linked(msgspec.Struct, frozen=True):
    """The sides under the linked terms: what each may do next, and a way through the rest."""

    links: tuple[Link, ...]
    next: tuple[Next, ...]
    way: Way


def linked(agreement: c.Agreement, sums: Sums, today: Sums, targets: Mapping[Quantity, int], load: int) -> Linked:
    """`sums`: since the opening; `today`: of this calendar day; `targets`: who is to leave as agreed, milestones apart."""
    held, words = links(agreement), words_of(agreement)
    wanted = dict(targets)
    for link in held:
        if link.kind is Kind.THEN and link.other is not None and sums.get(link.one, Sum()).least >= link.reached:
            wanted[link.other] = max(wanted.get(link.other, 0), link.owed)
    rows = tuple(Next(one, said, sums.get(one, Sum()), *may_add(one, held, sums, today)) for one, said in words.items())
    return Linked(held, rows, way_through(held, sums, wanted, load))
