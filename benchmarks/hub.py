"""What a hub takes: observations per second through `Hub.receive`, one by one and in bulk, and the time to build a view.

    make bench        or: .venv/bin/python benchmarks/hub.py

Each is also given as a ratio to raw signature verification of the same envelopes in the same run, since machines are noisy.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from safepassage.disclosure import Audience
from safepassage.errors import Refusal
from safepassage.hub.hub import Hub
from safepassage.hub.play import Play, Scenario, read_scenario
from safepassage.ledger.envelope import read
from safepassage.ledger.keys import parse_vkey
from safepassage.simulate.player import Deliver, enrolments

NIGHT = Path(__file__).resolve().parents[1] / "scenarios" / "six-buses-burned"
COUNT = 400
ROUNDS = 5


def main() -> None:
    scenario = read_scenario(NIGHT)
    carried = [cue.envelope for cue in scenario.cues if isinstance(cue, Deliver) and cue.copy == 1][:COUNT]
    raw = raw_verification(scenario, carried)
    print(f"raw verification: {1 / raw:,.0f} a second, {raw * 1e6:.0f} us each")
    with tempfile.TemporaryDirectory() as place:
        say(
            "Hub.receive, one by one, durable each", raw, best(lambda hub: [hub.receive(data) for data in carried], scenario, place) / COUNT
        )
        say("Hub.receive_all, in bulk", raw, best(lambda hub: hub.receive_all(carried), scenario, place) / COUNT)
        say("flush to disk, as one receipt needs", raw, two_flushes(Path(place)))
        hub = fresh(scenario, Path(place) / "views")
        hub.receive_all(carried)
        for audience in Audience:
            say(f"a view for {audience.value}", raw, quickest(lambda audience=audience: hub.view(audience)))
        folder, clock = hub.folder, hub.clock
        say(
            "one entry, read and folded on opening",
            raw,
            quickest(lambda: Hub(folder, clock, writer=False).close()) / hub.ledger.size,
        )
        hub.close()


def raw_verification(scenario: Scenario, carried: list[bytes]) -> float:
    """Seconds to verify one signature, form and key at hand."""
    keys = {each.device: parse_vkey(each.key) for each in enrolments(scenario.name, scenario.stage)}
    envelopes = [envelope for data in carried if not isinstance(envelope := read(data), Refusal)]
    return quickest(lambda: [keys[each.header.device].verifies(each.signature, each.text) for each in envelopes]) / len(envelopes)


def two_flushes(place: Path) -> float:
    """The floor that the disk sets: a commit and a tree head, each written and flushed."""

    def flush() -> None:
        for name in ("a", "b"):
            with open(place / name, "wb") as file:
                file.write(b"x" * 400)
                file.flush()
                os.fsync(file.fileno())

    return quickest(flush, 40)


def fresh(scenario: Scenario, path: Path) -> Hub:
    """A hub with everybody enrolled, at the end of the night."""
    play = Play(scenario, path)
    play.now = max(cue.at for cue in scenario.cues)
    return play.hub


def best(work: Callable[[Hub], object], scenario: Scenario, place: str) -> float:
    """Seconds of the quickest round, each on a folder of its own."""
    found = []
    for _ in range(ROUNDS):
        hub = fresh(scenario, Path(tempfile.mkdtemp(dir=place)) / "night")
        began = time.perf_counter()
        work(hub)
        found.append(time.perf_counter() - began)
        hub.close()
    return min(found)


def quickest(work: Callable[[], object], times: int = 10) -> float:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def say(what: str, raw: float, seconds: float) -> None:
    print(f"  {what:40} {1 / seconds:>10,.0f} a second   {seconds / raw:8.1f} x raw verification")


if __name__ == "__main__":
    main()
