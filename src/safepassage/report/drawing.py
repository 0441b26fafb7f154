"""The corridor as a drawing: places, roads, who is on post, and where vehicles can be. Not a map: nothing is to scale.

A road is light only beside a place where somebody neutral is on post; all else is hatched, as on every screen. A vehicle between two
sightings is an area, never a point. A road that a chain of others makes is drawn as that chain.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from itertools import pairwise

import msgspec

from safepassage.disclosure.audience import Part
from safepassage.disclosure.views import PlaceView, VehicleView, View
from safepassage.report.labels import Label, Rect, Wanted, place_labels
from safepassage.report.phrases import on_post
from safepassage.values.counts import total

WIDTH, LEAST, MOST = 700, 150, 300
"""Units of the drawing: its width, and how low and how high it may be."""
FLAT = 84
"""The height of a drawing whose places stand in one row."""
SIDE, TOP, FOOT = 34, 30, 34
BESIDE = 0.34
"""How much of a road is drawn as watched beside a post: near it, not to scale."""
AS_LONG = 1.1
"""A road no quicker than this times a chain of others is that chain."""
Point = tuple[float, float]
Road = tuple[str, str]


class RoadDrawn(msgspec.Struct, frozen=True):
    whole: str
    light: tuple[str, ...]


class PlaceDrawn(msgspec.Struct, frozen=True):
    name: str
    kind: str
    x: int
    y: int
    posted: bool
    lost: int


class AreaDrawn(msgspec.Struct, frozen=True):
    """Where these vehicles can be: from the last sighting to the end of their trip."""

    path: str
    label: Label
    overdue: bool


class Drawing(msgspec.Struct, frozen=True):
    height: int
    roads: tuple[RoadDrawn, ...]
    places: tuple[PlaceDrawn, ...]
    labels: tuple[Label, ...]
    areas: tuple[AreaDrawn, ...]
    covers: bool
    """Whether this audience is shown where monitors are; else no road is drawn as watched or not watched."""
    said: str
    """The drawing in words, for those who cannot see it."""


def corridor(view: View) -> Drawing | None:
    """The drawing of a view; None where it has no places or no roads."""
    known = {place.place: place for place in view.places}
    minutes = _minutes(view, known)
    roads = _plain_roads(minutes)
    ends = {end for road in roads for end in road}
    places = tuple(place for place in view.places if place.place in ends)
    if not places:
        return None
    at, height = _fitted(places)
    moving = _moving(view, roads, minutes)
    wanted = [_place_wanted(view, place, at) for place in places] + [_moving_wanted(road, group, at) for road, group in moving]
    lines = [(at[a], at[b]) for a, b in roads]
    found = place_labels(wanted, lines, Rect(2, 2, WIDTH - 4, height - FOOT + 4))
    return Drawing(
        height,
        tuple(_road(view, road, at) for road in roads),
        tuple(_place(view, place, at) for place in places),
        tuple(found[: len(places)]),
        tuple(
            AreaDrawn(_line([at[each] for each in road]), label, any(_overdue(view, one) for one in group))
            for (road, group), label in zip(moving, found[len(places) :], strict=True)
        ),
        Part.POSTS.value not in view.hidden,
        _said(view, roads, known, len(moving)),
    )


# Roads and chains of them.
def _minutes(view: View, known: dict[str, PlaceView]) -> dict[Road, int]:
    """Each road once, whichever way it is written."""
    found: dict[Road, int] = {}
    for leg in view.legs:
        if leg.start in known and leg.end in known:
            road = (min(leg.start, leg.end), max(leg.start, leg.end))
            found[road] = min(leg.minutes, found.get(road, leg.minutes))
    return found


def _plain_roads(minutes: dict[Road, int]) -> tuple[Road, ...]:
    """The roads that no chain of other roads makes in about the same time, longest judged first."""
    kept = dict(minutes)
    for road in sorted(minutes, key=lambda road: (-minutes[road], road)):
        others = {each: kept[each] for each in kept if each != road}
        chain = _chain(others, *road)
        if chain and sum(minutes[_key(a, b)] for a, b in pairwise(chain)) <= AS_LONG * minutes[road]:
            kept = others
    return tuple(sorted(kept))


def _chain(minutes: dict[Road, int], start: str, end: str) -> tuple[str, ...]:
    """The quickest chain of roads, as places; empty where there is none."""
    beside: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (a, b), long in sorted(minutes.items()):
        beside[a].append((b, long))
        beside[b].append((a, long))
    queue: list[tuple[int, tuple[str, ...]]] = [(0, (start,))]
    been: set[str] = set()
    while queue:
        spent, chain = heapq.heappop(queue)
        if chain[-1] == end:
            return chain
        if chain[-1] not in been:
            been.add(chain[-1])
            for place, long in beside[chain[-1]]:
                heapq.heappush(queue, (spent + long, (*chain, place)))
    return ()


def _key(a: str, b: str) -> Road:
    return (a, b) if a < b else (b, a)


# Vehicles.
Moving = tuple[tuple[str, ...], tuple[VehicleView, ...]]


def _moving(view: View, roads: tuple[Road, ...], minutes: dict[Road, int]) -> tuple[Moving, ...]:
    """Vehicles on the road, together where they can be at the same places."""
    groups: dict[tuple[tuple[str, ...], bool], list[VehicleView]] = defaultdict(list)
    drawn = {road: minutes[road] for road in roads}
    for vehicle in view.vehicles:
        if vehicle.doing in ("on the road", "stopped on the road") and vehicle.start and vehicle.end:
            chain = _chain(drawn, vehicle.start, vehicle.end)
            seen = _last_seen(view, vehicle)
            rest = chain[chain.index(seen) :] if seen in chain else chain
            if len(rest) > 1:
                groups[rest, _overdue(view, vehicle)].append(vehicle)
    return tuple((chain, tuple(group)) for (chain, _), group in sorted(groups.items(), key=lambda each: each[0]))


def _last_seen(view: View, vehicle: VehicleView) -> str:
    """The last place where somebody saw it on this trip."""
    moves = [move for move in view.moves if move.vehicle == vehicle.vehicle and move.closed is None]
    passes = moves[-1].passes if moves else ()
    return max(passes, key=lambda seen: seen[1])[0] if passes else (vehicle.start or "")


def _overdue(view: View, vehicle: VehicleView) -> bool:
    return any(gap.vehicle == vehicle.vehicle and gap.cause == "overdue" for gap in view.gaps)


def _moving_wanted(chain: tuple[str, ...], group: tuple[VehicleView, ...], at: dict[str, Point]) -> Wanted:
    a, b = at[chain[0]], at[chain[1]]
    codes = ", ".join(one.vehicle for one in group) if len(group) < 3 else f"{len(group)} vehicles"
    aboard = str(total(one.aboard for one in group)) if all(one.counted for one in group) else "not counted"
    return Wanted((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, 10, (f"{codes}: {aboard}",))


# Places and coverage.
def _fitted(places: tuple[PlaceView, ...]) -> tuple[dict[str, Point], int]:
    """Thousandths to units, the drawing's own bounds filled."""
    if len({(p.x, p.y) for p in places}) == 1:
        places = tuple(msgspec.structs.replace(place, x=index) for index, place in enumerate(places))  # no positions: one after another
    left, right = min(p.x for p in places), max(p.x for p in places)
    top, bottom = min(p.y for p in places), max(p.y for p in places)
    height = max(LEAST, min(MOST, round((bottom - top) * 0.36) + TOP + FOOT)) if bottom > top else FLAT
    across, down = (WIDTH - 2 * SIDE) / max(1, right - left), (height - TOP - FOOT) / max(1, bottom - top)
    return {p.place: (SIDE + (p.x - left) * across, TOP + (p.y - top) * down) for p in places}, height


def _road(view: View, road: Road, at: dict[str, Point]) -> RoadDrawn:
    a, b = at[road[0]], at[road[1]]
    light = [_line([one, _between(one, other, BESIDE)]) for place, one, other in ((road[0], a, b), (road[1], b, a)) if _posted(view, place)]
    return RoadDrawn(_line([a, b]), tuple(light))


def _place(view: View, place: PlaceView, at: dict[str, Point]) -> PlaceDrawn:
    x, y = at[place.place]
    return PlaceDrawn(place.name, place.kind, round(x), round(y), _posted(view, place.place), _lost(view, place))


def _place_wanted(view: View, place: PlaceView, at: dict[str, Point]) -> Wanted:
    name = place.name.partition(",")[0].partition(" (")[0]
    lost = _lost(view, place)
    return Wanted(*at[place.place], 12, (name, f"{lost} out of action") if lost else (name,))


def _lost(view: View, place: PlaceView) -> int:
    return sum(1 for one in view.vehicles if one.place == place.place and one.doing == "out of action")


def _posted(view: View, place: str) -> bool:
    return bool(on_post(view.posts, place, view.now))


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _line(points: list[Point]) -> str:
    return "M" + "L".join(f"{round(x)} {round(y)}" for x, y in points)


def _said(view: View, roads: tuple[Road, ...], known: dict[str, PlaceView], groups: int) -> str:
    if Part.POSTS.value in view.hidden:
        return f"{len(roads)} roads; where monitors are is not shown to this audience."
    dark = [f"{known[a].name} to {known[b].name}" for a, b in roads if not (_posted(view, a) and _posted(view, b))]
    watched = f"No monitor at both ends of: {', '.join(dark)}." if dark else "A monitor is at both ends of every road."
    return f"{len(roads)} roads. {watched} {groups or 'No'} group{'s' if groups != 1 else ''} of vehicles on the road."
