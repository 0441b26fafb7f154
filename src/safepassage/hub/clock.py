"""The one wall clock, and the clock of an exercise that was played before."""

from __future__ import annotations

import time
from collections.abc import Callable

from safepassage.values.times import Instant


def wall_clock() -> Instant:
    """Now, by this machine's clock."""
    return Instant(time.time_ns() // 1_000_000)


def going_on_from(then: Instant) -> Callable[[], Instant]:
    """A clock that stands at `then` now, and goes on from there."""
    begun = wall_clock()
    return lambda: Instant(then + wall_clock() - begun)
