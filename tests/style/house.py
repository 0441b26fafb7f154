"""What the tests of this folder read: the tracked files, and the floors as pyproject.toml states them."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "safepassage"
HIGHEST_PURE = {"planner", "disclosure"}
"""Floor 4; everything from here down takes clock, seed and bytes as arguments (DESIGN 2)."""


def tracked(*endings: str) -> list[Path]:
    """Every file that git follows or would follow, with one of these endings; all of them when none is named."""
    ask = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(ask, cwd=ROOT, check=True, capture_output=True)
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file() and (not endings or path.name.endswith(endings))]


def contracts() -> list[dict[str, Any]]:
    """The import contracts of pyproject.toml, in order."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    found: list[dict[str, Any]] = settings["importlinter"]["contracts"]
    return found


def floors() -> list[set[str]]:
    """The rooms of each floor, from the top down."""
    layers = next(contract["layers"] for contract in contracts() if contract["id"] == "floors")
    return [{room.strip(" ()") for room in layer.split("|")} for layer in layers]


def pure_rooms() -> set[str]:
    """The rooms of floors 0-4."""
    all_floors = floors()
    return set[str]().union(*all_floors[all_floors.index(HIGHEST_PURE) :])


def modules(rooms: set[str]) -> list[Path]:
    """The source files of these rooms, whether a room is one file or a folder."""
    return [path for path in sorted(PACKAGE.rglob("*.py")) if room_of(path) in rooms]


def room_of(path: Path) -> str:
    """The room to which a source file belongs; empty for the package's own `__init__`."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first
