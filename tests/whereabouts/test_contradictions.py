"""Contradictions are values: named, with their entries, their size in persons, and what would settle them. In field notation."""

from __future__ import annotations

import pytest
from field import at, entries, whereabouts, world
from msgspec.structs import replace

from safepassage.fold import Feed
from safepassage.observation.setting import DeviceRevoked
from safepassage.values.counts import Count, exactly
from safepassage.values.ids import PlaceId
from safepassage.values.times import MINUTE, Instant
from safepassage.whereabouts import SETTLES, of_unbelieved
from safepassage.whereabouts.words import Cause, Puzzle, Question

OUT = "21:14  m03 @ramouseh  B-07 departed for rashideen, 50 heads\n"
LATER = at("22:10")
KNOWN = "20:00  m01 @assembly  registered w-0001, w-0002 of aleppo\n"


def asked(text: str, puzzle: Puzzle) -> list[Question]:
    return [question for question in whereabouts(text).questions() if question.puzzle is puzzle]


def test_everything_that_is_asked_says_what_would_settle_it() -> None:
    assert set(SETTLES) == set(Puzzle)


def test_one_person_on_two_buses_with_nothing_between() -> None:
    said = KNOWN + "21:00  m03 @ramouseh  B-07 boarded by w-0001\n21:05  m04 @ramouseh  B-08 boarded by w-0001"
    (question,) = asked(said, Puzzle.TWO_PLACES)
    assert (question.subject, question.size, len(question.entries)) == ("w-0001", exactly(1), 2)


def test_one_person_at_two_places_sooner_than_the_road_allows() -> None:
    """Forty minutes of road: nineteen is too soon, twenty is not."""
    soon = KNOWN + "21:00  m03 @ramouseh  B-07 boarded by w-0001\n21:{}  m08 @rashideen  1 alighted from B-07: w-0001"
    (question,) = asked(soon.format("19"), Puzzle.TWO_PLACES)
    assert question.said == "read at ramouseh, and 19 min later at rashideen"
    assert asked(soon.format("20"), Puzzle.TWO_PLACES) == []


def test_heads_that_appear_without_a_door_have_a_size_even_when_miscounts_are_allowed_for() -> None:
    said = OUT + "22:05  m08 @rashideen  B-07 arrived, 60 heads"
    (counted,), (sure,) = asked(said, Puzzle.MORE_HEADS), asked(said, Puzzle.IMPOSSIBLE)
    assert counted.size == exactly(10), "if every count is right"
    assert sure.size == Count(3), "53 at most were aboard, 56 at least arrived"
    assert len(sure.entries) == 2


def test_a_few_more_heads_may_be_a_miscount_and_are_asked_about_all_the_same() -> None:
    said = OUT + "22:05  m08 @rashideen  B-07 arrived, 53 heads"
    assert len(asked(said, Puzzle.MORE_HEADS)) == 1
    assert asked(said, Puzzle.IMPOSSIBLE) == []


def test_counts_that_differ_between_monitors() -> None:
    said = OUT + "22:05  m08 @rashideen  B-07 arrived, 47 heads\n22:07  m07 @rashideen  B-07 counted 49 heads"
    (question,) = asked(said, Puzzle.COUNTS_DIFFER)
    assert question.size == exactly(2) and "m08, m07" in question.said


def test_wristbands_read_on_a_burned_bus_are_as_many_as_were_read() -> None:
    said = KNOWN + "21:00  m05 @khan-road  B-07 burned by persons not identified\n21:30  m03 @ramouseh  B-07 boarded by w-0001, w-0002"
    (question,) = asked(said, Puzzle.LOST_VEHICLE)
    assert (question.subject, question.size, len(question.entries)) == ("B-07", exactly(2), 2)


def test_what_a_revoked_device_reads_is_in_no_fold_and_is_listed() -> None:
    said = KNOWN + "21:00  m03 @ramouseh  B-07 boarded by w-0001, w-0002\n"
    log = entries(said)
    revoked = replace(log[0].observation, what=DeviceRevoked("m03-1", 0), at=None)
    feed = Feed()
    for entry in [*log, replace(log[0], id="f" * 64, device="authority-1", observation=revoked)]:
        feed.add(entry, Instant(2_000_000_000_000))
    (entry,) = feed.unbelieved
    question = of_unbelieved(entry)
    assert question is not None
    assert (question.puzzle, question.subject, question.size) == (Puzzle.REVOKED, "m03-1", exactly(2))
    assert "about B-07" in question.said
    assert of_unbelieved(log[0]) is not None and of_unbelieved(entries("20:00  m01 @assembly  on post")[0]) is None


def test_a_wristband_read_after_a_death_and_one_of_two_sides() -> None:
    dead = KNOWN + "21:00  m03 @ramouseh  died, w-0001, seen by the signer\n22:00  m08 @rashideen  B-07 aboard were w-0001"
    assert [question.subject for question in asked(dead, Puzzle.AFTER_DEATH)] == ["w-0001"]
    both = KNOWN + "20:30  m06 @foua-gate  registered w-0002 of foua"
    (question,) = asked(both, Puzzle.TWO_SIDES)
    assert question.said == "registered of aleppo and foua"


def test_a_replaced_wristband_is_the_same_person() -> None:
    said = KNOWN + "20:30  m01 @assembly  wristband w-0001 replaced by w-0003\n21:00  m03 @ramouseh  B-07 boarded by w-0003"
    trace = whereabouts(said).person("w-0001")
    assert trace is not None
    assert (trace.same_as, [step.where for step in trace.steps]) == (("w-0003",), ["assembly", "B-07"])
    assert asked(said, Puzzle.UNKNOWN_BAND) == []


def test_a_bus_at_both_ends_of_a_road_too_soon() -> None:
    """Forty minutes of road, of which half is too soon, though two clocks be four minutes apart: fifteen is, sixteen is not."""
    soon = OUT + "22:05  m08 @rashideen  B-07 arrived, 50 heads\n22:{}  m03 @ramouseh  B-07 passed, 50 heads"
    (question,) = asked(soon.format("20"), Puzzle.TOO_SOON)
    assert (question.subject, len(question.entries)) == ("B-07", 2)
    assert question.said == "seen at rashideen, and 15 min later at ramouseh: the road takes 40 min"
    assert asked(soon.format("21"), Puzzle.TOO_SOON) == []


def test_a_gap_after_a_run_is_over_lies_where_the_bus_was_last_seen() -> None:
    """A passing tapped by mistake after the arrival: nobody is said to be missing on the run before."""
    said = OUT + "22:05  m08 @rashideen  B-07 arrived, 50 heads\n22:06  m07 @khan-road  B-07 passed, 30 heads"
    (gap,) = whereabouts(said).gaps(LATER)
    assert (gap.start, gap.end, gap.missing) == ("rashideen", "khan-road", exactly(20))
    stays = OUT + "22:05  m08 @rashideen  B-07 arrived, 47 heads"
    (gap,) = whereabouts(stays).gaps(LATER)
    assert (gap.start, gap.end) == ("ramouseh", "rashideen")


@pytest.mark.parametrize("place", ["ramouseh", "khan-road"])
def test_a_bus_on_the_road_after_its_run_was_over_is_waited_for_from_where_it_was_seen(place: PlaceId) -> None:
    """Not as overdue on the run that ended; nobody knows where to. From where no road leads, as long as on the road that it came."""
    seen = whereabouts(OUT + f"22:05  m08 @rashideen  B-07 arrived, 50 heads\n22:40  m07 @{place}  B-07 passed, 50 heads")
    leg = world().leg(PlaceId("ramouseh"), PlaceId("rashideen"))
    assert leg is not None
    due = Instant(at("22:40") + leg.overdue * MINUTE)
    assert seen.gaps(due) == []
    (gap,) = seen.gaps(Instant(due + 1))
    assert (gap.cause, gap.start, gap.end, gap.missing) == (Cause.OVERDUE, place, "not-known", exactly(50))
