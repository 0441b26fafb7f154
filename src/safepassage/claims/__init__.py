"""What each source says, beside what is established. Claims are grouped into questions, related, counted once for each origin.

A claim never moves a person, a vehicle or a verdict, and a dispute never names a winner: it keeps every claim with its source,
its grades and its interval, the hull of them all, and our own bound or the reason why there is none.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from safepassage.claims.bounds import OurBounds, Sighting, Waiting, our_bounds
from safepassage.claims.dispute import beside_ours, dispute_of
from safepassage.claims.exchange import Agreed, SideClaimed, exchange_as_claimed
from safepassage.claims.group import questions_of
from safepassage.claims.relate import relate
from safepassage.claims.words import Accord, Beside, Claim, Dispute, Pair, Question, Relation, Topic, Voice
from safepassage.fold import Form, Keepers, Kept
from safepassage.observation import Entry
from safepassage.observation.desk import ClaimHeard, Predicate
from safepassage.values.ids import SourceId
from safepassage.values.places import Source, World

__all__ = [
    "Accord",
    "Agreed",
    "Beside",
    "Claim",
    "Claims",
    "Dispute",
    "OurBounds",
    "Pair",
    "Question",
    "Relation",
    "SideClaimed",
    "Sighting",
    "Topic",
    "Voice",
    "Waiting",
    "beside_ours",
    "exchange_as_claimed",
    "our_bounds",
    "relate",
]

_FLOWS = (Predicate.LEFT, Predicate.ARRIVED, Predicate.REGISTERED)
_WORST_FIRST = {Accord.CONTRADICT: 0, Accord.DIFFER: 1, Accord.AGREE: 2, Accord.ALONE: 3}


class _Book(msgspec.Struct, frozen=True):
    """One topic: its claims, and its questions with the claims of each."""

    claims: tuple[Claim, ...]
    questions: tuple[tuple[Question, tuple[Claim, ...]], ...]


class Claims(Keepers):
    """The fold of all claims of one deployment, kept up as changes come; each topic is refolded alone."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sources = {source.id: source for source in world.sources}
        self._topics: Kept[Topic, _Book] = Kept(frozenset({ClaimHeard}), _topics_of, self._book)
        super().__init__(self._topics)

    def then(self, form: Form) -> Claims:
        """The same over the entries as `form` shows them."""
        past = Claims(self._world)
        past._topics = self._topics.then(form)
        return past

    def claims(self) -> list[Claim]:
        """Every claim in force, as heard."""
        return sorted((c for book in self._topics.answers().values() for c in book.claims), key=lambda c: (c.heard_at, c.entry))

    def disputes(self, bounds: OurBounds) -> list[Dispute]:
        """Every question with its claims side by side; those most at odds first, then those with most sources."""
        found = [dispute_of(question, group, book.claims, bounds) for book, question, group in self._asked()]
        found = [replace(dispute, beside=_neighbours(dispute, found)) for dispute in found]
        return sorted(found, key=lambda d: (_WORST_FIRST[d.accord], -d.origins, d.question.asked, d.question.time, d.entries))

    def exchange(self) -> tuple[SideClaimed, ...]:
        """What is claimed to have left each side."""
        return exchange_as_claimed(self.claims(), self._world)

    def why(self, question: Question) -> list[Entry]:
        """The entries behind a question, in order."""
        entries = {c.entry for _, asked, group in self._asked() if asked == question for c in group}
        return [entry for entry in self._topics.why(question.topic) if entry.id in entries]

    def _asked(self) -> list[tuple[_Book, Question, tuple[Claim, ...]]]:
        return [(book, question, group) for book in self._topics.answers().values() for question, group in book.questions]

    def _book(self, topic: Topic, history: list[Entry]) -> _Book:
        claims = tuple(self._claim(entry) for entry in history)
        return _Book(claims, tuple((asked, tuple(group)) for asked, group in questions_of(topic, claims, self._world)))

    def _claim(self, entry: Entry) -> Claim:
        seen, said = entry.observation, entry.observation.what
        assert isinstance(said, ClaimHeard)  # keys are given to nothing else
        source = self._sources.get(said.source) or Source(said.source, said.source, "unnamed")
        return Claim(entry.id, seen.seen_at, said, source, self._origin(said.source), seen.told_by is not None)

    def _origin(self, source: SourceId) -> SourceId:
        """The root of a chain of copies; a chain that runs in a circle is one origin, named by its first in order."""
        seen: list[SourceId] = []
        while source not in seen:
            seen.append(source)
            known = self._sources.get(source)
            if known is None or known.origin is None:
                return source
            source = known.origin
        return min(seen[seen.index(source) :])


def _topics_of(entry: Entry) -> tuple[Topic, ...]:
    said = entry.observation.what
    return (Topic(said.predicate, said.who, said.where, said.basis),) if isinstance(said, ClaimHeard) else ()


def _neighbours(dispute: Dispute, others: list[Dispute]) -> tuple[Beside, ...]:
    """Having left, having arrived and being registered are three things of the same people: shown together, never compared."""
    own = dispute.question.topic
    near = [other for other in others if own.predicate in _FLOWS and _another_flow(own, other.question.topic)]
    return tuple(
        Beside(other.question.asked, other.hull, f"‘{own.predicate.value}’ is not ‘{other.question.topic.predicate.value}’")
        for other in sorted(near, key=lambda other: (other.question.time.end, other.question.asked))
    )


def _another_flow(one: Topic, other: Topic) -> bool:
    return (
        other.predicate in _FLOWS
        and other.predicate is not one.predicate
        and (one.who, one.basis, one.where) == (other.who, other.basis, other.where)
    )
