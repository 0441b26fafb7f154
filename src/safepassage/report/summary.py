"""The report's first sentences, made from the figures of the view and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safepassage.disclosure.audience import Part
from safepassage.disclosure.views import SideView, View
from safepassage.report.phrases import NOT_SEEN, Words, join, number, people, thousands
from safepassage.values.counts import Count, total

NOT_MET = "not met, as recorded"


class Sentence(msgspec.Struct, frozen=True):
    text: str
    strong: bool = False


def lead(view: View, words: Words) -> tuple[Sentence, ...]:
    """What happened, who is not accounted for, who waits, what is not met; in this order."""
    return (
        *_suspended(view),
        *_left(view),
        *_unaccounted(view, words),
        *_waiting(view),
        *_lost(view, words),
        *_not_met(view),
        *_claimed(view),
    )


def known(view: View) -> tuple[SideView, ...]:
    """The sides of which anybody was registered: of the others nothing is known."""
    return tuple(side for side in view.sides if side.registered)


def _suspended(view: View) -> Iterator[Sentence]:
    if view.suspended_by:
        yield Sentence(f"Passage is suspended by {join(view.suspended_by)}.", strong=True)


def _left(view: View) -> Iterator[Sentence]:
    sides = known(view)
    if not sides:
        yield Sentence(f"Where people are is {NOT_SEEN}.", strong=True)
        return
    left = [f"{side.left} of {side.registered} registered people left {side.name}" for side in sides]
    yield Sentence(f"{join(left)}.")
    yield Sentence(f"{number(sum(side.registered_there for side in sides), 'person is', 'people are')} registered at reception.")


def _unaccounted(view: View, words: Words) -> Iterator[Sentence]:
    sides = known(view)
    if not sides:
        return
    missing = total(side.unaccounted for side in sides)
    if missing == Count(0, 0):
        yield Sentence("Nobody who boarded is recorded as unaccounted; of roads that nobody watches this says little.")
        return
    if words.hidden(Part.GAPS):
        yield Sentence(f"{_are(missing)} unaccounted.", strong=True)
        return
    where = join([f"{gap.missing} on {gap.vehicle}" for gap in view.gaps])
    yield Sentence(f"{_are(missing)} unaccounted: {where}." if where else f"{_are(missing)} unaccounted.", strong=True)


def _are(missing: Count) -> str:
    return f"{people(missing)} {'is' if missing == Count(1, 1) else 'are'}"


def _waiting(view: View) -> Iterator[Sentence]:
    waiting = [side for side in known(view) if side.waiting != Count(0, 0)]
    if waiting:
        said = [f"{side.waiting} in {side.name}{_cold(side)}" for side in waiting]
        yield Sentence(f"Waiting: {join(said)}.")


def _cold(side: SideView) -> str:
    return f" at {str(side.celsius).replace('-', '−')} °C" if side.celsius is not None else ", temperature not known"


def _lost(view: View, words: Words) -> Iterator[Sentence]:
    lost = [vehicle for vehicle in view.vehicles if vehicle.doing == "out of action"]
    if lost:
        places = sorted({words.place(vehicle.place) for vehicle in lost})
        yield Sentence(f"{number(len(lost), 'vehicle is', 'vehicles are')} out of action, last seen at {join(places)}.")


def _not_met(view: View) -> Iterator[Sentence]:
    labels = [clause.label for clause in view.clauses if clause.not_met]
    if not view.clauses:
        return
    of = number(len(view.clauses), "clause", "clauses")
    if labels:
        yield Sentence(f"Of {of}, {number(len(labels), 'is', 'are')} {NOT_MET}: {join(labels)}.")
    else:
        unknown = sum(1 for clause in view.clauses if clause.not_known or clause.verdict == "none")
        yield Sentence(f"Of {of} none is recorded as not met; {unknown} cannot be judged from what was seen.")


def _claimed(view: View) -> Iterator[Sentence]:
    """Where nobody was registered, what is claimed stands in the summary, as claimed."""
    claimed = view.exchange.claimed if view.exchange else ()
    said = [f"{thousands(side.departed)} from {side.name}" for side in claimed if side.departed is not None]
    if said and not known(view):
        yield Sentence(f"Claimed to have left, and established by nothing: {join(said)}.")
    apart = sum(1 for dispute in view.disputes if dispute.relation == "contradict")
    if apart:
        yield Sentence(f"On {number(apart, 'question', 'questions')} the sources contradict each other.")
