"""What a bound relies on, published (docs/explanation/whereabouts.md): how far a head count may be off, and how far a clock.

Where the field errs within these, the truth never lies outside a bound (tests/laws/test_worlds.py); where it errs further, counts
contradict each other sooner or later, and a contradiction is listed. The same for both sides, for every monitor and every party.
"""

from __future__ import annotations

from collections.abc import Collection

from safepassage.values.counts import Count, exactly
from safepassage.values.ids import PersonId
from safepassage.values.times import MINUTE

CLOCK = 2 * MINUTE
"""How far a device's clock may be off; two devices may disagree by twice that about which of two things came first."""
TIMES = 3
"""A count may be off by three times what the world states as the usual rate of miscounts, and by one head at least."""


def allowance(heads: int, per_mille: int) -> int:
    """By how many heads a count of `heads` may be off, either way; an empty vehicle is searched, not counted, and off by none."""
    return max(1, -(-heads * per_mille * TIMES // 1000)) if heads > 0 else 0


def read_or_counted(heads: Count, read: Collection[PersonId], per_mille: int) -> Count:
    """As `allowing`; exact where the wristband of each was read, since those are read one by one."""
    return heads if heads == exactly(len(set(read))) else allowing(heads, per_mille)


def allowing(heads: Count, per_mille: int) -> Count:
    """The bounds of what was really there when `heads` were counted."""
    high = None if heads.high is None else heads.high + allowance(heads.high, per_mille)
    return Count(max(0, heads.low - allowance(heads.low, per_mille)), high)
