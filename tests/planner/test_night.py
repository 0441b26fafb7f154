"""The exercise's night: a plan, a loss, a proposal."""

from __future__ import annotations

import msgspec
import pytest

from safepassage.planner.check import check
from safepassage.planner.learnt import Learnt
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Convoy, Loss, Objective
from safepassage.planner.replan import Proposal, replan
from safepassage.planner.solve import solve
from tests.planner.worlds import F, night


def plan(objective: Objective) -> Plan:
    found = solve(night(objective), seed=1, budget=120)
    assert isinstance(found, Plan)
    return found


@pytest.mark.parametrize("objective", ["cold", "end"])
def test_the_first_plan_is_lawful(objective: Objective) -> None:
    found = plan(objective)
    assert check(night(objective), found.convoys) == ()
    assert 0 < found.bound <= found.value


def test_six_buses_burn_and_the_rest_of_the_plan_is_mended() -> None:
    adopted, problem = plan("cold"), night()
    lost = tuple(dict.fromkeys(v for c in adopted.convoys if c.departure > 40 for v in c.vehicles if "-b" in v))[:6]
    proposal = replan(problem, adopted, Learnt(40, lost=lost), seed=1, budget=120)
    assert isinstance(proposal, Proposal)
    ahead = tuple(c for c in proposal.plan.convoys if c.departure > 40)
    assert check(proposal.problem, ahead) == ()
    assert not {v for c in ahead for v in c.vehicles} & set(lost)
    frozen = [c for c in adopted.convoys if c.departure <= 40]
    assert all(c in proposal.plan.convoys for c in frozen)
    told = proposal.difference
    assert told.kept + sum(s.people for s in told.shifts) == sum(c.persons for c in proposal.problem.announced)
    assert told.proved_not_before <= told.completion
    assert told.declined.people > 0


def test_no_news_changes_nothing() -> None:
    adopted, problem = plan("cold"), night()
    proposal = replan(problem, adopted, Learnt(40), seed=9, budget=50)
    assert isinstance(proposal, Proposal)
    assert proposal.repair == "kept"
    assert proposal.plan.convoys == adopted.convoys
    assert proposal.difference.shifts == ()


def test_a_parity_band_that_the_totals_cannot_meet_is_named() -> None:
    answer = solve(night("end", band=200), seed=1, budget=40)
    assert isinstance(answer, Infeasible)
    assert answer.proved
    assert answer.conflict == ("parity",)


def test_check_names_each_rule_that_a_hand_edited_plan_breaks() -> None:
    problem, found = night(), plan("cold")
    first, second, *rest = found.convoys
    edit = msgspec.structs.replace
    broken = {
        "people": (second, *rest),
        "timing": (edit(first, departure=first.departure + 5), second, *rest),
        "fleet": (first, edit(second, vehicles=first.vehicles), *rest),
        "seats": (edit(first, people=(first.people[0] + 500, 0)), second, *rest),
        "family": (edit(first, families=((), *first.families[1:])), second, *rest),
        "gate": (first, second, *rest, edit(first, vehicles=second.vehicles)),
        "priority": _swapped(found, first.route),
        "past": (edit(first, loading=-60), second, *rest),
    }
    for rule, convoys in broken.items():
        assert rule in {violation.rule for violation in check(problem, convoys)}, rule
    for rule, harder in {
        "window": edit(problem, crossings=tuple(edit(c, windows=((0, 60),)) for c in problem.crossings)),
        "suspension": edit(problem, suspensions=((50, 70),)),
        "parity": edit(problem, parity=(edit(problem.parity[0], low=-10, high=10),)),
        "convoy size": edit(problem, convoy=edit(problem.convoy, low=6)),
        "deadline": edit(problem, deadline=100),
        "drivers": edit(problem, cycles_per_day=0),
        "loss": edit(problem, losses=(Loss(100, first.vehicles),)),
        "number of convoys": edit(problem, max_convoys=((F, 1),)),
    }.items():
        assert rule in {violation.rule for violation in check(harder, found.convoys)}, rule


def _swapped(plan: Plan, route: str) -> tuple[Convoy, ...]:
    """One vulnerable person of the first convoy changes places with somebody of the last full one."""
    own = [convoy for convoy in plan.convoys if convoy.route == route and sum(convoy.people) > 1]
    first, last = own[0], own[-1]
    fore = msgspec.structs.replace(first, people=(first.people[0] - 1, first.people[1] + 1))
    aft = msgspec.structs.replace(last, people=(last.people[0] + 1, last.people[1] - 1))
    return tuple({first: fore, last: aft}.get(convoy, convoy) for convoy in plan.convoys)
