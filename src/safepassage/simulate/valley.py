"""The ground of the ten-day rehearsal: two sides, one crossing that both must pass, open by day, and so many vehicles that it takes days.

All of it is invented and marked an exercise; only the shape follows December 2016: a large side and a small one, linked by a balance.
`aleppo` has its numbers too (docs/explanation/rehearsal.md, "Ten days of Aleppo"), and still nobody in it ever lived.
"""

from __future__ import annotations

from random import Random

import msgspec

from safepassage.simulate.world import LETTERS
from safepassage.values.ids import GroupId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.people import Care
from safepassage.values.places import World, parse_world

EAST, WEST = SideId("east"), SideId("west")
CROSSING = PlaceId("the-crossing")
SHARE = 60
"""Of a hundred people, those of the first side."""
LOAD, BEFORE, ONWARD, UNLOAD, BACK = 30, 20, 60, 30, 90
"""Minutes of every trip."""
BEGINS = ("SUSPENSION", "DRIVER", "BURNED")
"""On 16, 17 and 18 December 2016, as in that year; the driver who refuses is invented."""
TRIPS = 3
"""Trips that a vehicle makes in a day at most."""


class Person(msgspec.Struct, frozen=True):
    code: PersonId
    care: Care


class Family(msgspec.Struct, frozen=True):
    """Whoever stays together; one person alone is a family of one, without a name."""

    side: SideId
    members: tuple[Person, ...]
    group: GroupId | None

    @property
    def care(self) -> Care:
        """That of the most vulnerable member who goes by bus."""
        return Care.VULNERABLE if any(each.care is Care.VULNERABLE for each in self.members) else self.members[0].care


class Shape(msgspec.Struct, frozen=True):
    """How many, by side: persons, buses of `seats`, ambulances of two places. `limit`: persons by which the sides may differ.

    `names`: of each side, and of the area that is left; `mornings`: after so many a suspension ends; `burned`: vehicles in one fire;
    `begins`: the troubles of day 2, 3 and so on, by their names in `campaign.Trouble`; the others come in any order.
    """

    names: dict[SideId, str]
    persons: dict[SideId, int]
    buses: dict[SideId, int]
    ambulances: dict[SideId, int]
    seats: int
    limit: int
    mornings: int = 1
    burned: int = 1
    begins: tuple[str, ...] = ()


class Valley(msgspec.Struct, frozen=True):
    """Everything that stands still, and who is to leave. `text` and `clauses` are the folder's files."""

    text: str
    clauses: str
    world: World
    families: tuple[Family, ...]
    days: int
    shape: Shape


def assembly(side: SideId) -> PlaceId:
    return PlaceId(f"assembly-{side}")


def reception(side: SideId) -> PlaceId:
    return PlaceId(f"reception-{side}")


def usual(persons: int, days: int) -> Shape:
    """Any number of people, and so many vehicles that they are through in four fifths of the days, if nothing went wrong."""
    first = persons * SHARE // 100
    numbers, names = {EAST: first, WEST: persons - first}, {side: side.capitalize() for side in (EAST, WEST)}
    seats = 50 if persons >= 6000 else 10  # a small rehearsal has small vehicles, so that it too takes days
    buses = {side: max(3, -(-number * 5 // (seats * TRIPS * days * 4))) for side, number in numbers.items()}
    ambulances = {side: max(1, number // 500) for side, number in numbers.items()}
    return Shape(names, numbers, buses, ambulances, seats, limit=max(60, persons * 3 // 10))


def aleppo() -> Shape:
    """The numbers of December 2016 as they were told and planned with: 35,000 and 2,500 people, 60 buses, 20 ambulances; passage
    suspended from the second day (16 December) to the fourth, on which six buses burn in one fire.

    A balance of persons leaves room for all by which the one side is larger.
    """
    names, persons = {EAST: "Aleppo", WEST: "Foua"}, {EAST: 35_000, WEST: 2_500}
    return Shape(names, persons, {EAST: 45, WEST: 15}, {EAST: 15, WEST: 5}, 50, limit=34_000, mornings=2, burned=6, begins=BEGINS)


def make_valley(shape: Shape, days: int, seed: int) -> Valley:
    """The same shape, days and seed give the same valley."""
    dice, persons = Random(seed), sum(shape.persons.values())
    codes = _codes(dice, persons + persons // 5)
    families = tuple(family for side, number in shape.persons.items() for family in families_of(side, number, codes, dice))
    text = _toml(shape, days)
    return Valley(text, _clauses(shape), parse_world(text), families, days, shape)


def families_of(side: SideId, number: int, codes: list[PersonId], dice: Random, letter: str = "") -> list[Family]:
    """So many people in families of one to seven; a quarter is vulnerable, some are wounded and alone. Takes `codes` away; families are
    numbered by what is left of them, behind a letter."""
    found: list[Family] = []
    left = number
    while left > 0:
        wounded = dice.random() < 0.02
        size = 1 if wounded else min(left, dice.choice((1, 1, 2, 3, 4, 4, 5, 6, 7)))
        members = tuple(Person(codes.pop(), Care.WOUNDED if wounded else _care(dice)) for _ in range(size))
        name = GroupId(f"g-{letter or side[0]}{len(codes)}") if size > 1 else None
        found.append(Family(side, members, name))
        left -= size
    return found


def _care(dice: Random) -> Care:
    return Care.VULNERABLE if dice.random() < 0.25 else Care.GENERAL


def _codes(dice: Random, number: int) -> list[PersonId]:
    found: dict[str, None] = {}
    while len(found) < number:
        found["w-" + "".join(dice.choices(LETTERS, k=7))] = None
    return [PersonId(code) for code in found]


def _fleet(shape: Shape, side: SideId) -> list[tuple[VehicleId, str, int]]:
    start = 1 if side == EAST else 501
    found = [(VehicleId(f"B-{start + n:03d}"), "bus", shape.seats) for n in range(shape.buses[side])]
    return found + [(VehicleId(f"MA-{start + n:03d}"), "ambulance", 2) for n in range(shape.ambulances[side])]


def _clauses(shape: Shape) -> str:
    one, other = (shape.names[side] for side in (EAST, WEST))
    return f"""# EXERCISE. The terms are invented.

Agreement "Exercise: ten days".
Days are counted in the time zone Asia/Damascus.

Clause 1 "Balance":
  At no time do the persons departed from {one} and the persons departed from {other} differ by more than {shape.limit}.
  Source: "illustration".
"""


def _toml(shape: Shape, days: int) -> str:
    persons = sum(shape.persons.values())
    lines = [f'name = "EXERCISE: ten days, {persons} people, invented"', 'zone = "Asia/Damascus"', "exercise = true", "miscount = 20"]
    for side, number in shape.persons.items():
        lines += _table("sides", id=side, name=shape.names[side], area=shape.names[side], persons=number)
        lines += _table("parties", id=f"party-{side}", name=f"the party of the {side}", side=side)
    lines += _table("places", id=CROSSING, name="The crossing", kind="crossing", x=500, y=500)
    for at, side in ((900, EAST), (100, WEST)):
        lines += _table("places", id=assembly(side), name=f"Assembly {side}", kind="assembly", area=shape.names[side], x=at, y=300)
        lines += _table("places", id=reception(side), name=f"Reception {side}", kind="reception", x=at, y=800)
        for start, end, minutes in (
            (assembly(side), CROSSING, BEFORE), (CROSSING, reception(side), ONWARD),
            (reception(side), CROSSING, BACK - BEFORE), (CROSSING, assembly(side), BEFORE),
        ):  # fmt: skip
            lines += _table("legs", **{"from": start, "to": end}, minutes=minutes, overdue=minutes * 3)
    for side in shape.persons:
        for vehicle, kind, places in _fleet(shape, side):
            lines += _table("vehicles", id=vehicle, kind=kind, seats=places, side=side, base=assembly(side))
    return "\n".join([*lines, *_planning(days)]) + "\n"


def _planning(days: int) -> list[str]:
    lines = ["\n[planning]", "convoy_low = 1", "convoy_high = 12", f"hours = {24 * days}", "cold_day = 1", "cold_night = 3"]
    lines += _table("planning.gates", place=CROSSING, setup=5, per_vehicle=1, opens="07:00", closes="16:00")
    for side in (EAST, WEST):
        ends = {"from": assembly(side), "to": reception(side)}
        lines += _table(
            "planning.roads", side=side, **ends, gate=CROSSING, load=LOAD, before=BEFORE, onward=ONWARD, unload=UNLOAD, back=BACK
        )
    return lines


def _table(table: str, **fields: str | int) -> list[str]:
    return [f"\n[[{table}]]", *(f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in fields.items())]
