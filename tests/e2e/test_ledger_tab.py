"""What a browser shows of the log: who vouches, what a device left out, an entry's four times, and that two histories were signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.hub.making import House
from tests.hub.test_attested import NOON, cosign, cosigners, parted, says
from tests.sync.serving import serving

from safepassage.cli import main
from safepassage.errors import LedgerAtRisk, Refusal
from safepassage.hub.cosigning import gather, policy_of
from safepassage.ledger.ledger import Receipt
from safepassage.observation.desk import RefusalAnswered, RefusedFor
from safepassage.observation.vehicles import Arrived, Departed, Passed
from safepassage.values.counts import exactly
from safepassage.values.ids import EnvelopeDigest, PlaceId, VehicleId
from safepassage.values.people import Role

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    yield made
    made.hub.close()


def test_the_ledger_tab_shows_cosigners_and_holes_and_an_entry_its_four_times(house: House, browser: Browser) -> None:
    made = cosigners(house)
    says(house, 1)
    cosign(house, made["red"], 0, NOON)
    cosign(house, made["blue"], 0, NOON + 60)
    house.sealed("m17", Passed(VehicleId("B-07")), 1)  # never sent
    assert isinstance(house.says("m17", Passed(VehicleId("B-08")), 2), Receipt)
    with serving(house.hub) as address:
        page = browser.new_page()
        page.goto(f"{address}/?key=a-session#ledger")
        proof = page.locator(".proof")
        expect(proof).to_contain_text("5 of 6 entries by enough")
        expect(proof).to_contain_text("m17-1 not here yet: number 2")
        expect(page.get_by_text("Two histories were signed")).to_have_count(0)
        page.locator("input[name=index]").fill("4")
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_text("when red cosigned 5 entries, this one among them")).to_be_visible()
        expect(page.get_by_text("not known: it quotes no tree head")).to_be_visible()
        page.close()


def test_a_refusal_is_open_on_the_ledger_tab_until_an_entry_answers_it(house: House, browser: Browser) -> None:
    house.enrol("desk", Role.DESK)
    digests = []
    for minute in (1, 2):
        harmed = house.sealed("m17", Passed(VehicleId("B-07")), minute).replace(b'"B-07"', b'"B-08"')
        assert isinstance(house.hub.receive(harmed), Refusal)
        digests.append(hashlib.sha256(harmed).hexdigest())
    anew = house.says("m17", Passed(VehicleId("B-07")), 3)
    assert isinstance(anew, Receipt)
    answer = house.says("desk", RefusalAnswered(EnvelopeDigest(digests[0]), RefusedFor.HARMED, anew.id), 4, at=None)
    assert isinstance(answer, Receipt)
    with serving(house.hub) as address:
        for width in (1440, 390):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(f"{address}/?key=a-session#ledger")
            proof = page.locator(".proof")
            expect(proof).to_contain_text("1 envelope open; all are kept with their reasons")
            expect(proof).to_contain_text("SP-202: ")
            became = f"recorded anew as entry {anew.index}, says desk in entry {answer.index}"
            expect(proof).to_contain_text(f"SP-202, answered: harmed on the way; {became}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.close()


def test_a_split_view_is_on_every_tab_and_its_proof_is_handed_out(house: House, browser: Browser, tmp_path: Path) -> None:
    answer, policy = parted(house, tmp_path, 7), policy_of(house.folder)
    says(house, 4)
    assert policy is not None
    with pytest.raises(LedgerAtRisk):
        gather(house.folder, answer, policy)
    with serving(house.hub) as address:
        page = browser.new_page()
        page.goto(f"{address}/?key=a-session")
        expect(page.get_by_text("Two histories were signed: see Ledger")).to_be_visible()
        page.get_by_role("link", name="Ledger", exact=True).click()
        with page.expect_download() as handed:
            page.locator(".split a").click()
        handed.value.save_as(tmp_path / "proof.split")
        page.close()
    assert main(["verify", str(tmp_path / "proof.split"), "--key", house.folder.about.log]) == 0


def test_each_of_two_gaps_of_one_bus_has_its_row_and_its_leg(house: House, browser: Browser) -> None:
    """Five were missing at the post on the road, five more at the end: the same bus, the same cause, from the same place."""
    bus = VehicleId("B-07")
    for minute, (what, place) in enumerate(
        [
            (Departed(bus, PlaceId("rashideen"), exactly(50)), "ramouseh"),
            (Passed(bus, exactly(45)), "khan-road"),
            (Arrived(bus, exactly(38)), "rashideen"),
        ]
    ):
        assert isinstance(house.says("m17", what, 10 * minute + 1, at=PlaceId(place)), Receipt)
    with serving(house.hub) as address, closing(browser.new_page()) as page:  # an open page would keep the server
        page.goto(f"{address}/?key=a-session")
        expect(page.locator(".un > li .fig")).to_have_text(["7", "5"])
