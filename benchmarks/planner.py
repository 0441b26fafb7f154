"""How good the planner is, in one run and as ratios: to a spreadsheet, to the best fixed dispatch rule, to its own proved bound.

PYTHONPATH=. python benchmarks/planner.py [--calls N] [--seeds N] [--wide-calls N] [--world-aleppo FILE] [--plot FILE.svg]

Needs the extras `planner`, `exact` and, for its speed, `compiled`. Compiled functions are loaded (the first time ever: compiled) before any
clock is started. `--plot` draws how cost grows with the number of people.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple, TypeVar

from benchmarks.growth import Point, drawn
from tests.planner.worlds import A, families, night, seats_of, wide, with_families

from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.decoder import ANY, FULL, HALF, Timetable
from safepassage.planner.dispatch import dispatched, rules
from safepassage.planner.instance import read_case, to_problem
from safepassage.planner.objective import value
from safepassage.planner.plan import Infeasible
from safepassage.planner.postings import Duty, needs, roster
from safepassage.planner.problem import Convoy, Gene, Problem, Side
from safepassage.planner.seats import board, waiting
from safepassage.planner.solve import search, solve
from safepassage.planner.twin import WORTH

CASES = Path(__file__).resolve().parents[2] / "shared/reference/planner"
PUBLISHED_RULE = 148.7
"""Weighted hours in the cold a person on world-aleppo by the reference's best fixed dispatch rule (its README)."""
GROWTH = ((1, 300), (1, 3_000), (1, 33_240), (3, 99_720), (6, 199_440))
T = TypeVar("T")


class Timed(NamedTuple):
    seconds: float
    plan: tuple[Convoy, ...]


def clock(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


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


def best_rule(problem: Problem) -> int | None:
    """The best of our fixed dispatch rules: always the convoy of one size, with so many ambulances, that is through first."""
    tables = (dispatched(problem, rule) for rule in rules(problem))
    return min((value(problem, table.convoys) for table in tables if table is not None), default=None)


def hours(problem: Problem, worth: int) -> float:
    """Weighted cold-hours per weighted person."""
    weights = [each.weight for each in problem.classes]
    people = sum(
        sum(w * n for w, n in zip(weights, side.people, strict=True)) + problem.wounded_weight * side.wounded for side in problem.sides
    )
    return worth / (60 * people)


def measure(name: str, problem: Problem, calls: int, rule: bool = True) -> Timed:
    """One world, one line per figure."""
    sheet, fixed = spreadsheet(problem), best_rule(problem) if rule else None
    first, _ = clock(lambda: check(problem, found.convoys) if (found := search(problem, 1, 1)) is not None else None)
    seconds, found = clock(lambda: search(problem, 1, calls))
    if found is None:
        print(f"{name}: no plan within {calls} decoder calls")
        return Timed(seconds, ())
    worth, ends = value(problem, found.convoys), max(convoy.crossing_end for convoy in found.convoys)
    bounding, bound = clock(lambda: lower_bound(problem, ends, fine=calls >= WORTH))
    print(f"{name}: {len(found.convoys)} convoys, {len(check(problem, found.convoys))} broken rules")
    print(f"  first checked plan           {first:.2f} s")
    print(f"  value / spreadsheet          {worth / sheet:.3f}" if sheet else "  spreadsheet: deadlock")
    print(f"  value / best of our rules    {worth / fixed:.3f}" if fixed else "  our rules: deadlock, or not asked")
    if problem.objective == "cold":
        print(f"  hours in the cold a person   {hours(problem, worth):.2f}, proved not below {hours(problem, bound):.2f}")
    print(f"  proved gap                   {1 - bound / worth:.1%}   (search {seconds:.1f} s, bound {bounding:.1f} s)")
    print(f"  decoder calls per second     {calls / seconds:.0f}   ({calls} calls)")
    return Timed(seconds + bounding, found.convoys)


def spread(problem: Problem, calls: int, seeds: int, first: Timed) -> None:
    """How far chance moves the figures: the same search from other seeds, least, median and most."""
    others = (search(problem, seed, calls) for seed in range(2, seeds + 1))
    worths = sorted(value(problem, plan) for plan in (first.plan, *(found.convoys for found in others if found is not None)))
    sheet, middle = spreadsheet(problem), median(worths)
    bound = lower_bound(problem, max(convoy.crossing_end for convoy in first.plan), fine=calls >= WORTH)
    chosen = ("least", worths[0]), ("median", middle), ("most", worths[-1])
    print(f"  of {len(worths)} seeds             " + ", ".join(f"{name} {hours(problem, round(worth)):.2f}" for name, worth in chosen))
    if sheet:
        print("  ... / spreadsheet            " + ", ".join(f"{worth / sheet:.3f}" for _, worth in chosen))
    print("  ... / published rule         " + ", ".join(f"{hours(problem, round(worth)) / PUBLISHED_RULE:.3f}" for _, worth in chosen))
    print("  ... proved gap               " + ", ".join(f"{1 - bound / worth:.1%}" for _, worth in chosen))


def aleppo(file: Path, calls: int, seeds: int) -> None:
    problem = to_problem(read_case(file.read_bytes()).instance, "cold")
    timed = measure("world-aleppo, 37,500 people, cold", problem, calls)
    print(f"  value / published rule       {hours(problem, value(problem, timed.plan)) / PUBLISHED_RULE:.3f}")
    households(problem, calls // 20)
    seconds, found = clock(lambda: roster(needs(problem, timed.plan), Duty()))
    print(f"  monitors for that plan       {found.staff}, proved: {found.proved}, {seconds:.1f} s")
    spread(problem, calls, seeds, timed)


def households(problem: Problem, calls: int) -> None:
    """What it costs that every family sits in one vehicle: the same world and search with everybody alone, and with nobody alone."""
    (_, alone), (seconds, whole) = (clock(partial(search, world, 1, calls)) for world in (problem, with_families(problem)))
    if alone is not None and whole is not None:
        broken = len(check(with_families(problem), whole.convoys))
        ratio = whole.cost / alone.cost
        print(f"  all in families / all alone  {ratio:.4f}   ({calls} calls each; {seconds:.1f} s with families, {broken} broken rules)")


def cases(folder: Path) -> None:
    """The reference's small cases: optimum with proof, or the conflict named."""
    for path in sorted(folder.glob("*.json")):
        known = read_case(path.read_bytes(), path.name)
        if known.optimum is None and not known.conflict:
            continue
        problem = to_problem(known.instance, "cold" if known.objective == "cold" else "end")
        seconds, answer = clock(lambda problem=problem: solve(problem, 1, 300))  # type: ignore[misc]
        if isinstance(answer, Infeasible):
            print(f"{path.stem}: impossible, conflict {answer.conflict} (known: {tuple(known.conflict or ())}), {seconds:.1f} s")
            print("\n".join(f"  {give.words}" for give in answer.gives))
        else:
            print(f"{path.stem}: {answer.value}, known optimum {known.optimum}, proved: {answer.bound == answer.value}, {seconds:.1f} s")


def seating(number: int = 7_000, buses: int = 10) -> None:
    """Families of two to nine into convoys of so many buses, each family into one of them."""
    chance = Random(1)
    groups = families(A, 0, tuple(chance.randint(2, 9) for _ in range(number)))
    side = Side(A, (sum(group.size for group in groups), 0), groups=groups)

    convoy = seats_of((50,) * buses)

    def seated() -> list[int]:
        left, found = waiting(side), []
        while left.persons:
            aboard, left = board(left, convoy, 1 << 30)
            found.append(sum(map(len, aboard.families)))
        return found

    seconds, found = clock(seated)
    print(f"{number} families, {side.persons} persons: {len(found)} convoys, {sum(found)} families whole, {seconds:.2f} s")


def grown(calls: int) -> list[Point]:
    """How long a plan and its bound take, and how good both are, from 300 to 200,000 people."""
    points = []
    for corridors, people in GROWTH:
        timed = measure(f"{people} people, {2 * corridors} gates, cold", wide(corridors, people), calls)
        points.append(Point(people, timed.seconds))
    return points


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=1_200_000, help="decoder calls on world-aleppo")
    parser.add_argument("--seeds", type=int, default=5, help="seeds on world-aleppo, of which least, median and most are printed")
    parser.add_argument("--wide-calls", type=int, default=60_000, help="decoder calls on each world of the growth")
    parser.add_argument("--world-aleppo", type=Path, default=CASES / "world-aleppo.json")
    parser.add_argument("--plot", type=Path, help="where to draw how cost grows")
    options = parser.parse_args()
    search(night(), 1, WORTH)
    for objective in ("cold", "end"):
        measure(f"exercise night, 900 people, {objective}", night("cold" if objective == "cold" else "end"), 300)
    seating()
    cases(options.world_aleppo.parent)
    if options.world_aleppo.is_file():
        aleppo(options.world_aleppo, options.calls, options.seeds)
    else:
        print("left out: world-aleppo (its file is not beside the project; name it with --world-aleppo)")
    points = grown(options.wide_calls)
    if options.plot:
        options.plot.write_text(drawn(points, f"search of {options.wide_calls:,} calls and proved bound"))


if __name__ == "__main__":
    main()
