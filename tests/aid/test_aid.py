"""Who asked to be let through and what became of it; what is needed, and what was brought."""

from __future__ import annotations

from safepassage.aid import Aid, Answer
from safepassage.observation.passage import Relief
from safepassage.values.counts import NONE, Count, exactly
from safepassage.values.times import HOUR
from tests.claims.making import changes, entries


def aid(log: str) -> Aid:
    folded = Aid()
    for change in changes(entries(log)):
        folded.add(change)
    return folded


def test_a_request_is_answered_after_how_long() -> None:
    (request,) = aid("""
        10:00  m17 @ramouseh  access asked of party-south  as [asked]
        12:00  m17 @ramouseh  access granted by party-south, asked in [asked]
    """).requests()
    assert (request.answer, request.answered_after, request.relief) == (Answer.GRANTED, 2 * HOUR, None)


def test_silence_is_no_refusal() -> None:
    (request,) = aid("10:00  m17 @ramouseh  access asked of party-south for medicine").requests()
    assert (request.answer, request.answered_after, request.relief) == (Answer.NONE_RECORDED, None, Relief.MEDICINE)


def test_a_grant_after_a_refusal_leaves_the_refusal_in_sight() -> None:
    (request,) = aid("""
        10:00  m17 @ramouseh  access asked of party-south  as [asked]
        11:00  m17 @ramouseh  access refused by party-south, asked in [asked]
        14:00  m17 @ramouseh  access granted by party-south, asked in [asked]
    """).requests()
    assert [answer.answer for answer in request.answers] == [Answer.REFUSED, Answer.GRANTED]
    assert (request.answer, request.answered_after) == (Answer.GRANTED, 4 * HOUR) and len(request.entries) == 3


def test_an_alleged_answer_does_not_answer_a_signed_request() -> None:
    (request,) = aid("""
        10:00  m17 @ramouseh  access asked of party-south  as [asked]
        11:00  desk @ramouseh  told by a party: access granted by party-south, asked in [asked]
    """).requests()
    assert request.answer is Answer.NONE_RECORDED and [answer.alleged for answer in request.answers] == [True]


def test_alleged_requests_are_kept_apart() -> None:
    folded = aid("10:00  desk @ramouseh  told by a published source: access asked of party-south")
    assert folded.requests() == [] and len(folded.requests(alleged=True)) == 1


def test_an_answer_whose_request_is_not_here_waits() -> None:
    assert aid(f"11:00  m17 @ramouseh  access granted by party-south, asked in {'0' * 64}").requests() == []


def test_needs_are_not_added_and_deliveries_are() -> None:
    (here,) = aid("""
        08:00  m17 @ramouseh  blankets needed for 300
        10:00  m17 @ramouseh  blankets needed for 350–400
        11:00  m17 @ramouseh  blankets delivered for 100
        12:00  m17 @ramouseh  blankets delivered for 50–60
        13:00  desk @ramouseh  told by a party: blankets delivered for 900
        14:00  m17 @ramouseh  water given to 80
    """).places()
    assert here.needed(Relief.BLANKETS) == Count(350, 400) and here.delivered(Relief.BLANKETS) == Count(150, 160)
    assert [statement.heads for statement in here.alleged] == [exactly(900)]
    assert here.needed(Relief.WATER) is None and here.delivered(Relief.WATER) == NONE


def test_why_gives_the_entries_behind_request_and_place() -> None:
    folded = aid("""
        10:00  m17 @ramouseh  access asked of party-south  as [asked]
        10:30  m17 @ramouseh  water needed for 20
        11:00  m17 @ramouseh  access refused by party-south, asked in [asked]
    """)
    (request,) = folded.requests()
    assert tuple(entry.id for entry in folded.why_request(request.entry)) == request.entries
    assert len(folded.why_place("ramouseh")) == 1
