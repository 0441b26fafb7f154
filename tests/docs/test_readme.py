"""Every command that the documentation shows is run, block after block, in a folder of its own; every example in the text parses.

Blocks tagged `sh` are run as a reader would type them; lines that begin with `make` set a machine up, and are run by CI itself.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from safepassage.cli import parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "tutorial").glob("*.md")), *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(safepassage [a-z][^`]*)`")


def blocks(page: Path) -> list[str]:
    return [block for block in BLOCK.findall(page.read_text("utf-8")) if not block.lstrip().startswith("make")]


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment in which `safepassage` is this very source."""
    program = tmp_path / "bin" / "safepassage"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m safepassage "$@"\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "src")}


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_runs_in_order(page: Path, tmp_path: Path, shell: dict[str, str]) -> None:
    """One shell for the whole page, which stops at the first command that fails."""
    stand = tmp_path / "stand"
    stand.mkdir()
    script = "set -e\n" + "\n".join(blocks(page))
    done = subprocess.run(["sh", "-c", script], cwd=stand, env=shell, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tutorial_is_run() -> None:
    """Were the tag of its blocks to change, the test above would run nothing."""
    assert len(blocks(ROOT / "docs" / "tutorial" / "README.md")) >= 4


@pytest.mark.slow
def test_what_the_tutorial_promises_is_what_comes_out(tmp_path: Path, shell: dict[str, str]) -> None:
    """Three persons not accounted for, and the alarm's call card, on the page that it writes."""
    script = "set -e\n" + "\n".join(blocks(ROOT / "docs" / "tutorial" / "README.md"))
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, env=shell, capture_output=True, text=True, check=True)
    assert "proved: no envelope was altered" in done.stdout
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "B-07" in page and re.search(r"\b3\b", page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_inside_a_sentence_is_one_that_there_is(page: Path) -> None:
    for said in INLINE.findall(page.read_text("utf-8")):
        words = shlex.split(said.replace("…", "x"))[1:]
        parser().parse_args(words)
