"""Text of QR codes: whatever a reader does to it, it is read right or refused."""

from __future__ import annotations

import random

import segno
from hypothesis import given
from hypothesis import strategies as st

from safepassage.errors import Refusal
from safepassage.ledger.scan import LARGEST, from_scan, to_scan


@given(st.binary(min_size=1, max_size=500))
def test_what_a_reader_gives_back_is_what_went_in(data: bytes) -> None:
    text = to_scan(data)
    lines = "\r\n".join(text[at : at + 40] for at in range(0, len(text), 40))
    for said in (text, f" {text}\n", text.lower(), lines):
        assert from_scan(said.encode()) == data


@given(st.binary(min_size=1, max_size=100), st.randoms())
def test_a_letter_that_was_read_wrongly_or_not_is_refused(data: bytes, dice: random.Random) -> None:
    text = to_scan(data)
    at = dice.randrange(len("SAFEPASSAGE:"), len(text) - 1)
    wrong = dice.choice([letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if letter != text[at]])
    for said in (text[:at] + wrong + text[at + 1 :], text[:at] + text[at + 1 :], text[:at]):
        assert isinstance(from_scan(said.encode()), Refusal)


@given(st.binary(max_size=80))
def test_bytes_that_are_no_such_text_are_left_as_they_are(data: bytes) -> None:
    assert from_scan(data) == data


def test_the_largest_fits_the_largest_code() -> None:
    code = segno.make(to_scan(bytes(LARGEST)), error="l", boost_error=False)
    assert (code.mode, code.version) == ("alphanumeric", 40)
