"""The published record of December 2016 is there whole, each figure with its source, and nothing of it is established."""

from __future__ import annotations

import pytest

from safepassage.claims import Accord, Claims, Dispute, OurBounds, our_bounds
from safepassage.observation.desk import ClaimHeard
from safepassage.values.counts import Count, exactly
from safepassage.values.people import Role
from safepassage.values.times import stamp
from safepassage.whereabouts import Whereabouts
from tests.claims.making import NOW, changes, record

WORLD, ENTRIES = record()
SAID = [what for entry in ENTRIES if isinstance(what := entry.observation.what, ClaimHeard)]

CHECKLIST = [
    # source, predicate, low, high, who, place
    ("ohchr", "reported missing", 200, None, "men", "aleppo-east"),
    ("reuters", "road length", 6800, 6800, "metres", "ramouseh"),
    ("russia", "road length", 21000, 21000, "metres of the corridor", "ramouseh"),
    ("syria", "vehicles departed", 20, 20, "buses", "aleppo-east"),
    ("icrc", "vehicles departed", 13, 13, "ambulances", "aleppo-east"),
    ("who", "vehicles departed", 21, 21, "buses", "aleppo-east"),
    ("who", "vehicles departed", 19, 19, "ambulances", "aleppo-east"),
    ("military-source", "left", 951, 951, "persons", "aleppo-east"),
    ("military-source", "left", 200, 200, "fighters", "aleppo-east"),
    ("military-source", "left", 108, 108, "wounded persons", "aleppo-east"),
    ("icrc", "left", 2700, 3300, "persons", "aleppo-east"),
    ("who", "left", 194, 194, "patients", "aleppo-east"),
    ("sana", "left", 8000, 8000, "persons", "aleppo-east"),
    ("sohr", "left", 5500, 5500, "persons besides fighters", "aleppo-east"),
    ("sohr", "left", 3000, 3000, "fighters", "aleppo-east"),
    ("russia", "left", 9500, 9500, "persons", "aleppo-east"),
    ("russia", "left", 4500, 4500, "persons of a part not named", "aleppo-east"),
    ("convoy-pages", "turned back", 800, 800, "persons", "aleppo-east"),
    ("convoy-pages", "turned back", 900, 1100, "persons", "aleppo-east"),
    ("convoy-pages", "killed", 3, 4, "persons", "aleppo-east"),
    ("convoy-pages", "wounded", 6, 6, "persons", "aleppo-east"),
    ("hurriyet", "to leave as agreed", 2500, 2500, "persons", "foua-kefraya"),
    ("hurriyet", "to leave as agreed", 1080, 1320, "persons", "foua-kefraya"),
    ("hurriyet", "to leave as agreed", 1500, 1500, "persons", "madaya-zabadani"),
    ("cnn", "to leave as agreed", 4000, 4000, "persons", "foua-kefraya"),
    ("sohr", "vehicles burned", 6, 6, "buses", "foua-kefraya"),
    ("hezbollah", "vehicles burned", 5, 5, "buses", "foua-kefraya"),
    ("reporter", "vehicles burned", 20, 20, "buses", "foua-kefraya"),
    ("sana", "killed", 1, 1, "drivers", "foua-kefraya"),
    ("medics", "left", 315, 385, "persons", "aleppo-east"),
    ("ria", "left", 382, 382, "persons", "aleppo-east"),
    ("medic", "left", 3000, 3000, "persons", "aleppo-east"),
    ("turkey", "left", 4500, 4500, "persons", "aleppo-east"),
    ("icrc", "left", 5000, 5000, "persons", "aleppo-east"),
    ("icrc", "vehicles departed", 75, 75, "buses", "aleppo-east"),
    ("icrc", "left", 15000, 15000, "persons", "aleppo-east"),
    ("rt", "left", 260, 260, "persons", "foua-kefraya"),
    ("sohr", "left", 500, 500, "persons", "foua-kefraya"),
    ("foua-local", "left", 540, 660, "persons", "foua-kefraya"),
    ("foua-local", "vehicles departed", 10, 10, "buses", "foua-kefraya"),
    ("sohr", "left", 13000, 13000, "persons", "aleppo-east"),
    ("ocha", "left", 17100, 20900, "persons", "aleppo-east"),
    ("icrc", "left", 25000, 25000, "persons", "aleppo-east"),
    ("turkey", "left", 37500, 37500, "persons", "aleppo-east"),
    ("who", "left", 301, 301, "wounded persons", "aleppo-east"),
    ("who", "left", 67, 67, "wounded children", "aleppo-east"),
    ("who", "arrived", 93, 93, "wounded persons", "turkey"),
    ("unnamed-750", "left", 750, 750, "persons", "foua-kefraya"),
    ("un-staff", "monitors authorised", 20, 20, "staff", None),
    ("held-pages", "held up on the way", 60, 60, "buses", "aleppo-east"),
    ("held-pages", "held up on the way", 3000, 3000, "persons", "aleppo-east"),
    ("held-pages", "vehicles waiting", 21, 21, "buses", "foua-kefraya"),
    ("snow-pages", "left", 4001, None, "fighters", "aleppo-east"),
    ("snow-pages", "vehicles departed", 200, 200, "cars", "aleppo-east"),
    ("un-staff", "monitors deployed", 31, 31, "monitors", "ramouseh"),
    ("united-states", "monitors deployed", 101, None, "monitors", "ramouseh"),
    ("arab-news", "temperature", -14, -14, "degrees by day", "aleppo-east"),
    ("icrc", "left", 35000, 35000, "persons", "aleppo-east"),
    ("icrc", "left", 100, 100, "critical persons", "aleppo-east"),
    ("icrc", "left", 1200, 1200, "persons", "foua-kefraya"),
    ("secretariat", "left", 36000, 36000, "persons", "aleppo-east"),
    ("turkey", "left", 40000, 40000, "persons", "aleppo-east"),
    ("ocha", "registered on arrival", 30487, 30487, "persons", "aleppo-east"),
    ("ocha", "registered on arrival", 154, 154, "places", "aleppo-east"),
]


def folded() -> Claims:
    claims = Claims(WORLD)
    for change in changes(ENTRIES):
        claims.add(change)
    return claims


def asked(words: str) -> Dispute:
    return next(dispute for dispute in folded().disputes(OurBounds()) if dispute.question.asked == words)


def said_by(dispute: Dispute) -> dict[str, Count]:
    return {voice.claim.source.id: voice.claim.said.quantity for voice in dispute.voices}


@pytest.mark.parametrize("figure", CHECKLIST, ids=lambda figure: f"{figure[0]} {figure[1]} {figure[2]}")
def test_every_figure_of_the_day_log_is_there_with_its_source(figure: tuple[str, str, int, int | None, str, str | None]) -> None:
    source, predicate, low, high, who, where = figure
    found = [
        s for s in SAID if (s.source, s.predicate.value, s.quantity, s.who, s.where) == (source, predicate, Count(low, high), who, where)
    ]
    assert found


def test_every_source_and_place_is_described_and_every_source_is_used() -> None:
    known, places = {source.id for source in WORLD.sources}, {place.id for place in WORLD.places}
    used = {said.source for said in SAID} | {said.via for said in SAID if said.via}
    assert used == known and {said.where for said in SAID if said.where} <= places


def test_the_record_grades_no_source() -> None:
    """DOMAIN grades none: F, "cannot be judged"; one item is graded, the weather that is to be rejected."""
    assert {source.reliability for source in WORLD.sources} == {"F"}
    assert [(said.source, said.item) for said in SAID if said.item is not None] == [("arab-news", 5)]


def test_the_log_runs_from_13_to_29_december_and_the_desk_keeps_it() -> None:
    days = [stamp(entry.observation.seen_at, WORLD.zone)[:10] for entry in ENTRIES]
    assert days == sorted(days) and (days[0], days[-1]) == ("2016-12-13", "2016-12-29")
    assert {entry.observation.by for entry in ENTRIES} == {Role.DESK.value}
    assert all(said.time.end <= entry.observation.seen_at for entry, said in _claimed())


def test_nothing_of_the_record_is_established() -> None:
    """Every line is a claim or an allegation: no vehicle, no person, no departure of ours."""
    whereabouts = Whereabouts(WORLD)
    for change in changes(ENTRIES):
        whereabouts.add(change)
    assert not whereabouts.vehicles() and not whereabouts.persons() and not whereabouts.gaps(NOW)
    assert our_bounds(WORLD, whereabouts, NOW) == OurBounds(now=NOW)
    assert all(entry.observation.told_by for entry in ENTRIES if not isinstance(entry.observation.what, ClaimHeard))
    assert {dispute.ours for dispute in folded().disputes(our_bounds(WORLD, whereabouts, NOW))} == {None}


def test_the_figures_of_one_day_stand_side_by_side() -> None:
    dispute = asked("How many persons left Eastern Aleppo, in all, by 20 Dec 2016?")
    assert said_by(dispute) == {"sohr": exactly(13000), "ocha": Count(17100, 20900), "icrc": exactly(25000), "turkey": exactly(37500)}
    assert dispute.accord is Accord.CONTRADICT and dispute.hull == Count(13000, 37500)


def test_five_six_and_twenty_buses_stand_side_by_side_and_the_broadcaster_is_a_copy() -> None:
    dispute = asked("How many buses burned at Foua and Kefraya, in one convoy, on 18 Dec 2016?")
    assert said_by(dispute) == {"sohr": exactly(6), "bbc": exactly(6), "hezbollah": exactly(5), "reporter": exactly(20)}
    assert dispute.origins == 3 and dispute.ours_said == "nobody neutral counted there"


def test_those_who_left_and_those_registered_stand_beside_each_other() -> None:
    dispute = asked("How many persons left Eastern Aleppo, in all, by 22 Dec 2016?")
    assert said_by(dispute) == {"icrc": exactly(35000), "secretariat": exactly(36000), "turkey": exactly(40000)}
    assert [beside.hull for beside in dispute.beside] == [exactly(30487)]


def test_about_350_and_382_can_both_hold() -> None:
    assert asked("How many persons left Eastern Aleppo, in one convoy, on 18 Dec 2016?").accord is Accord.AGREE


def test_the_exchange_ends_at_1200_of_2500_as_claimed() -> None:
    """DOMAIN 1.2, parity outcome: 1,200 of 2,500 (of 4,000) while Aleppo was emptied."""
    aleppo, foua = folded().exchange()
    assert (foua.departed, foua.origins) == (exactly(1200), 1)
    assert {agreed.quantity for agreed in foua.agreed} >= {exactly(2500), exactly(4000)}
    assert (aleppo.departed, aleppo.origins) == (Count(35000, 40000), 3)


def _claimed() -> list[tuple[object, ClaimHeard]]:
    return [(entry, what) for entry in ENTRIES if isinstance(what := entry.observation.what, ClaimHeard)]
