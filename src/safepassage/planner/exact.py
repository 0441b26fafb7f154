"""The best plan of a small world, with proof: a constraint model that shares nothing with decoder and bound, and referees both.

Sides send ordered, optional convoys; vehicles are counted, not named (intervals on identical vehicles can always be coloured), so
nothing is lost and the symmetry is gone. It answers only where the number of convoys is agreed, since else none of them bounds it.

Needs the extra `exact` (OR-tools' CP-SAT); one worker and a deterministic limit, so the same problem gives the same answer.
Source: docs/explanation/planner.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from safepassage.planner.check import check
from safepassage.planner.flow import ALL, Clauses
from safepassage.planner.objective import cold_until, value
from safepassage.planner.problem import DAY, NEVER, Convoy, ConvoySize, Kind, Problem, Route, RouteId, Side, Vehicle
from safepassage.planner.written import ConvoyRow, from_rows
from safepassage.values.ids import VehicleId

KINDS: tuple[Kind, Kind] = ("bus", "ambulance")
MOST = 14
"""Convoys of all sides together; beyond it proofs take too long."""
FREE = 12
"""Convoys of a side where their number is not asked about: a plan with so many is a plan, none says nothing of more."""
EFFORT = 20.0
"""CP-SAT's deterministic units, about a second each."""


class Exact(NamedTuple):
    """`bound`: no lawful plan is below it. Both None, `impossible`: it is proved that there is none."""

    convoys: tuple[Convoy, ...] | None
    bound: int | None
    impossible: bool = False


def installed() -> bool:
    try:
        import ortools.sat.python.cp_model  # noqa: F401 - asked whether it is there
    except ImportError:
        return False
    return True


def fits(problem: Problem) -> bool:
    """Whether the model speaks of everything that the problem holds."""
    return unspoken(problem) is None


def unspoken(problem: Problem) -> str | None:
    """What the problem holds that the model does not speak of, in words; None: nothing."""
    agreed, asked = dict(problem.max_convoys), [side for side in problem.sides if side.persons]
    if any(side.groups for side in problem.sides):
        return "families"
    if any(problem.arrivals.values()):
        return "people who are not there yet"
    if problem.swaps:
        return "swap points"
    if any(route.inward is not None for route in problem.routes):
        return "returns through a gate"
    if problem.underway or problem.announced or problem.now:
        return "convoys that are under way or announced"
    if any(len({v.seats for v in problem.fleet if v.kind == kind}) > 1 for kind in KINDS):
        return "vehicles of one kind with different numbers of seats"
    if any(side.id not in agreed for side in asked):
        return "sides whose number of convoys is not agreed"
    return f"more than {MOST} convoys" if sum(agreed[side.id] for side in asked) > MOST else None


def impossible(problem: Problem, clauses: Clauses = ALL) -> bool:
    """True is a proof that no plan keeps these groups of rules, as long as their `number` is among them; False says nothing."""
    from ortools.sat.python import cp_model

    solver = _solver(EFFORT)
    return bool(solver.solve(_Model(problem, cp_model.CpModel(), clauses).cp) == cp_model.INFEASIBLE)


def exact(problem: Problem, known: Sequence[Convoy] | None, effort: float = EFFORT) -> Exact:
    """The best there is, or how good it can be at most; `known`: a lawful plan, where one was found, saves half the work."""
    from ortools.sat.python import cp_model

    model = _Model(problem, cp_model.CpModel(), ALL)
    model.cp.minimize(model.goal)
    if known is not None:
        model.cp.add(model.goal <= value(problem, known))
    solver = _solver(effort)
    ended = solver.solve(model.cp)
    assert ended != cp_model.MODEL_INVALID, model.cp.validate()
    if ended == cp_model.INFEASIBLE:
        return Exact(None, None, known is None)
    bound = max(0, -int(-solver.best_objective_bound // 1))
    if ended not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Exact(None, bound)
    convoys = from_rows(problem, model.rows_of(solver))
    return Exact(None if check(problem, convoys) else convoys, bound)


def _solver(effort: float) -> Any:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_deterministic_time = 1, effort
    return solver


class _Send:
    """One convoy that may be sent: its variables, and what ties them to each other."""

    def __init__(self, problem: Problem, cp: Any, side: Side, number: int, clauses: Clauses) -> None:
        self.problem, self.side, self.clauses = problem, side, clauses
        name = f"{side.id}-{number}"
        size = problem.convoy if clauses.size else ConvoySize(1, len(problem.fleet))
        limit = problem.limit if clauses.deadline else problem.horizon
        self.routes: list[Route] = [route for route in problem.routes if route.side == side.id]
        self.goes = cp.new_bool_var(f"{name} goes")
        most = {kind: min(_count(problem, side, kind), size.high) if clauses.fleet else size.high for kind in KINDS}
        self.vehicles: dict[Kind, Any] = {kind: cp.new_int_var(0, most[kind], f"{name} {kind}") for kind in KINDS}
        self.beds, chairs = (cp.new_int_var(0, most["ambulance"], f"{name} {words} stretchers") for words in ("with", "without"))
        self.total = cp.new_int_var(0, size.high, f"{name} vehicles")
        self.end, self.loading = cp.new_int_var(0, limit, f"{name} end"), cp.new_int_var(0, limit, f"{name} loading")
        self.people = [cp.new_int_var(0, number, f"{name} class {k}") for k, number in enumerate(side.people)]
        self.wounded = cp.new_int_var(0, side.wounded, f"{name} wounded")
        self.lying = cp.new_int_var(0, side.lying, f"{name} lying")
        self.persons = sum(self.people) + self.wounded
        self.by = [cp.new_bool_var(f"{name} by {route.id}") for route in self.routes]
        self.whole = cp.new_bool_var(f"{name} is of the agreed size")
        cp.add(self.total == sum(self.vehicles.values()))
        cp.add(sum(self.by) == self.goes)
        cp.add(self.total <= size.high * self.goes)
        cp.add(self.total >= size.low).only_enforce_if(self.whole)
        cp.add(self.persons >= 1).only_enforce_if(self.goes)
        cp.add(sum(self.people) <= _seats(problem, "bus") * self.vehicles["bus"])
        cp.add(self.wounded <= _seats(problem, "ambulance") * self.vehicles["ambulance"])
        cp.add(self.lying <= self.wounded)
        cp.add(self.lying <= _seats(problem, "ambulance") * self.beds)
        cp.add(self.beds + chairs == self.vehicles["ambulance"])
        self.pools = (self.vehicles["bus"], self.beds, chairs)
        """Buses, ambulances with stretchers, ambulances without: how many of each."""
        self.gates: list[tuple[str, Any]] = []
        self.bound: list[tuple[Any, tuple[Any, ...]]] = []
        self.trips: dict[int, list[Any]] = {}
        self.arrivals: dict[tuple[str, int], list[Any]] = {}
        for route, taken in zip(self.routes, self.by, strict=True):
            self._along(cp, route, taken, name)

    def _along(self, cp: Any, route: Route, taken: Any, name: str) -> None:
        """Where it is when, on this route: in one window, alone at the gate, its vehicles bound until they are back."""
        gate = self.problem.crossing(route.crossing)
        handling = gate.setup + gate.per_vehicle * self.total
        start = cp.new_int_var(0, self.problem.horizon, f"{name} {route.id} start")
        loading = start - route.pre - route.load
        cp.add(loading >= 0).only_enforce_if(taken)
        cp.add(self.loading == loading).only_enforce_if(taken)
        windows = gate.windows if self.clauses.windows else ((0, self.problem.horizon),)
        inside = [cp.new_bool_var(f"{name} {route.id} window {n}") for n in range(len(windows))]
        cp.add(sum(inside) == taken)
        for (opens, closes), here in zip(windows, inside, strict=True):
            cp.add(start >= opens).only_enforce_if(here)
            cp.add(self.end <= closes).only_enforce_if(here)
        for n, (begin, until) in enumerate(self.problem.suspensions if self.clauses.suspension else ()):
            before = cp.new_bool_var(f"{name} {route.id} before suspension {n}")
            cp.add(self.end + route.onward <= begin).only_enforce_if(taken, before)
            cp.add(start - route.pre >= until).only_enforce_if(taken, before.negated())
        self.gates.append((gate.id, cp.new_optional_interval_var(start, handling, self.end, taken, f"{name} in {gate.id}")))
        away = handling + route.pre + route.load + route.post
        self.bound.append(
            (cp.new_optional_interval_var(loading, away, self.end + route.post, taken, f"{name} {route.id} away"), self.pools)
        )
        if self.clauses.lights:
            cp.add(loading >= self.problem.boarding_from).only_enforce_if(taken)
        if self.clauses.crews:
            self._on_duty(cp, route, taken, loading, name)
        if self.clauses.drivers and self.problem.cycles_per_day is not None:
            for day, trips in self._by_day(cp, taken, loading, self.vehicles["bus"], f"{name} {route.id} loads").items():
                self.trips.setdefault(day, []).append(trips)
        for place in (place for place in self.problem.receptions if self.clauses.reception and route.id in place.routes):
            for day, persons in self._by_day(cp, taken, self.end + route.onward, self.persons, f"{name} {route.id} at {place.id}").items():
                self.arrivals.setdefault((place.id, day), []).append(persons)

    def _on_duty(self, cp: Any, route: Route, taken: Any, loading: Any, name: str) -> None:
        """Wholly in one stretch of its side's crews, where it has any."""
        crews = [crew for crew in self.problem.crews if crew.side == self.side.id]
        within = [cp.new_bool_var(f"{name} {route.id} crew {n}") for n in range(len(crews))]
        for crew, here in zip(crews, within, strict=True):
            cp.add(loading >= crew.begin).only_enforce_if(here)
            cp.add(self.end + route.post <= crew.end).only_enforce_if(here)
        if crews:
            cp.add(sum(within) == taken)

    def _by_day(self, cp: Any, taken: Any, minute: Any, number: Any, name: str) -> dict[int, Any]:
        """That number on the day of the minute, and none on any other."""
        found = {}
        days = range((self.problem.horizon + max(route.onward for route in self.routes)) // DAY + 1)
        here = [cp.new_bool_var(f"{name} day {day}") for day in days]
        cp.add(sum(here) == taken)
        for day, then in zip(days, here, strict=True):
            cp.add_linear_constraint(minute, day * DAY, day * DAY + DAY - 1).only_enforce_if(then)
            found[day] = cp.new_int_var(0, max(self.side.persons, len(self.problem.fleet)), f"{name} on {day}")
            cp.add(found[day] >= number).only_enforce_if(then)
        return found

    def row(self, solver: Any) -> ConvoyRow:
        """What was found, in witness form."""
        route = next(route for route, taken in zip(self.routes, self.by, strict=True) if solver.value(taken))
        end, total = solver.value(self.end), solver.value(self.total)
        buses, wounded = solver.value(self.vehicles["bus"]), solver.value(self.wounded)
        start = end - self.problem.crossing(route.crossing).handling(total)
        return ConvoyRow(route.id, buses, total - buses, start, end, sum(solver.value(each) for each in self.people), wounded)


class _Model:
    """All convoys, and what ties them together. Where their number is free, as many are offered as could be of use."""

    def __init__(self, problem: Problem, cp: Any, clauses: Clauses) -> None:
        self.problem, self.cp = problem, cp
        agreed = dict(problem.max_convoys)
        offered = {s.id: agreed.get(s.id, 0) if clauses.number else min(s.persons, FREE) for s in problem.sides}
        self.rows = [[_Send(problem, cp, side, n, clauses) for n in range(offered[side.id])] for side in problem.sides]
        self.sends = [send for row in self.rows for send in row]
        for side, row in zip(problem.sides, self.rows, strict=True):
            self._in_order(side, row)
            if clauses.fleet:
                self._fleet(side, row)
        for gate in problem.crossings if clauses.gate else ():
            cp.add_no_overlap([busy for send in self.sends for where, busy in send.gates if where == gate.id])
        self._days()
        if clauses.parity:
            self._parity()
        self.goal = self._goal()

    def _in_order(self, side: Side, row: list[_Send]) -> None:
        """Everybody once; one after the other; only the last may be small, and it passes after all others."""
        for k, number in enumerate(side.people):
            self.cp.add(sum(send.people[k] for send in row) == number)
        self.cp.add(sum(send.wounded for send in row) == side.wounded)
        self.cp.add(sum(send.lying for send in row) == side.lying)
        for send, after in pairwise(row):
            self.cp.add(after.goes <= send.goes)
            self.cp.add(send.end <= after.end).only_enforce_if(after.goes)
            self.cp.add(send.end < after.end).only_enforce_if(after.goes, after.whole.negated())
            self.cp.add(send.whole == 1).only_enforce_if(after.goes)

    def _fleet(self, side: Side, row: list[_Send]) -> None:
        """Never more vehicles bound than there are; one is bound until it is ready, and from when it is lost on."""
        lost, last = self.problem.lost_at(), 4 * self.problem.horizon
        for which, pool in enumerate(_pools(self.problem, side)):
            busy = [(interval, numbers[which]) for send in row for interval, numbers in send.bound]
            busy += [(self.cp.new_fixed_size_interval_var(lost[v.id], last, f"{v.id} lost"), 1) for v in pool if v.id in lost]
            busy += [(self.cp.new_fixed_size_interval_var(0, v.ready_at, f"{v.id} not yet"), 1) for v in pool if v.ready_at > 0]
            self.cp.add_cumulative([interval for interval, _ in busy], [number for _, number in busy], len(pool))

    def _days(self) -> None:
        """Drivers' trips by the day of loading, and what receptions take by the day of arrival."""
        for side, row in zip(self.problem.sides, self.rows, strict=True):
            for day in {day for send in row for day in send.trips}:
                most = (self.problem.cycles_per_day or 0) * self.problem.buses_on(side.id, day)
                self.cp.add(sum(trips for send in row for trips in send.trips.get(day, [])) <= most)
        for place in self.problem.receptions:
            for day in {day for send in self.sends for name, day in send.arrivals if name == place.id}:
                self.cp.add(sum(n for send in self.sends for n in send.arrivals.get((place.id, day), [])) <= place.takes(day))

    def rows_of(self, solver: Any) -> list[ConvoyRow]:
        """Every convoy that was found, its vehicles named: of those that are ready, first who is lost soonest, then who is back longest."""
        free, lost = {v.id: v.ready_at for v in self.problem.fleet}, self.problem.lost_at()
        found = []
        for send in sorted((send for send in self.sends if solver.value(send.goes)), key=lambda send: int(solver.value(send.loading))):
            row, chosen = send.row(solver), list[VehicleId]()
            back = row.crossing_end + self.problem.route(RouteId(row.route)).post
            for number, pool in zip(send.pools, _pools(self.problem, send.side), strict=True):
                ready = [v.id for v in pool if free[v.id] <= solver.value(send.loading) and back <= lost.get(v.id, NEVER)]
                chosen += sorted(ready, key=lambda v: (lost.get(v, NEVER), free[v], v))[: solver.value(number)]
            free.update(dict.fromkeys(chosen, back))
            found.append(msgspec.structs.replace(row, vehicles=tuple(chosen)))
        return found

    def _parity(self) -> None:
        """After all passings of each convoy's minute."""
        for n, parity in enumerate(self.problem.parity):
            weight = {parity.plus: parity.wp, parity.minus: -parity.wm}
            among = [(send, weight[send.side.id]) for send in self.sends if send.side.id in weight]
            for i, (at, _) in enumerate(among):
                passed = [factor * self._passed(send, at, f"parity {n}, {j} by {i}") for j, (send, factor) in enumerate(among)]
                self.cp.add_linear_constraint(parity.start + sum(passed), parity.low, parity.high).only_enforce_if(at.goes)

    def _passed(self, send: _Send, at: _Send, name: str) -> Any:
        """The persons of a convoy, if it has passed when another one has; else nobody."""
        if send is at:
            return send.persons
        by_then, persons = self.cp.new_bool_var(name), self.cp.new_int_var(0, send.side.persons, name)
        self.cp.add(send.end <= at.end).only_enforce_if(by_then)
        self.cp.add(send.end > at.end).only_enforce_if(by_then.negated(), send.goes)
        self.cp.add(persons == send.persons).only_enforce_if(by_then)
        self.cp.add(persons == 0).only_enforce_if(by_then.negated())
        self.cp.add(send.persons == 0).only_enforce_if(send.goes.negated())
        return persons

    def _goal(self) -> Any:
        if self.problem.objective == "end":
            last = self.cp.new_int_var(0, self.problem.horizon, "last")
            for send in self.sends:
                self.cp.add(last >= send.end).only_enforce_if(send.goes)
            return last
        return sum(self._cold(send, n) for n, send in enumerate(self.sends))

    def _cold(self, send: _Send, n: int) -> Any:
        """Weighted persons times the weighted minutes until they are through."""
        stood = [cold_until(self.problem, minute) for minute in range(self.problem.horizon + 1)]
        minutes = self.cp.new_int_var(0, stood[-1], f"cold {n}")
        self.cp.add_element(send.end, stood, minutes)
        weights = [*(each.weight for each in self.problem.classes), self.problem.wounded_weight]
        most = sum(weight * number for weight, number in zip(weights, (*send.side.people, send.side.wounded), strict=True))
        persons = self.cp.new_int_var(0, most, f"weight {n}")
        self.cp.add(persons == sum(weight * number for weight, number in zip(weights, (*send.people, send.wounded), strict=True)))
        product = self.cp.new_int_var(0, most * stood[-1], f"cold of {n}")
        self.cp.add_multiplication_equality(product, [persons, minutes])
        return product


def _pools(problem: Problem, side: Side) -> tuple[list[Vehicle], ...]:
    """A side's buses, its ambulances with stretchers, and those without."""
    own = [vehicle for vehicle in problem.fleet if vehicle.side == side.id]
    cars = [vehicle for vehicle in own if vehicle.kind == "ambulance"]
    return [v for v in own if v.kind == "bus"], [v for v in cars if v.stretchers], [v for v in cars if not v.stretchers]


def _count(problem: Problem, side: Side, kind: str) -> int:
    return sum(1 for vehicle in problem.fleet if (vehicle.side, vehicle.kind) == (side.id, kind))


def _seats(problem: Problem, kind: str) -> int:
    return max((vehicle.seats for vehicle in problem.fleet if vehicle.kind == kind), default=0)
