"""What a hub's proposal may cost: the same plan with and without compiled functions, until a server has them ready."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from safepassage.cli.serving import _warm
from safepassage.planner import compiled
from safepassage.planner.extract import COMPILED, USUAL
from safepassage.planner.twin import WORTH
from safepassage.planner.warm import warm
from tests.hub.making import House


def made_ready(house: House) -> None:
    """On a thread of its own: browser tests keep a loop running on this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(_warm(house.hub))).result()


def test_what_a_hub_asks_for_usually_compiles_nothing_so_it_holds_no_tick_and_is_the_same_everywhere() -> None:
    assert max(USUAL.first, USUAL.again, USUAL.deeper) < WORTH <= min(COMPILED.first, COMPILED.deeper)


@pytest.mark.slow
def test_a_server_goes_deeper_once_the_functions_are_ready(tmp_path: Path) -> None:
    pytest.importorskip("numba", reason="the extra `compiled` is not installed")
    house = House(tmp_path / "night")
    assert house.hub.effort == USUAL
    made_ready(house)
    assert house.hub.effort == COMPILED
    house.hub.close()


def test_without_the_extra_nothing_is_made_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("safepassage.planner.warm.installed", lambda: False)
    monkeypatch.setattr("safepassage.cli.serving.installed", lambda: False)
    assert not warm()
    house = House(tmp_path / "night")
    made_ready(house)
    assert house.hub.effort == USUAL
    house.hub.close()


@pytest.mark.slow
def test_what_is_made_ready_is_the_twin_that_many_calls_ask_for() -> None:
    pytest.importorskip("numba", reason="the extra `compiled` is not installed")
    assert warm()
    functions = compiled.compiled()
    assert functions["decode"].signatures and functions["anneal"].signatures
