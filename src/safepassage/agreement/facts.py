"""Observations to facts: what each says in the agreement's words, one fact for each wristband that it lists.

Who did it is said only where a signatory was seen: what persons not identified did carries no party, and is nobody's
breach until a signed finding. What was told to the signer is alleged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from safepassage.agreement.vocabulary import Happening, Row
from safepassage.observation import Entry, Sphere, What, desk, passage, people, setting, vehicles
from safepassage.observation.amend import AmendKind
from safepassage.observation.desk import AgreementAdopted, FindingSigned, InquiryOpened, ReportSent
from safepassage.observation.passage import (
    AccessAsked,
    AccessGranted,
    AccessRefused,
    Attacked,
    PassageResumed,
    PassageSuspended,
    RoadClosed,
    Struck,
)
from safepassage.observation.people import (
    Alighted,
    ArrivalRegistered,
    Boarded,
    BoardingDenied,
    ConsentAsked,
    DestinationChosen,
    DetaineeReleased,
    HandedOver,
    Injured,
    PapersTaken,
    PersonRegistered,
    Persons,
    Receiver,
    Robbed,
    Separated,
    TakenOff,
    TriageChanged,
)
from safepassage.observation.setting import MonitorExpelled, PostLeft, PostTaken, WatchClosed, Watched
from safepassage.observation.vehicles import (
    Arrived,
    Departed,
    Loss,
    OutOfAction,
    SearchBegun,
    StopBegun,
    StopEnded,
    TurnedBack,
    VehicleReady,
)
from safepassage.values.counts import Count
from safepassage.values.ids import ClauseLabel, EntryId, ObserverId, PartyId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.people import Care
from safepassage.values.places import PlaceKind, World
from safepassage.values.times import MINUTE, Instant, Stretch

SIGNED, ALLEGED = 2, 1

_STRUCK = {
    Struck.MEDICAL_STAFF: Happening.MEDICAL_ATTACK,
    Struck.MEDICAL_TRANSPORT: Happening.MEDICAL_ATTACK,
    Struck.HOSPITAL: Happening.MEDICAL_ATTACK,
    Struck.CONVOY: Happening.CONVOY_ATTACK,
    Struck.ASSEMBLY: Happening.CONVOY_ATTACK,
}
_HURT = frozenset({Care.CRITICAL, Care.WOUNDED})


class Fact(msgspec.Struct, frozen=True, gc=False):
    """One thing that one entry says. `standing`: 2 signed, 1 alleged; `about`: the earlier entry that it answers.

    `until`: of a watch, its end; of a departure, before when the vehicle cannot have driven round and be back.
    """

    what: Happening
    at: Instant
    standing: int
    entry: EntryId
    observer: ObserverId
    place: PlaceId | None = None
    person: PersonId | None = None
    vehicle: VehicleId | None = None
    heads: Count | None = None
    party: PartyId | None = None
    side: SideId | None = None
    about: EntryId | None = None
    clause: ClauseLabel | None = None
    until: Instant | None = None
    words: str = ""


Covered: TypeAlias = Watched | Happening
"""What a watch speaks of; in staged cases, each happening by itself."""


class Watch(msgspec.Struct, frozen=True):
    """A stretch for which somebody signs; `place` None: the whole deployment."""

    kind: Covered
    place: PlaceId | None
    stretch: Stretch
    entry: EntryId


class Ground:
    """What facts need of the world, looked up once.

    `literal`: whether each happening has a watch of its own and nothing else makes its silence count, as in staged cases;
    otherwise the vocabulary says which watch covers it.
    """

    def __init__(self, world: World, literal: bool = False) -> None:
        self.world = world
        self._literal = literal
        self.sides = tuple(side.id for side in world.sides)
        self._crossings = {place.id for place in world.places if place.kind is PlaceKind.CROSSING}
        self._areas: dict[PlaceId | None, str] = {place.id: place.area for place in world.places}
        self._side_of = {party.id: party.side for party in world.parties}
        self.everywhere = () if literal else tuple(place.id for place in world.places)
        """The places that must all be watched; none named: only a watch over the whole deployment."""
        self._of_kinds: dict[tuple[PlaceKind, ...], tuple[PlaceId, ...]] = {}
        self.readers: dict[type, Reader] = {}
        self._overdue = {(leg.start, leg.end): leg.overdue * MINUTE for leg in world.legs}
        self._not_bus = {vehicle.id for vehicle in world.vehicles if vehicle.kind != "bus"}

    def covered_by(self, row: Row) -> Covered | None:
        """What kind of watch makes this phrase's silence count; None: none does."""
        return row.means if self._literal else row.watch

    def signed_here(self, row: Row) -> bool:
        """Whether its absence from the ledger is its absence."""
        return row.made_here and not self._literal

    def side_of(self, party: PartyId | None) -> SideId | None:
        return None if party is None else self._side_of.get(party)

    def of_kinds(self, kinds: tuple[PlaceKind, ...]) -> tuple[PlaceId, ...]:
        """Every place of these kinds."""
        if self._literal:
            return ()
        if kinds not in self._of_kinds:
            self._of_kinds[kinds] = tuple(place.id for place in self.world.places if place.kind in kinds)
        return self._of_kinds[kinds]

    def other(self, side: SideId | None) -> SideId | None:
        """The side that is not this one; needs exactly two."""
        if side is None or len(self.sides) != 2:
            return None
        return next(other for other in self.sides if other != side)

    def is_bus(self, vehicle: VehicleId) -> bool:
        """A vehicle that the world does not list counts as a bus: nobody's promise shrinks by an unlisted number."""
        return vehicle not in self._not_bus

    def leaves(self, start: PlaceId | None, end: PlaceId) -> bool:
        """Whether a way leads out of the area in which it begins; within one area nobody has left."""
        return not (self._areas.get(start) and self._areas.get(start) == self._areas.get(end))

    def back_from(self, start: PlaceId | None, end: PlaceId, left: Instant) -> Instant | None:
        """From when a vehicle that left can be back, as published for bounds; None where the world lists no such road."""
        overdue = None if start is None else self._overdue.get((start, end), self._overdue.get((end, start)))
        return None if overdue is None else Instant(left + overdue)

    def is_crossing(self, place: PlaceId | None) -> bool:
        return place in self._crossings


def watches_of(entry: Entry) -> list[Watch]:
    """The stretches, gaps taken out, for which a signed closing stands; nothing beyond the moment of signing."""
    seen = entry.observation
    if not isinstance(seen.what, WatchClosed) or seen.told_by is not None:
        return []
    whole = Stretch(seen.what.stretch.start, min(seen.what.stretch.end, seen.seen_at))
    parts = _without(whole, seen.what.gaps)
    return [Watch(kind, seen.at, part, entry.id) for kind in seen.what.kinds for part in parts]


def _without(whole: Stretch, gaps: tuple[Stretch, ...]) -> list[Stretch]:
    """What is left of a stretch; both ends of a gap belong to the gap."""
    left, start = [], whole.start
    for gap in sorted(gaps):
        if gap.start > start:
            left.append(Stretch(start, min(Instant(gap.start - 1), whole.end)))
        start = max(start, Instant(gap.end + 1))
    left.append(Stretch(start, whole.end))
    return [part for part in left if part.start <= part.end]


Reader: TypeAlias = Callable[[Entry, Ground], Iterable["Fact"]]


def facts_of(entry: Entry, ground: Ground) -> list[Fact]:
    """Every fact that an entry in force states."""
    facts = [*told_by(entry, ground)]
    return [*facts, seen_there(entry)] if was_there(entry) else facts


def told_by(entry: Entry, ground: Ground) -> Iterable[Fact]:
    """What the entry's kind says; not that its signer was there."""
    what = entry.observation.what
    reader = ground.readers.get(type(what))
    if reader is None:
        reader = ground.readers[type(what)] = _reader(what)
    return reader(entry, ground)


def was_there(entry: Entry) -> bool:
    """Whether the signature itself shows that its observer was at the place."""
    seen = entry.observation
    return seen.told_by is None and not entry.hearsay and seen.at is not None and type(seen.what).sphere is Sphere.FIELD


def seen_there(entry: Entry) -> Fact:
    return _fact(entry, Happening.SEEN_THERE)


LISTED: Mapping[type, Happening] = {Boarded: Happening.BOARDING, Alighted: Happening.ALIGHTING, ArrivalRegistered: Happening.REGISTRATION}
"""Kinds that state one thing and nothing else, of everybody whom they list: what a log has most of."""


def _reader(what: What) -> Reader:
    """Who reads a kind; looked up once for each."""
    match what:
        case Boarded() | Alighted() | ArrivalRegistered():
            return _listed(LISTED[type(what)])
        case Departed() | Arrived() | TurnedBack() | VehicleReady() | StopBegun() | StopEnded() | OutOfAction() | SearchBegun():
            return _of_vehicles
        case DestinationChosen():
            return _of_choices
        case PersonRegistered() | HandedOver() | TriageChanged():
            return _of_persons
        case TakenOff() | Injured() | Robbed() | PapersTaken() | Attacked() | MonitorExpelled():
            return _of_harm
        case BoardingDenied() | RoadClosed() | AccessRefused() | Separated():
            return _of_hindrance
        case PassageSuspended() | PassageResumed() | FindingSigned() | DetaineeReleased():
            return _of_sides
        case PostTaken() | PostLeft() | WatchClosed():
            return _of_posts
        case AccessAsked() | AccessGranted() | InquiryOpened() | ReportSent() | AgreementAdopted() | ConsentAsked():
            return _of_desk
        case other:
            return _unjudged(other)


_Unjudged: TypeAlias = (
    setting.DeploymentOpened | setting.DeviceEnrolled | setting.DeviceRevoked | setting.CheckInMissed | setting.PhoneSeized
    | setting.MonitorThreatened | setting.SignedNote | people.GroupFormed | people.ManifestRegistered | people.WristbandIssued
    | people.WristbandReplaced | people.WristbandRemoved | people.SeenAboard | people.Transferred
    | people.ReceptionAccepted | people.OnwardMove | people.Reunited | people.ChildAloneFound
    | people.GuardianTakenOver | people.Born | people.Died | people.BodyHandedOver | people.ChoseToStay | people.WaitingCounted
    | people.IdentityMerged | people.IdentityUnmerged | people.WeaponHandedIn | people.DetaineeDeclined
    | vehicles.Passed | vehicles.UnlistedVehicleEntered | vehicles.DriverAssigned
    | vehicles.DriverRefused | vehicles.EscortJoined | vehicles.EscortLeft | vehicles.HeadsCounted | vehicles.SearchEnded
    | passage.RoadOpened | passage.RoomStated | passage.GreenLightGiven | passage.GreenLightWithdrawn
    | passage.PassageReleased | passage.MovementNotified | passage.MovementAcknowledged | passage.ReliefGiven
    | passage.NeedStated | passage.DeliveryMade | passage.DeclaredLoad | desk.ClaimHeard | desk.CallMade
    | desk.CallAnswered | desk.CommentMade | desk.AgreementAmended | desk.PlanProposed | desk.PlanAdopted | desk.PlanDeclined
    | desk.PlanWithdrawn | desk.RefusalAnswered | AmendKind
)  # fmt: skip
"""Kinds that no phrase of the vocabulary speaks of. A new kind stands neither above nor here until somebody decides: mypy says so."""


def _unjudged(_: _Unjudged) -> Reader:
    """They state no fact that a clause can use."""
    return lambda entry, ground: ()


def _of_vehicles(entry: Entry, ground: Ground) -> Iterator[Fact]:
    seen = entry.observation
    crossing = ground.is_crossing(seen.at)
    match seen.what:
        case Departed(vehicle, to, heads, _, last):
            leaves, back = ground.leaves(seen.at, to), ground.back_from(seen.at, to, seen.seen_at)
            if leaves:
                yield _fact(entry, Happening.DEPARTURE, vehicle=vehicle, heads=heads, until=back)
            if leaves and last:
                yield _fact(entry, Happening.LAST_DEPARTURE, vehicle=vehicle, heads=heads, until=back)
            if leaves and ground.is_bus(vehicle):
                yield _fact(entry, Happening.BUS_DEPARTURE, vehicle=vehicle, heads=heads, until=back)
            if crossing:
                yield _fact(entry, Happening.EXIT, vehicle=vehicle)
        case Arrived(vehicle) | StopBegun(vehicle):
            if crossing:
                yield _fact(entry, Happening.ENTRY, vehicle=vehicle)
            if isinstance(seen.what, Arrived):
                yield _fact(entry, Happening.RETURN, vehicle=vehicle)
        case TurnedBack(vehicle) | VehicleReady(vehicle):
            yield _fact(entry, Happening.RETURN, vehicle=vehicle)
        case StopEnded(vehicle) if crossing:
            yield _fact(entry, Happening.EXIT, vehicle=vehicle)
        case SearchBegun(vehicle, by_whom):
            yield _fact(entry, Happening.SEARCH, vehicle=vehicle, party=by_whom, words=f"search of {vehicle}")
        case OutOfAction(vehicles, loss, by_whom) if loss is not Loss.BROKEN:
            yield _fact(entry, Happening.CONVOY_ATTACK, party=by_whom, words=f"{', '.join(vehicles)} {loss.value}")
        case _:
            pass


def _listed(what: Happening) -> Reader:
    """Whoever is listed boards, alights or is registered."""

    def read(entry: Entry, ground: Ground) -> list[Fact]:
        seen = entry.observation
        said: Boarded | Alighted | ArrivalRegistered = seen.what  # type: ignore[assignment]  # `_reader` gives these alone
        vehicle = None if what is Happening.REGISTRATION else said.vehicle  # type: ignore[union-attr]  # a registration has none
        standing = SIGNED if seen.told_by is None else ALLEGED
        return [Fact(what, seen.seen_at, standing, entry.id, seen.by, seen.at, person, vehicle) for person in said.persons]

    return read


def _of_choices(entry: Entry, ground: Ground) -> list[Fact]:
    seen = entry.observation
    said: DestinationChosen = seen.what  # type: ignore[assignment]  # `_reader` gives these alone
    standing = SIGNED if seen.told_by is None else ALLEGED
    return [Fact(Happening.CHOICE, seen.seen_at, standing, entry.id, seen.by, said.to, person) for person in said.persons]


def _of_sides(entry: Entry, ground: Ground) -> Iterator[Fact]:
    match entry.observation.what:
        case DetaineeReleased(heads, by_whom):
            yield _fact(entry, Happening.RELEASE, heads=heads, party=by_whom, side=ground.side_of(by_whom))
        case PassageSuspended(party):
            yield _fact(entry, Happening.SUSPENSION, party=party, side=ground.side_of(party))
        case PassageResumed(party):
            yield _fact(entry, Happening.RESUMPTION, party=party, side=ground.side_of(party))
        case FindingSigned(clause, party, about):
            yield _fact(entry, Happening.FINDING, party=party, side=ground.side_of(party), about=about, clause=clause)
        case _:
            pass


def _of_persons(entry: Entry, ground: Ground) -> Iterator[Fact]:
    match entry.observation.what:
        case HandedOver(_, Receiver.HOSPITAL, vehicle, persons):
            yield from _each(entry, Happening.HOSPITAL, persons, vehicle)
        case TriageChanged(person, care) if care in _HURT:
            yield _fact(entry, Happening.WOUNDED, person=person)
        case PersonRegistered(persons, _, care) if care in _HURT:
            yield from _each(entry, Happening.WOUNDED, persons)
        case _:
            pass


def _of_harm(entry: Entry, ground: Ground) -> Iterator[Fact]:
    match entry.observation.what:
        case TakenOff(heads, vehicle, where, _, by_whom):
            place, words = where or entry.observation.at, f"{heads} taken off {vehicle}"
            yield _fact(entry, Happening.TAKING, vehicle=vehicle, heads=heads, place=place, party=by_whom, words=words)
            # Whether told or seen, it was said: a confirmation must not make the duty to inquire vanish.
            yield msgspec.structs.replace(_fact(entry, Happening.ALLEGATION, vehicle=vehicle, place=place, words=words), standing=SIGNED)
        case Injured(heads, _, by_whom):
            yield _fact(entry, Happening.INJURY, heads=heads, party=by_whom, words=f"{heads} injured")
        case Robbed(heads, _, by_whom):
            yield _fact(entry, Happening.ROBBERY, heads=heads, party=by_whom, words=f"{heads} robbed")
        case PapersTaken(heads, _, by_whom):
            yield _fact(entry, Happening.ROBBERY, heads=heads, party=by_whom, words=f"papers of {heads} taken")
        case Attacked(struck, vehicle, by_whom) if struck in _STRUCK:
            yield _fact(entry, _STRUCK[struck], vehicle=vehicle, party=by_whom, words=f"attack on {struck.value}")
        case MonitorExpelled(observer, by_whom):
            yield _fact(entry, Happening.EXPULSION, party=by_whom, words=f"{observer} expelled")
        case _:
            pass


def _of_hindrance(entry: Entry, ground: Ground) -> Iterator[Fact]:
    match entry.observation.what:
        case BoardingDenied(heads, vehicle, _, by_whom):
            yield _fact(entry, Happening.DENIAL, vehicle=vehicle, heads=heads, party=by_whom, words=f"{heads} denied boarding of {vehicle}")
        case RoadClosed(to, by_whom):
            yield _fact(entry, Happening.CLOSURE, party=by_whom, words=f"road to {to} closed")
        case AccessRefused(party, about):
            yield _fact(entry, Happening.REFUSAL, party=party, about=about, words="access refused")
            yield _fact(entry, Happening.REPLY, party=party, about=about)
        case Separated(group):
            yield _fact(entry, Happening.SEPARATION, words=f"{group} separated")
        case _:
            pass


def _of_posts(entry: Entry, ground: Ground) -> Iterator[Fact]:
    match entry.observation.what:
        case PostTaken():
            yield _fact(entry, Happening.ON_POST)
        case PostLeft():
            yield _fact(entry, Happening.OFF_POST)
        case WatchClosed(_, kinds, _) if entry.observation.at is not None and Watched.POST not in kinds:
            # Whoever signs for what happened here was here; whoever signs for the posts' book speaks of others.
            for watch in watches_of(entry):
                if watch.kind is kinds[0]:
                    yield _fact(entry, Happening.WATCHED_THERE, at=watch.stretch.start, until=watch.stretch.end)
        case _:
            pass


def _of_desk(entry: Entry, ground: Ground) -> Iterator[Fact]:
    match entry.observation.what:
        case AccessAsked(party, relief):
            what = Happening.MONITOR_REQUEST if relief is None else Happening.RELIEF_REQUEST
            yield _fact(entry, what, party=party)
        case AccessGranted(party, about):
            yield _fact(entry, Happening.GRANT, party=party, about=about)
            yield _fact(entry, Happening.REPLY, party=party, about=about)
        case InquiryOpened(about):
            yield _fact(entry, Happening.INQUIRY, about=about)
        case ReportSent(number):
            yield _fact(entry, Happening.REPORT, words=f"report {number}")
        case AgreementAdopted(since):
            yield _fact(entry, Happening.ADOPTION, at=since)
        case ConsentAsked(asked, present, willing, forced, apart):
            how = "apart from armed men" if apart else "not apart from armed men"
            yield _fact(entry, Happening.CONSENT_SAMPLE, words=f"asked {asked} of {present}, {how}: {willing} willing, {forced} forced")
        case _:
            pass


def _each(entry: Entry, what: Happening, persons: Persons, vehicle: VehicleId | None = None) -> Iterator[Fact]:
    for person in persons:
        yield _fact(entry, what, person=person, vehicle=vehicle)


def _fact(
    entry: Entry,
    what: Happening,
    *,
    at: Instant | None = None,
    place: PlaceId | None = None,
    person: PersonId | None = None,
    vehicle: VehicleId | None = None,
    heads: Count | None = None,
    party: PartyId | None = None,
    side: SideId | None = None,
    about: EntryId | None = None,
    clause: ClauseLabel | None = None,
    until: Instant | None = None,
    words: str = "",
) -> Fact:
    seen = entry.observation
    return Fact(
        what,
        seen.seen_at if at is None else at,
        SIGNED if seen.told_by is None else ALLEGED,
        entry.id,
        seen.by,
        seen.at if place is None else place,
        person,
        vehicle,
        heads,
        party,
        side,
        about,
        clause,
        until,
        words,
    )
