"""The questions of a duty officer, asked of the exercise's night: each answer, its bounds, its entries."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from safepassage.cli import main
from safepassage.disclosure.where import QUESTIONS, Answer, Finding
from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.values.counts import Count, exactly
from safepassage.values.times import Instant, at


@pytest.fixture(scope="module")
def hub(night_folder: Path) -> Hub:
    return Hub(open_folder(night_folder), wall_clock, writer=False)


def clock(text: str) -> Instant:
    return at(date(2016, 12, 18), text, "Asia/Damascus")


def found(answer: Answer, subject: str) -> list[Finding]:
    return [finding for finding in answer.findings if finding.subject == subject]


def test_who_is_on_a_bus_now(hub: Hub) -> None:
    """In the middle of its run: at most what was counted, allowed for; at least nobody, since anybody may have got off unseen."""
    now, counted, read = hub.where("aboard", "B-07", as_of=clock("21:25")).findings
    assert (now.heads, now.counted) == (Count(0, 51), exactly(48))
    assert (counted.counted, counted.heads) == (exactly(48), Count(45, 51))
    assert "wristbands last read aboard" in read.said
    assert now.why and "ramouseh" in now.coverage


def test_which_runs_a_vehicle_has_driven_and_with_how_many(hub: Hub) -> None:
    out, on = hub.where("runs", "B-07").findings
    assert out.said == "ramouseh–rashideen, departed 21:14, ended 22:05 at rashideen" and len(out.why) == 2
    assert (out.counted, out.heads) == (exactly(48), Count(45, 51))
    assert on.said == "rashideen–khan-al-assal, departed 22:24, ended 22:43 at khan-al-assal" and on.heads is None
    assert "ramouseh: somebody on post" in out.coverage


def test_each_sides_people_are_a_sum(hub: Hub) -> None:
    """Registered and at least so many on no list, less the dead; each part with bounds that hold in any case."""
    first, people, unlisted, runs, received, away, elsewhere = found(hub.where("balance"), "aleppo")
    assert first.said == "560 registered, 0 born, 0 died, as signed"
    assert (people.heads, unlisted.heads) == (Count(560), Count(0))
    assert runs.heads == Count(0) and received.heads is not None and received.heads.low > 250
    assert away.heads == Count(11) and elsewhere.heads == Count(0)


def test_where_a_wristband_was_last_and_how_we_know(hub: Hub) -> None:
    newest, *before = hub.where("last", "w-6td58k").findings
    assert newest.said.startswith("last read: arrived hospital-west, 21:40") and newest.why and newest.coverage
    assert [finding.said.partition(",")[0] for finding in before][-1] == "place assembly-east"


def test_who_boarded_at_a_place_and_was_not_seen_since_by_leg(hub: Hub) -> None:
    wristbands, heads = found(hub.where("unseen", "ramouseh"), "B-07")
    assert wristbands.said.startswith("2 wristbands not read since 20:57, rashideen–khan-al-assal: w-vs9b8t w-zmh3d8")
    assert (heads.counted, heads.heads) == (exactly(2), Count(0, 8))


def test_which_families_are_split_and_where(hub: Hub) -> None:
    (finding,) = found(hub.where("split"), "g-a096")
    assert finding.said.startswith("separated, as signed: w-vs9b8t vehicle B-07") and "w-xhdndr arrived khan-al-assal" in finding.said
    (same,) = hub.where("group", "g-a096").findings
    assert same == finding


def test_which_vehicles_are_overdue_and_by_how_much(hub: Hub) -> None:
    (finding,) = hub.where("overdue").findings
    assert finding.subject == "MA-4" and "late by 1 h 58" in finding.said
    assert (finding.counted, finding.heads) == (exactly(2), Count(1, 3))


def test_how_many_still_wait_in_the_cold_and_for_how_long(hub: Hub) -> None:
    answer = hub.where("waiting")
    (books,), (counted,) = found(answer, "aleppo"), found(answer, "assembly-east")
    assert "the first since 13:00, 11 h 38" in books.said and books.counted == Count(14, 15)
    assert books.heads == Count(0) and "assembly-east: somebody on post" in books.coverage
    assert "-6 degrees" in counted.said and counted.heads == Count(12, 17) and counted.counted == Count(13, 16)


def test_which_hand_overs_left_our_sight_and_to_whom(hub: Hub) -> None:
    (car,) = found(hub.where("handed"), "a private car")
    assert car.heads == exactly(3) and "B-01 at khan-al-assal" in car.said
    assert car.coverage.startswith("khan-al-assal: somebody on post")
    assert len(found(hub.where("handed"), "a hospital")) == 4


def test_what_was_known_at_an_instant_and_what_was_so_at_that_instant(hub: Hub) -> None:
    """At 22:10 four were not accounted for on B-07; by the correction of 22:38 two were, at 22:10 as well."""
    (then,) = found(hub.where("unaccounted", known_at=clock("22:10")), "B-07")
    (so,) = found(hub.where("unaccounted", as_of=clock("22:10")), "B-07")
    assert (then.counted, so.counted) == (exactly(4), exactly(2))


def test_what_changed_since_then_and_by_which_late_reports(hub: Hub) -> None:
    answer = hub.changed(clock("22:10"))
    late = [finding.said for finding in answer.findings if finding.said.startswith("LATE")]
    assert any("seen 21:31, heard 22:40: B-07 stopped" in said for said in late)
    assert any("corrects" in said and "48 heads" in said for said in late)
    assert not any("water given" in said for said in late)
    assert any("B-07" in f.subject and "2 (was 4)" in f.said for f in answer.findings)


def test_coverage_says_which_hours_nobody_saw(hub: Hub) -> None:
    said = [finding.said for finding in found(hub.where("coverage"), "idlib-depot–foua-gate")]
    assert said[-1].endswith("nobody at either end")
    assert any("at foua-gate somebody on post 6 of 60 min" in each for each in said)


@pytest.mark.parametrize("question", [name for name, one in QUESTIONS.items() if not one.about])
def test_every_question_is_one_command_in_text_and_json(question: str, night_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["where", str(night_folder), question]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"EXERCISE  {question}   as of 2016-12-19 00:38")
    assert main(["where", str(night_folder), question, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"]


def test_bounds_entries_and_coverage_are_printed(night_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["where", str(night_folder), "unaccounted", "--known-at", "22:10"])
    said = capsys.readouterr().out
    for part in (
        "as counted: 4",
        "bounds that hold though devices err as published: 0–10",
        "why: entries 533, 553",
        "seen: ramouseh: somebody",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("words", "code", "number"),
    [
        (["aboard", "B-99"], 2, "SP-117"),
        (["last", "w-0000"], 2, "SP-117"),
        (["aboard"], 2, "SP-117"),
        (["overdue", "B-07"], 2, "SP-117"),
        (["changed", "soon"], 2, "SP-118"),
        (["unaccounted", "--as-of", "25:10"], 2, "SP-118"),
    ],
)
def test_what_cannot_be_asked_is_said(
    words: list[str], code: int, number: str, night_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["where", str(night_folder), *words]) == code
    assert number in capsys.readouterr().err


def test_where_there_is_nothing_to_say_the_answer_is_no(night_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["where", str(night_folder), "overdue", "--known-at", "18:00"]) == 1
    assert "nothing is recorded that answers this" in capsys.readouterr().out


def test_a_clock_time_is_the_last_one_there_was(night_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["where", str(night_folder), "waiting", "--known-at", "00:20"])
    assert "as of 2016-12-19 00:20" in capsys.readouterr().out
    main(["where", str(night_folder), "waiting", "--known-at", "2016-12-18 22:10"])
    assert "as of 2016-12-18 22:10" in capsys.readouterr().out
