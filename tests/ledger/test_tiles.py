"""Tiles: their paths, their bytes, and that the tree can be built again from them alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.ledger.merkle import Tree, leaf_hash, node_hash
from safepassage.ledger.tiles import ENTRIES, HEIGHT, Tile, bundle, parse_bundle, parse_path, tile_of, tiles_of

from .reference import rows


@pytest.mark.parametrize("row", rows("tiles/paths.jsonl"))
def test_published_paths(row: dict[str, Any]) -> None:
    """Source: C2SP tlog-tiles.md, "Merkle Tree" and "Log entries"."""
    tile = parse_path(row["path"])
    assert (tile is not None) == row["valid"]
    if tile is not None:
        level = ENTRIES if row["level"] == "entries" else row["level"]
        assert tile == Tile(level, row["index"], row["width"])
        assert tile.path == row["path"]


@pytest.mark.parametrize("row", rows("tiles/bundle_for_index.jsonl"))
def test_published_places_of_entries(row: dict[str, Any]) -> None:
    assert tile_of(row["entry_index"], row["tree_size"]).path == row["path"]


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/x000/001", "tile/00/001", "tile/0/1", "tile/0/001.p/0", "tile/0/001.p/07",
        "tile/0/001.p/256", "tile/0/\u0660\u0660\u0661", "/tile/0/001", "tile/0/001\n",
    ],
)  # fmt: skip
def test_a_path_is_written_in_one_way(path: str) -> None:
    assert parse_path(path) is None


def test_the_example_of_the_specification() -> None:
    """Source: C2SP tlog-tiles.md, "Partial Tiles": the tree of size 70,000."""
    tiles = [tile for tile in tiles_of(70_000) if tile.level >= 0]
    assert [tile.level for tile in tiles if tile.full].count(0) == 273
    assert [tile for tile in tiles if not tile.full] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in tiles if tile.full and tile.level == 1] == [Tile(1, 0)]


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_what_was_full_before_is_not_written_again(one: int, other: int) -> None:
    since, size = sorted((one, other))
    before = {tile for tile in tiles_of(since) if tile.full}
    assert set(tiles_of(size, since)) == set(tiles_of(size)) - before


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 700, 65_536, 65_793])
def test_the_root_follows_from_the_tiles_of_hashes(size: int) -> None:
    """Each level follows from the one below, and the root from all of them: nothing but tiles is read."""
    tree = Tree()
    for number in range(size):
        tree.append(leaf_hash(number.to_bytes(4, "big")))
    levels: dict[int, bytes] = {}
    for tile in tiles_of(size):
        if tile.level >= 0:
            levels[tile.level] = levels.get(tile.level, b"") + tree.subtrees(tile.level * HEIGHT, *tile.span)
    for level in range(1, len(levels)):
        below = levels[level - 1]
        again = [_complete(below[at : at + 8192]) for at in range(0, len(below) - 8191, 8192)]
        assert levels[level] == b"".join(again)
    if size:
        grown = Tree()
        for at in range(0, 32 * size, 32):
            grown.append(levels[0][at : at + 32])
        assert grown.root() == tree.root()


@given(st.lists(st.binary(max_size=40)))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    data = bundle(entries)
    assert parse_bundle(data) == entries
    assert not data or parse_bundle(data[:-1]) != entries
    assert parse_bundle(data + b"\x00") is None


def test_a_bundle_holds_the_longest_entry() -> None:
    assert parse_bundle(bundle([b"x" * 65_535])) == [b"x" * 65_535]


def _complete(data: bytes) -> bytes:
    nodes = [data[at : at + 32] for at in range(0, len(data), 32)]
    while len(nodes) > 1:
        nodes = [node_hash(left, right) for left, right in zip(nodes[::2], nodes[1::2], strict=True)]
    return nodes[0]
