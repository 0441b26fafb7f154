"""Either of two hubs is killed in the middle of hearing the other: nothing that it had is lost, and in the end both say the same.

Real processes, real SIGKILLs, between any two steps of either side.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from safepassage.hub.carrying import take
from safepassage.hub.folder import Folder
from safepassage.hub.hub import Hub
from tests.faults.syncer import GIVING, HEARING, RECEIVING
from tests.laws import apart

ROOT = Path(__file__).resolve().parents[2]


def started(*words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [sys.executable, "-m", "tests.faults.syncer", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def round_of(west: Folder, east: Folder, dying: str = "", *planted: str) -> tuple[int, int]:
    """West serves, east asks, one of them dies on the way; how the asking and the serving process ended."""
    server = started("serve", str(west.path), *(planted if dying == "west" else ()))
    assert server.stdout is not None
    port = server.stdout.readline().strip().decode()
    asking = started("ask", str(east.path), f"http://127.0.0.1:{port}/{apart.NAME}", *(planted if dying == "east" else ()))
    _, said = asking.communicate()
    assert asking.returncode in (0, 1, -signal.SIGKILL), said.decode()
    server.kill()
    server.communicate()
    return asking.returncode, server.returncode


def there(folder: Folder) -> set[str]:
    """Every entry, after the plain check; entries that no tree head covers yet are signed by the next to open it."""
    found = folder.verify()
    assert found.proved or found.faults == 1, found.problems
    hub = Hub(folder, lambda: apart.LATER)
    entries = apart.ids(hub)
    hub.close()
    assert folder.verify().proved
    return entries


def killed(place: Path, kills: int, seed: int) -> None:
    """One pair of hubs through so many kills, first while east hears, then while it gives; then undisturbed."""
    dice = random.Random(seed)
    west, east = apart.folders(place)
    for folder, said in zip((west, east), apart.parted(seed), strict=True):
        hub = Hub(folder, lambda: apart.LATER)
        take(hub, said)
        hub.close()
    before = {folder: there(folder) for folder in (west, east)}
    for kill in range(kills):
        if kill < kills // 2:  # while east still lacks something
            dying, step = "east", dice.choice([*RECEIVING, *HEARING])
        else:
            dying = dice.choice(["west", "east"])
            step = dice.choice(RECEIVING if dying == "west" else sorted(GIVING))
        nth = dice.randrange(1, 2 if step in HEARING else 5)
        assert round_of(west, east, dying, step, str(nth)) == (
            (-signal.SIGKILL, -signal.SIGKILL) if dying == "east" else (1, -signal.SIGKILL)
        )
        for folder in (west, east):
            now = there(folder)
            assert before[folder] <= now
            before[folder] = now
    assert round_of(west, east)[0] == 0
    hubs = [Hub(folder, lambda: apart.LATER, writer=False) for folder in (west, east)]
    says = [apart.what_it_says(hub) for hub in hubs]
    assert says[0] == says[1] == apart.what_one_hub_says()
    assert apart.ids(hubs[0]) == apart.ids(hubs[1])
    assert not any(list(hub.waiting()) or list(hub.refused()) for hub in hubs)
    for hub in hubs:
        hub.close()


@pytest.mark.slow
def test_two_hubs_of_which_either_is_killed_while_they_hear_each_other_lose_nothing(tmp_path: Path) -> None:
    killed(tmp_path, 8, 4)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_two_hubs_through_two_hundred_kills_lose_nothing(tmp_path: Path, seed: int) -> None:
    killed(tmp_path, 10, 100 + seed)
