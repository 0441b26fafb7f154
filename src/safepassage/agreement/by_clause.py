"""Four shapes whose instances share one history: pairing, presence, cycle, balance."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

import msgspec

from safepassage.agreement.clause import Balance, Clause, Cycle, Limit, Open, Pairing, Presence
from safepassage.agreement.facts import ALLEGED, SIGNED, Fact
from safepassage.agreement.heard import ANSWERS, OPENS, POSTS, Case
from safepassage.agreement.operators import ESTABLISHED, NONE, Value, either, negation
from safepassage.agreement.parity import Extremes, extremes
from safepassage.agreement.reader import row_of
from safepassage.agreement.render import phrase
from safepassage.agreement.scene import Scene, after, instance
from safepassage.agreement.verdict import NOT_AGREED, InstanceVerdict, Verdict, decide
from safepassage.agreement.vocabulary import Happening
from safepassage.agreement.watches import Places, merged
from safepassage.values.ids import EntryId, PlaceId
from safepassage.values.times import Instant, Stretch, lasted

WHOLE = "*"
"""The key of an instance that is the clause itself."""
Match = dict[EntryId, Fact]


def judge_pairing(clause: Clause, shape: Pairing, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """First come, first served, run twice: for *kept* against the most rivals and the fewest answers, else the other way."""
    each, answers = case.get(OPENS, []), case.get(ANSWERS, [])
    if isinstance(shape.within, Open):
        return [_left_open(fact) for fact in each]
    within = shape.within
    limits = {fact.entry: scene.deadline(clause, within, fact.at) for fact in each}
    sure = matched(each, _signed(answers), limits)
    likely, possible = matched(_signed(each), answers, limits), matched(each, answers, limits)
    signed, last = _signed(each), lambda at: scene.deadline(clause, within, at)
    starts = [begins(fact, each, signed, likely, possible, last) for fact in each]
    return [judge_pair(shape, f, limits[f.entry], sure, likely, possible, start, scene) for f, start in zip(each, starts, strict=True)]


def judge_pair(
    shape: Pairing,
    bus: Fact,
    limit: Instant | None,
    sure: Match,
    likely: Match,
    possible: Match,
    begins: Instant,
    scene: Scene,
    told: bool = True,
) -> InstanceVerdict:
    """`begins`: from when a bus that nobody recorded could have freed an answer for this one. `told`: with its reasons."""
    answer = sure.get(bus.entry) or (likely if bus.standing == SIGNED else possible).get(bus.entry)
    standing = SIGNED if bus.entry in sure else ALLEGED if answer is not None else NONE
    window = Stretch(begins, scene.now if limit is None else limit)
    row, places = row_of(shape.act), scene.scope(shape.act, bus)
    pending = limit is None or scene.now <= limit
    silence = standing < SIGNED and not pending and scene.silent(row, places, window)
    value = either(negation(scene.opening(shape.each, bus)), Value(standing, ESTABLISHED - standing if silence else NONE))
    if not told:
        return instance(str(bus.vehicle), bus, value, limit, pending, "", ())
    by = "the clock stands still while passage is suspended" if limit is None else f"the limit is {scene.moment(limit)}"
    if answer is not None:
        why = f"answered by {answer.vehicle} at {scene.moment(answer.at)}, {after(bus.at, answer.at)}; {by}"
        why += "" if standing == SIGNED else "; that is only alleged, or another bus may claim it"
    elif pending:
        why = by
    else:
        unseen = scene.unseen(scene.covered_by(row), places, window)
        why = f"no bus is left that answers it, first come, first served; {by}" + (f"; {unseen}" if unseen else "; all of it was watched")
    cited = scene.watches.citing(scene.covered_by(row), places, window) if value.against == ESTABLISHED else ()
    return instance(str(bus.vehicle), bus, value, limit, pending, why, [*([answer.entry] if answer else []), *cited])


def matched(each: Sequence[Fact], answers: Sequence[Fact], limits: dict[EntryId, Instant | None]) -> Match:
    """Each in turn takes the earliest answer that is left, at its own instant or later and inside its limit."""
    pairs: Match = {}
    at = 0
    for fact in each:
        while at < len(answers) and answers[at].at < fact.at:
            at += 1
        limit = limits[fact.entry]
        if at < len(answers) and (limit is None or answers[at].at <= limit):
            pairs[fact.entry] = answers[at]
            at += 1
    return pairs


Limits = Callable[[Instant], Instant | None]
"""The last instant at which an opener may be answered, by the opener's own; None: its clock stands still."""


def begins(bus: Fact, each: Sequence[Fact], signed: Sequence[Fact], likely: Match, possible: Match, limit: Limits) -> Instant:
    """From when buses that nobody recorded could have freed an answer for this one, among those that may be its rivals."""
    if bus.standing == SIGNED:
        return bus.at if bus.entry in likely else _chain(bus, signed, likely, limit)
    return bus.at if bus.entry in possible else _chain(bus, each, possible, limit)


def _chain(bus: Fact, each: Sequence[Fact], pairs: Match, limit: Limits) -> Instant:
    """The first of the earlier ones whose answers, one after the other, it could have had.

    An earlier one without an answer takes what is freed before it, if it lies within its limit: then only what it could have had
    itself besides, from its own instant on, leaves anything for this one. Of several the nearest has the latest limit.
    """
    start, waits = bus.at, None
    for number in range(bisect_left(each, (bus.at, bus.entry), key=lambda fact: (fact.at, fact.entry)) - 1, -1, -1):
        answer = pairs.get(each[number].entry)
        if answer is None:
            waits = waits or each[number]
            continue
        if answer.at < start:
            break
        if waits is not None and ((last := limit(waits.at)) is None or answer.at <= last):
            return min(start, waits.at)
        start = each[number].at
    return start


def _left_open(fact: Fact) -> InstanceVerdict:
    entry = fact.entry
    return InstanceVerdict(str(fact.vehicle), entry, fact.at, Verdict.UNKNOWN, None, NOT_AGREED, NONE, NONE, NOT_AGREED, (entry,))


def _signed(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.standing == SIGNED]


def judge_presence(clause: Clause, shape: Presence, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """From entering to leaving, no stretch longer than the gap in which nobody is known to have been on post there."""
    leaves, posts = case.get(ANSWERS, []), case.get(POSTS, [])
    entered = case.get(OPENS, [])
    known = {place: posts_at(posts, place) for place in {fact.place for fact in entered}}
    alleged = [fact for fact in posts if fact.standing == ALLEGED]
    return [
        stay_verdict(shape, fact, left_of(fact, leaves), perhaps_left(fact, leaves), known[fact.place], alleged, scene) for fact in entered
    ]


class Posts(msgspec.Struct, frozen=True):
    """When somebody is known to have been on post at one place, merged; and each such stretch with the entries that it rests on."""

    known: list[Stretch]
    behind: list[tuple[Stretch, tuple[EntryId, ...]]]

    def cited(self, stay: Stretch) -> list[EntryId]:
        """What shows somebody on post within a stay."""
        return [id for stretch, entries in self.behind if stretch.overlap(stay) is not None for id in entries]


def left_of(entered: Fact, leaves: Sequence[Fact]) -> Fact | None:
    """The first signed leaving of the same vehicle and place; an alleged one ends nothing."""
    mine = (f for f in leaves if f.standing == SIGNED and f.vehicle == entered.vehicle and f.place == entered.place)
    return next((f for f in mine if f.at >= entered.at), None)


def perhaps_left(entered: Fact, leaves: Sequence[Fact]) -> Instant | None:
    """The first leaving that is so much as alleged: after it, silence proves nothing of this stay."""
    return next((f.at for f in leaves if f.vehicle == entered.vehicle and f.place == entered.place and f.at >= entered.at), None)


def stay_verdict(
    shape: Presence,
    entered: Fact,
    left: Fact | None,
    perhaps: Instant | None,
    posts: Posts,
    told: Sequence[Fact],
    scene: Scene,
) -> InstanceVerdict:
    """`perhaps`: the first leaving that is so much as alleged. Judged over recorded stays: an unrecorded leaving is not thought of."""
    signed = posts.known
    stay = Stretch(entered.at, left.at if left else scene.now)
    here = [Stretch(fact.at, fact.at) for fact in told if fact.place == entered.place]
    holes = _holes(stay, signed, shape.gap.milliseconds)
    alleged = _holes(stay, merged([*signed, *here]), shape.gap.milliseconds)
    best = SIGNED if not holes else ALLEGED if not alleged else NONE
    row, places = row_of(shape.present), scene.scope(shape.present, entered)
    sure = _silence(shape, alleged, places, Stretch(stay.start, stay.end if perhaps is None else min(perhaps, stay.end)), scene)
    silence = sure or _silence(shape, holes, places, stay, scene)
    hole = silence or (holes[0] if holes else None)
    done = Value(best if left else NONE, ESTABLISHED if sure else ALLEGED if silence else NONE)
    until = Instant(max([entered.at, *(part.end for part in signed)]) + shape.gap.milliseconds)
    value = either(negation(scene.opening(shape.enters, entered)), done)
    pending = left is None and hole is None
    why = "on post there all the while" if hole is None else _no_post(hole, scene)
    if pending:
        why = f"still there; a record of the post is due by {scene.moment(until)}"
    watches = scene.watches.citing(scene.covered_by(row), places, silence) if silence and value.against == ESTABLISHED else ()
    said = [fact.entry for fact in told if fact.place == entered.place and any(hole.holds(fact.at) for hole in holes)]
    entries = [*(f.entry for f in (left,) if f is not None), *posts.cited(stay), *said, *watches]
    key = f"{entered.vehicle} {entered.place}"
    return instance(key, entered, value, until, pending, why, entries)


def _no_post(hole: Stretch, scene: Scene) -> str:
    between = f"from {scene.moment(hole.start)} to {scene.moment(hole.end)}"
    return f"no record of a monitor on post {between}, {lasted(hole.length)}"


def _silence(shape: Presence, holes: Iterable[Stretch], places: Places, within: Stretch, scene: Scene) -> Stretch | None:
    """The first part of a hole that is watched from end to end and longer than allowed."""
    kind, allowed = scene.covered_by(row_of(shape.present)), shape.gap.milliseconds
    cut = (both for hole in holes if (both := hole.overlap(within)) is not None)
    return next((part for hole in cut for part in scene.watches.parts(kind, places, hole) if part.length > allowed), None)


def _holes(stay: Stretch, posts: Sequence[Stretch], allowed: int) -> list[Stretch]:
    """Every stretch without a post that is longer than allowed; `posts` neither touch nor overlap."""
    edges = [stay.start]
    for post in posts:
        if post.end >= stay.start and post.start <= stay.end:
            edges += [post.start, post.end]
    edges.append(stay.end)
    gaps = (Stretch(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))
    return [gap for gap in gaps if gap.length > allowed]


def posts_at(posts: Iterable[Fact], place: PlaceId | None) -> Posts:
    """From taking a post there to the last thing that the same observer signed there; and closed watches."""
    begun: dict[str, Fact] = {}
    last: dict[str, Fact] = {}
    behind: list[tuple[Stretch, tuple[EntryId, ...]]] = []
    for fact in posts:
        who, here = fact.observer, fact.place == place
        if fact.standing != SIGNED:
            continue
        if fact.what is Happening.WATCHED_THERE:
            behind += [(Stretch(fact.at, fact.until or fact.at), (fact.entry,))] if here else []
            continue
        if here and fact.what is Happening.ON_POST:
            begun.setdefault(who, fact)
        if here and who in begun:
            last[who] = fact
        if who in begun and (fact.what is Happening.OFF_POST or not here):
            behind.append(_held(begun.pop(who), last.pop(who)))
    behind += [_held(start, last[who]) for who, start in begun.items()]
    return Posts(merged([stretch for stretch, _ in behind]), behind)


def _held(taken: Fact, last: Fact) -> tuple[Stretch, tuple[EntryId, ...]]:
    return Stretch(taken.at, last.at), (taken.entry, last.entry)


def judge_cycle(clause: Clause, shape: Cycle, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """One instance from the adoption, and one from each report made."""
    adopted, reports = case.get(ANSWERS, [])[:1], case.get(OPENS, [])
    start = adopted[0].at if adopted else scene.opened
    first = _turn(clause, shape, shape.first, adopted[0] if adopted else None, start, reports, scene)
    return [first, *(_turn(clause, shape, shape.then, fact, fact.at, reports, scene) for fact in reports)]


def _turn(
    clause: Clause, shape: Cycle, limit: Limit, opener: Fact | None, start: Instant, reports: Sequence[Fact], scene: Scene
) -> InstanceVerdict:
    mine = opener.entry if opener is not None else None
    again = opener is not None and opener.what is Happening.REPORT
    later = [f for f in reports if ((f.at, f.entry) > (start, mine) if again else f.at >= start)]
    key = "the adoption" if opener is None or opener.what is Happening.ADOPTION else opener.words or opener.entry
    opened = () if mine is None else (mine,)
    if isinstance(limit, Open):
        sent = min(later, key=lambda f: (-f.standing, f.at, f.entry), default=None)
        best, cited = (NONE, opened) if sent is None else (sent.standing, (*opened, sent.entry))
        return InstanceVerdict(key, mine, start, Verdict.UNKNOWN, None, NOT_AGREED, best, NONE, NOT_AGREED, cited)
    end = scene.deadline(clause, limit, start)
    found = sorted((f for f in later if end is None or f.at <= end), key=lambda f: (-f.standing, f.at, f.entry))
    best, row = found[0].standing if found else NONE, row_of(shape.act)
    window = Stretch(start, scene.now if end is None else end)
    pending = end is None or scene.now <= end
    silence = not pending and scene.silent(row, scene.scope(shape.act, None), window)
    value = Value(best, ESTABLISHED - best if silence else NONE)
    verdict, said = decide(value, pending)
    by = "the clock stands still while passage is suspended" if end is None else f"the limit is {scene.moment(end)}"
    done = f"{found[0].words} at {scene.moment(found[0].at)}; " if found else ""
    unseen = _no_report(value, scene.unseen(scene.covered_by(row), scene.scope(shape.act, None), window)) if verdict in _OVER else ""
    watches = scene.watches.citing(scene.covered_by(row), scene.scope(shape.act, None), window) if value.against == ESTABLISHED else ()
    cited = tuple(dict.fromkeys([*opened, *(f.entry for f in found[:1]), *watches]))
    until = end if verdict is Verdict.PENDING else None
    return InstanceVerdict(key, mine, start, verdict, until, f"{done}{by}{unseen}", value.for_, value.against, said, cited)


_OVER = (Verdict.UNKNOWN, Verdict.BREACHED)


def _no_report(value: Value, unseen: str) -> str:
    recorded = "" if value.for_ else "no report is recorded"
    watched = "and all of that time was watched" if value.against == ESTABLISHED else f"and {unseen}" if unseen else ""
    return "".join(f"; {part}" for part in (" ".join(part for part in (recorded, watched) if part),) if part)


def judge_balance(clause: Clause, shape: Balance, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """Both sums with their bounds, at every instant after all that happened at it; kept only where both ends were watched."""
    one, other = case.get(OPENS, []), case.get(ANSWERS, [])
    steps = extremes(one, other)
    over = next((step for step in steps if _must_exceed(step, shape, scene)), None)
    whole = Stretch(scene.opened, max(scene.now, scene.opened))
    row = row_of(shape.one)
    unseen = [scene.unseen(scene.covered_by(row), scene.scope(atom, None), whole) for atom in (shape.one, shape.other)]
    within = not any(unseen) and all(step.within(shape.limit) for step in steps)
    said = any(step.alleged_exceeds(shape.limit) for step in steps)
    value = Value(ESTABLISHED if within else NONE, ESTABLISHED if over else ALLEGED if said and not within else NONE)
    sums = f"{phrase(shape.one)} less {phrase(shape.other)}"
    why = f"{sums}: {_difference(steps)}; the limit is {shape.limit:,}"
    why += f"; exceeded at {scene.moment(over.at)}" if over else "".join(f"; {text}" for text in dict.fromkeys(unseen) if text)
    rests = [(shape.one, whole), (shape.other, whole)] if within else []
    if over is not None:
        rests = [(shape.other if over.least > shape.limit else shape.one, Stretch(scene.opened, over.at))]
    watches = [id for atom, seen in rests for id in scene.watches.citing(scene.covered_by(row), scene.scope(atom, None), seen)]
    counted = [fact.entry for fact in (*one, *other) if over is None or fact.at <= over.at]
    return [balance_instance(value, why, tuple(dict.fromkeys([*counted, *watches])), scene)]


def balance_instance(value: Value, why: str, cited: tuple[EntryId, ...], scene: Scene) -> InstanceVerdict:
    """A balance has one instance, which is never pending: it is judged up to now."""
    verdict, said = decide(value, False)
    return InstanceVerdict(WHOLE, None, scene.opened, verdict, None, why, value.for_, value.against, said, cited)


def _must_exceed(step: Extremes, shape: Balance, scene: Scene) -> bool:
    """Even in the most favourable reading; nobody unseen may have departed at the end that is behind."""
    row, until = row_of(shape.one), Stretch(scene.opened, step.at)
    if step.least > shape.limit:
        return scene.silent(row, scene.scope(shape.other, None), until)
    if step.most is not None and step.most < -shape.limit:
        return scene.silent(row, scene.scope(shape.one, None), until)
    return False


def _difference(steps: Sequence[Extremes]) -> str:
    """The bounds of the difference now, as recorded."""
    if not steps:
        return "0, nothing is recorded"
    low, high = steps[-1].least, steps[-1].most
    if high is None or steps[-1].open_below:
        return "not bounded: a departure was not counted"
    return f"{low:,}" if low == high else f"between {low:,} and {high:,}"
