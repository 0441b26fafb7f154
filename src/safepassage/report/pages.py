"""Pages from templates: every text from outside is escaped, and each page is one file with its style inside.

The server forbids inline style but for the one whose hash it is told, so the style of a page is fixed text: nothing of a view is in it.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def _environment() -> Environment:
    loader = PackageLoader("safepassage.report", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)


@cache
def style(name: str) -> str:
    """The exact text between `<style>` and `</style>` of the page of that name."""
    css = _environment().get_template(f"{name}.css").render()
    assert "</" not in css  # it could end the element
    return css


def source_of_style(name: str) -> str:
    """The style as a CSP source, quotes included: `'sha256-…'`.

    Source: CSP Level 3, 6.7.3.3 (does element match source list for type and source).
    """
    return hash_of(style(name))


def hash_of(text: str) -> str:
    """A style's text as a CSP source."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def render(name: str, **given: object) -> bytes:
    """The page of that name, in UTF-8."""
    page = _environment().get_template(f"{name}.html").render(style=Markup(style(name)), **given)
    return page.encode()
