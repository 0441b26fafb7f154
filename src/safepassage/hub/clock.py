"""The one wall clock."""

from __future__ import annotations

import time

from safepassage.values.times import Instant


def wall_clock() -> Instant:
    """Now, by this machine's clock."""
    return Instant(time.time_ns() // 1_000_000)
