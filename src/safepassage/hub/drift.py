"""When a hub proposes by itself: an assumption of the plan in force fell, and nothing was proposed since.

What follows from a fallen assumption is the planner's to propose and a person's to adopt; this only says when to ask.
"""

from __future__ import annotations

from safepassage.picture import Picture
from safepassage.picture.decided import Standing
from safepassage.picture.following import Assumption, Fallen, fallen
from safepassage.values.ids import EntryId
from safepassage.values.times import MINUTE, Instant

_AT_ONCE = frozenset({Assumption.VEHICLE, Assumption.DRIVER, Assumption.ROAD, Assumption.ROOM})
_IN_TIME = frozenset({Assumption.NUMBERS, Assumption.LATE})
TOGETHER = MINUTE
"""Losses come together: so long after one was heard it is asked what to do."""
PAUSE = 30 * MINUTE
"""Between two proposals for what creeps up: who waits, and what did not leave."""
PATIENCE = 12 * PAUSE
"""The same, while people have decided nothing of the proposal before."""


class Drift:
    """What was asked already; once for each entry, and for what creeps up not again before a pause is over."""

    def __init__(self) -> None:
        self._asked: set[EntryId] = set()
        self._tried = Instant(0)

    def unanswered(self, picture: Picture) -> Fallen | None:
        """The newest assumption that fell and for which nothing was proposed; None while passage is suspended: nobody knows until
        when."""
        if picture.adopted() is None or any(suspension.end is None for suspension in picture.suspensions()):
            return None
        found = fallen(picture)
        return self._at_once(picture, found) or self._in_time(picture, found)

    def _at_once(self, picture: Picture, found: tuple[Fallen, ...]) -> Fallen | None:
        answered = max(each.at for each in picture.plans().values())
        fresh = [(each, each.entry) for each in reversed(found) if each.what in _AT_ONCE and each.since > answered and each.entry]
        for each, entry in fresh:
            if entry not in self._asked and picture.entry(entry).logged_at + TOGETHER <= picture.now:
                self._asked.update(other for _, other in fresh)
                return each
        return None

    def _in_time(self, picture: Picture, found: tuple[Fallen, ...]) -> Fallen | None:
        plans = picture.plans().values()
        newest = max(plans, key=lambda plan: plan.at)
        pause = PATIENCE if newest.standing is Standing.WAITING else PAUSE
        if max(self._tried, newest.at) + pause > picture.now:
            return None
        each = next((each for each in reversed(found) if each.what in _IN_TIME), None)
        self._tried = self._tried if each is None else picture.now
        return each
