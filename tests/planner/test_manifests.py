"""Manifests: families whole in one vehicle, everybody once."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace

from safepassage.cli import main
from safepassage.planner.manifests import manifests
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Convoy, Group, RouteId, Side
from safepassage.planner.solve import solve
from safepassage.values.ids import GroupId
from tests.planner.test_instance import TWO_SIDES
from tests.planner.worlds import A, night


def test_every_convoy_of_a_plan_is_parted_into_manifests_that_hold_just_its_people() -> None:
    problem = night()
    plan = solve(problem, seed=1, budget=40)
    assert isinstance(plan, Plan)
    seats = {vehicle.id: vehicle.seats for vehicle in problem.fleet}
    for convoy in plan.convoys:
        made = manifests(problem, convoy)
        assert [each.vehicle for each in made] == list(convoy.vehicles)
        assert sum(each.seated for each in made) == sum(convoy.people)
        assert sum(each.wounded for each in made) == convoy.wounded
        assert all(each.seated + each.wounded <= seats[each.vehicle] for each in made)
        assert not convoy.families or [each.groups for each in made] == list(convoy.families)
    whole = Counter(group for convoy in plan.convoys for each in manifests(problem, convoy) for group in each.groups)
    assert whole == Counter(group.id for side in problem.sides for group in side.groups), "each family in one vehicle"


def test_people_on_their_own_and_lone_wounded_take_what_families_leave() -> None:
    problem = night()
    family = Group(GroupId("g-1"), 0, 3, 2)
    problem = replace(problem, sides=(Side(A, (3, 70), 3, (family,)), problem.sides[1]))
    buses = tuple(v.id for v in problem.fleet if v.side == A and v.kind == "bus")[:2]
    ambulances = tuple(v.id for v in problem.fleet if v.side == A and v.kind == "ambulance")[:2]
    seating = ((family.id,), (), (family.id,), ())
    made = manifests(problem, Convoy(RouteId("A-R"), (*buses, *ambulances), 0, 30, 45, 60, 100, (3, 70), 3, seating))
    assert [(each.seated, each.alone) for each in made[:2]] == [(23, 20), (50, 50)]
    assert [(each.wounded, each.groups) for each in made[2:]] == [(2, (family.id,)), (1, ())]


def told(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


def test_a_plan_with_families_is_written_with_its_manifests_and_passes_check_when_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    family = {"id": "n-1", "priority": 0, "size": 45, "wounded": 1}
    sides = [{"id": "North", "people": [60, 180], "wounded": 3, "groups": [family]}, TWO_SIDES["sides"][1]]
    instance, plan = tmp_path / "world.json", tmp_path / "plan.json"
    instance.write_text(json.dumps({**TWO_SIDES, "sides": sides}))
    assert main(["plan", str(instance), "--json", "--budget", "20"]) == 0
    said = json.loads(capsys.readouterr().out)
    (convoy,) = [convoy for convoy in said["convoys"] if "n-1" in convoy.get("groups", [])]
    assert sum(each.get("seated", 0) for each in convoy["manifests"]) == convoy["people"]
    assert [each["groups"] for each in convoy["manifests"] if each.get("groups")] == [["n-1"], ["n-1"]], "in a bus, and in an ambulance"
    plan.write_text(json.dumps(said))
    assert main(["plan", str(instance), "--check", str(plan)]) == 0
    witness = ("route", "buses", "ambulances", "crossing_start", "crossing_end", "people", "wounded")
    bare = [{key: convoy[key] for key in witness} for convoy in said["convoys"]]
    plan.write_text(json.dumps(bare))
    assert main(["plan", str(instance), "--check", str(plan)]) == 0
    capsys.readouterr()
    convoy["manifests"][0]["seated"] += 1
    plan.write_text(json.dumps(said))
    assert main(["plan", str(instance), "--check", str(plan)]) == 2, "manifests that hold more than the convoy"
    assert ".people" in told(capsys)
    convoy["manifests"][0]["seated"] -= 1
    convoy["manifests"].reverse()
    plan.write_text(json.dumps(said))
    assert main(["plan", str(instance), "--check", str(plan)]) == 2
    assert ".manifests" in told(capsys)
