"""Where arithmetic can say why there is no plan it is said with the amounts, at once; and it is never said of a world that has a plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.planner.check import check
from safepassage.planner.instance import Case, read_case
from safepassage.planner.learnt import Learnt, Recount, after
from safepassage.planner.plainly import plainly
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Crossing, Loss, Problem
from safepassage.planner.replan import replan
from safepassage.planner.solve import search, solve
from safepassage.planner.written import read_plan
from safepassage.values.ids import SideId, VehicleId
from tests.laws.test_written import everything
from tests.planner.test_edited import HERE

Change = Callable[[dict[str, Any]], object]


def world(change: Change = lambda instance: None) -> Problem:
    case = json.loads((HERE / "night.json").read_text("utf-8"))
    change(case["instance"])
    found: Case = read_case(json.dumps(case).encode())
    return found.problem("cold")


def put(**fields: object) -> Change:
    return lambda instance: instance.update(fields)


def gate(**fields: object) -> Change:
    return lambda instance: instance["crossings"][0].update(fields)


@pytest.mark.parametrize(
    ("change", "conflict", "words", "gives"),
    [
        (put(fleet={"North": [0, 2], "South": [3, 2]}), "fleet", "380 of North go by bus, and it has no bus", [1]),
        (put(losses=[[100, 0, 0, 4]]), "fleet", "none of its 4 that could: each bus is lost before it could bring them", [1]),
        (put(losses=[[100, 1, 1, 2]]), "fleet", "3 of South are wounded, and none of its 2 that could: each ambulance is lost", [1]),
        (put(sitting={"North": 2, "South": 1}), "stretchers", "3 of North must lie, and it has no ambulance with stretchers", [1]),
        (put(seats={"bus": 40, "ambulance": 2}), "family", "fam-c of North has 48 who go by bus, and its biggest bus holds 40", []),
        (put(convoy={"min": 1, "max": 1}), "size", "The family fam-a of North needs a bus and an ambulance in one convoy", [1]),
        (put(convoy={"min": 10, "max": 12}), "size", "North has 6 that can serve: only its last may be smaller, and holds 204", [4, 4]),
        (gate(windows=[[0, 15], [1440, 1455]]), "windows", "has 15 minutes for North at most; 2 vehicles, the smallest", [1, 1]),
        (gate(windows=[[0, 40]]), "windows", "North can be at Gate before day 1 01:15, and its last window is over day 1 00:40", [51]),
        (put(green_lights={"North": 5000, "South": 0, "drivers": 0, "reception": 0}), "green light",
         "must begin to load by day 2 13:59, and the last green light stands day 4 11:20", [5000 - 2279]),
        (put(receptions=[{"id": "West", "routes": ["N-G"], "per_day": 190}]), "reception",
         "West can take 380 persons in the 2 days on which somebody can come, and 386 of North have no other way", [3]),
    ],
)  # fmt: skip
def test_what_is_short_is_said_with_its_amount(change: Change, conflict: str, words: str, gives: list[int]) -> None:
    answer = solve(world(change), seed=1, budget=600)
    assert isinstance(answer, Infeasible) and answer.proved
    assert answer.conflict == (conflict,) and words in answer.words
    assert [give.at_least for give in answer.gives] == gives


@pytest.mark.parametrize(
    ("change", "conflict"),
    [
        (gate(windows=[[0, 900], [1440, 1455]]), "windows"),
        (put(losses=[[100, 0, 0, 3]]), "fleet"),
        (put(receptions=[{"id": "West", "routes": ["N-G"], "per_day": 193}]), "reception"),
    ],
)
def test_a_little_more_and_arithmetic_has_nothing_against_it(change: Change, conflict: str) -> None:
    assert plainly(world(change)) is None, conflict


def adopted(problem: Problem) -> Plan:
    convoys = read_plan((HERE / "night.plan.json").read_bytes(), problem)
    return Plan(convoys, "cold", 0, 0, 1, 1)


@pytest.mark.parametrize(
    ("learnt", "conflict", "words"),
    [
        (Learnt(200, lost=(VehicleId("North-ambulance-01"),)), "stretchers",
         "1 of North must lie, and its only ambulance with stretchers is lost before it could bring them and be back"),
        (Learnt(200, lost=tuple(VehicleId(f"North-bus-0{n}") for n in (1, 2, 3, 4))), "fleet", "180 of North go by bus"),
        (Learnt(1400, recounted=(Recount(SideId("North"), (0, 260), 0),)), "reception", "West can take 250 persons in the one day"),
    ],
)  # fmt: skip
def test_so_it_is_after_something_was_learnt(learnt: Learnt, conflict: str, words: str) -> None:
    answer = replan(world(), adopted(world()), learnt, seed=1, budget=20)
    assert isinstance(answer, Infeasible) and answer.proved
    assert answer.conflict == (conflict,) and words in answer.words


def test_a_bus_that_loads_already_is_not_counted_as_gone() -> None:
    """Lost at 1,500, of a convoy that began to load at 1,469 and is announced: it may go on, and so it serves."""
    problem = world()
    later = after(problem, adopted(problem), Learnt(1475)).problem
    assert plainly(later) is None
    gone = replace(later, losses=(*later.losses, Loss(1900, tuple(v.id for v in later.fleet if v.side == "North"))))
    assert plainly(gone) is None


@settings(max_examples=120, deadline=None)
@given(everything(), st.integers(0, 99), st.data())
def test_no_world_that_has_a_plan_is_called_impossible(problem: Problem, seed: int, data: st.DataObject) -> None:
    """Also where the world is as narrow as that plan allows: its convoys' size, its gates' hours, the lights, the losses."""
    found = search(problem, seed, budget=6)
    if found is None or check(problem, found.convoys) or not found.convoys:
        return
    tight = replace(problem, boarding_from=max(problem.boarding_from, min(c.loading for c in found.convoys)))
    tight = replace(tight, crossings=tuple(_just_open(gate, tight, found.convoys) for gate in tight.crossings))
    back = {v: max(tight.again(c) for c in found.convoys if v in c.vehicles) for c in found.convoys for v in c.vehicles}
    idle = tuple(vehicle.id for vehicle in tight.fleet if vehicle.id not in back)
    tight = replace(tight, losses=(*tight.losses, Loss(0, idle), *(Loss(minute, (vehicle,)) for vehicle, minute in back.items())))
    last = max(convoy.crossing_end for convoy in found.convoys)
    tight = replace(tight, deadline=data.draw(st.sampled_from([None, last])))
    assert check(tight, found.convoys) == ()
    assert plainly(tight) is None


def _just_open(gate: Crossing, problem: Problem, convoys: Any) -> Crossing:
    here = [each for each in convoys if problem.route(each.route).crossing == gate.id]
    inside = sorted({(c.crossing_start, c.crossing_end) for c in here} | {c.returns for c in here if c.returns})
    return replace(gate, windows=tuple(inside))
