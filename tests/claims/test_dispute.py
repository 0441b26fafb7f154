"""A dispute keeps every claim, counts every origin once, and names no winner."""

from __future__ import annotations

from safepassage.claims import Accord
from safepassage.claims.group import ASKED
from safepassage.observation.desk import Predicate
from safepassage.values.counts import Count, exactly
from tests.claims.making import disputes, entries, heard

BURNED = """
    12:00  desk  sohr says vehicles burned: 6 buses at foua-gate, in one convoy, 10:00 to 11:00, item 3, record X
    12:01  desk  bbc says vehicles burned: 6 buses at foua-gate, in one convoy, 10:00 to 11:00, record X
    12:02  desk  outlet says vehicles burned: 6 buses at foua-gate, in one convoy, 10:00 to 11:00, record X
"""


def test_every_claim_stands_with_its_source_and_its_grades() -> None:
    (dispute,) = disputes(BURNED + "12:03  desk  icrc says vehicles burned: 20 buses at foua-gate, in one convoy, 10:00 to 11:00, record M")
    first, *_, last = (voice.claim for voice in dispute.voices)
    assert (first.source.reliability, first.said.item, first.said.grade) == ("F", 3, "X")
    assert (last.source.reliability, last.said.item, last.said.grade) == ("B", None, "M")
    assert dispute.accord is Accord.CONTRADICT and dispute.hull == Count(6, 20)
    assert dispute.question.asked == "How many buses burned at Foua gate, in one convoy, on 20 Dec 2016?"


def test_copies_of_one_source_count_once() -> None:
    """Three outlets, one observatory behind them: one origin, and nothing is confirmed by it (Admiralty scale)."""
    (dispute,) = disputes(BURNED)
    assert dispute.accord is Accord.ALONE and dispute.origins == 1
    assert [voice.copy_of for voice in dispute.voices] == [None, dispute.entries[0], dispute.entries[0]]


def test_sources_that_quote_each_other_in_a_circle_are_one_origin() -> None:
    one, other = (f"12:0{n}  desk  ring-{r} says killed: 1 drivers, in one convoy, 10:00 to 11:00, record X" for n, r in enumerate("ab"))
    (dispute,) = disputes(f"{one}\n{other}")
    assert dispute.origins == 1


def test_a_source_that_the_world_does_not_know_keeps_its_own_name() -> None:
    (dispute,) = disputes("12:00  desk  somebody says killed: 1 drivers, in one convoy, 10:00 to 11:00, record X")
    assert dispute.voices[0].claim.source.kind == "unnamed" and dispute.voices[0].claim.origin == "somebody"


def test_independent_origins_that_can_all_hold_agree() -> None:
    (dispute,) = disputes(
        BURNED + "12:03  desk  icrc says vehicles burned: 5–7 buses at foua-gate, in one convoy, 10:00 to 11:00, record X"
    )
    assert dispute.accord is Accord.AGREE and dispute.origins == 2


def test_a_figure_that_its_source_replaced_is_shown_and_no_longer_contradicts() -> None:
    (dispute,) = disputes("""
        12:00  desk  sohr says killed: 9 persons at foua-gate, in one convoy, 10:00 to 11:00, record X
        12:01  desk  icrc says killed: 4 persons at foua-gate, in one convoy, 10:00 to 11:00, record X
        12:02  desk  sohr says killed: 4 persons at foua-gate, in one convoy, 10:00 to 11:00, record X
    """)
    assert dispute.accord is Accord.AGREE and len(dispute.voices) == 3 and dispute.hull == Count(4, 9)


def test_an_open_figure_opens_the_hull() -> None:
    (dispute,) = disputes("""
        12:00  desk  sohr says killed: 9 persons at foua-gate, in one convoy, 10:00 to 11:00, record X
        12:01  desk  icrc says killed: at least 4 persons at foua-gate, in one convoy, 10:00 to 11:00, record X
    """)
    assert dispute.hull == Count(4, None)


def test_other_times_other_places_and_other_people_are_other_questions() -> None:
    found = disputes("""
        12:00  desk  sohr says left: 9 persons at ramouseh, in one convoy, 08:00 to 09:00, record S
        12:00  desk  icrc says left: 4 persons at ramouseh, in one convoy, 10:00 to 11:00, record S
        12:00  desk  icrc says left: 4 fighters at ramouseh, in one convoy, 10:00 to 11:00, record S
        12:00  desk  icrc says left: 4 persons at foua-gate, in one convoy, 10:00 to 11:00, record S
    """)
    assert len(found) == 4 and {dispute.accord for dispute in found} == {Accord.ALONE}


def test_a_smaller_figure_of_two_days_later_contradicts_across_questions() -> None:
    later, earlier = disputes("""
        day 2016-12-20, zone Asia/Damascus
        12:00  desk  sohr says left: 37500 persons at aleppo-east, in all, 2016-12-15 00:00 to 2016-12-20 12:00, record X
        day 2016-12-23, zone Asia/Damascus
        12:00  desk  icrc says left: 35000 persons at aleppo-east, in all, 2016-12-15 00:00 to 2016-12-23 12:00, record X
    """)
    assert later.accord is earlier.accord is Accord.CONTRADICT and later.pairs == earlier.pairs


def test_left_and_registered_stand_beside_each_other_and_are_never_compared() -> None:
    found = disputes("""
        12:00  desk  icrc says left: 35000 persons at aleppo-east, in all, 2016-12-15 00:00 to 2016-12-20 12:00, record X
        12:00  desk  sohr says registered on arrival: 30487 persons at aleppo-east, in all, 2016-12-15 00:00 to 2016-12-20 12:00, record X
    """)
    assert {dispute.accord for dispute in found} == {Accord.ALONE}
    assert {beside.hull for dispute in found for beside in dispute.beside} == {exactly(35000), exactly(30487)}
    assert "‘left’ is not ‘registered on arrival’" in {beside.why for dispute in found for beside in dispute.beside}


def test_why_gives_the_entries_behind_a_question() -> None:
    claims = heard(BURNED + "12:03  desk  icrc says killed: 1 drivers at foua-gate, in one convoy, 10:00 to 11:00, record X")
    asked = next(question for question in (d.question for d in disputes(BURNED)))
    assert [entry.id for entry in claims.why(asked)] == [entry.id for entry in entries(BURNED)]


def test_a_withdrawn_claim_leaves_its_question() -> None:
    claims = heard("""
        12:00  desk  sohr says killed: 9 persons at foua-gate, in one convoy, 10:00 to 11:00, record X  as [nine]
        12:05  desk  withdraws [nine]
    """)
    assert claims.claims() == []


def test_a_claim_that_the_desk_was_only_told_of_says_so() -> None:
    told = "12:00  desk  told by a resident: sohr says killed: 1 drivers, in one convoy, 10:00 to 11:00, record X"
    assert [claim.alleged for claim in heard(told).claims()] == [True]


def test_every_predicate_can_be_asked() -> None:
    assert set(ASKED) == set(Predicate)
