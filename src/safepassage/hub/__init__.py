"""The hub: the only place where clock, keys, disk and parts are joined. `Hub.receive` is the life of one observation."""

from safepassage.hub.folder import Folder, make_folder, open_folder
from safepassage.hub.hub import Hub

__all__ = ["Folder", "Hub", "make_folder", "open_folder"]
