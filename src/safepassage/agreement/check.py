"""A plain judge of explanations: it knows the flat log (`flat.py`) and six rules, and nothing of the evaluator.

1 what is cited is in force, and what opened the instance is cited first
2 kept: a signed entry of the right kind, key, place and time is cited
3 not met: what was done is cited; or the watches are, all of them, that cover the time in which the log holds nothing
4 pending: the limit is the opener's instant and what was agreed, and it is not over
5 not known: neither 2 nor 3 can be shown from the log
6 what is said beside it follows from for and against by the table, and nothing is cited that decides nothing

What spans many records (pairs, posts, running sums) it adds up anew from all of them (`spans.py`), and asks that all are cited.
"""

from __future__ import annotations

from safepassage.agreement import clause as c
from safepassage.agreement.explain import RULES, Explanation
from safepassage.agreement.facts import Fact
from safepassage.agreement.flat import AGREED, Due, Flat, cite, doubt, first_best, inside, key_of, openers, stated
from safepassage.agreement.spans import balance, ceiling, milestone, pairing, presence
from safepassage.agreement.vocabulary import BY_WORDS, Happening
from safepassage.values.times import Instant

_TABLE = {
    (2, 0): ("kept", ""), (2, 1): ("kept", "breached"), (2, 2): ("unknown", "both"), (1, 2): ("breached", "kept"),
    (0, 2): ("breached", ""), (0, 0): ("", ""), (1, 0): ("", "kept"), (0, 1): ("", "breached"), (1, 1): ("", "both"),
}  # fmt: skip


def check(explanation: Explanation, clause: c.Clause, log: Flat) -> str:
    """What is wrong with an explanation, in a sentence; empty where nothing is."""
    one, entries = explanation.instance, explanation.entries
    if clause.label != explanation.label:
        return "it speaks of another clause"
    if (explanation.sentence, explanation.rule) != (clause.sentence, RULES[one.verdict]):
        return "it quotes the clause, or the rule, wrongly"
    if (explanation.why, entries) != (one.why, one.entries):
        return "it says one thing of the instance and another beside it"
    absent = [id for id in entries if id not in log.entries]
    if absent or (one.opened_by is not None and entries[:1] != (one.opened_by,)):
        return f"it cites {absent[0][:8]}, which is not in force" if absent else "it does not cite first what opened it"
    opener = next((f for f in openers(clause.shape, log, one.opened_by) if f.at == one.at and key_of(clause, f, log) == one.key), None)
    if opener is None and (one.opened_by is not None or one.at != log.opened):
        return "nothing in the log opens it so"
    due = _due(clause, opener, log)
    if due is None:
        return "nothing in the log opens it so"
    if due.key != one.key:
        return "it speaks of something else than what opened it"
    verdict, said = ("unknown", due.said) if due.said else _TABLE[due.for_, due.against]
    verdict = verdict or ("pending" if due.runs else "unknown")
    if (one.verdict.value, one.said) != (verdict, said):
        return f"the log bears out {verdict} {said}".rstrip()
    if (one.for_, one.against, one.until) != (due.for_, due.against, due.until if verdict == "pending" else None):
        return "what speaks for it, against it, or until when, is another"
    unsaid = [text for text in due.words if not _says(explanation.why, text)]
    if unsaid:
        return f"its sentence does not say: {unsaid[0]}"
    needed = log.behind(due.cite | ({opener.entry} if opener is not None else set()))
    return "" if set(entries) == needed and len(entries) == len(needed) else "it does not cite what decides it, and nothing else"


def _says(sentence: str, text: str) -> bool:
    """Whether a sentence says it, not as a part of a longer number or hour."""
    before, found, after = sentence.partition(text)
    while found:
        joined = after[:1].isdigit() or (after[:1] in (",", ":") and after[1:2].isdigit())
        if not joined and not before[-1:].isdigit() and not (before[-1:] in (",", ":") and before[-2:-1].isdigit()):
            return True
        more, found, after = after.partition(text)
        before += text + more
    return False


def _due(clause: c.Clause, f: Fact | None, log: Flat) -> Due | None:
    match clause.shape:
        case c.Duty() as shape if f is not None:
            return _duty(clause, shape, f, log)
        case c.Before(each, past, most) as shape if f is not None:
            key, (low, high) = key_of(clause, f, log), log.made(f)
            since = [log.opened if most is None else when - most.milliseconds for when in (low, high)]
            for_, against, best = stated(past, f, key, (since[1], low), (min(since[0], low), high), False, log)
            for_, against = max(for_, doubt(each, f, log)), min(against, f.standing)
            watches = log.cited(past, f, min(since[0], low), high) if against == 2 else ()
            return Due(key, for_, against, cite=cite(best, watches), words=log.done_at(best))
        case c.Ban(what, spot) if f is not None and not (spot is not None and f.place in spot.places):
            signed = [g for g in log.said(Happening.FINDING) if (g.about, g.clause, g.standing) == (f.entry, clause.label, 2)]
            open_ = not signed and (f.party is None or (spot is not None and f.place is None))
            for_, against = (0, 2) if signed else (0, 0) if open_ else (doubt(what, f, log), f.standing)
            return Due(f.entry, for_, against, cite=cite(signed[0] if signed else None), words=() if open_ else log.done_at(f))
        case c.Hours(each, start, end) if f is not None:
            good = inside(start, end, clause.zone, *log.made(f))
            words = tuple(f"{at}; the hours are {start} to {end}" for at in log.done_at(f))
            return Due(f.entry, 2 if good else 0 if good is None else doubt(each, f, log), f.standing if good is False else 0, words=words)
        case c.Cycle() as shape:
            return _cycle(clause, shape, f, log)
        case c.Pairing() as shape if f is not None:
            return pairing(clause, shape, f, log)
        case c.Presence() as shape if f is not None:
            return presence(clause, shape, f, log)
        case c.Balance() as shape if f is None:
            return balance(shape, log)
        case c.Milestone() as shape if f is not None:
            return milestone(clause, shape, f, log)
        case c.Ceiling() as shape:
            return ceiling(clause, shape, f, log)
        case _:
            return None


def _duty(clause: c.Clause, shape: c.Duty, f: Fact, log: Flat) -> Due:
    key = key_of(clause, f, log)
    if isinstance(shape.within, c.Open):
        done = [g for g in log.facts(shape.act, BY_WORDS[shape.act.words].joins[1], key) if f.at <= g.at <= log.now]
        return Due(key, max((g.standing for g in done), default=0), 0, cite=cite(done[0] if done else None), said=AGREED)
    low, high = log.made(f)
    readings = ((f.at, "claimed"),) if log.as_claimed else ((f.at, "claimed"), (low, "surely"), (high, "perhaps"))
    until, *other = (log.limit(shape.within, Instant(at), clause.zone, clause.clock_stops, reading) for at, reading in readings)
    ends = other or [until, until]
    runs, (first, end) = until is None or log.now <= until, [log.now if end is None else end for end in ends]
    still = runs or ends[1] is None or log.now <= ends[1]
    for_, against, best = stated(shape.act, f, key, (high, first), (low, end), still, log)
    acted = for_ == 2
    starts = [(0, 0) if BY_WORDS[a.words].state else (high, low) for a in shape.unless]
    parts = [stated(a, f, key, (s[0], first), (s[1], end), still, log) for a, s in zip(shape.unless, starts, strict=True)]
    excuses = [part[2] for part in parts if part[2] is not None] if for_ < 2 else []
    if parts:
        for_, against = max(for_, min(part[0] for part in parts)), min(against, max(part[1] for part in parts))
    for_, against = max(for_, doubt(shape.each, f, log)), min(against, f.standing)
    watches = {id for a in (shape.act, *shape.unless) for id in log.cited(a, f, low, end)} if against == 2 and for_ < 2 else set()
    words = [*(log.done_at(best) if acted or for_ < 2 else ()), *([log.by(until)] if for_ == 2 or (runs and against < 2) else ())]
    return Due(key, for_, against, until, runs, cite(best, (*(g.entry for g in excuses), *watches)), words=tuple(words))


def _cycle(clause: c.Clause, shape: c.Cycle, f: Fact | None, log: Flat) -> Due | None:
    again = f is not None and f.what is Happening.REPORT
    start, limit = f.at if f is not None else log.opened, shape.then if again else shape.first
    after = (start, f.entry) if again and f is not None else (start, "")
    reports = [g for g in log.facts(shape.act) if g.at >= log.opened and (g.at, g.entry) > after]
    key = "the adoption" if f is None else key_of(clause, f, log)
    if f is None and log.facts(shape.after):
        return None
    if isinstance(limit, c.Open):
        for_, best = first_best(reports, (start, log.now), (start, log.now), log)
        return Due(key, for_, 0, cite=cite(best), said=AGREED)
    until = log.limit(limit, start, clause.zone, clause.clock_stops)
    runs, end = until is None or log.now <= until, log.now if until is None else until
    for_, best = first_best(reports, (start, end), (start, end), log)
    against = 2 - for_ if not runs and log.watched(shape.act, None, start, end) else 0
    watches = log.cited(shape.act, None, start, end) if against == 2 else ()
    return Due(key, for_, against, until, runs, cite(best, watches), words=(*log.done_at(best), log.by(until)))
