"""One side of two hubs that hear each other, in a process of its own; the test kills it.

    python -m tests.faults.syncer serve FOLDER [STEP NTH]            prints its port, and serves
    python -m tests.faults.syncer ask FOLDER ADDRESS [STEP NTH]      hears and gives, once

With STEP it kills itself at the NTH time that it passes that step.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import uvicorn

from safepassage.errors import SafePassageError
from safepassage.hub import Hub, open_folder
from safepassage.hub.syncing import peer_of, sync
from safepassage.sync import folding
from safepassage.sync.http import Peer
from safepassage.web.app import make_app
from safepassage.web.host import Host
from tests.faults import receiver
from tests.laws.apart import LATER
from tests.sync.serving import listening

PASSED = ("judged", "commit", "read again", "tree head", "picture", "the door learns")
RECEIVING = sorted(step for step in receiver.STEPS if any(word in step for word in PASSED) and "waited" not in step)
"""Steps of `Hub.receive` that either side passes when it hears what it lacks."""
HEARING = {"before a request is sent": (Peer, "_post", "before"), "after an answer began": (Peer, "_post", "after")}
GIVING = {"before something is given": (Peer, "give", "before"), "after what was given was answered": (Peer, "give", "after")}
receiver.STEPS |= HEARING | GIVING
FEW = 5
"""Envelopes in a batch, so that many gaps are met."""


def main(part: str, folder: str, *rest: str) -> int:
    folding.MOST_TOGETHER = FEW
    hub = Hub(open_folder(Path(folder)), lambda: LATER)
    address, *planted = rest if part == "ask" else ("", *rest)
    if planted:
        receiver.plant(planted[0], int(planted[1]))
    return asked(hub, address) if part == "ask" else served(hub)


def asked(hub: Hub, address: str) -> int:
    try:
        return sync(hub, peer_of(hub, address)).left
    except SafePassageError as error:
        print(error.problem, file=sys.stderr)
        return error.exit_code


def served(hub: Hub) -> int:
    listener = listening()
    print(listener.getsockname()[1], flush=True)
    name = hub.folder.about.deployment
    asyncio.run(uvicorn.Server(uvicorn.Config(make_app({name: Host(name, hub)}), log_level="critical")).serve(sockets=[listener]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
