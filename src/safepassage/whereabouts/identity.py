"""Identity: codes that are one person, by signed observations; each code keeps its own history, and merges are edges between them.

So a merge can be taken back: nothing was rewritten. Whoever asks for one code is answered from all codes of its component.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from safepassage.values.ids import PersonId
from safepassage.whereabouts.words import PersonTrace

Known = Callable[[PersonId], PersonTrace | None]


def merged(person: PersonId, known: Known) -> PersonTrace | None:
    """A code's timeline, with those of all codes that are the same person, directly or by way of others."""
    own = known(person)
    if own is None or not own.same_as:
        return own
    family = component(person, known)
    traces = [family[code] for code in sorted(family)]
    return replace(
        own,
        steps=tuple(sorted((step for trace in traces for step in trace.steps), key=lambda step: (step.since, step.entry))),
        side=next((trace.side for trace in traces if trace.side is not None), None),
        same_as=tuple(code for code in sorted(family) if code != person),
        registered=tuple(each for trace in traces for each in trace.registered),
    )


def component(person: PersonId, known: Known) -> dict[PersonId, PersonTrace]:
    """Every code that merges lead to from this one."""
    found: dict[PersonId, PersonTrace] = {}
    ask = [person]
    while ask:
        code = ask.pop()
        if code not in found and (trace := known(code)) is not None:
            found[code] = trace
            ask += trace.same_as
    return found
