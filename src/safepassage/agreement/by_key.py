"""Three shapes whose every instance is judged from one key's facts alone: duty, precondition, ban."""

from __future__ import annotations

from safepassage.agreement.clause import Ban, Before, Clause, Duty, Open
from safepassage.agreement.facts import SIGNED, Fact
from safepassage.agreement.heard import ANSWERS, EXCEPTIONS, OPENS, Case
from safepassage.agreement.operators import ESTABLISHED, NONE, Value, both, either, negation
from safepassage.agreement.reader import row_of
from safepassage.agreement.render import render_limit
from safepassage.agreement.scene import Scene, after, instance
from safepassage.agreement.verdict import NOT_AGREED, InstanceVerdict, Verdict
from safepassage.values.ids import EntryId
from safepassage.values.times import Instant, Stretch


def judge_duty(clause: Clause, shape: Duty, key: str, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """¬T ∨ R ∨ (X ∧ Y): each opening fact is owed an answer inside its own window."""
    return [_duty(clause, shape, key, opener, case, scene) for opener in case.get(OPENS, ())]


def _duty(clause: Clause, shape: Duty, key: str, opener: Fact, case: Case, scene: Scene) -> InstanceVerdict:
    answers = case.get(ANSWERS, [])
    if isinstance(shape.within, Open):
        return _not_agreed(key, opener, answers, scene.now)
    limit = scene.deadline(clause, shape.within, opener.at)
    end = scene.now if limit is None else limit
    opened, pending = scene.opening(shape.each, opener), limit is None or scene.now <= limit
    done, found = scene.sought(shape.act, opener, answers, Stretch(opener.at, end), pending)
    excepted, excuses = _excepted(shape, opener, case, end, pending, scene)
    value = either(negation(opened), either(done, excepted))
    entries = [fact.entry for fact in (*found[:1], *(excuses if done.for_ < ESTABLISHED else ()))]
    why, cited = _reason(shape, opener, found, excuses, value, Stretch(opener.at, end), limit, scene)
    return instance(key, opener, value, limit, pending, why, [*entries, *cited])


def _excepted(shape: Duty, opener: Fact, case: Case, end: Instant, pending: bool, scene: Scene) -> tuple[Value, list[Fact]]:
    """X and Y, each in its own time: a state at any time up to the limit, anything else only inside the window."""
    if not shape.unless:
        return Value(NONE, ESTABLISHED), []
    whole, cited = Value(ESTABLISHED, NONE), []
    for number, atom in enumerate(shape.unless):
        start = Instant(0) if row_of(atom).state else opener.at
        value, found = scene.sought(atom, opener, case.get(EXCEPTIONS + number, ()), Stretch(start, end), pending)
        whole = both(whole, value)
        cited += found[:1]
    return whole, cited


def _reason(
    shape: Duty,
    opener: Fact,
    found: list[Fact],
    excuses: list[Fact],
    value: Value,
    window: Stretch,
    limit: Instant | None,
    scene: Scene,
) -> tuple[str, tuple[EntryId, ...]]:
    """The sentence behind a verdict, and the watches it rests on."""
    row, places = row_of(shape.act), scene.scope(shape.act, opener)
    what = row.means.value
    by = f"the limit is {scene.moment(limit)}" if limit is not None else "the clock stands still while passage is suspended"
    if value.for_ == ESTABLISHED and found and found[0].standing == SIGNED:
        return f"{what} at {scene.moment(found[0].at)}, {after(opener.at, found[0].at)}; {by}", ()
    if value.for_ == ESTABLISHED:
        return f"excepted: {' and '.join(f.what.value for f in excuses)}; {by}", ()
    alleged = f"{what} at {scene.moment(found[0].at)} is only alleged; " if found else ""
    if value.against == ESTABLISHED:
        silent = [(scene.covered_by(row_of(atom)), scene.scope(atom, opener)) for atom in (shape.act, *shape.unless)]
        cited = [entry for kind, where in silent for entry in scene.watches.citing(kind, where, window)]
        return f"{alleged}no {what} is recorded up to {scene.moment(window.end)}, and all of that time was watched", tuple(cited)
    if limit is None or scene.now <= limit:
        return f"{alleged}{by}", ()
    unseen = scene.unseen(scene.covered_by(row), places, window) or _unseen_exception(shape, opener, window, scene)
    return f"{alleged}no signed {what} is recorded, and {unseen or 'what opened it is only alleged'}", ()


def _unseen_exception(shape: Duty, opener: Fact, window: Stretch, scene: Scene) -> str:
    return next(
        (text for atom in shape.unless if (text := scene.unseen(scene.covered_by(row_of(atom)), scene.scope(atom, opener), window))), ""
    )


def _not_agreed(key: str, opener: Fact, answers: list[Fact], now: Instant) -> InstanceVerdict:
    """A limit that the parties left open is never kept or breached, even if the thing was done."""
    done = [f for f in answers if opener.at <= f.at <= now]
    best = max((f.standing for f in done), default=NONE)
    entries = (opener.entry, *(f.entry for f in done[:1]))
    why = NOT_AGREED + (f"; {done[0].what.value} is recorded" if done else "")
    return InstanceVerdict(key, opener.entry, opener.at, Verdict.UNKNOWN, None, why, best, NONE, NOT_AGREED, entries)


def judge_before(clause: Clause, shape: Before, key: str, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """¬T ∨ R, with R at the same instant or earlier; never pending, since its window is over when it opens."""
    return [_before(shape, key, opener, case, scene) for opener in case.get(OPENS, ())]


def _before(shape: Before, key: str, opener: Fact, case: Case, scene: Scene) -> InstanceVerdict:
    since = scene.opened if shape.at_most is None else Instant(opener.at - shape.at_most.milliseconds)
    window = Stretch(min(since, opener.at), opener.at)
    done, found = scene.sought(shape.past, opener, case.get(ANSWERS, ()), window)
    value = either(negation(scene.opening(shape.each, opener)), done)
    row, places = row_of(shape.past), scene.scope(shape.past, opener)
    most = f" in the {render_limit(shape.at_most)} before" if shape.at_most else " before"
    if value.for_ == ESTABLISHED:
        why = f"{row.means.value} at {scene.moment(found[0].at)}" if found else "what opened it is only alleged"
    elif found:
        why = f"{row.means.value} at {scene.moment(found[0].at)} is only alleged"
    elif row.made_here:
        why = f"no signed {row.means.value} is in the ledger{most}"
    elif value.against == ESTABLISHED:
        why = f"no {row.means.value} is recorded{most}, and all of that time was watched"
    else:
        unseen = scene.unseen(scene.covered_by(row), places, window)
        why = f"no {row.means.value} is recorded{most}, and {unseen or 'what opened it is only alleged'}"
    cited = scene.watches.citing(scene.covered_by(row), places, window) if value.against == ESTABLISHED else ()
    return instance(key, opener, value, None, False, why, [*(f.entry for f in found[:1]), *cited])


def judge_ban(clause: Clause, shape: Ban, key: str, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """¬T. What persons not identified did is nobody's breach until a signed finding names a signatory."""
    findings = [f for f in case.get(ANSWERS, ()) if f.clause == clause.label]
    spared = shape.except_at.places if shape.except_at else ()
    return [_ban(shape, key, fact, findings, scene) for fact in case.get(OPENS, ()) if fact.place not in spared]


def _ban(shape: Ban, key: str, fact: Fact, findings: list[Fact], scene: Scene) -> InstanceVerdict:
    signed = [f for f in findings if f.standing == SIGNED]
    what = fact.words or fact.what.value
    if fact.party is None and not signed:
        basis = "recorded" if fact.standing == SIGNED else "alleged"
        why = f"{basis}, by persons not identified: {what} {scene.at_place(fact.place)}; nobody's breach until a signed finding"
        return instance(key, fact, Value(NONE, NONE), None, False, why, ())
    if shape.except_at and fact.place is None and not signed:
        why = f"{what} by {fact.party}, nobody recorded where; at {shape.except_at.name} it is no breach"
        return instance(key, fact, Value(NONE, NONE), None, False, why, ())
    party = fact.party or signed[0].party
    value = Value(NONE, ESTABLISHED) if signed else negation(scene.opening(shape.what, fact))
    how = "signed" if fact.standing == SIGNED else "alleged, not established"
    found = f", finding at {scene.moment(signed[0].at)}" if signed else ""
    why = f"{what} {scene.at_place(fact.place)} at {scene.moment(fact.at)} by {party}: {how}{found}"
    return instance(key, fact, value, None, False, why, [f.entry for f in signed[:1]])
