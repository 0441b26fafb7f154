"""Where everyone is, as far as it is established, and who is not accounted for, between which bounds and on which leg.

Histories are kept per vehicle and per wristband; a change refolds only those that it touches. Everything here is an answer
with the entries behind it; what does not follow from signed observations is not here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from safepassage.fold import Form, Keepers, Kept, order
from safepassage.observation import Entry
from safepassage.observation.people import Born, ChoseToStay, Died, HandedOver, PersonRegistered, WaitingCounted
from safepassage.observation.setting import PostLeft, PostTaken, WatchClosed
from safepassage.values.counts import ANY, NONE, Count, exactly, total
from safepassage.values.ids import EntryId, GroupId, ObserverId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.places import PlaceKind, World
from safepassage.values.times import MINUTE, Instant, Stretch
from safepassage.whereabouts.account import MOVING, NOWHERE, account_of, vehicles_of
from safepassage.whereabouts.again import left_twice, settled
from safepassage.whereabouts.balance import Balance, away_counted, balance_of, received_of, wait_counted
from safepassage.whereabouts.cards import Card, alarm_card, taking_card
from safepassage.whereabouts.conserve import Aboard, Unseen, Web, aboard_of, component, components, gap_bounds, unseen_of, web_of
from safepassage.whereabouts.contradictions import by_size, impossible, of_unbelieved
from safepassage.whereabouts.coverage import Coverage, LegHour, coverage_of, leg_hours
from safepassage.whereabouts.journey import GROUPING, Away, GroupNow, Unread, away_of, group_now, group_of, groups_of, unread_since
from safepassage.whereabouts.people import questions_of
from safepassage.whereabouts.persons import Persons
from safepassage.whereabouts.reliance import allowing
from safepassage.whereabouts.separation import judge
from safepassage.whereabouts.sheet import Level, Sheet, sheet_of
from safepassage.whereabouts.sightings import too_soon
from safepassage.whereabouts.words import (
    SETTLES,
    Account,
    Alarm,
    Cause,
    Doing,
    Gap,
    PersonTrace,
    Post,
    Question,
    SideNow,
    Station,
    Watch,
)

__all__ = [
    "SETTLES",
    "Account",
    "Alarm",
    "Cause",
    "Doing",
    "Gap",
    "PersonTrace",
    "Post",
    "Question",
    "SideNow",
    "Watch",
    "Whereabouts",
    "by_size",
    "of_unbelieved",
]


_Group: TypeAlias = tuple[tuple[PersonId, ...], bool, tuple[EntryId, ...]]


_Woven: TypeAlias = tuple[tuple[Sheet, ...], Web, dict[tuple[VehicleId, Cause, EntryId | None], Count]]
"""The sheets that a web was woven of, the web, and the bounds of gaps that were asked of it."""
_POSTING: frozenset[type] = frozenset({PostTaken, PostLeft})
_ROLLING: frozenset[type] = frozenset({PersonRegistered, ChoseToStay, WaitingCounted})


class _Books(msgspec.Struct, frozen=True):
    """What one vehicle's history is folded to."""

    account: Account
    sheet: Sheet


class Whereabouts(Keepers):
    """The folds of one deployment's movements, kept up as changes come."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._seats = {vehicle.id: vehicle.seats for vehicle in world.vehicles}
        self._vehicles: Kept[VehicleId, _Books] = Kept(MOVING, vehicles_of, self._books)
        self._persons = Persons(world)
        self._posts: Kept[ObserverId, list[Post]] = Kept(_POSTING, lambda entry: (entry.observation.by,), _posts_of)
        self._sides: Kept[SideId, _Roll] = Kept(_ROLLING, self._sides_of, _roll_of)
        self._groups: Kept[GroupId, _Group] = Kept(GROUPING, groups_of, lambda _, history: group_of(history))
        self._watches: Kept[EntryId, Watch] = Kept(frozenset({WatchClosed}), _itself, _watch_of)
        self._aways: Kept[EntryId, Away | None] = Kept(frozenset({HandedOver}), _itself, lambda _, history: away_of(history[-1]))
        self._waits: Kept[PlaceId | None, Entry | None] = Kept(frozenset({WaitingCounted}), lambda entry: (entry.observation.at,), _wait_of)
        self._webs: dict[tuple[VehicleId, ...], _Woven] = {}
        folds = (self._vehicles, self._persons.kept, self._posts, self._sides, self._groups, self._watches, self._aways, self._waits)
        super().__init__(*folds)

    def then(self, form: Form) -> Whereabouts:
        """All of it over the entries as `form` shows them: each history is cut where somebody asks for it, and nothing is replayed."""
        past = Whereabouts(self._world)
        past._vehicles, past._persons = self._vehicles.then(form), self._persons.then(form)
        past._posts, past._sides, past._groups = self._posts.then(form), self._sides.then(form), self._groups.then(form)
        past._watches, past._aways, past._waits = self._watches.then(form), self._aways.then(form), self._waits.then(form)
        return past

    # Answers.
    def vehicles(self) -> dict[VehicleId, Account]:
        return {vehicle: books.account for vehicle, books in self._vehicles.answers().items()}

    def sheets(self) -> dict[VehicleId, Sheet]:
        """Of each vehicle the counts and doors from which bounds follow."""
        return {vehicle: books.sheet for vehicle, books in self._vehicles.answers().items()}

    def levels(self, vehicle: VehicleId) -> tuple[Level, ...]:
        """The counts of one vehicle."""
        sheet = self._sheet(vehicle)
        return () if sheet is None else sheet.levels

    def unseen(self) -> list[Unseen]:
        """Between every two counts the exact bounds of who got off unrecorded; what contradicts itself bounds nothing and is left out."""
        sheets = self.sheets()
        webs = (self._web(together) for together in components(sheets))
        return [gap for web in webs for gap in unseen_of(web) or ()]

    def aboard(self, vehicle: VehicleId, now: Instant) -> Aboard:
        """Who is aboard a vehicle now, whatever happened unseen since it was last counted; where an overdue one has been, nobody knows."""
        books = self._vehicles.answer(vehicle)
        if books is None:
            return Aboard(vehicle, ANY)
        found = aboard_of(vehicle, self._web(component(vehicle, self._sheet)))
        return found if self._overdue(books.account, now) is None else replace(found, heads=ANY)

    def person(self, person: PersonId) -> PersonTrace | None:
        """One wristband's timeline, with those of the codes that were merged with it."""
        return self._persons.person(person)

    def vehicle(self, vehicle: VehicleId) -> Account | None:
        """One vehicle's account; no other is folded for it."""
        books = self._vehicles.answer(vehicle)
        return None if books is None else books.account

    def group(self, group: GroupId) -> GroupNow | None:
        """Who belongs together, and where each was last read."""
        known = self._groups.answer(group)
        return None if known is None else group_now(group, *known, self._persons.last)

    def groups(self) -> list[GroupNow]:
        return [group_now(group, *known, self._persons.last) for group, known in sorted(self._groups.answers().items())]

    def unread(self, place: PlaceId | None = None) -> list[Unread]:
        """Who boarded (at a place) and was read nowhere since, by vehicle and leg."""
        return unread_since(place, self._persons.lasts(), self.vehicles())

    def unread_aboard(self, vehicle: VehicleId) -> list[Unread]:
        """Of one vehicle: whose wristband was read nowhere since; nobody else's is looked at."""
        account = self.vehicle(vehicle)
        lasts = self._persons.lasts(account.scanned) if account else ()
        here = ((person, step) for person, step in lasts if step.where == vehicle)
        return unread_since(None, here, {vehicle: account} if account else {})

    def aways(self) -> list[Away]:
        """Every hand-over with which people left our sight, in order."""
        return sorted((away for away in self._aways.answers().values() if away is not None), key=lambda away: (away.at, away.entry))

    def waits(self) -> list[Entry]:
        """At each place the newest signed count of those who wait there, in order."""
        return sorted((entry for entry in self._waits.answers().values() if entry is not None), key=order)

    def coverage(self, places: Iterable[PlaceId], stretch: Stretch) -> Coverage:
        """What of a stretch of time somebody neutral could see at any of these places."""
        return coverage_of(places, stretch, self.posts(), self.watches())

    def leg_hours(self, stretch: Stretch) -> list[LegHour]:
        return leg_hours(self._world, stretch, self.posts(), self.watches())

    def persons(self) -> dict[PersonId, PersonTrace]:
        """Of each code its own timeline, made here: whoever asks about one person asks for that one."""
        return {code: trace for code in self._persons.bands() if (trace := self._persons.own(code)) is not None}

    def why_vehicle(self, vehicle: VehicleId) -> list[Entry]:
        return self._vehicles.why(vehicle)

    def posts(self) -> list[Post]:
        return sorted((post for posts in self._posts.answers().values() for post in posts), key=lambda post: (post.start, post.observer))

    def watches(self) -> list[Watch]:
        return sorted(self._watches.answers().values(), key=lambda watch: (watch.stretch, watch.entry))

    def gaps(self, now: Instant) -> list[Gap]:
        """Who is not accounted for, worst first: on each leg between which bounds, since when, and why."""
        accounts = self.vehicles()
        gaps = [seen for account in accounts.values() if account.gaps for seen in self._narrowed(account) if seen.missing.high != 0]
        gaps += [gap for account in accounts.values() if (gap := self._overdue(account, now)) is not None]
        gaps = [replace(gap, allowing=self._allowing(gap)) for gap in gaps]
        return sorted(gaps, key=lambda gap: (-(gap.missing.high or 10**9), gap.last_seen, gap.vehicle))

    def alarms(self) -> list[Alarm]:
        """Legs on which fewer men and youth were counted after than before; raised or not."""
        found = []
        for account in self.vehicles().values():
            for gap in account.gaps:
                pair = _tallies(account, gap)
                if pair is not None and (alarm := judge(*pair, gap, self._world.miscount)) is not None:
                    found.append(alarm)
        return sorted(found, key=lambda alarm: (not alarm.raised, alarm.at, alarm.vehicle))

    def cards(self) -> list[Card]:
        """The call card of every alarm, raised or not, and of every taking that somebody saw."""
        posts = self.posts()
        found = [alarm_card(alarm, self._since_start(alarm), posts, self._world) for alarm in self.alarms()]
        takings = [gap for account in self.vehicles().values() for gap in account.gaps if gap.cause is Cause.TAKEN]
        return [*found, *(taking_card(gap, self._world) for gap in takings)]

    def _since_start(self, alarm: Alarm) -> list[Entry]:
        """The vehicle's entries from the first of the two tallies on."""
        history = self.why_vehicle(alarm.vehicle)
        first = next(number for number, entry in enumerate(history) if entry.id in alarm.entries)
        return history[first:]

    def questions(self) -> list[Question]:
        """Contradictions and other open questions, largest first."""
        asked = [question for account in self.vehicles().values() for question in account.questions]
        asked += [question for trace in self._persons.each(lambda band: band.puzzled) for question in questions_of(trace, self._world)]
        asked += left_twice(self.vehicles().values(), self._world)
        sheets = self.sheets()
        asked += [question for together in components(sheets) for question in impossible(self._web(together))]
        return sorted(asked, key=by_size)

    def sides(self, now: Instant) -> list[SideNow]:
        gaps = self.gaps(now)
        return [self._side(side.id, gaps, now) for side in self._world.sides]

    def balance(self, side: SideId, now: Instant) -> Balance:
        """One side's people as a sum that always holds: places + runs + left sight = registered + unregistered + born - died."""
        roll = self._sides.answers().get(side, _Roll())
        people = {min(code, *same) if (same := self._persons.same_as(code)) else code for code in roll.persons}
        vehicles = [account.vehicle for account in self.vehicles().values() if self._side_of(account) == side]
        entries = [entry for vehicle in vehicles for entry in self.why_vehicle(vehicle)]
        receptions = frozenset(place.id for place in self._world.places if place.kind is PlaceKind.RECEPTION)
        rate = self._world.miscount
        waits = (entry for place in self._waits.every_key() for entry in self._waits.why(place))
        here = [entry for entry in waits if entry.observation.told_by is None and self._sides_of(entry) == (side,)]
        return balance_of(
            side,
            len(people),
            total(self.aboard(vehicle, now).heads for vehicle in vehicles),
            [counted for entry in entries if (counted := received_of(entry, receptions, rate)) is not None],
            [counted for entry in entries if (counted := away_counted(entry, rate)) is not None],
            [counted for entry in here if (counted := wait_counted(entry, rate)) is not None],
            [entry for entry in entries if isinstance(entry.observation.what, Born | Died)],
        )

    # The parts.
    def _allowing(self, gap: Gap) -> Count:
        """The bounds of a gap though devices err as published; nothing is bounded where the counts contradict each other."""
        if gap.cause is Cause.TAKEN:
            return allowing(gap.missing, self._world.miscount)
        together = component(gap.vehicle, self._sheet)
        web, known = self._web(together), self._webs[together][2]
        asked = (gap.vehicle, gap.cause, gap.ended)
        if asked not in known:
            known[asked] = gap_bounds(web, gap)
        return known[asked]

    def _web(self, together: tuple[VehicleId, ...]) -> Web:
        """The network of these vehicles, woven anew where any of their sheets is a new one."""
        now = tuple(sheet for vehicle in together if (sheet := self._sheet(vehicle)) is not None)
        held = self._webs.get(together)
        if held is None or any(one is not other for one, other in zip(held[0], now, strict=True)):
            held = self._webs[together] = (now, web_of(now), {})
        return held[1]

    def _books(self, vehicle: VehicleId, history: list[Entry]) -> _Books:
        account, hasty = account_of(vehicle, history, self._seats.get(vehicle)), tuple(too_soon(vehicle, history, self._world))
        account = replace(account, questions=(*account.questions, *hasty)) if hasty else account
        return _Books(account, sheet_of(vehicle, history, self._world))

    def _sheet(self, vehicle: VehicleId) -> Sheet | None:
        books = self._vehicles.answer(vehicle)
        return None if books is None else books.sheet

    def _sides_of(self, entry: Entry) -> tuple[SideId, ...]:
        match entry.observation.what:
            case PersonRegistered(_, side) | ChoseToStay(_, side):
                return (side,)
            case WaitingCounted():
                side_here = self._world.side_of_place(entry.observation.at) if entry.observation.at else None
                return (side_here.id,) if side_here else ()
            case _:
                return ()

    def _narrowed(self, account: Account) -> list[Gap]:
        """An account's gaps. Whose wristband was read aboard, and anywhere later, is not missing."""
        bands = self._persons.bands()
        offs = sorted(off for code in account.scanned if (off := bands[code].seen_off) is not None)
        return [_narrowed(gap, len(offs) - bisect_right(offs, gap.last_seen)) for gap in account.gaps]

    def _overdue(self, account: Account, now: Instant) -> Gap | None:
        """A run that is later than its leg allows: all aboard are unaccounted, whatever the reason may be."""
        if account.doing not in (Doing.ON_THE_ROAD, Doing.STOPPED) or not account.moves or account.aboard.high == 0:
            return None
        place = account.place or account.moves[-1].start
        start, end, due = self._expected(account, place)
        if due is None or now <= due:
            return None
        aboard = account.aboard if account.counted else Count(0, self._seats.get(account.vehicle))
        behind = account.moves[-1].entry, account.entry
        return Gap(account.vehicle, start, end, aboard, Cause.OVERDUE, account.since, place, behind, aboard, due)

    def _expected(self, account: Account, place: PlaceId) -> tuple[PlaceId, PlaceId, Instant | None]:
        """Between where it is driving, and by when it should be there. On the road again after its run was over, without a departure:
        nobody knows where to, so it is waited for as long as on the slowest road from where it was seen."""
        move = account.moves[-1]
        leg = self._world.leg(move.start, move.end)
        if move.closed_at is None:
            return move.start, move.end, None if leg is None else Instant(move.departed + leg.overdue * MINUTE)
        roads = [leg for leg in self._world.legs if place in (leg.start, leg.end)] or ([] if leg is None else [leg])
        due = Instant(account.since + max(road.overdue for road in roads) * MINUTE) if roads else None
        return place, NOWHERE, due

    def _side(self, side: SideId, gaps: list[Gap], now: Instant) -> SideNow:
        accounts = [account for account in self.vehicles().values() if self._side_of(account) == side]
        roll = self._sides.answers().get(side, _Roll())
        area = {place.id for place in self._world.places if place.area == self._world.side(side).area}
        moves = [move for account in accounts for move in settled(account, self._world)]
        left = total(move.heads for move in moves if move.start in area and move.end not in area)
        back = total(stop.heads for account in accounts for stop in account.alighted if stop.place in area)
        lost = [gap for gap in gaps if gap.vehicle in {account.vehicle for account in accounts}]
        overdue = {gap.vehicle for gap in lost if gap.cause is Cause.OVERDUE}
        moving = [a for a in accounts if a.doing in (Doing.ON_THE_ROAD, Doing.STOPPED) and a.vehicle not in overdue]
        bands = self._persons.bands()
        strays = self._persons.strays({code for account in accounts for code in account.scanned})
        return SideNow(
            side=side,
            registered=len(roll.persons),
            waiting=Count(len(roll.persons), len(roll.persons) + strays).minus(left.minus(back)).minus(roll.stayed),
            left=left.minus(back),
            on_the_road=total(account.aboard for account in moving),
            stopping=total(a.aboard for a in accounts if a.doing is Doing.ARRIVED and a.place not in area),
            arrived=total(stop.heads for a in accounts for stop in a.alighted if stop.place not in area and self._receives(stop.place)),
            registered_there=sum(1 for code in roll.persons if code in bands and bands[code].received),
            handed_over=total(account.handed for account in accounts),
            stayed=roll.stayed,
            unaccounted=total(gap.missing for gap in lost),
            waited_since=roll.since,
            celsius=roll.celsius,
        )

    def _receives(self, where: str) -> bool:
        return any(place.id == where and place.kind is PlaceKind.RECEPTION for place in self._world.places)

    def _side_of(self, account: Account) -> SideId | None:
        vehicle = self._world.vehicle(account.vehicle)
        if vehicle is not None:
            return vehicle.side
        start = account.moves[0].start if account.moves else account.place
        found = self._world.side_of_place(start) if start else None
        return found.id if found else None


def _narrowed(gap: Gap, later: int) -> Gap:
    """A gap of which at least `later` of those expected were seen afterwards."""
    most = gap.expected.minus(exactly(later)).high
    if gap.cause is not Cause.FEWER or most is None:
        return gap
    high = most if gap.missing.high is None else min(gap.missing.high, most)
    return replace(gap, missing=Count(min(gap.missing.low, most), high))


def _tallies(account: Account, gap: Gap) -> tuple[Station, Station] | None:
    """The station at which fewer were counted, and the one before it: only where nobody got on or off between the two."""
    if gap.cause is not Cause.FEWER:
        return None
    for before, after in pairwise(account.stations):
        if after.entries[0] in gap.entries and before.heads == gap.expected:
            return before, after
    return None


class _Roll(msgspec.Struct, frozen=True):
    """Who of a side is registered, who chose to stay, since when they wait and how cold it is."""

    persons: frozenset[PersonId] = frozenset()
    stayed: Count = NONE
    since: Instant | None = None
    celsius: int | None = None


def _roll_of(side: SideId, history: list[Entry]) -> _Roll:
    persons, stayed, since, celsius = set[PersonId](), NONE, None, None
    for entry in history:
        seen = entry.observation
        if seen.told_by is not None:
            continue
        match seen.what:
            case PersonRegistered(codes, of_side) if of_side == side:
                persons.update(codes)
                since = since or seen.seen_at
            case ChoseToStay(heads):
                stayed = stayed + heads
            case WaitingCounted(_, degrees) if degrees is not None:
                celsius = degrees
            case _:
                pass
    return _Roll(frozenset(persons), stayed, since, celsius)


def _posts_of(observer: ObserverId, history: list[Entry]) -> list[Post]:
    """A post ends when it is left, when another is taken, or when its announced hours are over."""
    posts: list[Post] = []
    for entry in history:
        seen = entry.observation
        if posts and (posts[-1].end is None or posts[-1].end > seen.seen_at):
            posts[-1] = replace(posts[-1], end=seen.seen_at)
        match seen.what:
            case PostTaken(until) if seen.at is not None:
                posts.append(Post(observer, seen.at, seen.seen_at, until, entry.id))
            case _:
                pass
    return posts


def _itself(entry: Entry) -> tuple[EntryId]:
    return (entry.id,)


def _watch_of(id: EntryId, history: list[Entry]) -> Watch:
    seen = history[-1].observation
    assert isinstance(seen.what, WatchClosed)  # keys are given to nothing else
    return Watch(seen.at, tuple(kind.value for kind in seen.what.kinds), seen.what.stretch, seen.what.gaps, seen.by, id)


def _wait_of(_: PlaceId | None, history: list[Entry]) -> Entry | None:
    """The newest signed count at one place."""
    return next((entry for entry in reversed(history) if entry.observation.told_by is None), None)
