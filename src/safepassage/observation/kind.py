"""What all kinds of observation share: a form, a phrase in field notation, and who may record it.

A phrase is read by `notation`: `{field}` stands for a value, `[...]` for a part that is there only when its first field is,
`[?flag|words]` for words that stand for a flag.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

import msgspec

from safepassage.values.people import Role


class Sphere(Enum):
    """Where an observation comes from: a post on the ground, the desk that hears and calls, or somebody who decides."""

    FIELD = "field"
    DESK = "desk"
    DECISION = "decision"


FIELD_ROLES = frozenset({Role.MONITOR, Role.DESK, Role.RECEPTION, Role.HOSPITAL, Role.PROTECTION})
RECEIVERS = frozenset({Role.MONITOR, Role.DESK, Role.RECEPTION, Role.HOSPITAL, Role.PROTECTION})
DESKS = frozenset({Role.DESK, Role.OPERATIONS})
PARTIES = frozenset({Role.PARTY, Role.DESK})
GUARANTORS = frozenset({Role.GUARANTOR, Role.COUNCIL})
OFFICERS = frozenset({Role.OPERATIONS, Role.GUARANTOR})
EVERYBODY = frozenset(Role)


def _tag(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).removeprefix("_")


class Kind(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="kind", tag=_tag):
    """Carries the struct options that every kind has; no behaviour is inherited."""

    sphere: ClassVar[Sphere] = Sphere.FIELD
    may: ClassVar[frozenset[Role]] = FIELD_ROLES
    phrase: ClassVar[str]


def tag_of(kind: type[Kind]) -> str:
    """`heads_counted` for `HeadsCounted`: the kind's name inside the signed bytes."""
    return str(kind.__struct_config__.tag)
