"""The door: an envelope becomes an observation, or a refusal that is kept with its reason. What the world did is not judged here.

Form and signature, who may record what, and whether the words mean anything in this deployment; revocation, contradictions and
amendments are the folds' matter, so that two hubs that hear the same in another order agree.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import asdict

from safepassage.agreement.grammar import parse_agreement
from safepassage.errors import (
    BELOW_ZERO,
    COUNT_REVERSED,
    DEMO_KEY,
    MAY_NOT_RECORD,
    NOWHERE,
    OTHER_DEPLOYMENT,
    OTHER_EPOCH,
    OTHER_PARTY,
    TALLY_OVER,
    UNKNOWN_NAME,
    UNKNOWN_PLACE,
    WRONG_OBSERVER,
    Fault,
    InputError,
    Refusal,
    problem,
)
from safepassage.ledger.envelope import Envelope, check_signature
from safepassage.ledger.keys import VerifyKey, is_demo_key, parse_vkey
from safepassage.observation import Observation, What, from_bytes, tag_of
from safepassage.observation.amend import Corrected
from safepassage.observation.desk import AgreementAdopted, AgreementAmended, ClaimHeard, Predicate
from safepassage.observation.setting import DeploymentOpened, DeviceEnrolled, DeviceRevoked
from safepassage.values.counts import Count, Tally
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId, PartyId, PlaceId
from safepassage.values.people import Role
from safepassage.values.places import Party, Place, Side, World


class Enrolment(msgspec.Struct, frozen=True):
    """Whose key it is, and in which role."""

    observer: ObserverId
    role: Role
    key: VerifyKey
    party: PartyId | None = None
    public: bool = False
    """Anybody can sign with it: a demonstration's key, where this is none."""


class Accepted(msgspec.Struct, frozen=True):
    envelope: Envelope
    observation: Observation


class Waits(msgspec.Struct, frozen=True):
    """Its device is not enrolled yet, or the deployment not opened here: tried again when it is."""

    envelope: Envelope


def epoch_of(device: DeviceId) -> int:
    """A device is named after its observer and the epoch of its key; one that is not has one key, of epoch 1."""
    number = device.rpartition("-")[2]
    return int(number) if number.isdecimal() and int(number) else 1


class Door:
    """Knows one deployment's devices and places; learns devices from the entries that enrol them.

    The authority's key is known from the start: it is in the folder, and signs the opening.
    """

    def __init__(self, deployment: DeploymentId, authority: VerifyKey, demonstration: bool) -> None:
        self._deployment, self._demonstration = deployment, demonstration
        self._authority = DeviceId(authority.name)
        self._devices = {self._authority: self._enrolment(ObserverId("authority"), Role.AUTHORITY, authority)}
        self._revoked: set[DeviceId] = set()
        self._world: World | None = None

    def device(self, device: DeviceId) -> Enrolment | None:
        return self._devices.get(device)

    @property
    def devices(self) -> dict[DeviceId, Enrolment]:
        return dict(self._devices)

    def keys_of(self, role: Role) -> list[VerifyKey]:
        """The keys of devices in this role of which none was revoked, whatever became of the revocation."""
        return [held.key for device, held in self._devices.items() if held.role is role and device not in self._revoked]

    def learn(self, observation: Observation, world: World | None = None) -> DeviceId | None:
        """Take in what an accepted observation says of devices; the device that it lets in. The first enrolment of a name stands."""
        match observation.what:
            case DeploymentOpened():
                self._world = world
                return self._authority
            case DeviceRevoked(device):
                self._revoked.add(device)
                return None
            case DeviceEnrolled(device, observer, role, key_text, party) if device not in self._devices:
                self._devices[device] = self._enrolment(observer, role, parse_vkey(key_text), party)
                return device
            case _:
                return None

    def judge(self, envelope: Envelope) -> Accepted | Waits | Refusal:
        """Deployment, enrolment, signature, epoch, observer, role, words: in this order, so that nothing unsigned is interpreted."""
        device, deployment = envelope.header.device, envelope.header.deployment
        if deployment != self._deployment:
            return _refused(envelope, OTHER_DEPLOYMENT, other=deployment, ours=self._deployment)
        enrolled = self._devices.get(device)
        if enrolled is None:
            return Waits(envelope)
        if enrolled.public:
            return _refused(envelope, DEMO_KEY, device=device)
        if (forged := check_signature(envelope, enrolled.key)) is not None:
            return forged
        if envelope.header.epoch != (own := epoch_of(device)):
            return _refused(envelope, OTHER_EPOCH, device=device, epoch=envelope.header.epoch, own=own)
        try:
            observation = from_bytes(envelope.payload)
        except InputError as wrong:
            return Refusal(wrong.problem, envelope.data)
        if self._world is None and not isinstance(observation.what, DeploymentOpened):
            return Waits(envelope)  # a ledger begins with its opening
        return self._allowed(envelope, observation, enrolled) or Accepted(envelope, observation)

    def _enrolment(self, observer: ObserverId, role: Role, key: VerifyKey, party: PartyId | None = None) -> Enrolment:
        return Enrolment(observer, role, key, party, not self._demonstration and is_demo_key(key, self._deployment))

    def _allowed(self, envelope: Envelope, observation: Observation, enrolled: Enrolment) -> Refusal | None:
        what = observation.what
        if observation.by != enrolled.observer:
            device = envelope.header.device
            return _refused(envelope, WRONG_OBSERVER, device=device, enrolled=enrolled.observer, observer=observation.by)
        said = what.instead if isinstance(what, Corrected) else what
        for recorded in (what, said):
            if enrolled.role not in recorded.may:
                may = ", ".join(sorted(role.value for role in recorded.may))
                return _refused(envelope, MAY_NOT_RECORD, role=enrolled.role.value, kind=tag_of(type(recorded)), may=may)
        spoken_for = getattr(said, "party", None)
        if enrolled.role is Role.PARTY and spoken_for is not None and spoken_for != enrolled.party:
            return _refused(envelope, OTHER_PARTY, device=envelope.header.device, own=enrolled.party or "no party", party=spoken_for)
        return self._names(envelope, observation.at, said) or _counts(envelope, said) or self._texts(envelope, what)

    def _names(self, envelope: Envelope, at: PlaceId | None, said: What) -> Refusal | None:
        """Places, parties and sides that are named must stand in the world: nobody is named who does not."""
        world = self._world
        if world is None:
            return None
        for place in (at, *(getattr(said, field, None) for field in ("to", "where"))):
            if isinstance(place, str) and _is_place(place) and not world.knows(PlaceId(place)):
                return _refused(envelope, UNKNOWN_PLACE, place=place, known=_listed(world.places))
        for kind, fields, those in (("party", ("party", "by_whom"), world.parties), ("side", ("side",), world.sides)):
            for name in (getattr(said, field, None) for field in fields):
                if name is not None and all(each.id != name for each in those):
                    return _refused(envelope, UNKNOWN_NAME, kind=kind, name=name, known=_listed(those))
        return None

    def _texts(self, envelope: Envelope, what: What) -> Refusal | None:
        """Keys and clauses that folds must be able to read for ever after."""
        try:
            match what:
                case DeploymentOpened(_, key) | DeviceEnrolled(_, _, _, key):
                    parse_vkey(key)
                case AgreementAdopted(_, text) | AgreementAmended(_, text) if self._world is not None:
                    parse_agreement(text, self._world)
                case _:
                    pass
        except InputError as wrong:
            return Refusal(wrong.problem, envelope.data)
        return None


def _listed(those: Sequence[Place | Party | Side]) -> str:
    return ", ".join(each.id for each in those)


def _is_place(text: str) -> bool:
    """`to` is a vehicle where people change vehicles."""
    return text[:1].islower()


def _counts(envelope: Envelope, said: What) -> Refusal | None:
    """A number, a count or a part of a tally below zero; bounds the wrong way round; a tally of more than the heads."""
    degrees = "quantity" if isinstance(said, ClaimHeard) and said.predicate is Predicate.TEMPERATURE else "celsius"
    for field, value in asdict(said).items():
        numbers = [*asdict(value).values()] if isinstance(value, Count | Tally) else [value] if type(value) is int else []
        if field != degrees and any(number is not None and number < 0 for number in numbers):
            return _refused(
                envelope, BELOW_ZERO, field=field, value=", ".join(dict.fromkeys(str(number) for number in numbers if number is not None))
            )
        if isinstance(value, Count) and value.high is not None and value.high < value.low:
            return _refused(envelope, COUNT_REVERSED, field=field, low=value.low, high=value.high)
    heads, tally = getattr(said, "heads", None), getattr(said, "tally", None)
    if isinstance(tally, Tally) and isinstance(heads, Count) and heads.high is not None and tally.total > heads.high:
        return _refused(envelope, TALLY_OVER, sum=tally.total, heads=heads)
    return None


def _refused(envelope: Envelope, fault: Fault, **names: object) -> Refusal:
    return Refusal(problem(fault, NOWHERE, **names), envelope.data)
