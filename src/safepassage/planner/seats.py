"""Who boards: the wounded into ambulances and their families with them, then class after class, and no family is ever split between
convoys.

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
        if self.wounded > sum(group.wounded for same in self.groups for group in same) or any(self.alone):
            return 1
        return min((group.size + group.wounded for same in self.groups for group in same), default=0)


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
    first, (beds_left, seats_left, room_left) = _with_wounded(before, beds, seats, room)
    hurt = sum(group.wounded for group in first)
    others_hurt = before.wounded - sum(group.wounded for same in before.groups for group in same)
    wounded = hurt + min(others_hurt, beds_left, room_left)
    left = min(seats_left, room_left - (wounded - hurt))
    names = [group.id for group in first]
    people, alone, stay = [], [], []
    for single, groups in zip(before.alone, before.groups, strict=True):
        here = sum(group.size for group in first if group in groups)
        rest_of_class = tuple(group for group in groups if group not in first)
        chosen, rest = _families(rest_of_class, left) if rest_of_class else ((), ())
        seated = sum(group.size for group in chosen)
        others = min(single, left - seated)
        left -= seated + others
        people.append(here + seated + others)
        alone.append(single - others)
        stay.append(rest)
        names.extend(group.id for group in chosen)
    return Aboard(tuple(people), wounded, tuple(names)), Waiting(tuple(alone), tuple(stay), before.wounded - wounded)


def _with_wounded(before: Waiting, beds: int, seats: int, room: int) -> tuple[tuple[Group, ...], tuple[int, int, int]]:
    """Families with wounded that find beds and seats, and the beds, seats and persons' room that they leave."""
    chosen = []
    for group in sorted(
        (g for same in before.groups for g in same if g.wounded), key=lambda group: (-group.wounded, -group.size, group.id)
    ):
        if group.wounded <= beds and group.size <= seats and group.size + group.wounded <= room:
            chosen.append(group)
            beds, seats, room = beds - group.wounded, seats - group.size, room - group.size - group.wounded
    return tuple(chosen), (beds, seats, room)


def _families(groups: tuple[Group, ...], left: int) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Those that board and those that stay; `groups` is sorted, biggest first."""
    chosen, rest = [], []
    for group in groups:
        if group.size <= left and not group.wounded:
            chosen.append(group)
            left -= group.size
        else:
            rest.append(group)
    return tuple(chosen), tuple(rest)
