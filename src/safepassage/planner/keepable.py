"""How many of those who were told gate and minute any plan could let leave so: an upper bound, beside which a proposal can be judged.

An integer program that asks less than the agreement does: vehicles, drivers' hours, sizes and parity bind the announced convoys, each as if
it were handled in the least time; whoever does not keep theirs passes whenever a gate is open, by vehicles that nobody counts. Every
lawful plan is a point of it. What is given is HiGHS's proved bound, right also where it stops before the optimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, inf

from safepassage.planner.hold import KINDS, Program, driven, there
from safepassage.planner.problem import DAY, Convoy, Crossing, Kind, Problem, Route, Side
from safepassage.values.ids import SideId

NODES = 400
"""Branchings."""


def most_kept(problem: Problem) -> int:
    """Persons; no lawful plan lets more of the announced leave by the gate and at the minute that was told."""
    told = sum(convoy.persons for convoy in problem.announced)
    model = _Loose(problem)
    return min(told, floor(model.program.bound(NODES) + 1e-6)) if model.kept else 0


class _Loose:
    """Columns of each announced convoy: persons kept, vehicles by kind."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.program = problem, Program()
        self.sides = {route.id: route.side for route in problem.routes}
        self.kept: dict[Convoy, int] = {}
        self.vehicles: dict[Convoy, dict[Kind, int]] = {}
        for side in problem.sides:
            self._convoys(side.id, [c for c in problem.announced if self.sides[c.route] == side.id and self._passable(c)])
        self._fleet()
        self._drivers()
        self._balances()

    def _passable(self, convoy: Convoy) -> bool:
        """Whether its gate, and the road, could be passed by one vehicle alone."""
        route = self.problem.route(convoy.route)
        ends = self._soonest(convoy)
        opened = any(a <= convoy.crossing_start and ends <= b for a, b in self.problem.crossing(route.crossing).windows)
        boards = not any(post.side is not None and post.stops(route, convoy.loading, 0) for post in self.problem.unwatched)
        return opened and boards and not any(convoy.departure < b and ends + route.onward > a for a, b in self.problem.suspensions)

    def _soonest(self, convoy: Convoy) -> int:
        return convoy.crossing_start + self._gate(self.problem.route(convoy.route)).handling(1)

    def _latest(self, convoy: Convoy) -> int:
        return convoy.crossing_start + self._gate(self.problem.route(convoy.route)).handling(self.problem.convoy.high)

    def _gate(self, route: Route) -> Crossing:
        return self.problem.crossing(route.crossing)

    def _convoys(self, side: SideId, convoys: list[Convoy]) -> None:
        """Sizes and seats; of those smaller than agreed, one at most goes: the side's last."""
        problem, program, smaller = self.problem, self.program, list[int]()
        seats = {kind: max((v.seats for v in problem.fleet if (v.side, v.kind) == (side, kind)), default=0) for kind in KINDS}
        lost = problem.lost_at()
        for convoy in convoys:
            kept, goes, small = program.column(1.0, convoy.persons), program.column(0.0, 1, whole=True), program.column(0.0, 1, whole=True)
            begun = [v for v in convoy.vehicles if lost.get(v, inf) > problem.now] if convoy.loading < problem.now else None
            able = [v for v in problem.fleet if (v.side == side if begun is None else v.id in begun)]
            own = {kind: sum(1 for vehicle in able if vehicle.kind == kind) for kind in KINDS}
            vehicles = {kind: program.column(0.0, min(own[kind], problem.convoy.high), whole=True) for kind in KINDS}
            program.row([(kept, 1.0), *((vehicles[kind], -float(seats[kind])) for kind in KINDS)], -inf, 0.0)
            program.row([(kept, 1.0), (goes, -float(convoy.persons))], -inf, 0.0)
            program.row([*((vehicles[kind], 1.0) for kind in KINDS), (goes, -float(problem.convoy.high))], -inf, 0.0)
            low = float(problem.convoy.low)
            program.row([*((vehicles[kind], 1.0) for kind in KINDS), (goes, -low), (small, low - 1)], 0.0, inf)
            smaller.append(small)
            self.kept[convoy], self.vehicles[convoy] = kept, vehicles
        program.row([(column, 1.0) for column in smaller], -inf, 1.0)

    def _own(self, side: SideId) -> list[Convoy]:
        return [convoy for convoy in self.kept if self.sides[convoy.route] == side]

    def _fleet(self) -> None:
        """At each beginning of loading, those that are surely bound are among those there are."""
        for side in self.problem.sides:
            own = self._own(side.id)
            for moment in sorted({convoy.loading for convoy in own} | set(self.problem.lost_at().values())):
                bound = [c for c in own if c.loading <= moment < self._soonest(c) + self.problem.route(c.route).post]
                for kind in KINDS:
                    limit = float(there(self.problem, side.id, kind, moment))
                    self.program.row([(self.vehicles[convoy][kind], 1.0) for convoy in bound], -inf, limit)

    def _drivers(self) -> None:
        cycles = self.problem.cycles_per_day
        for side in self.problem.sides if cycles is not None else ():
            for day in sorted({convoy.loading // DAY for convoy in self._own(side.id)}):
                left = (cycles or 0) * self.problem.buses_on(side.id, day) - driven(self.problem, side.id, day)
                here = [(self.vehicles[c]["bus"], 1.0) for c in self._own(side.id) if c.loading // DAY == day]
                self.program.row(here, -inf, float(max(0, left)))

    def _balances(self) -> None:
        """The band at the last minute at which each announced convoy can be through; and nobody passes twice."""
        moments = sorted({self._latest(convoy) for convoy in self.kept})
        others = {side.id: self._others(side.id, moments) for side in self.problem.sides}
        for side in self.problem.sides:
            everybody = [*(self.kept[convoy] for convoy in self._own(side.id)), *others[side.id]]
            self.program.row([(column, 1.0) for column in everybody], -inf, float(side.persons))
            self._arrivals(side, moments, others[side.id])
        for parity in self.problem.parity:
            weight = {parity.plus: float(parity.wp), parity.minus: -float(parity.wm)}
            for index, moment in enumerate(moments):
                gone = [convoy for convoy in self.problem.underway if convoy.crossing_end <= moment]
                facts = parity.start + sum(weight.get(self.sides[c.route], 0.0) * c.persons for c in gone)
                terms = [(column, weight[side]) for side in weight if side in others for column in others[side][: index + 1]]
                terms += [(column, weight[self.sides[c.route]]) for c, column in self._passed(moment) if self.sides[c.route] in weight]
                self.program.row(terms, min(parity.low, facts) - facts, max(parity.high, facts) - facts)

    def _arrivals(self, side: Side, moments: list[int], others: list[int]) -> None:
        """Before more come, no more board than are there; whoever is through so soon after had boarded before."""
        routes = [route for route in self.problem.routes if route.side == side.id]
        least = min((route.load + route.pre + self._gate(route).handling(1) for route in routes), default=0)
        for minute in self.problem.arrivals[side.id]:
            early = [self.kept[convoy] for convoy in self._own(side.id) if convoy.loading < minute]
            early += [column for column, moment in zip(others, moments, strict=True) if moment < minute + least]
            come = sum(sum(each.people) + each.wounded for each in side.coming if each.minute >= minute)
            come += sum(group.size + group.wounded for group in side.groups if group.since >= minute)
            self.program.row([(column, 1.0) for column in early], -inf, float(side.persons - come))

    def _others(self, side: SideId, moments: list[int]) -> list[int]:
        """Persons who pass besides, between one moment and the next: none before a gate can be reached."""
        soonest = min((self._first(route) for route in self.problem.routes if route.side == side), default=inf)
        return [self.program.column(0.0, self.problem.side(side).persons if soonest <= moment else 0) for moment in moments]

    def _first(self, route: Route) -> float:
        """The first minute at which anybody who has not begun to load can be through its gate."""
        gate = self.problem.crossing(route.crossing)
        begun = [c.loading for c in self.problem.announced if c.route == route.id]
        arrives = min([self.problem.now, *begun]) + route.load + route.pre
        starts = (max(arrives, opens) for opens, closes in gate.windows if max(arrives, opens) + gate.handling(1) <= closes)
        return min((start + gate.handling(1) for start in starts), default=inf)

    def _passed(self, moment: int) -> Iterator[tuple[Convoy, int]]:
        """Convoys that have surely passed by then; of those that may have, any part."""
        for convoy, kept in self.kept.items():
            if self._latest(convoy) <= moment:
                yield convoy, kept
            elif self._soonest(convoy) <= moment:
                part = self.program.column(0.0, convoy.persons)
                self.program.row([(part, 1.0), (kept, -1.0)], -inf, 0.0)
                yield convoy, part
