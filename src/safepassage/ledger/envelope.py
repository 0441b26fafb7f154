"""The envelope: the exact bytes that a device signs, and that are an entry of the ledger from then on.

A signed note that binds an observation's canonical JSON to deployment, device, key epoch, place in the device's own chain,
and the newest tree head that the device knew. Verified as it lies, never re-serialised.

Source: docs/formats/envelope.md; C2SP signed-note.md.
"""

from __future__ import annotations

import hashlib
import re

import msgspec

from safepassage.errors import BAD_SIGNATURE, MALFORMED_ENVELOPE, InputError, Refusal, problem, stop
from safepassage.ledger import note
from safepassage.ledger.keys import Signer, VerifyKey, from_base64
from safepassage.ledger.merkle import EMPTY_ROOT
from safepassage.values.encoding import LARGEST, content_id, flaw
from safepassage.values.ids import DeploymentId, DeviceId, EntryId

TYPE = "safepassage/observation/v1"
LARGEST_ENVELOPE = 65_535
"""Bytes; an entry of a C2SP tile bundle cannot be longer (tlog-tiles.md, "Log entries")."""
FIRST = "0" * 64
"""What the first envelope of a device says was before it."""
EMPTY = EMPTY_ROOT.hex()

_NAME = r"([a-z0-9][a-z0-9._-]{0,63})"
_NUMBER = r"(0|[1-9][0-9]{0,15})"
_HASH = r"([0-9a-f]{64})"
_FORM = re.compile(
    r"safepassage/observation/v1\n"
    r"deployment " + _NAME + r"\n"
    r"device " + _NAME + r"\n"
    r"epoch " + _NUMBER + r"\n"
    r"sequence " + _NUMBER + r"\n"
    r"previous " + _HASH + r"\n"
    r"treehead " + _NUMBER + r" " + _HASH + r"\n"
    r"\n"
    r"(\{[^\x00-\x1f]+)\n"
    r"\n"
    r"\u2014 " + _NAME + r" ([A-Za-z0-9+/]{91}=)\n"
)


class Header(msgspec.Struct, frozen=True):
    """What stands above the payload. Hashes are 64 hex digits; `sequence` counts from 1 within an epoch of a device."""

    deployment: DeploymentId
    device: DeviceId
    epoch: int
    sequence: int
    previous: str = FIRST
    tree_size: int = 0
    tree_root: str = EMPTY


class Envelope(msgspec.Struct, frozen=True):
    """An envelope whose form is right; `check_signature` says whether the device made it."""

    header: Header
    payload: bytes
    data: bytes
    id: EntryId
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        return self.data[: self.data.rindex(b"\n\n") + 1]

    @property
    def digest(self) -> str:
        """SHA-256 of the exact bytes: what the device's next envelope names as `previous`."""
        return hashlib.sha256(self.data).hexdigest()


def seal(header: Header, payload: bytes, signer: Signer) -> bytes:
    """The envelope's bytes.

    Raises
    ------
    InputError
        MALFORMED_ENVELOPE: what `read` would refuse, for example a payload that is not canonical.
    """
    data = note.sign(_text(header, payload), [signer])
    made = read(data)
    if isinstance(made, Refusal):
        raise InputError(made.problem)
    if made.header != header:
        stop(MALFORMED_ENVELOPE, reason="the header cannot be written in one way only")
    return data


def read(data: bytes) -> Envelope | Refusal:
    """The parts of an envelope, if every byte is where it must be. Form only: no key is asked for.

    Source: docs/formats/envelope.md, "Reading", steps 1 to 5.
    """
    if len(data) > LARGEST_ENVELOPE:
        return _refused(data, f"it is longer than {LARGEST_ENVELOPE} bytes")
    try:
        match = _FORM.fullmatch(data.decode())
    except UnicodeDecodeError:
        match = None
    if match is None:
        return _refused(data, "its lines are not those of " + TYPE)
    header, (content, name, coded) = _header(match), match.groups()[7:]
    payload, signature = content.encode(), from_base64(coded)
    reason = _unlawful(header)
    if not reason and (signature is None or name != header.device):
        reason = "its signature line is not the device's"
    found = None if reason else flaw(payload)
    if reason or found or signature is None:
        return _refused(data, found.what if found else reason)
    return Envelope(header, payload, data, content_id(payload), signature[:4], signature[4:])


def header_of(data: bytes) -> Header | None:
    """The header of an envelope that `read` took before: what its payload holds is not looked at again. None where its lines are others."""
    match = _FORM.fullmatch(data.decode("utf-8", "replace"))
    return None if match is None else _header(match)


def content_of(data: bytes) -> EntryId | None:
    """The id of the content, if these bytes are an envelope at all: enough to look for a copy, and no judgement of their form."""
    parts = data.split(b"\n\n", 2)
    return content_id(parts[1]) if len(parts) == 3 else None


def check_signature(envelope: Envelope, key: VerifyKey) -> Refusal | None:
    """None if this key signed exactly these bytes."""
    named = key.name == envelope.header.device and key.key_id == envelope.key_id
    if named and key.verifies(envelope.signature, envelope.text):
        return None
    return Refusal(problem(BAD_SIGNATURE, device=envelope.header.device), envelope.data)


def _header(match: re.Match[str]) -> Header:
    deployment, device, epoch, sequence, previous, size, root = match.groups()[:7]
    return Header(DeploymentId(deployment), DeviceId(device), int(epoch), int(sequence), previous, int(size), root)


def _text(header: Header, payload: bytes) -> bytes:
    lines = (
        TYPE,
        f"deployment {header.deployment}",
        f"device {header.device}",
        f"epoch {header.epoch}",
        f"sequence {header.sequence}",
        f"previous {header.previous}",
        f"treehead {header.tree_size} {header.tree_root}",
    )
    return "\n".join(lines).encode() + b"\n\n" + payload + b"\n"


def _unlawful(header: Header) -> str:
    """What the header's values contradict; empty if nothing."""
    if not 1 <= header.epoch <= LARGEST or not 1 <= header.sequence <= LARGEST or header.tree_size > LARGEST:
        return "epoch and sequence count from 1 to 2^53 - 1"
    if (header.sequence == 1) != (header.previous == FIRST):
        return "only the first envelope of a device has nothing before it"
    if (header.tree_size == 0) != (header.tree_root == EMPTY):
        return "only the empty tree has the root of the empty tree"
    return ""


def _refused(data: bytes, reason: str) -> Refusal:
    return Refusal(problem(MALFORMED_ENVELOPE, reason=reason), data)
