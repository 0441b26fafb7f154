"""Monitors for a plan: everything watched by the fewest, proved; with fewer, as much as can be; nobody without rest."""

from __future__ import annotations

import json
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.cli import main
from safepassage.planner.plan import Plan
from safepassage.planner.postings import Duty, Need, Roster, needs, roster
from safepassage.planner.solve import solve
from tests.planner.test_edited import HERE
from tests.planner.test_instance import TWO_SIDES
from tests.planner.worlds import night

SHORT = Duty(length=2, rest=3, grid=1, together=1)
stretches = st.lists(
    st.tuples(st.sampled_from(["gate", "school"]), st.integers(0, 6), st.integers(1, 3)), min_size=1, max_size=3
).map(lambda those: [Need(post, begin, begin + length) for post, begin, length in those])  # fmt: skip


def assert_lawful(found: Roster, duty: Duty) -> None:
    """Every monitor rests between shifts, and is at one post at a time."""
    for monitor in {posting.monitor for posting in found.postings}:
        own = sorted(p.begin for p in found.postings if p.monitor == monitor)
        assert all(later - earlier >= duty.length + duty.rest for earlier, later in pairwise(own))


def fewest(wanted: list[Need], duty: Duty) -> int:
    """By trying every set of shifts: the largest overlap of shift and rest, at its smallest."""
    span = range(min(n.begin for n in wanted) - duty.length + 1, max(n.end for n in wanted))
    choices = [(post, start) for post in sorted({n.post for n in wanted}) for start in span]
    choices = [(post, s) for post, s in choices if any(n.post == post and s < n.end and n.begin < s + duty.length for n in wanted)]
    best = len(choices)
    for chosen in product((0, 1), repeat=len(choices)):
        taken = [choice for choice, yes in zip(choices, chosen, strict=True) if yes]
        minutes = ((n.post, m) for n in wanted for m in range(n.begin, n.end))
        if all(any(post == p and s <= m < s + duty.length for p, s in taken) for post, m in minutes):
            best = min(best, max(sum(s <= t < s + duty.length + duty.rest for _, s in taken) for _, t in taken))
    return best


@settings(max_examples=40)
@given(stretches)
def test_so_few_are_enough_and_fewer_are_not(wanted: list[Need]) -> None:
    wanted = [need for index, need in enumerate(wanted) if index < 2]
    found = roster(wanted, SHORT)
    assert found.proved and found.unwatched == () and found.watched == found.minutes
    assert_lawful(found, SHORT)
    assert found.staff == fewest(wanted, SHORT)


@settings(max_examples=40)
@given(stretches, st.integers(0, 3))
def test_with_fewer_monitors_no_more_of_them_are_used_and_what_is_not_watched_is_named(wanted: list[Need], staff: int) -> None:
    found = roster(wanted, SHORT, staff)
    assert found.staff <= staff
    assert_lawful(found, SHORT)
    missing = {(post, m) for post, begin, end in found.unwatched for m in range(begin, end)}
    for need in wanted:
        for minute in range(need.begin, need.end):
            there = sum(p.post == need.post and p.begin <= minute < p.end for p in found.postings)
            assert (there >= SHORT.together) or (need.post, minute) in missing
    assert roster(wanted, SHORT, staff + 1).watched >= found.watched


def test_the_exercise_is_watched_by_pairs_at_every_loading_gate_and_reception() -> None:
    problem = night("end")
    plan = solve(problem, seed=1, budget=40)
    assert isinstance(plan, Plan)
    wanted = needs(problem, plan.convoys)
    assert {need.post for need in wanted} == {"aleppo loading", "foua loading", "ramouseh", "foua-gate", "A-R reception", "F-G reception"}
    found = roster(wanted, Duty())
    assert found.proved and not found.unwatched
    assert_lawful(found, Duty())
    short = roster(wanted, Duty(), staff=found.staff - 2)
    assert short.staff <= found.staff - 2 and 0 < short.watched < short.minutes


def test_nothing_to_watch_needs_nobody() -> None:
    assert roster([], Duty()) == Roster(0, True, (), 0, 0)


def test_the_command_posts_monitors_and_names_what_too_few_cannot_watch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "world.json").write_text(json.dumps(TWO_SIDES))
    assert main(["plan", str(tmp_path / "world.json"), "--objective", "end", "--budget", "40", "--json"]) == 0
    plan = {"convoys": json.loads(capsys.readouterr().out)["convoys"]}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    asked = ["postings", str(tmp_path / "world.json"), str(tmp_path / "plan.json")]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "proved" in said and "North loading" in said and "NOT WATCHED" not in said
    assert main([*asked, "--staff", "1"]) == 1
    assert "NOT WATCHED by 2 at Gate: day 1 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "number", "said"),
    [
        (["night.json"], "SP-606", "monitors are posted for a plan of it"),
        (["night.json", "night.plan.json", "--known-at", "23:10"], "SP-605", "The option --known-at is for a deployment's folder"),
        (["nowhere", "night.plan.json"], "SP-605", "A plan is for an instance in a file, and nowhere is a deployment's folder"),
    ],
)
def test_what_does_not_go_together_is_refused_with_what_does(
    words: list[str], number: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(HERE)
    assert main(["postings", *words]) == 2
    assert number in (answer := capsys.readouterr().err) and said in answer


def test_hours_given_for_minutes_of_a_posting_are_asked_about(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(HERE)
    main(["postings", "night.json", "night.plan.json", "--length", "8", "--rest", "12", "--json"])
    doubts = json.loads(capsys.readouterr().out)["doubts"]
    assert doubts == [f"--{option} minutes; were hours given for minutes?" for option in ("length: 8", "rest: 12")]
