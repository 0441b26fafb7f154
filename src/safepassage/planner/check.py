"""The plain judge of a plan: looks at every pair and every minute, shares no code with the decoder, and names each
broken rule.

Departed convoys are facts. They occupy gates and vehicles and count for parity, but are not themselves judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import combinations, product

import msgspec
from msgspec.structs import replace

from safepassage.planner.attendance import absent, unobserved
from safepassage.planner.moments import between, clock
from safepassage.planner.nearest import no_such
from safepassage.planner.problem import Convoy, Group, Parity, Problem, Side, Swap
from safepassage.planner.steps import wrong_steps
from safepassage.values.ids import GroupId, SideId, VehicleId


class Violation(msgspec.Struct, frozen=True):
    """A rule, and where the plan breaks it, in words with their numbers; `field`: of the plan's file, where it is one field."""

    rule: str
    words: str
    field: str = ""

    @property
    def remedy(self) -> str:
        """What whoever wrote the plan by hand can do."""
        return REMEDIES[self.rule]


REMEDIES = {
    "timing": "take the minutes from the route, and the gate's setup and per_vehicle times",
    "past": "let it begin to load later",
    "horizon": "send it earlier, or send fewer before it",
    "deadline": "send it earlier, or agree on a later deadline",
    "window": "move it into a window of its gate",
    "gate": "let one of the two wait until the other is through",
    "suspension": "let it depart after the suspension, or be received before it",
    "fleet": "name vehicles of its side that are back by then, each once",
    "loss": "name another vehicle, or send it so early that it is back before the loss",
    "drivers": "move trips to another day, or agree on more trips a day",
    "convoy size": "join convoys, or part them; only the last of a side may be smaller",
    "number of convoys": "join convoys, or agree on more",
    "stretchers": "let whoever must lie go by an ambulance with stretchers",
    "seats": "carry no more than there are seats, and never nobody",
    "people": "let the convoys of the side carry just those who wait, class by class",
    "family": "put a whole family into one vehicle, and its wounded into one ambulance of the same convoy",
    "priority": "let the higher class board first where it fits",
    "reception": "let it be received on another day, or carry fewer",
    "crews": "move it into a stretch in which its side's drivers are on duty, until its vehicles are back",
    "waiting": "let the other side's convoy pass earlier, or this one later",
    "monitors": "let it board, and be received, where somebody watches, or send monitors there",
    "presence": "let it begin to load once they are there, or let others board it",
    "green light": "let nobody board before the last green light",
    "parity": "let the other side pass first, or carry fewer",
    "claims": "put there what follows, or leave the field out: it is worked out from the convoys",
}


def check(problem: Problem, convoys: Sequence[Convoy]) -> tuple[Violation, ...]:
    """Every rule that these convoys break; empty: lawful. `convoys` are those not yet departed at `problem.now`."""
    rules = (
        _timing, _begun, _limit, _windows, _gate, _suspensions, _vehicles, _lost, _drivers,
        _sizes, _number, _seats, _totals, _families, _priority, _parity, _receptions, _crews, _lights, _waiting, _presence, _monitors,
    )  # fmt: skip
    return tuple(violation for rule in rules for violation in rule(problem, convoys))


def _side(problem: Problem, convoy: Convoy) -> SideId:
    return problem.route(convoy.route).side


def _name(convoy: Convoy) -> str:
    return f"{convoy.route} at its gate {clock(convoy.crossing_start)}"


def _again(problem: Problem, convoy: Convoy) -> int:
    """The minute at which its vehicles can load again; those that no gate lets back cannot."""
    route = problem.route(convoy.route)
    if route.inward is None:
        return convoy.crossing_end + route.onward + route.unload + route.back
    return 1 << 40 if convoy.returns is None else convoy.returns[1] + route.back - route.inward


def _in_gate(convoy: Convoy) -> list[tuple[int, int]]:
    """On the way out, and empty on the way back."""
    return [(convoy.crossing_start, convoy.crossing_end), *([convoy.returns] if convoy.returns else [])]


def _timing(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for index, convoy in enumerate(convoys):
        for field, words in wrong_steps(problem, convoy):
            yield Violation("timing", f"{_name(convoy)}: {words}", f"convoys[{index}].{field}")


def _begun(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    """Nothing begins in the past, except what was announced and is loading: with no vehicle that was not there."""
    for convoy in convoys:
        known = [c for c in problem.announced if (c.route, c.loading) == (convoy.route, convoy.loading)]
        continues = any(set(convoy.vehicles) <= set(old.vehicles) for old in known)
        if convoy.loading < problem.now and not continues:
            yield Violation("past", f"{_name(convoy)}: would have begun to load {clock(convoy.loading)}, before {clock(problem.now)}")


def _limit(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for convoy in convoys:
        if convoy.crossing_end > problem.horizon:
            yield Violation(
                "horizon", f"{_name(convoy)}: through {clock(convoy.crossing_end)}, and everything ends {clock(problem.horizon)}"
            )
        if problem.deadline is not None and convoy.crossing_end > problem.deadline:
            yield Violation("deadline", f"{_name(convoy)}: through {clock(convoy.crossing_end)}, deadline {clock(problem.deadline)}")


def _windows(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for convoy in convoys:
        gate = problem.crossing(problem.route(convoy.route).crossing)
        for begin, end in _in_gate(convoy):
            if not any(opens <= begin and end <= closes for opens, closes in gate.windows):
                apart = sorted((max(opens - begin, end - closes), opens, closes) for opens, closes in gate.windows)
                hours = f"its nearest window is {between(*apart[0][1:])}" if apart else "which never opens"
                yield Violation("window", f"{_name(convoy)}: in {gate.id} {between(begin, end)}, not wholly inside a window; {hours}")


def _gate(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for one, other in _pairs(problem, convoys):
        gate = problem.route(one.route).crossing
        if gate != problem.route(other.route).crossing:
            continue
        for (a, b), (c, d) in product(_in_gate(one), _in_gate(other)):
            if a < d and c < b:
                both = f"for {min(b, d) - max(a, c)} minutes, {between(max(a, c), min(b, d))}"
                yield Violation("gate", f"{_name(one)} and {_name(other)} are in {gate} together {both}")


def _suspensions(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for convoy in convoys:
        for begin, end in problem.suspensions:
            if max(begin, convoy.departure) < min(end, convoy.reception):
                road = f"on the road {between(convoy.departure, convoy.reception)}"
                yield Violation("suspension", f"{_name(convoy)}: {road}, and passage is suspended {between(begin, end)}")


def _vehicles(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    fleet = {vehicle.id: vehicle for vehicle in problem.fleet}
    for convoy in convoys:
        if not convoy.vehicles:
            yield Violation("fleet", f"{_name(convoy)}: it has no vehicle")
        for vehicle, times in Counter(convoy.vehicles).items():
            if times > 1:
                yield Violation("fleet", f"{_name(convoy)}: {vehicle} is in it {times} times")
            if (known := fleet.get(vehicle)) is None:
                yield Violation("fleet", f"{_name(convoy)}: {no_such('vehicle', vehicle, fleet)}")
            elif known.side != _side(problem, convoy):
                yield Violation("fleet", f"{_name(convoy)}: {vehicle} is of {known.side}, and the route of {_side(problem, convoy)}")
            elif known.ready_at > convoy.loading:
                ready = f"{vehicle} can load from {clock(known.ready_at)} on, and it loads {clock(convoy.loading)}"
                yield Violation("fleet", f"{_name(convoy)}: {ready}")
    for one, other in _pairs(problem, convoys):
        both = set(one.vehicles) & set(other.vehicles)
        if both and one.loading < _again(problem, other) and other.loading < _again(problem, one):
            first, then = sorted((one, other), key=lambda convoy: convoy.loading)
            back = f"it is back {_back(problem, first)}, and the other loads {clock(then.loading)}"
            yield Violation("fleet", f"{_name(one)} and {_name(other)} both use {', '.join(sorted(both))}; {back}")


def _back(problem: Problem, convoy: Convoy) -> str:
    """The moment at which its vehicles can load again, in words."""
    again = _again(problem, convoy)
    return "never: no window of its gate lets it back" if again >= 1 << 40 else clock(again)


def _lost(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for convoy in convoys:
        for loss in problem.losses:
            gone = sorted(set(loss.vehicles) & set(convoy.vehicles))
            if gone and _again(problem, convoy) > loss.minute:
                lost = f"{', '.join(gone)} {'are' if len(gone) > 1 else 'is'} lost {clock(loss.minute)}"
                yield Violation("loss", f"{_name(convoy)}: {lost}, and the convoy is back {_back(problem, convoy)}")


def _drivers(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    if problem.cycles_per_day is None:
        return
    buses = {vehicle.id for vehicle in problem.fleet if vehicle.kind == "bus"}
    trips: Counter[tuple[SideId, int]] = Counter()
    for convoy in (*problem.underway, *convoys):
        trips[_side(problem, convoy), convoy.loading // 1440] += sum(1 for vehicle in convoy.vehicles if vehicle in buses)
    for side in problem.sides:
        for day in {convoy.loading // 1440 for convoy in convoys if _side(problem, convoy) == side.id}:
            most = problem.cycles_per_day * problem.buses_on(side.id, day)
            if trips[side.id, day] > most:
                yield Violation("drivers", f"{side.id}, day {day + 1}: {trips[side.id, day]} bus trips, hours allow {most}")


def _sizes(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    low, high = problem.convoy.low, problem.convoy.high
    for convoy in convoys:
        small = len(convoy.vehicles) < low
        others = [c for c in convoys if small and _side(problem, c) == _side(problem, convoy) and c is not convoy]
        if len(convoy.vehicles) > high or any(c.crossing_end >= convoy.crossing_end for c in others):
            agreed = f"{len(convoy.vehicles)} vehicles, agreed are {low} to {high}"
            yield Violation("convoy size", f"{_name(convoy)}: {agreed}; only the last of {_side(problem, convoy)} may have fewer")


def _number(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for side, most in problem.max_convoys:
        number = sum(1 for convoy in (*problem.underway, *convoys) if _side(problem, convoy) == side)
        if number > most:
            yield Violation("number of convoys", f"{side}: {number}, agreed are {most}")


def _places(problem: Problem, convoy: Convoy, kind: str) -> int:
    aboard = set(convoy.vehicles)
    return sum(vehicle.seats for vehicle in problem.fleet if vehicle.kind == kind and vehicle.id in aboard)


def _seats(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for convoy in convoys:
        for kind, persons, what in (("bus", sum(convoy.people), "persons"), ("ambulance", convoy.wounded, "wounded")):
            if persons > (places := _places(problem, convoy, kind)):
                yield Violation("seats", f"{_name(convoy)}: {persons} {what} for {places} places by {kind}, {persons - places} too many")
        for vehicle, taken in _taken(problem, convoy, range(len(problem.classes))).items():
            places = next((each.seats for each in problem.fleet if each.id == vehicle), 0)
            if taken > places:
                yield Violation("seats", f"{_name(convoy)}: families of {taken} in {vehicle}, which has {places} places")
        beds = sum(v.seats for v in problem.fleet if v.kind == "ambulance" and v.stretchers and v.id in convoy.vehicles)
        if not 0 <= convoy.lying <= min(beds, convoy.wounded):
            yield Violation("stretchers", f"{_name(convoy)}: {convoy.lying} of {convoy.wounded} wounded must lie, and {beds} can")
        if convoy.persons <= 0 or min((*convoy.people, convoy.wounded)) < 0:
            yield Violation("seats", f"{_name(convoy)}: nobody aboard")


def _totals(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for side in problem.sides:
        own = [convoy for convoy in convoys if _side(problem, convoy) == side.id]
        names = [*(each.id for each in problem.classes), "wounded"]
        waiting = [*side.people, side.wounded]
        carried = [*(sum(convoy.people[k] for convoy in own) for k in range(len(side.people))), sum(convoy.wounded for convoy in own)]
        for name, wait, go in zip(names, waiting, carried, strict=True):
            if wait != go:
                apart = f"{wait - go} are left behind" if go < wait else f"{go - wait} too many"
                yield Violation("people", f"{side.id}: of {name} {wait} wait and {go} are carried: {apart}")
        if sum(convoy.lying for convoy in own) != side.lying:
            yield Violation("stretchers", f"{side.id}: {sum(c.lying for c in own)} are carried lying, and {side.lying} must be")


def _families(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for side in problem.sides:
        own = [convoy for convoy in convoys if _side(problem, convoy) == side.id]
        yield from _whole(side, own)
        yield from _split(problem, side, own)
        for convoy in own:
            aboard = [group for group in side.groups if group.id in convoy.groups]
            for what, need, there in (
                ("wounded", sum(group.wounded for group in aboard), convoy.wounded),
                ("who must lie", sum(group.lying for group in aboard), convoy.lying),
            ):
                if need > there:
                    yield Violation("family", f"{_name(convoy)}: its families have {need} {what}, and {there} are aboard")
            for k, each in enumerate(problem.classes[: len(side.people)]):
                together = sum(group.size for group in aboard if group.priority == k)
                if together > convoy.people[k]:
                    members = f"its families have {together} of {each.id}, and {convoy.people[k]} are aboard"
                    yield Violation("family", f"{_name(convoy)}: {members}")


def _whole(side: Side, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    """Each family of the side is in one of its convoys, and nobody else's is."""
    known = {group.id: group.size + group.wounded for group in side.groups}
    where: dict[GroupId, list[Convoy]] = {name: [] for name in known}
    for convoy in convoys:
        for name in convoy.groups:
            where.setdefault(name, []).append(convoy)
    for name, those in where.items():
        if name not in known:
            yield Violation("family", f"{_name(those[0])}: {no_such('family', name, known)}")
        elif not those:
            yield Violation("family", f"{side.id}: the family {name} of {known[name]} is left behind")
        elif len(those) > 1:
            yield Violation("family", f"{side.id}: the family {name} of {known[name]} is in {len(those)} convoys: {_all(those)}")


def _all(convoys: Sequence[Convoy]) -> str:
    return " and ".join(_name(convoy) for convoy in convoys)


def _split(problem: Problem, side: Side, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    """A family's members sit in one bus, its wounded lie in one ambulance."""
    kinds, groups = {vehicle.id: vehicle.kind for vehicle in problem.fleet}, {group.id: group for group in side.groups}
    stretchers = {vehicle.id for vehicle in problem.fleet if vehicle.kind == "ambulance" and vehicle.stretchers}
    for convoy in convoys:
        where: dict[GroupId, list[VehicleId]] = {name: [] for name in convoy.groups}
        for vehicle, names in zip(convoy.vehicles, convoy.families, strict=False):
            for name in names:
                where[name].append(vehicle)
        for name, vehicles in where.items():
            found, group = Counter(kinds.get(vehicle) for vehicle in vehicles), groups.get(name)
            if group and (found["bus"], found["ambulance"]) != (int(group.size > 0), int(group.wounded > 0)):
                yield Violation("family", f"{_name(convoy)}: the family {name} is in {', '.join(vehicles) or 'no vehicle'}")
            if group and group.lying and not stretchers.intersection(vehicles):
                yield Violation("stretchers", f"{_name(convoy)}: somebody of the family {name} must lie, and it has no stretcher")


def _taken(problem: Problem, convoy: Convoy, classes: Container[int]) -> dict[VehicleId, int]:
    """Places that families of these classes have, by vehicle."""
    kinds = {vehicle.id: vehicle.kind for vehicle in problem.fleet}
    groups = {group.id: group for group in problem.side(_side(problem, convoy)).groups if group.priority in classes}
    found = dict.fromkeys(convoy.vehicles, 0)
    for vehicle, names in zip(convoy.vehicles, convoy.families, strict=False):
        here = [groups[name] for name in names if name in groups]
        found[vehicle] += sum(group.wounded if kinds.get(vehicle) == "ambulance" else group.size for group in here)
    return found


def _most_free(problem: Problem, convoy: Convoy, kind: str, taken: dict[VehicleId, int]) -> int:
    """Places in one vehicle of that kind, the one with the most, that these do not take."""
    return max((v.seats - taken[v.id] for v in problem.fleet if v.kind == kind and v.id in taken), default=0)


def _priority(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    """Nobody of a higher class stays behind who would fit where people of lower classes sit: a family, into one vehicle, once those of
    lower classes have left it and people on their own have taken other seats."""
    for convoy in convoys:
        side = problem.side(problem.route(convoy.route).side)
        later = [c for c in convoys if _side(problem, c) == side.id and c.crossing_end > convoy.crossing_end]
        named = {name for each in later for name in each.groups}
        staying = [group for group in side.groups if group.id in named and group.since <= convoy.loading]
        if _wounded_would_fit(problem, convoy, later, side, staying):
            stay = sum(each.wounded for each in later)
            yield Violation("priority", f"{_name(convoy)}: there is room for wounded, and {stay} stay behind")
        for k in range(len(side.people)):
            lower = sum(convoy.people[k + 1 :])
            groups = [group for group in staying if group.priority == k]
            alone = sum(c.people[k] for c in later) - sum(g.size for g in side.groups if g.priority == k and g.id in named)
            alone -= sum(each.people[k] for each in side.coming if each.minute > convoy.loading)
            places = _places(problem, convoy, "bus") - sum(convoy.people[: k + 1])
            free = _most_free(problem, convoy, "bus", _taken(problem, convoy, range(k + 1)))
            smallest = min([g.size for g in groups if not g.wounded], default=lower + 1)
            if lower and (alone > 0 or smallest <= min(lower, places, free)):
                stay, who = sum(c.people[k] for c in later), problem.classes[k].id
                families = f", the families {', '.join(g.id for g in groups)} among them" if groups else ""
                words = f"{lower} of lower classes sit where {who} would fit, of whom {stay} stay behind{families}"
                yield Violation("priority", f"{_name(convoy)}: {words}")


def _wounded_would_fit(problem: Problem, convoy: Convoy, later: Sequence[Convoy], side: Side, staying: Sequence[Group]) -> bool:
    """Somebody wounded stays who is alone, or whose family would find places in one bus and one ambulance where others sit or nobody."""
    aboard = [group for group in side.groups if group.wounded and group.id in frozenset(convoy.groups)]
    families, named = [group for group in staying if group.wounded], {name for each in later for name in each.groups}
    behind, away = [g for g in side.groups if g.id in named], [each for each in side.coming if each.minute > convoy.loading]
    alone = sum(each.wounded for each in later) - sum(g.wounded for g in behind) - sum(each.wounded for each in away)
    alone_lying = sum(each.lying for each in later) - sum(g.lying for g in behind) - sum(each.lying for each in away)
    others = sum(convoy.people) - sum(group.size for group in aboard)
    beds = _places(problem, convoy, "ambulance") - convoy.wounded
    if others > 0 and beds > 0 and alone - alone_lying > 0:
        return True
    if alone_lying > 0 and _lying_would_fit(problem, convoy, aboard):
        return True
    first = replace(convoy, families=tuple(tuple(n for n in names if any(n == g.id for g in aboard)) for names in convoy.families))
    taken = _taken(problem, first, range(len(problem.classes)))
    kinds = {True: _only(problem, stretchers=True), False: _only(problem, stretchers=False)}
    seat, chairs = _most_free(problem, convoy, "bus", taken), _most_free(kinds[False], convoy, "ambulance", taken)
    in_stretchers = sum(taken[v.id] for v in kinds[True].fleet if v.kind == "ambulance" and v.id in taken)
    unclaimed = _places(kinds[True], convoy, "ambulance") - in_stretchers - (convoy.lying - sum(group.lying for group in aboard))
    lie = min(unclaimed, _most_free(kinds[True], convoy, "ambulance", taken))
    for group in families:
        bed = lie if group.lying else max(lie, chairs)
        if group.wounded <= min(beds, bed) and group.size <= seat and group.size + group.wounded <= others:
            return True
    return False


def _only(problem: Problem, stretchers: bool) -> Problem:
    """With buses and, of the ambulances, those that have stretchers, or those that have none."""
    return replace(problem, fleet=tuple(v for v in problem.fleet if v.kind == "bus" or v.stretchers == stretchers))


def _lying_would_fit(problem: Problem, convoy: Convoy, aboard: Sequence[Group]) -> bool:
    """Somebody who must lie would have a place that nobody has who must, and somebody is aboard who boarded after."""
    families = [group for group in aboard if group.lying]
    alone = convoy.lying - sum(group.lying for group in families)
    places = _places(_only(problem, stretchers=True), convoy, "ambulance") - sum(group.wounded for group in families)
    return places > alone and convoy.persons > alone + sum(group.size + group.wounded for group in families)


def _receptions(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for place in problem.receptions:
        persons: Counter[int] = Counter()
        for convoy in (*problem.underway, *convoys):
            if convoy.route in place.routes:
                persons[convoy.reception // 1440] += convoy.persons
        for day in {convoy.reception // 1440 for convoy in convoys if convoy.route in place.routes}:
            most = ([place.per_day] + [number for begin, number in place.later if begin <= day])[-1]
            if persons[day] > most:
                yield Violation("reception", f"{place.id}, day {day + 1}: {persons[day]} persons, it takes {most}")


def _crews(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for convoy in convoys:
        duty = [crew for crew in problem.crews if crew.side == _side(problem, convoy)]
        if duty and not any(crew.begin <= convoy.loading and _again(problem, convoy) <= crew.end for crew in duty):
            yield Violation("crews", f"{_name(convoy)}: on the road {between(convoy.loading, _again(problem, convoy))}")


def _lights(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for convoy in convoys:
        if convoy.loading < problem.boarding_from:
            yield Violation(
                "green light", f"{_name(convoy)}: boards {clock(convoy.loading)}, the last light {clock(problem.boarding_from)}"
            )


def _monitors(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    yield from (Violation("monitors", f"{_name(convoy)}: {words}") for convoy, words in unobserved(problem, convoys))


def _presence(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    yield from (
        Violation("presence", words if convoy is None else f"{_name(convoy)}: {words}") for convoy, words in absent(problem, convoys)
    )


def _waiting(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    """At each minute at which somebody comes, whether it may drive on from where it stands."""
    for swap in problem.swaps:
        legs, everyone = dict(swap.legs), (*problem.underway, *convoys)
        for convoy in (each for each in convoys if each.route in legs):
            here = convoy.crossing_end + legs[convoy.route]
            comes = sorted({here, *(each.crossing_end + legs[each.route] for each in everyone if each.route in legs)})
            stands = next(minute - here for minute in comes if minute >= here and _drives_on(problem, swap, everyone, convoy, minute))
            if stands > swap.most:
                yield Violation("waiting", f"{_name(convoy)}: stands {stands} minutes at {swap.id}, agreed are {swap.most} at most")


def _drives_on(problem: Problem, swap: Swap, everyone: Sequence[Convoy], convoy: Convoy, minute: int) -> bool:
    """Whether by then the other side has brought as many as its own had when it came, or has brought everybody it sends here."""
    legs, weight = dict(swap.legs), {swap.plus: swap.wp, swap.minus: swap.wm}
    here, own, brought, still = convoy.crossing_end + legs[convoy.route], 0, 0, 0
    for each in everyone:
        side = _side(problem, each)
        if each.route not in legs or side not in weight:
            continue
        came, persons = each.crossing_end + legs[each.route], weight[side] * each.persons
        if side == _side(problem, convoy):
            own += persons if came <= here else 0
        elif came <= minute:
            brought += persons
        else:
            still += persons
    return own - brought <= swap.within or still == 0


def _parity(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[Violation]:
    for parity in problem.parity:
        both = (parity.plus, parity.minus)
        underway, planned = ([convoy for convoy in some if _side(problem, convoy) in both] for some in (problem.underway, convoys))
        for minute in sorted({convoy.crossing_end for convoy in (*underway, *planned)}):
            found, facts = (balance(problem, parity, among, minute) for among in ((*underway, *planned), underway))
            if not min(parity.low, facts) <= found <= max(parity.high, facts):
                weighed = [side if weight == 1 else f"{weight} x {side}" for side, weight in zip(both, (parity.wp, parity.wm), strict=True)]
                agreed = f"is {found}, agreed {parity.low} to {parity.high}"
                yield Violation("parity", f"{clock(minute)}: {weighed[0]} less {weighed[1]} {agreed}")


def balance(problem: Problem, parity: Parity, convoys: Sequence[Convoy], minute: int) -> int:
    """Weighted persons of `plus` less those of `minus` who have passed by that minute, from the parity's start on."""
    weight = {parity.plus: parity.wp, parity.minus: -parity.wm}
    passed = [convoy for convoy in convoys if convoy.crossing_end <= minute]
    return parity.start + sum(weight.get(_side(problem, convoy), 0) * convoy.persons for convoy in passed)


def _pairs(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[tuple[Convoy, Convoy]]:
    """Every two convoys of which at least one is planned."""
    yield from combinations(convoys, 2)
    yield from ((fact, convoy) for fact in problem.underway for convoy in convoys)
