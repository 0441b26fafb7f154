"""What only the SQLite store does: taking up a database that an earlier version made."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from safepassage.errors import STORE_DAMAGED, LedgerAtRisk
from safepassage.ledger.store import Row
from safepassage.stores.sqlite import DATABASE, SqliteStore
from safepassage.values.encoding import content_id
from safepassage.values.times import Instant

FIRST_SCHEMA = """
CREATE TABLE entries (idx INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, logged_at INTEGER NOT NULL, envelope BLOB NOT NULL) STRICT;
PRAGMA user_version = 1;
"""


def test_a_database_of_the_first_version_is_taken_up_by_a_writer(tmp_path: Path) -> None:
    rows = [Row(index, content_id(b"%d" % index), Instant(index), b"envelope") for index in range(700)]
    with sqlite3.connect(tmp_path / DATABASE) as database:
        database.executescript(FIRST_SCHEMA)
        database.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", [(row.index, row.id, row.logged_at, row.envelope) for row in rows])
    database.close()
    with pytest.raises(LedgerAtRisk) as caught:
        SqliteStore(tmp_path, writer=False)
    assert caught.value.problem.number == STORE_DAMAGED.number and "version is 1" in caught.value.problem.what
    store = SqliteStore(tmp_path)
    assert list(store.read()) == rows
    assert store.by_ids([rows[600].id]) == {rows[600].id: rows[600]}
    assert store.unfound() == 0
    store.close()
