"""A small night as a view: two sides, a bus that fell short of two heads, another that is overdue, and what was only heard."""

from __future__ import annotations

import msgspec

from safepassage.disclosure.views import (
    AlarmView,
    CardView,
    ClaimedSide,
    ClaimView,
    ClauseView,
    DisputeView,
    ExchangeSide,
    ExchangeView,
    GapView,
    InstanceView,
    LegView,
    LineView,
    MoveView,
    PlaceView,
    PlanView,
    PostView,
    QuestionView,
    Ref,
    SideView,
    TripView,
    VehicleView,
    View,
)
from safepassage.values.counts import NONE, Count, Tally, exactly
from safepassage.values.times import HOUR, MINUTE, Instant

NOW = Instant(1_482_093_600_000)
"""18 December 2016, 22:40 in Damascus."""
WRISTBAND = "w-5m7cwb"
CONTENT_ID = "e9230d22edd5df66bdc28059cd11c4c55d766537f4d31d9e6826be30d30b23e4"


def ref(index: int) -> Ref:
    return Ref(index, f"{index:064x}")


def before(minutes: int) -> Instant:
    return Instant(NOW - minutes * MINUTE)


def after(minutes: int) -> Instant:
    return Instant(NOW + minutes * MINUTE)


def side(name: str, registered: int, there: int, unaccounted: Count = NONE, celsius: int | None = None) -> SideView:
    """A side of which half has left."""
    left = exactly(registered // 2)
    return SideView(
        name.lower(), name, registered, registered, left, left, NONE, NONE, exactly(there), there, NONE, NONE, unaccounted, None, celsius
    )


def place(id: str, name: str, x: int, y: int, kind: str = "crossing") -> PlaceView:
    return PlaceView(id, name, kind, "", None, x, y, None, None)


PLACES = (
    place("east", "Eastern assembly", 950, 500, "assembly"),
    place("gate", "Ramouseh", 700, 520),
    place("khan-road", "Khan road", 500, 500, "checkpoint"),
    place("rashideen", "Rashideen", 300, 480),
    place("foua-gate", "Foua gate", 100, 900, "assembly"),
)
LEGS = (
    LegView("east", "gate", 10, None),
    LegView("gate", "khan-road", 15, None),
    LegView("khan-road", "rashideen", 15, None),
    LegView("gate", "rashideen", 30, 6800),
    LegView("rashideen", "foua-gate", 80, None),
    LegView("foua-gate", "rashideen", 80, None),
)
POSTS = (
    PostView("m01", "east", before(300), after(600)),
    PostView("m02", "gate", before(300), None),
    PostView("m03", "rashideen", before(300), after(60)),
    PostView("m04", "foua-gate", before(300), before(30)),
)


def vehicle(code: str, doing: str, at: str | None, aboard: Count, start: str = "gate", end: str = "rashideen") -> VehicleView:
    return VehicleView(code, "bus", "aleppo", 50, doing, at, before(40), aboard, True, start, end, before(40), before(5), ref(40))


def clause(label: str, verdict: str, shown: str, tone: str = "plain", why: str = "", watched: int | None = 640) -> ClauseView:
    instances = (
        ()
        if verdict == "none"
        else (InstanceView(before(20), WRISTBAND, shown, None, why, "none", "established", "", "a rule", 1, (ref(50),)),)
    )
    counts = [int(verdict == each) for each in ("kept", "breached", "pending", "unknown")]
    return ClauseView(
        label, f"Clause {label} here", "No bus is breached.", "", "illustration", verdict, shown, tone,
        after(120) if verdict == "pending" else None, why, watched, *counts, instances,
    )  # fmt: skip


CLAUSES = (
    clause("5", "breached", "not met, as recorded", "act", "recorded, by a party: 2 taken off B-04 at khan-road"),
    clause("9", "kept", "met"),
    clause("1", "pending", "pending", "plain", "the limit is 19 Dec 05:40:12.250"),
    clause("7", "unknown", "not known", "plain", "nobody signs for it; a; b; c; d", None),
    clause("12", "none", "nothing to judge yet", "plain", "kept so far, watched 0.0 %", 0),
)


def line(index: int, said: str, standing: str = "signed", kind: str = "departed", tone: str = "plain", late: int | None = None) -> LineView:
    return LineView(ref(index), before(100 - index), before(90 - index), "m01", "gate", said, standing, "field", kind, late, tone)


def claim(name: str, quantity: Count) -> ClaimView:
    return ClaimView(
        ref(70),
        name,
        name,
        "press",
        "C",
        2,
        "M",
        "left",
        quantity,
        "persons",
        "gate",
        "in all",
        before(90),
        NOW,
        None,
        None,
        "13 above ours",
    )


def trip(departs: Instant) -> TripView:
    return TripView("gate", "rashideen", departs, after(90), ("B-08", "B-09"), 98, "parity")


PLAN = PlanView(
    "p-2", before(10), ref(80), "waiting", ref(60), "B-16 burned", (trip(before(5)), trip(after(30))), 100, 99, 12,
    after(400), after(380), 398, after(200), 0, 3, after(20), None, None, None,
)  # fmt: skip
ALARM = AlarmView(
    "B-04", "gate", "rashideen", Tally(12, 17, 4, 15), Tally(10, 17, 4, 15), 48, 46, 2, 99, 20, 200, True, before(15),
    CardView("c-1", "B-04", ("recount at the next post", "the first party"), after(0), "open", ()), (ref(55),),
)  # fmt: skip
NIGHT = View(
    deployment="a-night",
    name="A night",
    audience="operations",
    exercise=True,
    demonstration=True,
    zone="Asia/Damascus",
    now=NOW,
    size=100,
    newest=100,
    root="ab" * 32,
    sides=(side("Aleppo", 560, 277, Count(49, 52), -6), side("Foua", 340, 140, exactly(2))),
    gaps=(
        GapView("B-05", "gate", "rashideen", Count(49, 52), "overdue", before(40), "gate", (ref(40),), before(5)),
        GapView("B-04", "gate", "rashideen", exactly(2), "fewer counted", before(20), "khan-road", (ref(41), ref(42))),
    ),
    alarms=(ALARM,),
    clauses=CLAUSES,
    vehicles=(
        vehicle("B-05", "on the road", None, Count(49, 52)),
        vehicle("B-07", "on the road", None, exactly(50)),
        vehicle("B-16", "out of action", "foua-gate", NONE),
    ),
    moves=(MoveView("B-07", "gate", "rashideen", before(20), exactly(50), (("khan-road", before(4)),), None, None, None, None),),
    places=PLACES,
    legs=LEGS,
    posts=POSTS,
    plans=(PLAN,),
    exchange=ExchangeView(
        (ExchangeSide("aleppo", "Aleppo", Count(280), 560, 6, 0, None), ExchangeSide("foua", "Foua", exactly(170), 340, 3, 3, 1895)),
        1500,
        None,
        "signed departures",
        (ClaimedSide("foua", "Foua", exactly(1200), 1, (), (ref(70),)),),
    ),
    disputes=(
        DisputeView("How many left the gate?", "one source", (claim("a radio", exactly(300)),), exactly(238), "aboard 7 buses", NONE, 1),
        DisputeView("How many left Foua?", "agree", (claim("a radio", exactly(9)),), None, "nobody neutral counted there", NONE, 2),
    ),
    questions=(
        QuestionView("a wristband that nobody registered", WRISTBAND, exactly(1), "read first aboard B-10", "the list", (ref(90),)),
    ),
    lines=(
        line(60, f"B-16 burned by {CONTENT_ID}", kind="out_of_action", tone="act"),
        line(61, f"g-a096 separated: {WRISTBAND}, w-c3cmbf", kind="separated"),
        line(62, "told by a passenger: 3 taken off B-04", standing="alleged", kind="taken_off", tone="soon"),
        line(63, "B-07 passed", kind="passed", late=48),
        line(64, "14 wristbands", kind="boarded"),
        msgspec.structs.replace(line(65, "passage suspended by foua", kind="passage_suspended"), by="foua", role="party"),
    ),
    activity=(1,),
    activity_from=Instant(NOW - 5 * HOUR),
)
NOBODY = View(
    deployment="a-record",
    name="A record",
    audience="operations",
    exercise=False,
    demonstration=False,
    zone="Asia/Damascus",
    now=NOW,
    size=9,
    newest=9,
    root="cd" * 32,
    sides=(side("Aleppo", 0, 0), side("Foua", 0, 0)),
    places=PLACES,
    legs=LEGS,
    exchange=ExchangeView(
        (ExchangeSide("aleppo", "Aleppo", None, 0, 0, 0, None),), None, None, "signed departures",
        (ClaimedSide("aleppo", "Aleppo", Count(35_000, 40_000), 3, (), ()), ClaimedSide("foua", "Foua", None, 0, (), ())),
    ),
)  # fmt: skip
"""A record in which nobody neutral saw anything."""
