"""Truth always lies within the bounds, where devices err as it is modelled: late, lost, doubled, miscounted, clock off, swapped.

Source: DESIGN 5; what a bound relies on: docs/explanation/whereabouts.md. Ten thousand worlds in `make soak`, three hundred here.
"""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from safepassage.observation import to_bytes
from safepassage.observation.vehicles import Arrived, HeadsCounted
from safepassage.simulate.actors import Truth
from safepassage.simulate.devices import Flaws
from safepassage.values.counts import Count, exactly
from safepassage.values.encoding import content_id
from safepassage.values.times import Instant
from safepassage.whereabouts.conserve import Aboard, bounds_of, components, exact, unseen_of, web_of
from safepassage.whereabouts.tighten import tighten
from tests.laws.worlds import Rehearsal, fold

WORLDS = 300
SIZES = (120, 300, 700)


def holds(bounds: Count, truth: int) -> bool:
    return bounds.low <= truth and (bounds.high is None or truth <= bounds.high)


def check_world(seed: int) -> int:
    """Every bound of one world against its truth; how many bounds were closed above."""
    flaws = Flaws(lost=(20, 200, 450)[seed % 7 % 3], unread=(30, 300)[seed % 5 % 2])
    made = Rehearsal(SIZES[seed % len(SIZES)], seed, flaws)
    sheets = made.whereabouts.sheets()
    closed = 0
    for together in components(sheets):
        web = web_of(sheets[vehicle] for vehicle in together)
        narrowed, missed = bounds_of(web), unseen_of(web)
        assert narrowed is not None and missed is not None, (seed, together, "the truth itself would be a contradiction")
        for entry, arc in web.levels.items():
            aboard = made.deeds[made.deed_of[entry]].aboard
            assert holds(narrowed[arc], aboard) and holds(exact(web, [arc]) or Count(0, -1), aboard), (seed, entry, aboard)
        if web.chain:
            arcs = range(len(web.network.arcs))
            assert all(tighten(web.network, [arc]) == narrowed[arc] for arc in arcs), (seed, "propagation is exact on a chain")
        total = 0
        for gap in missed:
            first, second = (made.deed_of[entry] for entry in gap.entries)
            if first < second:
                truth = made.off_unseen(gap.vehicle, first, second)
                assert holds(gap.heads, truth), (seed, gap, truth)
                if gap.shut:
                    assert made.on_unseen(gap.vehicle, first, second) == 0, (seed, gap)
                closed += gap.heads.high is not None
                total += truth
        shut = [interval.unseen for interval in web.intervals if interval.before and interval.after and interval.shut]
        truths = [made.off_unseen(g.vehicle, *(made.deed_of[entry] for entry in g.entries)) for g in missed if g.shut]
        assert holds(exact(web, shut) or Count(0, -1), sum(truths)), (seed, together)
    return closed


@pytest.mark.parametrize("tenth", range(10))
def test_the_truth_lies_within_every_bound(tenth: int) -> None:
    closed = [check_world(seed) for seed in range(tenth * WORLDS // 10, (tenth + 1) * WORLDS // 10)]
    assert sum(closed) > WORLDS // 10, "nothing was bounded, so nothing was tried"


@pytest.mark.soak
@pytest.mark.parametrize("slice_", range(10))
def test_the_truth_lies_within_every_bound_of_ten_thousand_worlds(slice_: int) -> None:
    for seed in range(WORLDS + slice_ * 1000, WORLDS + (slice_ + 1) * 1000):
        check_world(seed)


def test_no_more_are_aboard_now_than_the_bound_says() -> None:
    """Asked in the middle of the day, while buses are on the road."""
    bounded = [aboard for seed in range(40) for aboard in check_aboard(seed)]
    assert sum(bool(aboard.heads.high) for aboard in bounded) > 20, "nothing was bounded, so nothing was tried"


def check_aboard(seed: int) -> list[Aboard]:
    made = Rehearsal(300, seed)
    cut = len(made.deeds) * (3 + seed % 5) // 8
    known = fold(made.ground, [entry for entry in made.entries if made.deed_of[entry.id] <= cut])
    truth = Truth(made.ground)
    for deed in made.deeds[: cut + 1]:
        truth.take(deed)
    found = [known.aboard(vehicle, made.deeds[cut].at) for vehicle in known.sheets()]
    assert all(holds(aboard.heads, truth.heads[aboard.vehicle]) for aboard in found), (seed, found)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_further_count_that_agrees_never_widens_a_bound(seed: int) -> None:
    """One more count by a monitor at the same place, right within the published allowance, narrows or changes nothing."""
    made = Rehearsal(120, seed)
    dice = Random(seed)
    counted = [entry for entry in made.entries if isinstance(entry.observation.what, Arrived) and entry.observation.what.heads is not None]
    entry = dice.choice(counted)
    vehicle, heads = entry.observation.what.vehicle, made.deeds[made.deed_of[entry.id]].aboard
    seen = replace(entry.observation, seen_at=Instant(entry.observation.seen_at + 1), what=HeadsCounted(vehicle, exactly(heads)))
    more = fold(made.ground, [*made.entries, replace(entry, id=content_id(to_bytes(seen)), observation=seen)])
    before, after = ({gap.entries: gap.heads for gap in folds.unseen()} for folds in (made.whereabouts, more))
    for ends, bounds in before.items():
        if ends in after:  # the interval that the new count lies in is now two
            assert after[ends].low >= bounds.low
            assert bounds.high is None or (after[ends].high is not None and after[ends].high <= bounds.high)
    assert len(set(before) - set(after)) <= 1
