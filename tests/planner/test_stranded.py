"""News for people on the road and at their posts: who is stopped, where nobody watches, and what an earlier file has said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safepassage.cli import main
from safepassage.planner.check import check
from safepassage.planner.decoder import decode
from safepassage.planner.encoded import unknown
from safepassage.planner.instance import read_case, to_problem
from safepassage.planner.learnt import Learnt, after
from safepassage.planner.lines import five_lines
from safepassage.planner.moments import clock
from safepassage.planner.postings import needs
from safepassage.planner.problem import Unwatched
from safepassage.planner.replan import Proposal, delay, replan
from safepassage.planner.stranded import stranded
from safepassage.planner.written import read_plan
from tests.planner.test_instance import TWO_SIDES
from tests.planner.test_replan import AT, EVERY, adopted, written
from tests.planner.worlds import night


def test_nobody_boards_or_is_received_where_nobody_watches_and_the_lines_say_so() -> None:
    learnt = EVERY["unobserved"]
    proposal = replan(night(), adopted(), learnt, seed=1, budget=60)
    assert isinstance(proposal, Proposal)
    ahead = [convoy for convoy in proposal.plan.convoys if convoy.departure > AT]
    assert all(convoy.departure <= 60 or convoy.loading >= 120 for convoy in ahead if convoy.route == "A-R")
    assert all(convoy.reception + 20 <= 150 or convoy.reception >= 400 for convoy in ahead if convoy.route == "F-G")
    assert "monitors" in {rule.rule for rule in check(proposal.problem, proposal.problem.announced)}
    delayed = decode(proposal.problem, delay(proposal.problem))
    assert delayed is not None and any(convoy.why_waits == "monitors" for convoy in delayed)
    why = five_lines(adopted(), proposal, learnt)[0]
    assert "aleppo loading is not watched day 1 01:00 to 02:00: nobody boards there" in why
    assert "F-G reception is not watched day 1 02:30 to 06:40: nobody is received there" in why
    assert unknown(proposal.problem) == "loading points and receptions that nobody watches"
    assert after(proposal.problem, proposal.plan, Learnt(400)).problem.unwatched == (), "they are back"


def test_a_post_is_named_as_the_roster_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance, plan = written(tmp_path, capsys)
    learnt = tmp_path / "learnt.json"
    problem = to_problem(read_case(json.dumps(TWO_SIDES).encode()).instance, "cold")
    posts = {need.post for need in needs(problem, read_plan(Path(plan).read_bytes(), problem))}
    assert posts == {"North loading", "South loading", "Gate", "N-G reception", "S-G reception"}
    learnt.write_text(json.dumps({"minute": 60, "unwatched": [["South loading", 61, 140], ["N-G reception", 61, 100], ["Gate", 61, 70]]}))
    assert main(["replan", instance, plan, str(learnt), "--budget", "20", "--deeper", "0"]) == 0
    assert "South loading is not watched day 1 01:01 to 02:20: nobody boards there" in capsys.readouterr().out


def test_whoever_is_on_the_road_when_passage_is_suspended_is_named_with_how_many_are_aboard() -> None:
    gone = [convoy for convoy in adopted().convoys if convoy.departure <= AT < convoy.reception]
    assert gone
    learnt = EVERY["suspended"]
    proposal = replan(night(), adopted(), learnt, seed=1, budget=30)
    assert isinstance(proposal, Proposal)
    assert [(each.departure, each.persons, each.why) for each in stranded(proposal.problem, learnt)] == [
        (convoy.departure, convoy.persons, "suspended") for convoy in sorted(gone, key=lambda each: (each.departure, each.route))
    ]
    why = five_lines(adopted(), proposal, learnt)[0]
    for convoy in gone:
        assert f"on the road: {convoy.route} that left {clock(convoy.departure)}, {convoy.persons} persons aboard, while passage" in why
    assert stranded(proposal.problem, Learnt(AT)) == ()


def test_whoever_comes_to_a_shut_gate_or_to_where_nobody_watches_or_is_in_a_lost_vehicle_is_named_too() -> None:
    gone = next(convoy for convoy in adopted().convoys if convoy.departure <= AT < convoy.crossing_start)
    route = night().route(gone.route)
    reception = Unwatched(gone.reception, gone.reception + 5, route=route.id)
    bus = next(name for name in gone.vehicles if "-b" in name)
    for learnt, why, persons in (
        (Learnt(AT, closed=((route.crossing, AT, gone.crossing_end),)), "gate", gone.persons),
        (Learnt(AT, unwatched=((route.crossing, AT, gone.crossing_end),)), "gate", gone.persons),
        (Learnt(AT, unobserved=(reception,)), "unwatched", gone.persons),
        (Learnt(AT, lost=(bus,)), "lost", min(50, gone.persons)),
    ):
        found = [each for each in stranded(after(night(), adopted(), learnt).problem, learnt) if each.route == gone.route]
        assert [(each.departure, each.persons, each.why) for each in found] == [(gone.departure, persons, why)]


def test_a_plan_that_does_not_answer_what_was_learnt_before_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance, plan = written(tmp_path, capsys)
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    vehicle = next(
        each for convoy in json.loads(Path(plan).read_text())["convoys"] if convoy["departure"] > 60 for each in convoy["vehicles"]
    )
    first.write_text(json.dumps({"minute": 60, "lost": [vehicle]}))
    second.write_text(json.dumps({"minute": 70}))
    assert main(["replan", instance, plan, str(first), str(second), "--budget", "20", "--deeper", "0"]) == 2
    said = capsys.readouterr().err
    assert f"does not answer {first}: it breaks loss" in said and vehicle in said and "replan with that file first" in said
    assert main(["replan", instance, plan, str(first), "--json", "--budget", "20", "--deeper", "0"]) == 0
    Path(plan).write_text(capsys.readouterr().out)
    assert main(["replan", instance, plan, str(first), str(second), "--budget", "20", "--deeper", "0"]) == 0


def test_a_convoy_that_was_turned_back_in_an_earlier_file_is_known_from_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instance, plan = written(tmp_path, capsys)
    gone = json.loads(Path(plan).read_text())["convoys"][0]
    minute = gone["crossing_start"] - 1
    first, second, third = (tmp_path / name for name in ("first.json", "second.json", "third.json"))
    turned = {"route": gone["route"], "departure": gone["departure"], "ready": minute + 80, "back": minute + 60}
    first.write_text(json.dumps({"minute": minute, "returned": [turned]}))
    for number, file in ((1, second), (2, third)):
        file.write_text(json.dumps({"minute": minute + number}))
    assert main(["replan", instance, plan, str(first), "--json", "--budget", "20", "--deeper", "0"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [(row["route"], row["departure"]) for row in answer["turned_back"]] == [(gone["route"], gone["departure"])]
    Path(plan).write_text(json.dumps(answer))
    for files in ([first, second], [first, second, third]):
        assert main(["replan", instance, plan, *map(str, files), "--json", "--budget", "20", "--deeper", "0"]) == 0
        again = json.loads(capsys.readouterr().out)
        assert again["repair"] == "kept" and again["convoys"] == answer["convoys"] and again["turned_back"] == answer["turned_back"]
