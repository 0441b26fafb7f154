"""The web application: deployments, each under its own address, with pages, a live stream, and the door for envelopes.

GET  /                              which deployments are here
GET  /{d}/  /{d}/monitor            the operations page, the monitor's page; /{d}/worker.js keeps the latter on a phone
GET  /{d}/api/view?size=N           a disclosed picture, now or as known at a tree size
GET  /{d}/api/events                server-sent events; their id is the tree size, so a lost connection resumes exactly
GET  /{d}/api/setting, entry/{n}    what a phone needs; one entry down to its bytes
GET  /{d}/api/split/{name}          the proof that the log contradicted itself
     /{d}/api/questions, where      the duty officer's questions (`web.asking`)
     /{d}/api/strand, envelopes     what phones signed (`web.phones`)
POST /{d}/api/enrol                 a browser's key, in demonstrations only
     /{d}/api/sync…                 other hubs of the deployment (`web.syncing`)
GET  /{d}/report, /{d}/public       the situation report; totals after arrival
"""

from __future__ import annotations

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from safepassage.disclosure import Audience
from safepassage.errors import MALFORMED_ENVELOPE, NO_FOLDER, InputError, Problem, SafePassageError, problem
from safepassage.hub.cosigning import splits
from safepassage.report.public import public_page
from safepassage.report.public import style_hash as public_style
from safepassage.report.sitrep import sitrep
from safepassage.report.sitrep import style_hash as sitrep_style
from safepassage.web.asking import asking_routes
from safepassage.web.bodies import body_of, json_answer
from safepassage.web.guard import Guard
from safepassage.web.host import Enrol, Host
from safepassage.web.live import events
from safepassage.web.pages import STATIC, front_page, page, worker
from safepassage.web.phones import phone_routes
from safepassage.web.syncing import sync_routes

LARGEST = 65_535


def make_app(hosts: dict[str, Host]) -> Starlette:
    """The application over these deployments, by name in the address."""

    def host(request: Request) -> Host:
        found = hosts.get(request.path_params["d"])
        if found is None:
            raise _Missing(request.path_params["d"])
        return found

    async def front(_: Request) -> Response:
        return front_page([each.hub.setting() for each in hosts.values()])

    async def dashboard(request: Request) -> Response:
        host(request)
        return page("dashboard")

    async def monitor(request: Request) -> Response:
        host(request)
        return page("monitor")

    async def keeper(request: Request) -> Response:
        host(request)
        return worker()

    async def view(request: Request) -> Response:
        size = request.query_params.get("size", "")
        return json_answer(host(request).view_bytes(Audience.OPERATIONS, int(size) if size.isdigit() else None))

    async def live(request: Request) -> Response:
        return events(host(request), request)

    async def setting(request: Request) -> Response:
        return json_answer(host(request).hub.setting())

    async def entry(request: Request) -> Response:
        here, index = host(request), request.path_params["index"]
        if index >= here.hub.ledger.size:
            raise _Missing(f"entry {index}")
        return json_answer(here.hub.entry(index))

    async def enrol(request: Request) -> Response:
        answer = host(request).enrol(msgspec.json.decode(await body_of(request, LARGEST) or b"", type=Enrol))
        return _problem(answer, 409) if isinstance(answer, Problem) else json_answer(answer)

    async def split(request: Request) -> Response:
        found = [path for path in splits(host(request).hub.folder) if path.name == request.path_params["name"]]
        if not found:
            raise _Missing(request.path_params["name"])
        return Response(found[0].read_bytes(), media_type="application/octet-stream", headers={"cache-control": "no-store"})

    async def report(request: Request) -> Response:
        return _paper(sitrep(host(request).hub.view(Audience.OPERATIONS)), sitrep_style())

    async def public(request: Request) -> Response:
        return _paper(public_page(host(request).hub.view(Audience.PUBLIC)), public_style())

    async def icon(_: Request) -> Response:
        return FileResponse(STATIC / "icon.svg") if (STATIC / "icon.svg").exists() else Response(status_code=204)

    async def bare(request: Request) -> Response:
        return RedirectResponse(f"/{host(request).name}/")

    routes = [
        Route("/", front),
        Route("/favicon.ico", icon),
        Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
        Route("/{d}", bare),
        Route("/{d}/", dashboard),
        Route("/{d}/monitor", monitor),
        Route("/{d}/worker.js", keeper),
        Route("/{d}/report", report),
        Route("/{d}/public", public),
        Route("/{d}/api/view", view),
        Route("/{d}/api/events", live),
        Route("/{d}/api/setting", setting),
        Route("/{d}/api/entry/{index:int}", entry),
        Route("/{d}/api/split/{name}", split),
        Route("/{d}/api/enrol", enrol, methods=["POST"]),
        *asking_routes(host),
        *phone_routes(host),
        *sync_routes(host),
    ]
    handlers = {_Missing: _missing, SafePassageError: _said, msgspec.MsgspecError: _unreadable}
    return Starlette(routes=routes, middleware=[Middleware(Guard, hosts=hosts)], exception_handlers=handlers)


class _Missing(Exception):
    """No such deployment or entry here."""


async def _missing(_: Request, missing: Exception) -> Response:
    return _problem(problem(NO_FOLDER, folder=str(missing)), 404)


async def _said(_: Request, error: Exception) -> Response:
    assert isinstance(error, SafePassageError)  # registered for it alone
    return _problem(error.problem, 400 if isinstance(error, InputError) else 503)


async def _unreadable(_: Request, error: Exception) -> Response:
    return _problem(problem(MALFORMED_ENVELOPE, reason=str(error)), 400)


def _paper(html: bytes, style: str) -> Response:
    """One self-contained file: its own style, and nothing else, may run."""
    policy = f"default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return Response(html, media_type="text/html", headers={"content-security-policy": policy})


def _problem(said: Problem, status: int) -> Response:
    return Response(msgspec.json.encode(said), status_code=status, media_type="application/problem+json")
