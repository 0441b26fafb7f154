"""What each shape says of small logs; one rule, one test."""

from __future__ import annotations

from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.verdict import ClauseVerdict, Verdict, shown
from safepassage.fold import Change, Feed
from safepassage.observation import Entry
from safepassage.observation.amend import Confirmed
from safepassage.observation.desk import AgreementAdopted, FindingSigned, InquiryOpened, ReportSent
from safepassage.observation.passage import AccessAsked, AccessGranted, PassageResumed, PassageSuspended, RoadClosed
from safepassage.observation.people import Alighted, ArrivalRegistered, Boarded, ConsentAsked, HandedOver, Receiver, Separated, TakenOff
from safepassage.observation.setting import PostTaken, WatchClosed, Watched
from safepassage.observation.vehicles import Arrived, Departed, Loss, OutOfAction
from safepassage.values.counts import Count, exactly
from safepassage.values.people import Teller
from safepassage.values.times import HOUR, Instant, Stretch, stamp
from tests.agreement.told import entry, minute, world

HEAD = 'Agreement "Test". Days are counted in the time zone Asia/Damascus.\nClause 1 "One": '
BOARDS = "For each person who boards, that person is registered at arrival within 60 minutes."
NOBODY = "No person is taken off a bus by a party."
PAIRS = "For each bus that departs Aleppo, a different bus departs Foua within 60 minutes; no bus counts twice."
BALANCE = "At no time do the persons departed from Aleppo and the persons departed from Foua differ by more than 100."


def engine_at(sentence: str, log: list[Entry], now: Instant) -> Evaluator:
    engine, feed = Evaluator(parse_agreement(HEAD + sentence, world()), world(), minute(0)), Feed()
    for said in log:
        for change in feed.add(said, now):
            engine.add(change)
    engine.settle(now)
    return engine


def judged(sentence: str, log: list[Entry], now: Instant) -> ClauseVerdict:
    return engine_at(sentence, log, now).told("1")


def verdicts(sentence: str, log: list[Entry], now: Instant) -> list[str]:
    return [case.verdict.value for case in judged(sentence, log, now).instances]


def whole_watch(until: int, *gaps: Stretch) -> Entry:
    return entry(WatchClosed(Stretch(minute(-10), minute(until)), tuple(Watched), gaps), minute(until))


def boarded(at: int) -> Entry:
    return entry(Boarded("B-1", ("w-0001", "w-0002")), minute(at), "ramouseh")


def test_one_boarding_of_two_wristbands_opens_two_duties() -> None:
    assert verdicts(BOARDS, [boarded(0), entry(ArrivalRegistered(("w-0002",)), minute(30), "idlib")], minute(40)) == ["pending", "kept"]


def test_the_limit_itself_still_counts_and_a_millisecond_later_does_not() -> None:
    late = minute(60) + 1
    for at, expected in ((minute(60), "kept"), (late, "unknown")):
        log = [boarded(0), entry(ArrivalRegistered(("w-0001", "w-0002")), at, "idlib")]
        assert verdicts(BOARDS, log, minute(90)) == [expected, expected]


def test_silence_is_unknown_and_only_inside_a_whole_watch_not_met() -> None:
    assert verdicts(BOARDS, [boarded(0)], minute(90)) == ["unknown"] * 2
    assert verdicts(BOARDS, [boarded(0), whole_watch(80)], minute(90)) == ["breached"] * 2


def test_a_gap_of_ten_minutes_in_a_watch_leaves_it_unknown_and_is_named() -> None:
    """design/transcript.md: ten minutes that nobody signs for."""
    verdict = judged(BOARDS, [boarded(0), whole_watch(80, Stretch(minute(20), minute(30)))], minute(90))
    assert [case.verdict for case in verdict.instances] == [Verdict.UNKNOWN] * 2
    assert "nobody signs for every registration at ramouseh from" in verdict.instances[0].why
    assert verdict.coverage is not None and 800 < verdict.coverage < 900


def test_a_watch_over_the_receptions_alone_leaves_open_that_it_was_done_elsewhere() -> None:
    """Somebody registered at a gate is registered: silence counts only where it could not have been done unseen."""
    at_idlib = entry(WatchClosed(Stretch(minute(-10), minute(80)), tuple(Watched)), minute(80), "idlib")
    assert verdicts(BOARDS, [boarded(0), at_idlib], minute(90)) == ["unknown"] * 2
    at_the_gate = entry(ArrivalRegistered(("w-0001", "w-0002")), minute(5), "foua-gate")
    assert verdicts(BOARDS, [boarded(0), at_idlib, at_the_gate], minute(90)) == ["kept"] * 2


def test_a_watch_attests_nothing_after_the_moment_of_its_signing() -> None:
    ahead = entry(WatchClosed(Stretch(minute(-10), minute(80)), tuple(Watched)), minute(10))
    assert verdicts(BOARDS, [boarded(0), ahead], minute(90)) == ["unknown"] * 2


def test_an_alleged_performance_keeps_silence_from_being_not_met() -> None:
    told = entry(ArrivalRegistered(("w-0001", "w-0002")), minute(5), "idlib", told=Teller.DRIVER)
    verdict = judged(BOARDS, [boarded(0), told, whole_watch(80)], minute(90))
    assert [(case.verdict, case.said) for case in verdict.instances] == [(Verdict.UNKNOWN, "both")] * 2


def test_what_persons_not_identified_did_is_nobodys_breach_until_a_signed_finding() -> None:
    taken = entry(TakenOff(exactly(4), "B-1"), minute(5), "khan-road")
    verdict = judged(NOBODY, [taken], minute(9))
    assert verdict.worst is Verdict.UNKNOWN
    assert "recorded, by persons not identified" in verdict.instances[0].why
    found = entry(FindingSigned("1", "party-south", taken.id), minute(8), by="g1")
    assert judged(NOBODY, [taken, found], minute(9)).worst is Verdict.BREACHED
    other = entry(FindingSigned("2", "party-south", taken.id), minute(8), by="g1")
    assert judged(NOBODY, [taken, other], minute(9)).worst is Verdict.UNKNOWN


def test_burned_buses_are_an_attack_on_a_convoy_by_whoever_was_seen() -> None:
    ban = "No attack on a convoy or an assembly point."
    burned = entry(OutOfAction(("B-21", "B-22"), Loss.BURNED), minute(5), "foua-gate")
    seen = entry(OutOfAction(("B-21", "B-22"), Loss.BURNED, "party-north"), minute(5), "foua-gate")
    broken = entry(OutOfAction(("B-21",), Loss.BROKEN), minute(5), "foua-gate")
    assert verdicts(ban, [burned], minute(9)) == ["unknown"]
    assert verdicts(ban, [seen], minute(9)) == ["breached"]
    assert verdicts(ban, [broken], minute(9)) == []


def test_a_ban_is_never_simply_kept() -> None:
    verdict = judged(NOBODY, [whole_watch(30)], minute(60))
    assert verdict.worst is None and verdict.coverage == 500
    assert verdict.remarks == ("kept so far, watched 50.0 %",)


def test_an_inquiry_answers_an_allegation_and_a_confirmation_does_not_end_the_duty() -> None:
    duty = "For each allegation that a person was taken off a bus, an inquiry into it opens within 2 hours."
    told = entry(TakenOff(exactly(4), "B-1"), minute(5), "rashideen", told=Teller.PASSENGER)
    confirmed = entry(Confirmed(told.id), minute(7), by="m05")
    (case,) = judged(duty, [told, confirmed], minute(9)).instances
    assert (case.verdict, case.until) == (Verdict.PENDING, minute(125))
    assert verdicts(duty, [told, confirmed, entry(InquiryOpened(told.id), minute(60))], minute(90)) == ["kept"]


def test_a_limit_left_open_is_unknown_even_where_it_was_done() -> None:
    open_ = "For each request for access by a monitor, it is granted within [time to be agreed]."
    asked = entry(AccessAsked("party-south"), minute(1), "ramouseh")
    granted = entry(AccessGranted("party-south", asked.id), minute(2), "ramouseh")
    (case,) = judged(open_, [asked, granted], minute(9)).instances
    assert (case.verdict, case.said) == (Verdict.UNKNOWN, "limit not agreed")


def test_calendar_days_end_at_midnight_in_the_named_zone() -> None:
    """S/RES/2328, para. 8: within five days of 19 December is until the end of the 24th, where the days are counted."""
    cycle = (
        "The Secretary-General reports to the Council within 5 calendar days after the adoption, "
        "and then within 30 calendar days after each report."
    )
    adopted = entry(AgreementAdopted(minute(24 * 60), "text"), minute(24 * 60))
    (case,) = judged(cycle, [adopted], minute(24 * 60 + 1)).instances
    assert case.until is not None
    assert stamp(case.until, "Asia/Damascus") == "2016-12-23 23:59"
    assert stamp(Instant(case.until + 1), "Asia/Damascus") == "2016-12-24 00:00"
    reported = entry(ReportSent(1), minute(48 * 60))
    assert verdicts(cycle, [adopted, reported], minute(49 * 60)) == ["kept", "pending"]


def test_a_suspension_stops_the_clock_only_where_the_sentence_says_so_and_only_a_signed_one() -> None:
    suspended = entry(PassageSuspended("party-south"), minute(10))
    resumed = entry(PassageResumed("party-south"), minute(40))
    told = entry(PassageSuspended("party-south"), minute(10), told=Teller.RADIO)
    stops = f"{BOARDS} The clock stops while passage is suspended."
    for sentence, log, limit in (
        (stops, [suspended, resumed], minute(90)),
        (BOARDS, [suspended, resumed], minute(60)),
        (stops, [told, resumed], minute(60)),
        (stops, [suspended], None),
    ):
        cases = judged(sentence, [boarded(0), *log], minute(50)).instances
        assert [(case.verdict, case.until) for case in cases] == [(Verdict.PENDING, limit)] * 2


def test_a_suspension_needs_a_signed_finding_against_the_other_side() -> None:
    """design/transcript.md, clause 11a: the engine never feeds its own verdict back."""
    answer = "For each suspension by a side, the other side must have breached a clause before, at most 48 hours earlier."
    suspended = entry(PassageSuspended("party-south"), minute(60))
    about = "0" * 64
    assert verdicts(answer, [suspended], minute(61)) == ["breached"]
    against_own = entry(FindingSigned("5", "party-south", about), minute(30))
    assert verdicts(answer, [suspended, against_own], minute(61)) == ["breached"]
    against_other = entry(FindingSigned("5", "party-north", about), minute(30))
    assert verdicts(answer, [suspended, against_other], minute(61)) == ["kept"]


def test_a_post_is_known_from_taking_it_to_the_last_thing_signed_there() -> None:
    monitored = "From when a convoy enters a crossing until it leaves, a UN monitor is on post there without a gap of more than 30 minutes."
    on = entry(PostTaken(), minute(0), "rashideen", by="m08")
    enters = entry(Arrived("B-1"), minute(5), "rashideen", by="m08")
    leaves = entry(Departed("B-1", "idlib"), minute(80), "rashideen", by="m08")
    assert verdicts(monitored, [on, enters, leaves], minute(90)) == ["kept"]
    by_other = entry(Departed("B-1", "idlib"), minute(80), "rashideen", by="m09")
    assert verdicts(monitored, [on, enters, by_other], minute(90)) == ["unknown"]
    (case,) = judged(monitored, [on, enters], minute(20)).instances
    assert (case.verdict, case.until) == (Verdict.PENDING, minute(35))


def test_consent_is_never_kept_by_wristband_and_the_samples_stand_beside_it() -> None:
    """DESIGN 11: "consent" under siege."""
    voluntary = "For each person who boards, that person must have consented in private before."
    sample = entry(ConsentAsked(40, 951, 37, 3, True), minute(0), "ramouseh")
    verdict = judged(voluntary, [sample, boarded(5), whole_watch(80)], minute(90))
    assert verdict.counts.unknown == 2 and verdict.coverage is None
    assert "asked 40 of 951, apart from armed men: 37 willing, 3 forced" in verdict.remarks


def departed(vehicle: str, place: str, at: int, heads: Count | None = None, told: Teller | None = None) -> Entry:
    return entry(Departed(vehicle, "idlib", heads), minute(at), place, told=told)


def test_an_alleged_bus_can_neither_take_an_answer_away_nor_be_one_for_certain() -> None:
    rival = departed("B-1", "ramouseh", 0, told=Teller.RADIO)
    mine, answer = departed("B-2", "ramouseh", 1), departed("B-9", "foua-gate", 10)
    cases = {case.key: (case.verdict, case.said) for case in judged(PAIRS, [rival, mine, answer, whole_watch(80)], minute(90)).instances}
    assert cases["B-2"] == (Verdict.UNKNOWN, "both")


def test_an_ambulance_answers_no_bus() -> None:
    assert verdicts(PAIRS, [departed("B-1", "ramouseh", 0), departed("A-01", "foua-gate", 5)], minute(90)) == ["unknown"]


def test_the_exchange_says_what_each_side_has_given_and_may_do_next() -> None:
    log = [
        departed("B-1", "ramouseh", 0, exactly(60)),
        departed("B-2", "ramouseh", 5, Count(20, 30)),
        departed("B-9", "foua-gate", 10, exactly(10)),
    ]
    exchange = engine_at(BALANCE, log, minute(20)).exchange()
    north, south = exchange.sides
    assert (north.persons, south.persons, north.buses, south.buses) == (Count(80, 90), exactly(10), 2, 1)
    assert (exchange.lowest, exchange.highest, exchange.limit) == (70, 80, 100)
    assert (north.may_depart, south.may_depart) == (20, 170)
    assert (exchange.largest, exchange.largest_at) == (80, minute(5))


def test_an_uncounted_departure_leaves_the_balance_open_and_nobody_may_go_on_ahead() -> None:
    engine = engine_at(BALANCE, [departed("B-1", "ramouseh", 0), whole_watch(20)], minute(20))
    assert engine.exchange().highest is None
    assert [side.may_depart for side in engine.exchange().sides] == [0, 100]
    assert engine.answer("1").worst is Verdict.UNKNOWN


def test_a_balance_is_kept_only_where_both_ends_were_watched_all_the_time() -> None:
    log = [departed("B-1", "ramouseh", 0, exactly(60))]
    assert verdicts(BALANCE, log, minute(20)) == ["unknown"]
    assert verdicts(BALANCE, [*log, whole_watch(20)], minute(20)) == ["kept"]
    assert verdicts(BALANCE, [*log, departed("B-2", "ramouseh", 5, exactly(60)), whole_watch(20)], minute(20)) == ["breached"]


def test_every_verdict_cites_the_entries_that_it_rests_on() -> None:
    log = [boarded(0), whole_watch(80)]
    engine = engine_at(BOARDS, log, minute(90))
    why = engine.why("1", "w-0001")
    assert why is not None and why.entries == (log[0].id, log[1].id)
    assert str(why).startswith("clause 1: not met, as recorded.")
    assert engine.why("1", "w-9999") is None


def test_a_screen_never_says_breach() -> None:
    assert [shown(verdict) for verdict in Verdict] == ["met", "not met, as recorded", "pending", "not known"]


def test_what_happened_before_the_opening_opens_nothing() -> None:
    assert verdicts(BOARDS, [boarded(-1)], Instant(minute(0) + 9 * HOUR)) == []


def test_an_unwatched_moment_in_which_an_unseen_bus_could_have_freed_an_answer_leaves_it_unknown() -> None:
    """Both buses compete for one answer; an unseen bus at minute 10 would have answered the first, and left it to the second."""
    log = [departed("B-1", "ramouseh", 0), departed("B-2", "ramouseh", 30), departed("B-9", "foua-gate", 50)]
    for start, expected in ((20, "unknown"), (0, "breached")):
        watch = entry(WatchClosed(Stretch(minute(start), minute(95)), (Watched.DEPARTURE,)), minute(95))
        cases = {case.key: case.verdict.value for case in judged(PAIRS, [*log, watch], minute(99)).instances}
        assert cases == {"B-1": "kept", "B-2": expected}


def test_what_left_before_the_agreement_held_is_named_and_counted_nowhere() -> None:
    early, first = departed("B-1", "ramouseh", -1, exactly(50)), departed("B-2", "ramouseh", 0, exactly(30))
    engine = engine_at(BALANCE, [early, first], minute(20))
    assert [side.persons for side in engine.exchange().sides] == [exactly(30), exactly(0)]
    assert "1 observations of the kind from before the agreement held are not judged by it" in engine.answer("1").remarks
    pairs = engine_at(PAIRS, [early, first], minute(20))
    assert [one.opened_by for one in pairs.answer("1").instances] == [first.id]
    assert any(remark.startswith("1 observations") for remark in pairs.answer("1").remarks)
    open_ = engine_at(PAIRS.replace("60 minutes", "[time to be agreed]"), [early, first], minute(20))
    assert [one.opened_by for one in open_.answer("1").instances] == [first.id]


LAST = "For each departure of the last convoy from Foua, the last convoy from Aleppo must have departed before."


def test_a_last_convoy_waits_for_the_other_sides_as_both_were_declared() -> None:
    aleppo = entry(Departed("B-1", "idlib", exactly(40), last=True), minute(10), "ramouseh")
    foua = entry(Departed("B-9", "idlib", exactly(40), last=True), minute(20), "foua-gate")
    assert verdicts(LAST, [aleppo, foua], minute(30)) == ["kept"]
    assert verdicts(LAST, [aleppo, entry(Departed("B-9", "idlib", exactly(40)), minute(20), "foua-gate")], minute(30)) == []


def test_a_last_convoy_that_nobody_declared_is_not_known_however_well_watched() -> None:
    """Whoever signs that every departure is recorded does not sign that none of them was the last."""
    foua = entry(Departed("B-9", "idlib", exactly(40), last=True), minute(20), "foua-gate")
    undeclared = entry(Departed("B-1", "idlib", exactly(40)), minute(10), "ramouseh")
    assert verdicts(LAST, [undeclared, foua, whole_watch(30)], minute(30)) == ["unknown"]
    told = entry(Departed("B-1", "idlib", exactly(40), last=True), minute(10), "ramouseh", told=Teller.DRIVER)
    verdict = judged(LAST, [told, foua, whole_watch(30)], minute(30))
    assert [(one.verdict.value, one.said) for one in verdict.instances] == [("unknown", "kept")]


RECEPTION = "For each person who boards, that person is registered at a reception within 60 minutes."


def watched_at(place: str, until: int) -> Entry:
    return entry(WatchClosed(Stretch(minute(-10), minute(until)), tuple(Watched)), minute(until), place, "m09")


def test_at_a_reception_is_tied_to_the_receptions_by_the_agreements_own_words() -> None:
    """What is done elsewhere does not count, so a watch over the receptions alone makes silence count."""
    at_the_gate = entry(ArrivalRegistered(("w-0001", "w-0002")), minute(5), "foua-gate")
    assert verdicts(RECEPTION, [boarded(0), at_the_gate], minute(90)) == ["unknown"] * 2
    assert verdicts(RECEPTION, [boarded(0), at_the_gate, watched_at("idlib", 80)], minute(90)) == ["breached"] * 2
    assert verdicts(RECEPTION, [boarded(0), at_the_gate, watched_at("bab", 80)], minute(90)) == ["unknown"] * 2
    done = entry(ArrivalRegistered(("w-0001", "w-0002")), minute(30), "idlib")
    assert verdicts(RECEPTION, [boarded(0), done], minute(90)) == ["kept"] * 2


def test_an_exception_at_a_hospital_keeps_silence_from_counting_until_the_hospitals_are_watched_too() -> None:
    sentence = RECEPTION.replace(".", ", unless that person is wounded and that person is handed over at a hospital.")
    assert verdicts(sentence, [boarded(0), watched_at("idlib", 80)], minute(90)) == ["unknown"] * 2
    assert verdicts(sentence, [boarded(0), watched_at("idlib", 80), watched_at("bab", 80)], minute(90)) == ["breached"] * 2


def test_what_hinders_passage_is_somebodys_breach_only_where_a_signatory_was_seen() -> None:
    closed = entry(RoadClosed("idlib", "party-north"), minute(5), "ramouseh")
    unknown = entry(RoadClosed("idlib"), minute(6), "ramouseh")
    assert verdicts("No road is closed by a party.", [closed, unknown], minute(9)) == ["breached", "unknown"]
    apart = entry(Separated("g-7"), minute(5), "khan-road")
    assert verdicts("No family is separated.", [apart], minute(9)) == ["unknown"]
    found = entry(FindingSigned("1", "party-south", apart.id), minute(8), by="g1")
    assert verdicts("No family is separated.", [apart, found], minute(9)) == ["breached"]


POSTED = "From when a convoy enters a crossing until it leaves, a UN monitor is on post there without a gap of more than 10 minutes."


def test_what_a_monitor_was_told_keeps_nobody_on_post_nor_does_another_confirming_it() -> None:
    """m01 took the post at 0 and then wrote down at 12 what a driver said of it; where m01 was, nobody signed."""
    stay = [entry(Arrived("B-1"), minute(0), "ramouseh", "m03"), entry(Departed("B-1", "idlib"), minute(14), "ramouseh", "m03")]
    post = entry(PostTaken(), minute(0), "ramouseh", "m01")
    told = entry(Boarded("B-1", ("w-0001",)), minute(12), "ramouseh", "m01", told=Teller.DRIVER)
    seen = entry(Boarded("B-1", ("w-0001",)), minute(12), "ramouseh", "m01")
    confirmed = entry(Confirmed(told.id), minute(13), None, "m02")
    assert verdicts(POSTED, [*stay, post, seen], minute(30)) == ["kept"]
    assert verdicts(POSTED, [*stay, post, told], minute(30)) == ["unknown"]
    assert verdicts(POSTED, [*stay, post, told, confirmed], minute(30)) == ["unknown"]


def test_a_signed_finding_leaves_nothing_for_a_ban() -> None:
    taken = entry(TakenOff(exactly(1), "B-1"), minute(5), "ramouseh")
    (one,) = judged(NOBODY, [taken, entry(FindingSigned("1", "party-south", taken.id), minute(9))], minute(20)).instances
    assert (one.verdict, one.for_, one.against, one.said) == (Verdict.BREACHED, 0, 2, "")


def test_half_an_exception_on_record_keeps_a_duty_from_being_called_not_met() -> None:
    """Handed to a hospital, and nobody can sign that the person was not wounded."""
    excepted = BOARDS[:-1] + ",\n  unless that person is wounded and that person is handed to a hospital."
    handed = entry(HandedOver(exactly(1), Receiver.HOSPITAL, None, ("w-0001",)), minute(20), "bab")
    log = [boarded(0), handed, whole_watch(70)]
    assert verdicts(excepted, log, minute(70)) == ["unknown", "breached"]
    settled = engine_at(excepted, log, minute(70)).answer("1")
    assert [one.verdict.value for one in settled.instances] == ["unknown", "breached"]


def test_a_watch_that_comes_late_is_looked_at_as_far_ahead_as_a_precondition_looks_back() -> None:
    sentence = "For each person who alights, that person must have chosen that place before, at most 5 hours earlier."
    parts = [Stretch(Instant(minute(0) + a * HOUR), Instant(minute(0) + b * HOUR)) for a, b in ((5, 6), (6, 10))]
    first, second = (entry(WatchClosed(part, tuple(Watched)), part.end) for part in parts)
    off = entry(Alighted(exactly(1), "B-1", ("w-0001",)), Instant(minute(0) + 10 * HOUR), "idlib")
    engine, now = engine_at(sentence, [off, second], Instant(minute(0) + 11 * HOUR)), Instant(minute(0) + 11 * HOUR)
    assert [one.verdict for one in engine.answer("1").instances] == [Verdict.UNKNOWN]
    engine.add(Change(None, first))
    engine.settle(now)
    assert [one.verdict for one in engine.answer("1").instances] == [Verdict.BREACHED]


def test_a_balance_that_was_kept_is_not_known_once_time_goes_on_unwatched() -> None:
    engine = engine_at(BALANCE, [departed("B-1", "ramouseh", 0, exactly(50)), whole_watch(20)], minute(20))
    assert engine.answer("1").worst is Verdict.KEPT
    engine.settle(minute(25))
    assert engine.answer("1").worst is Verdict.UNKNOWN


def test_any_number_may_leave_at_one_instant() -> None:
    log = [departed(f"B-{n}", "ramouseh", 5, exactly(1)) for n in range(300)]
    engine = engine_at(BALANCE.replace("100", "400"), [*log, whole_watch(20)], minute(20))
    assert engine.answer("1").worst is Verdict.KEPT
    assert [len(one.entries) for one in engine.told("1").instances] == [301]


def test_the_exchange_counts_signed_buses_alone() -> None:
    log = [departed("B-1", "ramouseh", 0, exactly(50)), departed("A-01", "ramouseh", 1, exactly(2))]
    told = entry(Departed("B-2", "idlib", exactly(50)), minute(2), "ramouseh", told=Teller.DRIVER)
    assert [side.buses for side in engine_at(BALANCE, [*log, told], minute(20)).exchange().sides] == [1, 0]


def test_what_goes_elsewhere_in_a_chain_of_pairs_changes_a_bus_that_has_no_answer_before_or_after() -> None:
    """Before, an unrecorded bus in the unwatched first minute could have freed an answer; without the first pair none could."""
    first, answer = departed("B-1", "ramouseh", 0, exactly(1)), departed("B-8", "foua-gate", 3, exactly(1))
    others = [departed(f"B-{n}", "ramouseh", n - 1, exactly(1)) for n in (2, 3)] + [departed("B-9", "foua-gate", 4, exactly(1))]
    watch = entry(WatchClosed(Stretch(minute(1), minute(70)), tuple(Watched)), minute(70))
    engine = engine_at(PAIRS, [first, answer, *others, watch], minute(70))
    assert {one.key: one.verdict for one in engine.answer("1").instances}["B-3"] is Verdict.UNKNOWN
    for gone in (first, answer):
        engine.add(Change(gone, None))
    engine.settle(minute(70))
    assert {one.key: one.verdict for one in engine.answer("1").instances} == {"B-2": Verdict.KEPT, "B-3": Verdict.BREACHED}
