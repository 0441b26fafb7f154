"""Links in the docs lead somewhere; a link to code names something that is in that file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for name in subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    if (path := ROOT / name).exists()
)
LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_that_holds_what_it_names(page: Path) -> None:
    """`[`Hub.receive`](src/...)` must find `receive` in that file."""
    for text, target in LINK.findall(page.read_text("utf-8")):
        if "://" in target:
            continue
        path = (page.parent / target).resolve()
        assert path.exists(), f"{text} -> {target}"
        if text.startswith("`") and path.suffix in (".py", ".ts"):
            assert re.search(rf"\b{re.escape(text.strip('`').split('.')[-1])}\b", path.read_text("utf-8")), f"{text} is not in {target}"
