"""Our own bound beside a claim: from signed observations, or a sentence why it is not known."""

from __future__ import annotations

import pytest

from safepassage.claims import Claims, Dispute, our_bounds
from safepassage.values.counts import Count, exactly
from safepassage.whereabouts import Whereabouts
from tests.claims.making import NOW, WORLD, changes, entries

SEEN = """
    10:10  m17 @ramouseh  B-07 departed for rashideen, 48 heads
    10:20  m17 @ramouseh  B-08 departed for rashideen, 49–50 heads
    10:50  m22 @rashideen  B-07 arrived
    10:55  m22 @rashideen  48 alighted from B-07
    10:30  m31 @foua-gate  B-21 burned by persons not identified
"""


def beside(claim: str, seen: str = SEEN) -> Dispute:
    claims, whereabouts = Claims(WORLD), Whereabouts(WORLD)
    for change in changes(entries(f"{seen}\n12:00  desk  {claim}, 10:00 to 11:00, record X")):
        claims.add(change)
        whereabouts.add(change)
    (dispute,) = claims.disputes(our_bounds(WORLD, whereabouts, NOW))
    return dispute


@pytest.mark.parametrize(
    ("claim", "ours", "words"),
    [
        ("icrc says left: 97 persons at ramouseh, in one convoy", Count(97, 98), "can hold with ours"),
        ("icrc says left: 97 persons at aleppo-east, in one convoy", Count(97, 98), "can hold with ours"),
        ("icrc says left: 135–145 persons at ramouseh, in one convoy", Count(97, 98), "at least 37 above ours"),
        ("icrc says left: 90 persons at ramouseh, in one convoy", Count(97, 98), "at least 7 below ours"),
        ("icrc says left: at least 50 persons at ramouseh, in one convoy", Count(97, 98), "can hold with ours"),
        ("icrc says vehicles departed: 2 buses at ramouseh, in one convoy", exactly(2), "can hold with ours"),
        ("icrc says vehicles burned: 5 buses at foua-gate, in one convoy", exactly(1), "4 above ours"),
        ("icrc says arrived: 40 persons at rashideen, in one convoy", exactly(48), "8 below ours"),
    ],
)
def test_a_figure_stands_beside_what_was_seen(claim: str, ours: Count, words: str) -> None:
    dispute = beside(claim)
    assert dispute.ours == ours and [voice.beside_ours for voice in dispute.voices] == [words]


def test_what_nobody_watched_is_said_beside_what_was_seen() -> None:
    said = beside("icrc says left: 97 persons at ramouseh, in one convoy").ours_said
    assert said == "aboard 2 vehicles seen to depart; on foot or in private cars nobody watched"


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("icrc says left: 300 persons at foua-gate, in one convoy", "nobody neutral counted there"),
        ("icrc says left: 20 fighters at ramouseh, in one convoy", "we do not count fighters apart"),
        ("icrc says killed: 4 persons at ramouseh, in one convoy", "no death is computed here"),
        ("icrc says reported missing: 4 persons at ramouseh, in one convoy", "who is missing is never computed"),
        ("icrc says remaining: 4 persons at ramouseh, as it stood", "nobody neutral counted there"),
    ],
)
def test_what_we_do_not_know_has_a_reason(claim: str, why: str) -> None:
    dispute = beside(claim)
    assert dispute.ours is None and why in dispute.ours_said
    assert dispute.voices[0].beside_ours == "ours is not known"


def test_what_a_passenger_only_told_is_no_bound() -> None:
    told = "10:10  m17 @ramouseh  told by a passenger: B-07 departed for rashideen, 48 heads"
    assert beside("icrc says left: 48 persons at ramouseh, in one convoy", told).ours is None


def test_a_vehicle_that_nobody_counted_is_open_up_to_its_seats() -> None:
    dispute = beside("icrc says left: 48 persons at ramouseh, in one convoy", "10:10  m17 @ramouseh  B-07 departed for rashideen")
    assert dispute.ours == Count(0, 50)


def test_who_came_back_has_not_left() -> None:
    back = (
        SEEN
        + "\n10:40  m18 @rashideen  B-08 turned back to ramouseh by persons not identified\n10:59  m17 @ramouseh  49–50 alighted from B-08"
    )
    dispute = beside("icrc says left: 97 persons at ramouseh, in one convoy", back)
    assert dispute.ours == Count(47, 49)
