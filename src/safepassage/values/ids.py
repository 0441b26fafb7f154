"""Typed ids: a vehicle can never be passed where a place is meant."""

from __future__ import annotations

from typing import NewType

DeploymentId = NewType("DeploymentId", str)
DeviceId = NewType("DeviceId", str)
"""A device's name, for example `m17-1`: the observer, then the epoch of the key."""
ObserverId = NewType("ObserverId", str)
"""A pseudonym of whoever records, for example `m17`, `desk`, `o2`, `party-south`; never a name."""
PersonId = NewType("PersonId", str)
"""The code of a wristband, for example `w-7kq2m9`: random, and never a name."""
GroupId = NewType("GroupId", str)
VehicleId = NewType("VehicleId", str)
PlaceId = NewType("PlaceId", str)
SideId = NewType("SideId", str)
PartyId = NewType("PartyId", str)
ClauseLabel = NewType("ClauseLabel", str)
PlanId = NewType("PlanId", str)
CardId = NewType("CardId", str)
SourceId = NewType("SourceId", str)
EntryId = NewType("EntryId", str)
"""The content id of an observation: SHA-256 of its canonical JSON, 64 hex digits."""
