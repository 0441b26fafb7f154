"""What must stand beside a clause's verdict so that nobody reads more into it than is there."""

from __future__ import annotations

from collections.abc import Sequence

from safepassage.agreement import clause as c
from safepassage.agreement.facts import Fact
from safepassage.agreement.reader import row_of
from safepassage.agreement.verdict import InstanceVerdict, Verdict
from safepassage.agreement.vocabulary import Happening


def remarks(
    clause: c.Clause, instances: Sequence[InstanceVerdict], coverage: int | None, samples: Sequence[Fact], early: int, uses: int
) -> tuple[str, ...]:
    """In sentences, most important first."""
    said: list[str] = []
    shape = clause.shape
    if isinstance(shape, c.Ban):
        said += _ban(row_of(shape.what).watch is not None, instances, coverage)
    if isinstance(shape, c.Pairing):
        said.append("judged over recorded buses, first come, first served; unrecorded ones are not in it")
    if isinstance(shape, c.Before) and row_of(shape.past).means is Happening.CONSENT:
        said.append("consent is asked by number, never by wristband, so no single person's can be shown here")
        said += [fact.words for fact in sorted(samples, key=lambda fact: (fact.at, fact.entry))]
    if isinstance(shape, c.Before) and row_of(shape.past).means is Happening.LAST_DEPARTURE:
        said.append("a last convoy is one that was declared so as it departed; silence about it is never evidence")
    if clause.by_proof and any(one.verdict is Verdict.UNKNOWN for one in instances):
        said.append("times count only as far as they are proved: what no cosigner has vouched for may have been made at any time until now")
    if isinstance(shape, c.Permission):
        said.append(f"used {uses} times, as recorded" if uses else "no use is recorded")
    if early:
        said.append(f"{early} observations of the kind from before the agreement held are not judged by it")
    return tuple(said)


def _ban(watchable: bool, instances: Sequence[InstanceVerdict], coverage: int | None) -> list[str]:
    """A ban is never simply kept."""
    if any(one.verdict is Verdict.BREACHED for one in instances):
        return []
    if not watchable or coverage is None:
        return ["nothing is recorded by a party; no watch can cover it, so that says little"]
    if not coverage and not instances:
        return ["nothing is recorded, and nobody signed for any of it"]
    return [f"kept so far, watched {coverage / 10:.1f} %"] if not instances else []
