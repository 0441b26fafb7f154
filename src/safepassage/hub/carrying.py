"""What is carried between hubs, and what a hub makes of it. Everything enters by `Hub.receive_all`, the same door as a phone's.

Carried is not delivered: nothing is remembered of what was sent. What the other lacks is told anew each time from its frontier, which
speaks of what is under its tree head; so whatever was lost on the way, or with the other's disk, is carried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from safepassage.errors import NOT_ENROLLED, QUARANTINE_FULL, STORE_DAMAGED, Problem, Refusal, stop
from safepassage.hub.hub import Hub
from safepassage.ledger.envelope import header_of
from safepassage.ledger.frontier import Frontier, Link, link_of, strands, uncovered
from safepassage.ledger.ledger import Ledger, Receipt
from safepassage.values.ids import DeploymentId, EntryId

TOGETHER = 200
"""Envelopes that are received under one wait for the disk."""
_WAITS = (NOT_ENROLLED.number, QUARANTINE_FULL.number)


class Taken(msgspec.Struct, frozen=True):
    """What became of carried envelopes. The ledger grew by `fresh` entries, those counted that had waited before; `known` were
    there; `waiting` are kept until their device is enrolled here; of those `refused` the reason is given."""

    fresh: int = 0
    known: int = 0
    waiting: int = 0
    refused: tuple[Problem, ...] = ()

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.fresh + other.fresh, self.known + other.known, self.waiting + other.waiting, (*self.refused, *other.refused))


class Held(msgspec.Struct, frozen=True):
    """An envelope of a device that is here, by its number and digest, with the receipt that its phone may have missed."""

    sequence: int
    digest: str
    receipt: Receipt


def frontier_of(ledger: Ledger, deployment: DeploymentId) -> Frontier:
    """What this ledger has under its tree head."""
    return Frontier(deployment, ledger.origin, ledger.head.size, strands(link for _, link in _links(ledger)))


def lacking(ledger: Ledger, theirs: Frontier) -> Iterator[bytes]:
    """The envelopes under our tree head that the other's frontier does not show to be there, in the order of our log."""
    ours = list(_links(ledger))
    wanted = uncovered([link for _, link in ours], theirs)
    for index in [index for index, link in ours if link.digest in wanted]:
        (row,) = ledger.read(index, index + 1)
        yield row.envelope


def strand_from(ledger: Ledger, id: EntryId, digest: str, most: int) -> list[Held]:
    """At most `most` envelopes under our tree head, from the one of this content and digest on, each of which names the one before.

    Empty where that one is not here: the digest of a signed envelope is known to whoever has it, so nobody learns of another's.
    """
    receipt = ledger.known_id(id)
    found: list[Held] = []
    for index, link in _links(ledger, receipt.index) if receipt is not None else ():
        if link.digest != digest and not found:
            return []
        if not found or (link.previous == found[-1].digest and link.sequence == found[-1].sequence + 1):
            found.append(_held(ledger, index, link))
        if len(found) == most:
            break
    return found


def take(hub: Hub, envelopes: Iterable[bytes]) -> Taken:
    """Receive what was carried here, in its order; what was taken is in the ledger, whatever happens to the rest.

    Raises
    ------
    TryAgain, LedgerAtRisk
        As `Hub.receive`; what came before is there, and carrying it again changes nothing.
    """
    taken = Taken()
    rest = iter(envelopes)
    while batch := list(islice(rest, TOGETHER)):
        before = hub.ledger.size
        answers = hub.receive_all(batch)
        known = sum(isinstance(answer, Receipt) and answer.index < before for answer in answers)
        problems = [answer.problem for answer in answers if isinstance(answer, Refusal)]
        waiting = [each for each in problems if each.number in _WAITS]
        taken += Taken(hub.ledger.size - before, known, len(waiting), tuple(each for each in problems if each not in waiting))
    return taken


# The parts.
def _held(ledger: Ledger, index: int, link: Link) -> Held:
    (row,) = ledger.read(index, index + 1)
    return Held(link.sequence, link.digest, Receipt(row.id, index, row.logged_at, ledger.head.size))


def _links(ledger: Ledger, start: int = 0) -> Iterator[tuple[int, Link]]:
    for row in ledger.read(start, ledger.head.size):
        header = header_of(row.envelope)
        if header is None:
            stop(STORE_DAMAGED, reason=f"entry {row.index} is no envelope", folder="the ledger")
        yield row.index, link_of(header, hashlib.sha256(row.envelope).hexdigest())
