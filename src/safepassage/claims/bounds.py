"""Our own bound beside a question: what signed observations allow, or the sentence that says why it is not known.

The bound is of what we saw. Who left on foot or in a private car was counted by nobody, and the sentence says that too.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safepassage.claims.words import Question, Topic
from safepassage.observation.desk import Predicate
from safepassage.observation.vehicles import Loss, OutOfAction
from safepassage.values.counts import Count, exactly, total
from safepassage.values.ids import EntryId, PlaceId, SideId, VehicleId
from safepassage.values.places import PlaceKind, World
from safepassage.values.times import HOUR, Instant
from safepassage.whereabouts import Account, Whereabouts

PERSONS = "persons"
NOBODY = "nobody neutral counted there"
VEHICLES = {"buses": "bus", "ambulances": "ambulance", "vehicles": ""}
NEVER = {
    Predicate.KILLED: "no death is computed here",
    Predicate.MISSING: "who is not accounted for is bounded leg by leg; who is missing is never computed",
    Predicate.REQUIREMENT: "what was agreed stands in the clauses",
}


class Sighting(msgspec.Struct, frozen=True):
    """One vehicle seen doing one thing: whose side, where, when, with how many heads."""

    side: SideId | None
    place: PlaceId
    at: Instant
    vehicle: VehicleId
    kind: str
    heads: Count
    entry: EntryId


class Waiting(msgspec.Struct, frozen=True):
    """Registered persons of a side who wait, now; of others nothing is known."""

    side: SideId
    heads: Count


class OurBounds(msgspec.Struct, frozen=True):
    """Everything of ours that a claim can be set beside; empty where nobody signed anything."""

    departures: tuple[Sighting, ...] = ()
    returns: tuple[Sighting, ...] = ()
    arrivals: tuple[Sighting, ...] = ()
    burned: tuple[Sighting, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    now: Instant = Instant(0)

    def beside(self, question: Question) -> tuple[Count | None, str]:
        """Our bound and its sentence; None with the reason why it is not known."""
        topic = question.topic
        match topic.predicate:
            case Predicate.LEFT if topic.who == PERSONS:
                return self._left(question)
            case Predicate.DEPARTED_VEHICLES if topic.who in VEHICLES:
                return _vehicles(_in(self.departures, question), topic, "departed")
            case Predicate.ATTACKED if topic.who in VEHICLES:
                return _vehicles(_in(self.burned, question), topic, "burned")
            case Predicate.ARRIVED if topic.who == PERSONS:
                seen = _in(self.arrivals, question)
                return (total(s.heads for s in seen), f"alighted from {_number(seen)}") if seen else (None, NOBODY)
            case Predicate.REMAINING if topic.who == PERSONS:
                return self._remaining(question)
            case Predicate.LEFT | Predicate.ARRIVED:
                return None, f"we do not count {topic.who} apart"
            case predicate:
                return None, NEVER.get(predicate, NOBODY)

    def _left(self, question: Question) -> tuple[Count | None, str]:
        seen = _in(self.departures, question)
        if not seen:
            return None, NOBODY
        back = total(sighting.heads for sighting in _in(self.returns, question))
        left = total(sighting.heads for sighting in seen).minus(back)
        return left, f"aboard {_number(seen)} seen to depart; on foot or in private cars nobody watched"

    def _remaining(self, question: Question) -> tuple[Count | None, str]:
        waiting = next((waiting.heads for waiting in self.waiting if waiting.side == question.side), None)
        if waiting is None:
            return None, NOBODY
        if question.time.end < self.now - HOUR:
            return None, "who waits is known as it stands now, not as it stood then"
        return Count(waiting.low), f"{waiting} of those registered; others not known"


def our_bounds(world: World, whereabouts: Whereabouts, now: Instant) -> OurBounds:
    """What the signed observations say of departures, returns, arrivals, burned vehicles, and who waits at `now`."""
    departures, returns, arrivals, burned = list[Sighting](), list[Sighting](), list[Sighting](), list[Sighting]()
    for account in whereabouts.vehicles().values():
        departures += _departures(world, account)
        for sighting in _alightings(world, account):
            (returns if sighting.side is not None and _area(world, sighting.place) == sighting.side else arrivals).append(sighting)
        burned += _burnings(world, account, whereabouts)
    waiting = tuple(Waiting(here.side, here.waiting) for here in whereabouts.sides(now) if here.registered)
    return OurBounds(tuple(departures), tuple(returns), tuple(arrivals), tuple(burned), waiting, now)


def _departures(world: World, account: Account) -> list[Sighting]:
    """Runs out of an assembly area; the heads of a vehicle that nobody counted are open up to its seats."""
    known = world.vehicle(account.vehicle)
    unknown = Count(0, known.seats if known else None)
    return [
        _sighting(world, account, move.start, move.departed, move.heads if account.counted else unknown, move.entry)
        for move in account.moves
        if (side := _area(world, move.start)) is not None and _area(world, move.end) != side
    ]


def _alightings(world: World, account: Account) -> list[Sighting]:
    return [
        _sighting(world, account, stop.place, stop.at, stop.heads, stop.entry)
        for stop in account.alighted
        if _area(world, stop.place) is not None or (world.knows(stop.place) and world.place(stop.place).kind is PlaceKind.RECEPTION)
    ]


def _burnings(world: World, account: Account, whereabouts: Whereabouts) -> Iterable[Sighting]:
    for entry in whereabouts.why_vehicle(account.vehicle):
        seen = entry.observation
        if isinstance(seen.what, OutOfAction) and seen.what.loss is Loss.BURNED and seen.at is not None:
            yield _sighting(world, account, seen.at, seen.seen_at, exactly(0), entry.id)


def _sighting(world: World, account: Account, place: PlaceId, at: Instant, heads: Count, entry: EntryId) -> Sighting:
    known = world.vehicle(account.vehicle)
    side = _area(world, account.moves[0].start if account.moves else place)
    side = side if side is not None else (known.side if known else None)
    return Sighting(side, place, at, account.vehicle, known.kind if known else "", heads, entry)


def _area(world: World, place: PlaceId) -> SideId | None:
    side = world.side_of_place(place)
    return side.id if side else None


def _in(sightings: Iterable[Sighting], question: Question) -> list[Sighting]:
    """Those of the question's time, and of its side or place."""
    where, side = question.topic.where, question.side
    timely = [sighting for sighting in sightings if question.time.holds(sighting.at)]
    return [s for s in timely if where is None or where == s.place or (side is not None and side == s.side)]


def _vehicles(seen: list[Sighting], topic: Topic, done: str) -> tuple[Count | None, str]:
    kind = VEHICLES[topic.who]
    numbers = {sighting.vehicle for sighting in seen if kind in ("", sighting.kind)}
    if not seen:
        return None, NOBODY
    return exactly(len(numbers)), f"seen {done}: {', '.join(sorted(numbers)) or 'none'}"


def _number(seen: list[Sighting]) -> str:
    number = len({sighting.vehicle for sighting in seen})
    return f"{number} vehicle{'s' if number != 1 else ''}"
