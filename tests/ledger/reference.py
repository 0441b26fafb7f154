"""Reads the published vectors that lie beside the repository; a checkout without them skips, and says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "ledger"


def rows(name: str) -> list[Any]:
    """One test case for each row; a single skipped one where the file is not there."""
    path = ROOT / name
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"no reference vectors at {name}"), id="absent")]
    lines = path.read_text(encoding="utf-8").split("\n")
    return [pytest.param(row, id=row["id"]) for row in map(json.loads, filter(None, lines))]


def whole(name: str) -> Any:
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"no reference vectors at {name}")
    return json.loads(path.read_text(encoding="utf-8"))
