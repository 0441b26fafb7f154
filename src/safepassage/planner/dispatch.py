"""First plans in no time: what a dispatcher with one fixed rule would do, and regular patterns laid out beforehand.

Annealing alone stays stuck near a dispatcher's plan; from a regular pattern (one size per side, sides interleaved by
their
share already sent) it goes much further. Measured in docs/explanation/planner.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from safepassage.planner.decoder import Timetable, complete, soonest
from safepassage.planner.problem import Gene, Kind, Problem, Route, Side
from safepassage.values.ids import SideId


def sizes(problem: Problem) -> tuple[int, ...]:
    """Convoy sizes worth trying, smallest first: at most six, the agreed extremes among them."""
    low, high = problem.convoy.low, min(problem.convoy.high, max(len(problem.fleet), problem.convoy.low))
    step = max(1, -(-(high - low) // 5))
    return tuple(sorted({*range(low, high + 1, step), high}))


class Rule(NamedTuple):
    """What a dispatcher with one idea always sends: so many vehicles, so many of them ambulances."""

    size: int
    ambulances: int


def rules(problem: Problem) -> list[Rule]:
    """Every fixed dispatch rule, in a fixed order: few ambulances a convoy before many."""
    most = 3 if any(side.wounded for side in problem.sides) else 0
    return [Rule(size, cars) for cars in range(min(1, most), most + 1) for size in sizes(problem) if cars <= size]


def dispatched(problem: Problem, rule: Rule) -> Timetable | None:
    """Always send that convoy whose gate it would be through first; what does not fit is completed as the decoder does."""
    table = Timetable(problem)
    wishes = [Gene(route.id, rule.size - rule.ambulances, rule.ambulances) for route in problem.routes]
    while any(left.persons for left in table.waiting.values()):
        gene = soonest(table, wishes)
        if (gene is None or table.place(gene) is None) and not complete(table):
            return None
    return table


class Shape(NamedTuple):
    """A regular pattern: vehicles per convoy of each side, which share of them uses each side's later routes,
    ambulances."""

    sizes: tuple[int, ...]
    detour: int
    """Every n-th convoy takes the next route; 0: all take the first."""
    bunched: bool
    """Ambulances all in the first convoys, or spread evenly."""
    lead: int
    """The index of the side that goes first."""


def shapes(problem: Problem) -> list[Shape]:
    """Every regular pattern, in a fixed order."""
    sides = range(len(problem.sides))
    several = len({route.crossing for route in problem.routes}) > 1
    return [
        Shape(chosen, detour, bunched, lead)
        for chosen in product(sizes(problem), repeat=len(problem.sides))
        for detour in ((0, 2, 3, 4, 6) if several else (0,))
        for bunched in ((True, False) if any(side.wounded for side in problem.sides) else (True,))
        for lead in sides
    ]


def pattern(problem: Problem, shape: Shape) -> tuple[Gene, ...]:
    """The genes of a shape: the side that has sent the smaller share of its people goes next."""
    rows = {s.id: list(_row(problem, s, size, shape)) for s, size in zip(problem.sides, shape.sizes, strict=True)}
    first = problem.sides[shape.lead].id
    order = [((n + 0.5) / len(row), side != first, side, n) for side, row in rows.items() for n in range(len(row))]
    if not order:
        return ()
    earliest: dict[SideId, float] = {first: 0.0}
    keyed = sorted((earliest.get(side, share) if n == 0 else share, late, side, n) for share, late, side, n in order)
    return tuple(rows[side][n] for _, _, side, n in keyed)


def _row(problem: Problem, side: Side, size: int, shape: Shape) -> Iterator[Gene]:
    """One side's convoys: enough seats for everybody if all went full."""
    routes = [route for route in problem.routes if route.side == side.id]
    beds = -(-side.wounded // _places(problem, side.id, "ambulance"))
    there = sum(1 for vehicle in problem.fleet if (vehicle.side, vehicle.kind) == (side.id, "ambulance"))
    people, count = sum(side.people), 0
    even = max(1, -(-beds * size * _places(problem, side.id, "bus") // max(1, people)))
    while routes and (people > 0 or beds > 0):
        ambulances = min(beds, there, size if people <= 0 or not shape.bunched else size // 2 or 1)
        ambulances = ambulances if shape.bunched else min(ambulances, even)
        buses = size - ambulances if people > 0 else 0
        yield Gene(_route(routes, shape.detour, count).id, buses, ambulances)
        if buses + ambulances == 0:
            return
        people -= buses * _places(problem, side.id, "bus")
        beds, count = beds - ambulances, count + 1


def _route(routes: list[Route], detour: int, count: int) -> Route:
    if not detour or count % detour != detour - 1 or len(routes) == 1:
        return routes[0]
    return routes[1 + (count // detour) % (len(routes) - 1)]


def _places(problem: Problem, side: SideId, kind: Kind) -> int:
    places = (vehicle.seats for vehicle in problem.fleet if (vehicle.side, vehicle.kind) == (side, kind))
    return max(1, min(places, default=1))
