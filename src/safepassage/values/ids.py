"""Typed ids: a vehicle can never be passed where a place is meant. Each has a form, checked when bytes are read.

The forms leave no room for a name: a wristband's code is random, an observer is a pseudonym.
"""

from __future__ import annotations

import re
from typing import Annotated, NewType

from msgspec import Meta

_SLUG = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"

DeploymentId = NewType("DeploymentId", Annotated[str, Meta(pattern=_SLUG, max_length=40)])
DeviceId = NewType("DeviceId", Annotated[str, Meta(pattern=_SLUG, max_length=40)])
"""A device's name, for example `m17-1`: the observer, then the epoch of the key."""
ObserverId = NewType("ObserverId", Annotated[str, Meta(pattern=_SLUG, max_length=40)])
"""A pseudonym of whoever records, for example `m17`, `desk`, `o2`, `party-south`; never a name."""
PersonId = NewType("PersonId", Annotated[str, Meta(pattern=r"^w-[0-9b-df-hj-np-tv-xz]{4,12}$")])
"""The code of a wristband, for example `w-7kq2m9`: random, and never a name, since it has no vowels."""
GroupId = NewType("GroupId", Annotated[str, Meta(pattern=r"^g-[a-z]?[0-9]{1,6}$")])
VehicleId = NewType("VehicleId", Annotated[str, Meta(pattern=r"^[A-Z]{1,3}-[0-9]{1,4}$")])
"""A painted number, for example `B-07`; plates stay with the desk."""
PlaceId = NewType("PlaceId", Annotated[str, Meta(pattern=_SLUG, max_length=40)])
SideId = NewType("SideId", Annotated[str, Meta(pattern=_SLUG, max_length=40)])
PartyId = NewType("PartyId", Annotated[str, Meta(pattern=_SLUG, max_length=40)])
ClauseLabel = NewType("ClauseLabel", Annotated[str, Meta(pattern=r"^[0-9]{1,3}[a-z]?$")])
PlanId = NewType("PlanId", Annotated[str, Meta(pattern=r"^p-[0-9]{1,5}$")])
CardId = NewType("CardId", Annotated[str, Meta(pattern=r"^c-[0-9a-f]{8}$")])
"""A call card: named after the first digits of the entry that opened it."""
SourceId = NewType("SourceId", Annotated[str, Meta(pattern=_SLUG, max_length=40)])
EntryId = NewType("EntryId", Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")])
"""The content id of an observation: SHA-256 of its canonical JSON, 64 hex digits."""

EnvelopeDigest = NewType("EnvelopeDigest", Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")])
"""SHA-256 of an envelope's exact bytes, 64 hex digits: it names one that is no entry."""


def form(kind: object) -> re.Pattern[str]:
    """The form of an id, unanchored, for readers of text."""
    (meta,) = kind.__supertype__.__metadata__  # type: ignore[attr-defined]
    return re.compile(meta.pattern.removeprefix("^").removesuffix("$"))
