"""The examples on the format pages are real: they are rows of the shared vectors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("page", "file", "row", "field"), [("envelope", "envelope", 0, "envelope"), ("treehead", "treehead", 1, "treehead")]
)
def test_the_page_shows_a_vector(page: str, file: str, row: int, field: str) -> None:
    text = (ROOT / "docs" / "formats" / f"{page}.md").read_text(encoding="utf-8")
    vectors = (ROOT / "testdata" / "vectors" / f"{file}.jsonl").read_text(encoding="utf-8").split("\n")
    assert f"```\n{json.loads(vectors[row])[field]}```" in text
