"""What a proposal changes for whom, and what happens if it is declined: numbers only, the words belong to the faces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from safepassage.planner.bound import earliest_end
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Convoy, Parity, Problem, RouteId
from safepassage.values.ids import SideId

Seats = dict[tuple[int, RouteId], int]
"""Persons by departure and route."""


class Shift(msgspec.Struct, frozen=True):
    """`people` persons of a side who were to depart at `was` by one convoy and now depart at `becomes` by another."""

    side: SideId
    was_route: RouteId
    was: int
    route: RouteId
    becomes: int
    people: int

    @property
    def minutes(self) -> int:
        """Later if positive, earlier if negative."""
        return self.becomes - self.was


class Edge(msgspec.Struct, frozen=True):
    """The largest parity difference that the plan reaches, and the minute."""

    plus: SideId
    minus: SideId
    difference: int
    minute: int


class Declined(msgspec.Struct, frozen=True):
    """If nobody adopts: announced convoys that cannot go whole, persons without a seat, and the next that can go as
    announced."""

    convoys: tuple[tuple[RouteId, int], ...]
    """Route and departure."""
    people: int
    """Persons announced for those convoys; whoever finds a seat in what is left of them goes against the plan."""
    next_departure: int | None


class Difference(msgspec.Struct, frozen=True):
    """A proposal against what was announced."""

    shifts: tuple[Shift, ...]
    """Only people whose minute or route changes."""
    kept: int
    """Announced persons who leave as announced."""
    extra_convoys: int
    edges: tuple[Edge, ...]
    completion: int
    """The minute at which the last crossing ends."""
    proved_not_before: int
    declined: Declined

    @property
    def earlier(self) -> int:
        return sum(shift.people for shift in self.shifts if shift.minutes < 0)

    @property
    def later(self) -> int:
        return sum(shift.people for shift in self.shifts if shift.minutes > 0)


def difference(problem: Problem, plan: Plan) -> Difference:
    """`problem` is the one that the plan answers; what was announced is in it."""
    ahead = [convoy for convoy in plan.convoys if convoy.departure > problem.now]
    matched = [shift for side in problem.sides for shift in _shifts(problem, side.id, ahead)]
    last = max((convoy.crossing_end for convoy in ahead), default=problem.now)
    return Difference(
        shifts=tuple(shift for shift in matched if shift.minutes or shift.was_route != shift.route),
        kept=sum(shift.people for shift in matched if not shift.minutes and shift.was_route == shift.route),
        extra_convoys=len(ahead) - len(problem.announced),
        edges=tuple(_edge(problem, parity, plan.convoys) for parity in problem.parity),
        completion=plan.completion,
        proved_not_before=min(plan.completion, earliest_end(problem, last)),
        declined=_declined(problem),
    )


def _shifts(problem: Problem, side: SideId, ahead: Sequence[Convoy]) -> list[Shift]:
    """Who keeps gate and minute is matched first; the others in order of departure, old against new."""
    own = {route.id for route in problem.routes if route.side == side}
    before = _seats(c for c in problem.announced if c.route in own)
    now = _seats(c for c in ahead if c.route in own)
    found = []
    for key in sorted(before.keys() & now.keys()):
        people = min(before[key], now[key])
        found.append(Shift(side, key[1], key[0], key[1], key[0], people))
        before[key] -= people
        now[key] -= people
    return found + _in_order(side, before, now)


def _in_order(side: SideId, before: Seats, now: Seats) -> list[Shift]:
    """First to have left, first to leave."""
    found = []
    coming = iter([(key, people) for key, people in sorted(now.items()) if people])
    (minute, route), places = next(coming, ((0, RouteId("")), 0))
    for (was, was_route), people in sorted(before.items()):
        while people and places:
            part = min(people, places)
            found.append(Shift(side, was_route, was, route, minute, part))
            people, places = people - part, places - part
            if not places:
                (minute, route), places = next(coming, ((0, RouteId("")), 0))
    return found


def _seats(convoys: Iterable[Convoy]) -> Seats:
    """Persons by departure and route."""
    found: Seats = {}
    for convoy in convoys:
        found[convoy.departure, convoy.route] = found.get((convoy.departure, convoy.route), 0) + convoy.persons
    return found


def _edge(problem: Problem, parity: Parity, convoys: Sequence[Convoy]) -> Edge:
    """The first minute at which the weighted difference is furthest from zero."""
    weight = {parity.plus: parity.wp, parity.minus: -parity.wm}
    sides = {route.id: route.side for route in problem.routes}
    balance, after = parity.start, dict[int, int]()
    for convoy in sorted(convoys, key=lambda each: each.crossing_end):
        balance += weight.get(sides[convoy.route], 0) * convoy.persons
        after[convoy.crossing_end] = balance
    minute = max(after, key=lambda each: (abs(after[each]), -each), default=problem.now)
    return Edge(parity.plus, parity.minus, after.get(minute, parity.start), minute)


def _declined(problem: Problem) -> Declined:
    whole = [convoy for convoy in problem.announced if goes(problem, convoy)]
    broken = [convoy for convoy in problem.announced if convoy not in whole]
    return Declined(
        convoys=tuple((convoy.route, convoy.departure) for convoy in broken),
        people=sum(convoy.persons for convoy in broken),
        next_departure=min((convoy.departure for convoy in whole), default=None),
    )


def goes(problem: Problem, convoy: Convoy) -> bool:
    """Whether it can still go as announced: its vehicles are there, its gate is open, the road is not suspended."""
    lost, ready = problem.lost_at(), {vehicle.id: vehicle.ready_at for vehicle in problem.fleet}
    back = problem.again(convoy)
    there = all(lost.get(v, back) >= back and ready.get(v, back) <= convoy.loading for v in convoy.vehicles)
    return there and passable(problem, convoy)


def passable(problem: Problem, convoy: Convoy) -> bool:
    """Whether its gate is open and the road not suspended at its minutes."""
    windows = problem.crossing(problem.route(convoy.route).crossing).windows
    opened = any(a <= convoy.crossing_start and convoy.crossing_end <= b for a, b in windows)
    return opened and not any(convoy.departure < b and convoy.reception > a for a, b in problem.suspensions)
