"""The tree head: origin, size and root of the log, signed. Whoever holds one can tell whether history was rewritten.

Source: C2SP tlog-checkpoint.md (there it is a checkpoint; with us a checkpoint is a place on a road).
"""

from __future__ import annotations

import re

import msgspec

from safepassage.errors import MALFORMED_NOTE, Refusal, problem
from safepassage.ledger import note
from safepassage.ledger.keys import Signer, VerifyKey, from_base64, to_base64

_SIZE = re.compile(r"0|[1-9][0-9]{0,19}")


class TreeHead(msgspec.Struct, frozen=True):
    """A log's size and root (32 bytes). `extensions` are lines that we keep and never write."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> bytes:
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines).encode()


def sign(head: TreeHead, signer: Signer) -> bytes:
    """The signed note of a tree head. The same head and key always give the same bytes."""
    return note.sign(head.text, [signer])


def parse(text: bytes) -> TreeHead | Refusal:
    """The tree head in a note's text: three lines that are not empty, then extension lines that are not empty."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError:
        return _refused(text, "it is not UTF-8")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        return _refused(text, "a tree head has three lines or more, none of them empty")
    origin, size, coded, *extensions = lines
    root = from_base64(coded)
    if not _SIZE.fullmatch(size) or int(size) >= 2**64:
        return _refused(text, "the second line is not a size")
    if root is None or len(root) != 32:
        return _refused(text, "the third line is not the base64 of 32 bytes")
    return TreeHead(origin, int(size), root, tuple(extensions))


def open_head(data: bytes, key: VerifyKey, origin: str) -> TreeHead | Refusal:
    """The tree head of this log, if this key signed it; other signatures are for others to judge."""
    opened = note.open_note(data, [key])
    if isinstance(opened, Refusal):
        return opened
    head = parse(opened.text)
    if isinstance(head, TreeHead) and head.origin != origin:
        return _refused(data, f"it is of the log {head.origin}, not of {origin}")
    return head


def open_unverified(data: bytes) -> TreeHead | Refusal:
    """The tree head as it lies, for a reader without the log's key: nothing about who signed it is known."""
    found = note.parse(data)
    return found if isinstance(found, Refusal) else parse(found.text)


def _refused(data: bytes, reason: str) -> Refusal:
    return Refusal(problem(MALFORMED_NOTE, reason=reason), data)
