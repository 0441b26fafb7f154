"""A big world is often several small ones: sides that share no gate and no reception and that no band ties together can be planned apart.

What is best for each part is best for the whole: time in the cold adds up, and the whole is through when its last part is.
"""

from __future__ import annotations

from msgspec.structs import replace

from safepassage.planner.problem import Problem
from safepassage.values.ids import SideId


def corridors(problem: Problem) -> tuple[Problem, ...]:
    """The problem's independent parts, in the order of their first sides; sides of which nobody waits or is under way are left out."""
    parts = {side.id: {side.id} for side in problem.sides}
    for tied in _ties(problem):
        together = set[SideId]().union(*(parts[side] for side in tied))
        parts.update(dict.fromkeys(together, together))
    firsts = [side.id for side in problem.sides if side.id == next(each.id for each in problem.sides if each.id in parts[side.id])]
    found = tuple(_part(problem, parts[first]) for first in firsts)
    busy = tuple(part for part in found if part.underway or any(side.persons for side in part.sides))
    return busy if len(busy) > 1 else (problem,)


def _ties(problem: Problem) -> list[set[SideId]]:
    """Sides that meet in a gate, in a reception, at a swap point or in a band."""
    known = {side.id for side in problem.sides}
    gates = [{route.side for route in problem.routes if route.crossing == gate.id} for gate in problem.crossings]
    receptions = [{route.side for route in problem.routes if route.id in each.routes} for each in problem.receptions]
    swaps = [{swap.plus, swap.minus} for swap in problem.swaps]
    return [tied & known for tied in (*gates, *receptions, *swaps, *({parity.plus, parity.minus} for parity in problem.parity))]


def _part(problem: Problem, sides: set[SideId]) -> Problem:
    """All that these sides have to do with, and nothing else."""
    routes = tuple(route for route in problem.routes if route.side in sides)
    names, gates = {route.id for route in routes}, {route.crossing for route in routes}
    return replace(
        problem,
        sides=tuple(side for side in problem.sides if side.id in sides),
        fleet=tuple(vehicle for vehicle in problem.fleet if vehicle.side in sides),
        crossings=tuple(gate for gate in problem.crossings if gate.id in gates),
        routes=routes,
        parity=tuple(parity for parity in problem.parity if {parity.plus, parity.minus} & sides),
        max_convoys=tuple((side, most) for side, most in problem.max_convoys if side in sides),
        underway=tuple(convoy for convoy in problem.underway if convoy.route in names),
        receptions=tuple(each for each in problem.receptions if names & set(each.routes)),
        swaps=tuple(each for each in problem.swaps if {each.plus, each.minus} & sides),
        unwatched=tuple(each for each in problem.unwatched if each.side in sides or each.route in names),
        crews=tuple(each for each in problem.crews if each.side in sides),
        announced=tuple(convoy for convoy in problem.announced if convoy.route in names),
    )
