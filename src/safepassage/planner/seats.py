"""Who boards: the wounded into ambulances, then class after class, and no family is ever split between convoys.

Within a class the biggest family that fits goes first (best fit, decreasing), people on their own fill the rest. What
is left
fits no waiting group of a higher class, so a lower class that boards after it takes nobody's place (C10, S/RES/2328
para 4).
"""

from __future__ import annotations

from typing import NamedTuple

from safepassage.planner.problem import Group, Side
from safepassage.values.ids import GroupId


class Waiting(NamedTuple):
    """Persons of one side not yet placed: alone and in groups by class (biggest group first), and wounded."""

    alone: tuple[int, ...]
    groups: tuple[tuple[Group, ...], ...]
    wounded: int

    @property
    def people(self) -> int:
        return sum(self.alone) + sum(group.size for same in self.groups for group in same)

    @property
    def persons(self) -> int:
        return self.people + self.wounded

    @property
    def smallest(self) -> int:
        """Persons in the smallest party that can board: 1, unless everybody left belongs to a family."""
        if self.wounded or any(self.alone):
            return 1
        return min((group.size for same in self.groups for group in same), default=0)


class Aboard(NamedTuple):
    people: tuple[int, ...]
    wounded: int
    groups: tuple[GroupId, ...]


def waiting(side: Side) -> Waiting:
    """The side as it waits; the groups' members are counted among `people`."""
    classes = range(len(side.people))
    groups = tuple(tuple(sorted((g for g in side.groups if g.priority == k), key=lambda g: (-g.size, g.id))) for k in classes)
    alone = tuple(side.people[k] - sum(group.size for group in groups[k]) for k in classes)
    return Waiting(alone, groups, side.wounded)


def board(before: Waiting, seats: int, beds: int, room: int) -> tuple[Aboard, Waiting]:
    """Fill `beds` with wounded and `seats` with the rest, never more than `room` persons in all (what parity
    leaves)."""
    wounded = min(before.wounded, beds, room)
    left = min(seats, room - wounded)
    names: list[GroupId] = []
    people, alone, stay = [], [], []
    for single, groups in zip(before.alone, before.groups, strict=True):
        chosen, rest = _families(groups, left) if groups else ((), ())
        seated = sum(group.size for group in chosen)
        others = min(single, left - seated)
        left -= seated + others
        people.append(seated + others)
        alone.append(single - others)
        stay.append(rest)
        names.extend(group.id for group in chosen)
    return Aboard(tuple(people), wounded, tuple(names)), Waiting(tuple(alone), tuple(stay), before.wounded - wounded)


def _families(groups: tuple[Group, ...], left: int) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Those that board and those that stay; `groups` is sorted, biggest first."""
    chosen, rest = [], []
    for group in groups:
        if group.size <= left:
            chosen.append(group)
            left -= group.size
        else:
            rest.append(group)
    return tuple(chosen), tuple(rest)
