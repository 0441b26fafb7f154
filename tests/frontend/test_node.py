"""The phone's half of the formats: TypeScript and Python agree on every vector of testdata/vectors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_pages_own_tests_pass() -> None:
    """`npm test` in frontend/: sealing, reading and proving in the browser's code, against the vectors that Python passes."""
    command = [sys.executable, str(ROOT / "scripts" / "npm.py"), "run", "--silent", "test"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "# pass 0" not in answer.stdout
