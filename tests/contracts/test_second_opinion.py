"""The exported files, judged by a plain reading of their language (`mfotl.py`), find the breaches that the engine finds.

Both judge a closed world: all is signed, and all is watched. What no watch can cover is left to MonPoly alone, as are
clauses whose words change what counts as signed or when (several sources, proved times).
"""

from __future__ import annotations

import re
from random import Random

import pytest
from msgspec.structs import replace

from safepassage.agreement import clause as c
from safepassage.agreement.cases import Case, opinions_of, run_case
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.facts import Ground, facts_of
from safepassage.agreement.monpoly import Opinion, opinions
from safepassage.agreement.once import each_once
from safepassage.agreement.reader import row_of
from safepassage.agreement.verdict import Verdict
from safepassage.fold import Change, in_force
from safepassage.observation import Entry
from safepassage.observation.setting import WatchClosed, Watched
from safepassage.values.times import SECOND, Instant, Stretch
from tests.agreement.told import entry, minute, world
from tests.contracts.mfotl import Monitor, Parser, ahead
from tests.contracts.test_monpoly import CASES, GOLDEN, closed
from tests.laws.test_agreement import LAST, agreement, log_of

OPENED = minute(2)
WORLD = replace(world(), legs=())
"""Without roads that say how soon a bus can be back: what may be a second departure is alleged, and no closed world knows that."""


def breaches(opinion: Opinion, log: str) -> set[str]:
    """The instances that are not met, or the days; `*` where the clause is its only one."""
    found = {
        dict(one).get("i", dict(one).get("k", "*")) for at in Monitor(opinion.signature, opinion.formula, log).violations() for one in at
    }
    return {str(value) for value in found}


def test_the_reader_knows_what_binds_tighter() -> None:
    """`NOT EVENTUALLY a AND b` denies both: the reason why every temporal operator of an export is in parentheses."""
    assert Parser("NOT EVENTUALLY[0,5] a(x) AND b(x)").whole()[1][2][0] == "AND"
    assert Parser("NOT (EVENTUALLY[0,5] a(x)) AND b(x)").whole()[0] == "AND"
    assert Parser("EXISTS x. a(x) OR b(x)").whole()[0] == "EXISTS"
    assert ahead(Parser("a(x) AND (NOT (EVENTUALLY[0,7] (EVENTUALLY[0,5] b(x))))").whole()) == 12


def test_the_definition_on_a_log_small_enough_to_count() -> None:
    signature, log = "a(x:string)\nb(x:string,n:int)\n", '@0 a("p")\n@3 b("p",2) b("q",5)\n@9 a("q")\n@20 \n'

    def said(formula: str) -> list[set[frozenset[tuple[str, object]]]]:
        return [set(found) for found in Monitor(signature, formula, log).violations()]

    assert said("a(x) AND (NOT (EVENTUALLY[0,5] (EXISTS n. b(x,n))))") == [set(), set(), {frozenset({("x", "q")})}]
    assert said("(s <- SUM n (ONCE b(x,n))) AND (s > 6)") == [set(), *[{frozenset({("s", 7)})}] * 3]
    assert said("(s <- SUM n;x (ONCE[0,5] b(x,n))) AND (s > 2)")[1] == {frozenset({("s", 5), ("x", "q")})}
    assert said("(NOT (EXISTS n. b(x,n))) SINCE[2,*) a(x)")[1:3] == [set(), set()]
    assert said('b("q",n) AND (NOT (PREVIOUS (EXISTS m. b("q",m))))')[1] == {frozenset({("n", 5)})}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_files_of_the_cases_say_the_same_breaches(case: Case) -> None:
    (stage,) = run_case(closed(case)).stages
    for opinion in opinions_of(closed(case)):
        mine = {line.instance for line in stage.found if (line.clause, line.verdict) == (opinion.label, "breached")}
        found = breaches(opinion, opinion.established)
        assert found == {one if one == "*" or not isinstance(one, int) else f"{one:012d}" for one in mine}


def test_every_committed_formula_is_read() -> None:
    for path in GOLDEN.rglob("*.mfotl"):
        assert Parser(path.read_text()).whole()


def watchable(clause: c.Clause) -> bool:
    """Whether silence about what the clause asks for can be evidence at all; and what is signed, and when, is as for every clause."""
    atom = getattr(clause.shape, "act", getattr(clause.shape, "past", None))
    silent = atom is None or row_of(atom).watch is not None or row_of(atom).made_here
    return silent and clause.sources == 1 and not clause.by_proof


def signed(log: list[Entry], everything: bool) -> list[Entry]:
    """What is signed; or everything, as if it were. To the second, as the export counts."""
    kept = [said for said in log if everything or said.observation.told_by is None]
    return [
        replace(said, observation=replace(said.observation, told_by=None, seen_at=Instant(said.observation.seen_at // SECOND * SECOND)))
        for said in kept
    ]


def ours(text: c.Agreement, log: list[Entry], now: Instant, verdict: Verdict) -> dict[str, set[str]]:
    """The instances to which the engine gives this verdict where everything is watched."""
    engine = Evaluator(text, WORLD, OPENED)
    for said in [*log, entry(WatchClosed(Stretch(minute(-99), now), tuple(Watched)), now)]:
        engine.add(Change(None, said))
    engine.settle(now)
    found = {}
    for clause in engine.verdicts():
        ones = [one for one in clause.instances if one.verdict is verdict]
        found[clause.label] = {
            one.key if re.fullmatch(r"\*|\d{4}-\d\d-\d\d", one.key) else str(one.opened_by or one.key)[:16] for one in ones
        }
    return found


@pytest.mark.parametrize("seed", range(300))
def test_the_files_of_random_logs_say_the_same_breaches(seed: int) -> None:
    now = minute(LAST)
    log = in_force(log_of(Random(seed)), now)
    text = replace(agreement(), clauses=tuple(clause for clause in agreement().clauses if watchable(clause)))
    for everything in (False, True):
        mine = signed([said for said in log if not isinstance(said.observation.what, WatchClosed)], everything)
        facts = each_once(fact for said in mine for fact in facts_of(said, Ground(WORLD)))
        judged, unknown = (ours(text, mine, now, verdict) for verdict in (Verdict.BREACHED, Verdict.UNKNOWN))
        for opinion in opinions(text, WORLD, OPENED, facts, now):
            found = breaches(opinion, opinion.established)
            excepted = getattr(next(clause.shape for clause in text.clauses if clause.label == opinion.label), "unless", ())
            if any(row_of(atom).watch is None for atom in excepted):  # that somebody was not wounded is evidence of no kind
                found -= unknown[opinion.label]
            assert found == judged[opinion.label], (opinion.label, opinion.formula)
