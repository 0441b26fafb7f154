"""A hub is killed between any two steps of `Hub.receive`: what it acknowledged is there, once, and playing on ends in the same root.

Real processes, real SIGKILLs, the night of six-buses-burned with its demonstration keys, so that every play signs the same bytes.
"""

from __future__ import annotations

import base64
import os
import random
import signal
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from safepassage.hub.folder import open_folder
from safepassage.hub.hub import Hub
from safepassage.hub.opening import create
from safepassage.hub.play import Scenario, read_scenario
from safepassage.ledger.envelope import FIRST, Header, seal
from safepassage.ledger.keys import demo_signer
from safepassage.observation import Observation, to_bytes
from safepassage.simulate.player import Deliver, enrolments
from safepassage.values.times import Instant

from . import receiver

NIGHT = Path(__file__).resolve().parents[2] / "scenarios" / "six-buses-burned"
LATER = Instant(1_482_200_000_000)
PART = 90
"""Envelopes of the night that are played; a soak plays all of them."""


@lru_cache
def scenario() -> Scenario:
    return read_scenario(NIGHT)


@lru_cache
def offered(part: int) -> tuple[bytes, ...]:
    """What is carried to the hub: phones that are not enrolled yet, their enrolments, the rest, an altered copy and doubles."""
    name, night = scenario().name, [cue.envelope for cue in scenario().cues if isinstance(cue, Deliver)]
    authority = demo_signer(name, "authority-1")
    enrolled = [
        seal(Header(name, "authority-1", 1, 1, FIRST), to_bytes(Observation(by="authority", seen_at=LATER, what=what)), authority)
        for what in enrolments(name, scenario().stage)
    ]
    altered = [data.replace(b'"at":"', b'"at":"x', 1) for data in night[:part:9]]
    return (*night[:12], *enrolled, *altered, *night[:part], *night[5:part:7])


def fresh(path: Path, part: int) -> tuple[Path, Path]:
    """A folder just opened, and beside it the file of what is offered."""
    given = scenario()
    create(path / "night", given.name, given.world, given.clauses, given.opens, demonstration=True)
    carried = path / "offered"
    carried.write_text("\n".join(base64.b64encode(data).decode() for data in offered(part)))
    return path / "night", carried


def started(folder: Path, carried: Path, *step: str) -> subprocess.Popen[bytes]:
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root / 'src'}"}
    command = [sys.executable, receiver.__file__, str(folder), str(carried), *step]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def acknowledged(lines: list[bytes]) -> list[str]:
    """`index id` of every receipt that was said whole; refusals say their number only."""
    return [line.decode().strip() for line in lines if line.endswith(b"\n") and b" " in line]


def there(folder: Path) -> list[str]:
    """Every entry, after the plain check of the whole ledger and of a picture built from it."""
    found = open_folder(folder).verify()
    assert found.proved or found.faults == 1, found.problems  # entries that the tree head does not cover yet: the next to open signs them
    hub = Hub(open_folder(folder), lambda: LATER)
    entries = [f"{row.index} {row.id}" for row in hub.ledger.read()]
    waits = {kept.device for kept in hub.waiting()}
    assert not waits & set(hub.door.devices), "what waits has been enrolled"
    assert hub.picture is not None and hub.picture.size == len(entries)
    assert hub.verify().proved
    hub.close()
    return entries


def play_to_the_end(folder: Path, carried: Path) -> tuple[bytes, int, int]:
    """Everything offered once more; root, how many are refused, how many wait."""
    process = started(folder, carried)
    _, said = process.communicate()
    assert process.returncode == 0, said.decode()
    hub = Hub(open_folder(folder), lambda: LATER, writer=False)
    end = hub.ledger.head.root, len(list(hub.refused())), len(list(hub.waiting()))
    hub.close()
    return end


def contents(folder: Path) -> list[str]:
    return sorted(line.split()[1] for line in there(folder))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, int, int]:
    return play_to_the_end(*fresh(tmp_path_factory.mktemp("undisturbed"), PART))


def killed_at_random(path: Path, kills: int, part: int, seed: int) -> tuple[bytes, int, int]:
    """One ledger, killed so many times while it receives; checked after every kill."""
    dice, heard = random.Random(seed), set[str]()
    folder, carried = fresh(path, part)
    for _ in range(kills):
        process = started(folder, carried)
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(dice.randrange(1, len(offered(part))))]
        for _ in range(dice.randrange(400)):
            os.sched_yield()
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
        process.communicate()
        heard |= set(acknowledged(lines))
        entries = there(folder)
        assert heard <= set(entries)
        assert len({line.split()[1] for line in entries}) == len(entries)
    assert heard
    return play_to_the_end(folder, carried)


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_and_doubles_nothing(tmp_path: Path, undisturbed: tuple[bytes, int, int]) -> None:
    """Twelve kills over one ledger, each somewhere else; playing on gives the root of an undisturbed play."""
    assert killed_at_random(tmp_path, 12, PART, 2016) == undisturbed


@pytest.mark.soak
def test_killed_two_hundred_times_it_loses_and_doubles_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert killed_at_random(tmp_path / "a", 200, 700, 18) == play_to_the_end(*fresh(tmp_path / "b", 700))


@pytest.mark.slow
@pytest.mark.parametrize("step", receiver.STEPS)
def test_killed_between_two_named_steps_it_loses_and_doubles_nothing(
    tmp_path: Path, step: str, undisturbed: tuple[bytes, int, int]
) -> None:
    """DESIGN 4: commit, re-read, root, compare, sign, publish; and what `Hub.receive` does before and after."""
    folder, carried = fresh(tmp_path, PART)
    for nth in (1, 7):
        process = started(folder, carried, step, str(nth))
        lines, said = process.communicate()
        assert process.returncode in (-signal.SIGKILL, 0), said.decode()
        assert nth > 1 or process.returncode == -signal.SIGKILL, "the step was never passed"
        entries = there(folder)
        assert set(acknowledged(lines.splitlines(keepends=True))) <= set(entries)
        assert len({line.split()[1] for line in entries}) == len(entries)
    assert play_to_the_end(folder, carried) == undisturbed


def test_the_night_is_offered_with_its_faults(tmp_path: Path) -> None:
    """The play meets every answer: receipts, refusals, waiting, doubles; without that the kills would say little."""
    folder, carried = fresh(tmp_path, PART)
    process = started(folder, carried)
    lines, said = process.communicate()
    numbers = {line for line in lines.split(b"\n") if line and b" " not in line}
    assert numbers == {b"202", b"203"}, said
    receipts = acknowledged(lines.splitlines(keepends=True))
    assert len(receipts) > len(set(receipts)) > PART
