"""The second opinion: what is handed to MonPoly is always as committed; where a MonPoly is installed, it judges and must agree."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from safepassage.agreement.cases import CONFIRM, WATCH, Case, Said, opinions_of, read_cases, run_case
from safepassage.agreement.monpoly import Opinion
from safepassage.agreement.vocabulary import CASE_KINDS

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "testdata" / "monpoly"
CASES = read_cases((ROOT / "testdata" / "clauses" / "cases.json").read_bytes())
MONPOLY = shutil.which("monpoly")
SWITCHES = ("-nonewlastts", "-no_rw", "-nofilteremptytp", "-nofilterrel")


def files(opinion: Opinion) -> dict[str, str]:
    parts = {"sig": opinion.signature, "mfotl": opinion.formula, "established.log": opinion.established, "alleged.log": opinion.alleged}
    return {f"{opinion.label}.{ending}": text for ending, text in parts.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_written_of_a_case_is_as_committed(case: Case) -> None:
    """`safepassage clause export testdata/clauses/cases.json --monpoly testdata/monpoly` writes them anew."""
    written = {name: text for opinion in opinions_of(case) for name, text in files(opinion).items()}
    folder = GOLDEN / case.name
    assert written == ({path.name: path.read_text() for path in folder.iterdir()} if folder.exists() else {})


def test_nothing_is_committed_that_no_case_writes() -> None:
    assert {path.name for path in GOLDEN.iterdir()} <= {case.name for case in CASES}
    assert sum(1 for _ in GOLDEN.rglob("*.mfotl")) >= 15


def closed(case: Case) -> Case:
    """The last stage alone, of what is signed, everything watched: the closed world that MonPoly judges."""
    last = case.stages[-1].now
    said = [one for stage in case.stages for one in stage.arrive if one.kind != WATCH]
    confirmed = {one.about for one in said if one.kind == CONFIRM}
    heard = {one.id: one for one in said if one.standing == "signed" or one.id in confirmed}
    watches = tuple(
        Said(f"all {kind}", WATCH, case.opens.replace(year=case.opens.year - 1), watched=kind, until=last) for kind in CASE_KINDS
    )
    return replace(case, stages=(replace(case.stages[-1], arrive=(*heard.values(), *watches), expected=()),))


@pytest.mark.skipif(MONPOLY is None, reason="no monpoly is on the path: only the committed files were compared")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_monpoly_finds_the_same_breaches(case: Case, tmp_path: Path) -> None:
    (stage,) = run_case(closed(case)).stages
    for opinion in opinions_of(closed(case)):
        for name, text in files(opinion).items():
            (tmp_path / name).write_text(text)
        paths = [f"-{key}={tmp_path / opinion.label}.{end}" for key, end in (("sig", "sig"), ("formula", "mfotl"))]
        command = [
            MONPOLY or "",
            *(part for path in paths for part in path.split("=")),
            "-log",
            f"{tmp_path / opinion.label}.established.log",
        ]
        said = subprocess.run([*command, *SWITCHES], capture_output=True, text=True, check=True).stdout
        ours = {line for line in stage.found if line.clause == opinion.label and line.verdict == "breached"}
        if any(line.instance == "*" for line in stage.found if line.clause == opinion.label):
            assert bool(ours) == ("true" in said or "(" in said.split(":", 1)[-1])
        else:
            assert {f"{line.instance:012d}" for line in ours} == set(re.findall(r"[0-9]{12}", said))
