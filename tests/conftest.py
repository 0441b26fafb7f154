"""Settings that every test shares."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from safepassage.hub.play import Play, read_scenario

settings.register_profile("house", deadline=None, print_blob=True, derandomize=True)
"""The same examples for the same commit: whoever builds it sees what its author saw. New ones are looked for by `search`."""
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite what scenarios expect (make accept)")


QUICK_SEEDS = 20
"""So many seeds of a law does `make quick` try; the rest run with what is slow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        seed = item.callspec.params.get("seed") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
        if isinstance(seed, int) and seed >= QUICK_SEEDS:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def night_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exercise's night, played to its end: for reading only. Whoever writes takes a copy."""
    path = tmp_path_factory.mktemp("played") / "night"
    play = Play(read_scenario(Path(__file__).resolve().parents[1] / "scenarios" / "six-buses-burned"), path)
    while play.left:
        play.step()
    play.close()
    return path
