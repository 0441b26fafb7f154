"""The log as files that never change: 256 hashes or entries in each, so that a stranger proves anything with no more than a copy.

Derived from the entries and from nothing else: whatever is wrong with a tile, it can be made again.

Source: C2SP tlog-tiles.md; docs/formats/tiles.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from safepassage.ledger.merkle import SIZE

WIDTH = 256
"""Hashes, or entries, in a full tile."""
HEIGHT = 8
"""Levels of the tree from one level of tiles to the next."""
ENTRIES = -1
"""The level of the tiles that hold entries themselves (entry bundles), below those that hold their hashes."""
DEEPEST = 63
"""The highest level of tiles whose path can be written."""
_PATH = re.compile(r"tile/(entries|0|[1-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(msgspec.Struct, frozen=True, order=True):
    """Which tile: its level, its place within the level, and how many of 256 are in it."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def full(self) -> bool:
        """A full tile never changes; a partial one is superseded as the log grows."""
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """Where it lies, for example `tile/0/x001/234.p/7`."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{_number(self.index)}{'' if self.full else f'.p/{self.width}'}"

    @property
    def span(self) -> tuple[int, int]:
        """First and last (excluded) of its hashes among those of its level; of the entries, for a tile of entries."""
        start = self.index * WIDTH
        return start, start + self.width


def parse_path(path: str) -> Tile | None:
    """The tile whose path this is; None unless it is the one way to write it."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level = ENTRIES if match[1] == "entries" else int(match[1])
    tile = Tile(level, int(match[2].replace("/", "").replace("x", "")), int(match[3] or WIDTH))
    return tile if tile.path == path else None


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Every tile of the tree of this size that was not there in full at the size `since`; lower levels first.

    A partial tile at level l has `floor(size / 256**l) mod 256` hashes, and an empty one does not exist.
    """
    yield from _level(ENTRIES, size, since)
    level = 0
    while size:
        yield from _level(level, size, since)
        level, size, since = level + 1, size // WIDTH, since // WIDTH


def tile_of(index: int, size: int) -> Tile:
    """The tile that holds an entry, in the tree of this size."""
    place = index // WIDTH
    return Tile(ENTRIES, place, min(WIDTH, size - place * WIDTH))


def parse_hashes(data: bytes) -> list[bytes]:
    """The hashes in a tile of hashes: 32 bytes for each complete subtree, one after the other."""
    return [data[at : at + SIZE] for at in range(0, len(data), SIZE)]


def bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a tile of entries: each behind its length, two bytes, the high one first."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(data: bytes) -> list[bytes] | None:
    """The entries in these bytes; None where the lengths do not end at the end."""
    entries, at = [], 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    return entries if at == len(data) else None


def _level(level: int, count: int, since: int) -> Iterator[Tile]:
    for index in range(since // WIDTH, count // WIDTH):
        yield Tile(level, index)
    if count % WIDTH:
        yield Tile(level, count // WIDTH, count % WIDTH)


def _number(index: int) -> str:
    """Three digits to a folder, all but the last behind an `x`: 1234067 is `x001/x234/067`."""
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts))
