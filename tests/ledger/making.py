"""Devices and envelopes for the ledger's tests: deterministic, from demonstration keys."""

from __future__ import annotations

import hashlib
import json

from safepassage.errors import Refusal
from safepassage.ledger.envelope import FIRST, Envelope, Header, read, seal
from safepassage.ledger.keys import demo_signer
from safepassage.values.encoding import encode
from safepassage.values.ids import DeploymentId, DeviceId
from safepassage.values.times import Instant

DEPLOYMENT = DeploymentId("exercise")
ORIGIN = "safepassage/exercise"
LOG = demo_signer(DEPLOYMENT, DeviceId("log"))
NOON = Instant(1_482_062_400_000)


class Device:
    """A phone: it numbers what it signs, and names what it signed before."""

    def __init__(self, name: str) -> None:
        self.name = DeviceId(name)
        self.signer = demo_signer(DEPLOYMENT, self.name)
        self.sequence, self.previous = 0, FIRST

    def says(self, **content: object) -> Envelope:
        self.sequence += 1
        envelope = self.sealed(Header(DEPLOYMENT, self.name, 1, self.sequence, self.previous), **content)
        self.previous = envelope.digest
        return envelope

    def sealed(self, header: Header, **content: object) -> Envelope:
        envelope = read(seal(header, encode({"by": self.name, **content}), self.signer))
        assert not isinstance(envelope, Refusal), envelope.problem
        return envelope

    def enrols(self, *others: Device) -> Envelope:
        return self.says(kind="enrolled", keys={other.name: other.signer.vkey for other in others})

    def counts(self, number: int) -> list[Envelope]:
        return [self.says(n=self.sequence) for _ in range(number)]


def enrolments(payload: bytes) -> list[tuple[DeviceId, str]]:
    """What `ledger.verify` is given to learn keys from these tests' payloads."""
    value = json.loads(payload)
    return [(DeviceId(name), vkey) for name, vkey in value.get("keys", {}).items()] if isinstance(value, dict) else []


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
