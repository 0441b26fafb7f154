"""Stage directions of a field log: who is enrolled, whose phone is silent, where the live part begins.

stage: enrol m01 m02 as monitor            stage: enrol party-south as party of party-south
stage: phone m05 silent 18:40 to 22:40, delivered twice
stage: phone m05 sends 2016-12-18 18:40:12.010 at 2016-12-18 22:40 and 2016-12-18 22:41
stage: propose 16:40                       stage: begin 22:52            stage: end 2016-12-19 00:40
"""

from __future__ import annotations

import re

import msgspec

from safepassage.errors import MALFORMED_LINE, NO_CONTEXT, Where, stop
from safepassage.notation import STAGE, Context, context_of
from safepassage.notation.words import read_moment
from safepassage.values.ids import ObserverId, PartyId
from safepassage.values.people import Role
from safepassage.values.times import Instant, Stretch, at


class Enrolled(msgspec.Struct, frozen=True):
    observer: ObserverId
    role: Role
    party: PartyId | None = None


class Silence(msgspec.Struct, frozen=True):
    """A phone without signal: what it recorded in the stretch is delivered at its end, `copies` times."""

    observer: ObserverId
    stretch: Stretch
    copies: int


class Sending(msgspec.Struct, frozen=True):
    """When what a phone recorded at one instant was delivered: late, or several times."""

    observer: ObserverId
    seen_at: Instant
    at: tuple[Instant, ...]


class Stage(msgspec.Struct, frozen=True):
    """All directions of one file.

    `proposals`: instants at which the planner is asked; `adoptions`: at which a simulated officer adopts what nobody has decided;
    `begin`, `end`: of the part that is played live; `since`: from when the agreement holds, otherwise from the opening.
    """

    enrolled: tuple[Enrolled, ...] = ()
    silences: tuple[Silence, ...] = ()
    sendings: tuple[Sending, ...] = ()
    since: Instant | None = None
    proposals: tuple[Instant, ...] = ()
    adoptions: tuple[Instant, ...] = ()
    begin: Instant | None = None
    end: Instant | None = None


_ENROL = re.compile(r"enrol ([a-z0-9 -]+?) as ([a-z]+)(?: of ([a-z0-9-]+))?")
_PHONE = re.compile(r"phone ([a-z0-9-]+) silent (.+?) to (.+?)(, delivered twice)?")
_SENDS = re.compile(r"phone ([a-z0-9-]+) sends (.+?) at (.+)")
_WHEN = re.compile(r"(propose|adopt|begin|end|agreement since) (.+)")


def read_stage(text: str, file: str = "field.log") -> Stage:
    """The directions of a field log.

    Raises
    ------
    InputError
        SP-101 and SP-102, naming file and line.
    """
    context: Context | None = None
    enrolled: list[Enrolled] = []
    silences: list[Silence] = []
    sendings: list[Sending] = []
    moments: dict[str, list[Instant]] = {"propose": [], "adopt": [], "begin": [], "end": [], "agreement since": []}
    for number, line in enumerate(text.split("\n"), start=1):
        context = context_of(line) or context
        if not line.startswith(STAGE):
            continue
        where, said = Where(file, number), line.removeprefix(STAGE).partition("#")[0].strip()
        if found := _ENROL.fullmatch(said):
            enrolled += [Enrolled(ObserverId(name), Role(found[2]), _party(found[3])) for name in found[1].split()]
        elif found := _PHONE.fullmatch(said):
            stretch = Stretch(_moment(found[2], context, where), _moment(found[3], context, where))
            silences.append(Silence(ObserverId(found[1]), stretch, 2 if found[4] else 1))
        elif found := _SENDS.fullmatch(said):
            times = tuple(_moment(one, context, where) for one in found[3].split(" and "))
            sendings.append(Sending(ObserverId(found[1]), _moment(found[2], context, where), times))
        elif found := _WHEN.fullmatch(said):
            moments[found[1]].append(_moment(found[2], context, where))
        else:
            stop(MALFORMED_LINE, where, expected="a stage direction: enrol, phone, propose, adopt, begin, end or agreement")
    begin, end, since = (min(moments[name], default=None) for name in ("begin", "end", "agreement since"))
    return Stage(tuple(enrolled), tuple(silences), tuple(sendings), since, tuple(moments["propose"]), tuple(moments["adopt"]), begin, end)


def _party(text: str | None) -> PartyId | None:
    return PartyId(text) if text else None


def _moment(text: str, context: Context | None, where: Where) -> Instant:
    """`22:52` of the day in force, or a whole stamp."""
    if context is None:
        stop(NO_CONTEXT, where)
    setting = context.setting(at(context.day, "00:00", context.zone))
    return read_moment(text, setting) if " " in text else at(context.day, text, context.zone)
