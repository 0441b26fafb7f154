"""`doctor` names what is damaged, says what can be made again, makes that, and touches nothing else."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from hub.making import House

from safepassage.cli import main
from safepassage.hub.doctor import Examination, examine
from safepassage.hub.folder import open_folder
from safepassage.observation.vehicles import Passed
from safepassage.values.ids import VehicleId


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of some 300 entries with its public log, closed."""
    house = House(tmp_path_factory.mktemp("doctor") / "night")
    house.enrol("m17")
    house.hub.receive_all([house.sealed("m17", Passed(VehicleId("B-07")), minutes) for minutes in range(300)])
    house.hub.receive(house.sealed("m17", Passed(VehicleId("B-07")), 300))
    house.hub.receive(b"no envelope")
    house.hub.close()
    house.folder.write_log()
    return house.folder.path


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "night"))


def examined(path: Path) -> Examination:
    return examine(open_folder(path))


def numbers(found: Examination) -> set[int]:
    return {finding.problem.number for finding in found.findings}


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def test_a_whole_folder_is_whole(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert examined(path).whole
    assert main(["doctor", str(path)]) == 0
    assert "all is whole" in capsys.readouterr().out


def test_a_deleted_and_a_flipped_tile_are_named_and_made_anew(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {file: file.read_bytes() for file in (path / "log").rglob("*") if file.is_file()}
    (path / "log/tile/0/000").unlink()
    flip(path / "log/tile/entries/000", 700)
    assert main(["doctor", str(path)]) == 1
    said = capsys.readouterr().out
    assert "tile/0/000" in said and "tile/entries/000" in said and "--rebuild" in said
    assert main(["doctor", str(path), "--rebuild"]) == 0
    assert {file: file.read_bytes() for file in (path / "log").rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("deleted", ["treehead", "ledger.sqlite"])
def test_what_cannot_be_made_again_is_named_and_nothing_is_rebuilt(path: Path, deleted: str, capsys: pytest.CaptureFixture[str]) -> None:
    (path / deleted).unlink()
    (path / "log/vkey").unlink()
    assert main(["doctor", str(path), "--rebuild"]) == 3
    said = capsys.readouterr().out
    assert f"CANNOT BE MADE AGAIN: SP-4{'10' if deleted == 'treehead' else '01'}" in said and deleted in said
    assert not (path / deleted).exists() and not (path / "log/vkey").exists()


def test_any_flipped_bit_of_the_tree_head_is_named(path: Path) -> None:
    for at in range(0, len((path / "treehead").read_bytes()), 7):
        flip(path / "treehead", at)
        assert 410 in numbers(examined(path)) and examined(path).at_risk
        flip(path / "treehead", at)
    assert examined(path).whole


def test_a_flipped_bit_in_an_entry_is_named_with_its_number(path: Path) -> None:
    with sqlite3.connect(path / "ledger.sqlite") as database:
        (envelope,) = database.execute("SELECT envelope FROM entries WHERE idx = 200").fetchone()
        database.execute("PRAGMA journal_mode = DELETE")
    data = (path / "ledger.sqlite").read_bytes()
    flip(path / "ledger.sqlite", data.index(envelope[-300:]) + 20)
    found = examined(path)
    assert found.at_risk and found.good == 0, "nothing is proved where the root does not fit"
    assert any("entry 200" in finding.problem.what for finding in found.findings)


def test_a_flipped_bit_in_what_was_not_accepted_is_named(path: Path) -> None:
    with sqlite3.connect(path / "ledger.sqlite") as database:
        database.execute("UPDATE quarantine SET envelope = x'00'")
    assert any("not accepted" in finding.problem.what for finding in examined(path).findings)


@pytest.mark.parametrize(
    ("damage", "number"),
    [
        ("UPDATE hashes SET data = zeroblob(8192)", 420),
        ("DELETE FROM ids WHERE idx = 77", 421),
        ("UPDATE ids SET idx = 999 WHERE idx = 77", 421),
    ],
    ids=["hashes", "lost from the index", "astray in the index"],
)
def test_what_follows_from_the_entries_is_named_and_made_anew(
    path: Path, damage: str, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(path / "ledger.sqlite") as database:
        assert database.execute("SELECT count(*) FROM hashes").fetchone() == (1,)
        assert database.execute(damage).rowcount == 1
    assert numbers(examined(path)) == {number} and not examined(path).at_risk
    assert main(["doctor", str(path), "--rebuild"]) == 0
    assert "all is whole" in capsys.readouterr().out


@pytest.mark.parametrize("seed", range(12))
def test_a_torn_page_is_named(path: Path, seed: int) -> None:
    """Any page, its first half lost: SQLite's own check or ours sees it, and whichever it is, nothing raises."""
    database = path / "ledger.sqlite"
    data = bytearray(database.read_bytes())
    page = random.Random(seed).randrange(len(data) // 4096) * 4096
    if not any(data[page : page + 2048]):
        pytest.skip("the page is empty there")
    data[page : page + 2048] = bytes(2048)
    database.write_bytes(data)
    assert examined(path).at_risk


def test_an_older_database_beside_the_newest_tree_head_is_named(path: Path) -> None:
    with sqlite3.connect(path / "ledger.sqlite") as database:
        database.execute("DELETE FROM entries WHERE idx >= 290")
    found = examined(path)
    assert found.at_risk and found.good == 290
    assert any("signs 302 entries" in finding.problem.what or "290 are here" in finding.problem.what for finding in found.findings)


def test_an_older_public_log_is_no_damage(path: Path) -> None:
    """It is written on request; that the ledger has grown since is as it should be."""
    house = House(path.parent / "other")
    house.folder.write_log()
    house.enrol("m17")
    house.hub.close()
    assert examined(house.folder.path).whole


@pytest.mark.slow
def test_a_flipped_bit_anywhere_is_named_or_changes_nothing_that_is_signed(path: Path) -> None:
    """Bits flip in unused space too; the hub's own time of an entry is the one thing that is not under the tree head."""
    database, chance = path / "ledger.sqlite", random.Random(4)
    sound = database.read_bytes()
    signed = "SELECT idx, id, envelope FROM entries ORDER BY idx"
    kept = "SELECT digest, envelope FROM quarantine ORDER BY digest"
    first = sqlite3.connect(database)
    meant = [first.execute(query).fetchall() for query in (signed, kept)]
    first.close()
    named = 0
    for _ in range(150):
        at = chance.randrange(len(sound))
        database.write_bytes(sound[:at] + bytes([sound[at] ^ 1 << chance.randrange(8)]) + sound[at + 1 :])
        for beside in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
            (path / beside).unlink(missing_ok=True)
        if examined(path).whole:
            connection = sqlite3.connect(database)
            assert [connection.execute(query).fetchall() for query in (signed, kept)] == meant
            connection.close()
        else:
            named += 1
    assert named > 75
