"""The built pages, and the list of deployments."""

from __future__ import annotations

from html import escape
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, Response

from safepassage.disclosure.views import Setting

STATIC = Path(__file__).parent / "static"

_FRONT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Safe Passage</title></head>
<body><h1>Safe Passage</h1><ul>{items}</ul></body></html>
"""
_NOT_BUILT = "The pages are not built. `make demo` builds them; or run `npm ci` and `npm run build` in frontend/.\n"


def page(name: str) -> Response:
    """A built page; says how to build it where it is not there."""
    built = STATIC / name / "index.html"
    if not built.exists():
        return HTMLResponse(_NOT_BUILT, status_code=503)
    return FileResponse(built, media_type="text/html", headers={"cache-control": "no-cache"})


def worker() -> Response:
    """The script that keeps the monitor's page on a phone; its address is below the deployment's, and so is all that it may keep."""
    built = STATIC / "worker.js"
    if not built.exists():
        return HTMLResponse(_NOT_BUILT, status_code=503)
    return FileResponse(built, media_type="text/javascript", headers={"cache-control": "no-cache"})


def front_page(settings: list[Setting]) -> Response:
    items = "".join(
        f'<li><a href="/{escape(each.deployment)}/">{escape(each.deployment)}</a>'
        f"{' (EXERCISE)' if each.exercise else ''} · <a href='/{escape(each.deployment)}/monitor'>monitor’s page</a></li>"
        for each in settings
    )
    return HTMLResponse(_FRONT.format(items=items))
