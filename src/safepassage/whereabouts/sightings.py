"""One vehicle at two places sooner than anybody drives between them: another vehicle, another time or another place was meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from safepassage.observation import Entry
from safepassage.observation.people import Boarded, SeenAboard
from safepassage.observation.vehicles import Arrived, Departed, HeadsCounted, Passed, StopBegun, StopEnded, VehicleReady
from safepassage.values.counts import exactly
from safepassage.values.ids import VehicleId
from safepassage.values.places import World
from safepassage.values.times import MINUTE, lasted
from safepassage.whereabouts.reliance import CLOCK
from safepassage.whereabouts.words import Puzzle, Question

_PLACED: frozenset[type] = frozenset({Boarded, SeenAboard, Departed, Passed, Arrived, HeadsCounted, StopBegun, StopEnded, VehicleReady})
"""Kinds whose place is where the vehicle was."""


def too_soon(vehicle: VehicleId, history: list[Entry], world: World) -> Iterator[Question]:
    """Two sightings in a row at both ends of a road, less than half its usual minutes apart, though two clocks were apart as published."""
    placed = (entry for entry in history if type(entry.observation.what) in _PLACED and entry.observation.at is not None)
    for before, after in pairwise(placed):
        one, other = before.observation, after.observation
        if one.at is None or other.at is None or one.at == other.at:
            continue
        leg = world.leg(one.at, other.at) or world.leg(other.at, one.at)
        took, clocks = other.seen_at - one.seen_at, 2 * CLOCK if before.device != after.device else 0
        if leg is not None and took + clocks < leg.minutes * MINUTE // 2:
            said = f"seen at {one.at}, and {lasted(took)} later at {other.at}: the road takes {leg.minutes} min"
            yield Question(Puzzle.TOO_SOON, vehicle, exactly(1), (before.id, after.id), said)
