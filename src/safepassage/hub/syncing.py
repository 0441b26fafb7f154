"""Two hubs over a network: hear what the other has, then give what it lacks, then see what its tree head covers.

The other side of it: a hub answers hubs alone, since what it tells is the ledger itself. Who asks signs a challenge with the key
of an enrolled hub's device; one that was revoked is not answered any more.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from functools import partial

import msgspec

from safepassage.errors import Refusal
from safepassage.hub.carrying import Taken, frontier_of, lacking, take
from safepassage.hub.hub import Hub
from safepassage.ledger import note
from safepassage.sync.folding import batches
from safepassage.sync.http import Peer, shown_ticket, ticket
from safepassage.values.people import Role

Here = Callable[[Callable[[], Taken]], Taken]
FRESH = 300_000
"""Milliseconds: a challenge is good for one to two of these."""


class Synced(msgspec.Struct, frozen=True):
    """What was heard from the other, what it made of ours, and how many of ours its tree head does not cover at the end."""

    heard: Taken
    given: Taken
    left: int


def peer_of(hub: Hub, address: str) -> Peer:
    """The hub at this address, asked in the name of this one.

    Raises
    ------
    InputError
        NO_KEY: this hub's own key is not on this machine.
    """
    signer = hub.folder.keys.signer(hub.folder.about.hub)
    return Peer(address, hub.folder.about.deployment, lambda text: note.sign(text, [signer]))


def sync(hub: Hub, peer: Peer, here: Here = lambda work: work()) -> Synced:
    """Hear, then give: whoever heard first gives nothing in vain. Stopped anywhere, it goes on when it is called again.

    `here` runs what appends, where that must happen on another thread than this one.

    Raises
    ------
    TryAgain, InputError
        As `Peer`. What was heard until then is in the ledger.
    """
    deployment = hub.folder.about.deployment
    heard = given = Taken()
    for batch in batches(peer.lacking(frontier_of(hub.ledger, deployment))):
        heard += here(partial(take, hub, batch))
    for batch in batches(lacking(hub.ledger, peer.frontier())):
        given += msgspec.json.decode(peer.give(batch), type=Taken)
    left = sum(1 for _ in lacking(hub.ledger, peer.frontier()))
    return Synced(heard, given, left)


class Admission:
    """Challenges, and who answered one rightly. Nothing is kept: a challenge follows from a secret of this process and the time."""

    def __init__(self, hub: Hub) -> None:
        self._hub, self._secret = hub, secrets.token_bytes(32)

    def challenge(self) -> str:
        return self._challenge(self._hub.clock() // FRESH)

    def wrong(self, header: str, asked: str, body: bytes) -> str:
        """Why this request is not answered; empty where an enrolled hub signed it just now."""
        signed = shown_ticket(header)
        parsed = note.parse(signed) if signed is not None else None
        if signed is None or parsed is None or isinstance(parsed, Refusal):
            return "it is not signed"
        now = self._hub.clock() // FRESH
        good = [ticket(self._hub.folder.origin, asked, self._challenge(then), body) for then in (now, now - 1)]
        if not any(hmac.compare_digest(parsed.text, each) for each in good):
            return "it answers no challenge of the last minutes"
        keys = self._hub.door.keys_of(Role.HUB)
        opened = note.open_note(signed, keys)
        return opened.problem.what if isinstance(opened, Refusal) else ""

    def _challenge(self, then: int) -> str:
        return hmac.new(self._secret, str(then).encode(), hashlib.sha256).hexdigest()
