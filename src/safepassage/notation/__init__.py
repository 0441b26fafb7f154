"""Field notation: one line of readable text is one observation, both ways, exactly.

    day 2016-12-18, zone Asia/Damascus
    21:14  m03 @ramouseh  B-07 departed for rashideen, 50 heads  as [b07-out]
    22:06  m08 @rashideen  told by a passenger: 4 taken off B-07 at khan-road by persons not identified

Law: `parse(render(o, context), context) == o` for every kind; tests/laws/test_notation.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from safepassage.errors import DOUBLED_LINE, MALFORMED_LINE, NO_CONTEXT, NOWHERE, UNKNOWN_LABEL, Where, stop
from safepassage.notation import phrase, words
from safepassage.notation.phrase import Miss
from safepassage.notation.words import NotHere, Setting
from safepassage.observation import Observation, to_bytes
from safepassage.values.encoding import content_id
from safepassage.values.ids import EntryId, ObserverId, PlaceId, form
from safepassage.values.people import Teller
from safepassage.values.times import Instant, local


class Context(msgspec.Struct, frozen=True):
    """What header lines put in force: the day, the zone, and the labels of the lines above."""

    day: date
    zone: str
    labels: dict[str, EntryId] = {}

    def setting(self, seen_at: Instant) -> Setting:
        return Setting(self.zone, seen_at, self.labels)


class Line(msgspec.Struct, frozen=True):
    """One observation as a file gives it: its number in the file, its label if it has one, its content id."""

    number: int
    observation: Observation
    id: EntryId
    label: str = ""


_HEADER = re.compile(r"day (\d{4}-\d\d-\d\d), zone ([A-Za-z]+(?:/[A-Za-z_]+)+|UTC)")
_HEAD = re.compile(rf"(?P<clock>{words._CLOCK})\s+(?P<by>{form(ObserverId).pattern})(?:\s+@(?P<at>{form(PlaceId).pattern}))?\s+")
_TOLD = re.compile(rf"told by ({'|'.join(re.escape(teller.value) for teller in Teller)}): ")
_TAIL = re.compile(rf"\s+as ({words.LABEL})\s*$")


def context_of(text: str, labels: dict[str, EntryId] | None = None) -> Context | None:
    """The context that a header line sets; None where the line is none."""
    found = _HEADER.fullmatch(text.strip())
    return Context(date.fromisoformat(found[1]), found[2], labels if labels is not None else {}) if found else None


def header(context: Context) -> str:
    return f"day {context.day.isoformat()}, zone {context.zone}"


def context_for(observation: Observation, zone: str, labels: dict[str, EntryId] | None = None) -> Context:
    """The context in which an observation can be written: its own day."""
    return Context(local(observation.seen_at, zone).date(), zone, labels or {})


def render(observation: Observation, context: Context) -> str:
    """One line. The context's day must be the observation's own."""
    place = f" @{observation.at}" if observation.at else ""
    told = f"told by {observation.told_by.value}: " if observation.told_by else ""
    said = phrase.write(observation.what, context.setting(observation.seen_at))
    return f"{words.write_clock(observation.seen_at, context.zone)}  {observation.by}{place}  {told}{said}"


def say(observation: Observation, zone: str, labels: dict[str, EntryId] | None = None) -> str:
    """What was observed, in words, without time, place and observer; entries are named by their labels where they have one."""
    return phrase.write(observation.what, Setting(zone, observation.seen_at, labels or {}))


def parse(line: str, context: Context, where: Where = NOWHERE) -> Observation:
    """One observation from one line.

    Raises
    ------
    InputError
        SP-101, naming line, column and what was expected there.
    """
    head = _HEAD.match(line)
    if not head:
        stop(MALFORMED_LINE, _at(where, _head_column(line)), expected="a time, an observer and a place, such as `08:41  m17 @ramouseh  `")
    try:
        seen_at = words.read_clock(context.day, head["clock"], context.zone)
    except NotHere as meant:
        stop(MALFORMED_LINE, _at(where, 0), expected=str(meant))
    told = _TOLD.match(line, head.end())
    start = told.end() if told else head.end()
    what = phrase.read(line, start, context.setting(seen_at))
    if isinstance(what, Miss) and what.label:
        stop(UNKNOWN_LABEL, _at(where, what.column), label=what.label)
    if isinstance(what, Miss):
        stop(MALFORMED_LINE, _at(where, what.column), expected=what.expected)
    place = PlaceId(head["at"]) if head["at"] else None
    teller = Teller(told[1]) if told else None
    return Observation(by=ObserverId(head["by"]), seen_at=seen_at, what=what, at=place, told_by=teller)


STAGE = "stage:"
"""Begins a line that is for whoever plays the file (who is enrolled, whose phone is silent); no observation."""


def parse_log(text: str, file: str = "field.log") -> Iterator[Line]:
    """The observations of a file, with header lines, comments from `#` on, stage directions, and labels at the ends of lines.

    Raises
    ------
    InputError
        SP-101 to SP-104, naming file, line and column.
    """
    context: Context | None = None
    labels: dict[str, EntryId] = {}
    first: dict[EntryId, int] = {}
    for number, raw in enumerate(text.split("\n"), start=1):
        line = _uncommented(raw)
        if not line.strip() or line.startswith(STAGE):
            continue
        where = Where(file, number)
        if (found := context_of(line, labels)) is not None:
            context = found
            continue
        if context is None:
            stop(NO_CONTEXT, where)
        label, said = _labelled(line)
        observation = parse(said, context, where)
        id = content_id(to_bytes(observation))
        if id in first:
            stop(DOUBLED_LINE, where, first=first[id])
        first[id] = number
        if label:
            labels[label] = id
        yield Line(number, observation, id, label)


def render_log(observations: Iterable[Observation], zone: str) -> Iterator[str]:
    """The lines of a file, with a header wherever the day changes."""
    day: date | None = None
    for observation in observations:
        context = context_for(observation, zone)
        if context.day != day:
            day = context.day
            yield header(context)
        yield render(observation, context)


def _labelled(line: str) -> tuple[str, str]:
    """The label that ends a line (`… as [card]`), and the line before it."""
    tail = _TAIL.search(line)
    return (tail[1][1:-1], line[: tail.start()]) if tail else ("", line.rstrip())


def _uncommented(line: str) -> str:
    """Without what follows a `#` that stands outside quotes."""
    quoted = False
    for column, letter in enumerate(line):
        if letter == '"' and line[column - 1 : column] != "\\":
            quoted = not quoted
        elif letter == "#" and not quoted:
            return line[:column]
    return line


def _head_column(line: str) -> int:
    """How far the beginning of a line can be read."""
    clock = re.match(words._CLOCK, line)
    return clock.end() if clock else 0


def _at(where: Where, column: int) -> Where:
    return Where(where.file, where.line, column + 1, where.field)
