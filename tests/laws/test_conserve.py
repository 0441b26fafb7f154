"""Counts conserve: whatever really happened to a vehicle, the truth never lies outside the bounds, and nobody arrives unseen.

Source: DESIGN 5, "Counts conserve".
"""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.observation import Entry, Observation, What, to_bytes
from safepassage.observation.people import (
    Alighted,
    ArrivalRegistered,
    Basis,
    Boarded,
    Born,
    Died,
    HandedOver,
    PersonRegistered,
    Receiver,
    ReceptionAccepted,
    SeenAboard,
    TakenOff,
)
from safepassage.observation.vehicles import Arrived, Departed, HeadsCounted, Passed, StopBegun, StopEnded
from safepassage.picture import Picture
from safepassage.values.counts import Count, exactly
from safepassage.values.encoding import content_id
from safepassage.values.ids import PersonId, PlaceId, VehicleId
from safepassage.values.people import Teller
from safepassage.values.times import MINUTE, Instant
from safepassage.whereabouts.account import account_of, vehicles_of
from safepassage.whereabouts.people import persons_of, trace_of
from safepassage.whereabouts.words import Account, Cause
from tests.laws.night import entries

BUS = VehicleId("B-07")
ROAD = [PlaceId(name) for name in ("ramouseh", "khan-road", "rashideen", "bab", "idlib")]
SEEDS = st.integers(0, 2**40)


class Journey:
    """One bus as it really went, and what was recorded of it. `truth`: heads aboard; `gone`: who vanished without being seen."""

    def __init__(self, dice: Random) -> None:
        self.dice, self.minute = dice, 0
        self.truth = self.gone = self.out = 0
        self.told: list[tuple[Entry, int, int]] = []
        """Each entry with the truth just after it: heads aboard, heads gone unseen so far."""

    def says(self, what: What, at: PlaceId) -> None:
        self.minute += self.dice.randint(1, 9)
        observation = Observation(by=self.dice.choice(["m01", "m02"]), seen_at=Instant(self.minute * MINUTE), what=what, at=at)
        entry = Entry(content_id(to_bytes(observation)), len(self.told), observation.seen_at, "m01-1", len(self.told) + 1, observation)
        self.told.append((entry, self.truth, self.gone))

    def counted(self) -> Count | None:
        """A count that is right: exact, or with bounds that hold the truth, or none at all."""
        match self.dice.randint(0, 3):
            case 0:
                return None
            case 1:
                return Count(max(0, self.truth - self.dice.randint(0, 3)), self.truth + self.dice.randint(0, 3))
            case _:
                return exactly(self.truth)

    def at_the_start(self, vanish: bool) -> None:
        """Everybody who boards is read; then the bus leaves."""
        for _ in range(self.dice.randint(1, 3)):
            new = tuple(PersonId(f"w-{self.truth + number:04d}") for number in range(self.dice.randint(1, 12)))
            self.truth += len(new)
            self.says(Boarded(BUS, new), ROAD[0])
        self.says(Departed(BUS, ROAD[-1], self.counted()), ROAD[0])
        for place in ROAD[1:]:
            self._on_the_way(place, vanish)

    def _on_the_way(self, place: PlaceId, vanish: bool) -> None:
        if vanish and self.truth and self.dice.random() < 0.4:
            lost = self.dice.randint(1, min(4, self.truth))
            self.truth, self.gone = self.truth - lost, self.gone + lost
        self.says(self.dice.choice([Passed, Arrived])(BUS, self.counted()), place)
        for _ in range(self.dice.randint(0, 2)):
            self._happens(place)
        if place != ROAD[-1]:
            self.says(Departed(BUS, ROAD[-1], self.counted()), place)

    def _happens(self, place: PlaceId) -> None:
        match self.dice.randint(0, 5):
            case 0:
                self.truth += 1
                self.says(Born(BUS), place)
            case 1 if self.truth:
                self.truth -= 1
                self.says(Died(Basis.SEEN, BUS), place)
            case 2 | 3 if self.truth:
                some = self.dice.randint(1, self.truth)
                self.truth -= some
                self.out += some
                kind = self.dice.choice(["alighted", "handed"])
                self.says(Alighted(exactly(some), BUS) if kind == "alighted" else HandedOver(exactly(some), Receiver.HOSPITAL, BUS), place)
            case 4:
                self.says(HeadsCounted(BUS, exactly(self.truth)), place)
            case _:
                self.says(StopBegun(BUS), place)
                self.says(StopEnded(BUS), place)

    def accounts(self) -> list[tuple[Account, int, int]]:
        """The account after every entry, beside the truth."""
        log = [entry for entry, _, _ in self.told]
        return [(account_of(BUS, log[: number + 1], 50), truth, gone) for number, (_, truth, gone) in enumerate(self.told)]


def journey(seed: int, vanish: bool) -> Journey:
    made = Journey(Random(seed))
    made.at_the_start(vanish)
    return made


@settings(max_examples=600)
@given(seed=SEEDS)
def test_where_everybody_is_recorded_the_truth_is_within_bounds_at_every_moment(seed: int) -> None:
    """Boardings read, alightings counted, births and deaths recorded; head counts right, within bounds, or not taken."""
    for account, truth, _ in journey(seed, vanish=False).accounts():
        assert account.aboard.low <= truth and (account.aboard.high is None or truth <= account.aboard.high), account
        assert all(gap.missing.low == 0 for gap in account.gaps), "somebody is missed who never left"


@settings(max_examples=600)
@given(seed=SEEDS)
def test_whoever_vanishes_is_within_the_bounds_of_the_gaps_at_every_count(seed: int) -> None:
    """People leave the bus without being recorded; where heads are counted next, exactly or within bounds, the bounds hold the
    truth and the gaps hold them."""
    made = journey(seed, vanish=True)
    for (account, truth, gone), (entry, _, _) in zip(made.accounts(), made.told, strict=True):
        heads = getattr(entry.observation.what, "heads", None)
        if isinstance(entry.observation.what, Departed | Passed | Arrived | HeadsCounted) and heads is not None:
            assert account.aboard.low <= truth and (account.aboard.high is None or truth <= account.aboard.high), account
            missing = [gap.missing for gap in account.gaps if gap.cause is Cause.FEWER]
            assert sum(each.low for each in missing) <= gone <= sum(each.high or 0 for each in missing), (account, gone)


@settings(max_examples=300)
@given(seed=SEEDS, more=st.integers(1, 3))
def test_a_further_count_that_agrees_never_widens(seed: int, more: int) -> None:
    made = journey(seed, vanish=False)
    before = account_of(BUS, [entry for entry, _, _ in made.told], 50)
    for _ in range(more):
        made.says(HeadsCounted(BUS, exactly(made.truth)), ROAD[-1])
        after = account_of(BUS, [entry for entry, _, _ in made.told], 50)
        assert after.aboard.low >= before.aboard.low
        assert before.aboard.high is None or (after.aboard.high is not None and after.aboard.high <= before.aboard.high)
        assert sum(gap.missing.low for gap in after.gaps) == sum(gap.missing.low for gap in before.gaps) == 0
        before = after


@settings(max_examples=300)
@given(seed=SEEDS, taken=st.integers(1, 5))
def test_whoever_was_seen_taken_off_is_missed_by_exactly_that_many(seed: int, taken: int) -> None:
    made = journey(seed, vanish=False)
    if made.truth < taken:
        return
    made.truth -= taken
    made.says(TakenOff(exactly(taken), BUS), ROAD[-1])
    made.says(HeadsCounted(BUS, exactly(made.truth)), ROAD[-1])
    account = account_of(BUS, [entry for entry, _, _ in made.told], 50)
    assert account.aboard == exactly(made.truth)
    assert [gap.missing for gap in account.gaps if gap.cause is Cause.TAKEN] == [exactly(taken)]
    assert all(gap.missing.low == 0 for gap in account.gaps if gap.cause is Cause.FEWER)


@settings(max_examples=300)
@given(seed=SEEDS, told=st.booleans())
def test_what_is_only_alleged_moves_nobody(seed: int, told: bool) -> None:
    """An allegation belongs to no vehicle's account, whatever it says."""
    for entry, _, _ in journey(seed, vanish=True).told:
        alleged = replace(entry, observation=replace(entry.observation, told_by=Teller.PASSENGER if told else None))
        assert bool(vehicles_of(alleged)) is not told


ARRIVING = (ArrivalRegistered, ReceptionAccepted)
PERSON = PersonId("w-7kq2")
SAID = [
    PersonRegistered((PERSON,), "aleppo"), Boarded(BUS, (PERSON,)), SeenAboard(BUS, (PERSON,)), Alighted(exactly(1), BUS, (PERSON,)),
    Departed(BUS, ROAD[-1], exactly(1)), Arrived(BUS, exactly(1)), HandedOver(exactly(1), Receiver.HOSPITAL, BUS, (PERSON,)),
    ArrivalRegistered((PERSON,)), ReceptionAccepted(exactly(1), (PERSON,)), ArrivalRegistered(("w-0000",)),
]  # fmt: skip


@settings(max_examples=400)
@given(picks=st.lists(st.sampled_from(SAID), max_size=8))
def test_nobody_arrives_unseen(picks: list[What]) -> None:
    """A person has arrived only where this very wristband was registered at arrival or accepted by a reception."""
    made = Journey(Random(1))
    for what in picks:
        made.says(what, ROAD[-1])
    own = [entry for entry, _, _ in made.told if PERSON in persons_of(entry)]
    arrived = {step.entry for step in trace_of(PERSON, own).steps if step.kind == "arrived"}
    assert arrived == {entry.id for entry in own if isinstance(entry.observation.what, ARRIVING)}


def test_nobody_of_the_night_arrives_unseen() -> None:
    picture = Picture.of(entries(), entries()[-1].logged_at)
    read = {
        code
        for entry in entries()
        if isinstance(entry.observation.what, ARRIVING) and entry.observation.told_by is None
        for code in entry.observation.what.persons
    }
    arrived = {code for code, trace in picture.whereabouts.persons().items() if any(step.kind == "arrived" for step in trace.steps)}
    assert arrived and arrived <= read
