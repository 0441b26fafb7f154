"""Keys by the hours in which what they wait for begins: a watch that comes late asks those that it can reach, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from safepassage.agreement import clause as c
from safepassage.agreement.facts import Ground
from safepassage.agreement.reader import row_of
from safepassage.values.times import HOUR, LATEST, Instant, Stretch


class Hourly:
    """A set of keys, each with the instants at which its instances opened."""

    def __init__(self) -> None:
        self._by_hour: dict[int, set[str]] = {}
        self.hours: dict[str, tuple[int, ...]] = {}
        """Of each key."""

    def put(self, key: str, opened: Iterable[Instant]) -> None:
        hours = tuple({at // HOUR for at in opened})
        if self.hours.get(key) == hours:
            return
        self.drop(key)
        if hours:
            self.hours[key] = hours
        for hour in hours:
            self._by_hour.setdefault(hour, set()).add(key)

    def drop(self, key: str) -> None:
        for hour in self.hours.pop(key, ()):
            self._by_hour[hour].discard(key)

    def between(self, reach: Stretch | None) -> Iterator[str]:
        """Keys with an instance that may have opened in a stretch; None: every key."""
        if reach is None:
            yield from self.hours
            return
        first, last = reach.start // HOUR, reach.end // HOUR
        hours = range(first, last + 1) if last - first < len(self._by_hour) else [hour for hour in self._by_hour if first <= hour <= last]
        for hour in hours:
            yield from self._by_hour.get(hour, ())


def reach(clause: c.Clause, watched: Stretch, ground: Ground) -> Stretch | None:
    """When an instance must have opened for a watch over this stretch to matter to it; None: at any time."""
    match clause.shape:
        case c.Duty(_, _, c.Elapsed(length), unless) if not clause.clock_stops:
            endless = any(row_of(atom).state and ground.covered_by(row_of(atom)) is not None for atom in unless)
            return None if endless else Stretch(Instant(max(0, watched.start - length)), watched.end)
        case c.Before(_, past) if ground.covered_by(row_of(past)) is None:
            return watched
        case c.Before(_, _, most):
            return Stretch(watched.start, Instant(LATEST) if most is None else Instant(watched.end + most.milliseconds))
        case c.Ban() | c.Hours() | c.Permission():
            return watched
        case _:
            return None
