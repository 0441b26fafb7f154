"""Simulated annealing over genes, in the form that `compiled` can compile (see `kernel`).

Chance is a xorshift generator of 32 bits and temperatures are tables made beforehand, so only whole numbers and the four basic
operations on floats are used: the same seed gives the same plan on every machine, compiled or not.

Source: Kirkpatrick, Gelatt, Vecchi 1983 (annealing); Marsaglia 2003, "Xorshift RNGs" (13, 17, 5).
"""

from __future__ import annotations

from math import log

from safepassage.planner.kernel import copy, decode

from safepassage.planner.layout import (  # isort: skip
    DEADLOCK, DEARER, GENE, HIGH, LOW, MOST, NOBODY, OUT, PLACED, ROUTE_SIDE, ROUTES, TOTALS, Row,
)  # fmt: skip

MASK = (1 << 32) - 1
LUCK = 4096
FEVER, HOTTEST, REHEATED, COLDEST = 5e-2, 8e-3, 3e-3, 1e-6
"""Temperatures at the start (the fever: of one day by itself), at a second start, and at the end, as shares of the first cost."""


def luck() -> list[float]:
    """-ln(u) for evenly spaced u: a step uphill by d is taken with probability exp(-d / heat) if d <= heat times one of these."""
    return [-log((n + 0.5) / LUCK) for n in range(LUCK)]


def cooling(hottest: float, calls: int) -> float:
    """By which the temperature is multiplied after each call."""
    return float((COLDEST / hottest) ** (1 / max(1, calls)))


def draw(chance: Row, number: int) -> int:
    """A whole number from 0 to number - 1."""
    x = chance[0]
    x ^= (x << 13) & MASK
    x ^= x >> 17
    x ^= (x << 5) & MASK
    chance[0] = x
    return (x >> 3) % number


def anneal(
    m: Row, here: Row, there: Row, best: Row, counts: Row, costs: Row, chance: Row,
    heat: list[float], cool: float, lucky: list[float], calls: int,
) -> None:  # fmt: skip
    """`calls` decodings from `here` on; `best` holds the genes that cost least.

    `counts` holds how many genes are in each of the three rows; `costs` what `here` and `best` cost; `heat` the temperature; `lucky` is
    `luck`. All are left as they then are, so annealing in pieces is annealing at once.
    """
    for _ in range(calls):
        bar = costs[0] + heat[0] * lucky[draw(chance, LUCK)]
        heat[0] *= cool
        copy(here, there, counts[0] * GENE)
        counts[1] = vary(m, there, counts[0], chance)
        found = decode(m, there, counts[1], bar)
        if found in (DEADLOCK, DEARER) or float(found) > bar:
            continue
        if found < costs[1]:
            costs[1] = found
            counts[2] = counts[1]
            copy(there, best, counts[1] * GENE)
        costs[0] = found
        counts[0] = settle(m, here)


def settle(m: Row, here: Row) -> int:
    """The genes as they were placed, in that order: wishes that came to nothing are forgotten."""
    for n in range(m[m[TOTALS]]):
        for k in range(GENE):
            here[n * GENE + k] = m[m[OUT] + n * PLACED + k]
    return m[m[TOTALS]]


def vary(m: Row, genes: Row, count: int, chance: Row) -> int:
    """One wish moved, resized, rerouted, freed from its minute, added or dropped, or some repeated. Gives how many there are now."""
    if count == 0:
        return insert(m, genes, count, 0, chance)
    kind, at = draw(chance, 17), draw(chance, count)
    other = min(count - 1, max(0, at + draw(chance, 9) - 4)) if draw(chance, 2) else draw(chance, count)
    if kind < 2:
        swap(genes, at, other)
    elif kind < 5:
        move(genes, at, other)
    elif kind < 10:
        resize(m, genes, at * GENE + 1, chance)
    elif kind < 11:
        resize(m, genes, at * GENE + 2, chance)
    elif kind < 13:
        reroute(m, genes, at * GENE, chance)
    elif kind < 14 and count < m[MOST] - 2:
        return insert(m, genes, count, at, chance)
    elif kind < 15 and draw(chance, 2):
        genes[at * GENE + 3], genes[at * GENE + 4] = 0, NOBODY
    elif kind < 15:
        return drop(genes, count, at)
    elif kind < 16:
        other = draw(chance, count)
        repeat(genes, at, other, min(2 + draw(chance, 12), count - max(at, other)))
    else:
        step = draw(chance, 3) + 1
        genes[at * GENE + 1] = max(0, genes[at * GENE + 1] - step)
        genes[other * GENE + 1] = min(m[HIGH], genes[other * GENE + 1] + step)
    return count


def swap(genes: Row, at: int, other: int) -> None:
    for k in range(GENE):
        genes[at * GENE + k], genes[other * GENE + k] = genes[other * GENE + k], genes[at * GENE + k]


def move(genes: Row, at: int, to: int) -> None:
    step = 1 if to > at else -1
    while at != to:
        swap(genes, at, at + step)
        at += step


def repeat(genes: Row, at: int, other: int, number: int) -> None:
    """So many wishes from `at` on ask for what those from `other` on ask for: what goes well once may go well again."""
    for n in range(number * GENE):
        if n % GENE < 3:
            genes[at * GENE + n] = genes[other * GENE + n]


def resize(m: Row, genes: Row, at: int, chance: Row) -> None:
    step = draw(chance, 4) - 2
    genes[at] = min(m[HIGH], max(0, genes[at] + (step if step < 0 else step + 1)))


def reroute(m: Row, genes: Row, at: int, chance: Row) -> None:
    """Another route of the same side, as likely as any other."""
    side, route = m[m[ROUTE_SIDE] + genes[at]], draw(chance, m[ROUTES])
    for _ in range(m[ROUTES]):
        if m[m[ROUTE_SIDE] + route] == side:
            genes[at] = route
            return
        route = (route + 1) % m[ROUTES]


def insert(m: Row, genes: Row, count: int, at: int, chance: Row) -> int:
    genes[count * GENE] = draw(chance, m[ROUTES])
    genes[count * GENE + 1] = m[LOW] + draw(chance, m[HIGH] - m[LOW] + 1)
    genes[count * GENE + 2] = draw(chance, min(3, m[HIGH] + 1))
    genes[count * GENE + 3], genes[count * GENE + 4] = 0, NOBODY
    move(genes, count, at)
    return count + 1


def drop(genes: Row, count: int, at: int) -> int:
    move(genes, at, count - 1)
    return count - 1
