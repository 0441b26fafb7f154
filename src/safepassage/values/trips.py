"""Planned movements as they stand inside a proposal that people adopt: plain numbers, no solver's words."""

from __future__ import annotations

from enum import Enum

import msgspec

from safepassage.values.ids import GroupId, PlaceId, SideId, VehicleId
from safepassage.values.places import Gate, Planning
from safepassage.values.times import MINUTE, Instant


class PlannedTrip(msgspec.Struct, frozen=True):
    """One convoy: when it leaves, when its last vehicle has passed the crossing, which vehicles, how many persons."""

    start: PlaceId
    end: PlaceId
    departs: Instant
    passes: Instant
    vehicles: tuple[VehicleId, ...]
    persons: int
    waits: str = "nothing"
    """Why not earlier: gate, window, fleet, drivers, parity, suspension, reception, people (nobody was there yet), monitors or nothing."""


class Obstacle(Enum):
    """Why a plan holds no place for people who wait."""

    BUS = "no bus holds the family"
    AMBULANCE = "no ambulance holds them"
    STRETCHERS = "no ambulance with stretchers holds them"
    SHUT_IN = "not let out"
    BAND = "the other side's fewer persons leave no room"


UNCARRIED = (Obstacle.BUS, Obstacle.AMBULANCE, Obstacle.STRETCHERS)
"""Nothing that there is can carry them: that does not change by itself."""


class NotPlanned(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Persons of a side who wait and are in no trip of a plan, and why. `most`: what the biggest vehicle holds, where one is too small."""

    side: SideId
    persons: int
    why: Obstacle
    most: int = 0
    group: GroupId | None = None


def handled(planning: Planning, trip: PlannedTrip) -> tuple[Gate, Instant] | None:
    """The gate of a trip's road, and when its handling there begins; it ends as the trip passes. None: no planned road joins its ends."""
    road = next((road for road in planning.roads if (road.start, road.end) == (trip.start, trip.end)), None)
    if road is None:
        return None
    gate = next(gate for gate in planning.gates if gate.place == road.gate)
    return gate, Instant(trip.passes - (gate.setup + gate.per_vehicle * len(trip.vehicles)) * MINUTE)


class Outlook(msgspec.Struct, frozen=True):
    """What a plan is worth: value and bound in person-minutes of weighted waiting in the cold, and when it ends."""

    value: int
    bound: int
    ends: Instant
    not_before: Instant
    """Proved: no lawful plan ends earlier."""
    largest_difference: int
    """Persons; the exchange never stands further apart than this under the plan."""
    largest_at: Instant
    earlier: int
    """Persons who leave earlier than under the plan in force, and `later`: who leave later."""
    later: int
    decide_by: Instant
