"""Corridors that share nothing are planned apart, and what comes of it is one lawful plan of the whole."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.corridors import corridors
from safepassage.planner.objective import cost, value
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Parity, Reception
from safepassage.planner.solve import search, solve
from tests.planner.worlds import night, wide


def test_sides_are_apart_unless_a_gate_or_a_band_ties_them() -> None:
    world = wide(3, 2700)
    parts = corridors(world)
    assert [[side.id for side in part.sides] for part in parts] == [[f"north-{n}", f"south-{n}"] for n in range(3)]
    assert [len(part.crossings) for part in parts] == [2, 2, 2]
    assert sum(len(part.fleet) for part in parts) == len(world.fleet)
    band = Parity(world.sides[0].id, world.sides[2].id, 1, 1, -9000, 9000)
    assert len(corridors(replace(world, parity=(*world.parity, band)))) == 2
    shared = replace(world.routes[0], id=world.routes[4].id, side=world.sides[2].id)
    assert len(corridors(replace(world, routes=(*world.routes[:4], shared, *world.routes[5:])))) == 2
    reception = Reception("town", (world.routes[0].id, world.routes[8].id), 500)
    assert len(corridors(replace(world, receptions=(reception,)))) == 2


def test_one_corridor_is_left_as_it_is() -> None:
    assert corridors(night()) == (night(),)


def test_a_side_of_which_nobody_waits_is_no_corridor() -> None:
    world = wide(2, 1800)
    empty = replace(world, sides=(*world.sides[:2], *(replace(side, people=(0, 0), wounded=0) for side in world.sides[2:])))
    assert corridors(empty) == (empty,)


@pytest.mark.slow
def test_the_plan_of_the_whole_is_that_of_its_parts() -> None:
    world = wide(3, 2700)
    plan = solve(world, 1, 300)
    assert isinstance(plan, Plan)
    assert check(world, plan.convoys) == ()
    each = [search(part, 1, 100) for part in corridors(world)]
    found = search(world, 1, 300)
    assert found is not None and found.cost == value(world, found.convoys) == sum(part.cost for part in each if part is not None)
    known = plan.completion
    assert lower_bound(world, known) == sum(lower_bound(part, known) for part in corridors(world)) <= plan.value


@pytest.mark.slow
def test_completion_of_the_whole_is_that_of_its_last_part() -> None:
    world = replace(wide(2, 1200), objective="end")
    plan = solve(world, 1, 120)
    assert isinstance(plan, Plan) and cost(world, plan.convoys) == plan.value == plan.completion
    assert plan.bound == min(plan.value, max(lower_bound(part, plan.completion) for part in corridors(world)))
