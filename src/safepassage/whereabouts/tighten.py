"""A network of heads: arcs with bounds, nodes at which what comes in goes out. `conserve` narrows bounds in two sweeps, `tighten` exactly.

Node 0 is everything outside our sight: it takes and gives without limit. Heads are whole numbers, and so are the exact bounds, since
a flow with whole bounds has a whole solution (Ford and Fulkerson 1962). Both are pure arithmetic; what the arcs mean: `conserve`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from safepassage.values.counts import Count

OUTSIDE = 0
ENDLESS = 10**9
"""Stands for no upper bound; more heads than there are people on any road."""


class Arc(msgspec.Struct, frozen=True):
    """Heads that went from one node to another: at least and at most so many."""

    tail: int
    head: int
    bounds: Count


class Network(msgspec.Struct, frozen=True):
    """`nodes` of them, node 0 outside; arcs in any order."""

    nodes: int
    arcs: tuple[Arc, ...]


def narrow(network: Network) -> list[Count] | None:
    """Bounds of every arc that follow from its two ends, swept forth and back once: sound, linear, not always exact.

    None where no whole number of heads satisfies all: the counts contradict each other.
    """
    lows = [arc.bounds.low for arc in network.arcs]
    highs = [ENDLESS if arc.bounds.high is None else arc.bounds.high for arc in network.arcs]
    ends: list[tuple[list[int], list[int]]] = [([], []) for _ in range(network.nodes)]
    for index, arc in enumerate(network.arcs):
        ends[arc.tail][1].append(index)
        ends[arc.head][0].append(index)
    for node in (*range(1, network.nodes), *range(network.nodes - 1, 0, -1)):
        inward, outward = ends[node]
        for own, other in ((inward, outward), (outward, inward)):
            _meet(own, other, lows, highs)
    if any(low > high for low, high in zip(lows, highs, strict=True)):
        return None
    return [_count(low, high) for low, high in zip(lows, highs, strict=True)]


def _meet(own: list[int], other: list[int], lows: list[int], highs: list[int]) -> None:
    """What goes one way through a node is what goes the other way: each arc gets what the rest leave for it."""
    most = least = 0  # for one arc: what the others of its own way leave of it
    for arc in other:
        most += highs[arc]
        least += lows[arc]
    for arc in own:
        most -= lows[arc]
        least -= highs[arc]
    for arc in own:
        low, high = lows[arc], highs[arc]
        if most + low < high:
            highs[arc] = most + low
        if least + high > low:
            lows[arc] = least + high


def tighten(network: Network, arcs: Sequence[int]) -> Count | None:
    """The exact bounds of the sum over `arcs`, which must share their head: by a feasible flow, then the most and the least of it.

    None where the counts contradict each other.
    """
    if not arcs:
        return Count(0, 0)
    (head,) = {network.arcs[index].head for index in arcs}
    joint = network.nodes
    bent = [Arc(arc.tail, joint if index in set(arcs) else arc.head, arc.bounds) for index, arc in enumerate(network.arcs)]
    flow = _Flow(network.nodes + 1, (*bent, Arc(joint, head, Count(0))))
    if not flow.feasible():
        return None
    asked = len(bent)
    least = flow.least(asked)
    return _count(least, flow.most(asked))


def _count(low: int, high: int) -> Count:
    return Count(low, None if high >= ENDLESS // 2 else high)


class _Flow:
    """A circulation within bounds, kept as flow per arc; changed along shortest ways of the residual network (Edmonds and Karp 1972)."""

    def __init__(self, nodes: int, arcs: Sequence[Arc]) -> None:
        self.arcs = arcs
        self.low = [arc.bounds.low for arc in arcs]
        self.high = [ENDLESS if arc.bounds.high is None else arc.bounds.high for arc in arcs]
        self.flow = list(self.low)
        self.at: list[list[int]] = [[] for _ in range(nodes)]
        for index, arc in enumerate(arcs):
            self.at[arc.tail].append(index)
            self.at[arc.head].append(index)

    def feasible(self) -> bool:
        """Begin with every lower bound, then carry what too many came in at one node to where too few did."""
        if any(low > high for low, high in zip(self.low, self.high, strict=True)):
            return False
        excess = [0] * len(self.at)
        for index, arc in enumerate(self.arcs):
            excess[arc.head] += self.flow[index]
            excess[arc.tail] -= self.flow[index]
        return all(self._settled(node, excess) for node in range(1, len(excess)))

    def _settled(self, node: int, excess: list[int]) -> bool:
        """Carry away what is too much at a node, or bring what is too little. Outside takes and gives without end: where every other
        node is balanced, it is."""
        while excess[node] != 0:
            sign = 1 if excess[node] > 0 else -1
            way = self._way(node, lambda end, sign=sign: end == OUTSIDE or excess[end] * sign < 0, forth=sign > 0)  # type: ignore[misc]
            if way is None:
                return False
            end, steps = way
            most = abs(excess[node]) if end == OUTSIDE else min(abs(excess[node]), abs(excess[end]))
            moved = min(most, self._room(steps))
            self._push(steps, moved)
            excess[node] -= moved * sign
            excess[end] += moved * sign
        return True

    def most(self, asked: int) -> int:
        return self._driven(asked, forth=True)

    def least(self, asked: int) -> int:
        return self._driven(asked, forth=False)

    def _driven(self, asked: int, forth: bool) -> int:
        """Push round trips through the arc that is asked about until none is left."""
        arc = self.arcs[asked]
        start, end = (arc.head, arc.tail) if forth else (arc.tail, arc.head)
        while (room := self.high[asked] - self.flow[asked] if forth else self.flow[asked] - self.low[asked]) > 0:
            way = self._way(start, lambda node: node == end, asked)
            if way is None:
                break
            moved = min(room, self._room(way[1]))
            self._push(way[1], moved)
            self.flow[asked] += moved if forth else -moved
        return self.flow[asked]

    def _way(
        self, start: int, ends: Callable[[int], bool], barred: int = -1, forth: bool = True
    ) -> tuple[int, list[tuple[int, bool]]] | None:
        """The shortest way with room from a node to one that `ends` accepts: arcs, each with whether flow grows or shrinks on it.

        `forth` False: the way from there to the node.
        """
        came: dict[int, tuple[int, bool, int]] = {start: (-1, True, -1)}
        ask = deque([start])
        while ask:
            node = ask.popleft()
            if node != start and ends(node):
                return node, self._steps(came, node)
            for index in self.at[node]:
                arc = self.arcs[index]
                along = (arc.tail == node) is forth
                other = arc.head if arc.tail == node else arc.tail
                room = self.high[index] - self.flow[index] if along else self.flow[index] - self.low[index]
                if index != barred and room > 0 and other not in came:
                    came[other] = (index, along, node)
                    ask.append(other)
        return None

    def _steps(self, came: dict[int, tuple[int, bool, int]], node: int) -> list[tuple[int, bool]]:
        steps = []
        while came[node][0] >= 0:
            index, along, before = came[node]
            steps.append((index, along))
            node = before
        return steps

    def _room(self, steps: list[tuple[int, bool]]) -> int:
        return min(self.high[i] - self.flow[i] if along else self.flow[i] - self.low[i] for i, along in steps)

    def _push(self, steps: list[tuple[int, bool]], heads: int) -> None:
        for index, along in steps:
            self.flow[index] += heads if along else -heads
