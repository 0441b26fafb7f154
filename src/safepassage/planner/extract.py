"""From a picture to a problem, and from a plan to a proposal that people can adopt: the only place that knows both.

Minutes count from local midnight of the day on which the deployment opened. Who waits, what stands ready and what was
announced is read from the picture; nothing is assumed that `world.toml` does not state.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from msgspec.structs import replace

from safepassage.agreement.asked import Leaving, Window, bands
from safepassage.observation.desk import PlanProposed
from safepassage.picture import Picture
from safepassage.picture.decided import PlanNow
from safepassage.picture.following import runs_of, shut_in
from safepassage.planner import seats
from safepassage.planner.difference import Difference, difference
from safepassage.planner.learnt import Learnt, after
from safepassage.planner.plan import Infeasible, Plan
from safepassage.planner.presence import apart, together
from safepassage.planner.problem import (
    DAY,
    Coming,
    Convoy,
    ConvoySize,
    Crossing,
    Group,
    Kind,
    Loss,
    Parity,
    PeopleClass,
    Problem,
    Route,
    RouteId,
    Side,
    Vehicle,
)
from safepassage.planner.replan import replan, stands
from safepassage.planner.solve import solve
from safepassage.planner.stated import crews, receptions
from safepassage.planner.unplanned import staying, without_those
from safepassage.values.counts import exactly
from safepassage.values.ids import EntryId, GroupId, PersonId, PlaceId, PlanId, SideId, VehicleId
from safepassage.values.people import Care
from safepassage.values.places import Planning, RoadPlan, World
from safepassage.values.places import Vehicle as Listed
from safepassage.values.times import MINUTE, Instant, at, local
from safepassage.values.trips import Outlook, PlannedTrip
from safepassage.whereabouts import Account, Doing, PersonTrace

CLASSES = (PeopleClass("vulnerable", 3), PeopleClass("general", 1))
WOUNDED_WEIGHT = 6
_BY_AMBULANCE = (Care.CRITICAL, Care.WOUNDED)


class Effort(NamedTuple):
    """Calls that one proposal may cost: of the first plan; of the decoder where a plan is in force; of the twin after those."""

    first: int
    again: int
    deeper: int


USUAL, COMPILED = Effort(1_000, 240, 1_000), Effort(24_000, 240, 24_000)
"""What takes a second or two without compiled functions, and gives the same with them; and what takes no longer once they are there."""


def propose(
    picture: Picture, now: Instant, seed: int, effort: Effort, because: EntryId | None = None, anew: bool = True, amounts: bool = False
) -> PlanProposed | Infeasible | None:
    """What the planner proposes at `now`, with so much `effort`; None where there is nothing to propose. `amounts`: where there is no
    plan, how much each clause in the way would have to give, which takes as long again.

    That is so where the world states nothing to plan with, where passage is suspended (nobody can know until when), and, unless `anew`,
    where the plan in force stands or nobody waits who may leave.
    """
    planning = picture.world.planning
    if planning is None or any(suspension.end is None for suspension in picture.suspensions()):
        return None
    adopted = picture.adopted()
    problem = problem_of(picture, planning, now)
    problem, not_planned = without_those(replace(problem, underway=_boarding(adopted, problem, picture, planning)))
    announced = Plan((), "cold", 0, 0, 0, 0) if adopted is None else _announced(adopted, problem, picture, planning)
    fewer = ((side.id, side.persons) for side in problem.sides if any(one.side == side.id for one in not_planned))
    learnt = Learnt(problem.now, let_out=(*((side, 0) for side in shut_in(picture)), *fewer))
    later, stays, _ = after(problem, announced, learnt)
    if not anew and (not sum(side.persons for side in later.sides) or (adopted is not None and stands(later))):
        return None
    if adopted is None:
        answer = solve(later, seed, effort.first, amounts=amounts)
        change = None if isinstance(answer, Infeasible) else difference(later, answer)
    else:
        found = replan(problem, announced, learnt, seed, effort.again, deeper=effort.deeper, amounts=amounts)
        answer, change = (found, None) if isinstance(found, Infeasible) else (found.plan, found.difference)
    if isinstance(answer, Infeasible) or change is None:
        return answer if isinstance(answer, Infeasible) else None
    proposal = _proposal(picture, planning, later, answer, change, because)
    return replace(proposal, not_planned=(*not_planned, *staying(stays)))


def problem_of(picture: Picture, planning: Planning, now: Instant) -> Problem:
    """Who waits, what stands ready, which gates open when, at `now`."""
    start = midnight(picture)
    accounts, traces = picture.whereabouts.vehicles(), picture.whereabouts.persons()
    minute = _minute(now, start)
    adopted = picture.adopted()
    ahead = [trip for trip in adopted.proposed.trips if trip.departs > now] if adopted is not None else []
    announced = {vehicle for trip in ahead for vehicle in trip.vehicles}
    refusing = picture.drivers_refusing()
    lost = tuple(v.id for v in picture.world.vehicles if v.id in refusing or (v.id in accounts and accounts[v.id].doing is Doing.LOST))
    soonest = minute + planning.decide_within
    comes = {person: there for person, trace in traces.items() if (there := _comes(picture, planning, trace, start, soonest)) is not None}
    sides = tuple(_side(picture.world, side.id, [traces[person] for person in comes], comes) for side in picture.world.sides)
    horizon = minute + planning.hours * 60
    return Problem(
        classes=CLASSES,
        wounded_weight=WOUNDED_WEIGHT,
        sides=sides,
        fleet=tuple(
            _vehicle(v, accounts.get(v.id), _road(planning, v.side), minute, 0 if v.id in announced else soonest, start)
            for v in picture.world.vehicles
        ),
        crossings=tuple(_crossing(picture, gate.place, planning, start, 2 * horizon) for gate in planning.gates),
        routes=tuple(_route(road) for road in planning.roads),
        convoy=ConvoySize(planning.convoy_low, planning.convoy_high),
        horizon=horizon,
        objective="cold",
        parity=_parity(picture, planning, sides, Counter(t.side for t in map(traces.__getitem__, comes) if t.steps[-1].kind != "place")),
        cold=_cold(planning, horizon),
        receptions=receptions(picture, planning, start),
        crews=crews(picture, planning, start, horizon),
        losses=(Loss(minute, lost),) if lost else (),
        now=minute,
    )


def midnight(picture: Picture) -> Instant:
    """Minute 0: local midnight of the day of the opening."""
    opened = picture.entries[0].observation.seen_at
    return at(local(opened, picture.world.zone).date(), "00:00", picture.world.zone)


def _minute(moment: Instant, start: Instant) -> int:
    return (moment - start) // MINUTE


def _road(planning: Planning, side: SideId) -> RoadPlan:
    return next(road for road in planning.roads if road.side == side)


def _comes(picture: Picture, planning: Planning, trace: PersonTrace, start: Instant, soonest: int) -> int | None:
    """The minute from which somebody is where their side gathers. 0: registered, and nothing since; or brought back. Later: aboard what
    turned back to there. None: neither."""
    if trace.side is None or not trace.steps:
        return None
    last = trace.steps[-1]
    if last.kind == "place":
        return 0 if len(trace.steps) == 1 or _home(picture.world, PlaceId(last.where)) == trace.side else None
    account = picture.whereabouts.vehicles().get(VehicleId(last.where)) if last.kind == "vehicle" else None
    if account is None or not account.moves or _home(picture.world, account.moves[-1].end) != trace.side:
        return None
    if account.doing is Doing.ARRIVED and account.place is not None and _home(picture.world, account.place) == trace.side:
        return 0
    if account.doing not in (Doing.ON_THE_ROAD, Doing.STOPPED):
        return None
    return max(soonest, _minute(account.moves[-1].departed, start) + _road(planning, trace.side).back)


def _home(world: World, place: PlaceId) -> SideId | None:
    """The side that gathers there."""
    side = world.side_of_place(place)
    return None if side is None else side.id


def _side(world: World, side: SideId, known: list[PersonTrace], comes: dict[PersonId, int]) -> Side:
    """Whoever is critical must lie, where ambulances differ in that. A family counts in the class of its most vulnerable member, since they
    travel in it: one with wounded in the first."""
    waiting = [trace for trace in known if trace.side == side]
    seated = [trace for trace in waiting if trace.care not in _BY_AMBULANCE]
    weak = {trace.group for trace in waiting if trace.care in (Care.VULNERABLE, *_BY_AMBULANCE) and trace.group is not None}
    first = sum(1 for trace in seated if trace.care is Care.VULNERABLE or trace.group in weak)
    differ = any(not vehicle.stretchers for vehicle in world.vehicles)
    lying = frozenset(trace.person for trace in waiting if trace.care is Care.CRITICAL and differ)
    groups = _groups(waiting, weak, lying, comes)
    named = {group.id for group in groups}
    alone = [trace for trace in waiting if trace.group not in named]
    coming = tuple(_coming(alone, lying, comes, minute) for minute in sorted({comes[trace.person] for trace in alone} - {0}))
    return Side(side, (first, len(seated) - first), len(waiting) - len(seated), groups, len(lying), coming)


def _coming(alone: list[PersonTrace], lying: frozenset[PersonId], comes: dict[PersonId, int], minute: int) -> Coming:
    """People of no family who are there from that minute on."""
    then = [trace for trace in alone if comes[trace.person] == minute]
    hurt = sum(1 for trace in then if trace.care in _BY_AMBULANCE)
    first = sum(1 for trace in then if trace.care is Care.VULNERABLE)
    return Coming(minute, (first, len(then) - hurt - first), hurt, sum(1 for trace in then if trace.person in lying))


def _groups(waiting: list[PersonTrace], weak: set[GroupId], lying: frozenset[PersonId], comes: dict[PersonId, int]) -> tuple[Group, ...]:
    """Families as they wait, the wounded with theirs, there once their last is. Whoever is alone is no group."""
    sizes = Counter(trace.group for trace in waiting if trace.group is not None)
    hurt = Counter(trace.group for trace in waiting if trace.care in _BY_AMBULANCE)
    lie = Counter(trace.group for trace in waiting if trace.person in lying)
    since = dict[GroupId | None, int]()
    for trace in waiting:
        since[trace.group] = max(comes[trace.person], since.get(trace.group, 0))
    return tuple(
        Group(group, 0 if group in weak else 1, size - hurt[group], hurt[group], lie[group], since[group])
        for group, size in sorted(sizes.items())
        if size > 1
    )


def _vehicle(vehicle: Listed, account: Account | None, road: RoadPlan, now: int, soonest: int, start: Instant) -> Vehicle:
    """Ready where it stands empty at its base, at `soonest`; else when it can be back."""
    ready = soonest
    if account is not None and account.doing in (Doing.ON_THE_ROAD, Doing.STOPPED):
        move = account.moves[-1]
        if move.end == road.start:
            ready = max(soonest, _minute(move.departed, start) + road.back)
        else:
            ready = max(now, _minute(account.since, start) + road.before) + road.onward + road.unload + road.back
    elif account is not None and account.doing is Doing.ARRIVED and account.place != road.start:
        ready = max(now, _minute(account.since, start)) + road.unload + road.back
    kind: Kind = "ambulance" if vehicle.kind == "ambulance" else "bus"
    return Vehicle(vehicle.id, vehicle.side, kind, vehicle.seats, max(ready, soonest), vehicle.stretchers)


def _crossing(picture: Picture, place: str, planning: Planning, start: Instant, last: int) -> Crossing:
    """With its windows up to minute `last`."""
    gate = next(gate for gate in planning.gates if gate.place == place)
    zone, first = picture.world.zone, local(start, picture.world.zone).date()
    opens, closes = (_minute(at(first, clock, zone), start) for clock in (gate.opens, gate.closes))
    length = closes - opens if closes > opens else closes + 24 * 60 - opens
    days = range(-1, (planning.hours + 23) // 24 + 2 + _minute(picture.now, start) // DAY)
    windows = _both([(opens + day * DAY, opens + day * DAY + length) for day in days], _agreed_hours(picture, place, planning, start, days))
    return Crossing(gate.place, gate.setup, gate.per_vehicle, tuple((max(0, a), min(b, last)) for a, b in windows if b > 0 and a < last))


def _route(road: RoadPlan) -> Route:
    return Route(RouteId(f"{road.start}-{road.end}"), road.side, road.gate, road.load, road.before, road.onward, road.unload, road.back)


def _parity(picture: Picture, planning: Planning, sides: tuple[Side, ...], back: Counter[SideId | None]) -> tuple[Parity, ...]:
    """Every band that the agreement asks for, from where the signed departures stand; whoever is on the way `back` has not left."""
    asked = picture.asked()
    if asked is None:
        return ()
    left, waiting = {now.side: now.left for now in picture.whereabouts.sides(picture.now)}, {side.id: side.persons for side in sides}
    starts = {side.id: frozenset(road.start for road in planning.roads if road.side == side.id) for side in sides}
    leaving = [Leaving(side.id, starts[side.id], left[side.id].minus(exactly(back[side.id])), waiting[side.id]) for side in sides]
    return tuple(Parity(b.plus, b.minus, b.wp, b.wm, b.low, b.high, b.start) for b in bands(asked.links, leaving))


def _agreed_hours(picture: Picture, place: str, planning: Planning, start: Instant, days: range) -> list[tuple[int, int]]:
    """At which minutes a gate may begin and end so that whatever passes it departed at an agreed hour; a gate of several roads keeps
    the hours of each. No hours agreed: at any."""
    asked, found = picture.asked(), [(-DAY, (days.stop + 1) * DAY)]
    for road in planning.roads if asked is not None else ():
        for window in asked.windows if asked is not None and road.gate == place else ():
            if road.start in window.places:
                found = _both(found, [(a + road.before, b + road.before) for a, b in _daily(window, start, days)])
    return found


def _daily(window: Window, start: Instant, days: range) -> list[tuple[int, int]]:
    """The hours of each day, in minutes."""
    first, over = local(start, window.zone).date(), window.start > window.end
    return [
        (
            _minute(at(first + timedelta(days=day), window.start, window.zone), start),
            _minute(at(first + timedelta(days=day + over), window.end, window.zone), start),
        )
        for day in days
    ]


def _both(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What lies in both."""
    return sorted((max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d))


def _cold(planning: Planning, horizon: int) -> tuple[tuple[int, int], ...]:
    """Night from 18:00 to 06:00."""
    steps: list[tuple[int, int]] = [(0, planning.cold_night)]
    for day in range(horizon // 1440 + 1):
        steps += [(day * 1440 + 360, planning.cold_day), (day * 1440 + 1080, planning.cold_night)]
    return tuple(steps)


def _announced(adopted: PlanNow, problem: Problem, picture: Picture, planning: Planning) -> Plan:
    """The adopted trips that nobody boards yet, as convoys: people and families board as the plan let them board."""
    start = midnight(picture)
    left, fleet = {side.id: seats.waiting(side) for side in problem.sides}, {vehicle.id: vehicle for vehicle in problem.fleet}
    convoys = []
    for trip in sorted(adopted.proposed.trips, key=lambda trip: trip.passes):
        if _minute(trip.departs, start) > problem.now and not _gone(picture, trip) and not _aboard(picture, planning, trip):
            road = _road_of(planning, trip)
            loading = _minute(trip.departs, start) - road.load
            there, away = apart(left[road.side], problem.side(road.side), loading)
            aboard, there = seats.board(there, [fleet[name] for name in trip.vehicles], trip.persons)
            left[road.side] = together(there, away)
            convoys.append(_convoy(trip, road, problem, start, aboard))
    outlook = adopted.proposed.outlook
    return Plan(tuple(convoys), "cold", outlook.value, outlook.bound, 0, 0)


def _boarding(adopted: PlanNow | None, problem: Problem, picture: Picture, planning: Planning) -> tuple[Convoy, ...]:
    """Adopted trips that somebody boards already: as good as departed. Whose class they are is not asked again."""
    start, found = midnight(picture), []
    for trip in adopted.proposed.trips if adopted is not None else ():
        if _minute(trip.departs, start) > problem.now and not _gone(picture, trip) and (heads := _aboard(picture, planning, trip)):
            road = _road_of(planning, trip)
            people = (*(0 for _ in problem.classes[1:]), heads)
            found.append(_convoy(trip, road, problem, start, seats.Aboard(people, 0, ())))
    return tuple(found)


def _aboard(picture: Picture, planning: Planning, trip: PlannedTrip) -> int:
    """Heads aboard its vehicles while they stand where it starts and it is time to load. Of which no place is known has not moved yet."""
    if trip.departs - _road_of(planning, trip).load * MINUTE > picture.now:
        return 0
    accounts = [picture.whereabouts.vehicles().get(vehicle) for vehicle in trip.vehicles]
    here = [each for each in accounts if each is not None and each.doing is Doing.STANDING and each.place in (trip.start, None)]
    return sum(each.aboard.low for each in here)


def _gone(picture: Picture, trip: PlannedTrip) -> bool:
    """Whether one of its vehicles has left already, early or under another plan."""
    return any(True for _ in runs_of(picture, trip))


def _road_of(planning: Planning, trip: PlannedTrip) -> RoadPlan:
    return next(road for road in planning.roads if (road.start, road.end) == (trip.start, trip.end))


def _convoy(trip: PlannedTrip, road: RoadPlan, problem: Problem, start: Instant, aboard: seats.Aboard) -> Convoy:
    route = _route(road)
    departs, passes = _minute(trip.departs, start), _minute(trip.passes, start)
    return Convoy(
        route=route.id, vehicles=trip.vehicles, loading=departs - route.load, departure=departs,
        crossing_start=passes - problem.crossing(route.crossing).handling(len(trip.vehicles)), crossing_end=passes,
        reception=passes + route.onward, people=aboard.people, wounded=aboard.wounded, families=aboard.families, lying=aboard.lying,
    )  # fmt: skip


def _overdue(picture: Picture, adopted: PlanNow | None, now: Instant) -> int:
    """Persons announced for trips whose minute has passed and whose vehicles have not left with them: whatever comes, they are late."""
    late = 0
    for trip in adopted.proposed.trips if adopted is not None else ():
        if trip.departs <= now:
            late += max(0, trip.persons - sum(run.heads.high or trip.persons for run in runs_of(picture, trip)))
    return late


def _proposal(
    picture: Picture, planning: Planning, problem: Problem, plan: Plan, change: Difference, because: EntryId | None
) -> PlanProposed:
    start = midnight(picture)
    roads = {_route(road).id: road for road in planning.roads}

    def moment(minute: int) -> Instant:
        return Instant(start + minute * MINUTE)

    trips = tuple(
        PlannedTrip(
            roads[c.route].start, roads[c.route].end, moment(c.departure), moment(c.crossing_end), c.vehicles, c.persons, c.why_waits
        )
        for c in sorted(plan.convoys, key=lambda convoy: (convoy.departure, convoy.route))
    )
    widest = max(change.edges, key=lambda edge: abs(edge.difference), default=None)
    outlook = Outlook(
        value=plan.value,
        bound=plan.bound,
        ends=moment(plan.completion),
        not_before=moment(change.proved_not_before),
        largest_difference=abs(widest.difference) if widest else 0,
        largest_at=moment(widest.minute if widest else problem.now),
        earlier=change.earlier,
        later=change.later + min(_overdue(picture, picture.adopted(), moment(problem.now)), sum(side.persons for side in problem.sides)),
        decide_by=moment(problem.now + planning.decide_within),
    )
    return PlanProposed(_next(picture), trips, outlook, because)


def _next(picture: Picture) -> PlanId:
    return PlanId(f"p-{len(picture.plans()) + 1}")
