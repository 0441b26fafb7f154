"""Explanations are believed by a judge that knows only the log; what is changed in one is not."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.structs import replace

from safepassage.agreement.check import check
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.explain import Explanation, explain
from safepassage.agreement.verdict import Verdict
from safepassage.fold import Change, in_force
from safepassage.observation import Entry
from safepassage.observation.people import ArrivalRegistered
from tests.agreement.test_verdicts import BOARDS, boarded, engine_at, whole_watch
from tests.agreement.told import entry, minute, world
from tests.laws.test_agreement import LAST, agreement, log_of


@pytest.mark.parametrize("seed", range(120))
def test_every_explanation_of_a_random_log_is_believed(seed: int) -> None:
    log = in_force(log_of(Random(seed)), minute(LAST))
    engine = Evaluator(agreement(), world(), minute(2))
    for said in log:
        engine.add(Change(None, said))
    engine.settle(minute(LAST))
    for clause, verdict in ((clause, engine.told(clause.label)) for clause in agreement().clauses):
        for case in verdict.instances:
            assert check(explain(verdict, case), clause, log) == "", (clause.label, case)


def explained(log: list[Entry]) -> tuple[Explanation, list[Entry], Evaluator]:
    engine = engine_at(BOARDS, log, minute(90))
    why = engine.why("1", "w-0001")
    assert why is not None
    return why, log, engine


def test_a_changed_explanation_is_not_believed() -> None:
    from safepassage.agreement.grammar import parse_agreement

    clause = parse_agreement('Agreement "Test".\nClause 1 "One": ' + BOARDS, world()).clauses[0]
    kept, log, _ = explained([boarded(0), entry(ArrivalRegistered(("w-0001",)), minute(5), "idlib")])
    assert check(kept, clause, log) == ""
    assert "not in force" in check(kept, clause, log[:1])
    assert check(replace(kept, entries=kept.entries[:1]), clause, log)
    assert check(replace(kept, entries=kept.entries[1:]), clause, log)
    assert check(replace(kept, label="2"), clause, log)
    not_met = replace(kept.instance, verdict=Verdict.BREACHED)
    assert "without a watch" in check(replace(kept, instance=not_met), clause, log)
    silent, watched, _ = explained([boarded(0), whole_watch(80)])
    assert check(silent, clause, watched) == ""
    assert check(replace(silent, entries=silent.entries[:1]), clause, watched)
