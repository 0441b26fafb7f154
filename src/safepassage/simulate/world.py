"""Invented ground and invented people for a rehearsal: two towns, their roads, families, buses. Marked an exercise in every form.

The same seed and size give the same bytes; nothing here is taken from anybody's list. What then happens: `actors`; who sees it, and
how badly: `devices`.
"""

from __future__ import annotations

from enum import Enum
from random import Random

import msgspec

from safepassage.values.ids import GroupId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.places import World, parse_world

LETTERS = "0123456789bcdfghjkmnpqrstvwxz"
"""Of which wristband codes are made: no vowels, so that no code is a name."""
SEATS = 50
SWAP = PlaceId("swap")
"""The one place that both sides' vehicles pass: where they wait for each other."""


class Looks(Enum):
    """What a monitor sees of a passenger from the door, for tallies of a whole bus."""

    MAN = "men"
    WOMAN = "women"
    YOUTH = "youth"
    CHILD = "children"


class Person(msgspec.Struct, frozen=True):
    """An invented passenger. `registered` False: leaves all the same, with no wristband and on no list."""

    code: PersonId
    looks: Looks
    registered: bool


class Family(msgspec.Struct, frozen=True):
    """People who want to stay together: indices into `Ground.people`."""

    group: GroupId
    side: SideId
    members: tuple[int, ...]


class Ground(msgspec.Struct, frozen=True):
    """Everything that stands still, and who is to leave. `text` is the `world.toml` that `world` was read from."""

    text: str
    world: World
    people: tuple[Person, ...]
    families: tuple[Family, ...]


def assembly(side: SideId) -> PlaceId:
    return PlaceId(f"assembly-{side}")


def road(side: SideId) -> PlaceId:
    return PlaceId(f"road-{side}")


def reception(side: SideId) -> PlaceId:
    return PlaceId(f"reception-{side}")


def hospital(side: SideId) -> PlaceId:
    return PlaceId(f"hospital-{side}")


SIDES = (SideId("east"), SideId("west"))
SHARE = 62
"""Of a hundred people, those who leave from the first side."""


def make_ground(persons: int, seed: int) -> Ground:
    """Towns, roads, people and families: `persons` people in all, two in a hundred of whom nobody registers."""
    dice = Random(seed)
    first = persons * SHARE // 100
    people: list[Person] = []
    families: list[Family] = []
    codes = _codes(dice, persons)
    for side, number in zip(SIDES, (first, persons - first), strict=True):
        end = len(people) + number
        while len(people) < end:
            size = min(dice.choice((1, 1, 2, 3, 4, 4, 5, 6, 7)), end - len(people))
            members = tuple(range(len(people), len(people) + size))
            families.append(Family(GroupId(f"g-{side[0]}{len(families):06d}"), side, members))
            registered = dice.random() >= 0.02
            people += [Person(codes[index], _looks(dice, place), registered) for place, index in enumerate(members)]
    text = _toml(persons, {SIDES[0]: first, SIDES[1]: persons - first})
    return Ground(text, parse_world(text), tuple(people), tuple(families))


def _codes(dice: Random, number: int) -> list[PersonId]:
    found: dict[str, None] = {}
    while len(found) < number:
        found["w-" + "".join(dice.choices(LETTERS, k=7))] = None
    return [PersonId(code) for code in found]


def _looks(dice: Random, place: int) -> Looks:
    """The first of a family looks grown up; of the others most look like children."""
    if place < 2:
        return dice.choice((Looks.MAN, Looks.WOMAN))
    return dice.choices((Looks.CHILD, Looks.YOUTH, Looks.WOMAN, Looks.MAN), (6, 2, 1, 1))[0]


def fleet(side: SideId, persons: int) -> list[VehicleId]:
    """The side's buses; the last of them stands by empty, for a swap."""
    number = max(3, min(400, persons // 400)) + 1
    start = 1 if side == SIDES[0] else 1001
    return [VehicleId(f"B-{start + index}") for index in range(number)]


def _toml(persons: int, sizes: dict[SideId, int]) -> str:
    lines = [f'name = "EXERCISE: {persons} people, invented"', 'zone = "UTC"', "exercise = true", "miscount = 20"]
    for side, number in sizes.items():
        lines += _table("sides", id=side, name=f"the {side}ern town", area=side, persons=number, buses=len(fleet(side, number)))
        lines += _table("parties", id=f"party-{side}", name=f"the {side}ern side", side=side)
    for place, kind, area in _places():
        lines += _table("places", id=place, name=place, kind=kind, **({"area": area} if area else {}))
    for start, end, minutes, overdue in _legs():
        lines += _table("legs", **{"from": start, "to": end}, minutes=minutes, overdue=overdue)
    for side, number in sizes.items():
        for vehicle in fleet(side, number):
            lines += _table("vehicles", id=vehicle, kind="bus", seats=SEATS, side=side, base=assembly(side))
    return "\n".join(lines) + "\n"


def _places() -> list[tuple[PlaceId, str, str]]:
    found = [(SWAP, "crossing", "")]
    for side in SIDES:
        found += [(assembly(side), "assembly", side), (road(side), "checkpoint", ""), (reception(side), "reception", "")]
        found += [(hospital(side), "hospital", "")]
    return found


def _legs() -> list[tuple[PlaceId, PlaceId, int, int]]:
    """Usual minutes, and minutes at which a run is overdue; no bus can be back where it began before it is overdue."""
    found = []
    for side in SIDES:
        found += [(assembly(side), SWAP, 45, 80), (SWAP, reception(side), 30, 55), (SWAP, hospital(side), 30, 55)]
        found += [(reception(side), assembly(side), 75, 140), (road(side), assembly(side), 20, 50)]
    return found


def _table(table: str, **fields: str | int) -> list[str]:
    return [f"\n[[{table}]]", *(f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in fields.items())]
