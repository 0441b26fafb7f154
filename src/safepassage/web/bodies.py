"""A request's bytes, read only as far as they may go."""

from __future__ import annotations

from starlette.requests import Request


async def body_of(request: Request, most: int) -> bytes | None:
    """The whole body; None where it has more than `most` bytes."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            return None
    return bytes(data)
