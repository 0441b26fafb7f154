"""The set-up does a thing once, does it again when what it read has changed, and says how to go on when it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import setup
from setup import Failed, Step, take


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(setup, "STAMPS", tmp_path)
    return []


def step(done: list[str], key: str = "1", present: bool = True) -> Step:
    return Step("thing", "fetch the thing", key, lambda: present, lambda: done.append(key), "try another.")


def test_a_second_run_skips_what_is_done(done: list[str]) -> None:
    assert take(step(done))
    assert take(step(done))
    assert done == ["1"]


def test_a_changed_key_does_it_again(done: list[str]) -> None:
    assert take(step(done))
    assert take(step(done, key="2"))
    assert done == ["1", "2"]


def test_a_lost_result_is_fetched_again(done: list[str]) -> None:
    assert take(step(done))
    assert take(step(done, present=False))
    assert done == ["1", "1"]


def test_a_failure_says_how_to_go_on_and_leaves_no_stamp(done: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise Failed("no network")

    assert take(step(done))
    assert not take(Step("thing", "fetch the thing", "2", lambda: True, fail, "try another."))
    said = capsys.readouterr().out
    assert "could not: fetch the thing" in said
    assert "no network" in said
    assert "How to go on: try another." in said
    assert not (tmp_path / "thing").exists()


@pytest.mark.slow
def test_without_a_network_the_set_up_says_so_and_how_to_go_on(tmp_path: Path) -> None:
    for name in ("scripts", "requirements", "pyproject.toml", "src/safepassage/__init__.py"):
        source, target = setup.ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_NO_CACHE_DIR": "1"}
    system = [sys.executable, "scripts/setup.py", "demo"]
    ran = subprocess.run(system, cwd=tmp_path, env=os.environ | nowhere, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "could not: install the locked libraries of requirements/demo.txt" in ran.stdout
    assert "How to go on: check the network" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
