"""What stands beside a plan's trips: when its gates are open, and who has no place in it."""

from __future__ import annotations

import msgspec

from safepassage.values.times import Stretch


class GateView(msgspec.Struct, frozen=True):
    """A gate that the planning names, and when it is open, as its hours were stated: from the day before on."""

    place: str
    open: tuple[Stretch, ...]


class NotPlannedView(msgspec.Struct, frozen=True):
    """Persons who wait and are in no trip of a plan: `said` why, and `remedy`, what whoever decides can do."""

    side: str
    name: str
    group: str | None
    persons: int
    said: str
    remedy: str
