"""Operating days as columns: one day planned well, then repeated, exchanged for another plan's days, and spliced.

Where gates close at night every day asks nearly the same question again, and a whole plan is too long to find its best answer by
luck. One day alone, with more people than it can carry, is short: annealing sees at once what one more convoy is worth. This is the
heuristic half of a decomposition by Dantzig and Wolfe; why the proving half did not pay stands in docs/explanation/planner.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from safepassage.planner.decoder import timetable
from safepassage.planner.improve import Candidate, Search
from safepassage.planner.problem import DAY, Convoy, Gene, Problem, Side

NEARLY = 90
"""Per cent of the busiest day's people that make a day a whole one."""
PRESSED = 150
"""Per cent of what a day carried before: so many wait for it, so that it never runs out of people."""
SPARE = 1
"""Days repeated beyond those needed: what is left over is cut off."""
Day = tuple[Gene, ...]


def one_day(problem: Problem, found: Candidate) -> Problem:
    """The same problem with fewer people: half as many again as `found` carries until its first whole day is over. Families count one
    by one, since wishes speak of vehicles only."""
    carried = _carried(found.convoys)
    whole = min(day for day, persons in carried.items() if 100 * persons >= NEARLY * max(carried.values()))
    return replace(problem, sides=tuple(_pressed(problem, side, found, whole) for side in problem.sides))


def _pressed(problem: Problem, side: Side, found: Candidate, until: int) -> Side:
    own = [c for c in found.convoys if problem.route(c.route).side == side.id and c.crossing_end // DAY <= until]
    everybody = max(1, side.persons)
    many = min(everybody, sum(convoy.persons for convoy in own) * PRESSED // 100)
    people = tuple(number * many // everybody for number in side.people)
    wounded, lying = side.wounded * many // everybody, side.lying * many // everybody
    return replace(side, people=people, wounded=wounded, lying=lying, groups=(), coming=())


def days_of(problem: Problem, genes: Sequence[Gene]) -> list[Day]:
    """What became of these wishes, day by day of passing, each free to go as early as it can."""
    table, days = timetable(problem, genes), dict[int, list[Gene]]()
    for gene, convoy in zip(table.genes, table.convoys, strict=True) if table else ():
        days.setdefault(convoy.crossing_end // DAY, []).append(replace(gene, not_before=0, vehicles=()))
    return [tuple(days[day]) for day in sorted(days)]


def repeated(looking: Search, small: Problem, found: Candidate) -> Candidate | None:
    """A plan of nothing but the fullest day of `found`, which is a plan of the small problem; None: a deadlock."""
    carried = _carried(found.convoys)
    most = max(carried, key=lambda day: (carried[day], -day))
    day = days_of(small, found.genes)[sorted(carried).index(most)]
    everybody = sum(side.persons for side in looking.problem.sides)
    return looking.tried(day * (-(-everybody // max(1, carried[most])) + SPARE))


def exchanged(looking: Search, pool: Sequence[Candidate]) -> Candidate:
    """The best of the pool, its days exchanged for days of the others, and its last days for theirs, as long as that makes it better."""
    best = min(pool, key=lambda candidate: candidate.cost)
    plans = [days_of(looking.problem, candidate.genes) for candidate in pool]
    genes, least = best.genes, best.cost
    while looking.left > 0:
        tries = list(dict.fromkeys(_others(days_of(looking.problem, genes), plans)))
        cheapest, at = min(looking.cheapest(tries), default=(least, 0))
        if cheapest >= least:
            break
        genes, least = tries[at], cheapest
    found = looking.tried(genes) if least < best.cost else None
    return best if found is None else found


def _others(plan: list[Day], plans: Sequence[list[Day]]) -> Iterator[Day]:
    """Wishes of this plan with one day, or everything from one day on, as in another."""
    for at in range(len(plan)):
        for day in dict.fromkeys(day for each in plans for day in each):
            yield _joined((*plan[:at], day, *plan[at + 1 :]))
        for each in plans if at else ():
            yield from (_joined((*plan[:at], *each[since:])) for since in range(1, len(each)))


def _joined(days: Iterable[Day]) -> Day:
    return tuple(gene for day in days for gene in day)


def _carried(convoys: Iterable[Convoy]) -> dict[int, int]:
    """Persons by day of passing."""
    found: dict[int, int] = {}
    for convoy in convoys:
        found[convoy.crossing_end // DAY] = found.get(convoy.crossing_end // DAY, 0) + convoy.persons
    return found
