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


class _Here(msgspec.Struct, frozen=True):
    """Where a way has come to: every sum, what is still to be reached, and which milestones have been."""

    sums: dict[Quantity, Sum]
    rest: dict[Quantity, int]
    past: frozenset[ClauseLabel] = frozenset()

    def key(self) -> tuple[object, ...]:
        return tuple(self.sums.values()), tuple(self.rest.items()), self.past


MOST_STATES = 4_000
"""So many more states than there are batches are looked at before it is said that no way was found."""


def way_through(
    held: Sequence[Link], sums: Sums, targets: Mapping[Quantity, int], load: int, owed: Mapping[ClauseLabel, int] | None = None
) -> Way:
    """Batches of at most `load` until every quantity has reached its target, each step lawful whatever of the records is so.

    `owed`: what milestones that were reached already still call for. A batch of persons is one bus: it counts in every sum of persons
    and of buses that holds its places. A milestone that is reached on the way calls for what it owes from there on. What is furthest
    behind its target goes first, and where that leads nowhere what comes next, until all orders are tried or so many states are.
    Nobody goes beyond what was agreed or called for. Days and limits of time are not looked at.
    """
    every = dict.fromkeys([*targets, *(one for link in held for one in (link.one, link.other) if one is not None)])
    now, called = {one: sums.get(one, Sum()) for one in every}, owed or {}
    rest = {one: max(0, number - now[one].least) for one, number in targets.items()}
    for link in (link for link in held if link.label in called):
        if link.other is not None:
            rest[link.other] = max(rest.get(link.other, 0), called[link.label])
    first = _reached(_Here(now, rest, frozenset(called)), held)
    trails: list[tuple[_Here, tuple[Step, ...]]] = [(first, ())]
    seen, furthest, looks = {first.key()}, trails[0], MOST_STATES + sum(-(-number // load) for number in rest.values())
    while trails and looks:
        looks -= 1
        here, steps = trails.pop()
        if not any(here.rest.values()):
            return Way(_joined(steps))
        furthest = max(furthest, (here, steps), key=lambda trail: len(trail[1]))
        able = [(one, number) for one in here.rest if (number := _able(one, held, here, load))]
        for one, number in sorted(able, key=lambda pair: _urgency(pair[0], here, targets)):
            there = _reached(_moved(one, number, here), held)
            if there.key() not in seen and not _too_late(one, held, there):
                seen.add(there.key())
                trails.append((there, (*steps, Step(one, number))))
    return Way(_joined(furthest[1]), _holding(held, furthest[0]))


def _too_late(one: Quantity, held: Sequence[Link], there: _Here) -> bool:
    """Whether its last is gone, and somebody who was to go before it is not: a milestone may call for more as it is reached."""
    lasts = (link for link in held if link.kind is Kind.LAST and link.one == one and link.other is not None)
    return not there.rest[one] and any(there.rest.get(link.other) for link in lasts if link.other is not None)


def _urgency(one: Quantity, here: _Here, targets: Mapping[Quantity, int]) -> tuple[float, list[PlaceId]]:
    """How much of what it is to reach is still to come."""
    whole = max(1, targets.get(one, 0), here.rest[one])
    return here.rest[one] / whole, sorted(one.places)


def _adds(one: Quantity, number: int, other: Quantity) -> Count:
    """What a batch of one quantity adds to another: a batch of persons is a bus; places that only partly agree leave it open."""
    kinds = (one.what, other.what)
    if kinds == (Happening.DEPARTURE, Happening.BUS_DEPARTURE):
        number = 1
    elif one.what is not other.what or one.party != other.party:
        return NONE
    if one.places <= other.places:
        return Count(number, number)
    return Count(0, number) if one.places & other.places else NONE


def _moved(one: Quantity, number: int, here: _Here) -> _Here:
    added = {other: _adds(one, number, other) for other in here.sums}
    sums = {other: Sum(each.signed + added[other], each.alleged) for other, each in here.sums.items()}
    return _Here(sums, {other: max(0, left - added[other].low) for other, left in here.rest.items()}, here.past)


def _reached(here: _Here, held: Sequence[Link]) -> _Here:
    """With what the milestones call for that have been reached by now; what one owes besides is counted from here on."""
    for link in held:
        open_ = link.kind is Kind.THEN and link.label not in here.past
        if open_ and link.other is not None and here.sums[link.one].least >= link.reached:
            owed = link.owed - (here.sums[link.other].least if link.in_all else 0)
            rest = {**here.rest, link.other: max(here.rest.get(link.other, 0), owed)}
            here = _Here(here.sums, rest, here.past | {link.label})
    return here


def _able(one: Quantity, held: Sequence[Link], here: _Here, load: int) -> int:
    """How many may go in the next batch; 0: none."""
    number = min(load, here.rest[one])
    if any(link.kind is Kind.LAST and link.one == one and link.other is not None and here.rest.get(link.other) for link in held):
        number = min(number, here.rest[one] - 1)
    lawful = [link for link in held if link.kind in (Kind.APART, Kind.AT_MOST)]
    for other in here.sums:
        room = may_add(other, lawful, here.sums, {})[0]
        most = _adds(one, number, other).high if number > 0 else 0
        if room is not None and most:
            number = min(number, room) if one.what is other.what else number if room >= most else 0
    return max(0, number)


def _holding(held: Sequence[Link], here: _Here) -> tuple[ClauseLabel, ...]:
    """The clauses that hold back whatever is left; where none does by itself, the last convoys and milestones that do together."""
    found: dict[ClauseLabel, None] = {}
    lawful = [link for link in held if link.kind in (Kind.APART, Kind.AT_MOST)]
    lasts = [link for link in held if link.kind is Kind.LAST and here.rest.get(link.one)]
    for one in (one for one, number in here.rest.items() if number):
        for other in (other for other in here.sums if _adds(one, 1, other).high):
            room, labels = may_add(other, lawful, here.sums, {})
            found |= dict.fromkeys(labels) if room == 0 else {}
        found |= {link.label: None for link in lasts if link.one == one and link.other and here.rest.get(link.other)}
    together = (link.label for link in held if link in lasts or (link.kind is Kind.THEN and link.label not in here.past))
    return tuple(found or dict.fromkeys(together))


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


def linked(
    agreement: c.Agreement, sums: Sums, today: Sums, targets: Mapping[Quantity, int], load: int, owed: Mapping[ClauseLabel, int]
) -> Linked:
    """`sums`: since the opening; `today`: of this calendar day; `targets`: who is to leave as agreed; `owed`: of milestones reached."""
    held, words = links(agreement), words_of(agreement)
    rows = tuple(Next(one, said, sums.get(one, Sum()), *may_add(one, held, sums, today)) for one, said in words.items())
    return Linked(held, rows, way_through(held, sums, targets, load, owed))
