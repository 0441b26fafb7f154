"""Manifests: families whole in one vehicle where any holds them, everybody once, and whoever had to be parted is named."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.cli import main
from safepassage.planner.manifests import manifests
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Convoy, Group, Problem, RouteId, Side
from safepassage.planner.seats import board, waiting
from safepassage.planner.solve import solve
from safepassage.values.ids import GroupId
from tests.planner.test_instance import TWO_SIDES
from tests.planner.worlds import A, night


def test_every_convoy_of_a_plan_is_parted_into_manifests_that_hold_just_its_people() -> None:
    problem = night()
    plan = solve(problem, seed=1, budget=40)
    assert isinstance(plan, Plan)
    for convoy in plan.convoys:
        made = manifests(problem, convoy)
        assert [each.vehicle for each in made] == list(convoy.vehicles)
        assert sum(each.seated for each in made) == sum(convoy.people)
        assert sum(each.wounded for each in made) == convoy.wounded
        whole = Counter(group for each in made for group in each.groups)
        assert set(whole.values()) <= {1}
        parted = {group for each in made for group in each.parted}
        assert set(whole) | parted == set(convoy.groups)
        assert not set(whole) & parted


@given(st.lists(st.integers(1, 12), max_size=25), st.integers(0, 60), st.integers(1, 4))
def test_a_family_is_parted_only_where_no_vehicle_of_the_convoy_is_left_for_it(sizes: list[int], alone: int, buses: int) -> None:
    problem = night()
    groups = tuple(Group(GroupId(f"g-{n}"), 1, size) for n, size in enumerate(sizes))
    side = Side(A, (0, sum(sizes) + alone), 0, groups)
    problem = replace(problem, sides=(side, problem.sides[1]))
    aboard, _ = board(waiting(side), buses * 50, 0, 10_000)
    convoy = some_convoy(problem, buses, aboard.people, aboard.groups)
    made = manifests(problem, convoy)
    assert sum(each.seated for each in made) == sum(aboard.people)
    assert all(each.seated <= 50 for each in made)
    smallest = min((group.size for each in made for name in each.parted for group in groups if group.id == name), default=None)
    if smallest is not None:
        assert sum(aboard.people) > buses * (50 - smallest), "there was hardly a seat left"


def some_convoy(problem: Problem, buses: int, people: tuple[int, ...], groups: tuple[GroupId, ...]) -> Convoy:
    """A convoy of so many buses with these people, whatever the minute."""
    names = tuple(v.id for v in problem.fleet if v.side == A and v.kind == "bus")[:buses]
    return Convoy(RouteId("A-R"), names, 0, 30, 45, 60, 100, people, 0, groups)


def test_the_wounded_of_one_family_lie_in_one_ambulance_where_it_holds_them() -> None:
    problem = night()
    family = Group(GroupId("g-1"), 0, 3, 2)
    problem = replace(problem, sides=(Side(A, (3, 0), 3, (family,)), problem.sides[1]))
    convoy = replace(some_convoy(problem, 1, (3, 0), (family.id,)), wounded=3)
    ambulances = tuple(v.id for v in problem.fleet if v.side == A and v.kind == "ambulance")[:2]
    made = manifests(problem, replace(convoy, vehicles=(*convoy.vehicles, *ambulances)))
    assert [each.wounded for each in made[1:]] == [2, 1]
    assert made[1].groups == (family.id,)


def test_a_family_larger_than_any_bus_is_named_as_parted() -> None:
    problem = night()
    family = Group(GroupId("g-1"), 1, 70)
    problem = replace(problem, sides=(Side(A, (0, 70), 0, (family,)), problem.sides[1]))
    made = manifests(problem, some_convoy(problem, 2, (0, 70), (family.id,)))
    assert [each.parted for each in made] == [(family.id,), (family.id,)]
    assert [each.groups for each in made] == [(), ()]


def test_a_plan_with_families_is_written_with_its_manifests_and_passes_check_when_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    family = {"id": "n-1", "priority": 0, "size": 55, "wounded": 1}
    sides = [{"id": "North", "people": [60, 180], "wounded": 3, "groups": [family]}, TWO_SIDES["sides"][1]]
    instance, plan = tmp_path / "world.json", tmp_path / "plan.json"
    instance.write_text(json.dumps({**TWO_SIDES, "sides": sides}))
    assert main(["plan", str(instance), "--json", "--budget", "20"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "larger than any bus" in said["doubts"][0]
    (convoy,) = [convoy for convoy in said["convoys"] if "n-1" in convoy.get("groups", [])]
    assert sum(each.get("seated", 0) for each in convoy["manifests"]) == convoy["people"]
    assert [each["parted"] for each in convoy["manifests"] if each.get("parted")] == [["n-1"], ["n-1"]]
    plan.write_text(json.dumps(said))
    assert main(["plan", str(instance), "--check", str(plan)]) == 0
    witness = ("route", "buses", "ambulances", "crossing_start", "crossing_end", "people", "wounded")
    bare = [{key: convoy[key] for key in witness} for convoy in said["convoys"]]
    plan.write_text(json.dumps(bare))
    assert main(["plan", str(instance), "--check", str(plan)]) == 0
