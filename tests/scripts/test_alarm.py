"""The published figures of the separation alarm are what its script measures, and they say what the page says of them."""

from __future__ import annotations

import alarm
import pytest


@pytest.mark.slow
def test_the_page_holds_what_the_script_prints() -> None:
    page = alarm.PAGE.read_text("utf-8")
    assert alarm.table() in page.partition(alarm.BEGIN)[2].partition(alarm.END)[0]


def test_false_alarms_are_rare_and_many_taken_are_seen() -> None:
    assert alarm.stops_raised(50, 0, 20, 400) <= 2
    assert alarm.stops_raised(50, 6, 20, 100) >= 80


def test_without_miscounts_nobody_taken_never_raises_it() -> None:
    assert alarm.stops_raised(50, 0, 0, 200) == 0
