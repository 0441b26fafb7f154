"""What changes for whom: family by family, class by class; kept means people who were told, not places."""

from __future__ import annotations

from functools import cache

import pytest
from msgspec.structs import replace

from safepassage.planner.check import check
from safepassage.planner.decoder import timetable
from safepassage.planner.learnt import Learnt, after
from safepassage.planner.lines import five_lines, row
from safepassage.planner.objective import moved
from safepassage.planner.problem import Convoy, Group, PeopleClass, Problem, RouteId, Side
from safepassage.planner.replan import Proposal, kept, replan, shrink
from safepassage.planner.whom import all_told, shifts
from safepassage.values.ids import GroupId, VehicleId
from tests.planner.test_replan import AT, BUSES, EVERY, adopted
from tests.planner.worlds import A, night

BIG, SMALL, OTHER = (
    Group(GroupId(name), k, size, wounded) for name, k, size, wounded in (("big", 0, 6, 1), ("small", 1, 3, 0), ("other", 1, 4, 0))
)


def convoy(departure: int, people: tuple[int, int], wounded: int = 0, groups: tuple[Group, ...] = ()) -> Convoy:
    """On the road of the night's first side; only who goes when is asked."""
    names = (tuple(group.id for group in groups),) if groups else ()
    return Convoy(
        RouteId("A-R"), (VehicleId("x"),), departure - 30, departure, departure + 15, departure + 30, departure + 70, people, wounded, names
    )


def told(*announced: Convoy) -> tuple[Problem, Side]:
    side = Side(A, (20, 60), 3, (BIG, SMALL, OTHER))
    return replace(night(), sides=(side, night().sides[1]), announced=announced), side


def test_a_family_that_goes_with_another_convoy_is_moved_though_its_places_stay_taken() -> None:
    problem, side = told(convoy(100, (6, 20), 1, (BIG,)), convoy(200, (0, 23), 0, (SMALL,)))
    found = shifts(problem, side, (convoy(100, (0, 26), 1, (SMALL,)), convoy(200, (6, 17), 0, (BIG,))))
    assert [(s.was, s.becomes, s.people, s.classes, s.wounded, s.families) for s in found] == [
        (100, 100, 20, (0, 20), 0, ()),
        (100, 200, 7, (6, 0), 1, ("big",)),
        (200, 100, 3 + 3, (0, 6), 0, ("small",)),
        (200, 200, 17, (0, 17), 0, ()),
    ]


def test_people_of_no_family_keep_theirs_as_many_as_can_and_the_others_follow_in_order() -> None:
    problem, side = told(convoy(100, (0, 30)), convoy(200, (0, 20)))
    found = shifts(problem, side, (convoy(100, (0, 10)), convoy(150, (0, 15)), convoy(200, (0, 10)), convoy(300, (0, 15))))
    assert [(s.was, s.becomes, s.people) for s in found] == [(100, 100, 10), (100, 150, 15), (100, 300, 5), (200, 200, 10), (200, 300, 10)]


def test_nobody_of_one_class_keeps_the_place_of_another() -> None:
    problem, side = told(convoy(100, (10, 10)), convoy(200, (0, 10)))
    found = shifts(problem, side, (convoy(100, (5, 15)), convoy(200, (5, 5))))
    assert [(s.was, s.becomes, s.classes) for s in found] == [
        (100, 100, (5, 10)),
        (100, 200, (5, 0)),
        (200, 100, (0, 5)),
        (200, 200, (0, 5)),
    ]


def test_a_family_that_stays_is_in_no_shift_and_counts_among_those_who_were_told() -> None:
    problem, side = told(convoy(100, (6, 20), 1, (BIG,)))
    fewer = replace(side, groups=(SMALL, OTHER))
    assert shifts(problem, fewer, (convoy(100, (0, 20)),), (BIG,)) == shifts(problem, fewer, (convoy(100, (0, 20)),), (BIG,))
    (stayed,) = shifts(problem, fewer, (convoy(100, (0, 20)),), (BIG,))
    assert (stayed.people, stayed.same) == (20, True)
    assert all_told(problem, fewer, (BIG,)) == ((6, 20), 1, 1)


def test_members_of_a_family_that_is_named_no_more_count_as_people_of_no_family() -> None:
    problem, side = told(convoy(100, (6, 0), 1, (BIG,)))
    (stayed,) = shifts(problem, replace(side, groups=()), (convoy(100, (6, 0), 1),))
    assert (stayed.people, stayed.wounded, stayed.families) == (7, 1, ())


@cache
def burned() -> Proposal:
    found = replan(night(), adopted(), Learnt(AT, lost=BUSES[:6]), seed=1, budget=60)
    assert isinstance(found, Proposal)
    return found


@pytest.mark.parametrize("name", ["lost", "closed", "let out", "returned", "recounted"])
def test_everybody_who_was_told_keeps_theirs_or_moves_once_or_has_no_way_out(name: str) -> None:
    proposal = replan(night(), adopted(), EVERY[name], seed=1, budget=30)
    assert isinstance(proposal, Proposal)
    difference, announced = proposal.difference, sum(c.persons for c in proposal.problem.announced)
    moved = sum(shift.people for shift in difference.shifts)
    assert difference.kept + moved <= announced
    assert difference.kept + moved == announced or proposal.stays or EVERY[name].recounted
    assert difference.kept <= difference.places <= proposal.most
    named = [family for shift in (*difference.shifts, *difference.stayed) for family in shift.families]
    assert len(named) == len(set(named))


def test_families_are_seated_where_they_were_told_to_be_and_the_plan_stays_lawful() -> None:
    lost = tuple(vehicle.id for vehicle in night().fleet if vehicle.side == A and vehicle.kind == "bus")[:3]
    problem = after(night(), adopted(), Learnt(0, lost=lost)).problem
    plain, as_told = (timetable(problem, shrink(problem), as_told=each) for each in (False, True))
    assert plain is not None and as_told is not None
    assert check(problem, as_told.convoys) == ()
    assert kept(problem, as_told.convoys, ()) > kept(problem, plain.convoys, ())
    assert moved(problem, as_told.convoys) == moved(problem, plain.convoys), "as many places are kept, by other people"
    proposal = burned()
    assert check(proposal.problem, [c for c in proposal.plan.convoys if c.departure > AT]) == ()


def test_the_lines_say_who_of_which_class_and_how_many_families_move_and_keep_theirs() -> None:
    proposal = burned()
    _, who, said, _, _ = five_lines(adopted(), proposal, Learnt(AT, lost=BUSES[:6]))
    difference = proposal.difference
    later = [shift for shift in difference.shifts if shift.minutes > 0 and shift.side == A]
    assert (
        f"{sum(s.people for s in later):,} persons later, by {min(s.minutes for s in later)} to {max(s.minutes for s in later)} minutes"
        in who
    )
    assert f"{sum(s.classes[1] for s in later):,} general" in who and "whole families" in who
    announced = sum(convoy.persons for convoy in proposal.problem.announced)
    assert said.startswith(f"Kept: {difference.kept:,} of {announced:,} who were told a gate and a minute leave so (")
    everybody = [all_told(proposal.problem, side) for side in proposal.problem.sides]
    families = sum(len(shift.families) for shift in difference.stayed)
    assert f"{families} of {sum(each.families for each in everybody)} families)" in said
    assert f"{difference.places:,} of {announced:,} seats" in said


def test_json_says_the_same_in_numbers() -> None:
    said, difference = row(burned(), Learnt(AT, lost=BUSES[:6])), burned().difference
    assert (said["kept"], said["kept_seats"]) == (difference.kept, difference.places)
    rows = said["told"]
    assert isinstance(rows, list)
    assert sum(sum(each["kept_classes"]) + each["kept_wounded"] for each in rows) == difference.kept
    assert sum(sum(each["classes"]) + each["wounded"] for each in rows) == said["announced"]
    moved = said["shifts"]
    assert isinstance(moved, list)
    assert all(sum(each["classes"]) + each["wounded"] == each["people"] for each in moved)


def test_where_classes_are_named_otherwise_the_lines_use_those_names() -> None:
    problem = replace(night(), classes=(PeopleClass("first", 3), PeopleClass("second", 1)))
    found = replan(problem, adopted(), Learnt(AT, lost=BUSES[:6]), seed=1, budget=20)
    assert isinstance(found, Proposal)
    assert " second" in five_lines(adopted(), found, Learnt(AT, lost=BUSES[:6]))[1]
