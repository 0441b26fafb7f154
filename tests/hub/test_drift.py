"""An adopted plan is followed: what falls of it is named, and leads to a proposal where the plan does not stand without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safepassage.disclosure import Audience
from safepassage.hub.drift import Drift
from safepassage.ledger.ledger import Receipt
from safepassage.notation import parse_log
from safepassage.picture import Picture
from safepassage.picture.decided import Standing
from safepassage.picture.following import Assumption, fallen, followed, uses, way_of
from safepassage.planner.extract import problem_of
from safepassage.values.ids import PlaceId, PlanId, SideId
from safepassage.values.people import Role
from safepassage.values.times import Instant, local
from safepassage.values.trips import Obstacle, PlannedTrip
from tests.hub.making import DAWN, House

DAY = "day 2016-12-18, zone Asia/Damascus\n"
LETTERS = "0123456789bcdfghjkm"


def bands(first: str, number: int) -> str:
    return ", ".join(f"w-{first}{LETTERS[n // 19]}{LETTERS[n % 19]}22" for n in range(number))


class Loop(House):
    """A deployment in which 120 of one side and 60 of the other wait, and plan p-1 is in force. Its clock says when things are seen."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        for observer, role in (("m01", Role.MONITOR), ("desk", Role.DESK), ("o1", Role.OPERATIONS), ("party-south", Role.PARTY)):
            self.enrol(observer, role)
        self.minutes = 0
        self.say(f"m01 @assembly-east  registered {bands('b', 120)} of aleppo")
        self.say(f"m01 @foua-gate  registered {bands('f', 60)} of foua")
        assert isinstance(self.hub.propose(), Receipt)
        self.say("o1  plan p-1 adopted")

    @property
    def picture(self) -> Picture:
        assert self.hub.picture is not None
        return self.hub.picture

    def say(self, line: str) -> Receipt:
        """A line of field notation, seen and carried here one minute after the one before."""
        self.go(1)
        (made,) = parse_log(f"{DAY}{local(self.now, 'Asia/Damascus'):%H:%M}  {line}\n")
        answer = self.hub.receive(self.phone(str(made.observation.by)).seal(made.observation))
        assert isinstance(answer, Receipt), answer
        return answer

    def go(self, minutes: int) -> Receipt | None:
        """Time passes; the last proposal that the hub made by itself."""
        made = None
        for _ in range(minutes):
            self.minutes += 1
            self.now = Instant(DAWN + self.minutes * 60_000)
            answer = self.hub.tick()
            made = answer if isinstance(answer, Receipt) else made
        return made

    def trips(self, plan: str = "") -> tuple[PlannedTrip, ...]:
        plans = self.picture.plans()
        return plans[PlanId(plan) if plan else list(plans)[-1]].proposed.trips

    def fell(self) -> dict[str, Assumption]:
        return {each.subject: each.what for each in fallen(self.picture)}


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    house = Loop(tmp_path / "night")
    yield house
    house.hub.close()


def test_while_everything_holds_nothing_has_fallen_and_nothing_is_proposed(loop: Loop) -> None:
    assert loop.go(10) is None
    assert loop.fell() == {}
    assert sum(each.to_come(loop.now) for each in followed(loop.picture)) == 180


def test_a_driver_who_refuses_leads_to_a_proposal_without_that_vehicle(loop: Loop) -> None:
    bus = loop.trips("p-1")[0].vehicles[0]
    loop.say(f"desk @ramouseh  driver of {bus} refused")
    assert loop.fell() == {bus: Assumption.DRIVER}
    assert loop.go(2) is not None
    assert bus not in {vehicle for trip in loop.trips() for vehicle in trip.vehicles}
    assert sum(trip.persons for trip in loop.trips()) == 180
    assert loop.go(30) is None, "asked once"


def test_what_fell_is_asked_about_once_also_where_nothing_could_be_proposed(loop: Loop) -> None:
    loop.say(f"desk @ramouseh  driver of {loop.trips('p-1')[0].vehicles[0]} refused")
    drift = Drift()
    loop.picture.settle(Instant(loop.now + 60_000))
    assert drift.unanswered(loop.picture) is not None
    assert drift.unanswered(loop.picture) is None


def test_another_driver_mends_it(loop: Loop) -> None:
    bus = loop.trips("p-1")[0].vehicles[0]
    loop.say(f"desk @ramouseh  driver of {bus} refused")
    loop.say(f"desk @ramouseh  driver 7 assigned to {bus}")
    assert loop.fell() == {}


def test_a_vehicle_that_the_plan_does_not_need_may_burn_without_a_proposal(loop: Loop) -> None:
    needed = {vehicle for trip in loop.trips("p-1") for vehicle in trip.vehicles}
    other = next(v.id for v in loop.picture.world.vehicles if v.id not in needed)
    loop.say(f"m01 @ramouseh  {other} burned by persons not identified")
    assert loop.go(5) is None
    assert loop.fell() == {}


def test_where_its_only_road_is_closed_nobody_of_a_side_is_planned_until_it_opens(loop: Loop) -> None:
    closed = loop.say("m01 @rashideen  road to khan-al-assal closed by persons not identified")
    assert loop.fell() == {"rashideen to khan-al-assal": Assumption.ROAD}
    assert loop.go(2) is not None
    assert {trip.start for trip in loop.trips()} == {"foua-gate"}
    assert loop.picture.plans()[PlanId("p-2")].proposed.entry == closed.id
    loop.say("o1  plan p-2 adopted")
    loop.say("m01 @rashideen  road to khan-al-assal open")
    assert loop.fell() == {"aleppo": Assumption.NUMBERS}
    assert loop.go(40) is not None
    assert {trip.start for trip in loop.trips()} >= {"ramouseh"}


def test_a_road_in_the_other_direction_is_another_road(loop: Loop) -> None:
    world = loop.picture.world
    ramouseh, rashideen, khan = PlaceId("ramouseh"), PlaceId("rashideen"), PlaceId("khan-al-assal")
    assert way_of(world, ramouseh, khan)[0] == ramouseh
    assert uses(world, ramouseh, khan, rashideen, khan)
    assert not uses(world, ramouseh, khan, khan, rashideen)
    assert way_of(world, khan, PlaceId("foua-gate")) != ()
    assert way_of(world, PlaceId("jibreen"), PlaceId("idlib-depot")) == ()


def test_what_has_not_left_half_an_hour_after_its_minute_has_fallen_and_is_planned_anew(loop: Loop) -> None:
    first = min(trip.departs for trip in loop.trips("p-1"))
    loop.go((first - loop.now) // 60_000 + 29)
    assert Assumption.LATE not in loop.fell().values()
    made = loop.go(2)
    assert Assumption.LATE in loop.fell().values()
    assert made is not None
    assert all(trip.departs > loop.now for trip in loop.trips())
    assert sum(trip.persons for trip in loop.trips()) == 180


def test_many_more_who_wait_than_the_plan_carries_lead_to_a_proposal_once_the_pause_is_over(loop: Loop) -> None:
    loop.say(f"m01 @foua-gate  registered {bands('g', 60)} of foua")
    assert loop.fell() == {"foua": Assumption.NUMBERS}
    assert loop.go(10) is None
    assert loop.go(30) is not None
    assert sum(trip.persons for trip in loop.trips()) == 240


def test_a_suspension_is_named_and_proposes_nothing_until_it_is_over(loop: Loop) -> None:
    bus = loop.trips("p-1")[0].vehicles[0]
    loop.say("party-south @ramouseh  passage suspended by party-south")
    loop.say(f"m01 @ramouseh  {bus} burned by persons not identified")
    assert loop.fell()["party-south"] is Assumption.PASSAGE
    assert loop.go(20) is None
    loop.say("party-south @ramouseh  passage resumed by party-south")
    assert loop.go(3) is not None, "the loss was not forgotten"


def test_a_green_light_that_is_withdrawn_is_named_until_it_is_given_again(loop: Loop) -> None:
    loop.say("party-south @ramouseh  green light of party party-south")
    assert loop.fell() == {}
    loop.say("party-south @ramouseh  green light withdrawn by party party-south")
    assert loop.fell() == {"party-south": Assumption.LIGHT}
    loop.say("party-south @ramouseh  green light of party party-south")
    assert loop.fell() == {}


def test_a_reception_that_takes_fewer_is_named_and_a_plan_proposed_that_brings_no_more(loop: Loop) -> None:
    loop.say("m01 @khan-al-assal  room for 120 a day")
    assert loop.fell() == {}
    loop.say("m01 @khan-al-assal  room for 80 a day")
    assert loop.fell() == {"khan-al-assal": Assumption.ROOM}
    assert loop.go(2) is not None
    came: dict[str, int] = {}
    for trip in (trip for trip in loop.trips() if trip.end == "khan-al-assal"):
        day = f"{local(Instant(trip.passes + 50 * 60_000), 'Asia/Damascus'):%d}"
        came[day] = came.get(day, 0) + trip.persons
    assert len(came) == 2 and sum(came.values()) == 120 and max(came.values()) <= 80


def test_whoever_is_brought_back_to_where_their_side_gathers_waits_again(loop: Loop) -> None:
    loop.say(f"m01 @ramouseh  B-01 boarded by {bands('b', 40)}")
    planning = loop.picture.world.planning
    assert planning is not None
    assert problem_of(loop.picture, planning, loop.now).side(SideId("aleppo")).persons == 80
    loop.say(f"m01 @ramouseh  40 alighted from B-01: {bands('b', 40)}")
    assert problem_of(loop.picture, planning, loop.now).side(SideId("aleppo")).persons == 120


def test_whoever_is_on_the_way_back_is_planned_with_and_into_nothing_that_loads_before_they_are_back(loop: Loop) -> None:
    """They have not left, and are not there: a bus with 40 of them, of whom six are a family, has turned back to where they gather."""
    planning = loop.picture.world.planning
    assert planning is not None
    loop.say(f"m01 @ramouseh  g-b001 formed of {', '.join(bands('b', 60).split(', ')[:6])}")
    loop.say(f"m01 @ramouseh  B-01 boarded by {bands('b', 40)}")
    road = next(road for road in planning.roads if road.start == "ramouseh")
    loop.say(f"m01 @ramouseh  B-01 departed for {road.end}")
    assert problem_of(loop.picture, planning, loop.now).side(SideId("aleppo")).persons == 80
    loop.go(50)
    loop.say(f"m01 @{road.end}  B-01 turned back to ramouseh by persons not identified")
    problem = problem_of(loop.picture, planning, loop.now)
    side, back = problem.side(SideId("aleppo")), problem.now + road.back
    assert (side.persons, [(c.minute, sum(c.people)) for c in side.coming]) == (120, [(back, 34)])
    assert [(group.size, group.since) for group in side.groups] == [(6, back)]
    assert isinstance(loop.hub.propose(), Receipt)
    early = [t for t in loop.trips() if t.start == "ramouseh" and t.departs < loop.now + (back - problem.now + 10) * 60_000]
    assert sum(trip.persons for trip in early) <= 80
    assert sum(trip.persons for trip in loop.trips()) == 180
    loop.say("m01 @ramouseh  B-01 arrived")
    there = problem_of(loop.picture, planning, loop.now).side(SideId("aleppo"))
    assert (there.persons, there.coming, there.groups[0].since) == (120, (), 0)


def test_a_proposal_that_nobody_decides_is_not_repeated_every_half_hour(loop: Loop) -> None:
    loop.say(f"m01 @foua-gate  registered {bands('g', 60)} of foua")
    assert loop.go(40) is not None
    assert loop.go(200) is None
    assert [plan.standing for plan in loop.picture.plans().values()] == [Standing.ADOPTED, Standing.WAITING]


def test_a_plan_that_stands_is_known_to_stand_families_included(loop: Loop) -> None:
    """What is read back from an adopted proposal passes `check`: nothing is proposed only because families were forgotten."""
    loop.say(f"m01 @foua-gate  g-f001 formed of {', '.join(bands('f', 60).split(', ')[:6])}")
    assert isinstance(loop.hub.propose(), Receipt)
    loop.say("o1  plan p-2 adopted")
    assert loop.hub.propose(anew=False) is None


def test_a_family_that_no_bus_holds_stops_nobody_else_and_is_named_until_it_travels_as_two(loop: Loop) -> None:
    loop.say(f"m01 @foua-gate  registered {bands('g', 55)} of foua")
    loop.say(f"m01 @foua-gate  g-f002 formed of {bands('g', 55)}")
    made = loop.hub.propose()
    assert isinstance(made, Receipt)
    assert sum(trip.persons for trip in loop.trips()) == 180, "everybody else"
    (one,) = loop.picture.plans()[PlanId("p-2")].proposed.not_planned
    assert (one.side, one.group, one.persons, one.why, one.most) == ("foua", "g-f002", 55, Obstacle.BUS, 50)
    shown = loop.hub.view(Audience.OPERATIONS).plans[0].not_planned
    assert [(each.name, each.persons, "travel as two" in each.remedy) for each in shown] == [("Foua and Kefraya", 55, True)]
    assert loop.hub.view(Audience.OPERATIONS).lines[0].said.endswith("; 55 persons in none of them")
    loop.say("o1  plan p-2 adopted")
    assert loop.go(40) is None, "it is no news that they wait"
    loop.say(f"m01 @foua-gate  g-f002 formed of {', '.join(bands('g', 55).split(', ')[:30])}")
    loop.say(f"m01 @foua-gate  g-f003 formed of {', '.join(bands('g', 55).split(', ')[30:])}")
    assert isinstance(loop.hub.propose(), Receipt)
    assert loop.picture.plans()[PlanId("p-3")].proposed.not_planned == ()
    assert sum(trip.persons for trip in loop.trips()) == 235


def test_wounded_whom_no_ambulance_can_fetch_are_named_and_the_rest_is_planned(loop: Loop) -> None:
    loop.say(f"m01 @foua-gate  registered {bands('g', 3)} of foua, wounded")
    for vehicle in (v for v in loop.picture.world.vehicles if v.kind == "ambulance" and v.side == "foua"):
        loop.say(f"m01 @foua-gate  {vehicle.id} burned by persons not identified")
    assert isinstance(loop.hub.propose(), Receipt)
    (one,) = loop.picture.plans()[list(loop.picture.plans())[-1]].proposed.not_planned
    assert (one.side, one.group, one.persons, one.why, one.most) == ("foua", None, 3, Obstacle.AMBULANCE, 0)
    assert sum(trip.persons for trip in loop.trips()) == 180


def test_those_who_board_already_are_as_good_as_gone_and_their_vehicle_is_taken(loop: Loop) -> None:
    trip = min(loop.trips("p-1"), key=lambda trip: trip.departs)
    loop.go((trip.departs - loop.now) // 60_000 - 10)
    side, first = ("aleppo", "b") if trip.start == "ramouseh" else ("foua", "f")
    loop.say(f"m01 @{trip.start}  {trip.vehicles[0]} boarded by {', '.join(bands(first, 60).split(', ')[:30])}")
    planning = loop.picture.world.planning
    assert planning is not None
    problem = problem_of(loop.picture, planning, loop.now)
    assert problem.side(SideId(side)).persons == {"aleppo": 120, "foua": 60}[side] - 30
    other = next(v for t in loop.trips("p-1") for v in t.vehicles if v != trip.vehicles[0])
    loop.say(f"m01 @{trip.start}  {other} burned by persons not identified")
    assert loop.go(2) is not None
    first_again, *later = sorted((t for t in loop.trips() if trip.vehicles[0] in t.vehicles), key=lambda t: t.departs)
    assert (first_again.departs, first_again.persons) == (trip.departs, 30), "it goes on as it began"
    assert all(t.departs > trip.departs + 90 * 60_000 for t in later), "not until it is back"
    assert sum(t.persons for t in loop.trips()) == 180
    assert set(first_again.vehicles) == set(trip.vehicles)
