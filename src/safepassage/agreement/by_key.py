"""Three shapes whose every instance is judged from one key's facts alone: duty, precondition, ban."""

from __future__ import annotations

import msgspec

from safepassage.agreement.clause import Atom, Ban, Before, Calendar, Clause, Duty, Elapsed, Open
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
    window = _window(clause, shape.within, opener, scene)
    opened, pending = scene.opening(shape.each, opener), window.limit is None or scene.now <= window.limit
    done, found = scene.sought(shape.act, opener, answers, window.narrow, window.wide, pending or window.runs)
    excepted, excuses = _excepted(shape, opener, case, window, pending or window.runs, scene)
    value = either(negation(opened), either(done, excepted))
    entries = [fact.entry for fact in (*found[:1], *(excuses if done.for_ < ESTABLISHED else ()))]
    why, cited = _reason(shape, opener, done, found, excuses, value, window, scene)
    return instance(key, opener, value, window.limit, pending, why, [*entries, *cited])


class _Window(msgspec.Struct, frozen=True):
    """In which stretch the answer is owed. `limit`: as claimed.

    `narrow`, `wide`: what is in it whenever the opener happened, and what may be; `runs`: it may not be over yet.
    """

    limit: Instant | None
    narrow: tuple[Instant, Instant]
    wide: Stretch
    runs: bool


def _window(clause: Clause, within: Elapsed | Calendar, opener: Fact, scene: Scene) -> _Window:
    made = scene.made(opener)
    first, last = scene.deadlines(clause, within, made)
    ends = [scene.now if end is None else end for end in (first, last)]
    limit = scene.deadline(clause, within, opener.at)
    return _Window(limit, (made.end, ends[0]), Stretch(made.start, ends[1]), last is None or scene.now <= last)


def _excepted(shape: Duty, opener: Fact, case: Case, window: _Window, pending: bool, scene: Scene) -> tuple[Value, list[Fact]]:
    """X and Y, each in its own time: a state at any time up to the limit, anything else only inside the window."""
    if not shape.unless:
        return Value(NONE, ESTABLISHED), []
    whole, cited = Value(ESTABLISHED, NONE), []
    for number, atom in enumerate(shape.unless):
        narrow, wide = _since(atom, window)
        value, found = scene.sought(atom, opener, case.get(EXCEPTIONS + number, ()), narrow, wide, pending)
        whole = both(whole, value)
        cited += found[:1]
    return whole, cited


def _since(atom: Atom, window: _Window) -> tuple[tuple[Instant, Instant], Stretch]:
    """An exception's window: a state's begins with time itself."""
    if row_of(atom).state:
        return (Instant(0), window.narrow[1]), Stretch(Instant(0), window.wide.end)
    return window.narrow, window.wide


def _reason(
    shape: Duty,
    opener: Fact,
    done: Value,
    found: list[Fact],
    excuses: list[Fact],
    value: Value,
    window: _Window,
    scene: Scene,
) -> tuple[str, tuple[EntryId, ...]]:
    """The sentence behind a verdict, and the watches it rests on."""
    row, places, limit = row_of(shape.act), scene.scope(shape.act, opener), window.limit
    what = row.means.value
    by = f"the limit is {scene.moment(limit)}" if limit is not None else "the clock stands still while passage is suspended"
    if done.for_ == ESTABLISHED:
        return f"{what} at {scene.moment(found[0].at)}, {after(opener.at, found[0].at)}; {by}", ()
    if value.for_ == ESTABLISHED:
        return f"excepted: {' and '.join(f.what.value for f in excuses)}; {by}", ()
    alleged = f"{what} at {scene.moment(found[0].at)} {_doubtful(found[0], scene)}; " if found else ""
    if value.against == ESTABLISHED:
        silent = [(scene.covered_by(row_of(atom)), scene.scope(atom, opener)) for atom in (shape.act, *shape.unless)]
        cited = [entry for kind, where in silent for entry in scene.watches.citing(kind, where, window.wide)]
        return f"{alleged}no {what} is recorded up to {scene.moment(window.wide.end)}, and all of that time was watched", tuple(cited)
    if limit is None or scene.now <= limit:
        return f"{alleged}{by}", ()
    unseen = scene.unseen(scene.covered_by(row), places, window.wide) or _unseen_exception(shape, opener, window.wide, scene)
    return f"{alleged}no signed {what} is recorded, and {unseen or 'what opened it is only alleged'}", ()


def _doubtful(fact: Fact, scene: Scene) -> str:
    """Why a record that may show it does not."""
    if fact.standing != SIGNED or scene.proved is None:
        return "is only alleged"
    made = scene.made(fact)
    since = scene.moment(made.start) if made.start else "any time"
    return f"is recorded, but its time is not proved: it was made between {since} and {scene.moment(made.end)}"


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
    made, most = scene.made(opener), None if shape.at_most is None else shape.at_most.milliseconds
    first, last = (scene.opened if most is None else Instant(end - most) for end in (made.end, made.start))
    window = Stretch(min(last, made.start), made.end)
    done, found = scene.sought(shape.past, opener, case.get(ANSWERS, ()), (min(first, opener.at), made.start), window)
    value = either(negation(scene.opening(shape.each, opener)), done)
    row, places = row_of(shape.past), scene.scope(shape.past, opener)
    before = f" in the {render_limit(shape.at_most)} before" if shape.at_most else " before"
    if value.for_ == ESTABLISHED:
        why = f"{row.means.value} at {scene.moment(found[0].at)}" if found else "what opened it is only alleged"
    elif found:
        why = f"{row.means.value} at {scene.moment(found[0].at)} {_doubtful(found[0], scene)}"
    elif row.made_here:
        why = f"no signed {row.means.value} is in the ledger{before}"
    elif value.against == ESTABLISHED:
        why = f"no {row.means.value} is recorded{before}, and all of that time was watched"
    else:
        unseen = scene.unseen(scene.covered_by(row), places, window)
        why = f"no {row.means.value} is recorded{before}, and {unseen or 'what opened it is only alleged'}"
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
