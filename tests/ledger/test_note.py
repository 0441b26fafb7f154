"""Notes and keys: the published vectors, and what one changed byte does."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.errors import InputError, Refusal
from safepassage.ledger import keys as keys_module
from safepassage.ledger.keys import demo_signer, is_demo_key, parse_vkey, signer_from_seed, verify_key
from safepassage.ledger.note import Note, open_note, parse, sign
from safepassage.values.ids import DeploymentId, DeviceId

from .reference import rows

EXERCISE = DeploymentId("exercise")
SIGNER = demo_signer(EXERCISE, DeviceId("m17-1"))


@pytest.mark.parametrize("row", rows("notes/notes.jsonl"))
def test_published_notes_are_read_as_published(row: dict[str, Any]) -> None:
    """Source: C2SP signed-note.md; golang.org/x/mod sumdb/note and others, see the vectors' README."""
    if row["result"] == "ok_if_ecdsa_supported":
        pytest.skip("Ed25519 only")
    data = base64.b64decode(row["msg_b64"])
    opened = open_note(data, [parse_vkey(text) for text in row["vkeys"]])
    if row["result"] != "ok":
        assert isinstance(opened, Refusal)
        assert isinstance(parse(data), Refusal) == (row["result"] == "malformed")
        return
    assert not isinstance(opened, Refusal)
    assert [{"name": key.name, "key_id": key.key_id.hex()} for key in opened.verified] == row["verified"]
    assert opened.unverified == row["unverified"]
    assert opened.text == base64.b64decode(row["text_b64"])


@pytest.mark.parametrize("row", rows("notes/sign.jsonl"))
def test_signing_gives_the_published_bytes(row: dict[str, Any]) -> None:
    """Source: RFC 8032: a signature is a function of key and text."""
    key = parse_vkey(row["vkey"])
    seed = bytes.fromhex(row["seed_hex"]) if "seed_hex" in row else base64.b64decode(row["skey"].split("+", 4)[4])[1:]
    signer = signer_from_seed(key.name, seed)
    assert signer.vkey == row["vkey"]
    assert sign(row["text"].encode(), [signer]).decode() == row["note"]


@pytest.mark.parametrize("row", rows("notes/vkeys.jsonl"))
def test_published_keys_are_read_if_they_are_ed25519(row: dict[str, Any]) -> None:
    """Source: C2SP signed-note.md, "Signature types"."""
    if row["well_formed"] and row["alg"] == keys_module.ED25519:
        assert parse_vkey(row["vkey"]).vkey == row["vkey"]
    else:
        with pytest.raises(InputError):
            parse_vkey(row["vkey"])


@given(st.binary(min_size=64, max_size=64), st.binary(max_size=40))
def test_both_libraries_and_the_one_that_decides_agree(signature: bytes, text: bytes) -> None:
    for trial in (signature, SIGNER.sign(text)):
        assert SIGNER.key.verifies(trial, text) == keys_module._decides(SIGNER.key.public, trial, text)
    assert SIGNER.key.verifies(SIGNER.sign(text), text)


def test_without_the_fast_library_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_module, "_fast_open", None)
    assert SIGNER.key.verifies(SIGNER.sign(b"text"), b"text")
    assert not SIGNER.key.verifies(SIGNER.sign(b"text"), b"test")


def test_one_bit_changed_anywhere_and_the_note_does_not_open() -> None:
    """The text, the key's name, its id, the signature: nothing in a note with one signature is free."""
    data = sign(b"what was seen\n", [SIGNER])
    assert not isinstance(open_note(data, [SIGNER.key]), Refusal)
    for at in range(len(data)):
        for bit in range(8):
            changed = data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]
            assert isinstance(open_note(changed, [SIGNER.key]), Refusal), (at, bit)


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    assert isinstance(parse(data), Note | Refusal)


def test_demo_keys_are_recognised_and_others_are_not() -> None:
    assert is_demo_key(SIGNER.key, EXERCISE)
    assert not is_demo_key(SIGNER.key, DeploymentId("other"))
    assert not is_demo_key(signer_from_seed("m17-1", bytes(32)).key, EXERCISE)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\x1fb"])
def test_a_key_name_has_no_space_and_no_plus(name: str) -> None:
    """Source: C2SP signed-note.md, "Format"."""
    with pytest.raises(InputError):
        verify_key(name, bytes(32))
    with pytest.raises(InputError):
        signer_from_seed("m17-1", bytes(31))


def test_a_signer_does_not_print_its_secret() -> None:
    assert repr(SIGNER) == "Signer(m17-1)"
