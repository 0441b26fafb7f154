"""The plain check: what it proves of a good ledger, and that it finds every defect planted in one."""

from __future__ import annotations

import pytest

from safepassage.ledger import treehead
from safepassage.ledger.envelope import Envelope, Header
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.merkle import leaf_hash, root_of
from safepassage.ledger.store import Row
from safepassage.ledger.treehead import TreeHead
from safepassage.ledger.verify import Verification, verify
from safepassage.stores.memory import MemoryStore
from safepassage.values.ids import DeploymentId, DeviceId
from safepassage.values.times import Instant

from .making import DEPLOYMENT, LOG, NOON, ORIGIN, Device, enrolments


def story() -> list[Envelope]:
    desk, phone = Device("desk-1"), Device("m17-1")
    return [desk.enrols(desk), desk.enrols(phone), *phone.counts(6)]


def kept(envelopes: list[Envelope]) -> list[Row]:
    return [Row(index, envelope.id, Instant(NOON + index), envelope.data) for index, envelope in enumerate(envelopes)]


def signed(rows: list[Row], size: int | None = None) -> bytes:
    leaves = [leaf_hash(row.envelope) for row in rows][:size]
    return treehead.sign(TreeHead(ORIGIN, len(leaves), root_of(leaves)), LOG)


def checked(rows: list[Row], *heads: bytes) -> Verification:
    return verify(rows, heads, LOG.key, ORIGIN, enrolments)


def test_a_good_ledger_is_proved_and_the_counts_say_what() -> None:
    rows = kept(story())
    found = checked(rows, signed(rows, 3), signed(rows))
    assert found.proved and found.problems == ()
    assert (found.entries, found.good, found.signatures, found.devices, found.heads) == (8, 8, 8, 2, 2)
    assert found.root == root_of(leaf_hash(row.envelope) for row in rows)
    assert [chain.entries for chain in found.chains] == [2, 6]


def test_what_the_ledger_wrote_verifies() -> None:
    """The clever beside the plain. Source: DESIGN 1."""
    store = MemoryStore()
    ledger = Ledger(store, LOG, ORIGIN)
    for envelope in story():
        ledger.append([envelope], NOON)
    assert checked(list(store.read()), store.head() or b"").proved


DEFECTS = ["missing", "swapped", "doubled", "other id", "time runs back", "bit in the payload", "bit in the signature", "not an envelope"]


def planted(defect: str, rows: list[Row]) -> list[Row]:
    def at(index: int, data: bytes) -> list[Row]:
        row = rows[index]
        return [*rows[:index], Row(index, row.id, Instant(row.logged_at), data), *rows[index + 1 :]]

    match defect:
        case "missing":
            return [*rows[:4], *rows[5:]]
        case "swapped":
            return at(4, rows[5].envelope)
        case "doubled":
            return [*rows, Row(8, rows[7].id, Instant(NOON + 9), rows[7].envelope)]
        case "other id":
            return [*rows[:4], Row(4, rows[5].id, rows[4].logged_at, rows[4].envelope), *rows[5:]]
        case "time runs back":
            return [*rows[:4], Row(4, rows[4].id, NOON, rows[4].envelope), *rows[5:]]
        case "bit in the payload":
            return at(4, rows[4].envelope.replace(b'"n":2', b'"n":3'))
        case "bit in the signature":
            return at(4, rows[4].envelope[:-20] + bytes([rows[4].envelope[-20] ^ 1]) + rows[4].envelope[-19:])
    return at(4, b"nothing of the kind\n")


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_found_where_it_is_even_if_the_log_signed_it(defect: str) -> None:
    rows = kept(story())
    bad = planted(defect, rows)
    found = checked(bad, signed(bad))
    assert not found.proved
    assert found.good == (8 if defect == "doubled" else 4)
    assert found.problems[0].where.field == f"entry {found.good}"


def test_a_rewritten_past_is_found_by_the_old_tree_head() -> None:
    rows, other = kept(story()), kept(story()[:7])
    desk = Device("desk-1")
    desk.sequence, desk.previous = 2, story()[1].digest
    last = desk.says(n="in place of what was seen")
    other.append(Row(7, last.id, Instant(NOON + 7), last.data))
    assert checked(other, signed(other)).proved
    found = checked(other, signed(other), signed(rows))
    assert not found.proved and "another root" in found.problems[0].what


def test_entries_that_no_tree_head_covers_are_not_proved() -> None:
    rows = kept(story())
    assert (checked(rows, signed(rows, 5)).proved, checked(rows, signed(rows, 5)).good) == (False, 5)
    assert checked(rows).good == 0
    assert checked(rows[:6], signed(rows)).good == 0 or not checked(rows[:6], signed(rows)).proved


def test_a_tree_head_of_another_key_or_log_proves_nothing() -> None:
    rows = kept(story())
    root = root_of(leaf_hash(row.envelope) for row in rows)
    other = treehead.sign(TreeHead(ORIGIN, 8, root), demo_signer(DeploymentId("other"), DeviceId("log")))
    elsewhere = treehead.sign(TreeHead("safepassage/other", 8, root), LOG)
    assert not checked(rows, other).proved and not checked(rows, elsewhere).proved


def test_a_device_that_nobody_enrolled_before_is_found() -> None:
    desk, phone = Device("desk-1"), Device("m17-1")
    rows = kept([desk.enrols(desk), phone.says(n=0), desk.enrols(phone)])
    assert (checked(rows, signed(rows)).good, checked(rows, signed(rows)).signatures) == (1, 2)


def test_a_device_cannot_enrol_itself_after_the_opening() -> None:
    desk, phone = Device("desk-1"), Device("m17-1")
    rows = kept([desk.enrols(desk), phone.enrols(phone), phone.says(n=0)])
    assert checked(rows, signed(rows)).signatures == 1


def test_the_first_key_of_a_device_stands() -> None:
    desk, phone, thief = Device("desk-1"), Device("m17-1"), Device("m17-1")
    thief.signer = demo_signer(DeploymentId("other"), DeviceId("m17-1"))
    rows = kept([desk.enrols(desk), desk.enrols(phone), desk.enrols(thief), phone.says(n=0)])
    found = checked(rows, signed(rows))
    assert found.proved and found.enrolled_again == 1


def test_quoted_tree_heads_are_compared() -> None:
    """A device that quotes a tree head which is not of this log saw another hub's, or another view of this one."""
    desk = Device("desk-1")
    opening = desk.enrols(desk)
    root = root_of([leaf_hash(opening.data)]).hex()
    fits = desk.sealed(Header(DEPLOYMENT, desk.name, 1, 2, opening.digest, 1, root), n=1)
    other = desk.sealed(Header(DEPLOYMENT, desk.name, 1, 3, fits.digest, 1, "a" * 64), n=2)
    rows = kept([opening, fits, other])
    found = checked(rows, signed(rows))
    assert (found.proved, found.quoted, found.elsewhere) == (True, 1, 1)


def test_progress_is_told() -> None:
    told: list[int] = []
    rows = kept(story())
    verify(rows, [signed(rows)], LOG.key, ORIGIN, enrolments, told.append)
    assert told == [8]
