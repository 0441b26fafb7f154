"""Many envelopes at once get the answers, and leave the ledger, that they would one by one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hub.making import House

from safepassage.errors import Refusal
from safepassage.hub.folder import AUTHORITY
from safepassage.ledger.envelope import seal
from safepassage.ledger.ledger import Receipt
from safepassage.observation import to_bytes
from safepassage.observation.vehicles import Passed
from safepassage.values.ids import VehicleId


def altered(data: bytes) -> bytes:
    """Its content says another bus: the signature no longer fits."""
    return data.replace(b"B-07", b"B-08")


def carried(house: House, chance: Random) -> list[bytes]:
    """What a stick may hold: enrolments in the middle, phones that are not enrolled, copies, forgeries, rubbish."""
    batch: list[bytes] = []
    for number in range(chance.choice([3, 40, 260])):
        observer = chance.choice(["m17", "m18", "m19", "m20"])
        made = house.sealed(observer, Passed(VehicleId("B-07")), number, at=chance.choice(["ramouseh", "ramouseh", "nowhere"]))
        batch.append(chance.choice([made] * 8 + [altered(made), b"no envelope"]))
        if chance.random() < 0.2:
            batch.append(chance.choice(batch))
        if chance.random() < 0.02:
            batch.append(enrols(house, "m19"))
    return batch


def enrols(house: House, observer: str) -> bytes:
    enrolment = house.enrolment(house.phone(observer), observer)
    return seal(house.hub.header(AUTHORITY), to_bytes(enrolment), house.folder.keys.signer(AUTHORITY))


def told(answers: list[Receipt | Refusal]) -> list[object]:
    return [(a.index, a.id) if isinstance(a, Receipt) else a.problem for a in answers]


@pytest.mark.parametrize("seed", range(12))
def test_at_once_and_one_by_one_are_the_same(seed: int, tmp_path: Path) -> None:
    one, other = House(tmp_path / "one"), House(tmp_path / "other")
    for house in (one, other):
        house.enrol("m17")
        house.enrol("m18")
    batch = carried(one, Random(seed))
    for _ in range(2):
        at_once, singly = one.hub.receive_all(batch), [other.hub.receive(data) for data in batch]
        assert told(at_once) == told(singly)
    assert one.hub.ledger.head.root == other.hub.ledger.head.root
    for kept in ("refused", "waiting"):
        assert [k.envelope for k in getattr(one.hub, kept)()] == [k.envelope for k in getattr(other.hub, kept)()]
