"""The Merkle tree of a log that is too long to hold: its right edge in memory, its full tiles wherever they are kept.

Says what `merkle.Tree` over the same leaves says (law: tests/ledger/test_longtree.py), in memory that grows with the logarithm
of the log. Whatever is loaded is trusted only as far as the tile above it bears it out, and so on up to the edge, which follows
from the signed root.

Source: C2SP tlog-tiles.md (tiles of 256 hashes, eight levels of the tree each).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NoReturn

from safepassage.errors import HASHES_AILING, stop
from safepassage.ledger.merkle import SIZE, Tree, consistency_at, inclusion_at, root_at, tree_of, within
from safepassage.ledger.tiles import HEIGHT, WIDTH, Tile, parse_hashes

MOST_OPEN = 128
"""Tiles held ready, 16 kB each."""


class LongTree:
    """Grows leaf by leaf. One thread appends; any may ask of what was there before."""

    def __init__(self, load: Callable[[Tile], bytes | None], kept: int, place: str) -> None:
        """Begin with the first `kept` full tiles of level 0, which `load` gives, and those above them.

        `place` is where they lie, for people. Raises LedgerAtRisk (HASHES_AILING) where a tile is not there.
        """
        self._load, self._place = load, place
        self._fresh: dict[Tile, bytes] = {}
        self._edges: list[tuple[int, Tree]] = [(kept, Tree())]  # full tiles of each level, and the partial one behind them
        self._tile = lru_cache(MOST_OPEN)(self._opened)
        while kept:
            above, first = kept // WIDTH, kept // WIDTH * WIDTH
            self._edges.append((above, tree_of(self._read(Tile(len(self._edges) - 1, index)).root() for index in range(first, kept))))
            kept = above

    def __len__(self) -> int:
        full, edge = self._edges[0]
        return full * WIDTH + len(edge)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; a tile that it fills is `fresh`, and its root goes to the level above."""
        carried, level = leaf, 0
        while True:
            full, edge = self._edges[level]
            edge.append(carried)
            if len(edge) < WIDTH:
                return
            self._fresh[Tile(level, full)] = edge.subtrees(0, 0, WIDTH)
            self._edges[level] = (full + 1, Tree())  # in one step: whoever reads finds the tile here or there
            carried, level = edge.root(), level + 1
            if level == len(self._edges):
                self._edges.append((0, Tree()))

    def fresh(self) -> list[tuple[Tile, bytes]]:
        """Full tiles that nobody keeps yet; `keep` says that somebody does."""
        return list(self._fresh.items())

    def keep(self, tiles: Iterable[Tile]) -> None:
        """From now on `load` gives these tiles."""
        for tile in tiles:
            self._fresh.pop(tile, None)

    def leaf(self, index: int) -> bytes:
        """The leaf hash at an index."""
        return self.node(0, index)

    def node(self, level: int, place: int) -> bytes:
        """The hash of the complete subtree of 2**level leaves at a place of its level.

        Raises LedgerAtRisk (HASHES_AILING) where the tile that holds it is not there, or is not what was signed.
        """
        deep, inside = divmod(level, HEIGHT)
        index = place >> (HEIGHT - inside)
        full, edge = self._edges[deep]
        tree = edge if index == full else self._tile(Tile(deep, index))
        return tree.node(inside, place - (index << (HEIGHT - inside)))

    def subtrees(self, level: int, start: int, stop: int) -> bytes:
        """As `Tree.subtrees`."""
        within(0, start, stop)
        within(start, stop, len(self) >> level)
        return b"".join(self.node(level, place) for place in range(start, stop))

    def root(self, size: int | None = None) -> bytes:
        """As `Tree.root`."""
        return root_at(self.node, len(self), len(self) if size is None else size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """As `Tree.inclusion`."""
        return inclusion_at(self.node, len(self), index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """As `Tree.consistency`."""
        return consistency_at(self.node, len(self), old, new)

    def _opened(self, tile: Tile) -> Tree:
        """A full tile, borne out by the level above it."""
        tree = self._read(tile)
        if tree.root() != self.node((tile.level + 1) * HEIGHT, tile.index):
            self._damaged(tile)
        return tree

    def _read(self, tile: Tile) -> Tree:
        data = self._fresh.get(tile) or self._load(tile)
        if data is None or len(data) != WIDTH * SIZE:
            self._damaged(tile)
        return tree_of(parse_hashes(data))

    def _damaged(self, tile: Tile) -> NoReturn:
        stop(HASHES_AILING, tile=tile.path, folder=self._place)
