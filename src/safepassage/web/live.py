"""The live stream: server-sent events whose id is the tree size. Bursts are joined; while nothing grows, time goes on every few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

from safepassage.disclosure import Audience
from safepassage.web.host import Host

TOGETHER = 0.25
"""Seconds in which further entries join one event."""
QUIET = 5.0
"""Seconds after which time itself is news: limits run out."""


def events(host: Host, request: Request) -> StreamingResponse:
    """The stream from the newest picture on; a client that resumes gets the newest again, which holds all that it missed."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_stream(host, request), media_type="text/event-stream", headers=headers)


async def _stream(host: Host, request: Request) -> AsyncIterator[bytes]:
    size = 0
    yield b"retry: 1000\n\n"
    while not host.ending and not await request.is_disconnected():
        size = await host.grown(size, QUIET if size else 0)
        data = host.view_bytes(Audience.OPERATIONS)
        yield b"id: %d\nevent: view\ndata: %b\n\n" % (size, data)
        await asyncio.sleep(TOGETHER)
