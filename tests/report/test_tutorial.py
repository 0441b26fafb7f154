"""A small deployment, made by the steps of docs/tutorial: counts alone are reported, though nobody was registered by wristband."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from safepassage.cli import main
from tests.report.reading import read

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "README.md"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The report after the departure, and after the arrival."""
    folder = tmp_path_factory.mktemp("tutorial")
    text = TUTORIAL.read_text()
    (world,) = re.findall(r"cat > world\.toml <<'END'\n(.*?)^END$", text, flags=re.DOTALL | re.MULTILINE)
    (folder / "world.toml").write_text(world)
    night = str(folder / "night")
    assert main(["init", night, "--world", str(folder / "world.toml")]) == 0
    for monitor in ("m17", "m22"):
        assert main(["enrol", night, monitor, "--role", "monitor"]) == 0
    found = {}
    for name, line in zip(("departed", "arrived"), re.findall(r'^safepassage record night "(.*)"$', text, flags=re.MULTILINE), strict=True):
        assert main(["record", night, line]) == 0
        assert main(["report", night, "--out", str(folder / f"{name}.html")]) == 0
        found[name] = read((folder / f"{name}.html").read_bytes())
    return found


def test_the_summary_says_who_was_counted_and_who_is_unaccounted(reports: dict[str, str]) -> None:
    said = reports["arrived"]
    assert "nobody neutral saw it" not in said
    assert (
        "The north: 50 people left; 47 people are aboard where the trip ends; "
        "nobody was registered by wristband, so who waits is not known. "
        "3 people are unaccounted on B-07, as counted."
    ) in said
    assert "The north: 50 people left; 50 people are on the road; nobody was registered" in reports["departed"]


def test_where_everyone_is_has_the_counts_and_says_what_counts_cannot_tell(reports: dict[str, str]) -> None:
    table = reports["arrived"].partition("Where is everyone")[2].partition("Corridor")[0]
    for row in ("registered by wristband nobody", "waiting not known", "left 50", "aboard where their trip ends 47", "unaccounted 3"):
        assert row in table
    assert "registered at reception not known" in table and "handed over (hospitals, private cars and others), left our sight none" in table
    assert "need not add up" not in table
    assert "where everyone is" not in reports["arrived"].partition("What this report does not have")[2]
