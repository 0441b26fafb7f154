"""What a proposal changes for whom, and what happens if it is declined: numbers only, the words belong to the faces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from safepassage.planner.bound import earliest_end
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Convoy, Group, Parity, Problem, RouteId
from safepassage.planner.whom import Shift, shifts
from safepassage.values.ids import SideId


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
    stayed: tuple[Shift, ...]
    """People who leave as they were told."""
    places: int
    """Announced seats that leave as announced, whoever sits in them."""
    extra_convoys: int
    edges: tuple[Edge, ...]
    completion: int
    """The minute at which the last crossing ends."""
    proved_not_before: int
    declined: Declined

    @property
    def kept(self) -> int:
        """Persons who were told gate and minute and leave so."""
        return sum(shift.people for shift in self.stayed)

    @property
    def earlier(self) -> int:
        return sum(shift.people for shift in self.shifts if shift.minutes < 0)

    @property
    def later(self) -> int:
        return sum(shift.people for shift in self.shifts if shift.minutes > 0)


def difference(problem: Problem, plan: Plan, gone: Sequence[Group] = ()) -> Difference:
    """`problem` is the one that the plan answers; what was announced is in it. `gone`: families that were told something and stay now."""
    ahead = [convoy for convoy in plan.convoys if convoy.departure > problem.now]
    matched = [shift for side in problem.sides for shift in shifts(problem, side, ahead, gone)]
    last = max((convoy.crossing_end for convoy in ahead), default=problem.now)
    return Difference(
        shifts=tuple(shift for shift in matched if not shift.same),
        stayed=tuple(shift for shift in matched if shift.same),
        places=_places(problem, ahead),
        extra_convoys=len(ahead) - len(problem.announced),
        edges=tuple(_edge(problem, parity, plan.convoys) for parity in problem.parity),
        completion=plan.completion,
        proved_not_before=min(plan.completion, earliest_end(problem, last)),
        declined=_declined(problem),
    )


def _places(problem: Problem, ahead: Sequence[Convoy]) -> int:
    """Announced seats that still leave so, whoever sits in them."""
    now = Counter[tuple[int, RouteId]]()
    for convoy in ahead:
        now[convoy.departure, convoy.route] += convoy.persons
    return sum(min(convoy.persons, now[convoy.departure, convoy.route]) for convoy in problem.announced)


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
    """Whether its gate is open, the road not suspended and somebody watches, at its minutes."""
    windows = problem.crossing(problem.route(convoy.route).crossing).windows
    opened = any(a <= convoy.crossing_start and convoy.crossing_end <= b for a, b in windows)
    stopped = any(convoy.departure < b and convoy.reception > a for a, b in problem.suspensions)
    return opened and not stopped and watched(problem, convoy)


def watched(problem: Problem, convoy: Convoy) -> bool:
    """Whether monitors are where it loads and where it is received."""
    route = problem.route(convoy.route)
    return not any(post.stops(route, convoy.loading, convoy.reception) for post in problem.unwatched)
