"""What is damaged in a deployment's folder, and what of it can be made again.

The entries and the signed tree head cannot be: nobody can sign again what devices signed, and a tree head made anew could
contradict one that somebody holds. The public log can be: it follows from the entries. What is only derived is rebuilt on request,
and only from a ledger that opens, which is to say one that its tree head bears out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from safepassage.errors import HEAD_ABSENT, LOG_AILING, STORE_DAMAGED, InputError, LedgerAtRisk, Problem, Refusal, SafePassageError, problem
from safepassage.hub.folder import PUBLIC_LOG, Folder, enrolments
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
    """The database's pages, the tree head, every entry, then the public log; whatever is damaged, the others are examined."""
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
    finally:
        store.close()
    findings = [Finding(each) for each in [*broken, *entries.problems]]
    return Examination(entries.entries, entries.good, (*findings, *_public_log(folder)))


def rebuild(folder: Folder) -> int:
    """Make the public log anew; how many files were written.

    Raises
    ------
    LedgerAtRisk
        The ledger itself is damaged: nothing is derived from it.
    """
    return folder.write_log(anew=True)


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


def _public_log(folder: Folder) -> list[Finding]:
    place = folder.path / PUBLIC_LOG
    if not place.is_dir():
        return []
    try:
        ledger = folder.ledger(writer=False)
    except SafePassageError:
        return []  # what keeps the ledger from opening is a finding already
    try:
        ailing = list(ailing_files(place, ledger, folder.log_key))
    finally:
        ledger.close()
    return [
        Finding(problem(LOG_AILING, file=f"{PUBLIC_LOG}/{each.file}", reason=each.ailment.value, folder=folder.path), rebuilds=True)
        for each in ailing[:MOST_FILES]
    ]
