"""What makes one plan better than another: how long people stand in the cold, or when the last convoy is through."""

from __future__ import annotations

from collections.abc import Sequence

from safepassage.planner.problem import Convoy, Problem
from safepassage.planner.swap import waits
from safepassage.values.ids import SideId

LATE = 1_000_000_000_000
"""The price of one minute past the limit, or of one convoy too many: more than any lawful plan costs."""


def cold_until(problem: Problem, minute: int) -> int:
    """Weighted minutes one waiting person has stood by then: the integral of `cold` from minute 0."""
    total, steps = 0, problem.cold
    for index, (begin, weight) in enumerate(steps):
        end = steps[index + 1][0] if index + 1 < len(steps) else minute
        total += weight * max(0, min(end, minute) - begin)
    return total


def persons_weight(problem: Problem, convoy: Convoy) -> int:
    """Persons aboard, each times the weight of its class."""
    classes = sum(each.weight * number for each, number in zip(problem.classes, convoy.people, strict=True))
    return classes + problem.wounded_weight * convoy.wounded


def value(problem: Problem, convoys: Sequence[Convoy]) -> int:
    """`end`: minutes until the last crossing ends. `cold`: weighted person-minutes until each person's crossing
    ends, and at swap points."""
    everyone = (*problem.underway, *convoys)
    if problem.objective == "end":
        return max((convoy.crossing_end for convoy in everyone), default=0)
    return standing(problem, everyone) + sum(
        persons_weight(problem, convoy) * cold_until(problem, convoy.crossing_end) for convoy in everyone
    )


def standing(problem: Problem, everyone: Sequence[Convoy]) -> int:
    """Weighted person-minutes at swap points."""
    return sum(
        swap.weight * minutes * persons_weight(problem, convoy)
        for swap in problem.swaps
        for convoy, minutes in zip(everyone, waits(problem, swap, everyone), strict=True)
    )


def shortfall(problem: Problem, convoys: Sequence[Convoy]) -> int:
    """Minutes past deadline or horizon, convoys above the agreed number, and minutes past the longest wait at a swap point; 0 is lawful."""
    late = max(0, max((convoy.crossing_end for convoy in convoys), default=0) - problem.limit)
    return late + too_long(problem, convoys) + sum(max(0, _convoys(problem, convoys, side) - most) for side, most in problem.max_convoys)


def too_long(problem: Problem, convoys: Sequence[Convoy]) -> int:
    """Minutes beyond the longest wait, of all these convoys; those under way are facts."""
    everyone = (*convoys, *problem.underway)
    return sum(max(0, minutes - swap.most) for swap in problem.swaps for minutes in waits(problem, swap, everyone)[: len(convoys)])


def cost(problem: Problem, convoys: Sequence[Convoy]) -> int:
    """What the search makes small: the value, and a price on what is not lawful that no lawful plan can reach."""
    return value(problem, convoys) + LATE * shortfall(problem, convoys)


def _convoys(problem: Problem, convoys: Sequence[Convoy], side: SideId) -> int:
    own = {route.id for route in problem.routes if route.side == side}
    return sum(1 for convoy in (*problem.underway, *convoys) if convoy.route in own)


def moved(problem: Problem, convoys: Sequence[Convoy]) -> int:
    """Announced persons who do not leave by the announced gate at the announced minute."""
    kept: dict[tuple[str, int], int] = {}
    for convoy in convoys:
        kept[convoy.route, convoy.departure] = kept.get((convoy.route, convoy.departure), 0) + convoy.persons
    return sum(max(0, convoy.persons - kept.get((convoy.route, convoy.departure), 0)) for convoy in problem.announced)
