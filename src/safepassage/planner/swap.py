"""How long each convoy stands at a swap point, everybody aboard and in reach of whoever wants to hit them (Rashideen, 15 April 2017).

Where two sides' convoys meet waiting is worst: it has a weight of its own and a hard maximum (docs/explanation/planner.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from safepassage.planner.problem import Convoy, Problem, Swap
from safepassage.values.ids import SideId


def waits(problem: Problem, swap: Swap, convoys: Sequence[Convoy]) -> list[int]:
    """Minutes for each of these convoys, which are all there are; 0 for those that do not come there."""
    legs, weight = dict(swap.legs), {swap.plus: swap.wp, swap.minus: swap.wm}
    came = {side: list[tuple[int, int]]() for side in weight}
    for convoy in convoys:
        side = problem.route(convoy.route).side
        if convoy.route in legs and side in came:
            came[side].append((convoy.crossing_end + legs[convoy.route], weight[side] * convoy.persons))
    for each in came.values():
        each.sort()
    return [_wait(problem, swap, convoy, came) if convoy.route in legs else 0 for convoy in convoys]


def _wait(problem: Problem, swap: Swap, convoy: Convoy, came: dict[SideId, list[tuple[int, int]]]) -> int:
    side = problem.route(convoy.route).side
    here = convoy.crossing_end + dict(swap.legs)[convoy.route]
    need = sum(persons for minute, persons in came[side] if minute <= here) - swap.within
    leaves = here
    for minute, persons in came[swap.minus if side == swap.plus else swap.plus]:
        if need <= 0:
            break
        leaves, need = max(leaves, minute), need - persons
    return leaves - here
