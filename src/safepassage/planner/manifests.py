"""Who sits in which vehicle of a convoy: families whole where any vehicle holds them, people on their own in what is left.

A convoy's seats are filled as one (`seats`); here they are parted. The biggest family goes to the vehicle that it fills best. Where the
families of a convoy leave no single vehicle for one of them, it is parted over vehicles of the same convoy, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safepassage.planner.problem import Convoy, Group, Problem
from safepassage.values.ids import GroupId, VehicleId


class Manifest(msgspec.Struct, frozen=True):
    """One vehicle of one convoy. `groups` sit here whole; of those in `parted` only some do; `alone`: people of no family."""

    vehicle: VehicleId
    groups: tuple[GroupId, ...] = ()
    parted: tuple[GroupId, ...] = ()
    alone: int = 0
    wounded: int = 0
    """Places taken in an ambulance: the wounded of no family, and those of families aboard."""
    seated: int = 0


class _Car:
    """A vehicle while it is filled."""

    def __init__(self, id: VehicleId, seats: int) -> None:
        self.id, self.free = id, seats
        self.seats = seats
        self.groups: list[GroupId] = []
        self.parted: list[GroupId] = []
        self.alone = 0

    def take(self, group: GroupId, size: int, whole: bool) -> None:
        (self.groups if whole else self.parted).append(group)
        self.free -= size


def manifests(problem: Problem, convoy: Convoy) -> tuple[Manifest, ...]:
    """One for each vehicle, in the convoy's order; together they hold exactly the convoy's people."""
    fleet = {vehicle.id: vehicle for vehicle in problem.fleet}
    side = problem.side(problem.route(convoy.route).side)
    aboard = {group.id: group for group in side.groups if group.id in convoy.groups}
    buses = [_Car(name, fleet[name].seats) for name in convoy.vehicles if fleet[name].kind == "bus"]
    beds = [_Car(name, fleet[name].seats) for name in convoy.vehicles if fleet[name].kind == "ambulance"]
    _seat(buses, list(aboard.values()))
    _fill(buses, sum(convoy.people) - sum(group.size for group in aboard.values()))
    _lay(beds, [group for group in aboard.values() if group.wounded], convoy.wounded)
    made = {car.id: Manifest(car.id, tuple(car.groups), tuple(car.parted), car.alone, 0, car.seats - car.free) for car in buses}
    made |= {car.id: Manifest(car.id, tuple(car.groups), tuple(car.parted), 0, car.seats - car.free, 0) for car in beds}
    return tuple(made[name] for name in convoy.vehicles)


def _seat(cars: list[_Car], groups: Sequence[Group]) -> None:
    """Best fit, biggest first; who fits nowhere whole is parted at the end, over as few vehicles as can be."""
    late = []
    for group in sorted(groups, key=lambda group: (-group.size, group.id)):
        room = [car for car in cars if car.free >= group.size]
        if room:
            min(room, key=lambda car: (car.free, car.id)).take(group.id, group.size, whole=True)
        else:
            late.append(group)
    for group in late:
        left = group.size
        for car in sorted(cars, key=lambda car: (-car.free, car.id)):
            part = min(left, car.free)
            if part:
                car.take(group.id, part, whole=False)
                left -= part


def _fill(cars: list[_Car], alone: int) -> None:
    """People on their own, where the most seats are left."""
    for car in sorted(cars, key=lambda car: (-car.free, car.id)):
        car.alone = min(alone, car.free)
        car.free -= car.alone
        alone -= car.alone


def _lay(cars: list[_Car], groups: Sequence[Group], wounded: int) -> None:
    """The wounded of one family together where an ambulance holds them; then the others."""
    for group in sorted(groups, key=lambda group: (-group.wounded, group.id)):
        left = group.wounded
        for car in sorted(cars, key=lambda car: (car.free < left, car.free, car.id)):
            part = min(left, car.free)
            if part:
                car.take(group.id, part, whole=part == group.wounded)
                left -= part
    for car in cars:
        part = min(car.free, max(0, wounded - sum(each.seats - each.free for each in cars)))
        car.free -= part
