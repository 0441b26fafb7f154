"""Whether receptions have room for everybody who can only be received there: if not, no search needs to begin."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from safepassage.planner.problem import DAY, Problem, Reception
from safepassage.values.ids import SideId

MOST = 8
"""Receptions of which every choice is asked; of more, each alone and all together."""


class Short(NamedTuple):
    """These sides end at these receptions and nowhere else: so many persons, and `room` for fewer until the last plan could end."""

    receptions: tuple[str, ...]
    sides: tuple[SideId, ...]
    persons: int
    room: int
    days: int

    @property
    def words(self) -> str:
        places, sides = " and ".join(self.receptions), " and ".join(self.sides)
        days = f"the {self.days} days on which somebody can come" if self.days != 1 else "the one day on which somebody can come"
        return f"{places} can take {self.room:,} persons in {days}, and {self.persons:,} of {sides} have no other way"


def short(problem: Problem) -> Short | None:
    """The fewest receptions that are too small together; None proves nothing. A side with a route to elsewhere is not counted."""
    ends = {route.id: {place.id for place in problem.receptions if route.id in place.routes} for route in problem.routes}
    only: dict[SideId, set[str]] = {}
    for side in problem.sides:
        own = [ends[route.id] for route in problem.routes if route.side == side.id]
        if own and all(own):
            only[side.id] = set[str]().union(*own)
    for size in range(1, len(problem.receptions) + 1):
        if len(problem.receptions) > MOST and 1 < size < len(problem.receptions):
            continue
        for chosen in combinations(problem.receptions, size):
            names = {place.id for place in chosen}
            sides = tuple(side.id for side in problem.sides if side.id in only and only[side.id] <= names)
            persons, room = sum(problem.side(side).persons for side in sides), sum(_room(problem, place) for place in chosen)
            if persons > room:
                days = set[int]().union(*(_days(problem, place) for place in chosen))
                return Short(tuple(place.id for place in chosen), sides, persons, room, len(days))
    return None


def _days(problem: Problem, place: Reception) -> set[int]:
    """Days on which somebody who passes a gate in one of its windows, and in time, can be received there."""
    found = set[int]()
    for route in (route for route in problem.routes if route.id in place.routes):
        gate, begun = problem.crossing(route.crossing), [c.loading for c in problem.announced if c.route == route.id]
        soonest = max(problem.boarding_from, min([problem.now, *begun])) + route.load + route.pre
        for opens, closes in gate.windows:
            first, last = max(opens, soonest) + gate.handling(1) + route.onward, min(closes, problem.limit) + route.onward
            found |= set(range(first // DAY, last // DAY + 1)) if first <= last else set()
    return found


def _room(problem: Problem, place: Reception) -> int:
    """Persons whom it can still take, without those under way to it."""
    taken = dict.fromkeys(_days(problem, place), 0)
    for convoy in problem.underway:
        if convoy.route in place.routes and convoy.reception // DAY in taken:
            taken[convoy.reception // DAY] += convoy.persons
    return sum(max(0, place.takes(day) - taken[day]) for day in taken)
