"""Adding a kind of observation: the type checker names everyone who must decide."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLANTED = """
class BusPainted(Kind, frozen=True):
    phrase: ClassVar[str] = "{vehicle} painted"
    vehicle: VehicleId


VehicleKind = (
    BusPainted
    | """


@pytest.mark.slow
def test_a_new_kind_is_not_forgotten_by_whereabouts_or_the_agreement(tmp_path: Path) -> None:
    """A planted kind that nobody decided about is a type error where vehicles are followed and where facts are stated."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static"))
    family = tmp_path / "src/safepassage/observation/vehicles.py"
    text = family.read_text()
    assert "VehicleKind = (\n    " in text
    family.write_text(text.replace("VehicleKind = (\n    ", PLANTED, 1))
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--cache-dir",
        str(tmp_path / "cache"),
        "-p",
        "safepassage.agreement",
        "-p",
        "safepassage.whereabouts",
    ]
    said = subprocess.run(command, cwd=tmp_path, env={"MYPYPATH": "src", "PATH": ""}, capture_output=True, text=True, check=False).stdout
    assert "safepassage/whereabouts/account.py" in said
    assert "safepassage/agreement/facts.py" in said
