"""Every scenario is played through the real system and says what its `expected.txt` says, line by line. `make accept` rewrites it."""

from __future__ import annotations

from pathlib import Path

import pytest

from safepassage.cli.serving import transcript
from safepassage.hub.play import read_scenario

SCENARIOS = sorted(path.parent for path in (Path(__file__).parents[2] / "scenarios").glob("*/field.log"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_the_system_says_what_is_expected(scenario: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """DESIGN 2: one folder, four uses."""
    said = "\n".join(transcript(read_scenario(scenario), tmp_path / scenario.name)) + "\n"
    expected = scenario / "expected.txt"
    if request.config.getoption("--accept"):
        expected.write_text(said, "utf-8")
    assert said == expected.read_text("utf-8")
