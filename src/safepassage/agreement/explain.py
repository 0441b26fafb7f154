"""The reasons of a verdict: its rule, in a sentence, and the entries that it cites."""

from __future__ import annotations

import msgspec

from safepassage.agreement.verdict import ClauseVerdict, InstanceVerdict, Verdict, shown
from safepassage.values.ids import ClauseLabel, EntryId
from safepassage.values.times import Instant, local

RULES = {
    Verdict.KEPT: "kept: a signed entry says that it was done in time, and no signed one speaks against it",
    Verdict.BREACHED: "not met, as recorded: signed entries show it, or signed watches cover all the time in which it was not done",
    Verdict.PENDING: "pending: its time still runs",
    Verdict.UNKNOWN: "not known: what is signed allows both",
}


class Explanation(msgspec.Struct, frozen=True):
    """Why one instance has its verdict. `entries`: what opened it first, then whatever decided it."""

    label: ClauseLabel
    sentence: str
    instance: InstanceVerdict
    rule: str
    why: str
    entries: tuple[EntryId, ...]

    def __str__(self) -> str:
        return f"clause {self.label}: {shown(self.instance.verdict)}. {self.rule}. {self.why}."


def moment(at: Instant, zone: str) -> str:
    """`18 Dec 22:06`, in a zone; the last instant of a day is `the end of 24 Dec`."""
    seen = local(at, zone)
    if (seen.hour, seen.minute, seen.second) == (23, 59, 59):
        return f"the end of {seen:%d %b}"
    return f"{seen:%d %b %H:%M:%S}" if seen.second else f"{seen:%d %b %H:%M}"


def bounded(least: int, most: float | None) -> str:
    """`40`, `between 40 and 50`, `between 40 and not bounded`."""
    high = "not bounded" if most is None or most == float("inf") else f"{most:,.0f}"
    return f"{least:,}" if least == most else f"between {least:,} and {high}"


def explain(verdict: ClauseVerdict, instance: InstanceVerdict) -> Explanation:
    return Explanation(verdict.label, verdict.sentence, instance, RULES[instance.verdict], instance.why, instance.entries)
