"""How much each clause of a conflict would have to give: proved to be needed, and found to be enough.

One clause at a time is eased by an amount (minutes, vehicles, persons). The smallest amount that the LP does not refuse is needed: with
less nobody finds a plan. The smallest for which a plan was found is enough. Between the two nothing is known, and both are said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from safepassage.planner.problem import Crossing, Kind, Problem, Vehicle
from safepassage.values.ids import SideId, VehicleId

Test = Callable[[Problem], bool]
NEVER = 1 << 40
WIDEST = 1 << 16
"""Persons by which a band is widened at most."""


class Give(msgspec.Struct, frozen=True):
    """What one clause group would have to give. `at_least`: proved; `enough`: a plan was found; None: not known up to what was tried."""

    clause: str
    what: str
    unit: str
    at_least: int | None
    enough: int | None

    @property
    def words(self) -> str:
        if self.at_least is None:
            return f"{self.what}: no amount that was tried is enough by itself"
        if self.enough is None:
            return f"{self.what}: {amount(self.at_least, self.unit)} at least; how much is enough is not known"
        if self.enough == self.at_least:
            return f"{self.what}: {amount(self.enough, self.unit)}"
        return f"{self.what}: {amount(self.at_least, self.unit)} at least, {amount(self.enough, self.unit)} are enough"


class _Easing(NamedTuple):
    """One way to ease a clause: the problem with that much given, up to `most`."""

    what: str
    unit: str
    most: int
    ease: Callable[[int], Problem]


def gives(problem: Problem, clause: str, possible: Test, found: Test) -> Give:
    """Of the clause's easings (which side's buses, which gate's hours) the one of which least is needed, and how much is enough."""
    tried = [(_between(easing, possible, 1), easing) for easing in _easings(problem, clause)]
    needed, easing = min(tried, key=lambda pair: pair[0] or (NEVER, NEVER))
    enough = None if needed is None else _between(easing, found, needed[0] + 1)
    return Give(clause, easing.what, easing.unit, None if needed is None else needed[0] + 1, None if enough is None else enough[1])


def _between(easing: _Easing, holds: Test, first: int) -> tuple[int, int] | None:
    """An amount that does not do and one, at most a twentieth more, that does; none below `first` does, and more never hurts. None:
    nothing does up to the most."""
    low, amount = first - 1, first
    while amount <= easing.most and not holds(easing.ease(amount)):
        further = amount + max(1, amount // 2)
        low, amount = amount, easing.most if amount < easing.most < further else further
    if amount > easing.most:
        return None
    while amount - low > max(1, amount // 20):
        middle = (low + amount) // 2
        low, amount = (low, middle) if holds(easing.ease(middle)) else (middle, amount)
    return low, amount


def _easings(problem: Problem, clause: str) -> Iterator[_Easing]:
    match clause:
        case "deadline":
            limit = problem.limit
            yield _Easing("a later deadline", "minutes", problem.horizon - limit, lambda n: replace(problem, deadline=limit + n))
        case "fleet":
            yield from (_vehicles(problem, side.id, kind) for side in problem.sides for kind in _kinds(problem, side.id))
        case "windows":
            yield from (_longer(problem, gate) for gate in problem.crossings)
        case "drivers":
            cycles = problem.cycles_per_day or 0
            yield _Easing("more trips per bus and day", "trips", 24, lambda n: replace(problem, cycles_per_day=cycles + n))
        case "size":
            yield _Easing("bigger convoys", "vehicles", len(problem.fleet), lambda n: _bigger(problem, n))
        case "number":
            yield from (_convoys(problem, side) for side, _ in problem.max_convoys)
        case "suspension":
            longest = max((end - begin for begin, end in problem.suspensions), default=0)
            yield _Easing("suspensions that end earlier", "minutes", longest, lambda n: _shorter(problem, n))
        case "parity":
            yield _Easing("a band wider at both edges", "persons", WIDEST, lambda n: _wider(problem, n))
        case "reception":
            yield _Easing("receptions that take more a day", "persons", WIDEST, lambda n: _roomier(problem, n))
        case "crews":
            yield _Easing("stretches on duty longer at both ends", "minutes", problem.horizon, lambda n: _longer_on_duty(problem, n))
        case "lights":
            start = problem.boarding_from
            yield _Easing("the last green light earlier", "minutes", start, lambda n: replace(problem, boarding_from=start - n))
        case _:
            yield from (_quicker(problem, gate) for gate in problem.crossings)


def _roomier(problem: Problem, persons: int) -> Problem:
    places = (
        replace(place, per_day=place.per_day + persons, later=tuple((day, takes + persons) for day, takes in place.later))
        for place in problem.receptions
    )
    return replace(problem, receptions=tuple(places))


def _longer_on_duty(problem: Problem, minutes: int) -> Problem:
    crews = (replace(crew, begin=max(0, crew.begin - minutes), end=crew.end + minutes) for crew in problem.crews)
    return replace(problem, crews=tuple(crews))


def _bigger(problem: Problem, vehicles: int) -> Problem:
    return replace(problem, convoy=replace(problem.convoy, high=problem.convoy.high + vehicles))


def _shorter(problem: Problem, minutes: int) -> Problem:
    left = ((begin, max(begin, end - minutes)) for begin, end in problem.suspensions)
    return replace(problem, suspensions=tuple((begin, end) for begin, end in left if begin < end))


def _wider(problem: Problem, persons: int) -> Problem:
    return replace(problem, parity=tuple(replace(band, low=band.low - persons, high=band.high + persons) for band in problem.parity))


def _kinds(problem: Problem, side: SideId) -> Iterator[Kind]:
    yield "bus"
    if problem.side(side).wounded:
        yield "ambulance"


def _vehicles(problem: Problem, side: SideId, kind: Kind) -> _Easing:
    """More of the same kind on one side, with as many seats as its own have."""
    own = [vehicle.seats for vehicle in problem.fleet if (vehicle.side, vehicle.kind) == (side, kind)]
    seats = min(own or [vehicle.seats for vehicle in problem.fleet if vehicle.kind == kind], default=50 if kind == "bus" else 2)

    def ease(number: int) -> Problem:
        more = (Vehicle(VehicleId(f"more-{side}-{kind}-{n:04}"), side, kind, seats) for n in range(number))
        return replace(problem, fleet=(*problem.fleet, *more))

    return _Easing(f"more {'buses' if kind == 'bus' else 'ambulances'} at {side}", "vehicles", 256, ease)


def _longer(problem: Problem, gate: Crossing) -> _Easing:
    def ease(minutes: int) -> Problem:
        longer = _merged([(opens, closes + minutes) for opens, closes in gate.windows])
        return replace(
            problem, crossings=tuple(replace(each, windows=longer) if each.id == gate.id else each for each in problem.crossings)
        )

    return _Easing(f"later closing of {gate.id}", "minutes", problem.horizon, ease)


def _merged(windows: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted(windows):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def _quicker(problem: Problem, gate: Crossing) -> _Easing:
    def ease(minutes: int) -> Problem:
        quick = replace(gate, setup=max(0, gate.setup - minutes))
        return replace(problem, crossings=tuple(quick if each.id == gate.id else each for each in problem.crossings))

    return _Easing(f"quicker handling of each convoy at {gate.id}", "minutes", gate.setup, ease)


def _convoys(problem: Problem, side: SideId) -> _Easing:
    def ease(number: int) -> Problem:
        return replace(problem, max_convoys=tuple((each, most + number if each == side else most) for each, most in problem.max_convoys))

    return _Easing(f"more convoys of {side}", "convoys", 64, ease)


def amount(number: int, unit: str) -> str:
    """In words: hours where it is minutes."""
    if unit == "minutes":
        hours, minutes = divmod(number, 60)
        return " ".join([*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes or not hours else [])])
    return f"{number} {unit[:-1] if number == 1 else unit}"
