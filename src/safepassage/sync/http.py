"""Hub to hub over HTTP: the asking side. What the other has that we lack is heard in one stream; what it lacks is given in batches.

Both can end anywhere: whoever asks again says anew what it has. A hub signs every request with its device's key, since what it
hears is the ledger itself; the form is `ticket`, and the answering side checks it with the enrolments that it knows.

Source: docs/formats/sync.md.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import IO, NoReturn

from safepassage.errors import HUB_SILENT, NOT_ADMITTED, OTHER_HUB, stop
from safepassage.ledger.frontier import Frontier, parse_frontier, render_frontier
from safepassage.ledger.keys import from_base64, to_base64
from safepassage.sync.folding import CHUNK, fold, unfold
from safepassage.values.ids import DeploymentId

PATIENCE = 60
"""Seconds for which an answer, or the next piece of one, is waited for."""
SCHEME = "SafePassage"
LARGEST_BODY, LARGEST_UNFOLDED = 8_000_000, 64_000_000
"""Bytes of a request, and of what it unfolds to."""
_GREETING = re.compile(
    r"safepassage/sync/v1\ndeployment ([a-z0-9][a-z0-9._-]{0,63})\nlog ([!-~]{1,255})\nchallenge ([0-9a-f]{64})\n",
)
_LARGEST_ANSWER = 64_000_000


class Peer:
    """Another hub of the deployment at an address such as `https://hub.example/night`; `sign` signs as this hub's device."""

    def __init__(self, address: str, deployment: DeploymentId, sign: Callable[[bytes], bytes]) -> None:
        self.address = address.rstrip("/")
        self._deployment, self._sign = deployment, sign

    def lacking(self, ours: Frontier) -> Iterator[bytes]:
        """What the other has and our frontier does not show, as it comes.

        Raises
        ------
        TryAgain
            HUB_SILENT: it does not answer, or stopped in the middle. What was yielded is good.
        InputError
            NOT_ADMITTED, OTHER_HUB.
        """
        answer = self._post("lacking", zlib.compress(render_frontier(ours)))
        try:
            with answer:
                yield from unfold(iter(lambda: answer.read(CHUNK), b""))
        except (OSError, http.client.HTTPException, ValueError) as wrong:
            self._silent(wrong)

    def frontier(self) -> Frontier:
        """What the other has under its tree head now."""
        return parse_frontier(self._read(self._post("frontier", b"")), self.address)

    def give(self, envelopes: Sequence[bytes]) -> bytes:
        """What the other made of them, as JSON."""
        return self._read(self._post("envelopes", fold(envelopes)))

    # The parts.
    def _post(self, asked: str, body: bytes) -> IO[bytes]:
        """One signed request; the answer, not yet read."""
        log, challenge = self._greeting()
        note = self._sign(ticket(log, asked, challenge, body))
        headers = {"authorization": f"{SCHEME} {to_base64(note)}", "content-type": "application/octet-stream"}
        return self._open(urllib.request.Request(f"{self.address}/api/sync/{asked}", body, headers))

    def _greeting(self) -> tuple[str, str]:
        said = self._read(self._open(urllib.request.Request(f"{self.address}/api/sync"))).decode("utf-8", "replace")
        found = _GREETING.fullmatch(said)
        if found is None or found[1] != self._deployment:
            stop(OTHER_HUB, address=self.address, deployment=self._deployment)
        return found[2], found[3]

    def _open(self, request: urllib.request.Request) -> IO[bytes]:
        if urllib.parse.urlsplit(self.address).scheme not in ("http", "https"):
            stop(OTHER_HUB, address=self.address, deployment=self._deployment)
        try:
            answer: IO[bytes] = urllib.request.urlopen(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            with error:
                said = error.read(2_000).decode("utf-8", "replace")
            if error.code in (401, 403):
                stop(NOT_ADMITTED, address=self.address, reason=said.strip())
            if error.code == 404:
                stop(OTHER_HUB, address=self.address, deployment=self._deployment)
            self._silent(OSError(f"{error.code} {said}"))
        except (OSError, http.client.HTTPException) as error:
            self._silent(error)
        return answer

    def _read(self, answer: IO[bytes]) -> bytes:
        try:
            with answer:
                return answer.read(_LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            self._silent(error)

    def _silent(self, reason: Exception) -> NoReturn:
        stop(HUB_SILENT, address=self.address, reason=str(reason) or type(reason).__name__)


def ticket(log: str, asked: str, challenge: str, body: bytes) -> bytes:
    """What a hub signs to ask another: of which log, what, in answer to which challenge, with which body."""
    lines = ["safepassage/request/v1", f"log {log}", f"asks {asked}", f"challenge {challenge}", f"body {hashlib.sha256(body).hexdigest()}"]
    return "".join(f"{line}\n" for line in lines).encode()


def greeting(deployment: DeploymentId, log: str, challenge: str) -> bytes:
    """What anybody may hear: which log this is, and what a request must answer."""
    return f"safepassage/sync/v1\ndeployment {deployment}\nlog {log}\nchallenge {challenge}\n".encode()


def shown_ticket(header: str) -> bytes | None:
    """The signed note in an `authorization` header; None where there is none of ours."""
    scheme, _, coded = header.partition(" ")
    return from_base64(coded) if scheme == SCHEME else None
