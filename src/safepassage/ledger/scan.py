"""Bytes as text that any reader of QR codes gives back unharmed: capital letters and digits alone.

Readers cut blanks at the ends, change line ends, and guess at letters beyond ASCII; base32 leaves them nothing to change, and fits the
code's densest mode for text. A digest at its end shows a letter that was read wrongly, or a piece that is not there.

Source: RFC 4648 §6; ISO/IEC 18004, alphanumeric mode; docs/formats/cosigning.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from safepassage.errors import MALFORMED_NOTE, Refusal, problem

PREFIX = "SAFEPASSAGE:"
LARGEST = 2_670
"""Bytes that the largest code holds in this form, at its lowest level of correction."""
_FORM = re.compile(r"\s*SAFEPASSAGE:([A-Z2-7\s]*)", re.IGNORECASE)
_DIGEST = 4


def to_scan(data: bytes) -> str:
    """The text of a code."""
    digest = hashlib.sha256(data).digest()[:_DIGEST]
    return PREFIX + base64.b32encode(data + digest).decode().rstrip("=")


def from_scan(data: bytes) -> bytes | Refusal:
    """What a reader read, in either case, broken into lines or not; bytes that are no such text come back as they are."""
    said = _FORM.fullmatch(data.decode("utf-8", "replace"))
    if said is None:
        return data
    letters = re.sub(r"\s", "", said[1]).upper()
    try:
        whole = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        whole = b""
    content, digest = whole[:-_DIGEST], whole[-_DIGEST:]
    if len(whole) <= _DIGEST or hashlib.sha256(content).digest()[:_DIGEST] != digest:
        return Refusal(problem(MALFORMED_NOTE, reason="the code was not read whole: read it again"), data)
    return content
