"""Problems and plans written as JSON: the published form of the reference cases, read and written exactly (docs/formats/instance.md).

Numbers are whole: persons and minutes. Names are the file's own. What a file says that no plan can mean is named by its field, with
what to do (`flaws`), before anything is solved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from safepassage.errors import UNREADABLE_INSTANCE, Where, stop
from safepassage.planner.problem import (
    Coming,
    ConvoySize,
    Crew,
    Crossing,
    Group,
    Kind,
    Loss,
    Objective,
    Parity,
    PeopleClass,
    Problem,
    Reception,
    Route,
    RouteId,
    Side,
    Swap,
    Vehicle,
)
from safepassage.values.ids import GroupId, PlaceId, SideId, VehicleId

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


class GroupRow(_Read, frozen=True):
    """A family among `people`, of class `priority` (0: highest), of which `size` need seats and `wounded` places in an ambulance."""

    id: Name
    priority: Natural
    size: Positive
    wounded: Natural = 0
    lying: Natural = 0
    """Of the wounded, who must lie."""
    since: Natural = 0
    """The minute from which it is there."""


class ComingRow(_Read, frozen=True):
    """People of no family, among the side's, who are there only from `minute` on."""

    minute: Natural
    people: tuple[Natural, ...]
    wounded: Natural = 0
    lying: Natural = 0


class SideRow(_Read, frozen=True):
    """Persons by class, highest first; the wounded go by ambulance only."""

    id: Name
    people: tuple[Natural, ...]
    wounded: Natural
    groups: tuple[GroupRow, ...] = ()
    lying: Natural = 0
    """Of the wounded, who must lie: they go only by an ambulance with stretchers."""
    coming: tuple[ComingRow, ...] = ()


class TransferRow(_Read, frozen=True):
    """So many vehicles serve `of` until `minute` and `to` from `ready` on, as the sides in `agreed` allow."""

    minute: Natural
    of: Name
    to: Name
    kind: Kind
    number: Positive
    ready: Natural
    agreed: tuple[Name, ...]


class WeatherRow(_Read, frozen=True):
    """In this stretch a minute in the cold weighs so many times as much."""

    begin: Natural
    end: Natural
    times: Positive


class ReceptionRow(_Read, frozen=True):
    id: Name
    routes: tuple[Name, ...]
    per_day: Natural
    later: tuple[tuple[Natural, Natural], ...] = ()
    """[day, persons a day from that day on], ascending; days are counted from 0."""


class SwapRow(_Read, frozen=True):
    """Where convoys of two sides stand until the other has brought as many: `routes` by minutes from their gate to there. `weights` are
    of one person of each of `sides`, `within` what one may be ahead; a minute costs `weight`, and nobody stands longer than `most`."""

    id: Name
    sides: tuple[Name, Name]
    routes: dict[str, Natural]
    weight: Natural
    most: Natural
    weights: tuple[Positive, Positive] = (1, 1)
    within: Natural = 0


class CrossingRow(_Read, frozen=True):
    id: Name
    setup: Natural
    per_vehicle: Natural
    windows: tuple[tuple[Natural, Natural], ...]
    empty: tuple[Natural, Natural] | None = None
    """Setup and minutes per vehicle of those that come back empty; absent: the same."""


class RouteRow(_Read, frozen=True):
    id: Name
    side: Name
    crossing: Name
    pre: Natural
    onward: Natural
    unload: Natural
    back: Natural
    load: Natural
    inward: Natural | None = None
    """Of the minutes `back`, those until the empty vehicles are at the gate, which handles them again; absent: nobody stops them."""


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
    sitting: dict[str, Natural] = {}
    """By side: so many of its ambulances, the last-numbered, have no stretchers."""
    name: str = ""
    parity: tuple[ParityRow, ...] = ()
    suspensions: tuple[tuple[Natural, Natural], ...] = ()
    losses: tuple[tuple[Natural, Natural, Literal[0, 1], Positive], ...] = ()
    max_convoys: dict[str, Natural] = {}
    deadline: Natural | None = None
    cycles_per_day: Positive | None = None
    receptions: tuple[ReceptionRow, ...] = ()
    swaps: tuple[SwapRow, ...] = ()
    crews: dict[str, tuple[tuple[Natural, Natural], ...]] = {}
    transfers: tuple[TransferRow, ...] = ()
    weather: tuple[WeatherRow, ...] = ()
    green_lights: dict[str, Natural] | None = None
    """By side, and of `drivers` and `reception`: the minute from which it stands."""


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
    losses = _losses(instance)
    moved, gone = _transfers(instance, losses)
    return Problem(
        classes=tuple(PeopleClass(each.id, each.weight) for each in instance.classes),
        wounded_weight=instance.wounded_weight,
        sides=tuple(_side(side) for side in instance.sides),
        fleet=(*(vehicle for side in instance.sides for vehicle in _fleet(instance, SideId(side.id))), *moved),
        crossings=tuple(Crossing(PlaceId(g.id), g.setup, g.per_vehicle, g.windows, g.empty) for g in instance.crossings),
        routes=tuple(_route(instance, row) for row in instance.routes),
        convoy=ConvoySize(instance.convoy.min, instance.convoy.max),
        horizon=instance.horizon,
        objective=objective,
        parity=tuple(Parity(SideId(p.plus), SideId(p.minus), p.wp, p.wm, p.low, p.high) for p in instance.parity),
        suspensions=instance.suspensions,
        cold=weathered(instance.cold, instance.weather),
        cycles_per_day=instance.cycles_per_day,
        max_convoys=tuple((SideId(side), most) for side, most in instance.max_convoys.items()),
        deadline=instance.deadline,
        losses=(*losses, *gone),
        receptions=tuple(Reception(p.id, tuple(map(RouteId, p.routes)), p.per_day, p.later) for p in instance.receptions),
        swaps=tuple(_swap(row) for row in instance.swaps),
        crews=tuple(Crew(SideId(side), begin, end) for side, stretches in instance.crews.items() for begin, end in stretches),
        boarding_from=max((instance.green_lights or {}).values(), default=0),
    )


def _route(instance: Instance, row: RouteRow) -> Route:
    onward = row.onward + _longest_wait(instance, row)
    return Route(RouteId(row.id), SideId(row.side), PlaceId(row.crossing), row.load, row.pre, onward, row.unload, row.back, row.inward)


def _swap(row: SwapRow) -> Swap:
    legs = tuple((RouteId(route), minutes) for route, minutes in row.routes.items())
    plus, minus = map(SideId, row.sides)
    return Swap(PlaceId(row.id), plus, minus, legs, row.weight, row.most, *row.weights, row.within)


def _longest_wait(instance: Instance, route: RouteRow) -> int:
    return sum(swap.most for swap in instance.swaps if route.id in swap.routes)


def _side(row: SideRow) -> Side:
    groups = tuple(Group(GroupId(g.id), g.priority, g.size, g.wounded, g.lying, g.since) for g in row.groups)
    coming = tuple(Coming(each.minute, each.people, each.wounded, each.lying) for each in row.coming)
    return Side(SideId(row.id), row.people, row.wounded, groups, row.lying, coming)


def _transfers(instance: Instance, lost: tuple[Loss, ...]) -> tuple[tuple[Vehicle, ...], tuple[Loss, ...]]:
    """A vehicle that moves is lost to one side and joins the other under a further name. The first-numbered ones go."""
    taken = {vehicle for loss in lost for vehicle in loss.vehicles}
    joined, gone = list[Vehicle](), list[Loss]()
    for row in sorted(instance.transfers, key=lambda row: row.minute):
        own = [v for v in _fleet(instance, SideId(row.of)) if v.kind == row.kind and v.id not in taken][: row.number]
        taken |= {vehicle.id for vehicle in own}
        gone.append(Loss(row.minute, tuple(vehicle.id for vehicle in own)))
        joined += [replace(v, id=VehicleId(f"{v.id}-to-{row.to}"), side=SideId(row.to), ready_at=row.ready) for v in own]
    return tuple(joined), tuple(gone)


def weathered(cold: tuple[tuple[int, int], ...], weather: Sequence[WeatherRow]) -> tuple[tuple[int, int], ...]:
    """The weights of waiting with the weather in them: in each of its stretches a minute weighs so many times as much."""
    moments = sorted({minute for minute, _ in cold} | {minute for row in weather for minute in (row.begin, row.end)})
    found = []
    for minute in moments:
        weight = next(weight for begin, weight in reversed(cold) if begin <= minute)
        for row in weather:
            weight *= row.times if row.begin <= minute < row.end else 1
        found.append((minute, weight))
    return tuple(found)


def _fleet(instance: Instance, side: SideId) -> list[Vehicle]:
    seats = {"bus": instance.seats.bus, "ambulance": instance.seats.ambulance}
    numbers = zip(KINDS, instance.fleet[side], strict=True)
    lie = instance.fleet[side][1] - instance.sitting.get(side, 0)
    return [
        Vehicle(_name(side, kind, n), side, kind, seats[kind], stretchers=kind == "bus" or n < lie)
        for kind, number in numbers
        for n in range(number)
    ]


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
