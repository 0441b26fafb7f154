"""Small worlds that the planner's tests speak about."""

from __future__ import annotations

from functools import partial
from random import Random

from msgspec.structs import replace

from safepassage.planner.flow import KINDS
from safepassage.planner.problem import (
    ConvoySize,
    Crew,
    Crossing,
    Group,
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

A, F = SideId("aleppo"), SideId("foua")
GATE, FAR = PlaceId("ramouseh"), PlaceId("foua-gate")


def families(side: SideId, priority: int, sizes: tuple[int, ...]) -> tuple[Group, ...]:
    return tuple(Group(GroupId(f"{side}-{priority}-{n}"), priority, size) for n, size in enumerate(sizes))


def fleet(side: SideId, buses: int, ambulances: int) -> tuple[Vehicle, ...]:
    return (
        *(Vehicle(VehicleId(f"{side}-b{n:02}"), side, "bus", 50) for n in range(buses)),
        *(Vehicle(VehicleId(f"{side}-a{n:02}"), side, "ambulance", 2) for n in range(ambulances)),
    )


def with_families(problem: Problem, seed: int = 1) -> Problem:
    """The same world with everybody but the wounded in a family of two to nine (one person may be left over in a class)."""
    chance, sides = Random(seed), list[Side]()
    for side in problem.sides:
        groups = list[Group]()
        for k, people in enumerate(side.people):
            while people > 1:
                groups.append(Group(GroupId(f"{side.id}-{k}-{people}"), k, size := min(people, chance.randint(2, 9))))
                people -= size
        sides.append(replace(side, groups=tuple(groups)))
    return replace(problem, sides=tuple(sides))


def seats_of(buses: tuple[int, ...], ambulances: tuple[int, ...] = ()) -> tuple[Vehicle, ...]:
    """Vehicles with so many places each."""
    return (
        *(Vehicle(VehicleId(f"b{n}"), A, "bus", seats) for n, seats in enumerate(buses)),
        *(Vehicle(VehicleId(f"a{n}"), A, "ambulance", seats) for n, seats in enumerate(ambulances)),
    )


def night(objective: Objective = "cold", band: int = 300) -> Problem:
    """900 people, 21 buses and 4 ambulances, two gates: the size of the exercise. All its minutes are ours, not
    history."""
    return Problem(
        classes=(PeopleClass("vulnerable", 3), PeopleClass("general", 1)),
        wounded_weight=6,
        sides=(
            Side(A, (140, 412), 8, families(A, 0, (5, 4, 6, 3, 7, 5) * 4) + families(A, 1, (4, 6, 5, 3, 7, 2) * 12)),
            Side(F, (80, 256), 4, families(F, 0, (5, 4, 6) * 5) + families(F, 1, (4, 6, 5, 3, 7, 2) * 8)),
        ),
        fleet=fleet(A, 12, 3) + fleet(F, 9, 1),
        crossings=(Crossing(GATE, 10, 3, ((0, 1440),)), Crossing(FAR, 10, 3, ((0, 1440),))),
        routes=(
            Route(RouteId("A-R"), A, GATE, 30, 15, 40, 20, 60),
            Route(RouteId("F-G"), F, FAR, 30, 10, 120, 20, 140),
        ),
        convoy=ConvoySize(2, 6),
        horizon=1440,
        objective=objective,
        parity=(Parity(A, F, 1, 1, -band, band),),
        cold=((0, 3), (480, 1)),
        suspensions=((300, 420),),
    )


def wide(corridors: int, people: int, seed: int = 1) -> Problem:
    """So many corridors that share nothing, each with two sides, two gates that close at night, and a band between them. Ours, not
    history: no two alike, all of the size that `people` asks for; twelve gates and 200,000 people are six of 33,240."""
    chance, sides, vehicles, gates, routes, links = (
        Random(seed),
        list[Side](),
        list[Vehicle](),
        list[Crossing](),
        list[Route](),
        list[Parity](),
    )
    for n in range(corridors):
        many = people // corridors * chance.randint(80, 100) // 100
        few, buses = people // corridors - many, max(8, people // corridors // 400)
        north, south = SideId(f"north-{n}"), SideId(f"south-{n}")
        for name, persons, share in ((north, many, 100), (south, few, 40)):
            wounded = persons // 120
            vulnerable = (persons - wounded) // 4
            sides.append(Side(name, (vulnerable, persons - wounded - vulnerable), wounded))
            vehicles.extend(fleet(name, max(4, buses * share // 100), max(1, buses * share // 400)))
        for number, (setup, each) in enumerate(((chance.randint(12, 20), 2), (chance.randint(20, 30), 3))):
            opens = 60 * chance.randint(5, 8)
            shuts = opens + 960 - number * 300
            windows = tuple((opens + day * 1440, shuts + day * 1440) for day in range(12))
            gates.append(Crossing(PlaceId(f"gate-{n}-{number}"), setup, each, windows))
            for name in (north, south):
                minutes = [10 * chance.randint(2, 9) for _ in range(4)]
                routes.append(Route(RouteId(f"{name}-{number}"), name, gates[-1].id, 50, *minutes))
        band = max(600, people // corridors // 10)
        links.append(Parity(north, south, few, many, -band * many, band * many))
    return Problem(
        classes=(PeopleClass("vulnerable", 3), PeopleClass("general", 1)), wounded_weight=6, sides=tuple(sides), fleet=tuple(vehicles),
        crossings=tuple(gates), routes=tuple(routes), convoy=ConvoySize(2, 8) if people // corridors < 5000 else ConvoySize(10, 25),
        horizon=12 * 1440, objective="cold", parity=tuple(links), cycles_per_day=4,
        cold=tuple((at + 1440 * day, weight) for day in range(12) for at, weight in ((0, 3), (360, 1), (1080, 3))),
    )  # fmt: skip


def laden(problem: Problem, chance: Random) -> Problem:
    """The same world on two days with any of the extras, each as likely there as not: all that a problem can say beside its core. The
    first vehicle of each side and kind stays as it is, so that somebody can go."""
    some = partial(chance.choice, (True, False))
    sides = tuple(_hurt(side, chance) if some() else side for side in problem.sides)
    firsts = {next(v.id for v in problem.fleet if (v.side, v.kind) == (side.id, kind)) for side in sides for kind in KINDS}
    fleet = tuple(v if v.id in firsts else _unlike(v, chance) for v in problem.fleet) if some() else problem.fleet
    ends = [tuple(route.id for route in problem.routes if route.side == side.id) for side in sides]
    later = ((chance.randint(0, 1), chance.randint(120, 400)),) if some() else ()
    legs = tuple((route.id, chance.randint(0, route.onward)) for route in problem.routes)
    swap = Swap(PlaceId("swap"), sides[0].id, sides[1].id, legs, 2, chance.randint(30, 900), 1, 2, chance.randint(0, 60))
    return replace(
        problem,
        sides=sides,
        fleet=fleet,
        receptions=tuple(Reception(f"camp-{n}", routes, chance.randint(120, 400), later) for n, routes in enumerate(ends) if some()),
        crews=tuple(Crew(side.id, day * 1440 + 30, day * 1440 + chance.randint(500, 1400)) for side in sides for day in (0, 1) if some()),
        swaps=(swap,) if some() else (),
        boarding_from=chance.choice((0, 0, 90)),
        losses=tuple(
            Loss(chance.randint(0, 1900), (vehicle.id,)) for vehicle in fleet if vehicle.id not in firsts and chance.random() < 0.3
        )
        if some()
        else (),
        routes=tuple(replace(route, inward=route.back // 2) if some() else route for route in problem.routes),
        horizon=2 * problem.horizon,
        crossings=tuple(replace(gate, windows=(*gate.windows, (1800, 2800))) for gate in problem.crossings),
    )


def _hurt(side: Side, chance: Random) -> Side:
    """Of some families one or two are wounded, of these some must lie, as do some who are on their own."""
    groups = []
    for group in side.groups:
        wounded = 0 if group.priority else chance.choice((0, 0, 1, 2))
        groups.append(replace(group, wounded=wounded, lying=chance.randint(0, wounded)))
    lone = chance.randint(0, side.wounded)
    wounded, lying = (sum(getattr(group, name) for group in groups) for name in ("wounded", "lying"))
    return replace(side, groups=tuple(groups), wounded=side.wounded + wounded, lying=lying + lone)


def _unlike(vehicle: Vehicle, chance: Random) -> Vehicle:
    """Buses of several sizes, ambulances of both kinds."""
    if vehicle.kind == "bus":
        return replace(vehicle, seats=chance.choice((5, 20, 50)), ready_at=chance.choice((0, 0, 60)))
    return replace(vehicle, seats=chance.choice((1, 2, 3)), stretchers=chance.random() < 0.6)
