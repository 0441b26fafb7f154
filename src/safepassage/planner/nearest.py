"""Which known name was meant by one that is not known: said beside every refusal of a name, so that a slip of the pen is seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

MOST = 4
"""Names that are said at most."""


def no_such(what: str, name: str, known: Collection[str]) -> str:
    """`X` is no vehicle of the instance, and which are: the nearest to it, or, where none is near, the first."""
    near = get_close_matches(name, list(known), MOST)
    if near:
        return f"`{name}` is no {what} of the instance; nearest to it: {listed(near)}"
    return f"`{name}` is no {what} of the instance, which has {listed(sorted(known)) or 'none'}"


def listed(names: Sequence[str], most: int = MOST) -> str:
    """At most so many, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"`{name}`" for name in names[:most]) + more
