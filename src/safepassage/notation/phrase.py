"""A phrase is compiled once into steps; the same steps read a line and write one, so neither can drift from the other."""

from __future__ import annotations

import re
import types
import typing
from enum import Enum
from typing import Any, get_args, get_type_hints

import msgspec

from safepassage.notation import words
from safepassage.notation.words import NoLabel, NotHere, Setting, Word
from safepassage.observation import KINDS, Amendable, Kind, What
from safepassage.observation.setting import Watched
from safepassage.values import ids
from safepassage.values.counts import Count, Tally
from safepassage.values.times import Instant, Stretch
from safepassage.values.trips import NotPlanned, Outlook, PlannedTrip


class Say(msgspec.Struct, frozen=True):
    """Words that stand in the line as they are."""

    text: str


class Put(msgspec.Struct, frozen=True):
    """The value of a field."""

    field: str
    word: Word


class Maybe(msgspec.Struct, frozen=True):
    """A part that stands there only when `field` differs from its default."""

    field: str
    flag: bool
    steps: tuple[Say | Put, ...]


Step = Say | Put | Maybe


class Miss(msgspec.Struct, frozen=True):
    """How far a phrase could be followed, and what should have come there."""

    column: int
    expected: str
    label: str = ""
    """The label that stands there, where no line above has it."""


_IDS: dict[object, Word] = {
    ids.DeploymentId: words.id_word(ids.DeploymentId, "a deployment"),
    ids.DeviceId: words.id_word(ids.DeviceId, "a device such as m17-1"),
    ids.ObserverId: words.id_word(ids.ObserverId, "an observer such as m17"),
    ids.PersonId: words.id_word(ids.PersonId, "a wristband such as w-0417"),
    ids.GroupId: words.id_word(ids.GroupId, "a group such as g-12"),
    ids.VehicleId: words.id_word(ids.VehicleId, "a vehicle such as B-07"),
    ids.PlaceId: words.id_word(ids.PlaceId, "a place such as ramouseh"),
    ids.SideId: words.id_word(ids.SideId, "a side such as aleppo"),
    ids.PartyId: words.id_word(ids.PartyId, "a party such as party-south"),
    ids.ClauseLabel: words.id_word(ids.ClauseLabel, "a clause such as 11a"),
    ids.PlanId: words.id_word(ids.PlanId, "a plan such as p-2"),
    ids.CardId: words.id_word(ids.CardId, "a call card such as c-1f03a99b"),
    ids.SourceId: words.id_word(ids.SourceId, "a source such as icrc"),
    ids.EntryId: words.ENTRY,
    ids.EnvelopeDigest: words.id_word(ids.EnvelopeDigest, "an envelope's digest, 64 hex digits"),
}
_OTHERS: dict[object, Word] = {
    int: words.NUMBER,
    Count: words.COUNT,
    Tally: words.TALLY,
    Instant: words.MOMENT,
    Stretch: words.STRETCH,
    Outlook: words.OUTLOOK,
    tuple[ids.PersonId, ...]: words.list_of(_IDS[ids.PersonId], "wristbands such as w-0417, w-0418"),
    tuple[ids.VehicleId, ...]: words.list_of(_IDS[ids.VehicleId], "vehicles such as B-21, B-22"),
    tuple[Stretch, ...]: words.list_of(words.STRETCH, "stretches such as 21:40 to 21:50"),
    tuple[Watched, ...]: words.WATCHED,
    tuple[PlannedTrip, ...]: words.TRIPS,
    tuple[NotPlanned, ...]: words.NOT_PLANNED,
}
_BY_FIELD = {
    "by_whom": words.DOER,
    "commitment": words.HEX,
    "authority": words.KEY,
    "key": words.KEY,
    "who": words.PLAIN,
    "grade": words.LETTER,
}
_INSTEAD = Word("what should have been recorded", re.compile("(?!)"), lambda *_: None, lambda *_: "")


def _word(field: str, hint: Any) -> Word:
    if field in _BY_FIELD:
        return _BY_FIELD[field]
    if field == "instead":
        return _INSTEAD
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (hint,) = [part for part in get_args(hint) if part is not type(None)]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return words.words_of(hint)
    return _IDS.get(hint) or _OTHERS.get(hint) or words.TEXT


_TOKEN = re.compile(r"\{(\w+)\}|\[\?(\w+)\|([^\]]*)\]|\[([^\]]*)\]|([^\[\{]+)")


def _steps(kind: type[Kind], phrase: str) -> tuple[Step, ...]:
    hints = get_type_hints(kind)
    steps: list[Step] = []
    for field, flag, said, part, text in _TOKEN.findall(phrase):
        if field:
            steps.append(Put(field, _word(field, hints[field])))
        elif flag:
            steps.append(Maybe(flag, True, (Say(said),)))
        elif part:
            inner = typing.cast("tuple[Say | Put, ...]", _steps(kind, part))
            steps.append(Maybe(next(step.field for step in inner if isinstance(step, Put)), False, inner))
        else:
            steps.append(Say(text))
    return tuple(steps)


PHRASES: dict[type[Kind], tuple[Step, ...]] = {kind: _steps(kind, kind.phrase) for kind in KINDS}
AMENDABLE: tuple[type[Kind], ...] = get_args(Amendable)


def write(what: Kind, setting: Setting) -> str:
    """The words of one kind of observation."""
    defaults = dict(zip(reversed(what.__struct_fields__), reversed(what.__struct_defaults__), strict=False))
    return "".join(_write(step, what, defaults, setting) for step in PHRASES[type(what)])


def _write(step: Step, what: Kind, defaults: dict[str, Any], setting: Setting) -> str:
    match step:
        case Say(text):
            return text
        case Put(field, word):
            value = getattr(what, field)
            return write(value, setting) if word is _INSTEAD else word.write(value, setting)
        case Maybe(field, _, steps):
            gone = getattr(what, field) == defaults[field]
            return "" if gone else "".join(_write(inner, what, defaults, setting) for inner in steps)


def read(text: str, start: int, setting: Setting, kinds: tuple[type[Kind], ...] = KINDS) -> What | Miss:
    """The observation that the text from `start` on says, or the furthest point that any phrase reaches."""
    best = Miss(start, "a phrase such as `B-07 departed for rashideen`")
    for kind in kinds:
        found = _follow(kind, text, start, setting)
        if not isinstance(found, Miss):
            return found
        if (found.column, bool(found.label)) > (best.column, bool(best.label)):
            best = found
    return best


def _follow(kind: type[Kind], text: str, start: int, setting: Setting) -> What | Miss:
    values: dict[str, Any] = {}
    left_out: list[Miss] = []
    cursor = start
    for step in PHRASES[kind]:
        end = _read(step, text, cursor, setting, values, left_out)
        if isinstance(end, Miss):
            return max([end, *left_out], key=lambda miss: miss.column)
        cursor = end
    if cursor != len(text):
        return max([Miss(cursor, "the end of the line"), *left_out], key=lambda miss: miss.column)
    return typing.cast("What", kind(**values))


def _read(step: Step, text: str, cursor: int, setting: Setting, values: dict[str, Any], left_out: list[Miss]) -> int | Miss:
    match step:
        case Say(said):
            return cursor + len(said) if text.startswith(said, cursor) else _miss_word(said, text, cursor)
        case Put(field, word):
            return _read_value(field, word, text, cursor, setting, values)
        case Maybe(field, flag, steps):
            got: dict[str, Any] = {field: True} if flag else {}
            end = _read_part(steps, text, cursor, setting, got)
            if isinstance(end, Miss):
                left_out.append(end)
                return cursor
            values.update(got)
            return end


def _read_part(steps: tuple[Say | Put, ...], text: str, cursor: int, setting: Setting, got: dict[str, Any]) -> int | Miss:
    """A part that is not there is left out whole: its fields keep their defaults."""
    for step in steps:
        end = _read(step, text, cursor, setting, got, [])
        if isinstance(end, Miss):
            return end
        cursor = end
    return cursor


def _read_value(field: str, word: Word, text: str, cursor: int, setting: Setting, values: dict[str, Any]) -> int | Miss:
    if word is _INSTEAD:
        inner = read(text, cursor, setting, AMENDABLE)
        if isinstance(inner, Miss):
            return inner
        values[field] = inner
        return len(text)
    found = word.find.match(text, cursor)
    if not found:
        return Miss(cursor, word.name)
    try:
        values[field] = word.read(found[0], setting)
    except NoLabel as missing:
        return Miss(cursor, word.name, str(missing))
    except NotHere as meant:
        return Miss(cursor, str(meant))
    except ValueError:
        return Miss(cursor, word.name)
    return found.end()


def _miss_word(said: str, text: str, cursor: int) -> Miss:
    """Where the fixed words part from the text."""
    common = 0
    while common < len(said) and cursor + common < len(text) and said[common] == text[cursor + common]:
        common += 1
    return Miss(cursor + common, f"`{said.strip()}`")
