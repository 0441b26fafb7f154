"""The nouns of claims: who says what, how two claims stand to each other, and a dispute that keeps all of them side by side.

Nothing here decides who is right. A claim moves no person, no vehicle and no verdict; it can open a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import msgspec

from safepassage.observation.desk import Basis, ClaimHeard, Predicate
from safepassage.values.counts import Count
from safepassage.values.ids import EntryId, PlaceId, SideId, SourceId
from safepassage.values.places import Source
from safepassage.values.times import Instant, Stretch


class Claim(msgspec.Struct, frozen=True):
    """A claim heard, with its source as the world describes it. `origin`: the root of the chain of copies that it belongs to."""

    entry: EntryId
    heard_at: Instant
    said: ClaimHeard
    source: Source
    origin: SourceId
    alleged: bool = False
    """Somebody told the desk that the source says so; the desk did not hear it itself."""


class Relation(Enum):
    """How two claims stand to each other."""

    SAME = "same"
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    SUPERSEDES = "supersedes"
    INCOMPARABLE = "incomparable"


class Pair(msgspec.Struct, frozen=True):
    """`one` was heard first. Of SUPERSEDES it is `other` that supersedes `one`."""

    one: EntryId
    other: EntryId
    relation: Relation
    why: str


class Topic(msgspec.Struct, frozen=True):
    """What is counted: claims of different topics are never compared."""

    predicate: Predicate
    who: str
    where: PlaceId | None
    basis: Basis


class Question(msgspec.Struct, frozen=True):
    """One thing that several sources give a figure for. `time` covers the stretches of all its claims."""

    topic: Topic
    side: SideId | None
    time: Stretch
    asked: str


class Accord(Enum):
    """What the independent origins of a question make of each other; never who is right."""

    AGREE = "agree"
    CONTRADICT = "contradict"
    DIFFER = "differ in kind"
    ALONE = "one source"


class Voice(msgspec.Struct, frozen=True):
    """One claim in a dispute. `copy_of`: the claim that it repeats; `beside_ours`: how it stands to our bound, in words."""

    claim: Claim
    copy_of: EntryId | None
    beside_ours: str


class Beside(msgspec.Struct, frozen=True):
    """A figure that the eye compares and that must not be: another quantity of the same people."""

    asked: str
    hull: Count
    why: str


class Dispute(msgspec.Struct, frozen=True):
    """Every claim of one question side by side, and our own bound. `hull`: lowest low to highest high, of all of them."""

    question: Question
    accord: Accord
    voices: tuple[Voice, ...]
    pairs: tuple[Pair, ...]
    hull: Count
    origins: int
    ours: Count | None
    ours_said: str
    beside: tuple[Beside, ...] = ()

    @property
    def entries(self) -> tuple[EntryId, ...]:
        return tuple(voice.claim.entry for voice in self.voices)


def hull(quantities: Iterable[Count]) -> Count:
    """Lowest low, highest high; open where one of them is open."""
    counts = list(quantities)
    highs = [count.high for count in counts if count.high is not None]
    return Count(min(count.low for count in counts), max(highs) if len(highs) == len(counts) else None)
