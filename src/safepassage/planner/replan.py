"""When something happens to an adopted plan: keep what was announced as far as it can be kept, and say what changes for whom.

What has departed is frozen. Three repairs start from the adopted convoys: *shrink* (each keeps gate and minute and loses the vehicles
that are gone; who has no seat goes in extra convoys), *delay* (each keeps its size and waits for vehicles) and *hold* (an integer
program shares what is left so that most persons keep gate and minute). None is always better (docs/explanation/planner.md): all run, and
the cheapest of cost plus penalty per moved person stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal

import msgspec
from msgspec.structs import replace

from safepassage.planner.annealing import REHEATED
from safepassage.planner.check import check
from safepassage.planner.decoder import in_order, timetable
from safepassage.planner.difference import Difference, difference
from safepassage.planner.encoded import unknown
from safepassage.planner.explain import explain
from safepassage.planner.hold import hold
from safepassage.planner.improve import Candidate, Search
from safepassage.planner.keepable import most_kept
from safepassage.planner.learnt import Learnt, Stay, after, without
from safepassage.planner.objective import cost, moved, shortfall
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Convoy, Gene, Group, Objective, Problem
from safepassage.planner.solve import eased, planned
from safepassage.planner.twin import Twin
from safepassage.planner.whom import shifts
from safepassage.values.ids import VehicleId

Repair = Literal["kept", "shrink", "delay", "hold"]
PENALTY: dict[Objective, int] = {"cold": 5760, "end": 1}
"""The price of moving one announced person, in the objective's unit: four days in the cold, or one minute of completion. Measured
(docs/explanation/planner.md): at one day the twin moves a third of them for half a per cent."""

DEEPER = 24_000
"""Calls of the twin after those of the decoder, where somebody waits for the answer: compiled they take less than a second."""


class Proposal(msgspec.Struct, frozen=True):
    """A plan nobody has adopted yet, the problem it answers, and what it changes. `stays`: who has no way out now, and why, and `gone`: the
    families of these."""

    plan: Plan
    problem: Problem
    difference: Difference
    repair: Repair
    stays: tuple[Stay, ...] = ()
    gone: tuple[Group, ...] = ()

    @property
    def most(self) -> int:
        """Announced seats that any plan at all could keep, at most: proved."""
        announced = sum(convoy.persons for convoy in self.problem.announced)
        return announced if self.difference.places >= announced else most_kept(self.problem)


def replan(
    problem: Problem,
    adopted: Plan,
    learnt: Learnt,
    seed: int,
    budget: int,
    penalty: int | None = None,
    deeper: int = 0,
    amounts: bool = True,
) -> Proposal | Infeasible:
    """A proposal after the learnt, in `budget` decoder calls and `deeper` of the twin; or why everybody cannot be carried any more, and,
    where `amounts` are asked for, how much each clause in the way would have to give.

    Where the adopted convoys still stand, they are proposed unchanged, unless something was won that could serve them better.
    """
    later, stays, gone = after(problem, adopted, learnt)
    price = PENALTY[problem.objective] if penalty is None else penalty
    repair, best = _cheapest(later, Random(seed), budget, price, learnt.wins, deeper)
    if best is None or shortfall(later, best.convoys):
        return explain(later, eased(seed, budget) if amounts else None)
    convoys = best.convoys if repair == "kept" else seated(later, best, price, gone)
    plan = planned(later, convoys, seed, budget)
    return Proposal(plan, later, difference(later, plan, gone), repair, stays, gone)


def seated(problem: Problem, found: Candidate, price: int, gone: tuple[Group, ...]) -> tuple[Convoy, ...]:
    """The same wishes with families where they were told to be, as far as their class lets them, if that is worth its cost: the search
    prices seats, here people are priced."""
    if not any(convoy.groups for convoy in problem.announced):
        return found.convoys
    table = timetable(problem, found.genes, as_told=True)
    if table is None or shortfall(problem, table.convoys) or check(problem, table.convoys):
        return found.convoys
    return min(found.convoys, in_order(table.convoys), key=lambda each: cost(problem, each) - price * kept(problem, each, gone))


def kept(problem: Problem, convoys: Sequence[Convoy], gone: tuple[Group, ...]) -> int:
    """Persons who leave by the gate and at the minute they were told, family by family."""
    matched = (shift for side in problem.sides for shift in shifts(problem, side, convoys, gone))
    return sum(shift.people for shift in matched if shift.same)


def _cheapest(problem: Problem, rng: Random, budget: int, penalty: int, wins: bool, deeper: int) -> tuple[Repair, Candidate | None]:
    """The announced convoys where they stand and nothing was won; else the best found from the two cheapest repairs."""
    looking = Search(problem, lambda found: cost(problem, found) + penalty * moved(problem, found), rng, budget)
    found: list[tuple[Repair, Candidate]] = []
    if stands(problem):
        found = [("kept", Candidate(looking.judge(problem.announced), problem.announced, delay(problem)))]
        if not wins:
            return found[0]
    tried = [(name, start) for name, genes in repairs(problem, penalty) if (start := looking.tried(genes)) is not None]
    tried = sorted(tried, key=lambda each: each[1].cost)[:2]
    found += [(name, looking.anneal(start, looking.left // (2 - index))) for index, (name, start) in enumerate(tried)]
    if not found:
        found = [("delay", start) for start in looking.dispatched()]
    if not found:
        return "delay", None
    repair, best = min(found, key=lambda each: each[1].cost)
    return repair, deepened(looking, best, deeper, penalty) if deeper else best


def deepened(looking: Search, found: Candidate, calls: int, price: int) -> Candidate:
    """The twin anneals what has not begun to load, under the same price; the decoder judges what it found. The twin chooses no vehicles
    by name, so convoys that are loading stand, for it, as if they had departed."""
    problem, table = looking.problem, timetable(looking.problem, found.genes)
    placed = list(zip(table.genes, table.convoys, strict=True)) if table else []
    begun = [(gene, convoy) for gene, convoy in placed if convoy.loading < problem.now]
    ahead = tuple(replace(gene, vehicles=(), enough=0) for gene, convoy in placed if convoy.loading >= problem.now)
    rest = _without(_as_if_there(problem), [convoy for _, convoy in begun])
    if not ahead or unknown(rest) is not None:
        return found
    twin = Twin(rest, calls, price)
    start = twin.cost(ahead)
    if start is None:
        return found
    _, genes = twin.anneal(ahead, start, calls, looking.rng.getrandbits(32) or 1, REHEATED)
    better = looking.tried((*(gene for gene, _ in begun), *genes))
    return found if better is None or better.cost >= found.cost else better


def _as_if_there(problem: Problem) -> Problem:
    """The twin knows nothing of people who are not there yet, nor of monitors, and searches as if both were."""
    if not any(problem.arrivals.values()):
        return replace(problem, unwatched=())
    groups = {side.id: tuple(replace(group, since=0) for group in side.groups) for side in problem.sides}
    return replace(problem, sides=tuple(replace(side, groups=groups[side.id], coming=()) for side in problem.sides), unwatched=())


def _without(problem: Problem, begun: list[Convoy]) -> Problem:
    """The problem once these have gone."""
    sides = {side.id: side for side in problem.sides}
    for convoy in begun:
        side = problem.route(convoy.route).side
        sides[side] = without(sides[side], convoy)
    announced = tuple(convoy for convoy in problem.announced if convoy.loading >= problem.now)
    return replace(problem, sides=tuple(sides.values()), underway=(*problem.underway, *begun), announced=announced)


def stands(problem: Problem) -> bool:
    """Whether the announced convoys can still go exactly as announced."""
    return not check(problem, problem.announced)


def repairs(problem: Problem, penalty: int) -> tuple[tuple[Repair, tuple[Gene, ...]], ...]:
    """All of them, by name."""
    return ("shrink", shrink(problem)), ("delay", delay(problem)), ("hold", hold(problem, penalty))


def shrink(problem: Problem) -> tuple[Gene, ...]:
    """Each announced convoy at its gate and minute with the vehicles it still has."""
    gone = _gone(problem)
    kept = [(c, tuple(v for v in c.vehicles if v not in gone)) for c in problem.announced]
    return tuple(_gene(problem, convoy, vehicles) for convoy, vehicles in kept if vehicles)


def delay(problem: Problem) -> tuple[Gene, ...]:
    """Each announced convoy in its size, no earlier than announced. One that is loading can only go on with what is
    there."""
    gone = _gone(problem)
    genes = []
    for convoy in problem.announced:
        vehicles = tuple(v for v in convoy.vehicles if v not in gone or convoy.loading >= problem.now)
        genes += [_gene(problem, convoy, vehicles)] if vehicles else []
    return tuple(genes)


def _gone(problem: Problem) -> set[VehicleId]:
    return {vehicle for vehicle, minute in problem.lost_at().items() if minute <= problem.now}


def _gene(problem: Problem, convoy: Convoy, vehicles: tuple[VehicleId, ...]) -> Gene:
    buses = sum(1 for vehicle in problem.fleet if vehicle.kind == "bus" and vehicle.id in vehicles)
    return Gene(convoy.route, buses, len(vehicles) - buses, convoy.loading, vehicles)
