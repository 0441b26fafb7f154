"""What can be said of whereabouts: stations, gaps, questions, alarms. Every statement carries the entries behind it."""

from __future__ import annotations

from enum import Enum

import msgspec

from safepassage.values.counts import ANY, NONE, Count, Tally
from safepassage.values.ids import CardId, EntryId, GroupId, ObserverId, PersonId, PlaceId, SideId, VehicleId
from safepassage.values.people import Care
from safepassage.values.times import Instant, Stretch


class Doing(Enum):
    """What a vehicle was last established to be doing."""

    STANDING = "standing"
    ON_THE_ROAD = "on the road"
    STOPPED = "stopped on the road"
    ARRIVED = "arrived"
    LOST = "out of action"


class Cause(Enum):
    """Why heads are not accounted for; never a word about what became of anybody."""

    FEWER = "fewer counted"
    TAKEN = "taken off, seen"
    OVERDUE = "overdue"
    LOST = "vehicle out of action"


class Station(msgspec.Struct, frozen=True):
    """One standstill at which heads were counted: all counts there, joined to bounds that hold every one of them."""

    place: PlaceId
    at: Instant
    heads: Count
    entries: tuple[EntryId, ...]
    by: tuple[ObserverId, ...]
    tally: Tally | None = None


class Gap(msgspec.Struct, frozen=True):
    """Heads that were aboard and have been neither seen nor counted since: on which leg, between which bounds."""

    vehicle: VehicleId
    start: PlaceId
    end: PlaceId
    missing: Count
    cause: Cause
    last_seen: Instant
    last_place: PlaceId
    entries: tuple[EntryId, ...]
    expected: Count = NONE
    """Heads that must have been aboard by all that came before."""
    due: Instant | None = None
    ended: EntryId | None = None
    """The count that found fewer, or the loss: where the stretch ends in which they got off."""
    until: Instant | None = None
    """When that was; None: it goes on."""
    allowing: Count = ANY
    """`missing` though devices err as published (`reliance`): the truth never lies outside."""


class Move(msgspec.Struct, frozen=True):
    """One departure and what followed: `closed` None while the run is open."""

    vehicle: VehicleId
    start: PlaceId
    end: PlaceId
    departed: Instant
    heads: Count
    entry: EntryId
    closed: Instant | None = None
    closed_at: PlaceId | None = None
    ended_by: EntryId | None = None


class Alighting(msgspec.Struct, frozen=True):
    """Heads that got off: where, when, how many."""

    place: PlaceId
    at: Instant
    heads: Count
    entry: EntryId


class Puzzle(Enum):
    """A contradiction, or another open question; `SETTLES` says what would settle it."""

    COUNTS_DIFFER = "counts of one bus differ"
    MORE_HEADS = "more heads than were aboard"
    OVER_SEATS = "more heads than seats"
    TWO_PLACES = "one wristband at two places"
    UNKNOWN_BAND = "a wristband that nobody registered"
    FUTURE = "seen later than now"
    UNLISTED = "a vehicle that is not on the list"
    LOST_VEHICLE = "seen after it was out of action"
    TOO_SOON = "one vehicle at two places"
    IMPOSSIBLE = "counts that cannot all be right, miscounts allowed for"
    LEFT_TWICE = "left one place twice, not seen to be back"
    REVOKED = "recorded by a device that is not believed any more"
    AFTER_DEATH = "a wristband read after a death was recorded"
    TWO_SIDES = "one wristband registered on two sides"


SETTLES = {
    Puzzle.COUNTS_DIFFER: "a recount at the next post",
    Puzzle.MORE_HEADS: "a recount, and who boarded on the way",
    Puzzle.OVER_SEATS: "a recount",
    Puzzle.TWO_PLACES: "reading the wristband again",
    Puzzle.UNKNOWN_BAND: "the list of whoever put it on",
    Puzzle.FUTURE: "checking the clock of the device",
    Puzzle.UNLISTED: "reading its number again, or recording that it entered unlisted",
    Puzzle.LOST_VEHICLE: "reading its number again",
    Puzzle.TOO_SOON: "asking both posts for its number and the time",
    Puzzle.IMPOSSIBLE: "a recount by two monitors, and who boarded on the way",
    Puzzle.LEFT_TWICE: "a withdrawal of one of the two, or whoever saw it come back",
    Puzzle.REVOKED: "the same seen and signed by another device",
    Puzzle.AFTER_DEATH: "reading the wristband again, and on what the death rests",
    Puzzle.TWO_SIDES: "the list of whoever put it on",
}


class Question(msgspec.Struct, frozen=True):
    """A contradiction is a value with its entries: never resolved by taking the newest."""

    puzzle: Puzzle
    subject: str
    size: Count
    entries: tuple[EntryId, ...]
    said: str


class Account(msgspec.Struct, frozen=True):
    """All that follows from one vehicle's own history."""

    vehicle: VehicleId
    doing: Doing
    place: PlaceId | None
    since: Instant
    aboard: Count
    counted: bool
    """Whether `aboard` rests on any count or wristband; False: not known."""
    entry: EntryId
    by: ObserverId
    stations: tuple[Station, ...] = ()
    gaps: tuple[Gap, ...] = ()
    moves: tuple[Move, ...] = ()
    questions: tuple[Question, ...] = ()
    alighted: tuple[Alighting, ...] = ()
    handed: Count = NONE
    scanned: tuple[PersonId, ...] = ()
    """Every wristband ever read aboard, in order of code."""


class Basis(Enum):
    """On what a person's whereabouts rest."""

    SCANNED = "wristband read"
    MANIFEST = "on a manifest"
    DECLARED = "declared"
    TOLD = "told"


class Step(msgspec.Struct, frozen=True):
    """One stretch of a person's timeline: `where` is a place, a vehicle, or a receiver outside our sight."""

    where: str
    kind: str
    """place, vehicle, arrived, handed over, left post, stayed or died."""
    since: Instant
    entry: EntryId
    basis: Basis
    here: str = ""
    """The place at which it was recorded; empty where none was given."""


class PersonTrace(msgspec.Struct, frozen=True):
    """A person's timeline, oldest first; between two steps nothing is known."""

    person: PersonId
    side: SideId | None
    steps: tuple[Step, ...]
    group: GroupId | None = None
    same_as: tuple[PersonId, ...] = ()
    care: Care = Care.GENERAL
    seen_off: Instant | None = None
    """When the wristband was last read anywhere but aboard."""
    registered: tuple[tuple[SideId, EntryId], ...] = ()
    """Every signed registration, in order; more than one side is a question."""


class Alarm(msgspec.Struct, frozen=True):
    """The separation alarm of one leg: men and youth against all heads, between two tallies (DESIGN 5).

    `one_in`: how often chance alone would pick at least so many men and youth among those not counted; `miscount_one_in`: how often
    miscounting alone would lose them. `raised`: both published thresholds are passed.
    """

    vehicle: VehicleId
    start: PlaceId
    end: PlaceId
    before: Tally
    after: Tally
    heads_before: int
    heads_after: int
    drop: int
    one_in: int
    miscount_one_in: int
    raised: bool
    card: CardId
    at: Instant
    entries: tuple[EntryId, ...]


class Post(msgspec.Struct, frozen=True):
    """A monitor's presence at a place: not a watch, it attests nothing by itself. `end` None: hours not known."""

    observer: ObserverId
    place: PlaceId
    start: Instant
    end: Instant | None
    entry: EntryId


class SideNow(msgspec.Struct, frozen=True):
    """Where one side's people are, in heads; the parts need not add up exactly where counts are bounds."""

    side: SideId
    registered: int
    waiting: Count
    left: Count
    on_the_road: Count
    stopping: Count
    """Aboard vehicles that stand at their end of a trip, not yet registered."""
    arrived: Count
    """Heads that alighted where reception is; `registered_there`: wristbands read there, one by one."""
    registered_there: int
    handed_over: Count
    stayed: Count
    unaccounted: Count
    waited_since: Instant | None = None
    celsius: int | None = None


class Watch(msgspec.Struct, frozen=True):
    place: PlaceId | None
    kinds: tuple[str, ...]
    stretch: Stretch
    gaps: tuple[Stretch, ...]
    by: ObserverId
    entry: EntryId
