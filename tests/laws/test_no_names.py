"""No name reaches the ledger: every field has a form that leaves no room for one, or is listed here with its reason.

Source: DESIGN 11, the list of evacuees must never become a target list; law: no name reaches the ledger.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.errors import InputError, Refusal
from safepassage.ledger.ledger import Receipt
from safepassage.observation import KINDS, Observation, from_bytes
from safepassage.observation.people import PersonRegistered, TakenOff
from safepassage.observation.vehicles import HeadsCounted
from safepassage.values import ids
from safepassage.values.counts import exactly
from safepassage.values.encoding import encode
from safepassage.values.people import Role
from tests.hub.making import House

FREE_TEXT = {
    ("DeploymentOpened", "world"): "the world's text: places, parties, vehicles and sources; written by the authority, read by many",
    ("DeploymentOpened", "authority"): "a verifier key; the door refuses any other form (SP-209)",
    ("DeviceEnrolled", "key"): "a verifier key; the door refuses any other form (SP-209)",
    ("AgreementAdopted", "text"): "the clauses that the parties published; the door refuses what is no clause (SP-501)",
    ("AgreementAmended", "text"): "as above",
    ("ClaimHeard", "who"): "of whom a figure speaks; field notation reads three small words at most",
    ("ClaimHeard", "grade"): "the record's grade, S, M or X; field notation reads no other",
    ("CommentMade", "commitment"): "a salted commitment; the text lies in the erasable store",
    ("SignedNote", "commitment"): "a salted commitment; the text lies in the erasable store",
    ("PlannedTrip", "waits"): "why a convoy waits, one of the planner's words; signed by the hub alone",
}
"""Every text in signed bytes that has no form of its own, and why it may stand there."""
NAMES = ["Ahmad Khalil", "Fatima", "أحمد خليل", "ahmad.khalil", "Müller", "Anna-Maria", "O'Brien"]
"""As a name is written: capitals, spaces, other scripts, points."""
PSEUDONYMS = {"ObserverId", "DeviceId", "DeploymentId", "SourceId", "PlaceId", "SideId", "PartyId"}
"""Small words that the authority or the world gives; places, sides and parties must stand in the world, an observer is enrolled."""


def texts(struct: type[Any]) -> Iterator[tuple[str, str]]:
    """The fields of a struct, and of structs inside it, that hold plain text."""
    for field, hint in get_type_hints(struct).items():
        if field in struct.__struct_fields__:
            yield from ((struct.__name__, field) for _ in range(plain(hint)))
            for inner in structs(hint):
                yield from texts(inner)


def plain(hint: Any) -> int:
    return int(hint is str) if not get_args(hint) else sum(plain(part) for part in get_args(hint))


def structs(hint: Any) -> Iterator[type[Any]]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    elif get_origin(hint) is not typing.Literal:
        for part in get_args(hint):
            yield from structs(part)


def test_every_field_of_free_text_is_listed_with_its_reason() -> None:
    found = {field for kind in KINDS if kind.__name__ != "Corrected" for field in texts(kind)}
    assert found == set(FREE_TEXT)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", [name for name in vars(ids) if name.endswith(("Id", "Label"))])
def test_a_name_as_it_is_written_is_no_id(kind: str, name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(name, getattr(ids, kind))


@pytest.mark.parametrize("kind", [name for name in vars(ids) if name.endswith(("Id", "Label")) and name not in PSEUDONYMS])
@settings(max_examples=200)
@given(data=st.data())
def test_no_code_of_a_person_group_vehicle_plan_or_entry_can_be_pronounced(kind: str, data: st.DataObject) -> None:
    """Three letters at most, or no vowel; hashes apart, which nobody chooses."""
    code = data.draw(st.from_regex(ids.form(getattr(ids, kind)), fullmatch=True))
    letters = [letter for letter in code.lower() if letter.isalpha()]
    assert kind in ("EntryId", "EnvelopeDigest", "CardId") or len(letters) <= 3 or not set(letters) & set("aeiou")


@pytest.mark.parametrize(
    "what",
    [
        {"kind": "boarded", "persons": ["w-ahmad"], "vehicle": "B-07"},
        {"kind": "group_formed", "group": "g-khalil", "persons": ["w-7kq2m9"]},
        {"kind": "heads_counted", "heads": {"high": 1, "low": 1}, "vehicle": "AHMAD"},
        {"kind": "heads_counted", "heads": {"high": 1, "low": 1}, "name": "ahmad", "vehicle": "B-07"},
        {"kind": "died", "person": "ahmad-khalil"},
        {"kind": "plan_adopted", "plan": "p-1", "reason": "Ahmad said so"},
    ],
)
def test_a_planted_name_is_refused_before_it_is_an_observation(what: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        from_bytes(encode({"by": "m17", "seen_at": 1_482_044_400_000, "what": what}))
    assert caught.value.problem.number == 120


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "night")
    made.enrol("m17")
    yield made
    made.hub.close()


def test_a_name_that_looks_like_a_pseudonym_names_nothing_here_and_stays_out(house: House) -> None:
    """As party, side, place, observer or device it is refused or waits; no byte of it is in the ledger."""
    planted = "ahmad-khalil"
    house.phone(planted)
    answers = [
        house.says("m17", TakenOff(exactly(1), "B-07", by_whom=planted)),
        house.says("m17", PersonRegistered(("w-0001",), planted)),
        house.says("m17", HeadsCounted("B-07", exactly(1)), at=planted),
        house.says(planted, HeadsCounted("B-07", exactly(1))),
    ]
    assert [answer.problem.number for answer in answers if isinstance(answer, Refusal)] == [306, 306, 302, 203]
    assert not [row for row in house.hub.ledger.read() if planted.encode() in row.envelope]


def test_what_the_authority_itself_enrols_is_its_own_word(house: House) -> None:
    """The one door that stays: a pseudonym is chosen by people, and a machine cannot tell it from a name."""
    house.enrol("ahmad-khalil", Role.MONITOR)
    assert isinstance(house.says("ahmad-khalil", HeadsCounted("B-07", exactly(1))), Receipt)


def test_an_observation_has_no_field_for_a_word_about_anybody() -> None:
    assert set(Observation.__struct_fields__) == {"by", "seen_at", "what", "at", "told_by", "v"}
