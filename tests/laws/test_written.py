"""Laws of what is written: a plan or an instance is read back as it was and written again in the same bytes, whatever it holds; the same
seed gives the same bytes, in another process too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.planner.bound import lower_bound
from safepassage.planner.check import check
from safepassage.planner.instance import (
    ClassRow,
    CrossingRow,
    GroupRow,
    Instance,
    ParityRow,
    ReceptionRow,
    RouteRow,
    Seats,
    SideRow,
    Sizes,
    SwapRow,
    TransferRow,
    WeatherRow,
    read_case,
    write_instance,
)
from safepassage.planner.objective import shortfall, value
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Convoy, Crew, Problem, Reception
from safepassage.planner.solve import search
from safepassage.planner.written import PlanRow, read_plan, written
from tests.laws.test_planner import worlds
from tests.laws.test_twin import with_wounded
from tests.planner.test_ambulances import some_lie, two_kinds
from tests.planner.test_returns import stopped
from tests.planner.test_swap import swap

ROOT = Path(__file__).resolve().parents[2]

# Plans.


@st.composite
def everything(draw: st.DrawFn) -> Problem:
    """A random world with any of all that a problem may say besides."""
    problem, chance = draw(worlds()), Random(draw(st.integers(0, 1 << 20)))
    if draw(st.booleans()):
        sides = tuple(some_lie(with_wounded(s, draw(st.lists(st.integers(0, 2), max_size=5))), chance, True) for s in problem.sides)
        problem = two_kinds(replace(problem, sides=sides), 0)
        lying = (replace(side, lying=sum(group.lying for group in side.groups)) for side in problem.sides)
        problem = replace(problem, sides=tuple(lying))
    if draw(st.booleans()):
        problem = stopped(problem, draw(st.integers(1, 4)), draw(st.sampled_from([None, (2, 1)])))
    if draw(st.booleans()):
        problem = replace(problem, swaps=(swap(problem, draw(st.integers(0, 200)), draw(st.integers(0, 80))),))
    if draw(st.booleans()):
        rooms = ((1, draw(st.integers(50, 200))),)
        ends = (Reception(f"end-{s.id}", tuple(r.id for r in problem.routes if r.side == s.id), 400, rooms) for s in problem.sides)
        problem = replace(problem, receptions=tuple(ends))
    if draw(st.booleans()):
        problem = replace(problem, crews=(Crew(problem.sides[0].id, 20, 760), Crew(problem.sides[0].id, 800, 1430)), boarding_from=10)
    return problem


def as_plan(problem: Problem, convoys: tuple[Convoy, ...], seed: int) -> Plan:
    return Plan(convoys, problem.objective, value(problem, convoys), 0, seed, 8)


def bytes_of(problem: Problem, plan: Plan) -> bytes:
    return msgspec.json.encode(written(problem, plan))


def assert_everything_holds(problem: Problem, seed: int) -> None:
    """Lawful, above its bound, read back as it is, written again in the same bytes, and found again in the same bytes."""
    found, again = search(problem, seed, budget=6), search(problem, seed, budget=6)
    if found is None or shortfall(problem, found.convoys):
        return
    assert check(problem, found.convoys) == ()
    assert lower_bound(problem, max((c.crossing_end for c in found.convoys), default=0)) <= found.cost
    plan = as_plan(problem, found.convoys, seed)
    said = bytes_of(problem, plan)
    assert again is not None and bytes_of(problem, as_plan(problem, again.convoys, seed)) == said
    read = read_plan(said, problem)
    assert read == plan.convoys
    assert bytes_of(problem, as_plan(problem, read, seed)) == said
    assert msgspec.json.encode(msgspec.json.decode(said, type=PlanRow)) == said


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(everything(), st.integers(0, 99))
def test_a_plan_of_any_world_is_lawful_and_read_back_in_the_same_bytes(problem: Problem, seed: int) -> None:
    assert_everything_holds(problem, seed)


@pytest.mark.soak
@settings(max_examples=5_000, deadline=None)
@given(everything(), st.integers(0, 9999))
def test_so_are_five_thousand(problem: Problem, seed: int) -> None:
    assert_everything_holds(problem, seed)


AGAIN = """
from msgspec.structs import replace
from tests.laws.test_written import bytes_of, swap, stopped
from tests.planner.test_extras import hurt
from tests.planner.worlds import night
from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
import sys
problem = stopped(hurt(night()))
problem = replace(problem, swaps=(swap(problem, 240, 120),))
plan = solve(problem, 7, 40)
assert isinstance(plan, Plan), plan
sys.stdout.buffer.write(bytes_of(problem, plan))
"""


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    """Names are hashed otherwise in each process: nothing may hang on the order of a set."""

    def told(hashes: str) -> bytes:
        known = {**os.environ, "PYTHONHASHSEED": hashes}
        return subprocess.run([sys.executable, "-c", AGAIN], env=known, capture_output=True, check=True, cwd=ROOT).stdout

    assert (first := told("1")).startswith(b"{") and b"manifests" in first
    assert told("2") == first


# Instances.
names = st.text(st.characters(categories=("L", "N"), include_characters="- _'"), min_size=1, max_size=12)
number, some = st.integers(0, 5000), st.integers(1, 5000)
pairs = st.tuples(number, number)
by_name = st.dictionaries(names, number, max_size=2)
T = TypeVar("T")


def few(each: st.SearchStrategy[T], least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(each, min_size=least, max_size=2).map(tuple)


GROUP = st.builds(GroupRow, names, number, some, number, number)
SIDE = st.builds(SideRow, names, few(number), number, few(GROUP), number)
ROUTE = st.builds(RouteRow, names, names, names, number, number, number, number, number, st.none() | number)
KIND = st.sampled_from(["bus", "ambulance"])
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": st.just("") | names, "classes": few(st.builds(ClassRow, names, number), 1), "wounded_weight": number,
    "seats": st.builds(Seats, some, some), "convoy": st.builds(Sizes, some, some), "horizon": some, "cold": few(pairs),
    "sides": few(SIDE, 1), "routes": few(ROUTE, 1), "fleet": st.dictionaries(names, pairs, max_size=2), "sitting": by_name,
    "crossings": few(st.builds(CrossingRow, names, number, number, few(pairs), st.none() | pairs), 1),
    "parity": few(st.builds(ParityRow, names, names, some, some, st.integers(-9, 9), st.integers(-9, 9))),
    "suspensions": few(pairs), "losses": few(st.tuples(number, number, st.sampled_from([0, 1]), some)), "max_convoys": by_name,
    "deadline": st.none() | number, "cycles_per_day": st.none() | some,
    "receptions": few(st.builds(ReceptionRow, names, few(names), number, few(pairs))),
    "swaps": few(st.builds(SwapRow, names, st.tuples(names, names), by_name, number, number, st.tuples(some, some), number)),
    "crews": st.dictionaries(names, few(pairs), max_size=2),
    "transfers": few(st.builds(TransferRow, number, names, names, KIND, some, number, few(names))),
    "weather": few(st.builds(WeatherRow, number, number, some)), "green_lights": st.none() | by_name,
}  # fmt: skip
"""Any instance that has the form, sense or none."""


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries(FIELDS))
def test_an_instance_is_read_back_as_it_was_and_written_in_the_same_bytes(fields: dict[str, Any]) -> None:
    instance = Instance(**fields)
    said = write_instance(instance)
    read = read_case(said).instance
    assert read == instance
    assert write_instance(read) == said


def test_every_field_of_an_instance_is_drawn_by_that_law() -> None:
    """A new field that no law writes and reads is named here."""
    assert set(FIELDS) == set(Instance.__struct_fields__)
