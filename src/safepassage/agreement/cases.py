"""Staged cases: a text, observations in order of arrival, and the verdicts that a person expects at each stage.

They speak of happenings directly, without a world or a ledger, so that a clause can be tried before anybody has posted a
monitor: each kind is watched by itself, and places, sides and debtors are whatever the case names.
Source: docs/reference/clause-cases.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, NoReturn

import msgspec
from msgspec.structs import replace

from safepassage.agreement.clause import Agreement
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.facts import ALLEGED, SIGNED, Fact, Watch
from safepassage.agreement.grammar import parse_alone
from safepassage.agreement.monpoly import LeftOut, Opinion, left_out, opinions
from safepassage.agreement.naive import by_definition
from safepassage.agreement.naive_time import Closed, Log
from safepassage.agreement.reader import plain
from safepassage.agreement.verdict import ClauseVerdict
from safepassage.agreement.vocabulary import CASE_KINDS, CASE_NEEDS
from safepassage.errors import BAD_CASES, InputError, Problem, Where, stop
from safepassage.values.counts import exactly
from safepassage.values.ids import ClauseLabel, EntryId, ObserverId, PartyId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.places import World
from safepassage.values.times import SECOND, Instant, Stretch, instant, local

Id = int | str
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
WATCH, RETRACT, CONFIRM = "watch", "retract", "confirm"
AMENDS = (RETRACT, CONFIRM)


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One observation of a case, and nothing of a ledger: `id` again is the same observation delivered again."""

    id: Id
    kind: str
    seen_at: Moment
    standing: Literal["signed", "alleged"] = "signed"
    person: Id | None = None
    place: str | None = None
    side: str | None = None
    ref: Id | None = None
    about: Id | None = None
    n: int | None = None
    clause: str | None = None
    watched: str | None = None
    until: Moment | None = None


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One verdict, expected or found. `instance` "*": the clause as a whole; `until` only of what is pending."""

    clause: str
    instance: Id
    verdict: Literal["kept", "breached", "pending", "unknown"]
    said: str = ""
    until: Moment | None = None


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    arrive: tuple[Said, ...]
    now: Moment
    expected: tuple[Line, ...] = ()


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    opens: Moment
    agreement: str
    stages: tuple[Stage, ...]
    why: str = ""


class StageFound(msgspec.Struct, frozen=True):
    """`agree`: nothing expected is wanting, and nothing else was found. `disagree`: what the plain definition says otherwise."""

    now: Moment
    expected: tuple[Line, ...]
    found: tuple[Line, ...]
    agree: bool
    disagree: tuple[Line, ...] = ()


class CaseFound(msgspec.Struct, frozen=True):
    """`refused`: why the text or an observation could not be read; then there is no stage."""

    name: str
    agree: bool
    stages: tuple[StageFound, ...] = ()
    refused: Problem | None = None


def read_cases(data: bytes, file: str = "") -> list[Case]:
    """The cases of a file.

    Raises
    ------
    InputError
        SP-502, naming the field.
    """
    try:
        return msgspec.json.decode(data, type=list[Case])
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        reason, _, field = str(wrong).partition(" - at ")
        stop(BAD_CASES, Where(file, field=field.strip("`")), reason=reason[:1].lower() + reason[1:])


def run_case(case: Case) -> CaseFound:
    """Each stage in order, judged by the engine and by the plain definition."""
    try:
        stages = _stages(case)
    except InputError as wrong:
        return CaseFound(case.name, False, refused=wrong.problem)
    return CaseFound(case.name, all(stage.agree and not stage.disagree for stage in stages), stages)


def opinions_of(case: Case) -> list[Opinion]:
    """What another monitor is given to judge: all that counts at the last stage.

    Raises
    ------
    InputError
        SP-501 or SP-502.
    """
    said = _once(case)
    agreement, world = _agreement(case, said)
    now = _instant(case.stages[-1].now)
    facts = [fact for one in in_force(said, now).values() for fact in _facts(one)]
    return opinions(agreement, world, _instant(case.opens), facts, now)


def left_out_of(case: Case) -> list[LeftOut]:
    """The clauses of which it is given nothing.

    Raises
    ------
    InputError
        SP-501 or SP-502.
    """
    return left_out(_agreement(case, _once(case))[0])


def _agreement(case: Case, said: Mapping[Id, Said]) -> tuple[Agreement, World]:
    """Nothing that is staged is proved, so a clause that counts proved times alone could only ever be unknown."""
    agreement, world = parse_alone(case.agreement, sorted({one.side for one in said.values() if one.side}), case.name)
    for clause in agreement.clauses:
        if clause.by_proof:
            reason = f"clause {clause.label} counts times only as far as they are proved, and staged observations prove none"
            stop(BAD_CASES, Where(case.name, field="agreement"), reason=f"{reason}: leave that sentence out to try the rest of it")
    return agreement, world


def _stages(case: Case) -> tuple[StageFound, ...]:
    said = _once(case)
    agreement, world = _agreement(case, said)
    opened, clauses = _instant(case.opens), agreement.clauses
    engine, heard, standing = Evaluator(agreement, world, opened, literal=True), dict[Id, Said](), dict[Id, Said]()
    found = []
    for stage in case.stages:
        now = _instant(stage.now)
        heard |= {one.id: said[one.id] for one in stage.arrive}
        before, standing = standing, in_force(heard, now)
        _move(engine, before, standing)
        engine.settle(now)
        facts = [fact for one in standing.values() for fact in _facts(one)]
        closed = [Closed((w.kind,), w.place, w.stretch, (), w.stretch.end) for one in standing.values() for w in _watches(one)]
        plain = by_definition(agreement, Log(world, facts, closed, opened, now, literal=True))
        zone = clauses[0].zone
        lines, others = (tuple(_lines(verdicts, said, zone)) for verdicts in (engine.verdicts(), plain))
        agree = _bare(lines) == _bare(stage.expected)
        found.append(StageFound(stage.now, stage.expected, lines, agree, () if lines == others else others))
    return tuple(found)


def _once(case: Case) -> dict[Id, Said]:
    """Every observation of the case by its id, each checked."""
    once: dict[Id, Said] = {}
    for one in (one for stage in case.stages for one in stage.arrive):
        if once.setdefault(one.id, one) != one:
            _wrong(case, one, "the same id was given to something else before")
        if one.kind in AMENDS and one.about is None:
            _wrong(case, one, "it does not say what it is about")
        if one.kind == WATCH and (one.watched not in CASE_KINDS or one.until is None):
            _wrong(case, one, f"`watched` must be one of {_KINDS}, and `until` must be given")
        if one.kind not in (*AMENDS, WATCH, *CASE_KINDS):
            _wrong(case, one, f"there is no kind `{one.kind}`; there are: {', '.join(AMENDS)}, {WATCH}, {_KINDS}")
        for field in CASE_NEEDS.get(one.kind, ()):
            if getattr(one, field) is None:
                _wrong(case, one, f"a `{one.kind}` says its `{field}`: without it no clause could judge it")
    entered = {one.ref: one.place for one in once.values() if one.kind == "enter"}
    return {id: replace(one, place=entered.get(one.ref)) if one.kind == "leave" and one.place is None else one for id, one in once.items()}


_KINDS = ", ".join(CASE_KINDS)


def _wrong(case: Case, one: Said, reason: str) -> NoReturn:
    stop(BAD_CASES, Where(case.name, field=f"observation {one.id}"), reason=reason)


def in_force(heard: Mapping[Id, Said], now: Instant) -> dict[Id, Said]:
    """What counts at a moment: without what is withdrawn, with what is confirmed as signed; what is from the future is held aside."""
    known = {id: one for id, one in heard.items() if _instant(one.seen_at) <= now}

    def ruled(about: Id, kind: str, above: frozenset[Id]) -> bool:
        amending = [one for one in known.values() if (one.kind, one.about, one.standing) == (kind, about, "signed") and one.id not in above]
        return any(not ruled(one.id, RETRACT, above | {about}) for one in amending)

    standing = {id: one for id, one in known.items() if not ruled(id, RETRACT, frozenset())}
    return {id: replace(one, standing="signed") if ruled(id, CONFIRM, frozenset()) else one for id, one in standing.items()}


def _move(engine: Evaluator, before: Mapping[Id, Said], after: Mapping[Id, Said]) -> None:
    """Old forms out, new forms in."""
    for forms, others, into in ((before, after, False), (after, before, True)):
        for one in (one for id, one in forms.items() if others.get(id) != one):
            for fact in _facts(one):
                engine.hear(fact, into)
            for watch in _watches(one):
                engine.watch(watch, into)


def _facts(one: Said) -> list[Fact]:
    side = SideId(one.side) if one.side else None
    return [
        Fact(
            what,
            _instant(one.seen_at),
            SIGNED if one.standing == "signed" else ALLEGED,
            _entry(one.id),
            ObserverId(_entry(one.id)),
            place=_place(one),
            person=None if one.person is None else PersonId(str(one.person)),
            vehicle=VehicleId(str(one.id if one.ref is None else one.ref)),
            heads=None if one.n is None else exactly(one.n),
            party=PartyId(plain(one.side or "a party")),
            side=side,
            about=None if one.about is None else _entry(one.about),
            clause=None if one.clause is None else ClauseLabel(one.clause),
            words=f"{one.kind} {one.id}",
        )
        for what in CASE_KINDS.get(one.kind, ())
    ]


def _watches(one: Said) -> list[Watch]:
    """A second is the grain: a watch to 11:59:59 and one from 12:00:00 are one."""
    if one.kind != WATCH or one.until is None or one.standing != "signed":
        return []
    stretch = Stretch(_instant(one.seen_at), Instant(_instant(one.until) + SECOND - 1))
    return [Watch(what, _place(one), stretch, _entry(one.id)) for what in CASE_KINDS[one.watched or ""]]


def _place(one: Said) -> PlaceId | None:
    return None if one.place is None else PlaceId(plain(one.place))


def _entry(id: Id) -> EntryId:
    """In the order of the numbers, as a tie at one instant is broken."""
    return EntryId(f"{id:012d}" if isinstance(id, int) else id)


def _instant(moment: datetime) -> Instant:
    return instant(moment)


def _lines(verdicts: Iterable[ClauseVerdict], said: Mapping[Id, Said], zone: str) -> Iterable[Line]:
    ids = {_entry(id): id for id in said}
    for clause in verdicts:
        for one in clause.instances:
            until = None if one.until is None else local(Instant(one.until // SECOND * SECOND), zone)
            yield Line(clause.label, "*" if one.opened_by is None else ids[one.opened_by], one.verdict.value, one.said, until)


def _bare(lines: Sequence[Line]) -> list[tuple[str, str, str, str, Instant | None]]:
    """Lines to be compared: instants, not their offsets."""
    return sorted((x.clause, str(x.instance), x.verdict, x.said, None if x.until is None else _instant(x.until)) for x in lines)
