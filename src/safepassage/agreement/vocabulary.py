"""The vocabulary: one table of phrases, what each means in facts, and which watch covers it. The grammar is made from it.

Pronouns (that person, there, it, the same side) are roles of this table, never free variables: a phrase that needs what
the first phrase does not give is refused.
"""

from __future__ import annotations

from enum import Enum

import msgspec

from safepassage.observation.setting import Watched
from safepassage.values.places import PlaceKind


class Happening(Enum):
    """What a fact says; `facts.py` draws them from observations."""

    __hash__ = object.__hash__  # the enum's own is written in Python, and facts are sorted into indexes by this

    DEPARTURE = "departure"
    BUS_DEPARTURE = "departure of a bus"
    LAST_DEPARTURE = "departure of a last convoy"
    RETURN = "a vehicle is back"
    BOARDING = "boarding"
    ALIGHTING = "alighting"
    REGISTRATION = "registration at arrival"
    WOUNDED = "wounded"
    HOSPITAL = "hand-over to a hospital"
    ENTRY = "a vehicle enters a crossing"
    EXIT = "a vehicle leaves a crossing"
    ON_POST = "on post"
    OFF_POST = "off post"
    SEEN_THERE = "something signed there"
    WATCHED_THERE = "a watch closed there"
    TAKING = "taking off"
    ALLEGATION = "allegation of a taking off"
    INQUIRY = "inquiry"
    MONITOR_REQUEST = "request for access by a monitor"
    RELIEF_REQUEST = "request for access for relief"
    GRANT = "access granted"
    REPLY = "answer to a request for access"
    REPORT = "report to the Council"
    ADOPTION = "adoption"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    MEDICAL_ATTACK = "attack on medical staff, transport or a hospital"
    CONVOY_ATTACK = "attack on a convoy or an assembly point"
    EXPULSION = "expulsion of a monitor"
    INJURY = "injury"
    ROBBERY = "robbery"
    CONSENT = "consent in private"
    CONSENT_SAMPLE = "consent asked by number"
    CHOICE = "choice of destination"
    FINDING = "finding of a breach"
    RELEASE = "release of detainees"
    SEARCH = "search of a bus"
    DENIAL = "denial of boarding"
    CLOSURE = "closing of a road"
    REFUSAL = "refusal of access"
    SEPARATION = "separation of a family"


class Slot(Enum):
    """Where in a sentence a phrase may stand."""

    EACH = "each"
    ACT = "act"
    UNLESS = "unless"
    PAST = "past"
    BAN = "ban"
    ENTERS = "enters"
    LEAVES = "leaves"
    PRESENT = "present"
    CYCLE = "cycle"
    AFTER = "after"
    DIFFERENT = "different"
    SUM = "sum"
    ONCE = "once"
    THEN = "then"
    ALLOWED = "allowed"


class Join(Enum):
    """What two facts must share to speak of the same thing."""

    PERSON = "person"
    PERSON_THERE = "person and place"
    OWN = "entry"
    ABOUT = "entry spoken of"
    SIDE = "side"
    OTHER_SIDE = "other side"
    OBSERVER = "observer"
    NOTHING = "nothing"


class Counts(Enum):
    """What a running sum adds up; two sums that are compared count the same."""

    PERSONS = "persons"
    BUSES = "buses"
    DETAINEES = "detainees"


class Where(Enum):
    """Which places a watch must cover for silence to count."""

    NAMED = "the places that the phrase names"
    THERE = "where the first phrase happened"
    KINDS = "every place of the row's kinds"
    EVERYWHERE = "every place"


class Row(msgspec.Struct, frozen=True):
    """`joins`: what the first phrase's fact and this one's must share. `state`: may be recorded at any time up to the limit.

    `watch` None: no watch covers it, so silence never counts; `made_here`: it exists only by being signed in this ledger
    (a finding), so its absence from the log is its absence.
    """

    words: str
    means: Happening
    slot: Slot
    gives: frozenset[str] = frozenset()
    needs: str = ""
    joins: tuple[Join, Join] = (Join.NOTHING, Join.NOTHING)
    state: bool = False
    watch: Watched | None = None
    where: Where = Where.EVERYWHERE
    kinds: tuple[PlaceKind, ...] = ()
    made_here: bool = False
    at: PlaceKind | None = None
    """Only there does it count: the phrase names every place of this kind, without saying their names."""
    counts: Counts = Counts.PERSONS


def _gives(*roles: str) -> frozenset[str]:
    return frozenset(roles)


_PERSON, _PERSON_THERE = (Join.PERSON, Join.PERSON), (Join.PERSON_THERE, Join.PERSON_THERE)
_HALTS = (PlaceKind.CROSSING, PlaceKind.CHECKPOINT, PlaceKind.ROAD, PlaceKind.RECEPTION)


def _sums(persons: str, buses: str, detainees: str, slot: Slot) -> tuple[Row, Row, Row]:
    """A running sum of each unit."""
    return (
        Row(persons, Happening.DEPARTURE, slot, watch=Watched.DEPARTURE, where=Where.NAMED),
        Row(buses, Happening.BUS_DEPARTURE, slot, watch=Watched.DEPARTURE, where=Where.NAMED, counts=Counts.BUSES),
        Row(detainees, Happening.RELEASE, slot, watch=Watched.RELEASE, counts=Counts.DETAINEES),
    )


ROWS: tuple[Row, ...] = (
    # For each ...
    Row("bus that departs {place}", Happening.BUS_DEPARTURE, Slot.EACH, _gives("bus"), watch=Watched.DEPARTURE, where=Where.NAMED),
    Row("person who boards", Happening.BOARDING, Slot.EACH, _gives("person"), watch=Watched.BOARDING, where=Where.THERE),
    Row("person who alights", Happening.ALIGHTING, Slot.EACH, _gives("person", "place"), watch=Watched.ARRIVAL, where=Where.THERE),
    Row(
        "person who is registered at arrival",
        Happening.REGISTRATION,
        Slot.EACH,
        _gives("person", "place"),
        watch=Watched.REGISTRATION,
        where=Where.THERE,
    ),
    Row("allegation that a person was taken off a bus", Happening.ALLEGATION, Slot.EACH, _gives("allegation")),
    Row(
        "request for access by a monitor", Happening.MONITOR_REQUEST, Slot.EACH, _gives("request"), watch=Watched.ACCESS, where=Where.THERE
    ),
    Row("request for access for relief", Happening.RELIEF_REQUEST, Slot.EACH, _gives("request"), watch=Watched.ACCESS, where=Where.THERE),
    Row("suspension by a side", Happening.SUSPENSION, Slot.EACH, _gives("side")),
    Row("departure of the last convoy from {place}", Happening.LAST_DEPARTURE, Slot.EACH, where=Where.NAMED),
    # ..., ... within. Whatever could answer from anywhere must be watched everywhere before its silence counts.
    Row(
        "that person is registered at arrival",
        Happening.REGISTRATION,
        Slot.ACT,
        needs="person",
        joins=_PERSON,
        watch=Watched.REGISTRATION,
    ),
    Row(
        "that person is registered at a reception",
        Happening.REGISTRATION,
        Slot.ACT,
        needs="person",
        joins=_PERSON,
        watch=Watched.REGISTRATION,
        where=Where.NAMED,
        at=PlaceKind.RECEPTION,
    ),
    Row(
        "an inquiry into it opens",
        Happening.INQUIRY,
        Slot.ACT,
        needs="allegation",
        joins=(Join.OWN, Join.ABOUT),
        watch=Watched.INQUIRY,
    ),
    Row(
        "it is granted",
        Happening.GRANT,
        Slot.ACT,
        needs="request",
        joins=(Join.OWN, Join.ABOUT),
        watch=Watched.ACCESS,
    ),
    Row("it is answered", Happening.REPLY, Slot.ACT, needs="request", joins=(Join.OWN, Join.ABOUT), watch=Watched.ACCESS),
    Row("the same side resumes", Happening.RESUMPTION, Slot.ACT, needs="side", joins=(Join.SIDE, Join.SIDE), watch=Watched.RESUMPTION),
    Row("bus departs {place}", Happening.BUS_DEPARTURE, Slot.DIFFERENT, needs="bus", watch=Watched.DEPARTURE, where=Where.NAMED),
    # ..., unless ...
    Row("that person is wounded", Happening.WOUNDED, Slot.UNLESS, needs="person", joins=_PERSON, state=True),
    Row(
        "that person is handed to a hospital",
        Happening.HOSPITAL,
        Slot.UNLESS,
        needs="person",
        joins=_PERSON,
        watch=Watched.HANDOVER,
    ),
    Row(
        "that person is handed over at a hospital",
        Happening.HOSPITAL,
        Slot.UNLESS,
        needs="person",
        joins=_PERSON,
        watch=Watched.HANDOVER,
        where=Where.NAMED,
        at=PlaceKind.HOSPITAL,
    ),
    # ... must have ... before. Consent is asked by number, never by wristband: no watch makes its silence count.
    Row("that person must have consented in private", Happening.CONSENT, Slot.PAST, needs="person", joins=_PERSON),
    Row(
        "that person must have chosen that place",
        Happening.CHOICE,
        Slot.PAST,
        needs="place",
        joins=_PERSON_THERE,
        watch=Watched.CONSENT,
    ),
    Row(
        "the other side must have breached a clause",
        Happening.FINDING,
        Slot.PAST,
        needs="side",
        joins=(Join.OTHER_SIDE, Join.SIDE),
        made_here=True,
    ),
    Row("the last convoy from {place} must have departed", Happening.LAST_DEPARTURE, Slot.PAST, where=Where.NAMED),
    # No ...
    Row(
        "person is taken off a bus by a party",
        Happening.TAKING,
        Slot.BAN,
        watch=Watched.TAKING,
        where=Where.KINDS,
        kinds=_HALTS,
    ),
    Row("attack on medical staff, transport or a hospital", Happening.MEDICAL_ATTACK, Slot.BAN, watch=Watched.ATTACK),
    Row("attack on a convoy or an assembly point", Happening.CONVOY_ATTACK, Slot.BAN, watch=Watched.ATTACK),
    Row("monitor is expelled by a party", Happening.EXPULSION, Slot.BAN),
    Row("person is injured by a party", Happening.INJURY, Slot.BAN),
    Row("person is robbed by a party", Happening.ROBBERY, Slot.BAN),
    Row("person is denied boarding by a party", Happening.DENIAL, Slot.BAN),
    Row("bus is searched by a party", Happening.SEARCH, Slot.BAN, watch=Watched.STOP, where=Where.KINDS, kinds=_HALTS),
    Row("road is closed by a party", Happening.CLOSURE, Slot.BAN),
    Row("access is refused by a party", Happening.REFUSAL, Slot.BAN),
    Row("family is separated", Happening.SEPARATION, Slot.BAN),
    # From when ... until ..., ... without a gap
    Row("a convoy enters a crossing", Happening.ENTRY, Slot.ENTERS, watch=Watched.CROSSING, where=Where.THERE),
    Row("it leaves", Happening.EXIT, Slot.LEAVES, watch=Watched.CROSSING, where=Where.THERE),
    Row("a UN monitor is on post there", Happening.ON_POST, Slot.PRESENT, watch=Watched.POST, where=Where.THERE),
    # ... within ... after ...
    Row("The Secretary-General reports to the Council", Happening.REPORT, Slot.CYCLE, watch=Watched.REPORT),
    Row("the adoption", Happening.ADOPTION, Slot.AFTER),
    # It is allowed that ...
    Row("a bus is searched", Happening.SEARCH, Slot.ALLOWED, watch=Watched.STOP),
    Row("a person is taken off a bus by a party", Happening.TAKING, Slot.ALLOWED, watch=Watched.TAKING),
    Row("passage is suspended", Happening.SUSPENSION, Slot.ALLOWED),
    # At no time do ...
    *_sums("the persons departed from {place}", "the buses departed from {place}", "the detainees released by {party}", Slot.SUM),
    # Once, At any time no more than, ...
    *_sums("persons have departed from {place}", "buses have departed from {place}", "detainees have been released by {party}", Slot.ONCE),
    # ..., ... within; On any calendar day no more than ...
    *_sums("depart from {place}", "buses depart from {place}", "detainees are released by {party}", Slot.THEN),
)

BY_WORDS: dict[str, Row] = {row.words: row for row in ROWS}

CASE_KINDS: dict[str, tuple[Happening, ...]] = {
    "depart": (Happening.DEPARTURE, Happening.BUS_DEPARTURE),
    "last": (Happening.LAST_DEPARTURE,),
    "board": (Happening.BOARDING,),
    "alight": (Happening.ALIGHTING,),
    "register": (Happening.REGISTRATION,),
    "wounded": (Happening.WOUNDED,),
    "handover": (Happening.HOSPITAL,),
    "enter": (Happening.ENTRY,),
    "leave": (Happening.EXIT,),
    "post": (Happening.ON_POST,),
    "takeoff": (Happening.TAKING,),
    "allegation": (Happening.ALLEGATION,),
    "inquiry": (Happening.INQUIRY,),
    "request": (Happening.MONITOR_REQUEST,),
    "relief_request": (Happening.RELIEF_REQUEST,),
    "grant": (Happening.GRANT,),
    "reply": (Happening.REPLY,),
    "report": (Happening.REPORT,),
    "adopt": (Happening.ADOPTION,),
    "suspend": (Happening.SUSPENSION,),
    "resume": (Happening.RESUMPTION,),
    "attack": (Happening.MEDICAL_ATTACK,),
    "convoy_attack": (Happening.CONVOY_ATTACK,),
    "expel": (Happening.EXPULSION,),
    "injure": (Happening.INJURY,),
    "rob": (Happening.ROBBERY,),
    "consent": (Happening.CONSENT,),
    "choice": (Happening.CHOICE,),
    "breach": (Happening.FINDING,),
    "release": (Happening.RELEASE,),
    "search": (Happening.SEARCH,),
    "deny": (Happening.DENIAL,),
    "close": (Happening.CLOSURE,),
    "refuse": (Happening.REFUSAL,),
    "separate": (Happening.SEPARATION,),
}
"""What a staged case calls what happens (docs/reference/clause-cases.md)."""

_PERSONAL = ("board", "alight", "register", "wounded", "handover", "consent", "choice")
CASE_NEEDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_PERSONAL, ("person",)),
    "choice": ("person", "place"),
    **dict.fromkeys(("depart", "last", "post"), ("place",)),
    "enter": ("ref", "place"),
    "leave": ("ref",),
    **dict.fromkeys(("inquiry", "grant", "reply"), ("about",)),
    **dict.fromkeys(("suspend", "resume", "breach"), ("side",)),
    "release": ("n",),
}
"""What a staged case must say of a kind: without it nothing of any clause could hang on it, and it would be dropped unseen."""
