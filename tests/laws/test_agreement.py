"""The engine equals its plain definition, whatever arrives when; and what it calls kept or breached is so in every world."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.agreement.clause import Agreement, Before, ByProof, ClockStops, Duty, Hours, Sourced
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.facts import Ground, Watch, facts_of, watches_of
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.naive import naive
from safepassage.agreement.proved import Bounds
from safepassage.agreement.sources import Graded
from safepassage.agreement.verdict import ClauseVerdict, Verdict
from safepassage.agreement.vocabulary import ROWS
from safepassage.fold import Change, Feed, in_force, order
from safepassage.observation import Entry, What
from safepassage.observation import passage as pa
from safepassage.observation import people as pe
from safepassage.observation import setting as se
from safepassage.observation import vehicles as ve
from safepassage.observation.amend import Confirmed, Corrected, Withdrawn
from safepassage.observation.desk import AgreementAdopted, FindingSigned, InquiryOpened, ReportSent
from safepassage.values.counts import Count, exactly
from safepassage.values.ids import EntryId
from safepassage.values.people import Care, Role, Teller
from safepassage.values.times import Instant, Stretch
from tests.agreement.told import entry, minute, world

TEXT = """
Agreement "Law". Days are counted in the time zone Asia/Damascus.
Clause 1 "a": For each bus that departs Aleppo, a different bus departs Foua within 6 minutes; no bus counts twice.
Clause 1b "a": For each bus that departs Aleppo, a different bus departs Foua within 4 minutes; no bus counts twice.
  The clock stops while passage is suspended.
Clause 2 "b": At no time do the persons departed from Aleppo and the persons departed from Foua differ by more than 30.
Clause 3 "c": For each person who boards, that person is registered at arrival within 6 minutes,
  unless that person is wounded and that person is handed to a hospital.
Clause 3b "c": For each person who boards, that person is registered at arrival within 5 minutes.
  The clock stops while passage is suspended.
Clause 4 "d": From when a convoy enters a crossing until it leaves, a UN monitor is on post there without a gap of more than 3 minutes.
Clause 5 "e": No person is taken off a bus by a party.
Clause 6 "f": For each allegation that a person was taken off a bus, an inquiry into it opens within 4 minutes.
Clause 7 "g": For each person who boards, that person must have consented in private before.
Clause 8 "h": For each person who alights, that person must have chosen that place before, at most 9 minutes earlier.
Clause 9 "i": For each request for access by a monitor, it is granted within [time to be agreed].
Clause 9b "i": For each request for access by a monitor, it is granted within 5 minutes.
Clause 9c "i": For each request for access by a monitor, it is answered within 5 minutes.
Clause 10 "j": The Secretary-General reports to the Council within 5 minutes after the adoption,
  and then within 1 calendar day after each report.
Clause 11a "k": For each suspension by a side, the other side must have breached a clause before, at most 9 minutes earlier.
Clause 11b "k": For each suspension by a side, the same side resumes within 4 minutes.
Clause 12 "l": No attack on medical staff, transport or a hospital.
Clause 21 "m": Once 40 persons have departed from Foua, 40 depart from Aleppo within 5 minutes.
Clause 21b "m": Once 2 buses have departed from Aleppo, 3 buses depart from Foua in all within 6 minutes.
  The clock stops while passage is suspended.
Clause 21c "m": Once 40 persons have departed from Foua, 40 depart from Aleppo within [time to be agreed].
Clause 22 "n": At any time, no more than 60 persons have departed from Foua.
Clause 22b "n": On any calendar day, no more than 3 buses depart from Aleppo.
Clause 23 "o": For each bus that departs Foua, the hour is between 22:06 and 22:14.
Clause 24 "p": No person is taken off a bus by a party, except at Ramouseh.
Clause 25 "q": At no time do the buses departed from Aleppo and the buses departed from Foua differ by more than 2.
Clause 26 "r": At no time do the detainees released by "the opposition side" and
  the detainees released by "the government side" differ by more than 30.
Clause 27 "s": It is allowed that a bus is searched.
Clause 29 "u": For each person who boards, that person is registered at arrival within 5 minutes.
  Established by 2 independent sources.
Clause 29b "u": For each bus that departs Aleppo, a different bus departs Foua within 6 minutes; no bus counts twice.
  Established by 2 independent sources.
Clause 29c "u": No attack on medical staff, transport or a hospital. Established by 2 independent sources.
Clause 29d "u": At no time do the persons departed from Aleppo and the persons departed from Foua differ by more than 30.
  Established by 2 independent sources.
Clause 29e "u": From when a convoy enters a crossing until it leaves, a UN monitor is on post there without a gap of more than 3 minutes.
  Established by 2 independent sources.
Clause 30 "v": For each person who boards, that person is registered at arrival within 5 minutes,
  unless that person is wounded and that person is handed to a hospital. Times count only as far as they are proved.
Clause 30b "v": For each person who alights, that person must have chosen that place before, at most 9 minutes earlier.
  Times count only as far as they are proved. Established by 2 independent sources.
Clause 30c "v": For each bus that departs Foua, the hour is between 22:06 and 22:14. Times count only as far as they are proved.
Clause 30d "v": For each suspension by a side, the same side resumes within 4 minutes. Times count only as far as they are proved.
  The clock stops while passage is suspended.
Clause 30e "v": For each person who boards, that person must have consented in private before.
  Times count only as far as they are proved.
Clause 30f "v": For each person who boards, that person is registered at arrival within 5 minutes.
  Times count only as far as they are proved. The clock stops while passage is suspended.
Clause 31 "w": For each person who boards, that person is registered at a reception within 6 minutes,
  unless that person is wounded and that person is handed over at a hospital.
Clause 32 "x": No bus is searched by a party.
Clause 32b "x": No road is closed by a party, except at Ramouseh.
Clause 32c "x": No family is separated.
Clause 32d "x": No person is denied boarding by a party.
Clause 28 "t": For each departure of the last convoy from Foua, the last convoy from Aleppo must have departed before.
"""
LAST = 22
"""Minutes; half of all logs are judged at a moment inside them."""


@lru_cache
def agreement() -> Agreement:
    return parse_agreement(TEXT, world())


PLACES = ["ramouseh", "foua-gate", "rashideen", "idlib", "bab"]
CROSSINGS = ["ramouseh", "foua-gate"]
BUSES = ["B-1", "B-2", "B-3", "A-01"]
PARTIES = ["party-north", "party-south"]
HEADS = [exactly(20), exactly(20), exactly(31), Count(10, 40), Count(5), None]
Making = Callable[[Random], What]


def one(chance: Random) -> tuple[str]:
    return (chance.choice(["w-0001", "w-0002"]),)


def departs(chance: Random) -> What:
    heads = chance.choice(HEADS[:3] if chance.random() < 0.9 else HEADS)
    return ve.Departed(chance.choice(BUSES), "idlib", heads, last=chance.random() < 0.2)


def by_whom(chance: Random) -> str | None:
    return chance.choice([None, *PARTIES])


PEOPLE: list[Making] = [
    lambda c: pe.Boarded("B-1", one(c)),
    lambda c: pe.ArrivalRegistered(one(c)),
    lambda c: pe.TriageChanged(one(c)[0], c.choice(list(Care))),
    lambda c: pe.HandedOver(exactly(1), c.choice([pe.Receiver.HOSPITAL, pe.Receiver.FAMILY]), None, one(c)),
    lambda c: pe.Alighted(exactly(1), "B-1", one(c)),
    lambda c: pe.DestinationChosen(c.choice(PLACES), one(c)),
]
STOPS: list[Making] = [lambda c: pa.PassageSuspended(c.choice(PARTIES)), lambda c: pa.PassageResumed(c.choice(PARTIES))]
POSTS: list[Making] = [
    lambda c: ve.Arrived(c.choice(BUSES)), departs, lambda c: se.PostTaken(), lambda c: se.PostTaken(), lambda c: se.PostLeft(),
]  # fmt: skip
HARM: list[Making] = [
    lambda c: pe.TakenOff(exactly(1), c.choice(BUSES), by_whom=by_whom(c)),
    lambda c: pa.AccessAsked(c.choice(PARTIES)),
    lambda c: pa.Attacked(c.choice(list(pa.Struck)), by_whom=by_whom(c)),
    lambda c: ReportSent(c.randint(1, 2)),
    lambda c: AgreementAdopted(minute(c.randint(0, 20)), "text"),
    lambda c: pe.DetaineeReleased(c.choice([exactly(20), Count(15, 40), exactly(35)]), by_whom(c)),
    lambda c: ve.SearchBegun(c.choice(BUSES), by_whom(c)),
    lambda c: c.choice([pa.RoadClosed("idlib", by_whom(c)), pe.Separated("g-1"), pe.BoardingDenied(exactly(1), "B-1", by_whom=by_whom(c))]),
]
BACK: list[Making] = [
    lambda c: ve.TurnedBack(c.choice(BUSES), "ramouseh"), lambda c: ve.VehicleReady(c.choice(BUSES)), lambda c: ve.Arrived(c.choice(BUSES)),
]  # fmt: skip
THEMES = [
    [departs],
    [*[departs] * 5, *BACK],
    [departs, *STOPS],
    PEOPLE,
    [*PEOPLE[:2], *STOPS],
    POSTS,
    [*HARM, *STOPS],
    [*PEOPLE, *POSTS, *STOPS, *HARM],
]
"""What a log is mostly about: few kinds at a time, so that they meet."""


def stretch(chance: Random, latest: int) -> Stretch:
    start = chance.randint(-2, latest)
    return Stretch(minute(start), minute(chance.randint(start, latest + 3)))


def answer(chance: Random, about: EntryId, at: int) -> What:
    """What is said of an earlier entry; or a watch: a stretch of some kinds, or everything so far."""
    kinds = tuple(chance.sample(list(se.Watched), 4)) if chance.random() < 0.3 else tuple(se.Watched)
    whole = Stretch(minute(-9), minute(at)) if chance.random() < 0.7 else stretch(chance, at)
    return chance.choice(
        [
            pa.AccessGranted(chance.choice(PARTIES), about),
            *([pa.AccessRefused(chance.choice(PARTIES), about)] if chance.random() < 0.3 else []),
            InquiryOpened(about),
            FindingSigned(chance.choice(["5", "12"]), chance.choice(PARTIES), about),
            Withdrawn(about),
            Confirmed(about),
            Corrected(about, departs(chance)),
            *([se.WatchClosed(whole, kinds, (stretch(chance, at),) if chance.random() < 0.3 else ())] * 3),
        ]
    )


def log_of(chance: Random) -> list[Entry]:
    """A small grid of times, places and people, so that everything collides."""
    heard: list[Entry] = []
    theme = chance.choice(THEMES)
    for _ in range(chance.randint(1, 24)):
        at = chance.randint(0, 20)
        told = Teller.DRIVER if chance.random() < 0.15 else None
        about = chance.choice(heard).id if heard else EntryId("0" * 64)
        what = answer(chance, about, at) if chance.random() < 0.3 else chance.choice(theme)(chance)
        place = chance.choice(PLACES + CROSSINGS * 3)
        if isinstance(what, se.WatchClosed) and chance.random() < 0.7:
            place = None
        heard.append(entry(what, minute(at) + chance.choice([0, 0, 0, 1, -1]), place, chance.choice(["m01", "m02"]), told))
    if chance.random() < 0.2:
        heard = [*heard, *_confirmed(heard, chance)]
    return list({said.id: said for said in heard}.values())


def _confirmed(heard: list[Entry], chance: Random) -> list[Entry]:
    """Most of it confirmed by somebody else, whose device may be of a side."""
    enrolled = [
        se.DeviceEnrolled(f"{by}-1", by, Role.PARTY, "key", chance.choice(PARTIES)) for by in ("m02", "m03") if chance.random() < 0.3
    ]
    by = [chance.choice(["m01", "m02", "m03"]) for _ in heard]
    confirms = [
        entry(Confirmed(said.id), minute(LAST - 2), None, who) for said, who in zip(heard, by, strict=True) if chance.random() < 0.8
    ]
    return [*confirms, *(entry(what, minute(0), None, "a01") for what in enrolled)]


def proved_of(log: list[Entry], chance: Random) -> dict[EntryId, Bounds]:
    """Bounds that hold what each claims, mostly; some prove nothing, and a few prove a claim wrong."""
    found: dict[EntryId, Bounds] = {}
    for said in log:
        at = said.observation.seen_at
        low, high = (Instant(at + sign * chance.choice([0, 0, 1, 59_999, 60_000, 180_000])) for sign in (-1, 1))
        if chance.random() < 0.9:
            found[said.id] = Bounds(None if chance.random() < 0.05 else low, None if chance.random() < 0.1 else high)
        if chance.random() < 0.05:
            found[said.id] = Bounds(Instant(at + 60_000), Instant(at - 60_000))
    return found


def bare(verdicts: list[ClauseVerdict]) -> list[ClauseVerdict]:
    """Without sentences and citations, which the definition does not give."""
    return [
        replace(verdict, remarks=(), instances=tuple(replace(one, why="", entries=()) for one in verdict.instances)) for verdict in verdicts
    ]


@pytest.mark.slow
@settings(max_examples=800, deadline=None)
@given(seed=st.integers(0, 2**40))
@example(seed=8127)
@example(seed=506813803)
@example(seed=103057)
@example(seed=105497)
@example(seed=113444)
@example(seed=126481)
def test_the_engine_equals_the_definition_in_every_order_of_arrival(seed: int) -> None:
    """Shuffled, doubled, withdrawn, corrected and confirmed; judged at up to three moments while the log still comes in."""
    chance = Random(seed)
    log = log_of(chance)
    arrivals = [*log, *log[: len(log) // 2]]
    chance.shuffle(arrivals)
    moments = sorted(chance.randint(0, LAST) for _ in range(chance.randint(1, 3)))
    share = len(arrivals) // len(moments) + 1
    engine, feed = Evaluator(agreement(), world(), minute(2)), Feed()
    for number, moment in enumerate(moments):
        now, heard = minute(moment), arrivals[: (number + 1) * share]
        for change in [*feed.settle(now), *(change for said in heard[number * share :] for change in feed.add(said, now))]:
            engine.add(change)
        proved = proved_of(heard, Random(seed + number))
        engine.prove(proved)
        engine.settle(now)
        found = bare(engine.verdicts())
        assert found == bare(naive(agreement(), world(), minute(2), in_force(heard, now), now, proved))
        assert bare([engine.told(clause.label) for clause in agreement().clauses]) == found


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**40))
@example(seed=86911)
@example(seed=100031)
@example(seed=101841)
@example(seed=104600)
@example(seed=109318)
@example(seed=113863)
def test_kept_is_kept_and_breached_is_not_in_every_world_that_the_signed_records_allow(seed: int) -> None:
    """A world: every signed record, each allegation true or dropped, anything more where nobody watched.

    In a world everything is known: it is signed, and watched from end to end. Pairing is judged over recorded buses, so no
    bus is added that would claim an answer. Clocks are stopped and started by what is signed, by the clause's own meaning
    (else a party stops its clock by announcing it), so what is alleged of suspensions stays alleged in every world.
    """
    chance = Random(seed)
    now = minute(LAST)
    standing = in_force(log_of(chance), now)
    alike = replace(agreement(), clauses=tuple(clause for clause in agreement().clauses if clause.sources == 1))
    holds(naive(alike, world(), minute(2), standing, now), naive(alike, world(), minute(2), world_of(standing, now, chance), now))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_what_needs_two_sources_is_so_in_every_world_in_which_single_ones_may_be_wrong(seed: int) -> None:
    """Every clause asks for two: whatever fewer signed may be true or not, and only watches that two signed keep anything out."""
    chance = Random(seed)
    now = minute(LAST)
    log = log_of(chance)
    standing = in_force([*log, *_confirmed(log, chance)], now)
    alike = [replace(clause, notes=tuple(n for n in clause.notes if not isinstance(n, Sourced))) for clause in agreement().clauses]
    plain = replace(agreement(), clauses=tuple(alike))
    asking = replace(agreement(), clauses=tuple(replace(clause, notes=(*clause.notes, Sourced(2))) for clause in alike))
    counted = Graded(2, world())
    for said in standing:
        counted.move(Change(None, said))
    truth = world_of(sorted(counted.forms(), key=order), now, chance)
    holds(naive(asking, world(), minute(2), standing, now), naive(plain, world(), minute(2), truth, now))


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**40))
@example(seed=933284)
def test_by_proved_time_kept_and_breached_hold_whenever_within_its_bounds_everything_happened(seed: int) -> None:
    """In a world each thing happened at one instant between its bounds; after a watch may have been signed, anything may have."""
    chance = Random(seed)
    now = minute(LAST)
    standing = in_force(log_of(chance), now)
    proved = proved_of(standing, chance)
    shapes = (Duty, Before, Hours)
    alike = [
        replace(one, notes=tuple(n for n in one.notes if isinstance(n, ClockStops)))
        for one in agreement().clauses
        if isinstance(one.shape, shapes)
    ]
    plain = replace(agreement(), clauses=tuple(alike))
    asking = replace(agreement(), clauses=tuple(replace(clause, notes=(*clause.notes, ByProof())) for clause in alike))
    real = world_of(standing, now, chance, proved)
    truth = [said if _left_again(said, real) else _moved(said, proved.get(said.id, Bounds()), now, chance) for said in real]
    judged = naive(asking, world(), minute(2), standing, now, proved)
    holds(judged, naive(plain, world(), minute(2), sorted(truth, key=order), now))


def _left_again(said: Entry, log: list[Entry]) -> bool:
    """Whether which departures are one, recorded twice, hangs on when this was."""
    moves = (ve.Departed, ve.TurnedBack, ve.VehicleReady, ve.Arrived)
    what = said.observation.what
    mine = [
        e for e in log if isinstance(e.observation.what, moves) and isinstance(what, moves) and e.observation.what.vehicle == what.vehicle
    ]
    return sum(isinstance(e.observation.what, ve.Departed) for e in mine) > 1


def _moved(said: Entry, known: Bounds, now: Instant, chance: Random) -> Entry:
    """As it may have happened; what was added to the world is as it is."""
    seen = said.observation
    if isinstance(seen.what, se.WatchClosed) or seen.by.startswith("m9"):
        return said
    low = minute(-9) if known.not_before is None else min(known.not_before, seen.seen_at)
    high = min(now, max(seen.seen_at, now if known.not_after is None else known.not_after))  # it was heard by now
    return replace(said, observation=replace(seen, seen_at=chance.choice([low, high, seen.seen_at, Instant(chance.randint(low, high))])))


def holds(judged: list[ClauseVerdict], truth: list[ClauseVerdict]) -> None:
    """What was judged kept or breached is so in this world."""
    known = {(v.label, one.key, one.opened_by): one.verdict for v in judged for one in v.instances}
    for verdict in truth:
        for case in verdict.instances:
            said = known.get((verdict.label, case.key, case.opened_by))
            if said is Verdict.KEPT:
                assert case.verdict is Verdict.KEPT
            if said is Verdict.BREACHED:
                assert case.verdict is Verdict.BREACHED


def world_of(standing: list[Entry], now: Instant, chance: Random, proved: dict[EntryId, Bounds] | None = None) -> list[Entry]:
    """One way that it may have been: allegations settled, things added outside every watch, and all of it watched.

    In the forms in force: what amends has done so already, and stays on record as something that its signer signed there.
    """
    settled = [one for said in standing if (one := _settled(said, chance)) is not None]
    watched = [w for said in standing for w in watches_of(said)]
    if proved is not None:
        ends = [min(w.stretch.end, proved.get(w.entry, Bounds()).not_before or Instant(0)) for w in watched]
        watched = [replace(w, stretch=Stretch(w.stretch.start, Instant(end))) for w, end in zip(watched, ends, strict=True)]
    added = [_unseen(standing, f"m{90 + number}", chance) for number in range(8)]
    whole = entry(se.WatchClosed(Stretch(minute(-9), now), tuple(se.Watched)), now)
    return sorted([*settled, *(said for said in added if not _was_watched(said, watched)), whole], key=order)


def _settled(said: Entry, chance: Random) -> Entry | None:
    """A signed record stays, a signed watch too. An allegation is true, or it is not.

    One that is true was seen by somebody, not by whoever wrote down that it was told: that m01 heard at A of what happened at
    B puts nobody else than its witness at B. That it was alleged stays on record where a clause asks for the allegation itself.
    """
    seen = said.observation
    if seen.told_by is None or isinstance(seen.what, pa.PassageSuspended | pa.PassageResumed):
        return said
    if isinstance(seen.what, se.WatchClosed | Withdrawn | Confirmed | Corrected):
        return None
    if chance.random() < 0.5:
        by = f"m{chance.randint(10, 89)}"
        return _another(replace(said, observation=replace(seen, by=by, told_by=None)))
    return said if isinstance(seen.what, pe.TakenOff) else None


def _another(said: Entry) -> Entry | None:
    """A true departure is one of its own: told of a departure that somebody else signed, it would say nothing new."""
    seen = said.observation
    if not isinstance(seen.what, ve.Departed):
        return said
    what = replace(seen.what, vehicle=f"E-{said.id[:6]}")
    return None if seen.what.vehicle.startswith("A") else replace(said, observation=replace(seen, what=what))


def _unseen(standing: list[Entry], by: str, chance: Random) -> Entry:
    """Something of any kind that a clause hears, by somebody who wrote nothing else down: no post ends or lengthens by it.

    A stay ends with the first leaving on record, as a pairing is judged over recorded buses: none is made up at a crossing.
    Persons may leave from either end in anything but a bus; a bus only where it would answer, never where it would claim.
    """
    about = chance.choice(standing).id if standing else EntryId("0" * 64)
    makings: list[Making] = [
        departs, *PEOPLE, *POSTS[2:4], *HARM[:3], lambda c: InquiryOpened(about), lambda c: pa.AccessGranted(c.choice(PARTIES), about),
    ]  # fmt: skip
    what, at, place = chance.choice(makings)(chance), minute(chance.randint(2, LAST)), chance.choice(PLACES)
    if isinstance(what, ve.Departed) and place == "ramouseh":
        return entry(replace(what, vehicle="A-02"), at, place, by)
    if isinstance(what, ve.Departed) and place in CROSSINGS:
        what = replace(what, vehicle=f"D-{chance.randint(1, 9)}")
    return entry(what, at, place, by)


def _was_watched(said: Entry, watched: list[Watch]) -> bool:
    """Whether somebody signs that this would be in the log if it had happened."""
    told = {fact.what for fact in facts_of(said, Ground(world()))}
    kinds = {row.watch for row in ROWS if row.means in told}
    seen = said.observation
    return any(w.kind in kinds and w.stretch.holds(seen.seen_at) and w.place in (None, seen.at) for w in watched)
