"""Instances and plans in files: read and written exactly, and whatever cannot be meant is named by its field with the remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from safepassage.cli import main
from safepassage.errors import InputError
from safepassage.planner.check import check
from safepassage.planner.instance import read_case, to_problem, write_instance
from safepassage.planner.plan import Plan
from safepassage.planner.sense import flaws
from safepassage.planner.solve import solve
from safepassage.planner.written import read_plan, written

TWO_SIDES: dict[str, Any] = {
    "name": "two sides", "classes": [{"id": "vulnerable", "weight": 3}, {"id": "general", "weight": 1}], "wounded_weight": 6,
    "seats": {"bus": 50, "ambulance": 2}, "convoy": {"min": 2, "max": 4}, "horizon": 2000, "cold": [[0, 3], [480, 1]],
    "sides": [{"id": "North", "people": [60, 180], "wounded": 3}, {"id": "South", "people": [40, 120], "wounded": 0}],
    "crossings": [{"id": "Gate", "setup": 10, "per_vehicle": 3, "windows": [[0, 900], [1000, 2000]]}],
    "routes": [
        {"id": "N-G", "side": "North", "crossing": "Gate", "pre": 15, "onward": 30, "unload": 20, "back": 25, "load": 30},
        {"id": "S-G", "side": "South", "crossing": "Gate", "pre": 25, "onward": 30, "unload": 20, "back": 40, "load": 30},
    ],
    "fleet": {"North": [4, 1], "South": [3, 0]},
    "parity": [{"plus": "North", "minus": "South", "wp": 1, "wm": 1, "low": -150, "high": 200}],
    "suspensions": [[300, 360]], "losses": [[700, 0, 0, 1]], "cycles_per_day": 6,
}  # fmt: skip


def spoilt(spoil: Callable[[dict[str, Any]], object]) -> bytes:
    instance = json.loads(json.dumps(TWO_SIDES))
    spoil(instance)
    return json.dumps(instance).encode()


def put(*path: str | int, value: object) -> Callable[[dict[str, Any]], object]:
    def spoil(instance: dict[str, Any]) -> None:
        at: Any = instance
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return spoil


def test_an_instance_is_written_as_it_was_read() -> None:
    instance = read_case(json.dumps(TWO_SIDES).encode()).instance
    assert json.loads(write_instance(instance)) == TWO_SIDES
    assert read_case(write_instance(instance)).instance == instance
    assert flaws(instance) == []


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (put("horizon", value=-5), "horizon"),
        (put("routes", 0, "pre", value=0.5), "routes[0].pre"),
        (put("sides", 1, "people", 0, value=-1), "sides[...].people[...]"),
        (lambda i: i.pop("fleet"), ""),
        (lambda i: i["crossings"][0].pop("setup"), "crossings[0]"),
        (put("routes", 0, "onwards", value=3), "routes[0]"),
        (put("losses", 0, 2, value=7), "losses[0][2]"),
    ],
    ids=["negative", "half a minute", "people below zero", "no fleet", "no setup", "unknown field", "third kind"],
)
def test_a_field_of_the_wrong_kind_is_named(spoil: Callable[[dict[str, Any]], object], field: str, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "world.json"
    path.write_bytes(spoilt(spoil))
    assert main(["plan", str(path)]) == 2
    said = capsys.readouterr().err
    assert "SP-601" in said and str(path) in said and field.partition("[")[0] in said


MINUTE_FOR_DAY = {"id": "R", "routes": [TWO_SIDES["routes"][0]["id"]], "per_day": 500, "later": [[1440, 9]]}


@pytest.mark.parametrize(
    ("spoil", "field", "words"),
    [
        (put("horizon", value=40), "horizon", "were hours given for minutes"),
        (put("crossings", 0, "windows", value=[]), "crossings[0].windows", "never opens"),
        (put("crossings", 0, "windows", value=[[0, 5]]), "crossings[0].windows", "never opens long enough"),
        (put("crossings", 0, "windows", value=[[900, 0]]), "crossings[0].windows", "closes before it opens"),
        (put("parity", 0, value={**TWO_SIDES["parity"][0], "wp": 500, "wm": 500}), "parity[0]", "no convoy fits"),
        (put("parity", 0, "high", value=20), "parity[0]", "when everybody has passed"),
        (put("parity", 0, "low", value=201), "parity[0].low", "put the smaller"),
        (put("parity", 0, "minus", value=TWO_SIDES["parity"][0]["plus"]), "parity[0].minus", "on both sides"),
        (put("receptions", value=[MINUTE_FOR_DAY]), "receptions[0].later", "a minute given for a day"),
        (put("convoy", "min", value=5), "convoy.min", "more than convoy.max"),
        (put("sides", 0, "people", value=[1]), "sides[0].people", "1 numbers for 2 classes"),
        (put("routes", 1, "side", value="East"), "routes[1].side", "`East` is not known"),
        (put("fleet", "South", value=[0, 0]), "fleet.South", "no bus"),
        (put("fleet", "North", value=[4, 0]), "fleet.North", "no ambulance"),
        (put("losses", value=[[5, 0, 0, 9]]), "losses[0]", "9 of 4"),
        (put("losses", value=[[5, 7, 0, 1]]), "losses[0]", "no side 7"),
        (put("cold", value=[[5, 1]]), "cold", "minute 0"),
        (put("suspensions", value=[[9, 9]]), "suspensions[0]", "put the begin first"),
        (lambda i: i["routes"].pop(), "routes", "has people and no route"),
    ],
)  # fmt: skip
def test_what_no_plan_can_mean_is_named_with_the_remedy(
    spoil: Callable[[dict[str, Any]], object], field: str, words: str, tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / "world.json"
    path.write_bytes(spoilt(spoil))
    assert main(["plan", str(path)]) == 2
    said = capsys.readouterr().err
    assert "SP-602" in said and field in said and words.lower() in said.lower()


def test_a_trip_of_a_few_minutes_is_solved_and_doubted(tmp_path: Path, capsys: Any) -> None:
    path, route = tmp_path / "world.json", TWO_SIDES["routes"][0]
    short = {**route, "pre": 1, "onward": 0, "load": 0}
    gate = {**TWO_SIDES["crossings"][0], "setup": 1, "per_vehicle": 1}
    path.write_bytes(spoilt(lambda i: i.update(routes=[short, TWO_SIDES["routes"][1]], crossings=[gate])))
    assert main(["plan", str(path), "--budget", "20", "--json"]) == 0
    assert "hours" in json.loads(capsys.readouterr().out)["doubts"][0]


IN_HOURS = {**TWO_SIDES["routes"][0], "load": 1, "pre": 1, "onward": 2, "unload": 1, "back": 3}


@pytest.mark.parametrize(
    ("spoil", "field", "words"),
    [
        (put("routes", 0, value=IN_HOURS), "routes[0]", "8 minutes"),
        (put("routes", 0, "load", value=1), "routes[0].load", "50 persons in 1 minutes"),
        (put("routes", 1, "unload", value=2), "routes[1].unload", "50 persons in 2 minutes"),
        (put("routes", 0, "back", value=2), "routes[0].back", "45 minutes there, 2 back"),
        (put("routes", 0, value={**TWO_SIDES["routes"][0], "pre": 1, "onward": 1}), "routes[0].back", "2 minutes there, 25 back"),
        (put("crossings", 0, "windows", value=[[0, 120]]), "crossings[0].windows", "closes for good at minute 120"),
        (put("suspensions", value=[[30, 78]]), "suspensions[0]", "over at minute 78"),
    ],
)  # fmt: skip
def test_hours_given_for_minutes_are_asked_about_and_hinder_nothing(
    spoil: Callable[[dict[str, Any]], object], field: str, words: str
) -> None:
    doubts = flaws(read_case(spoilt(spoil)).instance)
    assert [(flaw.field, flaw.doubt, flaw.remedy) for flaw in doubts] == [(field, True, "were hours given for minutes?")], doubts
    assert words in doubts[0].what


SWAP = {"id": "S", "sides": ["North", "South"], "routes": {"N-G": 10, "S-G": 10}, "weight": 2, "most": 2, "within": 500}


@pytest.mark.parametrize(
    ("spoil", "field", "words", "remedy"),
    [
        (put("swaps", value=[SWAP]), "swaps[0].most", "nobody may stand longer than 2 minutes, and a gate takes 16", "hours given"),
        (put("weather", value=[{"begin": 6, "end": 18, "times": 2}]), "weather[0]", "it is over at minute 18", "hours given"),
        (put("weather", value=[{"begin": 9000, "end": 9100, "times": 2}]), "weather[0]", "it begins at minute 9000", "leave it out"),
        (put("cold", value=[[0, 3], [8, 1]]), "cold", "its last step is at minute 8", "hours given"),
        (put("cold", value=[[0, 0]]), "cold", "no minute in the cold weighs anything", "give [0, 1]"),
        (put("horizon", value=1_000_000_000), "horizon", "after 694,444 days", "seconds given"),
        (put("classes", value=TWO_SIDES["classes"][::-1]), "classes[0].weight", "`general` boards before `vulnerable`", "turned round"),
    ],
)  # fmt: skip
def test_what_is_hardly_meant_is_asked_about_and_hinders_nothing(
    spoil: Callable[[dict[str, Any]], object], field: str, words: str, remedy: str
) -> None:
    (doubt,) = [flaw for flaw in flaws(read_case(spoilt(spoil)).instance) if flaw.field == field]
    assert doubt.doubt and words in doubt.what and remedy in doubt.remedy


def test_a_road_in_hours_beside_one_in_minutes_is_asked_about() -> None:
    """All of it is small, also the way back: only the other road of its side tells."""
    spare = {**TWO_SIDES["routes"][0], "id": "N-2", "pre": 1, "onward": 1, "load": 30, "back": 2}
    (doubt,) = flaws(read_case(spoilt(lambda i: i["routes"].append(spare))).instance)
    assert (doubt.field, doubt.doubt) == ("routes[2]", True)
    assert "no other road of `North` takes less than 45" in doubt.what


def test_a_deadline_in_hours_is_refused() -> None:
    found = [flaw for flaw in flaws(read_case(spoilt(put("deadline", value=72))).instance) if not flaw.doubt]
    assert [(flaw.field, flaw.remedy) for flaw in found] == [("deadline", "were hours given for minutes?")]


def test_moments_are_written_one_way_for_people_and_in_minutes_for_programs(tmp_path: Path, capsys: Any) -> None:
    problem, plan = solved()
    (tmp_path / "world.json").write_text(json.dumps({"instance": TWO_SIDES, "objective": "end"}))
    rows = json.loads(msgspec.json.encode(written(problem, plan)))["convoys"]
    rows[0]["departure"] += 5
    (tmp_path / "plan.json").write_text(json.dumps(rows))
    assert main(["plan", str(tmp_path / "world.json"), "--budget", "40"]) == 0
    said = capsys.readouterr().out
    assert main(["plan", str(tmp_path / "world.json"), "--check", str(tmp_path / "plan.json")]) == 1
    said += capsys.readouterr().out
    gate = rows[0]["crossing_start"]
    assert f"gate day {gate // 1440 + 1} {gate // 60:02d}:{gate % 60:02d} to " in said
    assert f"at its gate day {gate // 1440 + 1} {gate // 60:02d}:{gate % 60:02d}: `departure` is {rows[0]['departure']}, and" in said
    assert not re.search(r"(?<!`)\bminute [0-9]", said)


def solved() -> tuple[Any, Plan]:
    problem = to_problem(read_case(json.dumps(TWO_SIDES).encode()).instance, "end")
    plan = solve(problem, seed=1, budget=40)
    assert isinstance(plan, Plan)
    return problem, plan


def test_a_written_plan_is_read_back_and_lawful_also_as_bare_witness_rows() -> None:
    problem, plan = solved()
    rows = json.loads(msgspec.json.encode(written(problem, plan)))
    assert read_plan(json.dumps(rows).encode(), problem) == plan.convoys
    kept = ("route", "buses", "ambulances", "crossing_start", "crossing_end", "people", "wounded")
    bare = [{key: row[key] for key in kept} for row in rows["convoys"]]
    assert check(problem, read_plan(json.dumps(bare).encode(), problem)) == ()


@pytest.mark.parametrize(("field", "other"), [("people", "classes"), ("buses", "vehicles"), ("ambulances", "vehicles")])
def test_what_a_plan_says_twice_and_not_alike_is_named(field: str, other: str) -> None:
    """Whoever edits one of the two by hand means something: nothing is chosen for them."""
    problem, plan = solved()
    rows = json.loads(msgspec.json.encode(written(problem, plan)))
    rows["convoys"][0][field] += 1
    with pytest.raises(InputError) as caught:
        read_plan(json.dumps(rows).encode(), problem, "plan.json")
    assert f"convoys[0].{field}" in str(caught.value) and f"`{other}` come to" in str(caught.value)


def test_two_families_of_one_name_are_named() -> None:
    def spoil(instance: dict[str, Any]) -> None:
        instance["sides"][0]["groups"] = [{"id": "f1", "size": 3, "priority": 1}, {"id": "f1", "size": 2, "priority": 1}]

    found = flaws(read_case(spoilt(spoil)).instance)
    assert [(flaw.field, "called `f1`" in flaw.what) for flaw in found] == [
        ("sides[0].groups[0].id", True),
        ("sides[0].groups[1].id", True),
    ]


def test_the_example_of_the_format_is_a_whole_instance() -> None:
    """docs/formats/instance.md: what a reader copies from there is read, makes sense, and has a plan."""
    text = (Path(__file__).parents[2] / "docs" / "formats" / "instance.md").read_text("utf-8")
    case = read_case(text.split("```json")[1].split("```")[0].encode())
    assert flaws(case.instance) == []
    assert isinstance(solve(to_problem(case.instance, "cold"), seed=1, budget=40), Plan)


def test_a_plan_for_another_world_names_the_route(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "world.json").write_text(json.dumps(TWO_SIDES))
    row = {"route": "E-G", "buses": 1, "ambulances": 0, "crossing_start": 1, "crossing_end": 2, "people": 1, "wounded": 0}
    (tmp_path / "plan.json").write_text(json.dumps([row]))
    assert main(["plan", str(tmp_path / "world.json"), "--check", str(tmp_path / "plan.json")]) == 2
    assert "SP-603" in (said := capsys.readouterr().err) and "convoys[0].route" in said and "E-G" in said
