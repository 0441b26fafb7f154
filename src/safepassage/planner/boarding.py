"""Who boards, once more, on one row of whole numbers (see `kernel`): `seats` decides, and a law says that both seat everybody alike.

Families of one size stand in for each other, and vehicles with as many places left: only their numbers are kept.
"""

from __future__ import annotations

from safepassage.planner.layout import (  # isort: skip
    ALONE, BEDS, BEFORE_BOARDING, BUSES, CLASSES, FAMILIES, FAMILY, FAMILY_HURT, HURT_SIZES, SEATS, SIDES, SIZES, WEIGHTS,
    WOUNDED, WOUNDED_WEIGHT, Row,
)  # fmt: skip


def people(m: Row, side: int) -> int:
    """Waiting persons of a side without its wounded."""
    found = 0
    for at in range(side * m[CLASSES], (side + 1) * m[CLASSES]):
        found += m[m[ALONE] + at]
        for k in range(m[SIZES]):
            found += m[m[FAMILY] + k] * m[m[FAMILIES] + at * m[SIZES] + k]
    return found


def waiting(m: Row) -> int:
    found = 0
    for side in range(m[SIDES]):
        found += people(m, side) + m[m[WOUNDED] + side]
    return found


def smallest(m: Row, side: int) -> int:
    """Persons in the smallest party that can board."""
    if hurt_alone(m, side) > 0:
        return 1
    found = 0
    for at in range(side * m[CLASSES], (side + 1) * m[CLASSES]):
        if m[m[ALONE] + at] > 0:
            return 1
        for k in range(m[SIZES]):
            persons = m[m[FAMILY] + k] + m[m[FAMILY_HURT] + k]
            if m[m[FAMILIES] + at * m[SIZES] + k] > 0 and (found == 0 or persons < found):
                found = persons
    return found


def hurt_alone(m: Row, side: int) -> int:
    """Wounded of no family."""
    found = m[m[WOUNDED] + side]
    for at in range(side * m[CLASSES], (side + 1) * m[CLASSES]):
        for k in range(m[HURT_SIZES]):
            found -= m[m[FAMILY_HURT] + k] * m[m[FAMILIES] + at * m[SIZES] + k]
    return found


def empty(m: Row, table: int, places: int, vehicles: int) -> None:
    """So many vehicles of so many places, and no family aboard."""
    for free in range(places):
        m[table + free] = 0
    m[table + places] = vehicles


def hold(m: Row, table: int, places: int, size: int, most: int) -> int:
    """How many families of that size the vehicles hold, each whole in one; no more than `most`."""
    if size == 0:
        return most
    found = 0
    for free in range(size, places + 1):
        found += m[table + free] * (free // size)
    return min(found, most)


def seat(m: Row, table: int, places: int, size: int, number: int) -> int:
    """How many of these families find a place: each in the vehicle that it fills best, which takes the next too while it holds them."""
    left = number if size > 0 else 0
    for free in range(max(1, size), places + 1):
        if left == 0:
            break
        while left > 0 and m[table + free] > 0:
            each = min(left, free // size)
            vehicles = min(m[table + free], left // each)
            m[table + free] -= vehicles
            m[table + free - each * size] += vehicles
            left -= each * vehicles
    return number - left


def needed(m: Row, side: int, kind: int) -> int:
    """Vehicles of a kind (0 bus, 1 ambulance) that take everybody of a side who goes by it, families whole."""
    places, persons = m[m[SEATS] + side * 2 + kind], m[m[WOUNDED] + side] if kind == 1 else people(m, side)
    table, sizes = m[BEDS] if kind == 1 else m[BUSES], m[FAMILY_HURT] if kind == 1 else m[FAMILY]
    empty(m, table, places, persons)
    for k in range(m[HURT_SIZES]):
        for at in range(side * m[CLASSES], (side + 1) * m[CLASSES]):
            seat(m, table, places, m[sizes + k], m[m[FAMILIES] + at * m[SIZES] + k])
    for at in range(side * m[CLASSES], (side + 1) * m[CLASSES]):
        for k in range(m[HURT_SIZES], m[HURT_SIZES] if kind == 1 else m[SIZES]):
            seat(m, table, places, m[sizes + k], m[m[FAMILIES] + at * m[SIZES] + k])
    return max(persons - m[table + places], -(-persons // places))


def board(m: Row, side: int, buses: int, ambulances: int, room: int) -> tuple[int, int]:
    """Persons who board, and the sum of their weights; they wait no longer."""
    seats, beds = m[m[SEATS] + side * 2], m[m[SEATS] + side * 2 + 1]
    others = hurt_alone(m, side)
    hurt, persons, weight = board_hurt(m, side, buses, ambulances, room) if m[SIZES] > 0 else (0, 0, 0)
    others = min(others, ambulances * beds - hurt, room - persons - hurt)
    m[m[WOUNDED] + side] -= hurt + others
    left = min(buses * seats - persons, room - persons - hurt - others)
    persons, weight = persons + hurt + others, weight + (hurt + others) * m[WOUNDED_WEIGHT]
    for k in range(m[CLASSES]):
        at, before = side * m[CLASSES] + k, left
        for size in range(m[HURT_SIZES], m[SIZES]):
            number = min(m[m[FAMILIES] + at * m[SIZES] + size], left // m[m[FAMILY] + size])
            number = seat(m, m[BUSES], seats, m[m[FAMILY] + size], number)
            m[m[FAMILIES] + at * m[SIZES] + size] -= number
            left -= number * m[m[FAMILY] + size]
        alone = min(m[m[ALONE] + at], left)
        m[m[ALONE] + at] -= alone
        left -= alone
        persons += before - left
        weight += (before - left) * m[m[WEIGHTS] + k]
    return persons, weight


def board_hurt(m: Row, side: int, buses: int, ambulances: int, room: int) -> tuple[int, int, int]:
    """Families with wounded, before anybody else: their wounded, the others of them, and the sum of the weights of these."""
    seats, beds = m[m[SEATS] + side * 2], m[m[SEATS] + side * 2 + 1]
    empty(m, m[BUSES], seats, buses)
    empty(m, m[BEDS], beds, ambulances)
    hurt, persons, weight = 0, 0, 0
    for size in range(m[HURT_SIZES]):
        lie, sit = m[m[FAMILY_HURT] + size], m[m[FAMILY] + size]
        for k in range(m[CLASSES]):
            at = (side * m[CLASSES] + k) * m[SIZES] + size
            number = min(m[m[FAMILIES] + at], (room - hurt - persons) // (lie + sit))
            number = hold(m, m[BUSES], seats, sit, hold(m, m[BEDS], beds, lie, number))
            seat(m, m[BUSES], seats, sit, number)
            seat(m, m[BEDS], beds, lie, number)
            m[m[FAMILIES] + at] -= number
            hurt, persons, weight = hurt + number * lie, persons + number * sit, weight + number * sit * m[m[WEIGHTS] + k]
    return hurt, persons, weight


def remember(m: Row, side: int) -> None:
    """Who of a side waits now."""
    for k in range(m[CLASSES]):
        m[m[BEFORE_BOARDING] + k] = m[m[ALONE] + side * m[CLASSES] + k]
    for k in range(m[CLASSES] * m[SIZES]):
        m[m[BEFORE_BOARDING] + m[CLASSES] + k] = m[m[FAMILIES] + side * m[CLASSES] * m[SIZES] + k]
    m[m[BEFORE_BOARDING] + m[CLASSES] * (m[SIZES] + 1)] = m[m[WOUNDED] + side]


def restore(m: Row, side: int) -> None:
    """They wait again."""
    for k in range(m[CLASSES]):
        m[m[ALONE] + side * m[CLASSES] + k] = m[m[BEFORE_BOARDING] + k]
    for k in range(m[CLASSES] * m[SIZES]):
        m[m[FAMILIES] + side * m[CLASSES] * m[SIZES] + k] = m[m[BEFORE_BOARDING] + m[CLASSES] + k]
    m[m[WOUNDED] + side] = m[m[BEFORE_BOARDING] + m[CLASSES] * (m[SIZES] + 1)]
