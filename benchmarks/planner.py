"""How good the planner is, as ratios: against a spreadsheet and against the best fixed dispatch rule; its proved gap;
its speed.

PYTHONPATH=. python benchmarks/planner.py [--calls N] [--world-aleppo FILE]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.planner.worlds import night

from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.decoder import ANY, FULL, HALF, Timetable
from safepassage.planner.dispatch import dispatched, rules
from safepassage.planner.instance import read_case, to_problem
from safepassage.planner.learnt import Learnt
from safepassage.planner.objective import value
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Convoy, Gene, Problem
from safepassage.planner.replan import Proposal, replan
from safepassage.planner.solve import search

ALEPPO = Path(__file__).resolve().parents[2] / "shared/reference/planner/world-aleppo.json"


def spreadsheet(problem: Problem) -> int | None:
    """Equal convoys of 20 (or the biggest allowed) by each side's first route, sides in turn, in waves.

    A wave is what the fleets hold; the next one begins when all of it is back.
    """
    table, size = Timetable(problem), min(20, problem.convoy.high)
    start = problem.now
    while any(left.persons for left in table.waiting.values()):
        wave = [convoy for gene in _wave(problem, size, start) if (convoy := _sent(table, gene))]
        if not wave:
            return None
        start = max(convoy.crossing_end + problem.route(convoy.route).post for convoy in wave)
    return value(problem, table.convoys)


def _wave(problem: Problem, size: int, start: int) -> list[Gene]:
    firsts = [next(route for route in problem.routes if route.side == side.id) for side in problem.sides]
    fleets = {r.id: [v.kind for v in problem.fleet if v.side == r.side] for r in firsts}
    holds = {route: len(kinds) // size or 1 for route, kinds in fleets.items()}
    beds = {route: kinds.count("ambulance") // holds[route] for route, kinds in fleets.items()}
    return [
        Gene(route, size - beds[route], beds[route], start) for turn in range(max(holds.values())) for route in holds if turn < holds[route]
    ]


def _sent(table: Timetable, gene: Gene) -> Convoy | None:
    return next((convoy for share in (FULL, HALF, ANY) if (convoy := table.place(gene, share))), None)


def best_rule(problem: Problem) -> int:
    """The best of the fixed dispatch rules: always the convoy of one size that is through first."""
    tables = (dispatched(problem, rule) for rule in rules(problem))
    return min(value(problem, table.convoys) for table in tables if table is not None)


def measure(name: str, problem: Problem, calls: int) -> None:
    """One world, one line per figure."""
    sheet, rule = spreadsheet(problem), best_rule(problem)
    began = time.perf_counter()
    found = search(problem, 1, calls)
    seconds = time.perf_counter() - began
    if found is None:
        print(f"{name}: no plan within {calls} decoder calls")
        return
    worth = value(problem, found.convoys)
    began = time.perf_counter()
    bound = lower_bound(problem, max(convoy.crossing_end for convoy in found.convoys))
    bounding = time.perf_counter() - began
    print(f"{name}: {len(found.convoys)} convoys, {len(check(problem, found.convoys))} broken rules")
    print(f"  value / spreadsheet          {worth / sheet:.3f}" if sheet else "  spreadsheet: deadlock")
    print(f"  value / best dispatch rule   {worth / rule:.3f}")
    print(f"  bound / value                {bound / worth:.3f}   gap {1 - bound / worth:.1%}, {bounding:.1f} s")
    print(f"  decoder calls per second     {calls / seconds:.0f}   ({calls} calls, {seconds:.1f} s)")


def mend(problem: Problem, calls: int) -> None:
    """A loss of six buses in the built-in world."""
    found = search(problem, 1, calls)
    assert found is not None
    plan = Plan(found.convoys, problem.objective, value(problem, found.convoys), 0, 1, calls)
    buses = [vehicle.id for vehicle in problem.fleet if vehicle.kind == "bus"][:6]
    began = time.perf_counter()
    proposal = replan(problem, plan, Learnt(40, lost=tuple(buses)), 1, calls)
    print(
        f"  replan after six buses       {time.perf_counter() - began:.1f} s, "
        f"{proposal.repair if isinstance(proposal, Proposal) else proposal.words}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--world-aleppo", type=Path, default=ALEPPO)
    options = parser.parse_args()
    for objective in ("cold", "end"):
        measure(f"exercise night, 900 people, {objective}", night("cold" if objective == "cold" else "end"), options.calls)
    mend(night(), options.calls)
    if options.world_aleppo.is_file():
        problem = to_problem(read_case(options.world_aleppo.read_bytes()).instance, "cold")
        measure("world-aleppo, 37,500 people, cold", problem, options.calls)
    else:
        print("left out: world-aleppo (its file is not beside the project; name it with --world-aleppo)")


if __name__ == "__main__":
    main()
