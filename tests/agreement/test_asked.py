"""What the agreement asks of a plan: bands that hold exactly where the clauses do, hours, and what is not handed over."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from safepassage.agreement.asked import Band, Leaving, asked, bands, unbound
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.linked import Kind, Link, Quantity
from safepassage.agreement.vocabulary import Happening
from safepassage.picture import Picture
from safepassage.planner.check import check
from safepassage.planner.extract import midnight, problem_of
from safepassage.planner.plan import Plan
from safepassage.planner.solve import solve
from safepassage.values.counts import Count, exactly
from safepassage.values.times import MINUTE, Instant, local
from tests.agreement.told import world
from tests.laws.night import entries

NORTH, SOUTH = (Quantity(Happening.DEPARTURE, frozenset({place})) for place in ("ramouseh", "foua-gate"))
TEXT = """Agreement "T". Days are counted in the time zone Asia/Damascus.
Clause 1 "a": At no time do the persons departed from Aleppo and the persons departed from Foua differ by more than 50.
Clause 2 "b": At any time, no more than 700 persons have departed from Foua.
Clause 3 "c": On any calendar day, no more than 90 depart from Foua.
Clause 4 "d": For each departure of the last convoy from Foua, the last convoy from Aleppo must have departed before.
Clause 5 "e": For each bus that departs Aleppo, a different bus departs Foua within 6 hours; no bus counts twice.
Clause 6 "f": At no time do the buses departed from Aleppo and the buses departed from Foua differ by more than 5.
Clause 7 "g": For each bus that departs Foua, the hour is between 20:00 and 04:00.
Clause 8 "h": No person is robbed by a party.
"""


def leaving(north: int, south: int) -> list[Leaving]:
    """Nobody has left yet."""
    return [
        Leaving("aleppo", frozenset({"ramouseh"}), exactly(0), north),
        Leaving("foua", frozenset({"foua-gate"}), exactly(0), south),
    ]


def inside(band: Band, gone: dict[str, int]) -> bool:
    return band.low <= band.start + band.wp * gone[band.plus] - band.wm * gone[band.minus] <= band.high


def kept(link: Link, gone: dict[str, int], north: int, south: int) -> bool:
    """The clause itself, of departures in whole persons."""
    one, other = (gone["aleppo"], gone["foua"]) if link.one == NORTH else (gone["foua"], gone["aleppo"])
    match link.kind:
        case Kind.APART:
            return abs(one - other) <= link.limit
        case Kind.AT_MOST:
            return one <= link.limit
        case _:
            mine, theirs = (north, south) if link.one == NORTH else (south, north)
            return one < mine or other >= theirs


@pytest.mark.parametrize("seed", range(60))
def test_a_band_holds_exactly_where_its_clause_does(seed: int) -> None:
    chance = Random(seed)
    north, south, limit = chance.randint(1, 12), chance.randint(1, 12), chance.randint(0, 9)
    link = Link("1", chance.choice([Kind.APART, Kind.AT_MOST, Kind.LAST]), *chance.sample([NORTH, SOUTH], 2), limit=limit)
    (band,) = bands([link], leaving(north, south))
    for first in range(north + 1):
        for second in range(south + 1):
            gone = {"aleppo": first, "foua": second}
            assert inside(band, gone) == kept(link, gone, north, south), gone


def test_what_may_have_left_besides_narrows_a_band() -> None:
    """Between 10 and 14 have left: a plan must keep the clause even if they were 14."""
    sides = leaving(20, 20)
    sides[0] = replace(sides[0], left=Count(10, 14))
    (band,) = bands([Link("1", Kind.APART, NORTH, SOUTH, limit=15)], sides)
    assert (band.start, band.low, band.high) == (10, -15, 11)
    (open_,) = bands([Link("1", Kind.APART, NORTH, SOUTH, limit=3)], sides)
    assert open_.high == open_.start, "what is so already blocks nobody on the other side"


def test_a_clause_over_a_part_of_a_side_binds_no_side_as_a_whole() -> None:
    sides = leaving(5, 5)
    sides[0] = replace(sides[0], starts=frozenset({"ramouseh", "another"}))
    link = Link("1", Kind.APART, NORTH, SOUTH, limit=3)
    assert bands([link], sides) == () and unbound([link], sides) == ("1",)


def test_every_clause_that_a_plan_could_break_is_handed_over_or_named_with_the_reason() -> None:
    found = asked(parse_agreement(TEXT, world()))
    assert [link.label for link in found.links] == ["1", "2", "4"]
    assert [(window.label, window.start, window.end) for window in found.windows] == [("7", "20:00", "04:00")]
    assert {each.label: each.why.split(":")[0] for each in found.beyond} == {
        "3": "a number for each day",
        "5": "bus for bus",
        "6": "it counts buses or detainees, plans count persons",
    }


def night_under(clauses: str) -> Picture:
    """The exercise's night up to its first proposal, under other clauses."""
    picture: Picture | None = None
    for entry in entries():
        if type(entry.observation.what).__name__ == "PlanProposed":
            break
        what = entry.observation.what
        if type(what).__name__ == "AgreementAdopted":
            entry = replace(entry, observation=replace(entry.observation, what=replace(what, text=clauses)))
        if picture is None:
            picture = Picture(entry)
        else:
            picture.add(entry, entry.logged_at)
    assert picture is not None
    return picture


@pytest.mark.slow
def test_a_plan_keeps_the_hours_and_the_order_of_the_last_convoys() -> None:
    head = 'Agreement "Exercise". Days are counted in the time zone Asia/Damascus.'
    hours = 'Clause 1 "a": For each bus that departs Aleppo, the hour is between 22:00 and 06:00.'
    last = 'Clause 2 "b": For each departure of the last convoy from Foua, the last convoy from Aleppo must have departed before.'
    picture = night_under(f"{head}\n{hours}\n{last}\n")
    planning = picture.world.planning
    assert planning is not None
    problem = problem_of(picture, planning, picture.now)
    found = solve(problem, seed=1, budget=60)
    assert isinstance(found, Plan) and check(problem, found.convoys) == ()
    of_aleppo = [convoy for convoy in found.convoys if problem.route(convoy.route).side == "aleppo"]
    of_foua = [convoy for convoy in found.convoys if problem.route(convoy.route).side == "foua"]
    clocks = [f"{local(Instant(midnight(picture) + c.departure * MINUTE), picture.world.zone):%H:%M}" for c in of_aleppo]
    assert clocks and all(clock >= "22:00" or clock <= "06:00" for clock in clocks)
    assert max(c.crossing_end for c in of_foua) >= max(c.crossing_end for c in of_aleppo)
    free = problem_of(night_under(f'{head}\nClause 1 "a": No person is robbed by a party.\n'), planning, picture.now)
    assert free.parity == () and free.crossings != problem.crossings
