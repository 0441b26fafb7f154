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


def manifests(problem: Problem, convoy: Convoy) -> tuple[Manifest, ...]:
    """One for each vehicle, in the convoy's order; together they hold exactly the convoy's people."""
    fleet = {vehicle.id: vehicle for vehicle in problem.fleet}
    sizes = {group.id: (group.size, group.wounded) for group in problem.side(problem.route(convoy.route).side).groups}
    families = convoy.families or ((),) * len(convoy.vehicles)
    hurt = {name: fleet[name].kind == "ambulance" for name in convoy.vehicles}
    taken = {name: sum(sizes[group][hurt[name]] for group in groups) for name, groups in zip(convoy.vehicles, families, strict=True)}
    free = {name: fleet[name].seats - taken[name] for name in convoy.vehicles}
    alone = _fill({n: free[n] for n in free if not hurt[n]}, sum(convoy.people) - sum(taken[n] for n in taken if not hurt[n]))
    alone |= _fill({n: free[n] for n in free if hurt[n]}, convoy.wounded - sum(taken[n] for n in taken if hurt[n]))
    return tuple(
        Manifest(name, groups, 0, taken[name] + alone[name], 0)
        if hurt[name]
        else Manifest(name, groups, alone[name], 0, taken[name] + alone[name])
        for name, groups in zip(convoy.vehicles, families, strict=True)
    )


def _fill(free: dict[VehicleId, int], alone: int) -> dict[VehicleId, int]:
    """People on their own by vehicle, where the most places are left."""
    found = {}
    for name in sorted(free, key=lambda name: (-free[name], name)):
        found[name] = min(alone, free[name])
        alone -= found[name]
    return found
