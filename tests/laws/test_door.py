"""Whatever an enrolled device signs: it gets an answer, every audience can still be shown the picture, and the folder opens again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.disclosure import Audience
from safepassage.errors import Refusal
from safepassage.hub.folder import AUTHORITY, HUB
from safepassage.ledger.ledger import Receipt
from safepassage.observation import Observation
from safepassage.observation.amend import Confirmed, Corrected, Withdrawn
from safepassage.values import ids
from safepassage.values.people import Role
from safepassage.values.times import MINUTE, Instant
from tests.hub.making import DAWN, House
from tests.laws import observations as made

SMALL = {
    ids.VehicleId: ["B-07", "B-08", "X-1"],
    ids.PlaceId: ["ramouseh", "khan-road", "rashideen", "khan-al-assal", "nowhere"],
    ids.PersonId: ["w-0001", "w-0002", "w-0003"],
    ids.GroupId: ["g-1", "g-2"],
    ids.PartyId: ["party-north", "party-south", "nobody"],
    ids.SideId: ["aleppo", "foua", "nowhere"],
    ids.PlanId: ["p-1", "p-2"],
    ids.ObserverId: ["monitor", "party"],
}
"""Few of each, so that everything collides."""


@pytest.fixture(autouse=True, scope="module")
def few() -> object:
    for kind, values in SMALL.items():
        made.PLAIN[kind] = st.sampled_from(values)
    yield
    for kind in SMALL:
        del made.PLAIN[kind]


def signed(house: House, observation: Observation, dice: Random) -> Receipt | Refusal:
    """By a role that may record it, about an earlier entry where it is about one."""
    what = observation.what
    if isinstance(what, Corrected | Withdrawn | Confirmed) and dice.random() < 0.9:
        size = house.hub.ledger.size
        (row,) = house.hub.ledger.read(about := dice.randrange(size), about + 1)
        what = replace(what, entry=row.id)
    may = set(what.may) & set(getattr(what, "instead", what).may)
    role = dice.choice(sorted(may, key=lambda role: role.value))
    observation = replace(observation, by=role.value, what=what)
    if role in (Role.AUTHORITY, Role.HUB):
        return house.hub.decide(AUTHORITY if role is Role.AUTHORITY else HUB, observation)
    return house.hub.receive(house.phone(role.value).seal(observation))


@pytest.mark.slow
@settings(max_examples=60)
@given(seed=st.integers(0, 2**40), said=st.lists(st.deferred(made.observations), min_size=5, max_size=40))
def test_no_signed_observation_breaks_the_hub_or_any_view(seed: int, said: list[Observation]) -> None:
    dice = Random(seed)
    with tempfile.TemporaryDirectory() as place:
        house = House(Path(place) / "night")
        for role in Role:
            if role not in (Role.AUTHORITY, Role.HUB):
                house.enrol(role.value, role)
        house.now = Instant(DAWN + 600 * MINUTE)
        for observation in said:
            near = replace(
                observation,
                seen_at=Instant(DAWN + dice.randrange(700) * MINUTE),
                told_by=None if dice.random() < 0.8 else observation.told_by,
            )
            answer = signed(house, near, dice)
            assert isinstance(answer, Receipt) or answer.problem.do
        shown = [house.hub.view(audience) for audience in Audience]
        house.hub.entry(house.hub.ledger.size - 1)
        house.again()
        assert [house.hub.view(audience) for audience in Audience] == shown
        assert house.folder.verify().proved
        house.hub.close()
