"""A rehearsal as a scenario folder's texts: what its devices recorded, in field notation, for whoever plays it through the real door."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from safepassage.notation import render_log
from safepassage.observation import to_bytes
from safepassage.simulate.actors import Deed, Truth
from safepassage.simulate.devices import Heard
from safepassage.simulate.world import Ground
from safepassage.values.encoding import content_id

HEAD = "# EXERCISE. Everything below is invented, people and minutes; made by safepassage simulate, with the truth beside it.\n"


def field_log(ground: Ground, heard: Sequence[Heard]) -> str:
    """`field.log`: every observation that was not lost, once, in order of seeing; who is enrolled stands first."""
    delivered = {content_id(to_bytes(one.observation)): one.observation for one in heard if not one.lost}
    observations = sorted(delivered.items(), key=lambda item: (item[1].seen_at, item[0]))
    observers = sorted({observation.by for _, observation in observations})
    day, *lines = render_log((observation for _, observation in observations), ground.world.zone)
    return HEAD + "\n".join([day, f"stage: enrol {' '.join(observers)} as monitor", *lines]) + "\n"


def truth_of(ground: Ground, deeds: Sequence[Deed]) -> bytes:
    """`truth.json`: how many really are where in the end, and where whoever wears which wristband is."""
    truth = Truth(ground)
    for deed in deeds:
        truth.take(deed)
    worn = {person.code: truth.where[index] for index, person in enumerate(ground.people)}
    heads = {where: number for where, number in sorted(truth.heads.items()) if number}
    return msgspec.json.format(msgspec.json.encode({"exercise": True, "heads": heads, "persons": worn})) + b"\n"
