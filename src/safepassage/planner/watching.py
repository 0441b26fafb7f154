"""Who watches a proposal of a deployment: its own monitors, at its own places. Whoever is on post stays there before anybody else comes.

Hours that somebody has stood already are not counted: who rests is for the operations cell to say, with `--staff`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from safepassage.observation.setting import DeviceEnrolled, DeviceRevoked, MonitorExpelled
from safepassage.picture import Picture
from safepassage.picture.decided import Standing
from safepassage.picture.following import way_of
from safepassage.planner.extract import midnight
from safepassage.planner.postings import Duty, Need, Posting, Roster, joined, roster
from safepassage.values.ids import DeviceId, ObserverId, PlaceId, PlanId
from safepassage.values.people import Role
from safepassage.values.places import Planning
from safepassage.values.times import MINUTE, Instant, Stretch
from safepassage.values.trips import PlannedTrip, handled

FAR = 10**6
"""More minutes than any way takes."""


class Watcher(msgspec.Struct, frozen=True):
    """One monitor at one place. `comes_from`: where the one before ends, or where the monitor is on post now; None: nobody knows."""

    monitor: ObserverId
    place: PlaceId
    stretch: Stretch
    comes_from: PlaceId | None

    @property
    def stays(self) -> bool:
        return self.comes_from == self.place


class Watching(msgspec.Struct, frozen=True):
    """Of one plan: `needed` monitors watch all of it (`proved`: fewer cannot), `there` are; `watched` of the `minutes` are watched."""

    plan: PlanId
    standing: Standing
    needed: int
    proved: bool
    there: tuple[ObserverId, ...]
    watchers: tuple[Watcher, ...]
    minutes: int
    watched: int
    unwatched: tuple[tuple[PlaceId, Stretch], ...]


def monitors(picture: Picture) -> tuple[ObserverId, ...]:
    """Who may be posted: enrolled as monitors with a device that is not revoked, and not expelled."""
    devices: dict[DeviceId, ObserverId] = {}
    gone: set[ObserverId] = set()
    for entry in picture.entries:
        match entry.observation.what:
            case DeviceEnrolled(device, observer, Role.MONITOR):
                devices[device] = observer
            case DeviceRevoked(device):
                devices.pop(device, None)
            case MonitorExpelled(observer) if entry.observation.told_by is None:
                gone.add(observer)
            case _:
                pass
    return tuple(sorted(set(devices.values()) - gone))


def watching(picture: Picture, duty: Duty, staff: int | None = None) -> Watching | None:
    """Every loading, gate and reception to come of the plan in force, or else of the newest that waits: by as few monitors as can be,
    or as much of it as those who are there can (`staff`: so many of them). None where there is no such plan."""
    waits = (plan for plan in reversed(picture.plans().values()) if plan.standing is Standing.WAITING)
    plan = picture.adopted() or next(waits, None)
    if plan is None:
        return None
    wanted = needs_of(picture, plan.proposed.trips)
    fewest = roster(wanted, duty)
    there = monitors(picture)
    most = len(there) if staff is None else min(staff, len(there))
    found = fewest if fewest.staff <= most else roster(wanted, duty, most)
    watchers = tuple(_named(found, there, picture))
    unwatched = tuple((PlaceId(post), _stretch(picture, begin, end)) for post, begin, end in found.unwatched)
    proposed, needed = plan.proposed.plan, fewest.staff
    return Watching(proposed, plan.standing, needed, fewest.proved, there, watchers, found.minutes, found.watched, unwatched)


def needs_of(picture: Picture, trips: Iterable[PlannedTrip]) -> tuple[Need, ...]:
    """From now on; what overlaps at one place is joined."""
    planning, start = picture.world.planning, midnight(picture)
    found: dict[str, list[tuple[int, int]]] = {}
    for place, begin, end in (each for trip in trips if planning is not None for each in _seen(planning, trip)):
        stretch = (max(begin, picture.now) - start) // MINUTE, (end - start) // MINUTE
        if stretch[0] < stretch[1]:
            found.setdefault(place, []).append(stretch)
    return tuple(Need(place, begin, end) for place in sorted(found) for begin, end in joined(found[place]))


def _seen(planning: Planning, trip: PlannedTrip) -> Iterator[tuple[PlaceId, int, int]]:
    """Where something of a trip happens that must be watched."""
    road = next(road for road in planning.roads if (road.start, road.end) == (trip.start, trip.end))
    arrives = trip.passes + road.onward * MINUTE
    yield trip.start, trip.departs - road.load * MINUTE, trip.departs
    if at := handled(planning, trip):
        yield at[0].place, at[1], trip.passes
    yield trip.end, arrives, arrives + max(1, road.unload) * MINUTE


def _named(found: Roster, there: Sequence[ObserverId], picture: Picture) -> Iterator[Watcher]:
    """Each of the roster's numbers to a monitor, the nearest first: whoever is on post there, then who is on no post, then by the way."""
    posts = picture.whereabouts.posts()
    last = {post.observer: post.place for post in posts if post.start <= picture.now and (post.end is None or post.end > picture.now)}
    postings = sorted(found.postings, key=lambda posting: (posting.begin, posting.post))
    first = {posting.monitor: posting for posting in reversed(postings)}
    names: dict[int, ObserverId] = {}
    pairs = [
        (_away(picture, last.get(who), each.post), each.begin, each.post, who, number) for number, each in first.items() for who in there
    ]
    for *_, who, number in sorted(pairs):
        if number not in names and who not in names.values():
            names[number] = who
    for posting in postings:
        yield _watcher(posting, names[posting.monitor], last, picture)


def _away(picture: Picture, place: PlaceId | None, post: str) -> int:
    """Minutes by the quickest way over the world's legs; one for whoever is on no post, and more than any way where none leads there."""
    if place is None or place == post:
        return int(place is None)
    way = way_of(picture.world, place, PlaceId(post))
    minutes = {(leg.start, leg.end): leg.minutes for leg in picture.world.legs}
    return sum(minutes[leg] for leg in pairwise(way)) + 1 if way else FAR


def _watcher(posting: Posting, who: ObserverId, last: dict[ObserverId, PlaceId], picture: Picture) -> Watcher:
    """`last` is brought on."""
    place, before = PlaceId(posting.post), last.get(who)
    last[who] = place
    stretch = _stretch(picture, posting.begin, posting.end)
    return Watcher(who, place, Stretch(max(stretch.start, min(picture.now, stretch.end)), stretch.end), before)


def _stretch(picture: Picture, begin: int, end: int) -> Stretch:
    start = midnight(picture)
    return Stretch(Instant(start + begin * MINUTE), Instant(start + end * MINUTE))
