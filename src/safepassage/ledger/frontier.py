"""The frontier: what one hub has, in few words, so that another carries to it only what it lacks.

Every device's envelopes name the one before, so the digest of the last one vouches for all that it follows: a **strand**. A device
that did nothing odd has one; each hole begins a new one, and so does each branch where it forked. Strands are of digests, never
of numbers alone: two envelopes with one number are two, and a hub that has one of them lacks the other.

Source: docs/formats/frontier.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

import msgspec

from safepassage.errors import BAD_FRONTIER, Where, stop
from safepassage.ledger.envelope import Header
from safepassage.values.ids import DeploymentId, DeviceId

STRIDE = 32
"""A strand names the digest at every number that this divides, and its last: who is behind finds the newest that both have."""
LARGEST_FRONTIER = 64_000_000

_HEAD = re.compile(
    r"safepassage/frontier/v1\ndeployment ([a-z0-9][a-z0-9._-]{0,63})\nlog ([!-~]{1,255})\nentries (0|[1-9][0-9]{0,15})\n",
)
_STRAND = re.compile(r"strand ([a-z0-9][a-z0-9._-]{0,63}) ([1-9][0-9]{0,15}) ([1-9][0-9]{0,15}) ([1-9][0-9]{0,15})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HAND = re.compile(r"([a-z0-9][a-z0-9._-]{0,63}):(?:([1-9][0-9]{0,8})/)?([1-9][0-9]{0,15})")


class Strand(msgspec.Struct, frozen=True, order=True):
    """Envelopes of one device and epoch, numbers `first` to `last`, each of which names the one before.

    `marks` are the digests at the numbers that STRIDE divides and at `last`, ascending. Without marks it is a person's word:
    whatever has these numbers.
    """

    device: DeviceId
    epoch: int
    first: int
    last: int
    marks: tuple[str, ...] = ()


class Frontier(msgspec.Struct, frozen=True):
    """What the log `log` of a deployment has under its tree head of `entries` entries."""

    deployment: DeploymentId
    log: str
    entries: int
    strands: tuple[Strand, ...] = ()


class Link(msgspec.Struct, frozen=True):
    """One envelope in its device's chain: `digest` of its exact bytes, `previous` as it says."""

    device: DeviceId
    epoch: int
    sequence: int
    digest: str
    previous: str


def link_of(header: Header, digest: str) -> Link:
    return Link(header.device, header.epoch, header.sequence, digest, header.previous)


def strands(links: Iterable[Link]) -> tuple[Strand, ...]:
    """The strands of these envelopes, each of which lies on exactly one; in order of device, epoch and number."""
    chains: defaultdict[tuple[DeviceId, int], dict[str, Link]] = defaultdict(dict)
    for link in links:
        chains[link.device, link.epoch][link.digest] = link
    return tuple(sorted(strand for chain in chains.values() for strand in _strands(chain)))


def uncovered(links: Collection[Link], frontier: Frontier) -> set[str]:
    """The digests of those envelopes that the frontier does not show to be there: what is to be carried.

    Sound: nothing is left out that the other lacks. Not tight: where the other is ahead of us on a strand, what we have after
    the newest mark that both know is carried once more; whoever hears first what the other has carries nothing in vain.
    """
    chains: defaultdict[tuple[DeviceId, int], dict[str, Link]] = defaultdict(dict)
    for link in links:
        chains[link.device, link.epoch][link.digest] = link
    left = {link.digest for link in links}
    for strand in frontier.strands:
        left -= _covered(chains.get((strand.device, strand.epoch), {}), strand)
    return left


def render_frontier(frontier: Frontier) -> bytes:
    lines = ["safepassage/frontier/v1", f"deployment {frontier.deployment}", f"log {frontier.log}", f"entries {frontier.entries}"]
    for each in frontier.strands:
        lines += [f"strand {each.device} {each.epoch} {each.first} {each.last}", *each.marks]
    return "".join(f"{line}\n" for line in lines).encode()


def parse_frontier(data: bytes, file: str = "") -> Frontier:
    """The frontier in these bytes.

    Raises
    ------
    InputError
        BAD_FRONTIER, with the line: another form, or marks that do not belong to their strand.
    """
    text = data.decode("ascii", "replace")
    head = _HEAD.match(text)
    if head is None or len(data) > LARGEST_FRONTIER or not text.endswith("\n"):
        stop(BAD_FRONTIER, Where(file, 1), reason="it does not begin as a frontier does, or does not end with a line")
    found: list[tuple[re.Match[str], list[str]]] = []
    for number, line in enumerate(text[head.end() :].split("\n")[:-1], 5):
        words = _STRAND.fullmatch(line)
        if words is not None:
            found.append((words, []))
        elif found and _DIGEST.fullmatch(line):
            found[-1][1].append(line)
        else:
            stop(BAD_FRONTIER, Where(file, number), reason="it is neither a strand nor a digest")
    return Frontier(DeploymentId(head[1]), head[2], int(head[3]), tuple(_strand(words, marks, file) for words, marks in found))


def by_hand(words: Iterable[str], deployment: DeploymentId) -> Frontier:
    """What a person says the other has: `m17-1:12` is everything of that device up to number 12, `m17-1:2/12` of its epoch 2.

    Raises
    ------
    InputError
        BAD_FRONTIER.
    """
    found = []
    for word in words:
        said = _HAND.fullmatch(word)
        if said is None:
            stop(BAD_FRONTIER, reason=f"`{word}` is not of the form device:number or device:epoch/number")
        found.append(Strand(DeviceId(said[1]), int(said[2] or 1), 1, int(said[3])))
    return Frontier(deployment, "said-by-hand", 0, tuple(found))


# The parts.
def _strands(chain: dict[str, Link]) -> list[Strand]:
    """The highest numbers first, each walked back to where another strand, or nothing, is before it."""
    left, found = set(chain), []
    for tip in sorted(chain.values(), key=lambda link: (-link.sequence, link.digest)):
        path = []
        at: Link | None = tip
        while at is not None and at.digest in left:
            left.discard(at.digest)
            path.append(at)
            at = _before(chain, at)
        if path:
            first, last = path[-1].sequence, path[0].sequence
            marks = tuple(link.digest for link in reversed(path) if link.sequence % STRIDE == 0 or link is path[0])
            found.append(Strand(tip.device, tip.epoch, first, last, marks))
    return found


def _strand(words: re.Match[str], marks: list[str], file: str) -> Strand:
    epoch, first, last = map(int, words.groups()[1:])
    if first > last or len(marks) != _count(first, last):
        stop(BAD_FRONTIER, Where(file), reason=f"the strand of {words[1]} from {first} to {last} has other marks")
    return Strand(DeviceId(words[1]), epoch, first, last, tuple(marks))


def _covered(chain: dict[str, Link], strand: Strand) -> set[str]:
    if not strand.marks:
        return {link.digest for link in chain.values() if strand.first <= link.sequence <= strand.last}
    found: set[str] = set()
    for mark in reversed(strand.marks):
        at = chain.get(mark)
        while at is not None and strand.first <= at.sequence <= strand.last and at.digest not in found:
            found.add(at.digest)
            at = _before(chain, at)
    return found


def _before(chain: dict[str, Link], link: Link) -> Link | None:
    """The envelope that this one names, if it is here and bears the number before."""
    before = chain.get(link.previous)
    return before if before is not None and before.sequence == link.sequence - 1 else None


def _count(first: int, last: int) -> int:
    """How many marks a strand has: one at every number that STRIDE divides, and one at its last."""
    return (last - 1) // STRIDE - (first - 1) // STRIDE + 1
