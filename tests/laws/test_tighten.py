"""Exact bounds are those of every assignment of heads, tried one by one; the two sweeps never say more than that."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.values.counts import Count
from safepassage.whereabouts.tighten import Arc, Network, narrow, tighten


@st.composite
def networks(draw: st.DrawFn) -> Network:
    nodes = draw(st.integers(2, 4))
    arcs = []
    for _ in range(draw(st.integers(1, 6))):
        tail, head = draw(st.permutations(range(nodes)))[:2]
        low = draw(st.integers(0, 2))
        arcs.append(Arc(tail, head, Count(low, low + draw(st.integers(0, 3)))))
    return Network(nodes, tuple(arcs))


def every(network: Network) -> list[tuple[int, ...]]:
    """All flows within bounds at which every node gives what it takes."""
    ranges = [range(arc.bounds.low, (arc.bounds.high or 0) + 1) for arc in network.arcs]
    return [flow for flow in product(*ranges) if all(_balanced(network, flow, node) for node in range(network.nodes))]


def _balanced(network: Network, flow: tuple[int, ...], node: int) -> bool:
    into = sum(heads for heads, arc in zip(flow, network.arcs, strict=True) if arc.head == node)
    return into == sum(heads for heads, arc in zip(flow, network.arcs, strict=True) if arc.tail == node)


@settings(max_examples=600, deadline=None)
@given(network=networks(), data=st.data())
def test_exact_bounds_are_what_trying_everything_gives(network: Network, data: st.DataObject) -> None:
    flows = every(network)
    head = data.draw(st.sampled_from([arc.head for arc in network.arcs]))
    arcs = [index for index, arc in enumerate(network.arcs) if arc.head == head]
    asked = data.draw(st.lists(st.sampled_from(arcs), min_size=1, unique=True))
    sums = [sum(flow[index] for index in asked) for flow in flows]
    assert tighten(network, asked) == (Count(min(sums), max(sums)) if sums else None)


@settings(max_examples=600, deadline=None)
@given(network=networks())
def test_the_sweeps_hold_every_flow(network: Network) -> None:
    """`narrow` is sound: it may be wider than exact, never narrower; and it says *contradiction* only where there is one."""
    flows, narrowed = every(network), narrow(network)
    if narrowed is None:
        assert flows == []
        return
    for flow in flows:
        assert all(bound.low <= heads <= (bound.high or 0) for heads, bound in zip(flow, narrowed, strict=True))


@settings(max_examples=300, deadline=None)
@given(network=networks(), seed=st.integers(0, 5), room=st.integers(0, 2))
def test_a_further_bound_that_agrees_never_widens(network: Network, seed: int, room: int) -> None:
    """Narrowing one arc's bounds to any that still hold some flow leaves every exact bound as narrow as it was, or narrower."""
    flows = every(network)
    if not flows:
        return
    flow, asked = flows[seed % len(flows)], seed % len(network.arcs)
    arc = network.arcs[asked]
    closer = Count(max(arc.bounds.low, flow[asked] - room), min(arc.bounds.high or 0, flow[asked] + room))
    more = Network(network.nodes, tuple(Arc(a.tail, a.head, closer) if i == asked else a for i, a in enumerate(network.arcs)))
    for index in range(len(network.arcs)):
        before, after = tighten(network, [index]), tighten(more, [index])
        assert before is not None and after is not None
        assert before.low <= after.low and (after.high or 0) <= (before.high or 0)


def test_no_upper_bound_stays_not_known() -> None:
    assert tighten(Network(2, (Arc(0, 1, Count(3)), Arc(1, 0, Count(0)))), [1]) == Count(3, None)
