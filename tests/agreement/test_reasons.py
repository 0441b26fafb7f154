"""The sentence behind each verdict, word for word: what a person reads is what was judged."""

from __future__ import annotations

from msgspec.structs import replace

from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.verdict import InstanceVerdict, Verdict, beside
from safepassage.fold import Change
from safepassage.observation import Entry
from safepassage.observation.desk import AgreementAdopted, FindingSigned
from safepassage.observation.passage import AccessAsked, AccessGranted, PassageSuspended
from safepassage.observation.people import Alighted, ArrivalRegistered, DestinationChosen, HandedOver, Receiver, TakenOff, TriageChanged
from safepassage.observation.setting import WatchClosed, Watched
from safepassage.values.counts import exactly
from safepassage.values.people import Care, Teller
from safepassage.values.times import Instant, Stretch
from tests.agreement.test_verdicts import BOARDS, HEAD, NOBODY, PAIRS, boarded, departed, engine_at, judged, whole_watch
from tests.agreement.told import entry, minute, world

EXCEPT = BOARDS.removesuffix(".") + ", unless that person is wounded and that person is handed to a hospital."
CHOSEN = "For each person who alights, that person must have chosen that place before."
ACCESS = "For each request for access by a monitor, it is granted within [time to be agreed]."


def why(sentence: str, log: list[Entry], now: Instant) -> str:
    return judged(sentence, log, now).instances[0].why


def registered(at: int, told: Teller | None = None) -> Entry:
    return entry(ArrivalRegistered(("w-0001", "w-0002")), minute(at), "idlib", told=told)


def hurt(at: int) -> Entry:
    return entry(TriageChanged("w-0001", Care.WOUNDED), minute(at), "ramouseh")


def handed(at: int) -> Entry:
    return entry(HandedOver(exactly(1), Receiver.HOSPITAL, None, ("w-0001",)), minute(at), "bab")


def watch(until: int, *kinds: Watched) -> Entry:
    return entry(WatchClosed(Stretch(minute(-10), minute(until)), kinds), minute(until))


def test_a_duty_says_when_it_was_done_or_why_that_is_not_known() -> None:
    limit = "the limit is 17 Dec 23:00"
    assert why(BOARDS, [boarded(0), registered(30)], minute(90)) == f"registration at arrival at 17 Dec 22:30, 30 min after; {limit}"
    assert why(BOARDS, [boarded(0), registered(0)], minute(90)) == f"registration at arrival at 17 Dec 22:00, at the same instant; {limit}"
    assert why(BOARDS, [boarded(0)], minute(60)) == limit
    told = "registration at arrival at 17 Dec 22:05 is only alleged; "
    assert why(BOARDS, [boarded(0), registered(5, Teller.DRIVER)], minute(60)) == told + limit
    nobody = "nobody signs for every registration at ramouseh from 17 Dec 22:00 to 17 Dec 23:00"
    unseen = f"no signed registration at arrival is recorded, and {nobody}"
    assert why(BOARDS, [boarded(0)], minute(61)) == unseen
    assert why(BOARDS, [boarded(0), registered(5, Teller.DRIVER)], minute(61)) == told + unseen
    silent = "no registration at arrival is recorded up to 17 Dec 23:00, and all of that time was watched"
    assert why(BOARDS, [boarded(0), whole_watch(80)], minute(90)) == silent


def test_a_duty_with_an_exception_names_the_exception_and_what_of_it_nobody_watched() -> None:
    assert (
        why(EXCEPT, [boarded(0), hurt(5), handed(9)], minute(90))
        == "excepted: wounded and hand-over to a hospital; the limit is 17 Dec 23:00"
    )
    log = [boarded(0), hurt(5), watch(80, Watched.REGISTRATION)]
    (case, _) = judged(EXCEPT, log, minute(90)).instances
    assert (case.verdict, case.said, case.against) == (Verdict.UNKNOWN, "", 0)
    assert case.why == "no signed registration at arrival is recorded, and no watch can cover it"
    log = [boarded(0), hurt(5), watch(80, Watched.REGISTRATION, Watched.HANDOVER)]
    assert judged(EXCEPT, log, minute(90)).instances[0].verdict is Verdict.BREACHED
    both = judged(EXCEPT, [boarded(0), hurt(5), handed(9), registered(30)], minute(90)).instances[0]
    assert both.why.startswith("registration at arrival at") and len(both.entries) == 2


def test_a_precondition_says_what_came_before_or_why_that_is_not_known() -> None:
    alights = entry(Alighted(exactly(1), "B-1", ("w-0001",)), minute(30), "idlib")
    chose = entry(DestinationChosen("idlib", ("w-0001",)), minute(20))
    assert why(CHOSEN, [alights, chose], minute(90)) == "choice of destination at 17 Dec 22:20"
    told = replace(chose, id="f" * 64, observation=replace(chose.observation, told_by=Teller.DRIVER))
    assert why(CHOSEN, [alights, told], minute(90)) == "choice of destination at 17 Dec 22:20 is only alleged"
    unseen = "no choice of destination is recorded before, and nobody signs for every consent at ramouseh from 17 Dec 22:00 to 17 Dec 22:30"
    assert why(CHOSEN, [alights], minute(90)) == unseen
    silent = "no choice of destination is recorded before, and all of that time was watched"
    assert why(CHOSEN, [alights, whole_watch(80)], minute(90)) == silent
    answer = "For each suspension by a side, the other side must have breached a clause before, at most 2 hours earlier."
    stops = entry(PassageSuspended("party-north"), minute(30))
    assert why(answer, [stops], minute(90)) == "no signed finding of a breach is in the ledger in the 2 hours before"


def test_a_ban_says_who_was_seen_and_how_sure_that_is() -> None:
    seen, told = (entry(TakenOff(exactly(4), "B-1", by_whom="party-south"), minute(5), "khan-road", told=t) for t in (None, Teller.DRIVER))
    assert why(NOBODY, [seen], minute(9)) == "4 taken off B-1 at khan-road at 17 Dec 22:05 by party-south: signed"
    assert why(NOBODY, [told], minute(9)) == "4 taken off B-1 at khan-road at 17 Dec 22:05 by party-south: alleged, not established"
    found = entry(FindingSigned("1", "party-south", told.id), minute(8), by="g1")
    assert why(NOBODY, [told, found], minute(9)).endswith("alleged, not established, finding at 17 Dec 22:08")


def test_what_has_no_limit_says_so_and_what_was_done() -> None:
    asked = entry(AccessAsked("party-south"), minute(1), "ramouseh")
    granted = entry(AccessGranted("party-south", asked.id), minute(9), "ramouseh")
    assert why(ACCESS, [asked], minute(9)) == "limit not agreed"
    (case,) = judged(ACCESS, [asked, granted], minute(9)).instances
    assert (case.why, case.for_, case.entries) == ("limit not agreed; access granted is recorded", 2, (asked.id, granted.id))
    at_once = replace(granted, id="d" * 64, observation=replace(granted.observation, seen_at=minute(1), told_by=Teller.DRIVER))
    (case,) = judged(ACCESS, [asked, at_once], minute(1)).instances
    assert (case.for_, case.entries) == (1, (asked.id, at_once.id))
    (case,) = judged(ACCESS, [asked, at_once, granted], minute(9)).instances
    assert (case.for_, case.entries) == (2, (asked.id, at_once.id))
    early = replace(granted, observation=replace(granted.observation, seen_at=minute(0)))
    assert judged(ACCESS, [asked, early], minute(9)).instances[0].for_ == 0


def test_the_exchange_counts_the_buses_that_still_await_an_answer() -> None:
    log = [departed("B-1", "ramouseh", 0), departed("B-2", "ramouseh", 1), departed("B-9", "foua-gate", 10)]
    assert [side.owed for side in engine_at(PAIRS, log, minute(20)).exchange().sides] == [None, 1]


def test_a_watch_that_comes_late_reaches_a_clause_with_one_phrase() -> None:
    cycle = (
        "The Secretary-General reports to the Council within 5 minutes after the adoption, "
        "and then within 30 calendar days after each report."
    )
    engine = Evaluator(parse_agreement(HEAD + cycle, world()), world(), minute(0))
    engine.add(Change(None, entry(AgreementAdopted(minute(0), "text"), minute(0))))
    engine.settle(minute(90))
    assert engine.answer("1").worst is Verdict.UNKNOWN
    engine.add(Change(None, watch(80, Watched.ACCESS)))
    engine.settle(minute(90))
    assert engine.answer("1").worst is Verdict.UNKNOWN
    engine.add(Change(None, watch(80, Watched.REPORT)))
    engine.settle(minute(90))
    assert engine.answer("1").worst is Verdict.BREACHED


def test_what_a_screen_says_beside_a_verdict_never_says_breach() -> None:
    """The word is kept for findings that people sign."""
    one = InstanceVerdict("k", None, minute(0), Verdict.UNKNOWN, None, "", 0, 1, "breached")
    assert beside(one) == "not met, as alleged"
    assert beside(replace(one, said="both", for_=1)) == "alleged both ways"
    assert beside(replace(one, said="both", for_=2, against=2)) == "signed records conflict"
    assert beside(replace(one, said="limit not agreed")) == "limit not agreed"
    assert beside(replace(one, said="")) == ""


def test_a_pairing_without_an_agreed_limit_says_so_of_each_bus() -> None:
    log = [departed("B-1", "ramouseh", 0), departed("B-9", "foua-gate", 5)]
    verdict = judged(PAIRS.replace("60 minutes", "[time to be agreed]"), log, minute(90))
    assert [(one.verdict, one.why) for one in verdict.instances] == [(Verdict.UNKNOWN, "limit not agreed")]


def test_what_is_owed_in_all_is_counted_in_all_and_says_which_watch_is_wanting() -> None:
    once = "Once 40 persons have departed from Aleppo, 60 depart from Foua in all within 1 hour."
    log = [departed("B-9", "foua-gate", 1, exactly(50)), departed("B-1", "ramouseh", 10, exactly(50))]
    said = why(once, log, minute(90))
    assert "; in all 50 of 60 that depart from" in said and "since then" not in said
    assert "nobody signs for every departure at foua-gate from" in said
    late = [departed("B-1", "ramouseh", 30, exactly(50)), departed("B-9", "foua-gate", 70, exactly(60))]
    there = entry(WatchClosed(Stretch(minute(0), minute(95)), (Watched.DEPARTURE,)), minute(95), "foua-gate")
    case = judged(once, [*late, there], minute(96)).instances[0]
    assert case.verdict is Verdict.UNKNOWN, "more may have left Aleppo before, and then the limit was earlier"
    assert case.why.endswith(
        "when the number was reached is not sharp: nobody signs for every departure at ramouseh from 17 Dec 22:00 to 17 Dec 22:30"
    )
