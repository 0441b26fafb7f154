"""What was understood of a clause, in other words than its own, for a mediator to confirm before anybody signs."""

from __future__ import annotations

from typing import assert_never

from safepassage.agreement import clause as c
from safepassage.agreement.render import phrase, render_limit
from safepassage.agreement.vocabulary import BY_WORDS, Counts


def understood(clause: c.Clause) -> str:
    """One paragraph: what opens it, what is owed by when, where the ends of a stretch belong, who is to decide."""
    stops = " While passage is suspended, the clock stands still; only a signed suspension stops it." if clause.clock_stops else ""
    return f"we understood: {_other_words(clause.shape, clause.zone)}{stops}{_sources(clause.sources)}{_PROOF if clause.by_proof else ''}"


_PROOF = (
    " When something happened counts only as far as it is proved: after the tree head that its entry quotes, and before a cosigner vouched "
    "for it. Where those bounds straddle a limit, it is not known; watches count as they are signed."
)


def _sources(number: int) -> str:
    if number == 1:
        return ""
    return (
        f" What is seen, watches and posts too, is established here only once {number} independent sources signed it: whoever saw it and "
        "whoever confirms it, each another person, with another device, and no two of one side. Until then it is alleged."
    )


def _other_words(shape: c.Shape, zone: str) -> str:
    match shape:
        case c.Duty(each, act, within, unless):
            less = f" It is also met if {_all(unless)}." if unless else ""
            return f"each {phrase(each)} opens a duty of its own: {phrase(act)}, {_until(within, zone)}.{less}"
        case c.Pairing(each, act, within):
            first = "first come, first served: each bus answers one bus, the earliest that nobody has answered"
            return f"each {phrase(each)} is owed one that answers it alone ({phrase(act)}), {_until(within, zone)}; {first}."
        case c.Before(each, past, at_most):
            since = f"at most {render_limit(at_most)} earlier" if at_most else "at any time since the agreement opened"
            return f"for each {phrase(each)}: {phrase(past)}, at the same instant or {since}."
        case c.Hours(each, start, end):
            night = ", over midnight" if start > end else ""
            return f"each {phrase(each)}: from {start}:00 to {end}:00 in {zone}, both included{night}; at any other hour it is not met."
        case c.Ban(what, spot):
            less = f" At {spot.name} it is no breach; where the place is not recorded, it is not known." if spot else ""
            return f"`{phrase(what)}`: one that is established is enough; without one, it is kept so far, as far as somebody watched.{less}"
        case c.Permission(what):
            return f"`{phrase(what)}` is allowed: each use is counted, and nothing about it is met or unmet."
        case c.Presence(enters, leaves, present, gap):
            between = f"between when {phrase(enters)} and when {phrase(leaves)}"
            most = render_limit(gap)
            return f"{between}, no stretch longer than {most} without a record that {phrase(present)}; exactly that is allowed."
        case c.Cycle(act, first, after, then):
            counted = f"then {_until(then, zone)}, counted from each report made, not from a fixed calendar"
            return f"{phrase(act)}, {_until(first, zone)}, counted from {phrase(after)}; {counted}."
        case c.Balance(one, other, limit):
            sums = f"{phrase(one)} less {phrase(other)}"
            return f"{sums} stays between -{limit:,} and {limit:,}, judged after all that happened at one instant."
        case c.Milestone(once, reached, then, amount, within, in_all):
            since = "since the agreement opened" if in_all else "from that instant on"
            start = f"at the instant at which {reached:,} {phrase(once)}, counted from the opening, a duty opens"
            return f"{start}: {amount:,} {_unit(then)}{phrase(then)}, counted {since}, {_until(within, zone)}."
        case c.Ceiling(what, limit, True):
            return f"on each calendar day in {zone}, from 00:00:00 to 23:59:59, at most {limit:,} {_unit(what)}{phrase(what)}."
        case c.Ceiling(what, limit, _):
            return f"counted from the opening, at most {limit:,} {phrase(what)}, judged after all that happened at one instant."
        case _:
            assert_never(shape)


def _unit(atom: c.Atom) -> str:
    """`depart from Aleppo` says by itself that persons are meant; here it is said."""
    return "persons " if BY_WORDS[atom.words].counts is Counts.PERSONS else ""


def _all(atoms: tuple[c.Atom, ...]) -> str:
    return f"both are so: {' and '.join(map(phrase, atoms))}" if len(atoms) > 1 else phrase(atoms[0])


def _until(limit: c.Limit, zone: str) -> str:
    match limit:
        case c.Elapsed():
            return f"from that instant to exactly {render_limit(limit)} later, both included"
        case c.Calendar(days):
            return f"until 23:59:59 of day {days} after, in {zone}"
        case c.Open(words):
            return f"[{words}]: nobody has said by when, so it is never kept and never breached"
