"""A file past 500 lines holds a second idea (STYLE 2)."""

from __future__ import annotations

from house import tracked

LONGEST = 500


def test_no_file_is_longer_than_500_lines() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in tracked(".py", ".ts", ".tsx", ".css")}
    assert lengths, "nothing was looked at"
    assert not {str(path): lines for path, lines in lengths.items() if lines > LONGEST}
