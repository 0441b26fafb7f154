"""A plan as JSON: what `safepassage plan INSTANCE.json --json` prints, and what is read back to be checked (docs/formats/instance.md).

Each convoy holds the form of the reference cases' `witness` (route, buses, ambulances, crossing_start, crossing_end, people,
wounded), which alone is enough to check a plan: everything else follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from safepassage.errors import UNREADABLE_PLAN, Where, stop
from safepassage.planner import seats
from safepassage.planner.manifests import manifests
from safepassage.planner.nearest import listed, no_such
from safepassage.planner.plan import UNITS, Plan
from safepassage.planner.presence import apart, together
from safepassage.planner.problem import Convoy, Kind, Problem, Reason, Route, RouteId
from safepassage.planner.slot import returning
from safepassage.planner.swap import waits
from safepassage.values.ids import GroupId, VehicleId

Natural = Annotated[int, Meta(ge=0)]


class ManifestRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who sits in one vehicle: families whole, people of no family, wounded."""

    vehicle: str
    groups: tuple[str, ...] = ()
    alone: Natural = 0
    wounded: Natural = 0
    seated: Natural = 0
    lying: Natural = 0


class ConvoyRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One convoy. `people` are all but the wounded; `classes` are they by class; minutes from the opening."""

    route: str
    buses: Natural
    ambulances: Natural
    crossing_start: Natural
    crossing_end: Natural
    people: Natural
    wounded: Natural
    classes: tuple[Natural, ...] = ()
    vehicles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Families aboard, whole."""
    manifests: tuple[ManifestRow, ...] = ()
    """Who sits in which vehicle; only where the problem names families. Of one that is read, the families count; the rest must agree."""
    lying: Natural | None = None
    """Of the wounded, who must lie."""
    loading: int | None = None
    departure: int | None = None
    reception: int | None = None
    returns: tuple[Natural, Natural] | None = None
    """From when to when its empty vehicles are in the gate on their way back."""
    stands: Natural = 0
    """Minutes at swap points, by this plan. Written, and of a plan that is read not asked: it follows from all convoys."""
    waits_for: Reason = "nothing"
    """The rule that moved it last: why it does not go earlier."""


class PlanRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`value` and `bound` in the objective's unit: minutes for `end`, weighted person-minutes for `cold`; no lawful plan is below
    `bound`. `gap_per_mille`: the share of the value that it leaves open, 0 is a proof."""

    objective: str
    unit: str
    value: int
    bound: int
    gap_per_mille: int
    proved: bool
    completion: int
    seed: int
    budget: int
    convoys: tuple[ConvoyRow, ...]
    slow_because: str | None = None
    """What the problem holds that only the plain decoder can try."""
    stopped_after: int | None = None
    """Decoder calls after which the search was stopped."""


class _Given(msgspec.Struct, frozen=True):
    convoys: tuple[ConvoyRow, ...]
    turned_back: tuple[ConvoyRow, ...] = ()
    """Convoys that had departed and are no longer in the plan: whoever was aboard waits again."""


def written(problem: Problem, plan: Plan) -> PlanRow:
    """The plan in the form that is published."""
    rows = (_row(problem, convoy, stands) for convoy, stands in zip(plan.convoys, _stands(problem, plan), strict=True))
    return PlanRow(
        objective=plan.objective, unit=UNITS[plan.objective], value=plan.value, bound=plan.bound,
        gap_per_mille=round(plan.gap * 1000), proved=plan.bound >= plan.value, completion=plan.completion,
        seed=plan.seed, budget=plan.budget, convoys=tuple(rows),
        slow_because=plan.slow_because, stopped_after=plan.stopped_after,
    )  # fmt: skip


def rows(problem: Problem, convoys: Sequence[Convoy]) -> list[object]:
    """Convoys in the form that is published, whatever plan they are of."""
    return [msgspec.to_builtins(_row(problem, convoy, 0)) for convoy in convoys]


def read_turned_back(text: bytes, problem: Problem) -> tuple[Convoy, ...]:
    """The convoys that a written plan, which `read_plan` has read, says were turned back."""
    bare = isinstance(msgspec.json.decode(text), list)
    return () if bare else from_rows(problem, msgspec.json.decode(text, type=_Given).turned_back)


def _stands(problem: Problem, plan: Plan) -> list[int]:
    """Minutes of each convoy at all swap points."""
    each = [waits(problem, swap, plan.convoys) for swap in problem.swaps]
    return [sum(minutes) for minutes in zip(*each, strict=True)] if each else [0] * len(plan.convoys)


def _row(problem: Problem, convoy: Convoy, stands: int) -> ConvoyRow:
    ambulances = {vehicle.id for vehicle in problem.fleet if vehicle.kind == "ambulance"} & set(convoy.vehicles)
    return ConvoyRow(
        route=convoy.route, buses=len(convoy.vehicles) - len(ambulances), ambulances=len(ambulances),
        crossing_start=convoy.crossing_start, crossing_end=convoy.crossing_end, people=sum(convoy.people), wounded=convoy.wounded,
        classes=convoy.people, vehicles=convoy.vehicles, groups=convoy.groups,
        manifests=_manifests(problem, convoy), lying=convoy.lying or None, loading=convoy.loading, departure=convoy.departure,
        reception=convoy.reception, returns=convoy.returns, stands=stands, waits_for=convoy.why_waits,
    )  # fmt: skip


def _manifests(problem: Problem, convoy: Convoy) -> tuple[ManifestRow, ...]:
    """Of a convoy that has departed the problem may know the families no more: then it is said where each is, and no numbers."""
    if not convoy.groups:
        return ()
    known = {group.id for side in problem.sides for group in side.groups}
    if not known.issuperset(convoy.groups):
        return tuple(ManifestRow(name, names) for name, names in zip(convoy.vehicles, convoy.families, strict=True))
    made = manifests(problem, convoy)
    return tuple(ManifestRow(each.vehicle, each.groups, each.alone, each.wounded, each.seated, each.lying) for each in made)


def read_plan(text: bytes, problem: Problem, file: str = "", whole: bool = False) -> tuple[Convoy, ...]:
    """The convoys of a written plan, or of a bare list of witness rows. What is not said follows: minutes from the route, vehicles
    in the order in which they are back, classes filled from the highest. `whole`: the problem knows every vehicle and family of it.

    Raises
    ------
    InputError
        UNREADABLE_PLAN: another form, or a name that the instance has not; the field is named.
    """
    try:
        bare = isinstance(msgspec.json.decode(text), list)
        rows = msgspec.json.decode(text, type=tuple[ConvoyRow, ...]) if bare else msgspec.json.decode(text, type=_Given).convoys
    except msgspec.DecodeError as wrong:
        said, _, path = str(wrong).partition(" - at `$")
        stop(UNREADABLE_PLAN, Where(file, field=path.rstrip("`").lstrip(".")), reason=said[:1].lower() + said[1:])
    for index, row in enumerate(rows):
        for field, reason in _unknown(row, problem, whole):
            stop(UNREADABLE_PLAN, Where(file, field=f"convoys[{index}].{field}"), reason=reason)
        _agrees(row, f"convoys[{index}]", problem, file)
    return from_rows(problem, rows)


def _unknown(row: ConvoyRow, problem: Problem, whole: bool) -> Iterator[tuple[str, str]]:
    """Names that the problem has not, with the nearest that it has; and numbers for other classes than it has."""
    routes = [route.id for route in problem.routes]
    if row.route not in routes:
        yield "route", no_such("route", row.route, routes)
    if row.classes and len(row.classes) != len(problem.classes):
        names = listed([each.id for each in problem.classes])
        yield "classes", f"{len(row.classes)} numbers, and the instance has {len(problem.classes)} classes: {names}"
    vehicles = [vehicle.id for vehicle in problem.fleet] if whole else row.vehicles
    families = [group.id for side in problem.sides for group in side.groups] if whole else row.groups
    yield from ((f"vehicles[{n}]", no_such("vehicle", name, vehicles)) for n, name in enumerate(row.vehicles) if name not in vehicles)
    yield from ((f"groups[{n}]", no_such("family", name, families)) for n, name in enumerate(row.groups) if name not in families)


def _agrees(row: ConvoyRow, at: str, problem: Problem, file: str) -> None:
    """What is said twice is said alike: whoever edits one of the two means something, and it is not ours to choose what."""
    buses = {vehicle.id for vehicle in problem.fleet if vehicle.kind == "bus"}
    named = sum(name in buses for name in row.vehicles)
    counted = any(each.seated or each.wounded for each in row.manifests)
    twice = [("people", row.people, "classes", sum(row.classes), bool(row.classes))]
    twice += [("people", row.people, "manifests", sum(each.seated for each in row.manifests), counted)]
    twice += [("wounded", row.wounded, "manifests", sum(each.wounded for each in row.manifests), counted)]
    twice += [("buses", row.buses, "vehicles", named, bool(row.vehicles))]
    twice += [("ambulances", row.ambulances, "vehicles", len(row.vehicles) - named, bool(row.vehicles))]
    for field, said, other, sums, both in twice:
        if both and said != sums:
            reason = f"it says {said}, and `{other}` come to {sums}: change both, or leave `{other}` out"
            stop(UNREADABLE_PLAN, Where(file, field=f"{at}.{field}"), reason=reason)
    for field, names, there, in_order in (
        ("vehicles", list(row.vehicles), [each.vehicle for each in row.manifests], True),
        ("groups", sorted(row.groups), sorted({name for each in row.manifests for name in each.groups}), False),
    ):
        if row.manifests and names != there:
            reason = f"{_apart(field, names, there, in_order)}: change both, or leave `manifests` out"
            stop(UNREADABLE_PLAN, Where(file, field=f"{at}.manifests"), reason=reason)


def _apart(field: str, names: list[str], there: list[str], in_order: bool) -> str:
    """Which names only one of the two has."""
    only = [(f"only in `{field}`: ", [n for n in names if n not in there]), ("only in `manifests`: ", [n for n in there if n not in names])]
    said = "; ".join(where + listed(those) for where, those in only if those)
    return said or (f"they are not in the order of `{field}`" if in_order else f"`{field}` names one twice")


def from_rows(problem: Problem, rows: Sequence[ConvoyRow]) -> tuple[Convoy, ...]:
    """Convoys from rows of the problem's routes, whatever of them is not said."""
    timed = [_timed(problem.route(RouteId(row.route)), row) for row in rows]
    named = _named(problem, _returned(problem, _classed(problem, timed, rows), rows), rows)
    return _lying(problem, _grouped(problem, named, rows), rows)


def _lying(problem: Problem, convoys: tuple[Convoy, ...], rows: Sequence[ConvoyRow]) -> tuple[Convoy, ...]:
    """Where no convoy of a side says how many lie, as many as can, first through first."""
    found, beds = list(convoys), {v.id: v.seats for v in problem.fleet if v.kind == "ambulance" and v.stretchers}
    for side in (side for side in problem.sides if side.lying):
        own = [index for index, convoy in enumerate(convoys) if problem.route(convoy.route).side == side.id]
        left = 0 if any(rows[index].lying is not None for index in own) else side.lying
        for index in sorted(own, key=lambda index: convoys[index].crossing_end):
            if left:
                aboard = min(left, convoys[index].wounded, sum(beds.get(name, 0) for name in convoys[index].vehicles))
                found[index], left = replace(convoys[index], lying=aboard), left - aboard
    return tuple(found)


def _timed(route: Route, row: ConvoyRow) -> Convoy:
    departure = row.crossing_start - route.pre if row.departure is None else row.departure
    return Convoy(
        route=route.id, vehicles=tuple(VehicleId(name) for name in row.vehicles),
        loading=departure - route.load if row.loading is None else row.loading, departure=departure,
        crossing_start=row.crossing_start, crossing_end=row.crossing_end,
        reception=row.crossing_end + route.onward if row.reception is None else row.reception,
        people=row.classes or (row.people,), wounded=row.wounded, why_waits=row.waits_for, returns=row.returns, lying=row.lying or 0,
        families=tuple(tuple(GroupId(name) for name in each.groups) for each in row.manifests),
    )  # fmt: skip


def _classed(problem: Problem, convoys: list[Convoy], rows: Sequence[ConvoyRow]) -> list[Convoy]:
    """Where only the sum is said, whoever is of the highest class goes first."""
    left = {side.id: list(side.people) for side in problem.sides}
    found = list(convoys)
    for index in sorted(range(len(convoys)), key=lambda index: convoys[index].crossing_end):
        waiting, take = left[problem.route(convoys[index].route).side], rows[index].people
        if rows[index].classes:
            continue
        people = []
        for k, number in enumerate(waiting):
            aboard = min(number, take) if k + 1 < len(waiting) else take
            people.append(aboard)
            waiting[k], take = number - aboard, take - aboard
        found[index] = replace(convoys[index], people=tuple(people))
    return found


def _grouped(problem: Problem, convoys: tuple[Convoy, ...], rows: Sequence[ConvoyRow]) -> tuple[Convoy, ...]:
    """Where it is not said in which vehicle a family sits, it is seated as the decoder seats it; where no convoy of a side names a family,
    families board as the decoder lets them board."""
    found, fleet = list(convoys), {vehicle.id: vehicle for vehicle in problem.fleet}
    for side in (side for side in problem.sides if side.groups):
        own = [index for index, convoy in enumerate(convoys) if problem.route(convoy.route).side == side.id]
        named, left = any(rows[index].groups for index in own), seats.waiting(side)
        for index in sorted(own, key=lambda index: convoys[index].crossing_end):
            convoy = convoys[index]
            if convoy.families or not all(name in fleet for name in convoy.vehicles):
                continue
            vehicles = [fleet[name] for name in convoy.vehicles]
            families = seats.seated((group for group in side.groups if group.id in rows[index].groups), vehicles)
            if not named:
                there, away = apart(left, side, convoy.loading)
                aboard, there = seats.board(there, vehicles, convoy.persons)
                families, left = aboard.families, together(there, away)
            found[index] = replace(convoy, families=families)
    return tuple(found)


def _returned(problem: Problem, convoys: list[Convoy], rows: Sequence[ConvoyRow]) -> list[Convoy]:
    """Where it is not said when empty vehicles come back through a gate that stops them: as soon as it has time, in order of passing."""
    found = list(convoys)
    for index in sorted(range(len(convoys)), key=lambda index: convoys[index].crossing_end):
        convoy, route = convoys[index], problem.route(convoys[index].route)
        here = [each for each in found if problem.route(each.route).crossing == route.crossing]
        busy = sorted((begin, end) for each in here for begin, end in ((each.crossing_start, each.crossing_end), each.returns or (0, 0)))
        vehicles = rows[index].buses + rows[index].ambulances
        if convoy.returns is None:
            found[index] = replace(convoy, returns=returning(problem.crossing(route.crossing), route, vehicles, convoy.crossing_end, busy))
    return found


def _named(problem: Problem, convoys: list[Convoy], rows: Sequence[ConvoyRow]) -> tuple[Convoy, ...]:
    """Where only numbers are said: of those that serve the ones that are lost soonest, then those that have been back longest. Where
    too few serve, others: `check` says what is wrong with them."""
    kinds: tuple[Kind, Kind] = ("bus", "ambulance")
    pools = {(s.id, kind): {v.id for v in problem.fleet if (v.side, v.kind) == (s.id, kind)} for s in problem.sides for kind in kinds}
    free = {vehicle.id: vehicle.ready_at for vehicle in problem.fleet}
    lost, found = problem.lost_at(), list(convoys)
    for index in sorted(range(len(convoys)), key=lambda index: convoys[index].loading):
        convoy, row = convoys[index], rows[index]
        route = problem.route(convoy.route)
        back = problem.again(convoy)
        if not row.vehicles:
            serve = {v: free[v] <= convoy.loading and back <= lost.get(v, back) for v in free}
            order = sorted(free, key=lambda v: (not serve[v], lost.get(v, 1 << 60), free[v], v))
            numbers: tuple[tuple[Kind, int], ...] = (("bus", row.buses), ("ambulance", row.ambulances))
            chosen = [v for kind, number in numbers for v in [v for v in order if v in pools[route.side, kind]][:number]]
            convoy = found[index] = replace(convoy, vehicles=tuple(chosen))
        for vehicle in convoy.vehicles:
            free[vehicle] = back
    return tuple(found)
