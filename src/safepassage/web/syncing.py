"""Hub to hub: what this hub tells another, and takes from it. Enrolled hubs alone are answered (`hub.syncing.Admission`).

GET  /{d}/api/sync              which log this is, and a challenge
POST /{d}/api/sync/frontier     what is under our tree head
POST /{d}/api/sync/lacking      a frontier comes; what it does not show goes, as a stream
POST /{d}/api/sync/envelopes    envelopes come; what became of them goes
"""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from safepassage.errors import BAD_FRONTIER, stop
from safepassage.hub.carrying import frontier_of, lacking, take
from safepassage.ledger.frontier import LARGEST_FRONTIER, parse_frontier, render_frontier
from safepassage.sync.folding import folded, unfolded
from safepassage.sync.http import LARGEST_BODY, LARGEST_UNFOLDED, greeting
from safepassage.web.bodies import body_of
from safepassage.web.host import Host

Answer = Callable[[Host, bytes], Awaitable[Response]]


def sync_routes(host: Callable[[Request], Host]) -> list[Route]:
    async def greet(request: Request) -> Response:
        here = host(request)
        folder = here.hub.folder
        return Response(greeting(folder.about.deployment, folder.origin, here.admission.challenge()), media_type="text/plain")

    def guarded(asked: str, answer: Answer) -> Route:
        async def run(request: Request) -> Response:
            here, body = host(request), await body_of(request, LARGEST_BODY)
            if body is None:
                return PlainTextResponse(f"it is over {LARGEST_BODY:,} bytes\n", 413)
            wrong = here.admission.wrong(request.headers.get("authorization", ""), asked, body)
            return PlainTextResponse(f"{wrong}\n", 401) if wrong else await answer(here, body)

        return Route(f"/{{d}}/api/sync/{asked}", run, methods=["POST"])

    answers = {"frontier": _frontier, "lacking": _lacking, "envelopes": _envelopes}
    return [Route("/{d}/api/sync", greet), *(guarded(asked, answer) for asked, answer in answers.items())]


async def _frontier(here: Host, _: bytes) -> Response:
    ledger, deployment = here.hub.ledger, here.hub.folder.about.deployment
    frontier = await run_in_threadpool(frontier_of, ledger, deployment)
    return Response(render_frontier(frontier), media_type="text/plain")


async def _lacking(here: Host, body: bytes) -> Response:
    """The ledger is read on another thread, as fast as it is taken; the hub goes on receiving meanwhile."""
    unfolding = zlib.decompressobj()
    try:
        said = unfolding.decompress(body, LARGEST_FRONTIER)
    except zlib.error as wrong:
        stop(BAD_FRONTIER, reason=str(wrong))
    return StreamingResponse(folded(lacking(here.hub.ledger, parse_frontier(said))), media_type="application/octet-stream")


async def _envelopes(here: Host, body: bytes) -> Response:
    carried = unfolded(body, LARGEST_UNFOLDED)
    if carried is None:
        return PlainTextResponse("it is no deflated list of envelopes\n", 400)
    return Response(msgspec.json.encode(take(here.hub, carried)), media_type="application/json")
