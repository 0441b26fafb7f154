"""What the ledger takes: ingest, receipts, replays, opening, proofs, verification; beside other implementations, in one run.

    make bench        or: PYTHONPATH=. .venv/bin/python benchmarks/ledger.py [--entries 1000000]

Every figure is a ratio to a yardstick of the same minute: the bare signature check of PyNaCl over the same envelopes, or a
bare `fdatasync`. A million entries take about ten minutes, most of it to sign them.
"""

from __future__ import annotations

import argparse
import binascii
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import nacl.bindings
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from safepassage.errors import Refusal
from safepassage.hub.bulk import Judges
from safepassage.hub.folder import enrolments
from safepassage.intake.door import Accepted, Door
from safepassage.ledger.envelope import read
from safepassage.ledger.keys import demo_signer, parse_vkey
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.merkle import Tree, leaf_hash
from safepassage.ledger.proof import Proof, check_proof
from safepassage.ledger.verify import verify
from safepassage.observation import Observation
from safepassage.observation.setting import DeploymentOpened, DeviceEnrolled
from safepassage.observation.vehicles import HeadsCounted
from safepassage.simulate.player import Device
from safepassage.stores.sqlite import SqliteStore
from safepassage.values.counts import exactly
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId, PlaceId, VehicleId
from safepassage.values.people import Role
from safepassage.values.places import parse_world
from safepassage.values.times import Instant

WORLD = Path(__file__).resolve().parents[1] / "scenarios" / "six-buses-burned" / "world.toml"
NAME, NOON = DeploymentId("figures"), Instant(1_482_062_400_000)
LOG = demo_signer(NAME, DeviceId("log-1"))
AUTHORITY = demo_signer(NAME, DeviceId("authority-1"))
ORIGIN = "log-1"
PHONES = [f"m{number}" for number in range(20)]
BATCH, ROUNDS, SINGLES, SAMPLE = 1000, 5, 400, 20_000
FLUSHES = 3
"""What one receipt waits for: the write-ahead log, the new tree head, and the folder that it is renamed in."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--entries", type=int, default=60_000)
    parser.add_argument("--opens", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.opens:
        open_only(given.opens)
        return
    with tempfile.TemporaryDirectory() as place:
        figures(Path(place), given.entries)


def figures(place: Path, entries: int) -> None:
    phones = [Device(NAME, ObserverId(observer)) for observer in PHONES]
    setting = [*opening(phones)]
    ingest(place, setting, phones)
    receipts(place, phones, setting)
    folder = place / "long"
    folder.mkdir()
    grow(folder, setting, phones, entries)
    long_log(folder)
    peers(folder)


# What is measured.
def ingest(place: Path, setting: list[bytes], phones: list[Device]) -> None:
    """From bytes to durable receipts, judged as a hub judges, no picture; then the same bytes once more."""
    carried = list(islice(counts(phones), ROUNDS * 5 * BATCH))
    rounds: list[tuple[float, float, float]] = []
    folder = place / "ingest"
    folder.mkdir()
    ledger, door = Ledger(SqliteStore(folder), LOG, ORIGIN), new_door()
    take(ledger, door, Judges(), setting)
    judges = Judges()
    for number in range(ROUNDS):
        batches = [carried[start : start + BATCH] for start in range(number * 5 * BATCH, (number + 1) * 5 * BATCH, BATCH)]
        prepared = [cut(data) for batch in batches for data in batch]
        raw = seconds(lambda prepared=prepared: bare_check(prepared))
        first = seconds(lambda batches=batches: [take(ledger, door, judges, batch) for batch in batches])
        again = seconds(lambda batches=batches: [ledger.known_copies(batch) for batch in batches])
        rounds.append((raw, first, again))
    judges.close()
    ledger.close()
    raw, first, again = (statistics.median(each) / (5 * BATCH) for each in zip(*rounds, strict=True))
    print(f"bare check (PyNaCl)                        {1 / raw:10,.0f} a second")
    say("verified, durable, in bulk", f"{1 / first:10,.0f} a second", f"{raw / first:.2f} of the bare check's rate (goal 0.70)")
    say("the same batch again", f"{1 / again:10,.0f} a second", f"{first / again:.1f} x as fast as the first time (goal 10)")


def receipts(place: Path, phones: list[Device], setting: list[bytes]) -> None:
    """One by one, each acknowledged before the next; beside as many bare flushes of as many bytes."""
    folder = place / "single"
    folder.mkdir()
    ledger, door, judges = Ledger(SqliteStore(folder), LOG, ORIGIN), new_door(), Judges()
    take(ledger, door, judges, setting)
    bare, whole = [], []
    for data in islice(counts(phones), SINGLES):
        bare.append(seconds(lambda: flushes(folder)))
        whole.append(seconds(lambda data=data: take(ledger, door, judges, [data])))
    ledger.close()
    p99s = percentile(whole, 99) / percentile(bare, 99)
    say("one durable receipt", f"p50 {statistics.median(whole) * 1e3:.2f} ms", f"p99 {p99s:.2f} x the p99 of {FLUSHES} flushes (goal 3)")


def long_log(folder: Path) -> None:
    """Opened in a process of its own after a kill; then re-hashed, proved, and verified whole."""
    said = subprocess.run([sys.executable, __file__, "--opens", str(folder)], check=True, capture_output=True, text=True).stdout.split()
    opened, memory = float(said[0]), float(said[1])
    ledger = Ledger(SqliteStore(folder, writer=False), None, ORIGIN, LOG.key)
    size = ledger.size
    say(f"{size:,} entries: open after kill", f"{opened * 1e3:8.0f} ms", "(goal 1,000 ms)")
    say("  memory of the process that opened it", f"{memory:8.0f} MB", "(goal 150 MB)")
    hashed = seconds(lambda: sum(1 for _ in ledger.read()))
    say("  read and re-hash all", f"{hashed:8.1f} s", f"{hashed / size * 1e6:.1f} us an entry (goal 10)")
    chance = random.Random(1)
    proofs = [seconds(lambda: ledger.prove(chance.randrange(size))) for _ in range(500)]
    say("  inclusion proof", f"p50 {statistics.median(proofs) * 1e3:.2f} ms", f"p99 {percentile(proofs, 99) * 1e3:.2f} ms (goal 1)")
    (row,) = ledger.read(size // 2, size // 2 + 1)
    assert check_proof(ledger.prove(row.index), row.envelope, LOG.key, ORIGIN) == ledger.head
    ratios = [verified(folder, ledger) for _ in range(1 if size > 200_000 else 3)]
    say("  full verify, CPU", f"{size:,} entries", f"{statistics.median(ratios):.2f} x the bare checks alone (goal 1.3)")
    ledger.close()


def verified(folder: Path, ledger: Ledger) -> float:
    """CPU seconds of `verify` over those of the bare checks of as many entries."""
    store = SqliteStore(folder, writer=False)
    began = time.process_time()
    found = verify(store.read(), [ledger.head_bytes or b""], LOG.key, ORIGIN, enrolments)
    whole = time.process_time() - began
    assert found.proved, found.problems[:3]
    sample = [cut(row.envelope) for row in store.read(0, SAMPLE)]
    store.close()
    began = time.process_time()
    bare_check(sample)
    return whole / ((time.process_time() - began) / len(sample) * ledger.size)


def peers(folder: Path) -> None:
    """The same entries in pymerkle's tree; the same proofs before sigstore-python's parsing and Merkle code."""
    import pymerkle  # here, since the process that only opens a ledger is weighed

    store = SqliteStore(folder, writer=False)
    ledger = Ledger(store, None, ORIGIN, LOG.key)
    entries = [row.envelope for row in ledger.read(0, SAMPLE)]
    tree, theirs = Tree(), pymerkle.InmemoryTree(algorithm="sha256")
    ours = seconds(lambda: [tree.append(leaf_hash(entry)) for entry in entries])
    other = seconds(lambda: [theirs.append_entry(entry) for entry in entries])
    assert tree.root() == theirs.get_root()
    say("pymerkle: append and hash", rate(len(entries), other), f"ours is {other / ours:.1f} x as fast; the roots are equal")
    chosen = random.Random(2).sample(range(len(entries)), 200)
    ours = seconds(lambda: [tree.inclusion(index, len(entries)) for index in chosen])
    other = seconds(lambda: [theirs.prove_inclusion(index + 1, len(entries)) for index in chosen])
    say("pymerkle: inclusion proof", rate(len(chosen), other), f"ours is {other / ours:.1f} x as fast")
    proofs = [(ledger.prove(index), entries[index]) for index in chosen]
    ours = seconds(lambda: [check_proof(proof, entry, LOG.key, ORIGIN) for proof, entry in proofs])
    other = seconds(lambda: [sigstore_checks(proof, entry) for proof, entry in proofs])
    say("sigstore-python: tree head and proof", rate(len(chosen), other), f"ours is {other / ours:.1f} x as fast; it accepts all")
    store.close()


def sigstore_checks(proof: Proof, entry: bytes) -> None:
    """What sigstore-python does with a Rekor entry: the checkpoint's signature, then the inclusion proof. Raises where either fails."""
    from sigstore._internal.merkle import verify_merkle_inclusion
    from sigstore._internal.rekor.checkpoint import SignedCheckpoint

    signed = SignedCheckpoint.from_text(proof.head.decode())
    signed.signed_note.verify(Ring(), LOG.key.key_id)
    root = bytes.fromhex(signed.checkpoint.log_hash)
    size = signed.checkpoint.log_size
    inner = SimpleNamespace(log_index=proof.index, tree_size=size, hashes=list(proof.hashes), root_hash=root)
    verify_merkle_inclusion(SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=inner, canonicalized_body=entry)))


class Ring:
    """The log's key, as sigstore's key ring is asked for it."""

    def verify(self, *, key_id: bytes, signature: bytes, data: bytes) -> None:
        Ed25519PublicKey.from_public_bytes(LOG.key.public).verify(signature, data)


def open_only(folder: Path) -> None:
    began = time.perf_counter()
    ledger = Ledger(SqliteStore(folder), LOG, ORIGIN)
    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    ledger.prove(ledger.size // 2)
    ledger.close()


# What it is measured on.
def opening(phones: list[Device]) -> Iterator[bytes]:
    authority = Device(NAME, ObserverId("authority"))
    opened = DeploymentOpened(NAME, AUTHORITY.vkey, WORLD.read_text("utf-8"), True, True)
    yield authority.seal(Observation(by=ObserverId("authority"), seen_at=NOON, what=opened))
    for phone in phones:
        enrolled = DeviceEnrolled(DeviceId(phone.id), ObserverId(phone.id.partition("-")[0]), Role.MONITOR, phone.signer.vkey)
        yield authority.seal(Observation(by=ObserverId("authority"), seen_at=NOON, what=enrolled))


def counts(phones: list[Device]) -> Iterator[bytes]:
    """Head counts without end, each of its own second and bus."""
    number = 0
    while True:
        number += 1
        phone = phones[number % len(phones)]
        what = HeadsCounted(VehicleId(f"B-{number % 97:02d}"), exactly(number % 60))
        seen_at = Instant(NOON + 1000 * number)
        by = ObserverId(phone.id.partition("-")[0])
        yield phone.seal(Observation(by=by, seen_at=seen_at, at=PlaceId("ramouseh"), what=what))


def grow(folder: Path, setting: list[bytes], phones: list[Device], entries: int) -> None:
    """A long log, made by a process that is killed at its end; where somebody looks, with its progress."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        return
    ledger, made = Ledger(SqliteStore(folder), LOG, ORIGIN), iter([*setting])
    stream = (data for source in (made, counts(phones)) for data in source)
    for start in range(0, entries, 5 * BATCH):
        batch = [read(data) for data in islice(stream, min(5 * BATCH, entries - start))]
        ledger.append([envelope for envelope in batch if not isinstance(envelope, Refusal)], NOON)
        if sys.stderr.isatty():
            print(f"\r  {start + len(batch):,} entries signed", end="", file=sys.stderr)
    os.kill(os.getpid(), signal.SIGKILL)


def new_door() -> Door:
    door = Door(NAME, AUTHORITY.key, True)
    door.learn(Observation(by=ObserverId("authority"), seen_at=NOON, what=DeploymentOpened(NAME, AUTHORITY.vkey, "", True, True)),
               parse_world(WORLD.read_text("utf-8")))  # fmt: skip
    for observer in PHONES:
        key = demo_signer(NAME, DeviceId(f"{observer}-1")).vkey
        enrolled = DeviceEnrolled(DeviceId(f"{observer}-1"), ObserverId(observer), Role.MONITOR, key)
        door.learn(Observation(by=ObserverId("authority"), seen_at=NOON, what=enrolled))
    return door


def take(ledger: Ledger, door: Door, judges: Judges, batch: list[bytes]) -> None:
    """What a hub does with a batch, its picture apart."""
    fresh = [data for data, copy in zip(batch, ledger.known_copies(batch), strict=True) if copy is None]
    accepted = [one.envelope for one in judges.judge(door, fresh) if isinstance(one, Accepted)]
    assert len(accepted) == len(batch)
    ledger.append(accepted, NOON)


KEYS = {f"{observer}-1": parse_vkey(demo_signer(NAME, DeviceId(f"{observer}-1")).vkey).public for observer in [*PHONES, "authority"]}


def cut(data: bytes) -> tuple[bytes, bytes]:
    """The signature and what was signed, and the key: what libsodium asks for."""
    at = data.rindex(b"\n\n")
    device, coded = data[at + 6 :].split(b" ", 1)
    return binascii.a2b_base64(coded)[4:] + data[: at + 1], KEYS[device.decode()]


def bare_check(prepared: list[tuple[bytes, bytes]]) -> None:
    """libsodium's verification as PyNaCl binds it, and nothing else."""
    for signed, key in prepared:
        nacl.bindings.crypto_sign_open(signed, key)


def flushes(folder: Path) -> None:
    for number in range(FLUSHES):
        with open(folder / f"bare{number}", "wb") as file:
            file.write(b"x" * 600)
            file.flush()
            os.fdatasync(file.fileno())


# Saying it.
def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def percentile(found: list[float], part: int) -> float:
    return sorted(found)[len(found) * part // 100]


def rate(number: int, took: float) -> str:
    return f"{number / took:10,.0f} a second"


def say(what: str, figure: str, ratio: str) -> None:
    print(f"{what:42} {figure:>20}   {ratio}", flush=True)


if __name__ == "__main__":
    main()
