"""Every write that two hubs and two cosigners make, and what can befall it: it fails; it fails, but is on the disk; the process is killed.

A step runs in a process of its own, forked off, which opens what it needs and dies or says what it acknowledged. `Fault` counts the
writes of a step (SQLite's commits, flushes, renames) and strikes at one of them. No line of the product knows of it.
"""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from enum import Enum
from typing import Any

from safepassage.errors import SafePassageError
from safepassage.stores.sqlite import SqliteStore


class Kind(Enum):
    FAILS = "fails"
    FAILS_ON_DISK = "fails, but is on the disk"
    KILLED_BEFORE = "the process is killed before it"
    KILLED_AFTER = "the process is killed after it"


class Fault:
    """Strikes at the write with this number, counted from 1 in this process; 0 never does."""

    def __init__(self, at: int, kind: Kind) -> None:
        self._at, self._kind, self._passed = at, kind, 0

    def strike(self, write: Callable[[], Any], failure: Exception) -> Any:
        self._passed += 1
        if self._passed != self._at:
            return write()
        if self._kind is Kind.KILLED_BEFORE:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._kind is Kind.FAILS:
            raise failure
        done = write()
        if self._kind is Kind.KILLED_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._kind is Kind.FAILS_ON_DISK:
            raise failure
        return done

    def plant(self) -> None:
        """In a process that was forked off for it."""
        replace, fsync, connect = os.replace, os.fsync, SqliteStore._connect
        full = OSError(errno.EIO, "Input/output error")
        os.replace = lambda *given: self.strike(lambda: replace(*given), full)  # type: ignore[assignment]
        os.fsync = lambda handle: self.strike(lambda: fsync(handle), full)
        SqliteStore._connect = lambda store, mode: Connection(connect(store, mode), self)  # type: ignore[method-assign, assignment, return-value]


class Connection:
    """A connection of SQLite whose commits can be struck. A disk that is full says so; after a commit nobody knows."""

    def __init__(self, whole: sqlite3.Connection, fault: Fault) -> None:
        self._whole, self._fault = whole, fault

    def execute(self, words: str, *values: Any) -> Any:
        if words != "COMMIT":
            return self._whole.execute(words, *values)
        code = sqlite3.SQLITE_FULL if self._fault._kind is Kind.FAILS else sqlite3.SQLITE_IOERR
        failure = sqlite3.OperationalError("disk I/O error")
        failure.sqlite_errorcode = code
        return self._fault.strike(lambda: self._whole.execute(words), failure)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


def apart(work: Callable[[Callable[[str], None]], None], fault: Fault) -> tuple[list[str], str]:
    """Run `work(say)` in a forked process under a fault: the lines that it said, and how it ended (`killed`, or what it raised)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run(work, fault, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = [line.decode().rstrip("\n") for line in pipe.readlines() if line.endswith(b"\n")]
    _, status = os.waitpid(child, 0)
    ended = "killed" if os.WIFSIGNALED(status) else next((line[7:] for line in lines if line.startswith("raised ")), "")
    return [line for line in lines if not line.startswith("raised ")], ended


def _run(work: Callable[[Callable[[str], None]], None], fault: Fault, writing: int) -> None:
    """Never returns: what the parent has open is left alone."""

    def say(line: str) -> None:
        os.write(writing, f"{line}\n".encode())

    try:
        fault.plant()
        work(say)
    except SafePassageError as error:
        say(f"raised SP-{error.problem.number}")
    except BaseException as error:
        say(f"raised BUG {error!r}")
    finally:
        sys.stderr.flush()
        os._exit(0)
