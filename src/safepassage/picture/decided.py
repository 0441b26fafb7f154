"""What people decided and what they were asked: plans, call cards, suspensions, green lights. Small folds over few entries."""

from __future__ import annotations

from enum import Enum

import msgspec
from msgspec.structs import replace

from safepassage.observation import Entry
from safepassage.observation.desk import (
    Answer,
    CallAnswered,
    CallMade,
    PlanAdopted,
    PlanDeclined,
    PlanProposed,
    PlanWithdrawn,
    Reason,
    RefusalAnswered,
    RefusedFor,
)
from safepassage.observation.passage import (
    GreenLightGiven,
    GreenLightWithdrawn,
    PassageReleased,
    PassageResumed,
    PassageSuspended,
    RoadClosed,
    RoadOpened,
    RoomStated,
)
from safepassage.observation.vehicles import DriverAssigned, DriverRefused, VehicleReady
from safepassage.values.ids import CardId, EntryId, EnvelopeDigest, ObserverId, PartyId, PlaceId, PlanId, VehicleId
from safepassage.values.times import Instant


class Standing(Enum):
    """What became of a proposal."""

    WAITING = "waiting"
    ADOPTED = "adopted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class PlanNow(msgspec.Struct, frozen=True):
    """A proposal and what people made of it. In force is the newest that is adopted."""

    proposed: PlanProposed
    at: Instant
    entry: EntryId
    standing: Standing = Standing.WAITING
    decided_by: ObserverId | None = None
    decided_at: Instant | None = None
    decision: EntryId | None = None
    reason: Reason | None = None

    def lapsed(self, now: Instant) -> bool:
        """Nobody decided it, and its first trip can leave on time no more: whoever adopted it now would adopt what is not to be had."""
        return self.standing is Standing.WAITING and min((trip.departs for trip in self.proposed.trips), default=now) < now


class RefusalAnswer(msgspec.Struct, frozen=True):
    """What a person said of a refusal, in the entry `answer`; `anew`: the entry that says it in its stead, None where it is set aside."""

    reason: RefusedFor
    anew: EntryId | None
    by: ObserverId
    at: Instant
    answer: EntryId


class Call(msgspec.Struct, frozen=True):
    at: Instant
    observer: ObserverId
    answer: Answer | None
    entry: EntryId


class Suspension(msgspec.Struct, frozen=True):
    """`stretch.end` is the last instant there is while it lasts: `ended` says whether it was resumed."""

    party: PartyId
    start: Instant
    end: Instant | None
    entry: EntryId


class Room(msgspec.Struct, frozen=True):
    """From the local day of `since` on a reception takes so many persons a day, as the entry says."""

    since: Instant
    persons: int
    entry: EntryId


PLANS: frozenset[type] = frozenset({PlanProposed, PlanAdopted, PlanDeclined, PlanWithdrawn})


def plans_of(_: str, history: list[Entry]) -> dict[PlanId, PlanNow]:
    """Every proposal with its standing; a later adoption replaces an earlier plan."""
    plans: dict[PlanId, PlanNow] = {}
    for entry in history:
        seen = entry.observation
        match seen.what:
            case PlanProposed(plan):
                plans[plan] = PlanNow(seen.what, seen.seen_at, entry.id)
            case PlanAdopted(plan, reason) if plan in plans:
                for other, held in plans.items():
                    if held.standing is Standing.ADOPTED:
                        plans[other] = replace(held, standing=Standing.REPLACED)
                plans[plan] = _decided(plans[plan], Standing.ADOPTED, entry, reason)
            case PlanDeclined(plan, reason) if plan in plans:
                plans[plan] = _decided(plans[plan], Standing.DECLINED, entry, reason)
            case PlanWithdrawn(plan) if plan in plans:
                plans[plan] = _decided(plans[plan], Standing.WITHDRAWN, entry, None)
            case _:
                pass
    return plans


def _decided(plan: PlanNow, standing: Standing, entry: Entry, reason: Reason | None) -> PlanNow:
    seen = entry.observation
    return replace(plan, standing=standing, decided_by=seen.by, decided_at=seen.seen_at, decision=entry.id, reason=reason)


ANSWERS: frozenset[type] = frozenset({RefusalAnswered})


def answers_of(_: str, history: list[Entry]) -> dict[EnvelopeDigest, RefusalAnswer]:
    """The newest answer to each refusal, by its envelope's digest; whether that envelope is kept here is not known here."""
    answers: dict[EnvelopeDigest, RefusalAnswer] = {}
    for entry in history:
        seen = entry.observation
        if isinstance(what := seen.what, RefusalAnswered):
            answers[what.digest] = RefusalAnswer(what.reason, what.entry, seen.by, seen.seen_at, entry.id)
    return answers


CALLS: frozenset[type] = frozenset({CallMade, CallAnswered})


def calls_of(_: str, history: list[Entry]) -> dict[CardId, tuple[Call, ...]]:
    """Calls and answers of every card, in order."""
    cards: dict[CardId, tuple[Call, ...]] = {}
    for entry in history:
        seen = entry.observation
        match seen.what:
            case CallMade(observer, card):
                cards[card] = (*cards.get(card, ()), Call(seen.seen_at, observer, None, entry.id))
            case CallAnswered(observer, card, answer):
                cards[card] = (*cards.get(card, ()), Call(seen.seen_at, observer, answer, entry.id))
            case _:
                pass
    return cards


PASSAGE: frozenset[type] = frozenset({PassageSuspended, PassageResumed, PassageReleased})


def suspensions_of(_: str, history: list[Entry]) -> tuple[Suspension, ...]:
    """Established suspensions by party; released or resumed ends one."""
    found: list[Suspension] = []
    for entry in history:
        seen = entry.observation
        match seen.what:
            case PassageSuspended(party):
                found.append(Suspension(party, seen.seen_at, None, entry.id))
            case PassageResumed(party) | PassageReleased(party):
                found = [replace(s, end=seen.seen_at) if s.party == party and s.end is None else s for s in found]
            case _:
                pass
    return tuple(found)


LIGHTS: frozenset[type] = frozenset({GreenLightGiven, GreenLightWithdrawn})


def lights_of(_: str, history: list[Entry]) -> dict[str, EntryId]:
    """Who has a green light standing: `party-south`, `drivers`, `reception`, and the entry that gave it."""
    lights: dict[str, EntryId] = {}
    for entry in history:
        match entry.observation.what:
            case GreenLightGiven(readiness, party):
                lights[party or readiness.value] = entry.id
            case GreenLightWithdrawn(readiness, party):
                lights.pop(party or readiness.value, None)
            case _:
                pass
    return lights


def withdrawn_of(_: str, history: list[Entry]) -> dict[str, EntryId]:
    """Green lights that were given and withdrawn again, and the entry that withdrew them."""
    found: dict[str, EntryId] = {}
    for entry in history:
        match entry.observation.what:
            case GreenLightWithdrawn(readiness, party):
                found[party or readiness.value] = entry.id
            case GreenLightGiven(readiness, party):
                found.pop(party or readiness.value, None)
            case _:
                pass
    return found


ROADS: frozenset[type] = frozenset({RoadClosed, RoadOpened})


def closed_of(_: str, history: list[Entry]) -> dict[tuple[PlaceId, PlaceId], EntryId]:
    """Roads that are closed, as signed by whoever stands there: from which place to which, and the entry that says so."""
    found: dict[tuple[PlaceId, PlaceId], EntryId] = {}
    for entry in history:
        seen = entry.observation
        match seen.what:
            case RoadClosed(to) if seen.at is not None:
                found[seen.at, to] = entry.id
            case RoadOpened(to) if seen.at is not None:
                found.pop((seen.at, to), None)
            case _:
                pass
    return found


ROOMS: frozenset[type] = frozenset({RoomStated})


def rooms_of(_: str, history: list[Entry]) -> dict[PlaceId, tuple[Room, ...]]:
    """What each reception says that it takes, in the order in which it was said: of two for one day the later counts."""
    found: dict[PlaceId, tuple[Room, ...]] = {}
    for entry in history:
        seen = entry.observation
        if isinstance(what := seen.what, RoomStated) and seen.at is not None:
            since = seen.seen_at if what.since is None else what.since
            found[seen.at] = (*found.get(seen.at, ()), Room(since, what.persons, entry.id))
    return found


DRIVERS: frozenset[type] = frozenset({DriverRefused, DriverAssigned, VehicleReady})


def refusing_of(_: str, history: list[Entry]) -> dict[VehicleId, EntryId]:
    """Vehicles whose drivers refuse, until another is assigned or the vehicle is ready."""
    found: dict[VehicleId, EntryId] = {}
    for entry in history:
        match entry.observation.what:
            case DriverRefused(vehicle):
                found[vehicle] = entry.id
            case DriverAssigned(_, vehicle) | VehicleReady(vehicle):
                found.pop(vehicle, None)
            case _:
                pass
    return found
