"""Who watches where and when: monitors for every loading, gate and reception of a plan, as few as can be, with proof.

Whole shifts begin on a grid at one post. A monitor may begin again when shift and rest are over, so the number of monitors is the largest
number of stretches [begin, begin + shift + rest) that overlap (intervals on a line can always be coloured with so many). With fewer
monitors than that, as many minutes as can be are watched.

Source: integer covering as in crew scheduling; docs/explanation/planner.md, "Postings". Solved by HiGHS.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from safepassage.errors import MISSING_EXTRA, stop
from safepassage.planner.problem import Convoy, Problem


class Duty(msgspec.Struct, frozen=True):
    """How monitors work: minutes of a posting and of the rest after it; the grid on which postings begin; how many watch together."""

    length: int = 480
    rest: int = 720
    grid: int = 60
    together: int = 2


class Need(NamedTuple):
    """Somebody must watch at this post in [begin, end)."""

    post: str
    begin: int
    end: int


class Posting(msgspec.Struct, frozen=True):
    """One monitor (numbered from 1) at one post in [begin, end)."""

    monitor: int
    post: str
    begin: int
    end: int


class Roster(msgspec.Struct, frozen=True):
    """`staff` monitors. `proved`: fewer cannot watch so much. `unwatched`: stretches at which fewer than asked watch; of `minutes`
    that were asked for `watched` are."""

    staff: int
    proved: bool
    postings: tuple[Posting, ...]
    minutes: int
    watched: int
    unwatched: tuple[tuple[str, int, int], ...] = ()


def needs(problem: Problem, convoys: Sequence[Convoy]) -> tuple[Need, ...]:
    """Loading, gate (empty on the way back too) and reception of every convoy; what overlaps at one post is joined."""
    found: dict[str, list[tuple[int, int]]] = {}
    for convoy in convoys:
        route = problem.route(convoy.route)
        found.setdefault(f"{route.side} loading", []).append((convoy.loading, convoy.departure))
        found.setdefault(f"{route.crossing}", []).append((convoy.crossing_start, convoy.crossing_end))
        found[f"{route.crossing}"] += [] if convoy.returns is None else [convoy.returns]
        found.setdefault(f"{route.id} reception", []).append((convoy.reception, convoy.reception + max(1, route.unload)))
    return tuple(Need(post, begin, end) for post in sorted(found) for begin, end in joined(found[post]))


def roster(wanted: Sequence[Need], duty: Duty, staff: int | None = None) -> Roster:
    """The fewest monitors who watch all of it; with `staff`, the most that so many can watch."""
    if not wanted:
        return Roster(0, True, (), 0, 0)
    model = _Model(wanted, duty, staff)
    begins, proved = model.solved()
    postings = _named(sorted(begins), duty)
    unwatched = tuple(stretch for need in wanted for stretch in _holes(need, postings, duty.together))
    minutes = sum(need.end - need.begin for need in wanted)
    missing = sum(end - begin for _, begin, end in unwatched)
    return Roster(max((p.monitor for p in postings), default=0), proved, postings, minutes, minutes - missing, unwatched)


class _Model:
    """Integers: shifts that begin at each post and grid minute; where staff is short, which pieces are watched."""

    def __init__(self, wanted: Sequence[Need], duty: Duty, staff: int | None) -> None:
        self.duty, self.staff = duty, staff
        self.shifts: list[tuple[int, str]] = []
        self.rows: list[tuple[float, float, list[tuple[int, float]]]] = []
        self.columns: list[tuple[float, float]] = []
        """(cost, most)."""
        at = self._begins(wanted)
        for need, pieces in ((need, _pieces(need, duty)) for need in wanted):
            for begin, end in pieces:
                here = [(column, 1.0) for start, column in at[need.post] if start <= begin and end <= start + duty.length]
                self._watched(here, end - begin)
        self._people()

    def _begins(self, wanted: Sequence[Need]) -> dict[str, list[tuple[int, int]]]:
        """Only shifts that reach a need are of use."""
        found: dict[str, list[tuple[int, int]]] = {}
        for need in wanted:
            found.setdefault(need.post, [])
            first = (need.begin - self.duty.length) // self.duty.grid * self.duty.grid
            for start in range(first, need.end, self.duty.grid):
                if start + self.duty.length > need.begin and (start, need.post) not in self.shifts:
                    found[need.post].append((start, self._column(0.0, float(self.duty.together))))
                    self.shifts.append((start, need.post))
        return found

    def _column(self, cost: float, most: float) -> int:
        self.columns.append((cost, most))
        return len(self.columns) - 1

    def _watched(self, here: list[tuple[int, float]], minutes: int) -> None:
        if self.staff is None:
            self.rows.append((float(self.duty.together), float("inf"), here))
        else:
            seen = self._column(-float(minutes), 1.0)
            self.rows.append((0.0, float("inf"), [*here, (seen, -float(self.duty.together))]))

    def _people(self) -> None:
        """At every beginning: whoever began within shift and rest before it is another person."""
        most = self._column(1.0, float(len(self.shifts) * self.duty.together)) if self.staff is None else None
        for moment in sorted({start for start, _ in self.shifts}):
            busy = [
                (column, 1.0)
                for column, (start, _) in enumerate(self.shifts)
                if start <= moment < start + self.duty.length + self.duty.rest
            ]
            if most is None:
                self.rows.append((float("-inf"), float(self.staff or 0), busy))
            else:
                self.rows.append((float("-inf"), 0.0, [*busy, (most, -1.0)]))

    def solved(self) -> tuple[list[tuple[int, str]], bool]:
        """The shifts, one for each monitor, and whether it is proved that none are better."""
        try:
            import highspy
        except ImportError:
            stop(MISSING_EXTRA, extra="planner")
        solver: Any = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_max_nodes", 5000)
        for cost, most in self.columns:
            solver.addCol(cost, 0.0, most, 0, [], [])
        for column in range(len(self.columns)):
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for low, high, terms in self.rows:
            solver.addRow(low, high, len(terms), [column for column, _ in terms], [factor for _, factor in terms])
        solver.run()
        values = solver.getSolution().col_value
        begins = [shift for column, shift in enumerate(self.shifts) for _ in range(round(values[column]))]
        return begins, solver.getModelStatus() == highspy.HighsModelStatus.kOptimal


def joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for begin, end in sorted(stretches):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _pieces(need: Need, duty: Duty) -> list[tuple[int, int]]:
    """The need cut at the grid: within a piece nobody comes or goes."""
    cuts = sorted({need.begin, need.end, *range(-(-need.begin // duty.grid) * duty.grid, need.end, duty.grid)})
    ends = {cut + duty.length % duty.grid for cut in cuts if duty.length % duty.grid}
    return list(pairwise(sorted({*cuts, *(end for end in ends if need.begin < end < need.end)})))


def _named(begins: list[tuple[int, str]], duty: Duty) -> tuple[Posting, ...]:
    """Each shift to whoever has rested longest, or to somebody new."""
    free: list[int] = []
    found = []
    for start, post in begins:
        rested = [n for n, until in enumerate(free) if until <= start]
        monitor = min(rested, key=lambda n: free[n], default=len(free))
        if monitor == len(free):
            free.append(0)
        free[monitor] = start + duty.length + duty.rest
        found.append(Posting(monitor + 1, post, start, start + duty.length))
    return tuple(found)


def _holes(need: Need, postings: Sequence[Posting], together: int) -> list[tuple[str, int, int]]:
    """The stretches of a need in which fewer than asked are there: the obvious way, over every moment at which somebody comes or goes."""
    here = [posting for posting in postings if posting.post == need.post]
    moments = sorted({need.begin, need.end, *(m for p in here for m in (p.begin, p.end) if need.begin < m < need.end)})
    short = [(a, b) for a, b in pairwise(moments) if sum(p.begin <= a and b <= p.end for p in here) < together]
    return [(need.post, begin, end) for begin, end in joined(short)]
