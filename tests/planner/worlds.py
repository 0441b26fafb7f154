"""Small worlds that the planner's tests speak about."""

from __future__ import annotations

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
