"""The exercise's night as entries, in the order in which a hub heard them: what the laws of the whole picture are tried on."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from safepassage.disclosure import Audience, LogState, disclose
from safepassage.hub.play import Play, read_scenario
from safepassage.ledger.envelope import Envelope, read
from safepassage.observation import Entry, from_bytes
from safepassage.picture import Picture

NIGHT = Path(__file__).resolve().parents[2] / "scenarios" / "six-buses-burned"


@lru_cache
def entries() -> tuple[Entry, ...]:
    """Played once through the real hub, proposals and adoptions included; the opening first."""
    with tempfile.TemporaryDirectory() as folder:
        play = Play(read_scenario(NIGHT), Path(folder) / "night")
        while play.left:
            play.step()
        found = []
        for row in play.hub.ledger.read():
            envelope = read(row.envelope)
            assert isinstance(envelope, Envelope)
            header = envelope.header
            found.append(Entry(row.id, row.index, row.logged_at, header.device, header.sequence, from_bytes(envelope.payload)))
        play.close()
    return tuple(found)


def view_of(picture: Picture, audience: Audience = Audience.OPERATIONS) -> dict[str, Any]:
    """What is disclosed, as JSON has it."""
    seen = msgspec.to_builtins(disclose(picture, audience, LogState(picture.size, "")))
    assert isinstance(seen, dict)
    return seen


def answers(picture: Picture) -> dict[str, Any]:
    """What is disclosed, without where in the ledger an entry stands: that alone may depend on the order of arrival."""
    seen = view_of(picture)
    for heard in ("lines", "size", "newest", "root", "activity", "activity_from"):
        del seen[heard]
    return dict(_unplaced(seen))


def _unplaced(value: Any) -> Any:
    """Entries by their content alone, in order of content."""
    if isinstance(value, dict):
        return value["id"] if value.keys() == {"index", "id"} else {key: _unplaced(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        inner = [_unplaced(each) for each in value]
        return sorted(inner) if value and all(isinstance(each, dict) and each.keys() == {"index", "id"} for each in value) else inner
    return value
