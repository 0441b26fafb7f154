"""The vehicles once more, on one row of whole numbers (see `kernel`): who is ready when, and which of them go.

Where those of one kind of a side are alike (`MIXED` says so) they stand in for each other: only the sorted minutes from which each is
free are kept. Else each keeps its own place, in the order of its name, as the decoder chooses them: by what they are, when they are lost,
and when they came back.
"""

from __future__ import annotations

from safepassage.planner.layout import (  # isort: skip
    ALONE, CHOSEN, CLASSES, DIFFERENT, FAMILIES, FAMILY, FAMILY_HURT, FAMILY_LYING, FREE, HURT_SIZES, LIES, LOST, LYING, MIXED,
    NEVER, PLACES, POOL_FROM, SIZES, WOUNDED, Row,
)  # fmt: skip


def ready(m: Row, vehicle: int, start: int, back: int) -> bool:
    """Whether it is free then, and not lost before it is back."""
    return m[m[FREE] + vehicle] <= start and back <= m[m[LOST] + vehicle]


def how_many(m: Row, pool: int, start: int, back: int) -> int:
    found = 0
    for vehicle in range(m[m[POOL_FROM] + pool], m[m[POOL_FROM] + pool + 1]):
        if ready(m, vehicle, start, back):
            found += 1
    return found


def one_holds(m: Row, side: int, kind: int, start: int, back: int) -> bool:
    """Whether one is ready that takes some party who wait for its kind: asked only where vehicles differ."""
    pool = side * 2 + kind
    if m[m[MIXED] + pool] < DIFFERENT:
        return True
    for vehicle in range(m[m[POOL_FROM] + pool], m[m[POOL_FROM] + pool + 1]):
        if ready(m, vehicle, start, back) and least(m, side, kind, m[m[LIES] + vehicle]) <= m[m[PLACES] + vehicle]:
            return True
    return False


def next_free(m: Row, pool: int, start: int) -> int:
    """The next minute at which one more is free; NEVER: none is."""
    found = NEVER
    for vehicle in range(m[m[POOL_FROM] + pool], m[m[POOL_FROM] + pool + 1]):
        if start < m[m[FREE] + vehicle] < found:
            found = m[m[FREE] + vehicle]
    return found


def least(m: Row, side: int, kind: int, lies: int) -> int:
    """Persons in the smallest party that finds its places in such a vehicle; 0: nobody waits for its kind; NEVER: only who must lie."""
    if kind == 0:
        return least_by_bus(m, side)
    if m[m[WOUNDED] + side] == 0:
        return 0
    found, lone = NEVER, m[m[WOUNDED] + side] - (0 if lies else m[m[LYING] + side])
    for at in range(side * m[CLASSES], (side + 1) * m[CLASSES]):
        for k in range(m[HURT_SIZES]):
            number = m[m[FAMILIES] + at * m[SIZES] + k]
            lone -= number * (m[m[FAMILY_HURT] + k] - (0 if lies else m[m[FAMILY_LYING] + k]))
            if number > 0 and (lies or m[m[FAMILY_LYING] + k] == 0):
                found = min(found, m[m[FAMILY_HURT] + k])
    return 1 if lone > 0 else found


def least_by_bus(m: Row, side: int) -> int:
    found = NEVER
    for at in range(side * m[CLASSES], (side + 1) * m[CLASSES]):
        if m[m[ALONE] + at] > 0:
            return 1
        for k in range(m[SIZES]):
            if m[m[FAMILIES] + at * m[SIZES] + k] > 0 and m[m[FAMILY] + k] > 0:
                found = min(found, m[m[FAMILY] + k])
    return 0 if found == NEVER else found


def biggest(m: Row, side: int, kind: int) -> int:
    """Persons in the biggest party that must find its places in one vehicle of that kind."""
    found, sizes = 1, m[FAMILY_HURT] if kind == 1 else m[FAMILY]
    for at in range(side * m[CLASSES], (side + 1) * m[CLASSES]):
        for k in range(m[SIZES]):
            if m[m[FAMILIES] + at * m[SIZES] + k] > 0:
                found = max(found, m[sizes + k])
    return found


def choose(m: Row, side: int, kind: int, number: int, start: int, back: int) -> None:
    """Mark who go, where a pool is mixed: the right kind of ambulance, then, where a family does not fit into every vehicle, the biggest;
    then those that are lost soonest, then those free last, so that early ones stay for others."""
    if m[m[MIXED] + side * 2 + kind] == 0:
        return
    first, after = m[m[POOL_FROM] + side * 2 + kind], m[m[POOL_FROM] + side * 2 + kind + 1]
    smallest_there = NEVER
    for vehicle in range(first, after):
        m[m[CHOSEN] + vehicle] = 0
        if ready(m, vehicle, start, back):
            smallest_there = min(smallest_there, m[m[PLACES] + vehicle])
    big_first, lying = biggest(m, side, kind) > smallest_there, 1 if m[m[LYING] + side] > 0 else 0
    for _ in range(number):
        best = -1
        for vehicle in range(first, after):
            free = m[m[CHOSEN] + vehicle] == 0 and ready(m, vehicle, start, back)
            if free and (best < 0 or goes_first(m, vehicle, best, kind, lying, big_first)):
                best = vehicle
        m[m[CHOSEN] + best] = 1


def goes_first(m: Row, one: int, other: int, kind: int, lying: int, big_first: bool) -> bool:
    """Whether one is preferred to the other, which comes before it by name."""
    if kind == 1 and m[m[LIES] + one] != m[m[LIES] + other]:
        return m[m[LIES] + one] == lying
    if big_first and m[m[PLACES] + one] != m[m[PLACES] + other]:
        return m[m[PLACES] + one] > m[m[PLACES] + other]
    if m[m[LOST] + one] != m[m[LOST] + other]:
        return m[m[LOST] + one] < m[m[LOST] + other]
    return m[m[FREE] + one] > m[m[FREE] + other]


def take_chosen(m: Row, pool: int, again: int) -> None:
    """Those of a mixed pool that go are free again then."""
    if m[m[MIXED] + pool] > 0:
        for vehicle in range(m[m[POOL_FROM] + pool], m[m[POOL_FROM] + pool + 1]):
            if m[m[CHOSEN] + vehicle] > 0:
                m[m[FREE] + vehicle] = again


def take(m: Row, pool: int, number: int, start: int, again: int) -> None:
    """Of a pool of those alike (sorted by when each is free) those that were free last go, so that early ones stay for others."""
    if number == 0 or m[m[MIXED] + pool] > 0:
        return
    first, after = m[m[POOL_FROM] + pool], m[m[POOL_FROM] + pool + 1]
    ready = after
    while m[m[FREE] + ready - 1] > start:
        ready -= 1
    at = ready - number
    for n in range(ready, after):
        if m[m[FREE] + n] >= again:
            break
        m[m[FREE] + at] = m[m[FREE] + n]
        at += 1
    for n in range(at, at + number):
        m[m[FREE] + n] = again
    assert at >= first
