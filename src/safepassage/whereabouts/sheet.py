"""One vehicle's sheet: the moments at which its heads were counted, and the doors between them, from its own history alone.

What each line may be wrong by is published in `reliance`. A sheet claims nothing about who got on or off unrecorded; `conserve` does.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safepassage.observation import Entry, What
from safepassage.observation.people import Alighted, Boarded, Born, Died, HandedOver, SeenAboard, TakenOff, Transferred
from safepassage.observation.vehicles import (
    Arrived,
    Departed,
    HeadsCounted,
    OutOfAction,
    Passed,
    StopBegun,
    StopEnded,
)
from safepassage.values.counts import Count, exactly
from safepassage.values.ids import DeviceId, EntryId, PersonId, PlaceId, VehicleId
from safepassage.values.places import World
from safepassage.values.times import MINUTE, Instant
from safepassage.whereabouts.boarding import in_rows, read_in
from safepassage.whereabouts.reliance import CLOCK, allowing, read_or_counted

NOWHERE = PlaceId("not-known")
_COUNTING: frozenset[type] = frozenset({Departed, Passed, Arrived, HeadsCounted, SeenAboard})
_DOORS: frozenset[type] = frozenset({Boarded, Born, Died, Alighted, HandedOver, TakenOff, Transferred})


class Level(msgspec.Struct, frozen=True):
    """A moment at which heads aboard were counted, or wristbands read aboard.

    `heads`: what was really aboard, miscounts allowed for; `shut`: nobody can have got on since the level before, as published.
    """

    entry: EntryId
    at: Instant
    place: PlaceId
    device: DeviceId
    heads: Count
    said: Count
    shut: bool = False


class Door(msgspec.Struct, frozen=True):
    """Heads that got on or off, as recorded; `other`: the vehicle that they changed to or from. `inward`: onto this one."""

    entry: EntryId
    at: Instant
    device: DeviceId
    heads: Count
    inward: bool
    other: VehicleId | None = None


class Sheet(msgspec.Struct, frozen=True):
    """Levels and doors in order of when they were seen; `ways[i]`: the intervals that door i may belong to, by level index.

    Interval k lies before level k, the last one after all levels. Two devices' clocks may differ by twice `CLOCK`: a door that close to
    another device's count lies before or after it, not known which. `shut`: nobody can have got on since the last level.
    """

    vehicle: VehicleId
    levels: tuple[Level, ...]
    doors: tuple[Door, ...]
    ways: tuple[tuple[int, int], ...]
    shut: bool


def sheet_of(vehicle: VehicleId, history: list[Entry], world: World) -> Sheet:
    """The fold of one vehicle's history."""
    rows = in_rows(history)
    levels = _levels(rows, world)
    shut = (*(level.shut for level in levels), _still_shut(rows, levels, world))
    placed = list(_doors(vehicle, rows, levels, shut, world.miscount))
    return Sheet(vehicle, tuple(levels), tuple(door for door, _ in placed), tuple(ways for _, ways in placed), shut[-1])


def _levels(rows: list[list[Entry]], world: World) -> list[Level]:
    found = []
    for number, row in enumerate(rows):
        what = row[0].observation.what
        if type(what) in _COUNTING and (said := heads_said(what)) is not None:
            found.append(_level(row[0], said, world.miscount, _shut(rows, number, world)))
    return found


def _doors(
    vehicle: VehicleId, rows: list[list[Entry]], levels: list[Level], shut: tuple[bool, ...], per_mille: int
) -> Iterator[tuple[Door, tuple[int, int]]]:
    """Every door with its ways, in order. `load`: the wristbands read aboard since it was last empty."""
    here, load = 0, set[PersonId]()
    for row in rows:
        entry, kind = row[0], type(row[0].observation.what)
        if here < len(levels) and levels[here].entry == entry.id:
            load = load if levels[here].said.high != 0 else set()
            here += 1
        elif kind is OutOfAction:
            load = set()
        elif kind is Boarded:
            yield from _boarded(row, load, here, levels, shut)
        elif kind in _DOORS:
            door = _door(vehicle, entry, per_mille)
            yield door, _ways(entry, door.inward, here, levels, shut)


def _boarded(
    row: list[Entry], load: set[PersonId], here: int, levels: list[Level], shut: tuple[bool, ...]
) -> Iterator[tuple[Door, tuple[int, int]]]:
    """The doors of a row of boardings: one for all of them where the first and the last have the same ways, since whatever lies between
    those two has the same then. Wristbands are read one by one, so their number is exact; who is aboard already does not board."""
    alike = _ways(row[0], True, here, levels, shut) == _ways(row[-1], True, here, levels, shut)
    for part in [row] if alike else [[entry] for entry in row]:
        new = read_in(part) - load
        load |= new
        door = Door(part[0].id, part[0].observation.seen_at, part[0].device, exactly(len(new)), True)
        yield door, _ways(part[0], True, here, levels, shut)


def heads_said(what: What) -> Count | None:
    """The heads aboard that an observation gives."""
    match what:
        case Departed(heads=heads) | Passed(heads=heads) | Arrived(heads=heads) | HeadsCounted(heads=heads):
            return heads
        case SeenAboard(_, persons):
            return Count(len(set(persons)))
        case _:
            return None


def _level(entry: Entry, said: Count, per_mille: int, shut: bool) -> Level:
    seen = entry.observation
    read = isinstance(seen.what, SeenAboard)
    heads = said if read else allowing(said, per_mille)
    return Level(entry.id, seen.seen_at, seen.at or NOWHERE, entry.device, heads, said, shut)


def _door(vehicle: VehicleId, entry: Entry, per_mille: int) -> Door:
    """A door but a boarding: heads whose wristbands were all read are exact, others are counted."""
    seen = entry.observation
    other: VehicleId | None = None
    match seen.what:
        case Born():
            heads, inward = exactly(1), True
        case Died():
            heads, inward = exactly(1), False
        case Alighted(counted, _, persons) | HandedOver(counted, _, _, persons):
            heads, inward = read_or_counted(counted, persons, per_mille), False
        case TakenOff(counted):
            heads, inward = allowing(counted, per_mille), False
        case Transferred(counted, source, to, persons):
            heads, inward = read_or_counted(counted, persons, per_mille), to == vehicle
            other = source if inward else to
        case _:
            raise TypeError(f"{type(seen.what).__name__} is no door")
    return Door(entry.id, seen.seen_at, entry.device, heads, inward, other)


def _ways(entry: Entry, inward: bool, here: int, levels: list[Level], shut: tuple[bool, ...]) -> tuple[int, int]:
    """The first and the last interval that a door may belong to; one device's own order is certain, and nobody gets on while shut.

    `here`: the interval in which it stands by the clocks as they are.
    """
    first = last = here
    while first > 0 and _unordered(entry, levels[first - 1]):
        first -= 1
    while last < len(levels) and _unordered(entry, levels[last]):
        last += 1
    while inward and first < last and shut[last]:
        last -= 1
    while inward and first < last and shut[first]:
        first += 1
    return first, last


def _unordered(one: Entry, other: Level) -> bool:
    return abs(one.observation.seen_at - other.at) <= 2 * CLOCK and one.device != other.device


def _shut(rows: list[list[Entry]], number: int, world: World) -> bool:
    """Whether nobody can have got on between the level before this one and this one: both lie on one run, as published.

    The level before is the count at departure, or a count on the road since; this one is on the road within the leg's usual time, or the
    arrival at its end before the run is overdue. Between them nothing but what happens on a road.
    """
    entry = rows[number][0]
    if not isinstance(entry.observation.what, Passed | Arrived):
        return False
    start = _run_of(rows, number)
    if start is None:
        return False
    left = start.observation
    assert isinstance(left.what, Departed)
    leg = world.leg(left.at or NOWHERE, left.what.to)
    if leg is None or entry.observation.at == left.at:
        return False
    took = entry.observation.seen_at - left.seen_at
    if isinstance(entry.observation.what, Passed):
        return took <= leg.minutes * MINUTE
    return entry.observation.at == left.what.to and took <= leg.overdue * MINUTE


def _run_of(rows: list[list[Entry]], number: int) -> Entry | None:
    """The counted departure of the run that entry `number` is on; None where something between could have let people on."""
    until = rows[number][0].observation
    boarded: list[Entry] = []
    """The last boarding of each row: it lies furthest after the departure."""
    for before in range(number - 1, -1, -1):
        earlier = rows[before][0]
        seen = earlier.observation
        match seen.what:
            case Departed(_, _, heads):
                return earlier if heads is not None and all(_before_it(boarding, earlier) for boarding in boarded) else None
            case Passed() | StopBegun() | StopEnded() | TakenOff() | Died():
                continue
            case Alighted() | HandedOver() if seen.at != until.at:
                continue
            case Alighted() | HandedOver() | Transferred() if until.seen_at - seen.seen_at <= 2 * CLOCK:
                continue
            case Boarded():
                boarded.append(rows[before][-1])
                if boarded[0].observation.seen_at - seen.seen_at > 2 * CLOCK:
                    return None
            case _:
                return None
    return None


def _before_it(boarding: Entry, departure: Entry) -> bool:
    """Whether a boarding lies so close after another device's departure from the same place that it may well have come first."""
    one, other = boarding.observation, departure.observation
    return boarding.device != departure.device and one.at == other.at and one.seen_at - other.seen_at <= 2 * CLOCK


def _still_shut(rows: list[list[Entry]], levels: list[Level], world: World) -> bool:
    """Whether the last level was taken on a run that nothing has ended since."""
    last = rows[-1][-1]
    if not levels:
        return False
    if isinstance(last.observation.what, Departed):
        return levels[-1].entry == last.id
    start = _run_of(rows, len(rows) - 1)
    on_the_road = isinstance(last.observation.what, Passed | StopBegun | StopEnded | TakenOff)
    return on_the_road and start is not None and levels[-1].at >= start.observation.seen_at
