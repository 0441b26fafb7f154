"""Four shapes that judge running sums and hours: milestone, ceiling in all, ceiling by the day, hours of the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

import msgspec

from safepassage.agreement.clause import Atom, Ceiling, Clause, Hours, Milestone, Open
from safepassage.agreement.explain import bounded
from safepassage.agreement.facts import SIGNED, Fact
from safepassage.agreement.heard import ANSWERS, OPENS, Case
from safepassage.agreement.limits import day_ends
from safepassage.agreement.operators import ALLEGED, ESTABLISHED, NONE, Value, either, negation
from safepassage.agreement.parity import amount
from safepassage.agreement.reader import row_of
from safepassage.agreement.render import phrase
from safepassage.agreement.scene import Scene, instance
from safepassage.agreement.verdict import NOT_AGREED, InstanceVerdict, Verdict, decide
from safepassage.values.ids import EntryId
from safepassage.values.times import SECOND, Instant, Stretch, at, local

WHOLE = "*"
"""The key of an instance that is the clause itself."""


class Bounds(msgspec.Struct, frozen=True):
    """How much a sum grew: signed at the least; with allegations at the least; at the most, whatever is true; None: not bounded."""

    least: int
    said: int
    most: int | None


def bounds(facts: Sequence[Fact], start: Instant, end: Instant) -> Bounds:
    """What facts inside a stretch add up to, both ends included."""
    inside = [fact for fact in facts if start <= fact.at <= end]
    signed = sum(amount(fact).low for fact in inside if fact.standing == SIGNED)
    highs = [amount(fact).high for fact in inside]
    most = None if None in highs else sum(high for high in highs if high is not None)
    return Bounds(signed, sum(amount(fact).low for fact in inside), most)


def reached(facts: Sequence[Fact], number: int) -> tuple[Fact | None, Fact | None, Fact | None]:
    """The fact by which a sum reaches a number: as signed, with allegations, and in the highest reading."""
    return _reaching(facts, number, "signed"), _reaching(facts, number, "said"), _reaching(facts, number, "most")


def _reaching(facts: Sequence[Fact], number: int, reading: str) -> Fact | None:
    total = 0
    for fact in facts:
        count = amount(fact)
        if reading == "most":
            total += number if count.high is None else count.high
        elif reading == "said" or fact.standing == SIGNED:
            total += count.low
        if total >= number:
            return fact
    return None


def judge_milestone(clause: Clause, shape: Milestone, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """One duty, from the instant at which the first sum reached its number.

    That instant is not sharp: it lies between the highest reading's (or the opening, where departures may be unrecorded) and the
    signed one's. Kept holds from whichever of them the duty is counted, and so does breached.
    """
    once, then = case.get(OPENS, []), case.get(ANSWERS, [])
    signed, said, highest = reached(once, shape.reached)
    opener = signed or said
    if opener is None:
        return []
    sure, watched = signed is not None, scene.silent(row_of(shape.once), scene.scope(shape.once, None), Stretch(scene.opened, opener.at))
    earliest = highest.at if watched and highest is not None else scene.opened
    if isinstance(shape.within, Open):
        grown = bounds(then, scene.opened if shape.in_all else opener.at, scene.now)
        best = SIGNED if grown.least >= shape.amount else ALLEGED if grown.said >= shape.amount else NONE
        begun = scene.opened if shape.in_all else opener.at
        entries = tuple(dict.fromkeys((opener.entry, *_up_to(once, opener), *(f.entry for f in then if f.at >= begun))))
        return [InstanceVerdict(WHOLE, opener.entry, opener.at, Verdict.UNKNOWN, None, NOT_AGREED, best, NONE, NOT_AGREED, entries)]
    limit, first = (scene.deadline(clause, shape.within, start) for start in (opener.at, earliest))
    pending = limit is None or scene.now <= limit
    done = _grown(shape, then, opener, earliest, first, limit, scene)
    value = either(negation(Value(SIGNED if sure else ALLEGED, NONE)), done)
    by = "the clock stands still while passage is suspended" if limit is None else f"the limit is {scene.moment(limit)}"
    grown = bounds(then, scene.opened if shape.in_all else opener.at, scene.now if limit is None else min(limit, scene.now))
    reach = f"{shape.reached:,} {phrase(shape.once)} at {scene.moment(opener.at)}{'' if sure else ', as alleged'}"
    counted = bounded(grown.least, grown.most)
    row, window = row_of(shape.then), Stretch(scene.opened if shape.in_all else earliest, scene.now if limit is None else limit)
    unseen = "" if pending or done.for_ == ESTABLISHED else scene.unseen(scene.covered_by(row), scene.scope(shape.then, None), window)
    if not (unseen or pending or watched or done.for_ == ESTABLISHED or value.against == ESTABLISHED):
        first_row = row_of(shape.once)
        part = scene.unseen(scene.covered_by(first_row), scene.scope(shape.once, None), Stretch(scene.opened, opener.at))
        unseen = f"when the number was reached is not sharp: {part}" if part else ""
    since = "in all" if shape.in_all else "since then"
    why = f"{reach}; {since} {counted} of {shape.amount:,} that {phrase(shape.then)}; {by}" + (f"; {unseen}" if unseen else "")
    cited = [*_up_to(once, opener), *(f.entry for f in then if window.holds(f.at))]
    watches = scene.watches.citing(scene.covered_by(row), scene.scope(shape.then, None), window) if value.against == ESTABLISHED else ()
    before = Stretch(scene.opened, opener.at)
    sharp = scene.watches.citing(scene.covered_by(row), scene.scope(shape.once, None), before) if watched else ()
    return [instance(WHOLE, opener, value, limit, pending, why, [*cited, *watches, *sharp])]


def _up_to(once: Sequence[Fact], opener: Fact) -> Iterator[EntryId]:
    """Whatever was added up until the number was reached."""
    return (fact.entry for fact in once[: once.index(opener) + 1])


def _grown(
    shape: Milestone,
    then: Sequence[Fact],
    opener: Fact,
    earliest: Instant,
    first: Instant | None,
    limit: Instant | None,
    scene: Scene,
) -> Value:
    """Kept: enough in the stretch that every reading of the milestone's instant allows. Against: too little in the widest one."""
    narrow_start = scene.opened if shape.in_all else opener.at
    wide_start = scene.opened if shape.in_all else earliest
    narrow_end, wide_end = (scene.now if end is None else end for end in (first, limit))
    kept = bounds(then, narrow_start, narrow_end).least >= shape.amount
    wide = bounds(then, wide_start, wide_end)
    best = SIGNED if kept else ALLEGED if bounds(then, narrow_start, wide_end).said >= shape.amount else NONE
    over = limit is not None and scene.now > limit
    short = wide.most is not None and wide.most < shape.amount
    silence = over and scene.silent(row_of(shape.then), scene.scope(shape.then, None), Stretch(wide_start, wide_end))
    return Value(best, ESTABLISHED if silence and short and best == NONE else ALLEGED if silence and best == ALLEGED else NONE)


def judge_ceiling(clause: Clause, shape: Ceiling, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """In all since the opening, one instance; or one for each day on which anything is recorded."""
    facts = case.get(OPENS, [])
    if not shape.daily:
        whole = Stretch(scene.opened, max(scene.now, scene.opened))
        return [_under(shape, WHOLE, None, facts, whole, scene, False)]
    days = groupby(facts, key=lambda fact: local(fact.at, clause.zone).date())
    return [_of_day(clause, shape, list(found), scene) for _, found in days]


def _of_day(clause: Clause, shape: Ceiling, facts: list[Fact], scene: Scene) -> InstanceVerdict:
    day = local(facts[0].at, clause.zone).date()
    stretch = Stretch(at(day, "00:00", clause.zone), day_ends(facts[0].at, 0, clause.zone))
    return _under(shape, f"{day}", facts[0], facts, stretch, scene, scene.now <= stretch.end)


def _under(
    shape: Ceiling, key: str, first: Fact | None, facts: Sequence[Fact], stretch: Stretch, scene: Scene, pending: bool
) -> InstanceVerdict:
    grown, row = bounds(facts, stretch.start, stretch.end), row_of(shape.what)
    window = Stretch(max(stretch.start, scene.opened), stretch.end)
    places = scene.scope(shape.what, None)
    watched = not pending and scene.silent(row, places, window)
    within = watched and grown.most is not None and grown.most <= shape.limit
    against = ESTABLISHED if grown.least > shape.limit else ALLEGED if grown.said > shape.limit else NONE
    value = Value(ESTABLISHED if within else NONE, against)
    verdict, said = decide(value, pending)
    counted = bounded(grown.least, grown.most)
    unseen = "" if watched or pending else scene.unseen(scene.covered_by(row), places, window)
    why = f"{counted} {phrase(shape.what)}; the limit is {shape.limit:,}" + (f"; {unseen}" if unseen else "")
    entries = (*((first.entry,) if first else ()), *(fact.entry for fact in facts))
    cited = (*entries, *(scene.watches.citing(scene.covered_by(row), places, window) if within else ()))
    until = stretch.end if verdict is Verdict.PENDING else None
    opened = None if first is None else first.entry
    start = scene.opened if first is None else first.at
    return InstanceVerdict(key, opened, start, verdict, until, why, value.for_, value.against, said, tuple(dict.fromkeys(cited)))


def judge_hours(clause: Clause, shape: Hours, key: str, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """T and outside the hours: each is judged by its own clock time in the agreement's zone, to the second."""
    return list(_hours(clause, shape, key, case.get(OPENS, ()), scene))


def _hours(clause: Clause, shape: Hours, key: str, facts: Sequence[Fact], scene: Scene) -> Iterator[InstanceVerdict]:
    for fact in facts:
        inside = within_hours(scene.made(fact), shape, clause.zone)
        opened = Value(NONE, NONE) if inside is None else negation(scene.opening(shape.each, fact))
        value = Value(ESTABLISHED, NONE) if inside else opened
        told = "" if fact.standing == SIGNED else "; that is only alleged"
        told += "; its time is not proved" if inside is None else ""
        why = f"{fact.what.value} at {scene.moment(fact.at)}; the hours are {shape.start} to {shape.end}{told}"
        yield instance(key, fact, value, None, False, why, ())


def within_hours(made: Stretch, shape: Hours, zone: str) -> bool | None:
    """Whether all of a stretch lies in the hours; None: a part does, or may."""
    clock, day = f"{local(made.start, zone):%H:%M:%S}", local(made.start, zone).date()
    inside = inside_hours(clock, shape)
    turn = f"{shape.end}:00" if inside else f"{shape.start}:00"
    turns = at(day + timedelta(days=clock > turn), turn, zone) + (SECOND if inside else 0)
    return inside if made.end < turns else None


def inside_hours(clock: str, shape: Hours) -> bool:
    """Whether `08:00:00` lies between; over midnight where the first hour is the later one."""
    start, end = f"{shape.start}:00", f"{shape.end}:00"
    return start <= clock <= end if start <= end else clock >= start or clock <= end


def sums_of(shape: Milestone | Ceiling) -> tuple[Atom, ...]:
    return (shape.once, shape.then) if isinstance(shape, Milestone) else (shape.what,)
