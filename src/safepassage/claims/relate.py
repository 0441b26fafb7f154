"""How two claims stand to each other. *Contradicts* is said only when the same quantity of the same thing cannot hold both.

What flows (people leaving, arriving, being killed) only grows: over a longer stretch it is at least what it was over a part of it.
That one sentence settles cumulative figures and those of a period; nothing else may be concluded across times.
"""

from __future__ import annotations

from safepassage.claims.words import Claim, Relation, Topic
from safepassage.observation.desk import Basis, Predicate
from safepassage.values.times import Stretch

Judged = tuple[Relation, str]
_STANDING = frozenset({Predicate.REMAINING, Predicate.STANDING_BY, Predicate.REQUIREMENT, Predicate.ROAD, Predicate.TEMPERATURE})
"""What does not flow: it can be less later."""


def topic_of(claim: Claim) -> Topic:
    said = claim.said
    return Topic(said.predicate, said.who, said.where, said.basis)


def relate(one: Claim, other: Claim) -> Judged:
    """The relation of two claims and the reason, in words. Symmetric, but for who supersedes whom: whoever was heard later."""
    apart = _apart(topic_of(one), topic_of(other))
    if apart:
        return Relation.INCOMPARABLE, apart
    if one.origin == other.origin and (own := _of_one_origin(one, other)) is not None:
        return own
    match one.said.basis:
        case Basis.CUMULATIVE | Basis.PERIOD if one.said.predicate not in _STANDING:
            return _flow(one, other)
        case _:
            return _standing(one, other)


def _apart(one: Topic, other: Topic) -> str:
    """Why two topics are never compared; empty where they are one."""
    if one.predicate is not other.predicate:
        return f"‘{one.predicate.value}’ is not ‘{other.predicate.value}’"
    if one.who != other.who:
        return f"{one.who} are not {other.who}"
    if one.where != other.where:
        return f"of {one.where or 'no named place'}, not of {other.where or 'no named place'}"
    return f"‘{one.basis.value}’ is not ‘{other.basis.value}’" if one.basis is not other.basis else ""


def _of_one_origin(one: Claim, other: Claim) -> Judged | None:
    """What one origin says twice: the same again, or something newer. None: it says two things at once."""
    first, later = sorted((one, other), key=lambda claim: claim.heard_at)
    if one.said.time == other.said.time:
        if one.said.quantity == other.said.quantity:
            return Relation.SAME, f"both are of {one.origin}"
        if first.heard_at < later.heard_at:
            return Relation.SUPERSEDES, f"{later.origin} said {later.said.quantity} later"
        return (Relation.SAME, f"both are of {one.origin}") if _meet(one, other) else None
    if one.said.basis is Basis.CUMULATIVE and first.said.time.end < later.said.time.end:
        return Relation.SUPERSEDES, f"{later.origin} gives {later.said.quantity} up to a later time"
    return None


def _flow(one: Claim, other: Claim) -> Judged:
    if one.said.time == other.said.time:
        return _same_quantity(one, other)
    part, whole = (one, other) if _within(one.said.time, other.said.time) else (other, one)
    if not _within(part.said.time, whole.said.time):
        return Relation.INCOMPARABLE, "of another time"
    if whole.said.quantity.high is not None and whole.said.quantity.high < part.said.quantity.low:
        return Relation.CONTRADICTS, f"{part.said.quantity} in a part of the time, and only {whole.said.quantity} in the whole of it"
    return Relation.INCOMPARABLE, "of another time: both can hold"


def _standing(one: Claim, other: Claim) -> Judged:
    """One convoy, or a stock: the same thing only where the stretches overlap; a convoy is named by its stretch."""
    if one.said.time.overlap(other.said.time) is None:
        return Relation.INCOMPARABLE, "of another time"
    return _same_quantity(one, other)


def _same_quantity(one: Claim, other: Claim) -> Judged:
    if _meet(one, other):
        return Relation.SUPPORTS, f"{one.said.quantity} and {other.said.quantity} can both hold"
    return Relation.CONTRADICTS, f"{one.said.quantity}, not {other.said.quantity}"


def _meet(one: Claim, other: Claim) -> bool:
    return one.said.quantity.meet(other.said.quantity) is not None


def _within(part: Stretch, whole: Stretch) -> bool:
    return whole.start <= part.start and part.end <= whole.end
