"""A request's bytes, read only as far as they may go; an answer's, which nothing on the way keeps."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response


async def body_of(request: Request, most: int) -> bytes | None:
    """The whole body; None where it has more than `most` bytes."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > most:
            return None
    return bytes(data)


def json_answer(what: object) -> Response:
    """`what` as JSON; bytes are JSON already."""
    data = what if isinstance(what, bytes) else msgspec.json.encode(what)
    return Response(data, media_type="application/json", headers={"cache-control": "no-store"})
