"""A problem and genes as the rows of whole numbers that `kernel` reads; and of which problems it cannot speak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from safepassage.planner import layout as k
from safepassage.planner.balance import Balance
from safepassage.planner.layout import GENE, PLACED
from safepassage.planner.objective import LATE, cold_until, persons_weight, value
from safepassage.planner.problem import DAY, NEVER, Convoy, Crossing, Gene, Kind, Problem, Swap, Vehicle

KINDS: tuple[Kind, Kind] = ("bus", "ambulance")
FREE = 1 << 30
"""Convoys of a side whose number is not agreed."""
NO_SIDE = -1


def unknown(problem: Problem) -> str | None:
    """What this problem holds that the twin knows nothing of, in words; None: it knows all of it."""
    if problem.unwatched:
        return "loading points and receptions that nobody watches"
    if any(problem.arrivals.values()):
        return "people who are not there yet"
    if any(min(gate.handling(1), gate.handling_empty(1)) < 1 or list(gate.windows) != sorted(gate.windows) for gate in problem.crossings):
        return "gates without handling, or windows that are not in order"
    if any(closes > 2 * problem.horizon for gate in problem.crossings for _, closes in gate.windows):
        return "gates open beyond twice the horizon"
    return None


class World(NamedTuple):
    """A problem as a row (`kernel` says what stands where), and how many genes it can try at once."""

    row: list[int]
    genes: int


def encoded(problem: Problem, genes: int = 0, price: int = 0) -> World:
    """The problem as one row of numbers, with the working memory for decoding that many genes, or as many as could ever pass.

    `price`: of each person who does not leave as announced.
    """
    most = sum(_passings(gate) for gate in problem.crossings) + 2 * len(problem.underway) + 4
    numbers, tables = _numbers(problem, most, price), {**_fixed(problem), **_changing(problem), **_working(problem, most, max(most, genes))}
    row, at = [0] * k.HEAD, k.HEAD
    for table in sorted(tables):
        row[table], at = at, at + len(tables[table])
    numbers[k.MEMORY], numbers[k.START] = row[k.FREE], at
    numbers[k.CHANGING] = row[k.BUSY_BEGIN] - row[k.FREE]
    for number, says in numbers.items():
        row[number] = says
    row += [each for table in sorted(tables) for each in tables[table]]
    return World(row + row[row[k.FREE] : row[k.BUSY_BEGIN]], max(most, genes))


def _numbers(problem: Problem, most: int, price: int) -> dict[int, int]:
    return {
        k.SIDES: len(problem.sides), k.CLASSES: len(problem.classes), k.SIZES: len(_sizes(problem)),
        k.HURT_SIZES: sum(1 for _, hurt, _ in _sizes(problem) if hurt), k.ROUTES: len(problem.routes),
        k.GATES: len(problem.crossings), k.DAYS: _days(problem), k.LINKS: len(problem.parity), k.STOPPED: len(problem.suspensions),
        k.MINUTES: _last_close(problem) + 1, k.MOST: most, k.LOW: problem.convoy.low, k.HIGH: problem.convoy.high,
        k.NOW: max(problem.now, problem.boarding_from),
        k.LIMIT: problem.limit, k.LATE: LATE, k.ENDS: int(problem.objective == "end"), k.WOUNDED_WEIGHT: problem.wounded_weight,
        k.SWAPS: len(problem.swaps), k.TOLD: len(problem.announced), k.PRICE: price,
        k.MOST_PLACES: max((vehicle.seats for vehicle in problem.fleet), default=1), k.RECEPTIONS: len(problem.receptions),
        k.ARRIVALS: _arrivals(problem), k.LAST_ARRIVAL: (2 * problem.horizon + DAY) // DAY, k.FACTS: len(problem.underway),
        k.ANY_MIXED: int(_any_mixed(problem)), k.SINGLE: int(not _any_mixed(problem) and not any(
            side.lying or any(group.wounded for group in side.groups) for side in problem.sides
        )),
    }  # fmt: skip


def _fixed(problem: Problem) -> dict[int, list[int]]:
    """What placing convoys does not change."""
    sides, routes, gates, parity = problem.sides, problem.routes, problem.crossings, problem.parity
    side_of, gate_of = {s.id: n for n, s in enumerate(sides)}, {g.id: n for n, g in enumerate(gates)}
    route_of = {route.id: n for n, route in enumerate(routes)}
    pools, days, agreed, lost = _pools(problem), _days(problem), dict(problem.max_convoys), problem.lost_at()
    windows = [window for gate in gates for window in gate.windows]
    busy, points = [pair for gate in gates for pair in _busy(problem, gate)], [_points(problem, n) for n in range(len(parity))]
    return {
        k.TOLD_ROUTE: [route_of[c.route] for c in problem.announced], k.TOLD_DEPARTS: [c.departure for c in problem.announced],
        k.TOLD_PERSONS: [c.persons for c in problem.announced],
        k.ROUTE_SIDE: [side_of[r.side] for r in routes], k.ROUTE_GATE: [gate_of[r.crossing] for r in routes],
        k.LOAD: [r.load for r in routes], k.PRE: [r.pre for r in routes], k.ONWARD: [r.onward for r in routes],
        k.POST: [r.post for r in routes], k.SETUP: [g.setup for g in gates], k.PER_VEHICLE: [g.per_vehicle for g in gates],
        k.WINDOW_FROM: _starts([len(g.windows) for g in gates]), k.OPENS: [a for a, _ in windows], k.CLOSES: [b for _, b in windows],
        k.STOPS: [a for a, _ in problem.suspensions], k.GOES_ON: [b for _, b in problem.suspensions],
        k.HOURS: [(problem.cycles_per_day or 0) * problem.buses_on(s.id, day) for s in sides for day in range(days)],
        k.POOL_FROM: _starts([len(pool) for pool in pools]), k.SEATS: [min((v.seats for v in pool), default=1) for pool in pools],
        k.MIXED: [_mixed(problem, pool) for pool in pools], k.PLACES: [v.seats for pool in pools for v in pool],
        k.LIES: [int(v.kind == "ambulance" and v.stretchers) for pool in pools for v in pool],
        k.LOST: [lost.get(v.id, NEVER) for pool in pools for v in pool],
        k.ENDS_THERE: [int(r.id in place.routes) for r in routes for place in problem.receptions],
        k.WEIGHTS: [each.weight for each in problem.classes], k.FAMILY: [size for size, _, _ in _sizes(problem)],
        k.FAMILY_HURT: [hurt for _, hurt, _ in _sizes(problem)], k.FAMILY_LYING: [lie for _, _, lie in _sizes(problem)],
        k.COLD: _cold(problem, _last_close(problem)),
        k.PLUS: [side_of.get(p.plus, NO_SIDE) for p in parity], k.MINUS: [side_of.get(p.minus, NO_SIDE) for p in parity],
        k.WP: [p.wp for p in parity], k.WM: [p.wm for p in parity],
        k.CONVOYS_MOST: [agreed[s.id] - len(_underway(problem, n)) if s.id in agreed else FREE for n, s in enumerate(sides)],
        k.CREW_FROM: _starts([sum(crew.side == s.id for crew in problem.crews) for s in sides]),
        k.ON_DUTY: [crew.begin for s in sides for crew in problem.crews if crew.side == s.id],
        k.OFF_DUTY: [crew.end for s in sides for crew in problem.crews if crew.side == s.id],
        k.FACT_BEGIN: [a for a, _ in busy], k.FACT_END: [b for _, b in busy], k.FACT_MINUTE: [n for each in points for n in each[0]],
        k.INWARD: [k.NOWHERE if r.inward is None else r.onward + r.unload + r.inward for r in routes], k.HOME: [r.home for r in routes],
        k.EMPTY_SETUP: [g.handling_empty(0) for g in gates], k.EMPTY_EACH: [g.handling_empty(1) - g.handling_empty(0) for g in gates],
        k.SWAP_LEG: [dict(swap.legs).get(r.id, k.NOWHERE) for swap in problem.swaps for r in routes],
        k.SWAP_PLUS: [side_of.get(swap.plus, NO_SIDE) for swap in problem.swaps],
        k.SWAP_WP: [swap.wp for swap in problem.swaps], k.SWAP_WM: [swap.wm for swap in problem.swaps],
        k.SWAP_WITHIN: [swap.within for swap in problem.swaps], k.SWAP_WEIGHT: [swap.weight for swap in problem.swaps],
        k.SWAP_MOST: [swap.most for swap in problem.swaps],
        k.FACT_UP: [n for each in points for n in each[1]], k.FACT_DOWN: [n for each in points for n in each[2]],
        k.FACT_COMES: [_comes(swap, convoy) for swap in problem.swaps for convoy in problem.underway],
        k.FACT_BRINGS: [_brings(problem, swap, convoy) for swap in problem.swaps for convoy in problem.underway],
        k.FACT_WEIGHT: [persons_weight(problem, convoy) for convoy in problem.underway],
    }  # fmt: skip


def _changing(problem: Problem) -> dict[int, list[int]]:
    """What it changes, as it stands before the first is placed."""
    sides, sizes = problem.sides, _sizes(problem)
    classes = [(side, number, people) for side in sides for number, people in enumerate(side.people)]
    return {
        k.FREE: [minute for pool in _pools(problem) for minute in _free(problem, pool)],
        k.ALONE: [people - sum(g.size for g in side.groups if g.priority == number) for side, number, people in classes],
        k.FAMILIES: [
            sum((g.priority, g.size, g.wounded, g.lying) == (number, *size) for g in side.groups)
            for side, number, _ in classes
            for size in sizes
        ],
        k.WOUNDED: [side.wounded for side in sides], k.LYING: [side.lying for side in sides], k.TAKES: _takes(problem),
        k.LAST: [max((c.crossing_end for c in _underway(problem, n)), default=-1) for n in range(len(sides))],
        k.TRIPS: _trips(problem), k.CONVOYS: [0] * len(sides), k.TOTALS: [0, *_facts(problem)],
        k.BUSY: [len(_busy(problem, gate)) for gate in problem.crossings],
        k.POINTS: [len(_points(problem, n)[0]) for n in range(len(problem.parity))],
    }  # fmt: skip


def _working(problem: Problem, most: int, genes: int) -> dict[int, list[int]]:
    """Room for what is counted while convoys are placed."""
    busy, points = [0] * (len(problem.crossings) * most), [0] * (len(problem.parity) * most)
    places = [0] * (max((vehicle.seats for vehicle in problem.fleet), default=1) + 1)
    return {
        k.BUSY_BEGIN: busy, k.BUSY_END: busy, k.POINT_MINUTE: points, k.POINT_UP: points, k.POINT_DOWN: points,
        k.BLOCKED: [0] * genes, k.OUT: [0] * (most * PLACED),
        k.BEFORE_BOARDING: [0] * (len(problem.classes) * (len(_sizes(problem)) + 1) + 2),
        k.BUSES: places, k.BEDS: places, k.CHAIRS: places, k.LEFT: [0] * 4, k.CHOSEN: [0] * len(problem.fleet),
    }  # fmt: skip


def _facts(problem: Problem) -> tuple[int, int]:
    """The end and the weighted minutes of what is under way, whichever is asked for; standing at swap points is counted later."""
    facts = value(replace(problem, swaps=()), ())
    return (facts, 0) if problem.objective == "end" else (0, facts)


def _days(problem: Problem) -> int:
    """As many as the decoder looks ahead for drivers' hours; 0: nobody counts them."""
    return 0 if problem.cycles_per_day is None else (2 * problem.horizon + DAY) // DAY + 1


def _last_close(problem: Problem) -> int:
    return max((closes for gate in problem.crossings for _, closes in gate.windows), default=0)


def _arrivals(problem: Problem) -> int:
    """Days on which somebody may come to a reception, counted from 0."""
    latest = _last_close(problem) + max((route.onward for route in problem.routes), default=0)
    return max(2 * problem.horizon + DAY, latest) // DAY + 1


def _takes(problem: Problem) -> list[int]:
    """Room by reception and day, without those who are under way to it."""
    found = [[place.takes(day) for day in range(_arrivals(problem))] for place in problem.receptions]
    for left, place in zip(found, problem.receptions, strict=True):
        for convoy in problem.underway:
            if convoy.route in place.routes and convoy.reception // DAY < len(left):
                left[convoy.reception // DAY] -= convoy.persons
    return [persons for left in found for persons in left]


def _comes(swap: Swap, convoy: Convoy) -> int:
    leg = dict(swap.legs).get(convoy.route)
    return NEVER if leg is None else convoy.crossing_end + leg


def _brings(problem: Problem, swap: Swap, convoy: Convoy) -> int:
    """Its persons, weighed: above 0 on the side of `plus`, below on the other."""
    return convoy.persons * (swap.wp if problem.route(convoy.route).side == swap.plus else -swap.wm)


def _sizes(problem: Problem) -> list[tuple[int, int, int]]:
    """(persons who sit, wounded, of these who must lie) of each different family, in the order in which they board (`seats`)."""
    found = {(group.size, group.wounded, group.lying) for side in problem.sides for group in side.groups}
    return sorted(found, key=lambda size: (not size[1], not size[2], -size[1], -size[0], -size[2]))


def _pools(problem: Problem) -> list[list[Vehicle]]:
    """Those that are not lost yet: of a mixed pool by name, else by when they are free."""
    lost = problem.lost_at()
    there = [v for v in problem.fleet if lost.get(v.id, NEVER) > problem.now]
    pools = [[v for v in there if (v.side, v.kind) == (s.id, kind)] for s in problem.sides for kind in KINDS]
    return [sorted(pool, key=lambda v: v.id) if _mixed(problem, pool) else _by_free(problem, pool) for pool in pools]


def _by_free(problem: Problem, pool: Sequence[Vehicle]) -> list[Vehicle]:
    return [v for _, _, v in sorted((minute, n, v) for n, (minute, v) in enumerate(zip(_free(problem, pool), pool, strict=True)))]


def _any_mixed(problem: Problem) -> bool:
    return any(_mixed(problem, pool) for pool in _pools(problem))


def _mixed(problem: Problem, pool: Sequence[Vehicle]) -> int:
    """Whether those of a pool cannot stand in for each other, and why: 0, `SOME_LOST` or `DIFFERENT`."""
    if len({(vehicle.seats, vehicle.stretchers) for vehicle in pool}) > 1:
        return k.DIFFERENT
    return k.SOME_LOST if not problem.lost_at().keys().isdisjoint(vehicle.id for vehicle in pool) else 0


def row_of(problem: Problem, genes: Sequence[Gene]) -> list[int]:
    """Genes as one row, each labelled with its number."""
    routes = {route.id: n for n, route in enumerate(problem.routes)}
    return [each for n, gene in enumerate(genes) for each in (routes[gene.route], gene.buses, gene.ambulances, gene.not_before, n)]


def genes_of(problem: Problem, row: Sequence[int], count: int, before: Sequence[Gene]) -> tuple[Gene, ...]:
    """The row as genes again; labelled ones still prefer the vehicles, and go for as few persons, as `before`."""
    found = []
    for at in range(0, count * GENE, GENE):
        route, buses, ambulances, begin, label = (int(number) for number in row[at : at + GENE])
        gene = Gene(problem.routes[route].id, buses, ambulances, begin)
        found.append(replace(gene, vehicles=before[label].vehicles, enough=before[label].enough) if label >= 0 else gene)
    return tuple(found)


def _passings(gate: Crossing) -> int:
    """More convoys than this can never pass it, one at a time."""
    least = max(1, min(gate.handling(1), gate.handling_empty(1)))
    return sum(max(0, closes - opens) // least for opens, closes in gate.windows)


def _starts(lengths: Sequence[int]) -> list[int]:
    return [sum(lengths[:n]) for n in range(len(lengths) + 1)]


def _cold(problem: Problem, last: int) -> list[int]:
    """`objective.cold_until` of every minute up to `last`."""
    stood, weight, steps = [cold_until(problem, 0)], 0, dict(problem.cold)
    weight = next((w for begin, w in reversed(problem.cold) if begin <= 0), 0)
    for minute in range(last):
        weight = steps.get(minute, weight)
        stood.append(stood[-1] + weight)
    return stood


def _underway(problem: Problem, side: int) -> list[Convoy]:
    return [convoy for convoy in problem.underway if problem.route(convoy.route).side == problem.sides[side].id]


def _free(problem: Problem, pool: Sequence[Vehicle]) -> list[int]:
    """When each vehicle can load next."""
    back = [(set(convoy.vehicles), problem.again(convoy)) for convoy in problem.underway]
    return [max(vehicle.ready_at, 0, *(minute for aboard, minute in back if vehicle.id in aboard)) for vehicle in pool]


def _trips(problem: Problem) -> list[int]:
    """Bus trips on each day that are under way already."""
    buses = {vehicle.id for vehicle in problem.fleet if vehicle.kind == "bus"}
    days = _days(problem)
    found = [0] * (days * len(problem.sides))
    for side in range(len(problem.sides) if days else 0):
        for convoy in _underway(problem, side):
            found[side * days + convoy.loading // DAY] += len(buses.intersection(convoy.vehicles))
    return found


def _busy(problem: Problem, gate: Crossing) -> list[tuple[int, int]]:
    """When convoys under way are in this gate, joined where they touch."""
    joined: list[tuple[int, int]] = []
    here = [convoy for convoy in problem.underway if problem.route(convoy.route).crossing == gate.id]
    taken = [(c.crossing_start, c.crossing_end) for c in here] + [c.returns for c in here if c.returns is not None]
    for begin, end in sorted(taken):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _points(problem: Problem, link: int) -> tuple[list[int], list[int], list[int]]:
    """What is left up to either edge of a band, from which minute on, as convoys under way leave it."""
    frozen = [(c.crossing_end, problem.route(c.route).side, c.persons) for c in problem.underway]
    return Balance(problem.parity[link], frozen).points()
