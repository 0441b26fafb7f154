"""One person's timeline, by wristband: only what was read, listed or told about that code; between two steps nothing is known.

A bus that arrives moves nobody: a person has arrived when the wristband was read at reception, not before.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from operator import attrgetter
from typing import Any

from safepassage.observation import Entry
from safepassage.observation.people import (
    Alighted,
    ArrivalRegistered,
    Boarded,
    BoardingDenied,
    BodyHandedOver,
    ChildAloneFound,
    ChoseToStay,
    Died,
    GroupFormed,
    HandedOver,
    IdentityMerged,
    IdentityUnmerged,
    ManifestRegistered,
    OnwardMove,
    PersonRegistered,
    ReceptionAccepted,
    SeenAboard,
    Transferred,
    TriageChanged,
    WristbandReplaced,
)
from safepassage.values.counts import exactly
from safepassage.values.ids import EntryId, GroupId, PersonId, PlaceId, SideId
from safepassage.values.people import Care
from safepassage.values.places import World
from safepassage.values.times import MINUTE, lasted
from safepassage.whereabouts.reliance import CLOCK
from safepassage.whereabouts.words import Basis, PersonTrace, Puzzle, Question, Step

_ABOARD = "vehicle"
_OFF = ("arrived", "place", "handed over")


_NAMED: tuple[type, ...] = (
    PersonRegistered,
    GroupFormed,
    ManifestRegistered,
    Boarded,
    BoardingDenied,
    Alighted,
    SeenAboard,
    Transferred,
    HandedOver,
    ReceptionAccepted,
    ArrivalRegistered,
    OnwardMove,
    ChoseToStay,
)
_CODES: dict[type, Callable[[Any], tuple[PersonId, ...]]] = {
    **dict.fromkeys(_NAMED, attrgetter("persons")),
    **dict.fromkeys((ChildAloneFound, TriageChanged), lambda what: (what.person,)),
    **dict.fromkeys((Died, BodyHandedOver), lambda what: () if what.person is None else (what.person,)),
    **dict.fromkeys((IdentityMerged, IdentityUnmerged), attrgetter("person", "same_as")),
    WristbandReplaced: attrgetter("old", "new"),
}
SPEAKING = frozenset(_CODES)
"""Kinds of which one may speak of a wristband."""


def persons_of(entry: Entry) -> tuple[PersonId, ...]:
    """The wristbands that an entry speaks of."""
    codes = _CODES.get(type(entry.observation.what))
    return () if codes is None else codes(entry.observation.what)


def trace_of(person: PersonId, history: list[Entry]) -> PersonTrace:
    """The fold of one code's history."""
    steps: list[Step] = []
    side: SideId | None = None
    group: GroupId | None = None
    care = Care.GENERAL
    registered: list[tuple[SideId, EntryId]] = []
    for entry in history:
        what = entry.observation.what
        match what:
            case PersonRegistered(_, registered_side, registered_care):
                side, care = registered_side, registered_care
                registered += [] if entry.observation.told_by else [(registered_side, entry.id)]
            case TriageChanged(_, changed):
                care = changed
            case GroupFormed(formed):
                group = formed
            case _:
                pass
        if (step := step_of(entry)) is not None:
            steps.append(step)
    off = max((step.since for step in steps if step.kind in _OFF), default=None)
    return PersonTrace(person, side, tuple(steps), group, same_as(person, history), care, off, tuple(registered))


def same_as(person: PersonId, history: list[Entry]) -> tuple[PersonId, ...]:
    """The codes that are this one's by its own history; the last word on each stands."""
    same: dict[PersonId, bool] = {}
    for entry in history:
        match entry.observation.what:
            case IdentityMerged(a, b) | IdentityUnmerged(a, b) | WristbandReplaced(a, b) as what:
                same[b if a == person else a] = not isinstance(what, IdentityUnmerged)
            case _:
                pass
    return tuple(sorted(other for other, stands in same.items() if stands))


def step_of(entry: Entry) -> Step | None:
    """The step that an entry puts into the timeline of whomever it speaks of."""
    seen = entry.observation
    basis = Basis.SCANNED if seen.told_by is None else Basis.TOLD
    at = seen.at or ""
    here = at or "not-known"
    match seen.what:
        case PersonRegistered() | ChildAloneFound():
            return Step(here, "place", seen.seen_at, entry.id, basis, at)
        case ManifestRegistered(vehicle):
            return Step(vehicle, "expected aboard", seen.seen_at, entry.id, Basis.MANIFEST, at)
        case Boarded(vehicle) | SeenAboard(vehicle):
            return Step(vehicle, _ABOARD, seen.seen_at, entry.id, basis, at)
        case Transferred(_, _, to):
            return Step(to, _ABOARD, seen.seen_at, entry.id, basis, at)
        case Alighted():
            return Step(here, "place", seen.seen_at, entry.id, basis, at)
        case HandedOver(_, receiver):
            return Step(receiver.value, "handed over", seen.seen_at, entry.id, basis, at)
        case ReceptionAccepted() | ArrivalRegistered():
            return Step(here, "arrived", seen.seen_at, entry.id, basis, at)
        case OnwardMove(_, to):
            return Step(to, "moved on", seen.seen_at, entry.id, Basis.DECLARED, at)
        case ChoseToStay():
            return Step(here, "stayed", seen.seen_at, entry.id, basis, at)
        case Died():
            return Step(here, "died", seen.seen_at, entry.id, basis, at)
        case _:
            return None


def questions_of(trace: PersonTrace, world: World) -> list[Question]:
    """What one wristband's timeline contradicts itself in; each is about one person."""
    asked: list[tuple[Puzzle, tuple[EntryId, ...], str]] = []
    read = [step for step in trace.steps if step.basis is Basis.SCANNED]
    if trace.side is None and read:
        asked.append((Puzzle.UNKNOWN_BAND, (read[0].entry,), f"read first aboard or at {read[0].where}"))
    if len({side for side, _ in trace.registered}) > 1:
        said = " and ".join(dict.fromkeys(side for side, _ in trace.registered))
        asked.append((Puzzle.TWO_SIDES, tuple(entry for _, entry in trace.registered), f"registered of {said}"))
    for before, after in pairwise(read):
        if (apart := _apart(before, after, world)) is not None:
            asked.append((Puzzle.TWO_PLACES, (before.entry, after.entry), apart))
        if before.kind == "died" and after.kind != "died":
            asked.append((Puzzle.AFTER_DEATH, (before.entry, after.entry), f"read at {after.where}"))
    return [Question(puzzle, trace.person, exactly(1), entries, said) for puzzle, entries, said in asked]


def _apart(before: Step, after: Step, world: World) -> str | None:
    """Aboard one vehicle after another with nothing between; or at two places sooner than anybody gets from one to the other."""
    if before.kind == after.kind == _ABOARD and before.where != after.where:
        return f"read aboard {before.where}, then aboard {after.where}"
    if not before.here or not after.here or before.here == after.here:
        return None
    one, other = PlaceId(before.here), PlaceId(after.here)
    took = after.since - before.since
    return f"read at {one}, and {lasted(took)} later at {other}" if took < apart_for(one, other, world) else None


def apart_for(one: PlaceId, other: PlaceId, world: World) -> int:
    """Milliseconds below which nobody is read at both: half the usual time between them; where no road joins them, as far as two clocks
    may differ."""
    leg = world.leg(one, other) or world.leg(other, one)
    return leg.minutes * MINUTE // 2 if leg else 2 * CLOCK
