"""A ledger's public log: a folder that any tool for tiled transparency logs reads, and that this machine never needs.

    checkpoint    the newest tree head that was offered, a signed note
    tile/…        hashes, and under tile/entries/ the entries themselves
    vkey          the log's public key, one line

Nothing is acknowledged by it: it is written on request, from entries that a tree head covers. Tiles are on the disk before the
tree head that speaks of them, so whoever is killed in between leaves an older log that holds, and a second time mends it.

Source: C2SP tlog-tiles.md; docs/formats/tiles.md.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path

import msgspec

from safepassage.errors import LOG_NOT_WRITTEN, Refusal, stop
from safepassage.ledger.keys import VerifyKey
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.tiles import ENTRIES, HEIGHT, Tile, parse_path, tiles_of
from safepassage.ledger.treehead import TreeHead, open_head

HEAD, TILES, KEY = "checkpoint", "tile", "vkey"


class Ailment(Enum):
    """What is wrong with one file of a public log; every one of them is mended by writing it anew."""

    ABSENT = "it is not there"
    ALTERED = "its bytes are not those of the ledger"
    STRAY = "it is no part of this log"


class Ailing(msgspec.Struct, frozen=True):
    """One file of a public log that is not as it must be."""

    file: str
    ailment: Ailment


def write_log(folder: Path, ledger: Ledger, key: VerifyKey, anew: bool = False, cosigned: Iterable[bytes] = ()) -> int:
    """Bring the folder up to the ledger's published tree head; how many files were written.

    Below it stand the cosigners' lines of those `cosigned` notes that are of this very tree head.

    Full tiles under the tree head that lies there are not looked at: they never change. `anew` compares and mends them too.

    Raises
    ------
    TryAgain
        LOG_NOT_WRITTEN: the disk is full or cannot be written. What was there before still holds.
    """
    head = ledger.head_bytes
    if head is None:
        return 0
    try:
        strays = [found.file for found in ailing_files(folder, ledger, key) if found.ailment is Ailment.STRAY] if anew else []
        for file in strays:
            (folder / file).unlink()
        tiles = list(tiles_of(ledger.head.size, 0 if anew else _since(folder, ledger, key)))
        written = _write(folder, ((tile.path, ledger.tile(tile)) for tile in tiles))
        written += _write(folder, [(KEY, f"{key.vkey}\n".encode())])
        written += _write(folder, [(HEAD, _with_lines(head, cosigned))])
        for tile in tiles:
            if tile.full:  # it holds what its partial ones held
                shutil.rmtree(folder / f"{tile.path}.p", ignore_errors=True)
    except OSError as error:
        stop(LOG_NOT_WRITTEN, reason=error.strerror or str(error), folder=str(folder))
    return written


def ailing_files(folder: Path, ledger: Ledger, key: VerifyKey) -> Iterator[Ailing]:
    """Every file that is absent, altered or stray; the tree head that lies there says which tiles must be."""
    head = _head(folder, ledger, key)
    if head is None:
        yield Ailing(HEAD, Ailment.ALTERED if (folder / HEAD).exists() else Ailment.ABSENT)
    yield from _compared(folder, KEY, f"{key.vkey}\n".encode())
    meant = set(tiles_of(head.size if head else 0))
    there = dict(_tiles(folder))
    for path, tile in sorted(there.items()):
        if tile is None or not _within(tile, ledger.head.size):
            yield Ailing(path, Ailment.STRAY)
        else:
            yield from _compared(folder, path, ledger.tile(tile))
    yield from (Ailing(tile.path, Ailment.ABSENT) for tile in sorted(meant) if tile.path not in there)


# The parts.
def _since(folder: Path, ledger: Ledger, key: VerifyKey) -> int:
    """The size that the folder was brought up to before; 0 where no tree head of this log lies there."""
    head = _head(folder, ledger, key)
    return head.size if head else 0


def _head(folder: Path, ledger: Ledger, key: VerifyKey) -> TreeHead | None:
    """The tree head that lies there, if the log signed it and the ledger's entries bear it out."""
    path = folder / HEAD
    head = open_head(path.read_bytes(), key, ledger.origin) if path.is_file() else None
    if head is None or isinstance(head, Refusal) or head.size > ledger.head.size:
        return None
    return head if ledger.root_at(head.size) == head.root else None


def _with_lines(head: bytes, cosigned: Iterable[bytes]) -> bytes:
    """The tree head with the lines of others below the log's own; each once, in an order that does not depend on who answered first."""
    text, end, own = head.partition(b"\n\n")
    others: set[bytes] = set()
    for data in cosigned:
        same, _, lines = data.partition(b"\n\n")
        if same == text:
            others |= set(lines.splitlines(keepends=True)) - set(own.splitlines(keepends=True))
    return text + end + own + b"".join(sorted(others))


def _tiles(folder: Path) -> Iterator[tuple[str, Tile | None]]:
    for path in (folder / TILES).rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield name, parse_path(name)


def _within(tile: Tile, size: int) -> bool:
    """Whether the tree of this size, or an earlier one, has the tile."""
    return tile.span[1] <= (size if tile.level == ENTRIES else size >> min(HEIGHT * tile.level, 64))


def _compared(folder: Path, file: str, meant: bytes) -> Iterator[Ailing]:
    path = folder / file
    if not path.is_file():
        yield Ailing(file, Ailment.ABSENT)
    elif path.read_bytes() != meant:
        yield Ailing(file, Ailment.ALTERED)


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Each file whole or not at all; on the disk, and so is its name, when this returns. What is right already is left alone."""
    touched: set[Path] = set()
    written = 0
    for name, data in files:
        path = folder / name
        if path.is_file() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.new")
        with open(fresh, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        touched |= {parent for parent in path.parents if parent == folder or folder in parent.parents}
        written += 1
    for place in touched:
        descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return written
