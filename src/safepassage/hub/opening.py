"""A deployment's first entries, signed by the authority: it is opened, its hub is enrolled, and its agreement is adopted."""

from __future__ import annotations

from pathlib import Path

from safepassage.agreement.grammar import parse_agreement
from safepassage.hub.folder import AUTHORITY, HUB, Folder, join_folder, make_folder, open_folder
from safepassage.hub.hub import Hub
from safepassage.observation import Observation, What
from safepassage.observation.desk import AgreementAdopted
from safepassage.observation.setting import DeploymentOpened, DeviceEnrolled
from safepassage.values.ids import DeploymentId, ObserverId
from safepassage.values.people import Role
from safepassage.values.places import parse_world
from safepassage.values.times import Instant


def create(
    path: Path, deployment: DeploymentId, world: str, clauses: str, now: Instant, demonstration: bool = False, since: Instant | None = None
) -> Folder:
    """A new deployment, opened at `now`. `since`: from when the agreement holds, otherwise from now.

    Raises
    ------
    InputError
        SP-112, where the folder is not empty; SP-110, where the world does not hold together; SP-501, where a clause cannot
        be read. Nothing is made then.
    """
    if clauses:
        parse_agreement(clauses, parse_world(world))
    folder = make_folder(path, deployment, world, clauses, demonstration)
    exercise = parse_world(world).exercise
    hub_key = folder.keys.signer(HUB).vkey
    decisions: list[What] = [
        DeploymentOpened(deployment, folder.about.authority, world, exercise, demonstration),
        DeviceEnrolled(HUB, ObserverId("hub"), Role.HUB, hub_key),
    ]
    if clauses:
        decisions.append(AgreementAdopted(now if since is None else since, clauses))
    hub = Hub(folder, lambda: now)
    for decision in decisions:
        hub.decide(AUTHORITY, Observation(by=ObserverId("authority"), seen_at=now, what=decision))
    hub.close()
    return folder


def join(path: Path, other: Path, name: str) -> Folder:
    """A further hub's folder in the deployment of `other`, a copy of a hub's folder; empty until it hears what others have.

    Raises
    ------
    InputError
        SP-111, where `other` is no deployment; SP-112, where `path` is not empty.
    """
    return join_folder(path, open_folder(other), name)
