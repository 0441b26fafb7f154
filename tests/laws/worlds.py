"""A generated world beside what follows from what its devices delivered: the yardstick of every bound."""

from __future__ import annotations

from collections import defaultdict

from safepassage.fold import Feed
from safepassage.observation import Entry
from safepassage.observation.people import Boarded
from safepassage.simulate.actors import USUAL, Act, Deed, Spoilers, act
from safepassage.simulate.devices import USUAL as BADLY
from safepassage.simulate.devices import Flaws, Heard, entries_of, watch
from safepassage.simulate.world import Ground, make_ground
from safepassage.values.ids import EntryId, VehicleId
from safepassage.values.times import Instant
from safepassage.whereabouts import Whereabouts

FAR = Instant(2_000_000_000_000)
OUT = {Act.TAKE, Act.ALIGHT, Act.HAND, Act.SWAP, Act.DIE, Act.WALK}


class Rehearsal:
    """One seed, from the ground to the folds; `deed_of`: the deed behind an entry."""

    def __init__(self, persons: int, seed: int, flaws: Flaws = BADLY, spoilers: Spoilers = USUAL) -> None:
        self.ground: Ground = make_ground(persons, seed)
        self.deeds: list[Deed] = act(self.ground, seed, spoilers)
        self.heard: list[Heard] = watch(self.ground, self.deeds, seed, flaws)
        self.entries: list[Entry] = entries_of(self.heard)
        self.whereabouts = fold(self.ground, self.entries)
        by_key = {(one.device, one.sequence): one.deed for one in self.heard}
        self.deed_of: dict[EntryId, int] = {entry.id: by_key[entry.device, entry.sequence] for entry in self.entries}
        self.recorded: defaultdict[int, list[Entry]] = defaultdict(list)
        for entry in {entry.id: entry for entry in self.entries}.values():
            self.recorded[self.deed_of[entry.id]].append(entry)

    def off_unseen(self, vehicle: VehicleId, after: int, until: int) -> int:
        """Heads who really got off between two deeds and whose getting off no delivered entry records."""
        return sum(
            len(deed.people)
            for number, deed in self._between(after, until)
            if deed.vehicle == vehicle and deed.act in OUT and not self.recorded[number]
        )

    def on_unseen(self, vehicle: VehicleId, after: int, until: int) -> int:
        """Heads who really got on between two deeds, less those whose getting on is recorded."""
        found = 0
        for number, deed in self._between(after, until):
            if (deed.act is Act.SWAP and deed.to == vehicle) or (deed.act is Act.BEAR and deed.vehicle == vehicle):
                found += 0 if self.recorded[number] else len(deed.people)
            elif deed.act is Act.BOARD and deed.vehicle == vehicle:
                read = {code for e in self.recorded[number] if isinstance(w := e.observation.what, Boarded) for code in w.persons}
                found += len(deed.people) - len(read)
        return found

    def _between(self, after: int, until: int) -> list[tuple[int, Deed]]:
        return [(number, self.deeds[number]) for number in range(after + 1, until + 1)]


def fold(ground: Ground, entries: list[Entry]) -> Whereabouts:
    feed, folds = Feed(), Whereabouts(ground.world)
    for entry in entries:
        for change in feed.add(entry, FAR):
            folds.add(change)
    return folds
