"""A plain judge of explanations: it knows the flat log (`flat.py`) and six rules, and nothing of the evaluator.

1 what is cited is in force, and what opened the instance is cited first
2 kept: a signed entry of the right kind, key, place and time is cited
3 not met: what was done is cited; or the watches are, all of them, that cover the time in which the log holds nothing
4 pending: the limit is the opener's instant and what was agreed, and it is not over
5 not known: neither 2 nor 3 can be shown from the log
6 what is said beside it follows from for and against by the table, and nothing is cited that decides nothing

Of pairings, presences and sums it asks only that verdict, for, against, limit and citations fit each other.
"""

from __future__ import annotations

from typing import NamedTuple

from safepassage.agreement import clause as c
from safepassage.agreement.explain import Explanation
from safepassage.agreement.facts import Fact
from safepassage.agreement.flat import Flat, cite, doubt, first_best, inside, key_of, openers, stated
from safepassage.agreement.vocabulary import BY_WORDS, Happening
from safepassage.values.ids import EntryId
from safepassage.values.times import Instant

_TABLE = {
    (2, 0): ("kept", ""), (2, 1): ("kept", "breached"), (2, 2): ("unknown", "both"), (1, 2): ("breached", "kept"),
    (0, 2): ("breached", ""), (0, 0): ("", ""), (1, 0): ("", "kept"), (0, 1): ("", "breached"), (1, 1): ("", "both"),
}  # fmt: skip
_AGREED = "limit not agreed"


class Due(NamedTuple):
    """What the log bears out of one instance. `until`: its limit; `runs`: it is not over; `cite`: what must be cited besides the opener."""

    key: str | None
    for_: int
    against: int
    until: Instant | None = None
    runs: bool = False
    cite: frozenset[EntryId] = frozenset()
    said: str = ""


def check(explanation: Explanation, clause: c.Clause, log: Flat) -> str:
    """What is wrong with an explanation, in a sentence; empty where nothing is."""
    one, entries = explanation.instance, explanation.entries
    if clause.label != explanation.label:
        return "it speaks of another clause"
    absent = [id for id in entries if id not in log.entries]
    if absent or (one.opened_by is not None and entries[:1] != (one.opened_by,)):
        return f"it cites {absent[0][:8]}, which is not in force" if absent else "it does not cite first what opened it"
    opener = next((f for f in openers(clause.shape, log, one.opened_by) if f.at == one.at and key_of(clause, f, log) == one.key), None)
    if opener is None and (one.opened_by is not None or one.at != log.opened):
        return "nothing in the log opens it so"
    due = _due(clause, opener, log)
    if due is None:
        return _loosely(explanation, clause, opener, log)
    if due.key != one.key:
        return "it speaks of something else than what opened it"
    verdict, said = ("unknown", due.said) if due.said else _TABLE[due.for_, due.against]
    verdict = verdict or ("pending" if due.runs else "unknown")
    if (one.verdict.value, one.said) != (verdict, said):
        return f"the log bears out {verdict} {said}".rstrip()
    if (one.for_, one.against, one.until) != (due.for_, due.against, due.until if verdict == "pending" else None):
        return "what speaks for it, against it, or until when, is another"
    needed = log.behind(due.cite | ({opener.entry} if opener is not None else set()))
    return "" if set(entries) == needed and len(entries) == len(needed) else "it does not cite what decides it, and nothing else"


def _due(clause: c.Clause, f: Fact | None, log: Flat) -> Due | None:
    match clause.shape:
        case c.Duty() as shape if f is not None:
            return _duty(clause, shape, f, log)
        case c.Before(each, past, most) as shape if f is not None:
            key, (low, high) = key_of(clause, f, log), log.made(f)
            since = [log.opened if most is None else when - most.milliseconds for when in (low, high)]
            for_, against, best = stated(past, f, key, (since[1], low), (min(since[0], low), high), False, log)
            for_, against = max(for_, doubt(each, f, log)), min(against, f.standing)
            return Due(key, for_, against, cite=cite(best, log.cited(past, f, min(since[0], low), high) if against == 2 else ()))
        case c.Ban(what, spot) if f is not None:
            signed = [g for g in log.said(Happening.FINDING) if (g.about, g.clause, g.standing) == (f.entry, clause.label, 2)]
            open_ = not signed and (f.party is None or (spot is not None and f.place is None))
            for_, against = (0, 2) if signed else (0, 0) if open_ else (doubt(what, f, log), f.standing)
            return Due(f.entry, for_, against, cite=cite(signed[0] if signed else None))
        case c.Hours(each, start, end) if f is not None:
            good = inside(start, end, clause.zone, *log.made(f))
            return Due(f.entry, 2 if good else 0 if good is None else doubt(each, f, log), f.standing if good is False else 0)
        case c.Cycle() as shape:
            return _cycle(clause, shape, f, log)
        case _:
            return None


def _duty(clause: c.Clause, shape: c.Duty, f: Fact, log: Flat) -> Due:
    key = key_of(clause, f, log)
    if isinstance(shape.within, c.Open):
        done = [g for g in log.facts(shape.act, BY_WORDS[shape.act.words].joins[1], key) if f.at <= g.at <= log.now]
        return Due(key, max((g.standing for g in done), default=0), 0, cite=cite(done[0] if done else None), said=_AGREED)
    low, high = log.made(f)
    until, *ends = (log.limit(shape.within, Instant(at), clause.zone, clause.clock_stops) for at in (f.at, low, high))
    runs, (first, end) = until is None or log.now <= until, [log.now if end is None else end for end in ends]
    for_, against, best = stated(shape.act, f, key, (high, first), (low, end), runs, log)
    starts = [(0, 0) if BY_WORDS[a.words].state else (high, low) for a in shape.unless]
    parts = [stated(a, f, key, (s[0], first), (s[1], end), runs, log) for a, s in zip(shape.unless, starts, strict=True)]
    excuses = [part[2] for part in parts if part[2] is not None] if for_ < 2 else []
    if parts:
        for_, against = max(for_, min(part[0] for part in parts)), min(against, max(part[1] for part in parts))
    for_, against = max(for_, doubt(shape.each, f, log)), min(against, f.standing)
    watches = {id for a in (shape.act, *shape.unless) for id in log.cited(a, f, low, end)} if against == 2 and for_ < 2 else set()
    return Due(key, for_, against, until, runs, cite(best, (*(g.entry for g in excuses), *watches)))


def _cycle(clause: c.Clause, shape: c.Cycle, f: Fact | None, log: Flat) -> Due:
    again = f is not None and f.what is Happening.REPORT
    start, limit = f.at if f is not None else log.opened, shape.then if again else shape.first
    after = (start, f.entry) if again and f is not None else (start, "")
    reports = [g for g in log.facts(shape.act) if g.at >= log.opened and (g.at, g.entry) > after]
    key = "the adoption" if f is None else key_of(clause, f, log)
    if isinstance(limit, c.Open):
        return Due(key, max((g.standing for g in reports), default=0), 0, said=_AGREED)
    until = log.limit(limit, start, clause.zone, clause.clock_stops)
    runs, end = until is None or log.now <= until, log.now if until is None else until
    for_, best = first_best(reports, (start, end), (start, end), log)
    against = 2 - for_ if not runs and log.watched(shape.act, None, start, end) else 0
    return Due(key, for_, against, until, runs, cite(best, log.cited(shape.act, None, start, end) if against == 2 else ()))


def _loosely(explanation: Explanation, clause: c.Clause, opener: Fact | None, log: Flat) -> str:
    """Rules 1, 4 and 6 of what spans many instances: for and against, the verdict and what is cited must fit each other."""
    one, cited = explanation.instance, set(explanation.entries) - log.behind([explanation.instance.opened_by])
    open_ = isinstance(getattr(clause.shape, "within", None), c.Open)
    if open_ and one.against:
        return "nothing speaks against what has no limit"
    verdict, said = ("unknown", _AGREED) if open_ else _TABLE[one.for_, one.against]
    runs, within = one.verdict.value == "pending", getattr(clause.shape, "within", None)
    if opener is not None and within is not None and not open_ and not verdict:
        until = log.limit(within, opener.at, clause.zone, clause.clock_stops)
        if runs is not (until is None or log.now <= until) or one.until != (until if runs else None):
            return "the limit is another"
    elif (one.until is not None) is not runs or (one.until is not None and one.until < log.now):
        return "what is pending has a limit that is not over, and nothing else has one"
    if (one.verdict.value, one.said) != (verdict or ("pending" if runs else "unknown"), said):
        return "for and against do not give this verdict"
    watches = log.behind(watch.entry for watch in log.watches)
    spans = isinstance(clause.shape, c.Pairing | c.Presence) and said != _AGREED
    if spans and (one.against == 2) != bool(cited & watches):
        return "silence is called not met without a watch, or a watch is cited that decides nothing"
    if spans and isinstance(clause.shape, c.Pairing) and (one.for_ > 0) != bool(cited - watches) and one.for_ != 1:
        return "the bus that answers is not cited, or one that does not"
    return ""
