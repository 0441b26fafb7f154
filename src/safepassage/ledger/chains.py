"""Each device numbers its envelopes and names the one before: so a hole, a fork and a break in what it sent are seen.

A pure fold over headers: the order and doubling of arrival change nothing. All of it is logged; here it is only shown.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from safepassage.ledger.envelope import Header
from safepassage.values.ids import DeviceId


class Chain(msgspec.Struct, frozen=True):
    """What is here of one device and epoch.

    `open` are the stretches of sequence numbers, both ends included, that later ones show to be missing; `forked` the
    numbers that two different envelopes bear; `unlinked` those that name another envelope before them than is here.
    """

    device: DeviceId
    epoch: int
    entries: int
    last: int
    open: tuple[tuple[int, int], ...] = ()
    forked: tuple[int, ...] = ()
    unlinked: tuple[int, ...] = ()

    @property
    def equivocates(self) -> bool:
        """Whether the key signed two things as one: its holder, or somebody with a copy of the key, did."""
        return bool(self.forked)


_Links = dict[int, tuple[tuple[str, str], ...]]
"""Sequence number to (digest, previous) of every envelope that bears it: nearly always one."""


class Chains:
    """All devices' chains, kept as headers come."""

    def __init__(self) -> None:
        self._links: dict[tuple[DeviceId, int], _Links] = defaultdict(dict)

    def add(self, header: Header, digest: str) -> None:
        links, link = self._links[header.device, header.epoch], (digest, header.previous)
        have = links.get(header.sequence, ())
        if link not in have:
            links[header.sequence] = (*have, link)

    def newest(self, device: DeviceId, epoch: int) -> tuple[int, str] | None:
        """The last number of a device that signs here, and the digest of its envelope; None where it has none."""
        links = self._links.get((device, epoch))
        if not links:
            return None
        last = max(links)
        return last, min(links[last])[0]

    def summary(self) -> list[Chain]:
        """One row for each device and epoch, in that order; O(entries)."""
        return [_chain(device, epoch, self._links[device, epoch]) for device, epoch in sorted(self._links)]


def _chain(device: DeviceId, epoch: int, links: _Links) -> Chain:
    present = sorted(links)
    pairs = zip([0, *present], present, strict=False)
    return Chain(
        device,
        epoch,
        entries=sum(map(len, links.values())),
        last=present[-1],
        open=tuple((before + 1, after - 1) for before, after in pairs if after > before + 1),
        forked=tuple(number for number in present if len(links[number]) > 1),
        unlinked=tuple(number for number in present if not _linked(links, number)),
    )


def _linked(links: _Links, number: int) -> bool:
    """Whether every envelope of this number names one that is here as its predecessor; a hole before it says nothing."""
    before = [digest for digest, _ in links.get(number - 1, ())]
    return not before or all(previous in before for _, previous in links[number])
