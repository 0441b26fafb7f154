"""One vehicle's sheet: the moments at which its heads were counted, and the doors between them, from its own history alone.

What each line may be wrong by is published in `reliance`. A sheet claims nothing about who got on or off unrecorded; `conserve` does.
"""

from __future__ import annotations

from bisect import bisect_left

import msgspec
from msgspec.structs import replace

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
from safepassage.values.counts import Count, exactly, total
from safepassage.values.ids import DeviceId, EntryId, PersonId, PlaceId, VehicleId
from safepassage.values.places import World
from safepassage.values.times import MINUTE, Instant
from safepassage.whereabouts.boarding import in_rows
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
    levels, rows, load = [], list[list[Door]](), set[PersonId]()
    number = -1
    for row in in_rows(history):
        entry, number = row[0], number + len(row)
        what = entry.observation.what
        kind = type(what)
        if kind in _COUNTING and (said := heads_said(what)) is not None:
            levels.append(_level(entry, said, world.miscount, _shut(history, number, world)))
            load = load if said.high != 0 else set()
        elif kind is OutOfAction:
            load = set()
        if kind in _DOORS:
            rows.append([door for one in row if (door := _door(vehicle, one, load, world.miscount)) is not None])
    shut = (*(level.shut for level in levels), _still_shut(history, levels, world))
    stamps = [(level.at, level.entry) for level in levels]
    placed = [pair for row in rows for pair in _placed(row, stamps, levels, shut)]
    return Sheet(vehicle, tuple(levels), tuple(door for door, _ in placed), tuple(ways for _, ways in placed), shut[-1])


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


def _door(vehicle: VehicleId, entry: Entry, load: set[PersonId], per_mille: int) -> Door | None:
    """Wristbands are read one by one, so their number is exact; heads without wristbands are counted."""
    seen = entry.observation
    other: VehicleId | None = None
    match seen.what:
        case Boarded(_, persons):
            heads, inward = exactly(len(set(persons) - load)), True
            load.update(persons)
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
            return None
    return Door(entry.id, seen.seen_at, entry.device, heads, inward, other)


def _placed(
    row: list[Door], stamps: list[tuple[Instant, EntryId]], levels: list[Level], shut: tuple[bool, ...]
) -> list[tuple[Door, tuple[int, int]]]:
    """The doors of a row, each with its ways; one door for all of them where the first and the last have the same, since whatever lies
    between those two has the same then."""
    if not row:
        return []
    here = bisect_left(stamps, (row[0].at, row[0].entry))
    if len(row) > 1 and (ways := _ways(row[0], here, levels, shut)) == _ways(row[-1], here, levels, shut):
        return [(replace(row[0], heads=total(door.heads for door in row)), ways)]
    return [(door, _ways(door, here, levels, shut)) for door in row]


def _ways(door: Door, here: int, levels: list[Level], shut: tuple[bool, ...]) -> tuple[int, int]:
    """The first and the last interval that a door may belong to; one device's own order is certain, and nobody gets on while shut.

    `here`: the interval in which it stands by the clocks as they are.
    """
    first = last = here
    while first > 0 and _unordered(door, levels[first - 1]):
        first -= 1
    while last < len(levels) and _unordered(door, levels[last]):
        last += 1
    while door.inward and first < last and shut[last]:
        last -= 1
    while door.inward and first < last and shut[first]:
        first += 1
    return first, last


def _unordered(one: Door, other: Level) -> bool:
    return one.device != other.device and abs(one.at - other.at) <= 2 * CLOCK


def _shut(history: list[Entry], number: int, world: World) -> bool:
    """Whether nobody can have got on between the level before this one and this one: both lie on one run, as published.

    The level before is the count at departure, or a count on the road since; this one is on the road within the leg's usual time, or the
    arrival at its end before the run is overdue. Between them nothing but what happens on a road.
    """
    entry = history[number]
    if not isinstance(entry.observation.what, Passed | Arrived):
        return False
    start = _run_of(history, number)
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


def _run_of(history: list[Entry], number: int) -> Entry | None:
    """The counted departure of the run that entry `number` is on; None where something between could have let people on."""
    until = history[number].observation
    boarded: list[Entry] = []
    for before in range(number - 1, -1, -1):
        earlier = history[before]
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
            case Boarded() if not boarded or boarded[0].observation.seen_at - seen.seen_at <= 2 * CLOCK:
                boarded.append(earlier)
            case _:
                return None
    return None


def _before_it(boarding: Entry, departure: Entry) -> bool:
    """Whether a boarding lies so close after another device's departure from the same place that it may well have come first."""
    one, other = boarding.observation, departure.observation
    return boarding.device != departure.device and one.at == other.at and one.seen_at - other.seen_at <= 2 * CLOCK


def _still_shut(history: list[Entry], levels: list[Level], world: World) -> bool:
    """Whether the last level was taken on a run that nothing has ended since."""
    last = history[-1]
    if not levels:
        return False
    if isinstance(last.observation.what, Departed):
        return levels[-1].entry == last.id
    start = _run_of(history, len(history) - 1)
    on_the_road = isinstance(last.observation.what, Passed | StopBegun | StopEnded | TakenOff)
    return on_the_road and start is not None and levels[-1].at >= start.observation.seen_at
