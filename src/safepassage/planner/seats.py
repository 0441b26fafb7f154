"""Who boards, and in which vehicle: the wounded into ambulances and their families with them, then class after class. Nobody's family is
split: its members sit in one vehicle, its wounded lie in one ambulance of the same convoy.

Within a class the biggest family that fits goes first, into the vehicle that it fills best (best fit, decreasing); people on their own
fill the rest, wherever that is, so only their number is kept while families are seated. What is left fits no waiting group of a higher
class, so a lower class that boards after it takes nobody's place (C10, S/RES/2328 para 4).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from safepassage.planner.problem import Group, Kind, Side, Vehicle
from safepassage.values.ids import GroupId


class Waiting(NamedTuple):
    """Persons of one side not yet placed: alone and in groups by class (biggest group first), wounded, `people`, all but these, and how
    many of the wounded must lie."""

    alone: tuple[int, ...]
    groups: tuple[tuple[Group, ...], ...]
    wounded: int
    people: int
    lying: int = 0

    @property
    def persons(self) -> int:
        return self.people + self.wounded

    @property
    def hurt(self) -> tuple[Group, ...]:
        """Families with wounded, in the order in which they board: those of whom somebody must lie before others."""
        return tuple(sorted((g for same in self.groups for g in same if g.wounded), key=_worst_first))

    @property
    def smallest(self) -> int:
        """Persons in the smallest party that can board: 1, unless everybody left belongs to a family."""
        if self.wounded > sum(group.wounded for same in self.groups for group in same) or any(self.alone):
            return 1
        return min((group.size + group.wounded for same in self.groups for group in same), default=0)


def _worst_first(group: Group) -> tuple[bool, int, int, int, int, GroupId]:
    return not group.lying, -group.wounded, -group.size, -group.lying, group.priority, group.id


class Aboard(NamedTuple):
    """`families`: who of them is in each vehicle, in the vehicles' order; in an ambulance, their wounded. None aboard: ()."""

    people: tuple[int, ...]
    wounded: int
    families: tuple[tuple[GroupId, ...], ...]
    lying: int = 0


class _Places:
    """The places in vehicles of one kind: how many are left, and how many no family has taken, by vehicle."""

    def __init__(self, vehicles: Sequence[Vehicle], kind: Kind, stretchers: bool = True) -> None:
        own = [(n, vehicle) for n, vehicle in enumerate(vehicles) if vehicle.kind == kind]
        self._free = sorted((vehicle.seats, n) for n, vehicle in own if kind == "bus" or vehicle.stretchers == stretchers)
        self.left = sum(seats for seats, _ in self._free)

    def hold(self, size: int) -> bool:
        return size == 0 or (size <= self.left and size <= self._free[-1][0])

    def take(self, size: int) -> int:
        """The vehicle that so many fill best."""
        free, n = self._free.pop(bisect_left(self._free, (size, -1)))
        insort(self._free, (free - size, n))
        self.left -= size
        return n


class _Loading:
    """A convoy while it is filled: places to sit in buses, to lie (`beds`) and to sit (`chairs`) in ambulances, persons for whom there is
    `room` in all, families by vehicle."""

    def __init__(self, vehicles: Sequence[Vehicle], room: int) -> None:
        self.seats, self.room = _Places(vehicles, "bus"), room
        self.beds, self.chairs = (_Places(vehicles, "ambulance", stretchers) for stretchers in (True, False))
        self._families: list[list[GroupId]] = [[] for _ in vehicles]

    def takes(self, group: Group) -> bool:
        """Whether the family has boarded: all of it, or nobody."""
        persons = group.size + group.wounded
        ambulances = self.chairs if not group.lying and self.chairs.hold(group.wounded) else self.beds
        if persons > self.room or not self.seats.hold(group.size) or not ambulances.hold(group.wounded):
            return False
        if group.size:
            self._families[self.seats.take(group.size)].append(group.id)
        if group.wounded:
            self._families[ambulances.take(group.wounded)].append(group.id)
        self.room -= persons
        return True

    def alone(self, places: _Places, number: int) -> int:
        """How many of these people on their own have boarded."""
        aboard = min(number, places.left, self.room)
        places.left -= aboard
        self.room -= aboard
        return aboard

    @property
    def families(self) -> tuple[tuple[GroupId, ...], ...]:
        return tuple(map(tuple, self._families)) if any(self._families) else ()


def _alike(group: Group) -> int:
    """No family before another, but for its size."""
    return 0


def waiting(side: Side) -> Waiting:
    """The side as it waits; the groups' members are counted among `people`."""
    classes = range(len(side.people))
    groups = tuple(tuple(sorted((g for g in side.groups if g.priority == k), key=lambda g: (-g.size, g.id))) for k in classes)
    alone = tuple(side.people[k] - sum(group.size for group in groups[k]) for k in classes)
    return Waiting(alone, groups, side.wounded, sum(side.people), side.lying)


def board(before: Waiting, vehicles: Sequence[Vehicle], room: int, rank: Callable[[Group], int] = _alike) -> tuple[Aboard, Waiting]:
    """Fill these vehicles, never with more than `room` persons in all (what parity and reception leave). Within a class families of a lower
    `rank` board first."""
    loading, hurt = _Loading(vehicles, room), sorted(before.hurt, key=lambda group: (not group.lying, rank(group)))
    alone_lying = before.lying - sum(group.lying for group in hurt)
    alone_sitting = before.wounded - sum(group.wounded for group in hurt) - alone_lying
    first = {group.id for group in hurt if group.lying and loading.takes(group)}
    lying = loading.alone(loading.beds, alone_lying)
    first |= {group.id for group in hurt if not group.lying and loading.takes(group)}
    sitting = loading.alone(loading.chairs, alone_sitting)
    sitting += loading.alone(loading.beds, alone_sitting - sitting)
    wounded = lying + sitting + sum(group.wounded for group in hurt if group.id in first)
    lying += sum(group.lying for group in hurt if group.id in first)
    people, alone, stay = [], [], []
    for single, groups in zip(before.alone, before.groups, strict=True):
        aboard, rest = 0, []
        for group in groups if rank is _alike else sorted(groups, key=rank):
            if group.id in first or (not group.wounded and loading.takes(group)):
                aboard += group.size
            else:
                rest.append(group)
        others = loading.alone(loading.seats, single)
        people.append(aboard + others)
        alone.append(single - others)
        stay.append(tuple(rest) if rank is _alike else tuple(sorted(rest, key=lambda group: (-group.size, group.id))))
    left = Waiting(tuple(alone), tuple(stay), before.wounded - wounded, before.people - sum(people), before.lying - lying)
    return Aboard(tuple(people), wounded, loading.families, lying), left


def seated(groups: Iterable[Group], vehicles: Sequence[Vehicle]) -> tuple[tuple[GroupId, ...], ...]:
    """These families in these vehicles, as `board` seats them; whoever finds no place whole is in none."""
    loading = _Loading(vehicles, 1 << 40)
    everyone = tuple(groups)
    for group in sorted((group for group in everyone if group.wounded), key=_worst_first):
        loading.takes(group)
    for group in sorted((group for group in everyone if not group.wounded), key=lambda group: (group.priority, -group.size, group.id)):
        loading.takes(group)
    return loading.families


def parties(left: Waiting, kind: Kind) -> set[int]:
    """How many there are in each party that must find its places in one vehicle of that kind; 1 for people on their own."""
    groups = [group for same in left.groups for group in same]
    lone = any(left.alone) if kind == "bus" else left.wounded > sum(group.wounded for group in groups)
    return {size for group in groups if (size := group.size if kind == "bus" else group.wounded)} | ({1} if lone else set())


def serves(left: Waiting, vehicle: Vehicle) -> bool:
    """Whether some party that waits finds places in it; where nobody waits for its kind, as good as any other."""
    if vehicle.kind == "ambulance" and not vehicle.stretchers:
        sitting = tuple(tuple(group for group in same if not group.lying) for same in left.groups)
        in_families = [group for same in left.groups for group in same if group.lying]
        lone_lying = left.lying - sum(group.lying for group in in_families)
        others = left.wounded - lone_lying - sum(group.wounded for group in in_families)
        return not left.wounded or any(
            size <= vehicle.seats for size in parties(left._replace(groups=sitting, wounded=others), "ambulance")
        )
    sizes = parties(left, vehicle.kind)
    return not sizes or min(sizes) <= vehicle.seats


def needed(left: Waiting, kind: Kind, places: int) -> int:
    """Vehicles of so many places that take everybody who goes by that kind, families whole; whom no vehicle holds is not counted."""
    hurt = left.hurt
    whole = [group.wounded for group in hurt] if kind == "ambulance" else [group.size for group in hurt]
    whole += [group.size for same in left.groups for group in same if kind == "bus" and not group.wounded]
    opened = list[int]()
    for size in whole:
        at = bisect_left(opened, size)
        if 0 < size <= places:
            insort(opened, (opened.pop(at) if at < len(opened) else places) - size)
    persons = left.people if kind == "bus" else left.wounded
    return max(len(opened), -(-persons // places))
