"""Between which instants something was made, as far as that is proved; what a device claims is only claimed.

An entry quotes a tree head that its device held: it was signed after that. A cosigner vouched for a tree that holds it: it was
signed before that. Source: docs/formats/envelope.md, docs/formats/cosigning.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from safepassage.agreement.facts import Fact
from safepassage.values.ids import EntryId
from safepassage.values.times import Instant, Stretch


class Bounds(msgspec.Struct, frozen=True):
    """`not_before` None: no tree head was quoted; `not_after` None: nobody has vouched for it yet."""

    not_before: Instant | None = None
    not_after: Instant | None = None


Proved: TypeAlias = Mapping[EntryId, Bounds]
"""What is proved of each entry; of one that is not in it, nothing."""


def made(fact: Fact, proved: Proved, now: Instant) -> Stretch:
    """Every instant at which it may have happened: what was written up later may be as old as it claims, and it was heard by now."""
    known = proved.get(fact.entry, Bounds())
    low = 0 if known.not_before is None else min(fact.at, known.not_before)
    high = now if known.not_after is None else known.not_after
    return Stretch(Instant(low), Instant(max(fact.at, high)))
