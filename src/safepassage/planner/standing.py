"""How long convoys stand at swap points, once more, on one row of whole numbers (see `kernel`); `swap` is the definition.

Convoys are named by their number: 0 and up those that were placed, below 0 those that are under way.
"""

from __future__ import annotations

from safepassage.planner.layout import (  # isort: skip
    FACTS, FACT_BRINGS, FACT_COMES, FACT_WEIGHT, LOAD, NEVER, NOWHERE, OUT, PER_VEHICLE, PLACED, PRE, ROUTES, ROUTE_GATE,
    ROUTE_SIDE, SETUP, SWAP_LEG, SWAP_MOST, SWAP_PLUS, SWAP_WEIGHT, SWAP_WITHIN, SWAP_WM, SWAP_WP, TOTALS, Row,
)  # fmt: skip


def stood(m: Row, swap: int) -> tuple[int, int]:
    """Weighted minutes of all who stand there, and minutes beyond the longest wait of those that were placed."""
    worth, beyond = 0, 0
    for n in range(-m[FACTS], m[m[TOTALS]]):
        minutes = waits(m, swap, n)
        weight = m[m[FACT_WEIGHT] + m[FACTS] + n] if n < 0 else m[m[OUT] + n * PLACED + 7]
        worth += minutes * m[m[SWAP_WEIGHT] + swap] * weight
        if n >= 0:
            beyond += max(0, minutes - m[m[SWAP_MOST] + swap])
    return worth, beyond


def comes(m: Row, swap: int, n: int) -> int:
    """The minute at which a convoy comes there; NEVER where it does not."""
    if n < 0:
        return m[m[FACT_COMES] + (swap + 1) * m[FACTS] + n]
    at = m[OUT] + n * PLACED
    route = m[at]
    leg, gate = m[m[SWAP_LEG] + swap * m[ROUTES] + route], m[m[ROUTE_GATE] + route]
    if leg == NOWHERE:
        return NEVER
    handling = m[m[SETUP] + gate] + m[m[PER_VEHICLE] + gate] * (m[at + 1] + m[at + 2])
    return m[at + 5] + m[m[LOAD] + route] + m[m[PRE] + route] + handling + leg


def brings(m: Row, swap: int, n: int) -> int:
    """Its persons, weighed: above 0 on the side of `plus`, below on the other."""
    if n < 0:
        return m[m[FACT_BRINGS] + (swap + 1) * m[FACTS] + n]
    at = m[OUT] + n * PLACED
    if m[m[ROUTE_SIDE] + m[at]] == m[m[SWAP_PLUS] + swap]:
        return m[m[SWAP_WP] + swap] * m[at + 6]
    return -m[m[SWAP_WM] + swap] * m[at + 6]


def waits(m: Row, swap: int, convoy: int) -> int:
    """Minutes that a convoy stands there."""
    here = comes(m, swap, convoy)
    if here == NEVER:
        return 0
    sign = 1 if brings(m, swap, convoy) > 0 else -1
    need = -m[m[SWAP_WITHIN] + swap]
    for n in range(-m[FACTS], m[m[TOTALS]]):
        own, minute = sign * brings(m, swap, n), comes(m, swap, n)
        if minute <= here:
            need += own
    leaves = here
    while need > 0:
        later, brought = NEVER, 0
        for n in range(-m[FACTS], m[m[TOTALS]]):
            minute, other = comes(m, swap, n), -sign * brings(m, swap, n)
            if other > 0 and leaves < minute < later:
                later, brought = minute, other
            elif other > 0 and minute == later and later < NEVER:
                brought += other
        if later == NEVER:
            return leaves - here
        leaves, need = later, need - brought
    return leaves - here
