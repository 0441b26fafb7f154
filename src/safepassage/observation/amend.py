"""What is said later about an earlier entry: confirmed, withdrawn, corrected. The earlier entry stays; folds see what is in force."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from safepassage.observation.kind import EVERYBODY, FIELD_ROLES, Kind
from safepassage.observation.passage import PassageKind
from safepassage.observation.people import PeopleKind
from safepassage.observation.vehicles import VehicleKind
from safepassage.values.ids import EntryId
from safepassage.values.people import Role

Amendable: TypeAlias = PeopleKind | VehicleKind | PassageKind
"""What a correction may say instead: what was seen. Decisions are withdrawn and taken anew."""


class Confirmed(Kind, frozen=True):
    """An alleged observation was seen by the signer too, or checked: it counts as signed from now on."""

    may: ClassVar[frozenset[Role]] = FIELD_ROLES
    phrase: ClassVar[str] = "confirms {entry}"
    entry: EntryId


class Withdrawn(Kind, frozen=True):
    """Its own signer takes an observation back; it stays in the ledger and leaves every fold."""

    may: ClassVar[frozenset[Role]] = EVERYBODY
    phrase: ClassVar[str] = "withdraws {entry}"
    entry: EntryId


class Corrected(Kind, frozen=True):
    """Its own signer says what an earlier observation should have said; time and place stay those of the earlier one."""

    may: ClassVar[frozenset[Role]] = EVERYBODY
    phrase: ClassVar[str] = "corrects {entry}: {instead}"
    entry: EntryId
    instead: Amendable


AmendKind: TypeAlias = Confirmed | Withdrawn | Corrected
