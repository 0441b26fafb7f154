"""Who sits in which vehicle of a convoy: its families, as the plan has them, and people on their own in what is left."""

from __future__ import annotations

import msgspec

from safepassage.planner.problem import Convoy, Problem
from safepassage.values.ids import GroupId, VehicleId


class Manifest(msgspec.Struct, frozen=True):
    """One vehicle of one convoy. `alone`: people of no family; in an ambulance, `groups` are the families whose wounded lie here."""

    vehicle: VehicleId
    groups: tuple[GroupId, ...] = ()
    alone: int = 0
    wounded: int = 0
    """Places taken in an ambulance: the wounded of no family, and those of families aboard."""
    seated: int = 0
    lying: int = 0
    """Of the wounded here, who must lie."""


def manifests(problem: Problem, convoy: Convoy) -> tuple[Manifest, ...]:
    """One for each vehicle, in the convoy's order; together they hold exactly the convoy's people."""
    fleet = {vehicle.id: vehicle for vehicle in problem.fleet}
    sizes = {group.id: (group.size, group.wounded) for group in problem.side(problem.route(convoy.route).side).groups}
    families = convoy.families or ((),) * len(convoy.vehicles)
    lie = {group.id: group.lying for group in problem.side(problem.route(convoy.route).side).groups}
    hurt = {name: fleet[name].kind == "ambulance" for name in convoy.vehicles}
    taken = {name: sum(sizes[group][hurt[name]] for group in groups) for name, groups in zip(convoy.vehicles, families, strict=True)}
    free = {name: fleet[name].seats - taken[name] for name in convoy.vehicles}
    alone = _fill({n: free[n] for n in free if not hurt[n]}, sum(convoy.people) - sum(taken[n] for n in taken if not hurt[n]))
    lying, sitting = _ambulances(problem, convoy, {name: free[name] for name in free if hurt[name]}, taken)
    lain = {name: sum(lie[group] for group in groups) for name, groups in zip(convoy.vehicles, families, strict=True)}
    return tuple(
        Manifest(name, groups, 0, taken[name] + lying[name] + sitting[name], 0, lain[name] + lying[name])
        if hurt[name]
        else Manifest(name, groups, alone[name], 0, taken[name] + alone[name])
        for name, groups in zip(convoy.vehicles, families, strict=True)
    )


def _ambulances(
    problem: Problem, convoy: Convoy, free: dict[VehicleId, int], taken: dict[VehicleId, int]
) -> tuple[dict[VehicleId, int], dict[VehicleId, int]]:
    """Wounded of no family by vehicle: those who must lie, and the others, where there are no stretchers first."""
    groups = {group.id: group for group in problem.side(problem.route(convoy.route).side).groups}
    stretchers = {vehicle.id for vehicle in problem.fleet if vehicle.stretchers}
    alone = convoy.wounded - sum(taken[name] for name in free)
    alone_lying = convoy.lying - sum(groups[name].lying for name in convoy.groups)
    lying = dict.fromkeys(free, 0) | _fill({name: free[name] for name in free if name in stretchers}, alone_lying)
    chairs = _fill({name: free[name] for name in free if name not in stretchers}, alone - alone_lying)
    left = alone - alone_lying - sum(chairs.values())
    return lying, chairs | _fill({name: free[name] - lying[name] for name in free if name in stretchers}, left)


def _fill(free: dict[VehicleId, int], alone: int) -> dict[VehicleId, int]:
    """People on their own by vehicle, where the most places are left."""
    found = {}
    for name in sorted(free, key=lambda name: (-free[name], name)):
        found[name] = min(alone, free[name])
        alone -= found[name]
    return found
