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
from safepassage.values.times import LATEST, Instant

Key = tuple[Instant, EntryId]


def _key(fact: Fact) -> Key:
    return fact.at, fact.entry


class Matching:
    """`limit`: the last instant at which an opener may be answered, by the opener's own; None: its clock stands still."""

    def __init__(self, limit: Callable[[Instant], Instant | None]) -> None:
        self._limit = limit
        self._each: list[Key] = []
        self._answers: list[Key] = []
        self._waiting: list[Key] = []
        """Openers without an answer, in order."""
        self._facts: dict[EntryId, Fact] = {}
        self._openers: dict[EntryId, Fact] = {}
        self.pairs: dict[EntryId, Fact] = {}
        self._taken: dict[Key, Key] = {}
        """Answer to opener."""
        self._busy: list[Key] = []
        """Answers that are taken, in order."""
        self.changed: set[EntryId] = set()
        """Openers whose pair is another than when this was last emptied."""

    def _last(self, opener: Key) -> Instant:
        limit = self._limit(opener[0])
        return Instant(LATEST) if limit is None else limit

    def opener(self, entry: EntryId) -> Fact | None:
        """The opener of this entry, where it is one."""
        return self._openers.get(entry)

    def add_each(self, fact: Fact) -> None:
        key = _key(fact)
        insort(self._each, key)
        self._openers[fact.entry] = fact
        self.changed.add(fact.entry)
        self._seek(key)

    def drop_each(self, fact: Fact) -> None:
        key = _key(fact)
        del self._each[bisect_left(self._each, key)]
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
        opener = self._taken.get(key)
        if opener is not None:
            self._free(key)
            del self.pairs[opener[1]]
            self._seek(opener)

    def _free(self, answer: Key) -> None:
        del self._taken[answer]
        del self._busy[bisect_left(self._busy, answer)]

    def _pair(self, opener: Key, answer: Key) -> None:
        self._taken[answer] = opener
        insort(self._busy, answer)
        self.pairs[opener[1]] = self._facts[answer[1]]
        self.changed.add(opener[1])

    def _offer(self, answer: Key) -> None:
        """An answer became free: the first opener that would rather have it takes it, and sets its own one free."""
        while True:
            opener = self._wanting(answer)
            if opener is None:
                return
            held = self.pairs.get(opener[1])
            if held is None:
                del self._waiting[bisect_left(self._waiting, opener)]
                self._pair(opener, answer)
                return
            freed = _key(held)
            self._free(freed)
            self._pair(opener, answer)
            answer = freed

    def _wanting(self, answer: Key) -> Key | None:
        """The first opener in whose window it lies and that has none, or has a later one."""
        at = bisect_left(self._waiting, answer[0], key=self._last)
        waits = self._waiting[at] if at < len(self._waiting) and self._waiting[at][0] <= answer[0] else None
        after = bisect_right(self._busy, answer)
        holder = self._taken[self._busy[after]] if after < len(self._busy) else None
        if holder is not None and (holder[0] > answer[0] or self._last(holder) < answer[0]):
            holder = None
        return min((each for each in (waits, holder) if each is not None), default=None)

    def _seek(self, opener: Key) -> None:
        """An opener is without an answer: it takes the first that no earlier one has, and whoever had that seeks on."""
        while True:
            self.changed.add(opener[1])
            answer = self._first_for(opener)
            if answer is None:
                insort(self._waiting, opener)
                return
            loser = self._taken.get(answer)
            if loser is None:
                self._pair(opener, answer)
                return
            self._free(answer)
            del self.pairs[loser[1]]
            self._pair(opener, answer)
            opener = loser

    def _first_for(self, opener: Key) -> Key | None:
        """The earliest answer in its window that is free or belongs to a later opener.

        Whatever earlier openers hold lies before it, and nothing free before that would have been left by them.
        """
        held = bisect_left(self._busy, opener, key=self._taken.__getitem__)
        start = (opener[0], EntryId("")) if not held else max((opener[0], EntryId("")), self._busy[held - 1])
        at = bisect_right(self._answers, start)
        return self._answers[at] if at < len(self._answers) and self._answers[at][0] <= self._last(opener) else None
