"""Call cards, in field notation: whom to call, in which order, by when (DESIGN 5)."""

from __future__ import annotations

from field import WORLD, at, whereabouts

from safepassage.values.places import World, parse_world
from safepassage.values.times import MINUTE
from safepassage.whereabouts.cards import Card, Reason

BEFORE = "21:14  m03 @ramouseh  B-07 departed for rashideen, 50 heads: 14 men, 17 women, 4 youth, 15 children\n"
STOP = "21:31  m05 @khan-road  B-07 stopped by persons not identified\n"
AFTER = "22:05  m08 @rashideen  B-07 arrived, 46 heads: 10 men, 17 women, 4 youth, 15 children\n"
HELD = """
[[parties]]
id = "guarantor-one"
name = "the first guarantor"
"""


def held_text() -> str:
    """The test's world with a guarantor, and the checkpoint held by a party."""
    return WORLD.replace('id = "khan-road"\n', 'id = "khan-road"\nheld_by = "party-south"\n') + HELD


def held() -> World:
    return parse_world(held_text())


def card(text: str) -> Card:
    (found,) = whereabouts(text, held()).cards()
    return found


def test_a_recount_where_it_is_then_whoever_holds_the_stop_then_the_guarantors() -> None:
    recount, liaison, guarantor = card("21:00  m08 @rashideen  on post until 23:00\n" + BEFORE + STOP + AFTER).asked
    assert (recount.reason, recount.place, recount.observers) == (Reason.RECOUNT, "rashideen", ("m08",))
    assert (liaison.reason, liaison.place, liaison.party) == (Reason.LIAISON, "khan-road", "party-south")
    assert (guarantor.reason, guarantor.party) == (Reason.GUARANTOR, "guarantor-one")


def test_an_answer_is_asked_for_within_a_quarter_of_an_hour_of_the_second_tally() -> None:
    found = card(BEFORE + STOP + AFTER)
    assert (found.opened, found.by_when) == (at("22:05"), at("22:05") + 15 * MINUTE)
    assert found.asked[0].observers == (), "nobody is known to be on post there"


def test_without_a_holder_of_the_gate_only_guarantors_are_called() -> None:
    assert [asked.reason for asked in card(BEFORE + AFTER).asked] == [Reason.RECOUNT, Reason.GUARANTOR]


def test_a_witnessed_taking_opens_a_card_and_skips_the_recount() -> None:
    found = card(BEFORE + "21:40  m05 @khan-road  4 taken off B-07 by persons not identified\n")
    assert found.witnessed and found.opened == at("21:40")
    assert [asked.reason for asked in found.asked] == [Reason.LIAISON, Reason.GUARANTOR]


def test_both_sides_alike() -> None:
    """The same stop of the other side's bus asks for the same: nothing in a card depends on whose passengers they are."""
    of_foua = held_text().replace('side = "aleppo"\nbase = "ramouseh"\n[[vehicles]]', 'side = "foua"\nbase = "ramouseh"\n[[vehicles]]')
    worlds = [parse_world(text) for text in (held_text(), of_foua)]
    assert [world.vehicle("B-07").side for world in worlds] == ["aleppo", "foua"]
    one, two = (whereabouts(BEFORE + STOP + AFTER, world) for world in worlds)
    assert one.cards() == two.cards() and one.alarms() == two.alarms() and one.alarms()[0].raised
