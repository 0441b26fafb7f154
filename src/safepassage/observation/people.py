"""People: registering, boarding, alighting, being handed over or taken; by wristband, never by name.

Where wristbands were not read, `heads` alone is given; where they were, they are listed and `heads` is their number.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from safepassage.observation.kind import EVERYBODY, FIELD_ROLES, PARTIES, RECEIVERS, Kind
from safepassage.values.counts import Count, Tally
from safepassage.values.ids import GroupId, PartyId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.people import Care, Role

Persons = tuple[PersonId, ...]


class Receiver(Enum):
    """To whom somebody was handed over; the sight of the deployment ends there unless the receiver records on."""

    HOSPITAL = "a hospital"
    PRIVATE_CAR = "a private car"
    AUTHORITY = "another authority"
    RECEPTION = "reception"
    FAMILY = "family"


class PersonRegistered(Kind, frozen=True):
    """Persons of a side who are to leave; the wristbands were put on by whoever signs."""

    phrase: ClassVar[str] = "registered {persons} of {side}[, {care}]"
    persons: Persons
    side: SideId
    care: Care = Care.GENERAL


class GroupFormed(Kind, frozen=True):
    """A family, or others who must stay together."""

    phrase: ClassVar[str] = "{group} formed of {persons}"
    group: GroupId
    persons: Persons


class ManifestRegistered(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | {Role.OPERATIONS}
    phrase: ClassVar[str] = "{vehicle} manifest {persons}"
    vehicle: VehicleId
    persons: Persons


class WristbandIssued(Kind, frozen=True):
    phrase: ClassVar[str] = "wristband {person} issued"
    person: PersonId


class WristbandReplaced(Kind, frozen=True):
    phrase: ClassVar[str] = "wristband {old} replaced by {new}"
    old: PersonId
    new: PersonId


class WristbandRemoved(Kind, frozen=True):
    phrase: ClassVar[str] = "wristband {person} removed by {by_whom}"
    person: PersonId
    by_whom: PartyId | None = None


class Boarded(Kind, frozen=True):
    phrase: ClassVar[str] = "{vehicle} boarded by {persons}"
    vehicle: VehicleId
    persons: Persons


class BoardingDenied(Kind, frozen=True):
    phrase: ClassVar[str] = "{heads} denied boarding of {vehicle}[ ({persons})] by {by_whom}"
    heads: Count
    vehicle: VehicleId
    persons: Persons = ()
    by_whom: PartyId | None = None


class Alighted(Kind, frozen=True):
    phrase: ClassVar[str] = "{heads} alighted from {vehicle}[: {persons}]"
    heads: Count
    vehicle: VehicleId
    persons: Persons = ()


class SeenAboard(Kind, frozen=True):
    phrase: ClassVar[str] = "{vehicle} aboard were {persons}"
    vehicle: VehicleId
    persons: Persons


class Transferred(Kind, frozen=True):
    """From one vehicle to another, on the road or at a swap point."""

    phrase: ClassVar[str] = "{heads} transferred from {vehicle} to {to}[: {persons}]"
    heads: Count
    vehicle: VehicleId
    to: VehicleId
    persons: Persons = ()


class HandedOver(Kind, frozen=True):
    """They left our sight: to whom, from which vehicle. Never an arrival."""

    phrase: ClassVar[str] = "{heads} handed over to {receiver}[ from {vehicle}][: {persons}]"
    heads: Count
    receiver: Receiver
    vehicle: VehicleId | None = None
    persons: Persons = ()


class ReceptionAccepted(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = RECEIVERS
    phrase: ClassVar[str] = "reception accepts {heads}[: {persons}]"
    heads: Count
    persons: Persons = ()


class ArrivalRegistered(Kind, frozen=True):
    """Wristbands read at reception, one by one: the only thing that makes a person arrived."""

    may: ClassVar[frozenset[Role]] = RECEIVERS
    phrase: ClassVar[str] = "registered at arrival {persons}"
    persons: Persons


class OnwardMove(Kind, frozen=True):
    phrase: ClassVar[str] = "{heads} moved on to {to}[: {persons}]"
    heads: Count
    to: PlaceId
    persons: Persons = ()


class TakenOff(Kind, frozen=True):
    """Persons taken off a vehicle. By whom is said only if seen; a town or its people are never named."""

    phrase: ClassVar[str] = "{heads} taken off {vehicle}[ at {where}][: {tally}] by {by_whom}"
    heads: Count
    vehicle: VehicleId
    where: PlaceId | None = None
    tally: Tally | None = None
    by_whom: PartyId | None = None


class Separated(Kind, frozen=True):
    phrase: ClassVar[str] = "{group} separated[: {persons}]"
    group: GroupId
    persons: Persons = ()


class Reunited(Kind, frozen=True):
    phrase: ClassVar[str] = "{group} reunited"
    group: GroupId


class ChildAloneFound(Kind, frozen=True):
    phrase: ClassVar[str] = "child alone found: {person}"
    person: PersonId


class GuardianTakenOver(Kind, frozen=True):
    phrase: ClassVar[str] = "guardian has taken over {person}"
    person: PersonId


class Born(Kind, frozen=True):
    phrase: ClassVar[str] = "born[ aboard {vehicle}][, {person}]"
    vehicle: VehicleId | None = None
    person: PersonId | None = None


class Basis(Enum):
    """On what a death rests; never on absence."""

    SEEN = "seen by the signer"
    DOCTOR = "certified by a doctor"
    FAMILY = "told by the family"


class Died(Kind, frozen=True):
    """A death, on what it rests, and whose doing it was if that was seen. Never inferred from absence."""

    phrase: ClassVar[str] = "died[ aboard {vehicle}][, {person}], {basis}[, by {by_party}]"
    basis: Basis
    vehicle: VehicleId | None = None
    person: PersonId | None = None
    by_party: PartyId | None = None


class BodyHandedOver(Kind, frozen=True):
    phrase: ClassVar[str] = "body handed over to {receiver}[, {person}]"
    receiver: Receiver
    person: PersonId | None = None


class Injured(Kind, frozen=True):
    phrase: ClassVar[str] = "{heads} injured[ aboard {vehicle}] by {by_whom}"
    heads: Count
    vehicle: VehicleId | None = None
    by_whom: PartyId | None = None


class TriageChanged(Kind, frozen=True):
    phrase: ClassVar[str] = "{person} is now {care}"
    person: PersonId
    care: Care


class ChoseToStay(Kind, frozen=True):
    phrase: ClassVar[str] = "{heads} of {side} chose to stay[: {persons}]"
    heads: Count
    side: SideId
    persons: Persons = ()


class ConsentAsked(Kind, frozen=True):
    """A sample or group asked whether they leave of their own will; by number, never by wristband (DESIGN 11)."""

    phrase: ClassVar[str] = "consent asked of {asked} of {present}: {willing} willing, {forced} forced[?apart|, apart from armed men]"
    asked: int
    present: int
    willing: int
    forced: int
    apart: bool = False


class DestinationChosen(Kind, frozen=True):
    phrase: ClassVar[str] = "destination {to} chosen by {persons}"
    to: PlaceId
    persons: Persons


class Robbed(Kind, frozen=True):
    phrase: ClassVar[str] = "{heads} robbed[ aboard {vehicle}] by {by_whom}"
    heads: Count
    vehicle: VehicleId | None = None
    by_whom: PartyId | None = None


class PapersTaken(Kind, frozen=True):
    phrase: ClassVar[str] = "papers of {heads} taken[ aboard {vehicle}] by {by_whom}"
    heads: Count
    vehicle: VehicleId | None = None
    by_whom: PartyId | None = None


class WaitingCounted(Kind, frozen=True):
    """Heads waiting at an assembly place, counted independently of any list. `celsius`: as read there."""

    phrase: ClassVar[str] = "{heads} waiting[, {celsius} degrees][?outdoors|, outdoors]"
    heads: Count
    celsius: int | None = None
    outdoors: bool = False


class IdentityMerged(Kind, frozen=True):
    """Two codes are one person; `IdentityUnmerged` takes it back. An edge between two histories, never a rewriting."""

    may: ClassVar[frozenset[Role]] = FIELD_ROLES | {Role.OPERATIONS}
    phrase: ClassVar[str] = "{person} is the same as {same_as}"
    person: PersonId
    same_as: PersonId


class IdentityUnmerged(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | {Role.OPERATIONS}
    phrase: ClassVar[str] = "{person} is not the same as {same_as}"
    person: PersonId
    same_as: PersonId


class WeaponHandedIn(Kind, frozen=True):
    phrase: ClassVar[str] = "{number} weapons handed in"
    number: int


class DetaineeReleased(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | PARTIES
    phrase: ClassVar[str] = "{heads} detainees released by {by_whom}"
    heads: Count
    by_whom: PartyId | None = None


class DetaineeDeclined(Kind, frozen=True):
    """Detainees who were offered to the exchange and declined to go."""

    may: ClassVar[frozenset[Role]] = EVERYBODY
    phrase: ClassVar[str] = "{heads} detainees declined to go"
    heads: Count


PeopleKind = (
    PersonRegistered
    | GroupFormed
    | ManifestRegistered
    | WristbandIssued
    | WristbandReplaced
    | WristbandRemoved
    | Boarded
    | BoardingDenied
    | Alighted
    | SeenAboard
    | Transferred
    | HandedOver
    | ReceptionAccepted
    | ArrivalRegistered
    | OnwardMove
    | TakenOff
    | Separated
    | Reunited
    | ChildAloneFound
    | GuardianTakenOver
    | Born
    | Died
    | BodyHandedOver
    | Injured
    | TriageChanged
    | ChoseToStay
    | ConsentAsked
    | DestinationChosen
    | Robbed
    | PapersTaken
    | WaitingCounted
    | IdentityMerged
    | IdentityUnmerged
    | WeaponHandedIn
    | DetaineeReleased
    | DetaineeDeclined
)
