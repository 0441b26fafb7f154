"""The report's first sentences, made from the figures of the view and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safepassage.disclosure.audience import Part
from safepassage.disclosure.views import SideView, VehicleView, View
from safepassage.report.phrases import NOT_SEEN, Words, join, number, people, thousands
from safepassage.values.counts import ANY, NONE, Count, total

NOT_MET = "not met, as recorded"


class Sentence(msgspec.Struct, frozen=True):
    text: str
    strong: bool = False


def lead(view: View, words: Words) -> tuple[Sentence, ...]:
    """What happened, who is not accounted for, who waits, what is not met; in this order."""
    return (
        *_suspended(view),
        *_left(view, words),
        *_unaccounted(view, words),
        *_waiting(view),
        *_lost(view, words),
        *_not_met(view),
        *_claimed(view),
    )


def known(view: View) -> tuple[SideView, ...]:
    """The sides of which anybody was registered: who waits is known of these alone."""
    return tuple(side for side in view.sides if side.registered)


HEADS = (
    ("left", "left", "left"),
    ("on_the_road", "is on the road", "are on the road"),
    ("stopping", "is aboard where the trip ends", "are aboard where the trip ends"),
    ("arrived", "alighted at reception", "alighted at reception"),
    ("handed_over", "was handed over", "were handed over"),
    ("stayed", "chose to stay", "chose to stay"),
)
"""Heads of a side that are counted without a registration, and how one and more of them are said."""


def seen(view: View) -> tuple[SideView, ...]:
    """The sides of which anybody was registered or counted: of the others nothing is known."""
    return tuple(side for side in view.sides if side.registered or side.unaccounted != NONE or _heads(side))


def unlisted(view: View) -> tuple[VehicleView, ...]:
    """Vehicles that are not on the list, with people counted aboard: no side has to be theirs."""
    return tuple(vehicle for vehicle in view.vehicles if not vehicle.side and vehicle.counted and vehicle.aboard != NONE)


def inexact(view: View) -> bool:
    """Whether any figure of a side is a bound, so that the parts need not add up."""
    heads = [count for side in seen(view) for count, _, _ in _heads(side)]
    return any(not count.exact for count in (*heads, *(each for side in seen(view) for each in (side.waiting, side.unaccounted))))


def _heads(side: SideView) -> tuple[tuple[Count, str, str], ...]:
    return tuple((count, one, more) for name, one, more in HEADS if (count := getattr(side, name)) != NONE)


def _suspended(view: View) -> Iterator[Sentence]:
    if view.suspended_by:
        yield Sentence(f"Passage is suspended by {join(view.suspended_by)}.", strong=True)


def _left(view: View, words: Words) -> Iterator[Sentence]:
    sides = known(view)
    if words.hidden(Part.TOTALS):
        yield Sentence("Where people are is not shown to this audience.")
        return
    if not (seen(view) or view.gaps or unlisted(view)):
        yield Sentence(f"Where people are is {NOT_SEEN}.", strong=True)
        return
    if sides:
        left = [f"{side.left} of {side.registered} registered people left {side.name}" for side in sides]
        yield Sentence(f"{join(left)}.")
        yield Sentence(f"{number(sum(side.registered_there for side in sides), 'person is', 'people are')} registered at reception.")
    for side in view.sides:
        if side not in sides:
            yield Sentence(_counted(side) if side in seen(view) else f"{side.name}: {NOT_SEEN}.")
    if unlisted(view):
        aboard = [f"{one.aboard} on {one.vehicle}" for one in unlisted(view)]
        yield Sentence(f"Counted aboard vehicles that are not on the list: {join(aboard)}.")


def _counted(side: SideView) -> str:
    """A side of which nobody was registered: what was counted, and what follows from counts alone."""
    heads = [(_many(count), one if count == Count(1, 1) else more) for count, one, more in _heads(side)]
    counted = [f"{many} {verb}" for many, verb in heads]
    return f"{side.name}: {'; '.join([*counted, 'nobody was registered by wristband, so who waits is not known'])}."


def _many(count: Count) -> str:
    return "people whom nobody counted" if count == ANY else people(count)


def _unaccounted(view: View, words: Words) -> Iterator[Sentence]:
    if not (seen(view) or view.gaps):
        return
    missing = total(gap.missing for gap in view.gaps) if view.gaps else total(side.unaccounted for side in view.sides)
    if missing == NONE:
        yield Sentence("Nobody who boarded is recorded as unaccounted; of roads that nobody watches this says little.")
        return
    if words.hidden(Part.GAPS):
        yield Sentence(f"{_are(missing)} unaccounted.", strong=True)
        return
    where = join([f"{gap.missing} on {gap.vehicle}" for gap in view.gaps])
    said = f" on {view.gaps[0].vehicle}" if len(view.gaps) == 1 else f": {where}" if where else ""
    yield Sentence(f"{_are(missing)} unaccounted{said}, as counted.", strong=True)
    if view.gaps:
        sure = total(gap.in_any_case for gap in view.gaps)
        bounds = f"at least {sure.low}" + ("; at most is not known" if sure.high is None else f" and at most {sure.high}")
        yield Sentence(f"In any case {bounds}, though counts, clocks and wristbands err as published.")


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
    if said and not seen(view):
        yield Sentence(f"Claimed to have left, and established by nothing: {join(said)}.")
    apart = sum(1 for dispute in view.disputes if dispute.relation == "contradict")
    if apart:
        yield Sentence(f"On {number(apart, 'question', 'questions')} the sources contradict each other.")
