"""The voice of the system: what it says as entries arrive, line by line, so that a reviewer can follow a night on paper.

Plain words, bounds as bounds, who and when behind every statement; what is not known is said as plainly as what is.
"""

from __future__ import annotations

from collections.abc import Iterator

from safepassage.disclosure.views import AlarmView, CardView, ClauseView, GapView, LineView, PlanView, QuestionView, Ref, View
from safepassage.values.counts import ANY
from safepassage.values.times import Instant, clock, local

QUIET_KINDS = frozenset(
    {
        "device_enrolled", "person_registered", "group_formed", "boarded", "arrival_registered", "vehicle_ready", "relief_given",
        "waiting_counted", "wristband_issued", "manifest_registered", "consent_asked", "driver_assigned",
    }
)  # fmt: skip
"""Kinds that are many and say little one by one; what follows from them is said where it changes."""
INDENT = "       "


class Transcript:
    """Compares each view with the one before and says what changed."""

    def __init__(self) -> None:
        self._before: View | None = None
        self._day = ""

    def begin(self, view: View) -> Iterator[str]:
        mark = "EXERCISE  " if view.exercise else ""
        yield f"{mark}{view.deployment}   {view.name}"
        yield f"times in {view.zone}"
        self._before = view

    def hear(self, view: View) -> Iterator[str]:
        """What the newest entries of this view change."""
        before, self._before = self._before, view
        assert before is not None  # begin comes first
        new = [line for line in reversed(view.lines) if line.entry.index >= before.size]
        changes = list(self._changes(before, view))
        for line in new:
            if line.kind not in QUIET_KINDS or (changes and line is new[-1]):
                yield from self._heading(line, view)
        if changes and not new:
            yield from self._day_line(view.now, view.zone)
            yield f"{clock(view.now, view.zone)[:5]}  time passes"
        yield from changes

    def end(self, view: View, verified: str, doubled: int) -> Iterator[str]:
        """Where everything stands, and what nobody saw."""
        yield ""
        yield f"as known at entry {view.size - 1}, {local(view.now, view.zone):%Y-%m-%d %H:%M}"
        for side in view.sides:
            if side.registered:
                yield f"{side.name}: {side.registered} registered · {side.waiting} waiting · {side.on_the_road} on the road"
                yield f"{INDENT}{side.stopping} aboard where their trip ends · {side.arrived} alighted at reception"
                yield f"{INDENT}{side.registered_there} registered there · {side.handed_over} handed over · {side.unaccounted} unaccounted"
            else:
                yield f"{side.name}: not known: nobody was registered here"
        for gap in view.gaps:
            yield from _gap(gap, view.zone, "unaccounted")
        for clause in view.clauses:
            yield from _clause(clause, view.zone)
        for dispute in view.disputes:
            yield f"{dispute.question} {dispute.relation}"
            for claim in dispute.claims:
                yield f"{INDENT}{claim.source_name}: {claim.quantity} {claim.who}, record {claim.record}   entry {claim.entry.index}"
            yield f"{INDENT}counted by us: {dispute.ours if dispute.ours is not None else 'not known'}; {dispute.ours_said}"
        yield from _exchange(view)
        yield from _unseen(view)
        if doubled:
            yield f"{doubled} envelopes came a second time and were kept once"
        yield f"ledger: {view.size} entries, root {view.root[:4]}…{view.root[-2:]}, {verified}"

    # The parts.
    def _heading(self, line: LineView, view: View) -> Iterator[str]:
        yield from self._day_line(line.logged_at, view.zone)
        heard = clock(line.logged_at, view.zone)[:5]
        late = f"LATE  seen {clock(line.seen_at, view.zone)[:5]}: " if line.late is not None else ""
        place = f" @{line.place}" if line.place else ""
        alleged = ", alleged" if line.standing == "alleged" else ""
        yield f"{heard}  {late}{line.said}   entry {line.entry.index}, {line.by}{place}{alleged}"

    def _day_line(self, moment: Instant, zone: str) -> Iterator[str]:
        day = f"{local(moment, zone):%Y-%m-%d}"
        if day != self._day:
            self._day = day
            yield ""
            yield f"day {day}"

    def _changes(self, before: View, view: View) -> Iterator[str]:
        zone = view.zone
        for gap in view.gaps:
            old = next((g for g in before.gaps if _same(g, gap)), None)
            if old is None or (old.missing, old.in_any_case) != (gap.missing, gap.in_any_case):
                yield from _gap(gap, zone, f"unaccounted (was {old.missing})" if old else "unaccounted")
        for gap in before.gaps:
            if not any(_same(gap, g) for g in view.gaps):
                yield f"{INDENT}accounted for now: {gap.vehicle}, {gap.start}–{gap.end} (was {gap.missing})"
        for alarm in view.alarms:
            was = next((a for a in before.alarms if (a.vehicle, a.at) == (alarm.vehicle, alarm.at)), None)
            if was is None or (was.raised, was.drop, was.card.standing) != (alarm.raised, alarm.drop, alarm.card.standing):
                yield from _alarm(alarm, zone)
        for card in view.cards:
            if not any((c.card, c.standing) == (card.card, card.standing) for c in before.cards):
                yield f"{INDENT}SEEN TAKEN OFF {card.vehicle}"
                yield from _card(card, zone)
        for question in view.questions:
            if not any((q.puzzle, q.subject, q.said) == (question.puzzle, question.subject, question.said) for q in before.questions):
                yield from _question(question)
        for clause in view.clauses:
            old_clause = next((c for c in before.clauses if c.label == clause.label), None)
            if old_clause is not None and (old_clause.shown, old_clause.not_met, old_clause.until is None) != (
                clause.shown, clause.not_met, clause.until is None,
            ):  # fmt: skip
                yield from _clause(clause, zone)
        for plan in view.plans:
            old_plan = next((p for p in before.plans if p.plan == plan.plan), None)
            if old_plan is None:
                yield from _plan(plan, zone)
            elif old_plan.standing != plan.standing:
                by = f" by {plan.decided_by}" if plan.decided_by and plan.standing in ("adopted", "declined", "withdrawn") else ""
                yield f"{INDENT}PLAN {plan.plan} {plan.standing}{by}"
        for fell in view.drift:
            if not any((f.what, f.subject) == (fell.what, fell.subject) for f in before.drift):
                yield f"{INDENT}DRIFT  {fell.subject}: {fell.what}, {fell.persons} persons"
        for move in view.moves:
            if move.planned is not None and not any((m.vehicle, m.departed) == (move.vehicle, move.departed) for m in before.moves):
                yield f"{INDENT}{move.vehicle}: planned {clock(move.planned, zone)[:5]}, plan {move.plan}"


def _told(before: ClauseView, now: ClauseView) -> bool:
    """Whether a clause's change is worth a line: it begins, a person must act or look, or it is settled; not each pending duty."""
    judged = before.kept + before.not_met + before.pending + before.not_known
    if before.shown == now.shown:
        return now.not_met > before.not_met
    routine = {before.verdict, now.verdict} <= {"kept", "pending"} and judged > 1
    return not routine


def _same(one: GapView, other: GapView) -> bool:
    return (one.vehicle, one.start, one.end, one.cause) == (other.vehicle, other.start, other.end, other.cause)


def _entries(refs: tuple[Ref, ...]) -> str:
    shown = ", ".join(str(ref.index) for ref in refs[:6])
    return f"entries {shown}" + (" …" if len(refs) > 6 else "")


def _gap(gap: GapView, zone: str, word: str) -> Iterator[str]:
    yield f"{INDENT}{gap.missing} {word}: {gap.vehicle}, {gap.start}–{gap.end}, {gap.cause}"
    yield f"{INDENT}  in any case {_in_any_case(gap)}"
    due = f"; due {clock(gap.due, zone)[:5]}" if gap.due is not None else ""
    yield f"{INDENT}  last seen {clock(gap.last_seen, zone)[:5]} at {gap.last_place}{due}; {_entries(gap.entries)}"


def _in_any_case(gap: GapView) -> str:
    return "not known" if gap.in_any_case == ANY else str(gap.in_any_case)


def _alarm(alarm: AlarmView, zone: str) -> Iterator[str]:
    men = (alarm.before.men or 0) + (alarm.before.youth or 0), (alarm.after.men or 0) + (alarm.after.youth or 0)
    head = "ALARM  separation" if alarm.raised else "the separation alarm no longer passes its thresholds"
    yield f"{INDENT}{head} on {alarm.vehicle}: men and youth {men[0]} -> {men[1]} of {alarm.heads_before} -> {alarm.heads_after} heads"
    yield f"{INDENT}  by chance 1 in {alarm.one_in} (threshold 1 in {alarm.threshold_one_in})"
    yield f"{INDENT}  by miscount alone 1 in {alarm.miscount_one_in}; the thresholds are the same for both sides"
    yield from _card(alarm.card, zone)


def _card(card: CardView, zone: str) -> Iterator[str]:
    yield f"{INDENT}  CARD {card.card} {card.standing}: {', '.join(card.asks)}, by {clock(card.by_when, zone)[:5]}"
    for call in card.calls:
        yield f"{INDENT}    {clock(call.at, zone)[:5]} {call.observer}: {call.answer or 'called, no answer recorded'}"


def _question(question: QuestionView) -> Iterator[str]:
    yield f"{INDENT}OPEN  {question.puzzle}: {question.subject}, {question.said}; would be settled by {question.settles}"


def _clause(clause: ClauseView, zone: str) -> Iterator[str]:
    until = f" until {local(clause.until, zone):%m-%d %H:%M}" if clause.until is not None else ""
    watched = f"; watched {clause.watched // 10} %" if clause.watched is not None else ""
    counts = f"{clause.kept} met, {clause.not_met} not met as recorded, {clause.pending} pending, {clause.not_known} not known"
    yield f'{INDENT}clause {clause.label} "{clause.title}"   {clause.shown}{until}'
    yield f"{INDENT}  {counts}{watched}" + (f"; {clause.why}" if clause.why else "")


def _plan(plan: PlanView, zone: str) -> Iterator[str]:
    because = f", because: {plan.because_said} (entry {plan.because.index})" if plan.because is not None else ""
    yield f"{INDENT}PROPOSAL {plan.plan}{because}"
    for trip in plan.trips:
        fleet = " ".join(trip.vehicles)
        yield (
            f"{INDENT}  {local(trip.departs, zone):%H:%M} {trip.start} to {trip.end}, {fleet}, {trip.persons} persons"
            + (f", waits for {trip.waits}" if trip.waits != "nothing" else "")
        )
    for one in plan.not_planned:
        yield f"{INDENT}  NOT PLANNED: {one.persons} of {one.name}{f', family {one.group}' if one.group else ''}: {one.said}; {one.remedy}"
    yield f"{INDENT}  {plan.earlier} leave earlier, {plan.later} later than announced; largest difference {plan.largest_difference}"
    ends, sooner = (f"{local(moment, zone):%d %b %H:%M}" for moment in (plan.ends, plan.not_before))
    yield f"{INDENT}  ends {ends} (proved not before {sooner}); waiting {plan.gap_per_mille // 10} % above what is proved possible"
    yield f"{INDENT}  decide by {local(plan.decide_by, zone):%H:%M}"


def _exchange(view: View) -> Iterator[str]:
    if view.exchange is None:
        return
    basis = view.exchange.basis
    for side in view.exchange.sides:
        if side.departed is None:
            yield f"exchange: {side.name}: not known: no departure was signed"
        else:
            yield f"exchange: {side.departed} of {side.agreed} persons departed from {side.name}, {side.buses} buses   {basis}"
    for claimed in view.exchange.claimed:
        terms = "; ".join(f"{term.quantity} {term.who} {term.basis}" for term in claimed.agreed)
        said = claimed.departed if claimed.departed is not None else "no figure"
        yield f"exchange as claimed: {claimed.name}: {said} ({claimed.origins} independent sources); to leave: {terms or 'no figure'}"


def _unseen(view: View) -> Iterator[str]:
    """Places with nobody on post at the end."""
    if not view.posts:
        yield "no monitor was on post anywhere: nothing here is established"
        return
    empty = [
        place.place
        for place in view.places
        if not any(p.place == place.place and p.start <= view.now and (p.end is None or p.end >= view.now) for p in view.posts)
    ]
    yield f"nobody on post now at: {', '.join(empty)}" if empty else "somebody is on post at every place"
