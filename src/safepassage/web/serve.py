"""Runs the server beside what beats in the same process: a live play, or a hub's own clock. Whatever fails ends all of it, said aloud."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Coroutine, Sequence

import uvicorn

from safepassage.hub import Hub
from safepassage.web.app import make_app
from safepassage.web.host import Host


async def serve(
    hubs: dict[str, Hub], sessions: dict[str, str], listener: socket.socket, beats: Sequence[Coroutine[None, None, None]]
) -> None:
    """Until somebody stops it. The hubs are closed at the end; what was acknowledged is in their ledgers."""
    gc.collect()
    gc.freeze()  # what was read at the start stays: looking through all of it again would stop the page for a quarter of a second
    hosts = {name: Host(name, hub, sessions.get(name)) for name, hub in hubs.items()}
    server = uvicorn.Server(uvicorn.Config(make_app(hosts), log_level="warning", timeout_graceful_shutdown=1, server_header=False))
    tasks = [asyncio.create_task(beat) for beat in (*beats, _end_streams(server, hosts))]
    for task in tasks:
        task.add_done_callback(lambda done: _stop_if_failed(done, server))
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for host in hosts.values():
            host.close()
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def _end_streams(server: uvicorn.Server, hosts: dict[str, Host]) -> None:
    """Live streams never end by themselves; a server that stops would wait for them."""
    while not server.should_exit:
        await asyncio.sleep(0.1)
    for host in hosts.values():
        host.end()


def _stop_if_failed(task: asyncio.Task[None], server: uvicorn.Server) -> None:
    if not task.cancelled() and task.exception() is not None:
        server.should_exit = True
