"""The frontier beside its plain definition: what one has and the other has not, digest by digest."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.errors import InputError
from safepassage.ledger.envelope import FIRST
from safepassage.ledger.frontier import STRIDE, Frontier, Link, by_hand, parse_frontier, render_frontier, strands, uncovered


def links(device: str, numbers: range, branch: str = "", after: Link | None = None) -> list[Link]:
    """A stretch of a device's chain; another `branch` is another set of envelopes under the same numbers."""
    found: list[Link] = []
    for number in numbers:
        before = found[-1] if found else after
        digest = hashlib.sha256(f"{device} {number} {branch}".encode()).hexdigest()
        found.append(Link(device, 1, number, digest, before.digest if before else FIRST if number == 1 else "f" * 64))
    return found


def world() -> list[Link]:
    """A long chain, one that forks twice and goes on from both, and one that names what nobody has."""
    long = links("m01-1", range(1, 100))
    trunk = links("m02-1", range(1, 40))
    return [
        *long,
        *trunk,
        *links("m02-1", range(20, 60), "b", trunk[18]),
        *links("m02-1", range(33, 36), "c", trunk[31]),
        *links("m03-1", range(5, 9)),
    ]


WORLD = world()
some = st.lists(st.sampled_from(range(len(WORLD))), unique=True).map(lambda places: [WORLD[place] for place in places])
holes = st.lists(st.sampled_from(range(len(WORLD))), unique=True, max_size=6).map(
    lambda places: [link for place, link in enumerate(WORLD) if place not in places]
)


def frontier(has: list[Link]) -> Frontier:
    return Frontier("night", "safepassage/night", len(has), strands(has))


def digests(of: list[Link]) -> set[str]:
    return {link.digest for link in of}


@given(some | holes, some | holes)
def test_nothing_that_the_other_lacks_is_left_out(ours: list[Link], theirs: list[Link]) -> None:
    assert uncovered(ours, frontier(theirs)) >= digests(ours) - digests(theirs)


@given(some | holes, some | holes)
def test_whoever_heard_all_that_the_other_has_carries_only_what_it_lacks(ours: list[Link], theirs: list[Link]) -> None:
    both = [link for link in WORLD if link in ours or link in theirs]
    assert uncovered(both, frontier(theirs)) == digests(both) - digests(theirs)


@given(some | holes)
def test_every_envelope_lies_on_exactly_one_strand(has: list[Link]) -> None:
    assert sum(strand.last - strand.first + 1 for strand in strands(has)) == len(has)
    assert strands(has) == strands(reversed(has))


@given(some | holes)
def test_a_frontier_is_read_as_it_was_written(has: list[Link]) -> None:
    assert parse_frontier(render_frontier(frontier(has))) == frontier(has)


def test_of_a_device_whose_newest_we_lack_less_than_a_stride_is_carried_again() -> None:
    ours, theirs = links("m01-1", range(1, 90)), links("m01-1", range(1, 100))
    again = uncovered(ours, frontier(theirs))
    assert again == digests(ours[64:])
    assert len(again) < STRIDE


def test_a_strand_said_by_hand_is_believed_by_its_numbers() -> None:
    ours = links("m01-1", range(1, 13))
    assert uncovered(ours, by_hand(["m01-1:10"], "night")) == digests(ours[10:])
    assert uncovered(ours, by_hand(["m01-1:2/10"], "night")) == digests(ours)


@pytest.mark.parametrize("word", ["m01-1", "m01-1:", "m01-1:0", "m01-1:1/0", "M:1", "m01-1:1:1"])
def test_what_is_said_by_hand_has_one_form(word: str) -> None:
    with pytest.raises(InputError, match="SP-218"):
        by_hand([word], "night")


GOOD = render_frontier(frontier(links("m01-1", range(1, 70))))
altered = st.builds(lambda cut, add: GOOD[:cut] + add + GOOD[cut:], st.integers(0, 600), st.binary(min_size=1, max_size=3))


@given(st.binary(max_size=200) | altered)
def test_no_bytes_make_the_reader_fail_otherwise_than_by_saying_so(data: bytes) -> None:
    try:
        found = parse_frontier(data)
    except InputError:
        return
    assert render_frontier(found) == data
