"""Cosignatures, requests and policies: the published vectors; and that no order of requests makes a cosigner contradict itself."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.errors import InputError, Refusal
from safepassage.ledger import note, treehead
from safepassage.ledger.cosign import Declined, Request, cosign, cosignatures, judge, parse_request, render_request, time_of
from safepassage.ledger.keys import COSIGNER, parse_vkey, signer_from_seed
from safepassage.ledger.merkle import Tree, leaf_hash
from safepassage.ledger.policy import parse_policy
from safepassage.ledger.split import Split
from safepassage.ledger.treehead import TreeHead

from .reference import rows

ORIGIN = "safepassage/exercise"
LOG = signer_from_seed(ORIGIN, b"l" * 32)
NEUTRAL = signer_from_seed("icrc.example/aleppo", b"n" * 32, COSIGNER)


@pytest.mark.parametrize("row", rows("cosignatures/cosignatures.jsonl"))
def test_published_cosignatures(row: dict[str, Any]) -> None:
    """Source: C2SP tlog-cosignature.md; a line that bears a known key's name and id must verify."""
    found = cosignatures((row["checkpoint_text"] + "\n" + row["line"] + "\n").encode(), [parse_vkey(row["vkey"], COSIGNER)])
    if row["result"] == "invalid_signature":
        assert isinstance(found, Refusal)
    else:
        assert not isinstance(found, Refusal)
        assert [each.seconds for each in found] == ([row["timestamp"]] if row["result"] == "ok" else [])


@pytest.mark.parametrize("row", rows("cosignatures/timestamps.jsonl"))
def test_published_times(row: dict[str, Any]) -> None:
    try:
        data = base64.b64decode(row["signature_b64"], validate=True)
    except binascii.Error:
        assert row["timestamp"] is None
        return
    assert time_of(data) == row["timestamp"]


@pytest.mark.parametrize("row", rows("policy/policies.jsonl"))
def test_published_policies(row: dict[str, Any]) -> None:
    """Source: C2SP tlog-policy.md. A cosigner's key is of type 0x04 with us, so what names keys of a log (0x01) there is refused."""
    if not row["accept_spec"]:
        with pytest.raises(InputError, match="SP-215"):
            parse_policy(row["policy"].encode())
        return
    policy = parse_policy(row["policy"].encode())
    for case in row["quorum_cases"]:
        assert policy.satisfied(case["cosigners"]) == case["satisfied"]


A, B, C = (signer_from_seed(name, name.encode() * 32, COSIGNER).vkey for name in "abc")
LINES = f"witness a {A}\nwitness b {B}\nwitness c {C}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none\nquorum none\n",
        "quorum later\n",
        f"quorum a\n{LINES}",
        f"{LINES}group none any a\nquorum a\n",
        f"{LINES}group g 0 a b\nquorum g\n",
        f"{LINES}group g 3 a b\nquorum g\n",
        f"{LINES}group g +1 a b\nquorum g\n",
        f"{LINES}group g all\nquorum g\n",
        f"{LINES}group g any a a\nquorum g\n",
        f"{LINES}group g any a\ngroup h any a b\nquorum h\n",
        f"{LINES}witness d {A}\nquorum a\n",
        f"{LINES}quorum a # by two\n",
        f"witness a {LOG.vkey}\nquorum a\n",
        f"log {LOG.vkey}\nlog {LOG.vkey}\nquorum none\n",
        "quorum\u00a0none\n",
        "quorum none\r\n",
    ],
)
def test_a_policy_that_does_not_hold_together_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="SP-215"):
        parse_policy(text.encode())


def test_two_neutral_bodies_are_enough_and_a_side_is_never_required() -> None:
    policy = parse_policy(f"{LINES}witness side {NEUTRAL.vkey} https://side.example\ngroup neutral 2 a b c\nquorum neutral\n".encode())
    assert [policy.required(name) for name in ("a", "b", "c", "side")] == [True, True, True, False]
    assert policy.satisfied({"a", "c"}) and not policy.satisfied({"a", "side"})
    assert policy.covers({"a": 700, "b": 500, "c": 600, "side": 900}) == 600
    assert policy.covers({"a": 700, "side": 900}) == 0
    assert policy.urls == {"side": "https://side.example"}


def test_a_cosignature_names_its_time_and_fits_one_tree_head_only() -> None:
    text = TreeHead(ORIGIN, 0, Tree().root()).text
    head = note.sign(text, [LOG]) + cosign(text, NEUTRAL, 1_482_062_400).encode()
    (found,) = cosignatures(head, [NEUTRAL.key])  # type: ignore[misc]
    assert (found.cosigner, found.seconds) == (NEUTRAL.key, 1_482_062_400)
    assert treehead.open_head(head, LOG.key, ORIGIN) == TreeHead(ORIGIN, 0, Tree().root())
    other = head.replace(b"\n0\n", b"\n1\n")
    assert isinstance(cosignatures(other, [NEUTRAL.key]), Refusal)
    with pytest.raises(ValueError, match="cosigner's key"):
        cosign(text, LOG, 0)


def tree(*leaves: str) -> Tree:
    grown = Tree()
    for leaf in leaves:
        grown.append(leaf_hash(leaf.encode()))
    return grown


HONEST, FORKED = tree(*"abcdefgh"), tree(*"abcdXfgh")


def head_of(of: Tree, size: int, origin: str = ORIGIN) -> bytes:
    return treehead.sign(TreeHead(origin, size, of.root(size)), LOG)


def asked(of: Tree, old: int, size: int, **changed: Any) -> bytes:
    grown = Tree()
    for index in range(size):
        grown.append(of.leaf(index))
    hashes = tuple(grown.consistency(old, size)) if old <= size else ()
    return render_request(Request(**{"old": old, "hashes": hashes, "head": head_of(of, size)} | changed))


@pytest.mark.parametrize(
    ("code", "data", "last"),
    [
        (200, asked(HONEST, 0, 0), None),
        (200, asked(HONEST, 0, 8), None),
        (200, asked(HONEST, 5, 8), head_of(HONEST, 5)),
        (200, asked(HONEST, 5, 5), head_of(HONEST, 5)),
        (400, b"", None),
        (400, asked(HONEST, 9, 8), head_of(HONEST, 5)),
        (400, asked(HONEST, 5, 8).replace(b"old 5", b"old 05"), head_of(HONEST, 5)),
        (400, asked(HONEST, 5, 8, hashes=(bytes(32),) * 64), head_of(HONEST, 5)),
        (403, asked(HONEST, 0, 8, head=treehead.sign(TreeHead(ORIGIN, 8, HONEST.root()), NEUTRAL)), None),
        (404, asked(HONEST, 0, 8, head=head_of(HONEST, 8, "another")), None),
        (409, asked(HONEST, 0, 8), head_of(HONEST, 5)),
        (409, asked(HONEST, 4, 4), head_of(HONEST, 5)),
        (409, asked(HONEST, 5, 8), None),
        (422, asked(FORKED, 5, 8), head_of(HONEST, 5)),
        (422, asked(HONEST, 5, 8, hashes=()), head_of(HONEST, 5)),
        (422, asked(HONEST, 0, 8, hashes=(bytes(32),)), None),
        (422, asked(FORKED, 5, 5), head_of(HONEST, 5)),
    ],
)
def test_every_request_gets_the_code_of_the_specification(code: int, data: bytes, last: bytes | None) -> None:
    """Source: C2SP tlog-witness.md, "add-checkpoint"."""
    judged = judge(data, [LOG.key], last)
    assert (judged.code if isinstance(judged, Declined) else 200) == code
    if code == 409:
        assert isinstance(judged, Declined) and judged.size == (5 if last else 0)


def test_two_signed_tree_heads_of_one_size_are_the_proof_of_a_split_view() -> None:
    for old, code in ((5, 422), (0, 409)):
        judged = judge(asked(FORKED, old, 5), [LOG.key], head_of(HONEST, 5))
        assert isinstance(judged, Declined) and judged.code == code
        assert judged.split == Split(head_of(HONEST, 5), head_of(FORKED, 5))


@given(st.lists(st.tuples(st.sampled_from([HONEST, FORKED]), st.integers(0, 8), st.integers(0, 8))))
def test_whatever_is_asked_all_that_is_cosigned_lies_on_one_line(requests: list[tuple[Tree, int, int]]) -> None:
    last: bytes | None = None
    signed: list[TreeHead] = []
    for of, old, size in requests:
        judged = judge(asked(of, old, size), [LOG.key], last)
        if isinstance(judged, TreeHead):
            last = head_of(of, size)
            signed.append(judged)
    assert [head.size for head in signed] == sorted(head.size for head in signed)
    assert any(all(of.root(head.size) == head.root for head in signed) for of in (HONEST, FORKED))


@given(st.integers(0, 2**64 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_a_request_comes_back_as_it_was_sent(old: int, hashes: list[bytes]) -> None:
    request = Request(old, tuple(hashes), head_of(HONEST, 8))
    assert parse_request(render_request(request)) == request


@given(st.binary(max_size=300))
def test_no_bytes_make_a_cosigner_stumble_or_sign(data: bytes) -> None:
    for trial in (data, asked(HONEST, 5, 8)[:150] + data, data + head_of(HONEST, 8)):
        assert isinstance(judge(trial, [LOG.key], head_of(HONEST, 5)), Declined)
