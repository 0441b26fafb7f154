"""One deployment is one folder: world, clauses, ledger, public keys. Copy it and you can verify, replay and read it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from safepassage.errors import FOLDER_TAKEN, LEDGER_MISSING, NO_FOLDER, READ_ONLY, STORE_DAMAGED, InputError, Where, stop
from safepassage.hub.keys import Keys
from safepassage.ledger.keys import VerifyKey, parse_vkey
from safepassage.ledger.ledger import Ledger
from safepassage.ledger.treehead import TreeHead, open_head
from safepassage.ledger.verify import Progress, Verification, verify
from safepassage.observation import from_bytes, tag_of
from safepassage.observation.setting import DeploymentOpened, DeviceEnrolled
from safepassage.stores.cosigned import CosignedFiles
from safepassage.stores.sqlite import DATABASE, SqliteStore
from safepassage.stores.tiles import write_log
from safepassage.values.ids import DeploymentId, DeviceId
from safepassage.values.places import World, parse_world

AUTHORITY, HUB, LOG = DeviceId("authority-1"), DeviceId("hub-1"), DeviceId("log-1")
PUBLIC_LOG = "log"
"""The folder of tiles within a deployment's folder: a copy that strangers' tools read, made from the ledger on request."""


_OPENS, _ENROLS = tag_of(DeploymentOpened).encode(), tag_of(DeviceEnrolled).encode()
"""One of them stands in every payload that enrols anybody; few others are looked at."""


class About(msgspec.Struct, frozen=True):
    """`deployment.json`: what a stranger needs to verify the folder. Public keys only."""

    deployment: DeploymentId
    log: str
    authority: str
    demonstration: bool = False
    hub: DeviceId = HUB
    """The device that signs for this hub; each hub of a deployment has its own."""


class Folder:
    """A deployment's folder, and the keys beside it that this machine has."""

    def __init__(self, path: Path, about: About) -> None:
        self.path, self.about = path, about
        self.keys = Keys(path, about.deployment, about.demonstration)

    @property
    def origin(self) -> str:
        """The log's name in tree heads: the name of its key."""
        return self.log_key.name

    @property
    def log_key(self) -> VerifyKey:
        return parse_vkey(self.about.log)

    @property
    def world(self) -> World:
        return parse_world((self.path / "world.toml").read_text("utf-8"), str(self.path / "world.toml"))

    @property
    def clauses(self) -> str:
        """The text of `agreement.clauses`; empty where there is none."""
        path = self.path / "agreement.clauses"
        return path.read_text("utf-8") if path.exists() else ""

    def ledger(self, writer: bool = True) -> Ledger:
        """The ledger, for writing where this machine has the log's key."""
        if not (self.path / DATABASE).exists():
            stop(LEDGER_MISSING, Where(str(self.path / DATABASE)), folder=str(self.path))
        writes = writer and self.keys.has(LOG)
        signer = self.keys.signer(LOG, self.origin) if writes else None
        store = SqliteStore(self.path, writer=writes)
        try:
            ledger = Ledger(store, signer, self.origin, self.log_key)
            self._bear_out(ledger)
        except BaseException:
            store.close()
            raise
        return ledger

    def cosigned_heads(self) -> list[bytes]:
        """The tree heads of this log that cosigners answered for and that are kept here; what else lies there is left out."""
        notes = [data for _, data in CosignedFiles(self.path).all()]
        return [data for data in notes if isinstance(open_head(data, self.log_key, self.origin), TreeHead)]

    def write_log(self, anew: bool = False) -> int:
        """Bring the public log, the folder `log`, up to the ledger's tree head; how many files were written."""
        ledger = self.ledger(writer=False)
        try:
            return write_log(self.path / PUBLIC_LOG, ledger, self.log_key, anew, self.cosigned_heads())
        finally:
            ledger.close()

    def verify(self, progress: Progress | None = None) -> Verification:
        """Check the whole ledger from its bytes, with nothing but public keys; a damaged one too, which no ledger opens.

        Raises
        ------
        LedgerAtRisk
            SP-401, where the database itself cannot be read.
        """
        store = SqliteStore(self.path, writer=False)
        try:
            head = store.head()
            heads = [*([head] if head else []), *self.cosigned_heads()]
            return verify(store.read(), heads, self.log_key, self.origin, enrolments, progress)
        finally:
            store.close()

    def _bear_out(self, ledger: Ledger) -> None:
        """What cosigners have seen must be here: if not, this is an older copy, and a second history would begin."""
        for data in self.cosigned_heads():
            head = open_head(data, self.log_key, self.origin)
            if isinstance(head, TreeHead) and (head.size > ledger.size or ledger.root_at(head.size) != head.root):
                stop(STORE_DAMAGED, reason=f"a tree of {head.size} entries was cosigned that is not here", folder=self.path)


def enrolments(payload: bytes) -> list[tuple[DeviceId, str]]:
    """The devices and keys that a payload enrols: what `verify` needs to know of observations."""
    if _OPENS not in payload and _ENROLS not in payload:
        return []
    try:
        what = from_bytes(payload).what
    except InputError:
        return []  # whatever it is, it enrols nobody
    match what:
        case DeploymentOpened(_, authority):
            return [(DeviceId(authority.partition("+")[0]), authority)]
        case DeviceEnrolled(device, _, _, key):
            return [(device, key)]
        case _:
            return []


def make_folder(path: Path, deployment: DeploymentId, world: str, clauses: str, demonstration: bool = False) -> Folder:
    """A new deployment's files, and its keys beside them. `create` gives it its first entries.

    Raises
    ------
    InputError
        SP-112, where the folder is not empty; SP-110, where the world does not hold together.
    """
    parse_world(world, "world.toml")
    _empty(path)
    keys = Keys(path, deployment, demonstration)
    authority, _ = (keys.make(name) for name in (AUTHORITY, HUB))
    log = keys.make(LOG, f"safepassage/{deployment}")  # cosigners tell logs apart by this name
    return _filled(path, About(deployment, log.vkey, authority.vkey, demonstration), world, clauses)


def join_folder(path: Path, other: Folder, name: str) -> Folder:
    """A further hub's folder in the same deployment, from what is public of another's; empty, with a log and keys of its own.

    Its entries come by syncing, the opening before all others.

    Raises
    ------
    InputError
        SP-112, where the folder is not empty.
    """
    world, clauses = (other.path / "world.toml").read_text("utf-8"), other.clauses
    _empty(path)
    given = other.about
    keys = Keys(path, given.deployment, given.demonstration)
    hub = DeviceId(f"{name}-1")
    keys.make(hub)
    log = keys.make(LOG, f"safepassage/{given.deployment}/{name}")
    return _filled(path, About(given.deployment, log.vkey, given.authority, given.demonstration, hub), world, clauses)


def _empty(path: Path) -> None:
    if path.exists() and any(path.iterdir()):
        stop(FOLDER_TAKEN, folder=str(path))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        stop(READ_ONLY, folder=str(path.parent))


def _filled(path: Path, about: About, world: str, clauses: str) -> Folder:
    (path / "world.toml").write_text(world, "utf-8")
    if clauses:
        (path / "agreement.clauses").write_text(clauses, "utf-8")
    SqliteStore(path).close()
    (path / "deployment.json").write_bytes(msgspec.json.format(msgspec.json.encode(about)) + b"\n")
    return Folder(path, about)


def open_folder(path: Path) -> Folder:
    """A deployment that exists.

    Raises
    ------
    InputError
        SP-111, where there is none.
    """
    try:
        data = (path / "deployment.json").read_bytes()
        return Folder(path, msgspec.json.decode(data, type=About))
    except (OSError, msgspec.MsgspecError):
        stop(NO_FOLDER, Where(str(path / "deployment.json")), folder=str(path))
