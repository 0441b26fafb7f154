"""The log's part: it offers tree heads to cosigners, keeps what they answer, and shows who vouches for how much.

A cosignature is kept under its cosigner's key, the newest of each; it is no part of what makes an entry a fact. Whoever verifies
brings a policy of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import msgspec

from safepassage.errors import LOG_SPLIT, NOT_COSIGNED, NOT_READ, STORE_DAMAGED, InputError, Problem, Refusal, stop
from safepassage.hub.folder import Folder
from safepassage.ledger.cosign import Cosignature, Request, cosignatures, render_request
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.policy import Policy, parse_policy
from safepassage.ledger.split import Split, check_split, parse_split, render_split
from safepassage.ledger.treehead import TreeHead, open_head
from safepassage.stores.cosigned import SPLIT, CosignedFiles

POLICY = "policy"


class Vouched(msgspec.Struct, frozen=True):
    """A cosigner by its name in the policy, the tree it cosigned, when; `counts` where it can count towards the quorum."""

    name: str
    size: int
    seconds: int
    counts: bool


class Cosigned(msgspec.Struct, frozen=True):
    """Who vouches for the log. `covered` entries are vouched for by enough of them; `problems` are cosignatures that do not fit."""

    cosigners: tuple[Vouched, ...]
    covered: int
    problems: tuple[Problem, ...]


def offer(folder: Folder, old: int) -> bytes:
    """The request for a cosigner that cosigned the tree of size `old` last: hashes, and the newest tree head.

    Raises
    ------
    LedgerAtRisk
        STORE_DAMAGED: a cosigner saw a larger tree than this one. This is an older copy, and nothing may be signed here.
    """
    ledger = folder.ledger(writer=False)
    try:
        if old > ledger.head.size:
            _older(folder, ledger, old)
        return render_request(Request(old, tuple(ledger.consistency(old)), ledger.head_bytes or b""))
    finally:
        ledger.close()


def last_note(folder: Folder, policy: Policy, name: str) -> bytes | None:
    """The tree head that this cosigner answered for last, with its line below, as far as is known here."""
    kept = CosignedFiles(folder.path).last(policy.cosigners[name].vkey)
    return None if kept is None or isinstance(open_head(kept, folder.log_key, folder.origin), Refusal) else kept


def last_size(folder: Folder, policy: Policy, name: str) -> int:
    """The tree that this cosigner answered for last, as far as is known here."""
    return max((each.size for each in cosigned(folder, policy).cosigners if each.name == name), default=0)


def gather(folder: Folder, answer: bytes, policy: Policy) -> list[Vouched]:
    """Keep what a cosigner answered: a tree head of ours with its line below.

    Raises
    ------
    InputError
        NOT_COSIGNED, BAD_COSIGNATURE, and whatever a note can be refused for.
    LedgerAtRisk
        STORE_DAMAGED: it cosigned more entries than are here. LOG_SPLIT: it cosigned others; the proof is kept.
    """
    ledger = folder.ledger(writer=False)
    try:
        read = _read(folder, answer, policy)
        if isinstance(read, Refusal):
            raise InputError(read.problem)
        head, found = read
        if not found:
            stop(NOT_COSIGNED, reason="no cosigner of the policy signed it")
        if head.size > ledger.head.size:
            _older(folder, ledger, head.size)
        if (split := contradiction(ledger, head, answer)) is not None:
            keep_split(folder, split)
            stop(LOG_SPLIT, folder=folder.path / SPLIT)
        files = CosignedFiles(folder.path)
        files.attest(answer)
        names = {key: name for name, key in policy.cosigners.items()}
        for each in found:
            before = files.last(each.cosigner.vkey)
            known = None if before is None else open_head(before, folder.log_key, folder.origin)
            if not isinstance(known, TreeHead) or known.size <= head.size:
                files.keep(each.cosigner.vkey, answer)
        return [Vouched(name := names[each.cosigner], head.size, each.seconds, policy.required(name)) for each in found]
    finally:
        ledger.close()


def contradiction(ledger: Ledger, head: TreeHead, note: bytes) -> Split | None:
    """The proof that the log signed another tree head than the entries here have; None where it fits, or is larger than what is here."""
    ours = ledger.head.size
    if head.size > ours or ledger.root_at(head.size) == head.root:
        return None
    newest = ledger.head_bytes or b""
    if head.size == ours:
        return Split(note, newest)
    return Split(note, newest, ledger.root_at(head.size), tuple(ledger.consistency(head.size)))


def keep_split(folder: Folder, split: Split) -> Path:
    """Where the proof lies from now on; it is shown on the page.

    Raises
    ------
    InputError
        FALSE_PROOF and whatever a note can be refused for: it proves nothing about this log.
    """
    shown = check_split(split, folder.log_key, folder.origin)
    if isinstance(shown, Refusal):
        raise InputError(shown.problem)
    return CosignedFiles(folder.path).keep_split(render_split(split))


def splits(folder: Folder) -> list[Path]:
    """The kept proofs that this log contradicted itself; what else lies there is left out."""
    found = [(path, parse_split(data)) for path, data in CosignedFiles(folder.path).splits()]
    return [
        path
        for path, split in found
        if isinstance(split, Split) and not isinstance(check_split(split, folder.log_key, folder.origin), Refusal)
    ]


def vouchings(folder: Folder, policy: Policy) -> list[Vouched]:
    """Every cosignature of the policy's cosigners that was ever kept, verified."""
    names = {key: name for name, key in policy.cosigners.items()}
    read = [_read(folder, data, policy) for data in CosignedFiles(folder.path).attested()]
    return [
        Vouched(name := names[each.cosigner], found[0].size, each.seconds, policy.required(name))
        for found in read
        if not isinstance(found, Refusal)
        for each in found[1]
    ]


def cosigned(folder: Folder, policy: Policy) -> Cosigned:
    """Every kept cosignature of the policy's cosigners, verified. That the trees lie on one line with the entries, `verify` shows."""
    names = {key: name for name, key in policy.cosigners.items()}
    newest: dict[str, Vouched] = {}
    problems: list[Problem] = []
    for _, data in CosignedFiles(folder.path).all():
        read = _read(folder, data, policy)
        if isinstance(read, Refusal):
            problems.append(read.problem)
            continue
        head, found = read
        for each in found:
            vouched = Vouched(name := names[each.cosigner], head.size, each.seconds, policy.required(name))
            if name not in newest or (newest[name].size, newest[name].seconds) < (vouched.size, vouched.seconds):
                newest[name] = vouched
    sizes = {name: each.size for name, each in newest.items()}
    return Cosigned(tuple(newest[name] for name in sorted(newest)), policy.covers(sizes), tuple(problems))


def policy_of(folder: Folder, given: Path | None = None) -> Policy | None:
    """The policy in a file that somebody brought, or the folder's own; None where there is none.

    Raises
    ------
    InputError
        BAD_POLICY; NOT_COSIGNED where it names logs, and not this one.
    """
    path = given or folder.path / POLICY
    if given is None and not path.exists():
        return None
    try:
        policy = parse_policy(path.read_bytes(), str(path))
    except OSError as wrong:
        stop(NOT_READ, file=str(path), reason=wrong.strerror or "it cannot be read")
    if policy.logs and folder.log_key not in policy.logs:
        stop(NOT_COSIGNED, reason="the policy is for other logs")
    return policy


# The parts.
def _read(folder: Folder, data: bytes, policy: Policy) -> tuple[TreeHead, list[Cosignature]] | Refusal:
    head = open_head(data, folder.log_key, folder.origin)
    if isinstance(head, Refusal):
        return head
    found = cosignatures(data, policy.cosigners.values())
    return found if isinstance(found, Refusal) else (head, found)


def _older(folder: Folder, ledger: Ledger, size: int) -> NoReturn:
    stop(STORE_DAMAGED, reason=f"a tree of {size} entries was cosigned that these {ledger.head.size} do not bear out", folder=folder.path)
