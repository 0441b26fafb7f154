"""Why there is no plan: clause groups that cannot hold together, none of which could be left out.

A deletion filter over the flow LP. The LP allows more than the agreement does, so its refusal is a proof; the set is
irreducible for the LP (dropping any one group makes the LP possible). Small worlds are asked of the exact model too, where it is
installed: it refuses all that cannot be, as long as the number of convoys is agreed.
"""

from __future__ import annotations

from safepassage.planner.bound import possible, width
from safepassage.planner.exact import fits, impossible, installed
from safepassage.planner.flow import Clauses
from safepassage.planner.plan import Infeasible
from safepassage.planner.problem import Problem

NAMES = {
    "number": "the agreed number of convoys",
    "size": "the agreed size of convoys",
    "drivers": "the drivers' hours",
    "gate": "one convoy at a time at each gate",
    "windows": "the gates' hours",
    "suspension": "the suspension",
    "parity": "parity between the sides",
    "fleet": "the vehicles there are",
    "deadline": "the deadline",
}
"""Groups in the order in which they are tried away: what can be talked about last is tried last."""


def explain(problem: Problem) -> Infeasible:
    """An irreducible conflict, proved; or, if the LP sees none, that the search found nothing and proved nothing."""
    held = Clauses()
    if _possible(problem, held):
        return Infeasible(False, (), "No plan was found within the budget, and none was proved impossible.")
    for group in NAMES:
        without = held._replace(**{group: False})
        held = held if _possible(problem, without) else without
    conflict = tuple(group for group in NAMES if getattr(held, group))
    words = " and ".join(NAMES[group] for group in conflict) or "the horizon"
    return Infeasible(True, conflict, f"Not everybody can be through: {words} cannot hold together. Give way in any one of them.")


def _possible(problem: Problem, clauses: Clauses) -> bool:
    last = problem.limit if clauses.deadline else problem.horizon
    if not possible(problem, last, width(problem.limit - problem.now), clauses):
        return False
    return not (clauses.number and fits(problem) and installed() and impossible(problem, clauses))
