"""Ten days in a loop: people, drivers and parties do what the plan in force says, or fail to; monitors record what they see.

Nothing here knows how a plan is made. `follow` tells the campaign which trips are in force, `happen` gives what is recorded up to an
instant, and `received` is the truth that the picture is held against. The same seed and the same plans give the same days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from enum import Enum
from heapq import heappop, heappush
from random import Random
from typing import NamedTuple

from safepassage.observation import Observation, What
from safepassage.observation.passage import (
    GreenLightGiven,
    GreenLightWithdrawn,
    PassageResumed,
    PassageSuspended,
    Readiness,
    RoadClosed,
    RoadOpened,
)
from safepassage.observation.people import Alighted, ArrivalRegistered, Boarded, ChoseToStay, GroupFormed, PersonRegistered
from safepassage.observation.setting import PostTaken
from safepassage.observation.vehicles import (
    Arrived,
    Departed,
    DriverAssigned,
    DriverRefused,
    Loss,
    OutOfAction,
    Passed,
    TurnedBack,
    VehicleReady,
)
from safepassage.simulate.valley import (
    BACK,
    BEFORE,
    CROSSING,
    EAST,
    LOAD,
    ONWARD,
    UNLOAD,
    WEST,
    Family,
    Valley,
    assembly,
    families_of,
    reception,
)
from safepassage.simulate.world import LETTERS
from safepassage.values.counts import exactly
from safepassage.values.ids import ObserverId, PartyId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.people import Care, Role
from safepassage.values.times import MINUTE, Instant, at, local
from safepassage.values.trips import PlannedTrip

DAY_ONE = date(2016, 12, 15)
OBSERVERS: dict[ObserverId, tuple[Role, PartyId | None]] = {
    ObserverId("m01"): (Role.MONITOR, None), ObserverId("m02"): (Role.MONITOR, None), ObserverId("m03"): (Role.MONITOR, None),
    ObserverId("m04"): (Role.MONITOR, None), ObserverId("m05"): (Role.MONITOR, None), ObserverId("r1"): (Role.RECEPTION, None),
    ObserverId("desk"): (Role.DESK, None), ObserverId("o1"): (Role.OPERATIONS, None),
    ObserverId("party-east"): (Role.PARTY, PartyId("party-east")), ObserverId("party-west"): (Role.PARTY, PartyId("party-west")),
}  # fmt: skip
"""Who records in the rehearsal, in which role."""
_AT: dict[PlaceId, ObserverId] = {
    assembly(EAST): ObserverId("m01"), assembly(WEST): ObserverId("m02"), CROSSING: ObserverId("m03"),
    reception(EAST): ObserverId("m04"), reception(WEST): ObserverId("m05"),
}  # fmt: skip
LIGHTS = 4
"""Both parties, the drivers' leader, the reception."""


class Trouble(Enum):
    """What goes wrong on one of the days."""

    ROAD = "the road to a reception is closed for three hours"
    SUSPENSION = "a party suspends passage"
    BURNED = "vehicles burn"
    DRIVER = "a driver refuses, for a day"
    TURNED = "a convoy is turned back at the crossing"
    STAY = "some choose to stay"
    MORE = "more come than were counted"
    LIGHT = "a party withdraws its green light for three hours"


class Run(NamedTuple):
    """One vehicle on its way, with the families aboard."""

    vehicle: VehicleId
    side: SideId
    families: tuple[Family, ...]

    @property
    def persons(self) -> tuple[PersonId, ...]:
        return tuple(each.code for family in self.families for each in family.members)


class Cue(NamedTuple):
    """What is to happen; `run`, `trip` or `trouble` say to what. No two have one number."""

    at: int
    number: int
    do: Callable[[Cue, Instant], None]
    run: Run | None = None
    trip: PlannedTrip | None = None
    trouble: Trouble | None = None
    plan: int = 0


class Campaign:
    """What really happens in a valley, whatever the plan."""

    def __init__(self, valley: Valley, seed: int) -> None:
        self.valley, self.dice, self.zone = valley, Random(seed), valley.world.zone
        self.received: Counter[SideId] = Counter()
        self.stayed: Counter[SideId] = Counter()
        self.without_light = 0
        """Boardings before every light was green: there must be none."""
        self.troubles: list[tuple[Instant, Trouble]] = []
        self.waiting: dict[SideId, list[Family]] = {EAST: [], WEST: []}
        self.home: set[VehicleId] = {vehicle.id for vehicle in valley.world.vehicles}
        self.refusing: set[VehicleId] = set()
        self.burned: set[VehicleId] = set()
        self.lights: set[str] = set()
        self.shut = self.suspended = self.turning = False
        self._cues: list[Cue] = []
        self._count = self._plan = 0
        self._said: list[Observation] = []
        self._rest = [PersonId("w-" + "".join(self.dice.choices(LETTERS, k=8))) for _ in range(len(valley.families))]
        self._prepare()

    @property
    def opens(self) -> Instant:
        return self.moment(1, "04:00")

    def moment(self, day: int, clock: str) -> Instant:
        """A clock time of day 1, 2, 3 and so on."""
        return at(DAY_ONE + timedelta(days=day - 1), clock, self.zone)

    def follow(self, trips: Sequence[PlannedTrip], now: Instant) -> None:
        """These trips are in force from now on; whatever was to load under an earlier plan does not."""
        self._plan += 1
        for trip in trips:
            begins = trip.departs - LOAD * MINUTE
            if trip.departs > now:
                self._later(max(now, begins + self.dice.randrange(6) * MINUTE), self._do_load, trip=trip, plan=self._plan)

    def happen(self, until: Instant) -> list[Observation]:
        """Everything that is recorded up to an instant, in order."""
        while self._cues and self._cues[0].at <= until:
            cue = heappop(self._cues)
            cue.do(cue, Instant(cue.at))
        said, self._said = self._said, []
        return said

    # How it begins.
    def _prepare(self) -> None:
        for number, _ in enumerate(self.valley.families[:: self._chunk()]):
            self._later(self.opens + (5 + number % 50) * MINUTE, self._do_register)
        for day in range(1, self.valley.days + 1):
            self._later(self.moment(day, "06:00"), self._do_lights)
        begins = [Trouble[name] for name in self.valley.shape.begins]
        others = [trouble for trouble in Trouble if trouble not in begins]
        self.dice.shuffle(others)
        order = [*begins, *others]
        for day, trouble in zip(range(2, self.valley.days), order, strict=False):
            clock = "06:40" if trouble in (Trouble.BURNED, Trouble.DRIVER) else self.dice.choice(("08:30", "10:10", "11:50"))
            self._later(self.moment(day, clock), self._do_trouble, trouble=trouble)
        self._unregistered = list(self.valley.families)

    def _chunk(self) -> int:
        return max(1, len(self.valley.families) // 50 + 1)

    def _later(
        self, moment: int, do: Callable[[Cue, Instant], None], run: Run | None = None, trip: PlannedTrip | None = None,
        trouble: Trouble | None = None, plan: int = 0,
    ) -> None:  # fmt: skip
        self._count += 1
        heappush(self._cues, Cue(moment, self._count, do, run, trip, trouble, plan))

    def _say(self, moment: Instant, what: What, place: PlaceId | None = None, by: str = "") -> None:
        who = ObserverId(by) if by else _AT[place] if place is not None else ObserverId("desk")
        self._said.append(Observation(by=who, seen_at=moment, what=what, at=place))

    # What people do.
    def _do_register(self, _: Cue, now: Instant) -> None:
        size = self._chunk()
        families, self._unregistered = self._unregistered[:size], self._unregistered[size:]
        self._arrive(families, now)

    def _arrive(self, families: list[Family], now: Instant) -> None:
        for side in (EAST, WEST):
            own = [family for family in families if family.side == side]
            for care in (Care.WOUNDED, Care.VULNERABLE, Care.GENERAL):
                persons = tuple(each.code for family in own for each in family.members if each.care is care)
                if persons:
                    self._say(now, PersonRegistered(persons, side, care), assembly(side))
            for family in own:
                if family.group is not None:
                    self._say(now, GroupFormed(family.group, tuple(each.code for each in family.members)), assembly(side))
            self.waiting[side] += own

    def _do_lights(self, _: Cue, now: Instant) -> None:
        """In the morning monitors take their posts until the evening, and whoever must gives a green light."""
        for place in _AT:
            self._say(now, PostTaken(Instant(now + 14 * 60 * MINUTE)), place)
        for side in (EAST, WEST):
            self._light(f"party-{side}", now)
        self._say(now, GreenLightGiven(Readiness.DRIVERS), CROSSING, "o1")
        self._say(now, GreenLightGiven(Readiness.RECEPTION), reception(EAST), "r1")
        self.lights |= {"drivers", "reception"}

    def _light(self, party: str, now: Instant) -> None:
        self._say(now, GreenLightGiven(Readiness.PARTY, PartyId(party)), CROSSING, party)
        self.lights.add(party)

    # What vehicles do.
    def _do_load(self, cue: Cue, now: Instant) -> None:
        """Nobody boards before every light is green, nor while passage is suspended."""
        trip = cue.trip
        if trip is None or cue.plan != self._plan or self.suspended or len(self.lights) < LIGHTS:
            return
        side = EAST if trip.start == assembly(EAST) else WEST
        there = [vehicle for vehicle in trip.vehicles if vehicle in self.home and vehicle not in self.refusing]
        for vehicle, families in self._seated(side, there, trip.persons):
            self.home.discard(vehicle)
            self.without_light += len(self.lights) < LIGHTS
            run = Run(vehicle, side, families)
            self._say(now, Boarded(vehicle, run.persons), trip.start)
            self._later(max(now + 15 * MINUTE, trip.departs + self.dice.randrange(-5, 5) * MINUTE), self._do_leave, run)

    def _seated(self, side: SideId, vehicles: list[VehicleId], most: int) -> Iterator[tuple[VehicleId, tuple[Family, ...]]]:
        """Wounded into ambulances, then the vulnerable before the others; families whole."""
        for vehicle in vehicles:
            kind = next(each for each in self.valley.world.vehicles if each.id == vehicle)
            aboard: list[Family] = []
            room = min(kind.seats, most)
            for care in (Care.WOUNDED,) if kind.kind == "ambulance" else (Care.VULNERABLE, Care.GENERAL):
                for family in [family for family in self.waiting[side] if family.care is care]:
                    if len(family.members) <= room:
                        room -= len(family.members)
                        aboard.append(family)
            if aboard:
                gone = set(map(id, aboard))
                self.waiting[side] = [family for family in self.waiting[side] if id(family) not in gone]
                most -= sum(len(family.members) for family in aboard)
                yield vehicle, tuple(aboard)

    def _do_leave(self, cue: Cue, now: Instant) -> None:
        run = self._run(cue)
        heads = exactly(self._counted(len(run.persons)))
        self._say(now, Departed(run.vehicle, reception(run.side), heads), assembly(run.side))
        self._later(now + (BEFORE + self.dice.randrange(4, 12)) * MINUTE, self._do_pass, run)

    def _counted(self, heads: int) -> int:
        """Two in a hundred counts are off by one."""
        return max(1, heads + self.dice.choice((-1, 1))) if self.dice.random() < 0.02 else heads

    def _do_pass(self, cue: Cue, now: Instant) -> None:
        run = self._run(cue)
        if self.shut or self.suspended or self.turning:
            self.turning = False
            self._say(now, TurnedBack(run.vehicle, assembly(run.side)), CROSSING)
            self._later(now + BEFORE * MINUTE, self._do_back, run)
            return
        self._say(now, Passed(run.vehicle), CROSSING)
        self._later(now + (ONWARD + self.dice.randrange(-5, 6)) * MINUTE, self._do_receive, run)

    def _do_back(self, cue: Cue, now: Instant) -> None:
        """Everybody gets off where they waited before."""
        run = self._run(cue)
        here = assembly(run.side)
        self._say(now, Arrived(run.vehicle, exactly(len(run.persons))), here)
        self._say(now, Alighted(exactly(len(run.persons)), run.vehicle, run.persons), here)
        self._say(now, VehicleReady(run.vehicle), here)
        self.waiting[run.side] += run.families
        self.home.add(run.vehicle)

    def _do_receive(self, cue: Cue, now: Instant) -> None:
        run = self._run(cue)
        here = reception(run.side)
        self._say(now, Arrived(run.vehicle, exactly(self._counted(len(run.persons)))), here)
        self._say(now, Alighted(exactly(len(run.persons)), run.vehicle, run.persons), here)
        self._say(now, ArrivalRegistered(run.persons), here)
        self.received[run.side] += len(run.persons)
        self._later(now + UNLOAD * MINUTE, self._do_return, run)

    def _do_return(self, cue: Cue, now: Instant) -> None:
        run = self._run(cue)
        self._say(now, Departed(run.vehicle, assembly(run.side), exactly(0)), reception(run.side))
        self._later(now + (BACK - self.dice.randrange(5, 16)) * MINUTE, self._do_home, run)

    def _do_home(self, cue: Cue, now: Instant) -> None:
        run = self._run(cue)
        self._say(now, Arrived(run.vehicle, exactly(0)), assembly(run.side))
        self._say(now, VehicleReady(run.vehicle), assembly(run.side))
        self.home.add(run.vehicle)

    @staticmethod
    def _run(cue: Cue) -> Run:
        assert cue.run is not None  # a cue about a vehicle carries its run
        return cue.run

    # What goes wrong.
    def _do_trouble(self, cue: Cue, now: Instant) -> None:
        assert cue.trouble is not None  # as it was laid out
        self.troubles.append((now, cue.trouble))
        side = self.dice.choice((EAST, WEST))
        match cue.trouble:
            case Trouble.ROAD:
                self.shut = True
                self._say(now, RoadClosed(reception(side)), CROSSING)
                self._later(now + 180 * MINUTE, self._do_open, Run(VehicleId(""), side, ()))
            case Trouble.SUSPENSION:
                self.suspended = True
                self._say(now, PassageSuspended(PartyId(f"party-{side}")), CROSSING, f"party-{side}")
                self._later(self._morning(now, self.valley.shape.mornings), self._do_resume, Run(VehicleId(""), side, ()))
            case Trouble.BURNED | Trouble.DRIVER:
                self._vehicle(cue.trouble, side, now)
            case Trouble.TURNED:
                self.turning = True
            case Trouble.STAY:
                self._stay(side, now)
            case Trouble.MORE:
                self._arrive(families_of(side, max(10, len(self.valley.families) // 8), self._rest, self.dice, "x"), now)
            case Trouble.LIGHT:
                self.lights.discard(f"party-{side}")
                self._say(now, GreenLightWithdrawn(Readiness.PARTY, PartyId(f"party-{side}")), CROSSING, f"party-{side}")
                self._later(now + 180 * MINUTE, self._do_relight, Run(VehicleId(""), side, ()))

    def _morning(self, now: Instant, after: int = 1) -> int:
        return at(local(now, self.zone).date() + timedelta(days=after), "06:30", self.zone)

    def _vehicle(self, trouble: Trouble, side: SideId, now: Instant) -> None:
        """One that stands at its base, or as many as burn together; its side keeps at least two."""
        own = [v.id for v in self.valley.world.vehicles if (v.side, v.kind) == (side, "bus") and v.id not in self.burned | self.refusing]
        there = [vehicle for vehicle in own if vehicle in self.home]
        if len(own) < 3 or not there:
            return
        if trouble is Trouble.BURNED:
            number = min(self.valley.shape.burned, len(there), len(own) - 2)
            lost = tuple(there if number == len(there) else self.dice.sample(there, number))
            self.burned |= set(lost)
            self.home -= set(lost)
            self._say(now, OutOfAction(lost, Loss.BURNED), assembly(side))
        else:
            chosen = self.dice.choice(there)
            self.refusing.add(chosen)
            self._say(now, DriverRefused(chosen), assembly(side), "desk")
            self._later(self._morning(now), self._do_driver, Run(chosen, side, ()))

    def _stay(self, side: SideId, now: Instant) -> None:
        some = self.waiting[side][-max(1, len(self.waiting[side]) // 12) :] if self.waiting[side] else []
        persons = tuple(each.code for family in some for each in family.members)
        if persons:
            self.waiting[side] = self.waiting[side][: -len(some)]
            self.stayed[side] += len(persons)
            self._say(now, ChoseToStay(exactly(len(persons)), side, persons), assembly(side))

    def _do_open(self, cue: Cue, now: Instant) -> None:
        self.shut = False
        self._say(now, RoadOpened(reception(self._run(cue).side)), CROSSING)

    def _do_resume(self, cue: Cue, now: Instant) -> None:
        self.suspended = False
        party = f"party-{self._run(cue).side}"
        self._say(now, PassageResumed(PartyId(party)), CROSSING, party)

    def _do_driver(self, cue: Cue, now: Instant) -> None:
        run = self._run(cue)
        self.refusing.discard(run.vehicle)
        self._say(now, DriverAssigned(100 + self.dice.randrange(900), run.vehicle), assembly(run.side), "desk")

    def _do_relight(self, cue: Cue, now: Instant) -> None:
        self._light(f"party-{self._run(cue).side}", now)
