"""Clauses that cannot both be met, as pairs, each with an example that satisfies neither or that no one can satisfy.

Sound, not complete: what is named is a contradiction by the clauses' own meaning, whatever the world does; what is not named may
still be one. Whether what remains can be met by the buses and hours that there are is the planner's question.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import msgspec

from safepassage.agreement import clause as c
from safepassage.agreement.reader import row_of
from safepassage.agreement.render import phrase, render_limit
from safepassage.values.ids import ClauseLabel
from safepassage.values.times import DAY, MINUTE


class Contradiction(msgspec.Struct, frozen=True):
    """Two clauses and one example, in a sentence."""

    one: ClauseLabel
    other: ClauseLabel
    example: str

    def __str__(self) -> str:
        return f"clauses {self.one} and {self.other} contradict each other: {self.example}"


def contradictions(agreement: c.Agreement) -> list[Contradiction]:
    """Every pair that is found, in the agreement's order."""
    pairs = combinations(agreement.clauses, 2)
    return [Contradiction(a.label, b.label, example) for a, b in pairs if (example := _either(a.shape, b.shape))]


def _either(one: c.Shape, other: c.Shape) -> str:
    return next((example for a, b in ((one, other), (other, one)) for example in _between(a, b)), "")


def _between(one: c.Shape, other: c.Shape) -> Iterator[str]:
    match one, other:
        case (c.Permission(allowed), c.Ban(banned, None)) if row_of(allowed).means is row_of(banned).means:
            yield f"`{phrase(allowed)}` is allowed by the one, and each time it happens the other is not met"
        case (c.Pairing(), c.Pairing()) if one.each.places == other.act.places and one.act.places == other.each.places:
            yield (
                "each answer is itself owed an answer, so one bus calls for another without end, and whichever bus is the last to depart "
                "is left unanswered"
            )
        case (c.Before(), c.Before()) if _circle(one, other):
            yield (
                f"`{phrase(one.each)}` waits for `{phrase(one.past)}`, which waits for `{phrase(other.past)}`: unless both happen at one "
                "instant, whichever comes first is not met"
            )
        case (c.Milestone(), c.Ceiling(what, limit, False)) if _same(one.then, what) and one.amount > limit:
            yield f"the one calls for {one.amount:,} that {phrase(one.then)}, the other allows no more than {limit:,}"
        case (c.Milestone(within=c.Elapsed() as within), c.Ceiling(what, limit, True)) if _same(one.then, what) and not one.in_all:
            days = within.milliseconds // DAY + 2
            if one.amount > limit * days:
                yield (
                    f"the one calls for {one.amount:,} within {render_limit(within)}, which touch {days} calendar days at the most; the "
                    f"other allows {limit:,} a day"
                )
        case (c.Pairing(within=c.Elapsed() as within), c.Hours()) if _same(one.act, other.each):
            if within.milliseconds < _closed(other):
                yield (
                    f"a bus that departs {one.each.place} just after {other.end} is owed one within {render_limit(within)}, and none may "
                    f"depart {one.act.place} before {other.start}"
                )
        case _:
            pass


def _same(one: c.Atom, other: c.Atom) -> bool:
    return (row_of(one).means, one.places, one.party) == (row_of(other).means, other.places, other.party)


def _circle(one: c.Before, other: c.Before) -> bool:
    """Whether each of two preconditions opens on what the other must see before."""
    return _same(one.each, other.past) and _same(one.past, other.each)


def _closed(hours: c.Hours) -> int:
    """Milliseconds between the last instant of one day's hours and the first of the next."""
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (hours.start, hours.end))
    return (start - end) % (24 * 60) * MINUTE
