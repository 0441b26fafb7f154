"""What cosigners attest, as the pages show it: who vouches for how much, since when each entry is vouched for, and splits that were seen.

Read from the folder, and kept until something in it changes: `gather` may run beside the server.
"""

from __future__ import annotations

from pathlib import Path

from safepassage.disclosure.log import CosignedView, CosignerView, NotAfter
from safepassage.errors import InputError
from safepassage.hub.cosigning import Vouched, cosigned, policy_of, splits, vouchings
from safepassage.hub.folder import Folder
from safepassage.stores.cosigned import ATTESTED, COSIGNED, SPLIT
from safepassage.values.times import SECOND, Instant


class Attested:
    """One folder's cosignatures. Nothing here appends or signs."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._stamp: tuple[int, ...] | None = None
        self._vouched: list[Vouched] = []
        self._view: CosignedView | None = None

    def view(self) -> CosignedView | None:
        """None where no policy says who cosigns, and no split was seen."""
        self._refresh()
        return self._view

    def not_after(self, index: int) -> NotAfter | None:
        """The earliest time at which a cosigner of the policy vouched for a tree that holds this entry."""
        self._refresh()
        covering = [each for each in self._vouched if each.size > index]
        first = min(covering, key=lambda each: (each.seconds, each.name), default=None)
        return None if first is None else NotAfter(Instant(first.seconds * SECOND), first.name, first.size)

    def not_after_each(self, count: int, known_at: Instant) -> list[Instant | None]:
        """The same of the first `count` entries, by what cosigners had said by an instant."""
        self._refresh()
        said = sorted((each.size, Instant(each.seconds * SECOND)) for each in self._vouched)
        known = [(size, at) for size, at in said if at <= known_at]
        first, found = None, list[Instant | None]()
        for index in range(count - 1, -1, -1):
            while known and known[-1][0] > index:
                _, at = known.pop()
                first = at if first is None else min(first, at)
            found.append(first)
        return found[::-1]

    def _refresh(self) -> None:
        stamp = tuple(_changed(self._folder.path / name) for name in (COSIGNED, ATTESTED, SPLIT, "policy"))
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            policy = policy_of(self._folder)
        except InputError:  # `serve` has said so; the page shows that nobody is known to vouch
            policy = None
        proofs = tuple(path.name for path in splits(self._folder))
        self._vouched = vouchings(self._folder, policy) if policy else []
        found = cosigned(self._folder, policy) if policy else None
        shown = tuple(CosignerView(v.name, v.size, Instant(v.seconds * SECOND), v.counts) for v in found.cosigners) if found else ()
        self._view = CosignedView(found.covered if found else 0, shown, proofs) if found or proofs else None


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
