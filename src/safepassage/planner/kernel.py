"""The decoder once more, on one row of whole numbers: the twin that a search can ask tens of thousands of times a second.

Nothing here decides what a plan is: `decoder` does, and a law says that both place every convoy alike. Each function works on a list as
it stands, and on an array once `compiled` has compiled it, so one text gives the same plan with and without the extra `compiled`.
`layout` says what stands where in the row `m`.
"""

from __future__ import annotations

from safepassage.planner.boarding import board, needed, people, remember, restore, smallest, waiting

from safepassage.planner.layout import (  # isort: skip
    ALONE, ANY, BEFORE, BLOCKED, BUSY, BUSY_BEGIN, BUSY_END, CHANGING, CLASSES, CLOSES, COLD, CONVOYS, CONVOYS_MOST, CREW_FROM,
    DAY, DAYS, DEADLOCK, DEARER, EMPTY_EACH, EMPTY_SETUP, ENDS, FACT_BEGIN, FACT_DOWN, FACT_END, FACT_MINUTE, FACT_UP, FAMILIES,
    FAMILY, FREE, FULL, GATES, GENE, GOES_ON, HALF, HIGH, HOME, HOURS, HURT_SIZES, INWARD, LAST, LATE, LIMIT, LINKS, LOAD, LOW,
    MEMORY, MINUS, MINUTES, MOST, NEVER, NOBODY, NOW, NOWHERE, OFF_DUTY, ONWARD, ON_DUTY, OPEN, OPENS, OUT, PER_VEHICLE, PLACED,
    PLUS, POINTS, POINT_DOWN, POINT_MINUTE, POINT_UP, POOL_FROM, POST, PRE, PRICE, ROUTES, ROUTE_GATE, ROUTE_SIDE, SEATS, SETUP, SIDES,
    SIZES, START, STOPPED, STOPS, SWAPS, SWAP_LEG, SWAP_MOST, SWAP_PLUS, SWAP_WEIGHT, SWAP_WITHIN, SWAP_WM, SWAP_WP, TOLD,
    TOLD_DEPARTS, TOLD_PERSONS, TOLD_ROUTE, TOTALS, TRIPS, WEIGHTS, WINDOW_FROM, WM, WOUNDED, WOUNDED_WEIGHT, WP, Row,
)  # fmt: skip


def reset(m: Row) -> None:
    """As if nothing had been placed yet."""
    for at in range(m[CHANGING]):
        m[m[MEMORY] + at] = m[m[START] + at]
    fact = 0
    for gate in range(m[GATES]):
        for n in range(gate * m[MOST], gate * m[MOST] + m[m[BUSY] + gate]):
            m[m[BUSY_BEGIN] + n], m[m[BUSY_END] + n] = m[m[FACT_BEGIN] + fact], m[m[FACT_END] + fact]
            fact += 1
    fact = 0
    for link in range(m[LINKS]):
        for n in range(link * m[MOST], link * m[MOST] + m[m[POINTS] + link]):
            m[m[POINT_MINUTE] + n] = m[m[FACT_MINUTE] + fact]
            m[m[POINT_UP] + n], m[m[POINT_DOWN] + n] = m[m[FACT_UP] + fact], m[m[FACT_DOWN] + fact]
            fact += 1


def copy(source: Row, target: Row, number: int) -> None:
    for at in range(number):
        target[at] = source[at]


# Parity (`balance`): points in time, and how far each edge of the band is from there on.


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


# One convoy (`Timetable.place`).


def cut(m: Row, route: int, buses: int, ambulances: int, share: int) -> tuple[int, int, int]:
    """Buses and ambulances as they can go, and the persons that parity must have room for; no vehicle: not as things stand."""
    side = m[m[ROUTE_SIDE] + route]
    pool, left = side * 2, people(m, side)
    if left + m[m[WOUNDED] + side] == 0:
        return 0, 0, 0
    there, too = m[m[POOL_FROM] + pool + 1] - m[m[POOL_FROM] + pool], m[m[POOL_FROM] + pool + 2] - m[m[POOL_FROM] + pool + 1]
    most, beds = -(-left // m[m[SEATS] + pool]), -(-m[m[WOUNDED] + side] // m[m[SEATS] + pool + 1])
    if m[SIZES] > 0 and most <= buses:
        most = needed(m, side, 0)
    if m[HURT_SIZES] > 0 and beds <= ambulances:
        beds = needed(m, side, 1)
    cars = min(ambulances, too, beds, m[HIGH])
    buses = min(buses, there, most, m[HIGH] - cars)
    if share < FULL or buses != most or cars != beds:
        buses = max(buses, min(m[LOW] - cars, there))
        cars = max(cars, min(m[LOW] - buses, too))
    load = min(left, buses * m[m[SEATS] + pool]) + min(m[m[WOUNDED] + side], cars * m[m[SEATS] + pool + 1])
    if buses + cars == 0 or (buses + cars < m[LOW] and load < left + m[m[WOUNDED] + side]):
        return 0, 0, 0
    return buses, cars, max(1, smallest(m, side) if share == ANY else load * share // FULL)


def settled(m: Row, route: int, buses: int, ambulances: int, need: int, start: int) -> int:
    """The earliest start of loading, from `start` on, that every rule allows."""
    side, gate = m[m[ROUTE_SIDE] + route], m[m[ROUTE_GATE] + route]
    handling = m[m[SETUP] + gate] + m[m[PER_VEHICLE] + gate] * (buses + ambulances)
    ahead = m[m[LOAD] + route] + m[m[PRE] + route]
    lead = ahead + handling
    if buses > 0:
        start = max(start, m[m[FREE] + m[m[POOL_FROM] + side * 2] + buses - 1])
    if ambulances > 0:
        start = max(start, m[m[FREE] + m[m[POOL_FROM] + side * 2 + 1] + ambulances - 1])
    start = max(start, m[m[LAST] + side] + 1 - lead, earliest(m, side, need) - lead)
    while start < NEVER // 2:
        before = start
        start = within_hours(m, side, buses, on_duty(m, route, lead, buses + ambulances, start))
        for n in range(m[STOPPED]):
            if start + m[m[LOAD] + route] < m[m[GOES_ON] + n] and start + lead + m[m[ONWARD] + route] > m[m[STOPS] + n]:
                start = m[m[GOES_ON] + n] - m[m[LOAD] + route]
        start = alone_in_gate(m, gate, start + ahead, handling) - ahead
        if start == before:
            return start
    return NEVER


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


def place(m: Row, route: int, wished: int, ambulances: int, not_before: int, label: int, share: int) -> bool:
    """The convoy at its earliest lawful minute, now part of the timetable; False: not as things stand."""
    buses, cars, need = cut(m, route, wished, ambulances, share)
    if buses + cars == 0:
        return False
    start = settled(m, route, buses, cars, need, max(m[NOW], not_before))
    if start >= NEVER:
        return False
    side, gate = m[m[ROUTE_SIDE] + route], m[m[ROUTE_GATE] + route]
    arrives = start + m[m[LOAD] + route] + m[m[PRE] + route]
    ends = arrives + m[m[SETUP] + gate] + m[m[PER_VEHICLE] + gate] * (buses + cars)
    fit = room(m, side, ends)
    remember(m, side)
    persons, weight = board(m, side, buses, cars, fit)
    if persons == 0 or (buses + cars < m[LOW] and people(m, side) + m[m[WOUNDED] + side] > 0):
        restore(m, side)
        return False
    passed(m, side, ends, persons)
    back = again(m, route, ends, buses + cars)
    take(m, side * 2, buses, start, back)
    take(m, side * 2 + 1, cars, start, back)
    if m[m[INWARD] + route] != NOWHERE and back < NEVER:
        occupy(
            m,
            gate,
            back - m[m[HOME] + route] - m[m[EMPTY_SETUP] + gate] - m[m[EMPTY_EACH] + gate] * (buses + cars),
            back - m[m[HOME] + route],
        )
    occupy(m, gate, arrives, ends)
    m[m[LAST] + side] = max(m[m[LAST] + side], ends)
    m[m[CONVOYS] + side] += 1
    if m[DAYS] > 0:
        m[m[TRIPS] + side * m[DAYS] + start // DAY] += buses
    row = m[m[TOTALS]] * PLACED
    m[m[OUT] + row], m[m[OUT] + row + 1], m[m[OUT] + row + 2] = route, buses, cars
    m[m[OUT] + row + 3], m[m[OUT] + row + 4], m[m[OUT] + row + 5], m[m[OUT] + row + 6] = not_before, label, start, persons
    m[m[OUT] + row + 7] = weight
    m[m[TOTALS]] += 1
    m[m[TOTALS] + 1] = max(m[m[TOTALS] + 1], ends)
    m[m[TOTALS] + 2] += weight * m[m[COLD] + ends]
    return True


def take(m: Row, pool: int, number: int, start: int, again: int) -> None:
    """Of a pool (sorted by when each is free) those that were free last go, so that early ones stay for others."""
    if number == 0:
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


# All convoys (`decode`).


def decode(m: Row, genes: Row, count: int, bar: float) -> int:
    """What the plan of these genes costs; its convoys stand in `OUT`. Above `bar` it may give up: DEARER."""
    reset(m)
    blocked = 0
    for gene in range(count):
        if fit(m, genes, gene):
            blocked = retry(m, genes, blocked)
            if at_least(m) > bar:
                return DEARER
        else:
            m[m[BLOCKED] + blocked] = gene
            blocked += 1
    while waiting(m) > 0:
        if not complete(m):
            return DEADLOCK
        blocked = retry(m, genes, blocked)
        if at_least(m) > bar:
            return DEARER
    return cost(m)


def fit(m: Row, genes: Row, gene: int) -> bool:
    """Full, or at least half full where parity leaves no more room."""
    at = gene * GENE
    if place(m, genes[at], genes[at + 1], genes[at + 2], genes[at + 3], genes[at + 4], FULL):
        return True
    return place(m, genes[at], genes[at + 1], genes[at + 2], genes[at + 3], genes[at + 4], HALF)


def retry(m: Row, genes: Row, blocked: int) -> int:
    """How many are still blocked after each was tried once more; a side of which nobody waits has no more wishes."""
    stay = 0
    for n in range(blocked):
        gene = m[m[BLOCKED] + n]
        side = m[m[ROUTE_SIDE] + genes[gene * GENE]]
        if people(m, side) + m[m[WOUNDED] + side] > 0 and not fit(m, genes, gene):
            m[m[BLOCKED] + stay] = gene
            stay += 1
    return stay


def complete(m: Row) -> bool:
    """One more convoy: full before half full before any load, big before small, then the one that is through first."""
    for share in (FULL, HALF, ANY):
        for most in range(m[HIGH], m[LOW] - 1, -1):
            best, found = NEVER, -1
            for route in range(m[ROUTES]):
                buses, cars, need = cut(m, route, most, most, share)
                if buses + cars == 0:
                    continue
                start, gate = settled(m, route, buses, cars, need, m[NOW]), m[m[ROUTE_GATE] + route]
                ends = start + m[m[LOAD] + route] + m[m[PRE] + route] + m[m[SETUP] + gate] + m[m[PER_VEHICLE] + gate] * (buses + cars)
                if start < NEVER and ends < best:
                    best, found = ends, route
            if found >= 0 and place(m, found, most, most, 0, NOBODY, share):
                return True
    return False


def at_least(m: Row) -> int:
    """No more than what any plan costs that begins like this: a side's convoys pass one after the other."""
    if m[ENDS]:
        return m[m[TOTALS] + 1]
    found = m[m[TOTALS] + 2]
    for side in range(m[SIDES]):
        stood = m[m[COLD] + min(max(0, m[m[LAST] + side]), m[MINUTES] - 1)]
        found += stood * m[m[WOUNDED] + side] * m[WOUNDED_WEIGHT]
        for k in range(m[CLASSES]):
            at = side * m[CLASSES] + k
            persons = m[m[ALONE] + at]
            for size in range(m[SIZES]):
                persons += m[m[FAMILY] + size] * m[m[FAMILIES] + at * m[SIZES] + size]
            found += stood * persons * m[m[WEIGHTS] + k]
    return found


def cost(m: Row) -> int:
    """As `objective.cost`, and the price of everybody who does not leave as announced."""
    last = 0
    for side in range(m[SIDES]):
        if m[m[CONVOYS] + side] > 0:
            last = max(last, m[m[LAST] + side])
    short = max(0, last - m[LIMIT])
    for side in range(m[SIDES]):
        short += max(0, m[m[CONVOYS] + side] - m[m[CONVOYS_MOST] + side])
    worth = m[m[TOTALS] + 1] if m[ENDS] else m[m[TOTALS] + 2]
    for swap in range(m[SWAPS]):
        for n in range(m[m[TOTALS]]):
            stands = waits(m, swap, n)
            short += max(0, stands - m[m[SWAP_MOST] + swap])
            if not m[ENDS]:
                worth += stands * m[m[SWAP_WEIGHT] + swap] * m[m[OUT] + n * PLACED + 7]
    return worth + m[LATE] * short + (m[PRICE] * moved(m) if m[PRICE] > 0 else 0)


def moved(m: Row) -> int:
    """As `objective.moved`."""
    found = 0
    for told in range(m[TOLD]):
        left = m[m[TOLD_PERSONS] + told]
        for at in range(m[OUT], m[OUT] + m[m[TOTALS]] * PLACED, PLACED):
            if m[at] == m[m[TOLD_ROUTE] + told] and m[at + 5] + m[m[LOAD] + m[at]] == m[m[TOLD_DEPARTS] + told]:
                left -= m[at + 6]
        found += max(0, left)
    return found


# Swap points (`swap`).


def comes(m: Row, swap: int, n: int) -> int:
    """The minute at which a placed convoy comes there; NEVER where it does not."""
    at = m[OUT] + n * PLACED
    route = m[at]
    leg, gate = m[m[SWAP_LEG] + swap * m[ROUTES] + route], m[m[ROUTE_GATE] + route]
    if leg == NOWHERE:
        return NEVER
    handling = m[m[SETUP] + gate] + m[m[PER_VEHICLE] + gate] * (m[at + 1] + m[at + 2])
    return m[at + 5] + m[m[LOAD] + route] + m[m[PRE] + route] + handling + leg


def brings(m: Row, swap: int, n: int) -> int:
    """Its persons, weighed: above 0 on the side of `plus`, below on the other."""
    at = m[OUT] + n * PLACED
    if m[m[ROUTE_SIDE] + m[at]] == m[m[SWAP_PLUS] + swap]:
        return m[m[SWAP_WP] + swap] * m[at + 6]
    return -m[m[SWAP_WM] + swap] * m[at + 6]


def waits(m: Row, swap: int, convoy: int) -> int:
    """Minutes that a placed convoy stands there."""
    here = comes(m, swap, convoy)
    if here == NEVER:
        return 0
    sign = 1 if brings(m, swap, convoy) > 0 else -1
    need = -m[m[SWAP_WITHIN] + swap]
    for n in range(m[m[TOTALS]]):
        own, minute = sign * brings(m, swap, n), comes(m, swap, n)
        if minute <= here:
            need += own
    leaves = here
    while need > 0:
        later, brought = NEVER, 0
        for n in range(m[m[TOTALS]]):
            minute, other = comes(m, swap, n), -sign * brings(m, swap, n)
            if other > 0 and leaves < minute < later:
                later, brought = minute, other
            elif other > 0 and minute == later and later < NEVER:
                brought += other
        if later == NEVER:
            return leaves - here
        leaves, need = later, need - brought
    return leaves - here
