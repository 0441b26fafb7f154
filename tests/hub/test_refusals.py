"""A refusal is kept, counted while it is open, and answered by a later signed entry; its bytes and its reason stay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from safepassage.cli import main
from safepassage.disclosure import Audience
from safepassage.errors import Refusal
from safepassage.hub.folder import AUTHORITY
from safepassage.ledger.ledger import Receipt
from safepassage.observation.amend import Withdrawn
from safepassage.observation.desk import RefusalAnswered, RefusedFor
from safepassage.observation.vehicles import HeadsCounted
from safepassage.values.counts import exactly
from safepassage.values.ids import EntryId, EnvelopeDigest
from safepassage.values.people import Role
from tests.hub.making import House, seen


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    made.enrol("desk", Role.DESK)
    yield made
    made.hub.close()
    assert made.folder.verify().proved


def refused(house: House, minute: int = 1) -> EnvelopeDigest:
    """An envelope that was harmed on the way."""
    harmed = house.sealed("m17", HeadsCounted("B-07", exactly(minute)), minute).replace(b'"B-07"', b'"B-08"')
    assert isinstance(house.hub.receive(harmed), Refusal)
    return EnvelopeDigest(hashlib.sha256(harmed).hexdigest())


def answered(house: House, digest: str, anew: str | None = None, reason: RefusedFor = RefusedFor.HARMED, minute: int = 5) -> Receipt:
    what = RefusalAnswered(EnvelopeDigest(digest), reason, None if anew is None else EntryId(anew))
    answer = house.says("desk", what, minute, at=None)
    assert isinstance(answer, Receipt), answer
    return answer


def test_a_refusal_is_open_until_an_entry_answers_it_and_stays_kept_with_its_answer(house: House) -> None:
    first, second = refused(house, 1), refused(house, 2)
    kept = list(house.hub.refused())
    anew = house.says("m17", HeadsCounted("B-08", exactly(40)), 3)
    assert isinstance(anew, Receipt)
    answer = answered(house, first, anew.id)
    for hub in house.twice():
        view = hub.view(Audience.OPERATIONS)
        assert view.refused == 1
        opened, closed = view.refusals
        assert (opened.digest, opened.number, opened.answer) == (second, 202, None)
        assert closed.digest == first and closed.answer is not None
        assert (closed.answer.by, closed.answer.reason, closed.answer.entry) == ("desk", "harmed on the way", answer.index)
        assert (closed.answer.anew, closed.answer.anew_entry) == (anew.id, anew.index)
        assert list(hub.refused()) == kept


def test_what_was_known_then_shows_it_open_and_the_newest_answer_stands(house: House) -> None:
    digest = refused(house)
    before = house.hub.ledger.size
    answered(house, digest, "5" * 64)
    answered(house, digest, None, RefusedFor.TRIAL, 6)
    (now,) = house.hub.view(Audience.OPERATIONS).refusals
    assert now.answer is not None and (now.answer.reason, now.answer.anew) == ("a trial", None)
    assert house.hub.view(Audience.OPERATIONS, before).refused == 1


def test_an_answer_that_is_withdrawn_opens_it_again(house: House) -> None:
    digest = refused(house)
    answer = answered(house, digest)
    assert house.hub.view(Audience.OPERATIONS).refused == 0
    assert isinstance(house.says("desk", Withdrawn(answer.id), 7, at=None), Receipt)
    assert house.hub.view(Audience.OPERATIONS).refused == 1


def test_an_answer_to_what_is_not_kept_here_closes_nothing_and_one_that_names_no_entry_here_says_so(house: House) -> None:
    """Another hub may keep it: what was validly signed is logged, and judged in views."""
    digest = refused(house)
    answered(house, "7" * 64)
    assert house.hub.view(Audience.OPERATIONS).refused == 1
    answered(house, digest, "5" * 64, minute=6)
    (shown,) = house.hub.view(Audience.OPERATIONS).refusals
    assert shown.answer is not None and (shown.answer.anew, shown.answer.anew_entry) == ("5" * 64, None)


def test_a_monitor_does_not_answer_and_the_authority_does(house: House) -> None:
    what = RefusalAnswered(refused(house), RefusedFor.STRANGER)
    answer = house.says("m17", what, 5)
    assert isinstance(answer, Refusal) and answer.problem.number == 207
    signed = replace(seen("authority", what, 6), at=None)
    assert isinstance(house.hub.decide(AUTHORITY, signed), Receipt)


def test_no_other_audience_learns_of_refusals(house: House) -> None:
    refused(house)
    for audience in Audience:
        view = house.hub.view(audience)
        assert (view.refused, len(view.refusals)) == ((1, 1) if audience is Audience.OPERATIONS else (0, 0)), audience


def test_the_command_line_lists_them_and_answers_by_digest(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    digest, folder = refused(house), str(house.folder.path)
    house.hub.close()
    assert main(["refusals", folder]) == 1
    assert "open: 1; answered: 0" in (said := capsys.readouterr().out) and digest in said
    line = f"authority  refused envelope {digest} answered: sent by nobody of ours"
    assert main(["record", folder, line]) == 0
    capsys.readouterr()
    assert main(["refusals", folder, "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["digest"], one["answer"]["reason"]) == (digest, "sent by nobody of ours")
    assert main(["refusals", folder]) == 0
    assert "answered by authority in entry 5: sent by nobody of ours; set aside" in capsys.readouterr().out
    house.again()
