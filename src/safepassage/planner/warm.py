"""Compiled functions made ready: half a minute the first time ever, a second afterwards. To be waited for where nobody else waits."""

from __future__ import annotations

from safepassage.planner.annealing import HOTTEST
from safepassage.planner.compiled import installed
from safepassage.planner.problem import ConvoySize, Crossing, Gene, Parity, PeopleClass, Problem, Route, RouteId, Side, Vehicle
from safepassage.planner.twin import WORTH, Twin
from safepassage.values.ids import PlaceId, SideId, VehicleId


def warm() -> bool:
    """Whether searching with many calls is fast from now on; False: the extra `compiled` is not installed."""
    if not installed():
        return False
    twin, genes = Twin(_small(), WORTH), (Gene(RouteId("r"), 1, 0),)
    twin.anneal(genes, twin.cost(genes) or 1, 1, 1, HOTTEST)
    return True


def _small() -> Problem:
    """One busload on each of two sides: whatever world it is, the functions are the same."""
    one, other, gate = SideId("one"), SideId("other"), PlaceId("gate")
    return Problem(
        classes=(PeopleClass("all", 1),), wounded_weight=1, sides=(Side(one, (9,)), Side(other, (9,))),
        fleet=(Vehicle(VehicleId("a"), one, "bus", 10), Vehicle(VehicleId("b"), other, "bus", 10)),
        crossings=(Crossing(gate, 1, 1, ((0, 600),)),),
        routes=(Route(RouteId("r"), one, gate, 1, 1, 1, 1, 1), Route(RouteId("s"), other, gate, 1, 1, 1, 1, 1)),
        convoy=ConvoySize(1, 2), horizon=600, objective="cold", parity=(Parity(one, other, 1, 1, -9, 9),),
    )  # fmt: skip


if __name__ == "__main__":
    warm()
