"""A presence clause's verdicts, kept up: while nothing is heard of a post or a stay, only the stays that are not over are judged anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from safepassage.agreement import clause as c
from safepassage.agreement.by_clause import Posts, left_of, perhaps_left, posts_at, stay_verdict
from safepassage.agreement.facts import ALLEGED, Fact, seen_there
from safepassage.agreement.heard import ANSWERS, OPENS, POSTS, Heard, Marked, order
from safepassage.agreement.scene import Scene
from safepassage.agreement.verdict import InstanceVerdict, Verdict
from safepassage.observation import Entry
from safepassage.values.ids import EntryId, ObserverId, PlaceId, VehicleId
from safepassage.values.times import Instant, Stretch


class Signed:
    """Who signed something at a place, by observer: kept as it comes, looked at only of those who ever took a post."""

    def __init__(self) -> None:
        self._came: defaultdict[ObserverId, list[Entry]] = defaultdict(list)
        self._went: defaultdict[ObserverId, Counter[EntryId]] = defaultdict(Counter)
        """Forms that no longer hold, by entry: the earliest of those that came; taken out when somebody looks."""
        self.fresh: set[ObserverId] = set()
        """Observers of whom something was heard since this was last emptied, of those in `asked`."""
        self.asked: set[ObserverId] = set()

    def move(self, entry: Entry, into: bool) -> None:
        by = entry.observation.by
        if into:
            self._came[by].append(entry)
        else:
            self._went[by][entry.id] += 1
        if by in self.asked:
            self.fresh.add(by)

    def facts(self, observer: ObserverId) -> list[Fact]:
        """In no order."""
        went = self._went.pop(observer, None)
        if went:
            self._came[observer] = [entry for entry in self._came[observer] if not _gone(entry, went)]
        return [seen_there(entry) for entry in self._came.get(observer, ())]


def _gone(entry: Entry, went: Counter[EntryId]) -> bool:
    """Whether this form is one of those that went; it is then counted off."""
    gone = went[entry.id] > 0
    went[entry.id] -= gone
    return gone


class Stays:
    """One presence clause."""

    def __init__(self, clause: c.Clause, shape: c.Presence, heard: Sequence[tuple[int, Heard]], signed: Signed) -> None:
        self.clause, self._shape, self._signed = clause, shape, signed
        by_part = {part: [one for mine, one in heard if mine == part] for part in (OPENS, ANSWERS, POSTS)}
        (self._enters,), (self._leaves,), self._posts = by_part[OPENS], by_part[ANSWERS], by_part[POSTS]
        self._marked: Marked = {"": None}
        self._known: dict[PlaceId | None, Posts] = {}
        self._told: list[Fact] = []
        self._judged: dict[EntryId, InstanceVerdict] = {}
        self._stays: dict[EntryId, tuple[Fact, Fact | None, Instant | None]] = {}
        """Who entered, when it left, and when it is first alleged to have left."""
        self._open: list[Fact] = []
        self._vehicles: set[VehicleId | None] = set()
        """Whose stays are judged: what leaves without ever having come changes nothing."""
        for one in (self._enters, *self._posts):
            one.marks.append(self._marked)
        self._leaves.tellers.append(self._left)

    def _left(self, fact: Fact, into: bool) -> None:
        if fact.vehicle in self._vehicles:
            self._marked[""] = None

    def mark_all(self) -> None:
        self._marked[""] = None

    def mark_watched(self, watched: Stretch, into: bool) -> None:
        self.mark_all()

    def settle(self, scene: Scene) -> None:
        if not self._marked and not self._signed.fresh:
            for fact in self._open:  # time alone changes only what waited for a record of the post that did not come
                one = self._judged[fact.entry]
                if one.verdict is Verdict.PENDING and one.until is not None and one.until < scene.now:
                    self._judged[fact.entry] = self._stay(*self._stays[fact.entry], scene)
            return
        self._marked.clear()
        self._read_posts()
        self._judged.clear()
        self._stays.clear()
        self._open = []
        entered = [fact for fact in self._enters.by_key.get("", ()) if fact.at >= scene.opened]
        self._vehicles = {fact.vehicle for fact in entered}
        leaves: defaultdict[VehicleId | None, list[Fact]] = defaultdict(list)
        for fact in self._leaves.by_key.get("", ()):
            if fact.vehicle in self._vehicles:
                leaves[fact.vehicle].append(fact)
        for fact in entered:
            left = left_of(fact, leaves[fact.vehicle])
            self._stays[fact.entry] = fact, left, perhaps_left(fact, leaves[fact.vehicle])
            self._judged[fact.entry] = self._stay(*self._stays[fact.entry], scene)
            if left is None:
                self._open.append(fact)

    def _read_posts(self) -> None:
        """From all records of those who ever took a post, and what was closed or told of one."""
        observers = {ObserverId(key) for one in self._posts for key in one.by_key}
        self._signed.asked |= observers
        said = (fact for one in self._posts for facts in one.by_key.values() for fact in facts)
        records = sorted((*said, *(fact for observer in observers for fact in self._signed.facts(observer))), key=order)
        places = {fact.place for fact in self._enters.by_key.get("", ())}
        self._known = {place: posts_at(records, place) for place in places}
        self._told = [fact for fact in records if fact.standing == ALLEGED]

    def _stay(self, entered: Fact, left: Fact | None, perhaps: Instant | None, scene: Scene) -> InstanceVerdict:
        return stay_verdict(self._shape, entered, left, perhaps, self._known[entered.place], self._told, scene)

    def instances(self) -> Iterable[InstanceVerdict]:
        return self._judged.values()

    def reasons(self, ones: Sequence[InstanceVerdict], scene: Scene) -> list[InstanceVerdict]:
        return [self._stay(*self._stays[one.opened_by], scene) for one in ones if one.opened_by is not None]
