"""The built pages, and the list of deployments."""

from __future__ import annotations

from html import escape
from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, Response

from safepassage.disclosure.views import Setting
from safepassage.report.pages import hash_of

STATIC = Path(__file__).parent / "static"

_STYLE = """
:root { color-scheme: dark light; --ground: #0f1417; --rule: #2b353b; --ink: #e3e8ea; --ink-2: #a9b4ba; --pick: #86bdf2; }
@media (prefers-color-scheme: light) {
  :root { --ground: #fbfbf9; --rule: #d3d7d3; --ink: #161b1e; --ink-2: #4b565b; --pick: #0b57a4; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 32px 20px; background: var(--ground); color: var(--ink); line-height: 1.5;
  font: 16px "Segoe UI", -apple-system, "Noto Sans", "Noto Sans Arabic", Roboto, sans-serif; }
main { max-width: 640px; margin: 0 auto; }
h1 { margin: 0 0 4px; font-size: 22px; } p { margin: 0 0 20px; color: var(--ink-2); }
ul { margin: 0; padding: 0; list-style: none; border-block-start: 1px solid var(--rule); }
li { padding: 14px 0; border-block-end: 1px solid var(--rule); }
h2 { margin: 0; font-size: 17px; overflow-wrap: anywhere; } .what { font-size: 13px; letter-spacing: .06em; color: var(--ink-2); }
nav { display: flex; flex-wrap: wrap; gap: 4px 20px; }
a { display: inline-block; padding: 9px 0; color: var(--pick); } a:focus-visible { outline: 2px solid var(--pick); outline-offset: 2px; }
"""
_FRONT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Safe Passage</title><link rel="icon" href="/favicon.ico"><style>{style}</style></head>
<body><main><h1>Safe Passage</h1><p>{said}</p><ul>{items}</ul></main></body></html>
"""
_ITEM = """<li><h2><bdi>{name}</bdi></h2>{what}<nav><a href="/{name}/">Operations</a><a href="/{name}/monitor">Monitor’s page</a>
<a href="/{name}/report">Report</a><a href="/{name}/public">Public totals</a></nav></li>"""
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
    """Which deployments are here, and their pages. Its own style, and nothing else, may run."""
    items = "".join(_ITEM.format(name=escape(each.deployment), what=_kind(each)) for each in settings)
    number = len(settings)
    said = f"{number} deployment{'s are' if number != 1 else ' is'} served here." if number else "No deployment is served here."
    policy = f"default-src 'none'; style-src {hash_of(_STYLE)}; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return HTMLResponse(_FRONT.format(style=_STYLE, said=said, items=items), headers={"content-security-policy": policy})


def _kind(setting: Setting) -> str:
    kinds = [said for said, holds in (("EXERCISE", setting.exercise), ("DEMONSTRATION", setting.demonstration)) if holds]
    return f'<div class="what">{" · ".join(kinds)}</div>' if kinds else ""
