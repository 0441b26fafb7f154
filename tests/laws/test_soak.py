"""The laws again, for hours if need be: `make soak`, or one slice with `pytest -m soak -k fold`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safepassage.observation import Entry, Observation, to_bytes
from tests.laws import test_fold, test_notation
from tests.laws.observations import ZONES, observations
from tests.laws.test_fold import ledgers

pytestmark = pytest.mark.soak


@settings(max_examples=20_000, deadline=None)
@given(ledger=ledgers(), data=st.data())
def test_the_fold_law_on_twenty_thousand_ledgers(ledger: list[Entry], data: st.DataObject) -> None:
    """Every order and doubling leaves the same in force."""
    test_fold.test_every_order_and_doubling_leaves_the_same_in_force.hypothesis.inner_test(ledger, data)


@settings(max_examples=5_000, deadline=None)
@given(log=st.lists(observations(), max_size=6, unique_by=to_bytes), zone=ZONES)
def test_the_notation_law_on_five_thousand_files(log: list[Observation], zone: str) -> None:
    """A file is read back whole."""
    test_notation.test_a_file_is_read_back_whole.hypothesis.inner_test(log, zone)
