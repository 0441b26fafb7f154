"""The reference cases: optima and a conflict that an exact solver has proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from safepassage.planner.bound import earliest_end
from safepassage.planner.check import check
from safepassage.planner.instance import read_case, to_problem
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Problem
from safepassage.planner.solve import solve

CASES = next(
    (up / "shared/reference/planner" for up in Path(__file__).resolve().parents if (up / "shared/reference/planner").is_dir()),
    None,
)
pytestmark = pytest.mark.skipif(CASES is None, reason="shared/reference/planner is not beside the project")


def case(name: str) -> tuple[Problem, int | None, tuple[str, ...] | None]:
    assert CASES is not None
    found = read_case((CASES / f"{name}.json").read_bytes())
    return to_problem(found.instance, "end"), found.optimum, found.conflict


@pytest.mark.parametrize("name", ["r1-parity", "r2-bus-loss"])
def test_the_proved_optimum_is_reached_and_the_bound_stays_below_it(name: str) -> None:
    problem, optimum, _ = case(name)
    plan = solve(problem, seed=1, budget=300)
    assert isinstance(plan, Plan)
    assert not check(problem, plan.convoys)
    assert plan.value == optimum
    assert plan.bound <= plan.value


@pytest.mark.parametrize("name", ["r1-parity", "r2-bus-loss"])
@pytest.mark.parametrize("known", [400, 599])
def test_the_bound_is_below_the_optimum_at_every_slot_width(name: str, known: int) -> None:
    problem, optimum, _ = case(name)
    assert optimum is not None
    assert earliest_end(problem, known) <= optimum


def test_an_impossible_deadline_names_its_irreducible_conflict() -> None:
    problem, _, conflict = case("r3-deadline")
    answer = solve(problem, seed=1, budget=100)
    assert isinstance(answer, Infeasible)
    assert answer.proved
    assert set(answer.conflict) == set(conflict or ())
