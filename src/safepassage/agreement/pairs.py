"""A pairing's verdicts, kept up: three matchings (`matching.py`), and only the pairs that a change reaches are judged anew."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from safepassage.agreement import clause as c
from safepassage.agreement.by_clause import begins, judge_pair, judge_pairing
from safepassage.agreement.facts import SIGNED, Fact
from safepassage.agreement.heard import ANSWERS, OPENS, Heard, order
from safepassage.agreement.matching import Key, Matching
from safepassage.agreement.reader import row_of
from safepassage.agreement.scene import Scene
from safepassage.agreement.verdict import InstanceVerdict, Verdict
from safepassage.values.ids import EntryId
from safepassage.values.times import LATEST, Instant, Stretch


class Pairs:
    """`sure`: every rival, signed answers; `likely`: signed rivals, every answer; `possible`: every rival and every answer."""

    def __init__(self, clause: c.Clause, shape: c.Pairing, heard: Sequence[tuple[int, Heard]]) -> None:
        self.clause, self._shape, self._heard = clause, shape, heard
        self._fresh: list[tuple[int, Fact, bool]] = []
        self._each: list[Fact] = []
        self._signed: list[Fact] = []
        self._judged: dict[EntryId, InstanceVerdict] = {}
        self._due: list[tuple[Instant, EntryId]] = []
        self._doubtful: set[EntryId] = set()
        """Those without a sure answer whose time is over and was watched: what happens elsewhere in their chain may change them."""
        self._windows: dict[EntryId, Stretch] = {}
        """Of each, the stretch in which silence would count."""
        self._stood: dict[EntryId, tuple[bool, ...]] = {}
        self._all = True
        self._watched_anew: list[Stretch] = []
        within = shape.within
        self._elapsed = within.milliseconds if isinstance(within, c.Elapsed) and not clause.clock_stops else None
        for part, one in heard:
            one.tellers.append(partial(self._hear, part))

    def _hear(self, part: int, fact: Fact, into: bool) -> None:
        self._fresh.append((part, fact, into))

    def mark_all(self) -> None:
        """A watch or a clock: every limit may be another."""
        self._all = True

    def mark_watched(self, watched: Stretch, into: bool) -> None:
        """A watch: the pairs stand, but silence may count elsewhere."""
        self._watched_anew.append(watched)

    def settle(self, scene: Scene) -> None:
        if isinstance(self._shape.within, c.Open) or self._all:
            self._anew(scene)
            return
        for part, fact, into in self._fresh:
            self._take(part, fact, into, scene)
        marked, due = {entry for one in self._matchings for entry in one.changed}, set[EntryId]()
        while self._due and self._due[0][0] < scene.now:
            due.add(heapq.heappop(self._due)[1])
        marked = {entry for entry in marked if self._stand(entry) != self._stood.get(entry)} | due
        if marked or self._fresh:
            marked |= self._doubtful
        if self._watched_anew:
            marked |= {
                entry for entry, one in self._judged.items() if (one.verdict is not Verdict.KEPT or one.said) and self._reached(entry)
            }
        self._watched_anew.clear()
        self._fresh.clear()
        for one in self._matchings:
            one.changed.clear()
        for entry in marked:
            self._judge(entry, scene)

    def _anew(self, scene: Scene) -> None:
        """From all facts: after a watch, a stopped clock, or at first."""
        self._all = False
        self._watched_anew.clear()
        self._fresh.clear()
        self._judged.clear()
        self._stood.clear()
        self._due.clear()
        self._doubtful.clear()
        facts = {part: one.by_key.get("", []) for part, one in self._heard}
        if isinstance(self._shape.within, c.Open):
            case = {OPENS: [fact for fact in facts[OPENS] if fact.at >= scene.opened]}
            self._judged = {one.opened_by: one for one in judge_pairing(self.clause, self._shape, case, scene) if one.opened_by}
            return
        self._each, self._signed = [], []
        self._matchings = tuple(Matching(self._last(scene)) for _ in range(3))
        for part in (OPENS, ANSWERS):
            for fact in facts[part]:
                self._take(part, fact, True, scene)
        for fact in self._each:
            self._judge(fact.entry, scene)
        for one in self._matchings:
            one.changed.clear()

    def _last(self, scene: Scene) -> Callable[[Key], Instant]:
        """The last instant that counts for an opener, as plainly as can be: it is asked all along a chain of pairs."""
        elapsed = self._elapsed
        if elapsed is not None:
            return lambda opener: opener[0] + elapsed  # type: ignore[return-value]  # an instant, without the cost of saying so
        return lambda opener: Instant(LATEST) if (limit := self._limit(opener[0], scene)) is None else limit

    def _limit(self, start: Instant, scene: Scene) -> Instant | None:
        if self._elapsed is not None:
            return Instant(start + self._elapsed)
        return scene.deadline(self.clause, self._shape.within, start)

    def _take(self, part: int, fact: Fact, into: bool, scene: Scene) -> None:
        sure, likely, possible = self._matchings
        signed = fact.standing == SIGNED
        if part == ANSWERS:
            for one in (sure, likely, possible):
                if signed or one is not sure:
                    (one.add_answer if into else one.drop_answer)(fact)
            return
        if fact.at < scene.opened:
            return
        self._stood.pop(fact.entry, None)  # a corrected form is another bus, whatever answers it
        for one in (sure, likely, possible):
            if signed or one is not likely:
                (one.add_each if into else one.drop_each)(fact)
        for facts in (self._each, *([self._signed] if signed else [])):
            if into:
                insort(facts, fact, key=order)
            else:
                del facts[bisect_left(facts, order(fact), key=order)]

    def _reached(self, entry: EntryId) -> bool:
        """Whether a fresh watch touches the time in which its answer is sought; what is not known of it is taken as touched."""
        window = self._windows.get(entry)
        return window is None or any(window.overlap(watched) is not None for watched in self._watched_anew)

    def _stand(self, entry: EntryId) -> tuple[bool, ...]:
        """In which matchings it has an answer; which one that is changes no verdict."""
        return tuple(entry in one.pairs for one in self._matchings) if self._matchings[2].opener(entry) else ()

    def _judge(self, entry: EntryId, scene: Scene) -> None:
        sure, likely, possible = self._matchings
        bus = possible.opener(entry)
        self._doubtful.discard(entry)
        self._stood[entry] = self._stand(entry)
        if bus is None:
            self._judged.pop(entry, None)
            self._windows.pop(entry, None)
            self._stood.pop(entry, None)
            return
        limit = self._limit(bus.at, scene)
        start = begins(bus, self._each, self._signed, likely.pairs, possible.pairs, lambda at: self._limit(at, scene))
        one = judge_pair(self._shape, bus, limit, sure.pairs, likely.pairs, possible.pairs, start, scene, told=False)
        self._judged[entry] = one
        self._windows[entry] = Stretch(start, Instant(LATEST) if limit is None else limit)
        if limit is not None and scene.now <= limit:
            heapq.heappush(self._due, (limit, entry))
        elif one.verdict is not Verdict.KEPT and self._watched(bus, limit, scene):
            self._doubtful.add(entry)

    def _watched(self, bus: Fact, limit: Instant | None, scene: Scene) -> bool:
        """Whether silence could count at all: its own window is part of every longer one."""
        act = self._shape.act
        return limit is not None and scene.silent(row_of(act), scene.scope(act, bus), Stretch(bus.at, limit))

    def instances(self) -> Iterable[InstanceVerdict]:
        return self._judged.values()

    def reasons(self, ones: Sequence[InstanceVerdict], scene: Scene) -> list[InstanceVerdict]:
        """Each as it was judged, told once more with its words."""
        return [self._told(one, scene) for one in ones]

    def _told(self, one: InstanceVerdict, scene: Scene) -> InstanceVerdict:
        if one.opened_by is None or isinstance(self._shape.within, c.Open):
            return one
        sure, likely, possible = self._matchings
        bus = possible.opener(one.opened_by)
        if bus is None:
            return one
        start = begins(bus, self._each, self._signed, likely.pairs, possible.pairs, lambda at: self._limit(at, scene))
        return judge_pair(self._shape, bus, self._limit(bus.at, scene), sure.pairs, likely.pairs, possible.pairs, start, scene)
