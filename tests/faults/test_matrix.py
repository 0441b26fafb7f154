"""Two hubs, two cosigners, three phones, and a fault at any write of any of them; after every step the plain judge.

Source: DESIGN 4; the shape is that of FiloSottile/sunlight internal/ctlog/ctlog_test.go, whose `CheckLog` follows every step too.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections import Counter
from collections.abc import Callable
from copy import copy
from pathlib import Path

import pytest

from safepassage.errors import Refusal
from safepassage.hub.carrying import frontier_of, lacking, take
from safepassage.hub.cosigner import Cosigner
from safepassage.hub.cosigning import gather, offer, policy_of
from safepassage.hub.folder import AUTHORITY, open_folder
from safepassage.hub.hub import Hub
from safepassage.hub.opening import create, join
from safepassage.ledger.cosign import Declined
from safepassage.ledger.envelope import FIRST, Header, seal
from safepassage.ledger.keys import demo_signer, signer_from_seed
from safepassage.ledger.ledger import Receipt
from safepassage.observation import Observation, to_bytes
from safepassage.observation.setting import DeviceEnrolled
from safepassage.observation.vehicles import HeadsCounted
from safepassage.simulate.player import Device
from safepassage.values.counts import exactly
from safepassage.values.ids import DeviceId, ObserverId, VehicleId
from safepassage.values.people import Role
from tests.faults.faulty import Fault, Kind, apart
from tests.faults.plain import check_cosigner, check_ledger
from tests.hub.making import DAWN, NAME, NIGHT, seen

HUBS, COSIGNERS, PHONES = ("night", "east"), ("red", "blue"), ("m01", "m02", "m03")
NOON = 1_482_062_400
STEPS = 25
RUNS = 500


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hubs that know three phones and each other, two cosigners that know both logs: copied for every run."""
    place = tmp_path_factory.mktemp("template")
    world = (NIGHT / "world.toml").read_text("utf-8")
    folder = create(place / "night", NAME, world, "", DAWN, demonstration=True)
    further = join(place / "east", place / "night", "east")
    hub = Hub(folder, lambda: DAWN)
    for observer, role in [*((phone, Role.MONITOR) for phone in PHONES), ("east", Role.HUB)]:
        device = DeviceId(f"{observer}-1")
        enrolled = DeviceEnrolled(device, ObserverId(observer), role, demo_signer(NAME, device).vkey)
        hub.decide(AUTHORITY, Observation(by=ObserverId("authority"), seen_at=DAWN, what=enrolled))
    other = Hub(further, lambda: DAWN)
    take(other, list(lacking(hub.ledger, frontier_of(other.ledger, NAME))))
    lines = [f"log {each.about.log}" for each in (folder, further)]
    for name in COSIGNERS:
        cosigner = Cosigner(place / name, f"{name}.example")
        for each in (folder, further):
            cosigner.know(each.about.log)
        lines.append(f"witness {name} {cosigner.vkey}")
        cosigner.close()
    for each in (hub, other):
        each.close()
        (each.folder.path / "policy").write_text("\n".join([*lines, "group both all red blue", "quorum both", ""]))
    return place


class Stand:
    """One run: what everybody has on the disk, and what everybody remembers."""

    def __init__(self, place: Path, seed: int) -> None:
        self.place, self.dice, self.ended = place, random.Random(seed), Counter[str]()
        self.phones = {observer: Device(NAME, ObserverId(observer)) for observer in PHONES}
        self.outbox: dict[str, list[bytes]] = {observer: [] for observer in PHONES}
        self.acknowledged: dict[str, set[str]] = {hub: set() for hub in HUBS}
        self.seen: dict[str, set[bytes]] = {hub: {(place / hub / "treehead").read_bytes()} for hub in HUBS}
        self.cosigned: dict[tuple[str, Path], bytes] = {}
        self.forged: set[str] = set()
        self.requests: list[bytes] = []
        self.minute = 0

    def step(self, disturbed: bool = True) -> None:
        """One thing happens, a fault may strike it; then everything is judged."""
        kind = self.dice.choice(list(Kind))
        fault = Fault(self.dice.randrange(1, 9) if disturbed and self.dice.randrange(4) else 0, kind)
        work = self.dice.choice(
            [self._sends, self._sends, self._forges, self._syncs, self._is_cosigned, self._is_cosigned, self._replays, self._writes_log]
        )
        ended = work(fault)
        assert not ended.startswith("BUG"), ended
        self.ended[ended or "done"] += 1
        self.judge()

    def judge(self) -> None:
        for hub in HUBS:
            folder = self.place / hub
            self.seen[hub].add((folder / "treehead").read_bytes())
            self.seen[hub] |= {path.read_bytes() for path in (folder / "cosigned").glob("*") if path.suffix != ".new"}
            check_ledger(folder, self.acknowledged[hub], self.forged, self.seen[hub])
        for name in COSIGNERS:
            kept = {path: path.read_bytes() for path in (self.place / name / "cosigned").glob("*") if path.suffix != ".new"}
            assert kept.keys() >= {path for of, path in self.cosigned if of == name}, "what was cosigned is forgotten"
            for path, note in kept.items():
                check_cosigner(note, self.cosigned.get((name, path)))
                self.cosigned[name, path] = note
                self.seen[HUBS[b"/east" in note.split(b"\n")[0]]].add(note)

    def settle(self) -> None:
        """Nothing fails any more: every phone empties its outbox, both hubs hear each other; then both have the same, and all of it."""
        for observer in PHONES:
            while self.outbox[observer]:
                self._send(observer, "night", Fault(0, Kind.FAILS))
        for source, target in (HUBS, HUBS[::-1], HUBS):
            assert self._carry(source, target, Fault(0, Kind.FAILS)) == ""
        self.judge()
        ids = []
        for hub in HUBS:
            assert open_folder(self.place / hub).verify().proved
            reader = Hub(open_folder(self.place / hub), lambda: DAWN, writer=False)
            ids.append({row.id for row in reader.ledger.read()})
            reader.close()
        assert ids[0] == ids[1] >= self.acknowledged["night"] | self.acknowledged["east"]

    # What can happen.
    def _sends(self, fault: Fault) -> str:
        """A phone records, and sends all that no hub acknowledged yet."""
        observer = self.dice.choice(PHONES)
        self.outbox[observer].append(self.phones[observer].seal(self._counted(observer)))
        return self._send(observer, self.dice.choice(HUBS), fault)

    def _send(self, observer: str, hub: str, fault: Fault) -> str:
        envelopes = self.outbox[observer]

        def work(say: Callable[[str], None]) -> None:
            here = Hub(open_folder(self.place / hub), lambda: DAWN)
            for envelope in envelopes:
                answer = here.receive(envelope)
                assert isinstance(answer, Receipt), answer
                say(answer.id)
            here.close()

        said, ended = apart(work, fault)
        self.acknowledged[hub] |= set(said)
        self.outbox[observer] = [each for each in envelopes if _id(each) not in said]
        return ended

    def _forges(self, fault: Fault) -> str:
        """Somebody signs for an enrolled phone with another key, alters what it said, and records as a phone that nobody enrolled."""
        observer, hub = self.dice.choice(PHONES), self.dice.choice(HUBS)
        payload = to_bytes(self._counted(observer))
        false = [
            seal(Header(NAME, DeviceId(f"{observer}-1"), 1, 1, FIRST), payload, signer_from_seed(f"{observer}-1", b"f" * 32)),
            copy(self.phones["m03"]).seal(self._counted("m03")).replace(b'"low":', b'"low":1', 1),
            Device(NAME, ObserverId("m09")).seal(self._counted("m09")),
        ]
        self.forged |= {_id(each) for each in false}

        def work(say: Callable[[str], None]) -> None:
            here = Hub(open_folder(self.place / hub), lambda: DAWN)
            assert all(isinstance(here.receive(each), Refusal) for each in false)
            here.close()

        return apart(work, fault)[1]

    def _syncs(self, fault: Fault) -> str:
        return self._carry(*self.dice.choice([HUBS, HUBS[::-1]]), fault)

    def _carry(self, source: str, target: str, fault: Fault) -> str:
        def work(say: Callable[[str], None]) -> None:
            there = Hub(open_folder(self.place / target), lambda: DAWN)
            ledger = open_folder(self.place / source).ledger(writer=False)
            taken = take(there, list(lacking(ledger, frontier_of(there.ledger, NAME))))
            assert not taken.refused
            there.close()

        return apart(work, fault)[1]

    def _is_cosigned(self, fault: Fault) -> str:
        """Offered, cosigned, gathered; where the cosigner knows another size than the hub it says so, and is asked again."""
        hub, name = self.dice.choice(HUBS), self.dice.choice(COSIGNERS)

        def work(say: Callable[[str], None]) -> None:
            folder, cosigner = open_folder(self.place / hub), Cosigner(self.place / name)
            request = offer(folder, 0)
            answer = cosigner.answer(request, NOON)
            if isinstance(answer, Declined):
                assert answer.size is not None, answer
                request = offer(folder, answer.size)
                answer = cosigner.answer(request, NOON)
            say(request.hex())
            assert isinstance(answer, bytes), answer
            policy = policy_of(folder)
            assert policy is not None
            gather(folder, answer, policy)

        said, ended = apart(work, fault)
        self.requests += map(bytes.fromhex, said)
        return ended

    def _replays(self, fault: Fault) -> str:
        """Somebody kept requests, and brings them again, to either cosigner, when both have seen more."""
        name, requests = self.dice.choice(COSIGNERS), self.dice.sample(self.requests, min(3, len(self.requests)))

        def work(say: Callable[[str], None]) -> None:
            cosigner = Cosigner(self.place / name)
            for request in requests:
                cosigner.answer(request, NOON)

        return apart(work, fault)[1]

    def _writes_log(self, fault: Fault) -> str:
        hub = self.dice.choice(HUBS)
        return apart(lambda _: void(open_folder(self.place / hub).write_log()), fault)[1]

    def _counted(self, observer: str) -> Observation:
        self.minute += 1
        return seen(observer, HeadsCounted(VehicleId("B-07"), exactly(self.minute)), self.minute)


def _id(envelope: bytes) -> str:
    """The content id."""
    return hashlib.sha256(envelope.split(b"\n\n")[1]).hexdigest()


def void(_: object) -> None:
    return None


def run(template: Path, place: Path, seed: int) -> Counter[str]:
    shutil.copytree(template, place)
    stand = Stand(place, seed)
    for _ in range(STEPS):
        stand.step()
    stand.settle()
    shutil.rmtree(place)
    return stand.ended


@pytest.mark.slow
def test_forty_seeded_runs_lose_forge_and_split_nothing(template: Path, tmp_path: Path) -> None:
    ended = sum((run(template, tmp_path / "run", seed) for seed in range(40)), Counter[str]())
    assert ended["killed"] > 40 and sum(count for end, count in ended.items() if end.startswith("SP-")) > 40, ended


@pytest.mark.soak
def test_five_hundred_seeded_runs_lose_forge_and_split_nothing(template: Path, tmp_path: Path) -> None:
    ended = sum((run(template, tmp_path / "run", 1_000 + seed) for seed in range(RUNS)), Counter[str]())
    print(f"{RUNS} runs of {STEPS} steps: {dict(ended)}")
    assert ended["killed"] > RUNS
