"""Every kind of thing that can happen, one frozen struct each, and the observation that carries it.

The only kind of fact: one signed thing that was seen, heard or decided. A kind lives in its family's file; adding one
touches that file and the folds that care, and the type checker names everyone who must decide.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import msgspec

from safepassage.observation.amend import Amendable, AmendKind
from safepassage.observation.desk import DeskKind
from safepassage.observation.kind import Kind, Sphere, tag_of
from safepassage.observation.passage import PassageKind
from safepassage.observation.people import PeopleKind
from safepassage.observation.setting import SettingKind
from safepassage.observation.vehicles import VehicleKind
from safepassage.values.encoding import decode, encode
from safepassage.values.ids import DeviceId, EntryId, ObserverId, PlaceId
from safepassage.values.people import Teller
from safepassage.values.times import Instant

What: TypeAlias = SettingKind | PeopleKind | VehicleKind | PassageKind | AmendKind | DeskKind
KINDS: tuple[type[Kind], ...] = get_args(What)

Standing: TypeAlias = Literal["signed", "alleged"]


class Observation(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Who recorded what, when, where, and whether they saw it or were told it.

    `seen_at` is claimed by the device. `told_by` None: the signer saw or did it (*signed*); otherwise somebody said so
    (*alleged*), and the kind of person who did. `v` is the version of the format: signed bytes freeze early.
    """

    by: ObserverId
    seen_at: Instant
    what: What
    at: PlaceId | None = None
    told_by: Teller | None = None
    v: Literal[1] = 1

    @property
    def standing(self) -> Standing:
        return "signed" if self.told_by is None else "alleged"


class Entry(msgspec.Struct, frozen=True):
    """An observation at its place in the ledger. `index` says when it was heard here, never what follows from it.

    `hearsay`: in this form it counts as signed by what others confirmed; whoever signed it had only been told.
    """

    id: EntryId
    index: int
    logged_at: Instant
    device: DeviceId
    sequence: int
    observation: Observation
    hearsay: bool = False


def to_bytes(observation: Observation) -> bytes:
    """The canonical bytes that are signed."""
    return encode(observation)


def from_bytes(payload: bytes) -> Observation:
    """The observation of canonical bytes.

    Raises
    ------
    InputError
        SP-120, where they are not the canonical form of any observation.
    """
    return decode(payload, Observation)


__all__ = ["KINDS", "Amendable", "Entry", "Kind", "Observation", "Sphere", "Standing", "What", "from_bytes", "tag_of", "to_bytes"]
