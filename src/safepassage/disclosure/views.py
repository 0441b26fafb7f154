"""What leaves the house, as plain structs: the faces show these and know nothing else. Times are milliseconds UTC.

Operations see all of it; other audiences get the same structs with less in them (`disclose`). Entries are named by index and id.
"""

from __future__ import annotations

import msgspec

from safepassage.disclosure.log import CosignedView, DeviceView, NotAfter, NotBefore, ProofView, RefusalView
from safepassage.disclosure.planned import GateView, NotPlannedView
from safepassage.values.counts import ANY, Count, Tally
from safepassage.values.times import Instant


class Ref(msgspec.Struct, frozen=True):
    """An entry, so that any statement can be opened down to its bytes."""

    index: int
    id: str


class SideView(msgspec.Struct, frozen=True):
    """Heads of one side, as bounds; `agreed`: who is to leave under the deal."""

    side: str
    name: str
    agreed: int
    registered: int
    waiting: Count
    left: Count
    on_the_road: Count
    stopping: Count
    arrived: Count
    registered_there: int
    handed_over: Count
    stayed: Count
    unaccounted: Count
    waited_since: Instant | None = None
    celsius: int | None = None


class GapView(msgspec.Struct, frozen=True):
    """Heads not accounted for: `cause` is fewer counted · taken off, seen · overdue · vehicle out of action."""

    vehicle: str
    start: str
    end: str
    missing: Count
    cause: str
    last_seen: Instant
    last_place: str
    entries: tuple[Ref, ...]
    due: Instant | None = None
    in_any_case: Count = ANY
    """`missing`, which is so if every count is right, though devices err as published; the truth never lies outside."""
    coverage: str = ""
    """What of that stretch somebody neutral could see, place by place."""


class CallView(msgspec.Struct, frozen=True):
    at: Instant
    observer: str
    answer: str | None
    """None: called, no answer recorded yet."""
    entry: Ref


class CardView(msgspec.Struct, frozen=True):
    """A call card: who is to be called in which order, by when, what they answered. `standing`: open · kept open by hand · answered."""

    card: str
    vehicle: str
    asks: tuple[str, ...]
    by_when: Instant
    standing: str
    calls: tuple[CallView, ...]


class AlarmView(msgspec.Struct, frozen=True):
    vehicle: str
    start: str
    end: str
    before: Tally
    after: Tally
    heads_before: int
    heads_after: int
    drop: int
    one_in: int
    threshold_one_in: int
    miscount_one_in: int
    raised: bool
    at: Instant
    card: CardView
    entries: tuple[Ref, ...]


class InstanceView(msgspec.Struct, frozen=True):
    """One time that a clause applied. `verdict`: met · not met, as recorded · pending · not known. `said`: what is alleged beside it.

    `cited`: on how many entries it rests; `entries`: what opened it, and the last of the others.
    """

    at: Instant
    subject: str
    verdict: str
    until: Instant | None
    why: str
    standing_for: str
    standing_against: str
    said: str
    rule: str
    cited: int
    entries: tuple[Ref, ...]


class ClauseView(msgspec.Struct, frozen=True):
    """A clause shows its instances, the worst one, and coverage. `watched`: per mille, None: nothing to watch."""

    label: str
    title: str
    sentence: str
    owed_by: str
    source: str
    verdict: str
    shown: str
    tone: str
    """act: a person must act · soon: a limit is near or something is alleged · plain."""
    until: Instant | None
    why: str
    watched: int | None
    kept: int
    not_met: int
    pending: int
    not_known: int
    instances: tuple[InstanceView, ...]


class VehicleView(msgspec.Struct, frozen=True):
    vehicle: str
    kind: str
    side: str
    seats: int | None
    doing: str
    place: str | None
    since: Instant
    aboard: Count
    counted: bool
    start: str | None
    end: str | None
    departed: Instant | None
    due: Instant | None
    entry: Ref | None


class MoveView(msgspec.Struct, frozen=True):
    """One run for the time-space chart; `passes`: sightings on the way."""

    vehicle: str
    start: str
    end: str
    departed: Instant
    heads: Count
    passes: tuple[tuple[str, Instant], ...]
    closed: Instant | None
    closed_at: str | None
    plan: str | None
    """The adopted plan that this run follows, None: none."""
    planned: Instant | None


class PlaceView(msgspec.Struct, frozen=True):
    """`x`, `y`: the corridor drawing, thousandths of its width and height; `lat`, `lon` in micro-degrees where published."""

    place: str
    name: str
    kind: str
    area: str
    held_by: str | None
    x: int
    y: int
    lat: int | None
    lon: int | None


class LegView(msgspec.Struct, frozen=True):
    start: str
    end: str
    minutes: int
    metres: int | None


class PostView(msgspec.Struct, frozen=True):
    observer: str
    place: str
    start: Instant
    end: Instant | None
    """None: hours not known."""


class WatchView(msgspec.Struct, frozen=True):
    observer: str
    place: str
    kinds: tuple[str, ...]
    start: Instant
    end: Instant
    gaps: tuple[tuple[Instant, Instant], ...]


class TripView(msgspec.Struct, frozen=True):
    """`gate`: the place that handles the convoy, from `handled` until it `passes`; None: the planning says no gate."""

    start: str
    end: str
    departs: Instant
    passes: Instant
    vehicles: tuple[str, ...]
    persons: int
    waits: str
    gate: str | None = None
    handled: Instant | None = None


class PlanView(msgspec.Struct, frozen=True):
    """A proposal or an adopted plan; `value` in person-minutes.

    `standing`: waiting · lapsed (nobody decided in time) · adopted · declined · withdrawn · replaced.
    """

    plan: str
    at: Instant
    entry: Ref
    standing: str
    because: Ref | None
    because_said: str
    trips: tuple[TripView, ...]
    value: int
    bound: int
    gap_per_mille: int
    ends: Instant
    not_before: Instant
    largest_difference: int
    largest_at: Instant
    earlier: int
    later: int
    decide_by: Instant
    decided_by: str | None
    decided_at: Instant | None
    reason: str | None
    not_planned: tuple[NotPlannedView, ...] = ()


class DriftView(msgspec.Struct, frozen=True):
    """An assumption of the plan in force that has fallen: of what, since when, and how many persons it touches."""

    what: str
    subject: str
    since: Instant
    persons: int
    entry: Ref | None


class ExchangeSide(msgspec.Struct, frozen=True):
    """`departed` None: no departure was signed, so nothing is known of it."""

    side: str
    name: str
    departed: Count | None
    agreed: int
    buses: int
    owed_buses: int
    may_next: int | None
    """Persons who may leave now without breaking the balance; None: not known, or no balance was agreed."""


class ClaimedTerm(msgspec.Struct, frozen=True):
    """A figure that was to leave, as claimed: so many persons, counted so."""

    quantity: Count
    who: str
    basis: str
    entry: Ref


class ClaimedSide(msgspec.Struct, frozen=True):
    """What sources say has left one side; nothing of it is established. `departed` None: nobody gives a figure."""

    side: str
    name: str
    departed: Count | None
    origins: int
    agreed: tuple[ClaimedTerm, ...]
    entries: tuple[Ref, ...]


class ExchangeView(msgspec.Struct, frozen=True):
    """`sides`: from signed departures only; `claimed`: what is said of it, beside."""

    sides: tuple[ExchangeSide, ...]
    limit: int | None
    difference: Count | None
    """None: not known."""
    basis: str
    claimed: tuple[ClaimedSide, ...] = ()


class ClaimView(msgspec.Struct, frozen=True):
    """An attributed figure. `compared`: what our own bound says of it, or that the two cannot be compared."""

    entry: Ref
    source: str
    source_name: str
    source_kind: str
    reliability: str
    item: int | None
    record: str
    predicate: str
    quantity: Count
    who: str
    where: str | None
    basis: str
    start: Instant
    end: Instant
    via: str | None
    copy_of: Ref | None
    beside_ours: str


class DisputeView(msgspec.Struct, frozen=True):
    """Claims of one question beside each other. `relation`: agree · contradict · differ in kind; `ours`: None, not known by us."""

    question: str
    relation: str
    claims: tuple[ClaimView, ...]
    ours: Count | None
    ours_said: str
    hull: Count
    origins: int
    beside: tuple[str, ...] = ()
    """Other figures of the same people that the eye compares and that must not be."""


class QuestionView(msgspec.Struct, frozen=True):
    puzzle: str
    subject: str
    size: Count
    said: str
    settles: str
    entries: tuple[Ref, ...]


class LineView(msgspec.Struct, frozen=True):
    """One entry as a line. `late`: minutes between seen and logged where more than ten; `standing`: signed or alleged."""

    entry: Ref
    seen_at: Instant
    logged_at: Instant
    by: str
    place: str | None
    said: str
    standing: str
    sphere: str
    kind: str
    late: int | None
    tone: str
    role: str = ""
    """`party`: signed by a party, so that it is its own word and nobody's sighting."""


class EntryView(msgspec.Struct, frozen=True):
    """One entry down to its bytes: `envelope` is the exact signed text, and the leaf of the tree.

    `line`: as it was signed; `counts`: how it counts, where later entries changed that.
    """

    index: int
    id: str
    line: str
    counts: str
    by: str
    device: str
    sequence: int
    seen_at: Instant
    logged_at: Instant
    standing: str
    envelope: str
    proof: ProofView
    amended_by: tuple[Ref, ...]
    not_before: NotBefore | None = None
    not_after: NotAfter | None = None


class SettingPlace(msgspec.Struct, frozen=True):
    """`arabic`: the name in Arabic; empty where the world gives none."""

    place: str
    name: str
    kind: str
    arabic: str


class SettingVehicle(msgspec.Struct, frozen=True):
    vehicle: str
    kind: str
    seats: int
    side: str


class SettingHead(msgspec.Struct, frozen=True):
    size: int
    root: str


class Setting(msgspec.Struct, frozen=True):
    """What a phone must know to record: no person, no time of any movement."""

    deployment: str
    origin: str
    zone: str
    exercise: bool
    demonstration: bool
    places: tuple[SettingPlace, ...]
    vehicles: tuple[SettingVehicle, ...]
    parties: tuple[str, ...]
    treehead: SettingHead


class AidView(msgspec.Struct, frozen=True):
    """Requests for access and what became of them, and relief. `answer`: granted · refused · no answer recorded."""

    at: Instant
    place: str | None
    of_party: str
    what: str
    answer: str
    answered_at: Instant | None
    entries: tuple[Ref, ...]


class View(msgspec.Struct, frozen=True):
    """One disclosed picture: everything one audience may see, at one tree size."""

    deployment: str
    name: str
    audience: str
    exercise: bool
    demonstration: bool
    zone: str
    now: Instant
    size: int
    """Entries in this picture; `newest`: in the ledger. Fewer here than there: a picture of the past. 0: not for this audience."""
    newest: int
    root: str
    sides: tuple[SideView, ...] = ()
    gaps: tuple[GapView, ...] = ()
    alarms: tuple[AlarmView, ...] = ()
    cards: tuple[CardView, ...] = ()
    """Call cards of takings that somebody saw; those of alarms stand with their alarms."""
    clauses: tuple[ClauseView, ...] = ()
    vehicles: tuple[VehicleView, ...] = ()
    moves: tuple[MoveView, ...] = ()
    places: tuple[PlaceView, ...] = ()
    legs: tuple[LegView, ...] = ()
    posts: tuple[PostView, ...] = ()
    watches: tuple[WatchView, ...] = ()
    plans: tuple[PlanView, ...] = ()
    drift: tuple[DriftView, ...] = ()
    """What has fallen of the plan in force, oldest first."""
    exchange: ExchangeView | None = None
    disputes: tuple[DisputeView, ...] = ()
    questions: tuple[QuestionView, ...] = ()
    aid: tuple[AidView, ...] = ()
    lines: tuple[LineView, ...] = ()
    """The newest entries first, at most 80."""
    suspended_by: tuple[str, ...] = ()
    gates: tuple[GateView, ...] = ()
    green_lights: tuple[str, ...] = ()
    """Who has given a green light that stands: parties, drivers, reception. Adoption of a plan is not permission."""
    refused: int = 0
    """Envelopes that were not accepted and that no entry answers."""
    refusals: tuple[RefusalView, ...] = ()
    """The open ones first, then those answered; at most 40."""
    waiting_envelopes: int = 0
    held: int = 0
    cosigned: CosignedView | None = None
    devices: tuple[DeviceView, ...] = ()
    activity: tuple[int, ...] = ()
    """Entries per ten minutes of `seen_at`, from `activity_from` on."""
    activity_from: Instant = Instant(0)
    hidden: tuple[str, ...] = ()
    """What this audience is not shown, in words."""
