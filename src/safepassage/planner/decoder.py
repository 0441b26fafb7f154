"""From wishes to a timetable: each gene, in order, becomes a convoy at the earliest minute that every rule allows.

This is the plain definition of a plan. A rule is a function of (trip, start of loading) that gives the earliest start
from there on
that this rule allows by itself; a convoy's start is where no rule moves it any more, and the rule that moved it last
is why it waits.
The convoys of one side pass in the order in which they are placed, so seats can be filled at once, highest class first.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable
from typing import NamedTuple

from msgspec.structs import replace

from safepassage.planner import seats
from safepassage.planner.balance import Balance
from safepassage.planner.presence import apart, together
from safepassage.planner.problem import DAY, NEVER, Convoy, Crossing, Gene, Group, Kind, Problem, Reason, Route, RouteId, Vehicle
from safepassage.planner.slot import returning
from safepassage.values.ids import SideId, VehicleId

FULL, HALF, ANY = 100, 50, 0
"""Per cent of its load that parity must have room for, before a convoy goes."""


class Trip(NamedTuple):
    """A gene whose size is settled: minutes from loading to the crossing's end (`lead`) and until its vehicles load
    again (`cycle`)."""

    gene: Gene
    route: Route
    numbers: tuple[tuple[Kind, int], ...]
    handling: int
    lead: int
    cycle: int
    after: int
    """The crossing must end later than this: where the side's convoy before it passed."""
    need: int
    """Persons that parity must have room for."""
    there: seats.Waiting
    """Who is there when it begins to load, and `away`: who is not yet."""
    away: seats.Waiting | None


class Timetable:
    """The working memory of one decoding: what is free from when, and who still waits. `as_told`: within a class those families board first
    who were told the gate and the minute of the convoy, and last those who were told another."""

    def __init__(self, problem: Problem, as_told: bool = False) -> None:
        self.problem = problem
        self.convoys: list[Convoy] = []
        self.genes: list[Gene] = []
        """What became of the wishes: those that were placed, in that order and in the size in which they went."""
        self.waiting = {side.id: seats.waiting(side) for side in problem.sides}
        self._sides, self._arrivals = {side.id: side for side in problem.sides}, problem.arrivals
        self._routes = {route.id: route for route in problem.routes}
        self._crossings = {crossing.id: crossing for crossing in problem.crossings}
        self._lost = problem.lost_at()
        self._free = {vehicle.id: max(vehicle.ready_at, 0) for vehicle in problem.fleet}
        self._pools = _pools(problem)
        self._busy: dict[str, list[tuple[int, int]]] = {crossing.id: [] for crossing in problem.crossings}
        announced = problem.announced if as_told else ()
        self._told = {name: (convoy.route, convoy.loading) for convoy in announced for name in convoy.groups}
        self._last = {side.id: -1 for side in problem.sides}
        self._trips: dict[tuple[SideId, int], int] = {}
        self._hours: dict[tuple[SideId, int], int] = {}
        self._crews = {side.id: [(c.begin, c.end) for c in problem.crews if c.side == side.id] for side in problem.sides}
        self._taken: dict[tuple[str, int], int] = {}
        self._ends = {route.id: [place for place in problem.receptions if route.id in place.routes] for route in problem.routes}
        frozen = [(c.crossing_end, self._routes[c.route].side, c.persons) for c in problem.underway]
        self._balances = [Balance(parity, frozen) for parity in problem.parity]
        self._rules: tuple[tuple[Reason, Callable[[Trip, int], int]], ...] = (
            ("fleet", self._fleet), ("drivers", self._drivers), ("suspension", self._suspension),
            ("window", self._window), ("gate", self._gate), ("parity", self._parity), ("reception", self._reception),
            ("monitors", self._monitors),
        )  # fmt: skip
        for convoy in problem.underway:
            self._occupy(convoy)

    def place(self, gene: Gene, share: int = FULL) -> Convoy | None:
        """The convoy at its earliest lawful minute, now part of the timetable; None: not as things stand."""
        found = self.probe(gene, share)
        if found is None:
            return None
        trip, start, why = found
        convoy, left = self._board(trip, start, why)
        small = len(convoy.vehicles) < self.problem.convoy.low
        if convoy.persons == 0 or (small and left.persons):
            return None
        self.waiting[trip.route.side] = left
        for balance in self._balances:
            balance.add(convoy.crossing_end, trip.route.side, convoy.persons)
        self._occupy(convoy)
        self.convoys.append(convoy)
        self.genes.append(replace(gene, buses=trip.numbers[0][1], ambulances=trip.numbers[1][1]))
        return convoy

    def probe(self, gene: Gene, share: int = FULL) -> tuple[Trip, int, Reason] | None:
        """Where `place` would put it."""
        loading = gene.not_before < self.problem.now and bool(gene.vehicles)
        soonest = max(self.problem.now, self.problem.boarding_from)
        begin, waits = gene.not_before if loading else max(soonest, gene.not_before), False
        for comes in (*self._arrivals[self._routes[gene.route].side], NEVER):
            if comes <= begin:
                continue
            trip = self._trip(gene, share, begin)
            if trip is not None:
                start, why = self._settle(trip, begin)
                if loading and start > begin:
                    start, why = self._settle(trip, max(soonest, start))
                if start < comes:
                    return trip, start, "people" if waits and start == begin else why
            begin, waits = comes, True  # by then more are there, and as many vehicles go as they fill
        return None

    def biggest(self, side: SideId, kind: Kind) -> int:
        """Vehicles of a kind that this side can ever field."""
        return len(self._pools[side, kind])

    def _settle(self, trip: Trip, start: int) -> tuple[int, Reason]:
        why: Reason = "nothing"
        settled = False
        while not settled and start < NEVER:
            settled = True
            for reason, rule in self._rules:
                later = rule(trip, start)
                if later > start:
                    start, why, settled = later, reason, False
        return start, why

    # The rules.

    def _fleet(self, trip: Trip, start: int) -> int:
        for kind, number in trip.numbers:
            start = self._when_free(trip, kind, number, start)
        return start

    def _when_free(self, trip: Trip, kind: Kind, number: int, start: int) -> int:
        if number == 0:
            return start
        pool = self._usable(trip, kind)
        if len(pool) < number:
            return NEVER
        start = self._when_one_holds(trip, pool, start)
        if not any(vehicle.id in self._lost for vehicle in pool):
            return max(start, sorted(self._free[vehicle.id] for vehicle in pool)[number - 1])
        moments = sorted({start, *(self._free[vehicle.id] for vehicle in pool if self._free[vehicle.id] > start)})
        return next((at for at in moments if len(self._ready(pool, at, trip)) >= number), NEVER)

    def _when_one_holds(self, trip: Trip, pool: list[Vehicle], start: int) -> int:
        """When one is ready that takes some party who wait for its kind: asked only where vehicles differ."""
        if len({(vehicle.seats, vehicle.stretchers) for vehicle in pool}) == 1:
            return start
        able = [vehicle for vehicle in pool if seats.serves(trip.there, vehicle)]
        moments = sorted({start, *(self._free[vehicle.id] for vehicle in able if self._free[vehicle.id] > start)})
        return next((at for at in moments if self._ready(able, at, trip)), NEVER)

    def _usable(self, trip: Trip, kind: Kind) -> list[Vehicle]:
        pool = self._pools[trip.route.side, kind]
        if trip.gene.vehicles and trip.gene.not_before < self.problem.now:
            return [vehicle for vehicle in pool if vehicle.id in trip.gene.vehicles]
        return pool

    def _ready(self, pool: list[Vehicle], at: int, trip: Trip) -> list[Vehicle]:
        back = self._again(trip, at) if self._lost else 0
        return [v for v in pool if self._free[v.id] <= at and back <= self._lost.get(v.id, NEVER)]

    def _again(self, trip: Trip, start: int) -> int:
        """When its vehicles can load again, as the gate is taken now."""
        route = trip.route
        if route.inward is None:
            return start + trip.cycle
        back = self._returns(trip, start)
        return NEVER if back is None else back[1] + route.home

    def _returns(self, trip: Trip, start: int) -> tuple[int, int] | None:
        gate = self._crossings[trip.route.crossing]
        return returning(gate, trip.route, sum(number for _, number in trip.numbers), start + trip.lead, self._busy[gate.id])

    def _drivers(self, trip: Trip, start: int) -> int:
        crews = self._crews[trip.route.side]
        if crews:
            start = min((max(start, begin) for begin, end in crews if self._again(trip, max(start, begin)) <= end), default=NEVER)
        cycles, buses = self.problem.cycles_per_day, trip.numbers[0][1]
        if cycles is None or buses == 0:
            return start
        side, day = trip.route.side, start // DAY
        while self._trips.get((side, day), 0) + buses > cycles * self._buses_on(side, day):
            day += 1
            if day * DAY > 2 * self.problem.horizon + DAY:
                return NEVER
        return max(start, day * DAY)

    def _buses_on(self, side: SideId, day: int) -> int:
        if (side, day) not in self._hours:
            self._hours[side, day] = self.problem.buses_on(side, day)
        return self._hours[side, day]

    def _suspension(self, trip: Trip, start: int) -> int:
        departs, received = start + trip.route.load, start + trip.lead + trip.route.onward
        for begin, end in self.problem.suspensions:
            if departs < end and received > begin:
                return end - trip.route.load
        return start

    def _monitors(self, trip: Trip, start: int) -> int:
        """After monitors are back where it loads, and so that they are where it is received."""
        for post in self.problem.unwatched:
            onward = trip.lead + trip.route.onward
            if post.stops(trip.route, start, start + onward):
                return post.end if post.route is None else post.end - onward
        return start

    def _window(self, trip: Trip, start: int) -> int:
        ahead = trip.lead - trip.handling
        for begin, end in self._crossings[trip.route.crossing].windows:
            opens = max(begin, start + ahead)
            if opens + trip.handling <= end:
                return opens - ahead
        return NEVER

    def _gate(self, trip: Trip, start: int) -> int:
        """Between two convoys at the gate if there is time, and behind the side's own last one everywhere."""
        start = max(start, trip.after + 1 - trip.lead)
        at = start + trip.lead - trip.handling
        for begin, end in self._busy[trip.route.crossing]:
            if at + trip.handling <= begin:
                break
            at = max(at, end)
        return at - (trip.lead - trip.handling)

    def _parity(self, trip: Trip, start: int) -> int:
        for balance in self._balances:
            moment = balance.earliest(trip.route.side, trip.need)
            if moment is None:
                return NEVER
            start = max(start, moment - trip.lead)
        return start

    def _reception(self, trip: Trip, start: int) -> int:
        """On a day on which there is still room for the load that it needs."""
        for place in self._ends[trip.route.id]:
            day = (start + trip.lead + trip.route.onward) // DAY
            while place.takes(day) - self._taken.get((place.id, day), 0) < trip.need:
                day += 1
                if day * DAY > 2 * self.problem.horizon + DAY:
                    return NEVER
            start = max(start, day * DAY - trip.lead - trip.route.onward)
        return start

    def _room(self, trip: Trip, passing: int) -> int:
        """Persons for whom parity and reception have room."""
        day = (passing + trip.route.onward) // DAY
        taken = [place.takes(day) - self._taken.get((place.id, day), 0) for place in self._ends[trip.route.id]]
        return min([*taken, *(balance.room(trip.route.side, passing) for balance in self._balances)], default=NEVER)

    # Sizes, boarding, bookkeeping.

    def _trip(self, gene: Gene, share: int, minute: int) -> Trip | None:
        """The gene cut to who is there at that minute and what there is; filled up to the smallest convoy unless it takes everybody who
        is left."""
        route, size = self._routes[gene.route], self.problem.convoy
        left, away = self._there(route.side, minute)
        numbers = self._cut(left, gene, share)
        if left.persons == 0 or sum(numbers) == 0:
            return None
        buses, ambulances = numbers
        load = min(left.people, buses * self._seats(route.side, "bus")) + min(
            left.wounded, ambulances * self._seats(route.side, "ambulance")
        )
        if sum(numbers) < size.low and load < self.waiting[route.side].persons:
            return None
        handling = self._crossings[route.crossing].handling(buses + ambulances)
        lead = route.load + route.pre + handling
        need = max(1, left.smallest if share == ANY else min(load * share // FULL, gene.enough or load))
        kinds: tuple[tuple[Kind, int], ...] = (("bus", buses), ("ambulance", ambulances))
        return Trip(gene, route, kinds, handling, lead, lead + route.post, self._last[route.side], need, left, away)

    def _there(self, side: SideId, minute: int) -> tuple[seats.Waiting, seats.Waiting | None]:
        """Who waits and is there at that minute, and who is not; None: everybody is."""
        if not self._arrivals[side] or self._arrivals[side][-1] <= minute:
            return self.waiting[side], None
        return apart(self.waiting[side], self._sides[side], minute)

    def _cut(self, left: seats.Waiting, gene: Gene, share: int) -> tuple[int, int]:
        side, size = self._routes[gene.route].side, self.problem.convoy
        most = (self.biggest(side, "bus"), self.biggest(side, "ambulance"))
        wanted = (self._wanted(left, side, "bus", gene.buses), self._wanted(left, side, "ambulance", gene.ambulances))
        ambulances = min(gene.ambulances, most[1], wanted[1], size.high)
        buses = min(gene.buses, most[0], wanted[0], size.high - ambulances)
        if share < FULL or (buses, ambulances) != wanted:
            buses = max(buses, min(size.low - ambulances, most[0]))
            ambulances = max(ambulances, min(size.low - buses, most[1]))
        return buses, ambulances

    def _wanted(self, left: seats.Waiting, side: SideId, kind: Kind, wished: int) -> int:
        """Vehicles for everybody who is left; counted family by family only where it is not more than is wished for anyway."""
        places = self._seats(side, kind)
        least = _ceil(left.people if kind == "bus" else left.wounded, places)
        return seats.needed(left, kind, places) if least <= wished else least

    def _seats(self, side: SideId, kind: Kind) -> int:
        return min((vehicle.seats for vehicle in self._pools[side, kind]), default=1)

    def _board(self, trip: Trip, start: int, why: Reason) -> tuple[Convoy, seats.Waiting]:
        route, vehicles = trip.route, self._choose(trip, start)
        room = min(self._room(trip, start + trip.lead), trip.gene.enough or NEVER)
        if self._told:
            aboard, left = seats.board(trip.there, vehicles, room, lambda group: self._rank(group, (route.id, start)))
        else:
            aboard, left = seats.board(trip.there, vehicles, room)
        convoy = timed(route, self._crossings[route.crossing], start, tuple(v.id for v in vehicles), aboard, why)
        return replace(convoy, returns=self._returns(trip, start)), left if trip.away is None else together(left, trip.away)

    def _rank(self, group: Group, here: tuple[RouteId, int]) -> int:
        told = self._told.get(group.id)
        return 1 if told is None else 0 if told == here else 2

    def _choose(self, trip: Trip, start: int) -> list[Vehicle]:
        """The preferred ones, then, where a family does not fit into every vehicle, the biggest; then those that are lost soonest, then
        those free last, so that early ones stay for others."""
        chosen = []
        for kind, number in trip.numbers:
            ready = self._ready(self._usable(trip, kind), start, trip)
            big_first = self._some_do_not_hold(trip, kind, ready)
            ready.sort(key=lambda v: self._preference(trip, v, big_first))
            chosen += ready[:number]
        return chosen

    def _some_do_not_hold(self, trip: Trip, kind: Kind, ready: list[Vehicle]) -> bool:
        """Whether a family waits that is larger than the smallest of these."""
        sizes = {vehicle.seats for vehicle in ready}
        return len(sizes) > 1 and max(seats.parties(trip.there, kind), default=0) > min(sizes)

    def _preference(self, trip: Trip, vehicle: Vehicle, big_first: bool) -> tuple[bool, bool, int, int, int, VehicleId]:
        """Stretchers where somebody must lie, and only then."""
        lost, wished = self._lost.get(vehicle.id, NEVER), vehicle.id in trip.gene.vehicles
        unfit = vehicle.kind == "ambulance" and vehicle.stretchers != (trip.there.lying > 0)
        return not wished, unfit, -vehicle.seats if big_first else 0, lost, -self._free[vehicle.id], vehicle.id

    def _occupy(self, convoy: Convoy) -> None:
        route = self._routes[convoy.route]
        for vehicle in convoy.vehicles:
            if vehicle in self._free:
                self._free[vehicle] = max(self._free[vehicle], self.problem.again(convoy))
        insort(self._busy[route.crossing], (convoy.crossing_start, convoy.crossing_end))
        if convoy.returns is not None:
            insort(self._busy[route.crossing], convoy.returns)
        for place in self._ends[route.id]:
            key_of_day = (place.id, convoy.reception // DAY)
            self._taken[key_of_day] = self._taken.get(key_of_day, 0) + convoy.persons
        self._last[route.side] = max(self._last[route.side], convoy.crossing_end)
        buses = sum(1 for vehicle in self._pools[route.side, "bus"] if vehicle.id in convoy.vehicles)
        key = (route.side, convoy.loading // DAY)
        self._trips[key] = self._trips.get(key, 0) + buses


def decode(problem: Problem, genes: Iterable[Gene]) -> tuple[Convoy, ...] | None:
    """The convoys of these genes, in order of passing; None: a deadlock."""
    table = timetable(problem, genes)
    return None if table is None else in_order(table.convoys)


def in_order(convoys: Iterable[Convoy]) -> tuple[Convoy, ...]:
    """Convoys as they pass their crossings."""
    return tuple(sorted(convoys, key=lambda convoy: (convoy.crossing_end, convoy.route)))


def timetable(problem: Problem, genes: Iterable[Gene], as_told: bool = False) -> Timetable | None:
    """These genes placed one after the other, and completed until nobody waits; None: a deadlock.

    A gene that parity or the fleet blocks waits for the next placement and is tried again.
    """
    table, blocked = Timetable(problem, as_told), list[Gene]()
    for gene in genes:
        blocked = _retry(table, blocked) if _fit(table, gene) else [*blocked, gene]
    while any(left.persons for left in table.waiting.values()):
        if not complete(table):
            return None
        blocked = _retry(table, blocked)
    return table


def timed(route: Route, crossing: Crossing, start: int, vehicles: tuple[VehicleId, ...], aboard: seats.Aboard, why: Reason) -> Convoy:
    """All minutes of a convoy that begins to load at `start`."""
    arrives = start + route.load + route.pre
    ends = arrives + crossing.handling(len(vehicles))
    return Convoy(
        route=route.id, vehicles=vehicles, loading=start, departure=start + route.load, crossing_start=arrives,
        crossing_end=ends, reception=ends + route.onward, people=aboard.people, wounded=aboard.wounded,
        families=aboard.families, why_waits=why, lying=aboard.lying,
    )  # fmt: skip


def soonest(table: Timetable, wishes: Iterable[Gene], share: int = FULL) -> Gene | None:
    """The wish that would be through its gate first."""
    best: tuple[int, int] | None = None
    found = None
    for index, gene in enumerate(wishes):
        probed = table.probe(gene, share)
        if probed and (best is None or (probed[1] + probed[0].lead, index) < best):
            best, found = (probed[1] + probed[0].lead, index), gene
    return found


def _fit(table: Timetable, gene: Gene) -> bool:
    """Place it full, or with as many as are enough; where that is not said, at least half full where parity leaves no more room."""
    return table.place(gene) is not None or (not gene.enough and table.place(gene, HALF) is not None)


def _retry(table: Timetable, blocked: list[Gene]) -> list[Gene]:
    """Those still blocked after every one was tried once more."""
    return [gene for gene in blocked if not _fit(table, gene)]


def complete(table: Timetable) -> bool:
    """Place one more convoy: full before half full before any load, big before small, and then the one that is
    through first."""
    size = table.problem.convoy
    for share in (FULL, HALF, ANY):
        for most in range(size.high, size.low - 1, -1):
            wishes = [Gene(route.id, most, most) for route in table.problem.routes]
            gene = soonest(table, wishes, share)
            if gene is not None and table.place(gene, share) is not None:
                return True
    return False


def _pools(problem: Problem) -> dict[tuple[SideId, Kind], list[Vehicle]]:
    """Vehicles by side and kind, without those lost before they could serve."""
    lost = problem.lost_at()
    kinds: tuple[Kind, Kind] = ("bus", "ambulance")
    there = [vehicle for vehicle in problem.fleet if lost.get(vehicle.id, NEVER) > problem.now]
    return {(s.id, kind): [v for v in there if (v.side, v.kind) == (s.id, kind)] for s in problem.sides for kind in kinds}


def _ceil(number: int, by: int) -> int:
    return -(-number // by)
