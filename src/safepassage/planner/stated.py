"""What receptions take by place and day, and when drivers are on duty: as `world.toml` states it, and as receptions have said since.

Of a reception of which neither says anything nothing is known, and no plan is held back by it.
"""

from __future__ import annotations

from datetime import timedelta

from safepassage.picture import Picture
from safepassage.picture.following import came
from safepassage.planner.problem import Crew, Reception, RouteId
from safepassage.values.ids import PlaceId
from safepassage.values.places import Planning
from safepassage.values.times import MINUTE, Instant, at, local

OPEN = 1 << 40
"""Persons: more than there are, for the days before a reception said anything."""


def receptions(picture: Picture, planning: Planning, start: Instant) -> tuple[Reception, ...]:
    """Those of which something is known. `start` is minute 0; days are counted from it."""
    known = {room.place: room.per_day for room in planning.receptions}
    ends: dict[PlaceId, list[RouteId]] = {}
    for road in planning.roads:
        ends.setdefault(road.end, []).append(RouteId(f"{road.start}-{road.end}"))
    rooms = picture.rooms()
    return tuple(
        _reception(picture, place, tuple(routes), known.get(place, OPEN), start)
        for place, routes in ends.items()
        if place in known or place in rooms
    )


def _reception(picture: Picture, place: PlaceId, routes: tuple[RouteId, ...], usual: int, start: Instant) -> Reception:
    """On the day that it is, without those who have come or are on their way: they take its room already."""
    said = {_day(picture, room.since, start): room.persons for room in picture.rooms().get(place, ())}
    first, today = {min([0, *said]): usual}, _day(picture, picture.now, start)
    steps = dict(sorted((first | said).items()))
    on = [persons for begin, persons in steps.items() if begin <= today][-1]
    taken = came(picture, place, local(picture.now, picture.world.zone).date())
    if taken and on < OPEN:
        tomorrow = [persons for begin, persons in steps.items() if begin <= today + 1][-1]
        steps |= {today: max(0, on - taken), today + 1: tomorrow}
    (_, per_day), *later = sorted(steps.items())
    return Reception(place, routes, per_day, tuple(later))


def _day(picture: Picture, moment: Instant, start: Instant) -> int:
    zone = picture.world.zone
    return (local(moment, zone).date() - local(start, zone).date()).days


def crews(picture: Picture, planning: Planning, start: Instant, horizon: int) -> tuple[Crew, ...]:
    """Each day's stretch of each side's drivers, from the day before minute 0 until the horizon is over."""
    zone, first = picture.world.zone, local(start, picture.world.zone).date()
    found = []
    for crew in planning.crews:
        over = crew.ends <= crew.begins
        for day in range(-1, horizon // (24 * 60) + 2):
            begins, ends = at(first + timedelta(days=day), crew.begins, zone), at(first + timedelta(days=day + over), crew.ends, zone)
            found.append(Crew(crew.side, (begins - start) // MINUTE, (ends - start) // MINUTE))
    return tuple(found)
