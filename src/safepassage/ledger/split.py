"""The proof of a split view: two tree heads that one log signed and that do not lie on one line. Its reader needs the log's key alone.

Of one size with two roots they say it themselves. Of two sizes the consistency proof says it: it shows which root the smaller tree must
have had for the larger one to continue it, and that this is not the one that was signed.

Source: RFC 6962 §2.1.2; docs/formats/cosigning.md.
"""

from __future__ import annotations

import re

import msgspec

from safepassage.errors import FALSE_PROOF, MALFORMED_NOTE, Refusal, problem
from safepassage.ledger.keys import VerifyKey, from_base64, to_base64
from safepassage.ledger.merkle import extends
from safepassage.ledger.treehead import TreeHead, open_head

HEADER = b"safepassage/split/v1\n"
_LENGTHS = re.compile(r"notes ([1-9][0-9]{0,5}) ([1-9][0-9]{0,5})")


class Split(msgspec.Struct, frozen=True):
    """Two signed notes, the smaller tree first. `root` is what the larger tree has in the place of the smaller, `hashes` show it."""

    smaller: bytes
    larger: bytes
    root: bytes = b""
    hashes: tuple[bytes, ...] = ()


def render_split(split: Split) -> bytes:
    shown = (split.root, *split.hashes) if split.root else ()
    lines = [f"notes {len(split.smaller)} {len(split.larger)}", *map(to_base64, shown)]
    return HEADER + "".join(f"{line}\n" for line in lines).encode() + b"\n" + split.smaller + split.larger


def parse_split(data: bytes) -> Split | Refusal:
    """The parts of a proof; nothing is verified."""
    frame, gap, notes = data.partition(b"\n\n")
    if not data.startswith(HEADER) or not gap or not frame.isascii():
        return _malformed(data, "it does not begin as the proof of a split view does")
    lengths, *rest = frame[len(HEADER) :].decode().split("\n")
    said = _LENGTHS.fullmatch(lengths)
    hashes = [from_base64(line) for line in rest]
    good = tuple(each for each in hashes if each is not None and len(each) == 32)
    if said is None or len(good) < len(hashes) or int(said[1]) + int(said[2]) != len(notes):
        return _malformed(data, "its notes or a hash are not as long as they must be")
    cut = int(said[1])
    return Split(notes[:cut], notes[cut:], good[0] if good else b"", good[1:])


def check_split(split: Split, key: VerifyKey, origin: str) -> tuple[TreeHead, TreeHead] | Refusal:
    """The two tree heads, where the log signed both and they do not lie on one line."""
    smaller, larger = open_head(split.smaller, key, origin), open_head(split.larger, key, origin)
    if isinstance(smaller, Refusal):
        return smaller
    if isinstance(larger, Refusal):
        return larger
    if smaller.size == larger.size:
        split_shown = smaller.root != larger.root
    else:
        shown = 0 < smaller.size < larger.size and extends(smaller.size, larger.size, split.root, larger.root, split.hashes)
        split_shown = shown and split.root != smaller.root
    if split_shown:
        return smaller, larger
    return Refusal(problem(FALSE_PROOF, reason="the two tree heads are not shown to contradict each other"))


def _malformed(data: bytes, reason: str) -> Refusal:
    return Refusal(problem(MALFORMED_NOTE, reason=reason), data)
