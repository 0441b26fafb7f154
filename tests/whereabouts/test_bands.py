"""What is kept of a wristband, beside the timeline that says the same; boardings in a row, beside one after another."""

from __future__ import annotations

from itertools import pairwise

import pytest
from field import whereabouts
from tests.laws.worlds import Rehearsal

from safepassage.observation import Entry
from safepassage.observation.people import Boarded
from safepassage.values.ids import PersonId, VehicleId
from safepassage.values.places import PlaceKind
from safepassage.whereabouts import Whereabouts, account
from safepassage.whereabouts.account import account_of
from safepassage.whereabouts.boarding import in_rows
from safepassage.whereabouts.journey import last_read
from safepassage.whereabouts.people import questions_of
from safepassage.whereabouts.words import PersonTrace


def held_as(folds: Whereabouts, code: PersonId, trace: PersonTrace) -> None:
    """Every field of the band, by the timeline."""
    world, band = folds._world, folds._persons.bands()[code]
    last = last_read(trace)
    receptions = {place.id for place in world.places if place.kind is PlaceKind.RECEPTION}
    assert (band.side, band.same_as, band.seen_off) == (trace.side, trace.same_as, trace.seen_off)
    assert (band.last and band.last.id) == (last and last.entry)
    assert band.received == any(step.kind == "arrived" and step.where in receptions for step in trace.steps)
    assert band.puzzled == bool(questions_of(trace, world))


@pytest.mark.parametrize("seed", range(6))
def test_a_band_says_what_the_timeline_says(seed: int) -> None:
    """Worlds heard badly: swapped wristbands, late and lost readings, hand-overs, deaths."""
    folds = Rehearsal(150, seed).whereabouts
    traces = folds.persons()
    for code, trace in traces.items():
        held_as(folds, code, trace)
    assert traces.keys() == folds._persons.bands().keys() and traces


def test_the_worlds_hold_what_bands_are_about() -> None:
    """Or the law above would say nothing."""
    bands = [band for seed in range(6) for band in Rehearsal(150, seed).whereabouts._persons.bands().values()]
    assert {band.received for band in bands} == {band.puzzled for band in bands} == {True, False}
    assert any(band.last is None for band in bands) and any(band.seen_off is None for band in bands)


def test_boardings_in_a_row_are_one_row_per_device_and_place() -> None:
    world = Rehearsal(150, 3)
    for vehicle in world.whereabouts.vehicles():
        history = world.whereabouts.why_vehicle(vehicle)
        rows_of = in_rows(history)
        assert [entry for row in rows_of for entry in row] == history
        assert all(type(entry.observation.what) is Boarded for row in rows_of if len(row) > 1 for entry in row)
        assert not any(joins(one[-1], other[0]) for one, other in pairwise(rows_of))


def joins(one: Entry, other: Entry) -> bool:
    """Whether two entries belong in one row."""
    both = all(type(entry.observation.what) is Boarded for entry in (one, other))
    return both and (one.device, one.observation.at) == (other.device, other.observation.at)


@pytest.mark.parametrize("seed", range(6))
def test_an_account_of_rows_is_the_account_of_one_after_another(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    world = Rehearsal(150, seed)
    histories = {vehicle: world.whereabouts.why_vehicle(vehicle) for vehicle in world.whereabouts.vehicles()}
    together = {vehicle: account_of(vehicle, history, 50) for vehicle, history in histories.items()}
    assert any(len(in_rows(history)) < len(history) for history in histories.values())
    monkeypatch.setattr(account, "in_rows", lambda history: [[entry] for entry in history])
    assert together == {vehicle: account_of(vehicle, history, 50) for vehicle, history in histories.items()}


DOOR = """
20:00  m01 @assembly  B-07 boarded by w-0001
20:02  m01 @assembly  B-07 boarded by w-0002
20:03  m01 @assembly  B-07 counted 2 heads
20:04  m01 @assembly  B-07 boarded by w-0003
20:05  m01 @assembly  B-07 boarded by w-0004, w-0001
20:06  m02 @assembly  B-07 boarded by w-0005
"""


def test_a_count_or_another_device_ends_a_row() -> None:
    rows = in_rows(whereabouts(DOOR).why_vehicle(VehicleId("B-07")))
    assert [len(row) for row in rows] == [2, 1, 2, 1]


def test_a_gap_after_a_row_begins_at_its_last_boarding(monkeypatch: pytest.MonkeyPatch) -> None:
    said = DOOR + "20:07  m02 @assembly  B-07 boarded by w-0006\n20:30  m08 @rashideen  B-07 arrived, 3 heads"
    (together,) = whereabouts(said).vehicles()["B-07"].gaps
    monkeypatch.setattr(account, "in_rows", lambda history: [[entry] for entry in history])
    (alone,) = whereabouts(said).vehicles()["B-07"].gaps
    assert together == alone


@pytest.mark.parametrize(
    ("said", "received", "puzzled"),
    [
        ("21:00  r1 @khan  registered at arrival w-0001", True, False),
        ("21:00  m03 @ramouseh  registered at arrival w-0001", False, False),
        ("21:00  r1 @khan  registered at arrival w-0001\n21:01  m03 @ramouseh  registered at arrival w-0001", True, True),
    ],
)
def test_received_is_who_was_registered_at_a_reception_and_puzzled_who_was_at_two_places_at_once(
    said: str, received: bool, puzzled: bool
) -> None:
    folds = whereabouts("20:00  m01 @assembly  registered w-0001 of aleppo\n" + said)
    band = folds._persons.bands()[PersonId("w-0001")]
    assert (band.received, band.puzzled) == (received, puzzled)
    held_as(folds, PersonId("w-0001"), folds.persons()[PersonId("w-0001")])
