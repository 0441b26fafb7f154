"""From a problem to a plan: the whole story on one page."""

from __future__ import annotations

from random import Random

from safepassage.planner.annealing import FEVER, REHEATED
from safepassage.planner.bound import lower_bound
from safepassage.planner.corridors import corridors
from safepassage.planner.days import exchanged, one_day, repeated
from safepassage.planner.decoder import in_order
from safepassage.planner.encoded import unknown
from safepassage.planner.exact import Exact, exact, fits, installed
from safepassage.planner.explain import explain
from safepassage.planner.giving import Test
from safepassage.planner.improve import BEST, ENOUGH, Candidate, Engine, Search
from safepassage.planner.meter import Meter, Phase
from safepassage.planner.objective import cost, shortfall, value
from safepassage.planner.plainly import plainly
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import DAY, Convoy, Problem
from safepassage.planner.twin import WORTH, Twin

LONG, SEVERAL = 6_000, 2
"""Decoder calls, and days until all are through, from which on days are planned as columns."""
DAYS, POOL = 6, 6
"""So often one day is planned by itself; so many plans give their days."""
HEATS = (3e-3, 3e-3, 2e-3, 1e-3)
"""Temperatures at the start of each annealing of the whole, after its days were exchanged."""


def solve(problem: Problem, seed: int, budget: int, meter: Meter | None = None, amounts: bool = True) -> Plan | Infeasible:
    """The best plan found in `budget` decoder calls, with a proved bound; or why there is none, and, where `amounts` are asked for, how
    much each clause in the way would have to give. Small worlds are solved to the end.

    A `meter` tells how far it is; once it is stopped, the best plan so far is the answer, with a bound that takes no seconds.

    Source: docs/explanation/planner.md. Laws: tests/laws/test_planner.py.
    """
    if (plain := plainly(problem)) is not None:
        return plain
    meter = meter or Meter(budget)
    convoys, proved = best(problem, seed, budget, meter)
    meter.now(Phase.REASONS if convoys is None else Phase.PROOF)
    if convoys is None:
        return explain(problem, eased(seed, budget) if amounts else None)
    return planned(problem, convoys, seed, budget, proved, meter.done if meter.stopped else None)


def eased(seed: int, budget: int) -> Test:
    """Whether a tenth of the calls finds a plan of a problem in which a clause gave way."""
    return lambda problem: best(problem, seed, max(1, budget // 10))[0] is not None


def best(problem: Problem, seed: int, budget: int, meter: Meter | None = None) -> tuple[tuple[Convoy, ...] | None, int]:
    """The best lawful convoys found, if any, and what the exact model proved besides: no plan is below it."""
    meter = meter or Meter(budget)
    found = search(problem, seed, budget, meter)
    lawful = found.convoys if found is not None and not shortfall(problem, found.convoys) else None
    referee = exact(problem, lawful) if fits(problem) and installed() and not meter.stopped else Exact(None, None)
    return lawful if referee.convoys is None else referee.convoys, referee.bound or 0


def search(problem: Problem, seed: int, budget: int, meter: Meter | None = None) -> Candidate | None:
    """The best plans of all corridors together; each is given its share of the budget, by its people. None: one has none."""
    parts, everybody, meter = corridors(problem), _people(problem), meter or Meter(budget)
    found = [searched(part, seed, max(1, budget * _people(part) // max(1, everybody)), meter) for part in parts]
    if len(parts) == 1 or None in found:
        return None if None in found else found[0]
    whole = in_order(convoy for each in found if each is not None for convoy in each.convoys)
    return Candidate(cost(problem, whole), whole, tuple(gene for each in found if each is not None for gene in each.genes))


def _people(problem: Problem) -> int:
    return sum(side.persons for side in problem.sides)


def searched(problem: Problem, seed: int, budget: int, meter: Meter | None = None) -> Candidate | None:
    """Fixed dispatch rules and regular patterns; then days as columns where there are several and calls enough, else annealing alone."""
    looking = looked(problem, Random(seed), budget, meter)
    found = looking.dispatched(budget // 4) + looking.regular(budget // 3, BEST)
    found = sorted(found, key=lambda candidate: candidate.cost)
    if found and looking.left >= LONG and found[0].convoys[-1].crossing_end - problem.now > SEVERAL * DAY:
        return by_days(looking, found)
    return annealed(looking, found)


def looked(problem: Problem, rng: Random, budget: int, meter: Meter | None = None) -> Search:
    return Search(problem, lambda convoys: cost(problem, convoys), rng, budget, engine(problem, budget), meter)


def annealed(looking: Search, found: list[Candidate]) -> Candidate | None:
    """Annealing from the best of these, and once more, less hot, from the two best of that."""
    found = found[: BEST if looking.left > BEST * ENOUGH else 1]
    each = looking.left // (3 * len(found)) if len(found) > 1 else looking.left
    cooled = sorted((looking.anneal(start, each) for start in found), key=lambda candidate: candidate.cost)
    found += cooled
    if looking.left > BEST:
        found += [looking.anneal(start, looking.left // (2 - n), REHEATED) for n, start in enumerate(cooled[:2])]
    return min(found, key=lambda candidate: candidate.cost, default=None)


def by_days(looking: Search, found: list[Candidate]) -> Candidate:
    """Half of the calls on one day alone, several times; its best answers repeated and exchanged; then annealing and exchange in turn."""
    small, half = one_day(looking.problem, found[0]), looking.given(looking.left // 2)
    daily = looked(small, looking.rng, half, looking.meter)
    starts = sorted(daily.regular(half // 20, BEST), key=lambda candidate: candidate.cost)
    each = daily.left // DAYS
    days = sorted((daily.anneal(starts[n % len(starts)], each, FEVER) for n in range(DAYS if starts else 0)), key=lambda day: day.cost)
    pool = _best(found[:1] + [plan for day in days if (plan := repeated(looking, small, day)) is not None])
    each = looking.left * 9 // (10 * len(HEATS))
    for heat in HEATS:
        pool = _best([exchanged(looking, pool), *pool])
        pool = _best([looking.anneal(pool[0], each, heat), *pool])
    return exchanged(looking, pool)


def _best(found: list[Candidate]) -> list[Candidate]:
    """The best few, none twice."""
    return sorted({each.cost: each for each in found}.values(), key=lambda candidate: candidate.cost)[:POOL]


def engine(problem: Problem, calls: int) -> Engine | None:
    """The twin, for what it knows; None: the decoder itself."""
    return Twin(problem, calls) if unknown(problem) is None else None


def planned(problem: Problem, convoys: tuple[Convoy, ...], seed: int, budget: int, proved: int = 0, stopped: int | None = None) -> Plan:
    """Convoys already under way and those to come, with value and bound: the flow's, or what is `proved` besides."""
    worth = value(problem, convoys)
    known = max((convoy.crossing_end for convoy in convoys), default=problem.now)
    bound = min(worth, max(proved, lower_bound(problem, known, fine=stopped is None and budget >= WORTH)))
    everyone = sorted((*problem.underway, *convoys), key=lambda convoy: (convoy.crossing_end, convoy.route))
    return Plan(tuple(everyone), problem.objective, worth, bound, seed, budget, unknown(problem), stopped)
