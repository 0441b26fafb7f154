"""What `prices` sets prices on: the minutes of every vehicle, trips, people, bands, and where convoys may end, as tables of numbers.

Minutes stand at `minute - begin`. Every doubt goes to the people, as in `flow`: what a table leaves out only makes the bound smaller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy

from safepassage.planner.flow import KINDS
from safepassage.planner.objective import cold_until
from safepassage.planner.problem import DAY, NEVER, Problem, Route

POINTS = 300
"""About as many minutes at which the bands are asked for."""


class Lane(NamedTuple):
    """A route in one window, the number of its side, and by (size, minute of ending in the window): when loading begins, the day of that,
    and 0 where such a convoy may go, else minus infinity."""

    route: Route
    side: int
    loads: Any
    day: Any
    open: Any


class Window(NamedTuple):
    """Of one gate: the minutes from `opens` on, and handling by size. Whoever ends in minute n of it is handled wholly inside."""

    opens: int
    minutes: Any
    handling: Any
    lanes: tuple[Lane, ...]


class Market(NamedTuple):
    """By side, by kind of vehicle, by class (the wounded are the last), by minute; shapes are said in brackets."""

    begin: int
    last: int
    """Crossings that end later are credited there, and bind nothing."""
    smallest: int
    cold: Any
    """Weighted minutes that one person has stood (minutes up to `last`)."""
    weights: Any
    waiting: Any
    """Persons (sides, classes)."""
    there: Any
    """Vehicles that can serve (sides, kinds, minutes until whoever ended at `last` is back)."""
    pools: Any
    """Vehicles in all (sides, kinds)."""
    seats: Any
    """In the biggest (sides, kinds)."""
    trips: Any
    """Bus trips that the drivers' hours allow (sides, days)."""
    ties: Any
    """What one person of a side adds to a band (bands, sides)."""
    points: Any
    """Minutes at which bands are asked for."""
    low: Any
    high: Any
    """Edges (bands, points), without what is under way."""
    sizes: Any
    windows: tuple[Window, ...]
    """Without those in which nothing can pass."""


def market(problem: Problem, last: int) -> Market:
    """Everything of `problem` until `last`, at which some lawful plan ends."""
    begin = min([max(problem.now, problem.boarding_from), *(convoy.loading for convoy in problem.announced)])
    minutes = numpy.arange(begin, last + max(route.post for route in problem.routes) + 2)
    points = numpy.arange(problem.now, last + 1)[:: -max(1, (last - problem.now) // POINTS)][::-1]
    sizes = numpy.arange(1, problem.convoy.high + 1)
    return Market(
        begin, last, problem.convoy.low,
        cold=numpy.array([cold_until(problem, max(0, minute)) for minute in range(begin, last + 1)], dtype=float),
        weights=numpy.array([*(each.weight for each in problem.classes), problem.wounded_weight], dtype=float),
        waiting=numpy.array([[*side.people, side.wounded] for side in problem.sides], dtype=float),
        there=_there(problem, minutes), pools=_of_pools(problem, len), seats=_of_pools(problem, lambda pool: max(pool, default=0)),
        trips=_trips(problem, last // DAY + 1), ties=_ties(problem), points=points, low=_edges(problem, points, low=True),
        high=_edges(problem, points, low=False), sizes=sizes,
        windows=tuple(_windows(problem, sizes, begin, last)),
    )  # fmt: skip


def _of_pools(problem: Problem, of: Any) -> Any:
    """A number of each pool's seats (sides, kinds)."""
    pools = [[[v.seats for v in problem.fleet if (v.side, v.kind) == (side.id, kind)] for kind in KINDS] for side in problem.sides]
    return numpy.array([[of(pool) for pool in of_side] for of_side in pools])


def _there(problem: Problem, minutes: Any) -> Any:
    """Vehicles that are ready, not lost, and not on a convoy that has departed; before `now` nobody is counted out."""
    found, lost = numpy.zeros((len(problem.sides), len(KINDS), len(minutes))), problem.lost_at()
    away = [(set(c.vehicles), c.loading, c.crossing_end + problem.route(c.route).post) for c in problem.underway]
    for n, side in enumerate(problem.sides):
        for vehicle in (each for each in problem.fleet if each.side == side.id):
            here = (minutes >= vehicle.ready_at) & (minutes < lost.get(vehicle.id, NEVER))
            for aboard, begin, end in away:
                here &= (minutes < begin) | (minutes >= end) | (vehicle.id not in aboard)
            found[n, KINDS.index(vehicle.kind)] += here | (minutes < problem.now)
    return found


def _trips(problem: Problem, days: int) -> Any:
    cycles = problem.cycles_per_day
    found = numpy.full((len(problem.sides), days), float(NEVER))
    for n, side in enumerate(problem.sides if cycles is not None else ()):
        found[n] = [(cycles or 0) * problem.buses_on(side.id, day) for day in range(days)]
    return found


def _ties(problem: Problem) -> Any:
    rows = [[parity.wp * (s.id == parity.plus) - parity.wm * (s.id == parity.minus) for s in problem.sides] for parity in problem.parity]
    return numpy.array(rows, dtype=float).reshape(len(problem.parity), len(problem.sides))


def _edges(problem: Problem, points: Any, low: bool) -> Any:
    """A band's lower or upper edge, widened to what those under way reach alone, and without them."""
    found = numpy.zeros((len(problem.parity), len(points)))
    for n, parity in enumerate(problem.parity):
        weight = {parity.plus: parity.wp, parity.minus: -parity.wm}
        facts = numpy.full(len(points), float(parity.start))
        for convoy in problem.underway:
            facts += (points >= convoy.crossing_end) * float(weight.get(problem.route(convoy.route).side, 0) * convoy.persons)
        found[n] = (numpy.minimum(parity.low, facts) if low else numpy.maximum(parity.high, facts)) - facts
    return found


def _windows(problem: Problem, sizes: Any, begin: int, last: int) -> Iterator[Window]:
    for gate in problem.crossings:
        handling = numpy.array([gate.handling(int(size)) for size in sizes])
        for opens, closes in ((max(begin, opens), min(closes, last)) for opens, closes in gate.windows):
            minutes = numpy.arange(opens - begin, closes - begin + 1)
            routes = [route for route in problem.routes if route.crossing == gate.id]
            lanes = tuple(_lane(problem, route, handling, minutes, begin) for route in routes)
            if len(minutes) > 1 and any(numpy.isfinite(lane.open).any() for lane in lanes):
                yield Window(opens - begin, minutes, handling, lanes)


def _lane(problem: Problem, route: Route, handling: Any, minutes: Any, begin: int) -> Lane:
    """No convoy loads before `begin`, is handled outside the window, or is on its way while passage is suspended."""
    ends = minutes[None, :]
    loads = ends - handling[:, None] - route.pre - route.load
    shut = (loads < 0) | (ends - handling[:, None] < ends[:, :1])
    for stops, goes_on in problem.suspensions:
        shut |= (loads + route.load + begin < goes_on) & (ends + route.onward + begin > stops)
    side = next(n for n, each in enumerate(problem.sides) if each.id == route.side)
    loads = numpy.maximum(0, loads)
    return Lane(route, side, loads, (loads + begin) // DAY, numpy.where(shut, -numpy.inf, 0.0))
