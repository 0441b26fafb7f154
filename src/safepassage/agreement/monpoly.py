"""A second opinion: each clause as a signature, a formula of its breach and two logs, for the monitor MonPoly to judge beside us.

Time is in whole seconds from the opening. Limits of hours stay in the formula; what is counted by calendar days, by a clock that
stops or by a sum is given as the instant at which it was due, computed here. A pairing is not searched there: our pairs are
handed over and checked for order, limit and injectivity. Every log assumes that silence counts: it is the closed world.
Source: Basin et al., Monitoring Metric First-Order Temporal Properties, 2015; docs/how-to/second-opinion.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from safepassage.agreement import clause as c
from safepassage.agreement.by_clause import left_of, matched, posts_at
from safepassage.agreement.by_sum import inside_hours, reached
from safepassage.agreement.facts import SIGNED, Fact, Ground
from safepassage.agreement.heard import ANSWERS, EXCEPTIONS, OPENS, POSTS, Heard, ears, order
from safepassage.agreement.limits import deadline, suspensions
from safepassage.agreement.parity import BEYOND, amount
from safepassage.agreement.reader import row_of
from safepassage.agreement.vocabulary import Happening
from safepassage.values.ids import ClauseLabel
from safepassage.values.places import World
from safepassage.values.times import SECOND, Instant, Stretch, local

Point = tuple[int, str]
"""The second, and what the log says there."""


class Opinion(msgspec.Struct, frozen=True):
    """What is written for one clause. `formula` is true of each breach; `established` holds what is signed, `alleged` all."""

    label: ClauseLabel
    signature: str
    formula: str
    established: str
    alleged: str


class LeftOut(msgspec.Struct, frozen=True):
    """A clause of which nothing is written, and why."""

    label: ClauseLabel
    why: str


class _Terms(msgspec.Struct, frozen=True):
    """One clause's export before it is text."""

    predicates: Sequence[str]
    formula: str
    points: Iterable[Point]
    before: int = 0
    """Seconds by which time begins before the opening."""


def opinions(agreement: c.Agreement, world: World, opened: Instant, facts: Sequence[Fact], now: Instant) -> list[Opinion]:
    """Every clause that says something to be breached."""
    found = []
    for clause in (each for each in agreement.clauses if not _why_left_out(each.shape)):
        signed = [fact for fact in facts if fact.standing == SIGNED]
        one, other = (_terms(clause, _Log(clause, world, opened, part, now)) for part in (signed, facts))
        logs = [_text(each.points, (now - opened) // SECOND + each.before) for each in (one, other)]
        found.append(Opinion(clause.label, "\n".join([*one.predicates, "tick()"]) + "\n", one.formula + "\n", *logs))
    return found


def left_out(agreement: c.Agreement) -> list[LeftOut]:
    """Every other clause, in order."""
    return [LeftOut(clause.label, why) for clause in agreement.clauses if (why := _why_left_out(clause.shape))]


def _why_left_out(shape: c.Shape) -> str:
    """Nothing where it is written."""
    match shape:
        case c.Permission():
            return "a permission: nothing about it is met or unmet"
        case c.Duty(within=c.Open(words)) | c.Pairing(within=c.Open(words)) | c.Milestone(within=c.Open(words)):
            return f"its limit is left open ([{words}]): it can never be breached"
        case _:
            return ""


class _Log:
    """One clause's facts by part, and its time."""

    def __init__(self, clause: c.Clause, world: World, opened: Instant, facts: Sequence[Fact], now: Instant) -> None:
        self.clause, self.opened, self.now = clause, opened, now
        self.seen_there = [fact for fact in facts if fact.what is Happening.SEEN_THERE]
        """Whatever shows its signer at a place: no clause listens for it, a post lasts by it."""
        self._suspended = suspensions(facts) if clause.clock_stops else ()
        self._parts: dict[int, list[tuple[str, Fact]]] = {}
        for part, ear in ears(clause):
            heard = Heard(ear, Ground(world), opened)
            mine = [(key, fact) for fact in facts if fact.what is ear.what and (key := heard.key(fact)) is not None]
            self._parts.setdefault(part, []).extend(mine)

    def keyed(self, part: int, since: int | None = None) -> list[tuple[str, Fact]]:
        """In order; from the opening on, or since an instant that lies before it."""
        start = self.opened if since is None else since
        return sorted(((k, f) for k, f in self._parts.get(part, ()) if f.at >= start), key=lambda pair: order(pair[1]))

    def facts(self, part: int) -> list[Fact]:
        return [fact for _, fact in self.keyed(part)]

    def earliest(self, part: int) -> Fact | None:
        """The first of all, also from before the opening."""
        return next((fact for _, fact in self.keyed(part, 0)), None)

    def second(self, at: Instant) -> int:
        return (at - self.opened) // SECOND

    def due(self, limit: c.Limit, start: Instant) -> Instant | None:
        return deadline(limit, start, self.clause.zone, self._suspended)

    def point(self, at: Instant, name: str, *terms: object) -> Point:
        return self.second(at), f"{name}({','.join(_term(term) for term in terms)})"


def _term(term: object) -> str:
    """An entry by its first 16 digits; what a wristband, a place or a matter is joined by stays whole."""
    text = str(term)
    return text if isinstance(term, int) else '"' + (text[:16] if len(text) == 64 else text).replace('"', "'") + '"'


def _text(points: Iterable[Point], last: int) -> str:
    """One time point for each second at which something is said, in order; the last one lets every limit run out that is over."""
    at: dict[int, list[str]] = {last: ["tick()"]}
    for second, said in points:
        if 0 <= second <= last:
            at.setdefault(second, []).append(said)
    return "".join(f"@{second} {' '.join(dict.fromkeys(at[second]))}\n" for second in sorted(at))


def _name(atom: c.Atom, part: int) -> str:
    return f"{re.sub('[^a-z]+', '_', row_of(atom).means.value.lower())}_{part}"


def _terms(clause: c.Clause, log: _Log) -> _Terms:
    match clause.shape:
        case c.Duty(within=c.Elapsed() as within) as shape if not clause.clock_stops:
            return _duty(shape, within.milliseconds // SECOND, log)
        case c.Permission():
            raise AssertionError(clause.label)  # left out: `_why_left_out`
        case c.Duty() as shape:
            return _due([(key, f, log.due(shape.within, f.at)) for key, f in log.keyed(OPENS)], log.keyed(ANSWERS), log)
        case c.Before() as shape:
            return _before(shape, log)
        case c.Ban() as shape:
            return _ban(shape, log)
        case c.Pairing() as shape:
            return _pairing(shape, log)
        case c.Presence() as shape:
            return _presence(shape, log)
        case c.Cycle() as shape:
            return _cycle(shape, log)
        case c.Balance() as shape:
            return _sum(shape.limit, shape.limit, log)
        case c.Milestone() as shape:
            return _milestone(shape, log)
        case c.Ceiling(_, limit, False):
            return _sum(limit, None, log)
        case c.Ceiling() as shape:
            return _days(shape, log)
        case c.Hours() as shape:
            return _hours(shape, log)


def _duty(shape: c.Duty, seconds: int, log: _Log) -> _Terms:
    opens, answers = _name(shape.each, OPENS), _name(shape.act, ANSWERS)
    formula = f"{opens}(k,i) AND (NOT (EVENTUALLY[0,{seconds}] {answers}(k)))"
    predicates, points = [f"{opens}(k:string,i:string)", f"{answers}(k:string)"], list[Point]()
    parts = []
    for number, atom in enumerate(shape.unless):
        name = _name(atom, EXCEPTIONS + number)
        predicates.append(f"{name}(k:string)")
        inside = f"(EVENTUALLY[0,{seconds}] {name}(k))"
        parts.append(f"((ONCE {name}(k)) OR {inside})" if row_of(atom).state else inside)
        known = log.keyed(EXCEPTIONS + number, 0 if row_of(atom).state else None)
        points += [log.point(max(f.at, log.opened), name, k) for k, f in known]
    if parts:
        formula += f" AND (NOT ({' AND '.join(parts)}))"
    points += [log.point(f.at, opens, k, f.entry) for k, f in log.keyed(OPENS)]
    return _Terms(predicates, formula, [*points, *(log.point(f.at, answers, k) for k, f in log.keyed(ANSWERS))])


def _due(opened: Sequence[tuple[str, Fact, Instant | None]], answers: Sequence[tuple[str, Fact]], log: _Log) -> _Terms:
    """What was due at an instant that is computed here, and whether it was done by then: `done` names what it answers."""
    points = []
    for key, fact, limit in opened:
        if limit is not None:
            points.append(log.point(Instant(limit + SECOND), "due", fact.entry))
        done = [f for k, f in answers if k == key and f.at >= fact.at and (limit is None or f.at <= limit)]
        points += [log.point(f.at, "done", fact.entry) for f in done[:1]]
    return _Terms(["due(i:string)", "done(i:string)"], "due(i) AND (NOT (ONCE done(i)))", points)


def _before(shape: c.Before, log: _Log) -> _Terms:
    """What is looked back for at most so long may lie before the opening: then that much is put before it, and time begins there."""
    opens, past = _name(shape.each, OPENS), _name(shape.past, ANSWERS)
    before = shape.at_most.milliseconds if shape.at_most else 0
    most = f"[0,{before // SECOND}]" if shape.at_most else ""
    points = [log.point(Instant(f.at + before), opens, k, f.entry) for k, f in log.keyed(OPENS)]
    points += [log.point(Instant(f.at + before), past, k) for k, f in log.keyed(ANSWERS, log.opened - before)]
    predicates, formula = [f"{opens}(k:string,i:string)", f"{past}(k:string)"], f"{opens}(k,i) AND (NOT (ONCE{most} {past}(k)))"
    return _Terms(predicates, formula, points, before // SECOND)


def _ban(shape: c.Ban, log: _Log) -> _Terms:
    """Only what a signatory was seen to do, or what a signed finding names."""
    name, spared = _name(shape.what, OPENS), shape.except_at.places if shape.except_at else ()
    found = {f.about for _, f in log.keyed(ANSWERS, 0) if f.clause == log.clause.label and f.standing == SIGNED}
    mine = [f for f in log.facts(OPENS) if f.place not in spared and (f.entry in found or (f.party and not (spared and f.place is None)))]
    return _Terms([f"{name}(i:string)"], f"{name}(i)", [log.point(f.at, name, f.entry) for f in mine])


def _pairing(shape: c.Pairing, log: _Log) -> _Terms:
    """Our pairs as a certificate: an opener that none answers in time, one answered too early or late, or an answer used twice."""
    each, answers = log.facts(OPENS), log.facts(ANSWERS)
    limits = {f.entry: log.due(shape.within, f.at) for f in each}
    pairs = matched(each, answers, limits)
    points = [log.point(f.at, "opens", f.entry) for f in each]
    points += [log.point(a.at, "answers", a.entry) for a in answers]
    points += [log.point(Instant(limit + SECOND), "due", entry) for entry, limit in limits.items() if limit is not None]
    points += [log.point(answer.at, "pair", entry, answer.entry) for entry, answer in pairs.items()]
    unanswered = "due(i) AND (NOT (ONCE (EXISTS j. pair(i,j))))"
    out_of_time = "EXISTS j. (pair(i,j) AND (NOT ((ONCE opens(i)) AND answers(j))))"
    twice = "EXISTS j. EXISTS k. ((pair(i,j) AND (ONCE pair(k,j))) AND (NOT (i = k)))"
    predicates = ["opens(i:string)", "answers(j:string)", "due(i:string)", "pair(i:string,j:string)"]
    return _Terms(predicates, f"(({unanswered}) OR ({out_of_time})) OR ({twice})", points)


def _presence(shape: c.Presence, log: _Log) -> _Terms:
    """Judged a second after each gap could have become too long: a time point stands there even where nothing is said.

    A record of the post at that very second comes too late, and who leaves in it is still there: hence `[1,` and a second more.
    """
    gap = shape.gap.milliseconds // SECOND
    entered, leaves = log.facts(OPENS), log.facts(ANSWERS)
    signed = sorted([*(fact for _, fact in log.keyed(POSTS, 0)), *log.seen_there], key=order)
    posts = [(f.place, at) for f in entered for part in posts_at(signed, f.place).known for at in _marks(part, gap)]
    points = [log.point(f.at, "enters", f.vehicle, f.place, f.entry) for f in entered]
    points += [log.point(Instant(left.at + SECOND), "leaves", f.entry) for f in entered if (left := left_of(f, leaves))]
    points += [log.point(at, "post", place) for place, at in posts]
    points += [(log.second(at) + gap + 1, "tick()") for at in (*(f.at for f in entered), *(at for _, at in posts))]
    since = f"((NOT leaves(i)) SINCE[{gap + 1},*) enters(v,x,i))"
    predicates = ["enters(v:string,x:string,i:string)", "leaves(i:string)", "post(x:string)"]
    return _Terms(predicates, f"EXISTS v. EXISTS x. ({since} AND (NOT (ONCE[1,{gap}] post(x))))", points)


def _marks(known: Stretch, gap: int) -> list[Instant]:
    """A stretch on post as instants that leave no gap between them, its ends included."""
    return [*(Instant(at) for at in range(known.start, known.end, max(1, gap) * SECOND)), known.end]


def _cycle(shape: c.Cycle, log: _Log) -> _Terms:
    """Where no adoption is recorded, the first report is due from the opening on; that instance is called so, by no entry."""
    adopted, reports = log.earliest(ANSWERS), log.facts(OPENS)
    first = (log.opened, "the adoption") if adopted is None else (adopted.at, adopted.entry)
    turns = [(first, shape.first, [f for f in reports if f.at >= first[0]])]
    turns += [((one.at, one.entry), shape.then, reports[number + 1 :]) for number, one in enumerate(reports)]
    points = []
    for (start, name), within, later in turns:
        limit = log.due(within, start)
        points += [] if limit is None else [log.point(Instant(limit + SECOND), "due", name)]
        points += [log.point(f.at, "done", name) for f in later[:1] if limit is None or f.at <= limit]
    return _Terms(["due(i:string)", "done(i:string)"], "due(i) AND (NOT (ONCE done(i)))", points)


def _sum(above: int, below: int | None, log: _Log) -> _Terms:
    """A running sum of what each fact adds at the least, `n`, and of what at the most, `m`; the second sum is counted down."""
    points = [log.point(f.at, "flow", f.entry, amount(f).low, _most(f)) for f in log.facts(OPENS)]
    points += [log.point(f.at, "flow", f.entry, -_most(f), -amount(f).low) for f in log.facts(ANSWERS)]
    formula = f"(d <- SUM n (EXISTS m. (ONCE flow(i,n,m)))) AND (d > {above})"
    if below is not None:
        formula = f"({formula}) OR ((d <- SUM m (EXISTS n. (ONCE flow(i,n,m)))) AND (d < (0 - {below})))"
    return _Terms(["flow(i:string,n:int,m:int)"], formula, points)


def _most(fact: Fact) -> int:
    """What a fact adds at the most; what nobody counted, more than any limit."""
    high = amount(fact).high
    return BEYOND if high is None else high


def _milestone(shape: c.Milestone, log: _Log) -> _Terms:
    """Once the first sum has reached its number, for the first time, the second is too small at its limit.

    Hours stay in the formula; any other limit is the instant at which it was `due`, computed here from the fact that reached the number.
    A flow of nobody stands at the opening and at that fact, so that no sum is of nothing.
    """
    once, then = log.facts(OPENS), log.facts(ANSWERS)
    opener, _, highest = reached(once, shape.reached)
    early = log.opened if highest is None else highest.at
    points = [log.point(f.at, "once", f.entry, amount(f).low) for f in once]
    points += [log.point(log.opened, name, "nobody", 0) for name in ("once", "then")]
    points += [] if opener is None else [log.point(opener.at, "then", "nobody", 0)]
    predicates = ["once(i:string,n:int)", "then(j:string,m:int)"]
    if isinstance(shape.within, c.Elapsed) and not log.clause.clock_stops:
        late = [f for f in then if shape.in_all or (opener is not None and f.at >= early)]
        points += [log.point(f.at if opener is None else max(f.at, opener.at), "then", f.entry, _most(f)) for f in late]
        full = f"(EXISTS s. ((s <- SUM n (ONCE once(i,n))) AND (s > {shape.reached - 1})))"
        window = f"(EVENTUALLY[0,{shape.within.milliseconds // SECOND}] then(j,m))"
        counted = f"((ONCE then(j,m)) OR {window})" if shape.in_all else window
        few = f"(EXISTS d. ((d <- SUM m {counted}) AND (d < {shape.amount})))"
        return _Terms(predicates, f"({full} AND (NOT (PREVIOUS {full}))) AND {few}", points)
    limit = None if opener is None else log.due(shape.within, opener.at)
    counts = [f for f in then if shape.in_all or (opener is not None and f.at >= early)]
    points += [log.point(f.at, "then", f.entry, _most(f)) for f in counts]
    points += [] if limit is None else [log.point(Instant(limit + SECOND), "due")]
    few = f"(EXISTS d. ((d <- SUM m (ONCE then(j,m))) AND (d < {shape.amount})))"
    return _Terms([*predicates, "due()"], f"due() AND {few}", points)


def _days(shape: c.Ceiling, log: _Log) -> _Terms:
    day = [(f"{local(f.at, log.clause.zone):%Y-%m-%d}", f) for f in log.facts(OPENS)]
    formula = f"(d <- SUM n;k (ONCE flow(i,k,n))) AND (d > {shape.limit})"
    return _Terms(["flow(i:string,k:string,n:int)"], formula, [log.point(f.at, "flow", f.entry, k, amount(f).low) for k, f in day])


def _hours(shape: c.Hours, log: _Log) -> _Terms:
    outside = [f for f in log.facts(OPENS) if not inside_hours(f"{local(f.at, log.clause.zone):%H:%M:%S}", shape)]
    return _Terms(["outside(i:string)"], "outside(i)", [log.point(f.at, "outside", f.entry) for f in outside])
