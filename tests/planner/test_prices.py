"""The bound by prices: below every lawful plan at whatever prices, and close where gates take turns."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

pytest.importorskip("numpy", reason="the extra `planner` is not installed")

import numpy

from safepassage.planner import prices as by_prices
from safepassage.planner.bound import lower_bound
from safepassage.planner.learnt import Learnt, after
from safepassage.planner.market import Market, market
from safepassage.planner.objective import shortfall, value
from safepassage.planner.plan import Plan
from safepassage.planner.prices import Prices, priced
from safepassage.planner.problem import Problem
from safepassage.planner.solve import search
from tests.laws.test_planner import worlds
from tests.planner.worlds import laden, wide


def any_prices(place: Market, chance: Random) -> Prices:
    """Of everything, about as high as it may be worth, or nothing."""
    numbers = numpy.random.default_rng(chance.getrandbits(32))
    high = float(place.weights.max() * place.cold[-1])

    def some(shape: tuple[int, ...], most: float, share: float) -> Any:
        return numbers.random(shape) * (numbers.random(shape) < share) * most

    bands = (some(place.low.shape, 1.0, 0.1) - some(place.low.shape, 1.0, 0.1)) * high / 300
    return Prices(
        numbers.random(place.waiting.shape) * place.weights * place.cold[-1] * 1.2,
        some(place.there.shape, high / 10, 0.1),
        some(place.trips.shape, high, chance.choice((0.0, 0.5))) if place.trips.max(initial=0) < 1e9 else numpy.zeros(place.trips.shape),
        some(place.waiting[:, 0].shape, high, 0.5),
        bands,
    )


def assert_no_prices_prove_too_much(problem: Problem, seed: int) -> None:
    cold, chance = replace(problem, objective="cold"), Random(seed)
    found = search(cold, seed, budget=12)
    if found is None or shortfall(cold, found.convoys) or not found.convoys:
        return
    facts = value(replace(cold, swaps=()), ())
    last = max(convoy.crossing_end for convoy in found.convoys) - chance.choice((0, 0, 30))
    if last <= cold.now:
        return
    for _ in range(3):
        place = market(cold, last)
        proved, _ = by_prices.value(place, any_prices(place, chance))
        assert proved <= (found.cost - facts) + 1e-6 * found.cost
    assert lower_bound(cold, last, fine=True) <= found.cost


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(worlds(), st.integers(0, 1 << 20), st.booleans())
def test_at_no_prices_is_the_bound_above_a_lawful_plan(problem: Problem, seed: int, extras: bool) -> None:
    assert_no_prices_prove_too_much(laden(problem, Random(seed)) if extras else problem, seed)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(worlds(), st.integers(0, 1 << 20), st.data())
def test_nor_is_it_once_convoys_have_departed(problem: Problem, seed: int, data: st.DataObject) -> None:
    cold = replace(problem, objective="cold")
    found = search(cold, seed, budget=10)
    if found is not None and found.convoys:
        plan = Plan(found.convoys, "cold", found.cost, 0, seed, 10)
        assert_no_prices_prove_too_much(after(cold, plan, Learnt(data.draw(st.integers(0, plan.completion)))).problem, seed)


def test_without_any_price_the_bound_is_nothing_and_the_way_up_is_to_pay_for_passing() -> None:
    world = wide(1, 300)
    place = market(world, 900)
    nothing = Prices(*(numpy.zeros(each.shape) for each in (place.waiting, place.there, place.trips, place.waiting[:, 0], place.low)))
    found, slope = by_prices.value(place, nothing)
    assert found == 0
    assert (slope.people == place.waiting).all()


def test_the_best_way_through_a_window_is_what_trying_every_order_finds() -> None:
    """One gate, sizes of one and two vehicles: convoys back to back, worth what their minute of ending says."""
    worth = numpy.random.default_rng(7).integers(0, 9, (2, 30)).astype(float)
    handling = numpy.array([5, 7])
    worth[0, :5], worth[1, :7] = -numpy.inf, -numpy.inf
    plain = [0.0]
    for minute in range(1, 30):
        ends = [plain[minute - int(h)] + float(worth[n, minute]) for n, h in enumerate(handling) if h <= minute]
        plain.append(max([plain[-1], *ends]))
    place = market(wide(1, 300), 900)
    window = place.windows[0]._replace(minutes=numpy.arange(30), handling=handling)
    place = place._replace(windows=(window,), sizes=numpy.array([1, 2]))
    table, before = by_prices._longest(place, [by_prices.Offers(worth, [])])
    assert list(table[before:, 0]) == plain


@pytest.mark.slow
def test_a_plan_of_several_days_is_proved_closer_than_by_the_flow_alone() -> None:
    world = wide(1, 3_000)
    found = search(world, 1, 300)
    assert found is not None
    last = max(convoy.crossing_end for convoy in found.convoys)
    flow, closer = lower_bound(world, last), lower_bound(world, last, fine=True)
    assert flow < closer <= found.cost
    assert 1 - closer / found.cost < 0.8 * (1 - flow / found.cost)
    assert priced(world, last, 0.0) == 0.0, "where nobody need wait there is nothing to prove"
