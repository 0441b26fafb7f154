"""What a neutral person could see: on which legs, in which hours, somebody was on post at an end, and for what somebody signs.

Presence attests nothing by itself: it says that silence could have been broken. Only a watch says that all of a kind is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from safepassage.values.ids import PlaceId
from safepassage.values.places import World
from safepassage.values.times import HOUR, MINUTE, Instant, Stretch
from safepassage.whereabouts.words import Post, Watch


class Coverage(msgspec.Struct, frozen=True):
    """Of `minutes`, so many in which a neutral person was on post, and so many for which somebody signed a watch, gaps taken out.

    `open`: of the posted minutes, those that rest on a post alone of which nobody recorded when it ends; whether anybody was still
    there is not known.
    """

    minutes: int
    posted: int
    watched: int
    open: int = 0

    def __str__(self) -> str:
        open = f" ({self.open} of them on a post with no end recorded)" if self.open else ""
        return f"somebody on post {self.posted} of {self.minutes} min{open}, watch signed for {self.watched}"


class LegHour(msgspec.Struct, frozen=True):
    """One leg in one hour: whether the start and the end of the road could be seen; the road between them never is."""

    start: PlaceId
    end: PlaceId
    hour: Instant
    at_start: Coverage
    at_end: Coverage


def coverage_of(places: Iterable[PlaceId], stretch: Stretch, posts: Iterable[Post], watches: Iterable[Watch]) -> Coverage:
    """Of a stretch of time, the minutes in which any of these places was posted, and watched."""
    here = set(places)
    ended = [Stretch(post.start, post.end) for post in posts if post.place in here and post.end is not None]
    open = [Stretch(post.start, stretch.end) for post in posts if post.place in here and post.end is None and post.start < stretch.end]
    posted, known = (_covered(stretch, parts) // MINUTE for parts in ([*ended, *open], ended))
    signed = [part for watch in watches if watch.place is None or watch.place in here for part in _without(watch.stretch, watch.gaps)]
    return Coverage(stretch.length // MINUTE, posted, _covered(stretch, signed) // MINUTE, posted - known)


def leg_hours(world: World, stretch: Stretch, posts: list[Post], watches: list[Watch]) -> list[LegHour]:
    """Every leg in every hour of a stretch."""
    hours = range(stretch.start // HOUR * HOUR, stretch.end, HOUR)
    parts = [Stretch(Instant(max(hour, stretch.start)), Instant(min(hour + HOUR, stretch.end))) for hour in hours]
    return [
        LegHour(
            leg.start,
            leg.end,
            part.start,
            coverage_of([leg.start], part, posts, watches),
            coverage_of([leg.end], part, posts, watches),
        )
        for leg in world.legs
        for part in parts
    ]


def _covered(whole: Stretch, parts: Iterable[Stretch]) -> int:
    """Milliseconds of `whole` that lie in any part."""
    covered, reached = 0, whole.start
    for part in sorted(parts):
        start, end = max(part.start, reached), min(part.end, whole.end)
        if end > start:
            covered += end - start
            reached = end
    return covered


def _without(whole: Stretch, gaps: Iterable[Stretch]) -> list[Stretch]:
    found, start = [], whole.start
    for gap in sorted(gaps):
        found.append(Stretch(start, gap.start))
        start = max(start, gap.end)
    found.append(Stretch(start, whole.end))
    return [part for part in found if part.end > part.start]
