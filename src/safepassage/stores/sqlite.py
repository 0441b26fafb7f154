"""The embedded store: one SQLite file in WAL mode, one writer, every commit on the disk before anything is acknowledged.

    ledger.sqlite     entries and the envelopes not accepted
    treehead          the newest signed tree head, replaced by rename
    lock              held while a writer lives

What holds after a crash: a batch is there whole or not at all (SQLite's commit with synchronous=FULL, which waits for the
write-ahead log to be on disk), and the tree head is an old one or a new one, never half of one.

Source: https://sqlite.org/wal.html, https://sqlite.org/pragma.html#pragma_synchronous
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from safepassage.errors import (
    DISK_FULL,
    HEAD_IN_DOUBT,
    HEAD_NOT_WRITTEN,
    NO_FOLDER,
    NOT_REACHED,
    READ_ONLY,
    SECOND_PROCESS,
    STORE_DAMAGED,
    Problem,
    stop,
)
from safepassage.ledger.store import Kept, Row
from safepassage.ledger.tiles import Tile
from safepassage.values.ids import DeviceId, EntryId
from safepassage.values.times import Instant

DATABASE, HEAD, LOCK = "ledger.sqlite", "treehead", "lock"
_VERSION = 2
_PAGE = 1000
_MOST_ASKED = 500
_CHECKPOINT = 16_384
"""Pages (64 MB) that the write-ahead log may hold: in bulk, each page of the index reaches the database once for many commits."""
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS entries (
    idx INTEGER PRIMARY KEY, id TEXT NOT NULL, logged_at INTEGER NOT NULL, envelope BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS ids (key INTEGER NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (key, idx)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hashes (
    level INTEGER NOT NULL, place INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (level, place)) STRICT;
CREATE TABLE IF NOT EXISTS quarantine (
    place INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, device TEXT NOT NULL, kept_at INTEGER NOT NULL,
    waits INTEGER NOT NULL, problem BLOB NOT NULL, envelope BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS waiting ON quarantine (waits, place);
COMMIT;
"""
_FIND = "SELECT entries.idx, id, logged_at, envelope FROM ids JOIN entries ON entries.idx = ids.idx WHERE ids.key IN ({})"
_KEEP = """
INSERT INTO quarantine VALUES (NULL, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE
    SET device = excluded.device, kept_at = excluded.kept_at, waits = 0, problem = excluded.problem
    WHERE quarantine.waits AND NOT excluded.waits
"""
_UNFOUND = "SELECT count(*) FROM entries AS e WHERE NOT EXISTS (SELECT 1 FROM ids WHERE key = key(e.id) AND idx = e.idx)"


class SqliteStore:
    """Implements `ledger.store.Store`. Any thread may call it; calls that write come one after the other."""

    def __init__(self, folder: Path, writer: bool = True) -> None:
        """Open the store in a folder that exists; a writer makes what is not there.

        Raises
        ------
        InputError
            NO_FOLDER: there is nothing to read.
        TryAgain
            SECOND_PROCESS, READ_ONLY.
        LedgerAtRisk
            STORE_DAMAGED: the file is not a database of ours.
        """
        self._folder = folder
        self._guard = threading.Lock()
        self._lock = _locked(folder) if writer else None
        try:
            self._writer = self._connect("rwc") if writer else None
            self._reader = self._connect("ro")
        except BaseException:
            self._unlock()
            raise

    @property
    def place(self) -> str:
        return str(self._folder)

    def append(self, batch: Sequence[Row], at: int, tiles: Sequence[tuple[Tile, bytes]] = ()) -> None:
        if [row.index for row in batch] != list(range(at, at + len(batch))):
            stop(NOT_REACHED, reason="the indices of a batch do not follow")
        with self._writing() as connection:
            size = _size(connection)
            if size != at:
                self._damaged(f"it holds {size} entries, not {at}")
            ids = [row.id for row in batch]
            if len(set(ids)) < len(ids) or any(True for _ in _rows(connection, ids)):
                stop(NOT_REACHED, reason="an entry was appended twice")
            rows = [(row.index, row.id, row.logged_at, row.envelope) for row in batch]
            connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
            connection.executemany("INSERT INTO ids VALUES (?, ?)", sorted((_key(row.id), row.index) for row in batch))
            connection.executemany("INSERT OR REPLACE INTO hashes VALUES (?, ?, ?)", [(t.level, t.index, data) for t, data in tiles])

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """Page by page: no transaction stays open between them, since what is there never changes."""
        stop = self.size() if stop is None else stop
        while start < stop:
            page = self._ask("SELECT idx, id, logged_at, envelope FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx LIMIT ?",
                             start, stop, _PAGE)  # fmt: skip
            yield from (Row(*row) for row in page)
            if not page:
                return
            start = page[-1][0] + 1

    def size(self) -> int:
        """The highest index and one: O(log n). That no index is missing below, `verify` and opening a ledger find out."""
        return int(self._ask("SELECT coalesce(max(idx) + 1, 0) FROM entries")[0][0])

    def by_ids(self, ids: Collection[EntryId]) -> dict[EntryId, Row]:
        try:
            with self._guard:
                return {row.id: row for row in _rows(self._reader, list(ids))}
        except sqlite3.Error as error:
            self._say(error)

    def tiles(self) -> int:
        """Counted while none is missing: what lies behind a hole is made anew."""
        places = self._ask("SELECT place FROM hashes WHERE level = 0 ORDER BY place")
        return next((count for count, (place,) in enumerate(places) if place != count), len(places))

    def tile(self, tile: Tile) -> bytes | None:
        found = self._ask("SELECT data FROM hashes WHERE level = ? AND place = ?", tile.level, tile.index)
        return found[0][0] if found else None

    def keep(self, kept: Kept) -> None:
        row = (kept.digest, kept.device, kept.kept_at, kept.waits, msgspec.json.encode(kept.problem), kept.envelope)
        with self._writing() as connection:
            connection.execute(_KEEP, row)

    def kept(self, waits: bool) -> Iterator[Kept]:
        after = 0
        while page := self._ask("SELECT place, digest, device, kept_at, problem, envelope FROM quarantine"
                                " WHERE waits = ? AND place > ? ORDER BY place LIMIT ?", waits, after, _PAGE):  # fmt: skip
            after = page[-1][0]
            for _, digest, device, kept_at, coded, envelope in page:
                found = msgspec.json.decode(coded, type=Problem)
                yield Kept(digest, DeviceId(device), Instant(kept_at), waits, found, envelope)

    def kept_size(self, waits: bool) -> int:
        return int(self._ask("SELECT count(*) FROM quarantine WHERE waits = ?", waits)[0][0])

    def release(self, digests: Sequence[str]) -> None:
        with self._writing() as connection:
            rows = [(digest,) for digest in digests]
            connection.executemany("DELETE FROM quarantine WHERE digest = ? AND waits", rows)

    def head(self) -> bytes | None:
        try:
            return (self._folder / HEAD).read_bytes()
        except FileNotFoundError:
            return None

    def publish(self, head: bytes, size: int) -> None:
        """Write beside, flush, rename, flush the folder: before the rename nobody saw it, after it somebody may have."""
        fresh = self._folder / f"{HEAD}.new"
        try:
            _write_whole(fresh, head)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            stop(HEAD_NOT_WRITTEN, reason=error.strerror or str(error))
        try:
            os.replace(fresh, self._folder / HEAD)
            _flush_folder(self._folder)
        except OSError:
            stop(HEAD_IN_DOUBT, size=size, folder=self.place)

    def ailments(self) -> list[str]:
        """What SQLite's own check of every page and index finds; O(file). It has no checksums: content is for `verify`."""
        try:
            with self._guard:
                rows = self._reader.execute("PRAGMA integrity_check(20)").fetchall()
        except sqlite3.Error as error:
            return [str(error)]
        return [" ".join(str(said).split()) for (said,) in rows if said != "ok"]

    def unfound(self) -> int:
        """Entries that `by_ids` would not find, and what it would find where no entry is; O(file). `derive_anew` mends both."""
        with self._guard:
            self._reader.create_function("key", 1, _key, deterministic=True)
            (unfound,) = self._reader.execute(_UNFOUND).fetchone()
            (astray,) = self._reader.execute("SELECT count(*) FROM ids WHERE idx NOT IN (SELECT idx FROM entries)").fetchone()
        return int(unfound + astray)

    def kept_tiles(self) -> Iterator[tuple[Tile, bytes]]:
        for level, place in self._ask("SELECT level, place FROM hashes ORDER BY level, place"):
            tile = Tile(level, place)
            yield tile, self.tile(tile) or b""

    def derive_anew(self) -> None:
        """Find entries by their ids again, and let go of every tile: opened again, a ledger makes them from the entries."""
        with self._writing() as connection:
            connection.execute("DELETE FROM hashes")
            connection.execute("DELETE FROM ids")
            _fill_ids(connection)

    def close(self) -> None:
        """The reader first: the last connection to close empties the write-ahead log into the database."""
        with self._guard:
            self._reader.close()
            if self._writer is not None:
                self._writer.close()
        self._unlock()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; on every way out but the good one nothing of it stays."""
        if self._writer is None:
            stop(READ_ONLY, folder=self.place)
        with self._guard:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.Error):
                    if self._writer.in_transaction:
                        self._writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    self._say(error)
                raise

    def _ask(self, query: str, *values: object) -> list[Any]:
        try:
            with self._guard:
                return self._reader.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._say(error)

    def _connect(self, mode: str) -> sqlite3.Connection:
        path = self._folder / DATABASE
        if mode == "ro" and not path.exists():
            stop(NO_FOLDER, folder=self.place)
        try:
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None,
                                         check_same_thread=False)  # fmt: skip
            connection.execute("PRAGMA trusted_schema = OFF")
            if mode == "rwc":
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT}")
                connection.executescript(_SCHEMA)
                _upgrade(connection)
                _flush_folder(self._folder)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error as error:
            self._say(error)
        except OSError:
            stop(READ_ONLY, folder=self.place)
        if version != _VERSION:
            self._damaged(f"its version is {version}, not {_VERSION}")
        return connection

    def _say(self, error: sqlite3.Error) -> NoReturn:
        """What SQLite says, in our words. What is not known to have left the disk unchanged is a risk."""
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:
            case sqlite3.SQLITE_FULL:
                stop(DISK_FULL)
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
                stop(READ_ONLY, folder=self.place)
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                stop(SECOND_PROCESS, folder=self.place)
            case sqlite3.SQLITE_CONSTRAINT:
                stop(NOT_REACHED, reason=f"an entry was appended twice ({error})")
            case _:
                self._damaged(str(error))

    def _damaged(self, reason: str) -> NoReturn:
        stop(STORE_DAMAGED, reason=reason, folder=self.place)

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _upgrade(connection: sqlite3.Connection) -> None:
    """From version 1, whose ids had an index of their own; a database that is new has version 0. Killed in between, it is done again."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < _VERSION:
        _fill_ids(connection)
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _fill_ids(connection: sqlite3.Connection) -> None:
    connection.create_function("key", 1, _key, deterministic=True)
    connection.execute("INSERT OR IGNORE INTO ids SELECT key(id), idx FROM entries")


def _size(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(idx) + 1, 0) FROM entries").fetchone()[0])


def _rows(connection: sqlite3.Connection, ids: Sequence[EntryId]) -> Iterator[Row]:
    """The rows of these ids, found by a part of each: a short key keeps the index small, since ids come in no order."""
    for start in range(0, len(ids), _MOST_ASKED):
        asked = ids[start : start + _MOST_ASKED]
        wanted = set(asked)
        found = connection.execute(_FIND.format(", ".join("?" * len(asked))), [_key(id) for id in asked])
        yield from (Row(*row) for row in found if row[1] in wanted)


def _key(id: EntryId) -> int:
    """60 bits of the id; of two entries that share them both are found, and their ids compared."""
    return int(id[:15], 16)


def _locked(folder: Path) -> int:
    """An open file whose lock ends with the process, however that ends."""
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        stop(NO_FOLDER, folder=folder)
    except OSError:
        stop(READ_ONLY, folder=folder)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        stop(SECOND_PROCESS, folder=folder)
    return lock


def _write_whole(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
