"""Problems written as JSON: the published form of the reference cases. Their ids (`A`, `X1`) are read in lower case, as ours are."""

from __future__ import annotations

import msgspec

from safepassage.planner.problem import (
    ConvoySize,
    Crossing,
    Kind,
    Loss,
    Objective,
    Parity,
    PeopleClass,
    Problem,
    Route,
    Side,
    Vehicle,
)
from safepassage.values.ids import SideId, VehicleId

KINDS: tuple[Kind, Kind] = ("bus", "ambulance")


class Instance(msgspec.Struct, frozen=True):
    """The schema of the reference cases: persons and minutes; fleets as [buses, ambulances]."""

    classes: tuple[PeopleClass, ...]
    wounded_weight: int
    seats: dict[Kind, int]
    convoy: dict[str, int]
    horizon: int
    cold: tuple[tuple[int, int], ...]
    sides: tuple[Side, ...]
    crossings: tuple[Crossing, ...]
    routes: tuple[Route, ...]
    fleet: dict[SideId, tuple[int, int]]
    parity: tuple[Parity, ...] = ()
    suspensions: tuple[tuple[int, int], ...] = ()
    losses: tuple[tuple[int, int, int, int], ...] = ()
    """[minute, side index, 0 bus / 1 ambulance, number]"""
    max_convoys: dict[SideId, int] = {}
    deadline: int | None = None
    cycles_per_day: int | None = None


class Case(msgspec.Struct, frozen=True):
    """An instance with what is known about it."""

    instance: Instance
    objective: str
    optimum: int | None = None
    conflict: tuple[str, ...] | None = None


def read_case(text: bytes) -> Case:
    """A reference case. Raises `msgspec.ValidationError` with the path of the wrong field."""
    return msgspec.json.decode(text.lower(), type=Case)


def read_instance(text: bytes) -> Instance:
    """A bare instance. Raises `msgspec.ValidationError` with the path of the wrong field."""
    return msgspec.json.decode(text.lower(), type=Instance)


def to_problem(instance: Instance, objective: Objective) -> Problem:
    """The instance with named vehicles (`A-bus-01`); the last-numbered ones are those that are lost."""
    return Problem(
        classes=instance.classes,
        wounded_weight=instance.wounded_weight,
        sides=instance.sides,
        fleet=tuple(vehicle for side in instance.sides for vehicle in _fleet(instance, side.id)),
        crossings=instance.crossings,
        routes=instance.routes,
        convoy=ConvoySize(instance.convoy["min"], instance.convoy["max"]),
        horizon=instance.horizon,
        objective=objective,
        parity=instance.parity,
        suspensions=instance.suspensions,
        cold=instance.cold,
        cycles_per_day=instance.cycles_per_day,
        max_convoys=tuple(instance.max_convoys.items()),
        deadline=instance.deadline,
        losses=_losses(instance),
    )


def _fleet(instance: Instance, side: SideId) -> list[Vehicle]:
    numbers = zip(KINDS, instance.fleet[side], strict=True)
    return [Vehicle(_name(side, kind, n), side, kind, instance.seats[kind]) for kind, number in numbers for n in range(number)]


def _losses(instance: Instance) -> tuple[Loss, ...]:
    found, gone = [], dict.fromkeys(((side, kind) for side in instance.fleet for kind in KINDS), 0)
    for minute, index, which, number in sorted(instance.losses):
        side, kind = instance.sides[index].id, KINDS[which]
        last = instance.fleet[side][which] - gone[side, kind]
        found.append(Loss(minute, tuple(_name(side, kind, n) for n in range(last - number, last))))
        gone[side, kind] += number
    return tuple(found)


def _name(side: SideId, kind: Kind, number: int) -> VehicleId:
    return VehicleId(f"{side}-{kind}-{number + 1:02d}")
