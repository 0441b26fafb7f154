"""The exact model as referee: it agrees with decoder, bound and explanation on worlds that are small enough to be sure about."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from safepassage.planner import solve as solving
from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.exact import exact, fits
from safepassage.planner.instance import read_case, to_problem
from safepassage.planner.objective import shortfall, value
from safepassage.planner.plan import Infeasible
from safepassage.planner.problem import Objective, Problem
from safepassage.planner.solve import search, solve

pytest.importorskip("ortools", reason="the extra `exact` is not installed")


def small(seed: int, objective: Objective) -> Problem:
    """Two sides, at most four convoys each, one or two gates; often tight, sometimes impossible."""
    chance = Random(seed)
    gates = [
        {"id": f"X{n}", "setup": chance.randint(2, 15), "per_vehicle": chance.randint(1, 4), "windows": [[0, 250], [300, 600]]}
        for n in range(chance.randint(1, 2))
    ]
    times = {name: chance.randint(5, 40) for name in ("pre", "onward", "unload", "back", "load")}
    routes = [{"id": f"{side}-{gate['id']}", "side": side, "crossing": gate["id"], **times} for side in "AF" for gate in gates]
    north, south = chance.randint(60, 260), chance.randint(40, 160)
    instance: dict[str, Any] = {
        "classes": [{"id": "vulnerable", "weight": 3}, {"id": "general", "weight": 1}], "wounded_weight": 6,
        "seats": {"bus": 50, "ambulance": 2}, "convoy": {"min": chance.randint(1, 2), "max": 4}, "horizon": 600, "cold": [[0, 2], [200, 1]],
        "sides": [
            {"id": "A", "people": [north // 4, north - north // 4], "wounded": chance.randint(0, 2)},
            {"id": "F", "people": [south // 4, south - south // 4], "wounded": 0},
        ],
        "crossings": gates, "routes": routes, "fleet": {"A": [chance.randint(2, 4), 1], "F": [chance.randint(1, 3), 0]},
        "parity": [{"plus": "A", "minus": "F", "wp": 1, "wm": 2, "low": -150, "high": chance.choice([150, 300])}],
        "suspensions": [[150, 150 + chance.randint(1, 60)]], "max_convoys": {"A": 4, "F": 3},
    }  # fmt: skip
    return to_problem(read_case(json.dumps(instance).encode()).instance, objective)


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["end", "cold"])
@pytest.mark.parametrize("seed", range(8))
def test_nothing_that_was_found_is_better_than_the_optimum_and_no_bound_is_above_it(seed: int, objective: Objective) -> None:
    problem = small(seed, objective)
    assert fits(problem)
    best = search(problem, 1, 120)
    lawful = best is not None and not shortfall(problem, best.convoys)
    referee = exact(problem, None, effort=4.0)
    if referee.impossible:
        assert not lawful
    if referee.convoys is not None:
        worth = value(problem, referee.convoys)
        assert check(problem, referee.convoys) == () and referee.bound is not None and referee.bound <= worth
        ends = max(convoy.crossing_end for convoy in referee.convoys)
        assert lower_bound(problem, ends) <= worth and lower_bound(problem, ends, fine=True) <= worth
    if lawful and best is not None:
        assert check(problem, best.convoys) == ()
        assert referee.bound is None or referee.bound <= value(problem, best.convoys)


def test_what_the_flow_allows_and_cannot_be_is_explained_by_the_exact_model() -> None:
    """Three buses of people in two convoys of one bus each: vehicles flow, convoys do not."""
    text = {
        "classes": [{"id": "general", "weight": 1}], "wounded_weight": 4, "seats": {"bus": 50, "ambulance": 2},
        "convoy": {"min": 1, "max": 1}, "horizon": 600, "cold": [[0, 1]], "sides": [{"id": "A", "people": [150], "wounded": 0}],
        "crossings": [{"id": "X", "setup": 10, "per_vehicle": 2, "windows": [[0, 70]]}],
        "routes": [{"id": "A-X", "side": "A", "crossing": "X", "pre": 10, "onward": 10, "unload": 5, "back": 5, "load": 10}],
        "fleet": {"A": [2, 0]}, "max_convoys": {"A": 3},
    }  # fmt: skip
    problem = to_problem(read_case(json.dumps(text).encode()).instance, "end")
    answer = solve(problem, 1, 50)
    assert isinstance(answer, Infeasible) and answer.proved
    assert set(answer.conflict) == {"fleet", "windows"}


def test_without_the_extra_everything_works_and_the_gap_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "installed", lambda: False)
    answer = solve(small(3, "end"), 1, 120)
    assert not isinstance(answer, Infeasible) and answer.bound <= answer.value
