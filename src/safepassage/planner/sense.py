"""What an instance says that no plan can mean: each flaw with its field, what is wrong, and what to do. Solved is only what has none.

Form and signs are checked where the file is read; here one number is held against another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from safepassage.planner.instance import KINDS, Instance, RouteRow

SHORT = 15
"""Minutes. A whole trip that takes less was hardly meant in minutes."""


class Flaw(NamedTuple):
    """`doubt`: it may be meant; it is said beside the plan, and hinders nothing."""

    field: str
    what: str
    remedy: str
    doubt: bool = False


def flaws(instance: Instance) -> list[Flaw]:
    """Everything that is wrong, in the order of the file; empty: it can be solved."""
    checks = (_names, _numbers, _convoys, _steps, _gates, _routes, _fleets, _parities, _losses, _limits)
    return [flaw for check in checks for flaw in check(instance)]


def _names(instance: Instance) -> Iterator[Flaw]:
    named = {
        "sides": [side.id for side in instance.sides], "crossings": [gate.id for gate in instance.crossings],
        "routes": [route.id for route in instance.routes], "classes": [each.id for each in instance.classes],
    }  # fmt: skip
    for field, those in named.items():
        for name, times in Counter(those).items():
            if times > 1:
                yield Flaw(field, f"`{name}` is there {times} times", "give each a name of its own")
    sides, gates = {side.id for side in instance.sides}, {gate.id for gate in instance.crossings}
    for index, route in enumerate(instance.routes):
        yield from _known(f"routes[{index}].side", route.side, sides)
        yield from _known(f"routes[{index}].crossing", route.crossing, gates)
    for index, parity in enumerate(instance.parity):
        yield from _known(f"parity[{index}].plus", parity.plus, sides)
        yield from _known(f"parity[{index}].minus", parity.minus, sides)
    for field, names in (("fleet", instance.fleet), ("max_convoys", instance.max_convoys)):
        for name in names:
            yield from _known(field, name, sides)


def _known(field: str, name: str, those: Iterable[str]) -> Iterator[Flaw]:
    if name not in those:
        yield Flaw(field, f"`{name}` is not known", f"use one of: {', '.join(sorted(those))}")


def _numbers(instance: Instance) -> Iterator[Flaw]:
    for index, side in enumerate(instance.sides):
        if len(side.people) != len(instance.classes):
            said = f"{len(side.people)} numbers for {len(instance.classes)} classes"
            yield Flaw(f"sides[{index}].people", said, "give one number for each class, highest priority first")
        if side.id not in instance.fleet:
            yield Flaw("fleet", f"nothing is said of side `{side.id}`", "give [buses, ambulances]; [0, 0] where it has none")


def _convoys(instance: Instance) -> Iterator[Flaw]:
    if instance.convoy.min > instance.convoy.max:
        yield Flaw("convoy.min", f"{instance.convoy.min} is more than convoy.max, {instance.convoy.max}", "put the smaller number first")


def _steps(instance: Instance) -> Iterator[Flaw]:
    if not instance.cold or instance.cold[0][0] != 0:
        yield Flaw("cold", "it does not begin at minute 0", "give [0, weight] first")
    if any(one[0] >= other[0] for one, other in zip(instance.cold, instance.cold[1:], strict=False)):
        yield Flaw("cold", "its minutes do not ascend", "sort them")
    for index, (begin, end) in enumerate(instance.suspensions):
        if begin >= end:
            yield Flaw(f"suspensions[{index}]", f"it ends at {end}, not after {begin}", "put the begin first")


def _gates(instance: Instance) -> Iterator[Flaw]:
    for index, gate in enumerate(instance.crossings):
        field = f"crossings[{index}].windows"
        if any(opens >= closes for opens, closes in gate.windows):
            yield Flaw(field, "a window closes before it opens", "put the opening first")
        if any(one[1] > other[0] for one, other in zip(gate.windows, gate.windows[1:], strict=False)):
            yield Flaw(field, "its windows overlap, or do not ascend", "sort them, and join those that touch")
        longest = max((closes - opens for opens, closes in gate.windows), default=0)
        least = gate.setup + gate.per_vehicle
        if longest < least:
            said = f"the gate `{gate.id}` never opens long enough: {longest} minutes, one vehicle takes {least}"
            yield Flaw(field, said, "give it a window, or take its routes out")


def _routes(instance: Instance) -> Iterator[Flaw]:
    for index, route in enumerate(instance.routes):
        trip = _trip(instance, route)
        if trip > instance.horizon:
            said = f"one trip by `{route.id}` takes {trip} minutes, and everything ends at minute {instance.horizon}"
            yield Flaw("horizon", said, "were hours given for minutes? Give it in minutes, or give more of them")
        elif trip < SHORT:
            said = f"a whole trip by `{route.id}` takes {trip} minutes"
            yield Flaw(f"routes[{index}]", said, "were hours given for minutes?", doubt=True)
    for side in instance.sides:
        if (sum(side.people) or side.wounded) and all(route.side != side.id for route in instance.routes):
            yield Flaw("routes", f"side `{side.id}` has people and no route", "give it one")


def _trip(instance: Instance, route: RouteRow) -> int:
    gate = next((gate for gate in instance.crossings if gate.id == route.crossing), None)
    return route.load + route.pre + route.onward + (gate.setup + gate.per_vehicle if gate else 0)


def _fleets(instance: Instance) -> Iterator[Flaw]:
    for side in instance.sides:
        buses, ambulances = instance.fleet.get(side.id, (1, 1))
        if sum(side.people) and not buses:
            yield Flaw(f"fleet.{side.id}", f"side `{side.id}` has people and no bus", "give it one")
        if side.wounded and not ambulances:
            yield Flaw(f"fleet.{side.id}", f"side `{side.id}` has wounded and no ambulance", "give it one: wounded go by ambulance only")


def _parities(instance: Instance) -> Iterator[Flaw]:
    persons = {side.id: sum(side.people) + side.wounded for side in instance.sides}
    for index, parity in enumerate(instance.parity):
        field = f"parity[{index}]"
        if parity.low > parity.high:
            yield Flaw(f"{field}.low", f"{parity.low} is more than {parity.high}", "put the smaller number first")
            continue
        if not parity.low <= 0 <= parity.high:
            yield Flaw(field, f"at first nobody has passed: 0 is not between {parity.low} and {parity.high}", "widen the band to hold 0")
        first = [parity.wp <= parity.high] * (persons.get(parity.plus, 0) > 0)
        first += [parity.wm <= -parity.low] * (persons.get(parity.minus, 0) > 0)
        if first and not any(first):
            weighs = f"one person of `{parity.plus}` weighs {parity.wp}, one of `{parity.minus}` {parity.wm}"
            said = f"no convoy fits the band {parity.low} to {parity.high}: {weighs}"
            yield Flaw(field, said, "widen the band to hold one person of either side")
        total = parity.wp * persons.get(parity.plus, 0) - parity.wm * persons.get(parity.minus, 0)
        if not parity.low <= total <= parity.high:
            said = f"when everybody has passed the balance is {total}, outside {parity.low} to {parity.high}"
            yield Flaw(field, said, "widen the band, or change the weights to fit the numbers of both sides")


def _losses(instance: Instance) -> Iterator[Flaw]:
    gone: Counter[tuple[int, int]] = Counter()
    for index, (_, side, which, number) in enumerate(instance.losses):
        field = f"losses[{index}]"
        if side >= len(instance.sides):
            yield Flaw(field, f"there is no side {side}", f"count sides from 0; the last is {len(instance.sides) - 1}")
            continue
        gone[side, which] += number
        there = instance.fleet.get(instance.sides[side].id, (0, 0))[which]
        if gone[side, which] > there:
            said = f"{gone[side, which]} of {there} vehicles ({KINDS[which]}) of `{instance.sides[side].id}` are lost"
            yield Flaw(field, said, "lose no more than there are")


def _limits(instance: Instance) -> Iterator[Flaw]:
    if instance.deadline is not None and instance.deadline > instance.horizon:
        said = f"the deadline, minute {instance.deadline}, is after the horizon, {instance.horizon}"
        yield Flaw("deadline", said, "put the horizon after the deadline", doubt=True)
