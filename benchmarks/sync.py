"""What it costs two hubs to hear each other: the exercise's night over HTTP, beside receiving the same envelopes where they lie.

    make bench        or: PYTHONPATH=. .venv/bin/python benchmarks/sync.py

Real servers on loopback; medians of five, each on folders of its own.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.laws import apart
from tests.sync.serving import serving

from safepassage.hub.carrying import frontier_of, take
from safepassage.hub.hub import Hub
from safepassage.hub.syncing import peer_of, sync
from safepassage.ledger.frontier import Frontier, render_frontier
from safepassage.sync.folding import folded

ROUNDS = 5


def main() -> None:
    envelopes = list(apart.heard())
    raw = sum(map(len, envelopes))
    direct = median(lambda west, east, _: take(east, envelopes))
    heard = median(lambda west, east, address: sync(east, peer_of(east, address)))
    again = median(lambda west, east, address: sync(east, peer_of(east, address)), before=lambda east: take(east, envelopes))
    carried = sum(map(len, folded(envelopes)))
    frontier = render_frontier(frontier_of_all())
    print(f"{len(envelopes)} envelopes received in bulk: {direct * 1e3:.0f} ms; heard over HTTP, both ways asked: {heard / direct:.2f} x")
    print(f"nothing new to hear or give: {again * 1e3:.0f} ms")
    print(f"over the line: {carried / raw:.2f} of the envelopes' bytes; the frontier: {len(zlib.compress(frontier)):,} bytes")


def frontier_of_all() -> Frontier:
    with tempfile.TemporaryDirectory() as place:
        west, _ = apart.folders(Path(place))
        hub = Hub(west, lambda: apart.LATER)
        take(hub, apart.heard())
        found = frontier_of(hub.ledger, apart.NAME)
        hub.close()
    return found


def median(work: Callable[[Hub, Hub, str], object], before: Callable[[Hub], object] = lambda east: None) -> float:
    """Seconds of the work, where west has heard everything and east nothing but what `before` gives it."""
    found = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as place:
            west, east = (Hub(folder, lambda: apart.LATER) for folder in apart.folders(Path(place)))
            take(west, apart.heard())
            before(east)
            with serving(west, apart.NAME) as address:
                began = time.perf_counter()
                work(west, east, address)
                found.append(time.perf_counter() - began)
            west.close()
            east.close()
    return statistics.median(found)


if __name__ == "__main__":
    main()
