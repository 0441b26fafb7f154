"""Everybody whose wristband an entry speaks of: histories per code, a few words kept of each, timelines made when somebody asks.

Codes that were merged are one person; whoever asks for one is answered from all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from safepassage.fold import Form, Kept
from safepassage.values.ids import PersonId
from safepassage.values.places import World
from safepassage.whereabouts.bands import Band, Bands
from safepassage.whereabouts.identity import merged
from safepassage.whereabouts.journey import last_read
from safepassage.whereabouts.people import SPEAKING, persons_of, step_of, trace_of
from safepassage.whereabouts.words import PersonTrace, Step


class Persons:
    """The wristbands of one deployment, kept up as changes come."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.kept: Kept[PersonId, Band] = Kept(SPEAKING, persons_of, Bands(world).of)

    def bands(self) -> Mapping[PersonId, Band]:
        """What is kept of every code."""
        return self.kept.answers()

    def own(self, code: PersonId) -> PersonTrace | None:
        """One code's own timeline, without those it was merged with."""
        history = self.kept.why(code)
        return trace_of(code, history) if history else None

    def person(self, code: PersonId) -> PersonTrace | None:
        """One wristband's timeline, with those of the codes that were merged with it."""
        return merged(code, self.own)

    def then(self, form: Form) -> Persons:
        """The same over the entries as `form` shows them."""
        past = Persons(self._world)
        past.kept = self.kept.then(form)
        return past

    def same_as(self, code: PersonId) -> tuple[PersonId, ...]:
        """All codes that are the same person as this one, directly or by way of others."""
        band = self.kept.answer(code)
        trace = self.person(code) if band is not None and band.same_as else None
        return () if trace is None else trace.same_as

    def last(self, code: PersonId) -> Step | None:
        """Where the person with this code was last read."""
        band = self.kept.answer(code)
        if band is not None and not band.same_as:
            return None if band.last is None else step_of(band.last)
        trace = self.person(code)
        return None if trace is None else last_read(trace)

    def lasts(self, among: Iterable[PersonId] | None = None) -> Iterator[tuple[PersonId, Step]]:
        """Each person's newest reading, under the first of the codes that are one person; or those of these codes alone."""
        for code in self.bands() if among is None else among:
            if self._first(code) and (step := self.last(code)) is not None:
                yield code, step

    def each(self, which: Callable[[Band], bool]) -> Iterator[PersonTrace]:
        """The timelines of which this holds, and of all who have several codes: under the first of them."""
        for code, band in self.bands().items():
            if (band.same_as or which(band)) and self._first(code) and (trace := self.person(code)) is not None:
                yield trace

    def strays(self, codes: Iterable[PersonId]) -> int:
        """How many of these are registered on no side: each a person more than is registered, or one of those who are; not known which."""
        bands = self.bands()
        alone = (code for code in codes if (band := bands.get(code)) is None or band.side is None or band.same_as)
        return sum(1 for code in alone if (trace := self.person(code)) is not None and trace.side is None)

    def _first(self, code: PersonId) -> bool:
        return all(code < other for other in self.same_as(code))
