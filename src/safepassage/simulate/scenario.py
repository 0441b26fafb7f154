"""A rehearsal as a scenario folder's texts: what its devices recorded, in field notation, for whoever plays it through the real door."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safepassage.notation import render_log
from safepassage.notation.words import write_clock
from safepassage.observation import to_bytes
from safepassage.simulate.actors import Deed, Truth
from safepassage.simulate.devices import Heard
from safepassage.simulate.world import Ground
from safepassage.values.encoding import content_id
from safepassage.values.times import MINUTE, local
from safepassage.whereabouts.reliance import CLOCK

HEAD = "# EXERCISE. Everything below is invented, people and minutes; made by safepassage simulate, with the truth beside it.\n"


def field_log(ground: Ground, heard: Sequence[Heard]) -> str:
    """`field.log`: every observation that was not lost, once, in order of seeing; who is enrolled stands first, and which phones sent
    what late or twice stands last."""
    delivered = {content_id(to_bytes(one.observation)): one for one in heard if not one.lost}
    ordered = sorted(delivered.items(), key=lambda item: (item[1].observation.seen_at, item[0]))
    observers = sorted({one.observation.by for one in delivered.values()})
    day, *lines = render_log((one.observation for _, one in ordered), ground.world.zone)
    sendings = [_sending(one, ground.world.zone) for _, one in ordered if len(one.arrives) > 1 or _late(one)]
    return HEAD + "\n".join([day, f"stage: enrol {' '.join(observers)} as monitor", *lines, *sendings]) + "\n"


def _late(one: Heard) -> bool:
    """Later than clocks and a weak signal explain."""
    return one.arrives[0] > one.observation.seen_at + 2 * CLOCK + MINUTE


def _sending(one: Heard, zone: str) -> str:
    seen, *arrives = (f"{local(at, zone):%Y-%m-%d} {write_clock(at, zone)}" for at in (one.observation.seen_at, *one.arrives))
    return f"stage: phone {one.observation.by} sends {seen} at {' and '.join(arrives)}"


def truth_of(ground: Ground, deeds: Sequence[Deed]) -> bytes:
    """`truth.json`: how many really are where in the end, and where whoever wears which wristband is."""
    truth = Truth(ground)
    for deed in deeds:
        truth.take(deed)
    worn = {person.code: truth.where[index] for index, person in enumerate(ground.people)}
    heads = {where: number for where, number in sorted(truth.heads.items()) if number}
    return msgspec.json.format(msgspec.json.encode({"exercise": True, "heads": heads, "persons": worn})) + b"\n"
