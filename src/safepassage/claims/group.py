"""Claims of one topic, parted into questions by time, and asked in words."""

from __future__ import annotations

from collections.abc import Iterable

from safepassage.claims.words import Claim, Question, Topic
from safepassage.observation.desk import Basis, Predicate
from safepassage.values.places import World
from safepassage.values.times import DAY, Instant, Stretch, local

ASKED: dict[Predicate, str] = {
    Predicate.LEFT: "How many {who} left {where}",
    Predicate.DEPARTED_VEHICLES: "How many {who} departed from {where}",
    Predicate.ARRIVED: "How many {who} arrived at {where}",
    Predicate.REMAINING: "How many {who} are still at {where}",
    Predicate.STANDING_BY: "How many {who} wait at {where}",
    Predicate.ATTACKED: "How many {who} burned at {where}",
    Predicate.KILLED: "How many {who} were killed at {where}",
    Predicate.WOUNDED: "How many {who} were wounded at {where}",
    Predicate.DETAINED: "How many {who} were detained at {where}",
    Predicate.MISSING: "How many {who} are reported missing from {where}",
    Predicate.RELEASED: "How many {who} were released at {where}",
    Predicate.REFUSED: "How many {who} were turned back to {where}",
    Predicate.SUSPENDED: "For how many {who} was passage from {where} suspended",
    Predicate.RESUMED: "After how many {who} did passage from {where} resume",
    Predicate.DEPLOYED: "How many {who} were deployed at {where}",
    Predicate.DELIVERED: "How many {who} were delivered to {where}",
    Predicate.REQUIREMENT: "How many {who} are to leave {where}, as agreed",
    Predicate.REGISTERED: "How many {who} from {where} were registered on arrival",
    Predicate.HELD_UP: "How much was held up on the way from {where}, in {who}",
    Predicate.AUTHORISED: "How many {who} were authorised for {where}",
    Predicate.ROAD: "How long is the road from {where}, in {who}",
    Predicate.TEMPERATURE: "What was the temperature at {where}, in {who}",
}


def questions_of(topic: Topic, claims: Iterable[Claim], world: World) -> list[tuple[Question, list[Claim]]]:
    """The questions of one topic, oldest first, each with its claims in the order of their times."""
    ordered = sorted(claims, key=lambda claim: (claim.said.time.end, claim.said.time.start, claim.heard_at, claim.entry))
    groups = _by_end(ordered) if topic.basis is Basis.CUMULATIVE else _by_overlap(ordered)
    return [(_question(topic, group, world), group) for group in groups]


def _by_end(ordered: list[Claim]) -> list[list[Claim]]:
    """Cumulative figures up to times within one day of the first are set beside each other."""
    groups: list[list[Claim]] = []
    for claim in ordered:
        if groups and claim.said.time.end <= groups[-1][0].said.time.end + DAY:
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


def _by_overlap(ordered: list[Claim]) -> list[list[Claim]]:
    """Stretches that overlap, directly or through others."""
    groups: list[list[Claim]] = []
    for claim in sorted(ordered, key=lambda claim: claim.said.time):
        if groups and claim.said.time.start <= max(other.said.time.end for other in groups[-1]):
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


def _question(topic: Topic, group: list[Claim], world: World) -> Question:
    time = Stretch(min(claim.said.time.start for claim in group), max(claim.said.time.end for claim in group))
    side = world.side_of_place(topic.where) if topic.where is not None else None
    return Question(topic, side.id if side else None, time, _asked(topic, time, world))


def _asked(topic: Topic, time: Stretch, world: World) -> str:
    where = "places not named"
    if topic.where is not None:
        where = world.place(topic.where).name if world.knows(topic.where) else topic.where
    asked = ASKED[topic.predicate].format(who=topic.who, where=where)
    end = _day(time.end, world.zone)
    if topic.basis is Basis.CUMULATIVE:
        return f"{asked}, in all, by {end}?"
    basis = ", in one convoy" if topic.basis is Basis.BATCH else ""
    start = _day(time.start, world.zone)
    return f"{asked}{basis}, on {end}?" if start == end else f"{asked}{basis}, {start} to {end}?"


def _day(moment: Instant, zone: str) -> str:
    seen = local(moment, zone)
    return f"{seen.day} {seen:%b %Y}"
