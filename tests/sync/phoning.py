"""What a phone says to its hub, as docs/formats/sync.md has it: in Python, beside the phone's own TypeScript."""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.parse
import zlib
from collections.abc import Sequence
from typing import Any

from safepassage.ledger.envelope import content_of
from safepassage.ledger.tiles import bundle


def asked(address: str, method: str, path: str, body: bytes = b"", encoding: str = "") -> tuple[int, Any]:
    place = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc)
    connection.request(method, f"{place.path}/api/{path}", body, {"content-encoding": encoding} if encoding else {})
    answer = connection.getresponse()
    said = answer.status, json.loads(answer.read())
    connection.close()
    return said


def given(address: str, envelopes: Sequence[bytes]) -> list[dict[str, Any]]:
    status, answers = asked(address, "POST", "envelopes", zlib.compress(bundle(envelopes)), "deflate")
    assert status == 200 and len(answers) == len(envelopes)
    return list(answers)


def there(address: str, envelope: bytes) -> list[dict[str, Any]]:
    """What the hub has from this envelope on, as who has it asks."""
    status, held = asked(address, "GET", f"strand?id={content_of(envelope)}&digest={digest(envelope)}")
    assert status == 200
    return list(held)


def digest(envelope: bytes) -> str:
    return hashlib.sha256(envelope).hexdigest()
