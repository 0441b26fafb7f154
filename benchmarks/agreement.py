"""How fast the agreement is judged, each figure beside a plain loop over the same observations in the same run.

python benchmarks/agreement.py [OBSERVATIONS] [AND AS MANY AGAIN FOR THE LATE REPORTS]

Fourteen clauses (the exercise's), a log with 1 % alleged, watches that are closed every hour. The plain loop puts each
observation into a dict of lists by what it is and whom it is of, and does nothing else.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

from safepassage.agreement.check import check
from safepassage.agreement.clause import Agreement
from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.explain import explain
from safepassage.agreement.flat import Flat
from safepassage.agreement.grammar import parse_agreement
from safepassage.fold import Change
from safepassage.observation import Entry, Observation, What, to_bytes
from safepassage.observation.people import Alighted, ArrivalRegistered, Boarded, DestinationChosen
from safepassage.observation.setting import PostTaken, WatchClosed, Watched
from safepassage.observation.vehicles import Arrived, Departed
from safepassage.values.counts import exactly
from safepassage.values.encoding import content_id
from safepassage.values.people import Teller
from safepassage.values.places import World, parse_world
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
  { id = "bab", name = "Bab hospital", kind = "hospital" },
]
"""


def entry(what: What, at: int, place: str | None, by: str, told: bool = False) -> Entry:
    seen = Observation(by=by, seen_at=Instant(at), what=what, at=place, told_by=Teller.DRIVER if told else None)
    return Entry(content_id(to_bytes(seen)), 0, Instant(at), f"{by}-1", 1, seen)


def log_of(size: int) -> list[Entry]:
    """Boardings, most of them chosen before and registered later; a bus in fifty, whose stay at the crossing is watched from a post."""
    chance, found, number = Random(7), list[Entry](), 0
    while len(found) < size:
        at, person, told = START + number * 1000, f"w-{number:08d}", chance.random() < 0.01
        found.append(entry(Boarded("B-1", (person,)), at, "ramouseh", "m01", told))
        found.append(entry(DestinationChosen("idlib", (person,)), at - chance.randint(0, 9) * MINUTE, "ramouseh", "m02"))
        if chance.random() < 0.95:
            later = at + chance.randint(1, 10) * HOUR
            found += [
                entry(Alighted(exactly(1), "B-1", (person,)), later, "idlib", "m07"),
                entry(ArrivalRegistered((person,)), later, "idlib", "m08"),
            ]
        if number % 25 == 0:
            place, by = ("ramouseh", "m03") if chance.random() < 0.45 else ("foua-gate", "m04")
            found.append(entry(Departed(f"B-{number}", "idlib", exactly(50)), at + 1, place, by))
        if number % 900 == 0:
            found += [entry(PostTaken(), at, "ramouseh", "m05"), entry(Arrived(f"C-{number}"), at + 2, "ramouseh", "m05")]
            found.append(entry(Departed(f"C-{number}", "idlib"), at + 20 * MINUTE, "ramouseh", "m05"))
        number += 1
    last = max(said.observation.seen_at for said in found)
    hours = range(START - HOUR, last, HOUR)
    found += [entry(WatchClosed(Stretch(Instant(at), Instant(at + HOUR)), tuple(Watched)), at + HOUR, None, "m09") for at in hours]
    return sorted(found, key=lambda e: (e.observation.seen_at, e.id))


def spent(run: Callable[[], object]) -> float:
    """Seconds of this process's own time, the collector off."""
    gc.collect()
    gc.disable()
    begun = time.process_time()
    run()
    took = time.process_time() - begun
    gc.enable()
    return took


def plain(log: list[Entry]) -> dict[object, list[Entry]]:
    """The yardstick."""
    kept: defaultdict[object, list[Entry]] = defaultdict(list)
    for said in log:
        what = said.observation.what
        for subject in getattr(what, "persons", None) or (getattr(what, "vehicle", None),):
            kept[type(what), subject].append(said)
    return kept


def bulk(engine: Evaluator, log: list[Entry], now: Instant) -> Evaluator:
    for said in log:
        engine.add(Change(None, said))
    engine.settle(now)
    return engine


def one_by_one(engine: Evaluator, log: list[Entry]) -> list[float]:
    """Each observation settled; time goes on with the newest of them."""
    took, now = [], START
    for said in log:
        now = max(now, said.observation.seen_at)
        begun = time.process_time()
        engine.add(Change(None, said))
        engine.settle(now)
        took.append(time.process_time() - begun)
    return took


def late(engine: Evaluator, log: list[Entry], kind: type, count: int) -> float:
    """Median seconds of one observation of a kind taken out and put back, settled each time."""
    now, took = log[-1].observation.seen_at, []
    for said in Random(5).sample([said for said in log if type(said.observation.what) is kind], count):
        engine.add(Change(said, None))
        engine.settle(now)
        begun = time.process_time()
        engine.add(Change(None, said))
        engine.settle(now)
        took.append(time.process_time() - begun)
    return median(took)


def delayed(log: list[Entry]) -> list[Entry]:
    """Two in a hundred come up to six hours late."""
    chance = Random(11)
    keyed = [(said.observation.seen_at + (chance.randint(0, 6 * HOUR) if chance.random() < 0.02 else 0), said) for said in log]
    return [said for _, said in sorted(keyed, key=lambda pair: (pair[0], pair[1].id))]


def show(what: str, figure: str) -> None:
    print(f"{what:<58} {figure}")


def figures(agreement: Agreement, world: World, size: int) -> tuple[float, float, float]:
    """Everything of one size; the medians of late reports, for the comparison of sizes."""
    log = log_of(size)
    now = Instant(log[-1].observation.seen_at + MINUTE)
    fresh = partial(Evaluator, agreement, world, START)
    print(f"\n{len(agreement.clauses)} clauses, {len(log):,} observations")
    loop = median(spent(lambda: plain(log)) for _ in range(3))
    show("plain loop", f"{len(log) / loop:,.0f} observations/s")
    runs = [spent(lambda: bulk(fresh(), log, now)) for _ in range(3)]
    took = median(runs)
    show("bulk in order, every verdict judged / plain loop", f"{loop / took:.3f} ({len(log) / took:,.0f}/s; goal 0.25)")
    shuffled = list(log)
    Random(3).shuffle(shuffled)
    show("shuffled / in order", f"{took / spent(lambda: bulk(fresh(), shuffled, now)):.2f} (goal 0.4)")
    engine = bulk(fresh(), log, now)
    show("the whole board with coverage, sorted", f"{len(log) / spent(engine.verdicts):,.0f} observations/s")
    for name, part in (("one at a time, in order", log[:20_000]), ("one at a time, 2 % up to 6 h late", delayed(log[:20_000]))):
        each = sorted(one_by_one(fresh(), part))
        rate, p50, p99 = len(each) / sum(each), each[len(each) // 2], each[len(each) * 99 // 100]
        show(f"{name}, first {len(part):,} / plain loop", f"{rate * loop / len(log):.4f} ({rate:,.0f}/s; goal 0.03)")
        show("  p50, p99, their ratio", f"{p50 * 1e6:,.0f} us, {p99 * 1e6:,.0f} us, {p99 / p50:.1f} (goal 20)")
    person, departure = (late(engine, log, kind, 60) for kind in (ArrivalRegistered, Departed))
    show("a late registration, a late departure, into all of it", f"{person * 1e6:,.0f} us, {departure * 1e6:,.0f} us")
    watch = late(engine, log, WatchClosed, 5)
    show("a late watch, into all of it", f"{watch * 1e3:,.1f} ms (goal 50 ms at 1 M)")
    return person, departure, watch


def reasons(agreement: Agreement, world: World) -> None:
    """Explanations made and checked; the memory of an engine."""
    log = log_of(20_000)
    now = Instant(log[-1].observation.seen_at + MINUTE)
    engine = Evaluator(agreement, world, START)
    took = spent(lambda: bulk(engine, log, now))
    flat = Flat(world, log, START, now)
    verdicts = [engine.answer(clause.label) for clause in agreement.clauses]
    told = [
        (clause, explain(v, one))
        for clause, v in zip(agreement.clauses, verdicts, strict=True)
        for one in engine.reasons(clause.label, v.instances[:1500])
    ]
    checked = spent(lambda: [check(one, clause, flat) for clause, one in told])
    wrong = sum(bool(check(one, clause, flat)) for clause, one in told)
    show(
        "explanations checked / observations in bulk",
        f"{(len(told) / checked) / (len(log) / took):.2f} ({len(told):,}, {wrong} not believed; goal 0.3)",
    )
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = bulk(Evaluator(agreement, world, START), log, now)
    show(
        "memory of an engine per observation, the log apart",
        f"{(tracemalloc.get_traced_memory()[0] - before) / len(log):,.0f} bytes (goal 450)",
    )
    tracemalloc.stop()
    del kept


def main(size: int, larger: int) -> None:
    world = parse_world(WORLD)
    agreement = parse_agreement((ROOT / "scenarios" / "six-buses-burned" / "agreement.clauses").read_text(), world)
    few = figures(agreement, world, size)
    reasons(agreement, world)
    if larger:
        many = figures(agreement, world, larger)
        print(f"\nlate report, {larger:,} / {size:,}: registration {many[0] / few[0]:.2f}, departure {many[1] / few[1]:.2f} (goal 1.5)")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(given[0] if given else 100_000, given[1] if len(given) > 1 else 0)
