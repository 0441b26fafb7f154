"""One deployment as the web serves it: its hub, a view kept per audience while nothing grows, and who waits for growth."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import msgspec

from safepassage.disclosure import Audience
from safepassage.errors import MAY_NOT_RECORD, NOT_ENROLLED, Problem, Refusal, problem
from safepassage.hub import Hub
from safepassage.hub.folder import AUTHORITY
from safepassage.hub.syncing import Admission
from safepassage.observation import Observation
from safepassage.observation.setting import DeviceEnrolled
from safepassage.values.ids import DeviceId, ObserverId
from safepassage.values.people import Role

OPEN_ROLES = (Role.MONITOR, Role.OPERATIONS)
"""Roles that a browser may take by itself in a demonstration."""


class Enrol(msgspec.Struct, frozen=True):
    """A browser asks to be enrolled; `key` is a C2SP verifier key whose name is the device `observer-epoch`."""

    observer: ObserverId
    role: Role
    key: str


class Enrolled(msgspec.Struct, frozen=True):
    device: DeviceId
    epoch: int


class Host:
    """`session` None: everybody on this machine may read it, as in a demonstration."""

    def __init__(self, name: str, hub: Hub, session: str | None = None) -> None:
        self.name, self.hub, self.session = name, hub, session
        self.admission = Admission(hub)
        self._kept: dict[Audience, tuple[tuple[int, int], bytes]] = {}
        self._growth = asyncio.Event()
        self.ending = False
        self._stop: Callable[[], None] = hub.on_growth(self._grown)

    def view_bytes(self, audience: Audience, size: int | None = None) -> bytes:
        """A view as JSON; the newest is made once per entry and second, whoever asks."""
        if size is not None and size < self.hub.ledger.size:
            return msgspec.json.encode(self.hub.view(audience, max(1, size)))
        key = (self.hub.ledger.size, self.hub.clock() // 1000)
        kept = self._kept.get(audience)
        if kept is None or kept[0] != key:
            kept = (key, msgspec.json.encode(self.hub.view(audience)))
            self._kept[audience] = kept
        return kept[1]

    async def grown(self, than: int, timeout: float) -> int:
        """The size once it is more than `than`, or after `timeout` seconds."""
        if self.hub.ledger.size <= than:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._growth.wait(), timeout)
        return self.hub.ledger.size

    def enrol(self, asked: Enrol) -> Enrolled | Problem:
        """Enrol a browser's key, signed by the demonstration's authority; elsewhere the authority does it by hand."""
        device = DeviceId(asked.key.partition("+")[0])
        if not self.hub.folder.about.demonstration:
            return problem(NOT_ENROLLED, device=device)
        if asked.role not in OPEN_ROLES:
            return problem(MAY_NOT_RECORD, role="browser", kind="device_enrolled", may="the authority")
        observer, _, epoch = device.rpartition("-")
        taken = self.hub.door.device(device) is not None
        if taken or observer != asked.observer or not epoch.isdigit():
            return problem(NOT_ENROLLED, device=device)
        decision = DeviceEnrolled(device, asked.observer, asked.role, asked.key)
        answer = self.hub.decide(AUTHORITY, Observation(by=ObserverId("authority"), seen_at=self.hub.clock(), what=decision))
        return answer.problem if isinstance(answer, Refusal) else Enrolled(device, int(epoch))

    def _grown(self, _: int) -> None:
        self._growth.set()
        self._growth = asyncio.Event()

    def end(self) -> None:
        """The server stops: whoever waits for growth is told."""
        self.ending = True
        self._growth.set()

    def close(self) -> None:
        self._stop()
        self.hub.close()
