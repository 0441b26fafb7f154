"""A plan edited by hand: each edit is answered with the field or the rule, its numbers and names, and the remedy. Nothing is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safepassage.cli import main
from safepassage.planner.check import REMEDIES

HERE = Path(__file__).parents[2] / "testdata" / "planner"
"""An instance that says everything a file can say, and a plan for it as it was printed."""
Plan = dict[str, Any]
Edit = Callable[[Plan], object]

LATER = json.loads((HERE / "night.json").read_text("utf-8"))["instance"]["sides"]
LATER[0]["coming"] = [{"minute": 2300, "people": [20, 60]}]
"""Its sides, and some of the first are there only when every convoy has gone."""
SEVEN = ("route", "buses", "ambulances", "crossing_start", "crossing_end", "people", "wounded")


def put(index: int, **fields: object) -> Edit:
    return lambda plan: plan["convoys"][index].update(fields)


def bare(*edits: Edit) -> Edit:
    """Edited in the short form, from which everything else follows."""

    def edit(plan: Plan) -> None:
        rows = [{field: row[field] for field in SEVEN} for row in plan["convoys"]]
        plan.clear()
        plan["convoys"] = rows
        for each in edits:
            each(plan)

    return edit


def shift(index: int, minutes: int) -> Edit:
    def edit(plan: Plan) -> None:
        row = plan["convoys"][index]
        row.update(crossing_start=row["crossing_start"] + minutes, crossing_end=row["crossing_end"] + minutes)

    return edit


def shift_all(index: int, minutes: int) -> Edit:
    """Every minute of a convoy in the long form, and no word of its way back."""

    def edit(plan: Plan) -> None:
        row = plan["convoys"][index]
        row.update({field: row[field] + minutes for field in ("loading", "departure", "crossing_start", "crossing_end", "reception")})
        row.pop("returns")

    return edit


def other_vehicles(index: int, *vehicles: str) -> Edit:
    def edit(plan: Plan) -> None:
        plan["convoys"][index].update(vehicles=vehicles)
        for row in plan["convoys"]:
            row.pop("manifests", None)

    return edit


def reseat(index: int, vehicle: int, families: list[str]) -> Edit:
    """The families of one manifest, and of their convoy."""

    def edit(plan: Plan) -> None:
        row = plan["convoys"][index]
        row["manifests"][vehicle] = {"vehicle": row["manifests"][vehicle]["vehicle"], "groups": families}
        for each in row["manifests"]:
            for number in ("alone", "seated", "wounded", "lying"):
                each.pop(number, None)
        row["groups"] = sorted({name for each in row["manifests"] for name in each.get("groups", [])})

    return edit


def lower_first(plan: Plan) -> None:
    """The first convoy carries others than those who come first."""
    for index, classes in ((0, [20, 80]), (2, [60, 40])):
        plan["convoys"][index].update(classes=classes, manifests=[], groups=[])


def judged(edit: Edit, tmp_path: Path, agreed: dict[str, object], *options: str) -> int:
    world, plan = json.loads((HERE / "night.json").read_text("utf-8")), json.loads((HERE / "night.plan.json").read_text("utf-8"))
    world["instance"].update(agreed)
    edit(plan)
    (tmp_path / "world.json").write_text(json.dumps(world), "utf-8")
    (tmp_path / "plan.json").write_text(json.dumps(plan), "utf-8")
    return main(["plan", str(tmp_path / "world.json"), "--check", str(tmp_path / "plan.json"), *options])


def test_the_plan_as_it_was_printed_is_lawful_and_worth_what_it_says(tmp_path: Path, capsys: Any) -> None:
    assert judged(lambda plan: None, tmp_path, {}, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    printed = json.loads((HERE / "night.plan.json").read_text("utf-8"))
    assert said["lawful"] and said["broken"] == []
    assert {field: said[field] for field in ("value", "unit", "completion")} == {
        field: printed[field] for field in ("value", "unit", "completion")
    }
    assert said["bound"] >= printed["bound"] and not said["proved"]


@pytest.mark.parametrize(
    ("edit", "field", "words"),
    [
        (put(0, crossing_end=94.5), "convoys[0].crossing_end", "expected `int`, got `float`"),
        (put(3, wounded=-1), "convoys[3].wounded", "expected `int` >= 0"),
        (lambda plan: plan["convoys"][2].pop("crossing_start"), "convoys[2]", "missing required field `crossing_start`"),
        (put(1, crosing_start=94), "convoys[1]", "unknown field `crosing_start`"),
        (put(1, route="NG"), "convoys[1].route", "`NG` is no route of the instance; nearest to it: `N-G`"),
        (
            put(0, vehicles=["North-bus-1", "North-bus-02", "North-ambulance-01"]),
            "convoys[0].vehicles[0]",
            "`North-bus-1` is no vehicle of the instance; nearest to it: `North-bus-01`",
        ),
        (put(0, groups=["fam-a", "fam-bb"]), "convoys[0].groups[1]", "`fam-bb` is no family of the instance; nearest to it: `fam-b`"),
        (put(0, classes=[80, 10, 10]), "convoys[0].classes", "3 numbers, and the instance has 2 classes: `vulnerable`, `general`"),
        (put(0, people=101), "convoys[0].people", "it says 101, and `classes` come to 100: change both"),
        (put(0, buses=3), "convoys[0].buses", "it says 3, and `vehicles` come to 2"),
        (put(0, ambulances=0), "convoys[0].ambulances", "it says 0, and `vehicles` come to 1"),
        (put(0, wounded=1), "convoys[0].wounded", "it says 1, and `manifests` come to 2"),
        (
            put(0, vehicles=["North-bus-01", "North-bus-03", "North-ambulance-01"]),
            "convoys[0].manifests",
            "only in `vehicles`: `North-bus-03`; only in `manifests`: `North-bus-02`",
        ),
        (put(0, groups=["fam-a"]), "convoys[0].manifests", "only in `manifests`: `fam-b`"),
        (put(0, waits_for="weather"), "convoys[0].waits_for", "'weather'"),
        (lambda plan: plan.update(value="much"), "value", "expected `int | null`"),
        (lambda plan: plan.update(objective="both"), "objective", "'both'"),
        (lambda plan: plan.update(feasible=False), "feasible", "the answer that there is none"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_by_its_field(edit: Edit, field: str, words: str, tmp_path: Path, capsys: Any) -> None:
    assert judged(edit, tmp_path, {}) == 2
    said = capsys.readouterr().err
    assert f"plan.json, {field}: " in said and words in said and "SP-603" in said


@pytest.mark.parametrize(
    ("edit", "rule", "words"),
    [
        (put(0, loading=20), "timing", "`departure` is 60, and `loading` 20 and 30 minutes to load make 50"),
        (put(0, departure=55), "timing", "`crossing_start` is 75, and `departure` 55 and 15 to the gate make 70"),
        (put(0, crossing_end=93), "timing", "`crossing_end` is 93, and `crossing_start` 75 and 19 minutes for 3 vehicles at Gate make 94"),
        (put(0, reception=99), "timing", "`reception` is 99, and `crossing_end` 94 and 160 minutes on make 254"),
        (put(0, returns=[300, 308]), "timing", "`returns[0]` is 300, and `reception` 254, 20 minutes to unload and 35 back"),
        (put(0, returns=[309, 310]), "timing", "`returns[1]` is 310, and `returns[0]` 309 and 8 minutes for 3 empty vehicles"),
        (shift_all(0, -40), "past", "would have begun to load 1 day before 23:50, before day 1 00:00"),
        (shift_all(0, -5), "green light", "boards day 1 00:25, the last light day 1 00:30"),
        (bare(shift(8, 2000)), "horizon", "everything ends day 3 00:00"),
        (bare(shift(8, 900)), "deadline", "through day 2 16:27, deadline day 2 15:00"),
        (shift_all(5, 500), "window", "in Gate day 1 15:22 to 15:38, not wholly inside a window; its nearest window is day 1 00:00"),
        (shift_all(1, -10), "gate", "are in Gate together for 10 minutes, day 1 01:24 to 01:34"),
        (shift_all(5, 180), "suspension", "on the road day 1 09:37 to 12:58, and passage is suspended day 1 10:00 to 11:00"),
        (other_vehicles(0, "North-bus-01", "South-bus-01", "North-ambulance-01"), "fleet", "South-bus-01 is of South, and the"),
        (other_vehicles(0, "North-bus-01", "North-bus-01", "North-ambulance-01"), "fleet", "North-bus-01 is in it 2 times"),
        (other_vehicles(0, "North-bus-03", "North-bus-02", "North-ambulance-01"), "fleet", "North-bus-03; it is back day 1 05:42, and"),
        (bare(lambda plan: plan["convoys"].append(plan["convoys"][8])), "people", "of general 300 wait and 330 are carried: 30 too many"),
        (bare(lambda plan: plan["convoys"].pop()), "people", "North: of general 300 wait and 270 are carried: 30 are left behind"),
        (bare(put(3, wounded=2)), "people", "South: of wounded 3 wait and 2 are carried: 1 are left behind"),
        (put(0, people=150, classes=[80, 70], manifests=[], groups=[]), "seats", "150 persons for 100 places by bus, 50 too many"),
        (bare(put(2, wounded=3)), "seats", "3 wounded for 2 places by ambulance, 1 too many"),
        (bare(put(6, buses=1, people=100)), "convoy size", "1 vehicles, agreed are 2 to 5; only the last of North may have fewer"),
        (put(0, lying=0), "stretchers", "North: 1 are carried lying, and 3 must be"),
        (reseat(0, 0, ["fam-a", "fam-c"]), "family", "the family fam-c of 48 is in 2 convoys"),
        (reseat(0, 0, ["fam-a"]), "family", "North: the family fam-b of 12 is left behind"),
        (reseat(0, 1, ["fam-a", "fam-b"]), "family", "the family fam-a is in North-bus-01, North-bus-02, North-ambulance-01"),
        (reseat(0, 2, []), "family", "the family fam-a is in North-bus-01"),
        (lower_first, "priority", "80 of lower classes sit where vulnerable would fit, of whom 60 stay behind"),
        (bare(shift(6, -500)), "reception", "West, day 1: 356 persons, it takes 300"),
        (shift_all(4, 450), "crews", "on the road day 1 13:12 to"),
        (bare(shift(1, 350), shift(3, 360)), "waiting", "stands 309 minutes at Rashideen, agreed are 120 at most"),
        (bare(shift(1, 350), shift(3, 360)), "parity", "North less South is 256, agreed -150 to 250"),
        (lambda plan: plan.update(value=1), "claims", "`value` is 1, and its convoys make 981,984"),
        (lambda plan: plan.update(completion=1500), "claims", "`completion` is 1,500, and its convoys make 1,527"),
        (lambda plan: plan.update(unit="minutes"), "claims", "`unit` is minutes, and its convoys make weighted person-minutes"),
        (lambda plan: plan.update(bound=981_984, gap_per_mille=0, proved=True), "claims", "`bound` is 981,984, and what is proved here"),
        (lambda plan: plan.update(gap_per_mille=3), "claims", "`gap_per_mille` is 3, and value 981,984 with bound "),
        (lambda plan: plan.update(proved=True), "claims", "`proved` is true, and value 981,984 with bound "),
        (put(0, stands=500), "claims", "`convoys[0].stands` is 500, and by all convoys it stands 0 minutes"),
    ],
)  # fmt: skip
def test_a_rule_that_an_edit_breaks_is_named_with_its_numbers_and_the_remedy(
    edit: Edit, rule: str, words: str, tmp_path: Path, capsys: Any
) -> None:
    assert judged(edit, tmp_path, {}) == 1
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith(f"breaks {rule}: ")]
    assert any(words in line and line.endswith(REMEDIES[rule]) for line in said), said


@pytest.mark.parametrize(
    ("agreed", "rule", "words"),
    [
        ({"max_convoys": {"North": 4}}, "number of convoys", "North: 5, agreed are 4"),
        ({"cycles_per_day": 1}, "drivers", "North, day 1: 5 bus trips, hours allow 4"),
        ({"losses": [[500, 1, 0, 3]]}, "loss", "are lost day 1 08:20, and the convoy is back day 1 "),
        ({"deadline": 1500}, "deadline", "through day 2 01:14, deadline day 2 01:00"),
        ({"sides": LATER}, "presence", "persons of North board before day 2 14:20, and are there only from then on"),
    ],
)  # fmt: skip
def test_a_plan_for_what_was_agreed_before_is_told_what_it_breaks_now(
    agreed: dict[str, object], rule: str, words: str, tmp_path: Path, capsys: Any
) -> None:
    assert judged(bare(), tmp_path, agreed) == 1
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith(f"breaks {rule}: ")]
    assert any(words in line and line.endswith(REMEDIES[rule]) for line in said), said


def test_every_rule_that_can_be_broken_is_broken_above() -> None:
    tables = (
        test_a_rule_that_an_edit_breaks_is_named_with_its_numbers_and_the_remedy,
        test_a_plan_for_what_was_agreed_before_is_told_what_it_breaks_now,
    )
    broken = {row[1] for table in tables for mark in table.pytestmark for row in mark.args[1]}  # type: ignore[attr-defined]
    assert broken == set(REMEDIES) - {"monitors"}, "no file says where nobody watches: that is learnt"


def test_a_field_is_named_also_to_programs(tmp_path: Path, capsys: Any) -> None:
    assert judged(put(2, departure=0), tmp_path, {}, "--json") == 1
    broken = json.loads(capsys.readouterr().out)["broken"]
    assert {each["field"] for each in broken if each["rule"] == "timing"} == {"convoys[2].departure", "convoys[2].crossing_start"}


def test_what_a_proposal_claims_to_have_proved_after_something_was_learnt_is_not_judged_and_said_so(tmp_path: Path, capsys: Any) -> None:
    assert judged(lambda plan: plan.update(repair="hold", bound=900_000), tmp_path, {}) == 0
    assert "its bound, 900,000, holds for what had been learnt" in capsys.readouterr().out


def test_a_plan_is_judged_by_the_objective_that_it_names(tmp_path: Path, capsys: Any) -> None:
    def edit(plan: dict[str, Any]) -> None:
        plan.update(objective="end", unit="minutes", value=1527, bound=0, gap_per_mille=1000)

    assert judged(edit, tmp_path, {}) == 0
    assert judged(edit, tmp_path, {}, "--objective", "cold") == 1
    assert "`objective` is end, and it is judged by cold" in capsys.readouterr().out
