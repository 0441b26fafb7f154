"""Offering tree heads over HTTP: to every cosigner of the policy that has an address, at fixed times, and once before anything is signed.

At fixed times, since growth reveals activity: whoever watches the line learns the clock, and nothing of the road.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec

from safepassage.errors import STORE_DAMAGED, InputError, TryAgain, stop
from safepassage.hub.cosigning import Vouched, gather, last_note, last_size, offer
from safepassage.hub.folder import Folder
from safepassage.ledger.cosign import Request, last_of, parse_request, render_request
from safepassage.ledger.policy import Policy
from safepassage.sync.cosigners import PATIENCE, ask
from safepassage.values.times import SECOND, Instant

EVERY = 3600
"""Seconds between two offers, counted from the epoch: with 3600 at each full hour of UTC."""


class Asked(msgspec.Struct, frozen=True):
    """What one cosigner answered: what it vouches for, or why it does not."""

    name: str
    vouched: tuple[Vouched, ...] = ()
    reason: str = ""


def offer_all(folder: Folder, policy: Policy, only: str | None = None) -> list[Asked]:
    """Every cosigner with an address is asked, and what each answers is kept.

    Raises
    ------
    LedgerAtRisk
        STORE_DAMAGED: a neutral cosigner saw a larger tree, or another, than the entries that are here.
    """
    return _each(_offer, folder, policy, [name for name in policy.urls if only in (None, name)], PATIENCE)


def newest_copy(folder: Folder, policy: Policy, patience: int = PATIENCE) -> list[Asked]:
    """Ask every cosigner, before anything is signed, whether it saw a larger tree than is here. It is shown the tree head that it
    cosigned last, so it learns nothing new. `patience`: seconds for which each answer is waited for.

    Raises
    ------
    LedgerAtRisk
        STORE_DAMAGED: a neutral one did. This folder is an older copy, and a second history would begin. What a side's cosigner
        says is shown and stops nothing, so that no party can veto the log.
    """
    return _each(_confirm, folder, policy, list(policy.urls), patience)


def next_offer(now: Instant, every: int) -> int:
    """Milliseconds from now to the next of the fixed times."""
    return every * SECOND - now % (every * SECOND)


# The parts.
def _each(run: Callable[[Folder, Policy, str, int], Asked], folder: Folder, policy: Policy, names: list[str], patience: int) -> list[Asked]:
    """Side by side: one that does not answer keeps nobody waiting."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(lambda name: run(folder, policy, name, patience), names))


def _offer(folder: Folder, policy: Policy, name: str, patience: int) -> Asked:
    """Where it cosigned another size last than we know, it says so, and is asked again."""
    old, code, body = last_size(folder, policy, name), 0, b""
    for _ in range(2):
        if old > _size(folder):
            return _contradicted(folder, policy, name, f"a tree of {old} entries was cosigned by {name} that is not here")
        request = offer(folder, old)
        code, body = ask(policy.urls[name], request, patience)
        if code != 409 or not body.strip().isdigit():
            break
        old = int(body)
    if code == 200:
        return _gathered(folder, policy, name, getattr(parse_request(request), "head", b"") + body)
    if code == 422:
        return _contradicted(folder, policy, name, f"these entries do not continue the tree of {old} entries that {name} cosigned")
    return Asked(name, reason=_words(code, body))


def _gathered(folder: Folder, policy: Policy, name: str, answer: bytes) -> Asked:
    try:
        return Asked(name, tuple(gather(folder, answer, policy)))
    except (InputError, TryAgain) as wrong:  # whatever it answered is no cosignature, or cannot be kept now
        return Asked(name, reason=wrong.problem.what)


def _confirm(folder: Folder, policy: Policy, name: str, patience: int) -> Asked:
    note = last_note(folder, policy, name)
    last = last_of(note)
    if note is None or last is None:
        return _offer(folder, policy, name, patience)
    code, body = ask(policy.urls[name], render_request(Request(last.size, (), note)), patience)
    if code == 409:  # it cosigned another size since
        return _offer(folder, policy, name, patience)
    return Asked(name, reason="" if code == 200 else _words(code, body))


def _contradicted(folder: Folder, policy: Policy, name: str, reason: str) -> Asked:
    if policy.required(name):
        stop(STORE_DAMAGED, reason=reason, folder=folder.path)
    return Asked(name, reason=reason)


def _size(folder: Folder) -> int:
    ledger = folder.ledger(writer=False)
    try:
        return ledger.head.size
    finally:
        ledger.close()


def _words(code: int, body: bytes) -> str:
    return f"{code or 'no answer'} {body.decode('utf-8', 'replace').strip()}"
