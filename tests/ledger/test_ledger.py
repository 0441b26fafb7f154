"""The ledger over a store: receipts, order of steps, and what it refuses to sign over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.errors import (
    BAD_SIGNATURE,
    DISK_FULL,
    HEAD_IN_DOUBT,
    HEAD_NOT_WRITTEN,
    NO_KEY,
    NOT_ENROLLED,
    QUARANTINE_FULL,
    STORE_DAMAGED,
    InputError,
    LedgerAtRisk,
    Refusal,
    TryAgain,
    problem,
    stop,
)
from safepassage.ledger import ledger as ledger_module
from safepassage.ledger.chains import Chain, Chains
from safepassage.ledger.envelope import Envelope, Header
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.merkle import leaf_hash, root_of
from safepassage.ledger.proof import check_proof
from safepassage.ledger.store import Row
from safepassage.ledger.tiles import Tile
from safepassage.ledger.treehead import TreeHead, open_head
from safepassage.stores.memory import MemoryStore
from safepassage.values.ids import DeviceId
from safepassage.values.times import Instant

from .making import DEPLOYMENT, LOG, NOON, ORIGIN, Device, digest


def opened(store: MemoryStore) -> Ledger:
    return Ledger(store, LOG, ORIGIN)


def filled(number: int = 5) -> tuple[MemoryStore, Ledger, list[Envelope]]:
    store, envelopes = MemoryStore(), Device("m17-1").counts(number)
    ledger = opened(store)
    ledger.append(envelopes, NOON)
    return store, ledger, envelopes


def test_receipts_say_where_and_when() -> None:
    store, ledger, envelopes = filled(2)
    third = Device("m18-1").says(n=0)
    receipt = ledger.append([third], Instant(NOON + 5))[0]
    assert (receipt.id, receipt.index, receipt.logged_at, receipt.tree_size) == (third.id, 2, NOON + 5, 3)
    assert [row.envelope for row in store.read()] == [envelope.data for envelope in [*envelopes, third]]


def test_the_tree_head_covers_everything_and_is_signed() -> None:
    """Source: DESIGN 4; C2SP tlog-checkpoint.md."""
    store, ledger, envelopes = filled()
    root = root_of(leaf_hash(envelope.data) for envelope in envelopes)
    assert open_head(store.head() or b"", LOG.key, ORIGIN) == TreeHead(ORIGIN, 5, root) == ledger.head


def test_a_second_copy_gets_the_old_receipt_in_whatever_batch() -> None:
    store, ledger, envelopes = filled(2)
    first = ledger.known(envelopes[0].data)
    fresh = Device("m18-1").says(n=1)
    again = ledger.append([fresh, envelopes[0], fresh], Instant(NOON + 9))
    assert [receipt.index for receipt in again] == [2, 0, 2]
    assert first is not None and (again[1].index, again[1].logged_at) == (first.index, first.logged_at)
    assert store.size() == 3


def test_the_same_content_in_another_envelope_is_known() -> None:
    _, ledger, envelopes = filled(1)
    device = Device("m17-1")
    other = device.sealed(Header(DEPLOYMENT, device.name, 2, 1), n=0)
    assert other.data != envelopes[0].data
    assert ledger.known(other.data) == ledger.known_id(envelopes[0].id)
    assert ledger.known(b"not an envelope") is None
    assert ledger.known(device.says(n=99).data) is None


def test_time_of_logging_never_runs_backwards() -> None:
    store, ledger, _ = filled(1)
    ledger.append([Device("m18-1").says(n=1)], Instant(NOON - 1000))
    assert [row.logged_at for row in store.read()] == [NOON, NOON]


def test_opened_again_it_is_the_same() -> None:
    store, ledger, envelopes = filled()
    again = opened(store)
    assert (again.size, again.head, again.chains()) == (ledger.size, ledger.head, ledger.chains())
    assert again.known(envelopes[3].data) == ledger.known(envelopes[3].data)


def test_every_entry_is_proved_to_a_stranger() -> None:
    """Source: C2SP tlog-proof.md."""
    _, ledger, envelopes = filled(9)
    for index, envelope in enumerate(envelopes):
        assert check_proof(ledger.prove(index), envelope.data, LOG.key, ORIGIN) == ledger.head


def test_a_tree_head_behind_the_entries_is_signed_again() -> None:
    """The trace of a kill between commit and publication."""
    store, ledger, _ = filled(3)
    behind = store.head()
    ledger.append([Device("m18-1").says(n=1)], NOON)
    assert behind is not None
    store.publish(behind, 3)
    assert opened(store).head.size == 4


class Rewritten(MemoryStore):
    """A store in which somebody changes what is there."""

    def change(self, rows: Sequence[Row], head: bytes | None) -> None:
        self._rows, self._head = list(rows), head

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """By index, as a database does, also where one is missing."""
        yield from [row for row in self._rows if row.index >= start and (stop is None or row.index < stop)]


def copy(store: MemoryStore) -> tuple[Rewritten, list[Row], bytes | None]:
    return Rewritten(), list(store.read()), store.head()


@pytest.mark.parametrize("damage", ["fewer", "swapped", "hole", "altered", "other id"])
def test_entries_that_are_not_those_that_were_signed_stop_it(damage: str) -> None:
    other, rows, head = copy(filled()[0])
    stranger = Device("m18-1").says(n=1)
    changed = {
        "fewer": rows[:4],
        "swapped": [rows[0], *(Row(index, rows[3 - index].id, NOON, rows[3 - index].envelope) for index in (1, 2)), *rows[3:]],
        "hole": [rows[0], *rows[2:]],
        "altered": [*rows[:4], Row(4, stranger.id, NOON, stranger.data)],
        "other id": [*rows[:4], Row(4, stranger.id, NOON, rows[4].envelope)],
    }
    other.change(changed[damage], head)
    with pytest.raises(LedgerAtRisk) as caught:
        opened(other)
    assert caught.value.problem.number == STORE_DAMAGED.number


def long(number: int = 600) -> tuple[Rewritten, Ledger]:
    """A ledger of more than two full tiles, as it lies; and opened again."""
    store, head = filled(number)[0], Device("m18-1").says(n=1)
    opened(store).append([head], NOON)  # with it the tiles are kept
    other = Rewritten()
    other.change(list(store.read()), store.head())
    other._tiles = store._tiles
    return other, opened(other)


def test_a_long_ledger_is_opened_from_its_tiles_and_is_the_same() -> None:
    store, again = long()
    rows = list(store.read())
    assert (store.tiles(), again.size) == (2, 601)
    assert again.root_at(601) == root_of(leaf_hash(row.envelope) for row in rows) == again.head.root
    assert list(again.read()) == rows
    assert again.newest_of(DeviceId("m17-1"), 1) == (600, digest(rows[599].envelope))
    for index in (0, 255, 256, 511, 512, 600):
        assert check_proof(again.prove(index), rows[index].envelope, LOG.key, ORIGIN) == again.head


@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_an_old_entry_that_is_not_what_was_signed_is_never_given_out(damage: str) -> None:
    """Opening rests on the tiles; whoever reads an entry is given it only if the tree holds it."""
    store, _ = long()
    rows = list(store.read())
    other = Row(100, rows[100].id, rows[100].logged_at, Device("m19-1").says(n=1).data)
    store.change([*rows[:100], *([other] if damage == "altered" else []), *rows[101:]], store.head())
    ledger = opened(store)
    assert len(list(ledger.read(0, 100))) == 100
    with pytest.raises(LedgerAtRisk) as caught:
        list(ledger.read(90, 110))
    assert caught.value.problem.number == STORE_DAMAGED.number and "entry 100" in caught.value.problem.what


def test_fewer_entries_than_there_are_hashes_stop_it() -> None:
    store, _ = long()
    store.change(list(store.read())[:300], store.head())
    with pytest.raises(LedgerAtRisk) as caught:
        opened(store)
    assert caught.value.problem.number == STORE_DAMAGED.number


def test_copies_are_known_by_their_very_bytes() -> None:
    _, ledger, envelopes = filled(3)
    device = Device("m17-1")
    other = device.sealed(Header(DEPLOYMENT, device.name, 2, 1), n=0)
    batch = [envelopes[2].data, other.data, b"not an envelope", Device("m18-1").says(n=7).data, envelopes[0].data]
    found = ledger.known_copies(batch)
    assert found == [ledger.known_id(envelopes[2].id), None, None, None, ledger.known_id(envelopes[0].id)]


@pytest.mark.parametrize("head", [None, b"", b"torn", filled(5)[0].head()[:-9]], ids=["gone", "empty", "torn", "cut"])  # type: ignore[index]
def test_a_tree_head_that_cannot_be_read_is_in_doubt(head: bytes | None) -> None:
    """We cannot tell what was published: stop, and say so. Source: STYLE 3."""
    other, rows, _ = copy(filled()[0])
    other.change(rows, head)
    with pytest.raises(LedgerAtRisk) as caught:
        opened(other)
    assert caught.value.problem.number == HEAD_IN_DOUBT.number


def test_another_logs_tree_head_is_in_doubt() -> None:
    store = filled()[0]
    with pytest.raises(LedgerAtRisk):
        Ledger(store, LOG, "safepassage/other")
    with pytest.raises(LedgerAtRisk):
        Ledger(store, Device("m17-1").signer, ORIGIN)


def test_a_head_that_somebody_else_replaced_stops_it_for_good() -> None:
    store, ledger, _ = filled()
    store.publish(b"something else\n", 9)
    for _ in range(2):
        with pytest.raises(LedgerAtRisk) as caught:
            ledger.append([Device("m18-1").says(n=1)], NOON)
        assert caught.value.problem.number == HEAD_IN_DOUBT.number
    assert store.head() == b"something else\n"


class Failing(MemoryStore):
    """A store whose disk fails at a named step."""

    fails = ""

    def append(self, batch: Sequence[Row], at: int, tiles: Sequence[tuple[Tile, bytes]] = ()) -> None:
        if self.fails == "append":
            stop(DISK_FULL)
        super().append(batch, at, tiles)
        if self.fails == "other bytes":
            self._rows[-1] = Row(at, batch[-1].id, NOON, batch[-1].envelope + b"\n")
        if self.fails == "other time":
            self._rows[-1] = Row(at, batch[-1].id, Instant(NOON + 1), batch[-1].envelope)
        if self.fails == "nothing":
            self._rows.pop()

    def publish(self, head: bytes, size: int) -> None:
        if self.fails == "publish":
            stop(HEAD_NOT_WRITTEN, reason="no space")
        super().publish(head, size)


def test_a_full_disk_leaves_nothing_and_the_same_call_succeeds_later() -> None:
    store, envelope = Failing(), Device("m17-1").says(n=1)
    ledger = opened(store)
    store.fails = "append"
    with pytest.raises(TryAgain):
        ledger.append([envelope], NOON)
    assert (ledger.size, store.size(), ledger.known(envelope.data)) == (0, 0, None)
    store.fails = ""
    assert ledger.append([envelope], NOON)[0].index == 0


def test_without_a_tree_head_nothing_is_acknowledged_and_sent_again_it_is_there_once() -> None:
    store, envelope = Failing(), Device("m17-1").says(n=1)
    ledger = opened(store)
    store.fails = "publish"
    with pytest.raises(TryAgain) as caught:
        ledger.append([envelope], NOON)
    assert caught.value.problem.number == HEAD_NOT_WRITTEN.number
    store.fails = ""
    assert ledger.append([envelope], NOON)[0].index == 0
    assert (store.size(), ledger.head.size) == (1, 1)


@pytest.mark.parametrize("fails", ["other bytes", "other time", "nothing"])
def test_a_disk_that_gives_back_something_else_is_not_signed_for(fails: str) -> None:
    store = Failing()
    ledger = opened(store)
    store.fails = fails
    with pytest.raises(LedgerAtRisk):
        ledger.append([Device("m17-1").says(n=1)], NOON)
    assert open_head(store.head() or b"", LOG.key, ORIGIN) == TreeHead(ORIGIN, 0, root_of([]))


def test_opened_for_reading_it_does_not_append() -> None:
    store, ledger, _ = filled()
    for key in (None, LOG.key):
        reading = Ledger(store, None, ORIGIN, key)
        assert reading.head == ledger.head
        with pytest.raises(InputError) as caught:
            reading.append([Device("m18-1").says(n=1)], NOON)
        assert caught.value.problem.number == NO_KEY.number


def test_refused_and_waiting_envelopes_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Source: DESIGN 2, "Order of judgement"."""
    _, ledger, _ = filled(1)
    first, second = Device("m9-1").counts(2)
    monkeypatch.setattr(ledger_module, "MOST_WAITING", 1)
    assert ledger.wait(first, NOON).problem.number == NOT_ENROLLED.number
    assert ledger.wait(second, NOON).problem.number == QUARANTINE_FULL.number
    bad = ledger.refuse(Refusal(problem(BAD_SIGNATURE, device="m9-1"), b"bytes"), NOON)
    assert [kept.envelope for kept in ledger.refused()] == [bad.envelope]
    assert [kept.envelope for kept in ledger.waiting()] == [first.data]
    ledger.release([first.digest])
    assert list(ledger.waiting()) == []


def test_a_gap_is_logged_and_open_until_it_is_filled() -> None:
    _, ledger, _ = filled(0)
    envelopes = Device("m17-1").counts(6)
    ledger.append([envelopes[0], envelopes[3], envelopes[5]], NOON)
    assert ledger.chains() == [Chain(envelopes[0].header.device, 1, 3, 6, open=((2, 3), (5, 5)))]
    ledger.append([envelopes[4], envelopes[1], envelopes[2]], NOON)
    assert ledger.chains() == [Chain(envelopes[0].header.device, 1, 6, 6)]


def test_a_fork_is_logged_and_the_device_marked() -> None:
    _, ledger, envelopes = filled(2)
    device = Device("m17-1")
    device.says(n=0)
    ledger.append([device.says(n="another second")], NOON)
    [chain] = ledger.chains()
    assert (chain.entries, chain.last, chain.forked, chain.equivocates) == (3, 2, (2,), True)
    assert envelopes[1].header.sequence == 2


def test_a_break_in_the_chain_is_shown() -> None:
    _, ledger, _ = filled(2)
    device = Device("m17-1")
    device.sequence, device.previous = 2, "a" * 64
    ledger.append([device.says(n="after something else")], NOON)
    assert ledger.chains()[0].unlinked == (3,)


@given(st.permutations(range(12)), st.lists(st.integers(0, 11), max_size=6))
def test_chains_do_not_depend_on_order_or_doubling(order: list[int], doubled: list[int]) -> None:
    one, fork, other = Device("m17-1"), Device("m17-1"), Device("m18-1")
    envelopes = [*one.counts(5), *(fork.says(n=n, again=n > 1) for n in range(4)), *other.counts(4)[1:]]
    plain, shuffled = Chains(), Chains()
    for envelope in envelopes:
        plain.add(envelope.header, envelope.digest)
    for index in [*order, *doubled]:
        shuffled.add(envelopes[index].header, envelopes[index].digest)
    assert plain.summary() == shuffled.summary()
