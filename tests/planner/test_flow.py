"""The rows of the LP that keep vehicles, against their plain definition, instant by instant."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from safepassage.planner.dispatch import dispatched, rules
from safepassage.planner.flow import ALL, KINDS, RANGES, Flow, Grid, Mode, Vehicles, _fleet, _modes
from safepassage.planner.problem import Kind, Loss, Problem, Side
from tests.planner.worlds import night, wide

Plain = tuple[frozenset[int], int]


def there(problem: Problem, side: Side, kind: Kind, instant: int) -> int:
    """Counted one by one: ready, not lost, and not on a convoy under way."""
    lost, number = problem.lost_at(), 0
    for vehicle in problem.fleet:
        away = any(
            vehicle.id in convoy.vehicles and convoy.loading <= instant < convoy.crossing_end + problem.route(convoy.route).post
            for convoy in problem.underway
        )
        mine = (vehicle.side, vehicle.kind) == (side.id, kind) and vehicle.ready_at <= instant < lost.get(vehicle.id, instant + 1)
        number += mine and not away
    return number


def bound_at(grid: Grid, modes: list[Mode], vehicles: Vehicles, kind: Kind, instant: int) -> frozenset[int]:
    """Columns of which every crossing end binds that instant."""
    return frozenset(
        vehicles[mode, kind, slot]
        for mode in modes
        for slot in mode.slots
        if grid.end(slot) - mode.lead <= instant < grid.begin(slot) + mode.route.post
    )


def under_way(problem: Problem) -> Problem:
    table = dispatched(problem, rules(problem)[0])
    assert table is not None
    gone = sorted(table.convoys, key=lambda convoy: convoy.departure)[:2]
    return replace(problem, underway=tuple(gone), now=gone[-1].departure)


def losing(problem: Problem) -> Problem:
    return replace(problem, losses=(Loss(problem.now + 97, tuple(vehicle.id for vehicle in problem.fleet[:2])),))


WORLDS = [night(), losing(night()), under_way(night()), losing(under_way(night())), under_way(wide(2, 600))]


@pytest.mark.parametrize("width", [7, 20, 60])
@pytest.mark.parametrize("problem", WORLDS, ids=range(len(WORLDS)))
def test_every_instant_is_implied_by_a_row_and_every_row_is_of_an_instant(problem: Problem, width: int) -> None:
    grid = Grid(problem.now, width, min(problem.limit, problem.now + 700))
    for side in problem.sides:
        model, vehicles = Flow(), Vehicles()
        modes = list(_modes(problem, side, grid, ALL, RANGES))
        for mode in modes:
            for kind in KINDS:
                vehicles |= {(mode, kind, slot): model.column(0.0, 1.0) for slot in mode.slots}
        _fleet(problem, model, grid, side, modes, vehicles)
        rows = {(frozenset(row.columns), int(row.high)) for row in model.rows}
        ends = {mode.route.post - 1 for mode in modes} | {-1 - mode.lead for mode in modes}
        instants = {grid.begin(slot) + end for slot in range(len(grid.slots) + 1) for end in ends}
        plain: set[Plain] = {
            (bound_at(grid, modes, vehicles, kind, instant), there(problem, side, kind, instant)) for kind in KINDS for instant in instants
        }
        assert rows <= plain
        assert all(any(columns <= more and most <= number for more, most in rows) for columns, number in plain if columns)
