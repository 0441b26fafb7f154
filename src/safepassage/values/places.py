"""The world of one deployment: places, legs, crossings, vehicles, sides, parties and sources, as `world.toml` states them.

Directions and holders are facts of the agreement's map; nothing here moves.
"""

from __future__ import annotations

import re
import tomllib
from enum import Enum
from zoneinfo import ZoneInfo

import msgspec

from safepassage.errors import BAD_WORLD, Where, stop
from safepassage.values.ids import PartyId, PlaceId, SideId, SourceId, VehicleId

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class PlaceKind(Enum):
    ASSEMBLY = "assembly"
    CROSSING = "crossing"
    CHECKPOINT = "checkpoint"
    ROAD = "road"
    RECEPTION = "reception"
    HOSPITAL = "hospital"
    OTHER = "other"


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named place. `lat`, `lon` in micro-degrees (1e-6 degree), None where no published position exists."""

    id: PlaceId
    name: str
    kind: PlaceKind
    area: str = ""
    held_by: PartyId | None = None
    lat: int | None = None
    lon: int | None = None
    x: int = 0
    y: int = 0
    arabic: str = ""


class Leg(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A road between two places. `minutes`: the usual time; later than `overdue` minutes a run is overdue."""

    start: PlaceId = msgspec.field(name="from")
    end: PlaceId = msgspec.field(name="to")
    minutes: int
    overdue: int
    metres: int | None = None


class Vehicle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seats`: for passengers; `kind`: bus or ambulance; `base`: where it stands at the opening."""

    id: VehicleId
    kind: str
    seats: int
    side: SideId
    base: PlaceId | None = None
    stretchers: bool = True
    """Of an ambulance: whether the wounded can lie in it; else they sit."""


class Side(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One end of a linked deal: whose people leave, from which assembly area. `persons`: who is to leave, as agreed."""

    id: SideId
    name: str
    area: str
    persons: int
    buses: int = 0
    arabic: str = ""


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signatory; `side` is the end of the deal that it answers for, None for a guarantor."""

    id: PartyId
    name: str
    side: SideId | None = None
    arabic: str = ""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever makes claims; `reliability` A-F after the Admiralty scale, F: cannot be judged; `origin` groups copies of one source."""

    id: SourceId
    name: str
    kind: str
    reliability: str = "F"
    origin: SourceId | None = None


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A crossing as planning sees it: minutes to handle a convoy, and the clock times of the day between which it is open."""

    place: PlaceId
    setup: int
    per_vehicle: int
    opens: str
    closes: str


class RoadPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side's way out, in minutes: load, drive to the gate, drive on, unload, drive back empty."""

    side: SideId
    start: PlaceId = msgspec.field(name="from")
    end: PlaceId = msgspec.field(name="to")
    gate: PlaceId
    load: int
    before: int
    onward: int
    unload: int
    back: int


class ReceptionPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many persons a reception takes a day, as long as it says nothing else."""

    place: PlaceId
    per_day: int


class CrewPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Between which clock times of each day a side's drivers are on duty: a trip lies in one such stretch until its vehicles are back."""

    side: SideId
    begins: str
    ends: str


class Planning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a plan may assume, as the parties and the drivers stated it. `cold`: weight of a waiting minute, by night 18-06 h."""

    convoy_low: int
    convoy_high: int
    hours: int
    gates: tuple[Gate, ...]
    roads: tuple[RoadPlan, ...]
    cold_day: int = 1
    cold_night: int = 3
    decide_within: int = 30
    """Minutes that people have to decide: nothing that a proposal changes begins to load before they are over."""
    receptions: tuple[ReceptionPlan, ...] = ()
    """Where a road ends that stands here or has said what it takes, a plan keeps to that; of others nothing is known."""
    crews: tuple[CrewPlan, ...] = ()
    """A side of which none stands here drives at any hour."""


class World(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that stands still."""

    name: str
    zone: str
    sides: tuple[Side, ...]
    places: tuple[Place, ...]
    exercise: bool = False
    parties: tuple[Party, ...] = ()
    legs: tuple[Leg, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    sources: tuple[Source, ...] = ()
    planning: Planning | None = None
    miscount: int = 20
    """Heads in a thousand that a careful monitor counts wrongly."""

    def place(self, id: PlaceId) -> Place:
        return next(place for place in self.places if place.id == id)

    def knows(self, id: PlaceId) -> bool:
        return any(place.id == id for place in self.places)

    def leg(self, start: PlaceId, end: PlaceId) -> Leg | None:
        return next((leg for leg in self.legs if (leg.start, leg.end) == (start, end)), None)

    def vehicle(self, id: VehicleId) -> Vehicle | None:
        return next((vehicle for vehicle in self.vehicles if vehicle.id == id), None)

    def side(self, id: SideId) -> Side:
        return next(side for side in self.sides if side.id == id)

    def side_of_place(self, id: PlaceId) -> Side | None:
        """The side whose assembly area this place belongs to."""
        area = self.place(id).area if self.knows(id) else ""
        return next((side for side in self.sides if side.area == area), None)


def parse_world(text: str, file: str = "world.toml") -> World:
    """A `World` from TOML.

    Raises
    ------
    InputError
        SP-110, naming line or table and field.
    """
    try:
        world = msgspec.convert(tomllib.loads(text), World)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        stop(BAD_WORLD, Where(file), reason=str(wrong))
    for reason in _loose_ends(world):
        stop(BAD_WORLD, Where(file), reason=reason)
    return world


def _loose_ends(world: World) -> list[str]:
    places = {place.id for place in world.places}
    parties = {party.id for party in world.parties}
    sides = {side.id for side in world.sides}
    wrong = [] if _is_zone(world.zone) else [f"zone: {world.zone} is no time zone that this machine knows, such as Asia/Damascus"]
    wrong += [
        f"leg from {leg.start} to {leg.end}: {leg.minutes} minutes, overdue after {leg.overdue}"
        for leg in world.legs
        if not 0 < leg.minutes <= leg.overdue
    ]
    wrong += [
        f"leg from {leg.start} to {leg.end}: {end} is no place" for leg in world.legs for end in (leg.start, leg.end) if end not in places
    ]
    wrong += [f"vehicle {v.id}: {v.base} is no place" for v in world.vehicles if v.base is not None and v.base not in places]
    wrong += [f"vehicle {v.id}: {v.side} is no side" for v in world.vehicles if v.side not in sides]
    wrong += [f"place {p.id}: {p.held_by} is no party" for p in world.places if p.held_by is not None and p.held_by not in parties]
    wrong += [f"party {p.id}: {p.side} is no side" for p in world.parties if p.side is not None and p.side not in sides]
    wrong += _planning_ends(world, places) if world.planning is not None else []
    for table, ids in (("places", [p.id for p in world.places]), ("vehicles", [v.id for v in world.vehicles])):
        wrong += [f"{table}: {id} stands twice" for id in sorted({i for i in ids if list(ids).count(i) > 1})]
    return wrong


def _planning_ends(world: World, places: set[PlaceId]) -> list[str]:
    """What no plan could mean: names that are not there, numbers below zero, sides without a road."""
    planning = world.planning
    if planning is None:
        return []
    gates, sides = {gate.place for gate in planning.gates}, {side.id for side in world.sides}
    wrong = [f"planning.gates: {gate.place} is no place" for gate in planning.gates if gate.place not in places]
    for gate in planning.gates:
        odd = [clock for clock in (gate.opens, gate.closes) if not _CLOCK.fullmatch(clock)]
        wrong += [f"planning.gates: {gate.place}: {clock} is no clock time; write 07:00" for clock in odd]
        wrong += [f"planning.gates: {gate.place}: minutes are below 0"] if min(gate.setup, gate.per_vehicle) < 0 else []
    for road in planning.roads:
        name = f"planning.roads: {road.start} to {road.end}"
        wrong += [f"{name}: {end} is no place" for end in (road.start, road.end) if end not in places]
        wrong += [f"{name}: {road.side} is no side"] if road.side not in sides else []
        wrong += [f"{name}: its gate {road.gate} is not among planning.gates"] if road.gate not in gates else []
        wrong += [f"{name}: minutes are below 0"] if min(road.load, road.before, road.onward, road.unload, road.back) < 0 else []
    ends = {road.end for road in planning.roads}
    for room in planning.receptions:
        wrong += [f"planning.receptions: no road of planning.roads ends at {room.place}"] if room.place not in ends else []
        wrong += (
            [f"planning.receptions: {room.place}: per_day is below 1; a reception that takes nobody ends no road"]
            if room.per_day < 1
            else []
        )
    for crew in planning.crews:
        wrong += [f"planning.crews: {crew.side} is no side"] if crew.side not in sides else []
        odd = [clock for clock in (crew.begins, crew.ends) if not _CLOCK.fullmatch(clock)]
        wrong += [f"planning.crews: {crew.side}: {clock} is no clock time; write 07:00" for clock in odd]
    roads = {road.side for road in planning.roads}
    wrong += [f"planning.roads: side {side} has none; give it one" for side in sorted(sides - roads)]
    if not 1 <= planning.convoy_low <= planning.convoy_high:
        sizes = f"convoy_low {planning.convoy_low} and convoy_high {planning.convoy_high}"
        wrong.append(f"planning: {sizes}: give numbers of vehicles, the smaller one first")
    if planning.hours < 1:
        wrong.append("planning: hours is below 1")
    return wrong


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        return False
    return True
