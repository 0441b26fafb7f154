"""Who boards first, in which vehicle, and that families stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.planner.check import check
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Convoy, Group, Problem, RouteId, Side, Vehicle
from safepassage.planner.seats import Waiting, board, needed, seated, waiting
from safepassage.planner.solve import solve
from safepassage.values.ids import GroupId, VehicleId
from tests.planner.worlds import A, F, families, night, seats_of


def test_the_wounded_and_the_vulnerable_board_before_anybody_else() -> None:
    aboard, left = board(waiting(Side(A, (30, 40), wounded=3)), seats_of((50,), (2,)), room=1000)
    assert (aboard.people, aboard.wounded) == ((30, 20), 2)
    assert (left.people, left.wounded) == (20, 1)


def test_a_family_that_does_not_fit_waits_whole() -> None:
    side = Side(A, (12, 0), groups=families(A, 0, (7, 5)))
    aboard, left = board(waiting(side), seats_of((10,)), room=1000)
    assert aboard.people == (7, 0)
    assert [group.size for group in left.groups[0]] == [5]


def test_a_family_waits_though_the_convoy_has_seats_where_no_one_vehicle_has() -> None:
    """Twelve seats in two buses, and three families of four: no third of them is parted over both."""
    side = Side(A, (12, 0), groups=families(A, 0, (4, 4, 4)))
    aboard, left = board(waiting(side), seats_of((6, 6)), room=1000)
    assert aboard.families == (("aleppo-0-0",), ("aleppo-0-1",))
    assert (aboard.people, left.people) == ((8, 0), 4)


def test_people_on_their_own_keep_no_seat_together_that_a_family_needs() -> None:
    """Six on their own of the first class sit in both buses, so that the family of the second finds one that holds it."""
    side = Side(A, (6, 5), groups=families(A, 1, (5,)))
    aboard, _ = board(waiting(side), seats_of((6, 6)), room=1000)
    assert aboard.people == (6, 5)


def test_parity_room_counts_the_wounded_too() -> None:
    aboard, _ = board(waiting(Side(A, (30, 40), wounded=4)), seats_of((50,), (4,)), room=10)
    assert (aboard.people, aboard.wounded) == ((6, 0), 4)


sizes = st.lists(st.integers(1, 12), max_size=14).map(tuple)


@given(sizes, sizes, st.integers(0, 40), st.integers(0, 40), st.lists(st.integers(4, 20), min_size=1, max_size=5), st.integers(0, 120))
def test_every_family_aboard_sits_in_one_vehicle_and_no_vehicle_holds_more_than_its_seats(
    first: tuple[int, ...], second: tuple[int, ...], one: int, other: int, buses: list[int], room: int
) -> None:
    groups = families(A, 0, first) + families(A, 1, second)
    side = Side(A, (sum(first) + one, sum(second) + other), groups=groups)
    aboard, left = board(waiting(side), seats_of(tuple(buses)), room)
    names = [name for names in aboard.families for name in names]
    assert len(names) == len(set(names))
    assert sorted(names + [g.id for same in left.groups for g in same]) == sorted(g.id for g in groups)
    known = {group.id: group.size for group in groups}
    taken = [sum(known[name] for name in names) for names in aboard.families]
    assert all(has <= places for has, places in zip(taken, buses, strict=bool(taken)))
    assert sum(aboard.people) <= min(room, sum(buses))
    assert sum(aboard.people) + left.people == side.persons


@given(sizes, sizes, st.integers(0, 60), st.integers(12, 30))
def test_so_many_vehicles_are_needed_and_no_fewer_will_do(first: tuple[int, ...], second: tuple[int, ...], alone: int, places: int) -> None:
    side = Side(A, (sum(first) + alone, sum(second)), groups=families(A, 0, first) + families(A, 1, second))

    def left(number: int) -> Waiting:
        return board(waiting(side), seats_of((places,) * number), 1 << 30)[1]

    number = needed(waiting(side), "bus", places)
    assert left(number).people == 0
    assert number == 0 or left(number - 1).people > 0


def test_the_wounded_of_a_family_lie_in_one_ambulance_or_it_waits() -> None:
    hurt = (Group(GroupId("g-1"), 0, 2, 2), Group(GroupId("g-2"), 0, 3, 2))
    side = Side(A, (5, 0), 4, hurt)
    aboard, left = board(waiting(side), seats_of((50,), (3, 1)), room=100)
    assert aboard.families == (("g-2",), ("g-2",), ())
    assert (aboard.wounded, left.wounded) == (2, 2)
    assert seated(hurt, seats_of((50,), (3, 3))) == (("g-2", "g-1"), ("g-2",), ("g-1",))
    assert needed(waiting(side), "ambulance", 3) == 2


def split(problem: Problem) -> tuple[Problem, Plan]:
    plan = solve(problem, seed=1, budget=40)
    assert isinstance(plan, Plan) and check(problem, plan.convoys) == ()
    return problem, plan


def test_check_refuses_a_family_in_two_vehicles_and_one_in_a_vehicle_that_is_full() -> None:
    problem, plan = split(night())
    convoy = next(c for c in plan.convoys if len(c.families) > 1 and c.families[0] and c.families[1])
    (name, *_), others = convoy.families[0], convoy.families[1]
    twice = replace(convoy, families=(convoy.families[0], (*others, name), *convoy.families[2:]))
    full = replace(convoy, families=((*convoy.families[0], *others), (), *convoy.families[2:]))
    nowhere = replace(convoy, families=(convoy.families[0][1:], *convoy.families[1:]))
    for spoilt, rule in ((twice, "family"), (full, "seats"), (nowhere, "family")):
        found = check(problem, [spoilt if each is convoy else each for each in plan.convoys])
        assert rule in {violation.rule for violation in found}, rule


@pytest.mark.parametrize(("first", "lower", "named"), [(96, 3, True), (98, 2, False)])
def test_check_sees_that_a_family_would_fit_once_people_on_their_own_move_together(first: int, lower: int, named: bool) -> None:
    """Two buses of 50. Four seats that nobody of the first class has hold a family of three wherever they are; two do not."""
    problem, family = night(), Group(GroupId("g-1"), 0, 3)
    side = Side(A, (first + 3, lower), 0, (family,))
    problem = replace(problem, sides=(side, replace(problem.side(F), groups=(), people=(0, 0), wounded=0)), parity=())
    buses = tuple(vehicle.id for vehicle in problem.fleet if vehicle.side == A)[:2]
    early = Convoy(RouteId("A-R"), buses, 0, 30, 45, 61, 101, (first, lower), 0)
    late = Convoy(RouteId("A-R"), buses, 200, 230, 245, 261, 301, (3, 0), 0, ((family.id,), ()))
    assert ("priority" in {violation.rule for violation in check(problem, [early, late])}) is named


def test_a_family_that_no_vehicle_of_its_side_holds_is_named_with_what_to_do() -> None:
    problem = night()
    side = problem.side(A)
    large = replace(side, groups=(*side.groups, Group(GroupId("clan"), 1, 51)), people=(side.people[0], side.people[1] + 51))
    answer = solve(replace(problem, sides=(large, problem.side(F))), seed=1, budget=10)
    assert isinstance(answer, Infeasible) and answer.proved
    assert answer.conflict == ("family",)
    assert "clan" in answer.words and "travel as two" in answer.words


@pytest.mark.parametrize("low", [1, 2])
def test_a_family_that_only_the_biggest_bus_holds_waits_for_that_bus(low: int) -> None:
    """Two of 55 and one bus of 60 among small ones: it drives twice, whatever else is free."""
    problem = night()
    side = Side(A, (0, 130), 0, families(A, 1, (55, 55, 20)))
    small = tuple(Vehicle(VehicleId(f"s-{n}"), A, "bus", 20) for n in range(4))
    fleet = (Vehicle(VehicleId("z-big"), A, "bus", 60), *small, *(v for v in problem.fleet if v.side == F))
    problem = replace(problem, sides=(side, problem.side(F)), fleet=fleet, convoy=replace(problem.convoy, low=low))
    _, plan = split(problem)
    trips = [name for convoy in plan.convoys for name, aboard in zip(convoy.vehicles, convoy.families, strict=False) if aboard]
    assert trips.count(VehicleId("z-big")) >= 2
