"""How often the separation alarm is raised: over simulated stops, by heads aboard, men taken, and how badly monitors count.

    PYTHONPATH=src python scripts/alarm.py            the table of docs/explanation/separation-alarm.md; --write puts it there

Each stop: a bus of invented families is tallied, so many men are taken off, it is tallied again, by the very rule of the deployment. A
miscounted head is overlooked, counted twice, or taken for another class, each as often. The same seed gives the same table.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from random import Random

from safepassage.simulate.world import Looks, Person, make_ground
from safepassage.values.counts import Tally, exactly
from safepassage.values.ids import EntryId, ObserverId, PlaceId, VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts.separation import judge
from safepassage.whereabouts.words import Cause, Gap, Station

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "separation-alarm.md"
BEGIN, END = "<!-- scripts/alarm.py begins -->", "<!-- scripts/alarm.py ends -->"
ABOARD, TAKEN, RATES = (12, 25, 50), (0, 2, 3, 4, 6, 10), (0, 10, 20, 50)
STOPS = 2_000


def stops_raised(aboard: int, taken: int, per_mille: int, stops: int = STOPS, seed: int = 2328) -> int:
    """Of so many simulated stops, those at which the alarm is raised."""
    dice = Random(f"{seed} {aboard} {taken} {per_mille}")
    people = make_ground(4_000, seed).people
    return sum(_raised(dice, people, aboard, taken, per_mille) for _ in range(stops))


def _raised(dice: Random, people: tuple[Person, ...], aboard: int, taken: int, per_mille: int) -> bool:
    start = dice.randrange(len(people) - aboard)
    looks = [person.looks for person in people[start : start + aboard]]
    before = _tallied(dice, looks, per_mille)
    for _ in range(min(taken, looks.count(Looks.MAN))):
        looks.remove(Looks.MAN)
    after = _tallied(dice, looks, per_mille)
    one, other = _station(before, "a"), _station(after, "b")
    gap = Gap(VehicleId("B-1"), one.place, other.place, exactly(0), Cause.FEWER, one.at, one.place, ())
    alarm = judge(one, other, gap, per_mille)
    return alarm is not None and alarm.raised


def _tallied(dice: Random, looks: list[Looks], per_mille: int) -> Tally:
    seen: Counter[Looks] = Counter()
    for one in looks:
        error = dice.choice(("overlooked", "twice", "other")) if dice.randrange(1000) < per_mille else ""
        if error == "other":
            seen[dice.choice([each for each in Looks if each is not one])] += 1
        else:
            seen[one] += {"overlooked": 0, "twice": 2}.get(error, 1)
    return Tally(seen[Looks.MAN], seen[Looks.WOMAN], seen[Looks.YOUTH], seen[Looks.CHILD])


def _station(tally: Tally, place: str) -> Station:
    return Station(PlaceId(place), Instant(0), exactly(tally.total), (EntryId(place * 64),), (ObserverId("m1"),), tally)


def table(stops: int = STOPS) -> str:
    """The share of stops at which the alarm is raised, in per cent; the column of nobody taken is the false-alarm rate."""
    head = "| aboard | miscounts in 1,000 | " + " | ".join(f"{taken} taken" if taken else "nobody taken" for taken in TAKEN) + " |"
    lines = [head, "|" + "---|" * (len(TAKEN) + 2)]
    for aboard in ABOARD:
        for rate in RATES:
            shares = (100 * stops_raised(aboard, taken, rate, stops) / stops for taken in TAKEN)
            lines.append(f"| {aboard} | {rate} | " + " | ".join(f"{share:.1f} %" for share in shares) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into its page")
    made = table()
    if parser.parse_args().write:
        text = PAGE.read_text("utf-8")
        before, _, rest = text.partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{made}\n\n{END}{rest.partition(END)[2]}", "utf-8")
    print(made)


if __name__ == "__main__":
    main()
