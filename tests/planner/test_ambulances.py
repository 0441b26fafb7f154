"""Ambulances of two kinds: whoever must lie goes only where there are stretchers, and before others who could sit."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.encoded import unknown
from safepassage.planner.instance import read_case, to_problem, write_instance
from safepassage.planner.manifests import manifests
from safepassage.planner.objective import shortfall
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Group, Problem, Side, Vehicle
from safepassage.planner.seats import board, serves, waiting
from safepassage.planner.sense import flaws
from safepassage.planner.solve import search, solve
from safepassage.planner.written import read_plan, written
from safepassage.values.ids import GroupId, VehicleId
from tests.laws.test_planner import worlds
from tests.laws.test_twin import with_wounded
from tests.planner.test_instance import TWO_SIDES, put, spoilt
from tests.planner.worlds import A, night


def ambulance(name: str, places: int, stretchers: bool) -> Vehicle:
    return Vehicle(VehicleId(name), A, "ambulance", places, stretchers=stretchers)


BUS = Vehicle(VehicleId("b"), A, "bus", 50)
LIE, SIT = ambulance("lie", 2, True), ambulance("sit", 2, False)


def test_whoever_must_lie_takes_the_stretchers_and_others_sit() -> None:
    aboard, left = board(waiting(Side(A, (0, 0), 5, (), 3)), [BUS, LIE, SIT], room=100)
    assert (aboard.wounded, aboard.lying) == (4, 2)
    assert (left.wounded, left.lying) == (1, 1)
    aboard, left = board(waiting(Side(A, (0, 0), 5, (), 1)), [BUS, LIE, SIT], room=100)
    assert (aboard.wounded, aboard.lying, left.wounded) == (4, 1, 1), "a stretcher that nobody needs is sat on"
    aboard, left = board(waiting(Side(A, (0, 0), 3, (), 3)), [BUS, SIT], room=100)
    assert (aboard.wounded, left.lying) == (0, 3)


def test_the_wounded_of_a_family_of_whom_one_must_lie_go_by_one_ambulance_with_stretchers() -> None:
    family, other = Group(GroupId("g-1"), 0, 3, 2, 1), Group(GroupId("g-2"), 0, 3, 2)
    side = Side(A, (6, 0), 4, (family, other), 1)
    aboard, _ = board(waiting(side), [BUS, SIT, LIE], room=100)
    assert aboard.families == (("g-1", "g-2"), ("g-2",), ("g-1",))
    aboard, left = board(waiting(side), [BUS, SIT], room=100)
    assert aboard.families == (("g-2",), ("g-2",))
    assert (left.wounded, left.lying) == (2, 1)


def test_an_ambulance_serves_whoever_can_go_by_it() -> None:
    lying, mixed = waiting(Side(A, (0, 0), 2, (), 2)), waiting(Side(A, (0, 0), 2, (), 1))
    assert [serves(lying, LIE), serves(lying, SIT), serves(mixed, SIT)] == [True, False, True]
    assert serves(waiting(Side(A, (5, 0))), SIT), "where nobody is wounded it is as good as any"
    family = waiting(Side(A, (3, 0), 2, (Group(GroupId("g-1"), 0, 3, 2, 1),), 1))
    assert [serves(family, LIE), serves(family, SIT)] == [True, False]


def two_kinds(problem: Problem, lying: int) -> Problem:
    """The first ambulance of each side has stretchers, the others none; so many of its wounded must lie."""
    firsts = {next((v.id for v in problem.fleet if v.side == side.id and v.kind == "ambulance"), None) for side in problem.sides}
    fleet = tuple(replace(v, stretchers=v.kind == "bus" or v.id in firsts) for v in problem.fleet)
    return replace(problem, fleet=fleet, sides=tuple(replace(side, lying=min(lying, side.wounded)) for side in problem.sides))


def test_a_plan_carries_everybody_who_must_lie_on_stretchers_and_says_where() -> None:
    problem = two_kinds(night(), 3)
    plan = solve(problem, seed=1, budget=60)
    assert isinstance(plan, Plan) and plan.slow_because is None
    assert check(problem, plan.convoys) == ()
    assert sum(convoy.lying for convoy in plan.convoys) == 6
    kinds = {vehicle.id: vehicle for vehicle in problem.fleet}
    for convoy in plan.convoys:
        made = manifests(problem, convoy)
        assert sum(each.wounded for each in made) == convoy.wounded and sum(each.lying for each in made) == convoy.lying
        assert all(each.lying == 0 or kinds[each.vehicle].stretchers for each in made)
        assert all(each.lying <= each.wounded <= kinds[each.vehicle].seats for each in made if kinds[each.vehicle].kind == "ambulance")


def test_check_names_whoever_lies_without_a_stretcher_or_is_left_while_others_sit_on_one() -> None:
    problem = two_kinds(night(), 3)
    plan = solve(problem, seed=1, budget=60)
    assert isinstance(plan, Plan)
    own = [convoy for convoy in plan.convoys if convoy.route == "A-R" and convoy.lying]
    first, later = own[0], own[1]
    many = [replace(c, lying=c.wounded + 1) if c is first else c for c in plan.convoys]
    late = [replace(c, lying=c.lying - 1) if c is first else replace(c, lying=c.lying + 1) if c is later else c for c in plan.convoys]
    fewer = [replace(c, lying=0) if c is first else c for c in plan.convoys]
    for convoys, rule in ((many, "stretchers"), (late, "priority"), (fewer, "stretchers")):
        assert rule in {violation.rule for violation in check(problem, convoys)}, rule


def test_where_nobody_has_a_stretcher_that_is_named() -> None:
    problem = two_kinds(night(), 3)
    fleet = tuple(replace(v, stretchers=v.kind == "bus") for v in problem.fleet)
    answer = solve(replace(problem, fleet=fleet), seed=1, budget=20)
    assert isinstance(answer, Infeasible) and answer.conflict == ("stretchers",)
    assert "it has no ambulance with stretchers" in answer.words


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(worlds(), st.integers(0, 99), st.integers(0, 4), st.lists(st.integers(0, 2), max_size=6), st.booleans())
def test_plans_with_two_kinds_are_lawful_and_no_bound_is_above(
    problem: Problem, seed: int, lying: int, hurt: list[int], lie_at_home: bool
) -> None:
    sides = tuple(with_wounded(side, hurt) for side in problem.sides)
    later = two_kinds(replace(problem, sides=tuple(some_lie(side, Random(seed), lie_at_home) for side in sides)), 0)
    later = replace(later, sides=tuple(
        replace(s, lying=min(s.wounded, sum(g.lying for g in s.groups) + min(lying, s.wounded - sum(g.wounded for g in s.groups))))
        for s in later.sides
    ))  # fmt: skip
    found = search(later, seed, budget=8)
    if found is not None and not shortfall(later, found.convoys):
        assert check(later, found.convoys) == ()
        assert lower_bound(later, max((c.crossing_end for c in found.convoys), default=0)) <= found.cost


def some_lie(side: Side, chance: Random, really: bool) -> Side:
    """Of some families with wounded one must lie."""
    groups = tuple(replace(g, lying=1) if really and g.wounded and chance.random() < 0.5 else g for g in side.groups)
    return replace(side, groups=groups)


def test_two_kinds_are_read_and_written() -> None:
    sides = [{"id": "North", "people": [60, 180], "wounded": 3, "lying": 2}, TWO_SIDES["sides"][1]]
    text = {**TWO_SIDES, "sides": sides, "fleet": {"North": [4, 3], "South": [3, 0]}, "sitting": {"North": 2}}
    instance = read_case(json.dumps(text).encode()).instance
    assert flaws(instance) == []
    assert json.loads(write_instance(instance)) == text
    problem = to_problem(instance, "cold")
    assert [v.stretchers for v in problem.fleet if v.kind == "ambulance"] == [True, False, False]
    assert not problem.plain and unknown(problem) is None
    plan = solve(problem, seed=1, budget=40)
    assert isinstance(plan, Plan)
    rows = json.loads(msgspec.json.encode(written(problem, plan)))
    assert read_plan(json.dumps(rows).encode(), problem) == plan.convoys
    kept = ("route", "buses", "ambulances", "crossing_start", "crossing_end", "people", "wounded", "vehicles")
    bare = [{key: row[key] for key in kept} for row in rows["convoys"]]
    assert check(problem, read_plan(json.dumps(bare).encode(), problem)) == ()


@pytest.mark.parametrize(
    ("spoil", "field", "said"),
    [
        (put("sitting", value={"North": 2}), "sitting.North", "2 of 1 ambulances"),
        (put("sitting", value={"East": 0}), "sitting", "`East` is not known"),
        (put("sides", 0, value={**TWO_SIDES["sides"][0], "lying": 4}), "sides[0].lying", "4 of 3 wounded must lie"),
        (
            lambda i: (i.update(sitting={"North": 1}), i["sides"][0].update(lying=1)),
            "sitting.North",
            "none of its ambulances has stretchers",
        ),
        (
            put("sides", 0, "groups", value=[{"id": "g", "priority": 0, "size": 5, "wounded": 1, "lying": 2}]),
            "sides[0].groups[0].lying",
            "2 of 1 wounded must lie",
        ),
    ],
)
def test_what_cannot_be_meant_of_two_kinds_is_named(spoil: Any, field: str, said: str) -> None:
    found = flaws(read_case(spoilt(spoil)).instance)
    assert any(flaw.field == field and said in flaw.what and flaw.remedy for flaw in found), found
