"""Settings that every test shares."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True, derandomize=True)
"""The same examples for the same commit: whoever builds it sees what its author saw. New ones are looked for by `search`."""
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite what scenarios expect (make accept)")
