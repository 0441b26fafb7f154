"""What no search needs to try: where arithmetic alone says that not everybody can be carried, and how much is short.

Each reason is a proof: it counts what every lawful plan needs, and what there is at most. That none is found proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from safepassage.planner.giving import Give, amount
from safepassage.planner.moments import clock
from safepassage.planner.nearest import listed
from safepassage.planner.plan import Infeasible
from safepassage.planner.problem import NEVER, Group, Kind, Problem, Route, Side, Vehicle
from safepassage.planner.room import short

PLURAL: dict[Kind, str] = {"bus": "buses", "ambulance": "ambulances"}


class Plain(NamedTuple):
    """A clause that stands in the way, in words with its numbers; what to do; and how much would have to be given, where that is known."""

    clause: str
    words: str
    remedy: str
    gives: tuple[Give, ...] = ()


def plainly(problem: Problem) -> Infeasible | None:
    """The first reason there is; None: arithmetic sees none."""
    sides = (side for side in problem.sides if side.persons)
    found = next((reason for side in sides for reason in _of_side(problem, side)), None) or _room(problem)
    return None if found is None else Infeasible(True, (found.clause,), f"{found.words}. {found.remedy}.", found.gives)


def serving(problem: Problem, side: Side) -> list[Vehicle]:
    """Vehicles of the side that could make one trip alone: from when they are there until they are lost, through a gate in time."""
    lost = problem.lost_at()
    return [each for each in problem.fleet if each.side == side.id and _serves(problem, each, lost.get(each.id, NEVER))]


def too_large(side: Side, vehicles: Sequence[Vehicle]) -> Iterator[Group]:
    """Families that none of these holds: their members in one bus, their wounded in one ambulance, with stretchers where one must lie."""
    most = {kind: _most(vehicles, kind) for kind in PLURAL}
    lie = _most([each for each in vehicles if each.stretchers], "ambulance")
    yield from (g for g in side.groups if g.size > most["bus"] or g.wounded > (lie if g.lying else most["ambulance"]))


def _most(vehicles: Sequence[Vehicle], kind: Kind) -> int:
    return max((each.seats for each in vehicles if each.kind == kind), default=0)


def _of_side(problem: Problem, side: Side) -> Iterator[Plain]:
    """Vehicles first, then families, then minutes, then how many may go together."""
    able = serving(problem, side)
    yield from _carriers(problem, side, able)
    yield from (_family(side, group, able) for group in too_large(side, able))
    yield from _pairs(problem, side)
    yield from _stretches(problem, side, able)
    yield from _few(problem, side, able)


def _serves(problem: Problem, vehicle: Vehicle, lost: int) -> bool:
    """What loads already may go on; what is on the road comes back first."""
    begun = [c.loading for c in problem.announced if c.loading < problem.now and vehicle.id in c.vehicles]
    away = [problem.again(c) for c in problem.underway if vehicle.id in c.vehicles]
    start = min(begun, default=max([problem.now, vehicle.ready_at, *away]))
    for route in problem.routes:
        passed = start + route.load + route.pre + problem.crossing(route.crossing).handling(1)
        if route.side == vehicle.side and passed <= problem.limit and passed + route.post <= lost:
            return True
    return False


def _carriers(problem: Problem, side: Side, able: Sequence[Vehicle]) -> Iterator[Plain]:
    """Somebody waits for a kind of vehicle of which none can serve."""
    own = [each for each in problem.fleet if each.side == side.id]
    for persons, clause, who, named, these, those in (
        (sum(side.people), "fleet", "go by bus", "bus", [v for v in own if v.kind == "bus"], [v for v in able if v.kind == "bus"]),
        (
            side.wounded,
            "fleet",
            "are wounded",
            "ambulance",
            [v for v in own if v.kind == "ambulance"],
            [v for v in able if v.kind == "ambulance"],
        ),
        (side.lying, "stretchers", "must lie", "ambulance with stretchers", _lying(own), _lying(able)),
    ):
        if persons and not those:
            words = f"{persons:,} of {side.id} {who}, and {_why_none(problem, these, named)}"
            give = Give(clause, f"another {named} at {side.id}", "vehicles", 1, None)
            yield Plain(clause, words, f"Bring another {named}, or let the side's own be ready or back sooner", (give,))


def _lying(vehicles: Sequence[Vehicle]) -> list[Vehicle]:
    return [each for each in vehicles if each.kind == "ambulance" and each.stretchers]


def _why_none(problem: Problem, those: Sequence[Vehicle], named: str) -> str:
    """None of the side's vehicles of that name can serve them: there are none, or these, which are lost or come too late."""
    if not those:
        return f"it has no {named}"
    lost = problem.lost_at()
    gone = [each.id for each in those if each.id in lost]
    which = f"its only {named}" if len(those) == 1 else f"none of its {len(those)} that could: each {named}"
    if len(gone) == len(those):
        return f"{which} is lost before it could bring them and be back: {listed(gone)}, by {clock(max(lost[name] for name in gone))}"
    return f"{which} is lost, or ready too late to pass its gate by {clock(problem.limit)}"


def _family(side: Side, group: Group, able: Sequence[Vehicle]) -> Plain:
    """Nobody parts a family but itself."""
    remedy = "Give the side a bigger one, or let the family agree to travel as two"
    lie = _most(_lying(able), "ambulance")
    if group.lying and group.wounded > lie:
        words = f"Of the family {group.id} of {side.id}, {group.wounded} are wounded and somebody must lie"
        return Plain("stretchers", f"{words}; its biggest ambulance with stretchers holds {lie}", remedy)
    kind: Kind = "bus" if group.size > _most(able, "bus") else "ambulance"
    number = group.size if kind == "bus" else group.wounded
    words = f"The family {group.id} of {side.id} has {number} who go by {kind}, and its biggest {kind} holds {_most(able, kind)}"
    return Plain("family", words, remedy)


def _pairs(problem: Problem, side: Side) -> Iterator[Plain]:
    """A family with wounded needs a bus and an ambulance in one convoy."""
    for group in side.groups:
        if group.size and group.wounded and problem.convoy.high < 2:
            words = f"The family {group.id} of {side.id} needs a bus and an ambulance in one convoy, and agreed is one vehicle"
            remedy = "Agree on convoys of 2 or more, or let the family agree to travel as two"
            yield Plain("size", words, remedy, (Give("size", "bigger convoys", "vehicles", 1, None),))


class _Way(NamedTuple):
    """Through a gate in one window: minutes from when a convoy can be there (`soonest`) until it closes or everything ends; below 0 where
    it closes before. `vehicles`: for how many they do."""

    vehicles: int
    minutes: int
    route: Route
    soonest: int
    closes: int


def _widest(problem: Problem, side: Side, light: int) -> _Way | None:
    """The way on which the biggest convoy fits that begins to load at `light` at the soonest."""
    found = []
    for route in (route for route in problem.routes if route.side == side.id):
        gate, begun = problem.crossing(route.crossing), [c.loading for c in problem.announced if c.route == route.id]
        soonest = max(light, min([problem.now, *begun])) + route.load + route.pre
        for opens, closes in gate.windows:
            minutes = min(closes, problem.limit) - max(opens, soonest)
            fit = (
                len(problem.fleet) if not gate.per_vehicle and minutes >= gate.setup else (minutes - gate.setup) // max(1, gate.per_vehicle)
            )
            found.append(_Way(max(0, fit), minutes, route, soonest, min(closes, problem.limit)))
    return max(found, key=lambda way: (way.vehicles, way.minutes, way.closes), default=None)


def _stretches(problem: Problem, side: Side, able: Sequence[Vehicle]) -> Iterator[Plain]:
    """No window holds the smallest agreed convoy, and the last one alone, which may be smaller, does not hold everybody."""
    way = _widest(problem, side, problem.boarding_from)
    if way is None or not _only_last(problem, side, able, way.vehicles):
        return
    held = f"; only its last may be smaller, and holds {_holds(able, way.vehicles)} of {side.persons:,}" if way.vehicles else ""
    sooner = _widest(problem, side, problem.now)
    if sooner is not None and not _only_last(problem, side, able, sooner.vehicles):
        yield _late(problem, side, sooner, held)
        return
    least, gate = problem.convoy.low, problem.crossing(way.route.crossing)
    short_of = gate.handling(least) - way.minutes
    window = f"In one window {gate.id} has {way.minutes} minutes for {side.id} at most"
    if way.minutes <= 0:
        window = f"Nobody of {side.id} can be at {gate.id} before {clock(way.soonest)}, and its last window is over {clock(way.closes)}"
    gives = [Give("windows", f"a longer window of {gate.id}", "minutes", short_of, None)]
    gives += [Give("size", "smaller convoys", "vehicles", least - way.vehicles, None)] if way.vehicles else []
    smaller = f", or agree on convoys of {way.vehicles}" if way.vehicles else ""
    remedy = f"Open it {amount(short_of, 'minutes')} longer{smaller}"
    yield Plain(
        "windows", f"{window}; {least} vehicles, the smallest agreed convoy, take {gate.handling(least)}{held}", remedy, tuple(gives)
    )


def _late(problem: Problem, side: Side, sooner: _Way, held: str) -> Plain:
    """Before the last green light there would have been time."""
    route = sooner.route
    last = sooner.closes - problem.crossing(route.crossing).handling(problem.convoy.low) - route.pre - route.load
    late = problem.boarding_from - last
    words = (
        f"A convoy of {side.id} must begin to load by {clock(last)}, and the last green light stands {clock(problem.boarding_from)}{held}"
    )
    give = Give("green light", "an earlier last green light", "minutes", late, None)
    return Plain("green light", words, f"Let it stand {amount(late, 'minutes')} earlier, or agree on a later end", (give,))


def _only_last(problem: Problem, side: Side, able: Sequence[Vehicle], vehicles: int) -> bool:
    """Whether convoys of at most so many are below the smallest agreed, and one alone does not hold everybody."""
    return vehicles < problem.convoy.low and _holds(able, vehicles) < side.persons


def _holds(vehicles: Sequence[Vehicle], number: int) -> int:
    """Persons in one convoy of so many at most."""
    return sum(sorted((each.seats for each in vehicles), reverse=True)[:number])


def _few(problem: Problem, side: Side, able: Sequence[Vehicle]) -> Iterator[Plain]:
    """The side has fewer vehicles than the smallest agreed convoy: it sends one, its last."""
    if _only_last(problem, side, able, len(able)):
        least, there = problem.convoy.low, len(able)
        words = f"The smallest agreed convoy has {least} vehicles, and {side.id} has {there} that can serve"
        held = f"only its last may be smaller, and holds {_holds(able, there)} of {side.persons:,}"
        gives = (
            Give("size", "smaller convoys", "vehicles", least - there, None),
            Give("fleet", f"more vehicles at {side.id}", "vehicles", least - there, None),
        )
        remedy = f"Agree on convoys of {there}, or bring {amount(least - there, 'vehicles')}"
        yield Plain("size", f"{words}: {held}", remedy, gives)


def _room(problem: Problem) -> Plain | None:
    if (room := short(problem)) is None:
        return None
    more = -(-(room.persons - room.room) // max(1, room.days))
    give = Give("reception", f"more room a day at {' and '.join(room.receptions)}", "persons", more, None)
    remedy = f"Let them take {more:,} more a day, agree on more days, or open another reception"
    return Plain("reception", room.words, remedy, (give,))
