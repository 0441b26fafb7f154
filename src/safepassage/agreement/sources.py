"""Clauses that ask for several independent sources: every record in the form in which it counts for them.

A record counts as signed there once enough independent sources have signed it: its signer, who saw it, and everybody who confirms
it. Until then it is alleged, a watch or a post like any other. What is decided or kept at a desk is an act, not a sighting: it
counts by its own signature. Law: equal to `naive_sources.graded`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from safepassage.fold import Change
from safepassage.observation import Entry, Sphere
from safepassage.observation.amend import Confirmed
from safepassage.observation.setting import DeviceEnrolled
from safepassage.values.ids import DeviceId, EntryId, ObserverId, PartyId
from safepassage.values.people import Teller
from safepassage.values.places import World
from safepassage.values.times import Instant


class Signer(msgspec.Struct, frozen=True):
    """Who signed, with which device, and for whom: a side, a party of none, or nobody but themselves."""

    observer: ObserverId
    device: DeviceId
    speaks_for: str = ""

    def knows(self, other: Signer) -> bool:
        """Whether the two are no independent sources: one person, one device, or one side's word."""
        return self.observer == other.observer or self.device == other.device or self.speaks_for == other.speaks_for != ""


def independent(sources: Iterable[Signer]) -> int:
    """How many groups of them know nothing of each other: never more than there are independent ones."""
    groups: list[list[Signer]] = []
    for source in sources:
        known = [group for group in groups if any(source.knows(one) for one in group)]
        groups = [group for group in groups if group not in known] + [[source, *(one for group in known for one in group)]]
    return len(groups)


class Graded:
    """What is in force, kept up in the form in which it counts where `number` independent sources are asked for."""

    def __init__(self, number: int, world: World) -> None:
        self._number = number
        self._sides = {party.id: party.side or party.id for party in world.parties}
        self._entries: dict[EntryId, Entry] = {}
        self._shown: dict[EntryId, Entry] = {}
        self._confirmed: defaultdict[EntryId, dict[EntryId, Entry]] = defaultdict(dict)
        self._enrolled: defaultdict[DeviceId, dict[EntryId, tuple[Instant, EntryId, PartyId]]] = defaultdict(dict)
        self._signed_by: defaultdict[DeviceId, set[EntryId]] = defaultdict(set)
        """What a device signed or confirmed: to be graded anew when it is enrolled for a party."""

    def move(self, change: Change) -> list[Change]:
        """What a change of what is in force changes here."""
        touched: dict[EntryId, None] = {}
        for entry, into in ((change.out, False), (change.into, True)):
            if entry is not None:
                touched |= dict.fromkeys(self._take(entry, into))
        return [graded for id in touched if (graded := self._grade(id)) is not None]

    def forms(self) -> Iterable[Entry]:
        """Every entry in force, in no order."""
        return self._shown.values()

    def confirming(self, id: EntryId) -> list[EntryId]:
        """The entries that confirm one, in order."""
        return sorted(self._confirmed.get(id, ()))

    def _take(self, entry: Entry, into: bool) -> list[EntryId]:
        """The entries whose grade this one may change."""
        (self._entries.__setitem__ if into else lambda id, _: self._entries.pop(id))(entry.id, entry)
        touched = [entry.id]
        match entry.observation.what:
            case Confirmed(about) if entry.observation.told_by is None:
                (self._confirmed[about].__setitem__ if into else lambda id, _: self._confirmed[about].pop(id))(entry.id, entry)
                self._signed_by[entry.device].add(about)
                touched.append(about)
            case DeviceEnrolled(device, _, _, _, party) if party is not None:
                self._enrolled[device].pop(entry.id, None)
                if into:
                    self._enrolled[device][entry.id] = (entry.observation.seen_at, entry.id, party)
                touched += sorted(self._signed_by[device])
            case _:
                self._signed_by[entry.device].add(entry.id)
        return touched

    def _grade(self, id: EntryId) -> Change | None:
        entry, before = self._entries.get(id), self._shown.get(id)
        after = None if entry is None else self._form(entry)
        if after == before:
            return None
        if after is None:
            del self._shown[id]
        else:
            self._shown[id] = after
        return Change(before, after)

    def _form(self, entry: Entry) -> Entry:
        seen = entry.observation
        if seen.told_by is not None or type(seen.what).sphere is not Sphere.FIELD or isinstance(seen.what, Confirmed):
            return entry
        signers = [*([] if entry.hearsay else [entry]), *self._confirmed.get(entry.id, {}).values()]
        enough = independent(map(self._source, signers)) >= self._number
        return entry if enough else replace(entry, observation=replace(seen, told_by=Teller.MONITOR))

    def _source(self, entry: Entry) -> Signer:
        """Enrolled for several parties, a device speaks for the first."""
        first = min(self._enrolled.get(entry.device, {}).values(), default=None)
        return Signer(entry.observation.by, entry.device, "" if first is None else self._sides.get(first[2], first[2]))
