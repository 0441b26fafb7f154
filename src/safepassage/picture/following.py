"""The plan in force beside what happens: which trips have left, and which assumption of the plan has fallen.

A plan assumes that its vehicles are there and driven, that its roads and the passage are open, that those who wait are those it
carries, that trips leave on time, that lights are green, that receptions have room and that its posts are manned. Each that no longer
holds is named with its entry; what follows from it is for the planner to propose and for people to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from heapq import heappop, heappush

import msgspec

from safepassage.observation.vehicles import OutOfAction
from safepassage.picture import Picture
from safepassage.values.ids import EntryId, PlaceId, SideId, VehicleId
from safepassage.values.places import World
from safepassage.values.times import HOUR, MINUTE, Instant, local
from safepassage.values.trips import UNCARRIED, PlannedTrip
from safepassage.whereabouts import Doing
from safepassage.whereabouts.words import Move

NEAR = HOUR
"""A run that begins within it of a trip's minute is that trip's."""
LATE = 30 * MINUTE
"""A trip of which nothing has left by then is late."""


class Assumption(Enum):
    """What a plan takes for granted, in the words of the alarm that says it has fallen."""

    VEHICLE = "out of action"
    DRIVER = "its driver refuses"
    ROAD = "road closed"
    PASSAGE = "passage suspended"
    NUMBERS = "more wait than the plan carries"
    LATE = "has not left"
    LIGHT = "green light withdrawn"
    ROOM = "reception takes fewer than the plan brings"


class Fallen(msgspec.Struct, frozen=True):
    """An assumption of the plan in force that no longer holds. `entry`: what says so; None where nothing said what should have."""

    what: Assumption
    subject: str
    since: Instant
    entry: EntryId | None = None
    persons: int = 0
    """Persons whom the plan carries by what has fallen, or whom it does not carry."""


class TripNow(msgspec.Struct, frozen=True):
    """One trip of the plan in force beside its runs: which vehicles left, when the first did."""

    trip: PlannedTrip
    runs: tuple[Move, ...]

    @property
    def left(self) -> Instant | None:
        return min((run.departed for run in self.runs), default=None)

    def to_come(self, now: Instant) -> int:
        """Persons who can still leave by it: those who have not, as long as its minute is near or to come."""
        gone = sum(run.heads.low for run in self.runs)
        return max(0, self.trip.persons - gone) if now < self.trip.departs + NEAR else 0


def followed(picture: Picture) -> tuple[TripNow, ...]:
    """Every trip of the plan in force, in order of departure; none where no plan is."""
    adopted = picture.adopted()
    return tuple(TripNow(trip, tuple(runs_of(picture, trip))) for trip in adopted.proposed.trips) if adopted is not None else ()


def runs_of(picture: Picture, trip: PlannedTrip) -> Iterator[Move]:
    """The runs of its vehicles that began near its minute."""
    accounts = picture.whereabouts.vehicles()
    for vehicle in trip.vehicles:
        moves = accounts[vehicle].moves if vehicle in accounts else ()
        yield from (move for move in moves if move.start == trip.start and abs(move.departed - trip.departs) < NEAR)


def fallen(picture: Picture) -> tuple[Fallen, ...]:
    """What has fallen of the plan in force, oldest first."""
    adopted = picture.adopted()
    if adopted is None:
        return ()
    trips = followed(picture)
    unmoved = [each.trip for each in trips if not each.runs]
    ahead = [trip for trip in unmoved if picture.now < trip.departs + NEAR]
    found = [found for rule in (_drivers, _roads, _passage, _lights, _rooms) for found in rule(picture, ahead)]
    found += [*_vehicles(picture, trips), *_numbers(picture, trips)]
    decided = adopted.at if adopted.decided_at is None else adopted.decided_at
    found += _late(picture, unmoved, decided)
    return tuple(sorted(found, key=lambda each: (each.since, each.what.value, each.subject)))


def _vehicles(picture: Picture, trips: tuple[TripNow, ...]) -> Iterator[Fallen]:
    """A vehicle that has not left by its trip is missed whenever it is lost, however late the trip: whoever waits needs it."""
    accounts = picture.whereabouts.vehicles()
    for vehicle, persons in _needed(trips).items():
        account = accounts.get(vehicle)
        if account is not None and account.doing is Doing.LOST:
            losses = [e for e in picture.whereabouts.why_vehicle(vehicle) if isinstance(e.observation.what, OutOfAction)]
            newest = max(losses, key=lambda entry: entry.logged_at)
            yield Fallen(Assumption.VEHICLE, vehicle, account.since, newest.id, persons)


def _needed(trips: Iterable[TripNow]) -> dict[VehicleId, int]:
    """Vehicles that have not left by a trip of theirs, with the persons of the first such trip."""
    found: dict[VehicleId, int] = {}
    for each in sorted(trips, key=lambda each: each.trip.departs):
        left = {run.vehicle for run in each.runs}
        for vehicle in each.trip.vehicles:
            if vehicle not in left:
                found.setdefault(vehicle, each.trip.persons)
    return found


def _drivers(picture: Picture, ahead: list[PlannedTrip]) -> Iterator[Fallen]:
    for vehicle, id in picture.drivers_refusing().items():
        persons = next((trip.persons for trip in ahead if vehicle in trip.vehicles), None)
        if persons is not None:
            yield Fallen(Assumption.DRIVER, vehicle, picture.entry(id).observation.seen_at, id, persons)


def _roads(picture: Picture, ahead: list[PlannedTrip]) -> Iterator[Fallen]:
    for (start, end), id in picture.roads_closed().items():
        persons = sum(trip.persons for trip in ahead if uses(picture.world, trip.start, trip.end, start, end))
        if persons:
            yield Fallen(Assumption.ROAD, f"{start} to {end}", picture.entry(id).observation.seen_at, id, persons)


def _passage(picture: Picture, ahead: list[PlannedTrip]) -> Iterator[Fallen]:
    persons = sum(trip.persons for trip in ahead)
    yield from (Fallen(Assumption.PASSAGE, s.party, s.start, s.entry, persons) for s in picture.suspensions() if s.end is None and persons)


def _numbers(picture: Picture, trips: tuple[TripNow, ...]) -> Iterator[Fallen]:
    """A busload waits for which no trip goes and one could; or anybody, once no trip is to come. `whereabouts` says how many at least;
    whom nothing can carry, as the plan says, is no news."""
    if shut_in(picture):
        return
    adopted, apart = picture.adopted(), Counter[str]()
    for one in adopted.proposed.not_planned if adopted is not None else ():
        apart[one.side] += one.persons if one.why in UNCARRIED else 0
    for side in picture.whereabouts.sides(picture.now):
        starts = {place.id for place in picture.world.places if (at := picture.world.side_of_place(place.id)) and at.id == side.side}
        carried = sum(each.to_come(picture.now) for each in trips if each.trip.start in starts)
        load = min((v.seats for v in picture.world.vehicles if v.side == side.side and v.kind == "bus"), default=1) if carried else 1
        more = side.waiting.low - carried - apart[side.side]
        if more >= load:
            yield Fallen(Assumption.NUMBERS, side.side, picture.now, None, more)


def _lights(picture: Picture, ahead: list[PlannedTrip]) -> Iterator[Fallen]:
    persons = sum(trip.persons for trip in ahead)
    for whose, id in picture.lights_withdrawn().items():
        if persons:
            yield Fallen(Assumption.LIGHT, whose, picture.entry(id).observation.seen_at, id, persons)


def _rooms(picture: Picture, ahead: list[PlannedTrip]) -> Iterator[Fallen]:
    """A reception that has said what it takes, on a day on which trips to come would bring more, with whoever came or is on the road."""
    onward = {(road.start, road.end): road.onward * MINUTE for road in (picture.world.planning.roads if picture.world.planning else ())}
    for place, rooms in picture.rooms().items():
        coming: dict[date, int] = {}
        for trip in (trip for trip in ahead if trip.end == place):
            day = local(Instant(trip.passes + onward.get((trip.start, trip.end), 0)), picture.world.zone).date()
            coming[day] = coming.get(day, 0) + trip.persons
        for day, persons in sorted(coming.items()):
            said = [room for room in rooms if local(room.since, picture.world.zone).date() <= day]
            newest = sorted(said, key=lambda room: local(room.since, picture.world.zone).date())[-1] if said else None
            over = persons + came(picture, place, day) - newest.persons if newest is not None else 0
            if newest is not None and over > 0:
                yield Fallen(Assumption.ROOM, place, picture.entry(newest.entry).observation.seen_at, newest.entry, over)


def came(picture: Picture, place: PlaceId, day: date) -> int:
    """Persons who came to that place on that local day, or are on the road to it today, at most, as counted when they left."""
    zone, moves = picture.world.zone, [m for account in picture.whereabouts.vehicles().values() for m in account.moves if m.end == place]
    today = local(picture.now, zone).date() == day
    here = [m for m in moves if (today if m.closed is None else m.closed_at == place and local(m.closed, zone).date() == day)]
    return sum(move.heads.low if move.heads.high is None else move.heads.high for move in here)


def _late(picture: Picture, ahead: list[PlannedTrip], decided: Instant) -> Iterator[Fallen]:
    """Trips that could be kept when the plan was decided, of which nothing has left."""
    for trip in ahead:
        due = Instant(trip.departs + LATE)
        if trip.departs >= decided and due <= picture.now:
            yield Fallen(Assumption.LATE, f"{trip.vehicles[0]} from {trip.start}", due, None, trip.persons)


def shut_in(picture: Picture) -> list[SideId]:
    """Sides whose only planned road is closed: until somebody opens it, none of them can leave."""
    planning, closed = picture.world.planning, picture.roads_closed()
    found = []
    for side in picture.world.sides:
        roads = [road for road in (planning.roads if planning else ()) if road.side == side.id]
        if roads and all(any(uses(picture.world, road.start, road.end, *one) for one in closed) for road in roads):
            found.append(side.id)
    return found


def uses(world: World, start: PlaceId, end: PlaceId, begin: PlaceId, finish: PlaceId) -> bool:
    """Whether the usual way between two places leads over this road, in this direction or as a part of a leg that it stands for."""
    way = way_of(world, start, end)
    return begin in way and finish in way and way.index(begin) < way.index(finish)


def way_of(world: World, start: PlaceId, end: PlaceId) -> tuple[PlaceId, ...]:
    """The quickest way over the world's legs, both ends included; empty where none leads there."""
    heap: list[tuple[int, tuple[PlaceId, ...]]] = [(0, (start,))]
    seen: set[PlaceId] = set()
    while heap:
        minutes, way = heappop(heap)
        if way[-1] == end:
            return way
        if way[-1] in seen:
            continue
        seen.add(way[-1])
        for leg in world.legs:
            if leg.start == way[-1]:
                heappush(heap, (minutes + leg.minutes, (*way, leg.end)))
    return ()
