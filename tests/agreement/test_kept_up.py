"""What is kept up equals its definition after every single change: pairs one for one, and sums in pieces."""

from __future__ import annotations

import re
from random import Random

import pytest
from msgspec.structs import replace

from safepassage.agreement.by_clause import matched
from safepassage.agreement.clause import Balance
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.facts import Fact, Ground, facts_of
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.heard import Heard, ears
from safepassage.agreement.matching import Matching
from safepassage.agreement.naive import naive
from safepassage.agreement.parity import extremes
from safepassage.agreement.sums import LARGEST, Sums
from safepassage.agreement.vocabulary import Happening
from safepassage.fold import Change, in_force, order
from safepassage.observation import Entry
from safepassage.observation.setting import WatchClosed, Watched
from safepassage.observation.vehicles import Departed
from safepassage.values.counts import Count, exactly
from safepassage.values.people import Teller
from safepassage.values.times import LATEST, Instant, Stretch
from tests.agreement.told import entry, minute, world
from tests.laws.test_agreement import LAST, TEXT, bare, log_of


def bus(number: int, at: int) -> Fact:
    return Fact(Happening.BUS_DEPARTURE, Instant(at), 2, f"{number:04d}", "m01", None, None, f"B-{number}")


def changed(matching: Matching, each: list[Fact], answers: list[Fact], number: int, chance: Random) -> None:
    """One bus more or one fewer, at either end."""
    mine, put, drop = chance.choice([(each, matching.add_each, matching.drop_each), (answers, matching.add_answer, matching.drop_answer)])
    if mine and chance.random() < 0.25:
        drop(mine.pop(chance.randrange(len(mine))))
    else:
        mine.append(bus(number, chance.randint(0, 20)))
        put(mine[-1])


@pytest.mark.parametrize("seed", range(400))
def test_a_matching_kept_up_pairs_as_if_all_had_been_known_from_the_start(seed: int) -> None:
    chance = Random(seed)
    within, each, answers = chance.randint(1, 8), list[Fact](), list[Fact]()
    matching = Matching(lambda opener: Instant(opener[0] + within if opener[0] < 13 else LATEST))  # from 13 on the clock stands still
    for number in range(30):
        changed(matching, each, answers, number, chance)
        limits = {one.entry: None if one.at >= 13 else Instant(one.at + within) for one in each}
        in_order = [sorted(facts, key=lambda one: (one.at, one.entry)) for facts in (each, answers)]
        assert matching.pairs == matched(*in_order, limits)


def departure(number: int, chance: Random) -> Entry:
    heads = chance.choice([exactly(20), exactly(31), Count(10, 40)] if chance.random() < 0.999 else [Count(5)])
    told = Teller.DRIVER if chance.random() < 0.02 else None
    at = minute(chance.randint(3, 600))
    return entry(Departed(f"B-{number}", "idlib", heads), at, chance.choice(["ramouseh", "foua-gate"]), f"m{number:04d}", told)


@pytest.mark.parametrize("seed", range(6))
def test_sums_in_pieces_give_the_verdict_of_the_whole_list(seed: int) -> None:
    """So many departures that pieces are split, in any order, some withdrawn; judged against the definition from time to time."""
    chance = Random(seed)
    text = "At no time do the persons departed from Aleppo and the persons departed from Foua differ by more than 700."
    agreement = parse_agreement(f'Agreement "T". Clause 1 "a": {text}', world())
    engine, heard = Evaluator(agreement, world(), minute(0)), list[Entry]()
    engine.add(Change(None, entry(WatchClosed(Stretch(minute(0), minute(chance.choice([90, 700]))), tuple(Watched)), minute(700))))
    for number in range(4 * LARGEST):
        if heard and chance.random() < 0.1:
            engine.add(Change(heard.pop(chance.randrange(len(heard))), None))
        heard.append(departure(number, chance))
        engine.add(Change(None, heard[-1]))
        if number % 61 == 0:
            engine.settle(minute(700))
            (kept,), (told,) = engine.answer("1").instances, engine.told("1").instances
            assert (kept.verdict, kept.for_, kept.against) == (told.verdict, told.for_, told.against)


@pytest.mark.parametrize("seed", range(8))
def test_pieces_find_the_same_first_instants_as_the_definition(seed: int) -> None:
    """For narrow limits and wide ones: whether all is within, whether allegations could exceed, and when it is surely exceeded."""
    chance = Random(seed)
    text = "At no time do the persons departed from Aleppo and the persons departed from Foua differ by more than 700."
    agreement = parse_agreement(f'Agreement "T". Clause 1 "a": {text}', world())
    shape = agreement.clauses[0].shape
    assert isinstance(shape, Balance)
    ground = Ground(world())
    heard = [(part, Heard(ear, ground, minute(0))) for part, ear in ears(agreement.clauses[0])]
    sums = Sums(agreement.clauses[0], shape, heard, minute(0))
    found = [fact for number in range(3 * LARGEST) for fact in facts_of(departure(number, chance), ground)]
    for fact in found:
        for _, one in heard:
            if one.ear.what is fact.what:
                one.move(fact, True)
    steps = extremes(*(one.by_key[""] for _, one in heard))
    lowest, highest = min(step.least for step in steps), max(step.most or 0 for step in steps)
    for limit in (10, 60, 150, 400, 900, 2_000, 9_000, abs(lowest), abs(highest), abs(lowest) - 1, abs(highest) - 1):
        above = next((step.at for step in steps if step.least > limit), None)
        below = next((step.at for step in steps if step.most is not None and step.most < -limit), None)
        within = all(step.within(limit) for step in steps)
        assert sums.across(limit) == (within, any(step.alleged_exceeds(limit) for step in steps), above, below)


SLOWER = 40


def slowly(at: int) -> Instant:
    return Instant(minute(0) + (at - minute(0)) * SLOWER)


def stretched(said: Entry) -> Entry:
    """The same over most of a day: what is kept by the hour is told apart."""
    seen, what = said.observation, said.observation.what
    if isinstance(what, WatchClosed):
        parts = [Stretch(slowly(part.start), slowly(part.end)) for part in (what.stretch, *what.gaps)]
        what = replace(what, stretch=parts[0], gaps=tuple(parts[1:]))
    return replace(said, observation=replace(seen, seen_at=slowly(seen.seen_at), what=what))


@pytest.mark.parametrize("seed", range(60))
def test_a_watch_that_comes_or_goes_late_changes_what_the_definition_says_it_changes(seed: int) -> None:
    """Everything first, then watches one by one, in and out."""
    chance = Random(seed)
    text = re.sub(r"(\d+) minutes", lambda found: f"{int(found[1]) * SLOWER} minutes", TEXT)
    slow = parse_agreement(text, world())
    now, opened = slowly(minute(LAST)), slowly(minute(2))
    log = [stretched(said) for said in in_force(log_of(chance), minute(LAST))]
    over = [Stretch(slowly(minute(a)), slowly(minute(a + chance.randint(1, 12)))) for a in (chance.randint(-3, 20) for _ in range(6))]
    late = [
        entry(WatchClosed(part, tuple(Watched)), max(part.end, minute(0)), chance.choice([None, None, "idlib"]), "m08") for part in over
    ]
    engine = Evaluator(slow, world(), opened)
    for said in log:
        engine.add(Change(None, said))
    engine.settle(now)
    standing = list(log)
    for said in [*late, *chance.sample(late, len(late))]:
        gone = said in standing
        standing = [one for one in standing if one != said] if gone else [*standing, said]
        engine.add(Change(said, None) if gone else Change(None, said))
        engine.settle(now)
        assert bare(engine.verdicts()) == bare(naive(slow, world(), opened, sorted(standing, key=order), now, {}))
