"""Before a command signs: cosigners are asked whether they saw more than is here, since whoever goes on from a restored older copy
would begin a second history."""

from __future__ import annotations

import sys

from safepassage.hub import Folder, Hub
from safepassage.hub.clock import wall_clock
from safepassage.hub.cosigning import policy_of
from safepassage.hub.folder import LOG
from safepassage.hub.offering import Asked, newest_copy

HASTE = 4
"""Seconds for which a command waits for a cosigner's answer: somebody stands before it."""


def hub_to_sign(folder: Folder) -> Hub:
    """The folder's hub, opened for signing once no neutral cosigner contradicts it. Nobody is asked where no cosigner's address is
    known, or no log key is here.

    Raises
    ------
    LedgerAtRisk
        As `newest_copy`: nothing was signed.
    """
    policy = policy_of(folder) if folder.keys.has(LOG) else None
    if policy is not None and policy.urls:
        unsure = [asked for asked in newest_copy(folder, policy, HASTE) if asked.reason]
        if unsure:
            print(_words(unsure), file=sys.stderr)
    return Hub(folder, wall_clock)


def _words(unsure: list[Asked]) -> str:
    said = "; ".join(f"{asked.name}: {' '.join(asked.reason.split())}" for asked in unsure)
    return f"going on, though not every cosigner said that this is the newest copy: {said}"
