"""Established by several independent sources: who is one, what each record counts as, and how it is explained."""

from __future__ import annotations

from random import Random

import pytest

from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.naive_sources import graded
from safepassage.agreement.sources import Graded, Signer, independent
from safepassage.agreement.understood import understood
from safepassage.agreement.verdict import ClauseVerdict
from safepassage.errors import InputError
from safepassage.fold import Change, Feed, in_force
from safepassage.observation import Entry
from safepassage.observation.amend import Confirmed
from safepassage.observation.people import ArrivalRegistered, Boarded
from safepassage.observation.setting import DeviceEnrolled, WatchClosed, Watched
from safepassage.observation.vehicles import Departed
from safepassage.values.counts import exactly
from safepassage.values.people import Role, Teller
from safepassage.values.places import parse_world
from safepassage.values.times import Instant, Stretch
from tests.agreement.told import WORLD_TEXT, entry, minute, world
from tests.laws.test_agreement import LAST, _confirmed, log_of

HEAD = 'Agreement "Test". Days are counted in the time zone Asia/Damascus.\nClause 1 "One": '
BOARDS = "For each person who boards, that person is registered at arrival within 60 minutes. Established by 2 independent sources."
BOARDED = entry(Boarded("B-1", ("w-0001",)), minute(0), "ramouseh", "m01")
DONE = entry(ArrivalRegistered(("w-0001",)), minute(30), "idlib", "m02")


def confirms(said: Entry, by: str, told: Teller | None = None) -> Entry:
    return entry(Confirmed(said.id), minute(35), None, by, told)


def judged(sentence: str, log: list[Entry], now: Instant) -> ClauseVerdict:
    engine, feed = Evaluator(parse_agreement(HEAD + sentence, world()), world(), minute(0)), Feed()
    for said in log:
        for change in feed.add(said, now):
            engine.add(change)
    engine.settle(now)
    return engine.told("1")


def verdict(log: list[Entry]) -> tuple[str, str]:
    (one,) = judged(BOARDS, log, minute(90)).instances
    return one.verdict.value, one.said


def test_one_signature_is_alleged_and_a_second_independent_one_establishes_it() -> None:
    assert verdict([BOARDED, confirms(BOARDED, "m03"), DONE]) == ("unknown", "kept")
    assert verdict([BOARDED, confirms(BOARDED, "m03"), DONE, confirms(DONE, "m03")]) == ("kept", "")


def test_whoever_confirms_twice_or_was_only_told_adds_no_source() -> None:
    opened = [BOARDED, confirms(BOARDED, "m03"), DONE]
    assert verdict([*opened, confirms(DONE, "m02")]) == ("unknown", "kept")
    assert verdict([*opened, confirms(DONE, "m03", Teller.DRIVER)]) == ("unknown", "kept")


def test_who_wrote_down_what_a_driver_said_is_no_source_of_it() -> None:
    told = entry(ArrivalRegistered(("w-0001",)), minute(30), "idlib", "m02", Teller.DRIVER)
    opened = [BOARDED, confirms(BOARDED, "m03"), told]
    assert verdict([*opened, confirms(told, "m03")]) == ("unknown", "kept")
    assert verdict([*opened, confirms(told, "m03"), confirms(told, "m04")]) == ("kept", "")


def test_two_devices_of_one_side_are_one_source() -> None:
    """A party's word and its other officer's are the side's, whoever holds the phone."""
    sides = [DeviceEnrolled(f"{by}-1", by, Role.PARTY, "key", "party-north") for by in ("p1", "p2")]
    enrolled = [entry(what, minute(0), None, "a01") for what in sides]
    done = entry(ArrivalRegistered(("w-0001",)), minute(30), "idlib", "p1")
    opened = [BOARDED, confirms(BOARDED, "m03"), done]
    assert verdict([*opened, confirms(done, "p2")]) == ("kept", ""), "before anybody enrolled them, they are two people"
    assert verdict([*opened, confirms(done, "p2"), *enrolled]) == ("unknown", "kept")
    assert verdict([*enrolled, *opened, confirms(done, "p2"), confirms(done, "m05")]) == ("kept", "")


def test_two_parties_of_one_side_are_one_source_and_a_guarantor_is_another() -> None:
    text = WORLD_TEXT.replace(
        "parties = [", 'parties = [{ id = "militia", name = "a militia", side = "foua" }, { id = "guarantor", name = "G" }, '
    )
    parties = {"p1": "party-north", "p2": "militia", "p3": "guarantor"}
    said = entry(ArrivalRegistered(("w-0001",)), minute(30), "idlib", "p1")
    for second, standing in (("p2", "alleged"), ("p3", "signed")):
        kept = Graded(2, parse_world(text))
        enrolled = [entry(DeviceEnrolled(f"{by}-1", by, Role.PARTY, "key", party), minute(0), None, "a01") for by, party in parties.items()]
        for one in [*enrolled, said, confirms(said, second)]:
            kept.move(Change(None, one))
        assert next(one for one in kept.forms() if one.id == said.id).observation.standing == standing


def test_a_watch_that_one_person_signed_makes_no_silence_count() -> None:
    watch = entry(WatchClosed(Stretch(minute(-10), minute(80)), tuple(Watched)), minute(80), None, "m04")
    opened = [BOARDED, confirms(BOARDED, "m03")]
    assert verdict([*opened, watch]) == ("unknown", "")
    assert verdict([*opened, watch, entry(Confirmed(watch.id), minute(81), None, "m05")]) == ("breached", "")


def test_the_reasons_cite_whoever_confirms_and_say_what_the_clause_asks_for() -> None:
    log = [BOARDED, confirms(BOARDED, "m03"), DONE, confirms(DONE, "m03")]
    (one,) = judged(BOARDS, log, minute(90)).instances
    assert set(one.entries) == {said.id for said in log} and one.entries[0] == BOARDED.id
    assert one.why.endswith("only what 2 independent sources signed is established here")


def test_sums_show_what_too_few_signed_as_alleged_and_leave_no_room_for_it() -> None:
    sentence = "At no time do the persons departed from Aleppo and the persons departed from Foua differ by more than 100."
    gone = entry(Departed("B-1", "idlib", exactly(60)), minute(5), "ramouseh")
    engine, feed = (
        Evaluator(parse_agreement(f"{HEAD}{sentence} Established by 2 independent sources.", world()), world(), minute(0)),
        Feed(),
    )
    for change in feed.add(gone, minute(9)):
        engine.add(change)
    engine.settle(minute(9))
    row = next(row for row in engine.linked().next if row.words == "the persons departed from Aleppo")
    assert (row.sum.least, row.sum.most, row.at_most) == (0, 60, 40)


def test_fewer_than_two_sources_is_no_note_and_what_is_understood_says_what_counts() -> None:
    with pytest.raises(InputError, match="without the note, one signed record is enough"):
        parse_agreement(HEAD + BOARDS.replace("by 2", "by 1"), world())
    assert "no two of one side" in understood(parse_agreement(HEAD + BOARDS, world()).clauses[0])


def test_sources_that_share_a_person_a_device_or_a_side_are_one_group() -> None:
    signers = [Signer("m01", "a"), Signer("m01", "b"), Signer("m02", "b"), Signer("p1", "c", "north"), Signer("p2", "d", "north")]
    assert [independent(signers[:number]) for number in range(6)] == [0, 1, 1, 1, 2, 2]


@pytest.mark.parametrize("seed", range(300))
def test_grades_kept_up_are_those_of_the_definition_in_any_order(seed: int) -> None:
    chance = Random(seed)
    log = log_of(chance)
    log = [*log, *_confirmed(log, chance)]
    chance.shuffle(log)
    feed, kept, number = Feed(), Graded(2, world()), len(log) // 2
    for count, said in enumerate(log, 1):
        for change in feed.add(said, minute(LAST)):
            kept.move(change)
        if count in (number, len(log)):
            standing = in_force(log[:count], minute(LAST))
            assert {one.id: one for one in kept.forms()} == {one.id: one for one in graded(standing, 2, world())}
