"""Envelopes as they travel: each behind its length, as in tiles of entries, and all of them deflated."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence

from safepassage.ledger.tiles import bundle, parse_bundle

MOST_TOGETHER, MOST_BYTES = 200, 4_000_000
"""Envelopes, and their bytes, that travel in one request."""
CHUNK = 65_536


def fold(envelopes: Sequence[bytes]) -> bytes:
    return zlib.compress(bundle(envelopes), 9)


def folded(envelopes: Iterable[bytes]) -> Iterator[bytes]:
    """The same in pieces, each of which gives its envelopes when it has come."""
    folding = zlib.compressobj()
    for batch in batches(envelopes):
        yield folding.compress(bundle(batch)) + folding.flush(zlib.Z_SYNC_FLUSH)
    yield folding.flush()


def unfolded(body: bytes, most: int) -> list[bytes] | None:
    """The envelopes; None where it is no deflated list of them, or would unfold to more than `most` bytes."""
    unfolding = zlib.decompressobj()
    try:
        data = unfolding.decompress(body, most)
    except zlib.error:
        return None
    return parse_bundle(data) if unfolding.eof and not unfolding.unused_data else None


def unfold(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The envelopes of a stream, each as soon as it is whole; never more than a few are held.

    Raises `ValueError` where the stream ends before its end, or is none.
    """
    unfolding, rest = zlib.decompressobj(), b""
    for piece in pieces:
        left = piece
        while left:
            try:
                rest += unfolding.decompress(left, CHUNK)
            except zlib.error as wrong:
                raise ValueError(str(wrong)) from None
            left = b"" if unfolding.eof else unfolding.unconsumed_tail
            whole, rest = _whole(rest)
            yield from whole
    if rest or not unfolding.eof:
        raise ValueError("the stream stopped before its end")


def batches(envelopes: Iterable[bytes]) -> Iterator[list[bytes]]:
    """So many that one request can carry them."""
    batch: list[bytes] = []
    used = 0
    for envelope in envelopes:
        if batch and (len(batch) == MOST_TOGETHER or used + len(envelope) > MOST_BYTES):
            yield batch
            batch, used = [], 0
        batch.append(envelope)
        used += len(envelope)
    if batch:
        yield batch


def _whole(data: bytes) -> tuple[list[bytes], bytes]:
    """The envelopes that have come whole, and what is left."""
    found, at = [], 0
    while len(data) >= at + 2 and len(data) >= (end := at + 2 + int.from_bytes(data[at : at + 2], "big")):
        found.append(data[at + 2 : end])
        at = end
    return found, data[at:]
