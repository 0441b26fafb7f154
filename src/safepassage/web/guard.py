"""What every answer carries and who may ask: no inline script, no other host, no framing; and a session outside demonstrations."""

from __future__ import annotations

import hmac
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from safepassage.web.host import Host

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), microphone=(), camera=(self)",
}
_PHONES = ("api/strand", "api/envelopes", "api/setting")
_HUBS = ("api/sync", "api/sync/frontier", "api/sync/lacking", "api/sync/envelopes")
UNGUARDED = ("public", *_PHONES, *_HUBS)
"""A signed envelope is its own proof of who sends it, and only who has one can name its digest; the public page holds totals after
arrival; hubs sign what they ask."""


class Guard:
    """Middleware. A session begins with the address that `serve` prints (`?key=…`) and is kept in a strict cookie."""

    def __init__(self, app: ASGIApp, hosts: dict[str, Host]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, _, rest = scope["path"].lstrip("/").partition("/")
        host = self._hosts.get(name)
        cookie = None
        if host is not None and host.session is not None and rest not in UNGUARDED:
            key = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
            if hmac.compare_digest(key.encode(), host.session.encode()):
                cookie = f"session-{name}={host.session}; Path=/{name}; HttpOnly; SameSite=Strict"
            elif not hmac.compare_digest(_cookie(scope, f"session-{name}").encode(), host.session.encode()):
                answer = PlainTextResponse("Open the address that `safepassage serve` printed: it holds this session's key.\n", 401)
                await answer(scope, receive, send)
                return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for header, value in HEADERS.items():
                    headers.setdefault(header, value)
                if cookie is not None:
                    headers.append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, headed)


def _cookie(scope: Scope, name: str) -> str:
    for header, value in scope["headers"]:
        if header == b"cookie":
            found = SimpleCookie(value.decode("latin-1")).get(name)
            return found.value if found else ""
    return ""
