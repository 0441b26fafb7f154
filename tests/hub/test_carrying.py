"""Two hubs of one deployment hear what the other has by bundle: each keeps a log of its own, and nothing is carried in vain."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from safepassage.hub.carrying import Taken, frontier_of, lacking, take
from safepassage.hub.folder import AUTHORITY
from safepassage.hub.hub import Hub
from safepassage.ledger.frontier import Frontier
from safepassage.ledger.ledger import Receipt
from safepassage.observation.vehicles import HeadsCounted
from safepassage.values.counts import exactly
from safepassage.values.times import MINUTE, Instant
from tests.hub.making import DAWN, NAME, House, further

NOTHING = Frontier(NAME, "", 0)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    for observer in ("m17", "m18", "m19"):
        made.enrol(observer)
    yield made
    made.hub.close()
    assert made.folder.verify().proved


@pytest.fixture
def east(tmp_path: Path, house: House) -> Iterator[Hub]:
    hub = further(tmp_path / "east", house, "east")
    yield hub
    hub.close()
    assert hub.folder.verify().proved


def counted(house: House, hub: Hub, observer: str, minute: int) -> None:
    house.now = max(house.now, Instant(DAWN + minute * MINUTE))
    answer = hub.receive(house.sealed(observer, HeadsCounted("B-07", exactly(minute)), minute))
    assert isinstance(answer, Receipt), answer


def carry(source: Hub, target: Hub) -> Taken:
    return take(target, list(lacking(source.ledger, frontier_of(target.ledger, NAME))))


def ids(hub: Hub) -> set[str]:
    return {row.id for row in hub.ledger.read()}


def test_two_hubs_that_hear_each_other_have_the_same_entries_in_logs_of_their_own(house: House, east: Hub) -> None:
    counted(house, house.hub, "m17", 1)
    carry(house.hub, east)
    for minute in range(2, 9):
        counted(house, house.hub if minute % 2 else east, "m18" if minute % 3 else "m19", minute)
    carry(east, house.hub)
    carry(house.hub, east)
    assert ids(east) == ids(house.hub)
    assert east.ledger.head.root != house.hub.ledger.head.root
    assert east.folder.origin == "safepassage/night/east"


def test_only_what_the_other_lacks_is_carried(house: House, east: Hub) -> None:
    carry(house.hub, east)
    counted(house, house.hub, "m17", 1)
    counted(house, house.hub, "m17", 2)
    assert carry(house.hub, east) == Taken(fresh=2)
    assert list(lacking(house.hub.ledger, frontier_of(east.ledger, NAME))) == []


def test_in_any_order_everything_waits_for_the_opening_and_for_enrolments(house: House, east: Hub) -> None:
    """A ledger begins with its opening, whatever arrives first."""
    for minute in range(1, 6):
        counted(house, house.hub, f"m1{7 + minute % 3}", minute)
    all_of_it = list(lacking(house.hub.ledger, NOTHING))
    random.Random(7).shuffle(all_of_it)
    take(east, [*all_of_it, *all_of_it[:4]])
    assert ids(east) == ids(house.hub)
    assert list(east.waiting()) == []
    assert next(iter(east.ledger.read())).id == next(iter(house.hub.ledger.read())).id


def test_what_waits_for_the_opening_still_waits_after_a_restart(house: House, east: Hub) -> None:
    opening, *rest = lacking(house.hub.ledger, NOTHING)
    assert take(east, rest).waiting == len(rest)
    east.close()
    again = Hub(east.folder, east.clock)
    assert len(list(again.waiting())) == len(rest)
    assert take(again, [opening]).fresh == len(rest) + 1
    assert ids(again) == ids(house.hub)
    again.close()


def test_a_branch_of_a_forked_device_reaches_whoever_has_the_other(house: House, east: Hub) -> None:
    """One number, two envelopes, one at each hub: after carrying both have both, and both see the fork."""
    carry(house.hub, east)
    twin = house.phone("m17")
    before = (twin._sequence, twin._previous)
    counted(house, house.hub, "m17", 1)
    counted(house, house.hub, "m17", 2)
    twin._sequence, twin._previous = before
    counted(house, east, "m17", 3)
    carry(east, house.hub)
    carry(house.hub, east)
    assert ids(east) == ids(house.hub)
    for hub in (east, house.hub):
        assert [chain.device for chain in hub.chains() if chain.equivocates] == ["m17-1"]


def test_what_was_lost_on_the_way_is_carried_again(house: House, east: Hub) -> None:
    """Carried is not delivered: only what the other's frontier shows is left out."""
    carry(house.hub, east)
    counted(house, house.hub, "m18", 2)
    lost = list(lacking(house.hub.ledger, frontier_of(east.ledger, NAME)))
    assert len(lost) == 1
    assert list(lacking(house.hub.ledger, frontier_of(east.ledger, NAME))) == lost


def test_what_is_not_accepted_is_told_with_its_reason_and_kept(house: House, east: Hub) -> None:
    altered = house.sealed("m17", HeadsCounted("B-07", exactly(9)), 1).replace(b'"low":9', b'"low":8', 1)
    carry(house.hub, east)
    taken = take(east, [altered, *lacking(house.hub.ledger, NOTHING)])
    assert [problem.number for problem in taken.refused] == [202]
    assert taken.known == house.hub.ledger.size
    assert [kept.envelope for kept in east.refused()] == [altered]


def test_a_further_hub_proposes_nothing(house: House, east: Hub) -> None:
    """Plans are numbered: two hubs that are apart would give one number twice."""
    carry(house.hub, east)
    assert house.hub.proposes and not east.proposes
    assert east.propose() is None


def test_the_authority_decides_where_its_key_is(house: House, east: Hub) -> None:
    carry(house.hub, east)
    enrolled = house.enrolment(house.phone("m20"), "m20")
    assert isinstance(house.hub.decide(AUTHORITY, enrolled), Receipt)
    assert carry(house.hub, east) == Taken(fresh=1)
    counted(house, east, "m20", 3)
