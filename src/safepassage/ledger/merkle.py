"""The Merkle tree of a log: a root of 32 bytes that stands for every entry and their order.

Source: RFC 6962 §2.1 (hashes, roots, proofs); RFC 9162 §2.1.3.2 and §2.1.4.2 (how proofs are verified).
`tests/ledger/test_merkle.py` holds the definitions of RFC 6962 as they are printed; this file must agree with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""
SIZE = 32
"""Bytes of a hash."""
Node = Callable[[int, int], bytes]
"""The hash of the complete subtree of 2**level leaves at a place of its level, for those who keep them."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00, entry): a leaf can never be taken for an inner node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01, left, right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_of(leaves: Iterable[bytes]) -> Tree:
    """The tree over leaf hashes."""
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    return tree_of(leaves).root()


class Tree:
    """Leaf hashes, and above them the hash of every complete subtree: 64 bytes for each entry.

    `_levels[k]` holds, one after the other, the hashes of the complete subtrees of 2**k leaves.
    The tree only grows, so the root at every earlier size can still be told.
    """

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]

    def __len__(self) -> int:
        return len(self._levels[0]) // SIZE

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; amortised two hashes."""
        carried, level = leaf, 0
        while True:
            hashes = self._levels[level]
            hashes += carried
            if len(hashes) // SIZE % 2:
                return
            carried, level = node_hash(bytes(hashes[-2 * SIZE : -SIZE]), carried), level + 1
            if level == len(self._levels):
                self._levels.append(bytearray())

    def leaf(self, index: int) -> bytes:
        """The leaf hash at an index."""
        return self.node(0, index)

    def node(self, level: int, place: int) -> bytes:
        """The hash of the complete subtree of 2**level leaves at a place of its level."""
        return bytes(self._levels[level][place * SIZE : (place + 1) * SIZE])

    def subtrees(self, level: int, start: int, stop: int) -> bytes:
        """The hashes of the complete subtrees of 2**level leaves, from place `start` to `stop` (excluded), one after the other."""
        have = len(self._levels[level]) // SIZE if level < len(self._levels) else 0
        within(0, start, stop)
        within(start, stop, have)
        return bytes(self._levels[level][start * SIZE : stop * SIZE])

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves (of all, if None); O(log n)."""
        return root_at(self.node, len(self), len(self) if size is None else size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that leaf `index` is in the tree of the first `size` leaves, from the leaf's sibling upwards."""
        return inclusion_at(self.node, len(self), index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the first `new` leaves begin with the first `old`; empty for old 0 and for equal sizes."""
        return consistency_at(self.node, len(self), old, new)


# Roots and proofs, from complete subtrees: of a tree that has `have` leaves. `IndexError` where it has fewer than are asked about.
def root_at(node: Node, have: int, size: int) -> bytes:
    """The root of the first `size` leaves."""
    within(0, size, have)
    return span_root(node, 0, size)


def inclusion_at(node: Node, have: int, index: int, size: int) -> list[bytes]:
    """The proof that leaf `index` is in the tree of the first `size` leaves."""
    within(size, have, have)
    within(0, index, size - 1)
    return inclusion_path(node, index, 0, size)


def consistency_at(node: Node, have: int, old: int, new: int) -> list[bytes]:
    """The proof that the first `new` leaves begin with the first `old`."""
    within(new, have, have)
    within(0, old, new)
    return consistency_path(node, old, 0, new) if 0 < old < new else []


def span_root(node: Node, start: int, stop: int) -> bytes:
    """MTH(D[start:stop]); start is a multiple of every power of two that is smaller than the length. Source: RFC 6962 §2.1."""
    length = stop - start
    if length == 0:
        return EMPTY_ROOT
    if length & (length - 1) == 0:
        level = length.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(length)
    return node_hash(span_root(node, start, middle), span_root(node, middle, stop))


def inclusion_path(node: Node, index: int, start: int, stop: int) -> list[bytes]:
    """PATH(index - start, D[start:stop]). Source: RFC 6962 §2.1.1."""
    if stop - start == 1:
        return []
    middle = start + _split(stop - start)
    if index < middle:
        return [*inclusion_path(node, index, start, middle), span_root(node, middle, stop)]
    return [*inclusion_path(node, index, middle, stop), span_root(node, start, middle)]


def consistency_path(node: Node, old: int, start: int, stop: int, whole: bool = True) -> list[bytes]:
    """SUBPROOF(old - start, D[start:stop], whole). Source: RFC 6962 §2.1.2."""
    if old == stop:
        return [] if whole else [span_root(node, start, stop)]
    middle = start + _split(stop - start)
    if old <= middle:
        return [*consistency_path(node, old, start, middle, whole), span_root(node, middle, stop)]
    return [*consistency_path(node, old, middle, stop, False), span_root(node, start, middle)]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows this leaf hash at `index` in the tree of that size and root.

    Source: RFC 9162 §2.1.3.2.
    """
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    place, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            result = node_hash(sibling, result)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and result == root


def extends(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new` leaves begins with the tree of `old` leaves.

    Nothing is shown about the empty tree: `old` 0 is refused, whatever the proof. Source: RFC 9162 §2.1.4.2.
    """
    if not 0 < old <= new or not _hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(path) and _climb(old - 1, new - 1, path) == (old_root, new_root)


def implied(old: int, new: int, new_root: bytes, proof: Sequence[bytes]) -> bytes | None:
    """The root that the first `old` leaves have, if this proof leads to the root of `new` leaves.

    None too where `old` is a power of two: there the proof does not hold what leads to it.
    """
    if not 0 < old < new or old & (old - 1) == 0 or not proof or not _hashes(new_root, *proof):
        return None
    climbed = _climb(old - 1, new - 1, list(proof))
    return climbed[0] if climbed is not None and climbed[1] == new_root else None


def _climb(place: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that a consistency path leads to; None if it is too long or too short."""
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        place, last = place >> 1, last >> 1
    return (first, second) if last == 0 else None


def _split(length: int) -> int:
    """The largest power of two smaller than the length."""
    return 1 << (length - 1).bit_length() - 1


def _hashes(*values: bytes) -> bool:
    return all(len(value) == SIZE for value in values)


def within(low: int, value: int, high: int) -> None:
    """Raises `IndexError` where the value is not."""
    if not low <= value <= high:
        raise IndexError(f"{value} is not within {low} and {high}")
