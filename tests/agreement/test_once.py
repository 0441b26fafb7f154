"""One departure counts once, however many recorded it; what may be another counts as alleged."""

from __future__ import annotations

from random import Random

import pytest

from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.facts import ALLEGED, SIGNED, Fact
from safepassage.agreement.naive_departures import counted_once
from safepassage.agreement.once import DEPARTURES, Once, each_once
from safepassage.agreement.vocabulary import Happening
from safepassage.observation import Entry
from safepassage.observation.vehicles import Departed, TurnedBack, VehicleReady
from safepassage.values.counts import Count, exactly
from safepassage.values.times import Instant
from tests.agreement.test_verdicts import BALANCE, PAIRS, engine_at, judged, verdicts
from tests.agreement.told import entry, minute, world


def left(at: int, by: str, heads: int | None = 50, place: str = "ramouseh", bus: str = "B-1") -> Entry:
    return entry(Departed(bus, "idlib", None if heads is None else exactly(heads)), minute(at), place, by)


def persons(log: list[Entry]) -> tuple[Count, Count]:
    """Departed from Aleppo: as signed, and as alleged beside it."""
    side = next(side for side in engine_at(BALANCE, log, minute(60)).exchange().sides if side.side == "aleppo")
    return side.persons, side.alleged


def test_what_two_monitors_recorded_within_four_minutes_is_one_departure_with_both_counts() -> None:
    assert persons([left(0, "m01"), left(4, "m02", 48)]) == (Count(48, 50), exactly(0))
    assert persons([left(0, "m01", None), left(1, "m02", 48)]) == (exactly(48), exactly(0))
    assert persons([left(0, "m01"), left(4, "m02", bus="B-2")]) == (exactly(100), exactly(0))


def test_a_second_departure_before_the_run_is_overdue_is_alleged_until_somebody_signs_that_it_was_back() -> None:
    """A run to idlib is overdue after nine minutes."""
    log = [left(0, "m01"), left(5, "m02")]
    assert persons(log) == (exactly(50), exactly(50))
    for back in (TurnedBack("B-1", "ramouseh"), VehicleReady("B-1")):
        assert persons([*log, entry(back, minute(3), "ramouseh")]) == (exactly(100), exactly(0))
        assert persons([*log, entry(back, minute(0), "ramouseh")]) == (exactly(50), exactly(50))
    assert persons([left(0, "m01"), left(9, "m02")]) == (exactly(100), exactly(0))


def test_one_departure_of_two_records_answers_one_bus_and_is_owed_one_answer() -> None:
    gone, answer = [left(0, "m01"), left(2, "m02")], left(10, "m03", place="foua-gate", bus="B-9")
    assert verdicts(PAIRS, [*gone, answer], minute(20)) == ["kept"]
    twice = left(12, "m04", place="foua-gate", bus="B-9")
    assert verdicts(PAIRS, [left(0, "m01"), left(1, "m01", bus="B-2"), answer, twice], minute(20)) == ["kept", "pending"]


def test_a_reason_cites_every_record_of_a_departure() -> None:
    gone, answers = [left(0, "m01"), left(2, "m02")], [left(at, f"m0{at}", 50, "foua-gate", "B-9") for at in (8, 9)]
    (one,) = judged(PAIRS, [*gone, *answers], minute(20)).instances
    assert set(one.entries) == {said.id for said in (*gone, *answers)}


def told(chance: Random) -> Fact:
    what = chance.choice([*DEPARTURES, Happening.RETURN, Happening.BOARDING])
    at, standing = minute(chance.randint(0, 20)) + chance.choice([0, 0, 1]), chance.choice([SIGNED, SIGNED, SIGNED, ALLEGED])
    heads = chance.choice([None, exactly(20), exactly(31), Count(10, 40), Count(5)])
    until = chance.choice([None, Instant(at + chance.randint(1, 9) * 60_000)]) if what in DEPARTURES else None
    entry_id, vehicle, place = f"{chance.randint(0, 10**9):09d}", chance.choice(["B-1", "B-2"]), chance.choice(["a", "b"])
    return Fact(what, Instant(at), standing, entry_id, "m01", place, None, vehicle, heads, until=until)


@pytest.mark.parametrize("seed", range(300))
def test_departures_kept_up_are_those_of_the_definition_and_so_is_what_stands_behind_them(seed: int) -> None:
    chance = Random(seed)
    once, here, counted = Once(), list[Fact](), list[Fact]()
    for _ in range(40):
        if here and chance.random() < 0.3:
            fact, into = here.pop(chance.randrange(len(here))), False
        else:
            fact, into = told(chance), True
            here.append(fact)
        if fact.what is Happening.BOARDING:
            continue
        for moved, came in once.move(fact, into):
            counted.append(moved) if came else counted.remove(moved)
        defined, behind = counted_once(here)
        assert sorted(counted, key=repr) == sorted((f for f in defined if f.what in DEPARTURES), key=repr)
        for each in counted:
            assert set(once.behind([each.entry])) == behind.get(each.entry, set())
    assert sorted(each_once(here), key=repr) == sorted((f for f in counted_once(here)[0] if f.what is not Happening.RETURN), key=repr)


def test_staged_cases_count_what_they_say() -> None:
    """A case speaks of happenings, not of who recorded them."""
    engine = Evaluator(engine_at(PAIRS, [], minute(0)).agreement, world(), minute(0), literal=True)
    for number in range(2):
        engine.hear(Fact(Happening.BUS_DEPARTURE, minute(number), SIGNED, f"{number}", "m01", "ramouseh", None, "B-1"), True)
    engine.settle(minute(5))
    assert len(engine.answer("1").instances) == 2
