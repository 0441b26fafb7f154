"""Private keys: made here and nowhere else, and kept beside a deployment's folder, never in it (DESIGN, "One deployment is one folder")."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from safepassage.errors import NO_KEY, stop
from safepassage.ledger.keys import ED25519, Signer, demo_signer, signer_from_seed
from safepassage.values.ids import DeploymentId, DeviceId


class Keys:
    """The private keys of one hub. In a demonstration they derive from a public seed and nothing is kept."""

    def __init__(self, folder: Path, deployment: DeploymentId, demonstration: bool) -> None:
        self._place = folder.with_name(folder.name + ".keys")
        self._deployment, self._demonstration = deployment, demonstration

    def signer(self, name: str, called: str | None = None, algorithm: int = ED25519) -> Signer:
        """The key of a device or of the log, kept under `name`; notes call it so, or as `called` says.

        Raises
        ------
        InputError
            SP-407, where it is not on this machine: a copied folder opens read-only.
        """
        if self._demonstration:
            return demo_signer(self._deployment, DeviceId(called or name))
        path = self._place / name
        if not path.exists():
            stop(NO_KEY)
        return signer_from_seed(called or name, path.read_bytes(), algorithm)

    def has(self, name: str) -> bool:
        return self._demonstration or (self._place / name).exists()

    def make(self, name: str, called: str | None = None, algorithm: int = ED25519) -> Signer:
        """A new key, readable by this user only. One that exists is never overwritten: it is the key of that name."""
        if self.has(name):
            return self.signer(name, called, algorithm)
        self._place.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(self._place / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        return self.signer(name, called, algorithm)
