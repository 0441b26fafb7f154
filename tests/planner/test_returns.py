"""Empty returns: vehicles on their way back take minutes of the gate, inside its hours and alone in it."""

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
from safepassage.planner.drawing import draw
from safepassage.planner.encoded import unknown
from safepassage.planner.instance import read_case, to_problem, write_instance
from safepassage.planner.objective import shortfall
from safepassage.planner.plan import Plan
from safepassage.planner.postings import needs
from safepassage.planner.problem import NEVER, Crew, Crossing, Loss, Problem, Route, RouteId
from safepassage.planner.sense import flaws
from safepassage.planner.slot import returning, slot
from safepassage.planner.solve import search, solve
from safepassage.planner.written import read_plan, written
from safepassage.values.ids import PlaceId
from tests.laws.test_planner import worlds
from tests.laws.test_twin import assert_the_twin_agrees, wishes
from tests.planner.test_instance import TWO_SIDES
from tests.planner.worlds import A, night


def stopped(problem: Problem, share: int = 2, empty: tuple[int, int] | None = None) -> Problem:
    """The same world where each gate stops the empty vehicles too, half-way back."""
    routes = tuple(replace(route, inward=route.back // share) for route in problem.routes)
    return replace(problem, routes=routes, crossings=tuple(replace(gate, empty=empty) for gate in problem.crossings))


def test_a_gate_lets_them_back_alone_and_inside_a_window() -> None:
    gate = Crossing(PlaceId("g"), 10, 2, ((0, 200), (300, 400)), (4, 1))
    route = Route(RouteId("r"), A, gate.id, 30, 15, 40, 20, 60, 25)
    assert slot(gate, [(0, 50), (60, 90)], 40, 10) == 50
    assert slot(gate, [(0, 50), (60, 90)], 40, 11) == 90
    assert slot(gate, [], 195, 10) == 300
    assert slot(gate, [(300, 395)], 195, 10) == NEVER
    assert returning(gate, route, 6, 80, []) == (165, 175), "40 on, 20 to unload, 25 back to the gate; 4 and one for each"
    assert returning(gate, route, 6, 120, []) == (300, 310), "too late for the first window"
    assert returning(gate, replace(route, inward=None), 6, 80, []) is None


def test_empty_vehicles_take_the_gate_and_load_again_only_when_it_has_let_them_back() -> None:
    problem = stopped(night())
    plan = solve(problem, seed=1, budget=60)
    assert isinstance(plan, Plan)
    assert check(problem, plan.convoys) == ()
    assert all(convoy.returns is not None for convoy in plan.convoys)
    for convoy in plan.convoys:
        begin, end = convoy.returns or (0, 0)
        route = problem.route(convoy.route)
        assert begin >= convoy.reception + route.unload + route.back // 2
        assert end - begin == problem.crossing(route.crossing).handling(len(convoy.vehicles))
        assert problem.again(convoy) == end + route.back - route.back // 2
    free = solve(night(), seed=1, budget=60)
    assert isinstance(free, Plan) and free.value <= plan.value
    returns = sum(end - begin for convoy in plan.convoys if convoy.route == "A-R" for begin, end in [convoy.returns or (0, 0)])
    watched = sum(need.end - need.begin for need in needs(problem, plan.convoys) if need.post == "ramouseh")
    assert watched == returns + sum(c.crossing_end - c.crossing_start for c in plan.convoys if c.route == "A-R")
    words = next(drawing.words for drawing in draw(problem, plan.convoys) if drawing.name == "gates")
    assert any(f"taken {watched}" in line for line in words)


@pytest.mark.parametrize(
    ("shift", "rule"), [((-30, -30), "timing"), ((0, 5), "timing"), ((3000, 3000), "window"), (None, "gate"), ("none", "fleet")]
)
def test_check_names_a_return_that_cannot_be(shift: Any, rule: str) -> None:
    problem = stopped(night())
    plan = solve(problem, seed=1, budget=60)
    assert isinstance(plan, Plan)
    own = [convoy for convoy in plan.convoys if convoy.route == "A-R"]
    first = next(c for c in own if any(set(c.vehicles) & set(o.vehicles) for o in own if o.loading > c.loading))
    begin, end = first.returns or (0, 0)
    if shift is None:
        other = next(c for c in own if c.crossing_start >= begin)
        late = other.crossing_start - begin
        spoilt = replace(first, returns=(begin + late, end + late))
    else:
        spoilt = replace(first, returns=None if shift == "none" else (begin + shift[0], end + shift[1]))
    found = check(problem, [spoilt if each is first else each for each in plan.convoys])
    assert rule in {violation.rule for violation in found}, found


@settings(max_examples=150, deadline=None)
@given(worlds(), st.integers(0, 1 << 20), st.integers(1, 4), st.booleans(), st.booleans())
def test_the_twin_lets_them_back_as_the_decoder_does(problem: Problem, seed: int, share: int, light: bool, duty: bool) -> None:
    later = stopped(problem, share, (2, 1) if light else None)
    crews = (Crew(problem.sides[seed % 2].id, 30, 700), Crew(problem.sides[seed % 2].id, 800, 1430)) if duty else ()
    later = replace(later, crews=crews)
    assert unknown(later) is None
    assert_the_twin_agrees(later, wishes(later, Random(seed), 6))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(worlds(), st.integers(0, 99), st.integers(1, 4), st.integers(200, 1400))
def test_plans_with_returns_are_lawful_also_with_losses_and_no_bound_is_above(problem: Problem, seed: int, share: int, lost: int) -> None:
    later = stopped(problem, share)
    later = replace(later, losses=(Loss(lost, (later.fleet[seed % len(later.fleet)].id,)),) if seed % 3 == 0 else ())
    found = search(later, seed, budget=10)
    if found is not None and not shortfall(later, found.convoys):
        assert check(later, found.convoys) == ()
        assert lower_bound(later, max((c.crossing_end for c in found.convoys), default=0)) <= found.cost


def test_returns_are_read_and_written_and_follow_where_a_plan_does_not_say_them() -> None:
    routes = [{**route, "inward": 15} for route in TWO_SIDES["routes"]]
    text = {**TWO_SIDES, "routes": routes, "crossings": [{**TWO_SIDES["crossings"][0], "empty": [5, 1]}]}
    instance = read_case(json.dumps(text).encode()).instance
    assert flaws(instance) == []
    assert json.loads(write_instance(instance)) == text
    problem = to_problem(instance, "cold")
    assert not problem.plain
    plan = solve(problem, seed=1, budget=60)
    assert isinstance(plan, Plan)
    rows = json.loads(msgspec.json.encode(written(problem, plan)))
    assert read_plan(json.dumps(rows).encode(), problem) == plan.convoys
    kept = ("route", "buses", "ambulances", "crossing_start", "crossing_end", "people", "wounded")
    bare = [{key: row[key] for key in kept} for row in rows["convoys"]]
    assert check(problem, read_plan(json.dumps(bare).encode(), problem)) == ()
    spoilt = {**text, "routes": [{**routes[0], "inward": 500}, *routes[1:]]}
    assert [flaw.field for flaw in flaws(read_case(json.dumps(spoilt).encode()).instance)] == ["routes[0].inward"]
