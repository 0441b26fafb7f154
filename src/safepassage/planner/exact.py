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

from safepassage.planner.check import check
from safepassage.planner.flow import ALL, Clauses
from safepassage.planner.objective import cold_until, value
from safepassage.planner.problem import Convoy, ConvoySize, Kind, Problem, Route, Side
from safepassage.planner.written import ConvoyRow, from_rows

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
    agreed = dict(problem.max_convoys)
    asked = [side for side in problem.sides if side.persons]
    plain = problem.plain and not problem.underway and not problem.announced and problem.now == 0 and problem.cycles_per_day is None
    uniform = all(len({v.seats for v in problem.fleet if v.kind == kind}) <= 1 for kind in ("bus", "ambulance"))
    ready = all(vehicle.ready_at == 0 for vehicle in problem.fleet) and not any(side.groups for side in problem.sides)
    return plain and uniform and ready and all(s.id in agreed for s in asked) and sum(agreed[s.id] for s in asked) <= MOST


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
    if ended == cp_model.INFEASIBLE:
        return Exact(None, None, known is None)
    bound = max(0, -int(-solver.best_objective_bound // 1))
    if ended not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Exact(None, bound)
    convoys = from_rows(problem, [row for send in model.sends if (row := send.row(solver)) is not None])
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
        self.total = cp.new_int_var(0, size.high, f"{name} vehicles")
        self.end = cp.new_int_var(0, limit, f"{name} end")
        self.people = [cp.new_int_var(0, number, f"{name} class {k}") for k, number in enumerate(side.people)]
        self.wounded = cp.new_int_var(0, side.wounded, f"{name} wounded")
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
        self.gates: list[tuple[str, Any]] = []
        self.bound: list[tuple[Kind, Any, Any]] = []
        for route, taken in zip(self.routes, self.by, strict=True):
            self._along(cp, route, taken, name)

    def _along(self, cp: Any, route: Route, taken: Any, name: str) -> None:
        """Where it is when, on this route: in one window, alone at the gate, its vehicles bound until they are back."""
        gate = self.problem.crossing(route.crossing)
        handling = gate.setup + gate.per_vehicle * self.total
        start = cp.new_int_var(0, self.problem.horizon, f"{name} {route.id} start")
        loading = start - route.pre - route.load
        cp.add(loading >= 0).only_enforce_if(taken)
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
        for kind, number in self.vehicles.items():
            busy = cp.new_optional_interval_var(loading, away, self.end + route.post, taken, f"{name} {route.id} {kind}")
            self.bound.append((kind, busy, number))

    def row(self, solver: Any) -> ConvoyRow | None:
        """What was found, in witness form."""
        if not solver.value(self.goes):
            return None
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
        if clauses.parity:
            self._parity()
        self.goal = self._goal()

    def _in_order(self, side: Side, row: list[_Send]) -> None:
        """Everybody once; one after the other; only the last may be small, and it passes after all others."""
        for k, number in enumerate(side.people):
            self.cp.add(sum(send.people[k] for send in row) == number)
        self.cp.add(sum(send.wounded for send in row) == side.wounded)
        for send, after in pairwise(row):
            self.cp.add(after.goes <= send.goes)
            self.cp.add(send.end <= after.end).only_enforce_if(after.goes)
            self.cp.add(send.end < after.end).only_enforce_if(after.goes, after.whole.negated())
            self.cp.add(send.whole == 1).only_enforce_if(after.goes)

    def _fleet(self, side: Side, row: list[_Send]) -> None:
        """Never more vehicles bound than there are; one that is lost is bound from then on."""
        lost, last = self.problem.lost_at(), 4 * self.problem.horizon
        for kind in KINDS:
            pool = [v.id for v in self.problem.fleet if (v.side, v.kind) == (side.id, kind)]
            busy = [(interval, number) for send in row for which, interval, number in send.bound if which == kind]
            busy += [(self.cp.new_fixed_size_interval_var(lost[v], last, f"{v} lost"), 1) for v in pool if v in lost]
            self.cp.add_cumulative([interval for interval, _ in busy], [number for _, number in busy], len(pool))

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


def _count(problem: Problem, side: Side, kind: str) -> int:
    return sum(1 for vehicle in problem.fleet if (vehicle.side, vehicle.kind) == (side.id, kind))


def _seats(problem: Problem, kind: str) -> int:
    return max((vehicle.seats for vehicle in problem.fleet if vehicle.kind == kind), default=0)
