"""How good a plan can be at most: a flow LP that rounds every doubt in the people's favour
(docs/explanation/planner.md).

Time is cut into slots by the minute at which a crossing ends. Vehicles and people become fluid; durations are rounded
down,
windows outward, people are credited at the start of their slot. Every lawful plan is a point of this LP, so its
optimum is a
lower bound. What is published is rebuilt from the duals, which is valid however exactly the LP was solved.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from msgspec.structs import replace

from safepassage.errors import MISSING_EXTRA, stop
from safepassage.planner.corridors import corridors
from safepassage.planner.flow import ALL, Clauses, Flow, flow
from safepassage.planner.objective import cold_until, value
from safepassage.planner.problem import Problem

SLOTS = 80
"""About as many slots as an LP gets; their width divides an hour where it can."""
NARROW, STRIPS = 5, 500
"""So many minutes a slot, or fewer, where the slots of all routes together are no more than that: the LP of one night stays small, and
most of what is loose in it are convoys that end anywhere in a slot."""
WIDTHS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)
SURE = 1e-3
"""Persons. An LP that leaves fewer unserved is called possible: the doubt goes to the people."""


def width(minutes: int, slots: int = SLOTS) -> int:
    """Minutes per slot for a stretch that long."""
    return next((each for each in WIDTHS if minutes <= each * slots), WIDTHS[-1])


def lower_bound(problem: Problem, known: int, fine: bool = False) -> int:
    """A value that no lawful plan goes below; `known`: the minute at which some lawful plan ends, which saves slots. `fine` takes
    seconds where else a tenth would do, and is much closer (`prices`)."""
    facts = value(replace(problem, swaps=()), ())  # how long those under way will stand depends on who is still sent
    if problem.objective == "end":
        return max(facts, *(earliest_end(part, known) for part in corridors(problem)))
    last = min(problem.limit, known)
    return facts + sum(max(0, ceil(waiting - 1e-6 * abs(waiting))) for waiting in (_cold(part, last, fine) for part in corridors(problem)))


def _cold(problem: Problem, last: int, fine: bool) -> float:
    """Weighted person-minutes of those who wait. Whoever passes after `last` is credited there: a short view stays
    valid."""
    slot = width(last - problem.now, max(SLOTS, STRIPS // max(1, len(problem.routes))))
    late = None if last == problem.limit else cold_until(problem, last)
    found = solved(flow(problem, last, slot, late, "cold", fine=slot <= NARROW))
    if not fine:
        return found
    from safepassage.planner.prices import priced  # needs numpy, for which `solved` has asked

    return priced(problem, last, found)


def earliest_end(problem: Problem, known: int) -> int:
    """The first minute before which nobody proves that everybody can be through; `known` is an end that can be
    reached."""
    if all(side.persons == 0 for side in problem.sides):
        return 0
    slot = width(known - problem.now)
    low, high = 0, max(1, -(-(known - problem.now) // slot))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if possible(problem, problem.now + middle * slot - 1, slot) else (middle, high)
    return problem.now + low * slot


def possible(problem: Problem, last: int, slot: int, clauses: Clauses = ALL) -> bool:
    """False is a proof: the LP cannot carry everybody by `last`, so no plan can."""
    return solved(flow(problem, last, slot, 1, "serve", clauses)) < SURE


def solved(model: Flow) -> float:
    """A proved lower bound on the LP's optimum, from the duals (weak duality): right for any duals, tight for good
    ones."""
    try:
        import highspy
        import numpy
    except ImportError:
        stop(MISSING_EXTRA, extra="planner")
    if not model.costs:
        return 0.0
    solver: Any = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    starts = numpy.cumsum([0, *(len(row.columns) for row in model.rows)])
    columns = numpy.array([column for row in model.rows for column in row.columns], dtype=numpy.int32)
    factors = numpy.array([factor for row in model.rows for factor in row.factors], dtype=numpy.float64)
    lower = numpy.array([row.low for row in model.rows])
    upper = numpy.array([row.high for row in model.rows])
    costs, most = numpy.array(model.costs, dtype=numpy.float64), numpy.array(model.most, dtype=numpy.float64)
    solver.passModel(_lp(highspy, costs, most, lower, upper, starts, columns, factors))
    solver.run()
    duals = numpy.array(solver.getSolution().row_dual)
    duals = numpy.where((duals > 0) & numpy.isinf(lower) | (duals < 0) & numpy.isinf(upper), 0.0, duals)
    sides = numpy.where(duals > 0, lower, upper)
    fixed = float((duals[duals != 0] * sides[duals != 0]).sum())
    reduced = costs.copy()
    numpy.subtract.at(reduced, columns, numpy.repeat(duals, numpy.diff(starts)) * factors)
    return fixed + float((numpy.minimum(reduced, 0.0) * most).sum())


def _lp(highspy: Any, costs: Any, most: Any, lower: Any, upper: Any, starts: Any, columns: Any, factors: Any) -> Any:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(costs), len(lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = costs, costs * 0, most
    model.row_lower_, model.row_upper_ = lower, upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = starts, columns, factors
    return model
