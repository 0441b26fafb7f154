"""First come, first served, one for one, kept up: a bus reported late takes its place, and whoever it displaces looks on.

The definition is `by_clause.matched`: each in turn takes the earliest answer that is left, at its own instant or later and
inside its limit. Because limits are in the order of their openers, what one takes is always later than what the one before it
took, so a change runs along one chain of displacements and stops where the old pairs fit again. Law: equal to `matched`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable

from safepassage.agreement.facts import Fact
from safepassage.values.ids import EntryId
from safepassage.values.times import Instant

Key = tuple[Instant, EntryId]


def _key(fact: Fact) -> Key:
    return fact.at, fact.entry


class Matching:
    """`last`: the last instant at which an opener may be answered; a clock that stands still sets none, so that is the latest there is."""

    def __init__(self, last: Callable[[Key], Instant]) -> None:
        self._last = last
        self._answers: list[Key] = []
        self._waiting: list[Key] = []
        """Openers without an answer, in order."""
        self._facts: dict[EntryId, Fact] = {}
        self._openers: dict[EntryId, Fact] = {}
        self.pairs: dict[EntryId, Fact] = {}
        self._taken: dict[EntryId, Key] = {}
        """Opener of each answer's entry."""
        self._busy: list[Key] = []
        """Answers that are taken, in order."""
        self.changed: set[EntryId] = set()
        """Openers that came, went, or may have gained or lost an answer since this was last emptied; not who only has another one."""

    def opener(self, entry: EntryId) -> Fact | None:
        """The opener of this entry, where it is one."""
        return self._openers.get(entry)

    def add_each(self, fact: Fact) -> None:
        key = _key(fact)
        self._openers[fact.entry] = fact
        self.changed.add(fact.entry)
        self._seek(key)

    def drop_each(self, fact: Fact) -> None:
        key = _key(fact)
        del self._openers[fact.entry]
        self.changed.add(fact.entry)
        answer = self.pairs.pop(fact.entry, None)
        if answer is None:
            del self._waiting[bisect_left(self._waiting, key)]
        else:
            self._free(_key(answer))
            self._offer(_key(answer))

    def add_answer(self, fact: Fact) -> None:
        insort(self._answers, _key(fact))
        self._facts[fact.entry] = fact
        self._offer(_key(fact))

    def drop_answer(self, fact: Fact) -> None:
        key = _key(fact)
        del self._answers[bisect_left(self._answers, key)]
        opener = self._taken.get(key[1])
        if opener is not None:
            self._free(key)
            del self.pairs[opener[1]]
            self._seek(opener)

    def _give(self, opener: Key, answer: Key) -> None:
        self._taken[answer[1]] = opener
        self.pairs[opener[1]] = self._facts[answer[1]]

    def _free(self, answer: Key) -> None:
        del self._taken[answer[1]]
        del self._busy[bisect_left(self._busy, answer)]

    def _offer(self, answer: Key) -> None:
        """An answer became free: the first opener that would rather have it takes it, and sets its own one free, which is the next
        that is taken. In between as many are taken as before: only where it begins and where it ends is another one."""
        start = at = bisect_right(self._busy, answer)
        waits = bisect_left(self._waiting, answer[0], key=self._last)
        offered = answer
        while True:
            while waits < len(self._waiting) and self._last(self._waiting[waits]) < answer[0]:
                waits += 1
            waiting = self._waiting[waits] if waits < len(self._waiting) and self._waiting[waits][0] <= answer[0] else None
            holder = self._holder(at, answer)
            if waiting is not None and (holder is None or waiting < holder):
                del self._waiting[waits]
                self._give(waiting, answer)
                self.changed.add(waiting[1])
                self._busy.insert(start, offered)
                return
            if holder is None:
                break
            self._give(holder, answer)
            answer, at = self._busy[at], at + 1
        if answer != offered:
            del self._taken[answer[1]]
            del self._busy[at - 1]
            self._busy.insert(start, offered)

    def _holder(self, at: int, answer: Key) -> Key | None:
        """Who has this one of those that are taken, if the answer before it would have done as well."""
        holder = self._taken[self._busy[at][1]] if at < len(self._busy) else None
        return None if holder is None or holder[0] > answer[0] or self._last(holder) < answer[0] else holder

    def _seek(self, opener: Key) -> None:
        """An opener is without an answer: it takes the first that no earlier one has, and whoever had that takes the one after it."""
        self.changed.add(opener[1])
        at = self._first_for(opener)
        while at < len(self._answers) and self._answers[at][0] <= self._last(opener):
            answer = self._answers[at]
            loser = self._taken.get(answer[1])
            self._give(opener, answer)
            if loser is None:
                insort(self._busy, answer)
                return
            opener, at = loser, at + 1
        self.changed.add(opener[1])
        self.pairs.pop(opener[1], None)
        insort(self._waiting, opener)

    def _first_for(self, opener: Key) -> int:
        """Where among the answers the earliest one stands that is free or belongs to a later opener, if it is in its window.

        Whatever earlier openers hold lies before it, and nothing free before that would have been left by them.
        """
        held = bisect_left(self._busy, opener, key=lambda answer: self._taken[answer[1]])
        start = (opener[0], EntryId("")) if not held else max((opener[0], EntryId("")), self._busy[held - 1])
        return bisect_right(self._answers, start)
