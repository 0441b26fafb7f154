"""Words of the reports: bounds, times, lists, codes."""

from __future__ import annotations

from safepassage.report.phrases import Words, join, number, people, thousands
from safepassage.values.counts import Count, exactly
from safepassage.values.times import DAY, Instant
from tests.report.views import NIGHT, NOW

words = Words(NIGHT)


def test_bounds_are_said_as_bounds() -> None:
    assert [thousands(count) for count in (Count(49, 52), exactly(1200), Count(2001))] == ["49–52", "1,200", "at least 2,001"]
    assert [people(exactly(1)), people(Count(0, 1))] == ["1 person", "0–1 people"]


def test_a_list_is_read_aloud() -> None:
    assert [join([]), join(["a"]), join(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert [number(1, "bus", "buses"), number(2_000, "bus", "buses")] == ["1 bus", "2,000 buses"]


def test_a_time_of_another_day_names_the_day() -> None:
    assert words.time(NOW) == "22:40"
    assert words.time(Instant(NOW + DAY)) == "19 Dec 22:40"
    assert words.time(None) == "time not known"


def test_an_id_that_is_also_a_word_is_a_place_only_after_at_to_or_from() -> None:
    assert words.plain("the gate at gate, east of the gate to east") == "the gate at Ramouseh, east of the gate to Eastern assembly"
    assert words.plain("a bus by khan-road") == "a bus by Khan road"


def test_codes_of_vehicles_stand_unbroken_and_left_to_right() -> None:
    assert words.plain("B-07 & <MA-1>") == '<bdi class="n">B-07</bdi> &amp; &lt;<bdi class="n">MA-1</bdi>&gt;'


def test_a_place_that_is_not_known_is_said_to_be() -> None:
    assert words.place(None) == "not known: nobody neutral saw it"
