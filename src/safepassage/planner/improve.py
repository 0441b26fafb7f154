"""From a good plan to a better one: the two best regular patterns, then simulated annealing over their genes.

Every step is one decoder call and is counted; nothing here looks at a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from random import Random
from typing import NamedTuple

import msgspec

from safepassage.planner.decoder import decode
from safepassage.planner.dispatch import dispatch, pattern, shapes, sizes
from safepassage.planner.objective import LATE
from safepassage.planner.problem import Convoy, Gene, Problem

HOT, COLD = 8e-3, 1e-6
"""Temperatures as shares of the first value."""

Judge = Callable[[Sequence[Convoy]], int]


class Candidate(NamedTuple):
    """A decoded plan, what it costs, and the wishes it came from."""

    cost: int
    convoys: tuple[Convoy, ...]
    genes: tuple[Gene, ...]


class Search:
    """A judge, a problem, and how many decoder calls are left."""

    def __init__(self, problem: Problem, judge: Judge, rng: Random, budget: int) -> None:
        self.problem, self.judge, self.rng, self.left = problem, judge, rng, budget

    def tried(self, genes: tuple[Gene, ...]) -> Candidate | None:
        """One decoder call; None: a deadlock."""
        self.left -= 1
        convoys = decode(self.problem, genes)
        return None if convoys is None else Candidate(self.judge(convoys), convoys, genes)

    def dispatched(self) -> list[Candidate]:
        """One plan for each fixed dispatch rule; each counts as a decoder call."""
        found = []
        for size in sizes(self.problem)[: max(1, self.left)]:
            self.left -= 1
            convoys = dispatch(self.problem, size)
            if convoys is not None:
                found.append(Candidate(self.judge(convoys), convoys, wishes(convoys, self.problem)))
        return found

    def regular(self, calls: int) -> list[Candidate]:
        """Regular patterns, all of them or a sample."""
        every = shapes(self.problem)
        chosen = every if len(every) <= calls else self.rng.sample(every, max(0, calls))
        tried = (self.tried(pattern(self.problem, shape)) for shape in chosen)
        return [candidate for candidate in tried if candidate is not None]

    def anneal(self, start: Candidate, calls: int) -> Candidate:
        """The best found from `start` in that many decoder calls."""
        best = here = start
        scale = max(1, start.cost % LATE)
        for step in range(calls):
            heat = scale * HOT * (COLD / HOT) ** (step / max(1, calls - 1))
            there = self.tried(self._neighbour(here.genes))
            if there is None:
                continue
            if there.cost <= here.cost or self.rng.random() < exp(max(-700.0, (here.cost - there.cost) / heat)):
                here = there
            best = min(best, here, key=lambda candidate: candidate.cost)
        return best

    def _neighbour(self, genes: tuple[Gene, ...]) -> tuple[Gene, ...]:
        """One wish moved, resized, rerouted, freed from its minute, doubled or dropped."""
        found, rng = list(genes), self.rng
        if not found:
            return (self._any(),)
        at, other = rng.randrange(len(found)), rng.randrange(len(found))
        match rng.randrange(7):
            case 0:
                found[at], found[other] = found[other], found[at]
            case 1:
                found.insert(other, found.pop(at))
            case 2 | 3:
                found[at] = self._resized(found[at])
            case 4:
                same = [r.id for r in self.problem.routes if r.side == self.problem.route(found[at].route).side]
                found[at] = msgspec.structs.replace(found[at], route=rng.choice(same))
            case 5:
                found.insert(at, self._any())
            case _:
                found[at] = msgspec.structs.replace(found[at], not_before=0, vehicles=())
                if rng.random() < 0.5:
                    del found[at]
        return tuple(found)

    def _any(self) -> Gene:
        size, most = self.rng.randint(self.problem.convoy.low, self.problem.convoy.high), self.problem.convoy.high
        return Gene(self.rng.choice(self.problem.routes).id, size, self.rng.randint(0, min(2, most - 1)))

    def _resized(self, gene: Gene) -> Gene:
        step = self.rng.choice((-2, -1, 1, 2))
        if self.rng.random() < 0.3:
            return msgspec.structs.replace(gene, ambulances=max(0, gene.ambulances + step))
        return msgspec.structs.replace(gene, buses=max(0, min(self.problem.convoy.high, gene.buses + step)))


def wishes(convoys: Sequence[Convoy], problem: Problem) -> tuple[Gene, ...]:
    """The genes behind convoys that are already timed, in order of passing."""
    kinds = {vehicle.id: vehicle.kind for vehicle in problem.fleet}
    buses = [sum(1 for vehicle in convoy.vehicles if kinds.get(vehicle) == "bus") for convoy in convoys]
    return tuple(Gene(c.route, n, len(c.vehicles) - n) for c, n in zip(convoys, buses, strict=True))
