"""Days as columns: a day planned by itself, repeated, and exchanged between plans."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from safepassage.planner.annealing import GENE, repeat
from safepassage.planner.check import check
from safepassage.planner.days import days_of, exchanged, one_day, repeated
from safepassage.planner.decoder import timetable
from safepassage.planner.improve import BEST, Candidate, Search
from safepassage.planner.problem import DAY, Problem
from safepassage.planner.solve import LONG, SEVERAL, annealed, looked, searched
from tests.planner.worlds import wide

WORLD = wide(1, 3_000)


def looking(problem: Problem = WORLD, calls: int = 2_000) -> Search:
    return looked(problem, Random(1), calls)


def patterns(search: Search) -> list[Candidate]:
    return sorted(search.regular(60, 4), key=lambda candidate: candidate.cost)


def test_one_day_has_more_people_than_a_day_carries_and_fewer_than_there_are() -> None:
    found = patterns(looking())[0]
    first = sum(convoy.persons for convoy in found.convoys if convoy.crossing_end < DAY)
    waiting = sum(side.persons for side in one_day(WORLD, found).sides)
    assert first < waiting < sum(side.persons for side in WORLD.sides)


def test_days_of_a_plan_are_its_wishes_by_the_day_on_which_they_pass() -> None:
    found = patterns(looking())[0]
    table = timetable(WORLD, found.genes)
    assert table is not None
    days = days_of(WORLD, found.genes)
    passed = sorted({convoy.crossing_end // DAY for convoy in table.convoys})
    assert [len(day) for day in days] == [sum(c.crossing_end // DAY == day for c in table.convoys) for day in passed]


def test_a_day_repeated_is_a_plan_for_everybody() -> None:
    search = looking()
    small = one_day(WORLD, patterns(search)[0])
    short = looking(small)
    whole = repeated(search, small, patterns(short)[0])
    assert whole is not None
    assert sum(convoy.persons for convoy in whole.convoys) == sum(side.persons for side in WORLD.sides)
    assert check(WORLD, whole.convoys) == ()


def test_plans_that_exchange_their_days_are_never_worse_than_the_best_of_them() -> None:
    search = looking()
    pool = patterns(search)
    best = exchanged(search, pool)
    assert best.cost <= pool[0].cost
    assert check(WORLD, best.convoys) == ()


def test_a_worse_plan_gives_its_good_day_to_a_better_one() -> None:
    """The better plan's first day is spoilt: it sends every convoy of that day in half its size; the other plan still has it."""
    search = looking()
    good = search.anneal(patterns(search)[0], 400)
    first, *rest = days_of(WORLD, good.genes)
    spoilt = search.tried((*(replace(gene, buses=gene.buses // 2) for gene in first), *(gene for day in rest for gene in day)))
    late = search.tried((*first, *(replace(gene, not_before=gene.not_before + 3 * DAY) for day in rest for gene in day)))
    assert spoilt is not None and late is not None
    assert exchanged(search, [spoilt, late]).cost < min(spoilt.cost, late.cost)


def test_a_block_of_wishes_asks_for_what_another_asks_for_and_keeps_its_own_minutes_and_labels() -> None:
    genes = [number for n in range(4) for number in (n, 10 + n, 20 + n, 100 + n, n)]
    repeat(genes, 2, 0, 2)
    assert [genes[at : at + GENE] for at in (10, 15)] == [[0, 10, 20, 102, 2], [1, 11, 21, 103, 3]]


@pytest.mark.slow
def test_days_as_columns_go_further_than_annealing_alone_in_as_many_calls() -> None:
    """33,240 people, the size of one corridor; in a world of 3,000, which is through in few convoys, the two are alike."""
    world = wide(1, 33_240)
    search = looking(world, 10_000)
    found = sorted(search.dispatched(2_500) + search.regular(3_333, BEST), key=lambda candidate: candidate.cost)
    alone, whole = annealed(search, found), searched(world, 1, 10_000)
    assert alone is not None and whole is not None
    assert whole.convoys[-1].crossing_end > SEVERAL * DAY and LONG < 10_000
    assert whole.cost < alone.cost
    assert check(world, whole.convoys) == ()
