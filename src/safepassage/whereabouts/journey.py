"""Journeys of those who belong together, and of those whose trace ends: families apart, wristbands not read since, hand-overs.

Nothing here is more than what was read, listed or counted; where a trace ends, that is all that is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from safepassage.observation import Entry
from safepassage.observation.people import GroupFormed, HandedOver, Receiver, Reunited, Separated
from safepassage.values.counts import Count
from safepassage.values.ids import EntryId, GroupId, PersonId, PlaceId, VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts.words import Account, Basis, PersonTrace, Step


class Member(msgspec.Struct, frozen=True):
    """One of a group, and where the wristband was last read; None: never."""

    person: PersonId
    last: Step | None


class GroupNow(msgspec.Struct, frozen=True):
    """Who must stay together, and where each was last read. `apart`: not all at one place; `signed`: somebody signed that they were
    separated, and nobody that they are together again."""

    group: GroupId
    members: tuple[Member, ...]
    apart: bool
    signed: bool
    entries: tuple[EntryId, ...]


class Unread(msgspec.Struct, frozen=True):
    """Wristbands read aboard, boarding at one place, and read nowhere since; by the leg on which their vehicle was last."""

    vehicle: VehicleId
    start: PlaceId
    end: PlaceId
    persons: tuple[PersonId, ...]
    since: Instant
    entries: tuple[EntryId, ...]


class Away(msgspec.Struct, frozen=True):
    """A hand-over with which people left our sight: to whom, where, how many."""

    receiver: Receiver
    place: PlaceId
    at: Instant
    vehicle: VehicleId | None
    heads: Count
    persons: tuple[PersonId, ...]
    entry: EntryId


def last_read(trace: PersonTrace) -> Step | None:
    """The newest step that rests on a wristband that was read."""
    return next((step for step in reversed(trace.steps) if step.basis is Basis.SCANNED), None)


def groups_of(entry: Entry) -> tuple[GroupId, ...]:
    """The group that an entry speaks of."""
    match entry.observation.what:
        case GroupFormed(group) | Separated(group) | Reunited(group):
            return (group,)
        case _:
            return ()


GROUPING: frozenset[type] = frozenset({GroupFormed, Separated, Reunited})


def group_of(history: list[Entry]) -> tuple[tuple[PersonId, ...], bool, tuple[EntryId, ...]]:
    """The fold of one group's history: its members, whether a signed separation stands, the entries behind it."""
    members: dict[PersonId, None] = {}
    signed = False
    for entry in history:
        match entry.observation.what:
            case GroupFormed(_, persons):
                members.update(dict.fromkeys(persons))
            case Separated() if entry.observation.told_by is None:
                signed = True
            case Reunited() if entry.observation.told_by is None:
                signed = False
            case _:
                pass
    return tuple(members), signed, tuple(entry.id for entry in history)


def group_now(
    group: GroupId,
    members: tuple[PersonId, ...],
    signed: bool,
    entries: tuple[EntryId, ...],
    last: Callable[[PersonId], Step | None],
) -> GroupNow:
    """Where each member was last read, and whether that is one place."""
    found = [Member(person, last(person)) for person in members]
    places = {(member.last.kind, member.last.where) if member.last else ("never read", "") for member in found}
    return GroupNow(group, tuple(found), len(places) > 1, signed, entries)


def unread_since(place: PlaceId | None, lasts: Iterable[tuple[PersonId, Step]], accounts: Mapping[VehicleId, Account]) -> list[Unread]:
    """Whoever boarded (here) and was not read since, by vehicle and leg; a count of heads does not say who.

    `lasts`: each person's newest reading.
    """
    found: dict[tuple[VehicleId, PlaceId, PlaceId], list[tuple[PersonId, Step]]] = {}
    for person, step in lasts:
        if step.kind != "vehicle" or (place is not None and step.here != place):
            continue
        vehicle = VehicleId(step.where)
        found.setdefault((vehicle, *_leg(accounts.get(vehicle), step)), []).append((person, step))
    return [
        Unread(
            vehicle,
            start,
            end,
            tuple(sorted(person for person, _ in read)),
            min(step.since for _, step in read),
            tuple(sorted({step.entry for _, step in read})),
        )
        for (vehicle, start, end), read in sorted(found.items())
    ]


def _leg(account: Account | None, step: Step) -> tuple[PlaceId, PlaceId]:
    """The last leg that the vehicle drove before it was next emptied; the place of boarding twice where it has not left."""
    moves = account.moves if account else ()
    emptied = min((stop.at for stop in account.alighted if stop.at > step.since), default=None) if account else None
    driven = [move for move in moves if move.departed >= step.since and (emptied is None or move.departed <= emptied)]
    return (driven[-1].start, driven[-1].end) if driven else (PlaceId(step.here), PlaceId(step.here))


def away_of(entry: Entry) -> Away | None:
    """A signed hand-over to anybody but reception."""
    seen = entry.observation
    match seen.what:
        case HandedOver(heads, receiver, vehicle, persons) if seen.told_by is None and receiver is not Receiver.RECEPTION:
            return Away(receiver, seen.at or PlaceId("not-known"), seen.seen_at, vehicle, heads, persons, entry.id)
        case _:
            return None
