"""Claims in any order and however often give the same disputes, and never move anybody."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from safepassage.aid import Aid
from safepassage.claims import Claims, OurBounds, Relation, our_bounds, relate
from safepassage.fold import Feed
from safepassage.observation import Entry, Observation, to_bytes
from safepassage.observation.amend import Withdrawn
from safepassage.observation.desk import Basis, ClaimHeard, Predicate
from safepassage.observation.passage import AccessAsked, AccessGranted, AccessRefused, DeliveryMade, NeedStated, Relief
from safepassage.observation.vehicles import Departed
from safepassage.values.counts import Count, exactly
from safepassage.values.encoding import content_id
from safepassage.values.people import Teller
from safepassage.values.times import DAY, HOUR, Stretch
from safepassage.whereabouts import Whereabouts
from tests.claims.making import NOW, WORLD

SMALL = st.integers(0, 4)
COUNTS = st.builds(lambda low, more: Count(low, low + more), SMALL, SMALL) | st.builds(Count, SMALL)


@st.composite
def heard(draw: Callable[..., int]) -> ClaimHeard:
    """A small grid of claims, so that everything collides."""
    start = draw(st.integers(0, 3)) * 12 * HOUR
    return ClaimHeard(
        source=draw(st.sampled_from(["icrc", "sohr", "bbc", "ring-a", "ring-b", "stranger"])),
        predicate=draw(st.sampled_from([Predicate.LEFT, Predicate.REMAINING, Predicate.REGISTERED])),
        quantity=draw(COUNTS),
        who="persons",
        basis=draw(st.sampled_from(Basis)),
        time=Stretch(start, start + draw(st.integers(0, 6)) * 12 * HOUR),
        grade="S",
        where=draw(st.sampled_from(["aleppo-east", None])),
    )


def entry(observation: Observation, index: int) -> Entry:
    return Entry(content_id(to_bytes(observation)), index, observation.seen_at, f"{observation.by}-1", index, observation)


def said(what: object, at: int, by: str = "desk", told: bool = False) -> Observation:
    return Observation(by=by, seen_at=7 * DAY + at * HOUR, what=what, at="ramouseh", told_by=Teller.OTHER if told else None)


@st.composite
def ledgers(draw: Callable[..., int]) -> list[Entry]:
    """Claims, some of them withdrawn; requests with their answers; a bus that somebody saw leave."""
    found: dict[str, Entry] = {}

    def put(observation: Observation) -> str:
        new = entry(observation, len(found))
        found.setdefault(new.id, new)
        return new.id

    put(said(Departed("B-07", "rashideen", exactly(40)), 0, "m17"))
    for _ in range(draw(st.integers(1, 8))):
        id = put(said(draw(heard()), draw(SMALL), told=draw(st.booleans())))
        if draw(SMALL) == 0:
            put(said(Withdrawn(id), 5))
    for _ in range(draw(st.integers(0, 3))):
        asked = put(said(AccessAsked("party-south"), draw(SMALL), "m17"))
        kind = draw(st.sampled_from([AccessGranted, AccessRefused]))
        put(said(kind("party-south", asked), draw(SMALL), "m17", draw(st.booleans())))
        put(said(draw(st.sampled_from([NeedStated, DeliveryMade]))(Relief.WATER, draw(COUNTS)), draw(SMALL), "m17", draw(st.booleans())))
    return list(found.values())


def picture(arrivals: list[Entry]) -> tuple[object, ...]:
    feed, claims, aid, whereabouts = Feed(), Claims(WORLD), Aid(), Whereabouts(WORLD)
    for index, one in enumerate(arrivals):
        for change in feed.add(replace(one, index=index), NOW):
            for fold in (claims, aid, whereabouts):
                fold.add(change)
    disputes = claims.disputes(our_bounds(WORLD, whereabouts, NOW))
    return disputes, claims.claims(), claims.exchange(), aid.requests(), aid.requests(alleged=True), aid.places()


@settings(max_examples=200, deadline=None)
@given(ledger=ledgers(), data=st.data())
def test_order_and_doubling_of_claims_and_aid_change_nothing(ledger: list[Entry], data: st.DataObject) -> None:
    assert picture(data.draw(st.permutations([*ledger, *ledger]))) == picture(ledger)


@settings(max_examples=200, deadline=None)
@given(claims=st.lists(heard(), max_size=8))
def test_a_claim_never_enters_whereabouts(claims: list[ClaimHeard]) -> None:
    """Whatever is claimed: vehicles, persons, gaps, questions, sides and our own bounds stay as they were."""
    seen = [entry(said(Departed("B-07", "rashideen", exactly(40)), 0, "m17"), 0)]
    claimed = [entry(said(claim, index), index + 1) for index, claim in enumerate(claims)]
    assert established([*seen, *claimed]) == established(seen)


def established(log: list[Entry]) -> tuple[object, ...]:
    feed, whereabouts = Feed(), Whereabouts(WORLD)
    for one in log:
        for change in feed.add(one, NOW):
            whereabouts.add(change)
    bounds = our_bounds(WORLD, whereabouts, NOW)
    return whereabouts.vehicles(), whereabouts.persons(), whereabouts.gaps(NOW), whereabouts.questions(), whereabouts.sides(NOW), bounds


@settings(max_examples=300, deadline=None)
@given(ledger=ledgers())
def test_no_claim_is_dropped_and_none_is_asked_twice(ledger: list[Entry]) -> None:
    claims, feed = Claims(WORLD), Feed()
    for one in ledger:
        for change in feed.add(one, NOW):
            claims.add(change)
    disputes = claims.disputes(OurBounds())
    assert sorted(id for dispute in disputes for id in dispute.entries) == sorted(claim.entry for claim in claims.claims())
    for dispute in disputes:
        assert [one.id for one in claims.why(dispute.question)] == list(dispute.entries)
        assert all(dispute.hull.meet(voice.claim.said.quantity) == voice.claim.said.quantity for voice in dispute.voices)


@settings(max_examples=500, deadline=None)
@given(one=heard(), other=heard())
def test_contradiction_is_said_only_where_nothing_can_hold_both(one: ClaimHeard, other: ClaimHeard) -> None:
    """Disjoint, of one topic and of overlapping times; and the relation is the same whichever claim is asked first."""
    claims = Claims(WORLD)
    feed = Feed()
    for index, what in enumerate((one, other)):
        for change in feed.add(entry(said(what, index), index), NOW):
            claims.add(change)
    first, second = claims.claims()
    found, _ = relate(first, second)
    assert found is relate(second, first)[0]
    if found is Relation.CONTRADICTS:
        assert one.quantity.meet(other.quantity) is None
        assert (one.predicate, one.who, one.basis, one.where) == (other.predicate, other.who, other.basis, other.where)
        assert one.time.overlap(other.time) is not None


@settings(max_examples=500, deadline=None)
@given(flow=st.lists(SMALL, min_size=8, max_size=8), data=st.data())
def test_true_claims_never_contradict_each_other(flow: list[int], data: st.DataObject) -> None:
    """Whatever really happened, half day by half day, and however vaguely it is told: false alarms cost trust."""
    basis = data.draw(st.sampled_from([Basis.CUMULATIVE, Basis.PERIOD]))
    log = [entry(said(true_claim(flow, basis, data), index), index) for index in range(4)]
    feed, claims = Feed(), Claims(WORLD)
    for one in log:
        for change in feed.add(one, NOW):
            claims.add(change)
    pairs = [pair for dispute in claims.disputes(OurBounds()) for pair in dispute.pairs]
    assert Relation.CONTRADICTS not in {pair.relation for pair in pairs}


def true_claim(flow: list[int], basis: Basis, data: st.DataObject) -> ClaimHeard:
    start = 0 if basis is Basis.CUMULATIVE else data.draw(st.integers(0, 6))
    end = data.draw(st.integers(start + 1, 8))
    truth = sum(flow[start:end])
    low, more = data.draw(st.integers(0, truth)), data.draw(st.none() | SMALL)
    source = data.draw(st.sampled_from(["icrc", "sohr", "bbc", "stranger"]))
    quantity = Count(low, None if more is None else truth + more)
    return ClaimHeard(source, Predicate.LEFT, quantity, "persons", basis, Stretch(start * 12 * HOUR, end * 12 * HOUR), "S", "aleppo-east")
