"""The repair that breaks least: which announced convoys can still go at their gate and minute, and with how many vehicles.

Vehicles of one kind stand in for each other, so what is lost need not hit the convoys whose vehicles were named: an integer program
chooses sizes for all of them at once, under fleet, drivers' hours, size and parity. It only proposes wishes; the decoder times them, and
whoever it leaves out goes in extra convoys. Solved by HiGHS within a number of nodes, so that the same problem gives the same wishes.
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
    found = model.solved()
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


class _Model:
    """Maximise what keeping is worth; rows are (low, high, terms)."""

    def __init__(self, problem: Problem, price: int) -> None:
        self.problem, self.price = problem, price
        self.columns: list[tuple[float, float, bool]] = []
        """(worth, most, whole)."""
        self.rows: list[tuple[float, float, list[tuple[int, float]]]] = []
        self.lost = problem.lost_at()
        self.kinds: dict[VehicleId, Kind] = {vehicle.id: vehicle.kind for vehicle in problem.fleet}
        self.sides = {route.id: route.side for route in problem.routes}
        self.last = max((convoy.crossing_end for convoy in problem.announced), default=problem.now)
        self.shares = [self._share(convoy) for convoy in problem.announced if passable(problem, convoy)]
        self._people()
        self._fleet()
        self._drivers()
        self._parity()

    def _column(self, worth: float, most: float, whole: bool) -> int:
        self.columns.append((worth, most, whole))
        return len(self.columns) - 1

    def _share(self, convoy: Convoy) -> Share:
        """A convoy goes with at least the agreed smallest size; one that is loading, with no vehicle that is not there."""
        problem, goes = self.problem, self._column(0.0, 1.0, True)
        there = [v for v in convoy.vehicles if convoy.loading >= problem.now or self.lost.get(v, inf) > problem.now]
        own = {kind: sum(1 for v in there if self.kinds.get(v) == kind) for kind in KINDS}
        vehicles = {kind: self._column(0.0, own[kind], True) for kind in KINDS}
        later = cold_until(problem, self.last) - cold_until(problem, convoy.crossing_end) if problem.objective == "cold" else 0
        aboard: dict[Kind, int] = {"bus": sum(convoy.people), "ambulance": convoy.wounded}
        persons = {kind: self._column(float(self.price + later), aboard[kind], False) for kind in KINDS}
        side = self.sides[convoy.route]
        for kind in KINDS:
            seats = min((v.seats for v in problem.fleet if (v.side, v.kind) == (side, kind)), default=0)
            self.rows.append((-inf, 0.0, [(persons[kind], 1.0), (vehicles[kind], -float(seats))]))
            self.rows.append((-inf, 0.0, [(vehicles[kind], 1.0), (goes, -float(own[kind]))]))
        least = min(problem.convoy.low, len(convoy.vehicles))
        self.rows.append((0.0, inf, [*((vehicles[kind], 1.0) for kind in KINDS), (goes, -float(least))]))
        return Share(convoy, goes, vehicles, persons)

    def _own(self, side: SideId) -> list[Share]:
        return [share for share in self.shares if self.sides[share.convoy.route] == side]

    def _people(self) -> None:
        """No more than wait, and by then are there."""
        for side in self.problem.sides:
            waiting: dict[Kind, int] = {"bus": sum(side.people), "ambulance": side.wounded}
            for kind in KINDS:
                terms = [(share.persons[kind], 1.0) for share in self._own(side.id)]
                self.rows.append((-inf, float(waiting[kind]), terms))
                for minute, later in _later(side, kind):
                    early = [(share.persons[kind], 1.0) for share in self._own(side.id) if share.convoy.loading < minute]
                    self.rows.append((-inf, float(waiting[kind] - later), early))

    def _fleet(self) -> None:
        """At each beginning of loading, and when vehicles are lost: those bound are among those there are."""
        for side in self.problem.sides:
            own = self._own(side.id)
            for moment in sorted({share.convoy.loading for share in own} | set(self.lost.values())):
                bound = [share for share in own if share.convoy.loading <= moment < self._back(share.convoy)]
                for kind in KINDS:
                    self.rows.append((-inf, float(self._there(side.id, kind, moment)), [(s.vehicles[kind], 1.0) for s in bound]))

    def _back(self, convoy: Convoy) -> int:
        return self.problem.again(convoy)

    def _there(self, side: SideId, kind: Kind, moment: int) -> int:
        away = {v for c in self.problem.underway if moment < self._back(c) for v in c.vehicles}
        own = (v for v in self.problem.fleet if (v.side, v.kind) == (side, kind) and v.id not in away)
        return sum(1 for v in own if v.ready_at <= moment < self.lost.get(v.id, moment + 1))

    def _drivers(self) -> None:
        if self.problem.cycles_per_day is None:
            return
        for side in self.problem.sides:
            for day in sorted({share.convoy.loading // DAY for share in self._own(side.id)}):
                here = [share for share in self._own(side.id) if share.convoy.loading // DAY == day]
                left = self.problem.cycles_per_day * self.problem.buses_on(side.id, day) - self._driven(side.id, day)
                self.rows.append((-inf, float(max(0, left)), [(share.vehicles["bus"], 1.0) for share in here]))

    def _driven(self, side: SideId, day: int) -> int:
        gone = [c for c in self.problem.underway if self.sides[c.route] == side and c.loading // DAY == day]
        return sum(1 for convoy in gone for vehicle in convoy.vehicles if self.kinds.get(vehicle) == "bus")

    def _parity(self) -> None:
        """The band after each passing; what has departed alone may widen it."""
        for parity in self.problem.parity:
            weight = {parity.plus: float(parity.wp), parity.minus: -float(parity.wm)}
            for moment in sorted({share.convoy.crossing_end for share in self.shares}):
                gone = [convoy for convoy in self.problem.underway if convoy.crossing_end <= moment]
                facts = parity.start + sum(weight.get(self.sides[c.route], 0.0) * c.persons for c in gone)
                passed = [share for share in self.shares if share.convoy.crossing_end <= moment]
                terms = [(s.persons[kind], weight.get(self.sides[s.convoy.route], 0.0)) for s in passed for kind in KINDS]
                self.rows.append((min(parity.low, facts) - facts, max(parity.high, facts) - facts, terms))

    def solved(self) -> list[float]:
        """The value of every column; all 0 where nothing can be kept."""
        try:
            import highspy
        except ImportError:
            stop(MISSING_EXTRA, extra="planner")
        if not self.shares:
            return []
        solver: Any = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_max_nodes", NODES), ("mip_rel_gap", NEAR)):
            solver.setOptionValue(option, value)
        for worth, most, _ in self.columns:
            solver.addCol(-worth, 0.0, most, 0, [], [])
        for column in self._whole():
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for low, high, terms in self.rows:
            solver.addRow(low, high, len(terms), [column for column, _ in terms], [factor for _, factor in terms])
        solver.run()
        values = list(solver.getSolution().col_value)
        return values if solver.getInfo().primal_solution_status == 2 else [0.0] * len(self.columns)

    def _whole(self) -> Iterator[int]:
        return (column for column, (_, _, whole) in enumerate(self.columns) if whole)
