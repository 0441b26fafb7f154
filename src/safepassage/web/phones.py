"""Phone to hub: what a phone signed comes in batches, and is asked for where an answer was lost. A signed envelope is its own proof of
who sends it, so nobody needs a session here.

GET  /{d}/api/strand?id=…&digest=…   what is here of a device's strand, from one of its envelopes on
POST /{d}/api/envelopes              envelopes come; what became of each goes

Source: docs/formats/sync.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from safepassage.errors import MALFORMED_ENVELOPE, NOT_ENROLLED, QUARANTINE_FULL, REFUSALS_FULL, Problem, Refusal, problem
from safepassage.hub.carrying import strand_from
from safepassage.ledger.ledger import Receipt
from safepassage.ledger.tiles import parse_bundle
from safepassage.sync.folding import unfolded
from safepassage.values.ids import EntryId
from safepassage.web.bodies import body_of, json_answer
from safepassage.web.host import Host

MOST, LARGEST = 200, 1_000_000
"""Envelopes in one request, and their bytes, sent or unfolded."""
_HASH = re.compile(r"[0-9a-f]{64}")
_LATER = (NOT_ENROLLED.number, QUARANTINE_FULL.number, REFUSALS_FULL.number)


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one envelope: a receipt, or a problem. `later`: it may be accepted yet, so the phone keeps and sends it again."""

    receipt: Receipt | None = None
    problem: Problem | None = None
    later: bool = False


def phone_routes(host: Callable[[Request], Host]) -> list[Route]:
    async def strand(request: Request) -> Response:
        here, asked = host(request).hub.ledger, request.query_params
        id, digest = asked.get("id", ""), asked.get("digest", "")
        return json_answer(await run_in_threadpool(strand_from, here, EntryId(id), digest, MOST) if _HASH.fullmatch(id) else [])

    async def envelopes(request: Request) -> Response:
        here, batch = host(request), await _batch(request)
        if isinstance(batch, Problem):
            return Response(msgspec.json.encode(batch), 400, media_type="application/problem+json")
        return json_answer([_answer(each) for each in here.hub.receive_all(batch)])

    return [Route("/{d}/api/strand", strand), Route("/{d}/api/envelopes", envelopes, methods=["POST"])]


async def _batch(request: Request) -> list[bytes] | Problem:
    """The envelopes of a body, deflated where its header says so."""
    body = await body_of(request, LARGEST)
    if body is None:
        return problem(MALFORMED_ENVELOPE, reason=f"the request is over {LARGEST:,} bytes")
    deflated = request.headers.get("content-encoding", "") == "deflate"
    found = unfolded(body, LARGEST) if deflated else parse_bundle(body)
    if not found or len(found) > MOST:
        return problem(MALFORMED_ENVELOPE, reason=f"the request is no list of 1 to {MOST} envelopes of at most {LARGEST:,} bytes")
    return found


def _answer(said: Receipt | Refusal) -> Answer:
    if isinstance(said, Receipt):
        return Answer(receipt=said)
    return Answer(problem=said.problem, later=said.problem.number in _LATER)
