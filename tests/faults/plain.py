"""The slow, obvious judge of everything that lies on the disk: it shares no code with the ledger but the shape of a signed note.

It reads SQLite by itself, splits notes by hand, asks `cryptography` for each signature, and computes each root by the definition of
RFC 6962 §2.1. What it is told from outside: who acknowledged what, what was forged, and which tree heads anybody ever saw.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def check_ledger(folder: Path, acknowledged: set[str], forged: set[str], seen: set[bytes]) -> int:
    """The number of entries under the newest signed tree head.

    Raises `AssertionError` where an acknowledged entry is not under it, something forged is there, a signature does not fit, or a
    tree head that anybody saw is not of these entries.
    """
    envelopes = _envelopes(folder)
    log = json.loads((folder / "deployment.json").read_text())["log"]
    size, root = _head((folder / "treehead").read_bytes(), log)
    assert size <= len(envelopes) and root == _root(envelopes[:size]), "the tree head does not bear out the entries"
    ids = [_id(envelope) for envelope in envelopes]
    assert len(set(ids)) == len(ids), "an entry is there twice"
    assert acknowledged <= set(ids[:size]), "an acknowledged entry is lost"
    assert not forged & set(ids), "something forged was accepted"
    _signed(envelopes)
    for note in seen:
        then, was = _head(note, log)
        assert then <= size and was == _root(envelopes[:then]), "two views of one log"
    return size


def check_cosigner(now: bytes, before: bytes | None) -> None:
    """What it cosigned last of one log is never smaller than what it had, nor another of the same size."""
    if before is not None:
        (size, root), (then, was) = _parsed(now), _parsed(before)
        assert size > then or (size == then and root == was), "a cosigner signed backwards"


def _envelopes(folder: Path) -> list[bytes]:
    database = sqlite3.connect(f"file:{folder / 'ledger.sqlite'}?mode=ro", uri=True)
    rows = database.execute("SELECT idx, envelope FROM entries ORDER BY idx").fetchall()
    database.close()
    assert [index for index, _ in rows] == list(range(len(rows))), "an index is missing"
    return [envelope for _, envelope in rows]


def _parsed(note: bytes) -> tuple[int, bytes]:
    lines = note.decode().split("\n")
    return int(lines[1]), base64.b64decode(lines[2])


def _head(note: bytes, vkey: str) -> tuple[int, bytes]:
    """Size and root, if the log signed it."""
    name, _, coded = vkey.split("+", 2)
    text, _, lines = note.partition(b"\n\n")
    own = [line for line in lines.decode().split("\n") if line.startswith(f"— {name} ")]
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(coded)[1:])
    public.verify(base64.b64decode(own[0].split(" ")[2])[4:], text + b"\n")
    return _parsed(note)


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + leaves[0] if leaves else b"").digest()
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return hashlib.sha256(b"\1" + _root(leaves[:cut]) + _root(leaves[cut:])).digest()


def _id(envelope: bytes) -> str:
    return hashlib.sha256(_payload(envelope)).hexdigest()


def _payload(envelope: bytes) -> bytes:
    return envelope.split(b"\n\n")[1]


def _signed(envelopes: list[bytes]) -> None:
    """Every one by the key that an entry before it gave to its device; the opening by the key that it brings."""
    keys: dict[str, bytes] = {}
    for envelope in envelopes:
        said = json.loads(_payload(envelope))["what"]
        for field in ("authority", "key"):
            if isinstance(said.get(field), str) and "+" in said[field]:
                device, _, coded = said[field].split("+", 2)
                if not keys or field == "key":
                    keys.setdefault(device, base64.b64decode(coded)[1:])
        text, _, line = envelope.rpartition(b"\n\n")
        _, device, signature = line.decode().strip().split(" ")
        Ed25519PublicKey.from_public_bytes(keys[device]).verify(base64.b64decode(signature)[4:], text + b"\n")
