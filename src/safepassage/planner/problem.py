"""The question a plan answers: who waits, which vehicles there are, which gates open when, and what the agreement
links.

A `Problem` is an immutable extract of the picture. Times are whole minutes from an opening instant that the caller
keeps;
people are persons, never shares. `sides[].people` are those still waiting: whoever is aboard an `underway` convoy is
not among them.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal, NewType

import msgspec

from safepassage.values.ids import GroupId, PlaceId, SideId, VehicleId

RouteId = NewType("RouteId", str)
Kind = Literal["bus", "ambulance"]
Objective = Literal["end", "cold"]
Reason = Literal["gate", "window", "fleet", "drivers", "parity", "suspension", "reception", "people", "monitors", "nothing"]
DAY = 1440
"""Minutes."""
NEVER = 1 << 40
"""A minute after every other."""


class Gene(msgspec.Struct, frozen=True):
    """One wished convoy, not yet timed: how many vehicles on which route, and no earlier than when.

    `vehicles` are preferred. When `not_before` lies before the problem's `now`, that convoy is already loading and
    may use no others.
    """

    route: RouteId
    buses: int
    ambulances: int
    not_before: int = 0
    vehicles: tuple[VehicleId, ...] = ()
    enough: int = 0
    """Persons for whom it goes, and not with more; 0: full, or with the decoder's own shares of a load where parity has no more room."""


class Convoy(msgspec.Struct, frozen=True):
    """Vehicles that pass a crossing together. All minutes follow from the start of loading; `people` are by class,
    highest first."""

    route: RouteId
    vehicles: tuple[VehicleId, ...]
    loading: int
    departure: int
    crossing_start: int
    crossing_end: int
    reception: int
    people: tuple[int, ...]
    wounded: int
    families: tuple[tuple[GroupId, ...], ...] = ()
    """Who sits in each of `vehicles`, in their order; in an ambulance, of which families the wounded lie there. No family aboard: ()."""
    why_waits: Reason = "nothing"
    lying: int = 0
    """Of the wounded, who must lie."""
    returns: tuple[int, int] | None = None
    """From when to when its vehicles, empty on their way back, are in the gate; None: they need not pass it, or it lets none back."""

    @property
    def groups(self) -> tuple[GroupId, ...]:
        """Families aboard, each once."""
        return tuple(dict.fromkeys(name for names in self.families for name in names))

    @property
    def persons(self) -> int:
        return sum(self.people) + self.wounded


class PeopleClass(msgspec.Struct, frozen=True):
    """A class of C10's order and the weight of one of its minutes in the cold."""

    id: str
    weight: int


class Group(msgspec.Struct, frozen=True):
    """People who stay together. They travel in the class (its index) of their most vulnerable member.

    `size` of them need seats in one vehicle, `wounded` of them places in one ambulance of the same convoy; a family with wounded is of
    the first class.
    """

    id: GroupId
    priority: int
    size: int
    wounded: int = 0
    lying: int = 0
    """Of the wounded, who must lie."""
    since: int = 0
    """From when on it is where its side gathers: it boards no convoy that begins to load before."""


class Coming(msgspec.Struct, frozen=True):
    """Persons of no family who are where their side gathers only from `minute` on: none of them boards a convoy that begins to load
    before. They are among the side's numbers, and interchangeable with others of their class who are there."""

    minute: int
    people: tuple[int, ...]
    wounded: int = 0
    lying: int = 0


class Side(msgspec.Struct, frozen=True):
    """Persons waiting, by class, highest priority first; groups are among them; the wounded go by ambulance only."""

    id: SideId
    people: tuple[int, ...]
    wounded: int = 0
    groups: tuple[Group, ...] = ()
    lying: int = 0
    """Of the wounded, who must lie: they go only by an ambulance with stretchers."""
    coming: tuple[Coming, ...] = ()

    @property
    def persons(self) -> int:
        return sum(self.people) + self.wounded


class Vehicle(msgspec.Struct, frozen=True):
    """One named vehicle, based on one side, ready to load there from `ready_at` on."""

    id: VehicleId
    side: SideId
    kind: Kind
    seats: int
    ready_at: int = 0
    stretchers: bool = True
    """Of an ambulance: whether the wounded can lie in it; else they sit."""


class Loss(msgspec.Struct, frozen=True):
    """These vehicles serve nobody from `minute` on."""

    minute: int
    vehicles: tuple[VehicleId, ...]


class Crossing(msgspec.Struct, frozen=True):
    """Where control of the road changes: one convoy at a time, for setup + per_vehicle x vehicles minutes, inside one
    window [open, close]."""

    id: PlaceId
    setup: int
    per_vehicle: int
    windows: tuple[tuple[int, int], ...]
    empty: tuple[int, int] | None = None
    """Setup and minutes per vehicle of those that come back empty; None: as for a convoy with people."""

    def handling(self, vehicles: int) -> int:
        """Minutes for a convoy of that many vehicles."""
        return self.setup + self.per_vehicle * vehicles

    def handling_empty(self, vehicles: int) -> int:
        """Minutes for that many on their way back."""
        setup, per_vehicle = self.empty or (self.setup, self.per_vehicle)
        return setup + per_vehicle * vehicles


class Route(msgspec.Struct, frozen=True):
    """Minutes along the way: load, drive to the gate (`pre`), handling, drive on, unload, drive back empty.

    `inward`: how many of the minutes `back` bring the empty vehicles to the gate, which handles them again: alone, inside a window. None:
    nobody stops them there.
    """

    id: RouteId
    side: SideId
    crossing: PlaceId
    load: int
    pre: int
    onward: int
    unload: int
    back: int
    inward: int | None = None

    @property
    def home(self) -> int:
        """From the gate, once it has let the empty vehicles through, until they can load again."""
        return self.back - (self.inward or 0)

    @property
    def post(self) -> int:
        """From the crossing's end until the vehicles can load again, if nobody stops them at the gate."""
        return self.onward + self.unload + self.back


class Parity(msgspec.Struct, frozen=True):
    """After all passings of any minute: low <= start + wp x persons(plus) - wm x persons(minus) <= high.

    Where convoys already under way leave the band by themselves, it is widened to what they alone reach: facts block
    nobody.
    """

    plus: SideId
    minus: SideId
    wp: int
    wm: int
    low: int
    high: int
    start: int = 0


class Reception(msgspec.Struct, frozen=True):
    """Where these routes end: it takes so many persons a day, counted on the day of the convoy's reception."""

    id: str
    routes: tuple[RouteId, ...]
    per_day: int
    later: tuple[tuple[int, int], ...] = ()
    """(day, persons a day from that day on), ascending, where it does not stay the same."""

    def takes(self, day: int) -> int:
        """Persons on that day, counted from 0."""
        return next((persons for begin, persons in reversed(self.later) if begin <= day), self.per_day)


class Swap(msgspec.Struct, frozen=True):
    """A place behind their gates where convoys of two sides stand, everybody aboard, until the other side has brought as many.

    `legs`: (route, minutes from the crossing's end to this place). A convoy drives on once wp x persons(plus) or wm x persons(minus) that
    the other side has brought are at most `within` fewer than what its own had brought when it came, or nobody of the other is still to
    come. A minute here costs `weight` times the weights of those aboard; nobody stands longer than `most` minutes. The routes' minutes
    hold that longest wait already, so that vehicles, crews and receptions are there whatever it becomes.
    """

    id: PlaceId
    plus: SideId
    minus: SideId
    legs: tuple[tuple[RouteId, int], ...]
    weight: int
    most: int
    wp: int = 1
    wm: int = 1
    within: int = 0


class Unwatched(msgspec.Struct, frozen=True):
    """Monitors are withdrawn from where this side loads, or from where this route is received, in [begin, end): meanwhile nobody boards, or
    is received, there."""

    begin: int
    end: int
    side: SideId | None = None
    route: RouteId | None = None

    @property
    def post(self) -> str:
        """As `postings` names it."""
        return f"{self.side} loading" if self.route is None else f"{self.route} reception"

    def stops(self, route: Route, loading: int, reception: int) -> bool:
        """Whether a convoy of that route, with these minutes, would board or be received in it."""
        if self.side == route.side and loading < self.end and loading + route.load > self.begin:
            return True
        return self.route == route.id and reception < self.end and reception + max(1, route.unload) > self.begin


class Crew(msgspec.Struct, frozen=True):
    """When a side's drivers are on duty: a trip lies wholly in one stretch, from loading until its vehicles are back."""

    side: SideId
    begin: int
    end: int


class ConvoySize(msgspec.Struct, frozen=True):
    """Vehicles in a convoy. Only the last convoy of a side may be smaller."""

    low: int
    high: int


class Problem(msgspec.Struct, frozen=True, dict=True):
    """Everything `solve` may know. Beside its fields it keeps where each route, crossing and side stands, once somebody asks."""

    classes: tuple[PeopleClass, ...]
    wounded_weight: int
    sides: tuple[Side, ...]
    fleet: tuple[Vehicle, ...]
    crossings: tuple[Crossing, ...]
    routes: tuple[Route, ...]
    convoy: ConvoySize
    horizon: int
    objective: Objective = "end"
    parity: tuple[Parity, ...] = ()
    suspensions: tuple[tuple[int, int], ...] = ()
    unwatched: tuple[Unwatched, ...] = ()
    cold: tuple[tuple[int, int], ...] = ((0, 1),)
    """(minute, weight of a waiting minute from then on), ascending."""
    cycles_per_day: int | None = None
    """Bus trips per bus and day that the drivers' hours allow; a trip counts on the day its loading starts."""
    receptions: tuple[Reception, ...] = ()
    crews: tuple[Crew, ...] = ()
    """A side of which none is named drives at any hour."""
    swaps: tuple[Swap, ...] = ()
    boarding_from: int = 0
    """When the last green light was given: nobody boards before."""
    max_convoys: tuple[tuple[SideId, int], ...] = ()
    deadline: int | None = None
    losses: tuple[Loss, ...] = ()
    now: int = 0
    underway: tuple[Convoy, ...] = ()
    """Departed: kept as they are."""
    announced: tuple[Convoy, ...] = ()
    """Told to people, not yet departed: gate and minute are worth keeping."""

    @property
    def limit(self) -> int:
        """The last minute at which a crossing may end."""
        return self.horizon if self.deadline is None else min(self.horizon, self.deadline)

    @property
    def plain(self) -> bool:
        """Whether it says nothing that only the decoder and `check` know; the bound ignores that, and stays a bound."""
        wounded = any(group.wounded for side in self.sides for group in side.groups)
        lying = any(side.lying for side in self.sides)
        returning = any(route.inward is not None for route in self.routes)
        coming = any(self.arrivals.values()) or self.unwatched
        return not (lying or returning or self.receptions or self.crews or self.swaps or self.boarding_from or wounded or coming)

    def route(self, route: RouteId) -> Route:
        return self._routes[route]

    def again(self, convoy: Convoy) -> int:
        """The minute from which its vehicles can load again; NEVER: no window of their gate lets them back."""
        route = self.route(convoy.route)
        if route.inward is None:
            return convoy.crossing_end + route.post
        return NEVER if convoy.returns is None else convoy.returns[1] + route.home

    def crossing(self, crossing: PlaceId) -> Crossing:
        return self._crossings[crossing]

    def side(self, side: SideId) -> Side:
        return self._sides[side]

    @cached_property
    def arrivals(self) -> dict[SideId, tuple[int, ...]]:
        """The minutes, ascending, from which more of a side are there."""
        minutes = {s.id: {each.minute for each in s.coming} | {group.since for group in s.groups} for s in self.sides}
        return {side: tuple(sorted(minute for minute in those if minute > 0)) for side, those in minutes.items()}

    @cached_property
    def _routes(self) -> dict[RouteId, Route]:
        return {each.id: each for each in self.routes}

    @cached_property
    def _crossings(self) -> dict[PlaceId, Crossing]:
        return {each.id: each for each in self.crossings}

    @cached_property
    def _sides(self) -> dict[SideId, Side]:
        return {each.id: each for each in self.sides}

    def lost_at(self) -> dict[VehicleId, int]:
        """The first minute from which each lost vehicle serves nobody."""
        found: dict[VehicleId, int] = {}
        for loss in self.losses:
            for vehicle in loss.vehicles:
                found[vehicle] = min(loss.minute, found.get(vehicle, loss.minute))
        return found

    def buses_on(self, side: SideId, day: int) -> int:
        """Buses of a side that are not lost before that day begins: what the drivers' hours are counted for."""
        lost = self.lost_at()
        return sum(1 for each in self.fleet if each.side == side and each.kind == "bus" and lost.get(each.id, day * DAY) >= day * DAY)
