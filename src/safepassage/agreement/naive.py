"""The plain definition of every verdict: the whole log, read again from the start, one sentence of the language at a time.

Slow on purpose. It shares the text, the vocabulary and the shape of a fact with the engine, and nothing else: no reading of
observations, no lattice, no limits, no merged watches, no order kept. The law is that `Evaluator` says the same whatever arrived when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import TypeAlias

from safepassage.agreement import clause as c
from safepassage.agreement.facts import Fact
from safepassage.agreement.naive_sources import graded
from safepassage.agreement.naive_time import Log, Moment, heard
from safepassage.agreement.proved import Proved
from safepassage.agreement.verdict import ClauseVerdict, Counts, InstanceVerdict, Verdict
from safepassage.agreement.vocabulary import BY_WORDS, Happening, Join
from safepassage.observation import Entry
from safepassage.values.ids import EntryId
from safepassage.values.places import World
from safepassage.values.times import DAY, SECOND, Instant, at, local

_K, _B, _P, _U = Verdict.KEPT, Verdict.BREACHED, Verdict.PENDING, Verdict.UNKNOWN
_TABLE = {
    (2, 0): (_K, ""), (2, 1): (_K, "breached"), (2, 2): (_U, "both"),
    (1, 2): (_B, "kept"), (0, 2): (_B, ""),
    (0, 0): (_P, ""), (1, 0): (_P, "kept"), (0, 1): (_P, "breached"), (1, 1): (_P, "both"),
}  # fmt: skip
"""For, against: the verdict; pending where the time still runs, and unknown in its place where it does not."""


def naive(
    agreement: c.Agreement, world: World, opened: Instant, entries: Iterable[Entry], now: Instant, proved: Proved | None = None
) -> list[ClauseVerdict]:
    """Every clause's verdict by definition, reasons and remarks left out.

    Parameters
    ----------
    entries
        What is in force at `now` (`fold.in_force`).
    proved
        What is proved of when they were made, for clauses that ask for that.
    """
    listed = list(entries)
    logs: dict[tuple[int, bool], Log] = {}
    for number, by_proof in {(clause.sources, clause.by_proof) for clause in agreement.clauses}:
        counted = listed if number == 1 else graded(listed, number, world)
        logs[number, by_proof] = heard(world, counted, opened, now, (proved or {}) if by_proof else None)
    return [_clause(clause, logs[clause.sources, clause.by_proof]) for clause in agreement.clauses]


def by_definition(agreement: c.Agreement, log: Log) -> list[ClauseVerdict]:
    """The same, of a log that is read already."""
    return [_clause(clause, log) for clause in agreement.clauses]


def _clause(clause: c.Clause, log: Log) -> ClauseVerdict:
    judge: dict[type, Callable[..., list[InstanceVerdict]]] = {
        c.Duty: _duty, c.Pairing: _pairing, c.Before: _before, c.Ban: _ban, c.Presence: _presence, c.Cycle: _cycle, c.Balance: _balance,
        c.Milestone: _milestone, c.Ceiling: _ceiling, c.Hours: _hours, c.Permission: lambda *_: [],
    }  # fmt: skip
    found = sorted(judge[type(clause.shape)](clause, clause.shape, log), key=lambda one: (one.at, one.opened_by or "", one.key))
    verdicts = [one.verdict for one in found]
    worst = next((verdict for verdict in (_B, _U, _P, _K) if verdict in verdicts), None)
    counts = Counts(verdicts.count(_K), verdicts.count(_B), verdicts.count(_P), verdicts.count(_U))
    share = _coverage(clause, log)
    return ClauseVerdict(clause.label, clause.title, clause.sentence, clause.owed_by, clause.source, tuple(found), worst, counts, share)


def _one(key: str, opener: Fact, for_: int, against: int, until: Instant | None, running: bool) -> InstanceVerdict:
    verdict, said = _TABLE[for_, against]
    if verdict is _P and not running:
        verdict = _U
    return InstanceVerdict(key, opener.entry, opener.at, verdict, until if verdict is _P else None, "", for_, against, said)


def _facts(log: Log, atom: c.Atom, opens: bool = False) -> list[Fact]:
    """What the log says of a phrase, in order; what happened before the opening opens nothing."""
    row = BY_WORDS[atom.words]
    return [
        fact
        for fact in log.facts
        if fact.what is row.means
        and (not atom.places or fact.place in atom.places)
        and (atom.party is None or fact.party == atom.party)
        and (not opens or fact.at >= log.opened)
    ]


def _joined(opener: Fact, fact: Fact, atom: c.Atom, log: Log) -> bool:
    """Whether two facts speak of the same thing, as the phrase's row says."""
    match BY_WORDS[atom.words].joins[1]:
        case Join.PERSON:
            return fact.person is not None and fact.person == opener.person
        case Join.PERSON_THERE:
            return fact.person is not None and (fact.person, fact.place) == (opener.person, opener.place) and fact.place is not None
        case Join.ABOUT:
            return fact.about == opener.entry
        case Join.SIDE if Join.OTHER_SIDE in BY_WORDS[atom.words].joins:
            return fact.side is not None and fact.side == log.other(opener.side)
        case Join.SIDE:
            return fact.side is not None and fact.side == opener.side
        case _:
            return True


def _key(opener: Fact, atom: c.Atom, log: Log) -> str | None:
    match BY_WORDS[atom.words].joins[0]:
        case Join.PERSON:
            return opener.person
        case Join.PERSON_THERE:
            return f"{opener.person} {opener.place}" if opener.person and opener.place else None
        case Join.OWN:
            return opener.entry
        case Join.SIDE:
            return opener.side
        case Join.OTHER_SIDE:
            return log.other(opener.side)
        case _:
            return ""


def _doubt(each: c.Atom, opener: Fact, log: Log) -> int:
    """1 where what opened the instance is only alleged, although somebody signed for all of its kind then and there."""
    low, high = log.made(opener)
    return int(opener.standing == 1 and log.watched_through(each, opener, Instant(low), Instant(high)))


Ends: TypeAlias = tuple[int, int]


def _exists(atom: c.Atom, opener: Fact, sure: Ends, perhaps: Ends, runs: bool, log: Log) -> tuple[int, int]:
    """How well it is recorded that it happened in the stretch, and how well that it did not; never while its time still runs."""
    found = [(fact.standing, *log.made(fact)) for fact in _facts(log, atom) if _joined(opener, fact, atom, log)]
    shown = [standing == 2 and sure[0] <= low and high <= sure[1] for standing, low, high in found]
    possible = [low <= perhaps[1] and high >= perhaps[0] for _, low, high in found]
    best = 2 if any(shown) else 1 if any(possible) else 0
    quiet = not runs and (log.signed_here(atom) or log.watched_through(atom, opener, Instant(perhaps[0]), Instant(perhaps[1])))
    return best, (2 if best == 0 else 1 if best == 1 else 0) if quiet else 0


def _duty(clause: c.Clause, shape: c.Duty, log: Log) -> list[InstanceVerdict]:
    found = []
    for opener in _facts(log, shape.each, opens=True):
        key = _key(opener, shape.act, log)
        if key is None:
            continue
        if isinstance(shape.within, c.Open):
            claimed = [f for f in _facts(log, shape.act) if opener.at <= f.at <= log.now and _joined(opener, f, shape.act, log)]
            best = max((f.standing for f in claimed), default=0)
            found.append(InstanceVerdict(key, opener.entry, opener.at, _U, None, "", best, 0, "limit not agreed"))
            continue
        low, high = log.made(opener)
        limit = _limit(clause, shape.within, opener.at, log)
        ends = [_limit(clause, shape.within, Instant(low), log, "surely"), _limit(clause, shape.within, Instant(high), log, "perhaps")]
        first, last = (log.now if end is None else end for end in ends)
        runs = limit is None or log.now <= limit
        may_run = runs or ends[1] is None or log.now <= ends[1]
        for_, against = _exists(shape.act, opener, (high, first), (low, last), may_run, log)
        if shape.unless:
            starts = [(0, 0) if BY_WORDS[atom.words].state else (high, low) for atom in shape.unless]
            parts = [
                _exists(atom, opener, (sure, first), (perhaps, last), may_run, log)
                for atom, (sure, perhaps) in zip(shape.unless, starts, strict=True)
            ]
            for_ = max(for_, min(part[0] for part in parts))
            against = min(against, max(part[1] for part in parts))
        for_, against = max(for_, _doubt(shape.each, opener, log)), min(against, opener.standing)
        found.append(_one(key, opener, for_, against, limit, runs))
    return found


def _before(clause: c.Clause, shape: c.Before, log: Log) -> list[InstanceVerdict]:
    found = []
    for opener in _facts(log, shape.each, opens=True):
        key, (low, high) = _key(opener, shape.past, log), log.made(opener)
        since = [log.opened if shape.at_most is None else when - shape.at_most.milliseconds for when in (low, high)]
        if key is not None:
            for_, against = _exists(shape.past, opener, (since[1], low), (min(since[0], low), high), False, log)
            for_, against = max(for_, _doubt(shape.each, opener, log)), min(against, opener.standing)
            found.append(_one(key, opener, for_, against, None, False))
    return found


def _ban(clause: c.Clause, shape: c.Ban, log: Log) -> list[InstanceVerdict]:
    found = []
    for fact in _facts(log, shape.what, opens=True):
        if shape.except_at is not None and fact.place in shape.except_at.places:
            continue
        findings = [
            f for f in log.facts if f.what is Happening.FINDING and (f.about, f.clause, f.standing) == (fact.entry, clause.label, 2)
        ]
        if findings:
            found.append(_one(fact.entry, fact, 0, 2, None, False))
        elif fact.party is None or (shape.except_at is not None and fact.place is None):
            found.append(_one(fact.entry, fact, 0, 0, None, False))
        else:
            found.append(_one(fact.entry, fact, _doubt(shape.what, fact, log), fact.standing, None, False))
    return found


def _limit(clause: c.Clause, limit: c.Limit, start: Instant, log: Log, reading: str = "claimed") -> Instant | None:
    """The last instant that counts: pushed on until as much time has run unsuspended as was agreed."""
    if isinstance(limit, c.Elapsed):
        end = start + limit.milliseconds
    else:
        assert isinstance(limit, c.Calendar)
        end = at(local(start, clause.zone).date() + timedelta(days=limit.days + 1), "00:00", clause.zone) - 1
    if not any(isinstance(note, c.ClockStops) for note in clause.notes):
        return Instant(end)
    agreed = end
    while True:
        stood = log.suspended_between(start, Instant(end), reading)
        if stood is None:
            return None
        if agreed + stood == end:
            return Instant(end)
        end = agreed + stood


def _pairs(each: Sequence[Fact], answers: Sequence[Moment], limits: dict[EntryId, Instant | None]) -> dict[EntryId, Moment]:
    """Each in turn takes the earliest of what is left that is neither too early nor too late."""
    left, pairs = list(answers), dict[EntryId, Moment]()
    for fact in each:
        limit = limits[fact.entry]
        fits = [one for one in left if fact.at <= one[0] and (limit is None or one[0] <= limit)]
        if fits:
            pairs[fact.entry] = min(fits)
            left.remove(min(fits))
    return pairs


def _pairing(clause: c.Clause, shape: c.Pairing, log: Log) -> list[InstanceVerdict]:
    each, answers = _facts(log, shape.each, opens=True), _facts(log, shape.act)
    if isinstance(shape.within, c.Open):
        return [InstanceVerdict(str(f.vehicle), f.entry, f.at, _U, None, "", 0, 0, "limit not agreed") for f in each]
    limits = {fact.entry: _limit(clause, shape.within, fact.at, log) for fact in each}
    signed, all_ = [(f.at, f.entry) for f in answers if f.standing == 2], [(f.at, f.entry) for f in answers]
    sure = _pairs(each, signed, limits)
    found = []
    for bus in each:
        rivals = each if bus.standing == 1 else [fact for fact in each if fact.standing == 2]
        end = log.now if limits[bus.entry] is None else limits[bus.entry]
        assert end is not None
        standing = 2 if bus.entry in sure else 1 if bus.entry in _pairs(rivals, all_, limits) else 0
        if standing == 1:
            quiet = log.watched_through(shape.act, bus, bus.at, end)
        else:
            quiet = not _unseen_helps(bus, rivals, all_, limits, shape, end, log)
        for_ = max(standing, _doubt(shape.each, bus, log))
        limit = limits[bus.entry]
        runs = limit is None or log.now <= limit
        against = 0 if runs else min(bus.standing, 2 - standing if quiet else 0)
        found.append(_one(str(bus.vehicle), bus, for_, against, limit, runs))
    return found


def _unseen_helps(
    bus: Fact,
    rivals: Sequence[Fact],
    answers: Sequence[Moment],
    limits: dict[EntryId, Instant | None],
    shape: c.Pairing,
    end: Instant,
    log: Log,
) -> bool:
    """Whether buses that nobody recorded, at some moment that nobody watched, would have left an answer for this one."""
    moments = {fact.at for fact in rivals} | {when for when, _ in answers} | {end}
    return any(
        bus.entry in _pairs(rivals, [*answers, *[(moment, "")] * len(rivals)], limits)
        for moment in log.unwatched_moments(shape.act, bus, moments)
        if moment <= end
    )


def _presence(clause: c.Clause, shape: c.Presence, log: Log) -> list[InstanceVerdict]:
    found = []
    gone = _facts(log, shape.leaves)
    leaves = [fact for fact in gone if fact.standing == 2]
    for entered in _facts(log, shape.enters, opens=True):
        ends = [f.at for f in leaves if (f.vehicle, f.place) == (entered.vehicle, entered.place) and f.at >= entered.at]
        end = min(ends) if ends else log.now
        hole = log.hole(entered, end, shape.gap.milliseconds, alleged=False)
        standing = 2 if hole is None else 1 if log.hole(entered, end, shape.gap.milliseconds, alleged=True) is None else 0
        perhaps = [f.at for f in gone if (f.vehicle, f.place) == (entered.vehicle, entered.place) and f.at >= entered.at]
        allowed = shape.gap.milliseconds
        sure = log.quiet_for(shape.present, entered, min([end, *perhaps]), allowed, alleged=True)
        silent = 2 if sure else 1 if standing < 2 and log.quiet_for(shape.present, entered, end, allowed, alleged=False) else 0
        for_ = max(standing if ends else 0, _doubt(shape.enters, entered, log))
        against = min(entered.standing, silent)
        until = Instant(max([entered.at, *log.known_on_post(entered, alleged=False)]) + shape.gap.milliseconds)
        found.append(_one(f"{entered.vehicle} {entered.place}", entered, for_, against, until, not ends and hole is None))
    return found


def _cycle(clause: c.Clause, shape: c.Cycle, log: Log) -> list[InstanceVerdict]:
    adopted, reports = _facts(log, shape.after)[:1], _facts(log, shape.act, opens=True)
    start = adopted[0].at if adopted else log.opened
    turns = [("the adoption", adopted[0].entry if adopted else None, start, shape.first, [f for f in reports if f.at >= start])]
    for number, report in enumerate(reports):
        turns.append((report.words, report.entry, report.at, shape.then, reports[number + 1 :]))
    return [_turn(clause, shape.act, *turn, log) for turn in turns]


def _turn(
    clause: c.Clause, act: c.Atom, key: str, entry: EntryId | None, start: Instant, limit: c.Limit, later: Sequence[Fact], log: Log
) -> InstanceVerdict:
    end = None if isinstance(limit, c.Open) else _limit(clause, limit, start, log)
    best = max((fact.standing for fact in later if end is None or fact.at <= end), default=0)
    quiet = end is not None and end < log.now and log.watched_through(act, None, start, end)
    if isinstance(limit, c.Open):
        return InstanceVerdict(key, entry, start, _U, None, "", best, 0, "limit not agreed")
    against = 2 - best if quiet else 0
    verdict, said = _TABLE[best, against]
    if verdict is _P and end is not None and log.now > end:
        verdict = _U
    return InstanceVerdict(key, entry, start, verdict, end if verdict is _P else None, "", best, against, said)


def _at_least(facts: Sequence[Fact], signed_only: bool = True) -> int:
    return sum(_low(f) for f in facts if f.standing == 2 or not signed_only)


def _low(fact: Fact) -> int:
    return 1 if fact.what is Happening.BUS_DEPARTURE else fact.heads.low if fact.heads else 0


def _first_to_reach(facts: Sequence[Fact], number: int, low: bool, told: bool) -> Fact | None:
    """The fact with which what is counted up to it reaches the number: every beginning of the list is added up anew."""
    for length in range(1, len(facts) + 1):
        counted = [f for f in facts[:length] if told or f.standing == 2]
        if (sum(map(_low, counted)) if low else sum(map(_most, counted))) >= number:
            return facts[length - 1]
    return None


def _milestone(clause: c.Clause, shape: c.Milestone, log: Log) -> list[InstanceVerdict]:
    """The duty may have opened at any instant from the earliest reading to the signed one; it is judged for both ends at once."""
    once, then = _facts(log, shape.once, opens=True), _facts(log, shape.then, opens=True)
    signed, told = _first_to_reach(once, shape.reached, True, False), _first_to_reach(once, shape.reached, True, True)
    opener = signed or told
    if opener is None:
        return []
    early = _first_to_reach(once, shape.reached, False, True)
    seen = log.watched_through(shape.once, None, log.opened, opener.at)
    earliest = early.at if seen and early is not None else log.opened
    start, widest = (log.opened, log.opened) if shape.in_all else (opener.at, earliest)
    if isinstance(shape.within, c.Open):
        lows = [_at_least([f for f in then if f.at >= start], only) >= shape.amount for only in (True, False)]
        best = 2 if lows[0] else 1 if lows[1] else 0
        return [InstanceVerdict("*", opener.entry, opener.at, _U, None, "", best, 0, "limit not agreed")]
    limit, first = _limit(clause, shape.within, opener.at, log), _limit(clause, shape.within, earliest, log)
    ends = [log.now if end is None else end for end in (first, limit)]
    enough = _at_least([f for f in then if start <= f.at <= ends[0]]) >= shape.amount
    as_told = _at_least([f for f in then if start <= f.at <= ends[1]], False) >= shape.amount
    best = 2 if enough else 1 if as_told else 0
    runs = limit is None or log.now <= limit
    quiet = not runs and log.watched_through(shape.then, None, widest, ends[1])
    too_few = sum(_most(f) for f in then if widest <= f.at <= ends[1]) < shape.amount
    against = 2 if quiet and too_few and best == 0 else 1 if quiet and best == 1 else 0
    against = min(against, 2 if signed is not None else 1)
    return [_one("*", opener, best, against, limit, runs)]


def _ceiling(clause: c.Clause, shape: c.Ceiling, log: Log) -> list[InstanceVerdict]:
    facts = _facts(log, shape.what, opens=True)
    if not shape.daily:
        for_, against = _under(shape, facts, log.opened, max(log.now, log.opened), log)
        verdict, said = _TABLE[for_, against]
        return [InstanceVerdict("*", None, log.opened, _U if verdict is _P else verdict, None, "", for_, against, said)]
    found = []
    for day in sorted({local(f.at, clause.zone).date() for f in facts}):
        mine = [f for f in facts if local(f.at, clause.zone).date() == day]
        begin, end = at(day, "00:00", clause.zone), Instant(at(day + timedelta(days=1), "00:00", clause.zone) - 1)
        runs = log.now <= end
        for_, against = _under(shape, mine, Instant(max(begin, log.opened)), end, log)
        found.append(_one(f"{day}", mine[0], 0 if runs else for_, against, end, runs))
    return found


def _under(shape: c.Ceiling, facts: Sequence[Fact], start: Instant, end: Instant, log: Log) -> tuple[int, int]:
    within = sum(map(_most, facts)) <= shape.limit and log.watched_through(shape.what, None, start, end)
    over, said = _at_least(facts) > shape.limit, _at_least(facts, False) > shape.limit
    return 2 if within else 0, 2 if over else 1 if said else 0


def _hours(clause: c.Clause, shape: c.Hours, log: Log) -> list[InstanceVerdict]:
    found = []
    for fact in _facts(log, shape.each, opens=True):
        low, high = log.made(fact)
        asked = (*range(low, high, SECOND), high) if high - low <= DAY else ()
        good = {_open_at(Instant(t), clause, shape) for t in asked} or {True, False}
        against = fact.standing if good == {False} else 0
        for_ = 2 if good == {True} else _doubt(shape.each, fact, log) if good == {False} else 0
        found.append(_one(fact.entry, fact, for_, against, None, False))
    return found


def _open_at(moment: Instant, clause: c.Clause, shape: c.Hours) -> bool:
    seen = local(moment, clause.zone)
    clock, start, end = (seen.hour * 60 + seen.minute) * 60 + seen.second, _seconds(shape.start), _seconds(shape.end)
    return start <= clock <= end if start <= end else not end < clock < start


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _balance(clause: c.Clause, shape: c.Balance, log: Log) -> list[InstanceVerdict]:
    one, other = _facts(log, shape.one, opens=True), _facts(log, shape.other, opens=True)
    instants = sorted({fact.at for fact in (*one, *other)})
    until = max(log.now, log.opened)
    watched = all(log.watched_through(atom, None, log.opened, until) for atom in (shape.one, shape.other))
    kept = watched and all(_apart(one, other, t)[1] <= shape.limit and _apart(other, one, t)[1] <= shape.limit for t in instants)
    over = said = False
    for t in instants:
        for ahead, behind, atom in ((one, other, shape.other), (other, one, shape.one)):
            least, _, if_so = _apart(ahead, behind, t)
            over |= least > shape.limit and log.watched_through(atom, None, log.opened, t)
            said |= if_so > shape.limit
    for_, against = (2 if kept else 0), (2 if over else 1 if said and not kept else 0)
    verdict, words = _TABLE[for_, against]
    return [InstanceVerdict("*", None, log.opened, _U if verdict is _P else verdict, None, "", for_, against, words)]


def _apart(ahead: Sequence[Fact], behind: Sequence[Fact], t: Instant) -> tuple[float, float, float]:
    """How far ahead one sum is: at the least, at the most, and at the least if all that is alleged of it were so."""
    low = sum(_low(f) for f in ahead if f.at <= t and f.standing == 2)
    low_if_so = sum(_low(f) for f in ahead if f.at <= t)
    high = sum(_most(f) for f in ahead if f.at <= t)
    others_low = sum(_low(f) for f in behind if f.at <= t and f.standing == 2)
    others_signed = sum(_most(f) for f in behind if f.at <= t and f.standing == 2)
    return low - sum(_most(f) for f in behind if f.at <= t), high - others_low, low_if_so - others_signed


def _most(fact: Fact) -> float:
    if fact.what is Happening.BUS_DEPARTURE:
        return 1
    return float("inf") if fact.heads is None or fact.heads.high is None else fact.heads.high


def _coverage(clause: c.Clause, log: Log) -> int | None:
    """Watched milliseconds of all the clause's windows up to now, in thousandths."""
    shape, whole = clause.shape, (log.opened, max(log.opened, log.now))
    windows: list[tuple[c.Atom, Fact | None, Instant, Instant]] = []
    match shape:
        case c.Ban(what) | c.Ceiling(what):
            windows = [(what, None, *whole)]
        case c.Balance(one, other):
            windows = [(one, None, *whole), (other, None, *whole)]
        case c.Duty(each, act, within) | c.Pairing(each, act, within):
            for fact in _facts(log, each, opens=True):
                limit = None if isinstance(within, c.Open) else _limit(clause, within, fact.at, log)
                if isinstance(shape, c.Pairing) or _key(fact, act, log) is not None:
                    windows.append((act, fact, fact.at, log.now if limit is None else min(limit, log.now)))
        case c.Before(each, past, most):
            for fact in _facts(log, each, opens=True):
                since = log.opened if most is None else Instant(fact.at - most.milliseconds)
                if _key(fact, past, log) is not None:
                    windows.append((past, fact, min(since, fact.at), fact.at))
        case c.Presence(enters, leaves, present):
            left = [f for f in _facts(log, leaves) if f.standing == 2]
            for fact in _facts(log, enters, opens=True):
                ends = [f.at for f in left if (f.vehicle, f.place) == (fact.vehicle, fact.place) and f.at >= fact.at]
                windows.append((present, fact, fact.at, max(fact.at, min(ends, default=log.now))))
        case c.Cycle(act):
            windows = [(act, None, *whole)]
        case c.Milestone(once, _, then):
            windows = [(once, None, *whole), (then, None, *whole)]
        case c.Hours() | c.Permission():
            return None
    parts = [log.share(*window) for window in windows]
    if not parts or any(log.covered_by(atom) is None for atom, *_ in windows):
        return None
    return sum(seen for seen, _ in parts) * 1000 // sum(of for _, of in parts)
