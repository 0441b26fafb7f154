"""Two hubs that were apart for a week say the same in the end, whichever way they heard each other; each proves its own entries.

Source: DESIGN 2 ("two hubs that hear the same things in another order agree"); STYLE 5.
"""

from __future__ import annotations

import random
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from safepassage.hub.carrying import frontier_of, lacking, take
from safepassage.hub.hub import Hub
from safepassage.hub.syncing import peer_of, sync
from safepassage.sync.bundle import LEAST_PART, read_bundle, write_bundle
from safepassage.values.times import HOUR, Instant
from tests.laws import apart
from tests.sync.serving import serving


@lru_cache
def together() -> dict[str, Any]:
    return apart.what_one_hub_says()


def by_http(west: Hub, east: Hub, _: Path) -> None:
    with serving(west, apart.NAME) as address:
        done = sync(east, peer_of(east, address))
    assert done.left == 0


def by_bundle(west: Hub, east: Hub, place: Path) -> None:
    """Parts shuffled and doubled; the second stick holds only what the frontier on the first does not show."""
    for source, target in ((west, east), (east, west)):
        stick = place / source.folder.path.name
        envelopes = lacking(source.ledger, frontier_of(target.ledger, apart.NAME))
        parts = write_bundle(envelopes, stick, apart.NAME, source.folder.origin, LEAST_PART)
        mixed = [*parts, *parts[:2]]
        random.Random(2).shuffle(mixed)
        carried = read_bundle(mixed, apart.NAME)
        assert not carried.problems
        take(target, carried.envelopes)


def mixed(west: Hub, east: Hub, place: Path) -> None:
    """A stick of which a part was lost, then a connection for the rest."""
    envelopes = lacking(west.ledger, frontier_of(east.ledger, apart.NAME))
    parts = write_bundle(envelopes, place / "stick", apart.NAME, west.folder.origin, LEAST_PART)
    carried = read_bundle(parts[1:], apart.NAME)
    take(east, carried.envelopes)
    by_http(west, east, place)


@pytest.mark.slow
@pytest.mark.parametrize("way", [by_http, by_bundle, mixed])
def test_two_hubs_that_were_apart_agree_in_everything_that_is_disclosed(way: Any, tmp_path: Path) -> None:
    folders, clocks = apart.folders(tmp_path), (Instant(apart.LATER - 9 * HOUR), apart.LATER)
    west, east = (Hub(folder, lambda now=now: now) for folder, now in zip(folders, clocks, strict=True))  # type: ignore[misc]
    for hub, said in zip((west, east), apart.parted(1), strict=True):
        taken = take(hub, said)
        assert not taken.refused and not taken.waiting
    assert apart.ids(west) != apart.ids(east)
    way(west, east, tmp_path)
    assert apart.ids(west) == apart.ids(east)
    assert apart.what_it_says(west) == apart.what_it_says(east) == together()
    roots = {hub.ledger.head.root for hub in (west, east)}
    for hub in (west, east):
        hub.close()
        assert hub.folder.verify().proved
    assert len(roots) == 2
