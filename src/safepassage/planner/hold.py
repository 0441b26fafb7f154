"""The repair that breaks least: which announced convoys can still go at their gate and minute, and with how many vehicles.

Vehicles of one kind stand in for each other, so what is lost need not hit the convoys whose vehicles were named: an integer program
chooses sizes for all of them at once, under fleet, drivers' hours, size and parity. It only proposes wishes, each with
the persons it is for, since one more aboard takes parity's room from a later one; the decoder times them, and whoever is left out goes in
extra convoys. Solved by HiGHS within a number of nodes, so that the same problem gives the same wishes.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any, NamedTuple

from safepassage.errors import MISSING_EXTRA, stop
from safepassage.planner.difference import passable
from safepassage.planner.objective import cold_until
from safepassage.planner.problem import DAY, Convoy, Gene, Kind, Problem, Side
from safepassage.values.ids import SideId, VehicleId

KINDS: tuple[Kind, Kind] = ("bus", "ambulance")
NODES = 200
"""Branchings of the integer program."""
SLACK = 1e-6
"""Persons by which the program may be off."""
NEAR = 0.002
"""Share of the optimum at which it may stop: the annealing after it changes more."""


class Share(NamedTuple):
    """Columns of one announced convoy: whether it goes; vehicles and persons, by kind."""

    convoy: Convoy
    goes: int
    vehicles: dict[Kind, int]
    persons: dict[Kind, int]


def hold(problem: Problem, price: int) -> tuple[Gene, ...]:
    """Wishes for the announced convoys that keep gate and minute; keeping one person is worth `price`, in the objective's unit."""
    model = _Model(problem, price)
    found = model.program.values(NODES, NEAR) if model.shares else []
    return tuple(gene for share in model.shares if (gene := _gene(problem, share, found)) is not None)


def _gene(problem: Problem, share: Share, found: list[float]) -> Gene | None:
    buses, ambulances = (round(found[share.vehicles[kind]]) for kind in KINDS)
    begun = share.convoy.loading < problem.now
    lost = problem.lost_at()
    own = tuple(vehicle for vehicle in share.convoy.vehicles if not begun or lost.get(vehicle, inf) > problem.now)
    aboard = int(sum(found[share.persons[kind]] for kind in KINDS) + SLACK)
    return Gene(share.convoy.route, buses, ambulances, share.convoy.loading, own, aboard) if aboard else None


def _later(side: Side, kind: Kind) -> Iterator[tuple[int, int]]:
    """The minutes at which more come, and how many who go by that kind come then or later."""
    come = [(each.minute, sum(each.people) if kind == "bus" else each.wounded) for each in side.coming]
    come += [(group.since, group.size if kind == "bus" else group.wounded) for group in side.groups if group.since]
    yield from ((minute, sum(number for other, number in come if other >= minute)) for minute in sorted({minute for minute, _ in come}))


class Program:
    """An integer program that makes what its columns are worth as large as can be; no column is below 0."""

    def __init__(self) -> None:
        self._columns: list[tuple[float, float, bool]] = []
        self._rows: list[tuple[float, float, list[tuple[int, float]]]] = []

    def column(self, worth: float, most: float, whole: bool = False) -> int:
        """Its number."""
        self._columns.append((worth, most, whole))
        return len(self._columns) - 1

    def row(self, terms: list[tuple[int, float]], low: float, high: float) -> None:
        """The sum of (column, factor) lies between both."""
        self._rows.append((low, high, terms))

    def values(self, nodes: int, near: float) -> list[float]:
        """Of every column, in the best that was found; all 0 where nothing was."""
        solver = self._solved(nodes, near)
        found = list(solver.getSolution().col_value)
        return found if solver.getInfo().primal_solution_status == 2 else [0.0] * len(self._columns)

    def bound(self, nodes: int) -> float:
        """What no solution is worth more than, proved."""
        return -float(self._solved(nodes, 0.0).getInfo().mip_dual_bound)

    def _solved(self, nodes: int, near: float) -> Any:
        try:
            import highspy
        except ImportError:
            stop(MISSING_EXTRA, extra="planner")
        solver: Any = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_max_nodes", nodes), ("mip_rel_gap", near)):
            solver.setOptionValue(option, value)
        for worth, most, _ in self._columns:
            solver.addCol(-worth, 0.0, most, 0, [], [])
        for column, (_, _, whole) in enumerate(self._columns):
            if whole:
                solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for low, high, terms in self._rows:
            solver.addRow(low, high, len(terms), [column for column, _ in terms], [factor for _, factor in terms])
        solver.run()
        return solver


def there(problem: Problem, side: SideId, kind: Kind, moment: int) -> int:
    """Vehicles of a kind that a side has at that minute: ready, not lost, not on the road with what has departed."""
    lost, away = problem.lost_at(), {v for c in problem.underway if moment < problem.again(c) for v in c.vehicles}
    own = (v for v in problem.fleet if (v.side, v.kind) == (side, kind) and v.id not in away)
    return sum(1 for v in own if v.ready_at <= moment < lost.get(v.id, moment + 1))


def driven(problem: Problem, side: SideId, day: int) -> int:
    """Bus trips of that day that are under way already."""
    buses = {vehicle.id for vehicle in problem.fleet if vehicle.kind == "bus"}
    gone = [c for c in problem.underway if problem.route(c.route).side == side and c.loading // DAY == day]
    return sum(1 for convoy in gone for vehicle in convoy.vehicles if vehicle in buses)


class _Model:
    """Maximise what keeping is worth."""

    def __init__(self, problem: Problem, price: int) -> None:
        self.problem, self.price, self.program = problem, price, Program()
        self.lost = problem.lost_at()
        self.kinds: dict[VehicleId, Kind] = {vehicle.id: vehicle.kind for vehicle in problem.fleet}
        self.sides = {route.id: route.side for route in problem.routes}
        self.last_ones: list[tuple[int, SideId]] = []
        """Convoys smaller than agreed, by their column `goes`: each goes only as its side's last, so if all others of it go too."""
        self.last = max((convoy.crossing_end for convoy in problem.announced), default=problem.now)
        self.shares = [self._share(convoy) for convoy in problem.announced if passable(problem, convoy)]
        self._people()
        self._small()
        self._fleet()
        self._drivers()
        self._parity()

    def _share(self, convoy: Convoy) -> Share:
        """A convoy goes with at least the agreed smallest size; one that is loading, with no vehicle that is not there."""
        problem, goes = self.problem, self.program.column(0.0, 1.0, True)
        there = [v for v in convoy.vehicles if convoy.loading >= problem.now or self.lost.get(v, inf) > problem.now]
        own = {kind: sum(1 for v in there if self.kinds.get(v) == kind) for kind in KINDS}
        vehicles = {kind: self.program.column(0.0, own[kind], True) for kind in KINDS}
        later = cold_until(problem, self.last) - cold_until(problem, convoy.crossing_end) if problem.objective == "cold" else 0
        aboard: dict[Kind, int] = {"bus": sum(convoy.people), "ambulance": convoy.wounded}
        persons = {kind: self.program.column(float(self.price + later), aboard[kind], False) for kind in KINDS}
        side = self.sides[convoy.route]
        for kind in KINDS:
            seats = min((v.seats for v in problem.fleet if (v.side, v.kind) == (side, kind)), default=0)
            self.program.row([(persons[kind], 1.0), (vehicles[kind], -float(seats))], -inf, 0.0)
            self.program.row([(vehicles[kind], 1.0), (goes, -float(own[kind]))], -inf, 0.0)
        least = min(problem.convoy.low, len(convoy.vehicles))
        if least < problem.convoy.low:
            self.last_ones.append((goes, side))
        self.program.row([*((vehicles[kind], 1.0) for kind in KINDS), (goes, -float(least))], 0.0, inf)
        return Share(convoy, goes, vehicles, persons)

    def _own(self, side: SideId) -> list[Share]:
        return [share for share in self.shares if self.sides[share.convoy.route] == side]

    def _people(self) -> None:
        """No more than wait, and by then are there."""
        for side in self.problem.sides:
            waiting: dict[Kind, int] = {"bus": sum(side.people), "ambulance": side.wounded}
            for kind in KINDS:
                terms = [(share.persons[kind], 1.0) for share in self._own(side.id)]
                self.program.row(terms, -inf, float(waiting[kind]))
                for minute, later in _later(side, kind):
                    early = [(share.persons[kind], 1.0) for share in self._own(side.id) if share.convoy.loading < minute]
                    self.program.row(early, -inf, float(waiting[kind] - later))

    def _small(self) -> None:
        for goes, side in self.last_ones:
            everybody = [(share.persons[kind], 1.0) for share in self._own(side) for kind in KINDS]
            self.program.row([*everybody, (goes, -float(self.problem.side(side).persons))], 0.0, inf)

    def _fleet(self) -> None:
        """At each beginning of loading, and when vehicles are lost: those bound are among those there are."""
        for side in self.problem.sides:
            own = self._own(side.id)
            for moment in sorted({share.convoy.loading for share in own} | set(self.lost.values())):
                bound = [share for share in own if share.convoy.loading <= moment < self._back(share.convoy)]
                for kind in KINDS:
                    self.program.row([(s.vehicles[kind], 1.0) for s in bound], -inf, float(there(self.problem, side.id, kind, moment)))

    def _back(self, convoy: Convoy) -> int:
        return self.problem.again(convoy)

    def _drivers(self) -> None:
        if self.problem.cycles_per_day is None:
            return
        for side in self.problem.sides:
            for day in sorted({share.convoy.loading // DAY for share in self._own(side.id)}):
                here = [share for share in self._own(side.id) if share.convoy.loading // DAY == day]
                left = self.problem.cycles_per_day * self.problem.buses_on(side.id, day) - driven(self.problem, side.id, day)
                self.program.row([(share.vehicles["bus"], 1.0) for share in here], -inf, float(max(0, left)))

    def _parity(self) -> None:
        """The band after each passing; what has departed alone may widen it."""
        for parity in self.problem.parity:
            weight = {parity.plus: float(parity.wp), parity.minus: -float(parity.wm)}
            for moment in sorted({share.convoy.crossing_end for share in self.shares}):
                gone = [convoy for convoy in self.problem.underway if convoy.crossing_end <= moment]
                facts = parity.start + sum(weight.get(self.sides[c.route], 0.0) * c.persons for c in gone)
                passed = [share for share in self.shares if share.convoy.crossing_end <= moment]
                terms = [(s.persons[kind], weight.get(self.sides[s.convoy.route], 0.0)) for s in passed for kind in KINDS]
                self.program.row(terms, min(parity.low, facts) - facts, max(parity.high, facts) - facts)
