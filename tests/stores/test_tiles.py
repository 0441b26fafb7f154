"""The public log on disk: what lies there, what is left alone, and that whatever is wrong with it is found and mended."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger.making import LOG, NOON, ORIGIN, Device

from safepassage.errors import TryAgain
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.merkle import Tree, leaf_hash
from safepassage.ledger.tiles import parse_bundle, parse_path, tiles_of
from safepassage.ledger.treehead import TreeHead, open_head
from safepassage.stores.memory import MemoryStore
from safepassage.stores.tiles import Ailment, ailing_files, write_log


def grown(ledger: Ledger, device: Device, number: int) -> Ledger:
    ledger.append(device.counts(number), NOON)
    return ledger


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(MemoryStore(), LOG, ORIGIN)


def test_the_folder_holds_the_log_and_nothing_else(tmp_path: Path, ledger: Ledger) -> None:
    write_log(tmp_path, grown(ledger, Device("m01-1"), 300), LOG.key)
    there = contents(tmp_path)
    assert set(there) == {"checkpoint", "vkey"} | {tile.path for tile in tiles_of(300)}
    assert there["vkey"] == f"{LOG.vkey}\n".encode()
    head = open_head(there["checkpoint"], LOG.key, ORIGIN)
    assert isinstance(head, TreeHead)
    entries = [parse_bundle(there[path]) or [] for path in ("tile/entries/000", "tile/entries/001.p/44")]
    tree = Tree()
    for entry in entries[0] + entries[1]:
        tree.append(leaf_hash(entry))
    assert (len(tree), tree.root()) == (head.size, head.root)


def test_growing_step_by_step_and_at_once_give_the_same_full_tiles(tmp_path: Path, ledger: Ledger) -> None:
    """A partial tile goes when its full one is there; one that no full tile replaces stays, for whoever holds that tree head."""
    device = Device("m01-1")
    for step in (0, 1, 254, 1, 20, 300):
        write_log(tmp_path / "steps", grown(ledger, device, step), LOG.key)
    write_log(tmp_path / "once", ledger, LOG.key)
    steps, once = contents(tmp_path / "steps"), contents(tmp_path / "once")
    assert {path: steps[path] for path in once} == once
    assert all(not tile.full for path in steps.keys() - once.keys() if (tile := parse_path(path)))
    assert not list(ailing_files(tmp_path / "steps", ledger, LOG.key))


def test_a_second_time_writes_nothing(tmp_path: Path, ledger: Ledger) -> None:
    grown(ledger, Device("m01-1"), 300)
    assert write_log(tmp_path, ledger, LOG.key) == 7
    assert write_log(tmp_path, ledger, LOG.key) == 0
    assert write_log(tmp_path, ledger, LOG.key, anew=True) == 0


def test_every_flipped_deleted_or_added_file_is_named_and_mended(tmp_path: Path, ledger: Ledger) -> None:
    write_log(tmp_path, grown(ledger, Device("m01-1"), 300), LOG.key)
    whole = contents(tmp_path)
    for file, data in whole.items():
        for fresh in (None, bytes([data[0] ^ 1]) + data[1:], data + b"x", data[:-1]):
            (tmp_path / file).unlink()
            if fresh is not None:
                (tmp_path / file).write_bytes(fresh)
            found = {ailing.file: ailing.ailment for ailing in ailing_files(tmp_path, ledger, LOG.key)}
            assert found == {file: Ailment.ABSENT if fresh is None else Ailment.ALTERED}
            assert write_log(tmp_path, ledger, LOG.key, anew=True) == 1
            assert contents(tmp_path) == whole
    (tmp_path / "tile/0/000.new").write_bytes(b"half a tile")
    (tmp_path / "tile/0/777").write_bytes(b"")
    assert {ailing.ailment for ailing in ailing_files(tmp_path, ledger, LOG.key)} == {Ailment.STRAY}
    write_log(tmp_path, ledger, LOG.key, anew=True)
    assert contents(tmp_path) == whole


def test_where_it_cannot_be_written_the_ledger_is_untouched(tmp_path: Path, ledger: Ledger) -> None:
    grown(ledger, Device("m01-1"), 3)
    (tmp_path / "log").write_text("a file stands where the folder should")
    with pytest.raises(TryAgain, match="SP-409"):
        write_log(tmp_path / "log", ledger, LOG.key)
    assert ledger.size == 3
