"""When something happens to an adopted plan: keep what was announced as far as it can be kept, and say what changes
for whom.

What has departed is frozen. Two repairs start from the adopted convoys: *shrink* (each keeps gate and minute and
loses the
vehicles that are gone; who has no seat goes in extra convoys) and *delay* (each keeps its size and waits for vehicles).
Neither is always better (docs/explanation/planner.md): both run, and the cheaper of cost plus penalty per moved
person stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal

import msgspec

from safepassage.planner.check import check
from safepassage.planner.difference import Difference, difference
from safepassage.planner.explain import explain
from safepassage.planner.improve import Candidate, Search
from safepassage.planner.objective import cost, moved, shortfall
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Convoy, Gene, Loss, Objective, Problem, Side, Vehicle
from safepassage.planner.solve import planned
from safepassage.values.ids import PlaceId, VehicleId

Repair = Literal["kept", "shrink", "delay"]
PENALTY: dict[Objective, int] = {"cold": 600, "end": 1}
"""The price of moving one announced person, in the objective's unit: ten hours in the cold, or one minute of
completion."""


class Learnt(msgspec.Struct, frozen=True):
    """What has become known by `minute`. Stretches are [from, to) in minutes."""

    minute: int
    lost: tuple[VehicleId, ...] = ()
    joined: tuple[Vehicle, ...] = ()
    ready: tuple[tuple[VehicleId, int], ...] = ()
    """Vehicles that can load only from this minute on, whatever the plan says (seized, delayed, released)."""
    suspended: tuple[tuple[int, int], ...] = ()
    closed: tuple[tuple[PlaceId, int, int], ...] = ()


class Proposal(msgspec.Struct, frozen=True):
    """A plan nobody has adopted yet, the problem it answers, and what it changes."""

    plan: Plan
    problem: Problem
    difference: Difference
    repair: Repair


def replan(problem: Problem, adopted: Plan, learnt: Learnt, seed: int, budget: int, penalty: int | None = None) -> Proposal | Infeasible:
    """A proposal after the learnt, in `budget` decoder calls; or why everybody cannot be carried any more.

    Where the adopted convoys still stand, they are proposed unchanged.
    """
    later = after(problem, adopted, learnt)
    price = PENALTY[problem.objective] if penalty is None else penalty
    repair, best = _cheapest(later, Random(seed), budget, price, bool(learnt.joined))
    if best is None or shortfall(later, best.convoys):
        return explain(later)
    plan = planned(later, best.convoys, seed, budget)
    return Proposal(plan, later, difference(later, plan), repair)


def after(problem: Problem, adopted: Plan, learnt: Learnt) -> Problem:
    """The problem as it stands at `learnt.minute`: departed convoys frozen, the rest announced, their people waiting."""
    underway = tuple(convoy for convoy in adopted.convoys if convoy.departure <= learnt.minute)
    already = {(convoy.route, convoy.loading) for convoy in problem.underway}
    left = [convoy for convoy in underway if (convoy.route, convoy.loading) not in already]
    ready = dict(learnt.ready)
    return msgspec.structs.replace(
        problem,
        now=learnt.minute,
        sides=tuple(_remaining(problem, side, left) for side in problem.sides),
        fleet=tuple(
            msgspec.structs.replace(vehicle, ready_at=max(vehicle.ready_at, ready.get(vehicle.id, 0)))
            for vehicle in (*problem.fleet, *learnt.joined)
        ),
        crossings=tuple(
            msgspec.structs.replace(gate, windows=_open(gate.windows, [s for s in learnt.closed if s[0] == gate.id]))
            for gate in problem.crossings
        ),
        suspensions=(*problem.suspensions, *learnt.suspended),
        losses=(*problem.losses, *([Loss(learnt.minute, learnt.lost)] if learnt.lost else [])),
        underway=underway,
        announced=tuple(convoy for convoy in adopted.convoys if convoy.departure > learnt.minute),
    )


def _remaining(problem: Problem, side: Side, left: Sequence[Convoy]) -> Side:
    """Who of a side still waits once these convoys have departed."""
    own = [convoy for convoy in left if problem.route(convoy.route).side == side.id]
    gone = {group for convoy in own for group in convoy.groups}
    people = tuple(n - sum(convoy.people[k] for convoy in own) for k, n in enumerate(side.people))
    groups = tuple(group for group in side.groups if group.id not in gone)
    return Side(side.id, people, side.wounded - sum(convoy.wounded for convoy in own), groups)


def _open(windows: tuple[tuple[int, int], ...], closed: Sequence[tuple[PlaceId, int, int]]) -> tuple[tuple[int, int], ...]:
    for _, begin, end in closed:
        parts = [part for a, b in windows for part in ((a, min(b, begin)), (max(a, end), b))]
        windows = tuple((a, b) for a, b in parts if a < b)
    return windows


def _cheapest(problem: Problem, rng: Random, budget: int, penalty: int, anew: bool) -> tuple[Repair, Candidate | None]:
    """`anew`: search even where the announced convoys stand, because vehicles were won."""
    looking = Search(problem, lambda found: cost(problem, found) + penalty * moved(problem, found), rng, budget)
    starts: list[tuple[Repair, Candidate | None]]
    found: list[tuple[Repair, Candidate]]
    starts = [(name, looking.tried(genes)) for name, genes in repairs(problem)]
    found = [("kept", Candidate(looking.judge(problem.announced), problem.announced, ()))] if stands(problem) else []
    if found and not anew:
        return found[0]
    for name, start in starts:
        if start is not None:
            found.append((name, looking.anneal(start, budget // 2 - 1)))
    if not found:
        found = [("delay", start) for start in looking.dispatched()]
    return min(found, key=lambda each: each[1].cost, default=("delay", None))


def stands(problem: Problem) -> bool:
    """Whether the announced convoys can still go exactly as announced."""
    return not check(problem, problem.announced)


def repairs(problem: Problem) -> tuple[tuple[Repair, tuple[Gene, ...]], ...]:
    """Both, by name."""
    return ("shrink", shrink(problem)), ("delay", delay(problem))


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
