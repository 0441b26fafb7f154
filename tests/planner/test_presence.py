"""Who is not where their side gathers yet boards nothing that begins to load before: decoder, `check`, files, replanning."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.errors import InputError
from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.encoded import unknown
from safepassage.planner.exact import fits
from safepassage.planner.heard import read_learnt
from safepassage.planner.hold import hold
from safepassage.planner.instance import read_case, to_problem, write_instance
from safepassage.planner.keepable import most_kept
from safepassage.planner.learnt import Learnt, Recount, Returned, after
from safepassage.planner.objective import shortfall
from safepassage.planner.plan import Plan
from safepassage.planner.presence import apart, cut, together
from safepassage.planner.problem import Coming, Group, Problem, Side
from safepassage.planner.replan import Proposal, replan
from safepassage.planner.seats import waiting
from safepassage.planner.sense import flaws
from safepassage.planner.solve import search, solve
from safepassage.planner.written import read_plan, written
from safepassage.values.ids import GroupId
from tests.laws.test_planner import worlds
from tests.planner.test_instance import TWO_SIDES
from tests.planner.test_replan import AT, EVERY, adopted, first_back
from tests.planner.worlds import A, F, night

FAMILY = Group(GroupId("late"), 0, 5, since=300)


def later(problem: Problem) -> Problem:
    """Of the first side every third family is there at 260 only, and at 300 all but twenty of its people of no family."""
    side = problem.side(A)
    groups = tuple(replace(group, since=260) if n % 3 == 0 else group for n, group in enumerate(side.groups))
    alone = waiting(side).alone
    coming = (Coming(300, tuple(max(0, number - 20) for number in alone), side.wounded - 1),)
    return replace(problem, sides=(replace(side, groups=groups, coming=coming), problem.side(F)))


def planned(problem: Problem) -> Plan:
    plan = solve(problem, seed=1, budget=60)
    assert isinstance(plan, Plan)
    assert check(problem, plan.convoys) == ()
    assert plan.bound <= plan.value
    return plan


def test_those_who_are_there_and_those_who_are_not_are_everybody() -> None:
    side = Side(A, (25, 40), 4, (FAMILY, Group(GroupId("here"), 0, 4, 1, 1)), 2, (Coming(200, (3, 10), 2, 1), Coming(400, (0, 5))))
    everybody = waiting(side)
    there, away = apart(everybody, side, 250)
    assert (away.alone, away.people, away.wounded, away.lying) == ((0, 5), 10, 0, 0)
    assert (there.alone, there.wounded) == ((16, 35), 4)
    there, away = apart(everybody, side, 100)
    assert (away.alone, away.wounded, away.lying, there.lying) == ((3, 15), 2, 1, 1)
    assert [group.id for same in away.groups for group in same] == ["late"]
    assert together(there, away) == everybody
    assert apart(everybody, side, 400)[0] == everybody


def test_whoever_was_there_first_boards_first_so_the_last_left_are_those_who_come() -> None:
    side = Side(A, (0, 50), 0, (), 0, (Coming(90, (0, 20)),))
    left = waiting(side)._replace(alone=(0, 10), people=10)
    assert apart(left, side, 80)[0].persons == 0
    assert apart(left, side, 90)[0].persons == 10


def test_a_plan_lets_nobody_board_before_they_are_there() -> None:
    problem = later(night())
    plan = planned(problem)
    since = {group.id: group.since for group in problem.side(A).groups}
    own = [convoy for convoy in plan.convoys if problem.route(convoy.route).side == A]
    assert all(since[name] <= convoy.loading for convoy in own for name in convoy.groups)
    early = sum(c.persons - sum(g.size for g in problem.side(A).groups if g.id in c.groups) for c in own if c.loading < 300)
    assert early <= 20 + 20 + 1
    assert min(convoy.loading for convoy in own) < 260, "those who are there do not wait for the others"
    assert planned(night()).convoys != plan.convoys


def test_a_convoy_for_which_nobody_is_there_waits_and_says_that_it_waits_for_people() -> None:
    side = night().side(F)
    groups = tuple(replace(group, since=60) for group in side.groups)
    problem = replace(
        night(), sides=(night().side(A), replace(side, groups=groups, coming=(Coming(60, waiting(side).alone, side.wounded),)))
    )
    plan = planned(problem)
    first = min((c for c in plan.convoys if c.route == "F-G"), key=lambda convoy: convoy.loading)
    assert (first.loading, first.why_waits) == (60, "people")


def broken(problem: Problem, plan: Plan) -> set[str]:
    return {violation.rule for violation in check(problem, plan.convoys)}


def test_check_refuses_a_family_that_boards_too_early_and_people_of_no_family_who_do() -> None:
    plan, problem = planned(night()), night()
    side = problem.side(A)
    first = min((c for c in plan.convoys if c.route == "A-R" and c.groups), key=lambda convoy: convoy.loading)
    one = tuple(replace(group, since=first.loading + 1) if group.id == first.groups[0] else group for group in side.groups)
    assert broken(replace(problem, sides=(replace(side, groups=one), problem.side(F))), plan) >= {"presence"}
    last = max(c.loading for c in plan.convoys if c.route == "A-R")
    for coming in (Coming(last, waiting(side).alone), Coming(last, (0, 0), side.wounded)):
        assert broken(replace(problem, sides=(replace(side, coming=(coming,)), problem.side(F))), plan) >= {"presence"}
    assert "presence" not in broken(replace(problem, sides=(replace(side, coming=(Coming(first.loading, (1, 1)),)), problem.side(F))), plan)


def test_a_lower_class_may_go_before_a_higher_one_that_is_not_there_and_not_before_one_that_is() -> None:
    problem = later(night())
    plan = planned(problem)
    everybody = replace(
        problem, sides=tuple(replace(s, coming=(), groups=tuple(replace(g, since=0) for g in s.groups)) for s in problem.sides)
    )
    assert "priority" in broken(everybody, plan)
    assert "priority" not in broken(problem, plan)


@st.composite
def arriving(draw: st.DrawFn) -> Problem:
    """A random world in which some families and some people of no family are there only later."""
    problem = draw(worlds())
    sides = []
    for side in problem.sides:
        minutes = draw(st.lists(st.integers(1, 700), min_size=1, max_size=3, unique=True))
        groups = tuple(replace(g, since=draw(st.sampled_from([0, *minutes]))) for g in side.groups)
        alone, hurt, coming = list(waiting(side).alone), side.wounded, list[Coming]()
        for minute in minutes:
            people = tuple(draw(st.integers(0, number)) for number in alone)
            coming.append(Coming(minute, people, wounded := draw(st.integers(0, hurt))))
            alone, hurt = [number - less for number, less in zip(alone, people, strict=True)], hurt - wounded
        sides.append(replace(side, groups=groups, coming=tuple(coming)))
    return replace(problem, sides=tuple(sides))


def assert_presence_holds(problem: Problem, seed: int) -> None:
    found = search(problem, seed, budget=12)
    if found is None or shortfall(problem, found.convoys):
        return
    assert check(problem, found.convoys) == ()
    for side in problem.sides:
        since = {group.id: group.since for group in side.groups}
        own = [convoy for convoy in found.convoys if problem.route(convoy.route).side == side.id]
        assert all(since[name] <= convoy.loading for convoy in own for name in convoy.groups)
        for minute in {each.minute for each in side.coming}:
            aboard = sum(c.persons - sum(g.size for g in side.groups if g.id in c.groups) for c in own if c.loading < minute)
            come = sum(sum(each.people) + each.wounded for each in side.coming if each.minute >= minute)
            assert aboard <= sum(waiting(side).alone) + side.wounded - come


@settings(max_examples=150, deadline=None)
@given(arriving(), st.integers(0, 99))
def test_no_plan_of_a_world_in_which_people_come_later_is_one_that_check_refuses(problem: Problem, seed: int) -> None:
    assert_presence_holds(problem, seed)


@pytest.mark.soak
@settings(max_examples=5_000, deadline=None)
@given(arriving(), st.integers(0, 9999))
def test_nor_is_any_of_five_thousand(problem: Problem, seed: int) -> None:
    assert_presence_holds(problem, seed)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(arriving(), st.integers(0, 99))
def test_the_bound_is_no_higher_than_any_of_them(problem: Problem, seed: int) -> None:
    found = search(problem, seed, budget=12)
    if found is not None and not check(problem, found.convoys):
        ends = max((convoy.crossing_end for convoy in found.convoys), default=0)
        assert lower_bound(problem, ends) <= found.cost


def test_neither_the_twin_nor_the_exact_model_takes_such_a_world() -> None:
    assert unknown(later(night())) == "people who are not there yet"
    assert planned(later(night())).slow_because == "people who are not there yet"
    fields = {**TWO_SIDES, "losses": [], "cycles_per_day": None, "max_convoys": {"North": 3, "South": 3}}
    small = to_problem(read_case(json.dumps(fields).encode()).instance, "end")
    assert fits(small)
    side = small.sides[0]
    assert not fits(replace(small, sides=(replace(side, coming=(Coming(9, (1, 1)),)), *small.sides[1:])))


# Replanning.
def test_nobody_who_was_turned_back_is_planned_before_they_are_back() -> None:
    (back,) = first_back()
    convoy = next(c for c in adopted().convoys if (c.route, c.departure) == (back.route, back.departure))
    proposal = replan(night(), adopted(), EVERY["returned"], seed=1, budget=60)
    assert isinstance(proposal, Proposal)
    boards = {name: c.loading for c in proposal.plan.convoys if c.departure > AT for name in c.groups}
    assert {boards[name] for name in convoy.groups} and all(boards[name] >= back.back for name in convoy.groups)
    later_problem = proposal.problem
    (coming,) = later_problem.side(night().route(convoy.route).side).coming
    assert coming.minute == back.back
    assert (
        sum(coming.people) + coming.wounded + sum(g.size + g.wounded for s in later_problem.sides for g in s.groups if g.since)
        == convoy.persons
    )


def test_people_may_be_back_before_their_vehicles_load_again() -> None:
    (back,) = first_back()
    early = after(night(), adopted(), Learnt(AT, returned=(replace(back, people_at=AT + 20),))).problem
    assert set(early.arrivals[A]) | set(early.arrivals[F]) == {AT + 20}
    at_once = after(night(), adopted(), Learnt(AT, returned=(replace(back, people_at=AT),))).problem
    assert not any(at_once.arrivals.values())


def test_once_they_are_back_they_are_there_like_everybody_else_and_their_family_is_whole() -> None:
    (back,) = first_back()
    first = after(night(), adopted(), EVERY["returned"]).problem
    left = tuple(c for c in adopted().convoys if (c.route, c.departure) != (back.route, back.departure))
    then = after(first, replace(adopted(), convoys=left), Learnt(back.back)).problem
    assert not any(then.arrivals.values())
    still = after(first, replace(adopted(), convoys=left), Learnt(back.back - 1)).problem
    assert any(still.arrivals.values())


def test_whoever_comes_back_later_is_not_among_those_who_were_counted() -> None:
    (back,) = first_back()
    side = night().route(back.route).side
    counted = after(night(), adopted(), Learnt(AT, returned=(back,), recounted=(Recount(side, (10, 20), 1),))).problem.side(side)
    convoy = next(c for c in adopted().convoys if (c.route, c.departure) == (back.route, back.departure))
    assert counted.persons == 31 + convoy.persons
    there, away = apart(waiting(counted), counted, AT)
    assert (there.persons, away.persons) == (31, convoy.persons)


def test_of_those_who_are_not_let_out_the_last_to_come_stay_first() -> None:
    before = Side(A, (10, 40), 3, (), 0, (Coming(100, (0, 10), 1), Coming(200, (2, 10), 1)))
    after_ = Side(A, (9, 25), 2, ())
    assert cut(before.coming, before, after_) == (Coming(100, (0, 5), 1), Coming(200, (1, 0), 0))


def test_the_most_that_can_be_kept_counts_with_nobody_who_is_not_there() -> None:
    """All of the other side were turned back: until they could be through again this side may be no further ahead than the band allows."""
    problem = replace(night(), announced=tuple(convoy for convoy in adopted().convoys if convoy.route == "A-R"))
    band = problem.parity[0].high
    soon = max(convoy.crossing_end for convoy in problem.announced)
    side = problem.side(F)
    for since, most in ((soon, band), (1, problem.side(A).persons)):
        groups = tuple(replace(group, since=since) for group in side.groups)
        away = replace(side, groups=groups, coming=(Coming(since, waiting(side).alone, side.wounded),))
        assert (most_kept(replace(problem, sides=(problem.side(A), away))) <= band) == (most <= band)


def test_holding_promises_no_seat_to_somebody_who_is_not_there() -> None:
    """The announced convoys lose nothing by it here; wishes ask for no more persons than are there."""
    problem = after(night(), adopted(), EVERY["returned"]).problem
    for side in problem.sides:
        early = [gene for gene in hold(problem, 1440) if problem.route(gene.route).side == side.id and gene.not_before < AT + 60]
        assert sum(gene.enough for gene in early) <= apart(waiting(side), side, AT)[0].persons


# Files.
COMING: dict[str, Any] = {
    "sides": [
        {
            "id": "North", "people": [60, 180], "wounded": 3, "groups": [{"id": "n-1", "priority": 0, "size": 5, "since": 400}],
            "coming": [{"minute": 300, "people": [10, 100], "wounded": 2}],
        },
        {"id": "South", "people": [40, 120], "wounded": 0},
    ],
}  # fmt: skip


def instance(**fields: Any) -> bytes:
    sides = json.loads(json.dumps(COMING["sides"]))
    sides[0] |= fields
    return json.dumps({**TWO_SIDES, "sides": sides}).encode()


def test_who_comes_later_is_read_and_written_planned_and_read_back() -> None:
    read = read_case(instance()).instance
    assert flaws(read) == []
    assert json.loads(write_instance(read)) == {**TWO_SIDES, **COMING}
    problem = to_problem(read, "cold")
    assert problem.arrivals["North"] == (300, 400)
    plan = planned(problem)
    text = json.dumps(json.loads(json.dumps(msgspec.to_builtins(written(problem, plan))))).encode()
    assert check(problem, read_plan(text, problem)) == ()


def test_families_that_a_plan_does_not_name_are_seated_where_they_are_there() -> None:
    problem = to_problem(read_case(instance()).instance, "cold")
    plan = planned(problem)
    rows = [
        {k: v for k, v in row.items() if k not in ("groups", "manifests")} for row in msgspec.to_builtins(written(problem, plan))["convoys"]
    ]
    assert check(problem, read_plan(json.dumps(rows).encode(), problem)) == ()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"coming": [{"minute": 9000, "people": [1, 1]}]}, "sides[0].coming[0].minute"),
        ({"coming": [{"minute": 300, "people": [1]}]}, "sides[0].coming[0].people"),
        ({"coming": [{"minute": 300, "people": [56, 0]}]}, "sides[0].coming"),
        ({"coming": [{"minute": 300, "people": [0, 0], "wounded": 4}]}, "sides[0].coming"),
        ({"coming": [{"minute": 300, "people": [0, 0], "wounded": 2, "lying": 1}]}, "sides[0].coming"),
        ({"groups": [{"id": "n-1", "priority": 0, "size": 5, "since": 9000}]}, "sides[0].groups[0].since"),
    ],
)
def test_what_cannot_be_meant_of_who_comes_later_is_named_by_its_field(fields: dict[str, Any], field: str) -> None:
    assert [flaw.field for flaw in flaws(read_case(instance(**fields)).instance)] == [field]


@pytest.mark.parametrize("back", [AT - 1, 10_000])
def test_people_who_are_back_before_they_were_turned_or_after_everything_ends_are_named(back: int) -> None:
    (turned,) = first_back()
    row = {"route": turned.route, "departure": turned.departure, "ready": AT + 60, "back": back}
    said = {"minute": AT, "returned": [row]}
    with pytest.raises(InputError, match=r"returned\[0\]\.back"):
        read_learnt(json.dumps(said).encode(), night(), adopted())
    row["back"] = AT + 30
    assert read_learnt(json.dumps(said).encode(), night(), adopted()).returned == (
        Returned(turned.route, turned.departure, AT + 60, (), AT + 30),
    )
