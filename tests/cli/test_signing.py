"""Whatever signs asks the cosigners first: a restored older copy signs nothing, and a cosigner that is silent stops nobody."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from safepassage.cli import main
from tests.hub.making import House, further
from tests.hub.test_offering import ROOT, cosigners, restored

LINE = "authority  device m17-1 revoked after number 9"
pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    yield made
    made.hub.close()


def run(*words: str) -> tuple[int, str, str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "safepassage", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    return done.returncode, done.stdout, done.stderr


def policy(house: House, *addresses: str) -> None:
    """A policy whose cosigners are said to be at these addresses."""
    with cosigners(house, *(f"c{number}" for number in range(len(addresses)))):
        path = house.folder.path / "policy"
        lines = path.read_text().splitlines()
    told = iter(addresses)
    path.write_text("\n".join(f"{line.rsplit(' ', 1)[0]} {next(told)}" if line.startswith("witness") else line for line in lines) + "\n")


def test_no_command_signs_on_a_restored_older_copy(house: House, tmp_path: Path) -> None:
    east = further(tmp_path / "east", house, "east")
    east.close()
    assert main(["pack", str(house.folder.path), "--to", str(tmp_path)]) == 0
    bundle = str(next(tmp_path.glob("*.bundle")))
    with cosigners(house, "red"):
        folder = restored(house, tmp_path)
        before = (folder.path / "treehead").read_bytes()
        path = str(folder.path)
        for words in (
            ("record", path, LINE),
            ("enrol", path, "m18", "--role", "monitor"),
            ("plan", path),
            ("unpack", path, bundle),
            ("sync", path, "http://127.0.0.1:1/night"),
        ):
            code, _, said = run(*words)
            assert code == 3 and "SP-401" in said and "that is not here" in said, (words, said)
            assert (folder.path / "treehead").read_bytes() == before
    house.again()


def test_cosigners_that_do_not_answer_are_named_in_one_line_and_it_is_recorded(house: House) -> None:
    """One refuses the connection, one takes it and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        policy(house, "http://127.0.0.1:1", f"http://127.0.0.1:{silent.getsockname()[1]}")
        house.hub.close()
        code, said, aside = run("record", str(house.folder.path), LINE)
    assert code == 0 and said.startswith("entry 4 "), aside
    (line,) = aside.splitlines()
    assert line.startswith("going on, though not every cosigner said") and "c0: no answer" in line and "c1: no answer" in line
    house.again()


def test_where_the_copy_is_the_newest_or_nobody_can_be_asked_nothing_is_said(house: House) -> None:
    path = str(house.folder.path)
    with cosigners(house, "red"):
        house.hub.close()
        assert run("record", path, LINE)[::2] == (0, "")
        assert list((house.folder.path.parent / "red" / "cosigned").glob("*")), "nobody was asked"
    (house.folder.path / "policy").unlink()
    assert run("record", path, "authority  device m17-1 revoked after number 8")[::2] == (0, "")
    house.again()
