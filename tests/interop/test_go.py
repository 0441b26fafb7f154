"""Go's own packages for signed notes and tiled logs verify our logs; built from Debian's packages alone, without a network.

Source: golang.org/x/mod/sumdb/note and tlog, the code that checks every Go module's download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from ledger.making import NOON, ORIGIN, Device

from safepassage.cli import main
from safepassage.hub.folder import open_folder
from safepassage.ledger.keys import signer_from_seed
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.proof import render
from safepassage.stores.memory import MemoryStore
from safepassage.stores.tiles import write_log

pytestmark = pytest.mark.slow
GOCODE = Path("/usr/share/gocode")
LOG, STRANGER = signer_from_seed(ORIGIN, b"l" * 32), signer_from_seed(ORIGIN, b"s" * 32)
"""Two keys of one name: a log's key is called what its tree heads begin with."""


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, built from tests/interop/main.go."""
    if not shutil.which("go") or not (GOCODE / "src/golang.org/x/mod/sumdb").is_dir():
        pytest.skip("no Go here, or not its packages for tiled logs: `make test` installs both")
    built = tmp_path_factory.mktemp("go")
    offline = {"GOPATH": str(GOCODE), "GO111MODULE": "off", "GOFLAGS": "", "GOPROXY": "off", "GOCACHE": str(built / "cache")}
    source = Path(__file__).with_name("main.go")
    subprocess.run(["go", "build", "-o", str(built / "interop"), str(source)], check=True, env=os.environ | offline, cwd=built)
    return built / "interop"


def asked(go: Path, *words: object) -> tuple[int, str]:
    ran = subprocess.run([str(go), *map(str, words)], capture_output=True, text=True)
    return ran.returncode, ran.stdout + ran.stderr


def public(folder: Path, size: int) -> Ledger:
    ledger = Ledger(MemoryStore(), LOG, ORIGIN)
    ledger.append(Device("m01-1").counts(size), NOON)
    write_log(folder, ledger, LOG.key)
    return ledger


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, 700, 1300])
def test_go_finds_tree_head_tiles_and_inclusion_to_hold(go: Path, tmp_path: Path, size: int) -> None:
    public(tmp_path, size)
    assert asked(go, tmp_path, LOG.vkey)[0] == 0, asked(go, tmp_path, LOG.vkey)
    assert asked(go, tmp_path, STRANGER.vkey)[0] == 1


def test_go_refuses_every_altered_file(go: Path, tmp_path: Path) -> None:
    """A reader that trusted Go's tile reader alone would pass some of these: our program looks at every tile itself."""
    public(tmp_path, 700)
    for file in [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "vkey"]:
        data = file.read_bytes()
        for at in {0, len(data) // 2, len(data) - 1}:
            file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            assert asked(go, tmp_path, LOG.vkey)[0] == 1, f"{file} changed at {at}"
        file.unlink()
        assert asked(go, tmp_path, LOG.vkey)[0] == 1, f"{file} deleted"
        file.write_bytes(data)
    assert asked(go, tmp_path, LOG.vkey)[0] == 0


def test_go_verifies_our_proofs_and_no_other(go: Path, tmp_path: Path) -> None:
    ledger = public(tmp_path, 300)
    for index in (0, 1, 255, 256, 299):
        (row,) = ledger.read(index, index + 1)
        (tmp_path / "entry").write_bytes(row.envelope)
        (tmp_path / "proof").write_bytes(render(ledger.prove(index)))
        assert asked(go, "--proof", tmp_path / "proof", tmp_path / "entry", LOG.vkey)[0] == 0
        assert asked(go, "--proof", tmp_path / "proof", tmp_path / "entry", STRANGER.vkey)[0] == 1
        (tmp_path / "entry").write_bytes(row.envelope + b"\n")
        assert asked(go, "--proof", tmp_path / "proof", tmp_path / "entry", LOG.vkey)[0] == 1


def test_go_verifies_the_log_of_a_demonstration(go: Path, tmp_path: Path) -> None:
    assert main(["demo", "six-buses-burned", "--once", "--into", str(tmp_path / "night")]) == 0
    code, said = asked(go, tmp_path / "night" / "log", open_folder(tmp_path / "night").about.log)
    assert code == 0 and "entries and " in said
