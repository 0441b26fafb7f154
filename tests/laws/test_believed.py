"""What `check` believes is true, and nothing else is believed: every kind of wrong explanation, of every shape of clause.

A mutant changes one thing of a true explanation, or is the true explanation of something else: of a log with one entry fewer,
of another moment, of another opening, of a text with another limit. Some of these happen to be true here as well; all others
must be refused. Each kind is counted, so that none passes by never being made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import TypeAlias

import msgspec
import pytest
from msgspec.structs import replace

from safepassage.agreement import clause as c
from safepassage.agreement.check import check
from safepassage.agreement.clause import Agreement, Clause
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.explain import RULES, Explanation, explain
from safepassage.agreement.flat import Flat
from safepassage.agreement.operators import Value
from safepassage.agreement.proved import Proved
from safepassage.agreement.verdict import InstanceVerdict, Verdict, decide
from safepassage.fold import Change, in_force
from safepassage.observation import Entry
from safepassage.observation.setting import PostTaken, WatchClosed
from safepassage.observation.vehicles import Departed
from safepassage.values.ids import ClauseLabel, EntryId
from safepassage.values.times import MINUTE, Instant
from tests.agreement.told import minute, world
from tests.laws.test_agreement import LAST, agreement, log_of, proved_of

OPENED = minute(2)
Mutant: TypeAlias = tuple[str, Explanation]


def told(text: Agreement, log: list[Entry], opened: Instant, now: Instant, proved: Proved) -> list[Explanation]:
    engine = Evaluator(text, world(), opened)
    for said in log:
        engine.add(Change(None, said))
    engine.prove(proved)
    engine.settle(now)
    verdicts = [engine.told(clause.label) for clause in text.clauses]
    return [explain(verdict, one) for verdict in verdicts for one in verdict.instances]


class Case:
    """One log, the judge of each clause's explanations, and all that are true."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.now = minute(self.chance.choice([LAST, LAST, *range(8, LAST)]))
        self.log = in_force([said for said in log_of(Random(seed)) if said.observation.seen_at <= self.now], self.now)
        self.proved = proved_of(self.log, Random(seed))
        self.true = told(agreement(), self.log, OPENED, self.now, self.proved)
        self.forms = {form(said, kind) for said in self.true for kind in ("", "in words")}
        self._flat: dict[tuple[int, bool], Flat] = {}

    def believed(self, said: Explanation) -> bool:
        clause = agreement().clause(said.label)
        assert clause is not None
        asked = (clause.sources, clause.by_proof)
        if asked not in self._flat:
            self._flat[asked] = Flat(world(), self.log, OPENED, self.now, clause.sources, self.proved if clause.by_proof else None)
        return not check(said, clause, self._flat[asked])


def form(said: Explanation, kind: str = "") -> tuple[object, ...]:
    """All of it; of what is cited, the order behind the opener says nothing, and of the sentence only its limit, sums and instants."""
    one = replace(said.instance, entries=(), why=said.why if kind.endswith("in words") else "")
    first = () if one.opened_by is None else said.entries[:1]
    return said.label, said.sentence, said.rule, one, first, tuple(sorted(said.entries))


def again(said: Explanation, one: InstanceVerdict, entries: tuple[EntryId, ...] | None = None) -> Explanation:
    """Another instance in its place, the rest as it must be."""
    cited = said.entries if entries is None else entries
    return replace(said, instance=replace(one, entries=cited), rule=RULES[one.verdict], entries=cited)


def fields(said: Explanation, case: Case) -> Iterator[Mutant]:
    """One field, whatever the others say."""
    one = said.instance
    yield from (("verdict", again(said, replace(one, verdict=verdict))) for verdict in Verdict if verdict is not one.verdict)
    yield from (("said", again(said, replace(one, said=word))) for word in ("", "kept", "breached", "both", "limit not agreed"))
    yield from (("for", again(said, replace(one, for_=grade))) for grade in (0, 1, 2))
    yield from (("against", again(said, replace(one, against=grade))) for grade in (0, 1, 2))
    yield from (("until", again(said, replace(one, until=until))) for until in (None, minute(30), Instant((one.until or case.now) + 1)))
    yield from (("at", again(said, replace(one, at=Instant(one.at + step)))) for step in (-1, 1, MINUTE))
    yield "key", again(said, replace(one, key=one.key + "x"))
    yield "opener", again(said, replace(one, opened_by=case.chance.choice(case.log).id))
    yield "opener", again(said, replace(one, opened_by=None))
    yield "rule", replace(said, rule=RULES[case.chance.choice(list(Verdict))])
    other = case.chance.choice(agreement().clauses)
    yield "clause", replace(said, label=other.label, sentence=other.sentence)
    yield "sentence", replace(said, sentence=said.sentence.replace("6", "7").replace("No", "Any")[:-1])


def _shape(said: Explanation) -> c.Shape | None:
    return next((clause.shape for clause in agreement().clauses if clause.label == said.label), None)


def words(said: Explanation, case: Case) -> Iterator[Mutant]:
    """A number of its sentence: the limit, a sum, when it was done."""
    for kind, pattern in (
        ("limit in words", r"(?<=the limit is )\d"),
        ("sum in words", r"^\d|(?<=: )-?\d|(?<=since then )\d|(?<=in all )\d|(?<=between )-?\d"),
        ("done in words", r"(?<=answered by \w-\d at )\d|(?<=due by )\d|(?<=post from )\d"),
    ):  # fmt: skip
        sums = kind != "sum in words" or isinstance(_shape(said), c.Balance | c.Milestone | c.Ceiling)
        if sums and (found := re.search(pattern, said.why)) is not None:
            digit = "1" if found[0].endswith("2") else "2"
            why = said.why[: found.start()] + digit + said.why[found.end() :]
            yield kind, replace(said, why=why, instance=replace(said.instance, why=why))


def strengths(said: Explanation, case: Case) -> Iterator[Mutant]:
    """For and against otherwise, and all that follows from them."""
    one = said.instance
    for for_ in (0, 1, 2):
        for against in (0, 1, 2):
            for pending in (True, False):
                verdict, word = decide(Value(for_, against), pending)
                until = (one.until or minute(30)) if verdict is Verdict.PENDING else None
                yield "strength", again(said, replace(one, for_=for_, against=against, verdict=verdict, said=word, until=until))


def citations(said: Explanation, case: Case) -> Iterator[Mutant]:
    """An entry fewer, one more, another in its place, one twice, the opener not first."""
    cited, held = said.entries, {entry.id: entry.observation.what for entry in case.log}
    other = case.chance.choice(case.log).id
    for number, id in enumerate(cited):
        rest = cited[:number] + cited[number + 1 :]
        yield f"dropped {_what(held[id])}", again(said, said.instance, rest)
        yield f"replaced {_what(held[id])}", again(said, said.instance, (*cited[:number], other, *cited[number + 1 :]))
        for alike in (entry.id for entry in case.log if type(entry.observation.what) is type(held[id]) and entry.id not in cited):
            yield f"swapped {_what(held[id])}", again(said, said.instance, (*cited[:number], alike, *cited[number + 1 :]))
    for entry in case.log:
        if entry.id not in cited:
            yield f"added {_what(entry.observation.what)}", again(said, said.instance, (*cited, entry.id))
    yield "doubled", again(said, said.instance, (*cited, *cited[-1:]))
    yield "turned", again(said, said.instance, cited[::-1])


def _what(what: object) -> str:
    return {WatchClosed: "watch", PostTaken: "post", Departed: "departure"}.get(type(what), "entry")


def exchanged(said: Explanation, case: Case) -> Iterator[Mutant]:
    """What is true of another instance of the same clause: its answer, its verdict, or all but what opened it."""
    one = said.instance
    for other in (other for other in case.true if other.label == said.label and other.instance.opened_by != one.opened_by):
        two = other.instance
        opener = () if one.opened_by is None else (one.opened_by,)
        yield "another's answer", again(said, one, (*opener, *other.entries[1:]))
        verdict = replace(one, verdict=two.verdict, for_=two.for_, against=two.against, said=two.said, until=two.until)
        yield "another's verdict", again(said, verdict)
        yield "another's verdict and answer", again(replace(said, why=other.why), verdict, (*opener, *other.entries[1:]))
        yield (
            "another's opener",
            again(said, replace(one, key=two.key, opened_by=two.opened_by, at=two.at), (*other.entries[:1], *said.entries[1:])),
        )


def foreign(case: Case) -> Iterator[Mutant]:
    """What is true of another log, moment, opening or text."""
    for out in case.chance.sample(case.log, min(3, len(case.log))):
        yield from (
            ("of a log without it", one) for one in told(agreement(), [e for e in case.log if e != out], OPENED, case.now, case.proved)
        )
    for now in (Instant(case.now - 6 * MINUTE), Instant(case.now + 9 * MINUTE)):
        log = [entry for entry in case.log if entry.observation.seen_at <= now]
        yield from (("of another moment", one) for one in told(agreement(), log, OPENED, now, case.proved))
    for opened in (minute(0), minute(5)):
        yield from (("of another opening", one) for one in told(agreement(), case.log, opened, case.now, case.proved))
    yield from (("of other proofs", one) for one in told(agreement(), case.log, OPENED, case.now, {}))
    for step in (-1, 1):
        text = replace(agreement(), clauses=tuple(replace(clause, shape=limited(clause, step)) for clause in agreement().clauses))
        yield from (("of another limit", one) for one in told(text, case.log, OPENED, case.now, case.proved))


def limited(clause: Clause, step: int) -> c.Shape:
    """The shape with its numbers a little greater, or less."""
    changes: dict[str, object] = {}
    for name in ("within", "gap", "at_most", "first", "then"):
        if isinstance(limit := getattr(clause.shape, name, None), c.Elapsed):
            changes[name] = replace(limit, milliseconds=limit.milliseconds + 2 * step * MINUTE)
        elif isinstance(limit, c.Calendar):
            changes[name] = replace(limit, days=limit.days + step)
    for name in ("limit", "reached", "amount"):
        if isinstance(number := getattr(clause.shape, name, None), int):
            changes[name] = number + step * (1 if number < 10 else 20)
    if isinstance(clause.shape, c.Hours):
        changes["end"] = f"22:{14 + 3 * step}"
    return msgspec.structs.replace(clause.shape, **changes)


ONE_BY_ONE = (fields, words, strengths, citations, exchanged)
SHAPES = (c.Duty, c.Pairing, c.Before, c.Ban, c.Presence, c.Cycle, c.Balance, c.Milestone, c.Ceiling, c.Hours)
EVERYWHERE = {
    "verdict", "said", "for", "against", "until", "at", "key", "opener", "rule", "clause", "sentence", "strength", "doubled",
    "of another opening",
}  # fmt: skip
"""Kinds that must have been made of every shape."""
IN_WORDS = {"limit in words", "sum in words"}
BESIDES: dict[type, set[str]] = {
    c.Duty: {
        "limit in words",
        "of a log without it",
        "another's answer",
        "another's opener",
        "dropped watch",
        "swapped watch",
        "added entry",
        "of another limit",
        "of another moment",
    },
    c.Pairing: {
        "limit in words",
        "done in words",
        "of a log without it",
        "another's answer",
        "swapped departure",
        "dropped departure",
        "dropped watch",
        "of another limit",
        "of another moment",
    },
    c.Before: {"of a log without it", "another's answer", "another's verdict", "dropped watch", "of another limit", "of other proofs"},
    c.Ban: {"another's verdict", "another's opener", "added entry"},
    c.Presence: {
        "done in words",
        "of a log without it",
        "dropped post",
        "swapped post",
        "added post",
        "dropped watch",
        "of another limit",
        "of another moment",
    },
    c.Cycle: {"limit in words", "of a log without it", "another's answer", "dropped watch", "of another limit"},
    c.Balance: {
        "limit in words",
        "sum in words",
        "of a log without it",
        "dropped departure",
        "swapped departure",
        "dropped watch",
        "added entry",
        "of another limit",
    },
    c.Milestone: {
        "limit in words",
        "sum in words",
        "of a log without it",
        "dropped departure",
        "added departure",
        "dropped watch",
        "of another limit",
        "of another moment",
    },
    c.Ceiling: {
        "limit in words",
        "sum in words",
        "of a log without it",
        "dropped departure",
        "added departure",
        "dropped watch",
        "of another limit",
    },
    c.Hours: {"replaced departure", "another's verdict", "another's opener", "of another limit", "of other proofs"},
}
"""And those that tell whether this shape is looked at."""


def picked_of(case: Case, shapes: Mapping[ClauseLabel, type]) -> list[Explanation]:
    """One of each shape and verdict."""
    found = {(shapes[said.label], said.instance.verdict): said for said in case.chance.sample(case.true, len(case.true))}
    return list(found.values())


def all_believed(case: Case) -> bool:
    return all(case.believed(said) for said in case.true)


Made: TypeAlias = Counter[tuple[type, str]]


def hold(seed: int, made: Made) -> None:
    """One log: what is true is believed, and nothing that is made of it unless it is true as well."""
    shapes: dict[ClauseLabel, type] = {clause.label: type(clause.shape) for clause in agreement().clauses}
    sentences = {clause.label: clause.sentence for clause in agreement().clauses}
    case = Case(seed)
    if not case.log:
        return
    assert all_believed(case)
    mutants = [mutant for said in picked_of(case, shapes) for make in ONE_BY_ONE for mutant in make(said, case)]
    for kind, wrong in (*mutants, *foreign(case)):
        wrong = wrong if kind in ("sentence", "clause") else replace(wrong, sentence=sentences[wrong.label])
        if form(wrong, kind) not in case.forms:
            made[shapes[wrong.label], kind] += 1
            assert not case.believed(wrong), (seed, kind, wrong)


def test_what_is_true_is_believed_and_what_was_changed_anywhere_is_not() -> None:
    made: Made = Counter()
    for seed in range(1000, 1025):
        hold(seed, made)
    assert {shape for shape, _ in made} >= set(SHAPES)


@pytest.mark.slow
def test_no_wrong_explanation_of_any_kind_and_of_any_shape_is_believed() -> None:
    made: Made = Counter()
    for seed in range(250):
        hold(seed, made)
    missing = [(shape.__name__, kind) for shape in SHAPES for kind in sorted(EVERYWHERE | BESIDES[shape]) if not made[shape, kind]]
    assert not missing
