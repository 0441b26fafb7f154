"""Two hubs that were apart: what a whole night's phones said, part of it here and part of it there, and what both make of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from safepassage.hub.folder import AUTHORITY, Folder
from safepassage.hub.hub import Hub
from safepassage.hub.opening import join
from safepassage.hub.play import Play, read_scenario
from safepassage.ledger.envelope import Envelope, read
from safepassage.observation import Entry, Observation, from_bytes
from safepassage.observation.setting import DeviceEnrolled
from safepassage.picture import Picture
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId
from safepassage.values.people import Role
from safepassage.values.times import Instant
from tests.laws.night import NIGHT, answers

NAME = DeploymentId("six-buses-burned")
NAMES = ("west", "east")
LATER = Instant(1_482_700_000_000)
"""A week after."""


@lru_cache
def heard() -> tuple[bytes, ...]:
    """Every envelope of the night as one hub heard it; proposals, adoptions and the enrolment of two further hubs among them."""
    with TemporaryDirectory() as folder:
        play = Play(read_scenario(NIGHT), Path(folder) / "night")
        keys = play.hub.folder.keys
        for name in NAMES:
            enrolled = DeviceEnrolled(DeviceId(f"{name}-1"), ObserverId(name), Role.HUB, keys.signer(DeviceId(f"{name}-1")).vkey)
            play.hub.decide(AUTHORITY, Observation(by=ObserverId("authority"), seen_at=play.now, what=enrolled))
        at_first = play.hub.ledger.size
        while play.left:
            play.step()
        envelopes = tuple(row.envelope for row in play.hub.ledger.read())
        play.close()
    _AT_FIRST.append(at_first)
    return envelopes


_AT_FIRST: list[int] = []


def folders(place: Path) -> tuple[Folder, Folder]:
    """Two further hubs of the night's deployment, empty."""
    first = Play(read_scenario(NIGHT), place / "night")
    first.close()
    west, east = (join(place / name, place / "night", name) for name in NAMES)
    return west, east


def parted(seed: int) -> tuple[list[bytes], list[bytes]]:
    """What each of the two hears: the enrolments both, then each envelope the one, the other or both, in an order of its own."""
    dice, together = random.Random(seed), heard()
    west, east = list(together[: _AT_FIRST[0]]), list(together[: _AT_FIRST[0]])
    for envelope in together[_AT_FIRST[0] :]:
        lot = dice.randrange(5)
        west += [envelope] if lot < 3 else []
        east += [envelope] if lot > 1 else []
    return west, east


def ids(hub: Hub) -> set[str]:
    return {row.id for row in hub.ledger.read()}


def what_it_says(hub: Hub) -> dict[str, Any]:
    """Everything disclosed to operations a week later: verdicts, whereabouts, plans, claims, aid."""
    return answers(Picture.of(entries(hub), LATER))


def what_one_hub_says() -> dict[str, Any]:
    """The same of a hub that heard everything."""
    return answers(Picture.of(_entries([(n, Instant(0), data) for n, data in enumerate(heard())]), LATER))


def entries(hub: Hub) -> Iterator[Entry]:
    return _entries([(row.index, row.logged_at, row.envelope) for row in hub.ledger.read()])


def _entries(rows: list[tuple[int, Instant, bytes]]) -> Iterator[Entry]:
    for index, logged_at, data in rows:
        envelope = read(data)
        assert isinstance(envelope, Envelope)
        header = envelope.header
        yield Entry(envelope.id, index, logged_at, header.device, header.sequence, from_bytes(envelope.payload))
