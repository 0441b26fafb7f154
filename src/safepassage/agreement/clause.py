"""What a clause is: one sentence in one of seven shapes, and the notes below it.

Source: the clause language's own page, docs/reference/clauses.md.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from safepassage.values.ids import ClauseLabel, PartyId, PlaceId


class Elapsed(msgspec.Struct, frozen=True, tag=True):
    """So many milliseconds from instant to instant, both ends included; `amount` and `unit` as they were written."""

    milliseconds: int
    amount: int
    unit: str


class Calendar(msgspec.Struct, frozen=True, tag=True):
    """Until the last instant of the so-many-th day after, in the agreement's zone."""

    days: int


class Open(msgspec.Struct, frozen=True, tag=True):
    """A limit that the parties left open; it stays open. `words` as they stand in the brackets."""

    words: str


Limit: TypeAlias = Elapsed | Calendar | Open


class Atom(msgspec.Struct, frozen=True):
    """One phrase of the vocabulary as used: `words` is its row; the place as written, and the places that it means."""

    words: str
    place: str = ""
    places: frozenset[PlaceId] = frozenset()


class Duty(msgspec.Struct, frozen=True, tag=True):
    """For each X, Y within a time, unless P and Q."""

    each: Atom
    act: Atom
    within: Limit
    unless: tuple[Atom, ...] = ()


class Pairing(msgspec.Struct, frozen=True, tag=True):
    """For each bus here, a different bus there within a time; first come, first served, one for one."""

    each: Atom
    act: Atom
    within: Limit


class Before(msgspec.Struct, frozen=True, tag=True):
    """For each X, Y must have happened before, at most a time earlier."""

    each: Atom
    past: Atom
    at_most: Elapsed | None = None


class Ban(msgspec.Struct, frozen=True, tag=True):
    """No X."""

    what: Atom


class Presence(msgspec.Struct, frozen=True, tag=True):
    """From when X until Y, Z without a gap of more than a time."""

    enters: Atom
    leaves: Atom
    present: Atom
    gap: Elapsed


class Cycle(msgspec.Struct, frozen=True, tag=True):
    """X within a time after Y, and then within a time after each report."""

    act: Atom
    first: Limit
    after: Atom
    then: Limit


class Balance(msgspec.Struct, frozen=True, tag=True):
    """At no time do two running sums differ by more than `limit` persons."""

    one: Atom
    other: Atom
    limit: int


Shape: TypeAlias = Duty | Pairing | Before | Ban | Presence | Cycle | Balance


class Owed(msgspec.Struct, frozen=True, tag=True):
    words: str
    party: PartyId


class Source(msgspec.Struct, frozen=True, tag=True):
    words: str


class Through(msgspec.Struct, frozen=True, tag=True):
    """By what means it is watched, for people to read; it changes no verdict."""

    words: str


class ClockStops(msgspec.Struct, frozen=True, tag=True):
    """Established suspensions of passage move this clause's limits."""


Note: TypeAlias = Owed | Source | Through | ClockStops


class Clause(msgspec.Struct, frozen=True):
    """One term. `sentence` is `shape` rendered: what is read is what is judged. `zone`: where its days are counted."""

    label: ClauseLabel
    title: str
    sentence: str
    shape: Shape
    zone: str
    notes: tuple[Note, ...] = ()

    @property
    def owed_by(self) -> PartyId | None:
        return next((note.party for note in self.notes if isinstance(note, Owed)), None)

    @property
    def source(self) -> str:
        return next((note.words for note in self.notes if isinstance(note, Source)), "")

    @property
    def clock_stops(self) -> bool:
        return any(isinstance(note, ClockStops) for note in self.notes)


class Agreement(msgspec.Struct, frozen=True):
    """All clauses in order. `zoned`: whether the text itself names the zone, or the world's stands in."""

    title: str
    zone: str
    zoned: bool
    clauses: tuple[Clause, ...]

    def clause(self, label: str) -> Clause | None:
        return next((clause for clause in self.clauses if clause.label == label), None)
