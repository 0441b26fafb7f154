"""Verdicts: kept, breached, pending(until), unknown(why), per instance and per clause; and what a screen may say of them."""

from __future__ import annotations

from enum import Enum

import msgspec

from safepassage.agreement.operators import ALLEGED, ESTABLISHED, NONE, Value
from safepassage.values.ids import ClauseLabel, EntryId, PartyId
from safepassage.values.times import Instant


class Verdict(Enum):
    KEPT = "kept"
    BREACHED = "breached"
    PENDING = "pending"
    UNKNOWN = "unknown"


WORST_FIRST = (Verdict.BREACHED, Verdict.UNKNOWN, Verdict.PENDING, Verdict.KEPT)
NOT_AGREED = "limit not agreed"


class InstanceVerdict(msgspec.Struct, frozen=True, gc=False):
    """One duty, one pair, one ban's incident: `key` joins its facts, `opened_by` is the entry that opened it.

    `said`: what is only alleged: kept, breached, both; or that the limit was never agreed. `entries`: what is cited.
    """

    key: str
    opened_by: EntryId | None
    at: Instant
    verdict: Verdict
    until: Instant | None
    why: str
    for_: int
    against: int
    said: str
    entries: tuple[EntryId, ...] = ()


class Counts(msgspec.Struct, frozen=True):
    """Instances by verdict."""

    kept: int = 0
    breached: int = 0
    pending: int = 0
    unknown: int = 0


class ClauseVerdict(msgspec.Struct, frozen=True):
    """A clause has no single verdict: its instances, the worst one, and how much of what it speaks of was watched.

    `coverage`: thousandths of its windows that somebody signed for; None where no watch exists that could cover it.
    """

    label: ClauseLabel
    title: str
    sentence: str
    owed_by: PartyId | None
    source: str
    instances: tuple[InstanceVerdict, ...]
    worst: Verdict | None
    counts: Counts
    coverage: int | None
    remarks: tuple[str, ...] = ()


def decide(value: Value, pending: bool) -> tuple[Verdict, str]:
    """The verdict of a value, and what is only alleged beside it (the table of the clauses' reference page)."""
    if value.for_ == ESTABLISHED:
        if value.against == ESTABLISHED:
            return Verdict.UNKNOWN, "both"
        return Verdict.KEPT, "breached" if value.against == ALLEGED else ""
    if value.against == ESTABLISHED:
        return Verdict.BREACHED, "kept" if value.for_ == ALLEGED else ""
    open_ = Verdict.PENDING if pending else Verdict.UNKNOWN
    return open_, {(NONE, NONE): "", (ALLEGED, NONE): "kept", (NONE, ALLEGED): "breached"}.get((value.for_, value.against), "both")


def shown(verdict: Verdict) -> str:
    """What a screen or a report says; the word breach is kept for findings signed by people."""
    match verdict:
        case Verdict.KEPT:
            return "met"
        case Verdict.BREACHED:
            return "not met, as recorded"
        case Verdict.PENDING:
            return "pending"
        case Verdict.UNKNOWN:
            return "not known"


_BESIDE = {"kept": "done, as alleged", "breached": "not met, as alleged", "both": "alleged both ways"}


def beside(instance: InstanceVerdict) -> str:
    """What a screen says of what is only alleged beside a verdict; signed records that conflict are said to."""
    if instance.for_ == instance.against == ESTABLISHED:
        return "signed records conflict"
    return _BESIDE.get(instance.said, instance.said)


def counted(instances: tuple[InstanceVerdict, ...]) -> Counts:
    by = [instance.verdict for instance in instances]
    return Counts(*(by.count(verdict) for verdict in (Verdict.KEPT, Verdict.BREACHED, Verdict.PENDING, Verdict.UNKNOWN)))


def worst(instances: tuple[InstanceVerdict, ...]) -> Verdict | None:
    """The worst instance's verdict; None where the clause has none."""
    found = {instance.verdict for instance in instances}
    return next((verdict for verdict in WORST_FIRST if verdict in found), None)
