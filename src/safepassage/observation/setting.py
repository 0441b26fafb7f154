"""The setting: the deployment, devices, posts and watches."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from safepassage.observation.kind import DESKS, EVERYBODY, FIELD_ROLES, Kind, Sphere
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId, PartyId
from safepassage.values.people import Role
from safepassage.values.times import Instant, Stretch

_AUTHORITY = frozenset({Role.AUTHORITY})


class Watched(Enum):
    """What a watch can attest: everything of this kind, at this place, in this stretch, is in the log."""

    STOP = "vehicle stop"
    TAKING = "taking off"
    DEPARTURE = "departure"
    CROSSING = "crossing"
    ARRIVAL = "arrival"
    BOARDING = "boarding"
    ATTACK = "attack"
    HANDOVER = "hand-over"
    REGISTRATION = "registration"
    CONSENT = "consent"
    INQUIRY = "inquiry"
    ACCESS = "access"
    POST = "post"
    RESUMPTION = "resumption"
    REPORT = "report"
    RELEASE = "release"


class DeploymentOpened(Kind, frozen=True):
    """The first entry: the world's full text, and the key that enrols all others. `demonstration` alone lets public demo keys in."""

    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = _AUTHORITY
    phrase: ClassVar[str] = (
        "deployment {deployment} opened by {authority}[?exercise|, an exercise][?demonstration|, a demonstration], world {world}"
    )
    deployment: DeploymentId
    authority: str
    world: str
    exercise: bool = False
    demonstration: bool = False


class DeviceEnrolled(Kind, frozen=True):
    """From here on this key signs for this observer in this role. `key` is a C2SP verifier key; `side` of a party is its own word."""

    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = _AUTHORITY
    phrase: ClassVar[str] = "device {device} enrolled for {observer} as {role}[ of {party}], key {key}"
    device: DeviceId
    observer: ObserverId
    role: Role
    key: str
    party: PartyId | None = None


class DeviceRevoked(Kind, frozen=True):
    """What this device signed after `last_good` is not believed; judged in folds, never deleted."""

    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = _AUTHORITY | {Role.OPERATIONS}
    phrase: ClassVar[str] = "device {device} revoked after number {last_good}"
    device: DeviceId
    last_good: int


class PostTaken(Kind, frozen=True):
    """A monitor is on post where the observation is placed. Presence, not a watch: it attests nothing by itself."""

    phrase: ClassVar[str] = "on post[ until {until}]"
    until: Instant | None = None


class PostLeft(Kind, frozen=True):
    phrase: ClassVar[str] = "left post"


class CheckInMissed(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DESK
    may: ClassVar[frozenset[Role]] = DESKS
    phrase: ClassVar[str] = "no check-in from {observer}"
    observer: ObserverId


class PhoneSeized(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "phone {device} seized by {by_whom}"
    device: DeviceId
    by_whom: PartyId | None = None


class MonitorThreatened(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "{observer} threatened by {by_whom}"
    observer: ObserverId
    by_whom: PartyId | None = None


class MonitorExpelled(Kind, frozen=True):
    may: ClassVar[frozenset[Role]] = FIELD_ROLES | DESKS
    phrase: ClassVar[str] = "{observer} expelled by {by_whom}"
    observer: ObserverId
    by_whom: PartyId | None = None


class WatchClosed(Kind, frozen=True):
    """A monitor signs, at its end, that everything of these kinds here in this stretch is recorded, the gaps excepted."""

    may: ClassVar[frozenset[Role]] = FIELD_ROLES
    phrase: ClassVar[str] = "watch closed, {stretch}: every {kinds} is recorded[, except {gaps}]"
    stretch: Stretch
    kinds: tuple[Watched, ...]
    gaps: tuple[Stretch, ...] = ()


class SignedNote(Kind, frozen=True):
    """A note. The text lies in the erasable store; the ledger holds a salted commitment to it, nothing else (DESIGN 11)."""

    may: ClassVar[frozenset[Role]] = EVERYBODY
    phrase: ClassVar[str] = "note sealed as {commitment}"
    commitment: str


SettingKind = (
    DeploymentOpened
    | DeviceEnrolled
    | DeviceRevoked
    | PostTaken
    | PostLeft
    | CheckInMissed
    | PhoneSeized
    | MonitorThreatened
    | MonitorExpelled
    | WatchClosed
    | SignedNote
)
