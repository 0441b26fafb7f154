"""How each type of value is written in field notation, and read back exactly.

One `Word` per type: a pattern that finds the value at the cursor, how to read it, how to write it, and what to call it
when it is not there. Times of day are written against the line's own instant, so a word may need the `Setting`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum
from typing import Any

import msgspec

from safepassage.observation.setting import Watched
from safepassage.values import ids
from safepassage.values.counts import Count, Tally
from safepassage.values.ids import GroupId, PlaceId, SideId, VehicleId, form
from safepassage.values.times import DAY, Instant, Stretch, at, clock, local
from safepassage.values.trips import NotPlanned, Obstacle, Outlook, PlannedTrip


class Setting(msgspec.Struct, frozen=True):
    """What a line is read against: the zone, the line's own instant, and the labels of entries above it."""

    zone: str
    seen_at: Instant
    labels: dict[str, ids.EntryId] = {}


class NotHere(Exception):
    """The text at the cursor has the right form but no meaning, for example the 31st of February."""


class NoLabel(NotHere):
    """The label at the cursor stands on no line above."""


class Word(msgspec.Struct, frozen=True):
    """`find`: where the value ends; `read` and `write` are inverse to each other."""

    name: str
    find: re.Pattern[str]
    read: Callable[[str, Setting], Any]
    write: Callable[[Any, Setting], str]


def _plain(name: str, pattern: str, read: Callable[[str], Any], write: Callable[[Any], str]) -> Word:
    return Word(name, re.compile(pattern), lambda text, _: read(text), lambda value, _: write(value))


def words_of(kinds: type[Enum]) -> Word:
    """The words of an enumeration, longest first, so that none hides another."""
    meanings = {kind.value: kind for kind in kinds}
    choices = "|".join(re.escape(word) for word in sorted(meanings, key=len, reverse=True))
    name = "one of " + ", ".join(meanings) if len(meanings) < 8 else kinds.__name__.lower()
    return _plain(name, rf"(?:{choices})(?![a-z])", meanings.__getitem__, lambda kind: str(kind.value))


def id_word(kind: object, name: str) -> Word:
    return _plain(name, form(kind).pattern, str, str)


def list_of(word: Word, name: str, separator: str = ", ") -> Word:
    """One or more, separated by a comma and a space."""
    one = word.find.pattern
    return Word(
        name,
        re.compile(rf"(?:{one})(?:{separator}(?:{one}))*"),
        lambda text, setting: tuple(word.read(part, setting) for part in text.split(separator)),
        lambda values, setting: separator.join(word.write(value, setting) for value in values),
    )


# Instants: `02:40` is the first such clock time after the line's own, in a stretch the last one up to it; anything else is written whole.
_CLOCK = r"\d\d:\d\d(?::\d\d(?:\.\d{3})?)?(?:/2)?"
_MOMENT = rf"(?:\d{{4}}-\d\d-\d\d )?{_CLOCK}"


def read_clock(day: date, text: str, zone: str) -> Instant:
    """The instant of a clock time; `/2` is its second coming on a day on which clocks are put back."""
    hands, _, again = text.partition("/")
    try:
        first = at(day, hands, zone)
    except ValueError:
        raise NotHere(f"a time of day, not {hands}") from None
    if not again:
        return first
    second = Instant(first + 3_600_000)
    if clock(second, zone) != hands:
        raise NotHere(f"a time that comes twice on {day}, not {hands}")
    return second


def write_clock(moment: Instant, zone: str) -> str:
    hands = clock(moment, zone)
    earlier = at(local(moment, zone).date(), hands, zone)
    return hands if earlier == moment else hands + "/2"


def _next(text: str, setting: Setting) -> Instant:
    day = local(setting.seen_at, setting.zone).date()
    moment = read_clock(day, text, setting.zone)
    return moment if moment > setting.seen_at else read_clock(day + timedelta(days=1), text, setting.zone)


def read_moment(text: str, setting: Setting) -> Instant:
    day, space, hands = text.rpartition(" ")
    if not space:
        return _next(text, setting)
    try:
        return read_clock(date.fromisoformat(day), hands, setting.zone)
    except ValueError:
        raise NotHere(f"a day of the calendar, not {day}") from None


def write_moment(moment: Instant, setting: Setting) -> str:
    short = write_clock(moment, setting.zone)
    if setting.seen_at < moment <= setting.seen_at + DAY and _next(short, setting) == moment:
        return short
    return f"{local(moment, setting.zone):%Y-%m-%d} {short}"


MOMENT = Word("a time such as 02:40", re.compile(_MOMENT), read_moment, write_moment)


def _last(text: str, setting: Setting) -> Instant:
    day = local(setting.seen_at, setting.zone).date()
    moment = read_clock(day, text, setting.zone)
    return moment if moment <= setting.seen_at else read_clock(day - timedelta(days=1), text, setting.zone)


def _read_past(text: str, setting: Setting) -> Instant:
    return read_moment(text, setting) if " " in text else _last(text, setting)


def _write_past(moment: Instant, setting: Setting) -> str:
    short = write_clock(moment, setting.zone)
    if setting.seen_at - DAY < moment <= setting.seen_at and _last(short, setting) == moment:
        return short
    return f"{local(moment, setting.zone):%Y-%m-%d} {short}"


def _read_stretch(text: str, setting: Setting) -> Stretch:
    """Where the start is dated, a bare end is a time of the same day."""
    start, end = text.split(" to ")
    if " " in start and " " not in end:
        end = f"{start.split(' ')[0]} {end}"
    return Stretch(_read_past(start, setting), _read_past(end, setting))


def _write_stretch(stretch: Stretch, setting: Setting) -> str:
    start = _write_past(stretch.start, setting)
    if " " not in start:
        return f"{start} to {_write_past(stretch.end, setting)}"
    day, end = f"{local(stretch.end, setting.zone):%Y-%m-%d}", write_clock(stretch.end, setting.zone)
    return f"{start} to {end if start.startswith(day) else f'{day} {end}'}"


STRETCH = Word(
    "a stretch such as 20:50 to 22:30",
    re.compile(rf"{_MOMENT} to {_MOMENT}"),
    _read_stretch,
    _write_stretch,
)

# Counts and tallies.
NUMBER = _plain("a number", r"-?\d+", int, str)


def _read_count(text: str) -> Count:
    if text.startswith("at least "):
        return Count(int(text.removeprefix("at least ")))
    low, dash, high = re.fullmatch(r"(-?\d+)(?:(–|-)(-?\d+))?", text).groups()  # type: ignore[union-attr]  # found by the same pattern
    return Count(int(low), int(high) if dash else int(low))


COUNT = _plain("a count such as 50, 49–52 or at least 49", r"at least -?\d+|-?\d+(?:[–-]-?\d+)?", _read_count, str)

_PARTS = {"men": "men", "women": "women", "youth": "youth", "children": "children", "stretchers": "stretchers"}
_PART = rf"-?\d+ (?:{'|'.join(_PARTS)})"


def _read_tally(text: str) -> Tally:
    parts = [part.split(" ") for part in text.split(", ")]
    if len({name for _, name in parts}) < len(parts):
        raise NotHere("each part of a tally once")
    return Tally(**{name: int(number) for number, name in parts})


def _write_tally(tally: Tally) -> str:
    return ", ".join(f"{number} {name}" for name in _PARTS if (number := getattr(tally, name)) is not None)


TALLY = _plain("a tally such as 14 men, 17 women, 4 youth, 15 children", rf"{_PART}(?:, {_PART})*", _read_tally, _write_tally)

# Texts and references.
TEXT = _plain("a text in double quotes", r'"(?:[^"\\]|\\.)*"', json.loads, lambda text: json.dumps(text, ensure_ascii=False))
PLAIN = _plain("small words", r"(?!at\b)[a-z]+(?: (?!at\b)[a-z]+)*", str, str)
HEX = _plain("64 hex digits", r"[0-9a-f]{64}", str, str)
KEY = _plain("a verifier key", r"[^\s+,]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", str, str)
LETTER = _plain("a grade: S, M or X", r"[SMX]", str, str)


def _read_entry(text: str, setting: Setting) -> ids.EntryId:
    if not text.startswith("["):
        return ids.EntryId(text)
    if text[1:-1] not in setting.labels:
        raise NoLabel(text[1:-1])
    return setting.labels[text[1:-1]]


def _write_entry(entry: ids.EntryId, setting: Setting) -> str:
    return next((f"[{label}]" for label, id in setting.labels.items() if id == entry), entry)


LABEL = r"\[[a-z0-9][a-z0-9-]*\]"
ENTRY = Word("an entry: its label in brackets, or 64 hex digits", re.compile(rf"{LABEL}|[0-9a-f]{{64}}"), _read_entry, _write_entry)

_UNSEEN = "persons not identified"
_SLUG = form(ids.PartyId).pattern
DOER = _plain(
    f"a party, or `{_UNSEEN}`", rf"{_UNSEEN}|{_SLUG}", lambda text: None if text == _UNSEEN else text, lambda party: party or _UNSEEN
)

# Planned trips: `ramouseh to rashideen 23:45, through 00:05, B-31 B-32 with 96, waits for parity`.
_TRIP = (
    rf"{_SLUG} to {_SLUG} {_MOMENT}, through {_MOMENT}, {form(VehicleId).pattern}(?: {form(VehicleId).pattern})* with \d+, waits for [a-z]+"
)
_TRIP_PARTS = re.compile(rf"({_SLUG}) to ({_SLUG}) ({_MOMENT}), through ({_MOMENT}), ([A-Z0-9 -]+) with (\d+), waits for ([a-z]+)")


def _read_trip(text: str, setting: Setting) -> PlannedTrip:
    start, end, departs, passes, vehicles, persons, waits = _TRIP_PARTS.fullmatch(text).groups()  # type: ignore[union-attr]  # found by the same pattern
    fleet = tuple(VehicleId(vehicle) for vehicle in vehicles.split(" "))
    return PlannedTrip(
        PlaceId(start), PlaceId(end), read_moment(departs, setting), read_moment(passes, setting), fleet, int(persons), waits
    )


def _write_trip(trip: PlannedTrip, setting: Setting) -> str:
    return (
        f"{trip.start} to {trip.end} {write_moment(trip.departs, setting)}, through {write_moment(trip.passes, setting)}, "
        f"{' '.join(trip.vehicles)} with {trip.persons}, waits for {trip.waits}"
    )


TRIPS = list_of(Word("a trip", re.compile(_TRIP), _read_trip, _write_trip), "trips", " / ")
_OUTLOOK = re.compile(
    rf"waiting (\d+), at best (\d+), ends ({_MOMENT}), not before ({_MOMENT}), largest difference (\d+) at ({_MOMENT}), "
    rf"(\d+) earlier, (\d+) later, decide by ({_MOMENT})"
)


def _read_outlook(text: str, setting: Setting) -> Outlook:
    value, bound, ends, before, largest, when, earlier, later, decide = _OUTLOOK.fullmatch(text).groups()  # type: ignore[union-attr]  # found by the same pattern
    moments = [read_moment(part, setting) for part in (ends, before, when, decide)]
    return Outlook(int(value), int(bound), moments[0], moments[1], int(largest), moments[2], int(earlier), int(later), moments[3])


def _write_outlook(o: Outlook, setting: Setting) -> str:
    ends, before, when, decide = (write_moment(moment, setting) for moment in (o.ends, o.not_before, o.largest_at, o.decide_by))
    return (
        f"waiting {o.value}, at best {o.bound}, ends {ends}, not before {before}, largest difference {o.largest_difference} at {when}, "
        f"{o.earlier} earlier, {o.later} later, decide by {decide}"
    )


OUTLOOK = Word("what the plan is worth", re.compile(re.sub(r"\((?!\?)", "(?:", _OUTLOOK.pattern)), _read_outlook, _write_outlook)

# Who is in no trip of a plan: `aleppo g-12 60: no bus holds the family (50)`.
_WHY = words_of(Obstacle)
_NOT_PLANNED = re.compile(rf"({_SLUG})(?: (g-[a-z]?\d+))? (\d+): ({_WHY.find.pattern})(?: \((\d+)\))?")


def _read_not_planned(text: str, setting: Setting) -> NotPlanned:
    side, group, persons, why, most = _NOT_PLANNED.fullmatch(text).groups()  # type: ignore[union-attr]  # found by the same pattern
    return NotPlanned(SideId(side), int(persons), _WHY.read(why, setting), int(most or 0), GroupId(group) if group else None)


def _write_not_planned(one: NotPlanned, _: Setting) -> str:
    group, most = f" {one.group}" if one.group else "", f" ({one.most})" if one.most else ""
    return f"{one.side}{group} {one.persons}: {one.why.value}{most}"


NOT_PLANNED = list_of(
    Word("people who are in no trip", re.compile(re.sub(r"\((?!\?)", "(?:", _NOT_PLANNED.pattern)), _read_not_planned, _write_not_planned),
    "people who are in no trip, and why", " / ",
)  # fmt: skip

WATCHED = list_of(words_of(Watched), "kinds of observation that a watch covers")
