"""What was known then, cut off per subject, is what the folds say over what had been heard by then; `as_of`: what is known now of then."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from safepassage.fold import Feed
from safepassage.picture import Picture
from safepassage.values.ids import VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts import Whereabouts
from tests.laws.night import answers, entries, view_of
from tests.laws.worlds import Rehearsal


def heard(size: int | None = None) -> Picture:
    known = entries()[:size]
    return Picture.of(known, known[-1].logged_at)


@pytest.mark.parametrize("size", [120, 300, 430, 556, 570, 600, 660])
def test_one_subject_as_known_then_needs_no_replay_and_equals_it(size: int) -> None:
    """The night holds a correction, late and doubled reports; every wristband and vehicle is asked."""
    now, then = heard(), heard(size).whereabouts
    past = now.as_known(size).whereabouts
    codes, vehicles = now.whereabouts.persons().keys(), now.whereabouts.vehicles().keys()
    assert {code: past.person(code) for code in codes} == {code: then.person(code) for code in codes}
    assert {one: past.vehicle(one) for one in vehicles} == {one: then.vehicles().get(one) for one in vehicles}


@pytest.mark.parametrize("size", [300, 570, 640])
def test_all_of_it_as_known_then_equals_the_folds_of_that_prefix(size: int) -> None:
    past, then = heard().as_known(size), heard(size)
    assert view_of(past) == view_of(then)
    assert (past.now, past.size, past.held, past.plans(), past.calls()) == (then.now, then.size, then.held, then.plans(), then.calls())
    here, there = past.whereabouts, then.whereabouts
    assert (here.persons(), here.waits(), here.aways(), here.watches()) == (there.persons(), there.waits(), there.aways(), there.watches())
    assert [past.knows(entry.id) for entry in entries()] == [then.knows(entry.id) for entry in entries()]


@pytest.mark.parametrize("number", [200, 450, 600])
def test_by_what_had_been_heard_by_an_instant(number: int) -> None:
    at = Instant(entries()[number].logged_at + 1000)
    known = [entry for entry in entries() if entry.logged_at <= at]
    assert answers(heard().as_heard(at)) == answers(Picture.of(known, at))


def test_nothing_is_added_to_what_was() -> None:
    past = heard().as_known(300)
    with pytest.raises(TypeError):
        past.whereabouts._vehicles.put(entries()[310])


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
    past = folds.then(lambda id: feed.form_at(id, size, far))
    assert past.vehicles() == then.vehicles()
    assert all(past.person(code) == then.person(code) for code in folds.persons())


def test_as_of_takes_in_what_was_corrected_since() -> None:
    """At 22:10 four were not accounted for, as known; by the correction of 22:38 it had been two."""
    size = next(entry.index for entry in entries() if "corrects" in type(entry.observation.what).phrase) - 1
    at = entries()[size].logged_at
    (known,) = [gap for gap in heard(size + 1).whereabouts.gaps(at) if gap.vehicle == VehicleId("B-07")]
    (was,) = [gap for gap in heard().as_of(at).whereabouts.gaps(at) if gap.vehicle == VehicleId("B-07")]
    assert (known.missing.low, was.missing.low) == (4, 2)
