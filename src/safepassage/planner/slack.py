"""Parity once more, on one row of whole numbers (see `kernel`): points in time, and how far each edge of the band is from there on.

`balance` is the definition, and a law says that both leave the same room.
"""

from __future__ import annotations

from safepassage.planner.layout import (  # isort: skip
    BEFORE, LINKS, MINUS, MOST, NEVER, OPEN, PLUS, POINTS, POINT_DOWN, POINT_MINUTE, POINT_UP, WM, WP, Row,
)  # fmt: skip


def earliest(m: Row, side: int, persons: int) -> int:
    """The first minute from which that many may pass."""
    found = BEFORE
    for link in range(m[LINKS]):
        factor, since = 0, NEVER
        slack = m[POINT_UP]
        if side == m[m[PLUS] + link]:
            factor = m[m[WP] + link]
        elif side == m[m[MINUS] + link]:
            factor, slack = m[m[WM] + link], m[POINT_DOWN]
        for at in range(link * m[MOST] + m[m[POINTS] + link] - 1, link * m[MOST] - 1, -1):
            if m[slack + at] < factor * persons:
                break
            since = m[m[POINT_MINUTE] + at]
        found = max(found, since)
    return found


def room(m: Row, side: int, minute: int) -> int:
    """Persons who may pass in that minute with every later one still in the band."""
    found = NEVER
    for link in range(m[LINKS]):
        if side != m[m[PLUS] + link] and side != m[m[MINUS] + link]:
            continue
        slack, factor = (m[POINT_UP], m[m[WP] + link]) if side == m[m[PLUS] + link] else (m[POINT_DOWN], m[m[WM] + link])
        least = OPEN
        for at in range(link * m[MOST] + m[m[POINTS] + link] - 1, link * m[MOST] - 1, -1):
            least = min(least, m[slack + at])
            if m[m[POINT_MINUTE] + at] <= minute:
                break
        if factor > 0:
            found = min(found, max(0, least // factor))
    return found


def passed(m: Row, side: int, minute: int, persons: int) -> None:
    """From that minute on, every point moves by these persons."""
    for link in range(m[LINKS]):
        step = 0
        if side == m[m[PLUS] + link]:
            step = m[m[WP] + link] * persons
        elif side == m[m[MINUS] + link]:
            step = -m[m[WM] + link] * persons
        if step == 0:
            continue
        begin = link * m[MOST]
        at = begin + m[m[POINTS] + link]
        while m[m[POINT_MINUTE] + at - 1] > minute:
            m[m[POINT_MINUTE] + at] = m[m[POINT_MINUTE] + at - 1]
            m[m[POINT_UP] + at], m[m[POINT_DOWN] + at] = m[m[POINT_UP] + at - 1] - step, m[m[POINT_DOWN] + at - 1] + step
            at -= 1
        if m[m[POINT_MINUTE] + at - 1] == minute:
            m[m[POINT_UP] + at - 1] -= step
            m[m[POINT_DOWN] + at - 1] += step
            for later in range(at, begin + m[m[POINTS] + link]):
                m[m[POINT_MINUTE] + later] = m[m[POINT_MINUTE] + later + 1]
                m[m[POINT_UP] + later], m[m[POINT_DOWN] + later] = m[m[POINT_UP] + later + 1], m[m[POINT_DOWN] + later + 1]
        else:
            m[m[POINT_MINUTE] + at] = minute
            m[m[POINT_UP] + at], m[m[POINT_DOWN] + at] = m[m[POINT_UP] + at - 1] - step, m[m[POINT_DOWN] + at - 1] + step
            m[m[POINTS] + link] += 1
