"""What each side has given and received under the linked terms: running balances with bounds, and what each may do next.

Only recorded departures move a balance; what sources claim never does. An uncounted departure leaves it open upwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from safepassage.agreement.facts import SIGNED, Fact
from safepassage.agreement.vocabulary import Happening
from safepassage.values.counts import ANY, NONE, Count, exactly, total
from safepassage.values.ids import SideId
from safepassage.values.times import Instant


class Extremes(msgspec.Struct, frozen=True):
    """One sum less another after all that happened at one instant.

    `least`, `most`: over every reading of the counts, each allegation true or false; None and `open_below`: not bounded.
    `sure_least`, `sure_most`: the same if every allegation were as it suits that end: what allegations could establish.
    """

    at: Instant
    least: int
    most: int | None
    open_below: bool
    sure_least: int | None
    sure_most: int | None

    def within(self, limit: int) -> bool:
        """In every reading."""
        return self.most is not None and not self.open_below and -limit <= self.least and self.most <= limit

    def alleged_exceeds(self, limit: int) -> bool:
        """If what is alleged were so, the limit would surely have been exceeded."""
        over = self.sure_least is not None and self.sure_least > limit
        return over or (self.sure_most is not None and self.sure_most < -limit)


def amount(fact: Fact) -> Count:
    """What a fact adds to a sum: a bus is one; persons and detainees are as counted, or any number where nobody counted."""
    return _ONE if fact.what is Happening.BUS_DEPARTURE else fact.heads or ANY


_ONE = exactly(1)


class _Sum(msgspec.Struct):
    """One side's running sum: signed bounds, and what allegations add."""

    low: int = 0
    high: int = 0
    uncounted: bool = False
    alleged_low: int = 0
    alleged_high: int = 0
    alleged_uncounted: bool = False

    def take(self, fact: Fact) -> None:
        heads = amount(fact)
        if fact.standing == SIGNED:
            self.low += heads.low
            self.high += heads.high or 0
            self.uncounted |= heads.high is None
        else:
            self.alleged_low += heads.low
            self.alleged_high += heads.high or 0
            self.alleged_uncounted |= heads.high is None

    def most(self) -> int | None:
        """With every allegation."""
        return None if self.uncounted or self.alleged_uncounted else self.high + self.alleged_high


def extremes(one: Iterable[Fact], other: Iterable[Fact]) -> list[Extremes]:
    """The difference after each instant at which either sum moved."""
    marked = sorted([*((f, True) for f in one), *((f, False) for f in other)], key=lambda pair: pair[0].at)
    left, right = _Sum(), _Sum()
    steps = []
    for at, together in groupby(marked, key=lambda pair: pair[0].at):
        for fact, mine in together:
            (left if mine else right).take(fact)
        steps.append(_step(at, left, right))
    return steps


def _step(at: Instant, one: _Sum, other: _Sum) -> Extremes:
    """An end that is not bounded stands as far out as no limit reaches."""
    behind, ahead = other.most(), one.most()
    return Extremes(
        at,
        least=one.low - behind if behind is not None else -BEYOND,
        most=ahead - other.low if ahead is not None else None,
        open_below=behind is None,
        sure_least=None if other.uncounted else one.low + one.alleged_low - other.high,
        sure_most=None if one.uncounted else one.high - other.low - other.alleged_low,
    )


BEYOND = 2**53


class SideExchange(msgspec.Struct, frozen=True):
    """`persons`: departed, as signed; `owed`: buses of the other side that await an answer from this one under the pairing.

    `may_depart`: at most so many persons may depart now without the difference exceeding, whatever the truth; None: no limit agreed.
    """

    side: SideId
    agreed: int
    persons: Count
    alleged: Count
    buses: int
    owed: int | None
    may_depart: int | None


class Exchange(msgspec.Struct, frozen=True):
    """Both sides under the linked terms. `difference`: first side's departed less the second's, lowest and highest, None: open."""

    sides: tuple[SideExchange, ...]
    lowest: int | None
    highest: int | None
    limit: int | None
    largest: int
    """The largest difference so far that the records make certain, whichever side was ahead."""
    largest_at: Instant | None


def departed(facts: Sequence[Fact], signed: bool) -> Count:
    """Persons departed: as signed, or as alleged beside it."""
    chosen = [fact.heads or ANY for fact in facts if (fact.standing == SIGNED) is signed]
    return total(chosen) if chosen else NONE


def exchange(
    agreed: Sequence[tuple[SideId, int]],
    departures: Sequence[Sequence[Fact]],
    buses: Sequence[int],
    owed: Sequence[int | None],
    limit: int | None,
) -> Exchange:
    """The exchange of the sides, in the world's order; a difference is drawn only between two."""
    two = len(departures) == 2
    steps = extremes(*departures) if two else []
    last = steps[-1] if steps else None
    lowest = (None if last.open_below else last.least) if last else 0
    highest = last.most if last else 0
    ahead = (highest, None if lowest is None else -lowest) if two else (None,) * len(departures)
    spare = [_spare(limit if two else None, far) for far in ahead]
    sides = tuple(
        SideExchange(id, persons, departed(gone, True), departed(gone, False), ran, due, spare[number])
        for number, ((id, persons), gone, ran, due) in enumerate(zip(agreed, departures, buses, owed, strict=True))
    )
    largest, largest_at = max(((_sure(step), step.at) for step in steps), key=lambda pair: (pair[0], -pair[1]), default=(0, None))
    return Exchange(sides, lowest, highest, limit, largest, largest_at)


def _spare(limit: int | None, ahead: int | None) -> int | None:
    """How many more may go when this side may already be so far ahead; none where that is not bounded."""
    if limit is None:
        return None
    return 0 if ahead is None else max(0, limit - ahead)


def _sure(step: Extremes) -> int:
    """How far apart the two sums are at the least."""
    return max(0, step.least, -step.most if step.most is not None else 0)
