"""Claims and disputes from field notation, for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

from safepassage.claims import Claims, Dispute, OurBounds
from safepassage.fold import Change, Feed
from safepassage.notation import parse_log
from safepassage.observation import Entry
from safepassage.values.places import World, parse_world

RECORD = Path(__file__).resolve().parents[2] / "scenarios" / "aleppo-2016"
NOW = 4_000_000_000_000

WORLD = parse_world("""
name = "two towns"
zone = "Asia/Damascus"
sides = [
  {id = "aleppo", name = "Eastern Aleppo", area = "Aleppo", persons = 0},
  {id = "foua", name = "Foua", area = "Foua", persons = 2500},
]
places = [
  {id = "aleppo-east", name = "Eastern Aleppo", kind = "assembly", area = "Aleppo"},
  {id = "ramouseh", name = "Ramouseh", kind = "crossing", area = "Aleppo"},
  {id = "rashideen", name = "Rashideen", kind = "reception"},
  {id = "foua-gate", name = "Foua gate", kind = "assembly", area = "Foua"},
]
legs = [{from = "ramouseh", to = "rashideen", minutes = 30, overdue = 120}]
vehicles = [
  {id = "B-07", kind = "bus", seats = 50, side = "aleppo"},
  {id = "B-08", kind = "bus", seats = 50, side = "aleppo"},
  {id = "B-21", kind = "bus", seats = 50, side = "foua"},
]
sources = [
  {id = "icrc", name = "ICRC", kind = "ngo", reliability = "B"},
  {id = "sohr", name = "SOHR", kind = "monitor_group"},
  {id = "bbc", name = "BBC", kind = "media", origin = "sohr"},
  {id = "outlet", name = "an outlet", kind = "media", origin = "bbc"},
  {id = "ring-a", name = "A quotes B", kind = "media", origin = "ring-b"},
  {id = "ring-b", name = "B quotes A", kind = "media", origin = "ring-a"},
]
""")


def entries(log: str, day: str = "2016-12-20") -> list[Entry]:
    """The entries of a log; a day is put before it where it has none."""
    text = log if log.lstrip().startswith(("day", "#")) else f"day {day}, zone Asia/Damascus\n{log}"
    lines = [line.strip() for line in text.splitlines()]
    return [
        Entry(line.id, index, line.observation.seen_at, f"{line.observation.by}-1", index, line.observation)
        for index, line in enumerate(parse_log("\n".join(lines)))
    ]


def changes(log: list[Entry]) -> list[Change]:
    feed = Feed()
    return [change for entry in log for change in feed.add(entry, NOW)]


def heard(log: str, world: World = WORLD) -> Claims:
    claims = Claims(world)
    for change in changes(entries(log)):
        claims.add(change)
    return claims


def disputes(log: str, bounds: OurBounds | None = None) -> list[Dispute]:
    return heard(log).disputes(bounds or OurBounds())


def record() -> tuple[World, list[Entry]]:
    return parse_world((RECORD / "world.toml").read_text()), entries((RECORD / "field.log").read_text())
