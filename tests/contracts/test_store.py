"""One suite, every store: what `ledger/store.py` says must hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from safepassage.errors import NOT_ENROLLED, STORE_DAMAGED, Bug, LedgerAtRisk, problem
from safepassage.ledger.store import Kept, Row, Store
from safepassage.ledger.tiles import Tile
from safepassage.stores.memory import MemoryStore
from safepassage.stores.sqlite import SqliteStore
from safepassage.values.encoding import content_id
from safepassage.values.ids import DeviceId, EntryId
from safepassage.values.times import Instant

STORES: dict[str, Callable[[Path], Store]] = {"memory": lambda _: MemoryStore(), "sqlite": SqliteStore}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return STORES[request.param](tmp_path)


def row(index: int, content: str = "") -> Row:
    return Row(index, name(content or f"id {index}"), Instant(1000 + index), f"envelope {index}\n".encode())


def name(content: str) -> EntryId:
    return content_id(content.encode())


def rows(start: int, stop: int) -> list[Row]:
    return [row(index) for index in range(start, stop)]


def kept(number: int, waits: bool) -> Kept:
    found = problem(NOT_ENROLLED, device="m9")
    return Kept(f"digest {number}", DeviceId("m9"), Instant(number), waits, found, f"envelope {number}".encode())


def test_what_was_appended_is_read_back_in_order(store: Store) -> None:
    store.append(rows(0, 3), at=0)
    store.append(rows(3, 2500), at=3)
    assert store.size() == 2500
    assert list(store.read()) == rows(0, 2500)
    assert list(store.read(998, 1003)) == rows(998, 1003)
    assert list(store.read(2499)) == rows(2499, 2500)
    assert list(store.read(2500)) == list(store.read(5, 5)) == []
    assert list(store.read(2490, 9999)) == rows(2490, 2500)


def test_an_empty_store_is_empty(store: Store) -> None:
    assert (store.size(), list(store.read()), store.head(), store.by_ids([name("id 0")])) == (0, [], None, {})
    assert list(store.kept(waits=True)) == list(store.kept(waits=False)) == []


def test_an_entry_is_found_by_its_content(store: Store) -> None:
    store.append(rows(0, 5), at=0)
    assert store.by_ids([name("id 3"), name("id 5"), name("id 1")]) == {name("id 3"): row(3), name("id 1"): row(1)}


def test_many_entries_are_found_at_once(store: Store) -> None:
    store.append(rows(0, 2000), at=0)
    assert store.by_ids([name(f"id {number}") for number in range(-5, 2005)]) == {each.id: each for each in rows(0, 2000)}


def test_two_ids_that_begin_alike_are_told_apart(store: Store) -> None:
    one, other, absent = (EntryId("a" * 60 + end) for end in ("0000", "0001", "0002"))
    alike = [Row(index, id, Instant(1), b"envelope") for index, id in enumerate((one, other))]
    store.append(alike, at=0)
    assert store.by_ids([other, absent]) == {other: alike[1]}
    with pytest.raises(Bug):
        store.append([Row(2, other, Instant(1), b"another")], at=2)


def test_tiles_are_kept_with_a_batch(store: Store) -> None:
    store.append(rows(0, 3), at=0)
    assert (store.tiles(), store.tile(Tile(0, 0))) == (0, None)
    store.append(rows(3, 5), at=3, tiles=[(Tile(0, 0), b"first"), (Tile(0, 1), b"second"), (Tile(1, 0), b"above")])
    assert (store.tiles(), store.tile(Tile(0, 1)), store.tile(Tile(1, 0)), store.tile(Tile(1, 1))) == (2, b"second", b"above", None)
    assert list(store.read()) == rows(0, 5)


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_batch_for_another_place_is_refused(store: Store, at: int) -> None:
    store.append(rows(0, 2), at=0)
    with pytest.raises(LedgerAtRisk) as caught:
        store.append([row(at, "other")], at=at)
    assert caught.value.problem.number == STORE_DAMAGED.number
    assert list(store.read()) == rows(0, 2)


@pytest.mark.parametrize("batch", [[row(2), row(3, "id 1")], [row(2), row(3, "id 2")], [row(2), row(4)]], ids=["old id", "twice", "hole"])
def test_a_batch_with_one_bad_row_leaves_nothing(store: Store, batch: list[Row]) -> None:
    store.append(rows(0, 2), at=0)
    with pytest.raises(Bug):
        store.append(batch, at=2)
    assert list(store.read()) == rows(0, 2)
    store.append(rows(2, 4), at=2)
    assert store.size() == 4


def test_refused_and_waiting_envelopes_are_kept_apart_and_once(store: Store) -> None:
    for number in (3, 1, 2, 1):
        store.keep(kept(number, waits=True))
    store.keep(kept(4, waits=False))
    assert list(store.kept(waits=True)) == [kept(number, True) for number in (3, 1, 2)]
    assert list(store.kept(waits=False)) == [kept(4, False)]
    assert (store.kept_size(waits=True), store.kept_size(waits=False)) == (3, 1)


def test_only_what_waits_is_released(store: Store) -> None:
    store.keep(kept(1, waits=True))
    store.keep(kept(2, waits=False))
    store.release(["digest 1", "digest 2", "digest 3"])
    assert (store.kept_size(waits=True), store.kept_size(waits=False)) == (0, 1)


def test_what_waited_can_be_refused_and_is_then_kept_for_good(store: Store) -> None:
    store.keep(kept(1, waits=True))
    store.keep(kept(1, waits=False))
    store.release(["digest 1"])
    store.keep(kept(1, waits=True))
    assert list(store.kept(waits=False)) == [kept(1, False)]
    assert store.kept_size(waits=True) == 0


def test_many_waiting_envelopes_come_back_in_order(store: Store) -> None:
    for number in range(1100):
        store.keep(kept(number, waits=True))
    assert [found.kept_at for found in store.kept(waits=True)] == list(range(1100))


def test_the_tree_head_is_replaced(store: Store) -> None:
    store.publish(b"one\n", 1)
    store.publish(b"two\n", 2)
    assert store.head() == b"two\n"


def test_a_reader_sees_what_is_appended_while_it_reads(store: Store) -> None:
    store.append(rows(0, 1500), at=0)
    reading = store.read()
    first = next(reading)
    store.append(rows(1500, 1600), at=1500)
    assert [first, *reading] == rows(0, 1500)
    assert store.size() == 1600
