"""A hub that receives a whole night, envelope by envelope, and says what it acknowledged. The test kills it.

    receiver.py FOLDER OFFERED [STEP NTH]

OFFERED: a file of envelopes, one in base64 on each line. With STEP it kills itself at the NTH time that it passes that step,
so that every gap between two steps of `Hub.receive` is met, also one too short for a stranger's signal.
"""

from __future__ import annotations

import base64
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safepassage.errors import Refusal
from safepassage.hub import Hub, open_folder
from safepassage.intake.door import Door
from safepassage.ledger.ledger import Ledger
from safepassage.picture import Picture
from safepassage.stores.sqlite import SqliteStore
from safepassage.values.times import Instant

STEPS: dict[str, tuple[type, str, str]] = {
    "before it is judged": (Door, "judge", "before"),
    "after it was judged": (Door, "judge", "after"),
    "before a refusal is kept": (Ledger, "refuse", "before"),
    "after a refusal was kept": (Ledger, "refuse", "after"),
    "after it was set to wait": (Ledger, "wait", "after"),
    "before the commit": (SqliteStore, "append", "before"),
    "after the commit": (SqliteStore, "append", "after"),
    "after it was read again": (Ledger, "_reread", "after"),
    "before the tree head is published": (SqliteStore, "publish", "before"),
    "after the tree head is published": (SqliteStore, "publish", "after"),
    "before the picture follows": (Picture, "add", "before"),
    "after the picture followed": (Picture, "add", "after"),
    "before the door learns": (Door, "learn", "before"),
    "after the door learnt, before what waited is tried": (Door, "learn", "after"),
    "before what waited is let go": (Ledger, "release", "before"),
    "after what waited was let go": (Ledger, "release", "after"),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def plant(step: str, nth: int) -> None:
    """SIGKILL at the nth passing of a step; no line of the product knows of it."""
    owner, name, side = STEPS[step]
    whole: Callable[..., Any] = getattr(owner, name)
    passed = [0]

    def counted(*given: Any, **named: Any) -> Any:
        passed[0] += 1
        if passed[0] == nth and side == "before":
            die()
        answer = whole(*given, **named)
        if passed[0] == nth and side == "after":
            die()
        return answer

    setattr(owner, name, counted)


def main(folder: str, offered: str, step: str = "", nth: str = "0") -> None:
    hub = Hub(open_folder(Path(folder)), lambda: Instant(1_482_200_000_000))
    if step:
        plant(step, int(nth))
    for line in Path(offered).read_text().splitlines():
        answer = hub.receive(base64.b64decode(line))
        said = answer.problem.number if isinstance(answer, Refusal) else f"{answer.index} {answer.id}"
        os.write(1, f"{said}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
