"""A proposal in five lines: why, what changes for whom, what is kept, what it costs, and what it costs to decline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from safepassage.planner.learnt import Learnt
from safepassage.planner.moments import between, clock
from safepassage.planner.plan import UNITS, Plan
from safepassage.planner.problem import Problem, Side
from safepassage.planner.replan import Proposal
from safepassage.planner.stranded import stranded
from safepassage.planner.whom import Shift, all_told
from safepassage.planner.written import ConvoyRow, written
from safepassage.values.ids import SideId

_STAY = {"let out": "not let out", "parity": "the other side's fewer persons leave no room in the band"}


_STOPS = {
    "suspended": "while passage is suspended",
    "gate": "before a gate that is shut, or not watched, when it comes",
    "unwatched": "to where nobody watches who is received",
    "lost": "in vehicles that are lost",
}


def five_lines(adopted: Plan, proposal: Proposal, learnt: Learnt) -> tuple[str, ...]:
    """The same order always: why, who moves, what is kept, what it costs, what declining costs."""
    return (
        f"Why: {'; '.join([*because(learnt), *_on_the_road(proposal, learnt)]) or 'nothing happened'}.",
        f"Who moves: {'; '.join(_sides(proposal)) or 'nobody'}.",
        f"Kept: {_kept(proposal)}.",
        f"Cost: {_cost(adopted, proposal)}.",
        f"If declined: {_declined(proposal, learnt)}.",
    )


def because(learnt: Learnt) -> Iterator[str]:
    """What was learnt, piece by piece, in words."""
    if learnt.lost:
        yield f"lost {clock(learnt.minute)}: {_names(learnt.lost)}"
    if learnt.joined:
        yield f"new: {_names(tuple(vehicle.id for vehicle in learnt.joined))}"
    for vehicle, minute in learnt.ready:
        yield f"{vehicle} can load only from {clock(minute)} on"
    for begin, end in learnt.suspended:
        yield f"passage is suspended {between(begin, end)}"
    if learnt.resumed:
        yield f"passage is resumed {clock(learnt.minute)}"
    for post in learnt.unobserved:
        nobody = "nobody boards there" if post.route is None else "nobody is received there"
        yield f"{post.post} is not watched {between(post.begin, post.end)}: {nobody}"
    for said, stretches in (("is closed", learnt.closed), ("is open", learnt.opened), ("is not watched", learnt.unwatched)):
        yield from (f"{place} {said} {between(begin, end)}" for place, begin, end in stretches)
    yield from (f"{side} lets out {most:,} more persons at most" for side, most in learnt.let_out)
    for each in learnt.returned:
        yield f"turned back: {each.route} that left {clock(each.departure)}, its people are back {clock(each.back)}"
    yield from (f"{each.side} counted again: {sum(each.people) + each.wounded:,} wait" for each in learnt.recounted)


def _on_the_road(proposal: Proposal, learnt: Learnt) -> Iterator[str]:
    """Who is aboard what has departed and cannot go on as it was to."""
    for each in stranded(proposal.problem, learnt):
        aboard = f"up to {each.persons:,}" if each.why == "lost" else f"{each.persons:,}"
        yield f"on the road: {each.route} that left {clock(each.departure)}, {aboard} persons aboard, {_STOPS[each.why]}"


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"


def _sides(proposal: Proposal) -> Iterator[str]:
    for side in proposal.problem.sides:
        said = [*_shifts(proposal, side.id), *(f"{s.persons:,} stay: {_STAY[s.why]}" for s in proposal.stays if s.side == side.id)]
        if said:
            yield f"{side.id}: {', '.join(said)}"


def _shifts(proposal: Proposal, side: SideId) -> Iterator[str]:
    own = [shift for shift in proposal.difference.shifts if shift.side == side]
    for word, moved in (
        ("later", [shift for shift in own if shift.minutes > 0]),
        ("earlier", [shift for shift in own if shift.minutes < 0]),
        ("by another gate", [shift for shift in own if shift.minutes == 0]),
    ):
        people, by = sum(shift.people for shift in moved), sorted({abs(shift.minutes) for shift in moved})
        if people:
            most = "" if not by[-1] else f", by {by[0]} to {by[-1]} minutes" if by[0] < by[-1] else f", by {by[0]} minutes"
            yield f"{people:,} persons {word}{most} ({_who(proposal, moved)})"


def _who(proposal: Proposal, moved: Sequence[Shift]) -> str:
    """By class, the wounded and whole families."""
    names = [each.id for each in proposal.problem.classes]
    numbers = [sum(shift.classes[k] for shift in moved) for k in range(len(names))]
    said = [f"{number:,} {name}" for name, number in zip(names, numbers, strict=True) if number]
    wounded, families = sum(shift.wounded for shift in moved), len({name for shift in moved for name in shift.families})
    said += [f"{wounded:,} wounded"] if wounded else []
    return ", ".join(said) + (f"; {families:,} whole families" if families else "")


def _kept(proposal: Proposal) -> str:
    """People who leave as they were told, of those who were; and, where not all seats are kept, how many could be at most."""
    difference, announced = proposal.difference, sum(convoy.persons for convoy in proposal.problem.announced)
    extra = difference.extra_convoys
    convoys = f"{abs(extra)} convoys {'more' if extra > 0 else 'fewer'}" if extra else "as many convoys"
    who = f" ({_who_of(proposal)})" if difference.kept else ""
    kept = f"{difference.kept:,} of {announced:,} who were told a gate and a minute leave so{who}"
    seats = f"{difference.places:,} of {announced:,} seats" + (
        f", no plan more than {proposal.most:,}" if difference.places < announced else ""
    )
    return f"{kept}; {seats}; {convoys}"


def _who_of(proposal: Proposal) -> str:
    """Of each class, of the wounded and of families: how many of those who were told keep theirs."""
    before = [all_told(proposal.problem, side, proposal.gone) for side in proposal.problem.sides]
    stay, names = proposal.difference.stayed, [each.id for each in proposal.problem.classes]
    rows = [(sum(s.classes[k] for s in stay), sum(each.classes[k] for each in before), name) for k, name in enumerate(names)]
    rows.append((sum(shift.wounded for shift in stay), sum(each.wounded for each in before), "wounded"))
    rows.append((sum(len(shift.families) for shift in stay), sum(each.families for each in before), "families"))
    return ", ".join(f"{kept:,} of {of:,} {name}" for kept, of, name in rows if of)


def _cost(adopted: Plan, proposal: Proposal) -> str:
    plan, told = proposal.plan, proposal.difference
    more = plan.value - adopted.value
    worth = f"{abs(more):,} {UNITS[plan.objective]} {'more' if more >= 0 else 'fewer'} than the adopted plan's {adopted.value:,}"
    best = f"nothing can be before {clock(told.proved_not_before)}"
    ends = f"the last convoy is through {clock(told.completion)} (was {clock(adopted.completion)}; {best})"
    apart = ["whoever stays is in no sum"] if proposal.stays else []
    apart += [f"{edge.plus} and {edge.minus} are furthest apart, {abs(edge.difference):,}, {clock(edge.minute)}" for edge in told.edges]
    return "; ".join([worth, ends, *apart])


def _declined(proposal: Proposal, learnt: Learnt) -> str:
    declined, announced = proposal.difference.declined, len(proposal.problem.announced)
    if not declined.convoys and (left := [words for words, some in _without_place(learnt) if some]):
        return f"every announced convoy can still go, but nothing in it provides for {' or '.join(left)}"
    if not declined.convoys:
        return "nothing breaks that was announced: every convoy to come can still go as people were told"
    soonest, rest = min(minute for _, minute in declined.convoys), announced - len(declined.convoys)
    others = "no other convoy is announced" if rest == 0 else f"the other {rest} can, the first {clock(declined.next_departure or 0)}"
    return (
        f"{declined.people:,} persons of {len(declined.convoys)} announced convoys can no longer leave as they were told, "
        f"the first {clock(soonest)}; {others}"
    )


def _without_place(learnt: Learnt) -> tuple[tuple[str, bool], ...]:
    """Whom the announced convoys know nothing of, or count with though they may not leave."""
    return (
        ("whoever is not let out", bool(learnt.let_out)),
        ("whoever was not counted before", bool(learnt.recounted)),
        ("whoever was turned back", bool(learnt.returned)),
    )


def told_before(problem: Problem, convoy: ConvoyRow) -> str:
    """What a convoy to come is to those who were told of the announced ones."""
    told = [each for each in problem.announced if (each.route, each.departure) == (convoy.route, convoy.departure)]
    persons, before = convoy.people + convoy.wounded, sum(each.persons for each in told)
    if not told:
        return "new"
    return "as many as announced" if persons == before else f"at the announced minute, {before:,} persons were told of it"


def row(proposal: Proposal, learnt: Learnt) -> dict[str, object]:
    """A proposal as it is published: the plan's own fields, and what it changes (docs/formats/instance.md)."""
    change = proposal.difference
    return {
        **msgspec.to_builtins(written(proposal.problem, proposal.plan)),
        "repair": proposal.repair,
        "announced": sum(convoy.persons for convoy in proposal.problem.announced),
        "kept": change.kept,
        "kept_seats": change.places,
        "keepable_seats": proposal.most,
        "told": [_told(proposal, side) for side in proposal.problem.sides],
        "shifts": [{**msgspec.to_builtins(shift), "minutes": shift.minutes} for shift in change.shifts],
        "on_the_road": [msgspec.to_builtins(each) for each in stranded(proposal.problem, learnt)],
        "stays": [{"side": stay.side, "persons": stay.persons, "why": stay.why} for stay in proposal.stays],
        "declined": msgspec.to_builtins(change.declined),
    }


def _told(proposal: Proposal, side: Side) -> dict[str, object]:
    """How many of a side were told something, and how many of them leave so: by class, the wounded, whole families."""
    before, stay = all_told(proposal.problem, side, proposal.gone), [each for each in proposal.difference.stayed if each.side == side.id]
    return {
        "side": side.id,
        "classes": before.classes,
        "wounded": before.wounded,
        "families": before.families,
        "kept_classes": [sum(shift.classes[k] for shift in stay) for k in range(len(before.classes))],
        "kept_wounded": sum(shift.wounded for shift in stay),
        "kept_families": sum(len(shift.families) for shift in stay),
    }
