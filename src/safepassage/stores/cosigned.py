"""What was cosigned last: on a cosigner's machine, so that it never signs backwards; in a log's folder, to be shown.

cosigned/<name>      a tree head with the log's and the cosigner's signature, replaced by rename
attested/<digest>    every one of them, kept for good: since when an entry is vouched for
split/<digest>.split the proof that the log signed two tree heads that do not lie on one line, kept for good
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from safepassage.errors import COSIGNED_IN_DOUBT, READ_ONLY, SECOND_PROCESS, stop

COSIGNED, ATTESTED, SPLIT, LOCK = "cosigned", "attested", "split", "lock"


class CosignedFiles:
    """Notes under names of any form. When `keep` returns, the note is on the disk, and survives a kill and a loss of power."""

    def __init__(self, folder: Path, alone: bool = False) -> None:
        """`alone`: while this process lives no other may open it so (SECOND_PROCESS)."""
        self.folder = folder
        self._lock: int | None = None
        if alone:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self.close()
                stop(SECOND_PROCESS, folder=str(folder))

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def last(self, name: str) -> bytes | None:
        """
        Raises
        ------
        LedgerAtRisk
            COSIGNED_IN_DOUBT: there is a file, and it cannot be read.
        """
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            stop(COSIGNED_IN_DOUBT, reason=error.strerror or str(error), folder=str(self.folder))

    def keep(self, name: str, note: bytes) -> None:
        """Replace the note of this name.

        Raises
        ------
        LedgerAtRisk
            COSIGNED_IN_DOUBT: it cannot be told which of the two is on the disk. Nothing may leave that it speaks of.
        """
        try:
            _write(self._path(name), note)
        except OSError as error:
            stop(COSIGNED_IN_DOUBT, reason=error.strerror or str(error), folder=str(self.folder))

    def attest(self, note: bytes) -> None:
        """Keep a cosigned tree head for good, beside the newest of each.

        Raises
        ------
        TryAgain
            READ_ONLY: it could not be written; gathered again it is.
        """
        try:
            _write(self.folder / ATTESTED / hashlib.sha256(note).hexdigest(), note)
        except OSError:
            stop(READ_ONLY, folder=str(self.folder))

    def attested(self) -> Iterator[bytes]:
        yield from (path.read_bytes() for path in sorted((self.folder / ATTESTED).glob("*")) if path.suffix != ".new")

    def keep_split(self, proof: bytes) -> Path:
        """Under its digest: nobody replaces it."""
        path = self.folder / SPLIT / f"{hashlib.sha256(proof).hexdigest()[:16]}.split"
        _write(path, proof)
        return path

    def splits(self) -> Iterator[tuple[Path, bytes]]:
        yield from ((path, path.read_bytes()) for path in sorted((self.folder / SPLIT).glob("*.split")))

    def all(self) -> Iterator[tuple[str, bytes]]:
        """Every note with its file's name."""
        for path in sorted((self.folder / COSIGNED).glob("*")):
            if path.suffix != ".new":
                yield path.name, path.read_bytes()

    def _path(self, name: str) -> Path:
        return self.folder / COSIGNED / hashlib.sha256(name.encode()).hexdigest()[:32]


def _write(path: Path, data: bytes) -> None:
    made = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with open(fresh, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    for folder in (path.parent, path.parent.parent) if made else (path.parent,):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
