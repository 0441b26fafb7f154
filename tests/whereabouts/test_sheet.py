"""What a bound may rely on, rule by rule, in field notation; the rules are published in docs/explanation/whereabouts.md."""

from __future__ import annotations

import pytest
from field import at, whereabouts
from tests.laws.worlds import Rehearsal

from safepassage.values.counts import Count
from safepassage.whereabouts import sheet
from safepassage.whereabouts.conserve import components, unseen_of, web_of
from safepassage.whereabouts.sheet import sheet_of

OUT = "21:14  m03 @ramouseh  B-07 departed for rashideen, 50 heads\n"


def unseen(text: str) -> list[Count]:
    return [gap.heads for gap in whereabouts(text).unseen()]


def test_each_count_may_be_off_by_the_published_allowance() -> None:
    """Fifty heads at 20 in a thousand: three either way. Forty-six: three."""
    assert unseen(OUT + "22:05  m08 @rashideen  B-07 arrived, 46 heads") == [Count(0, 10)]
    assert unseen(OUT + "22:05  m08 @rashideen  B-07 arrived, 40 heads") == [Count(4, 16)]


def test_an_empty_vehicle_is_searched_not_counted() -> None:
    assert unseen(OUT + "22:05  m08 @rashideen  B-07 arrived, 0 heads") == [Count(47, 53)]


def test_a_later_count_narrows_an_earlier_leg() -> None:
    """Nobody gets on on the road: whoever is counted at the end was aboard at every post before."""
    said = OUT + "21:34  m05 @khan-road  B-07 passed, 47 heads\n21:50  m08 @rashideen  B-07 arrived, 50 heads"
    assert unseen(said) == [Count(0, 6), Count(0, 3)]


def test_what_was_recorded_at_a_door_is_not_unseen() -> None:
    said = OUT + "21:40  m05 @khan-road  20 handed over to a hospital from B-07\n22:05  m08 @rashideen  B-07 arrived, 30 heads"
    assert unseen(said) == [Count(0, 7)]


def test_a_run_that_took_too_long_may_have_stopped_anywhere() -> None:
    """Later than overdue: the vehicle may have been where nobody watched, and people may have got on."""
    assert unseen(OUT + "22:45  m08 @rashideen  B-07 arrived, 46 heads") == [Count(0, None)]


def test_a_standstill_lets_people_on_and_off() -> None:
    said = "21:00  m08 @rashideen  B-07 counted 50 heads\n21:30  m08 @rashideen  B-07 counted 50 heads"
    assert unseen(said) == [Count(0, None)]


def test_wristbands_read_within_clock_error_of_another_devices_departure_were_aboard_before_it() -> None:
    """m04's clock runs two minutes fast: its reading seems to come after the departure that counted those very people."""
    said = OUT + "21:16  m04 @ramouseh  B-07 boarded by w-0001, w-0002\n22:05  m08 @rashideen  B-07 arrived, 50 heads"
    assert unseen(said) == [Count(0, 6)]


def test_wristbands_read_long_after_a_departure_say_that_people_could_get_on() -> None:
    said = OUT + "21:26  m04 @ramouseh  B-07 boarded by w-0001, w-0002\n22:05  m08 @rashideen  B-07 arrived, 50 heads"
    assert unseen(said) == [Count(0, None)]


def test_a_door_close_to_another_devices_count_lies_before_or_after_it() -> None:
    """Ten get off within clock error of the arrival's count: counted with them or without them, not known which."""
    said = OUT + "22:05  m08 @rashideen  B-07 arrived, 40 heads\n22:07  m07 @rashideen  10 alighted from B-07"
    assert unseen(said) == [Count(0, 16)]
    same = OUT + "22:05  m08 @rashideen  B-07 arrived, 40 heads\n22:07  m08 @rashideen  10 alighted from B-07"
    assert unseen(same) == [Count(4, 16)]


def test_who_changes_buses_is_bounded_by_the_counts_of_both() -> None:
    """Forty to fifty changed, as both buses tell; what one lost the other must have."""
    said = OUT + "22:00  m08 @rashideen  B-07 arrived, 50 heads\n22:10  m08 @rashideen  50 transferred from B-07 to B-08\n"
    said += "22:11  m08 @rashideen  B-07 counted 0 heads\n22:20  m08 @rashideen  B-08 counted 40 heads"
    seen = whereabouts(said)
    assert seen.aboard("B-08", at("22:21")).counted == Count(37, 43)
    assert [gap.heads.low for gap in seen.unseen()] == [0, 0]


def test_counts_that_cannot_both_hold_bound_nothing() -> None:
    assert unseen(OUT + "22:05  m08 @rashideen  B-07 arrived, 60 heads") == []


def test_aboard_now_is_at_most_what_was_counted_and_nobody_is_said_to_be_there_still() -> None:
    aboard = whereabouts(OUT).aboard("B-07", at("21:30"))
    assert (aboard.heads, aboard.counted) == (Count(0, 53), Count(47, 53))
    assert whereabouts(OUT + "22:05  m08 @rashideen  B-07 arrived").aboard("B-07", at("22:06")).heads == Count(0, None)
    assert whereabouts("20:00  m03 @ramouseh  B-08 ready").aboard("B-07", at("22:06")).heads == Count(0, None)


def test_where_an_overdue_bus_has_been_nobody_knows() -> None:
    assert whereabouts(OUT).aboard("B-07", at("22:45")).heads == Count(0, None)


@pytest.mark.parametrize("seed", range(6))
def test_doors_of_a_row_taken_together_bound_what_each_alone_does(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Rehearsal(150, seed)
    histories = {vehicle: made.whereabouts.why_vehicle(vehicle) for vehicle in made.whereabouts.vehicles()}
    together = {vehicle: sheet_of(vehicle, history, made.ground.world) for vehicle, history in histories.items()}
    monkeypatch.setattr(sheet, "in_rows", lambda history: [[entry] for entry in history])
    alone = {vehicle: sheet_of(vehicle, history, made.ground.world) for vehicle, history in histories.items()}
    assert sum(len(one.doors) for one in together.values()) < sum(len(one.doors) for one in alone.values())
    for vehicles in components(alone):
        assert unseen_of(web_of(together[one] for one in vehicles)) == unseen_of(web_of(alone[one] for one in vehicles))


def test_boardings_in_a_row_of_which_only_some_may_precede_another_devices_count() -> None:
    """The first lies two minutes after it, the last ten: clocks may have put one of them before, never the other."""
    said = "20:00  m02 @assembly  B-07 counted 2 heads\n"
    said += "20:02  m01 @assembly  B-07 boarded by w-0001\n20:10  m01 @assembly  B-07 boarded by w-0002"
    doors = whereabouts(said).sheets()["B-07"]
    assert doors.ways == ((0, 1), (1, 1))


def test_a_passing_later_than_the_legs_usual_time_may_have_stood_anywhere_before() -> None:
    assert unseen(OUT + "21:54  m05 @khan-road  B-07 passed, 40 heads") == [Count(4, 16)]
    assert unseen(OUT + "21:55  m05 @khan-road  B-07 passed, 40 heads") == [Count(4)]


def test_an_arrival_elsewhere_than_where_it_went_bounds_only_from_below() -> None:
    assert unseen(OUT + "22:05  r1 @khan  B-07 arrived, 40 heads") == [Count(4)]


def test_a_passing_where_it_departed_was_never_on_the_road() -> None:
    assert unseen(OUT + "21:20  m05 @ramouseh  B-07 passed, 40 heads") == [Count(4)]
