"""Laws of the compiled twin: it places every convoy as the decoder does, and searches as the plain loop does, compiled or not."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.planner import boarding, compiled, layout, seats
from safepassage.planner.annealing import HOTTEST
from safepassage.planner.decoder import in_order, timetable
from safepassage.planner.encoded import encoded, genes_of, row_of, unknown
from safepassage.planner.improve import Plain
from safepassage.planner.kernel import decode
from safepassage.planner.layout import GENE, OUT, PLACED, TOTALS
from safepassage.planner.learnt import Learnt, after
from safepassage.planner.objective import cost
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Crew, Gene, Group, Problem, Side
from safepassage.planner.solve import search, solve
from safepassage.planner.twin import WORTH, Twin
from safepassage.planner.written import written
from safepassage.values.ids import GroupId
from tests.laws.test_planner import worlds
from tests.planner.worlds import A, F, laden, night, seats_of


def wishes(problem: Problem, chance: Random, number: int) -> tuple[Gene, ...]:
    """Sensible and senseless ones."""
    high, minutes = problem.convoy.high, (0, 0, 0, 100, 700)
    return tuple(
        Gene(chance.choice(problem.routes).id, chance.randint(0, high), chance.randint(0, 3), chance.choice(minutes)) for _ in range(number)
    )


def assert_the_twin_agrees(problem: Problem, genes: tuple[Gene, ...]) -> None:
    world = encoded(problem, len(genes)).row
    found, table = decode(world, row_of(problem, genes), len(genes), float("inf")), timetable(problem, genes)
    if table is None:
        assert found == layout.DEADLOCK
        return
    rows = [world[world[OUT] + n * PLACED : world[OUT] + (n + 1) * PLACED] for n in range(world[world[TOTALS]])]
    placed = [number for row in rows for number in row[:GENE]]
    assert [(row[GENE], row[GENE + 1]) for row in rows] == [(convoy.loading, convoy.persons) for convoy in table.convoys]
    assert genes_of(problem, placed, len(rows), genes) == tuple(table.genes)
    assert found == cost(problem, table.convoys)


@settings(max_examples=300, deadline=None)
@given(worlds(), st.integers(0, 1 << 20), st.integers(0, 12))
def test_the_twin_places_every_convoy_as_the_decoder_does(problem: Problem, seed: int, number: int) -> None:
    assert unknown(problem) is None
    assert_the_twin_agrees(problem, wishes(problem, Random(seed), number))


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(0, 1 << 20), st.integers(0, 300), st.lists(st.tuples(st.integers(0, 900), st.integers(200, 700)), max_size=3))
def test_it_does_so_with_crews_hours_and_green_lights(problem: Problem, seed: int, begin: int, stretches: list[tuple[int, int]]) -> None:
    crews = tuple(Crew(problem.sides[seed % 2].id, on, on + long) for on, long in stretches)
    later = replace(problem, boarding_from=begin, crews=crews)
    assert unknown(later) is None
    assert_the_twin_agrees(later, wishes(later, Random(seed), 6))


@settings(max_examples=150, deadline=None)
@given(worlds(), st.integers(0, 1 << 20), st.integers(8, 15), st.lists(st.integers(0, 2), max_size=16))
def test_it_does_so_with_small_buses_and_families_with_wounded(problem: Problem, seed: int, seats: int, hurt: list[int]) -> None:
    """So small that families leave seats that no other fills."""
    fleet = tuple(replace(vehicle, seats=seats if vehicle.kind == "bus" else 3) for vehicle in problem.fleet)
    sides = tuple(with_wounded(side, hurt) for side in problem.sides)
    small = replace(problem, fleet=fleet, sides=sides)
    assert unknown(small) is None
    assert_the_twin_agrees(small, wishes(small, Random(seed), 6))


sizes = st.lists(st.tuples(st.integers(0, 1), st.integers(2, 7), st.integers(0, 2)), min_size=1, max_size=14)


@settings(max_examples=300, deadline=None)
@given(sizes, st.integers(1, 4), st.integers(0, 2), st.integers(8, 16), st.integers(0, 60), st.integers(0, 6))
def test_it_seats_everybody_as_seats_does(
    drawn: list[tuple[int, int, int]], buses: int, ambulances: int, places: int, room: int, alone: int
) -> None:
    """One convoy, nearly everybody in a family, so that it shows where each one went."""
    groups = tuple(Group(GroupId(f"g-{n:02}"), k, size, 0 if k else hurt) for n, (k, size, hurt) in enumerate(drawn))
    people = tuple(sum(group.size for group in groups if group.priority == k) + alone for k in (0, 1))
    side = Side(A, people, sum(group.wounded for group in groups) + alone % 2, groups)
    own = seats_of((places,) * buses, (3,) * ambulances)
    problem = replace(night(), sides=(side, night().side(F)), fleet=(*own, *(v for v in night().fleet if v.side == F)))
    m = encoded(problem).row
    aboard, left = seats.board(seats.waiting(side), own, room)
    persons, weight = boarding.board(m, 0, buses, ambulances, room)
    assert persons == sum(aboard.people) + aboard.wounded
    assert (
        weight == sum(c.weight * n for c, n in zip(problem.classes, aboard.people, strict=True)) + problem.wounded_weight * aboard.wounded
    )
    kinds = [(m[m[layout.FAMILY] + k], m[m[layout.FAMILY_HURT] + k]) for k in range(m[layout.SIZES])]
    stay = [m[m[layout.FAMILIES] + k * len(kinds) + n] for k in (0, 1) for n in range(len(kinds))]
    assert stay == [sum((g.size, g.wounded) == kind for g in left.groups[k]) for k in (0, 1) for kind in kinds]
    assert tuple(m[m[layout.ALONE] + k] for k in (0, 1)) == left.alone
    assert m[m[layout.WOUNDED]] == left.wounded


def with_wounded(side: Side, hurt: list[int]) -> Side:
    """The first families of the first class get so many wounded each."""
    groups = tuple(
        replace(group, wounded=hurt[n]) if n < len(hurt) and group.priority == 0 else group for n, group in enumerate(side.groups)
    )
    return replace(side, groups=groups, wounded=side.wounded + sum(group.wounded for group in groups))


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(0, 1 << 20), st.data())
def test_it_does_so_after_convoys_have_departed(problem: Problem, seed: int, data: st.DataObject) -> None:
    found = search(problem, seed, budget=10)
    if found is not None and found.convoys:
        plan = Plan(found.convoys, problem.objective, found.cost, 0, seed, 10)
        later = after(problem, plan, Learnt(data.draw(st.integers(0, plan.completion)))).problem
        assert unknown(later) is None
        assert_the_twin_agrees(later, wishes(later, Random(seed), 6))


def assert_the_twin_knows_everything(problem: Problem, seed: int) -> None:
    """With all extras together, and once some convoys have departed."""
    chance = Random(seed)
    later = laden(problem, chance)
    assert unknown(later) is None
    assert_the_twin_agrees(later, wishes(later, chance, 6))
    found = timetable(later, wishes(later, chance, 4))
    if found is not None and found.convoys:
        plan = Plan(in_order(found.convoys), later.objective, 0, 0, seed, 1)
        gone = after(later, plan, Learnt(chance.randint(0, plan.completion))).problem
        assert unknown(gone) is None
        assert_the_twin_agrees(gone, wishes(gone, chance, 6))


@settings(max_examples=300, deadline=None)
@given(worlds(), st.integers(0, 1 << 20))
def test_it_does_so_with_all_extras_together(problem: Problem, seed: int) -> None:
    assert_the_twin_knows_everything(problem, seed)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None)
@given(worlds(), st.integers(0, 1 << 20))
def test_it_does_so_ten_thousand_times(problem: Problem, seed: int) -> None:
    assert_the_twin_knows_everything(problem, seed)


@settings(max_examples=40, deadline=None)
@given(worlds(), st.integers(1, 1 << 20))
def test_it_anneals_as_the_plain_loop_does(problem: Problem, seed: int) -> None:
    genes = wishes(problem, Random(seed), 6)
    plain, twin = Plain(problem, lambda convoys: cost(problem, convoys)), Twin(problem, calls=0)
    worth = plain.cost(genes)
    assert twin.cost(genes) == worth
    if worth is not None:
        assert twin.anneal(genes, worth, 25, seed, HOTTEST) == plain.anneal(genes, worth, 25, seed, HOTTEST)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(worlds(), st.integers(1, 1 << 20))
def test_compiled_it_gives_the_same(problem: Problem, seed: int) -> None:
    pytest.importorskip("numba", reason="the extra `compiled` is not installed")
    genes = wishes(problem, Random(seed), 6)
    plain, fast = Twin(problem, calls=0), Twin(problem, calls=WORTH)
    worth = plain.cost(genes)
    assert fast.cost(genes) == worth
    if worth is not None:
        assert fast.anneal(genes, worth, 60, seed, HOTTEST) == plain.anneal(genes, worth, 60, seed, HOTTEST)


def test_all_files_of_the_twin_mean_the_same_by_every_name() -> None:
    """They are compiled into one room of names."""
    for one, other in combinations([vars(module) for module in compiled.MODULES], 2):
        shared = {name for name in set(one) & set(other) if not name.startswith("__")}
        assert all(one[name] is other[name] or one[name] == other[name] for name in shared)
    assert {"decode", "anneal", "vary"} <= set(compiled.functions())


def test_what_the_twin_does_not_know_is_searched_by_the_decoder_and_the_plan_says_so() -> None:
    problem = night()
    gates = tuple(replace(gate, windows=((0, 3 * problem.horizon),)) for gate in problem.crossings)
    later = replace(problem, crossings=gates)
    plan, usual = solve(later, 1, 60), solve(problem, 1, 60)
    assert isinstance(plan, Plan) and isinstance(usual, Plan)
    assert plan.slow_because == "gates open beyond twice the horizon" and usual.slow_because is None
    assert "twice the horizon" in (written(later, plan).slow_because or "")


@pytest.mark.slow
def test_without_the_extra_the_same_plan_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = solve(night(), 1, WORTH)
    monkeypatch.setattr(compiled, "installed", lambda: False)
    assert solve(night(), 1, WORTH) == with_it
