"""When a gate has time: wholly inside a window, and with nobody else in it."""

from __future__ import annotations

from collections.abc import Sequence

from safepassage.planner.problem import NEVER, Crossing, Route


def slot(gate: Crossing, busy: Sequence[tuple[int, int]], at: int, minutes: int) -> int:
    """The first minute, from `at` on, at which so many can begin; `busy` is sorted. NEVER: no window holds them."""
    while at < NEVER:
        opens = next((max(begin, at) for begin, end in gate.windows if max(begin, at) + minutes <= end), NEVER)
        free = opens
        for begin, end in busy:
            if free + minutes <= begin:
                break
            free = max(free, end)
        if free == at:
            return at
        at = free
    return NEVER


def returning(gate: Crossing, route: Route, vehicles: int, passed: int, busy: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """When the gate lets so many empty vehicles back that had passed it at that minute; None: never, or nobody stops them there."""
    if route.inward is None:
        return None
    minutes = gate.handling_empty(vehicles)
    begin = slot(gate, busy, passed + route.onward + route.unload + route.inward, minutes)
    return None if begin >= NEVER else (begin, begin + minutes)
