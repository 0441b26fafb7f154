"""Explanations are believed by a judge that knows only the log and six rules; one that is changed anywhere is not."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

import safepassage.agreement.check
from safepassage.agreement.check import check
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.explain import Explanation, explain
from safepassage.agreement.flat import Flat
from safepassage.agreement.verdict import Verdict
from safepassage.fold import Change, in_force
from safepassage.observation import Entry
from safepassage.values.times import Instant
from tests.agreement.told import minute, world
from tests.laws.test_agreement import LAST, agreement, log_of, proved_of

PAIRS = {"21", "21b", "21c", "2", "22", "22b", "25", "26", "4", "1", "1b", "29b", "29d", "29e"}
"""Clauses whose instances share one history: the checker asks only that the parts of their explanations fit each other."""


def explained(seed: int) -> tuple[list[Entry], Callable[[str], Flat], list[Explanation]]:
    """Entries in force, the flat log as each clause counts it, and every explanation."""
    log = in_force(log_of(Random(seed)), minute(LAST))
    engine = Evaluator(agreement(), world(), minute(2))
    for said in log:
        engine.add(Change(None, said))
    proved = proved_of(log, Random(seed))
    engine.prove(proved)
    engine.settle(minute(LAST))
    verdicts = [engine.told(clause.label) for clause in agreement().clauses]
    asked = {clause.label: (clause.sources, clause.by_proof) for clause in agreement().clauses}
    flat = {
        pair: Flat(world(), log, minute(2), minute(LAST), pair[0], proved if pair[1] else None) for pair in {(1, False), *asked.values()}
    }
    return log, lambda label: flat[asked.get(label, (1, False))], [explain(v, one) for v in verdicts for one in v.instances]


@pytest.mark.parametrize("seed", range(200))
def test_every_explanation_of_a_random_log_is_believed(seed: int) -> None:
    _, log, explanations = explained(seed)
    for said in explanations:
        clause = agreement().clause(said.label)
        assert clause is not None
        assert check(said, clause, log(said.label)) == "", said


def mutations(said: Explanation, entries: list[Entry], chance: Random) -> Iterator[tuple[str, Explanation]]:
    """Every way to change one thing."""
    one = said.instance
    for verdict in Verdict:
        if verdict is not one.verdict:
            yield "verdict", replace(said, instance=replace(one, verdict=verdict))
    for word in {"", "kept", "breached", "both", "limit not agreed"} - {one.said}:
        yield "said", replace(said, instance=replace(one, said=word))
    for grade in {0, 1, 2} - {one.for_} if one.said != "limit not agreed" or said.label not in PAIRS else set[int]():
        yield "for", replace(said, instance=replace(one, for_=grade))
    for grade in {0, 1, 2} - {one.against}:
        yield "against", replace(said, instance=replace(one, against=grade))
    yield "label", replace(said, label="99")
    if said.label in PAIRS:
        return
    until = minute(30) if one.until is None else Instant(one.until + 1)
    yield "until", replace(said, instance=replace(one, until=until))
    yield "key", replace(said, instance=replace(one, key=one.key + "x"))
    yield "at", replace(said, instance=replace(one, at=Instant(one.at + 1)))
    for number in range(len(said.entries)):
        yield "left out", replace(said, entries=said.entries[:number] + said.entries[number + 1 :])
    other = chance.choice(entries).id
    if other not in said.entries:
        yield "added", replace(said, entries=(*said.entries, other))
        yield "opener", replace(said, instance=replace(one, opened_by=other))


@pytest.mark.parametrize("seed", range(200))
def test_no_explanation_that_was_changed_anywhere_is_believed(seed: int) -> None:
    entries, log, explanations = explained(seed)
    for said in explanations:
        clause = agreement().clause(said.label)
        assert clause is not None
        for part, changed in mutations(said, entries, Random(seed)):
            assert check(changed, clause, log(clause.label)), (part, changed)


def test_the_checker_is_short_and_shares_nothing_with_the_evaluator() -> None:
    """Neither it nor its flat log may import how the engine judges; what both know is the text, the facts and the vocabulary."""
    path = Path(safepassage.agreement.check.__file__)
    assert len(path.read_text().splitlines()) <= 150
    allowed = {"clause", "explain", "facts", "flat", "naive_sources", "proved", "vocabulary"}
    for file in (path, path.with_name("flat.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("safepassage.agreement."):
                assert (node.module or "").rpartition(".")[2] in allowed, node.module


def test_the_definition_shares_nothing_with_the_engine_but_words_and_what_a_fact_is() -> None:
    allowed = {"clause", "facts", "naive_facts", "naive_sources", "naive_time", "proved", "verdict", "vocabulary"}
    folder = Path(safepassage.agreement.check.__file__).parent
    for file in ("naive.py", "naive_facts.py", "naive_sources.py", "naive_time.py"):
        for node in ast.walk(ast.parse((folder / file).read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("safepassage.agreement."):
                assert (node.module or "").rpartition(".")[2] in allowed, node.module
