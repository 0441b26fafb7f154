"""Tree heads and proofs for strangers."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from safepassage.errors import Refusal
from safepassage.ledger import proof as proofs
from safepassage.ledger import treehead
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.merkle import Tree, leaf_hash
from safepassage.ledger.proof import Proof, check_proof
from safepassage.ledger.treehead import TreeHead, open_head
from safepassage.values.ids import DeploymentId, DeviceId

from .reference import rows

LOG = demo_signer(DeploymentId("exercise"), DeviceId("log"))
ENTRIES = [f"entry {number}\n".encode() for number in range(11)]


def tree() -> Tree:
    grown = Tree()
    for entry in ENTRIES:
        grown.append(leaf_hash(entry))
    return grown


@pytest.mark.parametrize("row", rows("checkpoints/checkpoints.jsonl"))
def test_published_tree_heads(row: dict[str, Any]) -> None:
    """Source: C2SP tlog-checkpoint.md, "Note text"; where the source is laxer, the specification decides."""
    head = treehead.parse(row["text"].encode())
    assert isinstance(head, TreeHead) == row["accept_spec"]
    if isinstance(head, TreeHead):
        assert (head.origin, head.size, list(head.extensions)) == (row["origin"], row["size"], row["extensions"])
        assert head.text == row["text"].encode()


@pytest.mark.parametrize("row", rows("proofs/tlog_proof_parse.jsonl"))
def test_published_proofs(row: dict[str, Any]) -> None:
    """Source: C2SP tlog-proof.md, "Format"."""
    proof = proofs.parse(row["proof_text"].encode())
    assert isinstance(proof, Proof) == row["parse_spec"]
    if isinstance(proof, Proof):
        extra = None if proof.extra is None else base64.b64encode(proof.extra).decode()
        assert (proof.index, extra, proof.head.decode()) == (row["index"], row["extra_b64"], row["checkpoint"])
        assert [base64.b64encode(part).decode() for part in proof.hashes] == row["hashes"]
        assert proofs.render(proof) == row["proof_text"].encode()


def test_a_signed_tree_head_opens_with_its_key_and_origin_only() -> None:
    head = TreeHead("safepassage/exercise", 11, tree().root())
    data = treehead.sign(head, LOG)
    other = demo_signer(DeploymentId("other"), DeviceId("log"))
    assert open_head(data, LOG.key, "safepassage/exercise") == head
    assert isinstance(open_head(data, other.key, "safepassage/exercise"), Refusal)
    assert isinstance(open_head(data, LOG.key, "safepassage/other"), Refusal)


def test_an_entry_is_proved_to_a_stranger() -> None:
    head = treehead.sign(TreeHead("log", 11, tree().root()), LOG)
    for index, entry in enumerate(ENTRIES):
        read = proofs.parse(proofs.render(Proof(index, tuple(tree().inclusion(index, 11)), head, b"for the file")))
        assert isinstance(read, Proof) and read.extra == b"for the file"
        assert isinstance(check_proof(read, entry, LOG.key, "log"), TreeHead)
        assert isinstance(check_proof(read, entry + b"x", LOG.key, "log"), Refusal)
