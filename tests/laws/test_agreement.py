"""The engine equals its plain definition, whatever arrives when; and what it calls kept or breached is so in every world."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.agreement.clause import Agreement
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.naive import naive
from safepassage.agreement.verdict import ClauseVerdict
from safepassage.fold import Feed, in_force
from safepassage.observation import Entry, What
from safepassage.observation import passage as pa
from safepassage.observation import people as pe
from safepassage.observation import setting as se
from safepassage.observation import vehicles as ve
from safepassage.observation.desk import AgreementAdopted, Confirmed, Corrected, FindingSigned, InquiryOpened, ReportSent, Withdrawn
from safepassage.values.counts import Count, exactly
from safepassage.values.people import Care, Teller
from safepassage.values.times import Stretch
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
Clause 10 "j": The Secretary-General reports to the Council within 5 minutes after the adoption,
  and then within 1 calendar day after each report.
Clause 11a "k": For each suspension by a side, the other side must have breached a clause before, at most 9 minutes earlier.
Clause 11b "k": For each suspension by a side, the same side resumes within 4 minutes.
Clause 12 "l": No attack on medical staff, transport or a hospital.
"""
LAST = 22
"""Minutes; half of all logs are judged at a moment inside them."""


@lru_cache
def agreement() -> Agreement:
    return parse_agreement(TEXT, world())


PERSON = st.sampled_from(["w-0001", "w-0002"])
PLACE = st.sampled_from(["ramouseh", "foua-gate", "rashideen", "idlib", "bab"])
BUS = st.sampled_from(["B-1", "B-2", "B-3", "A-01"])
PARTY = st.sampled_from(["party-north", "party-south"])
HEADS = st.sampled_from([exactly(20), exactly(31), Count(10, 40), Count(5), None])
MINUTES = st.integers(0, 20)


@st.composite
def stretches(draw: Callable[..., Any], latest: int) -> Stretch:
    start = draw(st.integers(-2, latest))
    return Stretch(minute(start), minute(draw(st.integers(start, latest + 3))))


@st.composite
def whats(draw: Callable[..., Any], at: int, before: list[Entry]) -> What:
    """Something to record at a minute, about what was recorded before."""
    about = draw(st.sampled_from(before)).id if before else "0" * 64
    gaps = st.lists(stretches(at), max_size=1).map(tuple)
    kinds = st.lists(st.sampled_from(se.Watched), min_size=1, max_size=6, unique=True) | st.just(list(se.Watched))
    return draw(
        st.one_of(
            st.builds(ve.Departed, BUS, st.just("idlib"), HEADS),
            st.builds(ve.Departed, BUS, st.just("idlib"), st.just(exactly(20))),
            st.builds(pe.Boarded, st.just("B-1"), PERSON.map(lambda p: (p,))),
            st.builds(pe.ArrivalRegistered, PERSON.map(lambda p: (p,))),
            st.builds(pe.Alighted, st.just(exactly(1)), st.just("B-1"), PERSON.map(lambda p: (p,))),
            st.builds(pe.TriageChanged, PERSON, st.sampled_from(Care)),
            st.builds(pe.HandedOver, st.just(exactly(1)), st.sampled_from(pe.Receiver), st.none(), PERSON.map(lambda p: (p,))),
            st.builds(pe.DestinationChosen, PLACE, PERSON.map(lambda p: (p,))),
            st.builds(pe.TakenOff, st.just(exactly(1)), BUS, by_whom=st.none() | PARTY),
            st.builds(ve.Arrived, BUS),
            st.builds(se.PostTaken),
            st.builds(se.PostLeft),
            st.builds(se.WatchClosed, stretches(at), kinds.map(tuple), gaps),
            st.builds(se.WatchClosed, stretches(at), kinds.map(tuple)),
            st.builds(pa.PassageSuspended, PARTY),
            st.builds(pa.PassageResumed, PARTY),
            st.builds(pa.AccessAsked, PARTY),
            st.builds(pa.Attacked, st.sampled_from(pa.Struck), by_whom=st.none() | PARTY),
            st.builds(ReportSent, st.integers(1, 2)),
            st.builds(AgreementAdopted, MINUTES.map(minute), st.just("text")),
            st.builds(pa.AccessGranted, PARTY, st.just(about)),
            st.builds(InquiryOpened, st.just(about)),
            st.builds(FindingSigned, st.sampled_from(["5", "12"]), PARTY, st.just(about)),
            st.builds(Withdrawn, st.just(about)),
            st.builds(Confirmed, st.just(about)),
            st.builds(Corrected, st.just(about), st.builds(ve.Departed, BUS, st.just("idlib"), HEADS)),
        )
    )


@st.composite
def logs(draw: Callable[..., Any]) -> list[Entry]:
    """A small grid of times, places and people, so that everything collides."""
    heard: list[Entry] = []
    for _ in range(draw(st.integers(1, 22))):
        at = draw(MINUTES)
        offset = draw(st.sampled_from([0, 0, 0, 1, -1]))
        told = draw(st.sampled_from([None, None, None, Teller.DRIVER]))
        place, by = draw(st.none() | PLACE | PLACE), draw(st.sampled_from(["m01", "m02"]))
        heard.append(entry(draw(whats(at, heard)), minute(at) + offset, place, by, told))
    return list({one.id: one for one in heard}.values())


def bare(verdicts: list[ClauseVerdict]) -> list[ClauseVerdict]:
    """Without sentences and citations, which the definition does not give."""
    return [
        replace(verdict, remarks=(), instances=tuple(replace(one, why="", entries=()) for one in verdict.instances)) for verdict in verdicts
    ]


@settings(max_examples=300, deadline=None)
@given(log=logs(), data=st.data())
def test_the_engine_equals_the_definition_in_every_order_of_arrival(log: list[Entry], data: st.DataObject) -> None:
    arrivals = data.draw(st.permutations([*log, *log[: len(log) // 2]]))
    moments = sorted(data.draw(st.lists(st.integers(0, LAST), min_size=1, max_size=3)))
    engine, feed = Evaluator(agreement(), world(), minute(2)), Feed()
    share = len(arrivals) // len(moments) + 1
    for number, moment in enumerate(moments):
        now = minute(moment)
        heard = arrivals[: (number + 1) * share]
        changes = [*feed.settle(now), *(change for one in arrivals[number * share : (number + 1) * share] for change in feed.add(one, now))]
        for change in changes:
            engine.add(change)
        engine.settle(now)
        assert bare(engine.verdicts()) == bare(naive(agreement(), world(), minute(2), in_force(heard, now), now))
