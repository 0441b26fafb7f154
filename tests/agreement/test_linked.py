"""What links the sides: running bounds, what each may do next, and whether the rest can be met without a deadlock."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.grammar import parse_agreement, parse_alone
from safepassage.agreement.linked import Kind, Link, Quantity, Sum, Way, links, may_add, way_through
from safepassage.agreement.vocabulary import Happening
from safepassage.fold import Change
from safepassage.values.counts import Count, exactly
from safepassage.values.places import parse_world
from tests.agreement.test_verdicts import BALANCE, HEAD, PAIRS, departed, engine_at
from tests.agreement.told import WORLD_TEXT, minute

NORTH, SOUTH = (Quantity(Happening.DEPARTURE, frozenset({place})) for place in ("north", "south"))


def apart(limit: int) -> Link:
    return Link("1", Kind.APART, NORTH, SOUTH, limit)


def test_what_may_be_added_is_what_no_reading_of_the_records_forbids() -> None:
    sums = {NORTH: Sum(Count(80, 90), exactly(5)), SOUTH: Sum(exactly(10))}
    assert may_add(NORTH, [apart(100)], sums, {}) == (15, ("1",))
    assert may_add(SOUTH, [apart(100)], sums, {}) == (170, ("1",))
    assert may_add(NORTH, [apart(100), Link("2", Kind.AT_MOST, NORTH, limit=96)], sums, {}) == (1, ("2",))
    assert may_add(NORTH, [Link("3", Kind.A_DAY, NORTH, limit=30)], sums, {NORTH: Sum(exactly(20))}) == (10, ("3",))
    assert may_add(NORTH, [apart(100)], {NORTH: Sum(Count(5))}, {}) == (0, ("1",))
    assert may_add(NORTH, [], sums, {}) == (None, ())


def test_a_way_through_interleaves_the_sides() -> None:
    found = way_through([apart(100)], {}, {NORTH: 250, SOUTH: 250}, 50)
    assert found.stuck == () and sum(step.number for step in found.steps if step.quantity == NORTH) == 250
    assert len(found.steps) > 2


def test_two_last_convoys_that_wait_for_each_other_are_a_deadlock_and_are_named() -> None:
    """The two barriers of December 2016, each the wrong way round."""
    held = [Link("5", Kind.LAST, NORTH, SOUTH), Link("6", Kind.LAST, SOUTH, NORTH)]
    assert way_through(held[:1], {}, {NORTH: 100, SOUTH: 100}, 50).stuck == ()
    found = way_through(held, {}, {NORTH: 100, SOUTH: 100}, 50)
    assert set(found.stuck) == {"5", "6"}


def lawful(order: tuple[Quantity, ...], limit: int) -> bool:
    ahead = 0
    for one in order:
        ahead += 1 if one == NORTH else -1
        if abs(ahead) > limit:
            return False
    return True


@pytest.mark.parametrize(("limit", "north", "south"), list(product(range(4), range(5), range(5))))
def test_between_two_sides_a_way_is_found_exactly_where_there_is_one(limit: int, north: int, south: int) -> None:
    """Every order of single departures is tried, by the plain definition."""
    orders = {order for order in product((NORTH, SOUTH), repeat=north + south) if order.count(NORTH) == north}
    found = way_through([apart(limit)], {}, {NORTH: north, SOUTH: south}, 1)
    assert (found.stuck == ()) == any(lawful(order, limit) for order in orders)
    if found.stuck == ():
        assert lawful(tuple(step.quantity for step in found.steps for _ in range(step.number)), limit)


def test_every_linked_clause_gives_a_constraint() -> None:
    text = (
        'Agreement "T". Clause 1 "a": At no time do the buses departed from Aleppo and the buses departed from Foua differ by more than 5. '
        'Clause 2 "b": At no time do the detainees released by "one" and the detainees released by "other" differ by more than 9. '
        'Clause 3 "c": Once 20 persons have departed from Foua, 30 depart from Aleppo in all within 2 hours. '
        'Clause 4 "d": At any time, no more than 70 persons have departed from Foua. '
        'Clause 5 "e": On any calendar day, no more than 8 buses depart from Foua. '
        'Clause 6 "f": For each departure of the last convoy from Foua, the last convoy from Aleppo must have departed before. '
        'Clause 7 "g": No person is robbed by a party.'
    )
    found = links(parse_alone(text, ())[0])
    assert [(link.label, link.kind, link.limit or (link.reached, link.owed)) for link in found] == [
        ("1", Kind.APART, 5), ("2", Kind.APART, 9), ("3", Kind.THEN, (20, 30)),
        ("4", Kind.AT_MOST, 70), ("5", Kind.A_DAY, 8), ("6", Kind.LAST, (0, 0)),
    ]  # fmt: skip


def test_the_engine_says_what_may_depart_next_and_in_which_order_the_rest_can() -> None:
    log = [departed("B-1", "ramouseh", 0, exactly(60)), departed("B-9", "foua-gate", 10, exactly(10))]
    found = engine_at(BALANCE, log, minute(20)).linked()
    assert [(row.words, row.at_most, row.bound_by) for row in found.next] == [
        ("the persons departed from Aleppo", 50, ("1",)),
        ("the persons departed from Foua", 150, ("1",)),
    ]
    assert found.way.stuck == () and sum(step.number for step in found.way.steps) == 900 - 60 + 900 - 10
    assert isinstance(found.way, Way)


def test_a_ceiling_by_the_day_counts_what_left_today_alone() -> None:
    daily = "On any calendar day, no more than 100 depart from Aleppo."
    log = [departed("B-1", "ramouseh", 0, exactly(60)), departed("B-2", "ramouseh", 26 * 60, exactly(10))]
    assert [row.at_most for row in engine_at(daily, log, minute(27 * 60)).linked().next] == [90]
    assert [row.at_most for row in engine_at(daily, log[:1], minute(20)).linked().next] == [40]


def test_people_go_in_batches_of_the_smallest_bus() -> None:
    buses = ", ".join(f'{{ id = "B-{n}", kind = "bus", seats = {seats}, side = "aleppo" }}' for n, seats in ((1, 9), (2, 7), (3, 8)))
    seated = parse_world(WORLD_TEXT.replace("vehicles = [", f"vehicles = [{buses}, "))
    engine = Evaluator(parse_agreement(HEAD + BALANCE, seated), seated, minute(0))
    engine.settle(minute(5))
    assert {step.number % 7 for step in engine.linked().way.steps[:-2]} == {0}


def test_what_left_at_the_opening_counts_and_what_left_before_does_not() -> None:
    log = [departed("B-1", "ramouseh", 0, exactly(60)), departed("B-2", "ramouseh", -1, exactly(30))]
    found = engine_at(BALANCE, log, minute(20)).linked()
    assert [row.at_most for row in found.next] == [40, 160]
    assert sum(step.number for step in found.way.steps) == 900 - 60 + 900


def test_a_side_owes_a_bus_for_each_of_the_others_that_none_of_its_own_has_answered() -> None:
    """Two of Aleppo's three await one from Foua; Foua's own owe nothing."""
    gone = [departed(f"B-{n}", "ramouseh", n, exactly(10)) for n in range(3)]
    engine = engine_at(PAIRS, [*gone, departed("B-9", "foua-gate", 5, exactly(10))], minute(20))
    assert [(side.side, side.owed) for side in engine.exchange().sides] == [("aleppo", None), ("foua", 2)]


BUS_NORTH, BUS_SOUTH = (Quantity(Happening.BUS_DEPARTURE, frozenset({place})) for place in ("north", "south"))


def milestone(chance: Random) -> Link:
    reached, owed = chance.randint(1, 4), chance.randint(1, 4)
    return Link("5", Kind.THEN, *chance.sample([NORTH, SOUTH], 2), reached=reached, owed=owed, in_all=chance.random() < 0.5)


def bound(chance: Random) -> list[Link]:
    """A few clauses of every kind over persons and buses of two sides."""
    makings = [
        lambda: Link("1", Kind.APART, NORTH, SOUTH, chance.randint(0, 4)),
        lambda: Link("2", Kind.APART, BUS_NORTH, BUS_SOUTH, chance.randint(0, 3)),
        lambda: Link("3", Kind.AT_MOST, *chance.sample([NORTH, SOUTH, BUS_NORTH], 1), limit=chance.randint(1, 6)),
        lambda: Link("4", Kind.LAST, *chance.sample([NORTH, SOUTH], 2)),
        lambda: Link(
            "5",
            Kind.THEN,
            *chance.sample([NORTH, SOUTH], 2),
            reached=chance.randint(1, 4),
            owed=chance.randint(1, 4),
            in_all=chance.random() < 0.5,
        ),
    ]
    return [make() for make in chance.sample(makings, chance.randint(1, 4))]


def keeps(trip: tuple[Quantity, ...], held: list[Link], wanted: dict[Quantity, int]) -> bool:
    """By definition: each prefix of single departures, each of them a bus; the lasts; and in the end exactly what was called for."""
    counts = [{one: trip[:number].count(one) for one in (NORTH, SOUTH)} for number in range(len(trip) + 1)]
    here = [{**each, BUS_NORTH: each[NORTH], BUS_SOUTH: each[SOUTH]} for each in counts]
    called = [dict(wanted) for _ in here]
    for link in held:
        if link.kind is Kind.APART and any(abs(each[link.one] - each[link.other]) > link.limit for each in here):
            return False
        if link.kind is Kind.AT_MOST and any(each[link.one] > link.limit for each in here):
            return False
        if link.kind is Kind.LAST and link.one in trip and link.other in trip[len(trip) - trip[::-1].index(link.one) :]:
            return False
        at = next((n for n, each in enumerate(here) if each[link.one] >= link.reached), None) if link.kind is Kind.THEN else None
        for n in range(len(here)) if at is None else range(at, len(here)):
            more = link.owed + (0 if link.in_all or at is None else here[at][link.other]) if at is not None else 0
            called[n] = {**called[n], link.other: max(called[n].get(link.other, 0), more)}
    beyond = any(here[n][one] >= called[n].get(one, 0) for n, one in enumerate(trip))
    return not beyond and all(here[-1][one] >= called[-1][one] for one in (NORTH, SOUTH))


@pytest.mark.parametrize("seed", range(400))
def test_a_way_of_persons_buses_and_milestones_is_lawful_and_none_is_missed_of_few(seed: int) -> None:
    chance = Random(seed)
    held, wanted = bound(chance), {NORTH: chance.randint(0, 4), SOUTH: chance.randint(0, 4)}
    found = way_through(held, {}, wanted, 1)
    trip = tuple(step.quantity for step in found.steps for _ in range(step.number))
    if found.stuck == ():
        assert keeps(trip, held, wanted)
    else:
        lengths = range(sum(wanted.values()), sum(wanted.values()) + 5)
        assert not any(keeps(order, held, wanted) for length in lengths for order in product((NORTH, SOUTH), repeat=length))


def test_detainees_are_released_between_the_buses_and_a_balance_of_buses_holds_persons_back() -> None:
    held_north, held_south = (Quantity(Happening.RELEASE, party=party) for party in ("party-north", "party-south"))
    held = [Link("1", Kind.APART, BUS_NORTH, BUS_SOUTH, 1), Link("2", Kind.APART, held_north, held_south, 5)]
    found = way_through(held, {}, {NORTH: 150, SOUTH: 100, held_north: 20, held_south: 20}, 50)
    assert found.stuck == () and sum(step.number for step in found.steps) == 290
    assert way_through(held, {}, {NORTH: 200, SOUTH: 100}, 50).stuck == ("1",)
    assert way_through(held[1:], {}, {held_north: 20}, 50).stuck == ("2",)


def test_what_a_milestone_reached_long_ago_still_owes_is_part_of_the_rest() -> None:
    text = "Once 50 persons have departed from Foua, 100 depart from Aleppo within 2 hours."
    log = [departed("B-9", "foua-gate", 0, exactly(50)), departed("B-1", "ramouseh", 5, exactly(30))]
    unasked = parse_world(WORLD_TEXT.replace("persons = 900", "persons = 0"))
    engine = Evaluator(parse_agreement(HEAD + text, unasked), unasked, minute(0))
    for said in log:
        engine.add(Change(None, said))
    engine.settle(minute(20))
    assert sum(step.number for step in engine.linked().way.steps) == 70


def test_each_side_goes_as_far_as_was_agreed_for_it() -> None:
    uneven = parse_world(WORLD_TEXT.replace('area = "Aleppo", persons = 900', 'area = "Aleppo", persons = 700'))
    engine = Evaluator(parse_agreement(HEAD + BALANCE.replace("100", "500"), uneven), uneven, minute(0))
    engine.settle(minute(5))
    steps = engine.linked().way.steps
    assert {min(one.places): sum(s.number for s in steps if s.quantity == one) for one in {s.quantity for s in steps}} == {
        "foua-gate": 900, "ramouseh": 700,
    }  # fmt: skip
