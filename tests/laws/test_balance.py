"""Places + runs + left sight = registered + unregistered + born - died, each term within bounds that hold the truth (DESIGN 5)."""

from __future__ import annotations

from collections import Counter

import pytest

from safepassage.observation.people import Born, Died, PersonRegistered
from safepassage.simulate.actors import Act, Truth
from safepassage.simulate.devices import NONE, Flaws
from safepassage.simulate.world import SIDES, reception
from safepassage.values.counts import Count
from tests.laws.worlds import FAR, Rehearsal, fold

AWAY = ("a hospital", "a private car")


def holds(bounds: Count, truth: int) -> bool:
    return bounds.low <= truth and (bounds.high is None or truth <= bounds.high)


def check(made: Rehearsal, cut: int) -> int:
    """Both sides' sums after a deed, against the truth; how many unregistered the bounds are sure of."""
    heard = [entry for entry in made.entries if made.deed_of[entry.id] <= cut]
    known, sure = fold(made.ground, heard), 0
    truth, side_of = Truth(made.ground), {i: family.side for family in made.ground.families for i in family.members}
    for deed in made.deeds[: cut + 1]:
        truth.take(deed)
        if deed.act is Act.BEAR:
            side_of[deed.people[0]] = SIDES[0] if made.ground.world.vehicle(deed.vehicle).side == SIDES[0] else SIDES[1]
    for side in SIDES:
        balance = known.balance(side, made.deeds[cut].at)
        where = Counter(place for index, place in truth.where.items() if side_of[index] == side)
        vehicles = {vehicle.id for vehicle in made.ground.world.vehicles}
        runs, received, away = (sum(where[p] for p in places) for places in (vehicles, [reception(side)], AWAY))
        listed = {c for e in heard if isinstance(w := e.observation.what, PersonRegistered) and w.side == side for c in w.persons}
        lives = [e for e in {e.id: e for e in heard}.values() if isinstance(e.observation.what, Born | Died)]
        own = [type(e.observation.what) for e in lives if made.ground.world.vehicle(e.observation.what.vehicle).side == side]
        people = sum(where.values()) - own.count(Died)
        unregistered = people + own.count(Died) - len(listed) - own.count(Born)
        assert (balance.registered, balance.born, balance.died) == (len(listed), own.count(Born), own.count(Died))
        assert holds(balance.on_runs, runs) and holds(balance.received, received) and holds(balance.left_sight, away), (balance, where)
        assert holds(balance.unregistered, unregistered) and holds(balance.people, people), (balance, unregistered, people)
        assert holds(balance.elsewhere, people - runs - received - away), (balance, where)
        sure += balance.unregistered.low
    return sure


@pytest.mark.parametrize("lost", [20, 200, 450])
def test_the_truth_of_every_term_is_within_its_bounds(lost: int) -> None:
    sure = 0
    for seed in range(25):
        made = Rehearsal(300, seed, Flaws(lost=lost))
        sure += sum(check(made, len(made.deeds) * eighth // 8 - 1) for eighth in (3, 5, 8))
    assert lost < 200 or sure > 0, "nothing was said of the unregistered, so nothing was tried"


def test_with_nothing_lost_the_unregistered_who_arrived_are_counted() -> None:
    """Six hundred people, some on no list, all received: whoever arrived beyond the list was on none."""
    made = Rehearsal(600, 4, NONE)
    last = len(made.deeds) - 1
    assert check(made, last) >= 0
    assert fold(made.ground, made.entries).balance(SIDES[0], FAR).received.low > 200
