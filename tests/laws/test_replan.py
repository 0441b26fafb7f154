"""Laws of replanning: whatever the news, a proposal is lawful, leaves what has departed, and is itself left alone by no news."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.planner.check import check
from safepassage.planner.keepable import most_kept
from safepassage.planner.learnt import Learnt, Recount, Returned, after
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Problem, Vehicle
from safepassage.planner.replan import Proposal, replan
from safepassage.planner.solve import solve
from safepassage.values.ids import VehicleId
from tests.laws.test_planner import worlds
from tests.planner.worlds import A, F

KINDS = ("lost", "joined", "ready", "suspended", "resumed", "shut", "opened", "let out", "back", "counted")


@st.composite
def told(draw: st.DrawFn, problem: Problem, plan: Plan) -> Learnt:
    """One to three kinds of news at once, at any minute of the plan."""
    minute = draw(st.integers(0, plan.completion))
    kinds = draw(st.sets(st.sampled_from(KINDS), max_size=3))
    stretch = st.integers(0, 400).map(lambda length: (minute, minute + length + 1))
    gate = draw(st.sampled_from([crossing.id for crossing in problem.crossings]))
    names = [vehicle.id for vehicle in problem.fleet]
    on_the_way = [c for c in plan.convoys if c.departure <= minute < c.crossing_end]
    return Learnt(
        minute,
        lost=draw(st.lists(st.sampled_from(names), max_size=3, unique=True).map(tuple)) if "lost" in kinds else (),
        joined=(Vehicle(VehicleId("more"), A, "bus", 50, minute),) if "joined" in kinds else (),
        ready=((draw(st.sampled_from(names)), minute + draw(st.integers(0, 300))),) if "ready" in kinds else (),
        suspended=(draw(stretch),) if "suspended" in kinds else (),
        resumed="resumed" in kinds,
        closed=((gate, *draw(stretch)),) if "shut" in kinds else (),
        opened=((gate, *draw(stretch)),) if "opened" in kinds else (),
        let_out=((draw(st.sampled_from((A, F))), draw(st.integers(0, 150))),) if "let out" in kinds else (),
        returned=tuple(Returned(c.route, c.departure, minute + 30) for c in on_the_way[:1]) if "back" in kinds else (),
        recounted=(Recount(F, (draw(st.integers(0, 60)), draw(st.integers(0, 90))), draw(st.integers(0, 3))),)
        if "counted" in kinds
        else (),
    )


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(worlds(), st.integers(0, 99), st.data())
def test_a_proposal_after_any_news_is_lawful_and_keeps_what_has_departed(problem: Problem, seed: int, data: st.DataObject) -> None:
    plan = solve(problem, seed, budget=15)
    if not isinstance(plan, Plan) or not plan.convoys:
        return
    learnt = data.draw(told(problem, plan))
    proposal = replan(problem, plan, learnt, seed, budget=20)
    if isinstance(proposal, Proposal):
        minute, back = learnt.minute, {(each.route, each.departure) for each in learnt.returned}
        ahead = tuple(c for c in proposal.plan.convoys if c.departure > minute)
        assert check(proposal.problem, ahead) == ()
        departed = [c for c in plan.convoys if c.departure <= minute and (c.route, c.departure) not in back]
        assert departed == [c for c in proposal.plan.convoys if c.departure <= minute]
        assert proposal.plan.bound <= proposal.plan.value
        assert proposal.difference.kept <= most_kept(proposal.problem)
        again = replan(proposal.problem, proposal.plan, Learnt(minute), seed + 1, budget=20)
        assert isinstance(again, Proposal)
        assert again.plan.convoys == proposal.plan.convoys


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(worlds(), st.integers(0, 99), st.integers(0, 1440))
def test_with_one_more_bus_the_old_plan_still_passes(problem: Problem, seed: int, minute: int) -> None:
    plan = solve(problem, seed, budget=10)
    if isinstance(plan, Plan):
        later = after(problem, plan, Learnt(minute, joined=(Vehicle(VehicleId("more"), A, "bus", 50, minute),))).problem
        assert check(later, later.announced) == ()
