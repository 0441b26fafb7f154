"""What is damaged in a deployment's folder, and what of it can be made again.

The entries and the signed tree head cannot be: nobody can sign again what devices signed, and a tree head made anew could
contradict one that somebody holds. The public log can be, and so can the hashes and the index that the database keeps beside the
entries: they follow from these. What is only derived is rebuilt on request, and only from entries that the tree head bears out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from safepassage.errors import (
    HASHES_AILING,
    HEAD_ABSENT,
    INDEX_AILING,
    LOG_AILING,
    STORE_DAMAGED,
    InputError,
    LedgerAtRisk,
    Problem,
    Refusal,
    problem,
)
from safepassage.hub.folder import PUBLIC_LOG, Folder, enrolments
from safepassage.ledger.longtree import LongTree
from safepassage.ledger.merkle import leaf_hash
from safepassage.ledger.store import Row
from safepassage.ledger.treehead import open_head
from safepassage.ledger.verify import Progress, verify
from safepassage.stores.sqlite import DATABASE, HEAD, SqliteStore
from safepassage.stores.tiles import ailing_files

MOST_FILES = 100
"""Files of the public log that are named one by one."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that is damaged; `rebuilds` where it can be made again from what is whole."""

    problem: Problem
    rebuilds: bool = False


class Examination(msgspec.Struct, frozen=True):
    """Everything that was found. Of `entries` that can be read the first `good` are proved."""

    entries: int
    good: int
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        return not self.findings

    @property
    def at_risk(self) -> bool:
        """Whether something is damaged that nothing here can make again."""
        return any(not finding.rebuilds for finding in self.findings)


def examine(folder: Folder, progress: Progress | None = None) -> Examination:
    """The database's pages, the tree head, every entry; where all these are whole, what follows from them.

    What is derived is told apart in two steps: the public log is held against a ledger that opens, so after the hashes and the index.
    """
    place = str(folder.path)
    try:
        store = SqliteStore(folder.path, writer=False)
    except (InputError, LedgerAtRisk) as error:
        reason = f"the file `{DATABASE}` is not there" if isinstance(error, InputError) else error.problem.what
        found = [problem(STORE_DAMAGED, reason=reason, folder=place), *_tree_head(folder, _file(folder))]
        return Examination(0, 0, tuple(map(Finding, found)))
    try:
        head = store.head()
        broken = [problem(STORE_DAMAGED, reason=reason, folder=place) for reason in store.ailments()]
        broken += _quarantine(store, place)
        broken += _tree_head(folder, head)
        rows = _readable(store, broken)
        entries = verify(rows, [*([head] if head else []), *folder.cosigned_heads()], folder.log_key, folder.origin, enrolments, progress)
        findings = [Finding(each) for each in [*broken, *entries.problems]]
        findings += [] if findings else _derived(store)
    finally:
        store.close()
    return Examination(entries.entries, entries.good, (*findings, *([] if findings else _public_log(folder))))


def rebuild(folder: Folder) -> int:
    """Make anew what the database keeps beside the entries, and the public log; how many files of the log were written.

    Call it where `examine` finds nothing at risk: nothing is derived from entries that are damaged.
    """
    store = SqliteStore(folder.path)
    try:
        store.derive_anew()
    finally:
        store.close()
    return folder.write_log(anew=True) if (folder.path / PUBLIC_LOG).is_dir() else 0


# The parts.
def _file(folder: Folder) -> bytes | None:
    path = folder.path / HEAD
    return path.read_bytes() if path.is_file() else None


def _tree_head(folder: Folder, head: bytes | None) -> list[Problem]:
    if head is None:
        return [problem(HEAD_ABSENT, reason="it is not there", folder=folder.path)]
    opened = open_head(head, folder.log_key, folder.origin)
    return [problem(HEAD_ABSENT, reason=opened.problem.what, folder=folder.path)] if isinstance(opened, Refusal) else []


def _quarantine(store: SqliteStore, place: str) -> list[Problem]:
    """What was not accepted is kept byte for byte too, under its own digest."""
    try:
        kept = [*store.kept(waits=True), *store.kept(waits=False)]
    except LedgerAtRisk as risk:
        return [risk.problem]
    altered = [each.digest for each in kept if hashlib.sha256(each.envelope).hexdigest() != each.digest]
    return [problem(STORE_DAMAGED, reason=f"the envelope {digest} that was not accepted was altered", folder=place) for digest in altered]


def _readable(store: SqliteStore, broken: list[Problem]) -> Iterator[Row]:
    """The entries as far as the database gives them."""
    try:
        yield from store.read()
    except LedgerAtRisk as risk:
        broken.append(risk.problem)


def _derived(store: SqliteStore) -> list[Finding]:
    """The index and the tiles of hashes, held against entries that are whole."""
    tree = LongTree(lambda tile: None, 0, store.place)
    for row in store.read():
        tree.append(leaf_hash(row.envelope))
    meant = dict(tree.fresh())
    ailing = [tile for tile, data in store.kept_tiles() if meant.get(tile) != data]
    findings = [Finding(problem(HASHES_AILING, tile=tile.path, folder=store.place), rebuilds=True) for tile in ailing[:MOST_FILES]]
    if unfound := store.unfound():
        findings.append(Finding(problem(INDEX_AILING, unfound=unfound, folder=store.place), rebuilds=True))
    return findings


def _public_log(folder: Folder) -> list[Finding]:
    place = folder.path / PUBLIC_LOG
    if not place.is_dir():
        return []
    ledger = folder.ledger(writer=False)
    try:
        ailing = list(ailing_files(place, ledger, folder.log_key))
    finally:
        ledger.close()
    return [
        Finding(problem(LOG_AILING, file=f"{PUBLIC_LOG}/{each.file}", reason=each.ailment.value, folder=folder.path), rebuilds=True)
        for each in ailing[:MOST_FILES]
    ]
