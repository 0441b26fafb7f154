"""A cosigner's machine: its key, the logs that it knows, what it cosigned last. It needs no deployment, and sees none.

The order of every answer: judge → sign → keep on the disk → answer. Killed before the last, it has signed what nobody saw, and
signs it again; it never signs a smaller tree, nor another of the same size.
"""

from __future__ import annotations

import threading
from pathlib import Path

from safepassage.errors import COSIGNED_IN_DOUBT, LOG_SPLIT, NO_KEY, LedgerAtRisk, Refusal, problem, stop
from safepassage.hub.keys import Keys
from safepassage.ledger import note
from safepassage.ledger.cosign import Declined, cosign, cosignatures, judge, last_of, parse_request
from safepassage.ledger.keys import COSIGNER, Signer, VerifyKey, parse_vkey
from safepassage.ledger.split import render_split
from safepassage.ledger.treehead import TreeHead, open_unverified
from safepassage.stores.cosigned import CosignedFiles
from safepassage.values.ids import DeploymentId

KEY = "cosigner"


class Cosigner:
    """One cosigner. Its folder holds public things; its private key lies beside it, and is used for nothing else."""

    def __init__(self, place: Path, name: str | None = None) -> None:
        """Open what is there; with a name, make it where nothing is.

        Raises
        ------
        InputError
            NO_KEY: there is no cosigner, or its key is not on this machine.
        TryAgain
            SECOND_PROCESS.
        """
        keys = Keys(place, DeploymentId(KEY), demonstration=False)
        public = place / "vkey"
        if name is not None and not public.exists():
            place.mkdir(parents=True, exist_ok=True)
            public.write_text(keys.make(KEY, name, COSIGNER).vkey + "\n", "utf-8")
        if not public.exists():
            stop(NO_KEY)
        called = parse_vkey(public.read_text("utf-8").strip(), COSIGNER).name
        self.place = place
        self._signer: Signer = keys.signer(KEY, called, COSIGNER)
        self._files = CosignedFiles(place, alone=True)
        self._one = threading.Lock()

    @property
    def vkey(self) -> str:
        return self._signer.vkey

    @property
    def logs(self) -> list[VerifyKey]:
        """The keys of the logs that it cosigns, from the file `logs`, one line for each."""
        path = self.place / "logs"
        lines = path.read_text("utf-8").split("\n") if path.exists() else []
        return [parse_vkey(line) for line in lines if line]

    def know(self, log: str) -> None:
        """Cosign this log from now on. A person decides that, with a key that came another way than its tree heads."""
        key = parse_vkey(log)
        if key not in self.logs:
            with open(self.place / "logs", "a", encoding="utf-8") as file:
                file.write(f"{key.vkey}\n")

    def answer(self, data: bytes, seconds: int) -> bytes | Declined:
        """The tree head with the log's signature and ours, kept on the disk; or why not.

        Raises
        ------
        LedgerAtRisk
            COSIGNED_IN_DOUBT: what was cosigned last cannot be read or kept; nothing is answered.
        """
        with self._one:
            head = open_unverified(getattr(parse_request(data), "head", b""))
            origin = head.origin if isinstance(head, TreeHead) else ""
            last, at = self._last(origin)
            judged = judge(data, self.logs, last)
            if isinstance(judged, Declined):
                if judged.split is not None:
                    self._files.keep_split(render_split(judged.split))
                return judged
            cosigned = self._cosigned(data, judged, max(seconds, at))
            self._files.keep(origin, cosigned)
            return cosigned

    def line(self, cosigned: bytes) -> bytes:
        """Our line alone, as it is answered over HTTP."""
        return cosigned[cosigned.rindex(b"\n", 0, -1) + 1 :]

    def close(self) -> None:
        self._files.close()

    def _last(self, origin: str) -> tuple[bytes | None, int]:
        """What was cosigned last, which our own line below it proves, and when."""
        last = self._files.last(origin)
        if last is None:
            return None, 0
        ours = cosignatures(last, [self._signer.key])
        if isinstance(ours, Refusal) or not ours or getattr(last_of(last), "origin", None) != origin:
            stop(COSIGNED_IN_DOUBT, reason="our own signature does not fit it", folder=str(self.place))
        return last, ours[0].seconds

    def _cosigned(self, data: bytes, head: TreeHead, seconds: int) -> bytes:
        request = parse_request(data)
        parsed = request if isinstance(request, Refusal) else note.parse(request.head)
        if isinstance(parsed, Refusal):
            raise LedgerAtRisk(parsed.problem)  # it was judged good just before
        names = {(key.name, key.key_id) for key in self.logs if key.name == head.origin}
        lines = [line.line for line in parsed.signatures if (line.name, line.key_id) in names]
        return parsed.text + b"\n" + "".join([*lines, cosign(parsed.text, self._signer, seconds)]).encode()


def stop_on_split(declined: Declined, place: Path) -> None:
    """Two signed tree heads that do not lie on one line: whoever sees that says so, and stops.

    Raises
    ------
    LedgerAtRisk
        LOG_SPLIT.
    """
    if declined.split is not None:
        raise LedgerAtRisk(problem(LOG_SPLIT, folder=place / "split"))
