"""What really happens in a rehearsal: who boards, who is taken off, which bus burns. The ground truth, whoever sees it.

`act` writes the deeds in order of time; `Truth` replays them and says how many were where. What a monitor could see of it at all is
marked on each deed; how badly devices see it is another file.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from random import Random

import msgspec

from safepassage.observation.people import Receiver
from safepassage.simulate.world import SEATS, SIDES, SWAP, Family, Ground, Looks, assembly, fleet, reception, road
from safepassage.values.ids import PlaceId, SideId, VehicleId
from safepassage.values.times import HOUR, MINUTE, Instant

START = Instant(1_482_040_800_000)
"""2016-12-18, early morning: when the first monitors take their posts."""


class Act(Enum):
    """One kind of deed."""

    REGISTER = "register"
    WAIT = "wait"
    BOARD = "board"
    DEPART = "depart"
    PASS = "pass"
    STOP = "stop"
    LET_GO = "let go"
    TAKE = "take off"
    TURN = "turn back"
    ARRIVE = "arrive"
    COUNT = "count"
    ALIGHT = "alight"
    HAND = "hand over"
    SWAP = "swap buses"
    BURN = "burn"
    CLOSE = "close the road"
    OPEN = "open the road"
    RECEIVE = "register at reception"
    BEAR = "give birth"
    DIE = "die"
    WALK = "walk away"
    STAY = "choose to stay"


class Deed(msgspec.Struct, frozen=True):
    """One thing that really happened. `people`: who moved, or all who were there; `seen` False: no monitor could see it."""

    at: Instant
    act: Act
    place: PlaceId
    vehicle: VehicleId | None = None
    to: str | None = None
    people: tuple[int, ...] = ()
    aboard: int = 0
    """Living passengers aboard just after it."""
    seen: bool = True


class Spoilers(msgspec.Struct, frozen=True):
    """How often, in a thousand loads, something goes wrong; and for how many minutes the road of the first side is closed."""

    taken: int = 60
    burned: int = 15
    swapped: int = 30
    hospital: int = 80
    cars: int = 60
    births: int = 10
    deaths: int = 10
    walked: int = 60
    closed: int = 90


USUAL = Spoilers()
QUIET = Spoilers(0, 0, 0, 0, 0, 0, 0, 0, 0)


def act(ground: Ground, seed: int, spoilers: Spoilers) -> list[Deed]:
    """Everything that happens, in order of time."""
    found: list[Deed] = []
    for number, side in enumerate(SIDES):
        script = _Script(ground, side, Random(seed * 2 + number), spoilers)
        script.play()
        found += script.deeds
    return sorted(found, key=lambda deed: deed.at)


class _Script:
    """One side's evacuation: families board in order, whole; buses drive, and things happen to them."""

    def __init__(self, ground: Ground, side: SideId, dice: Random, spoilers: Spoilers) -> None:
        self.ground, self.side, self.dice, self.spoilers = ground, side, dice, spoilers
        self.families = [family for family in ground.families if family.side == side]
        *self.buses, spare = fleet(side, sum(len(family.members) for family in self.families))
        self.spares = [spare]
        self.deeds: list[Deed] = []
        self.born = len(ground.people)
        self.closed = (Instant(0), Instant(0))

    def play(self) -> None:
        self._register()
        begin = START + 5 * HOUR
        loads, late = self._loads(), []
        free = {bus: begin + number * 5 * MINUTE for number, bus in enumerate(self.buses)}
        if self.spoilers.closed:
            second_wave = begin + 4 * HOUR
            self.closed = (Instant(second_wave), Instant(second_wave + self.spoilers.closed * MINUTE))
            self._say(self.closed[0], Act.CLOSE, road(self.side))
            self._say(self.closed[1], Act.OPEN, road(self.side))
        for load in loads:
            back = self._drive(load, free)
            if back:
                late.append(back)
        free = {bus: max(at, self.closed[1]) for bus, at in free.items()}
        for load in late:
            self._drive(load, free)

    def _say(
        self, at: int, deed: Act, place: PlaceId, vehicle: VehicleId | None = None, people: tuple[int, ...] = (), aboard: int = 0,
        to: str | None = None, seen: bool = True,
    ) -> None:  # fmt: skip
        self.deeds.append(Deed(Instant(at), deed, place, vehicle, to, people, aboard, seen))

    def _chance(self, per_mille: int) -> bool:
        return self.dice.randrange(1000) < per_mille

    def _register(self) -> None:
        """Wristbands are put on through the morning; some walk away before a bus comes, some choose to stay."""
        minutes = 280 * MINUTE
        for number, family in enumerate(self.families):
            at = START + 10 * MINUTE + minutes * number // len(self.families)
            if self.ground.people[family.members[0]].registered:
                self._say(at, Act.REGISTER, assembly(self.side), people=family.members, to=family.group)

    def _loads(self) -> list[tuple[int, ...]]:
        """Families, whole, onto buses; whoever walks away or stays is not among them."""
        loads: list[tuple[int, ...]] = []
        aboard: list[int] = []
        for family in self.families:
            if self._chance(self.spoilers.walked):
                self._leave_alone(family)
                continue
            if len(aboard) + len(family.members) > SEATS:
                loads.append(tuple(aboard))
                aboard = []
            aboard += family.members
        return [*loads, tuple(aboard)] if aboard else loads

    def _leave_alone(self, family: Family) -> None:
        """On foot or in a private car, unseen; or a family stays, and says so."""
        at = START + 4 * HOUR + self.dice.randrange(3 * HOUR)
        stays = self.dice.random() < 0.3
        self._say(at, Act.STAY if stays else Act.WALK, assembly(self.side), people=family.members, seen=stays)

    def _drive(self, load: tuple[int, ...], free: dict[VehicleId, int]) -> tuple[int, ...]:
        """One load's way out; who is brought back, if the road is closed."""
        if not free:
            return ()
        bus = min(free, key=lambda vehicle: (free[vehicle], vehicle))
        at = self._board(bus, load, free[bus])
        aboard, here = list(load), assembly(self.side)
        self._say(at, Act.DEPART, here, bus, aboard=len(aboard), to=SWAP)
        at += 20 * MINUTE + self.dice.randrange(5 * MINUTE)
        if self.closed[0] <= at < self.closed[1]:
            free[bus] = self._turn_back(bus, aboard, at)
            return load
        at = self._on_the_road(bus, aboard, at)
        at += 20 * MINUTE + self.dice.randrange(8 * MINUTE)
        if self._chance(self.spoilers.burned):
            self._burn(bus, aboard, at)
            del free[bus]
            return ()
        self._say(at, Act.ARRIVE, SWAP, bus, aboard=len(aboard))
        if self.dice.random() < 0.3:
            self._say(at + 3 * MINUTE, Act.COUNT, SWAP, bus, aboard=len(aboard))
        driven, at = self._at_the_swap(bus, aboard, at + 6 * MINUTE, free)
        self._say(at, Act.DEPART, SWAP, driven, aboard=len(aboard), to=reception(self.side))
        free[driven] = self._at_reception(driven, aboard, at + 28 * MINUTE + self.dice.randrange(6 * MINUTE))
        return ()

    def _board(self, bus: VehicleId, load: tuple[int, ...], at: int) -> int:
        self._say(at, Act.WAIT, assembly(self.side))
        for start in range(0, len(load), 12):
            at += 2 * MINUTE
            self._say(at, Act.BOARD, assembly(self.side), bus, load[start : start + 12], min(start + 12, len(load)))
        return at + 3 * MINUTE

    def _on_the_road(self, bus: VehicleId, aboard: list[int], at: int) -> int:
        """Past the road's post; men are taken off there or somewhere before the swap, seen or not."""
        here = road(self.side)
        if not self._chance(self.spoilers.taken):
            self._say(at, Act.PASS, here, bus, aboard=len(aboard))
            return at
        self._say(at, Act.STOP, here, bus, aboard=len(aboard))
        men = [index for index in aboard if index < len(self.ground.people) and self.ground.people[index].looks is Looks.MAN]
        taken = tuple(self.dice.sample(men, min(len(men), self.dice.randint(1, 6))))
        for index in taken:
            aboard.remove(index)
        if taken:
            self._say(at + 8 * MINUTE, Act.TAKE, here, bus, taken, len(aboard), seen=self.dice.random() < 0.3)
        self._say(at + 15 * MINUTE, Act.LET_GO, here, bus, aboard=len(aboard))
        return at + 15 * MINUTE

    def _turn_back(self, bus: VehicleId, aboard: list[int], at: int) -> int:
        self._say(at, Act.TURN, road(self.side), bus, aboard=len(aboard), to=assembly(self.side))
        at += 20 * MINUTE
        self._say(at, Act.ARRIVE, assembly(self.side), bus, aboard=len(aboard))
        self._say(at + 6 * MINUTE, Act.ALIGHT, assembly(self.side), bus, tuple(aboard), 0)
        return at + 12 * MINUTE

    def _burn(self, bus: VehicleId, aboard: list[int], at: int) -> None:
        """Those aboard get out and away as they can; nobody neutral sees where to."""
        self._say(at, Act.WALK, SWAP, bus, tuple(aboard), 0, seen=False)
        self._say(at + MINUTE, Act.BURN, SWAP, bus)

    def _at_the_swap(self, bus: VehicleId, aboard: list[int], at: int, free: dict[VehicleId, int]) -> tuple[VehicleId, int]:
        """Births, deaths, a hospital's car; and sometimes another bus takes everybody on."""
        if self._chance(self.spoilers.births):
            aboard.append(self.born)
            self._say(at, Act.BEAR, SWAP, bus, (self.born,), len(aboard))
            self.born += 1
        if self._chance(self.spoilers.deaths) and aboard:
            died = aboard.pop(self.dice.randrange(len(aboard)))
            self._say(at + MINUTE, Act.DIE, SWAP, bus, (died,), len(aboard))
        if self._chance(self.spoilers.hospital) and len(aboard) > 2:
            some = tuple(aboard.pop(self.dice.randrange(len(aboard))) for _ in range(self.dice.randint(1, 2)))
            self._say(at + 7 * MINUTE, Act.HAND, SWAP, bus, some, len(aboard), Receiver.HOSPITAL.value)
        at += 14 * MINUTE
        if self.spares and self._chance(self.spoilers.swapped):
            spare = self.spares.pop()  # the other one has broken down, and drives no more
            self._say(at, Act.ARRIVE, SWAP, spare)
            self._say(at + 7 * MINUTE, Act.SWAP, SWAP, bus, tuple(aboard), len(aboard), spare)
            del free[bus]
            return spare, at + 14 * MINUTE
        return bus, at

    def _at_reception(self, bus: VehicleId, aboard: list[int], at: int) -> int:
        here = reception(self.side)
        self._say(at, Act.ARRIVE, here, bus, aboard=len(aboard))
        if self._chance(self.spoilers.cars) and len(aboard) > 4:
            some = tuple(aboard.pop() for _ in range(self.dice.randint(1, 4)))
            self._say(at + 6 * MINUTE, Act.HAND, here, bus, some, len(aboard), Receiver.PRIVATE_CAR.value)
        self._say(at + 12 * MINUTE, Act.ALIGHT, here, bus, tuple(aboard), 0)
        self._say(at + 30 * MINUTE, Act.RECEIVE, here, people=tuple(aboard))
        self._say(at + 20 * MINUTE, Act.DEPART, here, bus, to=assembly(self.side))
        home = at + 95 * MINUTE + self.dice.randrange(15 * MINUTE)
        self._say(home, Act.ARRIVE, assembly(self.side), bus)
        return home + 10 * MINUTE


AWAY = {Act.WALK: "walked", Act.TAKE: "taken", Act.DIE: "died", Act.STAY: "stayed"}


class Truth:
    """Where everybody really is: `where[person]` is a place, a vehicle, a receiver, or `walked`, `taken`, `died`, `stayed`."""

    def __init__(self, ground: Ground) -> None:
        self.where: dict[int, str] = {index: assembly(f.side) for f in ground.families for index in f.members}
        self.heads = Counter(self.where.values())
        """How many are where."""

    def take(self, deed: Deed) -> None:
        match deed.act:
            case Act.BOARD | Act.BEAR:
                self._move(deed, str(deed.vehicle))
            case Act.ALIGHT:
                self._move(deed, deed.place)
            case Act.HAND | Act.SWAP:
                self._move(deed, str(deed.to))
            case Act.WALK | Act.TAKE | Act.DIE | Act.STAY:
                self._move(deed, AWAY[deed.act])
            case _:
                pass

    def _move(self, deed: Deed, to: str) -> None:
        for index in deed.people:
            if (before := self.where.get(index)) is not None:
                self.heads[before] -= 1
            self.where[index] = to
            self.heads[to] += 1


def truth_at(ground: Ground, deeds: list[Deed], at: Instant) -> Truth:
    """The truth after all deeds up to an instant, that instant included."""
    truth = Truth(ground)
    for deed in deeds:
        if deed.at > at:
            break
        truth.take(deed)
    return truth
