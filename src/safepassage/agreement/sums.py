"""A balance's verdict, kept up: its differences stand in pieces, so that a late count is added up in one piece only.

The definition is `parity.extremes`: four differences after each instant. Each is a running sum, so a piece of facts is its total
and the extremes of its prefixes. Law: the verdict equals `by_clause.judge_balance`, which also gives the reasons.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import accumulate
from typing import TypeAlias

from safepassage.agreement import clause as c
from safepassage.agreement.by_clause import balance_instance, judge_balance
from safepassage.agreement.extents import Extent, Extents, Moves
from safepassage.agreement.facts import SIGNED, Fact
from safepassage.agreement.heard import ANSWERS, OPENS, Case, Heard
from safepassage.agreement.operators import ALLEGED, ESTABLISHED, NONE, Value
from safepassage.agreement.parity import BEYOND, amount
from safepassage.agreement.reader import row_of
from safepassage.agreement.scene import Scene
from safepassage.agreement.verdict import InstanceVerdict
from safepassage.values.ids import EntryId
from safepassage.values.times import Instant, Stretch

LARGEST = 64
"""Facts in a piece before it is split between two instants."""
Row: TypeAlias = tuple[Instant, EntryId, bool, Moves]


def moves(fact: Fact, mine: bool) -> Moves:
    """What a fact adds to the least difference and to the most, and to both if every allegation were as it suits that end.

    `mine`: whether it counts for the first sum. What nobody counted moves an end further than any limit reaches.
    """
    count, signed = amount(fact), fact.standing == SIGNED
    low, high = count.low, BEYOND if count.high is None else count.high
    if mine:
        return low if signed else 0, high, low, high if signed else 0
    return -high, -low if signed else 0, -high if signed else 0, -low


class Piece:
    """Facts in order; no instant stands in two pieces."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def put(self, row: Row, into: bool) -> None:
        at = bisect_right(self.rows, row[:3], key=lambda other: other[:3])
        if into:
            self.rows.insert(at, row)
        else:
            del self.rows[at - 1]

    def steps(self) -> list[tuple[Instant, Moves]]:
        """The prefixes' sums after each whole instant."""
        sums = list(zip(*(accumulate([row[3][end] for row in self.rows]) for end in range(4)), strict=True))
        last = [number + 1 == len(self.rows) or self.rows[number + 1][0] != row[0] for number, row in enumerate(self.rows)]
        return [(row[0], each) for row, each, whole in zip(self.rows, sums, last, strict=True) if whole]

    def extent(self) -> Extent:
        columns = tuple(zip(*(each for _, each in self.steps()), strict=True))
        (a, b, c, d), (e, f, g, h), (i, j, k, m) = ([pick(column) for column in columns] for pick in (_last, max, min))
        return Extent((a, b, c, d), (e, f, g, h), (i, j, k, m))

    def split(self) -> Piece | None:
        """The later half, where an instant ends near the middle; None: it is short, or all of one instant."""
        at = next((n for n in range(len(self.rows) // 2, len(self.rows)) if self.rows[n][0] != self.rows[n - 1][0]), None)
        if len(self.rows) <= LARGEST or at is None:
            return None
        later, self.rows = Piece(self.rows[at:]), self.rows[:at]
        return later


def _last(column: Sequence[int]) -> int:
    return column[-1]


class Sums:
    """One balance clause."""

    def __init__(self, clause: c.Clause, shape: c.Balance, heard: Sequence[tuple[int, Heard]], opened: Instant) -> None:
        self.clause, self._shape, self._heard, self._opened = clause, shape, heard, opened
        self._pieces: list[Piece] = []
        self._extents: Extents | None = None
        """Of the pieces; None: of other pieces than there are now."""
        self._stale: set[int] = set()
        """Pieces that have changed since."""
        self._judged: list[InstanceVerdict] = []
        self._fresh, self._watched = True, False
        for part, one in heard:
            one.tellers.append(partial(self._hear, part))

    def _hear(self, part: int, fact: Fact, into: bool) -> None:
        self._fresh = True
        if fact.at < self._opened:
            return
        row: Row = (fact.at, fact.entry, part == OPENS, moves(fact, part == OPENS))
        number = max(0, bisect_right(self._pieces, fact.at, key=lambda piece: piece.rows[0][0]) - 1)
        if not self._pieces:
            self._pieces.append(Piece([]))
        piece = self._pieces[number]
        piece.put(row, into)
        self._stale.add(number)
        later = piece.split()
        if later is not None:
            self._pieces.insert(number + 1, later)
        elif not piece.rows:
            del self._pieces[number]
        if later is not None or not piece.rows:
            self._extents = None

    def mark_all(self) -> None:
        self._fresh = True

    def mark_watched(self, watched: Stretch, into: bool) -> None:
        self.mark_all()

    def settle(self, scene: Scene) -> None:
        shape, row = self._shape, row_of(self._shape.one)
        whole = Stretch(scene.opened, max(scene.now, scene.opened))
        if not self._fresh and not self._watched:
            return  # time alone can only end what was watched all along
        watched = self._watched = all(scene.silent(row, scene.scope(atom, None), whole) for atom in (shape.one, shape.other))
        within, said, above, below = self.across(shape.limit)
        kept = watched and within
        over = any(
            at is not None and scene.silent(row, scene.scope(behind, None), Stretch(scene.opened, at))
            for at, behind in ((above, shape.other), (below, shape.one))
        )
        value = Value(ESTABLISHED if kept else NONE, ESTABLISHED if over else ALLEGED if said and not kept else NONE)
        self._fresh = False
        self._judged = [balance_instance(value, "", (), scene)]

    def across(self, limit: int) -> tuple[bool, bool, Instant | None, Instant | None]:
        """Whether every step is within; whether allegations could exceed; the first instants that surely do, above and below."""
        if not self._pieces:
            return True, False, None, None
        extents = self._refreshed()
        _, highs, lows = extents.whole
        within, said = lows[0] >= -limit and highs[1] <= limit, highs[2] > limit or lows[3] < -limit
        above = below = None
        if highs[0] > limit:
            number, before = extents.first(0, lambda extent, before: before + extent.highs[0] > limit)
            above = next(at for at, each in self._pieces[number].steps() if before + each[0] > limit)
        if lows[1] < -limit:
            number, before = extents.first(1, lambda extent, before: before + extent.lows[1] < -limit)
            below = next(at for at, each in self._pieces[number].steps() if before + each[1] < -limit)
        return within, said, above, below

    def _refreshed(self) -> Extents:
        if self._extents is None:
            self._extents = Extents([piece.extent() for piece in self._pieces])
        else:
            for number in self._stale:
                self._extents.put(number, self._pieces[number].extent())
        self._stale.clear()
        return self._extents

    def instances(self) -> Iterable[InstanceVerdict]:
        return self._judged

    def reasons(self, ones: Sequence[InstanceVerdict], scene: Scene) -> list[InstanceVerdict]:
        facts = {part: [fact for fact in one.by_key.get("", []) if fact.at >= self._opened] for part, one in self._heard}
        case: Case = {OPENS: facts[OPENS], ANSWERS: facts[ANSWERS]}
        return judge_balance(self.clause, self._shape, case, scene) if ones else []
