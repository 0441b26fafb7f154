"""Bytes of the vectors, mutated: every reader answers, and nothing that nobody signed is accepted.

What is mutated: our own vectors (`testdata/vectors`), and the published ones that lie beside the repository where they do.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import pytest

from safepassage.errors import InputError, Refusal
from safepassage.ledger import note, proof, treehead
from safepassage.ledger.cosign import Declined, Request, cosign, cosignatures, judge, render_request
from safepassage.ledger.envelope import check_signature, read
from safepassage.ledger.keys import COSIGNER, parse_vkey, signer_from_seed
from safepassage.ledger.policy import parse_policy
from safepassage.ledger.proof import Proof, check_proof, render
from safepassage.ledger.treehead import TreeHead, open_head, open_unverified
from tests.ledger import reference

VECTORS = Path(__file__).resolve().parents[2] / "testdata" / "vectors"
RED = signer_from_seed("red.example", b"r" * 32, COSIGNER)
LOG = signer_from_seed("safepassage/six-buses-burned", b"l" * 32)
TIMES = 150
"""Mutations of each seed in a quick run; a soak does so many times as many."""
LONG = 100


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line] if path.exists() else []


def mutated(data: bytes, dice: random.Random, others: list[bytes]) -> bytes:
    """One to three of: a bit flipped, bytes cut out, put in, doubled, or taken from another vector."""
    made = bytearray(data)
    for _ in range(dice.randrange(1, 4)):
        at, stop = sorted(dice.randrange(len(made) + 1) for _ in range(2))
        match dice.randrange(6):
            case 0 if made:
                made[dice.randrange(len(made))] ^= 1 << dice.randrange(8)
            case 1:
                del made[at : min(stop, at + 9)]
            case 2:
                made[at:at] = dice.randbytes(dice.randrange(1, 5))
            case 3:
                made[at:at] = made[at:stop]
            case 4:
                other = dice.choice(others)
                cut = dice.randrange(len(other) + 1)
                made[at:stop] = other[cut : cut + stop - at]
            case _:
                made[at:at] = dice.choice([b"\n", b"\r\n", b" ", b"\0", "—".encode(), b"=", "é".encode(), b"0"])
    return bytes(made)


# --- what each reader must never accept: for each kind its seeds, and a check of one mutation ------------------------
@lru_cache
def envelopes() -> list[tuple[bytes, str]]:
    good = [row for row in rows(VECTORS / "envelope.jsonl") if row["valid"] and row.get("signed")]
    return [(str(row["envelope"]).encode(), str(row["vkey"])) for row in good]


def envelope(seed: int, data: bytes) -> None:
    whole, vkey = envelopes()[seed]
    found = read(data)
    accepted = not isinstance(found, Refusal) and check_signature(found, parse_vkey(vkey)) is None
    assert accepted == (data == whole) or (accepted and data in [each for each, _ in envelopes()])


@lru_cache
def heads() -> list[dict[str, object]]:
    return [row for row in rows(VECTORS / "treehead.jsonl") if row["size"]]


def head(seed: int, data: bytes) -> None:
    key, origin = parse_vkey(str(heads()[seed]["vkey"])), str(heads()[seed]["origin"])
    found = open_head(data, key, origin)
    if isinstance(found, TreeHead):
        assert (found.size, found.root.hex()) in [(row["size"], row["root"]) for row in heads()] and not found.extensions
    open_unverified(data)
    cosignatures(data, [RED.key])


def cosigned(seed: int) -> bytes:
    data = str(heads()[seed]["treehead"]).encode()
    return data + cosign(data.partition(b"\n\n")[0] + b"\n", RED, 1_482_062_400).encode()


def cosignature(seed: int, data: bytes) -> None:
    """Whatever is found below a mutated tree head was made by the cosigner, for one of these trees, at that time."""
    found = cosignatures(data, [RED.key])
    if not isinstance(found, Refusal):
        lines = {cosigned(each).rpartition(b"\n\n")[2].split(b"\n")[1].decode() for each in range(len(heads()))}
        assert {one.line.strip("\n") for one in found} <= lines


@lru_cache
def proofs() -> list[tuple[bytes, bytes, int]]:
    """Text, entry, index; of the largest tree."""
    largest = max(heads(), key=lambda row: int(str(row["size"])))
    entries = [data for data, _ in envelopes()]
    made = []
    for index, path in enumerate(largest["inclusion"]):  # type: ignore[arg-type, var-annotated]
        hashes = tuple(bytes.fromhex(each) for each in path)
        made.append((render(Proof(index, hashes, str(largest["treehead"]).encode())), entries[index], index))
    return made


def inclusion(seed: int, data: bytes) -> None:
    whole, entry, index = proofs()[seed]
    found = proof.parse(data)
    if isinstance(found, Refusal):
        assert data != whole
        return
    key = parse_vkey(str(heads()[0]["vkey"]))
    shown = check_proof(found, entry, key, str(heads()[0]["origin"]))
    assert data != whole or not isinstance(shown, Refusal)
    assert isinstance(shown, Refusal) or (found.index == index and shown.root.hex() in [row["root"] for row in heads()])
    for other in (b"forged", entry + b"\n", entry[:-1]):
        assert isinstance(check_proof(found, other, key, str(heads()[0]["origin"])), Refusal)


def signed(row: dict[str, object]) -> bytes:
    """A vector's tree head, signed by a log that is called like its origin, as cosigners know logs."""
    return treehead.sign(TreeHead(LOG.name, int(str(row["size"])), bytes.fromhex(str(row["root"]))), LOG)


@lru_cache
def requests() -> list[bytes]:
    """From each tree to the largest, by the log's own proof."""
    largest = max(heads(), key=lambda row: int(str(row["size"])))
    paths: list[list[str]] = largest["consistency"]  # type: ignore[assignment]
    return [render_request(Request(old, tuple(map(bytes.fromhex, paths[old])), signed(largest))) for old in range(len(paths) - 1)]


def request(seed: int, data: bytes) -> None:
    """Nothing but a tree head that this log signed is ever cosigned, and never a smaller one."""
    last = signed(heads()[seed - 1]) if seed else None
    judged = judge(data, [LOG.key], last)
    if data == requests()[seed]:
        assert isinstance(judged, TreeHead)
    if not isinstance(judged, Declined):
        assert (judged.size, judged.root.hex()) in [(row["size"], row["root"]) for row in heads()]
        assert judged.size >= seed


KINDS: dict[str, tuple[Callable[[], list[bytes]], Callable[[int, bytes], None]]] = {
    "envelope": (lambda: [data for data, _ in envelopes()], envelope),
    "tree head": (lambda: [str(row["treehead"]).encode() for row in heads()], head),
    "cosignature": (lambda: [cosigned(seed) for seed in range(len(heads()))], cosignature),
    "inclusion proof": (lambda: [data for data, _, _ in proofs()], inclusion),
    "request": (requests, request),
}


def fuzz(kind: str, times: int, seed: int) -> None:
    seeds, check = KINDS[kind][0](), KINDS[kind][1]
    dice = random.Random(seed)
    for at, data in enumerate(seeds):
        check(at, data)
        for _ in range(times):
            check(at, mutated(data, dice, seeds))


@pytest.mark.parametrize("kind", KINDS)
def test_no_mutation_of_a_vector_is_accepted(kind: str) -> None:
    fuzz(kind, TIMES, 1)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_no_mutation_of_a_vector_is_accepted_however_many_are_tried(kind: str) -> None:
    fuzz(kind, TIMES * LONG, 2)


# --- the published vectors -------------------------------------------------------------------------------------------
def published(name: str) -> list[dict[str, object]]:
    found = rows(reference.ROOT / name)
    if not found:
        pytest.skip(f"no reference vectors at {name}")
    return found


def test_no_mutation_of_a_published_note_has_another_text() -> None:
    """A note that opens says what was signed."""
    dice = random.Random(3)
    good = [row for row in published("notes/notes.jsonl") if row["result"] == "ok"]
    seeds = [base64.b64decode(str(row["msg_b64"])) for row in good]
    texts = {data.rpartition(b"\n\n")[0] + b"\n" for data in seeds}
    for row, data in zip(good, seeds, strict=True):
        keys = [parse_vkey(str(each)) for each in row["vkeys"]]  # type: ignore[attr-defined]
        for _ in range(TIMES):
            opened = note.open_note(mutated(data, dice, seeds), keys)
            assert isinstance(opened, Refusal) or opened.text in texts


@pytest.mark.parametrize(("name", "field"), [("policy/policies.jsonl", "policy"), ("proofs/tlog_proof_parse.jsonl", "proof_text")])
def test_no_mutation_of_a_published_text_makes_its_reader_fail(name: str, field: str) -> None:
    dice = random.Random(4)
    seeds = [str(row[field]).encode() for row in published(name)]
    for data in seeds:
        for _ in range(TIMES):
            changed = mutated(data, dice, seeds)
            if field == "policy":
                with suppress(InputError):
                    parse_policy(changed)
            else:
                proof.parse(changed)
