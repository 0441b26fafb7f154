"""A closer bound than the flow LP's alone: Lagrangian relaxation, minute by minute, with every size for itself.

What ties convoys of different gates and windows together gets a price: vehicles by the minute, trips by the day, each band by the minute,
and everybody's passing once. At any prices, the best that each gate could do inside each window, one convoy after the other, is found
exactly (longest path over minutes); nobody can do better than all of them together, less what the prices pay for. Prices climb along
subgradients. Why the bound is one stands in docs/explanation/planner.md.

Sources: Held, Karp 1971 (the ascent); Polyak 1969 (its steps).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy

from safepassage.planner.market import Lane, Market, Window, market
from safepassage.planner.problem import DAY, Problem

ROUNDS, EFFORT = 800, 1_200_000
"""Rounds of the ascent, and no more than so many minutes of the longest window in all of them together."""
REACH = 1.06
"""The ascent aims so far above what is proved already."""
PATIENCE, SHORTER, SHORTEST, KEPT = 20, 0.7, 0.02, 0.7
"""Rounds without a gain before steps become shorter; by how much; how short they become; and which share of the last direction stays in
the next."""


class Prices(NamedTuple):
    """Of each person's passing (sides, classes), a vehicle's minute (sides, kinds, minutes), a bus trip (sides, days), a vehicle in a
    convoy below the agreed size (sides), and a unit of each band (bands, points): above 0 at its lower edge, below 0 at its upper one."""

    people: Any
    minutes: Any
    trips: Any
    small: Any
    bands: Any


class Seats(NamedTuple):
    """What a place is worth (sides, kinds, minutes of passing), and the class that makes a seat worth most (sides, minutes)."""

    worth: Any
    best: Any


class Offers(NamedTuple):
    """What a convoy of each size is worth that ends in each minute of a window (sizes, minutes): at best, and by lane with as few
    ambulances as there can be, and with as many."""

    best: Any
    lanes: list[tuple[Any, Any]]


def priced(problem: Problem, last: int, least: float) -> float:
    """A lower bound on the weighted minutes of those who wait, and not below `least`, which is one too."""
    place = market(problem, last)
    longest = max((len(window.minutes) for window in place.windows), default=0)
    rounds = min(ROUNDS, EFFORT // max(1, longest))
    return least if least <= 0 or rounds < PATIENCE else max(least, ascent(place, least, rounds))


def ascent(place: Market, least: float, rounds: int) -> float:
    """The best value of all prices on the way."""
    prices = _first(place)
    scales = _scales(place)
    best, at, share, since, pull = -numpy.inf, prices, 1.0, 0, None
    for _ in range(rounds):
        found, slope = value(place, prices)
        since = 0 if found > best + 2e-6 * abs(best) else since + 1
        best, at = (found, prices) if found > best else (best, at)
        if since >= PATIENCE:
            prices, share, since, pull = at, share * SHORTER, 0, None
            if share < SHORTEST:
                break
            continue
        pull = [each / scale + (0.0 if pull is None else KEPT * pull[n]) for n, (each, scale) in enumerate(zip(slope, scales, strict=True))]
        step = share * (REACH * max(least, best) - found) / max(1e-9, sum(float((each * each).sum()) for each in pull))
        moved = [price + step * each / scale for price, each, scale in zip(prices, pull, scales, strict=True)]
        prices = Prices(*(each if n in FREE else numpy.maximum(0.0, each) for n, each in enumerate(moved)))
    return float(best)


FREE = (0, 4)
"""Prices that may be below 0."""


def _first(place: Market) -> Prices:
    people = numpy.tile(place.weights * place.cold[-1] / 2, (len(place.waiting), 1))
    return Prices(people, *(numpy.zeros(shape.shape) for shape in (place.there, place.trips, place.waiting[:, 0], place.low)))


def _scales(place: Market) -> tuple[float, ...]:
    """How coarse each kind of price is stepped: a bus is many people, and a band speaks for everybody."""
    bus = max(1.0, float(place.seats.max()))
    return bus / 5, 1.0, 2.0, 1.0, 3.0 * bus * max(1.0, float(numpy.abs(place.ties).max(initial=1.0)))


def value(place: Market, prices: Prices) -> tuple[float, Prices]:
    """The bound at these prices, and in which direction each would raise it."""
    prices = prices._replace(people=numpy.minimum(prices.people, place.weights * place.cold[-1]))
    seats = _seats(place, prices)
    held = numpy.concatenate([numpy.zeros((*prices.minutes.shape[:2], 1)), numpy.cumsum(prices.minutes, axis=2)], axis=2)
    offers = [_offers(place, window, prices, seats, held) for window in place.windows]
    table, before = _longest(place, offers)
    paid = (prices.minutes * place.there).sum() + (prices.trips * place.trips).sum() + prices.small.sum() * (place.smallest - 1)
    edges = numpy.where(prices.bands > 0, prices.bands * place.low, prices.bands * place.high).sum()
    ends = [table[len(window.minutes) - 1 + before, n] for n, window in enumerate(place.windows)]
    found = (prices.people * place.waiting).sum() - paid + edges - sum(ends)
    return float(found), _slope(place, prices, seats, offers, table, before)


def _seats(place: Market, prices: Prices) -> Seats:
    """Whoever passes spares the price of passing later, and costs the minutes that they stood and their place in each band."""
    asked = numpy.zeros((len(prices.bands), len(place.cold)))
    asked[:, place.points - place.begin] = prices.bands
    tied = place.ties.T @ -numpy.cumsum(asked[:, ::-1], axis=1)[:, ::-1]
    gain = prices.people[:, :, None] - place.weights[None, :, None] * place.cold[None, None, :] - tied[:, None, :]
    best = gain[:, :-1].argmax(axis=1)
    worth = numpy.stack([gain[:, :-1].max(axis=1), gain[:, -1]], axis=1)
    return Seats(numpy.maximum(worth, 0.0), best)


def _offers(place: Market, window: Window, prices: Prices, seats: Seats, held: Any) -> Offers:
    """A convoy is worth its places, less what its vehicles' minutes and trips are: linear in the number of ambulances."""
    lanes = []
    for lane in window.lanes:
        side, back = lane.side, window.minutes + lane.route.post
        bus, car = (
            (place.seats[side, kind] * seats.worth[side, kind, window.minutes] - held[side, kind, back]) + held[side, kind][lane.loads]
            for kind in (0, 1)
        )
        bus -= prices.trips[side][lane.day]
        for each in (bus, car):
            each[: place.smallest - 1] -= prices.small[side]
        lanes.append(tuple(_mixed(place, lane, bus, car, number) for number in _ambulances(place, side)))
    best = lanes[0][0]
    for few, many in lanes:
        best = numpy.maximum(best, numpy.maximum(few, many))
    return Offers(best, lanes)


def _ambulances(place: Market, side: int) -> tuple[Any, Any]:
    """As few as there can be in a convoy of each size, and as many."""
    return numpy.maximum(0, place.sizes - place.pools[side, 0]), numpy.minimum(place.sizes, place.pools[side, 1])


def _mixed(place: Market, lane: Lane, bus: Any, car: Any, ambulances: Any) -> Any:
    """A convoy of so many ambulances by size; more vehicles than there are can never go."""
    few_enough = (ambulances <= place.pools[lane.side, 1]) & (place.sizes - ambulances <= place.pools[lane.side, 0])
    found = (place.sizes - ambulances)[:, None] * bus + ambulances[:, None] * car + lane.open
    found[~few_enough] = -numpy.inf
    return found


def _longest(place: Market, offers: list[Offers]) -> tuple[Any, int]:
    """Of all windows at once, the most that convoys one after the other are worth which end by each minute of it (minutes, windows); minute
    0 stands after the given number of rows, before which nothing can be."""
    before = max((int(window.handling.max()) for window in place.windows), default=0)
    length, number = max((len(window.minutes) for window in place.windows), default=1), len(place.windows)
    worth = numpy.full((length, number, len(place.sizes)), -numpy.inf)
    table = numpy.zeros((before + length, number))
    table[:before] = -numpy.inf
    back = numpy.zeros(worth.shape[1:], dtype=int)
    for n, (window, offer) in enumerate(zip(place.windows, offers, strict=True)):
        worth[: len(window.minutes), n], back[n] = offer.best.T, window.handling
    flat, at = table.reshape(-1), (before - back) * number + numpy.arange(number)[:, None]
    for minute in range(1, length):
        ending = flat[at + minute * number] + worth[minute]
        numpy.maximum(table[before + minute - 1], ending.max(axis=1), out=table[before + minute])
    return table, before


def _slope(place: Market, prices: Prices, seats: Seats, offers: list[Offers], table: Any, before: int) -> Prices:
    """How far what the gates would do goes beyond what there is; where a price is 0 and nothing is beyond, nothing."""
    used, trips = numpy.zeros((*place.there.shape[:2], place.there.shape[2] + 1)), numpy.zeros(place.trips.shape)
    small, served = numpy.zeros(len(place.waiting)), numpy.zeros(place.waiting.shape)
    passing = numpy.zeros((len(place.waiting), len(place.cold)))
    for lane, size, minute, loads, cars in _chosen(place, offers, table, before):
        side = lane.side
        for kind, number in ((0, size - cars), (1, cars)):
            used[side, kind, loads] += number
            used[side, kind, minute + lane.route.post] -= number
            if seats.worth[side, kind, minute] > 0:
                persons = number * place.seats[side, kind]
                served[side, -1 if kind else seats.best[side, minute]] += persons
                passing[side, minute] += persons
        trips[side, (loads + place.begin) // DAY] += size - cars
        small[side] += size if size < place.smallest else 0
    return Prices(
        place.waiting - served,
        _tight(prices.minutes, numpy.cumsum(used, axis=2)[:, :, :-1] - place.there),
        _tight(prices.trips, trips - place.trips),
        _tight(prices.small, small - (place.smallest - 1)),
        _outside(place, prices, numpy.cumsum(place.ties @ passing, axis=1)),
    )


def _tight(price: Any, beyond: Any) -> Any:
    """Where there is a price, or would have to be one."""
    return numpy.where((price > 0) | (beyond > 0), beyond, 0.0)


def _outside(place: Market, prices: Prices, reached: Any) -> Any:
    """How far each band is left, at the edge that has a price, or at any."""
    reached = reached[:, place.points - place.begin]
    beyond = numpy.minimum(0.0, place.high - reached) + numpy.maximum(0.0, place.low - reached)
    return numpy.where(prices.bands > 0, place.low - reached, numpy.where(prices.bands < 0, place.high - reached, beyond))


def _chosen(place: Market, offers: list[Offers], table: Any, before: int) -> Iterator[tuple[Lane, int, int, int, int]]:
    """The convoys of the longest paths: lane, size, minute of ending and of loading, ambulances."""
    for n, (window, offer) in enumerate(zip(place.windows, offers, strict=True)):
        at = len(window.minutes) - 1
        while at > 0:
            if table[before + at, n] == table[before + at - 1, n]:
                at -= 1
                continue
            row = int((table[before + at - window.handling, n] + offer.best[:, at]).argmax())
            which = next(k for k, (few, many) in enumerate(offer.lanes) if offer.best[row, at] in (few[row, at], many[row, at]))
            lane, (few, many) = window.lanes[which], offer.lanes[which]
            cars = _ambulances(place, lane.side)[int(many[row, at] > few[row, at])]
            yield lane, row + 1, window.opens + at, int(lane.loads[row, at]), int(cars[row])
            at -= int(window.handling[row])
