"""How far a search is, and what stopping it leaves: the best so far, which is as lawful as any."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from safepassage.planner.check import check
from safepassage.planner.instance import read_case
from safepassage.planner.meter import PIECE, Meter, Phase, pieces
from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
from safepassage.planner.written import written
from tests.planner.test_instance import TWO_SIDES
from tests.planner.test_night import night

INSTANCE = json.dumps(TWO_SIDES).encode()


def test_every_call_is_told_and_the_plan_is_the_same_as_of_a_search_that_nobody_watches() -> None:
    problem, heard = read_case(INSTANCE).problem("cold"), list[tuple[Phase, int, int]]()
    meter = Meter(70, lambda phase, done, calls: heard.append((phase, done, calls)) or True)
    assert solve(problem, 3, 70, meter) == solve(problem, 3, 70)
    done = [calls for phase, calls, _ in heard if phase is Phase.SEARCH]
    assert done == sorted(done) and 60 <= done[-1] <= 72 and {calls for *_, calls in heard} == {70}
    assert heard[-1] == (Phase.PROOF, done[-1], 70)


@pytest.mark.parametrize("most", [1, 3, 17, 40])
def test_stopped_at_any_call_the_best_so_far_is_a_lawful_plan_that_says_so(most: int) -> None:
    problem = night()
    plan = solve(problem, 1, 5_000, Meter(5_000, lambda phase, done, calls: done < most))
    assert isinstance(plan, Plan) and not check(problem, plan.convoys)
    assert plan.stopped_after is not None and most <= plan.stopped_after <= most + 5 and plan.bound <= plan.value
    assert written(problem, plan).stopped_after == plan.stopped_after


def test_pieces_are_the_whole() -> None:
    assert [list(pieces(calls)) for calls in (0, 1, PIECE, PIECE + 1, 3 * PIECE)] == [
        [], [1], [PIECE], [PIECE, 1], [PIECE] * 3,
    ]  # fmt: skip


@pytest.mark.slow
def test_ctrl_c_asks_for_the_best_so_far_and_the_terminal_says_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_bytes(INSTANCE)
    ours, theirs = pty.openpty()
    asked = [sys.executable, "-m", "safepassage", "plan", str(path), "--budget", "100000000", "--json"]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=theirs) as running:
        os.close(theirs)
        shown = ""
        while "Ctrl-C: the best so far" not in shown:
            shown += os.read(ours, 1000).decode()
        running.send_signal(signal.SIGINT)
        said = json.loads(running.communicate()[0])
    assert running.returncode == 0 and said["feasible"] and 0 < said["stopped_after"] < said["budget"] == 100_000_000
