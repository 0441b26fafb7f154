"""What the model says besides its core: families with wounded, receptions, crews, green lights, transfers, weather, a third currency.

Each is kept by the decoder, judged by `check` on its own, ignored by the bound (which stays a bound), read and written, and named where
it cannot be meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.planner.check import balance, check
from safepassage.planner.instance import WeatherRow, read_case, to_problem, weathered, write_instance
from safepassage.planner.objective import cold_until
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Crew, Group, Parity, Problem, Reception, Route, RouteId, Side, Vehicle
from safepassage.planner.seats import board, waiting
from safepassage.planner.sense import flaws
from safepassage.planner.solve import solve
from safepassage.values.ids import GroupId, SideId, VehicleId
from tests.laws.test_planner import worlds
from tests.planner.test_instance import TWO_SIDES, put, spoilt
from tests.planner.worlds import FAR, A, F, night, seats_of

D = SideId("detainees")


def solved(problem: Problem, budget: int = 40) -> Plan:
    found = solve(problem, seed=1, budget=budget)
    assert isinstance(found, Plan), found
    assert check(problem, found.convoys) == ()
    assert found.bound <= found.value
    return found


def broken(problem: Problem, plan: Plan) -> set[str]:
    return {violation.rule for violation in check(problem, plan.convoys)}


# Families with wounded.
def hurt(problem: Problem) -> Problem:
    """Three families of the first class get one wounded member each, who was among the side's wounded."""
    side = problem.side(A)
    groups = tuple(replace(g, wounded=1) if n < 3 and g.priority == 0 else g for n, g in enumerate(side.groups))
    return replace(problem, sides=(replace(side, groups=groups), problem.side(F)))


def test_a_wounded_persons_family_travels_in_the_same_convoy() -> None:
    problem = hurt(night())
    plan = solved(problem)
    for group in (group for group in problem.side(A).groups if group.wounded):
        (convoy,) = [convoy for convoy in plan.convoys if group.id in convoy.groups]
        ambulances = [v for v in problem.fleet if v.id in convoy.vehicles and v.kind == "ambulance"]
        assert len(ambulances) * 2 >= convoy.wounded >= group.wounded


def test_a_family_aboard_without_its_wounded_is_called_broken() -> None:
    problem = hurt(night())
    plan = solved(problem)
    convoy = next(c for c in plan.convoys if c.wounded and any(g.id in c.groups for g in problem.side(A).groups if g.wounded))
    spoiled = [replace(c, wounded=0) if c is convoy else c for c in plan.convoys]
    assert "family" in {violation.rule for violation in check(problem, spoiled)}


def test_whoever_is_wounded_alone_takes_what_beds_a_familys_wounded_leave() -> None:
    family = Group(GroupId("g-1"), 0, 4, 2)
    side = Side(A, (4, 10), 3, (family,))
    aboard, left = board(waiting(side), seats_of((50,), (2,)), room=100)
    assert (aboard.wounded, aboard.families, left.wounded) == (2, (("g-1",), ("g-1",)), 1)
    aboard, left = board(waiting(side), seats_of((3,), (2,)), room=100)
    assert (aboard.wounded, aboard.families, left.wounded) == (1, (), 2), "the family finds no seats, so its wounded wait with it"


# Receptions.
def test_a_reception_takes_so_many_a_day_and_no_more() -> None:
    problem = replace(night(), horizon=6000, receptions=(Reception("idlib", (RouteId("A-R"),), 250),))
    problem = replace(problem, crossings=tuple(replace(gate, windows=((0, 6000),)) for gate in problem.crossings))
    plan = solved(problem)
    by_day: dict[int, int] = {}
    for convoy in (c for c in plan.convoys if c.route == "A-R"):
        by_day[convoy.reception // 1440] = by_day.get(convoy.reception // 1440, 0) + convoy.persons
    assert max(by_day.values()) <= 250
    assert len(by_day) == 3, "560 persons"
    assert any(convoy.why_waits == "reception" for convoy in plan.convoys)
    assert "reception" in broken(replace(problem, receptions=(Reception("idlib", (RouteId("A-R"),), 200),)), plan)


# Crews.
def test_a_trip_lies_wholly_in_its_crews_hours() -> None:
    problem = replace(night(), crews=(Crew(A, 0, 400), Crew(A, 700, 1400)))
    plan = solved(problem)
    for convoy in (c for c in plan.convoys if c.route == "A-R"):
        back = convoy.crossing_end + problem.route(convoy.route).post
        assert back <= 400 or (convoy.loading >= 700 and back <= 1400)
    assert "crews" in broken(replace(problem, crews=(Crew(A, 0, 100),)), plan)


# Green lights.
def test_nobody_boards_before_the_last_green_light() -> None:
    problem = replace(night(), boarding_from=90)
    plan = solved(problem)
    assert min(convoy.loading for convoy in plan.convoys) >= 90
    assert broken(problem, solved(night())) >= {"green light"}


# Reductions.
def extra(**fields: object) -> bytes:
    return json.dumps({**TWO_SIDES, **fields}).encode()


TRANSFER = {"minute": 200, "of": "North", "to": "South", "kind": "bus", "number": 1, "ready": 260, "agreed": ["North", "South"]}


def test_a_vehicle_that_both_sides_let_move_is_lost_to_one_and_joins_the_other() -> None:
    problem = to_problem(read_case(extra(transfers=[TRANSFER])).instance, "cold")
    moved = VehicleId("North-bus-01-to-South")
    assert Vehicle(moved, SideId("South"), "bus", 50, 260) in problem.fleet
    assert problem.lost_at()[VehicleId("North-bus-01")] == 200
    solved(problem)


def test_weather_makes_waiting_weigh_more_in_its_stretch_and_nowhere_else() -> None:
    cold = ((0, 3), (480, 1))
    assert weathered(cold, (WeatherRow(400, 600, 4),)) == ((0, 3), (400, 12), (480, 4), (600, 1))
    assert weathered(cold, ()) == cold
    problem = to_problem(read_case(extra(weather=[{"begin": 400, "end": 600, "times": 4}])).instance, "cold")
    plain = to_problem(read_case(extra()).instance, "cold")
    assert cold_until(problem, 700) - cold_until(plain, 700) == 80 * 9 + 120 * 3


def test_detainees_are_a_third_currency_as_a_side_of_their_own_with_a_band_of_its_own() -> None:
    """Detainees let go by one side against civilians of the other: a side, vehicles, a route and a second band."""
    base = night()
    problem = replace(
        base,
        sides=(*base.sides, Side(D, (0, 40), 0)),
        fleet=(*base.fleet, *(Vehicle(VehicleId(f"d-b{n}"), D, "bus", 10) for n in range(3))),
        routes=(*base.routes, Route(RouteId("D-G"), D, FAR, 30, 10, 60, 20, 60)),
        parity=(*base.parity, Parity(D, F, 10, 1, -120, 120)),
    )
    plan = solved(problem)
    band = problem.parity[1]
    assert all(-120 <= balance(problem, band, plan.convoys, c.crossing_end) <= 120 for c in plan.convoys)
    assert sum(convoy.persons for convoy in plan.convoys if convoy.route == "D-G") == 40


# Files.
EXTRAS: dict[str, Any] = {
    "receptions": [{"id": "camp", "routes": ["N-G"], "per_day": 300}], "crews": {"North": [[0, 900], [1000, 1900]]},
    "transfers": [TRANSFER], "weather": [{"begin": 400, "end": 600, "times": 4}],
    "green_lights": {"North": 10, "South": 0, "drivers": 20, "reception": 5},
    "sides": [
        {"id": "North", "people": [60, 180], "wounded": 3, "groups": [{"id": "n-1", "priority": 0, "size": 5, "wounded": 1}]},
        {"id": "South", "people": [40, 120], "wounded": 0},
    ],
}  # fmt: skip


def test_extras_are_read_and_written_and_one_without_them_is_as_it_was() -> None:
    instance = read_case(extra(**EXTRAS)).instance
    assert flaws(instance) == []
    assert json.loads(write_instance(instance)) == {**TWO_SIDES, **EXTRAS}
    problem = to_problem(instance, "cold")
    assert problem.boarding_from == 20
    assert not problem.plain
    assert to_problem(read_case(extra()).instance, "cold").plain
    solved(problem)


@pytest.mark.parametrize(
    ("spoil", "field", "said"),
    [
        (put("transfers", value=[{**TRANSFER, "agreed": ["North"]}]), "transfers[0].agreed", "`South` has not allowed it"),
        (put("transfers", value=[{**TRANSFER, "number": 9}]), "transfers[0].number", "9 of 4"),
        (put("transfers", value=[{**TRANSFER, "ready": 10}]), "transfers[0].ready", "before it leaves"),
        (put("receptions", value=[{"id": "camp", "routes": ["X"], "per_day": 3}]), "receptions[0].routes", "`X` is not known"),
        (put("receptions", value=[{"id": "camp", "routes": ["N-G"], "per_day": 0}]), "receptions[0].per_day", "takes nobody"),
        (put("crews", value={"North": [[0, 8]]}), "crews.North", "on duty for 8 minutes"),
        (put("weather", value=[{"begin": 9, "end": 9, "times": 2}]), "weather[0]", "ends at 9"),
        (put("green_lights", value={"North": 1, "South": 1, "drivers": 1}), "green_lights", "no green light of `reception`"),
        (put("sides", 0, "groups", value=[{"id": "g", "priority": 0, "size": 51}]), "sides[0].groups[0].size", "larger than any bus"),
        (
            put("sides", 0, "groups", value=[{"id": "g", "priority": 0, "size": 5, "wounded": 3}]),
            "sides[0].groups[0].wounded",
            "no ambulance of its side holds more than 2",
        ),
        (
            put("sides", 0, "groups", value=[{"id": "g", "priority": 1, "size": 5, "wounded": 1}]),
            "sides[0].groups[0].priority",
            "first class",
        ),
        (put("sides", 0, "groups", value=[{"id": "g", "priority": 0, "size": 70}]), "sides[0].people[0]", "70 members"),
        (put("sides", 0, "groups", value=[{"id": "g", "priority": 7, "size": 5}]), "sides[0].groups[0].priority", "no class 7"),
        (
            put("sides", 1, "groups", value=[{"id": "g", "priority": 0, "size": 5, "wounded": 1}]),
            "sides[1].groups[0].wounded",
            "holds more",
        ),
    ],
)
def test_an_extra_that_cannot_be_meant_is_named_by_its_field(spoil: Callable[[dict[str, Any]], object], field: str, said: str) -> None:
    found = flaws(read_case(spoilt(spoil)).instance)
    assert any(flaw.field == field and said in flaw.what and flaw.remedy for flaw in found), found


# The law.
@st.composite
def harder(draw: st.DrawFn) -> Problem:
    """A random world with any of the extras that only restrict."""
    problem = draw(worlds())
    capacity = st.integers(40, 300)
    ends = tuple(
        Reception(f"end-{side.id}", tuple(route.id for route in problem.routes if route.side == side.id), draw(capacity))
        for side in problem.sides
    )
    crews = tuple(Crew(side.id, day * 1440 + 60, day * 1440 + draw(st.integers(400, 1300))) for side in problem.sides for day in (0, 1))
    sides = []
    for side in problem.sides:
        spare, groups = side.wounded, list(side.groups)
        for n, group in enumerate(groups):
            if spare and group.priority == 0 and draw(st.booleans()):
                groups[n], spare = replace(group, wounded=1), spare - 1
        sides.append(replace(side, groups=tuple(groups)))
    return replace(
        problem,
        sides=tuple(sides),
        receptions=ends if draw(st.booleans()) else (),
        crews=crews if draw(st.booleans()) else (),
        boarding_from=draw(st.sampled_from((0, 100))),
        horizon=4320,
        crossings=tuple(replace(gate, windows=((0, 300), (400, 1440), (1800, 2800), (3200, 4300))) for gate in problem.crossings),
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(harder(), st.integers(0, 99))
def test_a_plan_keeps_every_extra_and_the_bound_stays_below(problem: Problem, seed: int) -> None:
    plan = solve(problem, seed, budget=20)
    if isinstance(plan, Plan):
        assert check(problem, plan.convoys) == ()
        assert plan.bound <= plan.value
