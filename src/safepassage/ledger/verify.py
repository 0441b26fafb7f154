"""The plain check of a whole ledger, from its bytes and public keys alone; the clever `ledger` must never pass what this refuses.

It shows what is proved, and says what is not. It trusts no index, no id and no earlier check; only the log's key comes from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from safepassage.errors import CANNOT_VERIFY, InputError, Problem, Refusal, Where, problem
from safepassage.ledger.chains import Chain, Chains
from safepassage.ledger.envelope import Envelope, check_signature, read
from safepassage.ledger.keys import VerifyKey, parse_vkey
from safepassage.ledger.merkle import Tree, leaf_hash
from safepassage.ledger.store import Row
from safepassage.ledger.treehead import open_head
from safepassage.values.ids import DeviceId

Enrolments = Callable[[bytes], Sequence[tuple[DeviceId, str]]]
"""The devices and vkeys that a payload enrols; given by whoever knows the observations' kinds."""
Progress = Callable[[int], None]
"""Called with the number of entries done, now and then."""
MOST_PROBLEMS = 100
_OFTEN = 1000


class Verification(msgspec.Struct, frozen=True):
    """What is proved, in counts, and what is not.

    `good` entries stand before the first fault. `heads` signed tree heads were given and fit. Inside the envelopes, `quoted`
    tree heads are of this log at some size; `elsewhere` are not (another hub's, or a split view). `enrolled_again` counts
    enrolments of a device that has another key already: the first stands. Chains are shown, not judged.
    """

    entries: int
    good: int
    signatures: int
    devices: int
    enrolled_again: int
    heads: int
    quoted: int
    elsewhere: int
    root: bytes
    chains: tuple[Chain, ...]
    problems: tuple[Problem, ...]
    """At most MOST_PROBLEMS."""
    faults: int

    @property
    def proved(self) -> bool:
        """Every entry is whole, signed by an enrolled device, once, and all of it is under a tree head that the log signed."""
        return self.faults == 0


def verify(
    rows: Iterable[Row],
    heads: Sequence[bytes],
    log_key: VerifyKey,
    origin: str,
    enrolments: Enrolments,
    progress: Progress | None = None,
) -> Verification:
    """Structure, ids, order, every signature, device chains, and the root against every signed tree head."""
    check = _Check(enrolments)
    for row in _reported(rows, progress):
        check.entry(row)
    sizes = [check.head(data, log_key, origin) for data in heads]
    covered = max(sizes, default=0)
    if 0 <= covered < check.size:  # one that does not fit has said so itself
        check.fault(f"no signed tree head covers the {check.size} entries that are here", covered)
    return check.result(sum(size >= 0 for size in sizes))


class _Check:
    """What is known so far."""

    def __init__(self, enrolments: Enrolments) -> None:
        self.size = 0
        self._enrolments = enrolments
        self._tree, self._chains = Tree(), Chains()
        self._keys: dict[DeviceId, VerifyKey] = {}
        self._seen: set[str] = set()
        self._quoted: set[tuple[int, str]] = set()
        self._quotes: list[tuple[int, str]] = []
        self._problems: list[Problem] = []
        self._faults = self._signatures = self._again = self._newest = 0
        self._good: int | None = None

    def entry(self, row: Row) -> None:
        """One entry: its place, form, id, time, signature; then what it enrols counts for those after it."""
        if row.index != self.size:
            self.fault(f"entry {self.size} is missing; the next is {row.index}", self.size)
            self.size = row.index
        self.size += 1
        self._tree.append(leaf_hash(row.envelope))
        envelope = read(row.envelope)
        if isinstance(envelope, Refusal):
            self.fault(f"entry {row.index}: {envelope.problem.what}", row.index)
            return
        self._place(row, envelope)
        self._signed(row, envelope)

    def head(self, data: bytes, key: VerifyKey, origin: str) -> int:
        """The size of a signed tree head that fits; -1 if it does not."""
        head = open_head(data, key, origin)
        if isinstance(head, Refusal):
            self.fault(f"a tree head: {head.problem.what}", 0)
        elif head.size > len(self._tree):
            self.fault(f"the tree head signs {head.size} entries, {len(self._tree)} are here", len(self._tree))
        elif self._tree.root(head.size) != head.root:
            self.fault(f"the tree head of size {head.size} has another root than the entries", 0)
        else:
            return head.size
        return -1

    def fault(self, reason: str, index: int) -> None:
        """An entry is good while no fault is at it or before it."""
        self._good = index if self._good is None else min(self._good, index)
        self._faults += 1
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(
                problem(
                    CANNOT_VERIFY,
                    Where(field=f"entry {index}"),
                    reason=reason,
                    good=index - 1 if index else "the opening, which is bad itself",
                )
            )

    def result(self, heads: int) -> Verification:
        here = [size <= len(self._tree) and self._tree.root(size).hex() == root for size, root in self._quotes]
        return Verification(
            entries=len(self._tree),
            good=len(self._tree) if self._good is None else self._good,
            signatures=self._signatures,
            devices=len(self._keys),
            enrolled_again=self._again,
            heads=heads,
            quoted=sum(here),
            elsewhere=len(here) - sum(here),
            root=self._tree.root(),
            chains=tuple(self._chains.summary()),
            problems=tuple(self._problems),
            faults=self._faults,
        )

    def _place(self, row: Row, envelope: Envelope) -> None:
        if envelope.id != row.id:
            self.fault(f"entry {row.index} is filed under another id than its content's", row.index)
        if envelope.id in self._seen:
            self.fault(f"entry {row.index} is there twice", row.index)
        if row.logged_at < self._newest:
            self.fault(f"entry {row.index} was logged before the one before it", row.index)
        self._seen.add(envelope.id)
        self._newest = max(self._newest, row.logged_at)

    def _signed(self, row: Row, envelope: Envelope) -> None:
        """The opening (entry 0) brings the key that signed it; every other key was enrolled by an entry before."""
        header = envelope.header
        if row.index == 0:
            self._learn(row, envelope)
        key = self._keys.get(header.device)
        if key is None:
            self.fault(f"entry {row.index}: device {header.device} was not enrolled before it", row.index)
            return
        if check_signature(envelope, key) is not None:
            self.fault(f"entry {row.index}: the signature of device {header.device} does not fit", row.index)
            return
        self._signatures += 1
        self._chains.add(header, envelope.digest)
        self._quote(header.tree_size, header.tree_root)
        if row.index:
            self._learn(row, envelope)

    def _quote(self, size: int, root: str) -> None:
        if size and (size, root) not in self._quoted:
            self._quoted.add((size, root))
            self._quotes.append((size, root))

    def _learn(self, row: Row, envelope: Envelope) -> None:
        """The first key of a device stands; a device of a new epoch has a new name."""
        for device, vkey in self._enrolments(envelope.payload):
            try:
                key = parse_vkey(vkey)
            except InputError as error:
                self.fault(f"entry {row.index} enrols {device}: {error.problem.what}", row.index)
                continue
            known = self._keys.setdefault(device, key)
            self._again += known != key


def _reported(rows: Iterable[Row], progress: Progress | None) -> Iterator[Row]:
    done = 0
    for row in rows:
        yield row
        done += 1
        if progress and done % _OFTEN == 0:
            progress(done)
    if progress and done % _OFTEN:
        progress(done)
