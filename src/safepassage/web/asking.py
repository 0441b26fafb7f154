"""The duty officer's questions over the web: what may be asked, and an answer with its bounds, entries and coverage.

GET  /{d}/api/questions                                        what may be asked, and of what
GET  /{d}/api/where?question=…&about=…[&known=…][&as_of=…]     one answer; `known`: a tree size, or a time as people write it
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from safepassage.disclosure.where import CHANGED, QUESTIONS, Answer, moment
from safepassage.errors import NOT_ASKED_OF, stop
from safepassage.hub import Hub
from safepassage.web.bodies import json_answer
from safepassage.web.host import Host


class Askable(msgspec.Struct, frozen=True):
    """One question. `about`: what must be given with it, in words; empty where nothing must."""

    question: str
    asks: str
    about: str


def asking_routes(host: Callable[[Request], Host]) -> list[Route]:
    async def questions(request: Request) -> Response:
        host(request)
        return json_answer([Askable(name, one.asks, one.about.lower()) for name, one in QUESTIONS.items()] + [_CHANGED])

    async def answer(request: Request) -> Response:
        asked = {field: request.query_params.get(field, "").strip() for field in ("question", "about", "known", "as_of")}
        return json_answer(_answer(host(request).hub, **asked))  # in the loop, as whatever reads the picture that grows in it

    return [Route("/{d}/api/questions", questions), Route("/{d}/api/where", answer)]


_CHANGED = Askable(CHANGED, "what changed since then, and by which late reports", "time")


def _answer(hub: Hub, question: str, about: str, known: str, as_of: str) -> Answer:
    one = QUESTIONS.get(question)
    if (one is None and question != CHANGED) or bool(about) is not (one is None or bool(one.about)):
        stop(NOT_ASKED_OF, about=about or "nothing", deployment=hub.folder.about.deployment)
    newest, zone = hub.newest_at(), hub.folder.world.zone
    if one is None:
        return hub.changed(moment(about, newest, zone))
    then = moment(as_of, newest, zone) if as_of else None
    if known.isdigit():
        return hub.where(question, about, size=int(known), as_of=then)
    return hub.where(question, about, moment(known, newest, zone) if known else None, as_of=then)
