"""The tree in tiles says what the plain tree says, wherever its tiles are kept and however often it is opened again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.errors import HASHES_AILING, LedgerAtRisk
from safepassage.ledger.longtree import LongTree
from safepassage.ledger.merkle import Tree, tree_of
from safepassage.ledger.tiles import HEIGHT, Tile, tiles_of

MOST = 70_000
"""More than 256 full tiles: three levels of them."""
SIZES = st.one_of(st.integers(0, 1200), st.integers(0, MOST), st.sampled_from([255, 256, 257, 511, 512, 65_535, 65_536, 65_537]))


def leaves(start: int, stop: int) -> Iterator[bytes]:
    return (hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(start, stop))


PLAIN = tree_of(leaves(0, MOST))


class Shelf:
    """Where full tiles are kept: as the plain tree has them."""

    def __init__(self, plain: Tree = PLAIN) -> None:
        full = [tile for tile in tiles_of(len(plain)) if tile.level >= 0 and tile.full]
        self.tiles = {tile: plain.subtrees(tile.level * HEIGHT, *tile.span) for tile in full}

    def grown(self, size: int, kept: int) -> LongTree:
        """Opened over the first `kept` tiles, and grown to the size."""
        tree = LongTree(self.tiles.get, kept, "shelf")
        for leaf in leaves(kept * 256, size):
            tree.append(leaf)
        return tree


SHELF = Shelf()


@settings(max_examples=60)
@given(size=SIZES, data=st.data())
def test_it_says_what_the_plain_tree_says(size: int, data: st.DataObject) -> None:
    kept = size // 256 - data.draw(st.integers(0, min(3, size // 256)))
    tree = SHELF.grown(size, kept)
    assert (len(tree), tree.root()) == (size, PLAIN.root(size))
    old = data.draw(st.integers(0, size))
    assert tree.root(old) == PLAIN.root(old)
    if size:
        index = data.draw(st.integers(0, size - 1))
        assert tree.leaf(index) == PLAIN.leaf(index)
    if 0 < old < size:
        whole = SHELF.grown(MOST, MOST // 256)
        assert whole.consistency(old, MOST) == PLAIN.consistency(old, MOST)
        assert whole.inclusion(old, MOST) == PLAIN.inclusion(old, MOST)


@pytest.mark.parametrize("size", [256, 300, 66_000])
def test_the_tiles_that_it_fills_are_those_of_the_plain_tree(size: int) -> None:
    tree = Shelf(Tree()).grown(size, 0)
    assert dict(tree.fresh()) == {tile: SHELF.tiles[tile] for tile in tiles_of(size) if tile.level >= 0 and tile.full}
    tree.keep([tile for tile, _ in tree.fresh()])
    assert tree.fresh() == []


def test_the_tiles_of_the_public_log_come_from_it_too() -> None:
    tree = SHELF.grown(MOST, MOST // 256)
    for tile in [Tile(0, 0), Tile(0, 272), Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]:
        span = (tile.level * HEIGHT, *tile.span)
        assert tree.subtrees(*span) == PLAIN.subtrees(*span)
    with pytest.raises(IndexError):
        tree.subtrees(0, MOST - 1, MOST + 1)


RESTED_ON = [Tile(0, 260), Tile(1, 0)]
"""What the edge of the tree of 70,000 rests on; Tile(0, 3) is below it, and read when somebody asks."""


def damaged(tile: Tile, damage: str) -> Shelf:
    shelf = Shelf()
    whole = shelf.tiles.pop(tile)
    if damage != "absent":
        shelf.tiles[tile] = whole[:-32] if damage == "cut" else whole[:40] + bytes([whole[40] ^ 1]) + whole[41:]
    return shelf


@pytest.mark.parametrize(
    ("tile", "damage"),
    [(tile, damage) for tile in (Tile(0, 3), *RESTED_ON) for damage in ("absent", "cut", "flipped") if (tile, damage) not in
     {(rested, "flipped") for rested in RESTED_ON}],
)  # fmt: skip
def test_a_tile_that_is_absent_or_altered_is_named(tile: Tile, damage: str) -> None:
    with pytest.raises(LedgerAtRisk) as caught:
        damaged(tile, damage).grown(MOST, MOST // 256).inclusion(tile.index * 256, MOST)
    assert caught.value.problem.number == HASHES_AILING.number and tile.path in str(caught.value.problem)


@pytest.mark.parametrize("tile", RESTED_ON)
def test_where_the_edge_rests_on_an_altered_tile_the_root_is_another(tile: Tile) -> None:
    """Whoever opens it holds the root against the signed one."""
    assert damaged(tile, "flipped").grown(MOST, MOST // 256).root() != PLAIN.root()
