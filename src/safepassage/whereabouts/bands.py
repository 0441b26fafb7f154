"""What is kept of each wristband's history, so that questions about everybody need no timeline: a few words for each code.

`band_of` is quick and keeps little; the timeline (`people.trace_of`) and its questions are made when somebody asks, and say the
same (tests/whereabouts/test_bands.py).
"""

from __future__ import annotations

from typing import Any

import msgspec

from safepassage.observation import Entry
from safepassage.observation.people import (
    Alighted,
    ArrivalRegistered,
    Boarded,
    ChildAloneFound,
    ChoseToStay,
    Died,
    HandedOver,
    IdentityMerged,
    IdentityUnmerged,
    PersonRegistered,
    ReceptionAccepted,
    SeenAboard,
    Transferred,
    WristbandReplaced,
)
from safepassage.values.ids import PersonId, PlaceId, SideId
from safepassage.values.places import PlaceKind, World
from safepassage.values.times import Instant
from safepassage.whereabouts.people import apart_for, same_as

_ABOARD = frozenset({Boarded, SeenAboard, Transferred})
_ARRIVED = frozenset({ReceptionAccepted, ArrivalRegistered})
_OFF = _ARRIVED | {PersonRegistered, ChildAloneFound, Alighted, HandedOver}
_READ = _ABOARD | _OFF | {ChoseToStay, Died}
"""Kinds that rest on a wristband in somebody's hand, where they were not told."""
_SAME = frozenset({IdentityMerged, IdentityUnmerged, WristbandReplaced})


class Band(msgspec.Struct, frozen=True, gc=False):
    """One code. `last`: the entry of its newest reading; `received`: it was registered at a reception; `seen_off`: when it was last
    read anywhere but aboard; `puzzled`: its timeline raises a question."""

    side: SideId | None = None
    same_as: tuple[PersonId, ...] = ()
    last: Entry | None = None
    seen_off: Instant | None = None
    received: bool = False
    puzzled: bool = False


class Bands:
    """The fold of one code's history, in one world."""

    def __init__(self, world: World) -> None:
        self._receptions = frozenset(place.id for place in world.places if place.kind is PlaceKind.RECEPTION)
        self._world = world
        self._apart: dict[tuple[PlaceId, PlaceId], int] = {}

    def of(self, person: PersonId, history: list[Entry]) -> Band:
        side: SideId | None = None
        sides: set[SideId] | None = None
        last: Entry | None = None
        off: Instant | None = None
        received = puzzled = tied = False
        for entry in history:
            seen = entry.observation
            kind = type(seen.what)
            if kind in _READ:
                if kind in _OFF:
                    off = seen.seen_at
                if kind in _ARRIVED and seen.at in self._receptions:
                    received = True
                if isinstance(seen.what, PersonRegistered):
                    side = seen.what.side
                    if seen.told_by is None:
                        sides = {side} if sides is None else sides | {side}
                if seen.told_by is None:
                    puzzled = puzzled or (last is not None and self._odd(last, entry))
                    last = entry
            elif kind in _SAME:
                tied = True
        puzzled = puzzled or (side is None and last is not None) or (sides is not None and len(sides) > 1)
        return Band(side, same_as(person, history) if tied else (), last, off, received, puzzled)

    def _odd(self, before: Entry, after: Entry) -> bool:
        """Whether two readings in a row raise a question: a death before, two vehicles, or two places too soon."""
        one, other = before.observation, after.observation
        first, second = type(one.what), type(other.what)
        if first is Died and second is not Died:
            return True
        if first in _ABOARD and second in _ABOARD and _vehicle(one.what) != _vehicle(other.what):
            return True
        if one.at is None or other.at is None or one.at == other.at:
            return False
        between = one.at, other.at
        least = self._apart.get(between)
        if least is None:
            least = self._apart[between] = apart_for(*between, self._world)
        return other.seen_at - one.seen_at < least


def _vehicle(what: Any) -> str:
    """The vehicle aboard which somebody was read."""
    return str(what.to if type(what) is Transferred else what.vehicle)
