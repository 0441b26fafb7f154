"""Signed notes: text, an empty line, and lines of signatures. Envelopes and tree heads are both of this form.

Source: C2SP signed-note.md. Lines end at U+000A and nowhere else; base64 has one spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from safepassage.errors import MALFORMED_NOTE, UNSIGNED_NOTE, Fault, Refusal, problem
from safepassage.ledger.keys import Signer, VerifyKey, from_base64, lawful_name, to_base64

MOST_SIGNATURES = 100
LARGEST_NOTE = 1_000_000
_DASH = "— "


class Signature(msgspec.Struct, frozen=True):
    """One line below the text: who signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"


class Note(msgspec.Struct, frozen=True):
    """A note as it was read; nothing in it is trusted yet. `text` ends with its newline."""

    text: bytes
    signatures: tuple[Signature, ...]


class Opened(msgspec.Struct, frozen=True):
    """A note that at least one known key signed: by whom, and how many signatures nobody here knows."""

    text: bytes
    verified: tuple[VerifyKey, ...]
    unverified: int


def sign(text: bytes, signers: Sequence[Signer]) -> bytes:
    """The note of this text, one line for each signer, in their order."""
    lines = [Signature(who.name, who.key.key_id, who.sign(text)).line for who in signers]
    return text + b"\n" + "".join(lines).encode()


def parse(data: bytes) -> Note | Refusal:
    """The text and the signature lines; the last empty line parts them."""
    fault = _flaw(data)
    if fault:
        return _refused(data, fault)
    at = data.rfind(b"\n\n")
    if at < 0:
        return _refused(data, "no empty line parts the text from signatures")
    lines = data[at + 2 : -1].decode().split("\n")
    if len(lines) > MOST_SIGNATURES:
        return _refused(data, f"more than {MOST_SIGNATURES} signatures")
    signatures = tuple(signature for signature in map(_signature, lines) if signature)
    if len(signatures) < len(lines):
        return _refused(data, "a signature line is malformed")
    return Note(data[: at + 1], signatures)


def open_note(data: bytes, keys: Iterable[VerifyKey]) -> Opened | Refusal:
    """The text, if a known key signed it. Unknown keys are ignored; one bad signature of a known key spoils the note.

    Lines that are there twice count once.
    """
    note = parse(data)
    if isinstance(note, Refusal):
        return note
    known = list(keys)
    verified: list[VerifyKey] = []
    unverified = 0
    for signature in dict.fromkeys(note.signatures):
        matching = [key for key in known if key.name == signature.name and key.key_id == signature.key_id]
        if len(matching) > 1:
            return _refused(data, "two known keys share a name and an id", UNSIGNED_NOTE, signature.name)
        if not matching:
            unverified += 1
        elif not matching[0].verifies(signature.signature, note.text):
            return _refused(data, "the signature of a known key does not fit", UNSIGNED_NOTE, signature.name)
        elif matching[0] not in verified:
            verified.append(matching[0])
    if not verified:
        names = ", ".join(key.name for key in known) or "a known key"
        return _refused(data, "no known key signed it", UNSIGNED_NOTE, names)
    return Opened(note.text, tuple(verified), unverified)


def _flaw(data: bytes) -> str:
    """What is wrong with the bytes as text."""
    if len(data) > LARGEST_NOTE:
        return f"it is longer than {LARGEST_NOTE} bytes"
    if not data.endswith(b"\n"):
        return "its last line has no end"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "it is not UTF-8"
    if any(char < " " and char != "\n" for char in set(text)):
        return "it holds a control character"
    return ""


def _signature(line: str) -> Signature | None:
    name, space, coded = line.removeprefix(_DASH).partition(" ")
    data = from_base64(coded)
    if not (line.startswith(_DASH) and space and lawful_name(name)) or data is None or len(data) < 5:
        return None
    return Signature(name, data[:4], data[4:])


def _refused(data: bytes, reason: str, fault: Fault = MALFORMED_NOTE, signer: str = "") -> Refusal:
    return Refusal(problem(fault, reason=reason, signer=signer), data)
