"""Who boards, once more, on one row of whole numbers (see `kernel`): `seats` decides, and a law says that both seat everybody alike.

Families of one size stand in for each other, and vehicles with as many places left: only their numbers are kept.
"""

from __future__ import annotations

from safepassage.planner.layout import (  # isort: skip
    ALONE, BEDS, BEFORE_BOARDING, BUSES, CHAIRS, CHOSEN, CLASSES, FAMILIES, FAMILY, FAMILY_HURT, FAMILY_LYING, HURT_SIZES,
    IN_ALL, LEFT, LIES, LYING, MIXED, MOST_PLACES, ON_BEDS, ON_CHAIRS, ON_SEATS, PLACES, POOL_FROM, SEATS, SIDES, SINGLE, SIZES, WEIGHTS,
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
    """Persons who board, and the sum of their weights; they wait no longer. Of a mixed pool the chosen go."""
    if m[SINGLE] > 0:
        hurt, persons, weight = min(m[m[WOUNDED] + side], min(ambulances * m[m[SEATS] + side * 2 + 1], room)), 0, 0
        m[m[WOUNDED] + side] -= hurt
        left = min(buses * m[m[SEATS] + side * 2], room - hurt)
        if m[SIZES] > 0:
            empty(m, m[BUSES], m[MOST_PLACES], 0)
            m[m[BUSES] + m[m[SEATS] + side * 2]] = buses
    else:
        lay(m, side, buses, ambulances, room)
        hurt, persons, weight = board_hurt(m, side)
        left = min(m[m[LEFT] + ON_SEATS], m[m[LEFT] + IN_ALL])
    persons, weight = persons + hurt, weight + hurt * m[WOUNDED_WEIGHT]
    for k in range(m[CLASSES]):
        at, before = side * m[CLASSES] + k, left
        for size in range(m[HURT_SIZES], m[SIZES]):
            number = min(m[m[FAMILIES] + at * m[SIZES] + size], left // m[m[FAMILY] + size])
            number = seat(m, m[BUSES], m[MOST_PLACES], m[m[FAMILY] + size], number)
            m[m[FAMILIES] + at * m[SIZES] + size] -= number
            left -= number * m[m[FAMILY] + size]
        aboard = min(m[m[ALONE] + at], left)
        m[m[ALONE] + at] -= aboard
        left -= aboard
        persons += before - left
        weight += (before - left) * m[m[WEIGHTS] + k]
    return persons, weight


def lay(m: Row, side: int, buses: int, ambulances: int, room: int) -> None:
    """The places of a convoy, all free: how many of each kind, and in which vehicles."""
    if m[SIZES] > 0:
        empty(m, m[BUSES], m[MOST_PLACES], 0)
        empty(m, m[BEDS], m[MOST_PLACES], 0)
        empty(m, m[CHAIRS], m[MOST_PLACES], 0)
    m[m[LEFT] + ON_SEATS], m[m[LEFT] + ON_BEDS], m[m[LEFT] + ON_CHAIRS], m[m[LEFT] + IN_ALL] = 0, 0, 0, room
    lay_pool(m, side, 0, buses)
    lay_pool(m, side, 1, ambulances)


def lay_pool(m: Row, side: int, kind: int, number: int) -> None:
    pool = side * 2 + kind
    if number == 0:
        return
    if m[m[MIXED] + pool] == 0:
        bring(m, kind, m[m[POOL_FROM] + pool], number)
        return
    for vehicle in range(m[m[POOL_FROM] + pool], m[m[POOL_FROM] + pool + 1]):
        if m[m[CHOSEN] + vehicle] > 0:
            bring(m, kind, vehicle, 1)


def bring(m: Row, kind: int, vehicle: int, number: int) -> None:
    """So many vehicles like this one."""
    places, place, table = m[m[PLACES] + vehicle], ON_SEATS, BUSES
    if kind == 1:
        place, table = (ON_BEDS, BEDS) if m[m[LIES] + vehicle] > 0 else (ON_CHAIRS, CHAIRS)
    m[m[LEFT] + place] += number * places
    if m[SIZES] > 0:
        m[m[table] + places] += number


def board_hurt(m: Row, side: int) -> tuple[int, int, int]:
    """The wounded and their families, before anybody else and those who must lie first: how many are wounded, how many others come with
    them, and the sum of the weights of these."""
    lying, others = m[m[LYING] + side], hurt_alone(m, side)
    for at in range(side * m[CLASSES] * m[SIZES], (side + 1) * m[CLASSES] * m[SIZES]):
        lying -= m[m[FAMILIES] + at] * m[m[FAMILY_LYING] + at % m[SIZES]]
    hurt, persons, weight = board_families(m, side, True)
    lie = alone(m, ON_BEDS, lying)
    m[m[LYING] + side] -= lie
    more, with_them, heavier = board_families(m, side, False)
    sit = alone(m, ON_CHAIRS, others - lying)
    sit += alone(m, ON_BEDS, others - lying - sit)
    m[m[WOUNDED] + side] -= lie + sit
    return hurt + more + lie + sit, persons + with_them, weight + heavier


def alone(m: Row, place: int, number: int) -> int:
    """How many of these people on their own have boarded."""
    aboard = min(number, min(m[m[LEFT] + place], m[m[LEFT] + IN_ALL]))
    m[m[LEFT] + place] -= aboard
    m[m[LEFT] + IN_ALL] -= aboard
    return aboard


def board_families(m: Row, side: int, lying: bool) -> tuple[int, int, int]:
    """Families with wounded, of whom somebody must lie, or nobody: in number as `board_hurt` counts."""
    hurt, persons, weight = 0, 0, 0
    for size in range(m[HURT_SIZES]):
        if (m[m[FAMILY_LYING] + size] > 0) != lying:
            continue
        for k in range(m[CLASSES]):
            at = (side * m[CLASSES] + k) * m[SIZES] + size
            number = 0 if lying else whole(m, size, m[m[FAMILIES] + at], CHAIRS, ON_CHAIRS)
            number += whole(m, size, m[m[FAMILIES] + at] - number, BEDS, ON_BEDS)
            m[m[FAMILIES] + at] -= number
            m[m[LYING] + side] -= number * m[m[FAMILY_LYING] + size]
            m[m[WOUNDED] + side] -= number * m[m[FAMILY_HURT] + size]
            hurt += number * m[m[FAMILY_HURT] + size]
            persons += number * m[m[FAMILY] + size]
            weight += number * m[m[FAMILY] + size] * m[m[WEIGHTS] + k]
    return hurt, persons, weight


def whole(m: Row, size: int, number: int, table: int, place: int) -> int:
    """How many of these families have boarded: each in one bus, its wounded in one ambulance of that table."""
    sit, hurt = m[m[FAMILY] + size], m[m[FAMILY_HURT] + size]
    number = min(number, min(m[m[LEFT] + IN_ALL] // (sit + hurt), m[m[LEFT] + place] // hurt))
    number = hold(m, m[BUSES], m[MOST_PLACES], sit, hold(m, m[table], m[MOST_PLACES], hurt, number))
    seat(m, m[BUSES], m[MOST_PLACES], sit, number)
    seat(m, m[table], m[MOST_PLACES], hurt, number)
    m[m[LEFT] + ON_SEATS] -= number * sit
    m[m[LEFT] + place] -= number * hurt
    m[m[LEFT] + IN_ALL] -= number * (sit + hurt)
    return number


def remember(m: Row, side: int) -> None:
    """Who of a side waits now."""
    for k in range(m[CLASSES]):
        m[m[BEFORE_BOARDING] + k] = m[m[ALONE] + side * m[CLASSES] + k]
    for k in range(m[CLASSES] * m[SIZES]):
        m[m[BEFORE_BOARDING] + m[CLASSES] + k] = m[m[FAMILIES] + side * m[CLASSES] * m[SIZES] + k]
    m[m[BEFORE_BOARDING] + m[CLASSES] * (m[SIZES] + 1)] = m[m[WOUNDED] + side]
    m[m[BEFORE_BOARDING] + m[CLASSES] * (m[SIZES] + 1) + 1] = m[m[LYING] + side]


def restore(m: Row, side: int) -> None:
    """They wait again."""
    for k in range(m[CLASSES]):
        m[m[ALONE] + side * m[CLASSES] + k] = m[m[BEFORE_BOARDING] + k]
    for k in range(m[CLASSES] * m[SIZES]):
        m[m[FAMILIES] + side * m[CLASSES] * m[SIZES] + k] = m[m[BEFORE_BOARDING] + m[CLASSES] + k]
    m[m[WOUNDED] + side] = m[m[BEFORE_BOARDING] + m[CLASSES] * (m[SIZES] + 1)]
    m[m[LYING] + side] = m[m[BEFORE_BOARDING] + m[CLASSES] * (m[SIZES] + 1) + 1]
