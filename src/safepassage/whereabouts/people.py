"""One person's timeline, by wristband: only what was read, listed or told about that code; between two steps nothing is known.

A bus that arrives moves nobody: a person has arrived when the wristband was read at reception, not before.
"""

from __future__ import annotations

from itertools import pairwise

from safepassage.observation import KINDS, Entry
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


def persons_of(entry: Entry) -> tuple[PersonId, ...]:
    """The wristbands that an entry speaks of."""
    match entry.observation.what:
        case (
            PersonRegistered(persons)
            | GroupFormed(_, persons)
            | ManifestRegistered(_, persons)
            | Boarded(_, persons)
            | BoardingDenied(_, _, persons)
            | Alighted(_, _, persons)
            | SeenAboard(_, persons)
            | Transferred(_, _, _, persons)
            | HandedOver(_, _, _, persons)
            | ReceptionAccepted(_, persons)
            | ArrivalRegistered(persons)
            | OnwardMove(_, _, persons)
            | ChoseToStay(_, _, persons)
        ):
            return persons
        case ChildAloneFound(person) | TriageChanged(person):
            return (person,)
        case Died(_, _, person) | BodyHandedOver(_, person):
            return () if person is None else (person,)
        case IdentityMerged(person, other) | IdentityUnmerged(person, other) | WristbandReplaced(person, other):
            return (person, other)
        case _:
            return ()


SPEAKING: frozenset[type] = frozenset(
    kind for kind in KINDS if {"person", "persons"} & set(kind.__struct_fields__) or kind is WristbandReplaced
)
"""Kinds of which one may speak of a wristband."""


def trace_of(person: PersonId, history: list[Entry]) -> PersonTrace:
    """The fold of one code's history."""
    steps: list[Step] = []
    side: SideId | None = None
    group: GroupId | None = None
    care = Care.GENERAL
    same: dict[PersonId, bool] = {}
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
            case IdentityMerged(a, b) | IdentityUnmerged(a, b) | WristbandReplaced(a, b):
                same[b if a == person else a] = not isinstance(what, IdentityUnmerged)
            case _:
                pass
        if (step := _step(entry)) is not None:
            steps.append(step)
    merged = tuple(sorted(other for other, stands in same.items() if stands))
    off = max((step.since for step in steps if step.kind in _OFF), default=None)
    return PersonTrace(person, side, tuple(steps), group, merged, care, off, tuple(registered))


def _step(entry: Entry) -> Step | None:
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
    """Aboard one vehicle after another with nothing between; or at two places sooner than half the usual time between them.

    Where no road joins the two, sooner than two clocks may differ.
    """
    if before.kind == after.kind == _ABOARD and before.where != after.where:
        return f"read aboard {before.where}, then aboard {after.where}"
    if not before.here or not after.here or before.here == after.here:
        return None
    one, other = PlaceId(before.here), PlaceId(after.here)
    leg = world.leg(one, other) or world.leg(other, one)
    took, least = after.since - before.since, leg.minutes * MINUTE // 2 if leg else 2 * CLOCK
    return f"read at {one}, and {lasted(took)} later at {other}" if took < least else None
