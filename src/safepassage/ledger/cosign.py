"""Cosigners: neutral bodies, and the sides, who sign that the log they see only ever grew. A cosigner sees hashes, and nothing else.

Pure: what a cosigner knows comes in, and what it must remember goes out; whoever calls keeps it on the disk *before* the answer
leaves (`hub.cosigner`). Two cosigners never share a key: what is signed does not hold the cosigner's name.

Source: C2SP tlog-cosignature.md (Ed25519), tlog-witness.md (their word for a cosigner); docs/formats/cosigning.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from safepassage.errors import BAD_COSIGNATURE, MALFORMED_NOTE, NOT_COSIGNED, Problem, Refusal, problem
from safepassage.ledger import note
from safepassage.ledger.keys import COSIGNER, Signer, VerifyKey, from_base64, to_base64
from safepassage.ledger.merkle import EMPTY_ROOT, extends, implied
from safepassage.ledger.split import Split
from safepassage.ledger.treehead import TreeHead, open_head, open_unverified

MOST_HASHES = 63
LARGEST_REQUEST = 65_535
LATEST = 2**63 - 1
_SIZE = re.compile(r"old (0|[1-9][0-9]{0,19})")
_FRAMED = 4 + 8 + 64


class Cosignature(msgspec.Struct, frozen=True):
    """That a cosigner, at `seconds` since 1970, had seen no larger tree of this log than this one, and only consistent ones."""

    cosigner: VerifyKey
    seconds: int
    line: str


class Request(msgspec.Struct, frozen=True):
    """What a log asks of a cosigner: its signed tree head, and the proof that it continues the one of size `old`."""

    old: int
    hashes: tuple[bytes, ...]
    head: bytes


class Declined(msgspec.Struct, frozen=True):
    """Why a cosigner does not sign. `code` is that of HTTP; `size` the tree that it cosigned last, where that is what was asked.

    `split` where the log signed two tree heads that do not lie on one line, and what is here proves it.
    """

    code: int
    problem: Problem
    size: int | None = None
    split: Split | None = None


def cosign(text: bytes, signer: Signer, seconds: int) -> str:
    """The line that a cosigner adds below a tree head. `signer` is of type 0x04, and of this cosigner alone."""
    if signer.key.algorithm != COSIGNER or not 0 <= seconds <= LATEST:
        raise ValueError("a cosigner signs with a cosigner's key, at a time that can be written")
    return note.Signature(signer.name, signer.key.key_id, seconds.to_bytes(8, "big") + signer.sign(_message(text, seconds))).line


def time_of(data: bytes) -> int | None:
    """The time in a cosignature's bytes (key id, time, signature); None if they are no Ed25519 cosignature. Nothing is verified."""
    seconds = int.from_bytes(data[4:12], "big")
    return seconds if len(data) == _FRAMED and seconds <= LATEST else None


def cosignatures(head: bytes, cosigners: Iterable[VerifyKey]) -> list[Cosignature] | Refusal:
    """Those of these cosigners that stand below a tree head; lines of others are left alone.

    A line of a known cosigner that does not verify refuses the whole note, as anywhere in signed notes.
    """
    parsed = note.parse(head)
    if isinstance(parsed, Refusal):
        return parsed
    known = {(key.name, key.key_id): key for key in cosigners}
    found: dict[VerifyKey, Cosignature] = {}
    for line in parsed.signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        seconds = time_of(line.key_id + line.signature)
        if seconds is None or not key.verifies(line.signature[8:], _message(parsed.text, seconds)):
            return Refusal(problem(BAD_COSIGNATURE, cosigner=key.name), head)
        if key not in found or found[key].seconds < seconds:
            found[key] = Cosignature(key, seconds, line.line)
    return list(found.values())


def render_request(request: Request) -> bytes:
    """The text that is sent, or carried on a stick."""
    lines = [f"old {request.old}", *map(to_base64, request.hashes), "", ""]
    return "\n".join(lines).encode() + request.head


def parse_request(data: bytes) -> Request | Refusal:
    """The parts of a request; nothing is verified."""
    frame, gap, head = data.partition(b"\n\n")
    if len(data) > LARGEST_REQUEST or not gap or not frame.isascii():
        return _malformed(data, "a request is an `old` line, hashes, an empty line and a tree head")
    first, *rest = frame.decode().split("\n")
    old = _SIZE.fullmatch(first)
    hashes = [from_base64(line) for line in rest]
    good = tuple(part for part in hashes if part is not None and len(part) == 32)
    if old is None or int(old[1]) >= 2**64 or len(good) < len(hashes) or len(good) > MOST_HASHES:
        return _malformed(data, "its line `old` or a hash is malformed")
    return Request(int(old[1]), good, head)


def judge(data: bytes, logs: Sequence[VerifyKey], last: bytes | None) -> TreeHead | Declined:
    """The tree head to cosign, or why not. `logs` are the logs' keys, each called like its log; `last` the note cosigned last.

    The order of the checks, and their codes, are those of tlog-witness.md, "add-checkpoint".
    """
    request = parse_request(data)
    if isinstance(request, Refusal):
        return Declined(400, request.problem)
    head = open_unverified(request.head)
    if isinstance(head, Refusal):
        return Declined(400, head.problem)
    keys = [key for key in logs if key.name == head.origin]
    if not keys:
        return _declined(404, f"the log {head.origin} is not known here")
    if all(isinstance(open_head(request.head, key, head.origin), Refusal) for key in keys):
        return _declined(403, f"no known key of {head.origin} signed it")
    if request.old > head.size:
        return _declined(400, f"it is of size {head.size}, smaller than the old size {request.old}")
    return _continues(request, head, last)


def last_of(last: bytes | None) -> TreeHead | None:
    """The tree head that was cosigned last; None where none was.

    Raises `ValueError` where the note cannot be read: then nothing may be signed.
    """
    head = None if last is None else open_unverified(last)
    if isinstance(head, Refusal):
        raise ValueError(head.problem.what)
    return head


# The parts.
def _continues(request: Request, head: TreeHead, last: bytes | None) -> TreeHead | Declined:
    before = last_of(last)
    size, root = (before.size, before.root) if before else (0, EMPTY_ROOT)
    split = _split(request, head, last, before)
    if request.old != size:
        return Declined(409, problem(NOT_COSIGNED, reason=f"the tree cosigned last has {size} entries"), size, split)
    if split is not None and head.size == size:
        reason = f"another tree of {size} entries was cosigned before, and the log signed both"
        return Declined(422, problem(NOT_COSIGNED, reason=reason), split=split)
    if size == 0:
        fits = not request.hashes and (head.size > 0 or head.root == EMPTY_ROOT)
    else:
        fits = extends(size, head.size, root, head.root, request.hashes)
    reason = f"it is not shown to continue the tree of {size} entries"
    return head if fits else Declined(422, problem(NOT_COSIGNED, reason=reason), split=split)


def _split(request: Request, head: TreeHead, last: bytes | None, before: TreeHead | None) -> Split | None:
    """The proof that the log contradicts what it signed before. Of two sizes the proof that it sent itself may be that proof: where it
    leads to the new root, it shows which root the smaller tree has there."""
    if last is None or before is None or before.size == 0:
        return None
    if head.size == before.size:
        return Split(last, request.head) if head.root != before.root else None
    if request.old != before.size:
        return None
    root = implied(before.size, head.size, head.root, request.hashes)
    return None if root is None or root == before.root else Split(last, request.head, root, request.hashes)


def _message(text: bytes, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n".encode() + text


def _declined(code: int, reason: str) -> Declined:
    return Declined(code, problem(NOT_COSIGNED, reason=reason))


def _malformed(data: bytes, reason: str) -> Refusal:
    return Refusal(problem(MALFORMED_NOTE, reason=reason), data)
