"""A hub's real server, in a thread of the test or in a process of its own: `python serving.py FOLDER` prints its port and serves."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.web.app import make_app
from safepassage.web.host import Host


def listening() -> socket.socket:
    """Whoever connects before the server runs is kept waiting, not refused."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    return listener


@contextmanager
def serving(hub: Hub, name: str = "night") -> Iterator[str]:
    """The address of the hub's page; its session is closed to everybody else."""
    listener = listening()
    server = uvicorn.Server(uvicorn.Config(make_app({name: Host(name, hub, "a-session")}), log_level="critical"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/{name}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def main(folder: str, name: str) -> None:
    hub = Hub(open_folder(Path(folder)), wall_clock)
    listener = listening()
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(uvicorn.Config(make_app({name: Host(name, hub)}), log_level="critical"))
    asyncio.run(server.serve(sockets=[listener]))


if __name__ == "__main__":
    main(*sys.argv[1:])
