"""Call cards: whom an alarm or a witnessed taking asks to be called, about what, by when. People call; the calls are observations.

Nothing is ever sent to a phone on that road: whoever asks a monitor there to look again may put that monitor in danger (DESIGN 5).
"""

from __future__ import annotations

from enum import Enum

import msgspec

from safepassage.observation import Entry
from safepassage.observation.vehicles import StopBegun
from safepassage.values.ids import CardId, EntryId, ObserverId, PartyId, PlaceId, VehicleId
from safepassage.values.places import World
from safepassage.values.times import MINUTE, Instant
from safepassage.whereabouts.words import Alarm, Gap, Post

ANSWER_WITHIN = 15 * MINUTE


class Reason(Enum):
    """Why somebody is called."""

    RECOUNT = "recount"
    LIAISON = "liaison of whoever holds the gate"
    GUARANTOR = "guarantor"


class Asked(msgspec.Struct, frozen=True):
    """One who is to be called: a party, or the monitors on post at a place, none known where `observers` is empty."""

    reason: Reason
    place: PlaceId | None = None
    party: PartyId | None = None
    observers: tuple[ObserverId, ...] = ()


class Card(msgspec.Struct, frozen=True):
    """A call card of one run; `asked` in order of calling."""

    card: CardId
    vehicle: VehicleId
    opened: Instant
    by_when: Instant
    asked: tuple[Asked, ...]
    witnessed: bool = False


def card_of(entry: EntryId) -> CardId:
    """A card is named after the first digits of the entry that opened it."""
    return CardId(f"c-{entry[:8]}")


def alarm_card(alarm: Alarm, history: list[Entry], posts: list[Post], world: World) -> Card:
    """A recount where the vehicle is now, the liaison of whoever holds the place where it was stopped, the guarantors."""
    stops = [entry.observation.at for entry in history if _stopped_between(entry, alarm)]
    gate = next((place for place in reversed(stops) if place is not None), alarm.start)
    there = tuple(sorted({post.observer for post in posts if post.place == alarm.end and _stands(post, alarm.at)}))
    recount = Asked(Reason.RECOUNT, alarm.end, observers=there)
    return Card(alarm.card, alarm.vehicle, alarm.at, Instant(alarm.at + ANSWER_WITHIN), (recount, *_parties(gate, world)))


def taking_card(gap: Gap, world: World) -> Card:
    """Somebody saw it: nothing is to be counted again, and calling begins at once."""
    entry = gap.entries[-1]
    asked = tuple(_parties(gap.last_place, world))
    return Card(card_of(entry), gap.vehicle, gap.last_seen, Instant(gap.last_seen + ANSWER_WITHIN), asked, witnessed=True)


def _stopped_between(entry: Entry, alarm: Alarm) -> bool:
    return isinstance(entry.observation.what, StopBegun) and entry.observation.seen_at <= alarm.at and entry.id not in alarm.entries


def _stands(post: Post, at: Instant) -> bool:
    return post.start <= at and (post.end is None or at <= post.end)


def _parties(gate: PlaceId, world: World) -> list[Asked]:
    """The holder of the gate, where the world states one; every party that answers for no side is a guarantor."""
    holder = world.place(gate).held_by if world.knows(gate) else None
    guarantors = [Asked(Reason.GUARANTOR, party=party.id) for party in world.parties if party.side is None]
    return [*([Asked(Reason.LIAISON, gate, holder)] if holder is not None else []), *guarantors]
