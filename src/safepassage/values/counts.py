"""Counts with bounds, and tallies of heads. A count that is not exact says so; it is never a guess.

Heads are living passengers, infants included; driver, crew and escorts apart (DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Count(msgspec.Struct, frozen=True, omit_defaults=True):
    """At least `low`, at most `high`; `high` None is open."""

    low: int
    high: int | None = None

    def __str__(self) -> str:
        if self.high is None:
            return f"at least {self.low}"
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"

    def __add__(self, other: Count) -> Count:
        high = None if self.high is None or other.high is None else self.high + other.high
        return Count(self.low + other.low, high)

    def minus(self, other: Count) -> Count:
        """What can be left when `other` is taken away: never below zero."""
        high = None if self.high is None else max(0, self.high - other.low)
        low = 0 if other.high is None else max(0, self.low - other.high)
        return Count(low, high)

    def hull(self, other: Count) -> Count:
        """The bounds that hold both."""
        return Count(min(self.low, other.low), None if self.high is None or other.high is None else max(self.high, other.high))

    def meet(self, other: Count) -> Count | None:
        """What both allow; None when they cannot both hold."""
        low = max(self.low, other.low)
        highs = [high for high in (self.high, other.high) if high is not None]
        high = min(highs) if highs else None
        return None if high is not None and low > high else Count(low, high)

    @property
    def exact(self) -> bool:
        return self.low == self.high


NONE = Count(0, 0)
ANY = Count(0, None)


def exactly(number: int) -> Count:
    return Count(number, number)


def total(counts: Iterable[Count]) -> Count:
    """The sum of independent counts."""
    result = NONE
    for count in counts:
        result = result + count
    return result


class Tally(msgspec.Struct, frozen=True, omit_defaults=True):
    """Heads as a monitor sees them: youth look 12-17, boys and girls. None: not taken. Nothing finer is ever stored."""

    men: int | None = None
    women: int | None = None
    youth: int | None = None
    children: int | None = None
    stretchers: int | None = None

    @property
    def total(self) -> int:
        """Heads tallied; stretchers are counted among the others."""
        return sum(part or 0 for part in (self.men, self.women, self.youth, self.children))

    @property
    def whole(self) -> bool:
        """Whether all four parts were taken, so that their sum is the heads."""
        return None not in (self.men, self.women, self.youth, self.children)
