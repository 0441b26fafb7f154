"""The minutes of a convoy that do not follow from the one before: which field, what it says, and what would follow. Part of `check`."""

from __future__ import annotations

from collections.abc import Iterator

from safepassage.planner.problem import Convoy, Problem


def wrong_steps(problem: Problem, convoy: Convoy) -> Iterator[tuple[str, str]]:
    """(field, words) for each minute that does not follow from the route and the convoy's size. In minutes, as the file has them."""
    for field, said, follows, because in (*_out(problem, convoy), *_back(problem, convoy)):
        if said != follows:
            yield field, f"`{field}` is {said}, and {because} make {follows}"
    if convoy.returns is not None and problem.route(convoy.route).inward is None:
        yield "returns", "`returns` is there, and its gate stops no empty vehicles"


def _out(problem: Problem, convoy: Convoy) -> Iterator[tuple[str, int, int, str]]:
    """Each minute of the way out: what is said, what follows from the minute before it, and why."""
    route = problem.route(convoy.route)
    gate, vehicles = problem.crossing(route.crossing), len(convoy.vehicles)
    handled = gate.setup + gate.per_vehicle * vehicles
    load, pre = (
        f"`loading` {convoy.loading} and {route.load} minutes to load",
        f"`departure` {convoy.departure} and {route.pre} to the gate",
    )
    passing = f"`crossing_start` {convoy.crossing_start} and {handled} minutes for {vehicles} vehicles at {gate.id}"
    yield "departure", convoy.departure, convoy.loading + route.load, load
    yield "crossing_start", convoy.crossing_start, convoy.departure + route.pre, pre
    yield "crossing_end", convoy.crossing_end, convoy.crossing_start + handled, passing
    onward = f"`crossing_end` {convoy.crossing_end} and {route.onward} minutes on"
    yield "reception", convoy.reception, convoy.crossing_end + route.onward, onward


def _back(problem: Problem, convoy: Convoy) -> Iterator[tuple[str, int, int, str]]:
    route = problem.route(convoy.route)
    if convoy.returns is None or route.inward is None:
        return
    gate, vehicles, (begin, end) = problem.crossing(route.crossing), len(convoy.vehicles), convoy.returns
    setup, per_vehicle = gate.empty or (gate.setup, gate.per_vehicle)
    soonest, handled = convoy.reception + route.unload + route.inward, setup + per_vehicle * vehicles
    ways = f"`reception` {convoy.reception}, {route.unload} minutes to unload and {route.inward} back to the gate, at the soonest,"
    yield "returns[0]", begin, max(begin, soonest), ways
    yield "returns[1]", end, begin + handled, f"`returns[0]` {begin} and {handled} minutes for {vehicles} empty vehicles at {gate.id}"
