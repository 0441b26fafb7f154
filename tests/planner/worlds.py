"""Small worlds that the planner's tests speak about."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from safepassage.planner.problem import (
    ConvoySize,
    Crossing,
    Group,
    Objective,
    Parity,
    PeopleClass,
    Problem,
    Route,
    RouteId,
    Side,
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
