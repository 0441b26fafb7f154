"""When a gate handles a planned trip, from what the world states."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from safepassage.values.ids import PlaceId, VehicleId
from safepassage.values.places import Planning, parse_world
from safepassage.values.times import HOUR, MINUTE, Instant
from safepassage.values.trips import PlannedTrip, handled

WORLD = Path(__file__).resolve().parents[2] / "scenarios" / "six-buses-burned" / "world.toml"
PASSES = Instant(10 * HOUR)


@pytest.fixture(scope="module")
def planning() -> Planning:
    found = parse_world(WORLD.read_text("utf-8")).planning
    assert found is not None
    return found


def trip(start: str, end: str, vehicles: int) -> PlannedTrip:
    names = tuple(VehicleId(f"B-{number:02}") for number in range(vehicles))
    return PlannedTrip(PlaceId(start), PlaceId(end), Instant(9 * HOUR), PASSES, names, 40)


@pytest.mark.parametrize("vehicles", [1, 6])
@pytest.mark.parametrize("way", [("ramouseh", "khan-al-assal", "ramouseh"), ("foua-gate", "jibreen", "rashideen")])
def test_handling_begins_so_many_minutes_before_a_trip_has_passed(planning: Planning, way: tuple[str, str, str], vehicles: int) -> None:
    start, end, at = way
    (gate,) = (gate for gate in planning.gates if gate.place == at)
    takes = (gate.setup + vehicles * gate.per_vehicle) * MINUTE
    assert takes > 0
    assert handled(planning, trip(start, end, vehicles)) == (gate, PASSES - takes)


def test_the_roads_own_gate_handles_it_not_another(planning: Planning) -> None:
    moved = replace(planning, roads=tuple(replace(road, gate=PlaceId("rashideen")) for road in planning.roads))
    found = handled(moved, trip("ramouseh", "khan-al-assal", 2))
    assert found is not None and found[0].place == "rashideen"


def test_of_a_road_that_nobody_planned_no_gate_is_known(planning: Planning) -> None:
    assert handled(planning, trip("jibreen", "foua-gate", 2)) is None
