"""Entries for the agreement's tests, in few words: a small world, and observations with their ids."""

from __future__ import annotations

from safepassage.observation import Entry, Observation, What, to_bytes
from safepassage.values.encoding import content_id
from safepassage.values.people import Teller
from safepassage.values.places import World, parse_world
from safepassage.values.times import MINUTE, Instant

WORLD_TEXT = """
name = "small"
zone = "Asia/Damascus"
sides = [
  { id = "aleppo", name = "Eastern Aleppo", area = "Aleppo", persons = 900, buses = 20 },
  { id = "foua", name = "Foua and Kefraya", area = "Foua", persons = 900, buses = 20 },
]
parties = [
  { id = "party-north", name = "the opposition side", side = "foua" },
  { id = "party-south", name = "the government side", side = "aleppo" },
]
places = [
  { id = "ramouseh", name = "Ramouseh", kind = "crossing", area = "Aleppo" },
  { id = "foua-gate", name = "Foua gate", kind = "crossing", area = "Foua" },
  { id = "khan-road", name = "Khan road", kind = "checkpoint" },
  { id = "rashideen", name = "Rashideen", kind = "crossing" },
  { id = "idlib", name = "Idlib", kind = "reception" },
  { id = "bab", name = "Bab hospital", kind = "hospital" },
]
legs = [
  { from = "ramouseh", to = "idlib", minutes = 5, overdue = 9 },
  { from = "idlib", to = "foua-gate", minutes = 5, overdue = 6 },
]
vehicles = [
  { id = "A-01", kind = "ambulance", seats = 2, side = "aleppo" },
  { id = "A-02", kind = "ambulance", seats = 2, side = "aleppo" },
]
"""
DAY = Instant(1_482_004_800_000)
"""2016-12-17T20:00:00Z."""


def world() -> World:
    return parse_world(WORLD_TEXT)


def minute(number: int) -> Instant:
    return Instant(DAY + number * MINUTE)


def entry(what: What, at: Instant, place: str | None = None, by: str = "m01", told: Teller | None = None) -> Entry:
    observation = Observation(by=by, seen_at=at, what=what, at=place, told_by=told)
    return Entry(content_id(to_bytes(observation)), 0, at, f"{by}-1", 1, observation)
