"""What a plan's file says of its own worth, held against what follows from its convoys: value, bound, proof. Nothing of it is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from safepassage.errors import UNREADABLE_PLAN, Where, stop
from safepassage.planner.bound import lower_bound
from safepassage.planner.check import Violation
from safepassage.planner.exact import exact, fits, installed
from safepassage.planner.objective import value
from safepassage.planner.plan import UNITS, Plan
from safepassage.planner.problem import Convoy, Objective, Problem
from safepassage.planner.swap import waits
from safepassage.planner.twin import WORTH

ROUNDING = 1_000_000
"""Two machines may sum the same proof to numbers that differ by one in so many."""


class _Stand(msgspec.Struct, frozen=True):
    stands: int | None = None


class Claims(msgspec.Struct, frozen=True):
    """The fields of a plan's file besides its convoys; None: it does not say. A bare list of convoys says none of them."""

    objective: Objective | None = None
    unit: str | None = None
    value: int | None = None
    bound: int | None = None
    gap_per_mille: int | None = None
    proved: bool | None = None
    completion: int | None = None
    seed: int = 0
    budget: int = 0
    repair: str | None = None
    """Of a proposal: which repair it is. Its bound holds for what had been learnt, which the file does not say."""
    feasible: bool = True
    convoys: tuple[_Stand, ...] = ()


def read_claims(text: bytes, file: str = "") -> Claims:
    """What the file says of itself.

    Raises
    ------
    InputError
        UNREADABLE_PLAN: another form, or an answer that says that there is no plan; the field is named.
    """
    try:
        found = Claims() if isinstance(msgspec.json.decode(text), list) else msgspec.json.decode(text, type=Claims)
    except msgspec.DecodeError as wrong:
        said, _, path = str(wrong).partition(" - at `$")
        stop(UNREADABLE_PLAN, Where(file, field=path.rstrip("`").lstrip(".")), reason=said[:1].lower() + said[1:])
    if not found.feasible:
        stop(UNREADABLE_PLAN, Where(file, field="feasible"), reason="it is the answer that there is none")
    return found


def misstood(problem: Problem, convoys: Sequence[Convoy], claims: Claims) -> Iterator[Violation]:
    """How long convoys are said to stand at swap points, where something else follows from all of them."""
    each = [waits(problem, swap, convoys) for swap in problem.swaps] or [[0] * len(convoys)]
    for index, (said, *minutes) in enumerate(zip(claims.convoys, *each, strict=False)):
        if said.stands not in (None, sum(minutes)):
            words = f"`convoys[{index}].stands` is {said.stands}, and by all convoys it stands {sum(minutes)} minutes"
            yield Violation("claims", words, f"convoys[{index}].stands")


def judged(problem: Problem, convoys: Sequence[Convoy], claims: Claims, lawful: bool) -> Plan:
    """The plan with its value; where it is lawful, with what is proved here, too. Of another plan a bound says nothing: 0."""
    worth = value(problem, convoys)
    bound = min(worth, _proved(problem, tuple(convoys), worth, claims)) if lawful else 0
    return Plan(tuple(convoys), problem.objective, worth, bound, claims.seed, claims.budget)


def _proved(problem: Problem, convoys: tuple[Convoy, ...], worth: int, claims: Claims) -> int:
    """By the flow, finer where the claim needs it; then by the exact model."""
    last = max((convoy.crossing_end for convoy in convoys), default=problem.now)
    bound = lower_bound(problem, last)
    if bound < (claims.bound or 0) and claims.budget >= WORTH:
        bound = max(bound, lower_bound(problem, last, fine=True))
    if bound < worth and fits(problem) and installed():
        bound = max(bound, exact(problem, convoys).bound or 0)
    return bound


def misvalued(plan: Plan, claims: Claims) -> Iterator[Violation]:
    """What it says of its value and does not follow, with both numbers."""
    if claims.objective not in (None, plan.objective):
        yield Violation("claims", f"`objective` is {claims.objective}, and it is judged by {plan.objective}", "objective")
        return
    named = (("unit", claims.unit, UNITS[plan.objective]), ("value", claims.value, plan.value))
    for field, said, follows in (*named, ("completion", claims.completion, plan.completion)):
        if said is not None and said != follows:
            yield Violation("claims", f"`{field}` is {_said(said)}, and its convoys make {_said(follows)}", field)


def unproved(plan: Plan, claims: Claims) -> Iterator[Violation]:
    """What it says is proved, and is not. A bound below what is proved here is true, and stands."""
    if claims.repair is not None or claims.objective not in (None, plan.objective):
        return
    if claims.bound is not None and claims.bound > plan.bound + plan.bound // ROUNDING:
        yield Violation("claims", f"`bound` is {claims.bound:,}, and what is proved here is {plan.bound:,}", "bound")
    ours = replace(plan, bound=plan.bound if claims.bound is None else min(claims.bound, plan.bound))
    if claims.gap_per_mille not in (None, round(ours.gap * 1000)):
        why = f"value {ours.value:,} with bound {ours.bound:,} makes {round(ours.gap * 1000)}"
        yield Violation("claims", f"`gap_per_mille` is {claims.gap_per_mille}, and {why}", "gap_per_mille")
    if claims.proved is not None and claims.proved != (ours.bound >= ours.value):
        why = f"value {ours.value:,} with bound {ours.bound:,} proves {'it' if ours.bound >= ours.value else 'nothing'}"
        yield Violation("claims", f"`proved` is {str(claims.proved).lower()}, and {why}", "proved")


def _said(what: int | str) -> str:
    return f"{what:,}" if isinstance(what, int) else what
