"""From a problem to a plan: the whole story on one page."""

from __future__ import annotations

from random import Random

from safepassage.planner.annealing import REHEATED
from safepassage.planner.bound import lower_bound
from safepassage.planner.corridors import corridors
from safepassage.planner.decoder import in_order
from safepassage.planner.encoded import unknown
from safepassage.planner.exact import Exact, exact, fits, installed
from safepassage.planner.explain import explain, too_large
from safepassage.planner.improve import BEST, ENOUGH, Candidate, Engine, Search
from safepassage.planner.objective import cost, shortfall, value
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Convoy, Problem
from safepassage.planner.room import short
from safepassage.planner.twin import WORTH, Twin


def solve(problem: Problem, seed: int, budget: int) -> Plan | Infeasible:
    """The best plan found in `budget` decoder calls, with a proved bound; or why there is none. Small worlds are solved to the end.

    Source: docs/explanation/planner.md. Laws: tests/laws/test_planner.py.
    """
    if too_large(problem) is not None or short(problem) is not None:
        return explain(problem)
    convoys, proved = best(problem, seed, budget)
    if convoys is None:
        return explain(problem, lambda eased: best(eased, seed, max(1, budget // 10))[0] is not None)
    return planned(problem, convoys, seed, budget, proved)


def best(problem: Problem, seed: int, budget: int) -> tuple[tuple[Convoy, ...] | None, int]:
    """The best lawful convoys found, if any, and what the exact model proved besides: no plan is below it."""
    found = search(problem, seed, budget)
    lawful = found.convoys if found is not None and not shortfall(problem, found.convoys) else None
    referee = exact(problem, lawful) if fits(problem) and installed() else Exact(None, None)
    return lawful if referee.convoys is None else referee.convoys, referee.bound or 0


def search(problem: Problem, seed: int, budget: int) -> Candidate | None:
    """The best plans of all corridors together; each is given its share of the budget, by its people. None: one has none."""
    parts, everybody = corridors(problem), _people(problem)
    found = [searched(part, seed, max(1, budget * _people(part) // max(1, everybody))) for part in parts]
    if len(parts) == 1 or None in found:
        return None if None in found else found[0]
    whole = in_order(convoy for each in found if each is not None for convoy in each.convoys)
    return Candidate(cost(problem, whole), whole, tuple(gene for each in found if each is not None for gene in each.genes))


def _people(problem: Problem) -> int:
    return sum(side.persons for side in problem.sides)


def searched(problem: Problem, seed: int, budget: int) -> Candidate | None:
    """Fixed dispatch rules, regular patterns, annealing from the best of both, and once more, less hot, from the two best of that."""
    looking = Search(problem, lambda convoys: cost(problem, convoys), Random(seed), budget, engine(problem, budget))
    found = looking.dispatched(budget // 4) + looking.regular(budget // 3, BEST)
    found = sorted(found, key=lambda candidate: candidate.cost)[: BEST if looking.left > BEST * ENOUGH else 1]
    each = looking.left // (3 * len(found)) if len(found) > 1 else looking.left
    cooled = sorted((looking.anneal(start, each) for start in found), key=lambda candidate: candidate.cost)
    found += cooled
    if looking.left > BEST:
        found += [looking.anneal(start, looking.left // (2 - n), REHEATED) for n, start in enumerate(cooled[:2])]
    return min(found, key=lambda candidate: candidate.cost, default=None)


def engine(problem: Problem, calls: int) -> Engine | None:
    """The twin, for what it knows; None: the decoder itself."""
    return Twin(problem, calls) if unknown(problem) is None else None


def planned(problem: Problem, convoys: tuple[Convoy, ...], seed: int, budget: int, proved: int = 0) -> Plan:
    """Convoys already under way and those to come, with value and bound: the flow's, or what is `proved` besides."""
    worth = value(problem, convoys)
    known = max((convoy.crossing_end for convoy in convoys), default=problem.now)
    bound = min(worth, max(proved, lower_bound(problem, known, fine=budget >= WORTH)))
    everyone = sorted((*problem.underway, *convoys), key=lambda convoy: (convoy.crossing_end, convoy.route))
    return Plan(tuple(everyone), problem.objective, worth, bound, seed, budget, unknown(problem))
