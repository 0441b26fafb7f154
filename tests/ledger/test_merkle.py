"""The tree against the published vectors, and against the definitions as RFC 6962 prints them."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.ledger.merkle import EMPTY_ROOT, Tree, extends, includes, leaf_hash, node_hash, root_of

from .reference import rows, whole

LEAVES = [leaf_hash(bytes([number])) for number in range(80)]


def split(count: int) -> int:
    """k of RFC 6962 §2.1: the largest power of two smaller than n."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def mth(leaves: list[bytes]) -> bytes:
    """MTH(D[n]). Source: RFC 6962 §2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    at = split(len(leaves))
    return node_hash(mth(leaves[:at]), mth(leaves[at:]))


def path(place: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]). Source: RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    at = split(len(leaves))
    if place < at:
        return [*path(place, leaves[:at]), mth(leaves[at:])]
    return [*path(place - at, leaves[at:]), mth(leaves[:at])]


def subproof(old: int, leaves: list[bytes], whole_tree: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b). Source: RFC 6962 §2.1.2."""
    if old == len(leaves):
        return [] if whole_tree else [mth(leaves)]
    at = split(len(leaves))
    if old <= at:
        return [*subproof(old, leaves[:at], whole_tree), mth(leaves[at:])]
    return [*subproof(old - at, leaves[at:], False), mth(leaves[:at])]


def grown(size: int) -> Tree:
    tree = Tree()
    for leaf in LEAVES[:size]:
        tree.append(leaf)
    return tree


@pytest.mark.parametrize("row", rows("merkle/inclusion.jsonl"))
def test_published_inclusion_proofs(row: dict[str, Any]) -> None:
    """Source: RFC 9162 §2.1.3.2; transparency-dev/merkle testdata."""
    leaf, root = bytes.fromhex(row["leaf_hash"]), bytes.fromhex(row["root"])
    proof = [bytes.fromhex(part) for part in row["proof"]]
    assert includes(leaf, row["leaf_index"], row["tree_size"], proof, root) == row["valid"]


@pytest.mark.parametrize("row", rows("merkle/consistency.jsonl"))
def test_published_consistency_proofs(row: dict[str, Any]) -> None:
    """Source: RFC 9162 §2.1.4.2; transparency-dev/merkle testdata. Values that are not 32 bytes are refused by length."""
    old_root, new_root = bytes.fromhex(row["root1"]), bytes.fromhex(row["root2"])
    proof = [bytes.fromhex(part) for part in row["proof"]]
    odd = row["valid"] and row.get("odd_lengths", False)
    assert extends(row["size1"], row["size2"], old_root, new_root, proof) == (row["valid"] and not odd)


def test_the_published_tree() -> None:
    """Source: transparency-dev/merkle testonly/constants.go."""
    published = whole("merkle/reference_tree.json")
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in published["leaves"]]
    assert [leaf.hex() for leaf in leaves] == published["node_hashes_by_level"][0]
    assert [root_of(leaves[:size]).hex() for size in range(len(leaves) + 1)] == published["roots_by_size"]


def test_the_empty_tree() -> None:
    """Source: RFC 6962 §2.1: MTH({}) = SHA-256()."""
    assert Tree().root() == EMPTY_ROOT == mth([])


@given(st.integers(0, 80), st.data())
def test_the_root_at_every_size_is_the_printed_definition(size: int, data: st.DataObject) -> None:
    tree = grown(size)
    earlier = data.draw(st.integers(0, size))
    assert len(tree) == size
    assert tree.root() == mth(LEAVES[:size])
    assert tree.root(earlier) == mth(LEAVES[:earlier])


@given(st.integers(1, 80), st.data())
def test_inclusion_proofs_are_the_printed_definition_and_verify(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    tree = grown(80)
    proof = tree.inclusion(index, size)
    assert proof == path(index, LEAVES[:size])
    assert includes(LEAVES[index], index, size, proof, tree.root(size))


@given(st.integers(1, 80), st.data())
def test_consistency_proofs_are_the_printed_definition_and_verify(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    tree = grown(80)
    proof = tree.consistency(old, new)
    assert proof == subproof(old, LEAVES[:new], True)
    assert extends(old, new, tree.root(old), tree.root(new), proof)


@given(st.integers(2, 80), st.data())
def test_a_proof_shows_one_leaf_at_one_place_only(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda two: two[0] != two[1]))
    tree = grown(size)
    proof = tree.inclusion(index, size)
    assert not includes(LEAVES[other], index, size, proof, tree.root())
    assert not includes(LEAVES[index], other, size, proof, tree.root())
    assert not includes(LEAVES[index], index, size, [*proof, LEAVES[0]], tree.root())
    assert not includes(LEAVES[index], index, size, proof[:-1], tree.root())


def test_a_proof_that_goes_on_above_the_root_is_refused() -> None:
    """The steps past the top could lead anywhere. Source: RFC 9162 §2.1.3.2 step 4.1, §2.1.4.2 step 6.1."""
    tree = grown(4)
    assert not includes(LEAVES[1], 0, 1, [LEAVES[0]], tree.root(2))
    assert not includes(LEAVES[3], 1, 2, [LEAVES[2], tree.root(2)], tree.root())
    above = [node_hash(LEAVES[9], tree.root(size)) for size in (3, 4)]
    assert not extends(3, 4, above[0], above[1], [*tree.consistency(3, 4), LEAVES[9]])


def test_a_rewritten_history_has_no_consistency_proof() -> None:
    honest, other = grown(12), Tree()
    for leaf in [*LEAVES[:4], LEAVES[70], *LEAVES[5:12]]:
        other.append(leaf)
    assert extends(4, 12, honest.root(4), other.root(12), other.consistency(4, 12))
    assert not extends(5, 12, honest.root(5), other.root(12), other.consistency(5, 12))


@pytest.mark.parametrize("call", [(5, 4), (0, 9), (-1, 4), (4, 4)])
def test_what_is_not_there_is_not_proved(call: tuple[int, int]) -> None:
    with pytest.raises(IndexError):
        grown(8).inclusion(*call)
