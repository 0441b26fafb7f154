"""What was known then, cut off per subject, is what the folds say over what had been heard by then; `as_of`: what is known now of then."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from safepassage.fold import Feed
from safepassage.picture import Picture
from safepassage.values.ids import VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts import Whereabouts
from tests.laws.night import entries
from tests.laws.worlds import Rehearsal


def heard(size: int | None = None) -> Picture:
    known = entries()[:size]
    return Picture.of(known, known[-1].logged_at)


@pytest.mark.parametrize("size", [120, 300, 430, 556, 570, 600, 660])
def test_one_subject_as_known_then_needs_no_replay_and_equals_it(size: int) -> None:
    """The night holds a correction, late and doubled reports; every wristband and vehicle is asked."""
    now, then = heard(), heard(size)
    feed, folds, at = now._feed, now.whereabouts, then.now
    codes, vehicles = folds.persons().keys(), folds.vehicles().keys()
    assert {code: folds.person_as_known(code, feed, size, at) for code in codes} == {code: then.whereabouts.person(code) for code in codes}
    known = then.whereabouts.vehicles()
    assert {one: folds.vehicle_as_known(one, feed, size, at) for one in vehicles} == {one: known.get(one) for one in vehicles}


@pytest.mark.parametrize("size", [300, 570, 640])
def test_all_of_it_as_known_then_equals_the_folds_of_that_prefix(size: int) -> None:
    now, then = heard(), heard(size)
    known = now.whereabouts.as_known(now._feed, size, then.now)
    assert known.gaps(then.now) == then.whereabouts.gaps(then.now)
    assert known.sides(then.now) == then.whereabouts.sides(then.now)
    assert known.persons() == then.whereabouts.persons()


@pytest.mark.parametrize("seed", range(8))
def test_of_a_world_heard_badly_too(seed: int) -> None:
    """Late, lost, doubled; arrival by arrival."""
    made = Rehearsal(120, seed)
    once = list({entry.id: entry for entry in made.entries}.values())
    feed, folds, size, far = Feed(), Whereabouts(made.ground.world), len(once) * 2 // 3, Instant(2_000_000_000_000)
    then = Whereabouts(made.ground.world)
    for entry in (replace(entry, index=number) for number, entry in enumerate(once)):
        for change in feed.add(entry, far):
            folds.add(change)
            if entry.index < size:
                then.add(change)
    assert folds.as_known(feed, size, far).vehicles() == then.vehicles()
    assert all(folds.person_as_known(code, feed, size, far) == then.person(code) for code in folds.persons())


def test_as_of_takes_in_what_was_corrected_since() -> None:
    """At 22:10 four were not accounted for, as known; by the correction of 22:38 it had been two."""
    size = next(entry.index for entry in entries() if "corrects" in type(entry.observation.what).phrase) - 1
    at = entries()[size].logged_at
    (known,) = [gap for gap in heard(size + 1).whereabouts.gaps(at) if gap.vehicle == VehicleId("B-07")]
    (was,) = [gap for gap in heard().as_of(at).whereabouts.gaps(at) if gap.vehicle == VehicleId("B-07")]
    assert (known.missing.low, was.missing.low) == (4, 2)
