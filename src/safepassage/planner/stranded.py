"""Convoys that are on the road when something is learnt that stops them, with how many aboard. They have departed, so no plan moves them.

What becomes of them is for the people on the road; whoever turns back is learnt (`returned`), and planned with from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from safepassage.planner.learnt import Learnt
from safepassage.planner.problem import Convoy, Problem, RouteId

Stop = Literal["suspended", "gate", "unwatched", "lost"]


class Stranded(msgspec.Struct, frozen=True):
    """A departed convoy that cannot go on as it was to: `persons` aboard; of `lost` vehicles, as many as they have seats for at most."""

    route: RouteId
    departure: int
    persons: int
    why: Stop


def stranded(problem: Problem, learnt: Learnt) -> tuple[Stranded, ...]:
    """`problem` as it stands after what was learnt; in order of departure, each for the first thing that stops it."""
    found = []
    for convoy in sorted(problem.underway, key=lambda each: (each.departure, each.route)):
        why = next(_stops(problem, learnt, convoy), None) if convoy.reception > learnt.minute else None
        if why is not None:
            found.append(Stranded(convoy.route, convoy.departure, _aboard(problem, learnt, convoy, why), why))
    return tuple(found)


def _stops(problem: Problem, learnt: Learnt, convoy: Convoy) -> Iterator[Stop]:
    if set(learnt.lost) & set(convoy.vehicles):
        yield "lost"
    if any(convoy.departure < end and convoy.reception > begin for begin, end in learnt.suspended):
        yield "suspended"
    gate = problem.crossing(problem.route(convoy.route).crossing)
    touched = {place for place, _, _ in (*learnt.closed, *learnt.unwatched)}
    opened = any(opens <= convoy.crossing_start and convoy.crossing_end <= closes for opens, closes in gate.windows)
    if gate.id in touched and convoy.crossing_end > learnt.minute and not opened:
        yield "gate"
    route = problem.route(convoy.route)
    if any(post.route == route.id and post.stops(route, convoy.loading, convoy.reception) for post in learnt.unobserved):
        yield "unwatched"


def _aboard(problem: Problem, learnt: Learnt, convoy: Convoy, why: Stop) -> int:
    if why != "lost":
        return convoy.persons
    seats = sum(vehicle.seats for vehicle in problem.fleet if vehicle.id in learnt.lost and vehicle.id in convoy.vehicles)
    return min(convoy.persons, seats)
