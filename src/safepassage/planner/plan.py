"""What `solve` answers: a plan with its value and how far it can be from the best, or why there is none."""

from __future__ import annotations

import msgspec

from safepassage.planner.giving import Give
from safepassage.planner.problem import Convoy, Objective

UNITS: dict[Objective, str] = {"end": "minutes", "cold": "weighted person-minutes"}


class Plan(msgspec.Struct, frozen=True):
    """Convoys in order of passing. `value` is in the objective's unit (minutes, or weighted person-minutes in the
    cold).

    `bound` is proved: no lawful plan has a smaller value. Same problem, seed and budget: same plan, unless it was stopped.
    """

    convoys: tuple[Convoy, ...]
    objective: Objective
    value: int
    bound: int
    seed: int
    budget: int
    """Decoder calls allowed."""
    slow_because: str | None = None
    """What the problem holds that only the plain decoder can try, so that the search went less far; None: nothing."""
    stopped_after: int | None = None
    """Decoder calls after which whoever waited had enough: such a plan cannot be made again byte for byte. None: it was not stopped."""

    @property
    def gap(self) -> float:
        """The share of `value` that the bound leaves open; 0 is a proof of optimality."""
        return 0.0 if self.value <= 0 else max(0.0, (self.value - self.bound) / self.value)

    @property
    def completion(self) -> int:
        """The minute at which the last convoy has passed its crossing."""
        return max((convoy.crossing_end for convoy in self.convoys), default=0)


class Infeasible(msgspec.Struct, frozen=True):
    """No plan. When `proved`, dropping any one of the `conflict`'s clause groups makes the relaxed problem possible."""

    proved: bool
    conflict: tuple[str, ...]
    words: str
    gives: tuple[Give, ...] = ()
    """How much each of the conflict's clauses would have to give, if only that one gave."""
