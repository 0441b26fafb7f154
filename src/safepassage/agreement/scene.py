"""What a judgement may look at besides its own facts: the moment, the watches, the suspensions, and the words for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from safepassage.agreement.clause import Atom, Clause, Limit
from safepassage.agreement.explain import moment
from safepassage.agreement.facts import SIGNED, Covered, Fact, Ground
from safepassage.agreement.limits import Suspended, deadline
from safepassage.agreement.operators import ALLEGED, ESTABLISHED, NONE, Value, happened
from safepassage.agreement.proved import Proved, made
from safepassage.agreement.reader import row_of
from safepassage.agreement.verdict import InstanceVerdict, Verdict, decide
from safepassage.agreement.vocabulary import Row, Where
from safepassage.agreement.watches import Places, Watches
from safepassage.values.ids import EntryId, PlaceId
from safepassage.values.times import Instant, Stretch, lasted


class Scene(msgspec.Struct, frozen=True):
    """All that is shared by the judgements of one moment."""

    ground: Ground
    opened: Instant
    now: Instant
    watches: Watches
    suspended: Sequence[Suspended]
    proved: Proved | None = None
    """Where times count only as far as they are proved."""
    surely: Sequence[Suspended] = ()
    perhaps: Sequence[Suspended] = ()
    """As proved: when passage stood suspended whatever is so, and when it may have."""

    def made(self, fact: Fact) -> Stretch:
        """When it may have happened: as claimed, or between its proved bounds."""
        return Stretch(fact.at, fact.at) if self.proved is None else made(fact, self.proved, self.now)

    def deadline(self, clause: Clause, limit: Limit, start: Instant) -> Instant | None:
        return deadline(limit, start, clause.zone, self.suspended if clause.clock_stops else ())

    def deadlines(self, clause: Clause, limit: Limit, made: Stretch) -> tuple[Instant | None, Instant | None]:
        """The earliest and the latest last instant, whenever the opener happened and clocks stood still."""
        if self.proved is None:
            return self.deadline(clause, limit, made.start), self.deadline(clause, limit, made.end)
        stops = (self.surely, self.perhaps) if clause.clock_stops else ((), ())
        return deadline(limit, made.start, clause.zone, stops[0]), deadline(limit, made.end, clause.zone, stops[1])

    def scope(self, atom: Atom, fact: Fact | None) -> Places:
        """Which places must be watched before the phrase's silence counts."""
        row = row_of(atom)
        match row.where:
            case Where.NAMED:
                return tuple(sorted(atom.places))
            case Where.THERE:
                return (fact.place,) if fact is not None and fact.place is not None else ()
            case Where.KINDS:
                return self.ground.of_kinds(row.kinds)
            case Where.EVERYWHERE:
                return self.ground.everywhere

    def silent(self, row: Row, places: Places, stretch: Stretch) -> bool:
        """Whether silence in this stretch would count: it is over, and all of it was watched."""
        return self.ground.signed_here(row) or (stretch.end <= self.now and self.watches.hold(self.covered_by(row), places, stretch))

    def covered_by(self, row: Row) -> Covered | None:
        return self.ground.covered_by(row)

    def opening(self, atom: Atom, fact: Fact) -> Value:
        """What speaks for and against what opened an instance."""
        if fact.standing == SIGNED:
            return happened((SIGNED,), False)
        return happened((fact.standing,), self.silent(row_of(atom), self.scope(atom, fact), self.made(fact)))

    def sought(
        self, atom: Atom, opener: Fact, facts: Iterable[Fact], narrow: tuple[Instant, Instant], wide: Stretch, runs: bool = False
    ) -> tuple[Value, list[Fact]]:
        """Whether something of the phrase happened in the stretch, and the facts that say so, the best first.

        `narrow`, `wide`: the ends that are in it, and those that may be, whenever the opener happened; the same where times count
        as claimed. `runs`: it may still be done, so silence says nothing yet.
        """
        graded = [(self._grade(fact, narrow, wide), fact) for fact in facts]
        found = sorted(((grade, fact) for grade, fact in graded if grade), key=lambda pair: (-pair[0], pair[1].at, pair[1].entry))
        silence = not runs and self.silent(row_of(atom), self.scope(atom, opener), wide)
        return happened((grade for grade, _ in found), silence), [fact for _, fact in found]

    def _grade(self, fact: Fact, narrow: tuple[Instant, Instant], wide: Stretch) -> int:
        """How well a fact shows that it happened in the stretch: not at all, perhaps, surely."""
        when = self.made(fact)
        if fact.standing == SIGNED and narrow[0] <= when.start and when.end <= narrow[1]:
            return ESTABLISHED
        return ALLEGED if when.overlap(wide) is not None else NONE

    def unseen(self, kind: Covered | None, places: Places, stretch: Stretch) -> str:
        """Why silence does not count here, as a sentence's end."""
        if kind is None:
            return "no watch can cover it"
        gap = self.watches.first_gap(kind, places, stretch)
        if gap is None:
            return ""
        place, part = gap
        since = "the opening" if part.start < self.opened else self.moment(part.start)
        return f"nobody signs for every {kind.value} {self.at_place(place)} from {since} to {self.moment(part.end)}"

    def at_place(self, place: PlaceId | None) -> str:
        return "anywhere" if place is None else f"at {place}"

    def moment(self, at: Instant) -> str:
        """In the zone of the world."""
        return moment(at, self.ground.world.zone)


def instance(
    key: str,
    opener: Fact,
    value: Value,
    until: Instant | None,
    pending: bool,
    why: str,
    entries: Iterable[EntryId],
) -> InstanceVerdict:
    """One instance's verdict, from its value and from whether its time still runs."""
    verdict, said = decide(value, pending)
    shown_until = until if verdict is Verdict.PENDING else None
    cited = tuple(dict.fromkeys([opener.entry, *entries]))
    return InstanceVerdict(key, opener.entry, opener.at, verdict, shown_until, why, value.for_, value.against, said, cited)


def after(start: Instant, end: Instant) -> str:
    """`2 h 05 after`, `at the same instant`."""
    return f"{lasted(end - start)} after" if end > start else "at the same instant"
