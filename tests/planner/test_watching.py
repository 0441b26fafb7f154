"""Who watches a proposal of the exercise's night, and where its monitors stand already."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from safepassage.cli import main
from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.observation import Entry, Observation, to_bytes
from safepassage.observation.setting import MonitorExpelled
from safepassage.picture import Picture
from safepassage.planner.postings import Duty
from safepassage.planner.watching import Watching, monitors, needs_of
from safepassage.values.encoding import content_id
from safepassage.values.ids import DeviceId, ObserverId
from safepassage.values.people import Teller
from safepassage.values.times import MINUTE, at
from tests.laws.night import entries

EARLY = at(date(2016, 12, 18), "17:10", "Asia/Damascus")


@pytest.fixture(scope="module")
def hub(night_folder: Path) -> Hub:
    return Hub(open_folder(night_folder), wall_clock, writer=False)


def watched(hub: Hub, duty: Duty, staff: int | None = None) -> Watching:
    found = hub.watching(duty, staff, EARLY)
    assert found is not None and found.plan == "p-1"
    return found


def test_whoever_is_on_post_where_somebody_is_needed_stays(hub: Hub) -> None:
    found = watched(hub, Duty(together=1))
    assert (found.needed, found.proved, found.unwatched) == (5, True, ())
    assert {(one.monitor, one.place) for one in found.watchers if one.stays} >= {
        ("m06", "foua-gate"),
        ("m03", "ramouseh"),
        ("m07", "rashideen"),
    }
    assert ("m05", "khan-road") in {(one.monitor, one.comes_from) for one in found.watchers}


def test_nobody_is_at_two_places_and_only_monitors_are_posted(hub: Hub) -> None:
    found = watched(hub, Duty())
    for one in found.watchers:
        assert one.monitor in found.there
        others = [other for other in found.watchers if other.monitor == one.monitor and other != one]
        assert not any(other.stretch.overlap(one.stretch) for other in others)


def test_what_nobody_watches_is_named_to_the_minute(hub: Hub) -> None:
    found = watched(hub, Duty(together=1), staff=3)
    missing = sum(stretch.length // MINUTE for _, stretch in found.unwatched)
    assert found.watched == found.minutes - missing < found.minutes
    for place, stretch in found.unwatched:
        assert not any(one.place == place and one.stretch.overlap(stretch) == stretch for one in found.watchers)


def test_a_trip_needs_somebody_while_it_loads_passes_and_unloads() -> None:
    picture = Picture.of([entry for entry in entries() if entry.logged_at <= EARLY], EARLY)
    adopted = picture.adopted()
    assert adopted is not None
    trip = adopted.proposed.trips[0]
    assert [(need.post, need.end - need.begin) for need in needs_of(picture, [trip])] == [
        ("foua-gate", 15), ("jibreen", 15), ("rashideen", 8 + len(trip.vehicles)),
    ]  # fmt: skip


@pytest.mark.parametrize("told_by", [None, Teller.DRIVER])
def test_whoever_was_expelled_is_not_posted_and_an_allegation_takes_nobody_off(told_by: Teller | None) -> None:
    heard = list(entries())
    seen = Observation(by=ObserverId("m02"), seen_at=heard[-1].logged_at, what=MonitorExpelled(ObserverId("m03")), told_by=told_by)
    told = Entry(content_id(to_bytes(seen)), len(heard), heard[-1].logged_at, DeviceId("m02-1"), 10_000, seen)
    posted = monitors(Picture.of([*heard, told], told.logged_at))
    assert ("m03" in posted) is (told_by is not None)
    assert "m01" in posted and "r1" not in posted


def test_the_command_names_who_stays_and_who_goes(night_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["postings", str(night_folder), "--known-at", "17:10"]
    assert main([*asked, "--together", "1"]) == 0
    assert "m03  stays at ramouseh" in capsys.readouterr().out
    assert main([*asked, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["plan"] == "p-1" and said["unwatched"]
