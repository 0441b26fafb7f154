"""`safepassage serve` of an exercise that was played on another day: its clock goes on from its newest entry."""

from __future__ import annotations

import json
import urllib.request
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from safepassage.values.times import MINUTE, at
from tests.hub.test_offering import heard, serving


@pytest.mark.slow
def test_nothing_is_overdue_by_years(night_folder: Path, tmp_path: Path) -> None:
    copytree(night_folder, tmp_path / "night")
    process = serving(tmp_path / "night")
    try:
        lines = heard(process, "http://")
        assert any("its clock goes on from its newest entry, 2016-12-19 00:38" in line for line in lines)
        with urllib.request.urlopen(f"{lines[-1].partition('?')[0]}api/view") as answer:
            view = json.loads(answer.read())
        newest = at(date(2016, 12, 19), "00:38", "Asia/Damascus")
        assert newest <= view["now"] < newest + 5 * MINUTE
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()
