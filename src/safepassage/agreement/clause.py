"""What a clause is: one sentence in one of eleven shapes, and the notes below it.

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
    """One phrase of the vocabulary as used: `words` is its row; the place or party as written, and what is meant by it."""

    words: str
    place: str = ""
    places: frozenset[PlaceId] = frozenset()
    party: PartyId | None = None


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


class Spot(msgspec.Struct, frozen=True):
    """A place as written, and the places that it means."""

    name: str
    places: frozenset[PlaceId]


class Ban(msgspec.Struct, frozen=True, tag=True):
    """No X, except at a place."""

    what: Atom
    except_at: Spot | None = None


class Permission(msgspec.Struct, frozen=True, tag=True):
    """It is allowed that X: never met or unmet; its uses are counted."""

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
    """At no time do two running sums of one unit differ by more than `limit`."""

    one: Atom
    other: Atom
    limit: int


class Milestone(msgspec.Struct, frozen=True, tag=True):
    """Once a running sum has reached a number, another grows by a number within a time.

    `in_all`: it is to have reached that number since the opening; otherwise what counts is from the instant of the milestone on.
    """

    once: Atom
    reached: int
    then: Atom
    amount: int
    within: Limit
    in_all: bool = False


class Ceiling(msgspec.Struct, frozen=True, tag=True):
    """A running sum never exceeds a number: in all since the opening, or on any one calendar day of the agreement's zone."""

    what: Atom
    limit: int
    daily: bool = False


class Hours(msgspec.Struct, frozen=True, tag=True):
    """For each X, the hour is between two clock times, both included, in the agreement's zone; over midnight if the first is later."""

    each: Atom
    start: str
    end: str


Shape: TypeAlias = Duty | Pairing | Before | Ban | Permission | Presence | Cycle | Balance | Milestone | Ceiling | Hours


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


class Sourced(msgspec.Struct, frozen=True, tag=True):
    """A record counts as signed for this clause once so many independent sources signed it."""

    number: int


class ByProof(msgspec.Struct, frozen=True, tag=True):
    """Times count only as far as they are proved: where an entry's bounds straddle a limit, it is not known."""


Note: TypeAlias = Owed | Source | Through | ClockStops | Sourced | ByProof


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

    @property
    def by_proof(self) -> bool:
        return any(isinstance(note, ByProof) for note in self.notes)

    @property
    def sources(self) -> int:
        """How many independent ones it asks for."""
        return max((note.number for note in self.notes if isinstance(note, Sourced)), default=1)


class Agreement(msgspec.Struct, frozen=True):
    """All clauses in order. `zoned`: whether the text itself names the zone, or the world's stands in. `tongue`: as ISO 639-1 has it."""

    title: str
    zone: str
    zoned: bool
    clauses: tuple[Clause, ...]
    tongue: str = "en"

    def clause(self, label: str) -> Clause | None:
        return next((clause for clause in self.clauses if clause.label == label), None)
