"""Phone to hub over a real server: many at once, one answer for each, and after a lost answer only what has not arrived."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from safepassage.ledger.envelope import content_of
from safepassage.ledger.ledger import Receipt
from safepassage.ledger.tiles import bundle
from safepassage.observation.vehicles import HeadsCounted
from safepassage.values.counts import exactly
from tests.hub.making import House
from tests.sync.phoning import asked, digest, given, there
from tests.sync.serving import serving


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    made.enrol("m18")
    yield made
    made.hub.close()
    assert made.folder.verify().proved


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with serving(house.hub) as here:
        yield here


def counts(house: House, minutes: range, by: str = "m17") -> list[bytes]:
    return [house.sealed(by, HeadsCounted("B-07", exactly(minute)), minute) for minute in minutes]


def test_each_of_a_batch_gets_its_own_answer_in_its_place(house: House, address: str) -> None:
    """Two good ones, between them one that was altered, one that is none, and one of a phone that nobody enrolled."""
    first, second = counts(house, range(1, 3))
    altered = first.replace(b'"B-07"', b'"B-08"')
    (stranger,) = counts(house, range(1, 2), "m30")
    answers = given(address, [first, altered, b"none", stranger, second])
    kinds = ["receipt" if "receipt" in each else each["problem"]["number"] for each in answers]
    assert kinds == ["receipt", 202, 201, 203, "receipt"]
    assert [each.get("later", False) for each in answers] == [False, False, False, True, False]
    assert [each["receipt"]["id"] for each in (answers[0], answers[4])] == [content_of(first), content_of(second)]
    assert len(list(house.hub.refused())) == 2 and len(list(house.hub.waiting())) == 1


def test_a_second_copy_gets_the_receipt_of_the_first_deflated_or_not(house: House, address: str) -> None:
    batch = counts(house, range(1, 6))
    size = house.hub.ledger.size
    once = given(address, batch)
    assert asked(address, "POST", "envelopes", bundle(batch)) == (200, once) and house.hub.ledger.size == size + 5


def test_after_a_lost_answer_the_phone_learns_what_arrived_with_its_receipts(house: House, address: str) -> None:
    batch = counts(house, range(1, 8))
    receipts = [each["receipt"] for each in given(address, batch[:5])]
    shown = there(address, batch[2])
    assert [each["sequence"] for each in shown] == [3, 4, 5]
    assert [each["digest"] for each in shown] == [digest(each) for each in batch[2:5]]
    assert [each["receipt"] for each in shown] == receipts[2:]
    assert there(address, batch[5]) == []


def test_a_strand_ends_where_one_is_missing_and_holds_no_other_devices(house: House, address: str) -> None:
    batch, others = counts(house, range(1, 6)), counts(house, range(1, 4), "m18")
    given(address, [batch[0], others[0], batch[1], others[1], batch[3], others[2]])
    assert [each["sequence"] for each in there(address, batch[0])] == [1, 2]
    assert [each["sequence"] for each in there(address, batch[3])] == [4]


def test_who_has_no_envelope_of_a_device_learns_nothing_of_it(house: House, address: str) -> None:
    """The content may be guessed; the digest holds a signature."""
    (envelope, other) = counts(house, range(1, 3))
    given(address, [envelope, other])
    for id, of in ((content_of(envelope), digest(other)), (content_of(envelope), ""), ("x", digest(envelope)), ("", "")):
        assert asked(address, "GET", f"strand?id={id}&digest={of}") == (200, [])


def test_a_strand_is_told_two_hundred_at_a_time(house: House, address: str) -> None:
    batch = counts(house, range(1, 252))
    assert all(isinstance(each, Receipt) for each in house.hub.receive_all(batch))
    assert len(there(address, batch[0])) == 200 and len(there(address, batch[200])) == 51


def test_what_is_no_batch_or_too_large_is_refused_whole(house: House, address: str) -> None:
    (envelope,) = counts(house, range(1, 2))
    size = house.hub.ledger.size
    for body, encoding in (
        (b"", ""),
        (b"\x00\x09short", ""),
        (bundle([envelope]), "deflate"),
        (zlib.compress(bundle([envelope]))[:-5], "deflate"),
        (zlib.compress(b"\0" * 1_000_001), "deflate"),
        (bundle([envelope] * 201), ""),
        (b"\0" * 1_000_001, ""),
    ):
        status, problem = asked(address, "POST", "envelopes", body, encoding)
        assert (status, problem["number"]) == (400, 201)
    assert house.hub.ledger.size == size and not list(house.hub.refused())
