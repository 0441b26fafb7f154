"""Problems and plans written as JSON: the published form of the reference cases, read and written exactly (docs/formats/instance.md).

Numbers are whole: persons and minutes. Names are the file's own. What a file says that no plan can mean is named by its field, with
what to do (`flaws`), before anything is solved.
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from safepassage.errors import UNREADABLE_INSTANCE, Where, stop
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
    RouteId,
    Side,
    Vehicle,
)
from safepassage.values.ids import PlaceId, SideId, VehicleId

KINDS: tuple[Kind, Kind] = ("bus", "ambulance")
Natural = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]


class _Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is not known is not dropped: it is named."""


class ClassRow(_Read, frozen=True):
    id: Name
    weight: Natural


class Seats(_Read, frozen=True):
    bus: Positive
    ambulance: Positive


class Sizes(_Read, frozen=True):
    """Vehicles in a convoy; one smaller convoy per side is allowed, its last."""

    min: Positive
    max: Positive


class SideRow(_Read, frozen=True):
    """Persons by class, highest first; the wounded go by ambulance only."""

    id: Name
    people: tuple[Natural, ...]
    wounded: Natural


class CrossingRow(_Read, frozen=True):
    id: Name
    setup: Natural
    per_vehicle: Natural
    windows: tuple[tuple[Natural, Natural], ...]


class RouteRow(_Read, frozen=True):
    id: Name
    side: Name
    crossing: Name
    pre: Natural
    onward: Natural
    unload: Natural
    back: Natural
    load: Natural


class ParityRow(_Read, frozen=True):
    plus: Name
    minus: Name
    wp: Positive
    wm: Positive
    low: int
    high: int


class Instance(_Read, frozen=True):
    """One problem; `losses` are [minute, side index, 0 bus / 1 ambulance, number]."""

    classes: Annotated[tuple[ClassRow, ...], Meta(min_length=1)]
    wounded_weight: Natural
    seats: Seats
    convoy: Sizes
    horizon: Positive
    cold: tuple[tuple[Natural, Natural], ...]
    sides: Annotated[tuple[SideRow, ...], Meta(min_length=1)]
    crossings: Annotated[tuple[CrossingRow, ...], Meta(min_length=1)]
    routes: Annotated[tuple[RouteRow, ...], Meta(min_length=1)]
    fleet: dict[str, tuple[Natural, Natural]]
    name: str = ""
    parity: tuple[ParityRow, ...] = ()
    suspensions: tuple[tuple[Natural, Natural], ...] = ()
    losses: tuple[tuple[Natural, Natural, Literal[0, 1], Positive], ...] = ()
    max_convoys: dict[str, Natural] = {}
    deadline: Natural | None = None
    cycles_per_day: Positive | None = None


class Case(msgspec.Struct, frozen=True):
    """An instance with what is known about it: a reference case's file."""

    instance: Instance
    objective: Literal["end", "cold", "feasible"] = "cold"
    optimum: int | None = None
    conflict: tuple[str, ...] | None = None
    example: tuple[dict[str, int | str], ...] = msgspec.field(default=(), name="witness")

    def problem(self, objective: Objective) -> Problem:
        return to_problem(self.instance, objective)

    @property
    def rows(self) -> bytes:
        """The example as a plan's file."""
        return msgspec.json.encode(self.example)


def read_case(text: bytes, file: str = "") -> Case:
    """A reference case, or a bare instance.

    Raises
    ------
    InputError
        UNREADABLE_INSTANCE: not JSON, a field that is missing, unknown or of another kind; the field is named.
    """
    try:
        bare = "instance" not in cast(dict[str, object], msgspec.json.decode(text, type=dict))
        return Case(msgspec.json.decode(text, type=Instance)) if bare else msgspec.json.decode(text, type=Case)
    except msgspec.DecodeError as wrong:  # a validation error among them
        said, _, path = str(wrong).partition(" - at `$")
        stop(UNREADABLE_INSTANCE, Where(file, field=path.rstrip("`").lstrip(".")), reason=said[:1].lower() + said[1:])


def write_instance(instance: Instance) -> bytes:
    """Its JSON; `read_case` gives the same instance again."""
    return msgspec.json.encode(instance)


def to_problem(instance: Instance, objective: Objective) -> Problem:
    """The instance with named vehicles (`A-bus-01`); the last-numbered ones are those that are lost."""
    return Problem(
        classes=tuple(PeopleClass(each.id, each.weight) for each in instance.classes),
        wounded_weight=instance.wounded_weight,
        sides=tuple(Side(SideId(side.id), side.people, side.wounded) for side in instance.sides),
        fleet=tuple(vehicle for side in instance.sides for vehicle in _fleet(instance, SideId(side.id))),
        crossings=tuple(Crossing(PlaceId(gate.id), gate.setup, gate.per_vehicle, gate.windows) for gate in instance.crossings),
        routes=tuple(
            Route(RouteId(r.id), SideId(r.side), PlaceId(r.crossing), r.load, r.pre, r.onward, r.unload, r.back) for r in instance.routes
        ),
        convoy=ConvoySize(instance.convoy.min, instance.convoy.max),
        horizon=instance.horizon,
        objective=objective,
        parity=tuple(Parity(SideId(p.plus), SideId(p.minus), p.wp, p.wm, p.low, p.high) for p in instance.parity),
        suspensions=instance.suspensions,
        cold=instance.cold,
        cycles_per_day=instance.cycles_per_day,
        max_convoys=tuple((SideId(side), most) for side, most in instance.max_convoys.items()),
        deadline=instance.deadline,
        losses=_losses(instance),
    )


def _fleet(instance: Instance, side: SideId) -> list[Vehicle]:
    seats = {"bus": instance.seats.bus, "ambulance": instance.seats.ambulance}
    numbers = zip(KINDS, instance.fleet[side], strict=True)
    return [Vehicle(_name(side, kind, n), side, kind, seats[kind]) for kind, number in numbers for n in range(number)]


def _losses(instance: Instance) -> tuple[Loss, ...]:
    found, gone = [], dict.fromkeys(((side, kind) for side in instance.fleet for kind in KINDS), 0)
    for minute, index, which, number in sorted(instance.losses):
        side, kind = SideId(instance.sides[index].id), KINDS[which]
        last = instance.fleet[side][which] - gone[side, kind]
        found.append(Loss(minute, tuple(_name(side, kind, n) for n in range(max(0, last - number), last))))
        gone[side, kind] += number
    return tuple(found)


def _name(side: SideId, kind: Kind, number: int) -> VehicleId:
    return VehicleId(f"{side}-{kind}-{number + 1:02d}")
