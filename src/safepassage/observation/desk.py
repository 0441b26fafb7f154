"""The desk: claims heard and calls. And decisions, which are observations too."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from safepassage.observation.kind import DESKS, GUARANTORS, OFFICERS, PARTIES, Kind, Sphere
from safepassage.values.counts import Count
from safepassage.values.ids import CardId, ClauseLabel, EntryId, EnvelopeDigest, ObserverId, PartyId, PlaceId, PlanId, SourceId
from safepassage.values.people import Role
from safepassage.values.times import Instant, Stretch
from safepassage.values.trips import NotPlanned, Outlook, PlannedTrip


class Predicate(Enum):
    """What a claim says of its quantity; the families of the claims room."""

    LEFT = "left"
    DEPARTED_VEHICLES = "vehicles departed"
    ARRIVED = "arrived"
    REMAINING = "remaining"
    STANDING_BY = "vehicles waiting"
    ATTACKED = "vehicles burned"
    KILLED = "killed"
    WOUNDED = "wounded"
    DETAINED = "detained"
    MISSING = "reported missing"
    RELEASED = "released"
    REFUSED = "turned back"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    DEPLOYED = "monitors deployed"
    DELIVERED = "delivered"
    REQUIREMENT = "to leave as agreed"
    REGISTERED = "registered on arrival"
    HELD_UP = "held up on the way"
    AUTHORISED = "monitors authorised"
    ROAD = "road length"
    TEMPERATURE = "temperature"


class Basis(Enum):
    """How it was counted: two figures of different bases are never compared."""

    CUMULATIVE = "in all"
    PERIOD = "in this period"
    BATCH = "in one convoy"
    STOCK = "as it stood"


class Answer(Enum):
    WILL_ASK = "will ask"
    EXPLAINED = "explained"
    DENIED = "denied"
    NO_ANSWER = "no answer"
    RECOUNTED = "recounted"


class Reason(Enum):
    """Why a proposal was adopted or declined: chosen words, since free text could hold a name."""

    SOONEST = "soonest for the weakest"
    SAFEST = "safest"
    NOT_SAFE = "not safe"
    NOT_AGREED = "not agreed with the parties"
    BETTER_KNOWN = "we know more than the proposal"
    NOBODY_ANSWERED = "simulated, nobody clicked"


class RefusedFor(Enum):
    """What a person found behind a refusal: chosen words, since free text could hold a name."""

    HARMED = "harmed on the way"
    OTHER_KEY = "signed with a key that is not the device's"
    OTHER_OBSERVER = "not its observer's to say"
    MISTAKEN = "it named what is not there"
    ELSEWHERE = "meant for another deployment"
    STRANGER = "sent by nobody of ours"
    TRIAL = "a trial"


class ClaimHeard(Kind, frozen=True):
    """An attributed statement: who says what quantity of whom, where, of which time. `item`: credibility 1-6, Admiralty scale.

    `grade` is that of the record it was taken from: S seen in the published source, M general knowledge, X sources contradict.
    """

    sphere: ClassVar[Sphere] = Sphere.DESK
    may: ClassVar[frozenset[Role]] = DESKS
    phrase: ClassVar[str] = (
        "{source} says {predicate}: {quantity} {who}[ at {where}], {basis}, {time}[, also {via}][, item {item}], record {grade}"
    )
    source: SourceId
    predicate: Predicate
    quantity: Count
    who: str
    basis: Basis
    time: Stretch
    grade: str
    where: PlaceId | None = None
    via: SourceId | None = None
    item: int | None = None


class CallMade(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DESK
    may: ClassVar[frozenset[Role]] = DESKS
    phrase: ClassVar[str] = "called {observer} about card {card}"
    observer: ObserverId
    card: CardId


class CallAnswered(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DESK
    may: ClassVar[frozenset[Role]] = DESKS | PARTIES | GUARANTORS
    phrase: ClassVar[str] = "{observer} answers card {card}: {answer}"
    observer: ObserverId
    card: CardId
    answer: Answer


class ReportSent(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = OFFICERS | GUARANTORS
    phrase: ClassVar[str] = "report {number} sent to the Council"
    number: int


class InquiryOpened(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = OFFICERS | GUARANTORS | PARTIES
    phrase: ClassVar[str] = "inquiry opened into {entry}"
    entry: EntryId


class RefusalAnswered(Kind, frozen=True):
    """What became of an envelope that was not accepted: it was recorded anew as `entry`, or, where that is None, is set aside.

    `digest` is of its exact bytes, which stay kept. The newest answer stands.
    """

    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = DESKS | {Role.AUTHORITY}
    phrase: ClassVar[str] = "refused envelope {digest} answered: {reason}[, recorded anew as {entry}]"
    digest: EnvelopeDigest
    reason: RefusedFor
    entry: EntryId | None = None


class FindingSigned(Kind, frozen=True):
    """The one place where *breach* is said: by people, of a signatory, citing an entry."""

    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = GUARANTORS
    phrase: ClassVar[str] = "finding: breach of clause {clause} by {party}, on {entry}"
    clause: ClauseLabel
    party: PartyId
    entry: EntryId


class CommentMade(Kind, frozen=True):
    """A party's comment on an entry; the text lies in the erasable store, the ledger holds a salted commitment."""

    may: ClassVar[frozenset[Role]] = PARTIES
    phrase: ClassVar[str] = "{party} comments on {entry}, sealed as {commitment}"
    party: PartyId
    entry: EntryId
    commitment: str


class AgreementAdopted(Kind, frozen=True):
    """The clauses' full text, from this instant on. The resolution's own adoption may be earlier: `since`."""

    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = frozenset({Role.AUTHORITY, *OFFICERS})
    phrase: ClassVar[str] = "agreement adopted since {since}: {text}"
    since: Instant
    text: str


class AgreementAmended(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = frozenset({Role.AUTHORITY, *OFFICERS})
    phrase: ClassVar[str] = "agreement amended since {since}: {text}"
    since: Instant
    text: str


class PlanProposed(Kind, frozen=True):
    """What the planner proposes; signed by the hub as a machine, in force for nobody until a person adopts it.

    `not_planned`: who waits and has no place in it, so that whoever adopts it knows.
    """

    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = frozenset({Role.HUB})
    phrase: ClassVar[str] = "plan {plan} proposed[ because of {entry}]: {trips}; {outlook}[; not planned: {not_planned}]"
    plan: PlanId
    trips: tuple[PlannedTrip, ...]
    outlook: Outlook
    entry: EntryId | None = None
    not_planned: tuple[NotPlanned, ...] = ()


class PlanAdopted(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = OFFICERS
    phrase: ClassVar[str] = "plan {plan} adopted[: {reason}]"
    plan: PlanId
    reason: Reason | None = None


class PlanDeclined(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = OFFICERS
    phrase: ClassVar[str] = "plan {plan} declined[: {reason}]"
    plan: PlanId
    reason: Reason | None = None


class PlanWithdrawn(Kind, frozen=True):
    sphere: ClassVar[Sphere] = Sphere.DECISION
    may: ClassVar[frozenset[Role]] = OFFICERS
    phrase: ClassVar[str] = "plan {plan} withdrawn"
    plan: PlanId


DeskKind = (
    ClaimHeard
    | CallMade
    | CallAnswered
    | ReportSent
    | InquiryOpened
    | RefusalAnswered
    | FindingSigned
    | CommentMade
    | AgreementAdopted
    | AgreementAmended
    | PlanProposed
    | PlanAdopted
    | PlanDeclined
    | PlanWithdrawn
)
