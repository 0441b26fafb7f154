"""Every import contract holds, and is able to fail: a violation of each is planted in a copy and caught."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from house import PACKAGE, ROOT, contracts

LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


@dataclass(frozen=True)
class Plant:
    """These lines in this file break the contract with this id."""

    breaks: str
    file: str
    lines: str


PLANTS = [
    Plant("floors", "values/planted.py", "import safepassage.observation"),
    Plant("floors", "values/planted.py", "def late() -> None:\n    import safepassage.observation"),
    Plant("floors", "claims/planted.py", "import safepassage.aid"),
    Plant("floors", "room_nobody_listed.py", ""),
    Plant("circles", "values/planted.py", "import safepassage.values.times_planted"),
    Plant("purity", "values/planted.py", "import os"),
    Plant("purity", "values/planted.py", "from pathlib import Path"),
    Plant("purity", "notation/planted.py", "import sqlite3"),
    Plant("picture", "web/planted.py", "import safepassage.picture"),
    Plant("picture", "report/planted.py", "from safepassage import picture"),
    Plant("lark", "notation/planted.py", "from lark import Lark"),
    Plant("solvers", "whereabouts/planted.py", "import numpy as np"),
    Plant("solvers", "agreement/planted.py", "import highspy"),
    Plant("solvers", "whereabouts/planted.py", "from numba import njit"),
    Plant("servers", "cli/planted.py", "import uvicorn"),
    Plant("servers", "hub/planted.py", "import starlette.responses"),
    Plant("databases", "web/planted.py", "import sqlite3"),
    Plant("pages", "web/planted.py", "import jinja2"),
    Plant("pages", "disclosure/planted.py", "import segno"),
    Plant("cryptography", "stores/planted.py", "from cryptography.hazmat.primitives import hashes"),
    Plant("nacl", "hub/planted.py", "import nacl.signing"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package, its contracts and our kind of contract; rooms still to come stand there empty."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "only_in.py", tmp_path / "scripts")
    shutil.copytree(PACKAGE, tmp_path / "safepassage", ignore=shutil.ignore_patterns("__pycache__", "static"))
    for room in ("aid", "observation", "picture"):
        if not any((PACKAGE / name).exists() for name in (room, f"{room}.py")):
            (tmp_path / "safepassage" / f"{room}.py").touch()
    return tmp_path


def broken(folder: Path) -> set[str]:
    """The names of the contracts that do not hold there."""
    done = subprocess.run([sys.executable, "-c", LINT, "--no-cache"], cwd=folder, capture_output=True, text=True)
    found = set(re.findall(r"^(.+) BROKEN", done.stdout, flags=re.MULTILINE))
    assert (done.returncode == 0) == (not found), done.stdout + done.stderr
    assert " KEPT" in done.stdout, done.stdout + done.stderr
    return found


def plant(folder: Path, file: str, lines: str) -> None:
    """Add the lines to a file, in a room that is a module, a folder, or not there yet."""
    room, _, name = file.partition("/")
    package = folder / "safepassage"
    if (package / f"{room}.py").exists():
        with (package / f"{room}.py").open("a") as module:
            module.write(f"\n{lines}\n")
        return
    target = package / file
    target.parent.mkdir(exist_ok=True)
    if name:
        (target.parent / "__init__.py").touch()
    target.write_text(lines + "\n")


def test_the_contracts_hold(copy: Path) -> None:
    assert broken(copy) == set()


@pytest.mark.parametrize("planted", PLANTS, ids=lambda planted: f"{planted.breaks}-{planted.file}")
def test_a_planted_violation_is_caught_under_its_own_contract(copy: Path, planted: Plant) -> None:
    plant(copy, planted.file, planted.lines)
    if planted.breaks == "circles":
        plant(copy, "values/times_planted.py", "import safepassage.values.planted")
    names = {contract["id"]: contract["name"] for contract in contracts()}
    assert names[planted.breaks] in broken(copy)


def test_every_contract_has_a_planted_violation() -> None:
    assert {planted.breaks for planted in PLANTS} == {contract["id"] for contract in contracts()}
