"""A problem and genes as the rows of whole numbers that `kernel` reads; and of which problems it cannot speak."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from safepassage.planner import layout as k
from safepassage.planner.balance import Balance
from safepassage.planner.layout import GENE, PLACED
from safepassage.planner.objective import LATE, cold_until, value
from safepassage.planner.problem import DAY, Convoy, Crossing, Gene, Kind, Problem, Vehicle

KINDS: tuple[Kind, Kind] = ("bus", "ambulance")
FREE = 1 << 30
"""Convoys of a side whose number is not agreed."""
NO_SIDE = -1


def unknown(problem: Problem) -> str | None:
    """What this problem holds that the twin knows nothing of, in words; None: it knows all of it."""
    lost = problem.lost_at()
    pools = [[v for v in problem.fleet if (v.side, v.kind) == (s.id, k)] for s in problem.sides for k in KINDS]
    if problem.unwatched:
        return "loading points and receptions that nobody watches"
    if any(problem.arrivals.values()):
        return "people who are not there yet"
    if problem.receptions:
        return "receptions with a limit by day"
    if any(group.wounded and group.priority for side in problem.sides for group in side.groups):
        return "families with wounded that are not of the first class"
    if any(side.lying for side in problem.sides):
        return "wounded who must lie"
    if problem.swaps and problem.underway:
        return "swap points with convoys under way"
    if any(problem.now < minute for minute in lost.values()):
        return "vehicles that are lost later"
    if any(len({vehicle.seats for vehicle in pool}) > 1 for pool in pools):
        return "vehicles of one kind with different numbers of seats"
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
        k.HURT_SIZES: sum(1 for _, hurt in _sizes(problem) if hurt), k.ROUTES: len(problem.routes),
        k.GATES: len(problem.crossings), k.DAYS: _days(problem), k.LINKS: len(problem.parity), k.STOPPED: len(problem.suspensions),
        k.MINUTES: _last_close(problem) + 1, k.MOST: most, k.LOW: problem.convoy.low, k.HIGH: problem.convoy.high,
        k.NOW: max(problem.now, problem.boarding_from),
        k.LIMIT: problem.limit, k.LATE: LATE, k.ENDS: int(problem.objective == "end"), k.WOUNDED_WEIGHT: problem.wounded_weight,
        k.SWAPS: len(problem.swaps), k.TOLD: len(problem.announced), k.PRICE: price,
    }  # fmt: skip


def _fixed(problem: Problem) -> dict[int, list[int]]:
    """What placing convoys does not change."""
    sides, routes, gates, parity = problem.sides, problem.routes, problem.crossings, problem.parity
    side_of, gate_of = {s.id: n for n, s in enumerate(sides)}, {g.id: n for n, g in enumerate(gates)}
    route_of = {route.id: n for n, route in enumerate(routes)}
    pools, days, agreed = _pools(problem), _days(problem), dict(problem.max_convoys)
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
        k.WEIGHTS: [each.weight for each in problem.classes], k.FAMILY: [size for size, _ in _sizes(problem)],
        k.FAMILY_HURT: [hurt for _, hurt in _sizes(problem)], k.COLD: _cold(problem, _last_close(problem)),
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
    }  # fmt: skip


def _changing(problem: Problem) -> dict[int, list[int]]:
    """What it changes, as it stands before the first is placed."""
    sides, sizes = problem.sides, _sizes(problem)
    classes = [(side, number, people) for side in sides for number, people in enumerate(side.people)]
    return {
        k.FREE: [minute for pool in _pools(problem) for minute in sorted(_free(problem, pool))],
        k.ALONE: [people - sum(g.size for g in side.groups if g.priority == number) for side, number, people in classes],
        k.FAMILIES: [
            sum((g.priority, g.size, g.wounded) == (number, *size) for g in side.groups) for side, number, _ in classes for size in sizes
        ],
        k.WOUNDED: [side.wounded for side in sides],
        k.LAST: [max((c.crossing_end for c in _underway(problem, n)), default=-1) for n in range(len(sides))],
        k.TRIPS: _trips(problem), k.CONVOYS: [0] * len(sides), k.TOTALS: [0, *_facts(problem)],
        k.BUSY: [len(_busy(problem, gate)) for gate in problem.crossings],
        k.POINTS: [len(_points(problem, n)[0]) for n in range(len(problem.parity))],
    }  # fmt: skip


def _working(problem: Problem, most: int, genes: int) -> dict[int, list[int]]:
    """Room for what is counted while convoys are placed."""
    busy, points = [0] * (len(problem.crossings) * most), [0] * (len(problem.parity) * most)
    return {
        k.BUSY_BEGIN: busy, k.BUSY_END: busy, k.POINT_MINUTE: points, k.POINT_UP: points, k.POINT_DOWN: points,
        k.BLOCKED: [0] * genes, k.OUT: [0] * (most * PLACED),
        k.BEFORE_BOARDING: [0] * (len(problem.classes) * (len(_sizes(problem)) + 1) + 1),
        k.BUSES: [0] * (_most_places(problem, "bus") + 1), k.BEDS: [0] * (_most_places(problem, "ambulance") + 1),
    }  # fmt: skip


def _facts(problem: Problem) -> tuple[int, int]:
    """The end and the weighted minutes of what is under way, whichever is asked for."""
    facts = value(problem, ())
    return (facts, 0) if problem.objective == "end" else (0, facts)


def _days(problem: Problem) -> int:
    """As many as the decoder looks ahead for drivers' hours; 0: nobody counts them."""
    return 0 if problem.cycles_per_day is None else (2 * problem.horizon + DAY) // DAY + 1


def _last_close(problem: Problem) -> int:
    return max((closes for gate in problem.crossings for _, closes in gate.windows), default=0)


def _sizes(problem: Problem) -> list[tuple[int, int]]:
    """(persons who sit, wounded) of each different family, in the order in which they board."""
    found = {(group.size, group.wounded) for side in problem.sides for group in side.groups}
    return sorted(found, key=lambda size: (-size[1], -size[0]))


def _most_places(problem: Problem, kind: Kind) -> int:
    return max((vehicle.seats for vehicle in problem.fleet if vehicle.kind == kind), default=1)


def _pools(problem: Problem) -> list[list[Vehicle]]:
    lost = problem.lost_at()
    there = [v for v in problem.fleet if v.id not in lost or lost[v.id] > problem.now]
    return [[v for v in there if (v.side, v.kind) == (s.id, kind)] for s in problem.sides for kind in KINDS]


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
