"""What an instance says that no plan can mean: each flaw with its field, what is wrong, and what to do. Solved is only what has none.

Form and signs are checked where the file is read; here one number is held against another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from safepassage.planner.instance import KINDS, Instance, RouteRow, SideRow, to_problem
from safepassage.planner.plainly import plainly
from safepassage.planner.problem import DAY
from safepassage.planner.room import short

SHORT = 25
"""Minutes. Loading, driving there and back and unloading that take less together were hardly meant in minutes."""
SEATS_A_MINUTE = 10
"""More people than this do not board a bus in a minute, with what they carry."""
AS_LONG = 4
"""A way back that takes so many times as long as the way there, or the way there as the way back, is asked about."""
UNLIKE = 15
"""Two that should be alike and differ so many times are hardly both in minutes."""
HOURS_A_WEEK = 168
"""Minutes. A step of the whole that is over by then may be in hours, where the whole takes more than a day."""
LONGEST = 366
"""Days. Nobody plans further."""
HOURS = "were hours given for minutes?"

TWO = "give the side a bigger one, or let the family agree to travel as two groups"


class Flaw(NamedTuple):
    """`doubt`: it may be meant; it is said beside the plan, and hinders nothing."""

    field: str
    what: str
    remedy: str
    doubt: bool = False


def flaws(instance: Instance) -> list[Flaw]:
    """Everything that is wrong, in the order of the file; empty: it can be solved."""
    checks = (
        _names,
        _numbers,
        _families,
        _coming,
        _convoys,
        _weights,
        _steps,
        _gates,
        _routes,
        _hours,
        _fleets,
        _parities,
        _losses,
        _transfers,
        _extras,
        _swaps,
        _lights,
        _limits,
        _stretched,
    )
    found = [flaw for check in checks for flaw in check(instance)]
    return [*found, *(_room(instance) if all(flaw.doubt for flaw in found) else ())]


def _room(instance: Instance) -> Iterator[Flaw]:
    """Receptions that together are too small for those who have no other way, where nothing else keeps them back. Asked only of what can
    be a problem at all."""
    problem = to_problem(instance, "end")
    plain, found = plainly(problem), short(problem)
    if found is not None and plain is not None and plain.conflict == ("reception",):
        index = next(n for n, place in enumerate(instance.receptions) if place.id == found.receptions[0])
        yield Flaw(f"receptions[{index}].per_day", found.words, "let it take more a day, give more days, or another reception")


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
        if parity.plus == parity.minus:
            yield Flaw(f"parity[{index}].minus", f"it is `{parity.plus}` on both sides", "name the other side: a balance is between two")
    for field, names in (("fleet", instance.fleet), ("max_convoys", instance.max_convoys), ("sitting", instance.sitting)):
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


def _weights(instance: Instance) -> Iterator[Flaw]:
    """Whoever comes first in a class's order is hardly meant to weigh less than whoever comes after."""
    for index, (first, then) in enumerate(pairwise(instance.classes)):
        if first.weight < then.weight:
            said = f"`{first.id}` boards before `{then.id}` and weighs {first.weight}, less than {then.weight}"
            yield Flaw(f"classes[{index}].weight", said, "give classes highest priority first: was the order turned round?", doubt=True)
    if not any(weight for _, weight in instance.cold):
        yield Flaw("cold", "no minute in the cold weighs anything", "give [0, 1] at least: every plan is worth 0 as it is", doubt=True)
    if len(instance.cold) > 1 and instance.cold[-1][0] <= HOURS_A_WEEK and instance.horizon > DAY:
        yield Flaw(
            "cold", f"its last step is at minute {instance.cold[-1][0]}, and everything ends at {instance.horizon}", HOURS, doubt=True
        )


def _stretched(instance: Instance) -> Iterator[Flaw]:
    """Weather, waits at swap points and a horizon that are hardly in minutes."""
    for index, row in enumerate(instance.weather):
        if row.begin < row.end and row.end <= HOURS_A_WEEK and instance.horizon > DAY:
            said = f"it is over at minute {row.end}, and everything ends at minute {instance.horizon}"
            yield Flaw(f"weather[{index}]", said, HOURS, doubt=True)
        if row.begin >= instance.horizon:
            said = f"it begins at minute {row.begin}, and everything ends at minute {instance.horizon}"
            yield Flaw(f"weather[{index}]", said, "give it in minutes from the opening, or leave it out", doubt=True)
    for index, swap in enumerate(instance.swaps):
        quickest = min((gate.setup + gate.per_vehicle * instance.convoy.min for gate in instance.crossings), default=0)
        if 0 < swap.most < quickest:
            said = (
                f"nobody may stand longer than {swap.most} minutes, and a gate takes {quickest} for the smallest convoy of the other side"
            )
            yield Flaw(f"swaps[{index}].most", said, HOURS, doubt=True)
    if instance.horizon > LONGEST * DAY:
        said = f"everything ends at minute {instance.horizon:,}, after {instance.horizon // DAY:,} days"
        yield Flaw("horizon", said, "were seconds given for minutes? Give a horizon of the days that are meant", doubt=True)


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
        elif (driven := route.load + route.pre + route.onward + route.unload + route.back) < SHORT:
            said = f"by `{route.id}` loading, both ways and unloading take {driven} minutes together"
            yield Flaw(f"routes[{index}]", said, HOURS, doubt=True)
        else:
            yield from _quick(instance, index, route)
        if route.inward is not None and route.inward > route.back:
            said = f"it is {route.inward} minutes to the gate, and the whole way back takes {route.back}"
            yield Flaw(f"routes[{index}].inward", said, "give of `back` the part before the gate")
    for side in instance.sides:
        if (sum(side.people) or side.wounded) and all(route.side != side.id for route in instance.routes):
            yield Flaw("routes", f"side `{side.id}` has people and no route", "give it one")


def _quick(instance: Instance, index: int, route: RouteRow) -> Iterator[Flaw]:
    """One leg may be in hours: nobody fills a bus in two minutes, and a way back is about as long as the way there."""
    for field, minutes in (("load", route.load), ("unload", route.unload)):
        if 0 < minutes * SEATS_A_MINUTE < instance.seats.bus:
            said = f"`{route.id}`: {instance.seats.bus} persons in {minutes} minutes"
            yield Flaw(f"routes[{index}].{field}", said, HOURS, doubt=True)
    out = route.pre + route.onward
    if route.back and out and max(out, route.back) >= AS_LONG * min(out, route.back):
        said = f"`{route.id}`: {out} minutes there, {route.back} back"
        yield Flaw(f"routes[{index}].back", said, HOURS, doubt=True)
    likes = sorted(other.pre + other.onward for other in instance.routes if other.side == route.side and other.id != route.id)
    if likes and out and likes[0] >= UNLIKE * out:
        said = f"`{route.id}`: {out} minutes there, and no other road of `{route.side}` takes less than {likes[0]}"
        yield Flaw(f"routes[{index}]", said, HOURS, doubt=True)


def _hours(instance: Instance) -> Iterator[Flaw]:
    """Gates, suspensions and deadlines in hours, where the rest is in minutes."""
    trips = [_trip(instance, route) for route in instance.routes]
    if instance.deadline is not None and trips and instance.deadline < min(trips):
        said = f"the deadline, minute {instance.deadline}, is over before the quickest trip of {min(trips)} minutes is"
        yield Flaw("deadline", said, HOURS)
    for index, gate in enumerate(instance.crossings):
        closes = max((closes for _, closes in gate.windows), default=0)
        if 0 < closes * UNLIKE < instance.horizon:
            said = f"the gate `{gate.id}` closes for good at minute {closes}, and everything ends at minute {instance.horizon}"
            yield Flaw(f"crossings[{index}].windows", said, HOURS, doubt=True)
    for index, (begin, end) in enumerate(instance.suspensions):
        if begin < end and end * UNLIKE < instance.horizon:
            said = f"it is over at minute {end}, and everything ends at minute {instance.horizon}"
            yield Flaw(f"suspensions[{index}]", said, HOURS, doubt=True)


def _trip(instance: Instance, route: RouteRow) -> int:
    gate = next((gate for gate in instance.crossings if gate.id == route.crossing), None)
    return route.load + route.pre + route.onward + (gate.setup + gate.per_vehicle if gate else 0)


def _fleets(instance: Instance) -> Iterator[Flaw]:
    for index, side in enumerate(instance.sides):
        buses, ambulances = instance.fleet.get(side.id, (1, 1))
        buses += sum(row.number for row in instance.transfers if (row.to, row.kind) == (side.id, "bus"))
        ambulances += sum(row.number for row in instance.transfers if (row.to, row.kind) == (side.id, "ambulance"))
        if sum(side.people) and not buses:
            yield Flaw(f"fleet.{side.id}", f"side `{side.id}` has people and no bus", "give it one")
        sitting = instance.sitting.get(side.id, 0)
        if sitting > instance.fleet.get(side.id, (0, 0))[1]:
            said = f"{sitting} of {instance.fleet.get(side.id, (0, 0))[1]} ambulances"
            yield Flaw(f"sitting.{side.id}", said, "count them among its ambulances")
        if side.lying > side.wounded:
            yield Flaw(f"sides[{index}].lying", f"{side.lying} of {side.wounded} wounded must lie", "count them among the wounded")
        elif side.lying and 0 < ambulances <= sitting:
            said = f"{side.lying} of `{side.id}` must lie, and none of its ambulances has stretchers"
            yield Flaw(f"sitting.{side.id}", said, "give it one: whoever must lie goes by no other")
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


def _families(instance: Instance) -> Iterator[Flaw]:
    """A family is among the people of its class and fits a vehicle; one with wounded is of the first class."""
    for index, side in enumerate(instance.sides):
        buses, ambulances = instance.fleet.get(side.id, (0, 0))
        most, beds = min(buses, 1) * instance.seats.bus, min(ambulances, 1) * instance.seats.ambulance
        named = Counter(group.id for group in side.groups)
        for number, group in enumerate(side.groups):
            field = f"sides[{index}].groups[{number}]"
            if named[group.id] > 1:
                yield Flaw(f"{field}.id", f"{named[group.id]} families are called `{group.id}`", "give each a name of its own")
            if group.priority >= len(instance.classes):
                yield Flaw(
                    f"{field}.priority", f"there is no class {group.priority}", f"count from 0; the last is {len(instance.classes) - 1}"
                )
            if group.size > most:
                said = f"the family `{group.id}` of {group.size} is larger than any bus of its side, {most} seats"
                yield Flaw(f"{field}.size", said, TWO)
            if group.wounded > beds:
                said = f"the family `{group.id}` has {group.wounded} wounded, and no ambulance of its side holds more than {beds}"
                yield Flaw(f"{field}.wounded", said, TWO)
            if group.lying > group.wounded:
                yield Flaw(f"{field}.lying", f"{group.lying} of {group.wounded} wounded must lie", "count them among its wounded")
            if group.wounded and group.priority:
                yield Flaw(f"{field}.priority", f"`{group.id}` has wounded and is not of the first class", "give it priority 0")
        for k, people in enumerate(side.people):
            together = sum(group.size for group in side.groups if group.priority == k)
            if together > people:
                said = f"families of class {k} have {together} members, and {people} people are of it"
                yield Flaw(f"sides[{index}].people[{k}]", said, "count the families' members among the people")
        if sum(group.lying for group in side.groups) > side.lying:
            yield Flaw(f"sides[{index}].lying", "of the families more must lie than of the side", "count them among the side's")
        if sum(group.wounded for group in side.groups) > side.wounded:
            yield Flaw(f"sides[{index}].wounded", "the families have more wounded than the side", "count them among the side's wounded")


def _coming(instance: Instance) -> Iterator[Flaw]:
    """Who comes later is among the side's people of no family, and comes while a convoy can still go."""
    last = instance.horizon if instance.deadline is None else min(instance.horizon, instance.deadline)
    for index, side in enumerate(instance.sides):
        named = [(f"coming[{n}].minute", each.minute) for n, each in enumerate(side.coming)]
        named += [(f"groups[{n}].since", group.since) for n, group in enumerate(side.groups)]
        for field, minute in named:
            if minute > last:
                said = f"they are there at minute {minute}, and everything ends at minute {last}"
                yield Flaw(f"sides[{index}].{field}", said, "give it in minutes, or take them out: nobody can carry them")
        for number, each in enumerate(side.coming):
            if len(each.people) != len(side.people):
                said = f"{len(each.people)} numbers for {len(side.people)} classes"
                yield Flaw(f"sides[{index}].coming[{number}].people", said, "give one number for each class, highest priority first")
        yield from _too_many_come(index, side)


def _too_many_come(index: int, side: SideRow) -> Iterator[Flaw]:
    for k, people in enumerate(side.people):
        alone = people - sum(group.size for group in side.groups if group.priority == k)
        come = sum(each.people[k] for each in side.coming if len(each.people) > k)
        if come > max(0, alone):
            said = f"{come} of class {k} come later, and {alone} of it are of no family"
            yield Flaw(f"sides[{index}].coming", said, "count them among the side's people; of a family say `since`")
    lone, lying = side.wounded - sum(g.wounded for g in side.groups), side.lying - sum(g.lying for g in side.groups)
    hurt, lie = sum(each.wounded for each in side.coming), sum(each.lying for each in side.coming)
    if lie > lying or hurt - lie > lone - lying or any(each.lying > each.wounded for each in side.coming):
        said = f"{hurt} wounded come later, {lie} of them lying, and {lone} of no family are wounded, {lying} of them lying"
        yield Flaw(f"sides[{index}].coming", said, "count them among the side's wounded, and those who must lie among its `lying`")


def _transfers(instance: Instance) -> Iterator[Flaw]:
    for index, row in enumerate(instance.transfers):
        field = f"transfers[{index}]"
        yield from _known(f"{field}.of", row.of, instance.fleet)
        yield from _known(f"{field}.to", row.to, instance.fleet)
        for side in (row.of, row.to):
            if side not in row.agreed:
                yield Flaw(
                    f"{field}.agreed", f"`{side}` has not allowed it", "move a vehicle only when both sides allow it, or leave it out"
                )
        there = instance.fleet.get(row.of, (0, 0))[KINDS.index(row.kind)]
        if row.number > there:
            yield Flaw(
                f"{field}.number", f"{row.number} of {there} vehicles ({row.kind}) of `{row.of}` are moved", "move no more than there are"
            )
        if row.ready < row.minute:
            yield Flaw(f"{field}.ready", f"ready at {row.ready}, before it leaves its side at {row.minute}", "let it be ready later")


def _extras(instance: Instance) -> Iterator[Flaw]:
    """Receptions, crews, weather."""
    routes = {route.id for route in instance.routes}
    for index, place in enumerate(instance.receptions):
        for name in place.routes:
            yield from _known(f"receptions[{index}].routes", name, routes)
        if any(one[0] >= other[0] for one, other in pairwise(place.later)):
            yield Flaw(f"receptions[{index}].later", "its days do not ascend", "sort them")
        if any(day * DAY > instance.horizon for day, _ in place.later):
            last = instance.horizon // DAY
            said = f"day {place.later[-1][0]} is after the last, day {last}"
            yield Flaw(f"receptions[{index}].later", said, "give days, counted from 0: was a minute given for a day?")
        if place.per_day == 0 and not any(persons for _, persons in place.later):
            yield Flaw(f"receptions[{index}].per_day", f"`{place.id}` takes nobody", "give it a number, or take its routes out")
    for side, stretches in instance.crews.items():
        yield from _known("crews", side, {each.id for each in instance.sides})
        own = [_trip(instance, route) + route.unload + route.back for route in instance.routes if route.side == side]
        longest = max((end - begin for begin, end in stretches), default=0)
        if own and longest < min(own):
            said = f"the drivers of `{side}` are on duty for {longest} minutes at most, and one trip takes {min(own)}"
            yield Flaw(f"crews.{side}", said, "give a longer stretch, or were hours given for minutes?")
    for index, row in enumerate(instance.weather):
        if row.begin >= row.end:
            yield Flaw(f"weather[{index}]", f"it ends at {row.end}, not after {row.begin}", "put the begin first")


def _swaps(instance: Instance) -> Iterator[Flaw]:
    """A swap point lies on routes of both of its sides, behind their gates."""
    routes, sides = {route.id: route for route in instance.routes}, {side.id for side in instance.sides}
    for index, swap in enumerate(instance.swaps):
        for name in swap.sides:
            yield from _known(f"swaps[{index}].sides", name, sides)
            if name in sides and not any(route.side == name for route in instance.routes if route.id in swap.routes):
                yield Flaw(f"swaps[{index}].routes", f"none of `{name}` leads to `{swap.id}`", "name a route of either side")
        for name, minutes in swap.routes.items():
            yield from _known(f"swaps[{index}].routes", name, routes)
            if name in routes and minutes > routes[name].onward:
                said = f"`{swap.id}` lies {minutes} minutes behind the gate of `{name}`, which ends after {routes[name].onward}"
                yield Flaw(f"swaps[{index}].routes.{name}", said, "give the minutes from the gate, without any waiting")
            if name in routes and routes[name].side not in swap.sides:
                yield Flaw(f"swaps[{index}].routes", f"`{name}` is of `{routes[name].side}`, which swaps nothing here", "leave it out")


def _lights(instance: Instance) -> Iterator[Flaw]:
    """Whose light is missing is named: without it nobody boards, whatever the plan."""
    if instance.green_lights is None:
        return
    wanted = [*(side.id for side in instance.sides), "drivers", "reception"]
    for name in wanted:
        if name not in instance.green_lights:
            yield Flaw("green_lights", f"there is no green light of `{name}`: nobody boards", "give the minute from which it stands")
    for name in instance.green_lights:
        yield from _known("green_lights", name, wanted)


def _limits(instance: Instance) -> Iterator[Flaw]:
    if instance.deadline is not None and instance.deadline > instance.horizon:
        said = f"the deadline, minute {instance.deadline}, is after the horizon, {instance.horizon}"
        yield Flaw("deadline", said, "put the horizon after the deadline", doubt=True)
