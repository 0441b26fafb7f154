"""From a good plan to a better one: fixed dispatch rules, regular patterns, then simulated annealing over their genes.

Every step is one decoder call and is counted; nothing here looks at a clock. Two engines try genes: `Plain` asks the decoder, which is
the definition, and any judge; `Twin` does the same on rows of numbers for the problems that it knows. A law says that they agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple, Protocol

from safepassage.planner.annealing import HOTTEST, LUCK, cooling, draw, luck, vary
from safepassage.planner.decoder import in_order, timetable
from safepassage.planner.dispatch import dispatched, pattern, rules, shapes
from safepassage.planner.encoded import encoded, genes_of, row_of
from safepassage.planner.layout import GENE
from safepassage.planner.meter import Meter, Spent, unwatched
from safepassage.planner.problem import Convoy, Gene, Problem

Judge = Callable[[Sequence[Convoy]], int]
BEST = 4
"""Starts that are annealed, where the budget allows it."""
ENOUGH = 400
"""Decoder calls below which it is better to anneal one start longer."""


class Candidate(NamedTuple):
    """A decoded plan, what it costs, and the wishes it came from."""

    cost: int
    convoys: tuple[Convoy, ...]
    genes: tuple[Gene, ...]


class Engine(Protocol):
    """Whoever can say what genes cost, and make them better."""

    def cost(self, genes: Sequence[Gene]) -> int | None: ...

    def anneal(
        self, genes: Sequence[Gene], cost: int, calls: int, chance: int, hottest: float, spent: Spent = unwatched
    ) -> tuple[int, tuple[Gene, ...]]: ...


class Plain:
    """The definition: each try is decoded by the decoder and judged by the judge."""

    def __init__(self, problem: Problem, judge: Judge) -> None:
        self.problem, self.judge = problem, judge

    def cost(self, genes: Sequence[Gene]) -> int | None:
        table = timetable(self.problem, genes)
        return None if table is None else self.judge(table.convoys)

    def anneal(
        self, genes: Sequence[Gene], cost: int, calls: int, chance: int, hottest: float, spent: Spent = unwatched
    ) -> tuple[int, tuple[Gene, ...]]:
        """As `annealing.anneal`, step by step."""
        world, state, lucky = encoded(self.problem).row, [chance], luck()
        heat, cool = float(max(1, cost)) * hottest, cooling(hottest, calls)
        here, now = tuple(genes), cost
        best, least = here, cost
        for _ in range(calls):
            bar = now + heat * lucky[draw(state, LUCK)]
            heat *= cool
            row = [*row_of(self.problem, here), *[0] * GENE]
            there = genes_of(self.problem, row, vary(world, row, len(here), state), here)
            table = timetable(self.problem, there)
            if table is not None and float(found := self.judge(table.convoys)) <= bar:
                here, now = tuple(table.genes), found
                if now < least:
                    best, least = there, now
            if not spent(1):
                break
        return least, best


class Search:
    """A problem, an engine that tries, and how many decoder calls are left: none once somebody has had enough."""

    def __init__(
        self, problem: Problem, judge: Judge, rng: Random, budget: int, engine: Engine | None = None, meter: Meter | None = None
    ) -> None:
        self.problem, self.judge, self.rng, self._left = problem, judge, rng, budget
        self.engine = engine or Plain(problem, judge)
        self.meter = meter or Meter(budget)

    @property
    def left(self) -> int:
        return 0 if self.meter.stopped else self._left

    def given(self, calls: int) -> int:
        """So many calls are for somebody else to spend."""
        self._left -= calls
        return calls

    def spent(self, calls: int) -> bool:
        """So many calls are done; whether to go on."""
        self._left -= calls
        return self.meter.spent(calls)

    def tried(self, genes: tuple[Gene, ...]) -> Candidate | None:
        """One decoder call; None: a deadlock."""
        self.spent(1)
        table = timetable(self.problem, genes)
        return None if table is None else Candidate(self.judge(table.convoys), in_order(table.convoys), tuple(table.genes))

    def dispatched(self, most: int = 1 << 30) -> list[Candidate]:
        """One plan for each fixed dispatch rule; each counts as a decoder call."""
        found = []
        for rule in rules(self.problem)[: max(1, most)]:
            table = dispatched(self.problem, rule)
            if table is not None:
                found.append(Candidate(self.judge(table.convoys), in_order(table.convoys), tuple(table.genes)))
            if not self.spent(1) and found:
                break
        return found

    def regular(self, calls: int, most: int) -> list[Candidate]:
        """The best regular patterns of all of them, or of a sample."""
        every = shapes(self.problem)
        chosen = every if len(every) <= calls else self.rng.sample(every, max(0, calls))
        genes = [pattern(self.problem, shape) for shape in chosen]
        found = (self.tried(genes[n]) for _, n in self.cheapest(genes)[:most])
        return [candidate for candidate in found if candidate is not None]

    def cheapest(self, genes: Sequence[tuple[Gene, ...]]) -> list[tuple[int, int]]:
        """What each costs, with its number, the least first; none that is a deadlock, or that was not tried any more. A call for each."""
        found = list[tuple[int, int]]()
        for number, each in enumerate(genes):
            cost = self.engine.cost(each)
            if cost is not None:
                found.append((cost, number))
            if not self.spent(1):
                break
        return sorted(found)

    def anneal(self, start: Candidate, calls: int, hottest: float = HOTTEST) -> Candidate:
        """The best found from `start` in that many decoder calls."""
        chance = self.rng.getrandbits(32) or 1
        cost, genes = self.engine.anneal(start.genes, start.cost, max(0, calls), chance, hottest, self.spent)
        found = self.tried(genes) if cost < start.cost else None
        return start if found is None or found.cost > start.cost else found
