"""What has become known since a plan was adopted, as JSON (docs/formats/instance.md, "What was learnt"); a wrong field is named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from safepassage.errors import UNREADABLE_LEARNT, Where, stop
from safepassage.planner.learnt import Learnt, Recount, Returned
from safepassage.planner.nearest import no_such
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Kind, Problem, RouteId, Unwatched, Vehicle
from safepassage.values.ids import PlaceId, SideId, VehicleId

Natural = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Stretch = tuple[Natural, Natural]
At = tuple[Name, Natural, Natural]


class _Read(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is not known is not dropped: it is named."""


class JoinedRow(_Read, frozen=True):
    id: Name
    side: Name
    kind: Kind
    seats: Positive
    ready: Natural = 0
    stretchers: bool = True


class ReturnedRow(_Read, frozen=True):
    route: Name
    departure: Natural
    ready: Natural
    back: Natural | None = None
    """When its people are back; absent: as their vehicles are ready."""


class RecountRow(_Read, frozen=True):
    side: Name
    people: tuple[Natural, ...]
    wounded: Natural
    lying: Natural | None = None


class LearntRow(_Read, frozen=True):
    """What came together."""

    minute: Natural
    lost: tuple[Name, ...] = ()
    joined: tuple[JoinedRow, ...] = ()
    ready: tuple[tuple[Name, Natural], ...] = ()
    suspended: tuple[Stretch, ...] = ()
    resumed: bool = False
    closed: tuple[At, ...] = ()
    opened: tuple[At, ...] = ()
    unwatched: tuple[At, ...] = ()
    let_out: tuple[tuple[Name, Natural], ...] = ()
    returned: tuple[ReturnedRow, ...] = ()
    recounted: tuple[RecountRow, ...] = ()


def read_learnt(text: bytes, problem: Problem, adopted: Plan, file: str = "") -> Learnt:
    """What was learnt about this plan of this problem.

    Raises
    ------
    InputError
        UNREADABLE_LEARNT: another form, or a vehicle, gate, side or convoy that is not there; the field is named.
    """
    try:
        row = msgspec.json.decode(text, type=LearntRow)
    except msgspec.DecodeError as wrong:
        said, _, path = str(wrong).partition(" - at `$")
        stop(UNREADABLE_LEARNT, Where(file, field=path.rstrip("`").lstrip(".")), reason=said[:1].lower() + said[1:])
    for field, reason in (*_unknown(row, problem), *_senseless(row, problem, adopted)):
        stop(UNREADABLE_LEARNT, Where(file, field=field), reason=reason)
    return _learnt(row, problem)


def _learnt(row: LearntRow, problem: Problem) -> Learnt:
    at = _posts(problem)
    return Learnt(
        minute=row.minute,
        lost=tuple(map(VehicleId, row.lost)),
        joined=tuple(Vehicle(VehicleId(j.id), SideId(j.side), j.kind, j.seats, max(j.ready, row.minute), j.stretchers) for j in row.joined),
        ready=tuple((VehicleId(name), minute) for name, minute in row.ready),
        suspended=row.suspended,
        resumed=row.resumed,
        closed=tuple((PlaceId(place), begin, end) for place, begin, end in row.closed),
        opened=tuple((PlaceId(place), begin, end) for place, begin, end in row.opened),
        unwatched=tuple((PlaceId(place), begin, end) for place, begin, end in row.unwatched if place not in at),
        unobserved=tuple(replace(at[name], begin=begin, end=end) for name, begin, end in row.unwatched if name in at),
        let_out=tuple((SideId(side), most) for side, most in row.let_out),
        returned=tuple(Returned(RouteId(each.route), each.departure, each.ready, (), each.back) for each in row.returned),
        recounted=tuple(Recount(SideId(each.side), each.people, each.wounded, (), each.lying or 0) for each in row.recounted),
    )


def _posts(problem: Problem) -> dict[str, Unwatched]:
    """Where convoys load and where they are received, by the names that `postings` gives them."""
    loading = [Unwatched(0, 0, side=side.id) for side in problem.sides]
    return {post.post: post for post in (*loading, *(Unwatched(0, 0, route=route.id) for route in problem.routes))}


def _unknown(row: LearntRow, problem: Problem) -> Iterator[tuple[str, str]]:
    """Names that the problem has not."""
    vehicles = [vehicle.id for vehicle in problem.fleet]
    gates, sides = [gate.id for gate in problem.crossings], [side.id for side in problem.sides]
    named: tuple[tuple[str, Iterable[str], Collection[str], str], ...] = (
        ("lost", row.lost, vehicles, "vehicle"),
        ("ready", (name for name, _ in row.ready), vehicles, "vehicle"),
        ("closed", (at[0] for at in row.closed), gates, "gate"),
        ("opened", (at[0] for at in row.opened), gates, "gate"),
        ("unwatched", (at[0] for at in row.unwatched), [*gates, *_posts(problem)], f"gate, nor one of {', '.join(_posts(problem))},"),
        ("let_out", (side for side, _ in row.let_out), sides, "side"),
        ("joined", (each.side for each in row.joined), sides, "side"),
        ("recounted", (each.side for each in row.recounted), sides, "side"),
    )
    for field, names, known, what in named:
        for index, name in enumerate(names):
            if name not in known:
                yield f"{field}[{index}]", no_such(what, name, known)
    for index, each in enumerate(row.joined):
        if each.id in vehicles:
            yield f"joined[{index}].id", f"`{each.id}` is there already; give the new vehicle a name of its own"


def _senseless(row: LearntRow, problem: Problem, adopted: Plan) -> Iterator[tuple[str, str]]:
    """Stretches that end before they begin or are over, counts of other classes, convoys that did not depart."""
    if row.minute < problem.now:
        yield "minute", f"something was learnt of minute {problem.now} before it, and this is of minute {row.minute}; give the oldest first"
    if row.minute > problem.horizon:
        yield "minute", f"everything ends at minute {problem.horizon}, and this is of minute {row.minute}"
    stretches = [("suspended", each) for each in row.suspended]
    for field, those in (("closed", row.closed), ("opened", row.opened), ("unwatched", row.unwatched)):
        stretches += [(field, (begin, end)) for _, begin, end in those]
    for field, (begin, end) in stretches:
        if begin >= end:
            yield field, f"it ends at {end}, not after {begin}"
        elif end <= row.minute:
            yield field, f"it is over at minute {end}, and was learnt at {row.minute}; perhaps hours were given for minutes"
    for index, (name, minute) in enumerate(row.ready):
        if minute <= row.minute:
            said = f"`{name}` can load from minute {minute} on, and this was learnt at {row.minute}: that keeps nobody waiting"
            yield f"ready[{index}]", f"{said}; perhaps hours were given for minutes"
    for index, vehicle in enumerate(row.joined):
        if 0 < vehicle.ready < row.minute:
            said = f"it is ready at minute {vehicle.ready}, before minute {row.minute} at which this was learnt"
            yield f"joined[{index}].ready", f"{said}; leave it out where it is there, or perhaps hours were given for minutes"
    for index, recount in enumerate(row.recounted):
        if len(recount.people) != len(problem.classes):
            yield f"recounted[{index}].people", f"{len(recount.people)} numbers for {len(problem.classes)} classes"
        if recount.lying is None and any(side.lying for side in problem.sides if side.id == recount.side):
            yield f"recounted[{index}].lying", f"some of `{recount.side}` must lie: say how many of the {recount.wounded} wounded do"
        if (recount.lying or 0) > recount.wounded:
            yield f"recounted[{index}].lying", f"{recount.lying} of {recount.wounded} wounded must lie"
    for index, returned in enumerate(row.returned):
        found = next((c for c in adopted.convoys if (c.route, c.departure) == (returned.route, returned.departure)), None)
        if found is None or found.departure > row.minute or found.crossing_end <= row.minute:
            said = f"no convoy of `{returned.route}` that left at minute {returned.departure} is before its gate at minute {row.minute}"
            yield f"returned[{index}]", said
        elif returned.ready < row.minute:
            said = f"its vehicles are ready at minute {returned.ready}, before minute {row.minute}; perhaps hours were given for minutes"
            yield f"returned[{index}].ready", said
        elif returned.back is not None and not row.minute <= returned.back <= problem.limit:
            said = f"its people are back at minute {returned.back}, which is not between minute {row.minute} and the end, {problem.limit}"
            yield f"returned[{index}].back", f"{said}; perhaps hours were given for minutes"
