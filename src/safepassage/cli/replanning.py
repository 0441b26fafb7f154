"""`safepassage replan`: what to change in an adopted plan after something was learnt, in five lines that a person can decide on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from safepassage.cli.folders import Commands, at_least, read_bytes, say
from safepassage.cli.planning import BUDGET, convoy_line, gives, infeasible, objective_of, read_instance
from safepassage.errors import UNREADABLE_PLAN, Where, stop
from safepassage.planner.check import check
from safepassage.planner.compiled import installed
from safepassage.planner.heard import read_learnt
from safepassage.planner.learnt import Learnt, after
from safepassage.planner.lines import five_lines, row, told_before
from safepassage.planner.objective import value
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.problem import Convoy, Problem, RouteId
from safepassage.planner.replan import DEEPER, Proposal, replan
from safepassage.planner.twin import WORTH
from safepassage.planner.written import read_plan, read_turned_back, rows, written


def add_commands(commands: Commands) -> None:
    command: argparse.ArgumentParser = commands.add_parser(
        "replan",
        help="propose, in five lines, what to change in the adopted plan of an instance after something was learnt",
        description="Gate and minute of what was announced are kept as far as they can be; what has departed is not touched. A proposal "
        "changes nothing until people adopt it. Exit 1 where not everybody can be carried any more.",
        epilog="example: safepassage replan world.json plan.json one-bus.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("instance", type=Path, help="the instance that the plan is for")
    command.add_argument("plan", type=Path, help="the adopted plan, as `safepassage plan --json` or `replan --json` prints it")
    command.add_argument("learnt", type=Path, nargs="+", help="files of what was learnt, oldest first; the plan answers all but the last")
    command.add_argument("--objective", choices=["end", "cold"], help="completion, or time in the cold; otherwise as the instance says")
    command.add_argument("--seed", type=int, default=1, help="the same seed and budget give the same proposal; otherwise 1")
    command.add_argument("--budget", type=at_least(1), default=BUDGET, help=f"decoder calls; otherwise {BUDGET}")
    command.add_argument("--deeper", type=at_least(0), default=DEEPER, help=f"calls of the fast decoder after those; otherwise {DEEPER}")
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.set_defaults(run=replan_instance)


def replan_instance(given: argparse.Namespace) -> int:
    """Read all of it, replan, say it; nothing is written anywhere."""
    case, doubts = read_instance(given.instance)
    problem, adopted, learnt, back = _situation(given, case.problem(objective_of(given, case)))
    answer = replan(problem, adopted, learnt, given.seed, given.budget, deeper=given.deeper)
    if given.deeper >= WORTH and not installed():
        print("searched without the extra `compiled`: the same proposal, much slower (docs/reference/extras.md)", file=sys.stderr)
    if isinstance(answer, Infeasible):
        said = {"feasible": False, **infeasible(answer), "doubts": doubts}
        return say(given, said, "\n".join([answer.words, *gives(answer), *doubts])) or 1
    lines = five_lines(adopted, answer, learnt)
    words = "\n".join([*lines, *_convoys(answer), *doubts])
    back += tuple(convoy for convoy in adopted.convoys if (convoy.route, convoy.departure) in _turned(learnt))
    said = {"feasible": True, **row(answer, learnt), "turned_back": rows(problem, back), "lines": lines, "doubts": doubts}
    return say(given, said, words) or int(bool(answer.stays))


def _convoys(proposal: Proposal) -> Iterator[str]:
    """Each convoy to come, as `plan` prints it, and what it is to those who were told of others."""
    rows = written(proposal.problem, proposal.plan).convoys
    ahead = [convoy for convoy in rows if (convoy.departure or 0) > proposal.problem.now]
    yield f"{len(rows) - len(ahead)} convoys have departed and are not touched; {len(ahead)} are to come:"
    yield from (f"{convoy_line(convoy)}  [{told_before(proposal.problem, convoy)}]" for convoy in ahead)


def _situation(given: argparse.Namespace, problem: Problem) -> tuple[Problem, Plan, Learnt, tuple[Convoy, ...]]:
    """The problem that the plan answers, the plan, what is new, and convoys that were turned back before. Vehicles won earlier are known
    when the plan is read.

    Raises
    ------
    InputError
        UNREADABLE_PLAN: it does not answer what was learnt before.
    """
    *earlier, newest = given.learnt
    first, back = problem, read_turned_back(read_bytes(given.plan), problem) if earlier else ()
    underway = back
    for path in earlier:
        adopted = _adopted(given, problem)
        whole = replace(adopted, convoys=(*underway, *adopted.convoys))
        learnt = _with_families(read_learnt(read_bytes(path), problem, whole, str(path)), first, whole)
        problem = after(problem, whole, learnt).problem
        underway = tuple(each for each in underway if (each.route, each.departure) not in _turned(learnt))
    if earlier and (broken := check(problem, problem.announced)):
        said = f"it does not answer {earlier[-1]}: it breaks {broken[0].rule}, {broken[0].words}"
        stop(
            UNREADABLE_PLAN, Where(str(given.plan), field="convoys"), reason=f"{said}; replan with that file first, and give what comes out"
        )
    adopted = _adopted(given, problem)
    newly = read_learnt(read_bytes(newest), problem, adopted, str(newest))
    return problem, adopted, _with_families(newly, first, adopted), back


def _turned(learnt: Learnt) -> set[tuple[RouteId, int]]:
    return {(each.route, each.departure) for each in learnt.returned}


def _with_families(learnt: Learnt, first: Problem, plan: Plan) -> Learnt:
    """The families aboard whatever was turned back, which the problem may have forgotten since they departed."""
    aboard = {(convoy.route, convoy.departure): convoy.groups for convoy in plan.convoys}
    groups = [group for side in first.sides for group in side.groups]
    return replace(
        learnt,
        returned=tuple(
            replace(each, groups=tuple(group for group in groups if group.id in aboard.get((each.route, each.departure), ())))
            for each in learnt.returned
        ),
    )


def _adopted(given: argparse.Namespace, problem: Problem) -> Plan:
    convoys = read_plan(read_bytes(given.plan), problem, str(given.plan))
    worth = value(replace(problem, underway=()), convoys)
    return Plan(convoys, problem.objective, worth, 0, given.seed, given.budget)
