"""The two-part truth of a statement: what speaks for it and what against it, each none, alleged or established.

Values are the bilattice L⊙L over none < alleged < established; with none and established alone it is Belnap's four.
Source: Ginsberg 1988; docs/reference/clauses.md, "What a verdict rests on".
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

NONE, ALLEGED, ESTABLISHED = 0, 1, 2


class Value(msgspec.Struct, frozen=True):
    for_: int
    against: int


def negation(one: Value) -> Value:
    return Value(one.against, one.for_)


def both(one: Value, other: Value) -> Value:
    return Value(min(one.for_, other.for_), max(one.against, other.against))


def either(one: Value, other: Value) -> Value:
    return Value(max(one.for_, other.for_), min(one.against, other.against))


def happened(standings: Iterable[int], silence_counts: bool) -> Value:
    """Something of a kind in a stretch: the best record for it; against it, silence, and only where all of it was watched."""
    best = max(standings, default=NONE)
    return Value(best, ESTABLISHED - best if silence_counts else NONE)
