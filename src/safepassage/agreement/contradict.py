"""Clauses that contradict each other, as pairs, each with an example that satisfies neither or that no one can satisfy.

Two clauses contradict each other where one of them applies once, to something that it speaks of, at some hour, with nothing before
it, and whatever anybody does then, one of the two is not met. Of the pairs of shapes that can do so all are found: by tables of which
places, sums and hours cover each other, for limits that were agreed. Three clauses that only together cannot be met, and whether
what remains can be met by the buses and hours that there are, are not asked here.
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
        case (c.Permission(allowed), c.Ban(banned, spot)) if row_of(allowed).means is row_of(banned).means:
            where = f", anywhere but at {spot.name}," if spot else ""
            yield f"`{phrase(allowed)}` is allowed by the one, and each time it happens{where} by a party the other is not met"
        case (c.Permission(allowed), c.Before(each)) if row_of(allowed).means is row_of(each).means:
            yield f"`{phrase(allowed)}` is allowed by the one, and without what must come before, the other is not met"
        case (c.Pairing(), c.Pairing()) if _calls(one, other) and _calls(other, one):
            yield (
                "each answer is itself owed an answer, so one bus calls for another without end, and whichever bus is the last to depart "
                "is left unanswered"
            )
        case (c.Before(), c.Before()) if _part(one.past, other.each) and _part(other.past, one.each):
            yield (
                f"`{phrase(one.each)}` waits for `{phrase(one.past)}`, which waits for `{phrase(other.past)}`: unless both happen at one "
                "instant, whichever comes first is not met"
            )
        case (c.Hours(each), c.Hours()) if _meet(each, other.each) and not _overlap(one, other):
            yield f"{phrase(each)}: no hour lies both in {one.start} to {one.end} and in {other.start} to {other.end}"
        case (c.Pairing() | c.Milestone(), c.Ceiling() | c.Hours()):
            yield from _owed(one, other)
        case _:
            pass


def _owed(one: c.Pairing | c.Milestone, other: c.Ceiling | c.Hours) -> Iterator[str]:
    """What the one calls for, by when, and what the other leaves room for."""
    owed, number = (one.act, 1) if isinstance(one, c.Pairing) else (one.then, one.amount)
    then = f"a bus departs {one.each.place}" if isinstance(one, c.Pairing) else f"{one.reached:,} {phrase(one.once)}"
    if isinstance(one.within, c.Open):
        return
    match other:
        case c.Hours(each, start, end) if (
            _part(owed, each) and isinstance(one.within, c.Elapsed) and one.within.milliseconds < _closed(other)
        ):
            yield (
                f"where {then} just after {end}, what is owed within {render_limit(one.within)} is `{phrase(owed)}`, and none may depart "
                f"{each.place} before {start}"
            )
        case c.Ceiling(what, limit, daily) if _part(owed, what):
            before = _before(one, what)
            if before <= limit < before + number and not daily:
                yield f"where {then}, the one calls for {number:,} `{phrase(owed)}`, and the other allows no more than {limit:,} in all"
            days = _fewest(one.within)
            if daily and number > limit * days and not (isinstance(one, c.Milestone) and one.in_all):
                touch = "one calendar day" if days == 1 else f"no more than {days} calendar days"
                yield (
                    f"where {then} early in a day, the one calls for {number:,} `{phrase(owed)}` within {render_limit(one.within)}, which "
                    f"is {touch}, and the other allows {limit:,} a day"
                )
        case _:
            pass


def _before(one: c.Pairing | c.Milestone, what: c.Atom) -> int:
    """How many of what is bounded have gone already, when it comes to what is owed besides."""
    counted = isinstance(one, c.Milestone) and _part(one.once, what) and not (one.in_all and _same(one.once, one.then))
    return one.reached if counted and isinstance(one, c.Milestone) else 0


def _fewest(within: c.Elapsed | c.Calendar) -> int:
    """Calendar days that a limit touches when it begins just after midnight, of days as long as they mostly are."""
    return within.days + 1 if isinstance(within, c.Calendar) else within.milliseconds // DAY + 1


def _calls(one: c.Pairing, other: c.Pairing) -> bool:
    """Whether whatever answers in the one opens an instance of the other, with a limit."""
    return _part(one.act, other.each) and not isinstance(other.within, c.Open)


def _same(one: c.Atom, other: c.Atom) -> bool:
    return (row_of(one).means, one.places, one.party) == (row_of(other).means, other.places, other.party)


def _part(one: c.Atom, other: c.Atom) -> bool:
    """Whether whatever one phrase speaks of, the other speaks of too; no places, no party: any."""
    places = not other.places or (bool(one.places) and one.places <= other.places)
    return row_of(one).means is row_of(other).means and places and other.party in (None, one.party)


def _meet(one: c.Atom, other: c.Atom) -> bool:
    """Whether something may be what both phrases speak of."""
    places = not one.places or not other.places or bool(one.places & other.places)
    return row_of(one).means is row_of(other).means and places and (one.party == other.party or None in (one.party, other.party))


def _overlap(one: c.Hours, other: c.Hours) -> bool:
    """Whether some instant of the day lies in both hours: then the first of one of them does."""
    return any(_inside(each.start, hours) for each, hours in ((one, other), (other, one)))


def _inside(clock: str, hours: c.Hours) -> bool:
    return hours.start <= clock <= hours.end if hours.start <= hours.end else clock >= hours.start or clock <= hours.end


def _closed(hours: c.Hours) -> int:
    """Milliseconds between the last instant of one day's hours and the first of the next."""
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (hours.start, hours.end))
    return (start - end) % (24 * 60) * MINUTE
