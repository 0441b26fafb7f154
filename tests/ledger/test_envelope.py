"""Envelopes: the vectors that the phone reads too, and that no byte of one is free."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.errors import MALFORMED_ENVELOPE, InputError, Refusal
from safepassage.ledger.envelope import EMPTY, FIRST, LARGEST_ENVELOPE, Envelope, Header, check_signature, read, seal
from safepassage.ledger.keys import demo_signer, parse_vkey
from safepassage.ledger.merkle import leaf_hash
from safepassage.values.encoding import LARGEST, encode
from safepassage.values.ids import DeploymentId, DeviceId

VECTORS = Path(__file__).resolve().parents[2] / "testdata" / "vectors"
DEPLOYMENT, DEVICE = DeploymentId("six-buses-burned"), DeviceId("m17-1")
SIGNER = demo_signer(DEPLOYMENT, DEVICE)


def rows(name: str) -> list[Any]:
    text = (VECTORS / name).read_text(encoding="utf-8")
    return [pytest.param(row, id=row["id"]) for row in map(json.loads, filter(None, text.split("\n")))]


@pytest.mark.parametrize("row", rows("envelope.jsonl"))
def test_the_shared_vectors(row: dict[str, Any]) -> None:
    """Source: docs/formats/envelope.md; the phone's tests read the same file."""
    envelope = read(row["envelope"].encode())
    assert isinstance(envelope, Envelope) == row["valid"]
    if isinstance(envelope, Refusal):
        assert envelope.problem.number == MALFORMED_ENVELOPE.number
        assert envelope.envelope == row["envelope"].encode()
        return
    assert (check_signature(envelope, parse_vkey(row["vkey"])) is None) == row["signed"]
    if "payload" in row:
        header = Header(**{name: row[name] for name in Header.__struct_fields__})
        assert (envelope.header, envelope.payload.decode()) == (header, row["payload"])
        assert (envelope.id, envelope.digest) == (row["content_id"], row["digest"])
        assert leaf_hash(envelope.data).hex() == row["leaf_hash"]
        assert seal(header, envelope.payload, SIGNER) == envelope.data


@pytest.mark.parametrize("row", rows("demo-keys.jsonl"))
def test_demonstration_keys_derive_as_written(row: dict[str, Any]) -> None:
    """Source: docs/formats/envelope.md, "Demonstration keys"."""
    assert demo_signer(row["deployment"], row["device"]).vkey == row["vkey"]


@pytest.mark.parametrize("name", ["envelope.jsonl", "demo-keys.jsonl", "treehead.jsonl"])
def test_the_vectors_are_what_the_code_writes(name: str) -> None:
    script = runpy.run_path(str(VECTORS / "write.py"))
    assert script["lines"](name) == (VECTORS / name).read_text(encoding="utf-8")


hashes = st.binary(min_size=32, max_size=32).map(bytes.hex).filter(lambda text: text not in (FIRST, EMPTY))
counts = st.integers(2, LARGEST)


@given(
    counts,
    counts,
    hashes,
    counts,
    hashes,
    st.dictionaries(st.text(st.characters(max_codepoint=127)), st.text(st.characters(exclude_categories=["Cs"]))),
)
def test_what_is_sealed_is_read_as_it_was(epoch: int, sequence: int, previous: str, size: int, root: str, value: dict[str, str]) -> None:
    header = Header(DEPLOYMENT, DEVICE, epoch, sequence, previous, size, root)
    envelope = read(seal(header, encode(value), SIGNER))
    assert isinstance(envelope, Envelope)
    assert (envelope.header, envelope.payload) == (header, encode(value))
    assert check_signature(envelope, SIGNER.key) is None


def test_one_bit_changed_anywhere_is_refused_by_form_or_by_signature() -> None:
    data = seal(Header(DEPLOYMENT, DEVICE, 1, 1), encode({"kind": "note", "text": "شاحنة"}), SIGNER)
    for at in range(len(data)):
        for bit in range(8):
            envelope = read(data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :])
            assert isinstance(envelope, Refusal) or check_signature(envelope, SIGNER.key) is not None, (at, bit)


@settings(max_examples=300)
@given(st.data())
def test_no_mutation_of_an_envelope_crashes_or_passes(data: st.DataObject) -> None:
    whole = seal(Header(DEPLOYMENT, DEVICE, 1, 1), encode({"kind": "note"}), SIGNER)
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, min(len(whole), start + 40)))
    changed = whole[:start] + data.draw(st.binary(max_size=20)) + whole[stop:]
    envelope = read(changed)
    if changed != whole and isinstance(envelope, Envelope):
        assert check_signature(envelope, SIGNER.key) is not None


def test_the_largest_envelope_is_accepted_and_one_byte_more_is_not() -> None:
    """Source: C2SP tlog-tiles.md, "Log entries": a length is two bytes."""
    header = Header(DEPLOYMENT, DEVICE, 1, 1)
    room = LARGEST_ENVELOPE - len(seal(header, encode({"a": ""}), SIGNER))
    assert len(seal(header, encode({"a": "x" * room}), SIGNER)) == LARGEST_ENVELOPE
    with pytest.raises(InputError):
        seal(header, encode({"a": "x" * (room + 1)}), SIGNER)


@pytest.mark.parametrize("device", ["M17", "m 17", "", "m17\nepoch 9", "-m", "é"])
def test_names_that_could_be_read_in_two_ways_are_not_sealed(device: str) -> None:
    with pytest.raises(InputError):
        seal(Header(DEPLOYMENT, DeviceId(device), 1, 1), b"{}", SIGNER)


def test_a_key_of_another_name_does_not_fit() -> None:
    envelope = read(seal(Header(DEPLOYMENT, DEVICE, 1, 1), b'{"a":1}', SIGNER))
    assert isinstance(envelope, Envelope)
    assert check_signature(envelope, demo_signer(DEPLOYMENT, DeviceId("m18-1")).key) is not None
