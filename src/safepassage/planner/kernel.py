"""The decoder once more, on one row of whole numbers: the twin that a search can ask tens of thousands of times a second.

Nothing here decides what a plan is: `decoder` does, and a law says that both place every convoy alike. Each function works on a list as
it stands, and on an array once `compiled` has compiled it, so one text gives the same plan with and without the extra `compiled`.
`layout` says what stands where in the row `m`; `settling`, `pools`, `slack`, `boarding` and `standing` hold a part each.
"""

from __future__ import annotations

from safepassage.planner.boarding import board, needed, people, remember, restore, smallest, waiting
from safepassage.planner.pools import choose, take, take_chosen
from safepassage.planner.settling import again, arrive, occupy, places_left, settled
from safepassage.planner.slack import passed, room
from safepassage.planner.standing import stood

from safepassage.planner.layout import (  # isort: skip
    ALONE, ANY_MIXED, ANY, BLOCKED, BUSY, BUSY_BEGIN, BUSY_END, CHANGING, CLASSES, COLD, CONVOYS, CONVOYS_MOST, DAY, DAYS, DEADLOCK,
    DEARER, EMPTY_EACH, EMPTY_SETUP, ENDS, FACT_BEGIN, FACT_DOWN, FACT_END, FACT_MINUTE, FACT_UP, FAMILIES, FAMILY, FULL,
    GATES, GENE, HALF, HIGH, HOME, HURT_SIZES, INWARD, LAST, LATE, LIMIT, LINKS, LOAD, LOW, MEMORY, MINUTES, MOST,
    NEVER, NOBODY, NOW, NOWHERE, OUT, PER_VEHICLE, PLACED, POINTS, POINT_DOWN, POINT_MINUTE, POINT_UP, POOL_FROM, PRE, PRICE,
    ROUTES, ROUTE_GATE, ROUTE_SIDE, SEATS, SETUP, SIDES, SIZES, START, SWAPS, TOLD, TOLD_DEPARTS, TOLD_PERSONS, TOLD_ROUTE,
    RECEPTIONS, TOTALS, TRIPS, WEIGHTS, WOUNDED, WOUNDED_WEIGHT, Row,
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
    back = again(m, route, ends, buses + cars)
    if m[ANY_MIXED] > 0:
        choose(m, side, 0, buses, start, back)
        choose(m, side, 1, cars, start, back)
    fit = room(m, side, ends)
    if m[RECEPTIONS] > 0:
        fit = min(fit, places_left(m, route, ends))
    small = buses + cars < m[LOW]
    if small:
        remember(m, side)
    persons, weight = board(m, side, buses, cars, fit)
    if small and people(m, side) + m[m[WOUNDED] + side] > 0:
        restore(m, side)
        return False
    if persons == 0:
        return False
    passed(m, side, ends, persons)
    if m[RECEPTIONS] > 0:
        arrive(m, route, ends, persons)
    if m[ANY_MIXED] > 0:
        take_chosen(m, side * 2, back)
        take_chosen(m, side * 2 + 1, back)
    take(m, side * 2, buses, start, back)
    take(m, side * 2 + 1, cars, start, back)
    if m[m[INWARD] + route] != NOWHERE and back < NEVER:
        let_back(m, route, buses + cars, back - m[m[HOME] + route])
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


def let_back(m: Row, route: int, vehicles: int, until: int) -> None:
    """The gate is taken by those that come back empty."""
    gate = m[m[ROUTE_GATE] + route]
    occupy(m, gate, until - m[m[EMPTY_SETUP] + gate] - m[m[EMPTY_EACH] + gate] * vehicles, until)


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
        stand, beyond = stood(m, swap)
        short += beyond
        worth += 0 if m[ENDS] else stand
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
