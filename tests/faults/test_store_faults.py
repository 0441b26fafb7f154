"""Real kills, real full disks, real flipped bits: what was acknowledged is there, once; what is damaged is found.

Source: DESIGN 4; STYLE 5; the matrix is that of sunlight's internal/ctlog/ctlog_test.go.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safepassage.errors import (
    DISK_FULL,
    HEAD_IN_DOUBT,
    HEAD_NOT_WRITTEN,
    NO_FOLDER,
    READ_ONLY,
    SECOND_PROCESS,
    STORE_DAMAGED,
    InputError,
    LedgerAtRisk,
    SafePassageError,
    TryAgain,
)
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.store import Row
from safepassage.ledger.verify import Verification, verify
from safepassage.stores import sqlite as sqlite_module
from safepassage.stores.sqlite import DATABASE, SqliteStore
from safepassage.values.encoding import content_id
from safepassage.values.ids import DeviceId
from safepassage.values.times import Instant

from . import appender
from .appender import envelope

LOG = demo_signer(appender.DEPLOYMENT, DeviceId("log"))
KILLS = 40


def learnt(payload: bytes) -> list[tuple[DeviceId, str]]:
    return [(DeviceId(name), vkey) for name, vkey in json.loads(payload).get("keys", {}).items()]


def check_ledger(folder: Path) -> Verification:
    """The plain check of everything that is on the disk, by a reader of its own."""
    store = SqliteStore(folder, writer=False)
    found = verify(store.read(), [store.head() or b""], LOG.key, appender.ORIGIN, learnt)
    store.close()
    return found


def running(folder: Path, *before: str) -> subprocess.Popen[bytes]:
    command = [*before, sys.executable, appender.__file__, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def killed_after(folder: Path, lines: int, more: int) -> list[str]:
    """What an appender acknowledged; it is killed some bytes of work after its `lines`-th acknowledgement."""
    process = running(folder)
    assert process.stdout is not None
    heard = [process.stdout.readline() for _ in range(lines)]
    for _ in range(more):
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    heard += process.stdout.readlines()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    return [line.decode().strip() for line in heard if line.endswith(b"\n")]


def grown(folder: Path, lines: int = 12) -> Path:
    killed_after(folder, lines, 0)
    Ledger(store := SqliteStore(folder), LOG, appender.ORIGIN)
    store.close()
    return folder


def refused_on_opening(folder: Path) -> int:
    """The number of the problem that keeps a writer from this folder."""
    store: SqliteStore | None = None
    try:
        store = SqliteStore(folder)
        Ledger(store, LOG, appender.ORIGIN)
    except LedgerAtRisk as risk:
        return risk.problem.number
    finally:
        if store is not None:
            store.close()
    return 0


def row(index: int, size: int = 20) -> Row:
    return Row(index, content_id(f"id {index}".encode()), Instant(index), b"x" * size)


@pytest.mark.slow
def test_whenever_it_is_killed_what_was_acknowledged_is_there_once(tmp_path: Path) -> None:
    """SIGKILL between any two instructions, forty times over one ledger."""
    dice = random.Random(2016)
    acknowledged: list[str] = []
    for _ in range(KILLS):
        acknowledged += killed_after(tmp_path, dice.randrange(1, 6), dice.randrange(0, 400))
        Ledger(store := SqliteStore(tmp_path), LOG, appender.ORIGIN)
        there = [f"{row.index} {row.id}" for row in store.read()]
        store.close()
        assert set(acknowledged) <= set(there)
        assert len(set(there)) == len(there)
        found = check_ledger(tmp_path)
        assert found.proved and not any(chain.open or chain.forked or chain.unlinked for chain in found.chains), found.problems
    assert len(acknowledged) == len(set(acknowledged))


STEPS = ["before commit", "after commit", "before the rename", "after the rename"]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_named_step(tmp_path: Path, step: str) -> None:
    """A child dies by SIGKILL at exactly this step of its second append."""
    child = os.fork()
    if child == 0:
        try:
            _append_and_die(tmp_path, step)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    Ledger(store := SqliteStore(tmp_path), LOG, appender.ORIGIN)
    size = store.size()
    store.close()
    assert size == (1 if step == "before commit" else 2)
    assert check_ledger(tmp_path).proved


def _append_and_die(folder: Path, step: str) -> None:
    """Runs in the child only."""
    store = SqliteStore(folder)
    ledger = Ledger(store, LOG, appender.ORIGIN)
    ledger.append([envelope(1)], Instant(1))
    match step:
        case "before commit":
            assert store._writer is not None
            store._writer.set_trace_callback(lambda said: _die() if said == "COMMIT" else None)
        case "after commit":
            _die_after(store, "append")
        case "before the rename":
            _die_after(sqlite_module, "_write_whole")
        case "after the rename":
            _die_after(os, "replace")
    ledger.append([envelope(2)], Instant(2))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_after(owner: object, name: str) -> None:
    whole = getattr(owner, name)

    def last(*given: Any, **named: Any) -> None:
        whole(*given, **named)
        _die()

    setattr(owner, name, last)


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path: Path) -> None:
    process = running(grown(tmp_path))
    assert process.stdout is not None and process.stdout.readline()
    with pytest.raises(TryAgain) as caught:
        SqliteStore(tmp_path)
    assert caught.value.problem.number == SECOND_PROCESS.number
    reader = SqliteStore(tmp_path, writer=False)
    assert Ledger(reader, None, appender.ORIGIN, LOG.key).size > 0
    reader.close()
    process.kill()
    process.communicate()
    SqliteStore(tmp_path).close()


def test_a_full_disk_leaves_nothing_of_the_batch(tmp_path: Path) -> None:
    """The page quota makes SQLite say what it says on a full disk, SQLITE_FULL."""
    store = SqliteStore(tmp_path)
    store.append([row(0)], at=0)
    store._writer.execute("PRAGMA max_page_count = 20")  # type: ignore[union-attr]
    with pytest.raises(TryAgain) as caught:
        store.append([row(index, 30_000) for index in range(1, 9)], at=1)
    assert caught.value.problem.number == DISK_FULL.number
    assert list(store.read()) == [row(0)]
    store.append([row(1)], at=1)
    assert store.size() == 2


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, where the machine allows one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    made = shutil.which("mount") and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if not made or made.returncode:
        pytest.skip("no right to mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_really_full_disk_leaves_what_was_acknowledged(tiny: Path) -> None:
    process = running(tiny)
    heard, said = process.communicate()
    acknowledged = heard.decode().splitlines()
    assert b"SP-404" in said or b"SP-408" in said, said
    reader = SqliteStore(tiny, writer=False)
    there = [f"{row.index} {row.id}" for row in reader.read()]
    reader.close()
    assert acknowledged and set(acknowledged) <= set(there) and len(set(there)) == len(there)


def test_a_disk_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    grown(tmp_path)
    store = SqliteStore(tmp_path)
    store._writer.execute("PRAGMA query_only = ON")  # type: ignore[union-attr]
    with pytest.raises(TryAgain) as caught:
        store.append([row(store.size())], at=store.size())
    assert caught.value.problem.number == READ_ONLY.number
    store.close()
    reader = SqliteStore(tmp_path, writer=False)
    with pytest.raises(TryAgain) as caught:
        reader.append([row(reader.size())], at=reader.size())
    assert caught.value.problem.number == READ_ONLY.number


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(TryAgain):
        SqliteStore(tmp_path)
    tmp_path.chmod(0o700)


def test_there_is_nothing_to_read(tmp_path: Path) -> None:
    for writer, folder in ((False, tmp_path), (True, tmp_path / "none")):
        with pytest.raises(InputError) as caught:
            SqliteStore(folder, writer)
        assert caught.value.problem.number == NO_FOLDER.number


def test_a_flipped_bit_in_an_entry_is_found(tmp_path: Path) -> None:
    """Any bit of any envelope in the database file: opening refuses, and `verify` names the entry."""
    path = grown(tmp_path) / DATABASE
    whole, dice = path.read_bytes(), random.Random(1)
    reader = SqliteStore(tmp_path, writer=False)
    rows = list(reader.read())
    reader.close()
    for row in rows[:12]:
        offset = whole.index(row.envelope) + dice.randrange(len(row.envelope))
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ (1 << dice.randrange(8))]) + whole[offset + 1 :])
        found = check_ledger(tmp_path)
        assert not found.proved and found.good <= row.index
        assert refused_on_opening(tmp_path) == STORE_DAMAGED.number
    path.write_bytes(whole)
    assert check_ledger(tmp_path).proved


def test_a_flipped_bit_anywhere_in_the_file_is_found_or_harms_nothing(tmp_path: Path) -> None:
    """Free pages and SQLite's own counters hold nothing of ours; everywhere else the flip is named, never believed."""
    path = grown(tmp_path, 30) / DATABASE
    whole, dice = path.read_bytes(), random.Random(2)
    reader = SqliteStore(tmp_path, writer=False)
    before = list(reader.read())
    reader.close()
    for _ in range(150):
        offset = dice.randrange(len(whole))
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ (1 << dice.randrange(8))]) + whole[offset + 1 :])
        try:
            found = check_ledger(tmp_path)
            store = SqliteStore(tmp_path, writer=False)
            after = list(store.read())
            store.close()
        except SafePassageError:
            continue
        stamps = [row.logged_at for row in after] != [row.logged_at for row in before]
        assert not found.proved or stamps or after == before


@pytest.mark.parametrize("damage", [b"", b"not a database at all, and long enough to be looked at closely" * 20])
def test_a_file_that_is_no_ledger_is_named(tmp_path: Path, damage: bytes) -> None:
    path = grown(tmp_path) / DATABASE
    path.write_bytes(damage)
    assert refused_on_opening(tmp_path) == STORE_DAMAGED.number


def test_a_restored_older_database_is_not_signed_over(tmp_path: Path) -> None:
    path = grown(tmp_path) / DATABASE
    old = path.read_bytes()
    grown(tmp_path, 20)
    path.write_bytes(old)
    assert refused_on_opening(tmp_path) == STORE_DAMAGED.number


def test_a_tree_head_that_could_not_be_written_was_seen_by_nobody(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    store.publish(b"one\n", 1)
    (tmp_path / "treehead.new").mkdir()
    with pytest.raises(TryAgain) as caught:
        store.publish(b"two\n", 2)
    assert caught.value.problem.number == HEAD_NOT_WRITTEN.number
    assert store.head() == b"one\n"


def test_a_tree_head_that_may_have_been_seen_stops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rename is done, the flush of the folder fails: on disk or not, we cannot tell."""
    store = SqliteStore(tmp_path)
    ledger = Ledger(store, LOG, appender.ORIGIN)

    def fails(folder: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sqlite_module, "_flush_folder", fails)
    with pytest.raises(LedgerAtRisk) as caught:
        ledger.append([envelope(1)], Instant(1))
    assert caught.value.problem.number == HEAD_IN_DOUBT.number
    monkeypatch.undo()
    with pytest.raises(LedgerAtRisk):
        ledger.append([envelope(2)], Instant(2))
    store.close()
    Ledger(SqliteStore(tmp_path), LOG, appender.ORIGIN).append([envelope(2)], Instant(3))
    assert check_ledger(tmp_path).proved
