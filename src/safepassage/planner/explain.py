"""Why there is no plan: clause groups that cannot hold together, none of which could be left out.

What arithmetic alone can say is said first (`plainly`). Then a deletion filter over the flow LP: it allows more than the agreement does,
so its refusal is a proof; the set is irreducible for the LP (dropping any one group makes the LP possible). Small worlds are asked of the
exact model too, where it is installed: it refuses all that cannot be, as long as the number of convoys is agreed.
"""

from __future__ import annotations

from msgspec.structs import replace

from safepassage.planner.bound import possible, width
from safepassage.planner.corridors import corridors
from safepassage.planner.exact import fits, impossible, installed
from safepassage.planner.flow import ALL, Clauses
from safepassage.planner.giving import Test, gives
from safepassage.planner.plainly import plainly
from safepassage.planner.plan import Infeasible
from safepassage.planner.problem import Problem

NAMES = {
    "reception": "what the receptions take a day",
    "crews": "the hours in which drivers are on duty",
    "lights": "the last green light",
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


NOTHING = "No plan was found within the budget, and that there is none is not proved: try more decoder calls, or give way somewhere."
STANDS = (
    "No plan was found in which nobody stands at a swap point longer than agreed, and one was in which somebody does. That there is none "
    "is not proved. Agree on a longer wait, on more that one side may be ahead, or on swapping smaller convoys."
)


def patient(problem: Problem) -> Problem:
    """The same problem, with no end to waiting at swap points."""
    return replace(problem, swaps=tuple(replace(swap, most=problem.horizon) for swap in problem.swaps))


def explain(problem: Problem, found: Test | None = None) -> Infeasible:
    """An irreducible conflict, proved; or, if the LP sees none, that the search found nothing and proved nothing.

    `found` looks for a plan of an eased problem: where it is given, each clause of the conflict says how much it would have to give.
    """
    if (plain := plainly(problem)) is not None:
        return plain
    impossible_part = next((part for part in corridors(problem) if not _possible(part, ALL)), None)
    if impossible_part is None:
        waiting = found is not None and bool(problem.swaps) and found(patient(problem))
        return Infeasible(False, ("waiting",), STANDS) if waiting else Infeasible(False, (), NOTHING)
    conflict = _irreducible(impossible_part)
    words = " and ".join(NAMES[group] for group in conflict) or "the horizon"
    where = "" if impossible_part is problem else f" of {' and '.join(side.id for side in impossible_part.sides)}"
    together = (
        f": {words} cannot hold together. Give way in any one of them." if len(conflict) > 1 else f", because of {words}. Give way there."
    )
    said = f"Not everybody{where} can be through{together}"
    eased = () if found is None else tuple(gives(impossible_part, each, lambda eased: _possible(eased, ALL), found) for each in conflict)
    return Infeasible(True, conflict, said, eased)


def _irreducible(problem: Problem) -> tuple[str, ...]:
    """Groups that refuse it together, none of which could be left out."""
    held = ALL
    for group in NAMES:
        without = held._replace(**{group: False})
        held = held if _possible(problem, without) else without
    return tuple(group for group in NAMES if getattr(held, group))


def _possible(problem: Problem, clauses: Clauses) -> bool:
    last = problem.limit if clauses.deadline else problem.horizon
    if not possible(problem, last, width(problem.limit - problem.now), clauses):
        return False
    return not (clauses.number and fits(problem) and installed() and impossible(problem, clauses))
