"""Asking cosigners over HTTP: a request goes, a signature line or a reason comes.

Source: C2SP tlog-witness.md (their word for a cosigner); docs/formats/cosigning.md.
"""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request

from safepassage.ledger.cosign import LARGEST_REQUEST

ENDPOINT = "/add-checkpoint"
PATIENCE = 20
"""Seconds for which a cosigner's answer is waited for."""


def ask(url: str, request: bytes, patience: int = PATIENCE) -> tuple[int, bytes]:
    """The answer's code and body; code 0 where nobody answered within `patience` seconds."""
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        return 0, b"its address is not one of the web"
    asked = urllib.request.Request(url.rstrip("/") + ENDPOINT, request, {"content-type": "text/plain"})
    try:
        with urllib.request.urlopen(asked, timeout=patience) as answer:
            return answer.status, answer.read(LARGEST_REQUEST)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(LARGEST_REQUEST)
    except OSError as error:
        return 0, str(error).encode()
