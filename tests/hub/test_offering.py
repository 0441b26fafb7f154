"""Tree heads offered at fixed times, by a real `serve`; and an older copy of the folder, which signs nothing any more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from safepassage.cli import main
from safepassage.cli.cosigning import server
from safepassage.errors import LedgerAtRisk
from safepassage.hub.cosigner import Cosigner
from safepassage.hub.cosigning import cosigned, policy_of
from safepassage.hub.folder import Folder, open_folder
from safepassage.hub.hub import Hub
from safepassage.hub.offering import newest_copy, next_offer, offer_all
from safepassage.ledger.scan import to_scan
from safepassage.observation.vehicles import Passed
from safepassage.values.ids import VehicleId
from safepassage.values.times import Instant
from tests.hub.making import House

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    yield made
    made.hub.close()


def says(house: House, number: int, hub: Hub | None = None) -> None:
    hub = hub or house.hub
    start = hub.ledger.size
    hub.receive_all([house.sealed("m17", Passed(VehicleId("B-07")), minutes) for minutes in range(start, start + number)])


@contextmanager
def cosigners(house: House, *names: str, sides: tuple[str, ...] = ()) -> Iterator[dict[str, Cosigner]]:
    """Services of neutral cosigners, all of them asked for, and of sides, of which none is; and the policy that names them."""
    made = {name: Cosigner(house.folder.path.parent / name, f"{name}.example") for name in (*names, *sides)}
    services = {}
    for name, one in made.items():
        one.know(house.folder.about.log)
        services[name] = server(one, "127.0.0.1", 0)
        threading.Thread(target=services[name].serve_forever, daemon=True).start()
    lines = [f"witness {name} {one.vkey} http://127.0.0.1:{services[name].server_address[1]}" for name, one in made.items()]
    neutral = f"group neutral all {' '.join(names)}\nquorum neutral" if names else "quorum none"
    (house.folder.path / "policy").write_text("\n".join([f"log {house.folder.about.log}", *lines, neutral, ""]), "utf-8")
    try:
        yield made
    finally:
        for name, one in made.items():
            services[name].shutdown()
            services[name].server_close()
            one.close()


def serving(folder: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "safepassage", "serve", str(folder), "--port", "8460", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    guard = threading.Timer(120, process.kill)  # a test that waits for what never comes ends all the same
    guard.daemon = True
    guard.start()
    return process


def heard(process: subprocess.Popen[str], words: str) -> list[str]:
    """What it says, up to a line with these words or its end."""
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.strip())
        if words in line:
            break
    return lines


def restored(house: House, tmp_path: Path) -> Folder:
    """The folder as it was before five more entries were cosigned: the disk died, and yesterday's copy, policy and keys are put back."""
    house.hub.close()
    shutil.copytree(house.folder.path, tmp_path / "copy")
    house.again()
    says(house, 5)
    found = policy_of(house.folder)
    assert found is not None
    assert not any(asked.reason for asked in offer_all(house.folder, found))
    house.hub.close()
    shutil.rmtree(house.folder.path)
    shutil.copytree(tmp_path / "copy", house.folder.path)
    return open_folder(house.folder.path)


@pytest.mark.slow
@pytest.mark.parametrize("asked_before", [False, True])
def test_serve_on_a_restored_older_copy_signs_nothing_and_says_so(house: House, tmp_path: Path, asked_before: bool) -> None:
    """Whether or not the copy remembers what was cosigned before it was made."""
    with cosigners(house, "red", "blue"):
        if asked_before:
            assert main(["offer", str(house.folder.path)]) == 0
        folder = restored(house, tmp_path)
        before = (folder.path / "treehead").read_bytes()
        process = serving(folder.path)
        said, _ = process.communicate()
        assert process.returncode == 3, said
        assert "SP-401" in said and "that is not here" in said and "http://" not in said
        assert (folder.path / "treehead").read_bytes() == before


def test_a_restored_copy_that_went_on_is_recognised_by_its_own_tree(house: House, tmp_path: Path) -> None:
    """It has more entries than were cosigned by now, and other ones."""
    with cosigners(house, "red"):
        folder = restored(house, tmp_path)
        hub = Hub(folder, lambda: Instant(house.now + 1))
        house.phone("m17")._sequence += 10
        says(house, 9, hub)
        hub.close()
        found = policy_of(folder)
        assert found is not None
        with pytest.raises(LedgerAtRisk, match="do not continue the tree of"):
            newest_copy(folder, found)


def test_what_a_side_says_stops_nothing(house: House, tmp_path: Path) -> None:
    """No party can veto the log: its cosigner may say that it saw more; that is shown."""
    with cosigners(house, sides=("east",)):
        folder = restored(house, tmp_path)
        found = policy_of(folder)
        assert found is not None
        for answers in (newest_copy(folder, found), offer_all(folder, found)):
            assert [asked.name for asked in answers] == ["east"] and "that is not here" in answers[0].reason


def test_a_cosigner_is_shown_nothing_new_when_it_is_asked_whether_this_is_the_newest_copy(house: House) -> None:
    with cosigners(house, "red") as made:
        found = policy_of(house.folder)
        assert found is not None
        offer_all(house.folder, found)
        says(house, 4)
        kept = {path: path.read_bytes() for path in (made["red"].place / "cosigned").glob("*")}
        assert [asked.reason for asked in newest_copy(house.folder, found)] == [""]
        sizes = {data.split(b"\n")[1] for data in kept.values()}
        assert {path.read_bytes().split(b"\n")[1] for path in kept} == sizes


@pytest.mark.slow
def test_serve_offers_the_tree_head_at_fixed_times(house: House) -> None:
    with cosigners(house, "red", "blue", sides=("east",)):
        house.hub.close()
        process = serving(house.folder.path, "--offer-every", "1")
        lines = heard(process, "cosigned: 4 entries by east")
        process.terminate()
        process.communicate()
        assert sum("saw no other tree" in line or "cosigned" in line for line in lines) >= 3
        found = policy_of(house.folder)
        assert found is not None
        shown = cosigned(house.folder, found)
        assert shown.covered == 4 and [(each.name, each.counts) for each in shown.cosigners] == [
            ("blue", True),
            ("east", False),
            ("red", True),
        ]


def test_fixed_times_are_those_that_the_clock_divides() -> None:
    assert next_offer(Instant(7_200_000), 3600) == 3_600_000
    assert next_offer(Instant(7_200_001), 3600) == 3_599_999
    assert next_offer(Instant(10_799_999), 3600) == 1


def test_by_qr_code(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Drawn, scanned, cosigned, drawn, scanned, gathered: the text of each code is what a reader would give."""
    with cosigners(house, "red") as made:
        made["red"].close()
        folder, red, code = str(house.folder.path), str(tmp_path / "red"), tmp_path / "code.svg"
        assert main(["offer", folder, "--to", "red", "--qr", str(code), "--out", str(tmp_path / "request")]) == 0
        assert code.read_bytes().startswith(b"<?xml")
        scanned = tmp_path / "scanned"
        scanned.write_text(to_scan((tmp_path / "request").read_bytes()).lower() + "\r\n")
        assert main(["cosign", red, "--request", str(scanned), "--qr", "-", "--out", str(tmp_path / "answer")]) == 0
        scanned.write_text(to_scan((tmp_path / "answer").read_bytes()))
        assert main(["gather", folder, str(scanned)]) == 0
        assert "cosigned: 4 entries by red" in capsys.readouterr().out
        scanned.write_text(scanned.read_text()[:-3])
        assert main(["gather", folder, str(scanned)]) == 2
        assert "read it again" in capsys.readouterr().err
