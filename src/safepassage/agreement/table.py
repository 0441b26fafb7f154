"""The vocabulary as one table: from which kinds of observation each phrase is heard, and who may record them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safepassage.agreement.tongue import ARABIC
from safepassage.agreement.vocabulary import ROWS, Happening, Join, Row, Slot, Where
from safepassage.observation import Kind, desk, passage, people, setting, tag_of, vehicles
from safepassage.values.people import Role

HEARD_FROM: dict[Happening, tuple[type[Kind], ...]] = {
    Happening.DEPARTURE: (vehicles.Departed,),
    Happening.BUS_DEPARTURE: (vehicles.Departed,),
    Happening.LAST_DEPARTURE: (vehicles.Departed,),
    Happening.RETURN: (vehicles.Arrived, vehicles.TurnedBack, vehicles.VehicleReady),
    Happening.BOARDING: (people.Boarded,),
    Happening.ALIGHTING: (people.Alighted,),
    Happening.REGISTRATION: (people.ArrivalRegistered,),
    Happening.WOUNDED: (people.TriageChanged, people.PersonRegistered),
    Happening.HOSPITAL: (people.HandedOver,),
    Happening.ENTRY: (vehicles.Arrived, vehicles.StopBegun),
    Happening.EXIT: (vehicles.Departed, vehicles.StopEnded),
    Happening.ON_POST: (setting.PostTaken,),
    Happening.OFF_POST: (setting.PostLeft,),
    Happening.WATCHED_THERE: (setting.WatchClosed,),
    Happening.TAKING: (people.TakenOff,),
    Happening.ALLEGATION: (people.TakenOff,),
    Happening.INQUIRY: (desk.InquiryOpened,),
    Happening.MONITOR_REQUEST: (passage.AccessAsked,),
    Happening.RELIEF_REQUEST: (passage.AccessAsked,),
    Happening.GRANT: (passage.AccessGranted,),
    Happening.REPORT: (desk.ReportSent,),
    Happening.ADOPTION: (desk.AgreementAdopted,),
    Happening.SUSPENSION: (passage.PassageSuspended,),
    Happening.RESUMPTION: (passage.PassageResumed,),
    Happening.MEDICAL_ATTACK: (passage.Attacked,),
    Happening.CONVOY_ATTACK: (passage.Attacked, vehicles.OutOfAction),
    Happening.EXPULSION: (setting.MonitorExpelled,),
    Happening.INJURY: (people.Injured,),
    Happening.ROBBERY: (people.Robbed, people.PapersTaken),
    Happening.CONSENT: (),
    Happening.CONSENT_SAMPLE: (people.ConsentAsked,),
    Happening.CHOICE: (people.DestinationChosen,),
    Happening.FINDING: (desk.FindingSigned,),
    Happening.RELEASE: (people.DetaineeReleased,),
    Happening.SEARCH: (vehicles.SearchBegun,),
    Happening.DENIAL: (people.BoardingDenied,),
    Happening.CLOSURE: (passage.RoadClosed,),
    Happening.REFUSAL: (passage.AccessRefused,),
    Happening.REPLY: (passage.AccessGranted, passage.AccessRefused),
    Happening.SEPARATION: (people.Separated,),
}
"""Every happening but a signature as such, which any kind in the field leaves. Empty: nothing records it yet, so it is never judged."""

_STANDS = {
    Slot.EACH: "after *For each*",
    Slot.ACT: "what is owed",
    Slot.DIFFERENT: "after *a different*",
    Slot.UNLESS: "after *unless*, *and*",
    Slot.PAST: "followed by *before*",
    Slot.BAN: "after *No*",
    Slot.ALLOWED: "after *It is allowed that*",
    Slot.ENTERS: "after *From when*",
    Slot.LEAVES: "after *until*",
    Slot.PRESENT: "presence",
    Slot.CYCLE: "what is done again and again",
    Slot.AFTER: "what it is first counted from",
    Slot.SUM: "a balance of running sums",
    Slot.ONCE: "after a number: *Once*, *At any time, no more than*",
    Slot.THEN: "after a number: what is then owed; *On any calendar day, no more than*",
}


class Line(msgspec.Struct, frozen=True):
    """One row of the table, each cell as people read it."""

    words: str
    arabic: str
    stands: str
    speaks_of: str
    sense: str
    kinds: str
    recorders: str
    watch: str
    where: str


def table() -> Iterator[Line]:
    """Every phrase, in the vocabulary's order."""
    for row in ROWS:
        kinds = HEARD_FROM[row.means]
        roles = sorted({role.value for kind in kinds for role in kind.may})
        yield Line(
            _blank(row.words),
            _blank(ARABIC.say(row.words)),
            _STANDS[row.slot],
            _roles(row),
            "state" if row.state else "event",
            ", ".join(tag_of(kind) for kind in kinds) or "none yet",
            "everybody" if len(roles) == len(Role) else ", ".join(roles),
            "the ledger itself" if row.made_here else row.watch.value if row.watch else "none: silence never counts",
            "" if row.watch is None else _places(row),
        )


def _blank(words: str) -> str:
    return words.replace("{place}", "PLACE").replace("{party}", "PARTY")


def _roles(row: Row) -> str:
    """What later phrases may refer to, and what this one refers to."""
    gives = f"gives {', '.join(sorted(row.gives))}" if row.gives else ""
    joined = {Join.OTHER_SIDE: "of the other side", Join.PERSON_THERE: "and that place"}.get(row.joins[0], "")
    needs = f"needs {row.needs} {joined}".strip() if row.needs else ""
    return "; ".join(part for part in (gives, needs) if part)


def _places(row: Row) -> str:
    match row.where:
        case Where.NAMED if row.at is not None:
            return f"every {row.at.value}"
        case Where.NAMED:
            return "the places that the phrase names"
        case Where.THERE:
            return "where the first phrase happened"
        case Where.KINDS:
            return ", ".join(f"every {kind.value}" for kind in row.kinds)
        case Where.EVERYWHERE:
            return "every place"
