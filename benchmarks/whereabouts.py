"""How fast whereabouts are kept, each figure beside a plain dict loop, the plain `replay`, and a naive SQL view over the same entries.

python benchmarks/whereabouts.py [PERSONS] [LARGE]

PERSONS: people of the world for most figures (35,000); LARGE: people of the one for a late report among many (0 leaves it out).
Wristbands are read one to an observation, so that entries are as many as they can be.
"""

from __future__ import annotations

import gc
import sqlite3
import sys
import time
import tracemalloc
from collections.abc import Callable
from random import Random

from safepassage.fold import Feed, replay
from safepassage.observation import Entry
from safepassage.observation.people import Boarded
from safepassage.observation.vehicles import Arrived
from safepassage.simulate.actors import USUAL, act
from safepassage.simulate.devices import Flaws, entries_of, watch
from safepassage.simulate.world import Ground, make_ground
from safepassage.values.ids import EntryId, VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts import Whereabouts
from safepassage.whereabouts.account import account_of, vehicles_of

FAR = Instant(2_000_000_000_000)
SEED = 9


def log_of(persons: int, batch: int = 1) -> tuple[Ground, list[Entry]]:
    """A world's entries in order of seeing, each once; `batch`: wristbands read to an observation."""
    ground = make_ground(persons, SEED)
    heard = watch(ground, act(ground, SEED, USUAL), SEED, Flaws(lost=0, doubled=0), batch)
    return ground, sorted(entries_of(heard), key=lambda entry: (entry.observation.seen_at, entry.id))


def spent(run: Callable[[], object]) -> float:
    """Seconds of this process's own time, garbage left lying."""
    gc.collect()
    gc.disable()
    begun = time.process_time()
    run()
    took = time.process_time() - begun
    gc.enable()
    return took


def plain(log: list[Entry]) -> dict[object, object]:
    """The yardstick: where each wristband and each vehicle was last, in one dict."""
    last: dict[object, object] = {}
    for entry in log:
        seen = entry.observation
        what = seen.what
        step = (seen.at, seen.seen_at, entry.id)
        for code in getattr(what, "persons", ()):
            last[code] = step
        if (vehicle := getattr(what, "vehicle", None)) is not None:
            last[vehicle] = step
    return last


def view_in_sql(log: list[Entry]) -> list[object]:
    """The same in a table and a view, in memory."""
    database = sqlite3.connect(":memory:")
    database.execute("create table sighting (subject text, place text, seen_at integer, id text)")
    rows = (
        (subject, entry.observation.at, entry.observation.seen_at, entry.id)
        for entry in log
        for subject in (*getattr(entry.observation.what, "persons", ()), getattr(entry.observation.what, "vehicle", None))
        if subject is not None
    )
    database.executemany("insert into sighting values (?, ?, ?, ?)", rows)
    database.execute("create index subjects on sighting (subject, seen_at)")
    return database.execute("select subject, place, max(seen_at), id from sighting group by subject").fetchall()


def taken_in(ground: Ground, log: list[Entry]) -> tuple[Feed, Whereabouts]:
    """What is in force, and every subject's history: whoever is asked about is answered from there."""
    feed, folds = Feed(), Whereabouts(ground.world)
    for entry in log:
        for change in feed.add(entry, FAR):
            folds.add(change)
    return feed, folds


def folded(ground: Ground, log: list[Entry]) -> tuple[Feed, Whereabouts]:
    """The whole of it: every vehicle's account and sheet, and where everybody was last read."""
    feed, folds = taken_in(ground, log)
    folds.vehicles(), folds.unread()
    return feed, folds


class Histories:
    """The definition: every vehicle's entries, then its account."""

    def start(self) -> dict[VehicleId, list[Entry]]:
        return {}

    def step(self, state: dict[VehicleId, list[Entry]], entry: Entry) -> dict[VehicleId, list[Entry]]:
        return state | {vehicle: [*state.get(vehicle, []), entry] for vehicle in vehicles_of(entry)}


def late(feed: Feed, folds: Whereabouts, entries: list[Entry], now: Instant) -> tuple[list[float], list[float]]:
    """Milliseconds from a late entry to the answer of who it is about: a wristband, a vehicle with its bounds."""
    persons, vehicles = [], []
    for entry in entries:
        what = entry.observation.what
        begun = time.process_time()
        for change in feed.add(entry, FAR):
            folds.add(change)
        if isinstance(what, Boarded):
            folds.person(what.persons[0])
            persons.append((time.process_time() - begun) * 1e3)
        elif isinstance(what, Arrived):
            folds.aboard(what.vehicle, now)
            vehicles.append((time.process_time() - begun) * 1e3)
    return sorted(persons), sorted(vehicles)


def share(times: list[float], per_cent: int) -> float:
    return times[min(len(times) - 1, len(times) * per_cent // 100)] if times else 0.0


def line(label: str, value: str) -> None:
    print(f"{label:<66} {value}")


def main(persons: int, large: int) -> None:
    ground, log = log_of(persons)
    print(f"{persons:,} people, {len(log):,} observations")
    loop, entering, in_order = (
        min(spent(run) for _ in range(3)) for run in (lambda: plain(log), lambda: taken_in(ground, log), lambda: folded(ground, log))
    )
    line("plain dict loop", f"{len(log) / loop:>10,.0f} observations/s")
    line("bulk, in order, taken in", f"{len(log) / entering:>10,.0f} observations/s, {loop / entering:.2f} x the plain loop")
    line("bulk, in order, every answer", f"{len(log) / in_order:>10,.0f} observations/s, {loop / in_order:.2f} x the plain loop")
    shuffled = list(log)
    Random(3).shuffle(shuffled)
    mixed = min(spent(lambda: folded(ground, shuffled)) for _ in range(3))
    line("bulk, shuffled, every answer", f"{len(log) / mixed:>10,.0f} observations/s, {in_order / mixed:.2f} x in order")
    sql = spent(lambda: view_in_sql(log))
    line("naive SQL view in SQLite", f"{len(log) / sql:>10,.0f} observations/s; the folds take {in_order / sql:.2f} x its time")
    few = log[-200:]
    defined = spent(lambda: {v: account_of(v, h, 50) for v, h in replay(Histories(), few, FAR).items()})
    fast = spent(lambda: folded(ground, few))
    line(f"plain replay, the last {len(few):,}, vehicles only", f"the folds are {defined / fast:.0f} x faster")
    questions(ground, log)
    print("wristbands read sixteen to an observation")
    questions(*log_of(persons, 16))
    if large:
        ground, log = log_of(large)
        print(f"{large:,} people, {len(log):,} observations")
        questions(ground, log)


def questions(ground: Ground, log: list[Entry]) -> None:
    """Each question once everything is folded; late entries are those taken out at random before."""
    arrivals = [number for number, entry in enumerate(log) if isinstance(entry.observation.what, Arrived)]
    out = {*Random(5).sample(range(len(log)), 400), *Random(6).sample(arrivals, min(len(arrivals), 200))}
    held = [entry for number, entry in enumerate(log) if number in out]
    now = Instant(log[-1].observation.seen_at)
    tracemalloc.start()
    feed, folds = folded(ground, [entry for number, entry in enumerate(log) if number not in out])
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    line("memory of feed and folds, beside the entries themselves", f"{used / len(log):,.0f} bytes per observation")
    folds.gaps(now)
    gc.collect()
    gc.freeze()  # as `serve` does once folders are open
    people, vehicles = late(feed, folds, held, now)
    longest = max(len(folds.why_vehicle(vehicle)) for vehicle in folds.vehicles())
    line("one late reading, that wristband's answer", f"p50 {share(people, 50):.2f} ms, p99 {share(people, 99):.2f} ms")
    line(
        f"one late count, that vehicle's account and bounds, up to {longest:,} entries",
        f"p50 {share(vehicles, 50):.2f} ms, p99 {share(vehicles, 99):.2f} ms",
    )
    first, again = (spent(lambda: folds.gaps(now)) * 1e3 for _ in range(2))
    line(f"the unaccounted list, {len(folds.gaps(now))} legs", f"{again:.0f} ms; {first:.0f} ms right after those {len(held)} late entries")
    subject = next(entry.observation.what.persons[0] for entry in log if isinstance(entry.observation.what, Boarded))
    size = len(log) // 2

    def then(id: EntryId) -> Entry | None:
        return feed.form_at(id, size, FAR)

    line("as known at half the entries: one wristband", f"{spent(lambda: folds.then(then).person(subject)) * 1e3:.2f} ms")
    line("as known at half the entries: the whole list of the unaccounted", f"{spent(lambda: folds.then(then).gaps(now)):.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 35_000, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
