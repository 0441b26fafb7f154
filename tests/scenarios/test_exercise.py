"""The committed night of six-buses-burned is what its generator writes, parses whole, and holds nothing like a name."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import exercise
import pytest

from safepassage.notation import Context, Line, context_for, parse_log, render
from safepassage.observation import Observation
from safepassage.observation.people import Boarded, GroupFormed, PersonRegistered
from safepassage.observation.vehicles import OutOfAction
from safepassage.values.people import Role
from safepassage.values.places import World, parse_world

FOLDER = Path(__file__).resolve().parents[2] / "scenarios" / "six-buses-burned"
TEXT = (FOLDER / "field.log").read_text()
ROLES = {"m": Role.MONITOR, "r": Role.RECEPTION, "o": Role.OPERATIONS, "h": Role.HOSPITAL}
ZONE = "Asia/Damascus"


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return list(parse_log(TEXT))


@pytest.fixture(scope="module")
def world() -> World:
    return parse_world((FOLDER / "world.toml").read_text())


def role_of(observation: Observation) -> Role:
    by = observation.by
    if by == "desk":
        return Role.DESK
    if by.startswith("party-"):
        return Role.PARTY
    return Role.GUARANTOR if by.startswith("guarantor-") else ROLES[by[0]]


def registered(lines: list[Line]) -> list[str]:
    return [person for line in lines if isinstance(what := line.observation.what, PersonRegistered) for person in what.persons]


def test_the_committed_file_is_what_the_generator_writes() -> None:
    assert exercise.exercise() == TEXT
    assert exercise.exercise(seed=1) != TEXT


def test_about_600_observations_in_the_order_in_which_they_were_seen(lines: list[Line]) -> None:
    assert 560 <= len(lines) <= 660
    moments = [line.observation.seen_at for line in lines]
    assert moments == sorted(moments)


def test_every_line_is_written_as_the_system_would_write_it(lines: list[Line]) -> None:
    written, labels = TEXT.split("\n"), {line.label: line.id for line in lines if line.label}
    for line in lines:
        context: Context = context_for(line.observation, ZONE, labels)
        assert written[line.number - 1].partition("  as [")[0] == render(line.observation, context)


def test_every_observer_may_record_what_they_record(lines: list[Line]) -> None:
    assert [line.number for line in lines if role_of(line.observation) not in type(line.observation.what).may] == []


def test_every_place_and_vehicle_stands_in_the_world(lines: list[Line], world: World) -> None:
    for line in lines:
        place, vehicle = line.observation.at, getattr(line.observation.what, "vehicle", None)
        assert place is None or world.knows(place)
        assert vehicle is None or world.vehicle(vehicle) or vehicle.startswith("X-")


def test_900_people_with_one_wristband_each(lines: list[Line]) -> None:
    codes = registered(lines)
    assert len(codes) == len(set(codes)) == 900


def test_families_of_two_to_eight_registered_before_they_are_formed(lines: list[Line]) -> None:
    groups = [what for line in lines if isinstance(what := line.observation.what, GroupFormed)]
    members = [person for group in groups for person in group.persons]
    assert len(members) == len(set(members)) and set(members) <= set(registered(lines))
    assert 160 <= len(groups) <= 200 and all(2 <= len(group.persons) <= 8 for group in groups)


def test_families_board_whole_and_one_wristband_aboard_is_nobodys(lines: list[Line]) -> None:
    aboard = {person: what.vehicle for line in lines if isinstance(what := line.observation.what, Boarded) for person in what.persons}
    for line in lines:
        if isinstance(what := line.observation.what, GroupFormed):
            assert len({aboard.get(person) for person in what.persons}) == 1
    assert len(set(aboard) - set(registered(lines))) == 1


def test_six_buses_burn_and_nobody_boarded_them(lines: list[Line]) -> None:
    (burned,) = [
        line.observation.what.vehicles for line in lines if isinstance(line.observation.what, OutOfAction) and not line.observation.told_by
    ]
    assert len(burned) == 6
    assert not [line for line in lines if isinstance(line.observation.what, Boarded) and line.observation.what.vehicle in burned]


def test_nothing_in_the_file_is_like_a_name() -> None:
    """Nothing quoted, no code with a vowel, no capital but of vehicles and escorts (DESIGN 11)."""
    said = "\n".join(line for line in TEXT.split("\n") if re.match(r"\d\d:\d\d", line))
    assert '"' not in said and not re.search(r"w-\w*[aeiouy]", said)
    capitals = Counter(re.findall(r"[A-Z][A-Za-z]*", said))
    assert set(capitals) == {"B", "MA", "X", "Red", "Crescent", "M"}
