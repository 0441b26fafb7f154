"""The parts of a view that come from whereabouts: sides, gaps, alarms with their call cards, vehicles, trips, posts."""

from __future__ import annotations

from collections.abc import Iterable

from safepassage.disclosure.views import (
    AlarmView,
    CallView,
    CardView,
    GapView,
    LegView,
    MoveView,
    PlaceView,
    PostView,
    QuestionView,
    Ref,
    SideView,
    VehicleView,
    WatchView,
)
from safepassage.errors import FROM_THE_FUTURE, problem
from safepassage.notation import say
from safepassage.observation import Entry
from safepassage.observation.vehicles import Passed, StopBegun
from safepassage.picture import Picture
from safepassage.picture.decided import Standing
from safepassage.values.counts import exactly
from safepassage.values.ids import EntryId, PlaceId
from safepassage.values.times import HOUR, MINUTE, Instant, Stretch, stamp
from safepassage.whereabouts import SETTLES, Account, Gap
from safepassage.whereabouts.cards import Asked, Card, Reason
from safepassage.whereabouts.separation import CHANCE
from safepassage.whereabouts.words import Move, Puzzle

LATE = 10 * MINUTE
"""Heard later than this after it was seen, an entry is marked late."""


def refs(picture: Picture, ids: Iterable[EntryId]) -> tuple[Ref, ...]:
    """Entries by index and id, each once, in order of the ledger."""
    return tuple(sorted({Ref(picture.entry(id).index, id) for id in ids}, key=lambda ref: ref.index))


def words(picture: Picture, entry: Entry) -> str:
    """What an entry says; other entries are named by their place in the ledger."""
    about = [getattr(entry.observation.what, "entry", None)]
    labels = {f"entry {picture.entry(id).index}": id for id in about if id is not None and picture.knows(id)}
    return say(entry.observation, picture.world.zone, labels)


def sides(picture: Picture) -> tuple[SideView, ...]:
    found = []
    for now in picture.whereabouts.sides(picture.now):
        side = picture.world.side(now.side)
        found.append(
            SideView(
                side.id, side.name, side.persons, now.registered, now.waiting, now.left, now.on_the_road, now.stopping, now.arrived,
                now.registered_there, now.handed_over, now.stayed, now.unaccounted, now.waited_since, now.celsius,
            )
        )  # fmt: skip
    return tuple(found)


def gaps(picture: Picture) -> tuple[GapView, ...]:
    return tuple(
        GapView(
            gap.vehicle,
            gap.start,
            gap.end,
            gap.missing,
            gap.cause.value,
            gap.last_seen,
            gap.last_place,
            refs(picture, gap.entries),
            gap.due,
            gap.allowing,
            gap_coverage(picture, gap),
        )
        for gap in picture.whereabouts.gaps(picture.now)
    )


def gap_coverage(picture: Picture, gap: Gap) -> str:
    """What somebody neutral could see at the ends of the leg, and where they were last seen, from then until they were found fewer."""
    return seen_between(picture, [gap.start, gap.end, gap.last_place], gap.last_seen, gap.until or picture.now)


def seen_between(picture: Picture, places: Iterable[str], since: Instant, until: Instant) -> str:
    """Place by place what of a stretch of time somebody neutral could see; the road between two of them nobody does."""
    stretch = Stretch(since, max(since, until))
    known = [PlaceId(place) for place in dict.fromkeys(places) if place]
    return "; ".join(f"{place}: {picture.whereabouts.coverage([place], stretch)}" for place in known)


def alarms(picture: Picture) -> tuple[AlarmView, ...]:
    """Alarms that stand, and those that no longer pass the thresholds but whose card people have called about."""
    cards = {card.card: card for card in picture.whereabouts.cards()}
    found = [(alarm, _card(picture, cards[alarm.card], alarm.raised)) for alarm in picture.whereabouts.alarms()]
    return tuple(
        AlarmView(
            alarm.vehicle, alarm.start, alarm.end, alarm.before, alarm.after, alarm.heads_before, alarm.heads_after, alarm.drop,
            alarm.one_in, int(1 / CHANCE), alarm.miscount_one_in, alarm.raised, alarm.at, card, refs(picture, alarm.entries),
        )
        for alarm, card in found
        if alarm.raised or card.calls
    )  # fmt: skip


def cards(picture: Picture) -> tuple[CardView, ...]:
    """The call cards of takings that somebody saw: calling begins at once, and nobody is asked to count again."""
    return tuple(_card(picture, card, True) for card in picture.whereabouts.cards() if card.witnessed)


def _card(picture: Picture, card: Card, stands: bool) -> CardView:
    calls = tuple(
        CallView(call.at, call.observer, call.answer.value if call.answer else None, *refs(picture, [call.entry]))
        for call in picture.calls().get(card.card, ())
    )
    standing = "answered" if _is_answered(card, calls) else "open" if stands else "kept open by hand"
    asks = tuple(_asked(picture, asked) for asked in card.asked) or ("nobody: no guarantor and no holder of the gate is known",)
    return CardView(card.card, card.vehicle, asks, card.by_when, standing, calls)


def _is_answered(card: Card, calls: tuple[CallView, ...]) -> bool:
    """Counted again; or, where somebody saw it happen, explained by whoever was called."""
    settles = "explained" if card.witnessed else "recounted"
    return any(call.answer == settles for call in calls)


def _asked(picture: Picture, asked: Asked) -> str:
    place = next((place.name for place in picture.world.places if place.id == asked.place), str(asked.place))
    party = next((party.name for party in picture.world.parties if party.id == asked.party), str(asked.party))
    match asked.reason:
        case Reason.RECOUNT:
            return f"recount at {place} ({', '.join(asked.observers) or 'nobody is known to be on post'})"
        case Reason.LIAISON:
            return f"liaison of {party}, who holds {place}"
        case Reason.GUARANTOR:
            return party


def vehicles(picture: Picture) -> tuple[VehicleView, ...]:
    accounts = picture.whereabouts.vehicles()
    listed = [_listed(picture, vehicle.id, accounts.get(vehicle.id)) for vehicle in picture.world.vehicles]
    known = {vehicle.id for vehicle in picture.world.vehicles}
    return (*listed, *(_listed(picture, id, account) for id, account in sorted(accounts.items()) if id not in known))


def _listed(picture: Picture, id: str, account: Account | None) -> VehicleView:
    vehicle = next((v for v in picture.world.vehicles if v.id == id), None)
    kind, side, seats = (vehicle.kind, vehicle.side, vehicle.seats) if vehicle else ("not listed", "", None)
    if account is None:
        base = vehicle.base if vehicle else None
        opened = picture.entries[0].observation.seen_at
        return VehicleView(id, kind, side, seats, "standing", base, opened, exactly(0), False, None, None, None, None, None)
    move = account.moves[-1] if account.moves else None
    open_move = move if move and move.closed is None else None
    leg = picture.world.leg(open_move.start, open_move.end) if open_move else None
    due = Instant(open_move.departed + leg.overdue * MINUTE) if open_move and leg else None
    (entry,) = refs(picture, [account.entry])
    return VehicleView(
        id, kind, side, seats, account.doing.value, account.place, account.since, account.aboard, account.counted,
        move.start if move else None, move.end if move else None, move.departed if move else None, due, entry,
    )  # fmt: skip


def moves(picture: Picture) -> tuple[MoveView, ...]:
    """Every run, with the sightings on its way and the plan that it follows."""
    found = []
    for vehicle, account in sorted(picture.whereabouts.vehicles().items()):
        history = picture.whereabouts.why_vehicle(vehicle)
        for move in account.moves:
            until = move.closed or picture.now
            passes = tuple(
                (e.observation.at, e.observation.seen_at)
                for e in history
                if isinstance(e.observation.what, Passed | StopBegun)
                and e.observation.at
                and move.departed < e.observation.seen_at <= until
            )
            plan, planned = _planned(picture, move)
            found.append(
                MoveView(vehicle, move.start, move.end, move.departed, move.heads, passes, move.closed, move.closed_at, plan, planned)
            )
    return tuple(sorted(found, key=lambda move: (move.departed, move.vehicle)))


def _planned(picture: Picture, move: Move) -> tuple[str | None, Instant | None]:
    """The adopted trip that a run follows: its vehicle, from its start, within the hour."""
    plans = [plan for plan in picture.plans().values() if plan.standing in (Standing.ADOPTED, Standing.REPLACED)]
    for plan in reversed(plans):
        for trip in plan.proposed.trips:
            if move.vehicle in trip.vehicles and trip.start == move.start and abs(move.departed - trip.departs) < HOUR:
                return plan.proposed.plan, trip.departs
    return None, None


def places(picture: Picture) -> tuple[PlaceView, ...]:
    return tuple(PlaceView(p.id, p.name, p.kind.value, p.area, p.held_by, p.x, p.y, p.lat, p.lon) for p in picture.world.places)


def legs(picture: Picture) -> tuple[LegView, ...]:
    return tuple(LegView(leg.start, leg.end, leg.minutes, leg.metres) for leg in picture.world.legs)


def posts(picture: Picture) -> tuple[PostView, ...]:
    return tuple(PostView(post.observer, post.place, post.start, post.end) for post in picture.whereabouts.posts())


def watches(picture: Picture) -> tuple[WatchView, ...]:
    return tuple(
        WatchView(
            watch.by,
            watch.place or "",
            watch.kinds,
            watch.stretch.start,
            watch.stretch.end,
            tuple((gap.start, gap.end) for gap in watch.gaps),
        )
        for watch in picture.whereabouts.watches()
    )


def questions(picture: Picture) -> tuple[QuestionView, ...]:
    asked = [
        QuestionView(q.puzzle.value, q.subject, q.size, q.said, SETTLES[q.puzzle], refs(picture, q.entries))
        for q in picture.contradictions()
    ]
    future = Puzzle.FUTURE
    asked += [
        QuestionView(future.value, entry.device, exactly(1), _ahead(picture, entry), SETTLES[future], refs(picture, [entry.id]))
        for entry in picture.held
    ]
    return tuple(asked)


def _ahead(picture: Picture, entry: Entry) -> str:
    """What is wrong with an observation from the future, numbered like every other fault."""
    zone = picture.world.zone
    seen, now = (stamp(moment, zone) for moment in (entry.observation.seen_at, picture.now))
    return str(problem(FROM_THE_FUTURE, seen=seen, now=now, device=entry.device))
