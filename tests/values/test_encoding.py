"""Canonical JSON has one spelling per value, and refuses every other."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.errors import NOT_CANONICAL, InputError
from safepassage.values.encoding import DEEPEST, LARGEST, content_id, decode, encode, flaw


class Seen(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="seen"):
    vehicle: str
    heads: int = 0
    note: str | None = None


texts = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(max_codepoint=127), max_size=8)
leaves = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts
plain = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20)


@given(plain)
def test_every_plain_value_comes_back_from_its_bytes(value: Any) -> None:
    """Source: RFC 8785 §3.2."""
    data = encode(value)
    assert decode(data, object) == value
    assert flaw(data) is None


@given(plain)
def test_the_bytes_are_those_of_a_plain_sorted_encoder(value: Any) -> None:
    """For ASCII keys the standard library's sorted form is JCS, U+007F apart from nothing. Source: RFC 8785 §3.2.2.2."""
    assert encode(value) == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(texts, st.integers(-LARGEST, LARGEST))
def test_a_struct_with_defaults_has_one_spelling(vehicle: str, heads: int) -> None:
    value = Seen(vehicle=vehicle, heads=heads)
    assert decode(encode(value), Seen) == value
    assert (b'"heads":' in encode(value)) == (heads != 0)


REFUSED = {
    "a float": b'{"a":1.0}',
    "a float in disguise": b'{"a":1e2}',
    "minus zero": b'{"a":-0}',
    "a leading zero": b'{"a":01}',
    "a large integer": b'{"a":9007199254740992}',
    "a huge integer": b'{"a":18446744073709551616}',
    "a doubled key": b'{"a":1,"a":1}',
    "keys out of order": b'{"b":1,"a":1}',
    "a space": b'{"a": 1}',
    "a newline at the end": b'{"a":1}\n',
    "a needless escape": b'{"a":"\\u0041"}',
    "an escaped slash": b'{"a":"\\/"}',
    "an upper case escape": b'{"a":"\\u001F"}',
    "a raw control character": b'{"a":"\x01"}',
    "half a surrogate pair, escaped": b'{"a":"\\ud800"}',
    "half a surrogate pair, raw": b'{"a":"\xed\xa0\x80"}',
    "an escaped pair": b'{"a":"\\ud83d\\ude00"}',
    "not UTF-8": b'{"a":"\xff"}',
    "overlong UTF-8": b'{"a":"\xc0\xaf"}',
    "a byte order mark": b'\xef\xbb\xbf{"a":1}',
    "a key that is not ASCII": '{"é":1}'.encode(),
    "too deep": b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
    "very much too deep": b"[" * 60000,
    "a comment": b'{"a":1}//',
    "nothing": b"",
    "not a number": b'{"a":NaN}',
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_spellings_are_refused(name: str) -> None:
    """Source: docs/formats/envelope.md, The payload."""
    found = flaw(REFUSED[name])
    assert found is not None and found.number == NOT_CANONICAL.number
    with pytest.raises(InputError) as caught:
        decode(REFUSED[name], object)
    assert caught.value.problem.number == NOT_CANONICAL.number


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, {"é": 1}, {1: 1.0}, "\ud800", [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]], object()])
def test_values_outside_the_subset_are_not_encoded(value: object) -> None:
    with pytest.raises(InputError):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"heads":0,"kind":"seen","vehicle":"B-07"}',
        b'{"kind":"seen","note":null,"vehicle":"B-07"}',
        b'{"kind":"seen","vehicle":"B-07","x":1}',
        b'{"kind":"gone","vehicle":"B-07"}',
        b'{"kind":"seen"}',
    ],
)
def test_a_default_written_out_or_an_unknown_key_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data, Seen)


@pytest.mark.parametrize("text", ['{"é":', "1.5", "12345678901234567890", "{[{[{[{[{[{[{[{[{[{["])
def test_what_looks_wrong_inside_a_text_is_accepted(text: str) -> None:
    assert flaw(encode({"a": text})) is None


def test_the_content_id_is_sha256() -> None:
    """Source: FIPS 180-4, the empty message."""
    assert content_id(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
