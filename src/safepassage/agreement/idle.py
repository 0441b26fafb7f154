"""Sentences that are well formed and ask for nothing: whatever happens they are met, or whatever anybody does they are not."""

from __future__ import annotations

from safepassage.agreement import clause as c
from safepassage.agreement.vocabulary import BY_WORDS


def idle(shape: c.Shape) -> tuple[str, str] | None:
    """Why nothing hangs on a sentence, and what to ask; None where something does."""
    match shape:
        case c.Balance(one, other) if _same(one, other):
            return "a sum never differs from itself", "Which other side or place is to be balanced against it?"
        case c.Pairing(each, act) if act.places <= each.places:
            reason = f"each bus that answers departs {act.place} and is owed an answer itself, so the last one never has any"
            return reason, "From which other place are the buses to come that answer?"
        case c.Hours(_, start, end) if start == end:
            return f"from {start} to {end} no time passes", "Until which hour is it allowed?"
        case c.Milestone(reached=0):
            return "0 are reached before anything happens", "How many must there be before it is owed?"
        case c.Milestone(amount=0):
            return "0 are owed, and that many there always are", "How many are owed?"
        case c.Milestone(once, reached, then, amount, _, True) if _same(once, then) and amount <= reached:
            reason = f"once {reached:,} are reached, {amount:,} of the same in all always are"
            return reason, "How many are owed in all, or from which other place or side?"
        case _:
            return None


def _same(one: c.Atom, other: c.Atom) -> bool:
    """Whether two sums add up the same, however their places are called."""
    return (BY_WORDS[one.words].means, one.places, one.party) == (BY_WORDS[other.words].means, other.places, other.party)
