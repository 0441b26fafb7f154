"""The ledger: what was accepted, once, in the order of arrival, under a signed tree head.

The order of every append: commit → re-read and re-hash → root → compare with the last signed tree head → sign → publish.
A receipt is given after the last of these. Whoever is killed between two of them finds, on opening again, a tree head that
is behind the entries: it is signed again. A tree head that the entries contradict is never signed over.

One thread appends; others may read what the published tree head covers.
Source: DESIGN 4; the order is that of sunlight's `sequencePool` (FiloSottile/sunlight internal/ctlog/ctlog.go).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

import msgspec

from safepassage.errors import (
    BAD_SIGNATURE,
    HEAD_IN_DOUBT,
    MALFORMED_ENVELOPE,
    NO_KEY,
    NOT_ENROLLED,
    OTHER_DEPLOYMENT,
    QUARANTINE_FULL,
    REFUSALS_FULL,
    STORE_DAMAGED,
    LedgerAtRisk,
    Problem,
    Refusal,
    problem,
    stop,
)
from safepassage.ledger import treehead
from safepassage.ledger.chains import Chain, Chains
from safepassage.ledger.envelope import Envelope, content_of, read
from safepassage.ledger.keys import Signer, VerifyKey
from safepassage.ledger.longtree import LongTree
from safepassage.ledger.merkle import leaf_hash
from safepassage.ledger.proof import Proof
from safepassage.ledger.store import Kept, Row, Store
from safepassage.ledger.tiles import ENTRIES, HEIGHT, WIDTH, Tile, bundle
from safepassage.ledger.treehead import TreeHead
from safepassage.values.ids import DeviceId, EntryId
from safepassage.values.times import Instant

MOST_WAITING = 10_000
"""Envelopes of devices that are not enrolled; beyond it the phone keeps them."""
MOST_REFUSED = 2_000
"""Refused envelopes, beyond which only those that an enrolled device signed are kept: at most 131 MB of what strangers send."""
_BY_ANYBODY = frozenset(fault.number for fault in (MALFORMED_ENVELOPE, BAD_SIGNATURE, OTHER_DEPLOYMENT))


class Receipt(msgspec.Struct, frozen=True):
    """That an observation is in the ledger for good: its place, when, and a size whose tree holds it."""

    id: EntryId
    index: int
    logged_at: Instant
    tree_size: int


class Ledger:
    """Entries and tree head of one deployment's log.

    `signer` None opens it for reading. `log_key` is needed only then; without it the tree head's signature is not verified.
    """

    def __init__(self, store: Store, signer: Signer | None, origin: str, log_key: VerifyKey | None = None) -> None:
        """Read the entries behind the last full tile of hashes, and hold the tree against the last signed head.

        Older entries are held against the tree when they are read; `verify` reads them all.

        Raises
        ------
        LedgerAtRisk
            STORE_DAMAGED: the entries are not those that were signed. HASHES_AILING: the hashes that are kept of them are not.
            HEAD_IN_DOUBT: the tree head cannot be read, or there are entries and none was ever published.
        """
        self._store = store
        self._signer = signer
        self._origin = origin
        self._key = signer.key if signer else log_key
        self._chains: Chains | None = None
        self._newest = Instant(0)
        self._stopped: Problem | None = None
        self._head_bytes = store.head()  # before the entries: a writer may be at work, and they must cover it
        self._tree = self._edge(store.tiles())
        self._head = self._opened(self._head_bytes)
        self._compare()
        if signer and (self._head_bytes is None or self._head.size < self.size):
            self._publish(signer)

    @property
    def origin(self) -> str:
        return self._origin

    @property
    def size(self) -> int:
        """Entries that are kept; the published tree head may for a moment cover fewer."""
        return len(self._tree)

    @property
    def head(self) -> TreeHead:
        """The published tree head (of size 0 where none is yet)."""
        return self._head

    @property
    def head_bytes(self) -> bytes | None:
        """The signed note of `head`."""
        return self._head_bytes

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """Entries as they were signed; those beyond `size` are left out.

        Raises
        ------
        LedgerAtRisk
            STORE_DAMAGED, HASHES_AILING: what the disk gives is not what the tree holds.
        """
        for row in self._in_order(start, self.size if stop is None else min(stop, self.size)):
            if self._tree.leaf(row.index) != leaf_hash(row.envelope):
                self._damaged(f"entry {row.index} is not what was signed")
            yield row

    def known(self, data: bytes) -> Receipt | None:
        """The receipt of these bytes, or of another envelope with the same content. No signature is looked at."""
        envelope = read(data)
        return None if isinstance(envelope, Refusal) else self.known_id(envelope.id)

    def known_id(self, entry_id: EntryId) -> Receipt | None:
        row = self._store.by_ids([entry_id]).get(entry_id)
        return None if row is None or row.index >= self.size else self._receipt(row)

    def known_copies(self, batch: Sequence[bytes]) -> list[Receipt | None]:
        """For each the receipt of these very bytes; None where they are not here, or only their content in another envelope."""
        ids = [content_of(data) for data in batch]
        rows = self._store.by_ids({id for id in ids if id is not None})
        found = (rows.get(id) if id is not None else None for id in ids)
        return [
            self._receipt(row) if row is not None and row.index < self._head.size and row.envelope == data else None
            for row, data in zip(found, batch, strict=True)
        ]

    def append(self, batch: Sequence[Envelope], now: Instant) -> list[Receipt]:
        """Receipts in the order of the batch; the caller has verified the signatures. What is known keeps its old place.

        Raises
        ------
        InputError
            NO_KEY: opened for reading.
        TryAgain
            DISK_FULL, READ_ONLY: nothing of the batch is there. HEAD_NOT_WRITTEN: it is there, without a tree head that
            covers it; sent again, it gets the receipts that it missed.
        LedgerAtRisk
            From then on this object refuses to append; open the store again to learn what is on disk.
        """
        signer = self._may_sign()
        known = self._store.by_ids({envelope.id for envelope in batch})
        fresh = {envelope.id: envelope for envelope in batch if envelope.id not in known}
        logged_at = max(now, self._newest)
        rows = [Row(index, envelope.id, logged_at, envelope.data) for index, envelope in enumerate(fresh.values(), self.size)]
        try:
            if rows:
                self._commit(rows)
                self._reread(rows, fresh)
            if self.size > self._head.size:
                self._publish(signer)
        except LedgerAtRisk as risk:
            self._stopped = risk.problem
            raise
        placed = {row.id: row for row in rows}
        return [self._receipt(known.get(envelope.id) or placed[envelope.id]) for envelope in batch]

    def prove(self, index: int) -> Proof:
        """The proof that an entry is under the published tree head, for `proof.render`.

        Raises `IndexError` where the tree head does not cover the index.
        """
        return Proof(index, tuple(self._tree.inclusion(index, self._head.size)), self._head_bytes or b"")

    def consistency(self, old: int) -> list[bytes]:
        """The hashes that show the published tree to begin with the tree of size `old`."""
        return self._tree.consistency(old, self._head.size)

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries; `IndexError` where there are fewer."""
        return self._tree.root(size)

    def tile(self, tile: Tile) -> bytes:
        """The bytes of a tile of the published tree, for `stores.tiles`.

        Raises `IndexError` where the entries do not fill it.
        """
        if tile.level != ENTRIES:
            return self._tree.subtrees(tile.level * HEIGHT, *tile.span)
        rows = list(self.read(*tile.span))
        if len(rows) < tile.width:
            raise IndexError(f"{tile.path} is not filled")
        return bundle([row.envelope for row in rows])

    def newest_of(self, device: DeviceId, epoch: int) -> tuple[int, str] | None:
        """The device's last sequence number here and the digest that its next envelope names."""
        return self._all_chains().newest(device, epoch)

    def close(self) -> None:
        """Give up the store and its lock."""
        self._store.close()

    def chains(self) -> list[Chain]:
        """Every device's chain: its holes, forks and breaks; for the thread that appends. The first time, every entry is read for it."""
        return self._all_chains().summary()

    def refuse(self, refusal: Refusal, now: Instant, device: DeviceId | None = None) -> Refusal:
        """Keep an envelope that was refused, for good, with its reason.

        What an enrolled device signed is always kept. Of what anybody could have sent only so many are: beyond that the answer is
        REFUSALS_FULL, to be tried again, so that a phone whose envelope was harmed on the way keeps it.
        """
        if refusal.problem.number in _BY_ANYBODY and (kept := self._store.kept_size(waits=False)) >= MOST_REFUSED:
            return Refusal(problem(REFUSALS_FULL, kept=kept), refusal.envelope)
        self._store.keep(_kept(refusal, now, device or DeviceId(""), waits=False))
        return refusal

    def wait(self, envelope: Envelope, now: Instant) -> Refusal:
        """Keep an envelope until its device is enrolled; where too many wait it is not kept (QUARANTINE_FULL)."""
        waiting = self._store.kept_size(waits=True)
        if waiting >= MOST_WAITING:
            return Refusal(problem(QUARANTINE_FULL, waiting=waiting), envelope.data)
        device = envelope.header.device
        refusal = Refusal(problem(NOT_ENROLLED, device=device), envelope.data)
        self._store.keep(_kept(refusal, now, device, waits=True))
        return refusal

    def waiting(self) -> Iterator[Kept]:
        """What waits, in the order of arrival: to be tried again when an enrolment arrives."""
        return self._store.kept(waits=True)

    def refused(self) -> Iterator[Kept]:
        return self._store.kept(waits=False)

    def release(self, digests: Sequence[str]) -> None:
        """What waited was appended or refused: call it after that, so that a crash between the two loses nothing."""
        self._store.release(digests)

    def _edge(self, tiles: int) -> LongTree:
        """The tree as it is kept, grown by the entries that no full tile covers yet."""
        tree, first = LongTree(self._store.tile, tiles, self._store.place), tiles * WIDTH
        if self._store.size() < first:
            self._damaged(f"there are hashes of {first} entries, and {self._store.size()} entries")
        for row in self._in_order(max(0, first - 1), None):  # the entry before the first tells when it was
            self._checked(row)
            self._newest = max(self._newest, row.logged_at)
            if row.index >= first:
                tree.append(leaf_hash(row.envelope))
        return tree

    def _in_order(self, start: int, stop: int | None) -> Iterator[Row]:
        place = start
        for row in self._store.read(start, stop):
            if row.index != place:
                self._damaged(f"entry {place} is not there")
            place += 1
            yield row

    def _may_sign(self) -> Signer:
        if self._stopped is not None:
            raise LedgerAtRisk(self._stopped)
        if self._signer is None:
            stop(NO_KEY)
        return self._signer

    def _commit(self, rows: Sequence[Row]) -> None:
        """The rows, and with them the tiles that earlier ones filled: these need no flush of their own, since they can be made again."""
        tiles = self._tree.fresh()
        self._store.append(rows, self.size, tiles)
        self._tree.keep([tile for tile, _ in tiles])

    def _reread(self, rows: Sequence[Row], meant: Mapping[EntryId, Envelope]) -> None:
        """What the disk gives back must be what was meant; the tree grows from what was read, not from what was sent."""
        back = list(self._store.read(self.size, self.size + len(rows)))
        if back != list(rows):
            self._damaged(f"entries {self.size} to {self.size + len(rows) - 1} came back changed")
        for row in back:
            self._tree.append(leaf_hash(row.envelope))
            self._newest = max(self._newest, row.logged_at)
            if self._chains is not None:
                self._chains.add(meant[row.id].header, meant[row.id].digest)

    def _checked(self, row: Row) -> Envelope:
        """The envelope of a row that was read; stop where it is not one, or is filed under another id."""
        envelope = read(row.envelope)
        if isinstance(envelope, Refusal) or envelope.id != row.id:
            self._damaged(f"entry {row.index} is not what it was")
        return envelope

    def _all_chains(self) -> Chains:
        if self._chains is None:
            chains = Chains()
            for row in self.read():
                envelope = self._checked(row)
                chains.add(envelope.header, envelope.digest)
            self._chains = chains
        return self._chains

    def _opened(self, data: bytes | None) -> TreeHead:
        """The last published tree head. A ledger's first act is to publish that of size 0, so none and entries is odd."""
        if data is None:
            if self.size:
                stop(HEAD_IN_DOUBT, size=self.size, folder=self._store.place)
            return TreeHead(self._origin, 0, self._tree.root())
        head = treehead.open_unverified(data) if self._key is None else treehead.open_head(data, self._key, self._origin)
        if isinstance(head, Refusal):
            stop(HEAD_IN_DOUBT, size="in the file `treehead`", folder=self._store.place)
        return head

    def _compare(self) -> None:
        """The entries must begin with what was signed; more of them is the trace of a crash, fewer is a loss."""
        if self._head.size > self.size:
            self._damaged(f"{self._head.size} entries were signed, {self.size} are there")
        if self._tree.root(self._head.size) != self._head.root:
            self._damaged(f"the first {self._head.size} entries are not those that were signed")

    def _publish(self, signer: Signer) -> None:
        """Sign and publish the tree as it is, if the file still holds the head that we know."""
        if self._store.head() != self._head_bytes:
            stop(HEAD_IN_DOUBT, size=self._head.size, folder=self._store.place)
        self._compare()
        head = TreeHead(self._origin, self.size, self._tree.root())
        data = treehead.sign(head, signer)
        self._store.publish(data, head.size)
        self._head, self._head_bytes = head, data

    def _receipt(self, row: Row) -> Receipt:
        return Receipt(row.id, row.index, row.logged_at, max(self._head.size, row.index + 1))

    def _damaged(self, reason: str) -> NoReturn:
        stop(STORE_DAMAGED, reason=reason, folder=self._store.place)


def _kept(refusal: Refusal, now: Instant, device: DeviceId, waits: bool) -> Kept:
    digest = hashlib.sha256(refusal.envelope).hexdigest()
    return Kept(digest, device, now, waits, refusal.problem, refusal.envelope)
