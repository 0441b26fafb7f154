"""Pictures of a plan: each well-formed, each with its values as text, and the least who must wait never more than who do."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from safepassage.cli import main
from safepassage.planner.check import balance
from safepassage.planner.drawing import LEFT, Drawing, draw
from safepassage.planner.moments import clock
from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
from safepassage.values.ids import PlaceId
from tests.planner.test_instance import TWO_SIDES
from tests.planner.worlds import night


@cache
def plan() -> Plan:
    found = solve(night(), seed=1, budget=60)
    assert isinstance(found, Plan)
    return found


@cache
def drawings() -> dict[str, Drawing]:
    return {drawing.name: drawing for drawing in draw(night(), plan().convoys)}


@pytest.mark.parametrize("name", ["time", "gates", "balance", "waiting"])
def test_a_picture_is_well_formed_themed_and_says_its_values_as_text(name: str) -> None:
    drawing = drawings()[name]
    root = ElementTree.fromstring(drawing.svg)
    said = {each.tag.rpartition("}")[2]: each.text for each in root if each.text}
    assert said["title"] == drawing.title
    assert said["desc"] == "; ".join(drawing.words)
    assert "prefers-color-scheme: dark" in drawing.svg
    assert re.search(r"\d", " ".join(drawing.words))


def test_sides_are_told_apart_by_dash_and_every_convoy_says_itself() -> None:
    svg = drawings()["time"].svg
    assert svg.count("<title>") == len(plan().convoys)
    assert 'stroke-dasharray="7 4"' in svg


def test_nobody_is_said_to_have_to_wait_who_does_not() -> None:
    rows = [re.findall(r"([\d,]+) wait, at least ([\d,]+) must", line) for line in drawings()["waiting"].words]
    found = [(int(here.replace(",", "")), int(least.replace(",", ""))) for row in rows for here, least in row]
    assert len(found) == 8
    assert all(least <= here for here, least in found)
    assert found[-1] == (0, 0)


def test_the_balance_is_said_as_check_counts_it() -> None:
    parity = night().parity[0]
    values = [balance(night(), parity, plan().convoys, convoy.crossing_end) for convoy in plan().convoys]
    furthest = max(values, key=abs)
    assert f"furthest from zero {furthest:,}" in drawings()["balance"].words[1]


@pytest.mark.parametrize("low", [night().parity[0].low, 0, -1])
def test_no_value_of_a_scale_overprints_another_or_the_hours_below(low: int) -> None:
    """Where the band begins at zero or beside it, too."""
    problem = replace(night(), parity=(replace(night().parity[0], low=low),))
    for drawing in draw(problem, plan().convoys):
        apart(drawing.svg)


def apart(svg: str) -> None:
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"', svg)
    scale = sorted(float(y) for x, y, anchor in found if anchor == "end" and float(x) < LEFT)
    assert all(lower - upper >= 22 for upper, lower in pairwise(scale))
    assert all(float(x) >= LEFT + 30 for x, _, anchor in found if anchor == "middle")


def test_a_long_name_is_cut_to_its_room_and_is_whole_where_it_is_pointed_at() -> None:
    named = "the-second-crossing-in-the-south"
    crossings = tuple(replace(crossing, id=PlaceId(named)) for crossing in night().crossings[:1]) + night().crossings[1:]
    was = night().crossings[0].id
    routes = tuple(replace(route, crossing=PlaceId(named)) if route.crossing == was else route for route in night().routes)
    problem = replace(night(), crossings=crossings, routes=routes)
    for drawing in draw(problem, plan().convoys)[:2]:
        assert f"<title>{named}</title>" in drawing.svg
        assert max(len(text) for text in re.findall(r'text-anchor="end"[^>]*>([^<]*)<', drawing.svg)) <= 15


def test_clock_times_count_days_from_the_first() -> None:
    assert clock(0) == "day 1 00:00"
    assert clock(1440 + 390) == "day 2 06:30"


def test_the_command_draws_a_plan_that_it_solves_or_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance, file = tmp_path / "world.json", tmp_path / "plan.json"
    instance.write_text(json.dumps(TWO_SIDES))
    assert main(["plan", str(instance), "--json", "--budget", "20", "--svg", str(tmp_path / "drawn")]) == 0
    file.write_text(capsys.readouterr().out)
    assert main(["plan", str(instance), "--check", str(file), "--svg", str(tmp_path / "again")]) == 0
    for name in ("time.svg", "gates.svg", "balance.svg", "waiting.svg", "pictures.txt"):
        assert (tmp_path / "drawn" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert "must" in (tmp_path / "drawn" / "pictures.txt").read_text()


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw(night(), ()) == ()
