"""How fast the agreement is judged, each figure beside a plain loop over the same facts in the same run.

python benchmarks/agreement.py [OBSERVATIONS]
"""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random

from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.facts import Ground, facts_of
from safepassage.agreement.grammar import parse_agreement
from safepassage.fold import Change
from safepassage.observation import Entry, Observation, What, to_bytes
from safepassage.observation.people import ArrivalRegistered, Boarded
from safepassage.observation.setting import WatchClosed, Watched
from safepassage.observation.vehicles import Departed
from safepassage.values.counts import exactly
from safepassage.values.encoding import content_id
from safepassage.values.places import parse_world
from safepassage.values.times import HOUR, MINUTE, Instant, Stretch

ROOT = Path(__file__).resolve().parents[1]
START = Instant(1_482_004_800_000)
WORLD = """
name = "bench"
zone = "Asia/Damascus"
sides = [
  { id = "aleppo", name = "Eastern Aleppo", area = "Aleppo", persons = 9 },
  { id = "foua", name = "Foua and Kefraya", area = "Foua", persons = 9 },
]
parties = [{ id = "party-north", name = "the opposition side", side = "foua" }]
places = [
  { id = "ramouseh", name = "Ramouseh", kind = "crossing", area = "Aleppo" },
  { id = "foua-gate", name = "Foua gate", kind = "crossing", area = "Foua" },
  { id = "idlib", name = "Idlib", kind = "reception" },
]
"""


def entry(what: What, at: int, place: str) -> Entry:
    seen = Observation(by="m01", seen_at=Instant(at), what=what, at=place)
    return Entry(content_id(to_bytes(seen)), 0, Instant(at), "m01-1", 1, seen)


def log_of(size: int) -> list[Entry]:
    """Boardings, most of them registered later; a bus in fifty; a watch each hour: in order of seeing."""
    chance, found = Random(7), list[Entry]()
    for number in range(size // 2):
        at, person = START + number * 500, f"w-{number:08d}"
        found.append(entry(Boarded("B-1", (person,)), at, "ramouseh"))
        if number % 25 == 0:
            place = "ramouseh" if number % 50 == 0 else "foua-gate"
            found.append(entry(Departed(f"B-{number % 9999}", "idlib", exactly(50)), at + 1, place))
        elif chance.random() < 0.95:
            found.append(entry(ArrivalRegistered((person,)), at + chance.randint(1, 10) * HOUR, "idlib"))
    last = START + size * 250
    for at in range(START, last, HOUR):
        found.append(entry(WatchClosed(Stretch(Instant(at), Instant(at + HOUR)), tuple(Watched)), at + HOUR, "idlib"))
    return sorted(found, key=lambda e: (e.observation.seen_at, e.id))


def timed(label: str, size: int, run: Callable[[], object], against: float = 0.0) -> float:
    gc.disable()
    begun = time.process_time()
    run()
    spent = time.process_time() - begun
    gc.enable()
    ratio = f", {against / spent:.3f} of the plain loop" if against else ""
    print(f"{label:<46} {size / spent:>10,.0f} observations/s{ratio}")
    return spent


def plain(log: list[Entry]) -> dict[object, list[object]]:
    """The yardstick: each observation into a dict of lists, by kind and who or what."""
    kept: defaultdict[object, list[object]] = defaultdict(list)
    for said in log:
        what = said.observation.what
        kept[type(what), getattr(what, "persons", None) or getattr(what, "vehicle", None)].append(said)
    return kept


def bulk(engine: Evaluator, log: list[Entry], now: Instant) -> None:
    for said in log:
        engine.add(Change(None, said))
    engine.settle(now)
    engine.verdicts()


def one_by_one(engine: Evaluator, log: list[Entry]) -> list[float]:
    spent = []
    for said in log:
        begun = time.perf_counter()
        engine.add(Change(None, said))
        engine.settle(said.observation.seen_at)
        spent.append(time.perf_counter() - begun)
    return sorted(spent)


def main(size: int) -> None:
    world = parse_world(WORLD)
    text = (ROOT / "scenarios" / "six-buses-burned" / "agreement.clauses").read_text()
    agreement, log = parse_agreement(text, world), log_of(size)
    now = Instant(log[-1].observation.seen_at + MINUTE)
    print(f"{len(agreement.clauses)} clauses, {len(log):,} observations")
    loop = timed("plain loop", len(log), lambda: plain(log))
    ground = Ground(world)
    timed("observations to facts", len(log), lambda: [facts_of(said, ground) for said in log], loop)
    timed("bulk, in order, then every verdict", len(log), lambda: bulk(Evaluator(agreement, world, START), log, now), loop)
    shuffled = list(log)
    Random(3).shuffle(shuffled)
    timed("bulk, shuffled, then every verdict", len(log), lambda: bulk(Evaluator(agreement, world, START), shuffled, now), loop)
    few = log[:1000]
    spent = one_by_one(Evaluator(agreement, world, START), few)
    p50, p99 = spent[len(spent) // 2], spent[len(spent) * 99 // 100]
    print(f"one at a time, settled each, first {len(few):,}: p50 {p50 * 1e6:,.0f} us, p99 {p99 * 1e6:,.0f} us")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
