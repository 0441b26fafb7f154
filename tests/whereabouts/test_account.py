"""What follows from counts of one vehicle, in field notation."""

from __future__ import annotations

from field import at, whereabouts

from safepassage.values.counts import Count, exactly
from safepassage.whereabouts import Cause, Doing
from safepassage.whereabouts.words import Puzzle

OUT = "21:14  m03 @ramouseh  B-07 departed for rashideen, 50 heads\n"


def test_fewer_heads_on_arrival_are_a_gap_on_that_leg() -> None:
    (gap,) = whereabouts(OUT + "22:05  m08 @rashideen  B-07 arrived, 46 heads").gaps(at("22:06"))
    assert (gap.missing, gap.start, gap.end, gap.cause) == (exactly(4), "ramouseh", "rashideen", Cause.FEWER)
    assert gap.last_seen == at("21:14")


def test_two_counts_of_one_standstill_are_bounds_and_a_question() -> None:
    """DESIGN 5: monitors who differ are never resolved by taking the newest."""
    seen = whereabouts(OUT + "22:05  m08 @rashideen  B-07 arrived, 47 heads\n22:07  m07 @rashideen  B-07 counted 49 heads")
    (gap,), (question,) = seen.gaps(at("22:08")), seen.questions()
    assert gap.missing == Count(1, 3)
    assert (question.puzzle, question.size) == (Puzzle.COUNTS_DIFFER, exactly(2))


def test_a_correction_narrows_the_gap_as_if_it_had_been_said_at_once() -> None:
    said = OUT.strip() + "  as [out]\n22:05  m08 @rashideen  B-07 arrived, 46 heads\n"
    (gap,) = whereabouts(said + "22:38  m03 @ramouseh  corrects [out]: B-07 departed for rashideen, 48 heads").gaps(at("22:40"))
    assert gap.missing == exactly(2)


def test_somebody_elses_correction_changes_nothing() -> None:
    said = OUT.strip() + "  as [out]\n22:05  m08 @rashideen  B-07 arrived, 46 heads\n"
    (gap,) = whereabouts(said + "22:38  m09 @ramouseh  corrects [out]: B-07 departed for rashideen, 46 heads").gaps(at("22:40"))
    assert gap.missing == exactly(4)


def test_a_run_later_than_its_leg_allows_is_unaccounted_with_all_aboard() -> None:
    seen = whereabouts(OUT)
    assert seen.gaps(at("22:44")) == []
    (gap,) = seen.gaps(at("22:45"))
    assert (gap.missing, gap.cause, gap.due) == (exactly(50), Cause.OVERDUE, at("22:44"))


def test_those_aboard_a_burned_bus_are_open_until_they_are_seen() -> None:
    (gap,) = whereabouts(OUT + "21:30  m05 @khan-road  B-07 burned by persons not identified").gaps(at("21:31"))
    assert (gap.missing, gap.cause) == (exactly(50), Cause.LOST)


def test_a_hand_over_on_the_way_is_no_gap() -> None:
    said = OUT + "21:40  m05 @khan-road  3 handed over to a hospital from B-07\n22:05  m08 @rashideen  B-07 arrived, 47 heads"
    seen = whereabouts(said)
    assert seen.gaps(at("22:06")) == []
    assert seen.vehicles()["B-07"].handed == exactly(3)


def test_persons_seen_to_be_taken_off_are_unaccounted_where_it_was_seen() -> None:
    said = OUT + "21:40  m05 @khan-road  4 taken off B-07 by persons not identified\n22:05  m08 @rashideen  B-07 arrived, 46 heads"
    (gap,) = whereabouts(said).gaps(at("22:06"))
    assert (gap.missing, gap.cause, gap.last_place) == (exactly(4), Cause.TAKEN, "khan-road")


def test_what_was_told_moves_nobody() -> None:
    said = OUT + "22:05  m08 @rashideen  told by a driver: B-07 arrived, 12 heads"
    assert whereabouts(said).vehicles()["B-07"].doing is Doing.ON_THE_ROAD


def test_more_heads_than_seats_are_accepted_and_a_recount_is_asked_once() -> None:
    said = "21:14  m03 @ramouseh  B-07 departed for rashideen, 52 heads\n21:15  m04 @ramouseh  B-08 departed for rashideen, 50 heads"
    (question,) = whereabouts(said).questions()
    assert (question.puzzle, question.subject, question.size) == (Puzzle.OVER_SEATS, "B-07", exactly(2))


def test_heads_that_appear_without_a_door_are_a_question_of_their_size() -> None:
    (question,) = [
        q for q in whereabouts(OUT + "22:05  m08 @rashideen  B-07 arrived, 53 heads\n").questions() if q.puzzle is Puzzle.MORE_HEADS
    ]
    assert question.size == exactly(3)


def test_counts_before_and_after_alighting_are_two_standstills() -> None:
    said = OUT + "22:05  m08 @rashideen  B-07 arrived, 50 heads\n22:10  m08 @rashideen  50 alighted from B-07\n"
    seen = whereabouts(said + "22:20  m08 @rashideen  B-07 counted 0 heads")
    assert seen.questions() == []
    assert seen.gaps(at("22:21")) == []


def test_wristbands_of_the_bus_read_later_are_not_missing() -> None:
    bands = ", ".join(f"w-{number:04d}" for number in range(50))
    said = f"20:00  m01 @assembly  registered {bands} of aleppo\n21:00  m03 @ramouseh  B-07 boarded by {bands}\n" + OUT
    seen = whereabouts(said + f"22:05  m08 @rashideen  B-07 arrived, 46 heads\n23:00  r1 @khan  registered at arrival {bands}")
    assert seen.gaps(at("23:01")) == []


def test_a_wristband_that_nobody_registered_is_kept_and_asked_about() -> None:
    seen = whereabouts("21:00  m03 @ramouseh  B-07 boarded by w-9911")
    assert [(q.puzzle, q.subject) for q in seen.questions()] == [(Puzzle.UNKNOWN_BAND, "w-9911")]
    assert seen.vehicles()["B-07"].aboard == exactly(1)


def test_nobody_arrives_because_a_bus_arrives() -> None:
    said = "20:00  m01 @assembly  registered w-0001 of aleppo\n21:00  m03 @ramouseh  B-07 boarded by w-0001\n"
    seen = whereabouts(said + OUT + "22:05  m08 @khan  B-07 arrived, 50 heads")
    trace = seen.person("w-0001")
    assert trace is not None
    assert [step.kind for step in trace.steps] == ["place", "vehicle"]


def test_merged_wristbands_share_a_timeline_until_they_are_unmerged() -> None:
    said = "20:00  m01 @assembly  registered w-0001 of aleppo\n21:00  m03 @ramouseh  B-07 boarded by w-0002\n"
    merged = said + "21:30  m03 @ramouseh  w-0001 is the same as w-0002\n"
    trace = whereabouts(merged).person("w-0002")
    assert trace is not None
    assert (trace.side, len(trace.steps), trace.same_as) == ("aleppo", 2, ("w-0001",))
    apart = whereabouts(merged + "21:40  m03 @ramouseh  w-0001 is not the same as w-0002").person("w-0002")
    assert apart is not None
    assert apart.same_as == ()


def test_a_departure_that_a_second_monitor_records_begins_no_second_run_and_joins_its_count() -> None:
    """The agreement counts by the same rule (tests/agreement/test_once.py)."""
    seen = whereabouts(OUT + "21:17  m04 @ramouseh  B-07 departed for rashideen, 48 heads\n")
    (move,), (question,) = seen.vehicles()["B-07"].moves, seen.questions()
    assert (move.departed, move.heads) == (at("21:14"), Count(48, 50))
    assert (question.puzzle, question.size) == (Puzzle.COUNTS_DIFFER, exactly(2))
    assert seen.gaps(at("21:20")) == []
    uncounted = whereabouts(
        "21:14  m03 @ramouseh  B-07 departed for rashideen\n21:17  m04 @ramouseh  B-07 departed for rashideen, 48 heads\n"
    )
    assert [move.heads for move in uncounted.vehicles()["B-07"].moves] == [exactly(48)]


def test_a_second_departure_before_the_run_is_overdue_is_a_question_and_its_heads_may_be_none() -> None:
    said = OUT + "21:24  m04 @ramouseh  B-07 departed for rashideen, 50 heads\n"
    (question,) = (one for one in whereabouts(said).questions() if one.puzzle is Puzzle.LEFT_TWICE)
    assert len(question.entries) == 2
    assert next(side.left for side in whereabouts(said).sides(at("21:30")) if side.side == "aleppo") == Count(50, 100)
    back = OUT + "21:20  m03 @ramouseh  B-07 arrived\n21:24  m04 @ramouseh  B-07 departed for rashideen, 50 heads\n"
    assert not [one for one in whereabouts(back).questions() if one.puzzle is Puzzle.LEFT_TWICE]
