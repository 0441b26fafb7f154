"""The flow LP behind `bound` and `explain`: its columns, its rows, and why each row holds for every lawful plan.

Columns: vehicles whose crossing ends in a slot (by route, size mode and kind), persons who pass in a slot (by side
and class),
persons not served, and running totals (persons passed per side, minutes used per gate). All have finite upper bounds,
so that
weak duality gives a proof. A *mode* is a range of convoy sizes: gate minutes are counted as if every convoy had its
biggest
size, durations as if it had its smallest.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from math import inf
from typing import Literal, NamedTuple

import msgspec

from safepassage.planner.objective import cold_until
from safepassage.planner.problem import DAY, Crossing, Kind, Problem, Route, Side
from safepassage.values.ids import SideId, VehicleId

KINDS: tuple[Kind, Kind] = ("bus", "ambulance")
RANGES, FINE_RANGES = 3, 6
"""Into so many ranges the agreed sizes are cut."""


class Clauses(NamedTuple):
    """Which groups of rules hold. `explain` drops them one at a time. The flow knows nothing of the first three, the exact model does."""

    reception: bool = True
    crews: bool = True
    lights: bool = True
    number: bool = True
    size: bool = True
    drivers: bool = True
    gate: bool = True
    windows: bool = True
    suspension: bool = True
    parity: bool = True
    fleet: bool = True
    deadline: bool = True


ALL = Clauses()
"""Nothing dropped."""


class Row(NamedTuple):
    """low <= sum of factor x column <= high."""

    columns: list[int]
    factors: list[float]
    low: float
    high: float


class Mode(msgspec.Struct, frozen=True, eq=False):
    """Convoys of one route with `low` to `high` vehicles; crossing ends lie in `slots`."""

    route: Route
    low: int
    high: float
    small: bool
    """Below the agreed minimum: the last convoy of a side."""
    shortest: int
    """Gate minutes of the smallest."""
    gate_minutes: float
    """Per vehicle, of the biggest."""
    slots: list[int]

    @property
    def lead(self) -> int:
        return self.route.load + self.route.pre + self.shortest


class Flow:
    """An LP under construction: minimise costs x columns, 0 <= columns <= most."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.most: list[float] = []
        self.rows: list[Row] = []

    def column(self, cost: float, most: float) -> int:
        self.costs.append(cost)
        self.most.append(most)
        return len(self.costs) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float, high: float) -> None:
        terms = list(terms)
        if terms:
            self.rows.append(Row([column for column, _ in terms], [factor for _, factor in terms], low, high))


Vehicles = dict[tuple[Mode, Kind, int], int]
Stretches = tuple[tuple[int, int], ...]
"""Of each mode: from which of its slots, up to which."""


class Grid(NamedTuple):
    """Slots of `width` minutes from `now` on, the last one cut at `last`."""

    now: int
    width: int
    last: int

    @property
    def slots(self) -> range:
        return range(max(1, -(-(self.last + 1 - self.now) // self.width)))

    def begin(self, slot: int) -> int:
        return self.now + slot * self.width

    def end(self, slot: int) -> int:
        """Its last minute."""
        return min(self.last, self.begin(slot + 1) - 1)


def flow(
    problem: Problem,
    last: int,
    width: int,
    late: int | None,
    goal: Literal["cold", "serve"],
    clauses: Clauses = ALL,
    fine: bool = False,
) -> Flow:
    """The LP for crossings that end by `last`; whoever is not served costs `late` (times weight for `cold`); None:
    nobody may be. `fine`: more ranges of sizes, and the rows that keep convoys apart in the gate: closer, and much slower to solve."""
    model, grid = Flow(), Grid(problem.now, width, last)
    modes = {side.id: list(_modes(problem, side, grid, clauses, FINE_RANGES if fine else RANGES)) for side in problem.sides}
    vehicles: Vehicles = {}
    for side in problem.sides:
        for mode in modes[side.id]:
            for kind in KINDS:
                for slot in mode.slots:
                    vehicles[mode, kind, slot] = model.column(0.0, side.persons)
    passed = {side.id: _people(problem, model, grid, side, modes[side.id], vehicles, late, goal) for side in problem.sides}
    if clauses.parity:
        _parity(problem, model, grid, passed)
    if clauses.gate:
        for crossing in problem.crossings:
            here = [m for side in problem.sides for m in modes[side.id] if m.route.crossing == crossing.id]
            _gate(model, grid, _windows(crossing, grid, clauses), here, vehicles)
            if fine:
                _alone(model, grid, here, vehicles)
    for side in problem.sides:
        if clauses.fleet:
            _fleet(problem, model, grid, side, modes[side.id], vehicles)
        if clauses.drivers and problem.cycles_per_day is not None:
            _drivers(problem, model, grid, side, modes[side.id], vehicles, problem.cycles_per_day)
        _sizes(problem, model, side, modes[side.id], vehicles, clauses)
    return model


def _modes(problem: Problem, side: Side, grid: Grid, clauses: Clauses, ranges: int) -> Iterator[Mode]:
    """So many ranges of agreed sizes, and the one below the minimum."""
    low, high = problem.convoy.low, problem.convoy.high
    step = max(1, -(-(high - low + 1) // ranges))
    sizes: list[tuple[int, float, bool]] = [(n, min(high, n + step - 1), False) for n in range(low, high + 1, step)]
    sizes += [(1, low - 1, True)] if low > 1 else []
    for route in problem.routes:
        crossing = problem.crossing(route.crossing)
        for least, most, small in sizes if clauses.size else [(1, inf, False)]:
            shortest = crossing.handling(least)
            minutes = crossing.setup / most + crossing.per_vehicle
            if route.side == side.id:
                slots = _allowed(problem, route, shortest, grid, clauses)
                yield Mode(route, least, most, small, shortest, minutes, slots)


def _allowed(problem: Problem, route: Route, shortest: int, grid: Grid, clauses: Clauses) -> list[int]:
    """Slots in which some lawful crossing of this route may end. A convoy that is loading already may have begun
    before now."""
    begun = [convoy.loading for convoy in problem.announced if convoy.route == route.id]
    first = min([problem.now, *begun]) + route.load + route.pre + shortest
    windows = _windows(problem.crossing(route.crossing), grid, clauses)
    open_ends = [(max(opens + shortest, first), closes) for opens, closes in windows]
    shut = [(a - route.onward, b + route.pre + shortest) for a, b in problem.suspensions] if clauses.suspension else []
    for begin, end in shut:
        open_ends = [part for a, b in open_ends for part in ((a, min(b, begin)), (max(a, end), b))]
    return [slot for slot in grid.slots if any(a <= b and a <= grid.end(slot) and b >= grid.begin(slot) for a, b in open_ends)]


def _windows(crossing: Crossing, grid: Grid, clauses: Clauses) -> tuple[tuple[int, int], ...]:
    return crossing.windows if clauses.windows else ((min(0, grid.now), grid.last),)


def _people(
    problem: Problem,
    model: Flow,
    grid: Grid,
    side: Side,
    modes: list[Mode],
    vehicles: Vehicles,
    late: int | None,
    goal: Literal["cold", "serve"],
) -> list[int]:
    """Everybody passes in a slot or is not served; nobody passes without a seat. Gives the column of the running
    total by slot."""
    weights = [each.weight for each in problem.classes]
    kinds: list[tuple[Kind, int, int]] = [("bus", number, weight) for number, weight in zip(side.people, weights, strict=True)]
    kinds.append(("ambulance", side.wounded, problem.wounded_weight))
    by_slot: dict[Kind, dict[int, list[int]]] = {"bus": {}, "ambulance": {}}
    slots = sorted({slot for mode in modes for slot in mode.slots})
    for kind, number, weight in kinds:
        if number == 0:
            continue
        terms = []
        for slot in slots:
            cost = weight * cold_until(problem, max(grid.begin(slot), 0)) if goal == "cold" else 0
            terms.append(model.column(cost, number))
            by_slot[kind].setdefault(slot, []).append(terms[-1])
        if late is not None:
            terms.append(model.column(late * (weight if goal == "cold" else 1), number))
        model.row([(column, 1.0) for column in terms], number, number)
        if not terms:
            model.row([(model.column(0.0, 0.0), 1.0)], number, number)
    for kind in KINDS:
        seats = max((each.seats for each in problem.fleet if (each.side, each.kind) == (side.id, kind)), default=0)
        for slot, persons in by_slot[kind].items():
            filled = [(vehicles[m, kind, slot], -float(seats)) for m in modes if (m, kind, slot) in vehicles]
            model.row([*((column, 1.0) for column in persons), *filled], -inf, 0.0)
    everybody = {slot: by_slot["bus"].get(slot, []) + by_slot["ambulance"].get(slot, []) for slot in grid.slots}
    return _totals(model, side.persons, [[(column, 1.0) for column in everybody[slot]] for slot in grid.slots])


def _totals(model: Flow, most: float, steps: list[list[tuple[int, float]]]) -> list[int]:
    """Columns that hold the running total of these steps."""
    totals: list[int] = []
    for terms in steps:
        total = model.column(0.0, most)
        before = [(totals[-1], -1.0)] if totals else []
        model.row([(total, 1.0), *before, *((column, -factor) for column, factor in terms)], 0.0, 0.0)
        totals.append(total)
    return totals


def _parity(problem: Problem, model: Flow, grid: Grid, passed: dict[SideId, list[int]]) -> None:
    """The band at the last minute of each slot, when exactly the passings of all slots up to it have happened."""
    sides = {route.id: route.side for route in problem.routes}
    for parity in problem.parity:
        weight = {parity.plus: parity.wp, parity.minus: -parity.wm}
        for slot in grid.slots:
            facts = parity.start + sum(
                weight.get(sides[c.route], 0) * c.persons for c in problem.underway if c.crossing_end <= grid.end(slot)
            )
            terms = [(passed[side][slot], float(factor)) for side, factor in weight.items()]
            model.row(terms, min(parity.low, facts) - facts, max(parity.high, facts) - facts)


def _gate(model: Flow, grid: Grid, windows: tuple[tuple[int, int], ...], modes: list[Mode], vehicles: Vehicles) -> None:
    """Handling lies wholly in one window: what ends in slots s..t fits the minutes open since the first window that
    reaches s."""
    steps: list[list[tuple[int, float]]] = [[] for _ in grid.slots]
    for mode in modes:
        for kind in KINDS:
            for slot in mode.slots:
                steps[slot].append((vehicles[mode, kind, slot], mode.gate_minutes))
    if not any(steps):
        return
    used = _totals(model, float(sum(max(0, closes - opens) for opens, closes in windows)), steps)
    for opens, closes in windows:
        first = max(0, (opens - grid.now) // grid.width)
        since = min(a for a, b in windows if b >= min(grid.begin(first), opens))
        for slot in grid.slots[first:]:
            if grid.begin(slot) > closes:
                break
            minutes = sum(max(0, min(b, grid.end(slot)) - max(a, since)) for a, b in windows)
            before = [(used[first - 1], -1.0)] if first else []
            model.row([(used[slot], 1.0), *before], -inf, float(minutes))


def _alone(model: Flow, grid: Grid, modes: list[Mode], vehicles: Vehicles) -> None:
    """At the beginning of each slot at most one convoy is in the gate. Whoever ends in a later slot is in it then, if even the
    smallest of its mode would be; so many vehicles are at least so many convoys of the mode's biggest size."""
    inside: dict[int, list[tuple[int, float]]] = {}
    for mode in modes:
        for slot in mode.slots if mode.high < inf else ():
            first = slot
            while first > 0 and grid.end(slot) - mode.shortest < grid.begin(first - 1):
                first -= 1
            for moment in range(first, slot + 1) if grid.end(slot) - mode.shortest < grid.begin(slot) else ():
                inside.setdefault(moment, []).extend((vehicles[mode, kind, slot], 1.0 / mode.high) for kind in KINDS)
    for terms in inside.values():
        model.row(terms, -inf, 1.0)


def _fleet(problem: Problem, model: Flow, grid: Grid, side: Side, modes: list[Mode], vehicles: Vehicles) -> None:
    """At any instant the vehicles between loading and their next loading are among those there are.

    A crossing end f keeps its vehicles over [f - lead, f + post). Instants are chosen so that a slot's edge meets
    that stretch. Columns of a mode lie in a row, slot by slot: which of them are bound at an instant is a stretch of them.
    """
    ends = {mode.route.post - 1 for mode in modes} | {-1 - mode.lead for mode in modes}
    instants = sorted({grid.begin(slot) + end for slot in range(len(grid.slots) + 1) for end in ends})
    bound = [(instant, tuple(_bound_at(grid, mode, instant) for mode in modes)) for instant in instants]
    for kind in KINDS:
        firsts = [vehicles[mode, kind, mode.slots[0]] if mode.slots else 0 for mode in modes]
        there = _there(problem, side, kind)
        for stretches, number in _telling((stretches, there(instant)) for instant, stretches in bound):
            columns = [first + at for first, (a, b) in zip(firsts, stretches, strict=True) for at in range(a, b)]
            model.row([(column, 1.0) for column in columns], -inf, float(number))


def _telling(rows: Iterable[tuple[Stretches, int]]) -> list[tuple[Stretches, int]]:
    """Without those that the one before or after them implies: at least the same columns, at most as many vehicles."""
    kept = list[tuple[Stretches, int]]()
    for row in rows:
        while kept and _implied(kept[-1], row):
            kept.pop()
        if not kept or not _implied(row, kept[-1]):
            kept.append(row)
    return kept


def _implied(row: tuple[Stretches, int], by: tuple[Stretches, int]) -> bool:
    return by[1] <= row[1] and all(a == b or (c <= a and b <= d) for (a, b), (c, d) in zip(row[0], by[0], strict=True))


def _bound_at(grid: Grid, mode: Mode, instant: int) -> tuple[int, int]:
    """From which of the mode's slots, up to which: every crossing end in them binds that instant."""
    after, until = instant - mode.route.post, instant + mode.lead
    first = -(-(after + 1 - grid.now) // grid.width)
    beyond = len(grid.slots) if grid.last <= until else (until + 1 - grid.now) // grid.width
    a, b = bisect_left(mode.slots, first), bisect_left(mode.slots, beyond)
    return (a, b) if a < b else (0, 0)


def _there(problem: Problem, side: Side, kind: Kind) -> Callable[[int], int]:
    """By instant, the vehicles that can serve: ready, not lost, not on a convoy that has departed."""
    lost, away = problem.lost_at(), dict[VehicleId, list[tuple[int, int]]]()
    for convoy in problem.underway:
        for name in convoy.vehicles:
            away.setdefault(name, []).append((convoy.loading, convoy.crossing_end + problem.route(convoy.route).post))
    steps: dict[int, int] = {}
    for vehicle in problem.fleet:
        if (vehicle.side, vehicle.kind) == (side.id, kind):
            for begin, end in _free(vehicle.ready_at, lost.get(vehicle.id), away.get(vehicle.id, [])):
                steps[begin] = steps.get(begin, 0) + 1
                if end is not None:
                    steps[end] = steps.get(end, 0) - 1
    moments = sorted(steps)
    numbers = [0, *accumulate(steps[moment] for moment in moments)]
    return lambda instant: numbers[bisect_right(moments, instant)]


def _free(ready: int, lost: int | None, away: list[tuple[int, int]]) -> Iterator[tuple[int, int | None]]:
    """Stretches from `ready` on, up to its loss, in which a vehicle is not away; None: no end."""
    for begin, end in sorted(away):
        stop = begin if lost is None else min(begin, lost)
        if ready < stop:
            yield ready, stop
        ready = max(ready, end)
    if lost is None or ready < lost:
        yield ready, lost


def _drivers(problem: Problem, model: Flow, grid: Grid, side: Side, modes: list[Mode], vehicles: Vehicles, cycles: int) -> None:
    """Per day, bus trips whose loading surely starts on it."""
    for day in range(max(0, grid.now // DAY), grid.last // DAY + 1):
        columns = []
        for mode in modes:
            longest = mode.lead + problem.crossing(mode.route.crossing).handling(problem.convoy.high) - mode.shortest
            for slot in mode.slots:
                if grid.begin(slot) - longest >= day * DAY and grid.end(slot) - mode.lead < (day + 1) * DAY:
                    columns.append(vehicles[mode, "bus", slot])
        model.row([(column, 1.0) for column in columns], -inf, float(cycles * problem.buses_on(side.id, day)))


def _sizes(problem: Problem, model: Flow, side: Side, modes: list[Mode], vehicles: Vehicles, clauses: Clauses) -> None:
    """At most one convoy below the minimum, and no more convoys than agreed (each counted as if it were its mode's
    biggest)."""
    sides = {route.id: route.side for route in problem.routes}
    terms = [(vehicles[m, k, slot], 1.0 / m.high, m.small) for m in modes for k in KINDS for slot in m.slots]
    model.row([(column, 1.0) for column, _, small in terms if small], -inf, float(problem.convoy.low - 1))
    for which, most in problem.max_convoys:
        if clauses.number and which == side.id:
            gone = sum(1 for convoy in problem.underway if sides[convoy.route] == which)
            model.row([(column, share) for column, share, _ in terms], -inf, float(max(0, most - gone)))
