"""Contradictions between counts, and what a device says that is not believed any more. Each is a value with its entries and its size in
persons; none is resolved by taking the newest. Those of one vehicle or one wristband alone stand with their own folds.
"""

from __future__ import annotations

from itertools import pairwise

from safepassage.observation import Entry
from safepassage.values.counts import Count, exactly
from safepassage.values.ids import EntryId
from safepassage.whereabouts.account import vehicles_of
from safepassage.whereabouts.conserve import Web, bounds_of
from safepassage.whereabouts.people import persons_of
from safepassage.whereabouts.sheet import Sheet, heads_said
from safepassage.whereabouts.words import Puzzle, Question


def impossible(web: Web) -> list[Question]:
    """The counts of these vehicles that cannot all be right, miscounts allowed for; nothing is bounded by them until that is settled.

    A pair on one road that shows it alone is named with its size; otherwise every count of the vehicles is, and the size is not known.
    """
    if bounds_of(web) is not None:
        return []
    sheets = web.sheets
    asked = [question for sheet in sheets for question in _appearing(sheet)]
    if asked:
        return asked
    entries = tuple(level.entry for sheet in sheets for level in sheet.levels)
    names = ", ".join(sheet.vehicle for sheet in sheets)
    return [Question(Puzzle.IMPOSSIBLE, sheets[0].vehicle, Count(1), entries, f"counts of {names} and what was recorded at their doors")]


def _appearing(sheet: Sheet) -> list[Question]:
    """More heads at the end of a road than were there at its start, though nobody can get on between."""
    found = []
    for before, after in pairwise(sheet.levels):
        number = sheet.levels.index(after)
        got_on = [
            door.heads.high for door, (first, last) in zip(sheet.doors, sheet.ways, strict=True) if door.inward and first <= number <= last
        ]
        most = None if before.heads.high is None or None in got_on else before.heads.high + sum(high or 0 for high in got_on)
        if after.shut and most is not None and after.heads.low > most:
            said = f"{before.said} heads at {before.place}, then {after.said} at {after.place}, and nobody is recorded to have got on"
            found.append(Question(Puzzle.IMPOSSIBLE, sheet.vehicle, Count(after.heads.low - most), (before.entry, after.entry), said))
    return found


def of_unbelieved(entry: Entry) -> Question | None:
    """What a revoked device says of people or a vehicle; it is in no fold, and it is not hidden. None: it speaks of neither."""
    persons, vehicles = persons_of(entry), vehicles_of(entry)
    if not persons and not vehicles:
        return None
    heads = heads_said(entry.observation.what)
    size = exactly(len(persons)) if persons else heads if heads is not None else Count(0)
    about = f" about {', '.join(vehicles)}" if vehicles else ""
    return Question(
        Puzzle.REVOKED, entry.device, size, (entry.id,), f"number {entry.sequence} of {entry.device}, after its last good one{about}"
    )


def by_size(question: Question) -> tuple[int, str, tuple[EntryId, ...]]:
    """The order in which questions are shown: largest first; one of no known size stands by what is sure of it."""
    size = question.size
    return -(size.low if size.high is None else size.high), question.subject, question.entries
