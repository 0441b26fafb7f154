"""The parts of a view that come from the agreement, the claims, aid and the plans."""

from __future__ import annotations

from datetime import date, timedelta

from safepassage.agreement.explain import RULES
from safepassage.agreement.verdict import ClauseVerdict, InstanceVerdict, Verdict, beside, shown
from safepassage.claims import Dispute, Voice
from safepassage.disclosure.audience import Audience
from safepassage.disclosure.movement import refs, words
from safepassage.disclosure.planned import GateView, NotPlannedView
from safepassage.disclosure.views import (
    AidView,
    ClaimedSide,
    ClaimedTerm,
    ClaimView,
    ClauseView,
    DisputeView,
    DriftView,
    ExchangeSide,
    ExchangeView,
    InstanceView,
    PlanView,
    TripView,
)
from safepassage.picture import Picture
from safepassage.picture.decided import PlanNow
from safepassage.picture.following import fallen
from safepassage.values.counts import NONE, Count
from safepassage.values.ids import PartyId, SideId
from safepassage.values.places import Gate
from safepassage.values.times import HOUR, Stretch, at, local
from safepassage.values.trips import NotPlanned, Obstacle, PlannedTrip, handled

STANDINGS = ("none", "alleged", "established")
TOLD_WHY = (Audience.OPERATIONS, Audience.GUARANTOR)
"""To whom reasons are given: they name vehicles and wristbands, which the parties are not shown."""
MOST_INSTANCES = 40
MOST_CITED = 12
"""A running sum rests on every departure: of each instance the last are listed, and how many there are in all."""
SOON = 2 * HOUR
"""A limit nearer than this needs somebody's eye."""


def clauses(picture: Picture, audience: Audience) -> tuple[ClauseView, ...]:
    """Worst first: what needs a person, then what is near its limit, then the rest as the text has it."""
    views = [_clause(picture, verdict, audience) for verdict in picture.verdicts()]
    order = {"act": 0, "soon": 1, "plain": 2}
    return tuple(sorted(views, key=lambda view: (order[view.tone], view.until or 2**62)))


def _clause(picture: Picture, clause: ClauseVerdict, audience: Audience) -> ClauseView:
    pending = [i.until for i in clause.instances if i.verdict is Verdict.PENDING and i.until is not None]
    until = min(pending, default=None)
    alleged = any(instance.said in ("breached", "both") for instance in clause.instances)
    near = until is not None and until - picture.now <= SOON
    tone = "act" if clause.worst is Verdict.BREACHED else "soon" if alleged or near else "plain"
    worst_first = sorted(clause.instances, key=lambda i: (_RANK[i.verdict], i.at))[:MOST_INSTANCES]
    told = picture.reasons(clause.label, worst_first) if audience in TOLD_WHY else []
    counts = clause.counts
    return ClauseView(
        label=clause.label,
        title=clause.title,
        sentence=clause.sentence,
        owed_by=_party(picture, clause.owed_by),
        source=clause.source,
        verdict=clause.worst.value if clause.worst else "none",
        shown=_shown(clause, alleged),
        tone=tone,
        until=until,
        why=_why(clause, told) if audience in TOLD_WHY else "",
        watched=clause.coverage,
        kept=counts.kept,
        not_met=counts.breached,
        pending=counts.pending,
        not_known=counts.unknown,
        instances=tuple(_instance(picture, i) for i in told),
    )


_RANK = {Verdict.BREACHED: 0, Verdict.UNKNOWN: 1, Verdict.PENDING: 2, Verdict.KEPT: 3}


def _shown(clause: ClauseVerdict, alleged: bool) -> str:
    if clause.worst is None:
        return "nothing to judge yet"
    said = shown(clause.worst)
    return f"{said}, alleged" if alleged and clause.worst is not Verdict.BREACHED else said


def _why(clause: ClauseVerdict, worst_first: list[InstanceVerdict]) -> str:
    remarks = "; ".join(clause.remarks)
    first = worst_first[0].why if worst_first else ""
    return "; ".join(part for part in (first, remarks) if part)


def _instance(picture: Picture, instance: InstanceVerdict) -> InstanceView:
    opener = () if instance.opened_by is None else (instance.opened_by,)
    listed = refs(picture, (*opener, *instance.entries[-MOST_CITED:]))
    return InstanceView(
        instance.at, instance.key, shown(instance.verdict), instance.until, instance.why,
        STANDINGS[instance.for_], STANDINGS[instance.against], beside(instance), RULES[instance.verdict],
        len(set(instance.entries)), listed,
    )  # fmt: skip


def _party(picture: Picture, party: PartyId | None) -> str:
    return next((each.name for each in picture.world.parties if each.id == party), party or "")


def plans(picture: Picture) -> tuple[PlanView, ...]:
    """Newest first."""
    return tuple(_plan(picture, plan) for plan in reversed(picture.plans().values()))


def _plan(picture: Picture, plan: PlanNow) -> PlanView:
    proposed, outlook = plan.proposed, plan.proposed.outlook
    (entry,) = refs(picture, [plan.entry])
    cause = picture.entry(proposed.entry) if proposed.entry and picture.knows(proposed.entry) else None  # it may still be on its way
    gap = 0 if outlook.value <= 0 else max(0, 1000 * (outlook.value - outlook.bound) // outlook.value)
    return PlanView(
        plan=proposed.plan,
        at=plan.at,
        entry=entry,
        standing="lapsed" if plan.lapsed(picture.now) else plan.standing.value,
        because=refs(picture, [cause.id])[0] if cause else None,
        because_said=words(picture, cause) if cause else "",
        trips=tuple(_trip(picture, trip) for trip in proposed.trips),
        value=outlook.value,
        bound=outlook.bound,
        gap_per_mille=gap,
        ends=outlook.ends,
        not_before=outlook.not_before,
        largest_difference=outlook.largest_difference,
        largest_at=outlook.largest_at,
        earlier=outlook.earlier,
        later=outlook.later,
        decide_by=outlook.decide_by,
        decided_by=plan.decided_by,
        decided_at=plan.decided_at,
        reason=plan.reason.value if plan.reason else None,
        not_planned=tuple(_not_planned(picture, one) for one in proposed.not_planned),
    )


_REMEDIES = {
    Obstacle.BUS: "bring a bigger bus, or let the family agree to travel as two",
    Obstacle.AMBULANCE: "bring one that does, or let a family agree to travel as two",
    Obstacle.STRETCHERS: "bring one that does: whoever must lie goes by no other",
    Obstacle.SHUT_IN: "ask whoever closed their road to open it; a new plan follows",
    Obstacle.BAND: "agree on a wider band, or on more who leave the other side",
}


def _not_planned(picture: Picture, one: NotPlanned) -> NotPlannedView:
    name = next((side.name for side in picture.world.sides if side.id == one.side), one.side)
    said = f"{one.why.value}: the biggest holds {one.most}" if one.most else one.why.value
    return NotPlannedView(one.side, name, one.group, one.persons, said, _REMEDIES[one.why])


def _trip(picture: Picture, trip: PlannedTrip) -> TripView:
    planning = picture.world.planning
    gate, begins = (planning and handled(planning, trip)) or (None, None)
    at = gate.place if gate else None
    return TripView(trip.start, trip.end, trip.departs, trip.passes, trip.vehicles, trip.persons, trip.waits, at, begins)


def gates(picture: Picture) -> tuple[GateView, ...]:
    """By the clock times that the world states, over as many days as are planned."""
    planning, zone = picture.world.planning, picture.world.zone
    if planning is None:
        return ()
    days = [local(picture.now, zone).date() + timedelta(days=n) for n in range(-1, planning.hours // 24 + 2)]
    return tuple(GateView(gate.place, tuple(_open(gate, day, zone) for day in days)) for gate in planning.gates)


def _open(gate: Gate, day: date, zone: str) -> Stretch:
    """From that day's opening until it closes, the day after where it closes by an earlier clock time."""
    over = gate.closes <= gate.opens
    return Stretch(at(day, gate.opens, zone), at(day + timedelta(days=over), gate.closes, zone))


def drift(picture: Picture) -> tuple[DriftView, ...]:
    """Oldest first; what only time or a count says has no entry."""
    sides = {side.id: side.name for side in picture.world.sides}
    found = []
    for fell in fallen(picture):
        said = refs(picture, [fell.entry])[0] if fell.entry else None
        found.append(DriftView(fell.what.value, sides.get(SideId(fell.subject), fell.subject), fell.since, fell.persons, said))
    return tuple(found)


def exchange(picture: Picture) -> ExchangeView | None:
    """Both sides under the linked terms, from signed departures only; what is claimed of it stands beside."""
    now = picture.exchange()
    claimed = tuple(
        ClaimedSide(
            each.side,
            each.name,
            each.departed,
            each.origins,
            tuple(ClaimedTerm(t.quantity, t.who, t.basis.value, *refs(picture, [t.entry])) for t in each.agreed),
            refs(picture, each.entries),
        )
        for each in picture.claims.exchange()
        if each.departed is not None or each.agreed
    )
    if now is None and not claimed:
        return None
    waiting = {each.side: each.waiting for each in picture.whereabouts.sides(picture.now)}
    sides = tuple(
        ExchangeSide(
            side.side,
            picture.world.side(side.side).name,
            side.persons if side.persons != NONE else None,
            side.agreed,
            side.buses,
            side.owed or 0,
            _at_most(side.may_depart, waiting[side.side]),
        )
        for side in (now.sides if now else ())
    )
    seen = any(side.departed is not None for side in sides)
    apart = _apart(now.lowest, now.highest) if now and seen else None
    return ExchangeView(sides, now.limit if now else None, apart, "signed departures", claimed)


def _at_most(may: int | None, waiting: Count) -> int | None:
    """What the balance allows, and no more than can still be there."""
    return may if may is None or waiting.high is None else min(may, waiting.high)


def _apart(lowest: int | None, highest: int | None) -> Count | None:
    """How far the two sides are apart, whichever is ahead; None where that is not bounded."""
    if lowest is None or highest is None:
        return None
    least = 0 if lowest <= 0 <= highest else min(abs(lowest), abs(highest))
    return Count(least, max(abs(lowest), abs(highest)))


def disputes(picture: Picture, audience: Audience) -> tuple[DisputeView, ...]:
    return tuple(_dispute(picture, dispute, audience in TOLD_WHY) for dispute in picture.disputes())


def _dispute(picture: Picture, dispute: Dispute, ours_too: bool) -> DisputeView:
    return DisputeView(
        question=dispute.question.asked,
        relation=dispute.accord.value,
        claims=tuple(_claim(picture, voice, ours_too) for voice in dispute.voices),
        ours=dispute.ours if ours_too else None,
        ours_said=dispute.ours_said if ours_too else "our own count is not shown to this audience",
        hull=dispute.hull,
        origins=dispute.origins,
        beside=tuple(f"{other.asked}: {other.hull}; {other.why}" for other in dispute.beside),
    )


def _claim(picture: Picture, voice: Voice, ours_too: bool) -> ClaimView:
    claim, said = voice.claim, voice.claim.said
    return ClaimView(
        entry=refs(picture, [claim.entry])[0],
        source=claim.source.id,
        source_name=claim.source.name,
        source_kind=claim.source.kind,
        reliability=claim.source.reliability,
        item=said.item,
        record=said.grade,
        predicate=said.predicate.value,
        quantity=said.quantity,
        who=said.who,
        where=said.where,
        basis=said.basis.value,
        start=said.time.start,
        end=said.time.end,
        via=said.via,
        copy_of=refs(picture, [voice.copy_of])[0] if voice.copy_of else None,
        beside_ours=voice.beside_ours if ours_too else "",
    )


def aid(picture: Picture) -> tuple[AidView, ...]:
    """Requests for access, signed and alleged, newest first."""
    asked = [*picture.aid.requests(), *picture.aid.requests(alleged=True)]
    return tuple(
        AidView(
            at=request.asked_at,
            place=request.place,
            of_party=_party(picture, request.party),
            what=(request.relief.value if request.relief else "a monitor") + (", alleged" if request.alleged else ""),
            answer=request.answer.value,
            answered_at=request.last.at if request.last else None,
            entries=refs(picture, request.entries),
        )
        for request in sorted(asked, key=lambda request: -request.asked_at)
    )
