"""Replanning as ratios: seconds of one core, announced seats kept, cost against a free re-optimisation of the same problem; news by news.

PYTHONPATH=. python benchmarks/replan.py [--calls N] [--free N] [--world-aleppo FILE]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import NamedTuple

from tests.planner.worlds import night

from safepassage.planner.check import check
from safepassage.planner.difference import passable
from safepassage.planner.instance import read_case, to_problem
from safepassage.planner.keepable import most_kept
from safepassage.planner.learnt import Learnt, Recount, Returned, after
from safepassage.planner.objective import value
from safepassage.planner.plan import Plan
from safepassage.planner.problem import Problem, Vehicle
from safepassage.planner.replan import DEEPER, Proposal, replan
from safepassage.planner.solve import planned, search
from safepassage.values.ids import SideId, VehicleId

ALEPPO = Path(__file__).resolve().parents[2] / "shared/reference/planner/world-aleppo.json"


class News(NamedTuple):
    name: str
    learnt: Learnt


def news(problem: Problem, plan: Plan, at: int) -> list[News]:
    """One of each kind, at the minute `at`."""
    one, other = problem.sides[0].id, problem.sides[-1].id
    gate, last = problem.crossings[0].id, problem.crossings[-1].id
    turned = min((convoy for convoy in plan.convoys if convoy.departure >= at), key=lambda convoy: convoy.departure)
    back = (Returned(turned.route, turned.departure, turned.departure + 61),)
    left = after(problem, plan, Learnt(at)).problem.side(one)
    more = Recount(one, (left.people[0] + 40, *left.people[1:]), left.wounded, left.groups)
    return [
        News("six buses of the first side burn", Learnt(at, lost=_buses(problem, one)[:6])),
        News("six buses of the last side burn", Learnt(at, lost=_buses(problem, other)[:6])),
        News("the first gate shuts for ten hours", Learnt(at, closed=((gate, at, at + 600),))),
        News("the last gate is open for ten hours more", Learnt(at, opened=((last, at, at + 600),))),
        News("passage is suspended for six hours", Learnt(at, suspended=((at, at + 360),))),
        News("the first side lets out 500 fewer", Learnt(at, let_out=((one, max(0, left.persons - 500)),))),
        News("the next convoy is turned back", Learnt(turned.departure + 1, returned=back)),
        News("40 more wait than were counted", Learnt(at, recounted=(more,))),
        News("monitors are withdrawn from the first gate for four hours", Learnt(at, unwatched=((gate, at, at + 240),))),
        News("three more buses", Learnt(at, joined=tuple(Vehicle(VehicleId(f"more-{n}"), one, "bus", 50, at) for n in range(3)))),
    ]  # fmt: skip


def _buses(problem: Problem, side: SideId) -> tuple[VehicleId, ...]:
    return tuple(vehicle.id for vehicle in problem.fleet if (vehicle.side, vehicle.kind) == (side, "bus"))


class Keeping(NamedTuple):
    """Announced seats that leave as announced; those that still exist, at a minute at which their gate is open and the road not suspended,
    of sides that let so many out; the most that any plan could let leave so, proved; and persons who keep what they were told."""

    kept: int
    there: int
    most: int
    people: int

    @property
    def words(self) -> str:
        """Of those with a seat; where it is proved that not all of them can keep theirs, of the most who can."""
        possible = min(self.there, self.most)
        proved = f", of whom {self.most:,} can at most" if self.most < self.there else ""
        seats = f"kept {self.kept / possible if possible else 1.0:6.1%}: {self.kept:,} of {self.there:,}{proved}"
        return f"{seats}; {self.people:,} persons keep theirs"


def keeping(proposal: Proposal) -> Keeping:
    problem, seats = proposal.problem, {vehicle.id: vehicle.seats for vehicle in proposal.problem.fleet}
    lost = problem.lost_at()
    ready = [convoy for convoy in problem.announced if passable(problem, convoy)]
    there = sum(min(c.persons, sum(seats[v] for v in c.vehicles if v not in lost)) for c in ready)
    there = min(there, sum(side.persons for side in problem.sides))
    return Keeping(proposal.difference.places, there, most_kept(problem), proposal.difference.kept)


def measure(name: str, problem: Problem, at: int, calls: int, first: int) -> None:
    """One plan, and a line for each piece of news."""
    found = search(problem, 1, first)
    if found is None:
        print(f"{name}: no plan")
        return
    plan = planned(problem, found.convoys, 1, first)
    print(f"{name}: {len(plan.convoys)} convoys, news at minute {at}, {calls} decoder calls each")
    for each in news(problem, plan, at):
        began = time.process_time()
        answer = replan(problem, plan, each.learnt, 1, calls, deeper=DEEPER)
        seconds = time.process_time() - began
        if not isinstance(answer, Proposal):
            print(f"  {each.name:58} {seconds:4.1f} s  {answer.words}")
            continue
        ahead = tuple(c for c in answer.plan.convoys if c.departure > each.learnt.minute)
        free = search(answer.problem, 1, first)
        ratio = f"{value(answer.problem, ahead) / value(answer.problem, free.convoys):.3f}" if free else "-"
        print(
            f"  {each.name:58} {seconds:4.1f} s  {keeping(answer).words:84}  cost / free {ratio}  "
            f"{answer.repair:8} {len(check(answer.problem, ahead))} broken rules"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=240, help="decoder calls for each replan")
    parser.add_argument("--first", type=int, default=2000, help="decoder calls for the first plan, and for each free re-optimisation")
    parser.add_argument("--world-aleppo", type=Path, default=ALEPPO)
    options = parser.parse_args()
    measure("exercise night, 900 people", night(), 20, options.calls, options.first)
    if options.world_aleppo.is_file():
        aleppo = to_problem(read_case(options.world_aleppo.read_bytes()).instance, "cold")
        measure("world-aleppo, 37,500 people", aleppo, 5000, options.calls, options.first)
    else:
        print("left out: world-aleppo (its file is not beside the project; name it with --world-aleppo)")


if __name__ == "__main__":
    main()
