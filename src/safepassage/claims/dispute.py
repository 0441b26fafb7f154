"""A dispute: every claim of one question beside the others and beside our bound. It never names a winner."""

from __future__ import annotations

from collections.abc import Sequence

from safepassage.claims.bounds import OurBounds
from safepassage.claims.relate import relate, topic_of
from safepassage.claims.words import Accord, Claim, Dispute, Pair, Question, Relation, Voice, hull
from safepassage.values.counts import Count
from safepassage.values.ids import EntryId


def dispute_of(question: Question, claims: Sequence[Claim], of_topic: Sequence[Claim], bounds: OurBounds) -> Dispute:
    """All that can be said of one question. `of_topic`: the claims of other times too, since these can contradict as well."""
    ordered = sorted(claims, key=_heard)
    pairs = [_pair(one, other) for place, one in enumerate(ordered) for other in ordered[place + 1 :]]
    pairs += _across(ordered, of_topic)
    ours, said = bounds.beside(question)
    copies = _copies(ordered, pairs)
    return Dispute(
        question=question,
        accord=_accord(ordered, pairs),
        voices=tuple(Voice(claim, copies.get(claim.entry), beside_ours(claim.said.quantity, ours)) for claim in ordered),
        pairs=tuple(pairs),
        hull=hull(claim.said.quantity for claim in ordered),
        origins=len({claim.origin for claim in ordered}),
        ours=ours,
        ours_said=said,
    )


def beside_ours(claimed: Count, ours: Count | None) -> str:
    """How a figure stands to our bound, in words."""
    if ours is None:
        return "ours is not known"
    if claimed.meet(ours) is not None:
        return "can hold with ours"
    above = ours.high is not None and claimed.low > ours.high
    distance = claimed.low - (ours.high or 0) if above else ours.low - (claimed.high or 0)
    least = "" if claimed.exact and ours.exact else "at least "
    return f"{least}{distance} {'above' if above else 'below'} ours"


def _heard(claim: Claim) -> tuple[int, EntryId]:
    return claim.heard_at, claim.entry


def _pair(one: Claim, other: Claim) -> Pair:
    return Pair(one.entry, other.entry, *relate(one, other))


def _across(ordered: list[Claim], of_topic: Sequence[Claim]) -> list[Pair]:
    """Contradictions with figures of other times: a later one in all that is smaller than an earlier one."""
    own = {claim.entry for claim in ordered}
    strangers = sorted((claim for claim in of_topic if claim.entry not in own and topic_of(claim) == topic_of(ordered[0])), key=_heard)
    pairs = [_pair(*sorted((claim, other), key=_heard)) for claim in ordered for other in strangers]
    return [pair for pair in pairs if pair.relation is Relation.CONTRADICTS]


def _copies(ordered: list[Claim], pairs: list[Pair]) -> dict[EntryId, EntryId]:
    """Each later copy, with the first claim that it repeats. Another wording of the same origin is no copy."""
    quantity = {claim.entry: claim.said.quantity for claim in ordered}
    found: dict[EntryId, EntryId] = {}
    for pair in pairs:
        if pair.relation is Relation.SAME and quantity[pair.one] == quantity[pair.other]:
            found.setdefault(pair.other, pair.one)
    return found


def _accord(ordered: list[Claim], pairs: list[Pair]) -> Accord:
    """What origins have replaced themselves is shown and no longer counts as said."""
    replaced = {pair.one for pair in pairs if pair.relation is Relation.SUPERSEDES}
    standing = [pair for pair in pairs if not {pair.one, pair.other} & replaced]
    if any(pair.relation is Relation.CONTRADICTS for pair in standing):
        return Accord.CONTRADICT
    if len({claim.origin for claim in ordered if claim.entry not in replaced}) < 2:
        return Accord.ALONE
    return Accord.DIFFER if any(pair.relation is Relation.INCOMPARABLE for pair in standing) else Accord.AGREE
