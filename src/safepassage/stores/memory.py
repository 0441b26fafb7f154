"""A store that forgets when the process ends: for tests and rehearsals. It holds the contract, durability apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from safepassage.errors import NOT_REACHED, STORE_DAMAGED, stop
from safepassage.ledger.store import Kept, Row
from safepassage.ledger.tiles import Tile
from safepassage.values.ids import EntryId


class MemoryStore:
    """Implements `ledger.store.Store`."""

    place = "memory"

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._places: dict[EntryId, int] = {}
        self._kept: dict[str, Kept] = {}
        self._head: bytes | None = None
        self._tiles: dict[Tile, bytes] = {}

    def append(self, batch: Sequence[Row], at: int, tiles: Sequence[tuple[Tile, bytes]] = ()) -> None:
        if at != len(self._rows):
            stop(STORE_DAMAGED, reason=f"it holds {len(self._rows)} entries, not {at}", folder=self.place)
        places = {row.id: row.index for row in batch}
        if [row.index for row in batch] != list(range(at, at + len(batch))):
            stop(NOT_REACHED, reason="the indices of a batch do not follow")
        if len(places) < len(batch) or places.keys() & self._places.keys():
            stop(NOT_REACHED, reason="an entry was appended twice")
        self._rows += batch
        self._places |= places
        self._tiles |= dict(tiles)

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        yield from self._rows[start:stop]

    def size(self) -> int:
        return len(self._rows)

    def by_ids(self, ids: Collection[EntryId]) -> dict[EntryId, Row]:
        return {id: self._rows[self._places[id]] for id in ids if id in self._places}

    def tiles(self) -> int:
        return sum(tile.level == 0 for tile in self._tiles)

    def tile(self, tile: Tile) -> bytes | None:
        return self._tiles.get(tile)

    def keep(self, kept: Kept) -> None:
        before = self._kept.get(kept.digest)
        if before is None or (before.waits and not kept.waits):
            self._kept[kept.digest] = kept

    def kept(self, waits: bool) -> Iterator[Kept]:
        yield from [kept for kept in self._kept.values() if kept.waits == waits]

    def kept_size(self, waits: bool) -> int:
        return sum(kept.waits == waits for kept in self._kept.values())

    def release(self, digests: Sequence[str]) -> None:
        for digest in digests:
            if digest in self._kept and self._kept[digest].waits:
                del self._kept[digest]

    def head(self) -> bytes | None:
        return self._head

    def publish(self, head: bytes, size: int) -> None:
        self._head = head

    def close(self) -> None:
        return None
