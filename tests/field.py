"""Domain tests speak field notation: lines in, entries out."""

from __future__ import annotations

from safepassage.fold import Feed
from safepassage.notation import parse_log
from safepassage.observation import Entry
from safepassage.values.places import World, parse_world
from safepassage.values.times import Instant
from safepassage.whereabouts import Whereabouts

DAY = "day 2016-12-18, zone Asia/Damascus\n"
WORLD = """
name = "Test"
zone = "Asia/Damascus"
[[sides]]
id = "aleppo"
name = "Eastern Aleppo"
area = "Aleppo"
persons = 560
[[sides]]
id = "foua"
name = "Foua and Kefraya"
area = "Foua"
persons = 340
[[parties]]
id = "party-south"
name = "the government side"
side = "foua"
[[places]]
id = "ramouseh"
name = "Ramouseh"
kind = "crossing"
area = "Aleppo"
[[places]]
id = "assembly"
name = "Assembly"
kind = "assembly"
area = "Aleppo"
[[places]]
id = "khan-road"
name = "Khan road"
kind = "checkpoint"
[[places]]
id = "rashideen"
name = "Rashideen"
kind = "crossing"
[[places]]
id = "khan"
name = "Khan al-Assal"
kind = "reception"
[[places]]
id = "foua-gate"
name = "Foua gate"
kind = "assembly"
area = "Foua"
[[legs]]
from = "ramouseh"
to = "rashideen"
minutes = 40
overdue = 90
[[vehicles]]
id = "B-07"
kind = "bus"
seats = 50
side = "aleppo"
base = "ramouseh"
[[vehicles]]
id = "B-08"
kind = "bus"
seats = 50
side = "aleppo"
base = "ramouseh"
"""
FAR = Instant(2_000_000_000_000)


def world() -> World:
    return parse_world(WORLD)


def entries(text: str) -> list[Entry]:
    """The lines of one day as entries, heard in the order of the file; each observer has one device."""
    lines = list(parse_log(DAY + text))
    numbers: dict[str, int] = {}
    found = []
    for index, line in enumerate(lines):
        seen = line.observation
        numbers[seen.by] = numbers.get(seen.by, 0) + 1
        found.append(Entry(line.id, index, seen.seen_at, f"{seen.by}-1", numbers[seen.by], seen))
    return found


def whereabouts(text: str, over: World | None = None) -> Whereabouts:
    """The folds over these lines."""
    feed, answers = Feed(), Whereabouts(over or world())
    for entry in entries(text):
        for change in feed.add(entry, FAR):
            answers.add(change)
    return answers


def at(clock: str) -> Instant:
    """An instant of that day."""
    (entry,) = entries(f"{clock}  m01 @ramouseh  left post")
    return entry.observation.seen_at
