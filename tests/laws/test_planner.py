"""Laws of the planner: no plan that `check` refuses, no bound above a value, same seed same plan, on random small
worlds."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.learnt import Learnt
from safepassage.planner.objective import shortfall
from safepassage.planner.plan import Plan
from safepassage.planner.problem import (
    ConvoySize,
    Crossing,
    Objective,
    Parity,
    PeopleClass,
    Problem,
    Route,
    RouteId,
    Side,
    Vehicle,
)
from safepassage.planner.replan import Proposal, replan
from safepassage.planner.solve import search, solve
from safepassage.values.ids import PlaceId, VehicleId
from tests.planner.worlds import A, F, families, fleet, laden

family_sizes = st.lists(st.integers(2, 7), max_size=8).map(tuple)
objectives: st.SearchStrategy[Objective] = st.sampled_from(["cold", "end"])


@st.composite
def worlds(draw: st.DrawFn) -> Problem:
    """Two sides, one or two gates, families, wounded, windows, a suspension, a band; often tight, sometimes
    impossible."""
    gates = [
        Crossing(PlaceId(f"gate-{n}"), draw(st.integers(1, 15)), draw(st.integers(1, 4)), ((0, 300), (400, 1440)))
        for n in range(draw(st.integers(1, 2)))
    ]
    sides = []
    for name in (A, F):
        groups = families(name, 0, draw(family_sizes)) + families(name, 1, draw(family_sizes))
        together = [sum(g.size for g in groups if g.priority == k) for k in (0, 1)]
        people = (together[0] + draw(st.integers(0, 60)), together[1] + draw(st.integers(0, 150)))
        sides.append(Side(name, people, draw(st.integers(0, 4)), groups))
    minutes = st.integers(5, 60)
    routes = tuple(
        Route(RouteId(f"{side.id}-{gate.id}"), side.id, gate.id, *(draw(minutes) for _ in range(5))) for side in sides for gate in gates
    )
    begin, band, low = draw(st.integers(0, 500)), draw(st.integers(40, 400)), draw(st.integers(1, 2))
    return Problem(
        classes=(PeopleClass("vulnerable", 3), PeopleClass("general", 1)),
        wounded_weight=6,
        sides=tuple(sides),
        fleet=fleet(A, draw(st.integers(2, 5)), 2) + fleet(F, draw(st.integers(2, 4)), 1),
        crossings=tuple(gates),
        routes=routes,
        convoy=ConvoySize(low, draw(st.integers(low + 1, 5))),
        horizon=1440,
        objective=draw(objectives),
        parity=(Parity(A, F, 1, draw(st.integers(1, 2)), -band, band),),
        suspensions=((begin, begin + draw(st.integers(0, 200))),),
        cold=((0, 3), (360, 1)),
        cycles_per_day=draw(st.sampled_from([None, 4])),
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(0, 99))
def test_a_plan_is_lawful_and_no_better_than_its_bound(problem: Problem, seed: int) -> None:
    plan = solve(problem, seed, budget=25)
    if isinstance(plan, Plan):
        assert check(problem, plan.convoys) == ()
        assert plan.bound <= plan.value


def assert_lawful_whatever_bus_comes(problem: Problem, seed: int) -> None:
    """What the search calls lawful `check` calls lawful, and with one more bus it still is."""
    found = search(problem, seed, budget=12)
    if found is None or shortfall(problem, found.convoys):
        return
    assert check(problem, found.convoys) == ()
    bus = Vehicle(VehicleId("one-more"), problem.sides[seed % 2].id, "bus", 50)
    assert check(replace(problem, fleet=(*problem.fleet, bus)), found.convoys) == ()


@settings(max_examples=300, deadline=None)
@given(worlds(), st.integers(0, 99))
def test_no_plan_is_one_that_check_refuses(problem: Problem, seed: int) -> None:
    assert_lawful_whatever_bus_comes(problem, seed)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@given(worlds(), st.integers(0, 9999))
def test_nor_is_any_of_ten_thousand(problem: Problem, seed: int) -> None:
    assert_lawful_whatever_bus_comes(problem, seed)


def assert_lawful_with_all_extras(problem: Problem, seed: int) -> None:
    later = laden(problem, Random(seed))
    found = search(later, seed, budget=12)
    if found is not None and not shortfall(later, found.convoys):
        assert check(later, found.convoys) == ()


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(0, 1 << 20))
def test_no_plan_with_all_extras_is_one_that_check_refuses(problem: Problem, seed: int) -> None:
    assert_lawful_with_all_extras(problem, seed)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@given(worlds(), st.integers(0, 1 << 20))
def test_nor_is_any_of_ten_thousand_with_all_extras(problem: Problem, seed: int) -> None:
    assert_lawful_with_all_extras(problem, seed)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(worlds(), st.integers(0, 99))
def test_no_bound_is_above_any_lawful_plan(problem: Problem, seed: int) -> None:
    found = search(problem, seed, budget=25)
    if found is not None and not check(problem, found.convoys):
        ends = max((convoy.crossing_end for convoy in found.convoys), default=0)
        assert lower_bound(problem, ends) <= found.cost
        assert lower_bound(problem, ends, fine=True) <= found.cost


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(worlds(), st.integers(0, 99))
def test_the_same_seed_gives_the_same_plan(problem: Problem, seed: int) -> None:
    assert solve(problem, seed, budget=20) == solve(problem, seed, budget=20)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(0, 99), st.data())
def test_a_proposal_after_a_loss_is_lawful_and_keeps_what_has_departed(problem: Problem, seed: int, data: st.DataObject) -> None:
    plan = solve(problem, seed, budget=15)
    if not isinstance(plan, Plan) or not plan.convoys:
        return
    minute = data.draw(st.integers(0, plan.completion))
    lost = data.draw(st.lists(st.sampled_from([v.id for v in problem.fleet]), max_size=3, unique=True).map(tuple))
    proposal = replan(problem, plan, Learnt(minute, lost=lost), seed, budget=20)
    if isinstance(proposal, Proposal):
        ahead = tuple(c for c in proposal.plan.convoys if c.departure > minute)
        assert check(proposal.problem, ahead) == ()
        assert [c for c in plan.convoys if c.departure <= minute] == [c for c in proposal.plan.convoys if c.departure <= minute]
        assert proposal.plan.bound <= proposal.plan.value
