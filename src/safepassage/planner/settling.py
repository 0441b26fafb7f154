"""When a convoy can begin to load, once more, on one row of whole numbers (see `kernel`): the decoder's rules.

Each gives the earliest start, from one on, that it allows by itself; a convoy's start is where none moves it any more.
"""

from __future__ import annotations

from safepassage.planner.pools import how_many, next_free, one_holds
from safepassage.planner.slack import earliest

from safepassage.planner.layout import (  # isort: skip
    ANY_MIXED, BUSY, BUSY_BEGIN, BUSY_END, CLOSES, CREW_FROM, DAY, DAYS, EMPTY_EACH, EMPTY_SETUP, ENDS_THERE, FREE, GOES_ON, HOME, HOURS,
    INWARD, LAST, LAST_ARRIVAL, LOAD, MIXED, MOST, NEVER, NOWHERE, OFF_DUTY, ONWARD, ON_DUTY, OPENS, PER_VEHICLE, POOL_FROM, POST,
    PRE, RECEPTIONS, ROUTE_GATE, ROUTE_SIDE, SETUP, STOPPED, STOPS, TAKES, ARRIVALS, TRIPS, WINDOW_FROM, Row,
)  # fmt: skip


def settled(m: Row, route: int, buses: int, ambulances: int, need: int, start: int) -> int:
    """The earliest start of loading, from `start` on, that every rule allows."""
    side, gate = m[m[ROUTE_SIDE] + route], m[m[ROUTE_GATE] + route]
    handling = m[m[SETUP] + gate] + m[m[PER_VEHICLE] + gate] * (buses + ambulances)
    ahead = m[m[LOAD] + route] + m[m[PRE] + route]
    lead = ahead + handling
    start = max(start, m[m[LAST] + side] + 1 - lead, earliest(m, side, need) - lead)
    if buses > 0 and m[m[MIXED] + side * 2] == 0:
        start = max(start, m[m[FREE] + m[m[POOL_FROM] + side * 2] + buses - 1])
    if ambulances > 0 and m[m[MIXED] + side * 2 + 1] == 0:
        start = max(start, m[m[FREE] + m[m[POOL_FROM] + side * 2 + 1] + ambulances - 1])
    while start < NEVER // 2:
        before = start
        if m[ANY_MIXED] > 0:
            start = when_ready(m, route, 0, buses, lead, buses + ambulances, start)
            start = when_ready(m, route, 1, ambulances, lead, buses + ambulances, start)
        start = within_hours(m, side, buses, on_duty(m, route, lead, buses + ambulances, start))
        for n in range(m[STOPPED]):
            if start + m[m[LOAD] + route] < m[m[GOES_ON] + n] and start + lead + m[m[ONWARD] + route] > m[m[STOPS] + n]:
                start = m[m[GOES_ON] + n] - m[m[LOAD] + route]
        start = alone_in_gate(m, gate, start + ahead, handling) - ahead
        if m[RECEPTIONS] > 0 and start < NEVER // 2:
            start = received(m, route, lead, need, start)
        if start == before:
            return start
    return NEVER


def when_ready(m: Row, route: int, kind: int, number: int, lead: int, vehicles: int, start: int) -> int:
    """When so many of a mixed pool are ready, and one of them holds some party who wait."""
    side = m[m[ROUTE_SIDE] + route]
    if number == 0 or m[m[MIXED] + side * 2 + kind] == 0:
        return start
    while start < NEVER // 2:
        back = again(m, route, start + lead, vehicles)
        if how_many(m, side * 2 + kind, start, back) >= number and one_holds(m, side, kind, start, back):
            return start
        start = next_free(m, side * 2 + kind, start)
    return NEVER


def received(m: Row, route: int, lead: int, need: int, start: int) -> int:
    """When it comes on a day on which there is still room for so many where it ends."""
    on_the_way = lead + m[m[ONWARD] + route]
    for place in range(m[RECEPTIONS]):
        if m[m[ENDS_THERE] + route * m[RECEPTIONS] + place] == 0:
            continue
        day = (start + on_the_way) // DAY
        while m[m[TAKES] + place * m[ARRIVALS] + day] < need:
            day += 1
            if day > m[LAST_ARRIVAL]:
                return NEVER
        start = max(start, day * DAY - on_the_way)
    return start


def places_left(m: Row, route: int, minute: int) -> int:
    """Persons for whom reception has room, if they pass in that minute."""
    found, day = NEVER, (minute + m[m[ONWARD] + route]) // DAY
    for place in range(m[RECEPTIONS]):
        if m[m[ENDS_THERE] + route * m[RECEPTIONS] + place] > 0:
            found = min(found, m[m[TAKES] + place * m[ARRIVALS] + day])
    return found


def arrive(m: Row, route: int, minute: int, persons: int) -> None:
    """They take room where they end."""
    for place in range(m[RECEPTIONS]):
        if m[m[ENDS_THERE] + route * m[RECEPTIONS] + place] > 0:
            m[m[TAKES] + place * m[ARRIVALS] + (minute + m[m[ONWARD] + route]) // DAY] -= persons


def on_duty(m: Row, route: int, lead: int, vehicles: int, start: int) -> int:
    """When such a trip, until its vehicles are back, lies in one crew's hours; a side without crews drives at any."""
    side = m[m[ROUTE_SIDE] + route]
    first, last = m[m[CREW_FROM] + side], m[m[CREW_FROM] + side + 1]
    found = start if first == last else NEVER
    for crew in range(first, last):
        begin = max(start, m[m[ON_DUTY] + crew])
        if again(m, route, begin + lead, vehicles) <= m[m[OFF_DUTY] + crew]:
            found = min(found, begin)
    return found


def returns(m: Row, route: int, ends: int, vehicles: int) -> int:
    """When the gate begins to let them back, empty, who passed it at `ends`; NEVER: no window holds them."""
    gate = m[m[ROUTE_GATE] + route]
    at, handling = ends + m[m[INWARD] + route], m[m[EMPTY_SETUP] + gate] + m[m[EMPTY_EACH] + gate] * vehicles
    while at < NEVER:
        before = at
        at = alone_in_gate(m, gate, at, handling)
        if at == before:
            return at
    return NEVER


def again(m: Row, route: int, ends: int, vehicles: int) -> int:
    """When they can load again."""
    if m[m[INWARD] + route] == NOWHERE:
        return ends + m[m[POST] + route]
    gate, at = m[m[ROUTE_GATE] + route], returns(m, route, ends, vehicles)
    return NEVER if at >= NEVER else at + m[m[EMPTY_SETUP] + gate] + m[m[EMPTY_EACH] + gate] * vehicles + m[m[HOME] + route]


def occupy(m: Row, gate: int, begin: int, end: int) -> None:
    """The gate is taken."""
    at = gate * m[MOST] + m[m[BUSY] + gate]
    while at > gate * m[MOST] and m[m[BUSY_BEGIN] + at - 1] > begin:
        m[m[BUSY_BEGIN] + at], m[m[BUSY_END] + at] = m[m[BUSY_BEGIN] + at - 1], m[m[BUSY_END] + at - 1]
        at -= 1
    m[m[BUSY_BEGIN] + at], m[m[BUSY_END] + at] = begin, end
    m[m[BUSY] + gate] += 1


def within_hours(m: Row, side: int, buses: int, start: int) -> int:
    """The first minute on a day on which the drivers may make that many more trips."""
    if m[DAYS] == 0 or buses == 0:
        return start
    day = start // DAY
    while day < m[DAYS] and m[m[TRIPS] + side * m[DAYS] + day] + buses > m[m[HOURS] + side * m[DAYS] + day]:
        day += 1
    return NEVER if day >= m[DAYS] else max(start, day * DAY)


def alone_in_gate(m: Row, gate: int, at: int, handling: int) -> int:
    """When handling can begin: wholly in one window, and between two others if there is time."""
    window, shut = m[m[WINDOW_FROM] + gate], m[m[WINDOW_FROM] + gate + 1]
    while window < shut and max(at, m[m[OPENS] + window]) + handling > m[m[CLOSES] + window]:
        window += 1
    if window == shut:
        return NEVER
    at = max(at, m[m[OPENS] + window])
    first, last = gate * m[MOST], gate * m[MOST] + m[m[BUSY] + gate]
    while first < last and m[m[BUSY_BEGIN] + last - 1] >= at + handling:
        last -= 1
    found = last
    while found > first and m[m[BUSY_END] + found - 1] > at:
        found -= 1
    for n in range(found, gate * m[MOST] + m[m[BUSY] + gate]):
        if at + handling <= m[m[BUSY_BEGIN] + n]:
            break
        at = max(at, m[m[BUSY_END] + n])
    return at
