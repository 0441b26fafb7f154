"""The ordinary case of a duty or a precondition, judged without ceremony: a signed opener, answered by a signed fact or by nothing.

Whatever is alleged, excepted or left open goes the whole way (`by_key.py`), which also gives the reasons; that both ways say the
same is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from safepassage.agreement import clause as c
from safepassage.agreement.facts import SIGNED, Fact
from safepassage.agreement.heard import ANSWERS, Heard
from safepassage.agreement.operators import ESTABLISHED, NONE
from safepassage.agreement.reader import row_of
from safepassage.agreement.scene import Scene
from safepassage.agreement.verdict import InstanceVerdict, Verdict
from safepassage.values.times import Instant, Stretch

Quick: TypeAlias = Callable[[str, Sequence[Fact]], "list[InstanceVerdict] | None"]
"""Every instance of a key with these openers, without reasons; None: it is no ordinary case."""

_KEPT, _BREACHED, _PENDING, _UNKNOWN = Verdict.KEPT, Verdict.BREACHED, Verdict.PENDING, Verdict.UNKNOWN


def quick_of(clause: c.Clause, heard: Sequence[tuple[int, Heard]], scene: Scene) -> Quick | None:
    """For one clause at one moment; None where its shape has no ordinary case."""
    parts = {part: one.by_key for part, one in heard}
    if clause.by_proof:
        return None
    match clause.shape:
        case c.Duty(within=c.Elapsed() | c.Calendar()) as shape:
            return _duty(clause, shape, parts, scene)
        case c.Before() as shape:
            return _before(shape, parts, scene)
        case _:
            return None


def _duty(clause: c.Clause, shape: c.Duty, parts: Mapping[int, Mapping[str, list[Fact]]], scene: Scene) -> Quick:
    answers = parts[ANSWERS]
    excepted = [facts for part, facts in parts.items() if part > ANSWERS]
    within, opened, now = shape.within, scene.opened, scene.now
    elapsed = within.milliseconds if isinstance(within, c.Elapsed) and not clause.clock_stops else None

    def quick(key: str, openers: Sequence[Fact]) -> list[InstanceVerdict] | None:
        found, given = [], answers.get(key)
        for opener in openers:
            at = opener.at
            if at < opened:
                continue
            if opener.standing != SIGNED:
                return None
            limit = Instant(at + elapsed) if elapsed is not None else scene.deadline(clause, within, at)
            answer = None if given is None else _first(given, at, now if limit is None else limit)
            if answer is not None:
                if answer.standing != SIGNED:
                    return None
                found.append(InstanceVerdict(key, opener.entry, at, _KEPT, None, "", ESTABLISHED, NONE, ""))
            elif any(key in facts for facts in excepted):
                return None
            elif limit is None or now <= limit:
                found.append(InstanceVerdict(key, opener.entry, at, _PENDING, limit, "", NONE, NONE, ""))
            elif _silence(shape, opener, limit, scene):
                found.append(InstanceVerdict(key, opener.entry, at, _BREACHED, None, "", NONE, ESTABLISHED, ""))
            else:
                found.append(InstanceVerdict(key, opener.entry, at, _UNKNOWN, None, "", NONE, NONE, ""))
        return found

    return quick


def _silence(shape: c.Duty, opener: Fact, limit: Instant, scene: Scene) -> bool:
    """Whether silence counts against what is owed, and against one part at least of every exception."""
    if not scene.silent(row_of(shape.act), scene.scope(shape.act, opener), Stretch(opener.at, limit)):
        return False
    starts = [(atom, Instant(0) if row_of(atom).state else opener.at) for atom in shape.unless]
    return not starts or any(scene.silent(row_of(atom), scene.scope(atom, opener), Stretch(start, limit)) for atom, start in starts)


def _before(shape: c.Before, parts: Mapping[int, Mapping[str, list[Fact]]], scene: Scene) -> Quick:
    answers = parts[ANSWERS]
    opened, most, row = scene.opened, shape.at_most, row_of(shape.past)
    deaf = scene.covered_by(row) is None and not scene.ground.signed_here(row)

    def quick(key: str, openers: Sequence[Fact]) -> list[InstanceVerdict] | None:
        found, given = [], answers.get(key)
        for opener in openers:
            at = opener.at
            if at < opened:
                continue
            if opener.standing != SIGNED:
                return None
            since = opened if most is None else Instant(at - most.milliseconds)
            answer = None if given is None else _first(given, since, at)
            if answer is not None:
                if answer.standing != SIGNED:
                    return None
                found.append(InstanceVerdict(key, opener.entry, at, _KEPT, None, "", ESTABLISHED, NONE, ""))
            elif deaf or not scene.silent(row, scene.scope(shape.past, opener), Stretch(since, at)):
                found.append(InstanceVerdict(key, opener.entry, at, _UNKNOWN, None, "", NONE, NONE, ""))
            else:
                found.append(InstanceVerdict(key, opener.entry, at, _BREACHED, None, "", NONE, ESTABLISHED, ""))
        return found

    return quick


def _first(facts: Sequence[Fact], start: Instant, end: Instant) -> Fact | None:
    """The earliest of a stretch, both ends included."""
    for fact in facts:
        if fact.at >= start:
            return fact if fact.at <= end else None
    return None
