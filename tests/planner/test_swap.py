"""Swap points: how long each convoy stands there, what that costs, and that nobody stands longer than agreed."""

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
from safepassage.planner.objective import cost, persons_weight, shortfall, standing, value
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Convoy, Problem, RouteId, Swap
from safepassage.planner.sense import flaws
from safepassage.planner.solve import search, solve
from safepassage.planner.swap import waits
from safepassage.planner.written import read_plan, written
from safepassage.values.ids import PlaceId
from tests.laws.test_planner import worlds
from tests.laws.test_twin import assert_the_twin_agrees, wishes
from tests.planner.test_instance import TWO_SIDES
from tests.planner.worlds import night

PLACE = PlaceId("rashideen")


def swap(problem: Problem, most: int, within: int = 0, weight: int = 5) -> Swap:
    """Ten minutes behind the gate on every route of the first, and 25 on every one of the second side."""
    one, other = problem.sides[0].id, problem.sides[1].id
    legs = tuple((route.id, 10 if route.side == one else 25) for route in problem.routes)
    return Swap(PLACE, one, other, legs, weight, most, within=within)


def convoy(route: str, end: int, persons: int) -> Convoy:
    return Convoy(RouteId(route), (), end - 60, end - 30, end - 16, end, end + 40, (0, persons), 0)


def test_a_convoy_stands_until_the_other_side_has_brought_as_many() -> None:
    problem = night()
    both = [convoy("A-R", 100, 50), convoy("A-R", 130, 30), convoy("F-G", 120, 50), convoy("F-G", 205, 20)]
    assert waits(problem, swap(problem, 90), both) == [35, 90, 0, 0], "110 until 145; 140 until 230, when nobody else comes"
    assert waits(problem, swap(problem, 90, within=30), both) == [35, 5, 0, 0], "30 ahead may drive on"
    assert waits(problem, swap(problem, 90, within=50), both) == [0, 5, 0, 0]


def test_standing_there_is_priced_by_its_own_weight_and_the_weights_of_those_aboard() -> None:
    problem = night()
    both = [convoy("A-R", 100, 50), convoy("F-G", 120, 50)]
    with_swap = replace(problem, swaps=(swap(problem, 90, weight=5),))
    assert standing(with_swap, both) == 5 * 35 * persons_weight(problem, both[0])
    assert value(with_swap, both) - value(problem, both) == 5 * 35 * 50


def test_whoever_stands_longer_than_agreed_is_named() -> None:
    problem = night()
    with_swap = replace(problem, swaps=(swap(problem, 30),))
    both = [convoy("A-R", 100, 50), convoy("F-G", 120, 50)]
    named = [violation for violation in check(with_swap, both) if violation.rule == "waiting"]
    assert [violation.words for violation in named] == [
        "A-R at its gate day 1 01:24: stands 35 minutes at rashideen, agreed are 30 at most"
    ]
    assert named[0].remedy and shortfall(with_swap, both) == 5


def test_a_plan_keeps_the_longest_wait_and_its_bound_stays_below() -> None:
    problem = replace(night(), swaps=(swap(night(), 60, within=60),))
    plan = solve(problem, seed=1, budget=300)
    assert isinstance(plan, Plan)
    assert check(problem, plan.convoys) == ()
    assert max(waits(problem, problem.swaps[0], plan.convoys)) <= 60
    assert plan.bound <= plan.value


def test_where_no_plan_keeps_it_the_wait_is_named_and_nothing_is_called_proved() -> None:
    problem = replace(night(), swaps=(swap(night(), 0),))
    answer = solve(problem, seed=1, budget=40)
    assert isinstance(answer, Infeasible) and not answer.proved
    assert answer.conflict == ("waiting",) and "longer than agreed" in answer.words


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(0, 1 << 20), st.integers(0, 90), st.integers(0, 80))
def test_the_twin_prices_it_as_the_decoder_does(problem: Problem, seed: int, most: int, within: int) -> None:
    later = replace(problem, swaps=(swap(problem, most, within),))
    assert unknown(later) is None
    assert_the_twin_agrees(later, wishes(later, Random(seed), 6))


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(0, 99), st.integers(0, 120), st.integers(0, 80))
def test_check_and_objective_agree_on_who_stands_too_long_and_no_bound_is_above(
    problem: Problem, seed: int, most: int, within: int
) -> None:
    later = replace(problem, swaps=(swap(problem, most, within),))
    found = search(later, seed, budget=10)
    if found is None:
        return
    named = [violation for violation in check(later, found.convoys) if violation.rule == "waiting"]
    too_long = [minutes for minutes in waits(later, later.swaps[0], found.convoys) if minutes > most]
    assert len(named) == len(too_long)
    if not shortfall(later, found.convoys):
        assert check(later, found.convoys) == ()
        assert lower_bound(later, max((c.crossing_end for c in found.convoys), default=0)) <= found.cost == cost(later, found.convoys)


ROW: dict[str, Any] = {"id": "swap", "sides": ["North", "South"], "routes": {"N-G": 10, "S-G": 5}, "weight": 5, "most": 45, "within": 90}


def test_a_swap_is_read_and_written_and_the_road_holds_the_longest_wait() -> None:
    instance = read_case(json.dumps({**TWO_SIDES, "swaps": [ROW]}).encode()).instance
    assert flaws(instance) == []
    assert json.loads(write_instance(instance)) == {**TWO_SIDES, "swaps": [ROW]}
    problem = to_problem(instance, "cold")
    assert not problem.plain
    plain = to_problem(read_case(json.dumps(TWO_SIDES).encode()).instance, "cold")
    assert [route.onward - before.onward for route, before in zip(problem.routes, plain.routes, strict=True)] == [45, 45]
    plan = solve(problem, seed=1, budget=200)
    assert isinstance(plan, Plan)
    rows = json.loads(msgspec.json.encode(written(problem, plan)))
    stands = waits(problem, problem.swaps[0], plan.convoys)
    assert [row.get("stands", 0) for row in rows["convoys"]] == stands
    assert read_plan(json.dumps(rows).encode(), problem) == plan.convoys


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"sides": ["North", "East"]}, "swaps[0].sides", "`East` is not known"),
        ({"routes": {"N-G": 10}}, "swaps[0].routes", "none of `South` leads"),
        ({"routes": {"N-G": 10, "X": 5}}, "swaps[0].routes", "`X` is not known"),
        ({"routes": {"N-G": 500, "S-G": 5}}, "swaps[0].routes.N-G", "500 minutes behind the gate"),
    ],
)
def test_a_swap_that_cannot_be_meant_is_named_by_its_field(change: dict[str, Any], field: str, said: str) -> None:
    found = flaws(read_case(json.dumps({**TWO_SIDES, "swaps": [{**ROW, **change}]}).encode()).instance)
    assert any(flaw.field == field and said in flaw.what and flaw.remedy for flaw in found), found
