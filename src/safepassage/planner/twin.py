"""The fast way to search: `kernel` and `annealing` on one row of numbers, compiled where that is possible and worth its start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from safepassage.planner import compiled
from safepassage.planner.annealing import cooling, luck
from safepassage.planner.encoded import encoded, genes_of, row_of
from safepassage.planner.layout import GENE
from safepassage.planner.meter import Spent, pieces, unwatched
from safepassage.planner.problem import Gene, Problem

WORTH = 3_000
"""Decoder calls from which on it is worth a second (the first time ever: half a minute) to have compiled functions."""


class Twin:
    """A world in which plans are tried, of genes that prefer no vehicle. Compiled or not, the answers are the same."""

    def __init__(self, problem: Problem, calls: int, price: int = 0) -> None:
        self.problem, world = problem, encoded(problem, price=price)
        self._most = world.genes
        fast = calls >= WORTH and compiled.installed()
        self._functions: dict[str, Any] = compiled.compiled() if fast else dict(compiled.functions())
        self._row: Callable[[Sequence[int]], Any] = compiled.array if fast else list
        self._floats: Callable[[Sequence[float]], Any] = compiled.floats if fast else list
        self._luck = self._floats(luck())
        self._world = self._row(world.row)

    def cost(self, genes: Sequence[Gene]) -> int | None:
        """As `objective.cost` of the decoded genes; None: a deadlock, or more wishes than could ever pass."""
        if len(genes) > self._most:
            return None
        found = int(self._functions["decode"](self._world, self._genes(genes), len(genes), inf))
        return None if found < 0 else found

    def anneal(
        self, genes: Sequence[Gene], cost: int, calls: int, chance: int, hottest: float, spent: Spent = unwatched
    ) -> tuple[int, tuple[Gene, ...]]:
        """The least cost that was found, and its genes."""
        here, there, best = (self._genes(genes) for _ in range(3))
        counts, costs, state = self._row([len(genes)] * 3), self._row([cost] * 2), self._row([chance])
        heat, cool = self._floats([float(max(1, cost)) * hottest]), cooling(hottest, calls)
        for piece in pieces(calls):
            self._functions["anneal"](self._world, here, there, best, counts, costs, state, heat, cool, self._luck, piece)
            if not spent(piece):
                break
        return int(costs[1]), genes_of(self.problem, best, int(counts[2]), genes)

    def _genes(self, genes: Sequence[Gene]) -> Any:
        row = row_of(self.problem, genes)
        return self._row([*row, *[0] * ((self._most + 1) * GENE - len(row))])
