"""The reference cases, whatever lies there: optima that are reached with proof, conflicts that are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from safepassage.planner.bound import earliest_end
from safepassage.planner.check import check
from safepassage.planner.exact import installed
from safepassage.planner.instance import Case, read_case, to_problem
from safepassage.planner.objective import value
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Problem
from safepassage.planner.solve import solve
from safepassage.planner.written import read_plan

CASES = next(
    (up / "shared/reference/planner" for up in Path(__file__).resolve().parents if (up / "shared/reference/planner").is_dir()),
    None,
)
pytestmark = pytest.mark.skipif(CASES is None, reason="shared/reference/planner is not beside the project")
FILES = sorted(path for path in CASES.glob("*.json") if b'"instance"' in path.read_bytes()) if CASES else []


def case(path: Path) -> tuple[Problem, Case]:
    found = read_case(path.read_bytes(), path.name)
    return to_problem(found.instance, "cold" if found.objective == "cold" else "end"), found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_optimum_is_reached_with_proof_or_the_conflict_is_named(path: Path) -> None:
    problem, known = case(path)
    answer = solve(problem, seed=1, budget=300)
    if known.conflict:
        assert isinstance(answer, Infeasible) and answer.proved
        assert set(answer.conflict) == set(known.conflict)
        return
    assert isinstance(answer, Plan)
    assert not check(problem, answer.convoys)
    assert known.optimum is None or answer.value == known.optimum
    assert answer.bound <= answer.value and (answer.bound == answer.value or not installed())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_published_witness_is_lawful_and_as_good_as_it_says(path: Path) -> None:
    problem, known = case(path)
    if known.example and known.optimum is not None:
        convoys = read_plan(known.rows, problem, path.name)
        assert check(problem, convoys) == ()
        assert value(problem, convoys) == known.optimum


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("known", [400, 599])
def test_the_bound_is_below_the_optimum_at_every_slot_width(path: Path, known: int) -> None:
    problem, case_ = case(path)
    if case_.optimum is not None and problem.objective == "end":
        assert earliest_end(problem, known) <= case_.optimum
