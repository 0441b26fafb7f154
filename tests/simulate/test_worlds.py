"""Simulated worlds: the same bytes each time, nobody lost by the simulator itself, and flaws as large as they are said to be."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from safepassage.observation import to_bytes
from safepassage.observation.people import Boarded
from safepassage.simulate.actors import QUIET, USUAL, Act, Deed, Truth, act
from safepassage.simulate.devices import NONE, Flaws, Heard, entries_of, watch
from safepassage.simulate.player import Deliver, cues
from safepassage.simulate.scenario import field_log
from safepassage.simulate.stage import read_stage
from safepassage.simulate.world import Ground, make_ground
from safepassage.values.ids import DeploymentId
from safepassage.values.times import MINUTE
from safepassage.whereabouts.reliance import CLOCK, allowance

SIZE = 900


def play(persons: int = SIZE, seed: int = 5, flaws: Flaws = Flaws()) -> tuple[Ground, list[Deed], list[Heard]]:  # noqa: B008
    ground = make_ground(persons, seed)
    deeds = act(ground, seed, USUAL)
    return ground, deeds, watch(ground, deeds, seed, flaws)


def digest(heard: list[Heard]) -> str:
    return hashlib.sha256(b"".join(to_bytes(one.observation) + str(one.arrives).encode() for one in heard)).hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    ground, _, heard = play()
    again, _, repeated = play()
    assert (ground.text, digest(heard)) == (again.text, digest(repeated))
    assert digest(play(seed=6)[2]) != digest(heard)


def test_what_is_invented_says_so() -> None:
    ground = make_ground(SIZE, 1)
    assert ground.world.exercise and ground.world.name.startswith("EXERCISE")


@pytest.mark.parametrize("seed", range(60))
def test_everybody_is_somewhere_after_every_deed(seed: int) -> None:
    """The ground truth conserves: only a birth adds a head, the dead are counted as dead, and no bus is at two places."""
    ground = make_ground(300, seed)
    truth, born = Truth(ground), 0
    for deed in act(ground, seed, USUAL):
        truth.take(deed)
        born += deed.act is Act.BEAR
        assert sum(truth.heads.values()) == 300 + born
        if deed.vehicle is not None and deed.act not in (Act.BURN, Act.SWAP):
            assert truth.heads[deed.vehicle] == deed.aboard, deed
        if deed.act is Act.SWAP:
            assert (truth.heads[deed.vehicle], truth.heads[deed.to]) == (0, deed.aboard), deed


def test_the_first_side_and_the_second_leave_and_every_spoiler_comes_up() -> None:
    seen: Counter[Act] = Counter()
    for seed in range(30):
        seen.update(deed.act for deed in act(make_ground(SIZE, seed), seed, USUAL))
    assert set(seen) == set(Act)


def test_without_spoilers_everybody_is_received() -> None:
    ground = make_ground(SIZE, 3)
    truth = Truth(ground)
    for deed in act(ground, 3, QUIET):
        truth.take(deed)
    assert truth.heads["reception-east"] + truth.heads["reception-west"] == SIZE


def test_flaws_stay_within_what_bounds_allow_for_and_each_comes_up() -> None:
    ground, deeds, heard = play(persons=3000)
    counted = [one for one in heard if one.deed >= 0 and deeds[one.deed].act is Act.ARRIVE and one.observation.what.heads is not None]
    off = [abs(one.observation.what.heads.low - deeds[one.deed].aboard) for one in counted]
    assert max(off) > 0
    assert all(o <= allowance(one.observation.what.heads.low, ground.world.miscount) for o, one in zip(off, counted, strict=True))
    late = [one.arrives[0] - deeds[one.deed].at for one in heard if one.arrives and one.deed >= 0]
    assert max(late) > 60 * 60_000
    assert any(one.lost for one in heard) and any(len(one.arrives) == 2 for one in heard)
    clocks = {abs(one.observation.seen_at - deeds[one.deed].at) for one in heard if one.deed >= 0}
    assert 0 < max(clocks) <= CLOCK + 1_000


def test_without_flaws_every_seen_deed_is_heard_as_it_was() -> None:
    _, deeds, heard = play(flaws=NONE)
    assert not any(one.lost for one in heard)
    arrivals = [one for one in heard if one.deed >= 0 and deeds[one.deed].act is Act.ARRIVE]
    assert all(one.observation.what.heads.low == deeds[one.deed].aboard for one in arrivals)


def test_swapped_wristbands_are_worn_by_two_of_one_family() -> None:
    ground = make_ground(SIZE, 2)
    deeds = act(ground, 2, QUIET)
    straight, crossed = (read(watch(ground, deeds, 2, Flaws(0, 0, 0, swapped, 0, 0, 0, False))) for swapped in (0, 500))
    assert straight != crossed
    assert sorted(code for codes in straight for code in codes) == sorted(code for codes in crossed for code in codes)


def read(heard: list[Heard]) -> list[tuple[str, ...]]:
    return [one.observation.what.persons for one in heard if isinstance(one.observation.what, Boarded)]


def test_copies_and_late_arrivals_reach_the_hub_in_order_of_arrival() -> None:
    entries = entries_of(play()[2])
    assert [entry.logged_at for entry in entries] == sorted(entry.logged_at for entry in entries)
    assert len({entry.id for entry in entries}) < len(entries)


@pytest.mark.slow
@pytest.mark.parametrize("persons", [35_000, 200_000])
def test_large_worlds_hold_together(persons: int) -> None:
    ground, deeds, heard = play(persons)
    assert len(ground.people) == persons
    assert sum(len(deed.people) for deed in deeds if deed.act is Act.RECEIVE) > persons * 8 // 10
    assert digest(heard) == digest(watch(ground, deeds, 5))


def test_a_written_world_is_delivered_as_late_and_as_often_as_its_devices_did() -> None:
    """From the log's text through the stage to the cues: whatever came late or twice comes so, everything else with its signal."""
    ground = make_ground(300, 5)
    heard = watch(ground, act(ground, 5, USUAL), 5)
    text = field_log(ground, heard)
    delivered: dict[tuple[str, int], list[int]] = {}
    for cue in cues(DeploymentId("one"), text, read_stage(text)):
        assert isinstance(cue, Deliver)
        delivered.setdefault((cue.observation.by, cue.observation.seen_at), []).append(cue.at)
    odd = [one for one in heard if len(one.arrives) > 1 or (one.arrives and one.arrives[0] > one.observation.seen_at + 10 * MINUTE)]
    assert len(odd) > 20 and any(len(one.arrives) > 1 for one in odd)
    assert all(delivered[one.observation.by, one.observation.seen_at] == list(one.arrives) for one in odd)
    assert sum(map(len, delivered.values())) == sum(len(one.arrives) for one in heard)
