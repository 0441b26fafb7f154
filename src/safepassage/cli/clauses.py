"""Commands that work on the text of an agreement: run staged cases against it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import msgspec

from safepassage.agreement.cases import CaseFound, Line, StageFound, read_cases, run_case
from safepassage.cli.folders import Commands, read_bytes


def add_commands(commands: Commands) -> None:
    clause = commands.add_parser("clause", help="read, try and judge the clauses of an agreement")
    acts = clause.add_subparsers(dest="act", required=True, metavar="ACT")
    run = _act(
        acts, "run", run_cases, "judge staged cases, and say what is otherwise than expected; exit 1 where anything is",
        "safepassage clause run cases.json",
    )  # fmt: skip
    run.add_argument("cases", type=Path, help="a JSON file of cases: docs/reference/clause-cases.md")


def _act(acts: Commands, name: str, run: object, does: str, example: str) -> argparse.ArgumentParser:
    act: argparse.ArgumentParser = acts.add_parser(
        name, help=does, description=does, epilog=f"example: {example}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    act.add_argument("--json", action="store_true", help="answer in JSON")
    act.set_defaults(run=run)
    return act


def run_cases(given: argparse.Namespace) -> int:
    """Each case at each of its stages, by the engine and by the plain definition: expected beside found."""
    found = [run_case(case) for case in read_cases(read_bytes(given.cases), str(given.cases))]
    agree = sum(case.agree for case in found)
    if given.json:
        print(msgspec.json.encode({"cases": found, "agree": agree, "differ": len(found) - agree}).decode())
    else:
        print("\n".join([*(line for case in found for line in _of_case(case)), f"{agree} of {len(found)} cases as expected"]))
    return 0 if agree == len(found) else 1


def _of_case(case: CaseFound) -> Iterator[str]:
    yield f"{'as expected' if case.agree else 'OTHERWISE  '}  {case.name}"
    if case.refused is not None:
        yield f"  refused: {case.refused}"
    for stage in case.stages:
        if not stage.agree or stage.disagree:
            yield from _of_stage(stage)


def _of_stage(stage: StageFound) -> Iterator[str]:
    yield f"  at {stage.now.isoformat()}"
    yield from (f"    expected  {_line(line)}" for line in stage.expected)
    yield from (f"    found     {_line(line)}" for line in stage.found)
    yield from (f"    by the plain definition  {_line(line)}" for line in stage.disagree)


def _line(line: Line) -> str:
    until = f" until {line.until.isoformat()}" if line.until else ""
    said = f" ({line.said})" if line.said else ""
    return f"clause {line.clause}, {line.instance}: {line.verdict}{until}{said}"
