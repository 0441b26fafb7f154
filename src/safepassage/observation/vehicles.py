"""Vehicles: ready, moving, stopped, lost; and the heads that were counted aboard them."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from safepassage.observation.kind import DESKS, FIELD_ROLES, Kind
from safepassage.values.counts import Count, Tally
from safepassage.values.ids import PartyId, PlaceId, VehicleId
from safepassage.values.people import Role


class Loss(Enum):
    BURNED = "burned"
    BROKEN = "broken down"
    SEIZED = "seized"


class Unlisted(Enum):
    """What an unlisted vehicle looks like from outside; never who is thought to sit in it."""

    CAR = "private car"
    PICKUP = "pickup"
    LORRY = "lorry"
    BUS = "bus"
    AID = "aid vehicle"


class Company(Enum):
    """Who rides along or ahead."""

    RED_CROSS = "Red Cross"
    RED_CRESCENT = "Red Crescent"
    UN = "UN"
    PARTY = "party"


class VehicleReady(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "{vehicle} ready"
    vehicle: VehicleId


class Departed(Kind, frozen=True):
    """Opens a run to `to`. Heads are those aboard at departure, where counted. `last`: its side declared it part of its last convoy."""

    phrase: ClassVar[str] = "{vehicle} departed for {to}[?last|, the last convoy][, {heads} heads][: {tally}]"
    vehicle: VehicleId
    to: PlaceId
    heads: Count | None = None
    tally: Tally | None = None
    last: bool = False


class Passed(Kind, frozen=True):
    phrase: ClassVar[str] = "{vehicle} passed[, {heads} heads][: {tally}]"
    vehicle: VehicleId
    heads: Count | None = None
    tally: Tally | None = None


class Arrived(Kind, frozen=True):
    """Closes the vehicle's run here; those aboard have not arrived by this: that is registered person by person."""

    phrase: ClassVar[str] = "{vehicle} arrived[, {heads} heads][: {tally}]"
    vehicle: VehicleId
    heads: Count | None = None
    tally: Tally | None = None


class TurnedBack(Kind, frozen=True):
    phrase: ClassVar[str] = "{vehicle} turned back to {to} by {by_whom}"
    vehicle: VehicleId
    to: PlaceId
    by_whom: PartyId | None = None


class OutOfAction(Kind, frozen=True):
    """Burned, broken or seized; by whom only if seen. Those aboard are open until they are seen again."""

    phrase: ClassVar[str] = "{vehicles} {loss} by {by_whom}"
    vehicles: tuple[VehicleId, ...]
    loss: Loss
    by_whom: PartyId | None = None


class UnlistedVehicleEntered(Kind, frozen=True):
    phrase: ClassVar[str] = "unlisted {looks} {vehicle} entered"
    looks: Unlisted
    vehicle: VehicleId


class DriverAssigned(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "driver {driver} assigned to {vehicle}"
    driver: int
    vehicle: VehicleId


class DriverRefused(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "driver of {vehicle} refused"
    vehicle: VehicleId


class EscortJoined(Kind, frozen=True):
    phrase: ClassVar[str] = "{vehicle} joined by {company} escort"
    vehicle: VehicleId
    company: Company


class EscortLeft(Kind, frozen=True):
    phrase: ClassVar[str] = "{vehicle} left by {company} escort"
    vehicle: VehicleId
    company: Company


class HeadsCounted(Kind, frozen=True):
    """Heads aboard, counted by the signer where the vehicle stands; living passengers, infants included."""

    phrase: ClassVar[str] = "{vehicle} counted {heads} heads[: {tally}]"
    vehicle: VehicleId
    heads: Count
    tally: Tally | None = None


class StopBegun(Kind, frozen=True):
    """Stopped on the road, by a party's armed men or by persons not identified."""

    phrase: ClassVar[str] = "{vehicle} stopped by {by_whom}"
    vehicle: VehicleId
    by_whom: PartyId | None = None


class StopEnded(Kind, frozen=True):
    phrase: ClassVar[str] = "{vehicle} let go"
    vehicle: VehicleId


class SearchBegun(Kind, frozen=True):
    phrase: ClassVar[str] = "search of {vehicle} begun by {by_whom}"
    vehicle: VehicleId
    by_whom: PartyId | None = None


class SearchEnded(Kind, frozen=True):
    phrase: ClassVar[str] = "search of {vehicle} ended"
    vehicle: VehicleId


VehicleKind = (
    VehicleReady
    | Departed
    | Passed
    | Arrived
    | TurnedBack
    | OutOfAction
    | UnlistedVehicleEntered
    | DriverAssigned
    | DriverRefused
    | EscortJoined
    | EscortLeft
    | HeadsCounted
    | StopBegun
    | StopEnded
    | SearchBegun
    | SearchEnded
)
