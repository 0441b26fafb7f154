"""Plays a field log: each observer has a device with a key and a chain of its own, and sends exact envelopes, late where it was silent.

The same file gives the same bytes in the same order. Whoever plays decides what the clock says; nothing here waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from safepassage.errors import NOT_REACHED, Refusal, stop
from safepassage.ledger.envelope import FIRST, Header, read, seal
from safepassage.ledger.keys import Signer, demo_signer
from safepassage.notation import parse_log
from safepassage.observation import Observation, to_bytes
from safepassage.observation.setting import DeviceEnrolled
from safepassage.simulate.stage import Stage
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId
from safepassage.values.people import Role
from safepassage.values.times import SECOND, Instant

SIGNAL = 12 * SECOND
"""How long a record takes to reach the hub where there is signal."""


class Deliver(msgspec.Struct, frozen=True):
    """An envelope reaches the hub; `copy` 2 and more are the same bytes again."""

    at: Instant
    envelope: bytes
    observation: Observation
    copy: int = 1


class Ask(msgspec.Struct, frozen=True):
    """The planner is asked for a proposal."""

    at: Instant


class Adopt(msgspec.Struct, frozen=True):
    """A simulated officer adopts the proposal that waits, if nobody decided before."""

    at: Instant


Cue = Deliver | Ask | Adopt


class Device:
    """One simulated phone: its key is a public demonstration key."""

    def __init__(self, deployment: DeploymentId, observer: ObserverId) -> None:
        self.id = DeviceId(f"{observer}-1")
        self.signer: Signer = demo_signer(deployment, self.id)
        self._deployment, self._sequence, self._previous = deployment, 0, FIRST

    def seal(self, observation: Observation) -> bytes:
        """The next envelope of the chain. A simulated phone has seen no tree head."""
        self._sequence += 1
        data = seal(Header(self._deployment, self.id, 1, self._sequence, self._previous), to_bytes(observation), self.signer)
        made = read(data)
        if isinstance(made, Refusal):
            stop(NOT_REACHED, reason="a sealed envelope cannot be read")
        self._previous = made.digest
        return data


def enrolments(deployment: DeploymentId, stage: Stage) -> list[DeviceEnrolled]:
    """What the authority signs before anybody records."""
    return [
        DeviceEnrolled(DeviceId(f"{e.observer}-1"), e.observer, e.role, demo_signer(deployment, DeviceId(f"{e.observer}-1")).vkey, e.party)
        for e in stage.enrolled
        if e.role is not Role.HUB
    ]


def cues(deployment: DeploymentId, log: str, stage: Stage, file: str = "field.log") -> list[Cue]:
    """Everything that happens, in order of happening at the hub."""
    devices: dict[ObserverId, Device] = {}
    sent = {(one.observer, one.seen_at): one.at for one in stage.sendings}
    found: list[Cue] = [*map(Ask, stage.proposals), *map(Adopt, stage.adoptions)]
    lines = sorted(parse_log(log, file), key=lambda line: (line.observation.seen_at, line.number))
    for line in lines:
        observation = line.observation
        device = devices.setdefault(observation.by, Device(deployment, observation.by))
        data = device.seal(observation)
        found += [Deliver(at, data, observation, copy) for copy, at in enumerate(_deliveries(observation, stage, sent), start=1)]
    return sorted(found, key=lambda cue: cue.at)


def _deliveries(
    observation: Observation, stage: Stage, sent: Mapping[tuple[ObserverId, Instant], tuple[Instant, ...]]
) -> Iterator[Instant]:
    if times := sent.get((observation.by, observation.seen_at)):
        yield from times
        return
    for silence in stage.silences:
        if silence.observer == observation.by and silence.stretch.holds(observation.seen_at):
            yield from (Instant(silence.stretch.end + copy * SECOND) for copy in range(silence.copies))
            return
    yield Instant(observation.seen_at + SIGNAL)
