"""Proofs as single files: one that an entry is in the log, one that the log contradicted itself; and the check of either."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from safepassage.errors import NEEDS_KEY, NO_ENTRY, NOT_READ, InputError, Refusal, stop
from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.ledger.envelope import Envelope, read
from safepassage.ledger.keys import VerifyKey, parse_vkey
from safepassage.ledger.proof import check_proof, parse, render
from safepassage.ledger.split import HEADER, check_split, parse_split
from safepassage.values.times import stamp


def add_commands(commands: Any) -> None:
    does = "write the proof that an entry is in the log, one file that `verify` checks with the log's key alone; and say its four times"
    prove: argparse.ArgumentParser = commands.add_parser(
        "prove", help=does, description=does, epilog="example: safepassage prove night 3 --out 3.tlog-proof",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    prove.add_argument("folder", type=Path, help="the deployment's folder")
    prove.add_argument("index", type=int, help="the entry's number")
    prove.add_argument("--out", type=Path, required=True, help="write the proof here; it holds the entry itself")
    prove.set_defaults(run=prove_entry)


def prove_entry(given: argparse.Namespace) -> int:
    folder = open_folder(given.folder)
    hub = Hub(folder, wall_clock, writer=False)
    try:
        if not 0 <= given.index < hub.ledger.head.size:
            stop(NO_ENTRY, index=given.index, size=hub.ledger.head.size)
        proof, shown, zone = hub.proof(given.index), hub.entry(given.index), folder.world.zone
    finally:
        hub.close()
    given.out.write_bytes(render(proof))
    before, after = shown.not_before, shown.not_after
    print(f"{given.out}: entry {given.index} of {shown.proof.size}")
    print(f"claimed:            {stamp(shown.seen_at, zone)}, by the device")
    print(f"logged:             {stamp(shown.logged_at, zone)}, by this hub's clock")
    print(f"proved, not before: {f'this log had {before.size} entries, {stamp(before.at, zone)} by its clock' if before else 'not known'}")
    print(f"proved, not after:  {f'{stamp(after.at, zone)}, cosigned by {after.by}' if after else 'not known: no cosignature covers it'}")
    return 0


def verify_file(path: Path, vkey: str | None) -> int:
    """A proof from a file, with the key of the log that somebody brought; exit 0 where it holds, 1 where it does not.

    Raises
    ------
    InputError
        NEEDS_KEY, NOT_READ, and where it is no proof at all.
    """
    if vkey is None:
        stop(NEEDS_KEY, file=str(path))
    key = parse_vkey(vkey)
    try:
        data = path.read_bytes()
    except OSError as wrong:
        stop(NOT_READ, file=str(path), reason=wrong.strerror or "it cannot be read")
    shown = _split(data, key) if data.startswith(HEADER) else _entry(data, key)
    if isinstance(shown, Refusal):
        print(f"NOT PROVED: {shown.problem}", file=sys.stderr)
        return 1
    print(shown)
    return 0


# The parts.
def _split(data: bytes, key: VerifyKey) -> str | Refusal:
    split = parse_split(data)
    if isinstance(split, Refusal):
        raise InputError(split.problem)
    shown = check_split(split, key, key.name)
    if isinstance(shown, Refusal):
        return shown
    first, second = shown
    return f"PROVED: the log {key.name} signed two tree heads that do not lie on one line, of {first.size} and of {second.size} entries"


def _entry(data: bytes, key: VerifyKey) -> str | Refusal:
    proof = parse(data)
    if isinstance(proof, Refusal):
        raise InputError(proof.problem)
    head = check_proof(proof, proof.extra or b"", key, key.name)
    envelope = read(proof.extra or b"")
    if isinstance(head, Refusal):
        return head
    lines = [f"proved: these bytes are entry {proof.index} of the log {key.name}, under its tree head of {head.size} entries"]
    if isinstance(envelope, Envelope):
        lines += [f"device {envelope.header.device}, its number {envelope.header.sequence}:", envelope.payload.decode()]
    lines.append("not proved: whose device that is (the whole ledger shows it), and that what was signed is true")
    return "\n".join(lines)
