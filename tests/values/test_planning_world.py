"""What a world states for planning and no plan could mean is named, before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from safepassage.errors import InputError
from safepassage.values.places import parse_world

TEXT = (Path(__file__).resolve().parents[2] / "scenarios" / "six-buses-burned" / "world.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('gate = "ramouseh"', 'gate = "khan-road"', "its gate khan-road is not among planning.gates"),
        ('place = "ramouseh"\nsetup', 'place = "nowhere"\nsetup', "nowhere is no place"),
        ('opens = "06:00"', 'opens = "6"', "6 is no clock time; write 07:00"),
        ('opens = "06:00"', 'opens = "25:00"', "25:00 is no clock time"),
        ("setup = 5", "setup = -5", "minutes are below 0"),
        ("load = 15", "load = -15", "minutes are below 0"),
        ("convoy_low = 2", "convoy_low = 9", "convoy_low 9 and convoy_high 6"),
        ("hours = 16", "hours = 0", "hours is below 1"),
        ('side = "foua"\nfrom = "foua-gate"', 'side = "aleppo"\nfrom = "foua-gate"', "side foua has none; give it one"),
        ('to = "jibreen"\ngate', 'to = "nowhere"\ngate', "nowhere is no place"),
    ],
)
def test_a_planning_table_that_cannot_be_meant_is_named(was: str, becomes: str, said: str) -> None:
    assert TEXT.count(was) >= 1
    with pytest.raises(InputError) as found:
        parse_world(TEXT.replace(was, becomes))
    assert said in str(found.value)


def test_the_exercises_world_holds_together() -> None:
    assert parse_world(TEXT).planning is not None
