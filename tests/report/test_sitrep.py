"""What the situation report says, and what it must never say."""

from __future__ import annotations

import base64
import hashlib
import re

import msgspec
import pytest

from safepassage.disclosure.audience import Part
from safepassage.disclosure.views import View
from safepassage.report.public import public_page
from safepassage.report.public import style_hash as public_hash
from safepassage.report.sitrep import sitrep, style_hash
from safepassage.values.counts import Count, exactly
from tests.report.reading import read
from tests.report.views import CONTENT_ID, NIGHT, NOBODY, WRISTBAND, line, side


def text(view: View) -> str:
    return read(sitrep(view))


def without(view: View, *parts: Part) -> View:
    return msgspec.structs.replace(view, hidden=tuple(part.value for part in parts))


@pytest.mark.parametrize(("page", "source"), [(sitrep, style_hash), (public_page, public_hash)])
def test_a_page_is_one_file_whose_only_style_has_the_hash_that_is_told(page, source) -> None:  # type: ignore[no-untyped-def]
    html = page(NIGHT).decode()
    (style,) = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert source() == f"'sha256-{digest}'"
    assert not re.search(r"<script|<link|<img|\sstyle=|\ssrc=|\son\w+=|https?:", html)
    assert not [address for address in re.findall(r'href="([^"]*)"', html) if not address.startswith("#")]


@pytest.mark.parametrize("view", [NIGHT, NOBODY])
def test_the_same_view_gives_the_same_bytes(view: View) -> None:
    assert sitrep(view) == sitrep(view)


@pytest.mark.parametrize("page", [sitrep, public_page])
def test_the_page_names_its_language_and_its_direction(page) -> None:  # type: ignore[no-untyped-def]
    assert b'<html lang="en" dir="ltr">' in page(NIGHT)


@pytest.mark.parametrize("page", [sitrep, public_page])
def test_no_text_of_a_view_becomes_markup(page) -> None:  # type: ignore[no-untyped-def]
    """Every string of the view is hostile; a page that stays the same but for escapes has none of its tags."""
    hostile = msgspec.convert(_poisoned(msgspec.to_builtins(NIGHT)), View)
    html = page(hostile).decode()
    assert "<i x" not in html
    assert "&lt;i x" in html


def _poisoned(value: object, key: str = "") -> object:
    fixed = {"zone", "doing", "place", "start", "end", "audience", "verdict", "tone", "cause", "standing", "sphere", "kind", "last_place"}
    if isinstance(value, dict):
        return {name: _poisoned(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_poisoned(each, key) for each in value]
    return f"{value}<i x='\"&" if isinstance(value, str) and key not in fixed else value


def test_an_exercise_is_framed_on_every_page_and_a_record_is_not() -> None:
    exercise, record = sitrep(NIGHT).decode(), sitrep(NOBODY).decode()
    assert "<body class=marked>" in exercise and '<span class="exercise">EXERCISE</span>' in exercise
    assert "<title>EXERCISE" in exercise
    assert "@page marked" in exercise and ".marked { page: marked; }" in exercise
    assert "<body>" in record and '"exercise"' not in record and "<title>EXERCISE" not in record


def test_the_head_says_the_period_for_whom_and_as_known_at_which_entry_and_root() -> None:
    said = text(NIGHT)
    assert "A night · 18 December 2016, 17:40 to 22:40, Damascus time" in said
    assert "For: operations. As known at 22:40, entry 99." in said
    assert f"Root of the 100 entries: {'ab' * 32}" in said


def test_a_picture_of_the_past_says_that_the_ledger_goes_on() -> None:
    assert "entry 99; the ledger goes on to entry 149." in text(msgspec.structs.replace(NIGHT, newest=150))


def test_the_summary_is_made_from_the_figures_with_their_bounds() -> None:
    said = text(NIGHT)
    assert "280 of 560 registered people left Aleppo and 170 of 340 registered people left Foua." in said
    assert "51–54 people are unaccounted: 49–52 on B-05 and 2 on B-04, as counted." in said
    assert "280 in Aleppo at −6 °C and 170 in Foua, temperature not known." in said
    assert "Of 5 clauses, 1 is not met, as recorded: 5." in said


def test_what_nobody_saw_is_said_to_be_not_known_and_no_table_of_zeros_is_printed() -> None:
    said = text(NOBODY)
    assert "Where people are is not known: nobody neutral saw it." in said
    assert "Where is everyone" not in said and "Unaccounted, by trip" not in said
    assert "Claimed to have left, and established by nothing: 35,000–40,000 from Aleppo." in said
    assert "not known: no departure was signed" in said
    assert "Foua: nobody gives a figure of who left" in said


def test_what_has_nothing_is_left_out_in_one_line_and_what_is_hidden_is_named_apart() -> None:
    said = text(without(NOBODY, Part.POSTS, Part.LINES))
    (line,) = re.findall(r"Left out, because nothing of it is in this record: ([^.]*)\.", said)
    assert "vehicles" in line and "plans" in line and "clauses" in line
    assert "posts" not in line and "exchange" not in line
    assert "Not shown to this audience: where monitors are, entries, line by line." in said


def test_the_word_breach_stands_only_beside_a_signed_finding() -> None:
    """DESIGN 6: what the engine calls breached reads "not met, as recorded"."""
    said = text(NIGHT)
    assert "not met, as recorded" in said
    assert "breach" not in said.lower()


def test_clauses_stand_worst_first_and_what_has_nothing_to_judge_stands_apart() -> None:
    said = text(NIGHT)
    order = [said.index(f"{label} Clause {label} here") for label in ("5", "1", "7", "9", "12")]
    assert order == sorted(order)
    assert said.index("Nothing to judge yet") < order[-1]
    assert "established · none" in said and "64 %" in said and "no watch applies" in said
    assert "12 Clause 12 here: nothing recorded; nobody signed for any of it" in said
    assert "nobody signs for it; a; b; and 2 more remarks, on the page" in said


def test_no_wristband_group_or_content_id_travels_with_a_report() -> None:
    html = sitrep(NIGHT).decode()
    assert WRISTBAND not in html and "w-c3cmbf" not in html and "g-a096" not in html and CONTENT_ID not in html
    assert "a group separated: 2 wristbands" in text(NIGHT)


def test_seen_and_heard_stand_apart_and_what_came_late_says_so() -> None:
    seen, _, heard = text(NIGHT).partition("Heard, not seen")
    assert "B-07 passed" in seen and "logged 48 min later" in seen
    assert "14 wristbands" not in seen
    assert "3 taken off B-04" in heard and "3 taken off B-04" not in seen


def test_a_partys_word_about_its_own_doing_is_no_sighting() -> None:
    said = text(NIGHT)
    seen, _, declared = said.partition("Heard, not seen")[0].partition("Declared by a party")
    assert "passage suspended by foua" in declared and "passage suspended" not in seen
    light = msgspec.structs.replace(NIGHT, lines=(*NIGHT.lines, line(66, "green light of reception", kind="green_light_given")))
    assert "green light" in text(light).partition("Declared by a party, a reception or for drivers")[2]


def test_a_side_that_was_only_counted_stands_beside_one_that_was_registered() -> None:
    counted = msgspec.structs.replace(
        side("Foua", 0, 0, Count(4, 5)), left=exactly(250), stopping=exactly(245), on_the_road=Count(1, 1), handed_over=Count(0)
    )
    said = text(msgspec.structs.replace(NIGHT, sides=(NIGHT.sides[0], counted, side("Idlib", 0, 0))))
    assert "280 of 560 registered people left Aleppo." in said
    assert "Foua: 250 people left; 1 person is on the road; 245 people are aboard where the trip ends; people whom nobody" in said
    assert "Idlib: not known: nobody neutral saw it." in said
    assert "aboard where their trip ends 0 245 not known" in said and "unaccounted 49–52 4–5 not known" in said
    assert "The parts are bounds and need not add up." in said


def test_a_count_aboard_a_vehicle_that_no_side_lists_is_said_too() -> None:
    (one,) = (each for each in NIGHT.vehicles if each.vehicle == "B-07")
    said = text(msgspec.structs.replace(NOBODY, vehicles=(msgspec.structs.replace(one, side="", doing="arrived", place="rashideen"),)))
    assert "Counted aboard vehicles that are not on the list: 50 on B-07." in said
    assert "B-07, 50 counted aboard, arrived at Rashideen" in said


def test_totals_that_are_hidden_are_not_called_unknown() -> None:
    said = text(without(NOBODY, Part.TOTALS))
    assert "Where people are is not shown to this audience." in said and "nobody neutral saw" not in said


def test_an_audience_without_a_tree_head_is_told_so() -> None:
    said = text(msgspec.structs.replace(NIGHT, size=0, newest=0, root=""))
    assert "As known at 22:40." in said and "entry -1" not in said and "Root of" not in said
    assert "is not shown to this audience while people move" in said


def test_every_cell_of_a_wide_table_says_its_column_on_a_narrow_screen() -> None:
    tables = re.findall(r'<table class="stack">(.*?)</table>', sitrep(NIGHT).decode(), flags=re.DOTALL)
    assert len(tables) == 6
    for table in tables:
        heads = [re.sub("<[^>]+>", "", head) for head in re.findall(r"<th[^>]*>.*?</th>", table)]
        cells = re.findall(r'<td data-l="([^"]*)"', table)
        assert cells == heads * (len(cells) // len(heads)) and table.count("<td") == len(cells)


def test_a_claim_that_does_not_fit_our_count_stands_beside_it_with_what_would_settle_it() -> None:
    said = text(NIGHT)
    assert re.search(r"How many left the gate\? 238, aboard 7 buses 300, a radio 70 registration at reception", said)
    assert "How many left Foua?" not in said
    assert "1 more question was answered by one source or by sources that agree" in said


def test_times_are_said_to_the_minute_and_places_by_name() -> None:
    said = text(NIGHT)
    assert "the limit is 19 Dec 05:40" in said and "05:40:12" not in said
    assert "2 taken off B-04 at Khan road" in said


def test_posts_without_a_monitor_say_since_when_and_which_end_with_nobody_to_follow() -> None:
    said = text(NIGHT)
    assert "Khan road: no post is recorded" in said
    assert "Foua gate: since 22:10, when the post of m04 ended" in said
    assert "Nobody is posted to follow when these posts end: Rashideen 23:40" in said
    assert "Hours not known: Ramouseh" in said


def test_a_proposal_is_not_adopted_until_somebody_adopts_it_and_only_its_trips_to_come_are_listed() -> None:
    said = text(NIGHT)
    assert "Proposal p-2 of 22:30, not adopted; a person decides by 23:00" in said
    assert "23:10 Ramouseh Rashideen" in said and "22:35 Ramouseh Rashideen" not in said
    assert "waits for the exchange" not in said and "the exchange" in said


def test_the_exchange_says_what_is_open_and_what_is_only_claimed() -> None:
    said = text(NIGHT)
    assert "at least 280" in said and "not known: not every departure was counted" in said
    assert "As claimed, beside it, and established by nothing: Foua: 1,200 left, from 1 independent source." in said


def test_an_alarm_brings_its_call_card() -> None:
    said = text(NIGHT)
    assert "men and youth 16 before, 14 after; heads 48 before, 46 after" in said
    assert "Card c-1, open: asked recount at the next post, the first party, by 22:40. No call is recorded." in said
