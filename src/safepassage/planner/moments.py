"""How a minute of an instance is written for people, everywhere: in answers, refusals, lines and pictures. Files and JSON keep minutes."""

from __future__ import annotations

from safepassage.planner.problem import DAY


def clock(minute: int) -> str:
    """`day 2 06:30`, counted from the instance's minute 0."""
    return f"day {minute // DAY + 1} {minute % DAY // 60:02d}:{minute % 60:02d}"


def between(begin: int, end: int) -> str:
    """`day 2 06:30 to 07:15`; where it ends on another day, that is said."""
    return f"{clock(begin)} to {clock(end)[-5:] if begin // DAY == end // DAY else clock(end)}"
