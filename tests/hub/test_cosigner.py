"""Cosigners beside a real folder: by hand, over HTTP, killed, with a damaged memory; and what `verify` shows of them."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub.making import House

from safepassage.cli import main
from safepassage.cli.cosigning import server
from safepassage.errors import LedgerAtRisk, Refusal, TryAgain
from safepassage.hub.cosigner import Cosigner
from safepassage.hub.cosigning import cosigned, offer, policy_of
from safepassage.hub.folder import open_folder
from safepassage.ledger import treehead
from safepassage.ledger.cosign import Declined, Request, cosignatures, render_request
from safepassage.ledger.keys import signer_from_seed
from safepassage.ledger.merkle import Tree, leaf_hash
from safepassage.ledger.split import Split, check_split, parse_split
from safepassage.ledger.treehead import TreeHead
from safepassage.observation.vehicles import Passed
from safepassage.values.ids import VehicleId

NOON = 1_482_062_400
LOG = signer_from_seed("safepassage/exercise", b"l" * 32)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    yield made
    made.hub.close()


def says(house: House, number: int) -> None:
    start = house.hub.ledger.size
    house.hub.receive_all([house.sealed("m17", Passed(VehicleId("B-07")), minutes) for minutes in range(start, start + number)])


def cosigner(house: House, name: str) -> Cosigner:
    made = Cosigner(house.folder.path.parent / name, f"{name}.example")
    made.know(house.folder.about.log)
    return made


def policy(house: House, *names: str, urls: dict[str, str] | None = None, **keys: str) -> None:
    lines = [f"witness {name} {vkey} {(urls or {}).get(name, '')}" for name, vkey in keys.items()]
    text = "\n".join([f"log {house.folder.about.log}", *lines, f"group neutral 2 {' '.join(names)}", "quorum neutral", ""])
    (house.folder.path / "policy").write_text(text, "utf-8")


def test_a_log_is_called_like_its_deployment(house: House) -> None:
    """A cosigner tells logs apart by this name."""
    assert house.folder.origin == house.folder.log_key.name == "safepassage/night"


def test_by_hand_over_a_stick(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night, stick = house.folder.path, tmp_path / "stick"
    stick.mkdir()
    keys = {}
    for name in ("red", "blue", "side"):
        made = cosigner(house, name)
        keys[name] = made.vkey
        made.close()
    policy(house, "red", "blue", **keys)
    for name in ("side", "red"):
        assert main(["offer", str(night), "--out", str(stick / "request")]) == 0
        assert main(["cosign", str(tmp_path / name), "--request", str(stick / "request"), "--out", str(stick / name)]) == 0
        assert main(["gather", str(night), str(stick / name)]) == 0
    assert main(["verify", str(night), "--policy", str(night / "policy")]) == 1, "one neutral body and a side are not enough"
    assert main(["verify", str(night)]) == 0, "and nobody's absence spoils the proof"
    assert main(["cosign", str(tmp_path / "blue"), "--request", str(stick / "request"), "--out", str(stick / "blue")]) == 0
    assert main(["gather", str(night), str(stick / "blue")]) == 0
    capsys.readouterr()
    assert main(["verify", str(night), "--policy", str(night / "policy")]) == 0
    said = capsys.readouterr().out
    assert "by side at" in said and "shown and not required" in said and "cosigned by enough: 4 of 4 entries" in said
    assert main(["log", str(night)]) == 0
    found = policy_of(house.folder)
    below = cosignatures((night / "log" / "checkpoint").read_bytes(), found.cosigners.values() if found else [])
    assert not isinstance(below, Refusal) and len(below) == 3, "strangers see who cosigned"
    assert main(["doctor", str(night)]) == 0
    says(house, 5)
    assert main(["offer", str(night), "--out", str(stick / "request"), "--to", "red"]) == 0
    assert (stick / "request").read_bytes().startswith(b"old 4\n")
    assert main(["cosign", str(tmp_path / "red"), "--request", str(stick / "request")]) == 0


def test_without_a_policy_nobody_is_asked_and_nothing_is_gathered(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["offer", str(house.folder.path)]) == 2
    assert main(["gather", str(house.folder.path), str(house.folder.path / "treehead")]) == 2
    assert capsys.readouterr().err.count("SP-216") == 2


def test_over_http(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two services; the second time each is asked with the size that it knows, or says which it is."""
    services = [(made := cosigner(house, name), server(made, "127.0.0.1", 0)) for name in ("red", "blue")]
    for _, service in services:
        threading.Thread(target=service.serve_forever, daemon=True).start()
    urls = {name: f"http://127.0.0.1:{service.server_address[1]}" for name, (_, service) in zip(("red", "blue"), services, strict=True)}
    policy(house, "red", "blue", urls=urls, red=services[0][0].vkey, blue=services[1][0].vkey)
    try:
        for _ in range(2):
            says(house, 3)
            assert main(["offer", str(house.folder.path)]) == 0
        shutil.rmtree(house.folder.path / "cosigned")
        says(house, 3)
        assert main(["offer", str(house.folder.path)]) == 0
    finally:
        for made, service in services:
            service.shutdown()
            service.server_close()
            made.close()
    found = policy_of(house.folder)
    assert found is not None
    assert cosigned(house.folder, found).covered == house.hub.ledger.size == 13
    assert main(["offer", str(house.folder.path)]) == 1, "nobody answers"


def test_an_older_copy_is_recognised_and_does_not_sign(house: House, tmp_path: Path) -> None:
    """The copy lies where the key is: only what cosigners know tells it from the log."""
    old = tmp_path / "old"
    house.hub.close()
    shutil.copytree(house.folder.path, old)
    house.again()
    says(house, 5)
    red = cosigner(house, "red")
    answer = red.answer(offer(house.folder, 0), NOON)
    assert isinstance(answer, bytes)
    restored = open_folder(old)
    declined = red.answer(offer(restored, 0), NOON)
    assert isinstance(declined, Declined) and (declined.code, declined.size) == (409, 9)
    with pytest.raises(LedgerAtRisk, match="SP-401"):
        offer(restored, declined.size or 0)
    (old / "cosigned").mkdir()
    (old / "cosigned" / "red").write_bytes(answer)
    with pytest.raises(LedgerAtRisk, match="SP-401"):
        restored.ledger()
    assert not restored.verify().proved
    red.close()


def request(size: int, old: int, mark: str = "") -> bytes:
    tree = Tree()
    for number in range(size):
        tree.append(leaf_hash(f"{number}{mark}".encode()))
    head = treehead.sign(TreeHead(LOG.name, size, tree.root()), LOG)
    return render_request(Request(old, tuple(tree.consistency(old, size)), head))


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    made = Cosigner(tmp_path / "red", "red.example")
    made.know(LOG.vkey)
    made.close()
    return tmp_path / "red"


def test_a_split_view_is_kept_as_its_own_proof(alone: Path, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(request(5, 0))
    (tmp_path / "other").write_bytes(request(5, 0, "forged"))
    assert main(["cosign", str(alone), "--request", str(tmp_path / "one"), "--out", str(tmp_path / "out")]) == 0
    assert main(["cosign", str(alone), "--request", str(tmp_path / "other"), "--out", str(tmp_path / "out2")]) == 3
    assert not (tmp_path / "out2").exists()
    (proof,) = (alone / "split").iterdir()
    assert main(["verify", str(proof), "--key", LOG.vkey]) == 0
    split = parse_split(proof.read_bytes())
    assert isinstance(split, Split) and not isinstance(check_split(split, LOG.key, LOG.name), Refusal)


def test_a_damaged_memory_signs_nothing(alone: Path) -> None:
    red = Cosigner(alone)
    red.answer(request(5, 0), NOON)
    (file,) = (alone / "cosigned").iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[:-9], whole.replace(b"\n5\n", b"\n4\n"), whole[: whole.rindex(b"\n", 0, -1) + 1]):
        file.write_bytes(damaged)
        with pytest.raises(LedgerAtRisk, match="SP-412"):
            red.answer(request(6, 5), NOON)
    file.write_bytes(whole)
    assert isinstance(red.answer(request(6, 5), NOON), bytes)
    red.close()


def test_a_clock_that_runs_back_gives_no_earlier_time(alone: Path) -> None:
    red = Cosigner(alone)
    assert red.answer(request(5, 0), NOON) == red.answer(request(5, 5), NOON - 100)
    red.close()


def test_one_cosigner_at_a_time_uses_a_key(alone: Path) -> None:
    red = Cosigner(alone)
    with pytest.raises(TryAgain, match="SP-403"):
        Cosigner(alone)
    red.close()


@pytest.mark.slow
def test_killed_at_any_moment_it_never_signs_backwards(alone: Path) -> None:
    """Real kills, between any two steps; what was answered before a kill is still known after it."""
    chance = random.Random(4)
    answered = 0
    for _ in range(40):
        command = [sys.executable, str(Path(__file__).with_name("cosigning.py")), str(alone)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin and process.stdout
            for _ in range(chance.randrange(1, 4)):
                process.stdin.write(request(answered + 1, answered).hex() + "\n")
                process.stdin.flush()
                said = process.stdout.readline().split()
                if said[0] == "declined":  # killed after it had kept, and before it answered
                    assert said[1] == "409" and int(said[2]) == answered + 1
                answered += 1
            process.stdin.write(request(answered + 1, answered).hex() + "\n")
            process.stdin.flush()
            threading.Event().wait(chance.random() / 200)
            os.kill(process.pid, signal.SIGKILL)
    red = Cosigner(alone)
    for size in range(1, answered):
        assert isinstance(red.answer(request(size, 0, "forged"), NOON), Declined)
        assert isinstance(red.answer(request(size, size - 1), NOON), Declined)
    red.close()
