"""Canonical JSON: one observation has one spelling, so that its SHA-256 names it.

A subset of JCS: integers only, ASCII keys, bounded depth. What is sent to us is compared with its own re-encoding,
and refused where one byte differs (doubled keys, spaces, other escapes); nothing is ever mended silently.

Source: RFC 8785; docs/formats/envelope.md, "The payload".
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Any, TypeVar, overload

import msgspec

from safepassage.errors import NOT_CANONICAL, Problem, problem, stop
from safepassage.values.ids import EntryId

T = TypeVar("T")

LARGEST = 2**53 - 1
"""The largest integer that every JSON reader keeps exact (RFC 7493 §2.2)."""
DEEPEST = 16
"""Objects and arrays inside one another, the outermost counted."""

_DIGITS = bytes.maketrans(b"123456789E", b"000000000e")
_KEY = re.compile(rb'[\x80-\xff][^"]*":')


def encode(value: object) -> bytes:
    """The canonical bytes of structs, dicts with text keys, lists, texts, integers, booleans and None.

    Raises
    ------
    InputError
        NOT_CANONICAL: a float, an integer beyond 2**53 - 1, a key that is not ASCII, too deep, half a surrogate pair.

    Source: RFC 8785 §3.2 (for ASCII keys the order of UTF-16 code units is the order of bytes).
    """
    try:
        plain = msgspec.to_builtins(value, order="sorted")
        fault = _fault(plain)
        data = msgspec.json.encode(plain, order="sorted")
    except (TypeError, ValueError, RecursionError) as error:
        fault, data = str(error), b""
    if fault:
        stop(NOT_CANONICAL, reason=fault)
    return data


@overload
def decode(data: bytes, type: type[T]) -> T: ...


@overload
def decode(data: bytes, type: Any) -> Any: ...


def decode(data: bytes, type: Any) -> Any:
    """The value of the given type (a union of tagged structs, too) that canonical bytes spell.

    Raises
    ------
    InputError
        NOT_CANONICAL: not JSON, not of this type, or other bytes than `encode` gives for what was read: a doubled or
        unknown key, a default written out, keys out of order.
    """
    try:
        value = _decoder(type).decode(data)
        same = msgspec.json.encode(value, order="sorted") == data
    except (ValueError, TypeError, RecursionError) as error:
        stop(NOT_CANONICAL, reason=str(error))
    if not same:
        stop(NOT_CANONICAL, reason="they differ from their own re-encoding")
    found = _scan(data)
    if found:
        stop(NOT_CANONICAL, reason=found)
    return value


def flaw(data: bytes) -> Problem | None:
    """Why bytes of any type are not canonical; None when they are."""
    try:
        same = msgspec.json.encode(msgspec.json.decode(data), order="sorted") == data
    except (ValueError, RecursionError) as error:
        return problem(NOT_CANONICAL, reason=str(error))
    reason = _scan(data) if same else "they differ from their own re-encoding"
    return problem(NOT_CANONICAL, reason=reason) if reason else None


def content_id(payload: bytes) -> EntryId:
    """SHA-256 of a canonical payload, 64 hex digits."""
    return EntryId(hashlib.sha256(payload).hexdigest())


def _scan(data: bytes) -> str:
    """What is wrong in bytes that equal their re-encoding; empty when nothing is."""
    if not _suspect(data) and data.count(b"{") + data.count(b"[") <= DEEPEST:
        return ""
    return _fault(msgspec.json.decode(data))


def _suspect(data: bytes) -> bool:
    """Whether there is what a canonical text may hold only inside a string: a float, a number of 16 digits or more, a key that
    is not ASCII. It may see too much (a string can spell a number), never too little: what it sees, `_fault` decides."""
    shape = data.translate(_DIGITS)
    return b"0." in shape or b"0e" in shape or b"0" * 16 in shape or not (data.isascii() or _KEY.search(data) is None)


def _fault(value: object, depth: int = 1) -> str:
    """The plain definition of what the subset leaves out, walked value by value."""
    if value is None or isinstance(value, str | bool):
        return ""
    if isinstance(value, int):
        return "" if -LARGEST <= value <= LARGEST else "an integer is beyond 2^53 - 1"
    if not isinstance(value, dict | list | tuple):
        return f"{type(value).__name__} is not among integers, texts, booleans, null, lists and objects"
    if depth > DEEPEST:
        return f"deeper than {DEEPEST}"
    if isinstance(value, dict) and not all(isinstance(key, str) and key.isascii() for key in value):
        return "a key is not ASCII text"
    parts = value.values() if isinstance(value, dict) else value
    return next((found for found in (_fault(part, depth + 1) for part in parts) if found), "")


@lru_cache(maxsize=64)
def _decoder(type: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type)
