"""What the agreement asks of a plan, as values: which running sums must stay in which band, at which hours vehicles may depart.

Clauses that a plan cannot break by its choices (a ban, a report) ask nothing of it; those that it could break and that no band
and no hour says are named with the reason, so that nobody believes them planned for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from safepassage.agreement import clause as c
from safepassage.agreement.linked import Kind, Link, Quantity, links
from safepassage.agreement.reader import row_of
from safepassage.agreement.vocabulary import Happening
from safepassage.values.counts import Count
from safepassage.values.ids import ClauseLabel, PlaceId, SideId


class Window(msgspec.Struct, frozen=True):
    """Vehicles depart these places between two clock times of the agreement's zone, both included; over midnight if `start` is later."""

    label: ClauseLabel
    places: frozenset[PlaceId]
    start: str
    end: str
    zone: str


class Beyond(msgspec.Struct, frozen=True):
    """A clause that a plan could break and that is not handed over, and why."""

    label: ClauseLabel
    why: str


class Asked(msgspec.Struct, frozen=True):
    """`links`: those that a band can say, all of persons."""

    links: tuple[Link, ...]
    windows: tuple[Window, ...]
    beyond: tuple[Beyond, ...]


class Leaving(msgspec.Struct, frozen=True):
    """A side as a plan sees it: from where its people depart, how many have as signed, how many wait."""

    side: SideId
    starts: frozenset[PlaceId]
    left: Count
    waiting: int


class Band(msgspec.Struct, frozen=True):
    """low <= start + wp x persons(plus) - wm x persons(minus) <= high, after all that passes at one instant."""

    label: ClauseLabel
    plus: SideId
    minus: SideId
    wp: int
    wm: int
    low: int
    high: int
    start: int


_OTHERWISE = {
    Kind.A_DAY: "a number for each day: plans count people from the start, not by days",
    Kind.THEN: "who is owed by when: plans know one last minute for everybody, none for a part",
}


def asked(agreement: c.Agreement) -> Asked:
    """All of an agreement that binds a plan."""
    held = links(agreement)
    planned = tuple(link for link in held if _of_persons(link) and link.kind not in _OTHERWISE)
    beyond = [Beyond(link.label, _OTHERWISE.get(link.kind, "it counts buses or detainees, plans count persons")) for link in held]
    named = {link.label for link in planned}
    others = [each for each in beyond if each.label not in named]
    windows = tuple(_windows(agreement))
    return Asked(planned, windows, (*others, *_untimed(agreement)))


def _of_persons(link: Link) -> bool:
    return all(one is None or one.what is Happening.DEPARTURE for one in (link.one, link.other))


def _windows(agreement: c.Agreement) -> Iterator[Window]:
    for clause in agreement.clauses:
        if isinstance(shape := clause.shape, c.Hours) and row_of(shape.each).means is Happening.BUS_DEPARTURE:
            yield Window(clause.label, shape.each.places, shape.start, shape.end, clause.zone)


def _untimed(agreement: c.Agreement) -> Iterator[Beyond]:
    for clause in agreement.clauses:
        if isinstance(clause.shape, c.Pairing):
            yield Beyond(clause.label, "bus for bus: plans balance persons, not which bus answers which")


def bands(held: Sequence[Link], sides: Sequence[Leaving]) -> tuple[Band, ...]:
    """The links as bands between sides; what counts places from which only a part of a side departs binds no side as a whole.

    A plan that stays in them breaks no clause whatever of the counts so far is so: where those are not exact, a band is narrower.
    """
    found = []
    for link in held:
        one, other = _side(link.one, sides), _side(link.other, sides)
        if one is None or (link.other is not None and other is None):
            continue
        rest = other or next((side for side in sides if side.side != one.side), None)
        if rest is not None:
            found.append(_band(link, one, rest))
    return tuple(found)


def unbound(held: Sequence[Link], sides: Sequence[Leaving]) -> tuple[ClauseLabel, ...]:
    """The links that no band says for these sides."""
    said = {band.label for band in bands(held, sides)}
    return tuple(link.label for link in held if link.label not in said)


def _side(one: Quantity | None, sides: Sequence[Leaving]) -> Leaving | None:
    """The side whose departures this quantity counts, all of them and no others."""
    mine = [side for side in sides if one is not None and side.starts & one.places]
    return mine[0] if len(mine) == 1 and one is not None and mine[0].starts <= one.places else None


def _band(link: Link, one: Leaving, rest: Leaving) -> Band:
    """A link's band. LAST: while anybody of the other side waits, one of this side does too; exact, since persons are whole."""
    most = one.left.low + one.waiting
    match link.kind:
        case Kind.APART:
            low, high, wp, wm = -link.limit + _unsure(rest.left), link.limit - _unsure(one.left), 1, 1
        case Kind.LAST:
            wp, wm = max(1, rest.waiting), 1
            low, high = -(rest.left.low + rest.waiting), wp * most - (rest.left.low + rest.waiting)
        case _:
            low, high, wp, wm = 0, link.limit - _unsure(one.left), 1, 0
    start = wp * one.left.low - wm * rest.left.low
    return Band(link.label, one.side, rest.side, wp, wm, min(low, start), max(high, start), start)


def _unsure(left: Count) -> int:
    """How many more than the least may have left; one that nobody counted is for the desk to settle, no plan can wait for it."""
    return 0 if left.high is None else left.high - left.low
