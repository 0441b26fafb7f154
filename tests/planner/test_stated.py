"""What receptions take and when drivers are on duty, from a deployment's world and from what receptions say; families with wounded."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from safepassage.errors import InputError
from safepassage.observation import Entry
from safepassage.observation.passage import RoomStated
from safepassage.observation.setting import DeploymentOpened
from safepassage.picture import Picture
from safepassage.planner.check import check
from safepassage.planner.extract import Effort, midnight, problem_of, propose
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Crossing, Problem
from safepassage.planner.solve import solve
from safepassage.values.ids import EntryId, PlaceId, SideId
from safepassage.values.people import Care
from safepassage.values.places import parse_world
from safepassage.values.times import MINUTE, Instant
from tests.laws.night import entries

ALEPPO, CAMP = SideId("aleppo"), PlaceId("khan-al-assal")
ROOM = f'\n[[planning.receptions]]\nplace = "{CAMP}"\nper_day = 300\n'
CREWS = '\n[[planning.crews]]\nside = "aleppo"\nbegins = "20:00"\nends = "04:00"\n'


def picture(more: str = "", *said: tuple[int, int, int]) -> Picture:
    """The exercise's night up to its first proposal, with more in its world; `said`: (minute from now, persons, minutes from then on)."""
    found: list[Entry] = []
    for entry in entries():
        what = entry.observation.what
        if type(what).__name__ == "PlanProposed":
            break
        if isinstance(what, DeploymentOpened):
            entry = replace(entry, observation=replace(entry.observation, what=replace(what, world=what.world + more)))
        found.append(entry)
    last = found[-1]
    for n, (minute, persons, since) in enumerate(said):
        seen_at = Instant(last.observation.seen_at + minute * MINUTE)
        what = RoomStated(persons, Instant(seen_at + since * MINUTE) if since else None)
        seen = replace(last.observation, seen_at=seen_at, at=CAMP, what=what, told_by=None)
        order = {"index": last.index + n + 1, "sequence": last.sequence + n + 1, "logged_at": seen_at}
        found.append(replace(last, id=EntryId(f"{n + 1:064x}"), observation=seen, **order))
    return Picture.of(found, found[-1].logged_at)


def problem(more: str = "", *said: tuple[int, int, int]) -> Problem:
    seen = picture(more, *said)
    assert seen.world.planning is not None
    return problem_of(seen, seen.world.planning, seen.now)


def test_of_a_reception_that_nobody_states_nothing_is_known_and_nothing_is_held_back() -> None:
    assert problem().receptions == () and problem().crews == ()


def test_a_plan_keeps_to_what_the_world_states_of_a_reception_and_of_drivers() -> None:
    found = problem(ROOM + CREWS)
    (camp,) = found.receptions
    assert (camp.id, camp.routes, camp.takes(0), camp.takes(5)) == (CAMP, ("ramouseh-khan-al-assal",), 300, 300)
    assert {crew.side for crew in found.crews} == {ALEPPO}
    assert {crew.end - crew.begin for crew in found.crews} == {8 * 60}
    assert all(crew.begin % 1440 == 20 * 60 for crew in found.crews)
    plan = solve(replace(found, horizon=found.horizon + 3 * 1440, crossings=_open(found)), seed=1, budget=40)
    assert isinstance(plan, Plan)
    assert check(replace(found, horizon=found.horizon + 3 * 1440, crossings=_open(found)), plan.convoys) == ()
    days = {convoy.reception // 1440 for convoy in plan.convoys if convoy.route in camp.routes}
    assert len(days) >= 2, "560 persons, 300 a day"


def _open(found: Problem) -> tuple[Crossing, ...]:
    return tuple(replace(gate, windows=((0, found.horizon + 3 * 1440),)) for gate in found.crossings)


def test_what_a_reception_says_itself_counts_from_the_day_it_says() -> None:
    found = problem(ROOM, (1, 120, 0), (2, 500, 2 * 1440))
    (camp,) = found.receptions
    seen = picture()
    today = (seen.now - midnight(seen)) // MINUTE // 1440
    assert [camp.takes(day) for day in (today, today + 1, today + 2, today + 9)] == [120, 120, 500, 500]
    assert problem("", (1, 120, 0)).receptions[0].takes(today) == 120, "of one that the world does not state too"
    assert problem("", (1, 120, 0), (2, 130, 0)).receptions[0].takes(today) == 130, "of two for one day the later counts"


def test_whoever_came_today_or_is_on_the_road_has_taken_room_already() -> None:
    said = ROOM.replace("300", "900")
    heard = [entry for entry in entries() if not isinstance(entry.observation.what, DeploymentOpened)]
    opened = next(iter(entries()))
    what = opened.observation.what
    assert isinstance(what, DeploymentOpened)
    first = replace(opened, observation=replace(opened.observation, what=replace(what, world=what.world + said)))
    for evening in (True, False):
        end = midnight(Picture.of([first], first.logged_at)) + 1440 * MINUTE
        told = [entry for entry in heard if not evening or entry.logged_at < end]
        assert_room_is_taken(Picture.of([first, *told], told[-1].logged_at))


def assert_room_is_taken(seen: Picture) -> None:
    assert seen.world.planning is not None
    (camp,) = problem_of(seen, seen.world.planning, seen.now).receptions
    moves = [move for account in seen.whereabouts.vehicles().values() for move in account.moves if move.end == CAMP]
    today = (seen.now - midnight(seen)) // MINUTE // 1440
    closed = [(move, (move.closed - midnight(seen)) // MINUTE // 1440 if move.closed is not None else today) for move in moves]
    came = sum(move.heads.high or move.heads.low for move, day in closed if day == today)
    assert moves and camp.takes(today) == 900 - came
    assert camp.takes(today + 1) == 900


def test_a_reception_that_is_too_small_is_named_before_anything_is_searched() -> None:
    answer = solve(problem("", (1, 100, 0)), seed=1, budget=40)
    assert isinstance(answer, Infeasible) and answer.proved
    assert answer.conflict == ("reception",)
    assert str(CAMP) in answer.words and "560 of aleppo have no other way" in answer.words


def test_a_wounded_person_is_put_into_their_family() -> None:
    seen = picture()
    persons = [trace for trace in seen.whereabouts.persons().values() if trace.care in (Care.WOUNDED, Care.CRITICAL)]
    found = problem()
    for side in found.sides:
        own = [trace.group for trace in persons if trace.side == side.id and trace.group is not None]
        groups = {group.id: group for group in side.groups}
        assert sum(group.wounded for group in side.groups) == sum(1 for name in own if name in groups)
        assert all(groups[name].priority == 0 and groups[name].wounded for name in own if name in groups)
        for k, people in enumerate(side.people):
            assert sum(group.size for group in side.groups if group.priority == k) <= people


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('\n[[planning.receptions]]\nplace = "nowhere"\nper_day = 3\n', "no road of planning.roads ends at nowhere"),
        (f'\n[[planning.receptions]]\nplace = "{CAMP}"\nper_day = 0\n', "per_day is below 1"),
        ('\n[[planning.crews]]\nside = "east"\nbegins = "07:00"\nends = "19:00"\n', "east is no side"),
        ('\n[[planning.crews]]\nside = "aleppo"\nbegins = "7"\nends = "19:00"\n', "7 is no clock time"),
    ],
)
def test_what_a_world_cannot_mean_is_named(more: str, said: str) -> None:
    opened = next(iter(entries())).observation.what
    assert isinstance(opened, DeploymentOpened)
    with pytest.raises(InputError) as caught:
        parse_world(opened.world + more)
    assert said in str(caught.value)


def test_where_an_ambulance_has_no_stretchers_whoever_is_critical_must_lie() -> None:
    more = '\n[[vehicles]]\nid = "MA-9"\nkind = "ambulance"\nseats = 2\nside = "aleppo"\nbase = "ramouseh"\nstretchers = false\n'
    found, before = problem(more), problem()
    assert [vehicle.id for vehicle in found.fleet if not vehicle.stretchers] == ["MA-9"]
    critical = [trace for trace in picture().whereabouts.persons().values() if trace.care is Care.CRITICAL]
    assert critical and [side.lying for side in before.sides] == [0, 0], "where all have stretchers nothing is asked"
    for side in found.sides:
        own = [trace for trace in critical if trace.side == side.id]
        assert side.lying == len(own)
        assert sum(group.lying for group in side.groups) == sum(1 for t in own if any(t.group == group.id for group in side.groups))
    plan = solve(found, seed=1, budget=40)
    assert isinstance(plan, Plan) and check(found, plan.convoys) == ()
    assert sum(convoy.lying for convoy in plan.convoys) == sum(side.lying for side in found.sides)


def test_every_plan_that_was_adopted_in_the_exercise_stood_when_it_was() -> None:
    """It is read back from the picture with its families, and `check` refuses nothing of it: no reason to propose another."""
    seen: Picture | None = None
    adopted = 0
    for entry in entries():
        if seen is None:
            seen = Picture(entry)
        else:
            seen.add(entry, entry.logged_at)
        if type(entry.observation.what).__name__ == "PlanAdopted":
            seen.settle(entry.logged_at)
            assert propose(seen, seen.now, 1, Effort(20, 20, 0), anew=False) is None
            adopted += 1
    assert adopted == 2
