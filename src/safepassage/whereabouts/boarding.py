"""Boardings in a row: hundreds of wristbands are read at one door by one device, and a fold may take them in together."""

from __future__ import annotations

from safepassage.observation import Entry
from safepassage.observation.people import Boarded
from safepassage.values.ids import PersonId


def in_rows(history: list[Entry]) -> list[list[Entry]]:
    """A history in order, cut into rows: boardings at one place by one device that nothing comes between; all else alone."""
    rows: list[list[Entry]] = []
    device, at = None, None
    for entry in history:
        seen = entry.observation
        if type(seen.what) is not Boarded:
            rows.append([entry])
            device = None
        elif entry.device == device and seen.at == at:
            rows[-1].append(entry)
        else:
            rows.append([entry])
            device, at = entry.device, seen.at
    return rows


def read_in(row: list[Entry]) -> set[PersonId]:
    """The wristbands read in a row of boardings."""
    return {code for entry in row if isinstance(what := entry.observation.what, Boarded) for code in what.persons}
