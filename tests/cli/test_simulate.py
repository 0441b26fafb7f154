"""`safepassage simulate`: a scenario folder that plays through the real hub, the same bytes each time, with its truth beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safepassage.cli import main


def made(folder: Path, *more: str) -> dict[str, bytes]:
    assert main(["simulate", str(folder), "--persons", "120", "--seed", "4", *more]) == 0
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    one, two = made(tmp_path / "one"), made(tmp_path / "two")
    assert one == two and set(one) == {"world.toml", "agreement.clauses", "field.log", "truth.json"}
    assert one != made(tmp_path / "three", "--quiet")
    assert b"EXERCISE" in one["field.log"] and b"exercise = true" in one["world.toml"]


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "one")
    assert main(["simulate", str(tmp_path / "one")]) == 2
    assert "SP-112" in capsys.readouterr().err


def test_it_plays_through_the_real_door_and_whoever_was_received_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Seen exactly and quietly, every wristband that really is at reception is said to be there, and nobody else."""
    files = made(tmp_path / "worlds" / "one", "--quiet", "--exact")
    assert main(["demo", "one", "--scenarios", str(tmp_path / "worlds"), "--once", "--into", str(tmp_path / "night")]) == 0
    truth = json.loads(files["truth.json"])["persons"]
    registered = [code for code, where in truth.items() if where.startswith("reception") and code.encode() in files["field.log"]]
    assert len(registered) > 100
    for code in registered[:5]:
        capsys.readouterr()
        assert main(["where", str(tmp_path / "night"), "last", code]) == 0
        assert f"last read: arrived {truth[code]}" in capsys.readouterr().out
    assert main(["where", str(tmp_path / "night"), "unaccounted"]) == 1
