"""A deployment on disk with its hub, and phones that sign for their observers: what tests of the hub begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from safepassage.errors import Refusal
from safepassage.hub.folder import AUTHORITY, Folder
from safepassage.hub.hub import Hub
from safepassage.hub.opening import create, join
from safepassage.ledger.ledger import Receipt
from safepassage.observation import Observation, What
from safepassage.observation.setting import DeviceEnrolled
from safepassage.simulate.player import Device
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId, PartyId
from safepassage.values.people import Role
from safepassage.values.times import MINUTE, Instant

ROOT = Path(__file__).resolve().parents[2]
NIGHT = ROOT / "scenarios" / "six-buses-burned"
BAD = ROOT / "testdata" / "bad"
NAME = DeploymentId("night")
DAWN = Instant(1_482_044_400_000)
"""2016-12-18 09:00 in Aleppo."""


class House:
    """A folder, its hub under a clock that the test moves, and one phone for each of a few observers."""

    def __init__(self, path: Path, demonstration: bool = True, clauses: str = "") -> None:
        world, agreed = ((NIGHT / file).read_text("utf-8") for file in ("world.toml", "agreement.clauses"))
        self.now = DAWN
        self.folder: Folder = create(path, NAME, world, clauses or agreed, DAWN, demonstration)
        self.hub = Hub(self.folder, lambda: self.now)
        self.phones: dict[str, Device] = {}

    def enrol(self, observer: str, role: Role = Role.MONITOR) -> Device:
        """A phone with a demonstration key, enrolled."""
        phone = self.phone(observer)
        answer = self.hub.decide(AUTHORITY, self.enrolment(phone, observer, role))
        assert isinstance(answer, Receipt), answer
        return phone

    def phone(self, observer: str) -> Device:
        """A phone that nobody enrolled yet."""
        return self.phones.setdefault(observer, Device(NAME, ObserverId(observer)))

    def enrolment(self, phone: Device, observer: str, role: Role = Role.MONITOR) -> Observation:
        party = PartyId(observer if "-" in observer else "party-south") if role is Role.PARTY else None
        what = DeviceEnrolled(DeviceId(phone.id), ObserverId(observer), role, phone.signer.vkey, party)
        return Observation(by=ObserverId("authority"), seen_at=DAWN, what=what)

    def sealed(self, observer: str, what: What, minutes: int = 0, at: str | None = "ramouseh") -> bytes:
        return self.phone(observer).seal(seen(observer, what, minutes, at))

    def says(self, observer: str, what: What, minutes: int = 0, at: str | None = "ramouseh") -> Receipt | Refusal:
        """Signed, carried here at once, received."""
        self.now = max(self.now, Instant(DAWN + minutes * MINUTE))
        return self.hub.receive(self.sealed(observer, what, minutes, at))

    def again(self) -> Hub:
        """The hub of another process: this one is closed first."""
        self.hub.close()
        self.hub = Hub(self.folder, lambda: self.now)
        return self.hub

    def twice(self) -> Iterator[Hub]:
        """This hub, then the one that another process would open."""
        yield self.hub
        yield self.again()


def seen(observer: str, what: What, minutes: int = 0, at: str | None = "ramouseh") -> Observation:
    """`minutes` after dawn."""
    made = Observation(by=ObserverId(observer), seen_at=Instant(DAWN + minutes * MINUTE), what=what)
    return made if at is None else replace(made, at=at)


def further(path: Path, house: House, name: str) -> Hub:
    """Another hub of the same deployment, empty, enrolled at the first; under the first one's clock."""
    folder = join(path, house.folder.path, name)
    key = folder.keys.signer(folder.about.hub).vkey
    enrolled = DeviceEnrolled(folder.about.hub, ObserverId(name), Role.HUB, key)
    answer = house.hub.decide(AUTHORITY, Observation(by=ObserverId("authority"), seen_at=house.now, what=enrolled))
    assert isinstance(answer, Receipt), answer
    return Hub(folder, lambda: house.now)
