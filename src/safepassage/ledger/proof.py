"""A proof for strangers: that an entry is in the log of a signed tree head, as one page of text.

Source: C2SP tlog-proof.md; RFC 6962 §2.1.1.
"""

from __future__ import annotations

import re

import msgspec

from safepassage.errors import FALSE_PROOF, MALFORMED_NOTE, Refusal, problem
from safepassage.ledger.keys import VerifyKey, from_base64, to_base64
from safepassage.ledger.merkle import includes, leaf_hash
from safepassage.ledger.treehead import TreeHead, open_head

_HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,19})")


class Proof(msgspec.Struct, frozen=True):
    """An entry's index, the hashes from its sibling upwards, the signed tree head; `extra` is vouched for by nobody."""

    index: int
    hashes: tuple[bytes, ...]
    head: bytes
    extra: bytes | None = None


def render(proof: Proof) -> bytes:
    """The text, whose file is called `*.tlog-proof`."""
    extra = [] if proof.extra is None else [f"extra {to_base64(proof.extra)}"]
    lines = [_HEADER, *extra, f"index {proof.index}", *map(to_base64, proof.hashes), "", ""]
    return "\n".join(lines).encode() + proof.head


def parse(data: bytes) -> Proof | Refusal:
    """The parts of a proof; nothing is verified."""
    frame, gap, head = data.partition(b"\n\n")
    try:
        lines = frame.decode().split("\n")
    except UnicodeDecodeError:
        return _malformed(data, "it is not UTF-8")
    if not gap or lines[0] != _HEADER:
        return _malformed(data, f"it does not begin with {_HEADER}, or has no tree head")
    extra = from_base64(lines.pop(1)[6:]) if len(lines) > 1 and lines[1].startswith("extra ") else b""
    index = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
    hashes = [from_base64(line) for line in lines[2:]]
    if extra is None or index is None or int(index[1]) >= 2**64:
        return _malformed(data, "its line `extra` or `index` is malformed")
    good = tuple(part for part in hashes if part is not None and len(part) == 32)
    if len(good) < len(hashes):
        return _malformed(data, "a line is not the base64 of a hash")
    return Proof(int(index[1]), good, head, extra if b"\nextra " in frame else None)


def check_proof(proof: Proof, entry: bytes, key: VerifyKey, origin: str) -> TreeHead | Refusal:
    """The tree head that the entry (an envelope's exact bytes) is proved to be under."""
    head = open_head(proof.head, key, origin)
    if isinstance(head, Refusal):
        return head
    if not includes(leaf_hash(entry), proof.index, head.size, proof.hashes, head.root):
        return Refusal(problem(FALSE_PROOF, reason=f"entry {proof.index} is not shown under this tree head"), entry)
    return head


def _malformed(data: bytes, reason: str) -> Refusal:
    return Refusal(problem(MALFORMED_NOTE, reason=reason), data)
