"""The questions of a duty officer about people and vehicles, one function each: findings with bounds, the entries behind them, coverage.

For operations only: a wristband's way is shown to nobody else (`audience.GRANTS`). Nothing is answered that does not follow; what is
not known is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from safepassage.disclosure.movement import LATE, gap_coverage, refs, seen_between, words
from safepassage.disclosure.views import Ref
from safepassage.errors import NOT_A_TIME, NOT_ASKED_OF, stop
from safepassage.observation import Entry
from safepassage.observation.amend import Confirmed, Corrected, Withdrawn
from safepassage.picture import Picture
from safepassage.values.counts import Count
from safepassage.values.ids import EntryId, GroupId, PersonId, PlaceId, VehicleId
from safepassage.values.times import DAY, MINUTE, Instant, Stretch, at, clock, lasted, local
from safepassage.whereabouts import SETTLES, Cause, Gap
from safepassage.whereabouts.journey import last_read
from safepassage.whereabouts.reliance import allowing, read_or_counted
from safepassage.whereabouts.words import Step


class Finding(msgspec.Struct, frozen=True):
    """One sentence of an answer. `heads`: bounds that hold though devices err as published, None where it speaks of no number;
    `counted`: what the counts say if every one is right; `coverage`: what of that stretch somebody neutral could see."""

    subject: str
    said: str
    heads: Count | None = None
    counted: Count | None = None
    why: tuple[Ref, ...] = ()
    coverage: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What is answered: as of which instant, as known at which tree size; no finding means that nothing is known of it."""

    question: str
    now: Instant
    size: int
    findings: tuple[Finding, ...]
    exercise: bool


Ask = Callable[[Picture, str], Iterable[Finding]]


class Question(msgspec.Struct, frozen=True):
    """A question: `about` names what must be given with it, empty where nothing must."""

    asks: str
    about: str
    answer: Ask


def aboard(picture: Picture, vehicle: str) -> Iterable[Finding]:
    """Who is on this vehicle now: bounds that hold whatever happened unseen, the last count, and the wristbands last read aboard."""
    known = picture.whereabouts.vehicle(VehicleId(vehicle))
    if known is None:
        _unknown(picture, vehicle, any(one.id == vehicle for one in picture.world.vehicles))
        yield Finding(vehicle, "nobody has recorded it yet: not known who is aboard", Count(0))
        return
    found = picture.whereabouts.aboard(known.vehicle, picture.now)
    place = known.place or "a place not known"
    seen = [found.last.entry, known.entry] if found.last else [known.entry]
    counted = known.aboard if known.counted else None
    said = f"{known.doing.value}, {place}, since {_at(picture, known.since)}"
    yield Finding(vehicle, said, found.heads, counted, _refs(picture, seen), _since(picture, [place], known.since))
    if found.last is not None:
        when = f"counted {found.last.said} at {found.last.place}, {_at(picture, found.last.at)}"
        yield Finding(vehicle, when, found.counted, found.last.said, _refs(picture, [found.last.entry]))
    for unread in picture.whereabouts.unread_aboard(known.vehicle):
        yield Finding(vehicle, f"wristbands last read aboard: {' '.join(unread.persons)}", None, None, _refs(picture, unread.entries))


def last(picture: Picture, person: str) -> Iterable[Finding]:
    """Where a wristband was last read and how we know: its whole timeline, newest first; between two steps nothing is known."""
    trace = picture.whereabouts.person(PersonId(person))
    if trace is None:
        _unknown(picture, person, False)
        return
    newest = last_read(trace)
    for step in reversed(trace.steps):
        mark = "last read: " if step is newest else ""
        coverage = _since(picture, [step.here], step.since) if step is newest else ""
        yield Finding(person, f"{mark}{_step(picture, step)}", None, None, _refs(picture, [step.entry]), coverage)
    if trace.same_as:
        yield Finding(person, f"the same person as {' '.join(trace.same_as)}, as signed")


def unseen(picture: Picture, place: str) -> Iterable[Finding]:
    """Who boarded at a place and has not been read since, by leg; beside it the heads not accounted for on that leg."""
    _unknown(picture, place, picture.world.knows(PlaceId(place)))
    for unread in picture.whereabouts.unread(PlaceId(place)):
        leg = f"{unread.start}–{unread.end}" if unread.start != unread.end else f"not seen to leave {unread.start}"
        said = f"{len(unread.persons)} wristbands not read since {_at(picture, unread.since)}, {leg}: {' '.join(unread.persons)}"
        heads = Count(0, len(unread.persons))
        coverage = _since(picture, [unread.start, unread.end], unread.since)
        yield Finding(unread.vehicle, said, heads, None, _refs(picture, unread.entries), coverage)
    for gap in picture.whereabouts.gaps(picture.now):
        if gap.start == place:
            yield _gap(picture, gap)


def unaccounted(picture: Picture, _: str) -> Iterable[Finding]:
    """Who is not accounted for, between which bounds, on which leg: the whole list, worst first."""
    return [_gap(picture, gap) for gap in picture.whereabouts.gaps(picture.now)]


def split(picture: Picture, _: str) -> Iterable[Finding]:
    """Which families are not together, as far as wristbands were read, and where each was last."""
    for group in picture.whereabouts.groups():
        if group.apart or group.signed:
            yield _group(picture, group.group)


def group(picture: Picture, group: str) -> Iterable[Finding]:
    """Where each of one group was last read."""
    if picture.whereabouts.group(GroupId(group)) is None:
        _unknown(picture, group, False)
    yield _group(picture, GroupId(group))


def overdue(picture: Picture, _: str) -> Iterable[Finding]:
    """Which vehicles are later than their leg allows, and by how much."""
    for gap in picture.whereabouts.gaps(picture.now):
        if gap.cause is Cause.OVERDUE and gap.due is not None:
            said = f"due at {gap.end} {_at(picture, gap.due)}, late by {lasted(picture.now - gap.due)}; last seen at {gap.last_place}"
            yield msgspec.structs.replace(_gap(picture, gap), said=said)


def waiting(picture: Picture, _: str) -> Iterable[Finding]:
    """How many still wait, for how long, how cold it is: by the books of each side, and as counted on the spot.

    The bounds of a side hold all who are not established to be aboard, received or out of our sight, wherever they are.
    """
    for side in picture.whereabouts.sides(picture.now):
        since = (
            f", the first since {_at(picture, side.waited_since)}, {lasted(picture.now - side.waited_since)}" if side.waited_since else ""
        )
        heads = picture.whereabouts.balance(side.side, picture.now).elsewhere
        places = [place.id for place in picture.world.places if place.area == picture.world.side(side.side).area]
        coverage = _since(picture, places, side.waited_since) if side.waited_since else ""
        yield Finding(side.side, f"waiting, of {side.registered} registered{since}", heads, side.waiting, (), coverage)
    for entry in picture.whereabouts.waits():
        seen = entry.observation
        here = seen.at or PlaceId("not-known")
        heads = getattr(seen.what, "heads", Count(0))
        yield Finding(
            here,
            f"{words(picture, entry)}, counted {_at(picture, seen.seen_at)}, {lasted(picture.now - seen.seen_at)} ago",
            allowing(heads, picture.world.miscount),
            heads,
            _refs(picture, [entry.id]),
            _since(picture, [here], seen.seen_at),
        )


def handed(picture: Picture, _: str) -> Iterable[Finding]:
    """Which hand-overs left our sight: to whom, where, how many."""
    for away in picture.whereabouts.aways():
        by = f" from {away.vehicle}" if away.vehicle else ""
        codes = f": {' '.join(away.persons)}" if away.persons else ""
        heads = read_or_counted(away.heads, away.persons, picture.world.miscount)
        said = f"handed over to {away.receiver.value}{by} at {away.place}, {_at(picture, away.at)}{codes}"
        yield Finding(away.receiver.value, said, heads, away.heads, _refs(picture, [away.entry]), _since(picture, [away.place], away.at))


def contradictions(picture: Picture, _: str) -> Iterable[Finding]:
    """What cannot all be so: how many persons it is about, and what would settle it."""
    for question in picture.contradictions():
        said = f"{question.puzzle.value}: {question.said}; settled by {SETTLES[question.puzzle]}"
        yield Finding(question.subject, said, question.size, None, _refs(picture, question.entries))


def coverage(picture: Picture, _: str) -> Iterable[Finding]:
    """Which legs and hours somebody neutral could see, from the opening on."""
    begun = min((entry.observation.seen_at for entry in picture.entries[1:]), default=picture.now)
    for hour in picture.whereabouts.leg_hours(Stretch(begun, picture.now)):
        if hour.at_start.posted or hour.at_end.posted:
            said = f"from {_at(picture, hour.hour)}: at {hour.start} {hour.at_start}; at {hour.end} {hour.at_end}; between them nobody"
        else:
            said = f"from {_at(picture, hour.hour)}: nobody at either end"
        yield Finding(f"{hour.start}–{hour.end}", said)


def runs(picture: Picture, vehicle: str) -> Iterable[Finding]:
    """A vehicle's runs in order: when it left, when and where the run ended, who was counted aboard when it left."""
    account = picture.whereabouts.vehicle(VehicleId(vehicle))
    if account is None:
        _unknown(picture, vehicle, any(one.id == vehicle for one in picture.world.vehicles))
        return
    levels = {level.entry: level for level in picture.whereabouts.levels(account.vehicle)}
    for move in account.moves:
        ended = f"ended {_at(picture, move.closed)} at {move.closed_at}" if move.closed else "not known to have ended"
        level = levels.get(move.entry)
        said = f"{move.start}–{move.end}, departed {_at(picture, move.departed)}, {ended}"
        entries = [move.entry, *([move.ended_by] if move.ended_by else [])]
        coverage = seen_between(picture, [move.start, move.closed_at or move.end], move.departed, move.closed or picture.now)
        heads, counted = (level.heads, level.said) if level else (None, None)
        yield Finding(vehicle, said, heads, counted, _refs(picture, entries), coverage)


def balance(picture: Picture, _: str) -> Iterable[Finding]:
    """Each side's people as a sum: places + runs + left sight = registered + unregistered + born - died."""
    for side in picture.world.sides:
        now = picture.whereabouts.balance(side.id, picture.now)
        parts = {
            "people: registered, unregistered and born, less the dead": now.people,
            "on no list, at least, by counts that no list went into": now.unregistered,
            "aboard a vehicle": now.on_runs,
            "alighted at reception": now.received,
            "left our sight": now.left_sight,
            "elsewhere, or counted by nobody": now.elsewhere,
        }
        yield Finding(side.id, f"{now.registered} registered, {now.born} born, {now.died} died, as signed")
        yield from (Finding(side.id, said, heads) for said, heads in parts.items())


QUESTIONS = {
    "aboard": Question("who is on a vehicle now", "VEHICLE", aboard),
    "runs": Question("which runs a vehicle has driven, and with how many", "VEHICLE", runs),
    "last": Question("where was a wristband last, and how do we know", "WRISTBAND", last),
    "unseen": Question("who boarded at a place and has not been seen since, by leg", "PLACE", unseen),
    "unaccounted": Question("who is not accounted for, on which leg, between which bounds", "", unaccounted),
    "split": Question("which families are split, and where", "", split),
    "group": Question("where is each of one family", "GROUP", group),
    "overdue": Question("which vehicles are overdue, and by how much", "", overdue),
    "waiting": Question("how many still wait in the cold, and for how long", "", waiting),
    "balance": Question("does it all add up, side by side", "", balance),
    "handed": Question("which hand-overs left our sight, to whom", "", handed),
    "contradictions": Question("what cannot all be so, and what would settle it", "", contradictions),
    "coverage": Question("which legs and hours could somebody neutral see", "", coverage),
}


CHANGED = "changed"
"""The one question that is asked of two pictures: `changed`."""
_FORM = re.compile(r"(?:(\d{4}-\d\d-\d\d)[ T])?(\d\d:\d\d(?::\d\d)?)")


def where(picture: Picture, question: str, about: str = "") -> Answer:
    """The answer to one of `QUESTIONS`.

    Raises
    ------
    InputError
        SP-117, where the question is asked of something that this deployment does not know.
    """
    findings = tuple(QUESTIONS[question].answer(picture, about))
    return Answer(f"{question} {about}".strip(), picture.now, picture.size, findings, picture.opened.exercise)


def changed(before: Picture, picture: Picture) -> Answer:
    """What changed since then: each gap and vehicle that stands otherwise, and the late reports that did it."""
    findings = [_late(picture, entry) for entry in picture.entries[before.size :] if _is_late(before, entry)]
    then, now = _gaps(before), _gaps(picture)
    for key in sorted(then.keys() | now.keys()):
        old, new = then.get(key), now.get(key)
        if old is None or new is None or old.missing != new.missing:
            known = new or old
            assert known is not None  # the key is of one of them
            what = f"{_said(picture, known)}: {new.missing if new else 'accounted for'} (was {old.missing if old else 'not known of'})"
            heads, counted = (new.allowing, new.missing) if new else (None, None)
            findings.append(Finding(known.vehicle, what, heads, counted, _refs(picture, known.entries)))
    return Answer(f"changed since {_at(picture, before.now)}", picture.now, picture.size, tuple(findings), picture.opened.exercise)


def moment(text: str, newest: Instant, zone: str) -> Instant:
    """A time as people write it: `23:10` is the last one that there was before the newest entry.

    Raises
    ------
    InputError
        Where it is no time.
    """
    found = _FORM.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        if found[1]:
            return at(date.fromisoformat(found[1]), found[2], zone)
        today = at(local(newest, zone).date(), found[2], zone)
    except ValueError:
        stop(NOT_A_TIME, said=text)
    return today if today <= newest else at(local(Instant(newest - DAY), zone).date(), found[2], zone)


# The parts.
def _gaps(picture: Picture) -> dict[tuple[str, str, str, str], Gap]:
    return {(gap.vehicle, gap.start, gap.end, gap.cause.value): gap for gap in picture.whereabouts.gaps(picture.now)}


def _is_late(before: Picture, entry: Entry) -> bool:
    """Heard since, and about what was before: seen then, or an amendment of what was known then."""
    about = (
        getattr(entry.observation.what, "entry", None) if isinstance(entry.observation.what, Corrected | Withdrawn | Confirmed) else None
    )
    late = entry.logged_at - entry.observation.seen_at > LATE and entry.observation.seen_at <= before.now
    return late or (about is not None and before.knows(about))


def _late(picture: Picture, entry: Entry) -> Finding:
    said = f"LATE: seen {_at(picture, entry.observation.seen_at)}, heard {_at(picture, entry.logged_at)}: {words(picture, entry)}"
    return Finding(entry.observation.by, said, why=_refs(picture, [entry.id]))


def _gap(picture: Picture, gap: Gap) -> Finding:
    return Finding(gap.vehicle, _said(picture, gap), gap.allowing, gap.missing, _refs(picture, gap.entries), gap_coverage(picture, gap))


def _said(picture: Picture, gap: Gap) -> str:
    return f"{gap.start}–{gap.end}, {gap.cause.value}; last seen {_at(picture, gap.last_seen)} at {gap.last_place}"


def _group(picture: Picture, group: GroupId) -> Finding:
    now = picture.whereabouts.group(group)
    assert now is not None  # asked of a group that is known
    parts = [f"{member.person} {_step(picture, member.last) if member.last else 'never read'}" for member in now.members]
    mark = "separated, as signed" if now.signed else "not read at one place" if now.apart else "read at one place"
    entries = [*now.entries, *(member.last.entry for member in now.members if member.last)]
    return Finding(group, f"{mark}: {'; '.join(parts)}", None, None, _refs(picture, entries))


def _step(picture: Picture, step: Step) -> str:
    here = f" (at {step.here})" if step.here and step.here != step.where else ""
    return f"{step.kind} {step.where}{here}, {_at(picture, step.since)}, {step.basis.value}"


def _at(picture: Picture, moment: Instant) -> str:
    return clock(Instant(moment // MINUTE * MINUTE), picture.world.zone)


def _refs(picture: Picture, ids: Iterable[EntryId]) -> tuple[Ref, ...]:
    return refs(picture, ids)


def _since(picture: Picture, places: Iterable[str], since: Instant) -> str:
    return seen_between(picture, places, since, picture.now)


def _unknown(picture: Picture, about: str, known: bool) -> None:
    if not known:
        stop(NOT_ASKED_OF, about=about, deployment=picture.opened.deployment)
