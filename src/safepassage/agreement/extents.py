"""Extremes of running sums over a row of pieces, joined in pairs up to one: a change is joined anew only with what is above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

Moves: TypeAlias = tuple[int, int, int, int]


class Extent(NamedTuple):
    """What a stretch adds to four running sums, and the most and the least that each is at a step in it, counted from its beginning."""

    total: Moves
    highs: Moves
    lows: Moves


class Extents:
    """A row of at least one; `whole` is all of it."""

    def __init__(self, row: Sequence[Extent]) -> None:
        self._width = 1 << (len(row) - 1).bit_length()
        self._nodes: list[Extent | None] = [*[None] * self._width, *row, *[None] * (self._width - len(row))]
        for node in range(self._width - 1, 0, -1):
            self._nodes[node] = _joined(self._nodes[2 * node], self._nodes[2 * node + 1])

    @property
    def whole(self) -> Extent:
        whole = self._nodes[1]
        assert whole is not None  # a row is never empty
        return whole

    def put(self, number: int, extent: Extent) -> None:
        """Another in the place of one of them."""
        node = self._width + number
        self._nodes[node] = extent
        while node > 1:
            node //= 2
            self._nodes[node] = _joined(self._nodes[2 * node], self._nodes[2 * node + 1])

    def first(self, end: int, crosses: Callable[[Extent, int], bool]) -> tuple[int, int]:
        """The number of the first in the row that crosses, given what this sum is before it, and what that is. One of them must."""
        node, before = 1, 0
        while node < self._width:
            earlier = self._nodes[node := 2 * node]
            if earlier is not None and not crosses(earlier, before):
                node, before = node + 1, before + earlier.total[end]
        return node - self._width, before


def _joined(one: Extent | None, then: Extent | None) -> Extent | None:
    if one is None or then is None:
        return one or then
    (a, b, c, d), high, low = one.total, then.highs, then.lows
    return Extent(
        (a + then.total[0], b + then.total[1], c + then.total[2], d + then.total[3]),
        (
            max(one.highs[0], a + high[0]), max(one.highs[1], b + high[1]),
            max(one.highs[2], c + high[2]), max(one.highs[3], d + high[3]),
        ),
        (min(one.lows[0], a + low[0]), min(one.lows[1], b + low[1]), min(one.lows[2], c + low[2]), min(one.lows[3], d + low[3])),
    )  # fmt: skip
