"""What has become known since a plan was adopted, and the problem as it stands after it: the first half of replanning.

Everything that can happen to a plan becomes one of few changes to the problem (who waits, which vehicles, which windows, which
suspensions), so that decoder, judge and bound need to know nothing of what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from safepassage.planner.plan import Plan
from safepassage.planner.presence import alone_of, cut
from safepassage.planner.problem import Coming, Convoy, Group, Loss, Parity, Problem, RouteId, Side, Unwatched, Vehicle
from safepassage.values.ids import PlaceId, SideId, VehicleId

Windows = tuple[tuple[int, int], ...]


class Returned(msgspec.Struct, frozen=True):
    """A departed convoy that was turned back before its crossing: its people wait again once they are back, its vehicles load again from
    `ready_at`.

    `groups`: the families aboard, where the problem names them no more because it was taken after the departure. `people_at`: when its
    people are back; None: as their vehicles load again.
    """

    route: RouteId
    departure: int
    ready_at: int
    groups: tuple[Group, ...] = ()
    people_at: int | None = None

    @property
    def back(self) -> int:
        """From when on its people wait where their side gathers."""
        return self.ready_at if self.people_at is None else self.people_at


class Recount(msgspec.Struct, frozen=True):
    """Who really waits on a side, by class, whatever was counted before. Who comes back only later is not among them."""

    side: SideId
    people: tuple[int, ...]
    wounded: int
    groups: tuple[Group, ...] = ()
    lying: int = 0


class Learnt(msgspec.Struct, frozen=True):
    """What has become known by `minute`. Stretches are [from, to) in minutes."""

    minute: int
    lost: tuple[VehicleId, ...] = ()
    joined: tuple[Vehicle, ...] = ()
    ready: tuple[tuple[VehicleId, int], ...] = ()
    """Vehicles that can load only from this minute on, whatever the plan says (seized, delayed, released)."""
    suspended: tuple[tuple[int, int], ...] = ()
    resumed: bool = False
    """Passage is resumed: suspensions that were to last beyond `minute` end there."""
    closed: tuple[tuple[PlaceId, int, int], ...] = ()
    opened: tuple[tuple[PlaceId, int, int], ...] = ()
    unwatched: tuple[tuple[PlaceId, int, int], ...] = ()
    """Monitors are withdrawn from this gate: nothing passes where nobody watches."""
    unobserved: tuple[Unwatched, ...] = ()
    """The same of loading points and receptions: nobody boards there, nobody is received."""
    let_out: tuple[tuple[SideId, int], ...] = ()
    """From now on at most so many persons of this side are let out."""
    returned: tuple[Returned, ...] = ()
    recounted: tuple[Recount, ...] = ()

    @property
    def wins(self) -> bool:
        """Whether something was won that a plan which still stands could use."""
        return bool(self.joined or self.opened or self.resumed)


class Stay(NamedTuple):
    """Persons for whom there is no way out now: their side is not `let out`, or the `parity` band holds them back."""

    side: SideId
    persons: int
    why: Literal["let out", "parity"]


class Situation(NamedTuple):
    """`gone`: families of those who stay."""

    problem: Problem
    stays: tuple[Stay, ...]
    gone: tuple[Group, ...] = ()


def after(problem: Problem, adopted: Plan, learnt: Learnt) -> Situation:
    """The problem as it stands at `learnt.minute`: departed convoys frozen, the rest announced, whoever may leave waiting."""
    back = {(each.route, each.departure) for each in learnt.returned}
    departed = [convoy for convoy in adopted.convoys if convoy.departure <= learnt.minute]
    theirs = {(convoy.route, convoy.loading) for convoy in adopted.convoys}
    others = [convoy for convoy in problem.underway if (convoy.route, convoy.loading) not in theirs]
    underway = (*others, *(convoy for convoy in departed if (convoy.route, convoy.departure) not in back))
    later = replace(
        problem,
        now=learnt.minute,
        sides=tuple(_waiting(problem, side, departed, learnt) for side in problem.sides),
        fleet=tuple(_ready(vehicle, departed, learnt) for vehicle in (*problem.fleet, *learnt.joined)),
        crossings=tuple(
            replace(
                gate, windows=_windows(gate.windows, *(_of(gate.id, each) for each in (learnt.opened, learnt.closed, learnt.unwatched)))
            )
            for gate in problem.crossings
        ),
        suspensions=_suspensions(problem, learnt),
        unwatched=tuple(each for each in (*problem.unwatched, *learnt.unobserved) if each.end > learnt.minute),
        losses=(*problem.losses, *([Loss(learnt.minute, learnt.lost)] if learnt.lost else [])),
        underway=underway,
        announced=tuple(convoy for convoy in adopted.convoys if convoy.departure > learnt.minute),
    )
    return _who_may_leave(later, learnt)


def _waiting(problem: Problem, side: Side, departed: Sequence[Convoy], learnt: Learnt) -> Side:
    """Who of a side waits: as counted now, or else without those who have departed; and with those who come back."""
    side = _arrived(side, learnt.minute)
    recount = next((each for each in learnt.recounted if each.side == side.id), None)
    own = {route.id for route in problem.routes if route.side == side.id}
    before = {(convoy.route, convoy.loading) for convoy in problem.underway}
    back = {(each.route, each.departure): each for each in learnt.returned}
    for convoy in (convoy for convoy in departed if convoy.route in own):
        returned = back.get((convoy.route, convoy.departure))
        if (convoy.route, convoy.loading) not in before:
            side = without(side, convoy)
        if returned is not None:
            known = tuple(group for group in problem.side(side.id).groups if group.id in convoy.groups) or returned.groups
            side = _with(side, convoy, known, returned.back if returned.back > learnt.minute else 0)
    return side if recount is None else _counted(side, recount)


def _arrived(side: Side, minute: int) -> Side:
    """Whoever has come by then is there like everybody else."""
    groups = tuple(replace(group, since=0) if 0 < group.since <= minute else group for group in side.groups)
    return replace(side, groups=groups, coming=tuple(each for each in side.coming if each.minute > minute))


def _counted(side: Side, recount: Recount) -> Side:
    """Those who were counted, and those who come only later: nobody can have counted them."""
    later = tuple(group for group in side.groups if group.since)
    people = list(recount.people)
    for each in side.coming:
        people = [number + more for number, more in zip(people, each.people, strict=True)]
    for group in later:
        people[group.priority] += group.size
    wounded = recount.wounded + sum(each.wounded for each in side.coming) + sum(group.wounded for group in later)
    lying = recount.lying + sum(each.lying for each in side.coming) + sum(group.lying for group in later)
    return Side(side.id, tuple(people), wounded, (*recount.groups, *later), lying, side.coming)


def without(side: Side, convoy: Convoy) -> Side:
    """Who waits once that convoy has gone."""
    people = tuple(n - aboard for n, aboard in zip(side.people, convoy.people, strict=True))
    groups = tuple(group for group in side.groups if group.id not in convoy.groups)
    return Side(side.id, people, side.wounded - convoy.wounded, groups, side.lying - convoy.lying, side.coming)


def _with(side: Side, convoy: Convoy, families: tuple[Group, ...], back: int) -> Side:
    """Who waits once that convoy's people wait again, from the minute `back` on."""
    people = tuple(n + aboard for n, aboard in zip(side.people, convoy.people, strict=True))
    alone, wounded, lying = alone_of(Side(side.id, convoy.people, convoy.wounded, families, convoy.lying))
    coming = (Coming(back, tuple(alone), wounded, lying),) if back and sum(alone) + wounded else ()
    groups = (*side.groups, *(replace(group, since=back) for group in families))
    return Side(side.id, people, side.wounded + convoy.wounded, groups, side.lying + convoy.lying, (*side.coming, *coming))


def _ready(vehicle: Vehicle, departed: Sequence[Convoy], learnt: Learnt) -> Vehicle:
    back = {(each.route, each.departure): each.ready_at for each in learnt.returned}
    turned = [back.get((convoy.route, convoy.departure), 0) for convoy in departed if vehicle.id in convoy.vehicles]
    return replace(vehicle, ready_at=max([vehicle.ready_at, dict(learnt.ready).get(vehicle.id, 0), *turned]))


def _of(gate: PlaceId, stretches: Iterable[tuple[PlaceId, int, int]]) -> list[tuple[int, int]]:
    return [(begin, end) for place, begin, end in stretches if place == gate]


def _windows(windows: Windows, opened: list[tuple[int, int]], *shut: list[tuple[int, int]]) -> Windows:
    """Windows that touch or overlap are one; then what is shut is cut out of them."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted([*windows, *opened]):
        if opened and joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    for begin, end in (stretch for each in shut for stretch in each):
        parts = [part for a, b in joined for part in ((a, min(b, begin)), (max(a, end), b))]
        joined = [(a, b) for a, b in parts if a < b]
    return tuple(joined)


def _suspensions(problem: Problem, learnt: Learnt) -> tuple[tuple[int, int], ...]:
    every = (*problem.suspensions, *learnt.suspended)
    cut = [(begin, min(end, learnt.minute)) for begin, end in every] if learnt.resumed else every
    return tuple((begin, end) for begin, end in cut if begin < end)


def _who_may_leave(problem: Problem, learnt: Learnt) -> Situation:
    """Sides cut to what they are let out; then, where fewer leave than was agreed, the other side to what the band allows."""
    stays, before = list[Stay](), [group for side in problem.sides for group in side.groups]
    for which, most in learnt.let_out:
        problem = _kept_back(problem, which, problem.side(which).persons - most, "let out", stays)
    fewer = bool(learnt.let_out or learnt.recounted or learnt.returned)
    while fewer and (over := _over(problem)) is not None:
        problem = _kept_back(problem, *over, "parity", stays)
    still = {group.id for side in problem.sides for group in side.groups}
    return Situation(problem, tuple(stays), tuple(group for group in before if group.id not in still))


def _over(problem: Problem) -> tuple[SideId, int] | None:
    """A side, and how many of it are too many: with them the balance would end outside its band."""
    sides = {route.id: route.side for route in problem.routes}
    for parity in problem.parity:
        facts = parity.start + sum(_weight(parity, sides[convoy.route]) * convoy.persons for convoy in problem.underway)
        end = facts + sum(_weight(parity, side.id) * side.persons for side in problem.sides)
        for side, weight, surplus in (
            (parity.plus, parity.wp, end - max(parity.high, facts)),
            (parity.minus, parity.wm, min(parity.low, facts) - end),
        ):
            if surplus > 0 and problem.side(side).persons:
                return side, -(-surplus // weight)
    return None


def _weight(parity: Parity, side: SideId) -> int:
    return {parity.plus: parity.wp, parity.minus: -parity.wm}.get(side, 0)


def _kept_back(problem: Problem, which: SideId, persons: int, why: Literal["let out", "parity"], stays: list[Stay]) -> Problem:
    """The lowest class stays first, and families stay whole."""
    side = problem.side(which)
    smaller = _fewer(side, persons)
    if smaller.persons < side.persons:
        stays.append(Stay(which, side.persons - smaller.persons, why))
    return replace(problem, sides=tuple(smaller if each.id == which else each for each in problem.sides))


def _fewer(side: Side, persons: int) -> Side:
    """The side without at least `persons` of its people; without all of them where it has no more."""
    people, groups = list(side.people), list[Group]()
    for k in reversed(range(len(people))):
        families = sorted((group for group in side.groups if group.priority == k), key=lambda group: (-group.size, group.id))
        room, kept = max(0, people[k] - max(0, persons)), 0
        for group in families:
            if kept + group.size <= room:
                kept += group.size
                groups.append(group)
        alone = people[k] - sum(group.size for group in families)
        persons -= people[k] - (left := kept + min(alone, room - kept))
        people[k] = left
    wounded = max(0, side.wounded - max(0, persons))
    smaller = Side(side.id, tuple(people), wounded, tuple(groups), min(side.lying, wounded))
    return replace(smaller, coming=cut(side.coming, side, smaller))
