"""Who may see what. One table, walked cell by cell by a test: what a row does not grant is not in the view.

Source: DESIGN 11 (what harms people); DOMAIN 4.
"""

from __future__ import annotations

from enum import Enum


class Audience(Enum):
    """Whom a view is for."""

    OPERATIONS = "operations"
    GUARANTOR = "guarantor"
    PARTY = "party"
    PUBLIC = "public"


class Part(Enum):
    """A part of the picture, with the words that say what is left out where it is not granted."""

    TOTALS = "totals by side"
    GAPS = "who is not accounted for, by trip"
    ALARMS = "separation alarms and tallies"
    CLAUSES = "the clauses and their verdicts"
    VEHICLES = "where vehicles are"
    POSTS = "where monitors are"
    PLANS = "plans and their times"
    EXCHANGE = "the exchange"
    CLAIMS = "claims"
    QUESTIONS = "open questions"
    AID = "access and aid"
    LINES = "entries, line by line"


GRANTS: dict[Audience, frozenset[Part]] = {
    Audience.OPERATIONS: frozenset(Part),
    Audience.GUARANTOR: frozenset(Part) - {Part.POSTS, Part.LINES},
    Audience.PARTY: frozenset({Part.TOTALS, Part.CLAUSES, Part.EXCHANGE, Part.CLAIMS, Part.AID}),
    Audience.PUBLIC: frozenset(),
}

EMBARGOED = frozenset({Audience.PARTY, Audience.PUBLIC})
"""They get no tree head while people move: every entry would show in its growth."""


def hidden(audience: Audience) -> tuple[str, ...]:
    """What this audience is not shown, in words: absence is said, never silent."""
    return tuple(part.value for part in Part if part not in GRANTS[audience])
