"""When a limit ends: hours are elapsed, calendar days end in the agreement's zone, an open limit never does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from safepassage.agreement.clause import Calendar, Elapsed, Limit, Open
from safepassage.agreement.facts import SIGNED, Fact
from safepassage.agreement.vocabulary import Happening
from safepassage.values.ids import PartyId
from safepassage.values.times import Instant, Stretch, at, local

Suspended = tuple[Instant, Instant | None]
"""From, to; None: nobody has resumed."""


def deadline(limit: Limit, start: Instant, zone: str, suspended: Sequence[Suspended] = ()) -> Instant | None:
    """The last instant that still counts; None where the clock stands still now, or the limit was never agreed."""
    match limit:
        case Open():
            return None
        case Elapsed(milliseconds):
            return _moved(start, Instant(start + milliseconds), suspended)
        case Calendar(days):
            return _moved(start, day_ends(start, days, zone), suspended)


def day_ends(start: Instant, days: int, zone: str) -> Instant:
    """One millisecond before midnight at the end of the so-many-th day after."""
    return Instant(at(local(start, zone).date() + timedelta(days=days + 1), "00:00", zone) - 1)


def _moved(start: Instant, end: Instant, suspended: Sequence[Suspended]) -> Instant | None:
    """The end, moved by its overlap with suspensions, those that the moving itself reaches included."""
    for begun, ended in suspended:
        if (ended is not None and ended <= start) or begun >= end:
            continue
        if ended is None:
            return None
        end = Instant(end + ended - max(begun, start))
    return end


def suspensions(facts: Iterable[Fact]) -> list[Suspended]:
    """When passage stood suspended by anybody, as signed; other facts say nothing of it.

    An allegation stops no clock, else a party could by announcing.
    """
    begun: dict[PartyId | None, Instant] = {}
    found: list[Suspended] = []
    for fact in sorted((f for f in facts if f.standing == SIGNED), key=lambda f: (f.at, f.what is Happening.SUSPENSION, f.entry)):
        if fact.what is Happening.SUSPENSION:
            begun.setdefault(fact.party, fact.at)
        elif fact.what is Happening.RESUMPTION and fact.party in begun:
            found.append((begun.pop(fact.party), fact.at))
    return _union([*found, *((start, None) for start in begun.values())])


Made = Callable[[Fact], Stretch]
"""Between which instants a fact may have happened."""


def perhaps_suspended(facts: Sequence[Fact], made: Made) -> list[Suspended]:
    """When passage may have stood suspended, whenever within its bounds everything happened: limits are no later than with these."""
    return _union([(made(f).start, _over(f, facts, made, False)) for f in _signed(facts, Happening.SUSPENSION)])


def surely_suspended(facts: Sequence[Fact], made: Made) -> list[Suspended]:
    """When it did, whenever everything happened: limits are no earlier than with these."""
    found = [(made(f).end, _over(f, facts, made, True)) for f in _signed(facts, Happening.SUSPENSION)]
    return _union([(begun, over) for begun, over in found if over is None or over > begun])


def _over(begun: Fact, facts: Sequence[Fact], made: Made, soonest: bool) -> Instant | None:
    """The instant from which it was lifted again: the first that any resumption allows, or the first by which one must have been."""
    ends = [made(f) for f in _signed(facts, Happening.RESUMPTION) if f.party == begun.party]
    if soonest:
        return min((end.start for end in ends if end.end > made(begun).start), default=None)
    return min((end.end for end in ends if end.start > made(begun).end), default=None)


def _signed(facts: Iterable[Fact], what: Happening) -> list[Fact]:
    return [fact for fact in facts if fact.standing == SIGNED and fact.what is what]


def _union(stretches: list[Suspended]) -> list[Suspended]:
    union: list[Suspended] = []
    for start, end in sorted(stretches, key=lambda part: part[0]):
        if union and (union[-1][1] is None or start <= union[-1][1]):
            last, reached = union[-1]
            union[-1] = (last, None if end is None or reached is None else max(reached, end))
        else:
            union.append((start, end))
    return union
