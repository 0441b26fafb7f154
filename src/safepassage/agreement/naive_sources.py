"""How many independent sources a record has, by definition: every pair of its signers is asked, of the whole log."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from msgspec.structs import replace

from safepassage.observation import Entry, Sphere
from safepassage.observation.amend import Confirmed
from safepassage.observation.setting import DeviceEnrolled
from safepassage.values.ids import EntryId
from safepassage.values.people import Teller
from safepassage.values.places import World


def graded(entries: Sequence[Entry], number: int, world: World) -> list[Entry]:
    """What is in force, each record as alleged unless so many independent sources signed it."""
    return [_graded(entry, entries, number, world) for entry in entries]


def confirming(entries: Sequence[Entry], id: EntryId) -> list[Entry]:
    """The signed confirmations of an entry."""
    mine = [entry for entry in entries if isinstance(what := entry.observation.what, Confirmed) and what.entry == id]
    return [entry for entry in mine if entry.observation.told_by is None]


def _graded(entry: Entry, entries: Sequence[Entry], number: int, world: World) -> Entry:
    said = entry.observation
    if said.told_by is not None or type(said.what).sphere is not Sphere.FIELD or isinstance(said.what, Confirmed):
        return entry
    signers = ([] if entry.hearsay else [entry]) + confirming(entries, entry.id)
    clusters = {signer.id: {signer.id} for signer in signers}
    for one, other in combinations(signers, 2):
        if _one_source(one, other, entries, world):
            together = clusters[one.id] | clusters[other.id]
            clusters |= dict.fromkeys(together, together)
    apart = {frozenset(cluster) for cluster in clusters.values()}
    return entry if len(apart) >= number else replace(entry, observation=replace(said, told_by=Teller.MONITOR))


def _one_source(one: Entry, other: Entry, entries: Sequence[Entry], world: World) -> bool:
    """One person, one device, or two devices of one side."""
    words = [_speaks_for(entry, entries, world) for entry in (one, other)]
    return one.observation.by == other.observation.by or one.device == other.device or (words[0] == words[1] and words[0] is not None)


def _speaks_for(entry: Entry, entries: Sequence[Entry], world: World) -> str | None:
    """The side, or the party of none, for which the device was enrolled; the first enrolment in force counts."""
    parties = [
        what.party
        for said in entries
        if isinstance(what := said.observation.what, DeviceEnrolled) and what.device == entry.device and what.party is not None
    ]
    if not parties:
        return None
    return next((party.side for party in world.parties if party.id == parties[0] and party.side is not None), parties[0])
