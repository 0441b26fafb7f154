"""What a flat log bears out of sentences whose instances share one history: pairs, posts and running sums, each added up anew.

Like `check.py` and `flat.py` it knows nothing of the evaluator: a pairing is read from the front, a post from its own records,
a sum from every record that it is a sum of.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import NamedTuple

from safepassage.agreement import clause as c
from safepassage.agreement.explain import bounded, moment
from safepassage.agreement.facts import Fact
from safepassage.agreement.flat import AGREED, Due, Ends, Flat, cite, doubt, key_of
from safepassage.agreement.vocabulary import Happening
from safepassage.values.ids import EntryId, PlaceId
from safepassage.values.times import Instant, at, local

Limits = Mapping[EntryId, int]
WITHOUT_END = float("inf")


class Pairs(NamedTuple):
    """All who may claim an answer, in order, with their last instants; which answer each has, of the signed and of all."""

    each: list[Fact]
    limits: Limits
    sure: dict[EntryId, Fact]
    likely: dict[EntryId, Fact]
    possible: dict[EntryId, Fact]


def first_come(each: Sequence[Fact], answers: Sequence[Fact], limits: Limits) -> dict[EntryId, Fact]:
    """Each in turn takes the earliest answer that is left, at its own instant or later and inside its limit."""
    pairs, at = dict[EntryId, Fact](), bisect_left(answers, each[0].at, key=lambda f: f.at) if each else 0
    for fact in each:
        while at < len(answers) and answers[at].at < fact.at:
            at += 1
        if at < len(answers) and answers[at].at <= limits[fact.entry]:
            pairs[fact.entry], at = answers[at], at + 1
    return pairs


def _pairs(clause: c.Clause, shape: c.Pairing, log: Flat) -> Pairs:
    each, answers = log.since_opening(shape.each), log.facts(shape.act)
    ends = {f.entry: log.limit(shape.within, f.at, clause.zone, clause.clock_stops) for f in each}
    limits = {entry: log.now if end is None else end for entry, end in ends.items()}
    signed = [f for f in each if f.standing == 2]
    sure = first_come(each, [f for f in answers if f.standing == 2], limits)
    return Pairs(each, limits, sure, first_come(signed, answers, limits), first_come(each, answers, limits))


def pairing(clause: c.Clause, shape: c.Pairing, bus: Fact, log: Flat) -> Due:
    """For *kept* every rival and signed answers alone; against it signed rivals, every answer, and silence while any could be freed."""
    key = key_of(clause, bus, log)
    if isinstance(shape.within, c.Open):
        return Due(key, 0, 0, said=AGREED)
    until = log.limit(shape.within, bus.at, clause.zone, clause.clock_stops)
    pairs = log.once((clause.label, "pairs"), lambda: _pairs(clause, shape, log))
    others = pairs.likely if bus.standing == 2 else pairs.possible
    answer = pairs.sure.get(bus.entry) or others.get(bus.entry)
    standing = 2 if bus.entry in pairs.sure else 1 if answer is not None else 0
    runs, end = until is None or log.now <= until, log.now if until is None else until
    start = bus.at
    if not runs and not standing and log.watched(shape.act, bus, start, end):
        start = _freed(bus, [f for f in pairs.each if f.standing == 2 or bus.standing == 1], log.facts(shape.act), pairs.limits)
    quiet = standing < 2 and not runs and log.watched(shape.act, bus, start, end)
    against = min(bus.standing, 2 - standing) if quiet else 0
    watches = log.cited(shape.act, bus, start, end) if against == 2 else ()
    words = (*log.done_at(answer, f"answered by {answer.vehicle if answer else ''} at"), log.by(until))
    return Due(key, max(standing, doubt(shape.each, bus, log)), against, until, runs, cite(answer, watches), words=words)


def _freed(bus: Fact, rivals: Sequence[Fact], answers: Sequence[Fact], limits: Limits) -> Instant:
    """From which moment buses that nobody recorded would have left an answer for this one.

    As many as anyone could want at one moment serve all who came by then, and leave to those who came after it all later answers.
    """
    start, after = bus.at, [bus]
    before = [f for f in rivals if (f.at, f.entry) < (bus.at, bus.entry)]
    while before and bus.entry in first_come(after, answers, limits):
        start = before[-1].at
        while before and before[-1].at == start:
            after.insert(0, before.pop())
    return start


class Post(NamedTuple):
    """From taking a post to the last thing that the same observer signed there before leaving it; or a watch closed over the place."""

    start: Instant
    end: Instant
    entries: tuple[EntryId, ...]


def _posts(log: Flat, place: PlaceId | None) -> list[Post]:
    kinds = (Happening.ON_POST, Happening.OFF_POST, Happening.SEEN_THERE)
    signed = sorted((f for kind in kinds for f in log.said(kind) if f.standing == 2), key=lambda f: (f.at, f.entry))
    found = [Post(f.at, f.until or f.at, (f.entry,)) for f in log.said(Happening.WATCHED_THERE) if f.standing == 2 and f.place == place]
    taken = [f for f in signed if f.what is Happening.ON_POST and f.place == place]
    for observer in {f.observer for f in taken}:
        begun, last = None, None
        for f in (f for f in signed if f.observer == observer):
            if f.place == place:
                begun = f if begun is None and f.what is Happening.ON_POST else begun
                last = f
            if begun is not None and last is not None and (f.place != place or f.what is Happening.OFF_POST):
                found.append(Post(begun.at, last.at, (begun.entry, last.entry)))
                begun = None
        if begun is not None and last is not None:
            found.append(Post(begun.at, last.at, (begun.entry, last.entry)))
    return found


def _holes(start: Instant, end: Instant, known: Iterable[Ends], allowed: int) -> list[Ends]:
    """Every stretch of a stay between what is known that is longer than allowed."""
    found, reached = list[Ends](), int(start)
    for begin, over in sorted(known):
        if over >= start and begin <= end:
            found += [(reached, begin)] if begin - reached > allowed else []
            reached = max(reached, over)
    return [*found, *([(reached, int(end))] if end - reached > allowed else [])]


def presence(clause: c.Clause, shape: c.Presence, came: Fact, log: Flat) -> Due:
    """No stretch of the stay longer than the gap in which nobody is known to have been on post there."""
    gone = [f for f in log.facts(shape.leaves) if (f.vehicle, f.place) == (came.vehicle, came.place) and f.at >= came.at]
    left = next((f for f in gone if f.standing == 2), None)
    end = log.now if left is None else left.at
    posts = log.once(("posts", came.place), lambda: _posts(log, came.place))
    told = log.once(("told", came.place), lambda: [f for k in _OF_POSTS for f in log.said(k) if f.standing == 1 and f.place == came.place])
    known = [(post.start, post.end) for post in posts]
    holes = _holes(came.at, end, known, shape.gap.milliseconds)
    still = _holes(came.at, end, [*known, *((f.at, f.at) for f in told)], shape.gap.milliseconds)
    best = 2 if not holes else 1 if not still else 0
    until_told = min([end, *(f.at for f in gone)])
    sure = _silent(shape, still, (came.at, until_told), came, log)
    silent = sure or _silent(shape, holes, (came.at, end), came, log)
    for_ = max(best if left is not None else 0, doubt(shape.enters, came, log))
    against = min(came.standing, 2 if sure else 1 if silent else 0)
    until = Instant(max([came.at, *(post.end for post in posts)]) + shape.gap.milliseconds)
    there = [id for post in posts if post.end >= came.at and post.start <= end for id in post.entries]
    said = [f.entry for f in told if any(start <= f.at <= over for start, over in holes)]
    watches = log.cited(shape.present, came, *sure) if sure and against == 2 else ()
    hole = silent or (holes[0] if holes else None)
    edges = [moment(Instant(t), log.world.zone) for t in hole or (until,)]
    words = f"from {edges[0]} to {edges[1]}" if hole else f"due by {edges[0]}" if left is None else "on post there all the while"
    cited = cite(left, (*there, *said, *watches))
    return Due(key_of(clause, came, log), for_, against, until, left is None and not holes, cited, words=(words,))


_OF_POSTS = (Happening.ON_POST, Happening.OFF_POST, Happening.WATCHED_THERE, Happening.SEEN_THERE)


def _silent(shape: c.Presence, holes: Iterable[Ends], within: Ends, came: Fact, log: Flat) -> Ends | None:
    """The first part of a hole, longer than allowed, that was watched from end to end."""
    for start, end in holes:
        for begin, over in log.watched_parts(shape.present, came.place, max(start, within[0]), min(end, within[1])):
            if over - begin > shape.gap.milliseconds:
                return begin, over
    return None


class Total(NamedTuple):
    """What counts add up to: at the least, as signed and with allegations; at the most, likewise."""

    least: int = 0
    said: int = 0
    signed: float = 0
    most: float = 0

    def plus(self, fact: Fact) -> Total:
        one = fact.what is Happening.BUS_DEPARTURE
        low = 1 if one else fact.heads.low if fact.heads else 0
        high = 1 if one else fact.heads.high if fact.heads and fact.heads.high is not None else WITHOUT_END
        sure = fact.standing == 2
        return Total(self.least + low * sure, self.said + low, self.signed + (high if sure else 0), self.most + high)


def _total(facts: Iterable[Fact], start: int, end: int) -> Total:
    total = Total()
    for fact in facts:
        total = total.plus(fact) if start <= fact.at <= end else total
    return total


def balance(shape: c.Balance, log: Flat) -> Due:
    """After all that happened at each instant: over if even the kindest reading is, and nobody unseen may have gone behind it."""
    sums = [log.since_opening(atom) for atom in (shape.one, shape.other)]
    run = [list(accumulate(facts, Total.plus, initial=Total())) for facts in sums]
    whole, over, said, within = max(log.now, log.opened), None, False, True
    for t in sorted({f.at for facts in sums for f in facts}):
        one, other = (steps[bisect_right(facts, t, key=lambda f: f.at)] for steps, facts in zip(run, sums, strict=True))
        for ahead, behind, atom in ((one, other, shape.other), (other, one, shape.one)):
            far = over is None and ahead.least - behind.most > shape.limit and log.watched(atom, None, log.opened, t)
            over = (t, atom) if far else over
            said |= ahead.said - behind.signed > shape.limit
            within &= ahead.most - behind.least <= shape.limit
    ends = [(over[1], over[0])] if over else [(atom, whole) for atom in (shape.one, shape.other)]
    kept = within and all(log.watched(atom, None, log.opened, whole) for atom in (shape.one, shape.other))
    watches = {id for atom, end in ends for id in log.cited(atom, None, log.opened, end)} if over or kept else set()
    facts = {f.entry for facts in sums for f in facts if over is None or f.at <= over[0]}
    apart = _apart(*(steps[-1] for steps in run)) if any(sums) else "0, nothing is recorded"
    words = [f": {apart}; the limit is {shape.limit:,}"]
    words += [f"exceeded at {moment(over[0], log.world.zone)}"] if over else []
    against = 2 if over else 1 if said and not kept else 0
    return Due("*", 2 if kept else 0, against, cite=frozenset(facts | watches), words=tuple(words))


def _apart(one: Total, other: Total) -> str:
    """The bounds of the difference now, in words."""
    if WITHOUT_END in (one.most, other.most):
        return "not bounded: a departure was not counted"
    return bounded(int(one.least - other.most), one.most - other.least)


def milestone(clause: c.Clause, shape: c.Milestone, opener: Fact, log: Flat) -> Due | None:
    """The number was reached at some instant between the highest reading's and the signed one's; both ends are judged."""
    once, then = log.since_opening(shape.once), log.since_opening(shape.then)
    run = list(accumulate(once, Total.plus, initial=Total()))[1:]
    signed, told, most = (next((n for n, total in enumerate(run) if total[part] >= shape.reached), None) for part in (0, 1, 3))
    first = signed if signed is not None else told
    if first is None or once[first] != opener:
        return None
    seen = log.watched(shape.once, None, log.opened, opener.at)
    earliest = once[most].at if seen and most is not None else log.opened
    start, wide = (log.opened, log.opened) if shape.in_all else (opener.at, earliest)
    counted = [f.entry for f in once[: first + 1]]
    if isinstance(shape.within, c.Open):
        total = _total(then, start, log.now)
        best = 2 if total.least >= shape.amount else 1 if total.said >= shape.amount else 0
        return Due("*", best, 0, cite=frozenset((*counted, *(f.entry for f in then if f.at >= start))), said=AGREED)
    until, narrow = (log.limit(shape.within, Instant(t), clause.zone, clause.clock_stops) for t in (opener.at, earliest))
    runs, (sure_end, end) = until is None or log.now <= until, [log.now if t is None else t for t in (narrow, until)]
    enough = _total(then, start, sure_end).least >= shape.amount
    best = 2 if enough else 1 if _total(then, start, end).said >= shape.amount else 0
    quiet = not runs and log.watched(shape.then, None, wide, end)
    few = _total(then, wide, end).most < shape.amount
    against = min(2 if quiet and few and best == 0 else 1 if quiet and best == 1 else 0, 2 if signed is not None else 1)
    watches = log.cited(shape.once, None, log.opened, opener.at) if seen else set()
    watches |= log.cited(shape.then, None, wide, end) if against == 2 else set()
    grown = _total(then, log.opened if shape.in_all else opener.at, log.now if until is None else min(until, log.now))
    words = (
        f"{shape.reached:,} {shape.once.words.partition(' ')[0]}",
        *log.done_at(opener),
        f"{'in all' if shape.in_all else 'since then'} {bounded(grown.least, grown.most)} of {shape.amount:,} that",
        log.by(until),
    )
    cited = frozenset((*counted, *(f.entry for f in then if wide <= f.at <= end), *watches))
    return Due("*", best, against, until, runs, cited, words=words)


def ceiling(clause: c.Clause, shape: c.Ceiling, first: Fact | None, log: Flat) -> Due | None:
    """In all since the opening; or on the day of whatever was first on it."""
    facts, start, end = log.since_opening(shape.what), log.opened, max(log.now, log.opened)
    if first is not None:
        day = local(first.at, clause.zone).date()
        start, end = at(day, "00:00", clause.zone), Instant(at(day + timedelta(days=1), "00:00", clause.zone) - 1)
        facts = [f for f in facts if start <= f.at <= end]
        start = max(start, log.opened)
    if first != (facts[0] if shape.daily and facts else None):
        return None
    total, runs = _total(facts, start, end), shape.daily and log.now <= end
    kept = not runs and total.most <= shape.limit and log.watched(shape.what, None, start, end)
    against = 2 if total.least > shape.limit else 1 if total.said > shape.limit else 0
    watches = log.cited(shape.what, None, start, end) if kept else set()
    key = "*" if first is None else key_of(clause, first, log)
    words = (f"{bounded(total.least, total.most)} ", f"; the limit is {shape.limit:,}")
    return Due(key, 2 if kept else 0, against, end if runs else None, runs, frozenset((*(f.entry for f in facts), *watches)), words=words)
