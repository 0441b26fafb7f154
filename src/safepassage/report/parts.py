"""The parts of the situation report that need more than one figure: what was seen, what differs, who is on post, what comes next."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from safepassage.disclosure.audience import Part
from safepassage.disclosure.views import ClauseView, DisputeView, LineView, PlanView, PostView, TripView, View
from safepassage.report.phrases import Words, on_post
from safepassage.report.summary import seen, unlisted
from safepassage.values.times import HOUR, Instant

QUIET_KINDS = frozenset(
    {
        "device_enrolled", "person_registered", "group_formed", "boarded", "arrival_registered", "vehicle_ready", "relief_given",
        "waiting_counted", "wristband_issued", "manifest_registered", "consent_asked", "driver_assigned", "watch_closed", "declared_load",
        "deployment_opened",
    }
)  # fmt: skip
"""Kinds that are many and whose figures the tables have."""
MOST_SEEN, MOST_DECLARED, MOST_HEARD = 14, 8, 10
SOON = 6 * HOUR
"""A post that ends within this needs somebody to relieve it."""
MOST_REASONS = 3


# Seen and heard.
class Told(msgspec.Struct, frozen=True):
    """Lines in the order in which things happened, and how many more there are."""

    seen: tuple[LineView, ...]
    declared: tuple[LineView, ...]
    heard: tuple[LineView, ...]
    more_seen: int
    more_declared: int
    more_heard: int
    by_parties: bool
    """Whether all that is declared comes from parties: green lights are also given by reception and for drivers."""


def told(view: View) -> Told:
    """What was seen and signed, what a party declared, and what was only told: the grave first into the room there is, then the newest.

    Claims of sources are not here: they stand beside our own counts.
    """
    field = [line for line in view.lines if line.sphere == "field" and line.kind not in QUIET_KINDS and line.standing == "signed"]
    declared = [line for line in field if _declares(line)]
    witnessed = [line for line in field if not _declares(line)]
    heard = [line for line in view.lines if line.standing == "alleged"]
    return Told(
        _first(witnessed, MOST_SEEN), _first(declared, MOST_DECLARED), _first(heard, MOST_HEARD),
        max(0, len(witnessed) - MOST_SEEN), max(0, len(declared) - MOST_DECLARED), max(0, len(heard) - MOST_HEARD),
        all(line.role == "party" for line in declared),
    )  # fmt: skip


def _declares(line: LineView) -> bool:
    """A party's word about its own doing is nobody's sighting; a green light is readiness, whoever gives it."""
    return line.role == "party" or line.kind in ("green_light_given", "green_light_withdrawn")


GRAVE = frozenset(
    {
        "attacked", "out_of_action", "taken_off", "separated", "injured", "died", "robbed", "papers_taken", "monitor_threatened",
        "monitor_expelled", "passage_suspended", "passage_resumed", "road_opened", "road_closed", "boarding_denied", "turned_back",
    }
)  # fmt: skip


def _first(lines: list[LineView], most: int) -> tuple[LineView, ...]:
    ranked = sorted(lines, key=lambda line: (line.kind not in GRAVE, line.tone == "plain", -line.seen_at, -line.entry.index))
    return tuple(sorted(ranked[:most], key=lambda line: (line.seen_at, line.entry.index)))


# What differs.
SETTLED_BY = {
    "left": "registration at reception",
    "arrived": "registration at reception",
    "registered on arrival": "the reception's own signed list",
    "remaining": "a count there by somebody neutral",
    "vehicles departed": "a departure seen by a second monitor",
    "vehicles waiting": "a count there by somebody neutral",
    "vehicles burned": "a second monitor at the place",
    "to leave as agreed": "the signed text of the agreement",
}
SEEN_THERE = "a signed observation by somebody neutral who was there"


def differing(view: View) -> tuple[DisputeView, ...]:
    """Questions on which sources contradict each other, or one of them does not fit our own count."""
    return tuple(dispute for dispute in view.disputes if dispute.relation == "contradict" or _against_ours(dispute))


def _against_ours(dispute: DisputeView) -> bool:
    return dispute.ours is not None and any(claim.quantity.meet(dispute.ours) is None for claim in dispute.claims)


def settled_by(dispute: DisputeView) -> str:
    return SETTLED_BY.get(dispute.claims[0].predicate, SEEN_THERE) if dispute.claims else SEEN_THERE


# Clauses.
def mark(clause: ClauseView) -> str:
    """Which shape stands before the verdict's word: never colour alone."""
    if clause.tone == "act":
        return "not-met"
    if "alleged" in clause.shown:
        return "alleged"
    return {"kept": "met", "pending": "pending", "unknown": "unknown"}.get(clause.verdict, "none")


def tally(clause: ClauseView) -> str:
    """`422 met, 257 pending`."""
    counted = ((clause.not_met, "not met, as recorded"), (clause.pending, "pending"), (clause.not_known, "not known"), (clause.kept, "met"))
    return ", ".join(f"{many} {word}" for many, word in counted if many)


def reasons(clause: ClauseView) -> str:
    """Why, part by part; what has no room is counted, not dropped. The share that was watched is said in one place."""
    said = [part for part in clause.why.split("; ") if part and not part.startswith(("watched ", "kept so far"))]
    more = len(said) - MOST_REASONS
    said = said[:MOST_REASONS] + ([f"and {more} more {'remark' if more == 1 else 'remarks'}, on the page"] if more > 0 else [])
    return "; ".join(said)


def judged(view: View) -> tuple[tuple[ClauseView, ...], tuple[ClauseView, ...]]:
    """The clauses that applied to something, worst first: as the view has them, what is met last; and those that applied to nothing."""
    idle = tuple(clause for clause in view.clauses if clause.verdict == "none")
    applied = [clause for clause in view.clauses if clause not in idle]
    return tuple(sorted(applied, key=lambda clause: clause.verdict == "kept")), idle


def watched(clause: ClauseView) -> str:
    """The share that was watched; what is less than a percent is not nothing."""
    if clause.watched is None:
        return "no watch applies"
    return "under 1 %" if 0 < clause.watched < 10 else f"{clause.watched // 10} %"


def idle_said(clause: ClauseView) -> str:
    """A clause of which no instance is recorded: silence says only as much as was watched."""
    return f"nothing recorded; {watched(clause)} of it was watched" if clause.watched else "nothing recorded; nobody signed for any of it"


# Posts.
def bare(view: View, words: Words) -> tuple[str, ...]:
    """Places without a monitor now, since when, and what was asked; then the posts that nobody is to follow."""
    places = _corridor(view)
    empty = [place for place in places if not on_post(view.posts, place, view.now)]
    gone = [_bare(view, words, place) for place in empty]
    asked = [f"{words.place(place)}{_asked(view, words, place)}" for place in places if place not in empty and _asked(view, words, place)]
    ends = [(_last_end(view, place), place) for place in places if place not in empty]
    soon = [f"{words.place(place)} {words.time(end)}" for end, place in sorted((end, place) for end, place in ends if end is not None)]
    return (*gone, *asked, *([f"Nobody is posted to follow when these posts end: {', '.join(soon)}"] if soon else []))


def _corridor(view: View) -> list[str]:
    ends = {end for leg in view.legs for end in (leg.start, leg.end)}
    return [place.place for place in view.places if place.place in ends]


def _bare(view: View, words: Words, place: str) -> str:
    over = [post for post in view.posts if post.place == place and post.end is not None and post.end <= view.now]
    last = max(over, key=lambda post: post.end or 0, default=None)
    said = f"since {words.time(last.end)}, when the post of {last.observer} ended" if last else "no post is recorded"
    return f"{words.place(place)}: {said}{_asked(view, words, place)}"


def _asked(view: View, words: Words, place: str) -> str:
    """Access that was asked for a monitor there, and what became of it."""
    asked = [aid for aid in view.aid if aid.place == place and aid.what == "a monitor"]
    said = [f"{words.time(aid.at)} of {aid.of_party}, {aid.answer}" for aid in sorted(asked, key=lambda aid: aid.at)]
    return f"; access asked {'; '.join(said)}" if said else ""


def _last_end(view: View, place: str) -> Instant | None:
    """When the last of the posts that stand there now ends, if that is soon; None: later, or hours not known."""
    ends = [post.end for post in on_post(view.posts, place, view.now)]
    last = max((end for end in ends if end is not None), default=None)
    return last if last is not None and None not in ends and last <= view.now + SOON and not _relieved(view, place, last) else None


def _relieved(view: View, place: str, at: Instant) -> bool:
    return any(post.place == place and post.start <= at and (post.end is None or post.end > at) for post in view.posts)


def open_hours(view: View) -> tuple[PostView, ...]:
    return tuple(post for post in view.posts if post.end is None)


# What next.
def next_plan(view: View) -> PlanView | None:
    """What waits for a person, else what was adopted."""
    for standing in ("waiting", "adopted"):
        found = next((plan for plan in view.plans if plan.standing == standing), None)
        if found is not None:
            return found
    return None


def still_to_go(plan: PlanView | None, now: Instant) -> tuple[TripView, ...]:
    return tuple(trip for trip in plan.trips if trip.departs > now) if plan else ()


# What is absent.
def left_out(view: View, words: Words) -> tuple[str, ...]:
    """Sections of which the record holds nothing; those that the audience is not shown are named apart."""
    return tuple(name for name, part, empty in _sections(view) if empty and not words.hidden(part))


def _sections(view: View) -> Iterator[tuple[str, Part, bool]]:
    nobody = not (seen(view) or unlisted(view))
    yield "where everyone is (nobody was registered or counted)", Part.TOTALS, nobody
    yield "unaccounted people by trip", Part.GAPS, nobody and not view.gaps
    yield "vehicles", Part.VEHICLES, not view.vehicles
    yield "alarms", Part.ALARMS, not view.alarms
    yield "clauses", Part.CLAUSES, not view.clauses
    yield "posts of monitors", Part.POSTS, not view.posts
    yield "open questions of our own", Part.QUESTIONS, not view.questions
    yield "claims", Part.CLAIMS, not view.disputes
    yield "plans", Part.PLANS, not view.plans
    yield "the exchange", Part.EXCHANGE, view.exchange is None
