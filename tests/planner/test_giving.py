"""What a clause would have to give: less is proved to be too little, and what is called enough has a plan."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from safepassage.cli import main
from safepassage.planner.explain import explain
from safepassage.planner.giving import Give
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Problem
from safepassage.planner.solve import solve
from tests.planner.test_instance import TWO_SIDES
from tests.planner.worlds import night


def refused(problem: Problem) -> Infeasible:
    answer = solve(problem, 1, 120)
    assert isinstance(answer, Infeasible) and answer.proved
    return answer


@pytest.mark.slow
def test_a_deadline_that_is_too_early_says_how_much_later() -> None:
    plan = solve(night("end"), 1, 200)
    assert isinstance(plan, Plan)
    early = replace(night("end"), deadline=plan.bound - 40)
    give = next(give for give in refused(early).gives if give.clause == "deadline")
    assert give.at_least is not None and give.enough is not None and early.deadline is not None
    assert 40 <= give.at_least <= plan.completion - early.deadline and give.at_least <= give.enough
    assert isinstance(solve(replace(early, deadline=early.deadline + give.enough), 1, 200), Plan)
    less = explain(replace(early, deadline=early.deadline + give.at_least - 1))
    assert less.proved


@pytest.mark.slow
def test_a_band_that_no_total_meets_says_how_much_wider() -> None:
    narrow = night("end", band=200)
    (give,) = refused(narrow).gives
    assert (give.clause, give.unit) == ("parity", "persons")
    persons = [side.persons for side in narrow.sides]
    assert give.at_least == give.enough == persons[0] - persons[1] - 200


@pytest.mark.slow
def test_every_clause_of_the_conflict_has_its_line() -> None:
    answer = refused(replace(night("end"), deadline=150))
    assert tuple(give.clause for give in answer.gives) == answer.conflict
    assert {"deadline"} < set(answer.conflict)
    assert any("more buses at" in give.words for give in answer.gives if give.clause == "fleet")


@pytest.mark.parametrize(
    ("give", "words"),
    [
        (Give("deadline", "a later deadline", "minutes", 120, 130), "a later deadline: 2 h at least, 2 h 10 min are enough"),
        (Give("fleet", "more buses at A", "vehicles", 1, 1), "more buses at A: 1 vehicle"),
        (Give("drivers", "more trips", "trips", 2, None), "more trips: 2 trips at least; how much is enough is not known"),
        (Give("gate", "quicker handling", "minutes", None, None), "quicker handling: no amount that was tried is enough by itself"),
    ],
)
def test_it_is_said_in_words(give: Give, words: str) -> None:
    assert give.words == words


@pytest.mark.slow
def test_the_command_says_it_too(tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "world.json"
    path.write_text(json.dumps({**TWO_SIDES, "deadline": 100}))
    assert main(["plan", str(path), "--budget", "40", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [give["clause"] for give in said["gives"]] == said["conflict"]
    assert main(["plan", str(path), "--budget", "40"]) == 1
    printed = capsys.readouterr().out
    assert all(give["words"] in printed for give in said["gives"])
