"""People of a deployment for whom nothing that there is can come: they are left out of its plan by name, and everybody else is planned.

An instance in a file is refused instead: whoever wrote it can mend it. A deployment at night cannot wait until a bigger bus has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from safepassage.planner.learnt import Stay
from safepassage.planner.plainly import serving, too_large
from safepassage.planner.presence import cut
from safepassage.planner.problem import Group, Problem, Side, Vehicle
from safepassage.values.trips import NotPlanned, Obstacle

_STAYS = {"let out": Obstacle.SHUT_IN, "parity": Obstacle.BAND}


def without_those(problem: Problem) -> tuple[Problem, tuple[NotPlanned, ...]]:
    """The problem of all others, and who was left out. A side without any bus is left as it is: that stops its plan, and is named."""
    sides, out = [], list[NotPlanned]()
    for side in problem.sides:
        able = serving(problem, side)
        if any(vehicle.kind == "bus" for vehicle in able):
            families = list(too_large(side, able))
            side, alone = _alone(_less(side, families), able)
            out += [*(_family(side, group, able) for group in families), *alone]
        sides.append(side)
    return (replace(problem, sides=tuple(sides)) if out else problem), tuple(out)


def staying(stays: Iterable[Stay]) -> tuple[NotPlanned, ...]:
    """Those for whom there is a vehicle and no way out now."""
    return tuple(NotPlanned(stay.side, stay.persons, _STAYS[stay.why]) for stay in stays)


def _less(side: Side, families: Sequence[Group]) -> Side:
    people = tuple(n - sum(group.size for group in families if group.priority == k) for k, n in enumerate(side.people))
    wounded = side.wounded - sum(group.wounded for group in families)
    lying = side.lying - sum(group.lying for group in families)
    return _cut(side, people=people, wounded=wounded, groups=tuple(group for group in side.groups if group not in families), lying=lying)


def _cut(side: Side, **fewer: Any) -> Side:
    """The side with fewer people, and so perhaps with fewer who still come."""
    smaller = replace(side, **fewer)
    return replace(smaller, coming=cut(side.coming, side, smaller))


def _family(side: Side, group: Group, able: Sequence[Vehicle]) -> NotPlanned:
    buses = _most(each for each in able if each.kind == "bus")
    if group.size > buses:
        return NotPlanned(side.id, group.size + group.wounded, Obstacle.BUS, buses, group.id)
    why = Obstacle.STRETCHERS if group.lying else Obstacle.AMBULANCE
    most = _most(each for each in able if each.kind == "ambulance" and (each.stretchers or not group.lying))
    return NotPlanned(side.id, group.size + group.wounded, why, most, group.id)


def _alone(side: Side, able: Sequence[Vehicle]) -> tuple[Side, tuple[NotPlanned, ...]]:
    """Wounded of no family, where no ambulance can serve them, or none in which they can lie."""
    ambulances, out = [each for each in able if each.kind == "ambulance"], list[NotPlanned]()
    if side.lying and not any(each.stretchers for each in ambulances):
        out.append(NotPlanned(side.id, side.lying, Obstacle.STRETCHERS))
        side = _cut(side, wounded=side.wounded - side.lying, lying=0)
    if side.wounded and not ambulances:
        out.append(NotPlanned(side.id, side.wounded, Obstacle.AMBULANCE))
        side = _cut(side, wounded=0, lying=0)
    return side, tuple(out)


def _most(vehicles: Iterator[Vehicle]) -> int:
    return max((each.seats for each in vehicles), default=0)
