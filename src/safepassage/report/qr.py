"""A QR code, for a cosigner who has a camera and no line to the hub: as an SVG file, or drawn in a terminal.

Source: segno's documentation; docs/formats/cosigning.md, "As a QR code".
"""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> bytes:
    """The code as one SVG file, black on white, with the quiet zone that readers need."""
    drawn = io.BytesIO()
    segno.make(text, error="l", micro=False, boost_error=False).save(drawn, kind="svg", scale=4, dark="black", light="white")
    return drawn.getvalue()


def qr_terminal(text: str) -> str:
    """The code in blocks of characters, two modules to each."""
    drawn = io.StringIO()
    segno.make(text, error="l", micro=False, boost_error=False).terminal(drawn, compact=True)
    return drawn.getvalue()
