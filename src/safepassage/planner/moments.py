"""How a minute of an instance is written for people, everywhere: in answers, refusals, lines and pictures. Files and JSON keep minutes."""

from __future__ import annotations

from safepassage.planner.problem import DAY


def clock(minute: int) -> str:
    """`day 2 06:30`, counted from the instance's minute 0; before it, `1 day before 23:50`."""
    hours, day = f"{minute % DAY // 60:02d}:{minute % 60:02d}", minute // DAY + 1
    return f"day {day} {hours}" if day > 0 else f"{1 - day} day{'s' * (day < 0)} before {hours}"


def between(begin: int, end: int) -> str:
    """`day 2 06:30 to 07:15`; where it ends on another day, that is said."""
    return f"{clock(begin)} to {clock(end)[-5:] if begin // DAY == end // DAY else clock(end)}"
