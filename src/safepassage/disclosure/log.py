"""What is shown of the ledger itself: proofs, bounds of time, cosigners, devices whose chain is not whole."""

from __future__ import annotations

import msgspec

from safepassage.values.ids import EntryId, EnvelopeDigest, ObserverId
from safepassage.values.times import Instant


class ProofView(msgspec.Struct, frozen=True):
    """RFC 6962 inclusion: the sibling hashes from leaf to root of the tree of `size` entries, in hex."""

    size: int
    root: str
    path: tuple[str, ...]


class NotAfter(msgspec.Struct, frozen=True):
    """A proved bound: at `at` this cosigner vouched for a tree of `size` entries, and the entry is one of them."""

    at: Instant
    by: str
    size: int


class NotBefore(msgspec.Struct, frozen=True):
    """A proved bound: the entry quotes the tree of `size` entries of this log, so it was signed after the last of them was here;
    that was at `at` by this hub's clock."""

    size: int
    at: Instant


class CosignerView(msgspec.Struct, frozen=True):
    """A cosigner by its name in the policy, the tree it cosigned last, when; a side's does not count, and is shown."""

    name: str
    size: int
    at: Instant
    counts: bool


class CosignedView(msgspec.Struct, frozen=True):
    """Who vouches for the log. `covered` entries are vouched for by enough; `splits`: files that prove that it contradicted itself."""

    covered: int
    cosigners: tuple[CosignerView, ...]
    splits: tuple[str, ...] = ()


class AnswerView(msgspec.Struct, frozen=True):
    """What a person signed of a refusal, in entry `entry`. `anew` is the id of the entry that says it in its stead, None where it is set
    aside; `anew_entry` its place, None where it is not here."""

    reason: str
    by: ObserverId
    at: Instant
    entry: int
    anew: EntryId | None = None
    anew_entry: int | None = None


class RefusalView(msgspec.Struct, frozen=True):
    """An envelope that was not accepted, by the digest of its bytes, which are kept. `device` as it says itself, if it can be read;
    without an answer it is open."""

    digest: EnvelopeDigest
    device: str
    kept_at: Instant
    number: int
    what: str
    answer: AnswerView | None = None


class DeviceView(msgspec.Struct, frozen=True):
    """A device whose chain is not whole: stretches of its numbers that are not here, both ends included; numbers that it signed twice."""

    device: str
    open: tuple[tuple[int, int], ...]
    forked: tuple[int, ...]
