"""Field notation loses nothing and adds nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.notation import context_for, parse, parse_log, render, render_log
from safepassage.observation import KINDS, Kind, Observation, from_bytes, to_bytes
from tests.laws.observations import INSTANTS, ZONES, observations, of_kind


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), seen_at=INSTANTS, zone=ZONES)
def test_what_is_written_is_read_back_for_every_kind(kind: type[Kind], data: st.DataObject, seen_at: int, zone: str) -> None:
    """`parse(render(o)) == o`, in zones whose clocks are put forward and back."""
    observation = Observation(by="m03", seen_at=seen_at, what=data.draw(of_kind(kind)), at="ramouseh")
    context = context_for(observation, zone)
    assert parse(render(observation, context), context) == observation


@settings(max_examples=60, deadline=None)
@given(log=st.lists(observations(), max_size=6, unique_by=to_bytes), zone=ZONES)
def test_a_file_is_read_back_whole(log: list[Observation], zone: str) -> None:
    """Day headers, places and tellers come and go between lines; nothing is lost."""
    assert [line.observation for line in parse_log("\n".join(render_log(log, zone)))] == log


@settings(max_examples=200, deadline=None)
@given(observation=observations())
def test_canonical_bytes_are_read_back(observation: Observation) -> None:
    """The signed bytes and the observation say the same."""
    assert from_bytes(to_bytes(observation)) == observation
