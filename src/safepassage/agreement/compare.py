"""Two texts of one agreement, in one tongue or in two: where they do not say the same, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from safepassage.agreement import clause as c
from safepassage.agreement.render import phrase, render_limit, render_shape
from safepassage.values.ids import ClauseLabel


class Difference(msgspec.Struct, frozen=True):
    """What one text says and the other does not; empty: it says nothing of it. `label` empty: of the whole text."""

    label: ClauseLabel | str
    part: str
    one: str
    other: str

    def __str__(self) -> str:
        where = f"clause {self.label}, {self.part}" if self.label else self.part
        return f"{where}: {self.one or 'nothing'} / {self.other or 'nothing'}"


def differences(one: c.Agreement, other: c.Agreement) -> list[Difference]:
    """Everything that a judge could see: words of titles and sources are the texts' own, and are left out.

    Places and signatories are compared by what they mean in the world, not by how they are spelt.
    """
    found = [] if one.zone == other.zone else [Difference("", "time zone", one.zone, other.zone)]
    labels = dict.fromkeys([*(clause.label for clause in one.clauses), *(clause.label for clause in other.clauses)])
    for label in labels:
        found += _of_clause(label, one.clause(label), other.clause(label))
    return found


def _of_clause(label: ClauseLabel, one: c.Clause | None, other: c.Clause | None) -> Iterator[Difference]:
    if one is None or other is None:
        yield Difference(label, "the clause", render_shape(one.shape) if one else "", render_shape(other.shape) if other else "")
        return
    if type(one.shape) is not type(other.shape):
        yield Difference(label, "the sentence", render_shape(one.shape), render_shape(other.shape))
    else:
        for field in one.shape.__struct_fields__:
            mine, theirs = getattr(one.shape, field), getattr(other.shape, field)
            if _meaning(mine) != _meaning(theirs):
                yield Difference(label, field.replace("_", " "), _shown(mine), _shown(theirs))
    if one.owed_by != other.owed_by:
        yield Difference(label, "owed by", one.owed_by or "", other.owed_by or "")
    if one.clock_stops != other.clock_stops:
        yield Difference(label, "the clock", *("stops while suspended" if each.clock_stops else "runs on" for each in (one, other)))
    if one.by_proof != other.by_proof:
        yield Difference(label, "times", *("as far as proved" if each.by_proof else "as claimed" for each in (one, other)))
    if one.sources != other.sources:
        yield Difference(label, "independent sources", f"{one.sources}", f"{other.sources}")


def _meaning(part: object) -> object:
    """Without how it is spelt: an hour is sixty minutes."""
    match part:
        case c.Atom():
            return replace(part, place="")
        case c.Spot():
            return part.places
        case c.Elapsed():
            return part.milliseconds
        case c.Open():
            return "open"
        case tuple():
            return tuple(_meaning(each) for each in part)
        case _:
            return part


def _shown(part: object) -> str:
    match part:
        case c.Atom():
            return phrase(part)
        case c.Spot():
            return part.name
        case c.Elapsed() | c.Calendar() | c.Open():
            return render_limit(part)
        case tuple():
            return " and ".join(_shown(each) for each in part)
        case bool():
            return "yes" if part else "no"
        case int():
            return f"{part:,}"
        case None:
            return ""
        case _:
            return str(part)
