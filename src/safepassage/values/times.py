"""Instants as milliseconds UTC, and how people write them in a named zone.

Claimed time comes from devices whose clocks may be off; nothing here reads a clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, NewType
from zoneinfo import ZoneInfo

import msgspec

LATEST = 253_370_764_800_000
"""The beginning of the year 9999: nothing later can be written as a date in every zone."""
Instant = NewType("Instant", Annotated[int, msgspec.Meta(ge=0, le=LATEST)])
"""Milliseconds since 1970-01-01T00:00:00Z; the range is checked when bytes are read."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Stretch(msgspec.Struct, frozen=True, order=True):
    """A stretch of time, both ends included."""

    start: Instant
    end: Instant

    def holds(self, at: Instant) -> bool:
        return self.start <= at <= self.end

    def overlap(self, other: Stretch) -> Stretch | None:
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Stretch(start, end) if start <= end else None

    @property
    def length(self) -> int:
        """Milliseconds."""
        return self.end - self.start


def instant(moment: datetime) -> Instant:
    """The instant of an aware datetime, cut to milliseconds."""
    return Instant((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))


def at(day: date, clock: str, zone: str) -> Instant:
    """The instant of a day and a clock time such as `08:41`, `08:41:12` or `08:41:12.250` in a named zone."""
    hours, minutes, *rest = clock.split(":")
    seconds, _, millis = (rest[0] if rest else "0").partition(".")
    moment = datetime(day.year, day.month, day.day, int(hours), int(minutes), int(seconds), tzinfo=ZoneInfo(zone))
    return Instant(instant(moment) + int((millis or "0").ljust(3, "0")))


def local(moment: Instant, zone: str) -> datetime:
    """The instant as a datetime in a named zone, to the millisecond."""
    whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)
    return whole.astimezone(ZoneInfo(zone))


def clock(moment: Instant, zone: str) -> str:
    """`08:41`; seconds and milliseconds are written only when they are not zero."""
    seen = local(moment, zone)
    text = seen.strftime("%H:%M")
    if seen.second or seen.microsecond:
        text += seen.strftime(":%S")
    if seen.microsecond:
        text += f".{seen.microsecond // 1000:03d}"
    return text


def stamp(moment: Instant, zone: str = "UTC") -> str:
    """`2016-12-18 08:41` in a named zone, to the minute: for people."""
    return local(moment, zone).strftime("%Y-%m-%d %H:%M")


def lasted(milliseconds: int) -> str:
    """`2 h 05 min`, `13 min`, `40 s`: a stretch as people say it, rounded down."""
    minutes, hours = milliseconds // MINUTE, milliseconds // HOUR
    if hours:
        return f"{hours} h {minutes % 60:02d}"
    return f"{minutes} min" if minutes else f"{milliseconds // SECOND} s"
