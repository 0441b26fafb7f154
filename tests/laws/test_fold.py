"""Arrival order, doubling and lateness change nothing."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.fold import Feed, Keepers, Kept, in_force, order, replay
from safepassage.observation import Entry, Observation, to_bytes
from safepassage.observation.amend import Confirmed, Corrected, Withdrawn
from safepassage.observation.setting import DeviceRevoked
from safepassage.observation.vehicles import HeadsCounted
from safepassage.values.counts import exactly
from safepassage.values.encoding import content_id
from safepassage.values.ids import VehicleId
from safepassage.values.people import Teller
from safepassage.whereabouts.account import MOVING, account_of, vehicles_of
from safepassage.whereabouts.words import Account

NOW = 1_000


@st.composite
def ledgers(draw: Callable[..., int]) -> list[Entry]:
    """Counts by two monitors, and what they and others say of them later: a small grid, so that everything collides."""
    said: list[tuple[Observation, int]] = []
    small = st.integers(0, 4)
    for _ in range(draw(st.integers(1, 12))):
        by, at, kind = draw(st.integers(0, 1)), draw(st.integers(0, 12)) * 100, draw(st.integers(0, 6))
        about = content_id(to_bytes(said[draw(st.integers(0, len(said) - 1))][0])) if said else "0" * 64
        what = {3: Withdrawn(about), 4: Corrected(about, HeadsCounted("B-07", exactly(draw(small)))), 5: Confirmed(about)}.get(kind)
        if kind == 6:
            what = DeviceRevoked(f"m{draw(st.integers(0, 1))}-1", draw(small))
        what = what or HeadsCounted("B-07", exactly(draw(small)))
        told = Teller.DRIVER if draw(st.booleans()) else None
        said.append((Observation(by=f"m{by}", seen_at=at, what=what, told_by=told), draw(small)))
    return [
        Entry(content_id(to_bytes(o)), index, o.seen_at, f"{o.by}-1", sequence, o)
        for index, (o, sequence) in enumerate({content_id(to_bytes(o)): (o, s) for o, s in said}.values())
    ]


@settings(max_examples=400, deadline=None)
@given(ledger=ledgers(), data=st.data())
def test_every_order_and_doubling_leaves_the_same_in_force(ledger: list[Entry], data: st.DataObject) -> None:
    """DESIGN, "What a fold is, exactly": the feed equals the plain definition whatever arrives when, and however often."""
    arrivals = data.draw(st.permutations([*ledger, *ledger]))
    feed, shown = Feed(), {}
    for step, entry in enumerate(arrivals):
        now = NOW if step > len(arrivals) // 2 else NOW // 2
        for change in [*feed.settle(now), *feed.add(replace(entry, index=step), now)]:
            if change.out is not None:
                del shown[change.out.id]
            if change.into is not None:
                shown[change.into.id] = change.into
    for change in feed.settle(NOW):
        assert change.into is not None
        shown.update({change.into.id: change.into} if change.out is None else {})
        if change.out is not None:
            shown[change.into.id] = change.into
    kept = sorted((replace(entry, index=0) for entry in shown.values()), key=order)
    assert kept == [replace(entry, index=0) for entry in in_force(ledger, NOW)]


class Histories:
    """A fold in its plainest form: each vehicle's entries, in order."""

    def start(self) -> dict[VehicleId, list[Entry]]:
        return {}

    def step(self, state: dict[VehicleId, list[Entry]], entry: Entry) -> dict[VehicleId, list[Entry]]:
        return state | {vehicle: [*state.get(vehicle, []), entry] for vehicle in vehicles_of(entry)}


def account(vehicle: VehicleId, history: list[Entry]) -> Account:
    return account_of(vehicle, history, 50)


@settings(max_examples=300, deadline=None)
@given(ledger=ledgers(), data=st.data())
def test_what_is_kept_per_key_equals_replay_in_every_order(ledger: list[Entry], data: st.DataObject) -> None:
    """DESIGN, "What a fold is, exactly": the fast keeping of answers gives what the definition gives, asked at any moment."""
    feed, kept = Feed(), Kept(MOVING, vehicles_of, account)
    keepers = Keepers(kept)
    for entry in data.draw(st.permutations([*ledger, *ledger])):
        for change in feed.add(entry, NOW):
            keepers.add(change)
        if data.draw(st.booleans()):
            kept.answers()
    replayed = replay(Histories(), ledger, NOW)
    assert kept.answers() == {vehicle: account(vehicle, history) for vehicle, history in replayed.items()}
