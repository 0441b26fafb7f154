"""How far an answer has come, told to whoever waits for it, and whether they have had enough.

A stopping rule is a callable, as in PyVRP: it hears what is being done, and how many decoder calls of how many are, and answers whether
to go on. Floors 0 to 4 own no clock and no keyboard, so the rule is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum


class Phase(StrEnum):
    SEARCH = "search"
    PROOF = "proof"
    """How good a plan can be at most."""
    REASONS = "reasons"
    """Why there is none, and what would have to give."""


GoOn = Callable[[Phase, int, int], bool]
"""Decoder calls done, and calls there are; False: that is enough, answer with the best so far."""
Spent = Callable[[int], bool]
"""So many more calls are done; whether to go on."""
PIECE = 5_000
"""Annealing calls between two questions whether to go on: a moment of compiled work."""


class Meter:
    """The decoder calls of one answer, over all its corridors and days."""

    def __init__(self, budget: int, go_on: GoOn = lambda phase, done, budget: True) -> None:
        self.budget, self.done, self.stopped, self._go_on = budget, 0, False, go_on

    def spent(self, calls: int) -> bool:
        """So many more are done; whether to go on."""
        self.done += calls
        return self.now(Phase.SEARCH)

    def now(self, phase: Phase) -> bool:
        """What is being done; whether to go on."""
        self.stopped = self.stopped or not self._go_on(phase, self.done, self.budget)
        return not self.stopped


def unwatched(calls: int) -> bool:
    return True


def pieces(calls: int) -> Iterator[int]:
    """`calls`, cut into pieces."""
    for done in range(0, calls, PIECE):
        yield min(PIECE, calls - done)
