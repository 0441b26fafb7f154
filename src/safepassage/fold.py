"""What a fold is, exactly: a pure function of the set of observations, whatever the order in which they were heard.

`replay` is the definition. A fast engine keeps the same answers with four methods (`add`, `settle`, `answer`, `why`) and is
fed by `Feed`, which knows what corrections, withdrawals, confirmations and revocations make of earlier entries: each arrival
becomes a few `Change`s, old form out, new form in, so that a late report takes the same path as the first.
"""

from __future__ import annotations

import heapq
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from safepassage.observation import KINDS, Entry
from safepassage.observation.amend import Confirmed, Corrected, Withdrawn
from safepassage.observation.setting import DeviceRevoked
from safepassage.values.ids import DeviceId, EntryId
from safepassage.values.times import Instant

S = TypeVar("S")


class Fold(Protocol[S]):
    """The definition of one state: where it starts, and what one entry makes of it."""

    def start(self) -> S: ...
    def step(self, state: S, entry: Entry) -> S: ...


_RULES = frozenset({Corrected, Withdrawn, Confirmed, DeviceRevoked})
"""Kinds that change what becomes of other entries."""


def order(entry: Entry) -> tuple[Instant, EntryId]:
    """By when it was seen, then by content: never by when it was heard."""
    return entry.observation.seen_at, entry.id


def replay(fold: Fold[S], entries: Iterable[Entry], now: Instant) -> S:
    """The definition of a fold: every other way of keeping a state must equal this one."""
    state = fold.start()
    for entry in in_force(entries, now):
        state = fold.step(state, entry)
    return state


def in_force(entries: Iterable[Entry], now: Instant) -> list[Entry]:
    """What counts at `now`: each observation once, in its amended form, in order; what is from the future is held aside."""
    once = {entry.id: entry for entry in entries if entry.observation.seen_at <= now}
    amended = (_amended(entry, once) for entry in once.values())
    return sorted((entry for entry in amended if entry is not None), key=order)


def _amended(entry: Entry, once: dict[EntryId, Entry]) -> Entry | None:
    """The entry as later entries leave it: the obvious way, over all of them."""
    live = [other for other in once.values() if not _revoked(other, once.values())]
    return _ruled(entry, [other for other in live if _about(other) == entry.id]) if entry in live else None


def _revoked(entry: Entry, others: Iterable[Entry]) -> bool:
    return any(
        isinstance(what := other.observation.what, DeviceRevoked) and what.device == entry.device and entry.sequence > what.last_good
        for other in others
    )


def _about(entry: Entry) -> EntryId | None:
    """The earlier entry that this one amends."""
    match entry.observation.what:
        case Corrected(about) | Withdrawn(about) | Confirmed(about):
            return about
        case _:
            return None


def _ruled(entry: Entry, amendments: Iterable[Entry]) -> Entry | None:
    """The last correction by its own signer stands; a withdrawal by its own signer ends it; anybody in the field may confirm."""
    seen = entry.observation
    for amendment in sorted(amendments, key=order):
        said = amendment.observation
        match said.what:
            case Withdrawn() if said.by == entry.observation.by:
                return None
            case Corrected(_, instead) if said.by == entry.observation.by:
                seen = replace(seen, what=instead)
            case Confirmed() if said.told_by is None:
                seen = replace(seen, told_by=None)
            case _:
                pass
    if seen is entry.observation:
        return entry
    return replace(entry, observation=seen, hearsay=entry.observation.told_by is not None and seen.told_by is None)


class Change(msgspec.Struct, frozen=True):
    """One entry's form in force: `out` no longer counts, `into` counts from now on."""

    out: Entry | None
    into: Entry | None


class Feed:
    """Keeps which form of which entry is in force, as entries arrive in any order; equal to `in_force` (law)."""

    def __init__(self) -> None:
        self._entries: dict[EntryId, Entry] = {}
        self._altered: dict[EntryId, Entry | None] = {}
        """The form in force where it is not the one that was signed; None: no form is."""
        self._about: dict[EntryId, list[Entry]] = {}
        self._by_device: defaultdict[DeviceId, list[Entry]] = defaultdict(list)
        self._revocations: dict[DeviceId, list[Entry]] = {}
        self._last_good: dict[DeviceId, int] = {}
        self._held: list[tuple[Instant, EntryId, Entry]] = []

    def add(self, entry: Entry, now: Instant) -> list[Change]:
        """What this entry changes at `now`; nothing where it is known already, or seen in the future."""
        if entry.id in self._entries or (self._held and any(held.id == entry.id for _, _, held in self._held)):
            return []
        if entry.observation.seen_at > now:
            heapq.heappush(self._held, (*order(entry), entry))
            return []
        return self._take(entry)

    def settle(self, now: Instant) -> list[Change]:
        """What time itself changes: entries held aside whose own time has come."""
        changes: list[Change] = []
        while self._held and self._held[0][0] <= now:
            changes += self._take(heapq.heappop(self._held)[2])
        return changes

    @property
    def held(self) -> list[Entry]:
        """Entries seen later than now, held aside; their devices' clocks are to be checked."""
        return [entry for _, _, entry in sorted(self._held)]

    @property
    def unbelieved(self) -> list[Entry]:
        """Entries of devices that were revoked before them: in the ledger, in no fold, in order."""
        late = (entry for device in self._last_good for entry in self._by_device[device] if not self._believed(entry))
        return sorted(late, key=order)

    def form_at(self, id: EntryId, size: int, now: Instant) -> Entry | None:
        """The form in force at `now` of an entry when the ledger had `size` entries; None: none was, or it was not heard yet."""
        entry = self._entries.get(id)

        def heard(other: Entry) -> bool:
            return other.index < size and other.observation.seen_at <= now

        def believed(other: Entry) -> bool:
            revoked = (r.observation.what for r in self._revocations.get(other.device, ()) if heard(r))
            return heard(other) and not any(isinstance(what, DeviceRevoked) and other.sequence > what.last_good for what in revoked)

        return _ruled(entry, filter(believed, self._about.get(id, ()))) if entry is not None and believed(entry) else None

    def ids(self) -> Iterable[EntryId]:
        """Of everything that is not held aside."""
        return self._entries.keys()

    def raw(self, id: EntryId) -> Entry | None:
        """The entry as it was signed, amended or not."""
        return self._entries.get(id)

    def amendments(self, id: EntryId) -> list[Entry]:
        """What corrects, confirms or withdraws an entry, in order, whether believed or not."""
        return sorted(self._about.get(id, []), key=order)

    def _take(self, entry: Entry) -> list[Change]:
        self._by_device[entry.device].append(entry)
        if type(entry.observation.what) not in _RULES and entry.id not in self._about and entry.device not in self._last_good:
            self._entries[entry.id] = entry
            return [Change(None, entry)]
        self._altered[entry.id] = None  # until it is ruled on
        self._entries[entry.id] = entry
        touched = [entry.id]
        about = _about(entry)
        if about is not None:
            self._about.setdefault(about, []).append(entry)
            touched.append(about)
        if isinstance(what := entry.observation.what, DeviceRevoked):
            self._revocations.setdefault(what.device, []).append(entry)
            self._last_good[what.device] = min(what.last_good, self._last_good.get(what.device, what.last_good))
            touched += self._of_device(what.device)
        return [change for id in touched if (change := self._rule(id)) is not None]

    def _of_device(self, device: DeviceId) -> list[EntryId]:
        """The device's entries, and what they amended."""
        entries = self._by_device[device]
        return [entry.id for entry in entries] + [about for entry in entries if (about := _about(entry)) is not None]

    def _rule(self, id: EntryId) -> Change | None:
        entry = self._entries.get(id)
        if entry is None:
            return None
        before = self._altered.get(id, entry)
        after = _ruled(entry, filter(self._believed, self._about.get(id, ()))) if self._believed(entry) else None
        if after is entry:
            self._altered.pop(id, None)
        else:
            self._altered[id] = after
        return None if after == before else Change(before, after)

    def _believed(self, entry: Entry) -> bool:
        return entry.sequence <= self._last_good.get(entry.device, entry.sequence)


class Keeper(Protocol):
    """A state that is kept up form by form. `kinds`: those that it must be given; it is given no other."""

    @property
    def kinds(self) -> frozenset[type]: ...
    def put(self, entry: Entry) -> None: ...
    def drop(self, form: Entry) -> None: ...


class Keepers:
    """Several kept states: each is given the kinds that concern it, and nothing is asked of the others."""

    def __init__(self, *keepers: Keeper) -> None:
        self._by_kind = {kind: tuple(one for one in keepers if kind in one.kinds) for kind in KINDS}
        self.kinds = frozenset(kind for kind, concerned in self._by_kind.items() if concerned)

    def add(self, change: Change) -> None:
        """The old form out, the new form in."""
        if change.out is not None:
            self.drop(change.out)
        if change.into is not None:
            self.put(change.into)

    def put(self, entry: Entry) -> None:
        """A form that counts from now on."""
        for keeper in self._by_kind[type(entry.observation.what)]:
            keeper.put(entry)

    def drop(self, form: Entry) -> None:
        """A form that counts no longer."""
        for keeper in self._by_kind[type(form.observation.what)]:
            keeper.drop(form)


K = TypeVar("K")
A = TypeVar("A")
Form: TypeAlias = Callable[[EntryId], Entry | None]
"""Shows of an entry the form that counted at some time; None: none did, or it was not heard yet."""


class _Line(msgspec.Struct, gc=False):
    """One key's history. `newest`: when the last of them was seen; `stale`: its answer is to be made anew; `mixed`: they do not stand in
    order."""

    history: list[Entry]
    newest: Instant
    stale: bool = True
    mixed: bool = False


class Kept(Generic[K, A]):
    """Answers kept per key: each key has its own short history, and only the keys that a change touches are answered anew.

    `keys`: which keys an entry belongs to. `fold`: the answer of one key's history, in order: a pure function, so a late,
    doubled or shuffled report can give nothing but what `replay` gives. `kinds`: the kinds of which any belongs to a key.
    """

    def __init__(self, kinds: frozenset[type], keys: Callable[[Entry], Iterable[K]], fold: Callable[[K, list[Entry]], A]) -> None:
        self._keys, self._fold, self.kinds = keys, fold, kinds
        self._lines: dict[K, _Line] = {}
        self._gone: dict[K, set[EntryId]] = {}
        """Ids that once belonged to a key, in a form that counts no longer."""
        self._answers: dict[K, A] = {}
        self._stale: set[K] = set()

    def put(self, entry: Entry) -> None:
        """A form that counts from now on."""
        at = entry.observation.seen_at
        for key in self._keys(entry):
            line = self._lines.get(key)
            if line is None:
                self._lines[key] = _Line([entry], at)
                self._stale.add(key)
                continue
            if at > line.newest:
                line.newest = at
                line.history.append(entry)
            elif line.stale:
                line.mixed = True
                line.history.append(entry)
            else:
                insort(line.history, entry, key=order)
            if not line.stale:
                line.stale = True
                self._stale.add(key)

    def drop(self, form: Entry) -> None:
        """A form that counts no longer."""
        for key in self._keys(form):
            line = self._lines[key]
            line.history = [entry for entry in line.history if entry.id != form.id]
            self._gone.setdefault(key, set()).add(form.id)
            line.stale = True
            self._stale.add(key)

    def answer(self, key: K) -> A | None:
        """The answer of one key; no other key is answered anew for it."""
        line = self._lines.get(key)
        if line is not None and line.stale:
            self._settle(key, line)
        return self._answers.get(key)

    def answers(self) -> dict[K, A]:
        """The answer of every key that has a history."""
        for key in self._stale:
            if (line := self._lines[key]).stale:
                self._settle(key, line)
        self._stale.clear()
        return self._answers

    def _settle(self, key: K, line: _Line) -> None:
        line.stale = False
        if line.history:
            self._answers[key] = self._fold(key, _ordered(line))
        else:
            self._answers.pop(key, None)

    def why(self, key: K) -> list[Entry]:
        """The entries behind a key's answer, in order."""
        line = self._lines.get(key)
        return [] if line is None else list(_ordered(line))

    def every_key(self) -> Iterable[K]:
        """Every key that any form ever belonged to."""
        return self._lines.keys()

    def then(self, form: Form) -> Past[K, A]:
        """The same answers over the entries as `form` shows them."""
        return Past(self, form)

    def why_then(self, key: K, form: Form) -> list[Entry]:
        """A key's history as `form` shows each entry, in order. No other key is looked at."""
        ids = {*(entry.id for entry in self.why(key)), *self._gone.get(key, ())}
        forms = (known for id in ids if (known := form(id)) is not None)
        return sorted((known for known in forms if key in self._keys(known)), key=order)


class Past(Kept[K, A]):
    """Answers as they were: each key's own history is cut when somebody asks for it, and nothing is replayed. Nothing is added."""

    def __init__(self, now: Kept[K, A], form: Form) -> None:
        super().__init__(now.kinds, now._keys, now._fold)
        self._now, self._form = now, form
        self._made: dict[K, A | None] = {}
        self._all: dict[K, A] | None = None

    def put(self, entry: Entry) -> None:
        raise TypeError("what was is not added to")

    def drop(self, form: Entry) -> None:
        raise TypeError("what was is not taken from")

    def answer(self, key: K) -> A | None:
        if key not in self._made:
            history = self.why(key)
            self._made[key] = self._fold(key, history) if history else None
        return self._made[key]

    def answers(self) -> dict[K, A]:
        if self._all is None:
            self._all = {key: answer for key in self._now.every_key() if (answer := self.answer(key)) is not None}
        return self._all

    def why(self, key: K) -> list[Entry]:
        return self._now.why_then(key, self._form)

    def every_key(self) -> Iterable[K]:
        return self._now.every_key()


def _ordered(line: _Line) -> list[Entry]:
    """A key's history, put in order where entries came out of it."""
    if line.mixed:
        line.history.sort(key=order)
        line.mixed = False
    return line.history
