"""The hub is killed in the middle of a phone's batch: the phone asks what arrived, sends the rest; nothing is lost, nothing is twice.

Real processes, real SIGKILLs, at every step that a batch passes.
"""

from __future__ import annotations

import http.client
import signal
from pathlib import Path
from typing import Any

import pytest

from safepassage.hub.folder import Folder
from safepassage.ledger.envelope import content_of
from safepassage.observation.vehicles import HeadsCounted
from safepassage.values.counts import exactly
from tests.faults.syncer import RECEIVING
from tests.faults.test_sync_kill import started
from tests.hub.making import NAME, House
from tests.sync.phoning import digest, given, there

BATCH = 20


class Outbox:
    """What a phone has signed, and its receipts. It goes on where it was, and takes a silent hub for nothing but silent."""

    def __init__(self, signed: list[bytes]) -> None:
        self.waiting = list(signed)
        self.receipts: dict[str, dict[str, Any]] = {}
        self.asked_for = 0

    def send(self, address: str) -> None:
        """Until nothing waits; raises `OSError` or `HTTPException` where the hub falls silent."""
        while self.waiting and (held := there(address, self.waiting[0])):
            self.asked_for += self._settle({each["digest"]: each["receipt"] for each in held})
        while batch := self.waiting[:BATCH]:
            answers = given(address, batch)
            self._settle({digest(each): answer["receipt"] for each, answer in zip(batch, answers, strict=True)})

    def _settle(self, receipts: dict[str, dict[str, Any]]) -> int:
        before = len(self.waiting)
        assert not receipts.keys() & self.receipts.keys(), "a second receipt for what was dropped"
        self.receipts |= receipts
        self.waiting = [each for each in self.waiting if digest(each) not in receipts]
        return before - len(self.waiting)


def served(folder: Folder, outbox: Outbox, *planted: str) -> int:
    """The phone sends to a hub that dies at the planted step; how its process ended."""
    server = started("serve", str(folder.path), *planted)
    assert server.stdout is not None
    try:
        outbox.send(f"http://127.0.0.1:{server.stdout.readline().strip().decode()}/{NAME}")
    except (OSError, http.client.HTTPException):
        assert planted, "the hub fell silent by itself"
    if not planted:
        server.kill()
    try:
        server.communicate(timeout=60)
    finally:
        server.kill()
    return server.returncode


@pytest.mark.slow
@pytest.mark.parametrize("step", RECEIVING)
def test_a_hub_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(tmp_path: Path, step: str) -> None:
    house = House(tmp_path / "night")
    house.enrol("m17")
    signed = [house.sealed("m17", HeadsCounted("B-07", exactly(minute)), minute) for minute in range(1, 61)]
    house.hub.close()
    outbox = Outbox(signed)
    for nth in ("1", "2"):
        assert served(house.folder, outbox, step, nth) == -signal.SIGKILL
        logged = entries(house)
        assert {receipt["id"] for receipt in outbox.receipts.values()} <= set(logged)
    assert served(house.folder, outbox) == -signal.SIGKILL
    assert not outbox.waiting and outbox.receipts.keys() == {digest(each) for each in signed}
    logged = entries(house)
    assert logged[-60:] == [content_of(each) for each in signed] and len(set(logged)) == len(logged)
    assert all(logged[receipt["index"]] == receipt["id"] for receipt in outbox.receipts.values())
    assert house.folder.verify().proved
    assert outbox.asked_for >= (BATCH if "after the tree head" in step or "picture" in step else 0)


def entries(house: House) -> list[str]:
    ledger = house.folder.ledger(writer=False)
    found = [row.id for row in ledger.read()]
    ledger.close()
    return found
