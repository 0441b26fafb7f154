"""How badly devices see what happens: late, lost, doubled, miscounted, with clocks that are off and wristbands that were swapped.

Every flaw is drawn within what a bound allows for (`whereabouts.reliance`), so that a bound which the truth leaves is a defect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import Random

import msgspec

from safepassage.observation import Entry, Observation, What, to_bytes
from safepassage.observation.passage import RoadClosed, RoadOpened
from safepassage.observation.people import (
    Alighted,
    ArrivalRegistered,
    Basis,
    Boarded,
    Born,
    ChoseToStay,
    Died,
    GroupFormed,
    HandedOver,
    PersonRegistered,
    Receiver,
    TakenOff,
    Transferred,
    WaitingCounted,
)
from safepassage.observation.setting import PostTaken
from safepassage.observation.vehicles import (
    Arrived,
    Departed,
    HeadsCounted,
    Loss,
    OutOfAction,
    Passed,
    StopBegun,
    StopEnded,
    TurnedBack,
)
from safepassage.simulate.actors import START, Act, Deed, Truth
from safepassage.simulate.world import SWAP, Ground
from safepassage.values.counts import Count, Tally, exactly
from safepassage.values.encoding import content_id
from safepassage.values.ids import DeviceId, GroupId, ObserverId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.times import HOUR, MINUTE, SECOND, Instant
from safepassage.whereabouts.reliance import CLOCK, allowance

_AT_THE_SAME_DOOR = 2
"""Monitors at each place; each has one device."""


class Flaws(msgspec.Struct, frozen=True):
    """Of a thousand: envelopes that are lost, late, doubled; wristbands swapped within a family; wristbands not read at boarding;
    vehicles that nobody counts. `clock`: milliseconds by which a device may be off; `miscounts`: whether counts are off at all."""

    lost: int = 20
    late: int = 100
    doubled: int = 50
    swapped: int = 20
    unread: int = 30
    uncounted: int = 150
    clock: int = CLOCK
    miscounts: bool = True


USUAL = Flaws()
NONE = Flaws(0, 0, 0, 0, 0, 0, 0, False)


class Heard(msgspec.Struct, frozen=True):
    """What one device made of one deed, and when it reached the hub: never, once, or twice."""

    observation: Observation
    device: DeviceId
    sequence: int
    deed: int
    """Index into the deeds; -1 where a post was taken."""
    arrives: tuple[Instant, ...]

    @property
    def lost(self) -> bool:
        return not self.arrives


def watch(ground: Ground, deeds: list[Deed], seed: int, flaws: Flaws = USUAL, batch: int = 16) -> list[Heard]:
    """Everything that devices record of the deeds; `batch`: wristbands read into one observation."""
    return _Watching(ground, Random(seed + 77), flaws, batch).over(deeds)


def entries_of(heard: list[Heard]) -> list[Entry]:
    """What the hub has, in the order in which it came; copies come as copies."""
    arrivals = sorted((at, number, one) for number, one in enumerate(heard) for at in one.arrives)
    places: dict[str, int] = {}
    found = []
    for at, _, one in arrivals:
        id = content_id(to_bytes(one.observation))
        index = places.setdefault(id, len(places))
        found.append(Entry(id, index, at, one.device, one.sequence, one.observation))
    return found


class _Watching:
    """Devices at their posts; the truth goes along, since a count begins from how many are really there."""

    def __init__(self, ground: Ground, dice: Random, flaws: Flaws, batch: int) -> None:
        self.ground, self.dice, self.flaws, self.batch = ground, dice, flaws, batch
        self.truth = Truth(ground)
        self.posts: dict[PlaceId, list[ObserverId]] = {
            place.id: [ObserverId(f"m{number * _AT_THE_SAME_DOOR + one + 1:02d}") for one in range(_AT_THE_SAME_DOOR)]
            for number, place in enumerate(ground.world.places)
        }
        self.clocks = {who: dice.randint(-flaws.clock, flaws.clock) for here in self.posts.values() for who in here}
        self.numbers: defaultdict[ObserverId, int] = defaultdict(int)
        self.codes = self._worn()

    def over(self, deeds: list[Deed]) -> list[Heard]:
        found = [
            self._heard(who, START + number * SECOND, place, PostTaken(), -1)
            for number, (place, who) in enumerate((place, who) for place, here in self.posts.items() for who in here)
        ]
        for number, deed in enumerate(deeds):
            self.truth.take(deed)
            if deed.seen:
                who = self.dice.choice(self.posts[deed.place])
                for apart, what in enumerate(self._said(deed)):
                    found.append(self._heard(who, deed.at + apart * 10, deed.place, what, number))
        return found

    def _worn(self) -> list[PersonId]:
        """The code that each wears; in some families two children wear each other's."""
        codes = [person.code for person in self.ground.people]
        for family in self.ground.families:
            if len(family.members) > 2 and self._chance(self.flaws.swapped):
                one, other = family.members[-2:]
                codes[one], codes[other] = codes[other], codes[one]
        return codes

    def _chance(self, per_mille: int) -> bool:
        return self.dice.randrange(1000) < per_mille

    def _heard(self, who: ObserverId, at: int, place: PlaceId, what: What, deed: int) -> Heard:
        self.numbers[who] += 1
        observation = Observation(by=who, seen_at=Instant(at + self.clocks[who]), what=what, at=place)
        return Heard(observation, DeviceId(f"{who}-1"), self.numbers[who], deed, self._arrivals(at))

    def _arrivals(self, at: int) -> tuple[Instant, ...]:
        if self._chance(self.flaws.lost):
            return ()
        first = at + CLOCK + self.dice.randrange(MINUTE) + (self.dice.randrange(6 * HOUR) if self._chance(self.flaws.late) else 0)
        return (Instant(first), Instant(first + MINUTE)) if self._chance(self.flaws.doubled) else (Instant(first),)

    # What is recorded of a deed.
    def _said(self, deed: Deed) -> Iterator[What]:
        vehicle = deed.vehicle or VehicleId("B-1")
        match deed.act:
            case Act.REGISTER:
                yield from self._registered(deed)
            case Act.WAIT:
                yield WaitingCounted(self._count(self.truth.heads[deed.place]), self.dice.randint(-6, 3), True)
            case Act.BOARD:
                yield from (Boarded(vehicle, part) for part in self._read(deed.people))
            case Act.DEPART:
                heads = self._perhaps(deed.aboard) if deed.aboard else None
                yield Departed(vehicle, PlaceId(deed.to or SWAP), heads)
            case Act.PASS:
                yield Passed(vehicle, self._perhaps(deed.aboard) if self.dice.random() < 0.3 else None)
            case Act.STOP:
                yield StopBegun(vehicle)
            case Act.LET_GO:
                yield StopEnded(vehicle)
            case Act.TAKE:
                yield TakenOff(exactly(len(deed.people)), vehicle, deed.place, Tally(men=len(deed.people)))
            case Act.TURN:
                yield TurnedBack(vehicle, PlaceId(deed.to or SWAP))
            case Act.ARRIVE:
                yield Arrived(vehicle, self._perhaps(deed.aboard))
            case Act.COUNT:
                yield HeadsCounted(vehicle, self._count(deed.aboard))
            case Act.ALIGHT:
                yield Alighted(self._count(len(deed.people)), vehicle)
            case Act.HAND:
                read = tuple(self.codes[index] for index in deed.people if self._registered_one(index))
                yield HandedOver(exactly(len(deed.people)), Receiver(deed.to), vehicle, read)
            case Act.SWAP:
                yield Transferred(self._count(len(deed.people)), vehicle, VehicleId(deed.to or vehicle))
            case Act.RECEIVE:
                yield from (ArrivalRegistered(part) for part in self._read(deed.people))
            case _:
                yield from self._said_of_the_rest(deed, vehicle)

    def _said_of_the_rest(self, deed: Deed, vehicle: VehicleId) -> Iterator[What]:
        match deed.act:
            case Act.BURN:
                yield OutOfAction((vehicle,), Loss.BURNED)
            case Act.CLOSE:
                yield RoadClosed(SWAP)
            case Act.OPEN:
                yield RoadOpened(SWAP)
            case Act.BEAR:
                yield Born(vehicle)
            case Act.DIE:
                yield Died(Basis.SEEN, vehicle)
            case Act.STAY:
                read = tuple(self.codes[index] for index in deed.people if self._registered_one(index))
                yield ChoseToStay(exactly(len(deed.people)), SideId(deed.place.removeprefix("assembly-")), read)
            case _:
                return

    def _registered(self, deed: Deed) -> Iterator[What]:
        codes = tuple(self.ground.people[index].code for index in deed.people if self._registered_one(index))
        if codes:
            yield PersonRegistered(codes, SideId(deed.place.removeprefix("assembly-")))
        if len(codes) > 1:
            yield GroupFormed(GroupId(deed.to or ""), codes)

    def _registered_one(self, index: int) -> bool:
        return index < len(self.ground.people) and self.ground.people[index].registered

    def _read(self, people: tuple[int, ...]) -> Iterator[tuple[PersonId, ...]]:
        codes = [self.codes[index] for index in people if self._registered_one(index) and not self._chance(self.flaws.unread)]
        for start in range(0, len(codes), self.batch):
            yield tuple(codes[start : start + self.batch])

    def _perhaps(self, heads: int) -> Count | None:
        return None if self._chance(self.flaws.uncounted) else self._count(heads)

    def _count(self, heads: int) -> Count:
        """A count within what is allowed for: each head is overlooked or counted twice at the usual rate, a wide one is made again."""
        rate = self.ground.world.miscount
        if not self.flaws.miscounts:
            return exactly(heads)
        said = heads + sum(self.dice.choice((-1, 1)) for _ in range(heads) if self._chance(rate)) if heads < 400 else heads
        if abs(said - heads) <= allowance(said, rate):
            return exactly(said)
        return exactly(heads)
