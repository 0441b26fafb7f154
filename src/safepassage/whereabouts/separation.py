"""The separation alarm: men and youth who are no longer counted on a bus, against what chance and miscounting would do.

Two published thresholds, the same for both sides: the hypergeometric tail at most 1 in 20, and at least three fewer men and
youth (docs/explanation/separation-alarm.md). It names a run and bounds, never a person, and goes to people, not to a verdict.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

from safepassage.values.counts import Tally
from safepassage.whereabouts.cards import card_of
from safepassage.whereabouts.words import Alarm, Gap, Station

CHANCE = Fraction(1, 20)
DROP = 3


def chance_of(heads: int, watched: int, lost: int, watched_lost: int) -> Fraction:
    """P(at least `watched_lost` of the `watched` are among `lost` drawn blindly from `heads`): the hypergeometric tail."""
    ways = sum(comb(watched, k) * comb(heads - watched, lost - k) for k in range(watched_lost, min(watched, lost) + 1))
    return Fraction(ways, comb(heads, lost))


def miscount_of(watched: int, watched_lost: int, rate: Fraction) -> Fraction:
    """P(at least `watched_lost` of `watched` are overlooked), each with probability `rate`, independently: the binomial tail."""
    return sum((comb(watched, k) * rate**k * (1 - rate) ** (watched - k) for k in range(watched_lost, watched + 1)), Fraction(0))


def judge(before: Station, after: Station, gap: Gap, miscount_per_mille: int) -> Alarm | None:
    """The alarm of a leg between two whole tallies with fewer men and youth after than before; None where there is nothing to judge."""
    first, second = before.tally, after.tally
    if first is None or second is None or not (first.whole and second.whole):
        return None
    drop = _watched(first) - _watched(second)
    lost = first.total - second.total
    if drop <= 0 or lost <= 0:
        return None
    chance = chance_of(first.total, _watched(first), lost, min(drop, lost))
    miscount = miscount_of(_watched(first), drop, Fraction(miscount_per_mille, 1000))
    return Alarm(
        vehicle=gap.vehicle,
        start=before.place,
        end=after.place,
        before=first,
        after=second,
        heads_before=first.total,
        heads_after=second.total,
        drop=drop,
        one_in=int(1 / chance),
        miscount_one_in=int(1 / miscount) if miscount else 0,
        raised=chance <= CHANCE and drop >= DROP,
        card=card_of(after.entries[0]),
        at=after.at,
        entries=(*before.entries, *after.entries),
    )


def _watched(tally: Tally) -> int:
    return (tally.men or 0) + (tally.youth or 0)
