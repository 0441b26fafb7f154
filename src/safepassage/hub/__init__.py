"""The hub: the only place where clock, keys, disk and parts are joined. `Hub.receive` is the life of one observation."""

from safepassage.hub.folder import Folder, open_folder
from safepassage.hub.hub import Hub
from safepassage.hub.opening import create

__all__ = ["Folder", "Hub", "create", "open_folder"]
