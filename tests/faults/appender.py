"""A process that appends without end and says what was acknowledged. The test kills it."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from safepassage.errors import Refusal
from safepassage.ledger.envelope import FIRST, Envelope, Header, read, seal
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.ledger import Ledger
from safepassage.stores.sqlite import SqliteStore
from safepassage.values.encoding import encode
from safepassage.values.ids import DeploymentId, DeviceId
from safepassage.values.times import Instant

DEPLOYMENT, DESK = DeploymentId("exercise"), DeviceId("desk-1")
ORIGIN = "safepassage/exercise"


def envelope(epoch: int, sequence: int = 1, previous: str = FIRST) -> Envelope:
    """What the desk says; every one of them enrols the desk, so that the first does."""
    signer = demo_signer(DEPLOYMENT, DESK)
    content = encode({"epoch": epoch, "n": sequence, "keys": {DESK: signer.vkey}})
    made = read(seal(Header(DEPLOYMENT, DESK, epoch, sequence, previous), content, signer))
    assert not isinstance(made, Refusal)
    return made


def main(folder: str) -> None:
    """Continue the device's chain from what is in the ledger; acknowledge by one line for each receipt."""
    ledger = Ledger(SqliteStore(Path(folder)), demo_signer(DEPLOYMENT, DeviceId("log")), ORIGIN)
    sequence, previous = ledger.size, FIRST
    for row in ledger.read(max(0, ledger.size - 1)):
        previous = hashlib.sha256(row.envelope).hexdigest()
    while True:
        batch = []
        for _ in range(1 + sequence % 3):
            sequence += 1
            batch.append(envelope(1, sequence, previous))
            previous = batch[-1].digest
        for receipt in ledger.append(batch, Instant(1_000 + sequence)):
            os.write(1, f"{receipt.index} {receipt.id}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1])
