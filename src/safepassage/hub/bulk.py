"""Many envelopes judged at once: form and signature speak of one envelope each, so every core takes its share.

Nothing is written here. PyNaCl lets go of the interpreter while it verifies, so threads are enough.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from safepassage.errors import Refusal
from safepassage.intake.door import Accepted, Door, Waits
from safepassage.ledger.envelope import read
from safepassage.observation.setting import DeploymentOpened, DeviceEnrolled

SHARE = 50
"""Envelopes that one thread takes at a time; fewer than two shares are judged where they are."""
Judged = Accepted | Waits | Refusal


class Judges:
    """Threads that wait for work; `close` lets them go."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None

    def judge(self, door: Door, batch: Sequence[bytes]) -> list[Judged]:
        """For each what `door.judge` says of it now, before anything of the batch is learned."""
        if len(batch) < 2 * SHARE:
            return _judged(door, batch)
        self._pool = self._pool or ThreadPoolExecutor(os.cpu_count(), "judge")
        shares = [batch[start : start + SHARE] for start in range(0, len(batch), SHARE)]
        return [judged for share in self._pool.map(lambda share: _judged(door, share), shares) for judged in share]

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()


def lets_in(judged: Accepted) -> bool:
    """Whether what comes after it may be judged otherwise for it."""
    return isinstance(judged.observation.what, DeviceEnrolled | DeploymentOpened)


def _judged(door: Door, batch: Sequence[bytes]) -> list[Judged]:
    envelopes = [read(data) for data in batch]
    return [envelope if isinstance(envelope, Refusal) else door.judge(envelope) for envelope in envelopes]
