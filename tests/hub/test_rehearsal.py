"""Days of the whole loop: picture, problem, proposal, adoption, followed, fallen, proposed anew. Whatever goes wrong, the truth is held
against the picture at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from safepassage.agreement.grammar import parse_agreement
from safepassage.cli import main
from safepassage.hub import open_folder
from safepassage.hub.rehearsal import Outcome, Rehearsal
from safepassage.observation.passage import PassageResumed, PassageSuspended
from safepassage.observation.people import Boarded
from safepassage.observation.vehicles import OutOfAction, TurnedBack
from safepassage.picture.decided import Standing
from safepassage.simulate.campaign import Campaign
from safepassage.simulate.valley import EAST, WEST, aleppo, assembly, make_valley, reception, usual
from safepassage.values.ids import VehicleId
from safepassage.values.people import Care
from safepassage.values.times import MINUTE, Instant
from safepassage.values.trips import PlannedTrip


def played(path: Path, persons: int, days: int, seed: int) -> tuple[Outcome, list[str], Rehearsal]:
    told: list[str] = []
    rehearsal = Rehearsal(path, make_valley(usual(persons, days), days, seed), seed, told.append)
    return rehearsal.play(), told, rehearsal


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_is_received_or_chose_to_stay_and_the_picture_says_so(tmp_path: Path, seed: int) -> None:
    outcome, told, rehearsal = played(tmp_path / "days", 240, 6, seed)
    assert outcome.waiting == 0
    assert outcome.received + outcome.stayed == outcome.persons
    assert outcome.registered == outcome.received
    assert outcome.without_light == 0
    assert outcome.adopted >= 2, "what went wrong led to another plan"
    assert any("DRIFT" in line for line in told)
    plans = rehearsal.picture.plans().values()
    assert [plan.standing for plan in plans][-1] is Standing.ADOPTED
    limit = max(60, 240 * 3 // 10)
    assert all(plan.proposed.outlook.largest_difference <= limit for plan in plans), "the agreement's balance"
    rehearsal.close()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_days(tmp_path: Path) -> None:
    one, other = (played(tmp_path / name, 120, 4, 3) for name in ("one", "other"))
    assert one[:2] == other[:2]
    assert one[2].hub.ledger.head.root == other[2].hub.ledger.head.root
    for each in (one, other):
        each[2].close()


def trip(campaign: Campaign, clock: str, persons: int = 10) -> PlannedTrip:
    """One vehicle of the first side, on the first day."""
    departs = campaign.moment(1, clock)
    return PlannedTrip(assembly(EAST), reception(EAST), departs, Instant(departs + 30 * MINUTE), (VehicleId("B-001"),), persons)


def boarded(campaign: Campaign, until: str) -> bool:
    return any(isinstance(each.what, Boarded) for each in campaign.happen(campaign.moment(1, until)))


def test_nobody_boards_before_every_light_is_green() -> None:
    """Whoever adopted the trip: without the lights it is not kept."""
    campaign = Campaign(make_valley(usual(120, 4), 4, 1), 1)
    campaign.follow((trip(campaign, "05:45"),), campaign.opens)
    assert not boarded(campaign, "05:59")
    campaign.happen(campaign.moment(1, "06:00"))
    assert len(campaign.lights) == 4
    campaign.follow((trip(campaign, "08:00"),), campaign.moment(1, "06:00"))
    assert boarded(campaign, "08:00")
    assert campaign.without_light == 0


def test_whoever_is_turned_back_at_the_crossing_waits_again() -> None:
    campaign = Campaign(make_valley(usual(120, 4), 4, 1), 1)
    campaign.happen(campaign.moment(1, "06:00"))
    campaign.turning = True
    campaign.follow((trip(campaign, "08:00"),), campaign.moment(1, "06:00"))
    said = campaign.happen(campaign.moment(1, "12:00"))
    assert sum(isinstance(each.what, TurnedBack) for each in said) == 1
    assert sum(len(family.members) for side in (EAST, WEST) for family in campaign.waiting[side]) == 120
    assert not campaign.received
    assert "B-001" in campaign.home


def test_a_valley_is_marked_an_exercise_and_holds_whole_families() -> None:
    valley = make_valley(usual(900, 10), 10, 1)
    assert valley.world.exercise
    assert "EXERCISE" in valley.world.name
    assert sum(len(family.members) for family in valley.families) == 900
    assert all(len(family.members) == 1 for family in valley.families if family.care is Care.WOUNDED)
    codes = [person.code for family in valley.families for person in family.members]
    assert len(set(codes)) == 900


def test_the_command_tells_each_day_and_leaves_a_folder_that_can_be_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "ten"
    assert main(["rehearse", str(folder), "--persons", "80", "--days", "3", "--seed", "2"]) in (0, 1)
    said = capsys.readouterr().out
    assert all(line.startswith("EXERCISE") for line in said.strip().splitlines())
    assert "plan p-1 adopted" in said
    assert main(["verify", str(folder)]) == 0
    assert open_folder(folder).world.exercise


def test_ten_days_of_aleppo_have_its_numbers_and_nobody_who_lived() -> None:
    valley = make_valley(aleppo(), 10, 1)
    assert valley.world.exercise and "EXERCISE" in valley.world.name
    numbers = {side: sum(len(family.members) for family in valley.families if family.side == side) for side in (EAST, WEST)}
    assert numbers == {EAST: 35_000, WEST: 2_500}
    kinds = [vehicle.kind for vehicle in valley.world.vehicles]
    assert (kinds.count("bus"), kinds.count("ambulance")) == (60, 20)
    (clause,) = parse_agreement(valley.clauses, valley.world).clauses
    assert "Aleppo" in clause.sentence and "Foua" in clause.sentence


def test_six_buses_of_aleppo_burn_in_one_fire_and_passage_stays_suspended_for_two_nights() -> None:
    campaign = Campaign(make_valley(aleppo(), 10, 1), 1)
    said = campaign.happen(campaign.moment(10, "23:00"))
    (fire,) = [each.what.vehicles for each in said if isinstance(each.what, OutOfAction)]
    assert len(fire) == 6
    (stops,), (resumes,) = ([each.seen_at for each in said if isinstance(each.what, kind)] for kind in (PassageSuspended, PassageResumed))
    assert 40 * 60 <= (resumes - stops) // MINUTE <= 48 * 60
