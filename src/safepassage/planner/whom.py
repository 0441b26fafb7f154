"""Who was told which gate and minute, and when they leave now: person by person as far as a plan knows them, by family and by class.

A family is the same family in both plans. People of no family stand in for each other within their class, so as many as can keep theirs
keep it; the others follow in order, first to have left, first to leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from safepassage.planner.problem import Convoy, Group, Problem, RouteId, Side
from safepassage.values.ids import GroupId, SideId

Key = tuple[int, RouteId]
"""Departure and route: what people are told."""
Alone = list[dict[Key, int]]
"""People of no family, class by class and then the wounded, by the convoy with which they go."""


class Shift(msgspec.Struct, frozen=True):
    """`people` persons of a side who were to depart at `was` by one convoy and now depart at `becomes` by another, or by the same at the
    same minute."""

    side: SideId
    was_route: RouteId
    was: int
    route: RouteId
    becomes: int
    people: int
    classes: tuple[int, ...]
    """Of them, by class, highest first; without the wounded."""
    wounded: int
    families: tuple[GroupId, ...] = ()
    """Whole."""

    @property
    def minutes(self) -> int:
        """Later if positive, earlier if negative."""
        return self.becomes - self.was

    @property
    def same(self) -> bool:
        """Whether they leave as they were told."""
        return not self.minutes and self.was_route == self.route


class Told(NamedTuple):
    """How many were told something: by class, wounded, persons of whole families among them, and these families."""

    classes: tuple[int, ...]
    wounded: int
    families: int


def shifts(problem: Problem, side: Side, ahead: Sequence[Convoy], gone: Iterable[Group] = ()) -> list[Shift]:
    """Everybody of a side who was told something and has a place now, in order of what they were told. `gone`: families that were told
    and stay now; of others that the problem does not name any more the members count as people of no family."""
    known = {group.id: group for group in (*side.groups, *gone)}
    own = {route.id for route in problem.routes if route.side == side.id}
    before, now = ([convoy for convoy in some if convoy.route in own] for some in (problem.announced, ahead))
    found: dict[tuple[Key, Key], list[int]] = {}
    families: dict[tuple[Key, Key], list[GroupId]] = {}
    where = {name: (convoy.departure, convoy.route) for convoy in now for name in convoy.groups}
    size = len(problem.classes) + 1
    for convoy in before:
        for name in convoy.groups:
            if name in known and name in where:
                pair = ((convoy.departure, convoy.route), where[name])
                families.setdefault(pair, []).append(name)
                row = found.setdefault(pair, [0] * size)
                row[known[name].priority] += known[name].size
                row[-1] += known[name].wounded
    for k, (told, places) in enumerate(zip(_alone(before, known, size), _alone(now, known, size), strict=True)):
        for pair, people in _matched(told, places):
            found.setdefault(pair, [0] * size)[k] += people
    return [
        Shift(side.id, was[1], was[0], becomes[1], becomes[0], sum(row), tuple(row[:-1]), row[-1], tuple(families.get((was, becomes), ())))
        for (was, becomes), row in sorted(found.items())
    ]


def all_told(problem: Problem, side: Side, gone: Iterable[Group] = ()) -> Told:
    """Whoever of a side was told something."""
    own = {route.id for route in problem.routes if route.side == side.id}
    known = {group.id for group in (*side.groups, *gone)}
    announced = [convoy for convoy in problem.announced if convoy.route in own]
    classes = tuple(sum(convoy.people[k] for convoy in announced) for k in range(len(problem.classes)))
    return Told(classes, sum(convoy.wounded for convoy in announced), len({n for c in announced for n in c.groups if n in known}))


def _alone(convoys: Sequence[Convoy], known: dict[GroupId, Group], size: int) -> Alone:
    found: Alone = [{} for _ in range(size)]
    for convoy in convoys:
        key = (convoy.departure, convoy.route)
        groups = [known[name] for name in convoy.groups if name in known]
        numbers = [*convoy.people, convoy.wounded - sum(group.wounded for group in groups)]
        for group in groups:
            numbers[group.priority] -= group.size
        for k, number in enumerate(numbers):
            found[k][key] = found[k].get(key, 0) + number
    return found


def _matched(told: dict[Key, int], places: dict[Key, int]) -> Iterator[tuple[tuple[Key, Key], int]]:
    """Who keeps theirs, then the others in order of departure, old against new; whoever finds no place any more is in none."""
    before, now = dict(told), dict(places)
    for key in sorted(before.keys() & now.keys()):
        people = min(before[key], now[key])
        if people > 0:
            yield (key, key), people
            before[key], now[key] = before[key] - people, now[key] - people
    coming = [(key, people) for key, people in sorted(now.items(), reverse=True) if people > 0]
    for was, people in sorted(before.items()):
        while people > 0 and coming:
            key, seats = coming.pop()
            part = min(people, seats)
            yield (was, key), part
            people -= part
            if seats > part:
                coming.append((key, seats - part))
