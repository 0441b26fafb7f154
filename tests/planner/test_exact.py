"""The exact model as referee: it agrees with decoder, bound and explanation on worlds that are small enough to be sure about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from safepassage.planner import solve as solving
from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.exact import exact, fits, unspoken
from safepassage.planner.instance import read_case, to_problem
from safepassage.planner.objective import shortfall, value
from safepassage.planner.plan import Infeasible
from safepassage.planner.problem import Convoy, Crew, Objective, Problem, Reception, RouteId, Vehicle
from safepassage.planner.solve import search, solve
from safepassage.values.ids import VehicleId

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


def with_extras(seed: int, objective: Objective) -> Problem:
    """The same small worlds on two days, with all extras that the model speaks of, each as likely there as not."""
    problem, chance = small(seed, objective), Random(seed)

    def some() -> bool:
        return chance.random() < 0.6

    fleet = [replace(v, ready_at=chance.choice((0, 40)), stretchers=v.kind == "bus" or some()) for v in problem.fleet]
    ends = [tuple(route.id for route in problem.routes if route.side == side.id) for side in problem.sides]
    windows = ((0, 250), (300, 600), (1440, 1900))
    return replace(
        problem,
        horizon=1900,
        crossings=tuple(replace(gate, windows=windows) for gate in problem.crossings),
        fleet=tuple(fleet),
        sides=tuple(replace(side, lying=min(side.wounded, 1) if some() else 0) for side in problem.sides),
        boarding_from=chance.choice((0, 45)),
        cycles_per_day=chance.choice((None, 1, 2)),
        crews=tuple(Crew(side.id, a, b) for side in problem.sides if some() for a, b in ((20, 420), (1440, 1900))),
        receptions=tuple(Reception(f"camp-{n}", routes, chance.choice((110, 200))) for n, routes in enumerate(ends) if some()),
    )


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["end", "cold"])
@pytest.mark.parametrize("seed", range(5))
def test_with_extras_nothing_that_was_found_is_better_than_the_optimum_either(seed: int, objective: Objective) -> None:
    problem = with_extras(seed, objective)
    assert fits(problem)
    best = search(problem, 1, 120)
    lawful = best if best is not None and not shortfall(problem, best.convoys) else None
    referee = exact(problem, lawful.convoys if lawful else None, effort=1.0)
    if lawful is not None:
        assert check(problem, lawful.convoys) == ()
        assert not referee.impossible
        assert referee.bound is None or referee.bound <= value(problem, lawful.convoys)
    if referee.convoys is not None:
        assert check(problem, referee.convoys) == ()
        ends = max(convoy.crossing_end for convoy in referee.convoys)
        assert lower_bound(problem, ends, fine=True) <= value(problem, referee.convoys)


ALONE = {
    "green light": lambda problem: replace(problem, boarding_from=100),
    "drivers": lambda problem: replace(problem, cycles_per_day=1),
    "crews": lambda problem: replace(problem, crews=tuple(Crew(side.id, 60, 330) for side in problem.sides)),
    "reception": lambda problem: replace(problem, receptions=(Reception("camp", (RouteId("A-X0"),), 60),)),
    "ready": lambda problem: replace(problem, fleet=tuple(replace(v, ready_at=90) for v in problem.fleet)),
}


@pytest.mark.parametrize("name", sorted(ALONE))
def test_each_extra_changes_the_optimum_and_the_optimum_keeps_it(name: str) -> None:
    """Two buses of people of one side, one gate, two days."""
    text = {
        "classes": [{"id": "general", "weight": 1}], "wounded_weight": 4, "seats": {"bus": 50, "ambulance": 2},
        "convoy": {"min": 1, "max": 2}, "horizon": 1800, "cold": [[0, 1]], "sides": [{"id": "A", "people": [100], "wounded": 2}],
        "crossings": [{"id": "X0", "setup": 10, "per_vehicle": 2, "windows": [[0, 400], [1440, 1800]]}],
        "routes": [{"id": "A-X0", "side": "A", "crossing": "X0", "pre": 10, "onward": 20, "unload": 10, "back": 30, "load": 15}],
        "fleet": {"A": [1, 1]}, "max_convoys": {"A": 3},
    }  # fmt: skip
    plain = to_problem(read_case(json.dumps(text).encode()).instance, "end")
    problem = ALONE[name](plain)
    assert broken(problem, exact(plain, None).convoys or ())
    found = exact(problem, None)
    assert found.convoys is not None and found.bound == value(problem, found.convoys) > (exact(plain, None).bound or 0)


def broken(problem: Problem, convoys: Sequence[Convoy]) -> bool:
    return bool(check(problem, convoys))


def test_whoever_must_lie_goes_by_the_ambulance_with_stretchers_in_the_optimum() -> None:
    """Two wounded who must lie, one ambulance with one stretcher place and one in which they could only sit: two trips of the first."""
    problem = small(3, "end")
    side = replace(problem.sides[0], people=(0, 50), wounded=2, lying=2)
    lie, sit = (Vehicle(VehicleId(name), side.id, "ambulance", 1, stretchers=name == "lie") for name in ("lie", "sit"))
    fleet = (*(v for v in problem.fleet if v.kind == "bus"), lie, sit)
    later = replace(problem, sides=(side, replace(problem.sides[1], people=(0, 0), wounded=0)), fleet=fleet, parity=(), suspensions=())
    found = exact(later, None)
    assert found.convoys is not None and check(later, found.convoys) == ()
    assert [convoy.lying for convoy in found.convoys if "lie" in convoy.vehicles] == [1, 1]


def test_a_green_light_that_comes_too_late_is_named_with_what_it_would_have_to_give() -> None:
    problem = replace(small(3, "end"), boarding_from=430)
    answer = solve(problem, 1, 50)
    assert isinstance(answer, Infeasible) and answer.proved and "lights" in answer.conflict
    assert any(give.clause == "lights" and give.at_least for give in answer.gives)


def test_what_the_model_does_not_speak_of_is_said_in_words() -> None:
    problem = small(3, "end")
    assert unspoken(problem) is None
    assert unspoken(replace(problem, max_convoys=())) == "sides whose number of convoys is not agreed"
    moved = replace(problem, routes=tuple(replace(route, inward=1) for route in problem.routes))
    assert unspoken(moved) == "returns through a gate"
    sizes = tuple(replace(v, seats=v.seats + (n == 0)) for n, v in enumerate(problem.fleet))
    assert unspoken(replace(problem, fleet=sizes)) == "vehicles of one kind with different numbers of seats"
