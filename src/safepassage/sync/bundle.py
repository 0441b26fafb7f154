"""A bundle: envelopes on a stick, in parts that may come in any order and as often as they like.

A part stands for itself: whoever reads it knows which part of which bundle it is, and whether a byte of it is not as it was written.
What is in it needs no trust in whoever carried it: every envelope is signed by the device that made it.

Source: docs/formats/bundle.md.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from safepassage.errors import BAD_PART, NOT_READ, PART_ABSENT, READ_ONLY, Problem, Where, problem, stop
from safepassage.sync.folding import fold, unfolded
from safepassage.values.ids import DeploymentId

PART_SIZE = 1_000_000
LEAST_PART, LARGEST_PART = 70_000, 64_000_000
"""Bytes: the least holds any envelope, the largest is read into memory whole."""
_HEAD = re.compile(
    rb"safepassage/bundle/v1\ndeployment ([a-z0-9][a-z0-9._-]{0,63})\nlog ([!-~]{1,255})\nbundle ([0-9a-f]{64})\n"
    rb"part ([1-9][0-9]{0,5}) of ([1-9][0-9]{0,5})\nentries (0|[1-9][0-9]{0,8})\ndigest ([0-9a-f]{64})\n\n"
)


class Part(msgspec.Struct, frozen=True):
    """One part as it was read: envelopes in the order of the log that they come from."""

    deployment: DeploymentId
    log: str
    bundle: str
    number: int
    parts: int
    envelopes: tuple[bytes, ...]


class Carried(msgspec.Struct, frozen=True):
    """What some files hold: each part once, in order; what is damaged, foreign or not there is named."""

    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]

    @property
    def envelopes(self) -> Iterator[bytes]:
        for part in self.parts:
            yield from part.envelopes


def write_bundle(envelopes: Iterable[bytes], place: Path, deployment: DeploymentId, log: str, part_size: int = PART_SIZE) -> list[Path]:
    """Write the parts, none larger than `part_size` bytes; the same envelopes give the same files. No envelopes, one empty part.

    Raises
    ------
    TryAgain
        READ_ONLY: the place cannot be written, or is full. Parts that are there are whole.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        bodies, whole = list[Path](), hashlib.sha256()
        for number, batch in enumerate(_filled(envelopes, part_size - 1_000), 1):
            body = fold(batch)
            whole.update(hashlib.sha256(body).digest())
            bodies.append(place / f".{deployment}-{number}.new")
            bodies[-1].write_bytes(len(batch).to_bytes(8, "big") + body)
        return [_part(body, number, len(bodies), place, deployment, log, whole.hexdigest()) for number, body in enumerate(bodies, 1)]
    except OSError:
        stop(READ_ONLY, folder=str(place))


def read_bundle(files: Sequence[Path], deployment: DeploymentId) -> Carried:
    """Every part of this deployment in these files, by bundle and number, and what keeps the rest from being read."""
    found: dict[tuple[str, int], Part] = {}
    problems: list[Problem] = []
    for file in files:
        part = read_part(file)
        if isinstance(part, Problem):
            problems.append(part)
        elif part.deployment != deployment:
            problems.append(problem(BAD_PART, Where(str(file)), file=file.name, reason=f"it is for deployment {part.deployment}"))
        else:
            found.setdefault((part.bundle, part.number), part)
    for name, parts in dict.fromkeys((part.bundle, part.parts) for part in found.values()):
        there = sorted(number for bundle, number in found if bundle == name)
        absent = [_span(low + 1, high - 1) for low, high in zip([0, *there], [*there, parts + 1], strict=True) if high > low + 1]
        problems += [problem(PART_ABSENT, part=", ".join(absent), parts=parts, bundle=name[:8])] if absent else []
    return Carried(tuple(found[key] for key in sorted(found)), tuple(problems))


def read_part(file: Path) -> Part | Problem:
    """One part, if every byte of it is as it was written."""
    try:
        if file.stat().st_size > LARGEST_PART:
            return _bad(file, "it is too large")
        data = file.read_bytes()
    except OSError as wrong:
        return problem(NOT_READ, Where(str(file)), file=str(file), reason=wrong.strerror or "it cannot be read")
    head = _HEAD.match(data)
    if head is None:
        return _bad(file, "it does not begin as one")
    deployment, log, name, number, parts, entries, digest = head.groups()
    body = data[head.end() :]
    if _digest(data[: head.start(7)], body) != digest.decode():
        return _bad(file, "its bytes are not those that were written")
    envelopes = unfolded(body, LARGEST_PART)
    if envelopes is None or len(envelopes) != int(entries) or not 1 <= int(number) <= int(parts):
        return _bad(file, "it holds something else than it says")
    return Part(DeploymentId(deployment.decode()), log.decode(), name.decode(), int(number), int(parts), tuple(envelopes))


# The parts.
def _filled(envelopes: Iterable[bytes], room: int) -> Iterator[list[bytes]]:
    """Batches that cannot be larger than `room`, even where nothing can be compressed; one that is empty where there is nothing."""
    batch: list[bytes] = []
    used, any_yet = 0, False
    for envelope in envelopes:
        cost = len(envelope) + 2 + len(envelope) // 1000 + 1  # deflate stores what it cannot compress, with 5 bytes to 16,383
        if batch and used + cost > room:
            yield batch
            batch, used, any_yet = [], 0, True
        batch.append(envelope)
        used += cost
    if batch or not any_yet:
        yield batch


def _part(body: Path, number: int, parts: int, place: Path, deployment: DeploymentId, log: str, name: str) -> Path:
    """The body behind its head; whole under its name, or not there."""
    data = body.read_bytes()
    entries, body_bytes = int.from_bytes(data[:8], "big"), data[8:]
    said = f"safepassage/bundle/v1\ndeployment {deployment}\nlog {log}\nbundle {name}\npart {number} of {parts}\nentries {entries}\ndigest "
    path = place / f"{deployment}-{name[:8]}-{number}of{parts}.bundle"
    with open(body, "wb") as file:
        file.write(said.encode() + f"{_digest(said.encode(), body_bytes)}\n\n".encode() + body_bytes)
        file.flush()
        os.fsync(file.fileno())
    os.replace(body, path)
    return path


def _digest(head: bytes, body: bytes) -> str:
    """Of everything that is in the file but the digest itself."""
    return hashlib.sha256(head + body).hexdigest()


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _bad(file: Path, reason: str) -> Problem:
    return problem(BAD_PART, Where(str(file)), file=file.name, reason=reason)
