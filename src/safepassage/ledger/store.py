"""What whoever keeps the ledger's bytes must hold. `tests/contracts/test_store.py` says it to every store.

1. Durable: when `append`, `keep` or `publish` returns, what was given survives a kill and a loss of power.
2. Whole: a batch is there entirely or not at all, in its order, after whatever happens.
3. One writer: a second one is refused (SECOND_PROCESS) while the first lives. Readers are never kept waiting.
4. `TryAgain` means that nothing of this call is on disk; where that cannot be promised it is `LedgerAtRisk`.
5. The tree head lies apart from the entries, and is replaced at once or not at all.
6. Full tiles of hashes are kept beside the entries that they follow from, and are worth nothing without them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

import msgspec

from safepassage.errors import Problem
from safepassage.ledger.tiles import Tile
from safepassage.values.ids import DeviceId, EntryId
from safepassage.values.times import Instant


class Row(msgspec.Struct, frozen=True):
    """An entry as it is kept. The tree is over the envelope's exact bytes; `logged_at` is the hub's own word."""

    index: int
    id: EntryId
    logged_at: Instant
    envelope: bytes


class Kept(msgspec.Struct, frozen=True):
    """An envelope that is not in the ledger: refused for good, or waiting (`waits`) for its device's enrolment."""

    digest: str
    device: DeviceId
    kept_at: Instant
    waits: bool
    problem: Problem
    envelope: bytes


class Store(Protocol):
    """Entries by index, without holes; beside them the envelopes not accepted, and the newest signed tree head."""

    @property
    def place(self) -> str:
        """Where it is, for people: a folder's path, or `memory`."""
        ...

    def append(self, batch: Sequence[Row], at: int, tiles: Sequence[tuple[Tile, bytes]] = ()) -> None:
        """Keep a batch whose first row has index `at`, and full tiles of hashes over rows before it.

        Raises
        ------
        TryAgain
            DISK_FULL, READ_ONLY, SECOND_PROCESS: nothing of the batch is there.
        LedgerAtRisk
            STORE_DAMAGED: there are not `at` entries, or it cannot be told what is there.
        Bug
            An id that is there already, or indices that do not follow.
        """
        ...

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """Rows by index, `stop` excluded; what is not there is left out."""
        ...

    def size(self) -> int:
        """How many entries there are."""
        ...

    def by_ids(self, ids: Collection[EntryId]) -> dict[EntryId, Row]:
        """The rows that there are of these ids."""
        ...

    def tiles(self) -> int:
        """How many full tiles of level 0 are kept, from the first on; with them those above."""
        ...

    def tile(self, tile: Tile) -> bytes | None:
        """The bytes of a full tile of hashes, as they were given."""
        ...

    def keep(self, kept: Kept) -> None:
        """Keep an envelope that was not accepted; the same bytes once. The first reason stands, but what waited can be refused."""
        ...

    def kept(self, waits: bool) -> Iterator[Kept]:
        """In the order in which they were kept."""
        ...

    def kept_size(self, waits: bool) -> int: ...

    def release(self, digests: Sequence[str]) -> None:
        """Forget waiting envelopes that were tried again; refused ones stay, whatever is asked."""
        ...

    def head(self) -> bytes | None:
        """The signed tree head last published."""
        ...

    def publish(self, head: bytes, size: int) -> None:
        """Replace the tree head.

        Raises
        ------
        TryAgain
            HEAD_NOT_WRITTEN: the one before is still there, and nobody has seen this one.
        LedgerAtRisk
            HEAD_IN_DOUBT: somebody may have.
        """
        ...

    def close(self) -> None: ...
