"""Passage and aid: roads, green lights, suspensions, attacks, access, needs and what was delivered."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from safepassage.observation.kind import DESKS, FIELD_ROLES, GUARANTORS, PARTIES, Kind, Sphere
from safepassage.values.counts import Count
from safepassage.values.ids import EntryId, PartyId, PlaceId, VehicleId
from safepassage.values.people import Role
from safepassage.values.times import Instant


class Readiness(Enum):
    """Who must give a green light before anyone boards."""

    PARTY = "party"
    DRIVERS = "drivers"
    RECEPTION = "reception"


class Struck(Enum):
    CONVOY = "a convoy"
    ASSEMBLY = "an assembly point"
    MEDICAL_STAFF = "medical staff"
    MEDICAL_TRANSPORT = "medical transport"
    HOSPITAL = "a hospital"
    MONITORS = "monitors"


class Relief(Enum):
    WATER = "water"
    FOOD = "food"
    HEAT = "heat"
    BLANKETS = "blankets"
    MEDICINE = "medicine"
    SHELTER = "shelter"


class Load(Enum):
    CIVILIAN = "civilian"
    ARMED = "armed"
    MIXED = "mixed"
    MEDICAL = "medical"
    DETAINEE = "detainees"


class RoadOpened(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | PARTIES
    phrase: ClassVar[str] = "road to {to} open"
    to: PlaceId


class RoadClosed(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | PARTIES
    phrase: ClassVar[str] = "road to {to} closed by {by_whom}"
    to: PlaceId
    by_whom: PartyId | None = None


class GreenLightGiven(Kind, frozen=True):
    """Signed readiness of a party, the drivers' leader or reception; adoption of a plan is not permission."""

    may: ClassVar[frozenset[Role]] = PARTIES | {Role.RECEPTION, Role.OPERATIONS}
    phrase: ClassVar[str] = "green light of {readiness}[ {party}]"
    readiness: Readiness
    party: PartyId | None = None


class GreenLightWithdrawn(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = PARTIES | {Role.RECEPTION, Role.OPERATIONS}
    phrase: ClassVar[str] = "green light withdrawn by {readiness}[ {party}]"
    readiness: Readiness
    party: PartyId | None = None


class RoomStated(Kind, frozen=True):
    """How many persons the reception here takes on a day: on the local day of `since` (of the statement, where it says none) and every
    later one, until another statement's day."""

    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "room for {persons} a day[ from {since}]"
    persons: int
    since: Instant | None = None


class PassageReleased(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | PARTIES
    phrase: ClassVar[str] = "passage released by {party}"
    party: PartyId


class PassageSuspended(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | PARTIES
    phrase: ClassVar[str] = "passage suspended by {party}"
    party: PartyId


class PassageResumed(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | PARTIES
    phrase: ClassVar[str] = "passage resumed by {party}"
    party: PartyId


class MovementNotified(Kind, frozen=True):
    """A party was told of a movement (OCHA notification): to inform, not to ask permission."""

    sphere: ClassVar[Sphere] = Sphere.DESK
    may: ClassVar[frozenset[Role]] = DESKS
    phrase: ClassVar[str] = "{party} notified of {number} vehicles to {to} at {departs}"
    party: PartyId
    number: int
    to: PlaceId
    departs: Instant


class MovementAcknowledged(Kind, frozen=True):
    """Acknowledged is not approved."""

    may: ClassVar[frozenset[Role]] = PARTIES
    phrase: ClassVar[str] = "{entry} acknowledged by {party}"
    party: PartyId
    entry: EntryId


class Attacked(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "attack on {struck}[, {vehicle}] by {by_whom}"
    struck: Struck
    vehicle: VehicleId | None = None
    by_whom: PartyId | None = None


class ReliefGiven(Kind, frozen=True):
    phrase: ClassVar[str] = "{relief} given to {heads}"
    relief: Relief
    heads: Count


class AccessAsked(Kind, frozen=True):
    """A monitor, or an aid convoy where `relief` is named, asks to be let through to where the observation is placed."""

    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "access asked of {party}[ for {relief}]"
    party: PartyId
    relief: Relief | None = None


class AccessGranted(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | PARTIES
    phrase: ClassVar[str] = "access granted by {party}, asked in {entry}"
    party: PartyId
    entry: EntryId


class AccessRefused(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | PARTIES
    phrase: ClassVar[str] = "access refused by {party}, asked in {entry}"
    party: PartyId
    entry: EntryId


class NeedStated(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "{relief} needed for {heads}"
    relief: Relief
    heads: Count


class DeliveryMade(Kind, frozen=True):
    phrase: ClassVar[str] = "{relief} delivered for {heads}"
    relief: Relief
    heads: Count


class DeclaredLoad(Kind, frozen=True):
    """What a party itself declares of a trip; never recorded of a person."""

    may: ClassVar[frozenset[Role]] = PARTIES | GUARANTORS
    phrase: ClassVar[str] = "{party} declares {vehicle} {load}"
    party: PartyId
    vehicle: VehicleId
    load: Load


PassageKind = (
    RoadOpened
    | RoadClosed
    | GreenLightGiven
    | GreenLightWithdrawn
    | RoomStated
    | PassageReleased
    | PassageSuspended
    | PassageResumed
    | MovementNotified
    | MovementAcknowledged
    | Attacked
    | ReliefGiven
    | AccessAsked
    | AccessGranted
    | AccessRefused
    | NeedStated
    | DeliveryMade
    | DeclaredLoad
)
