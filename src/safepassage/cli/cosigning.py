"""Commands of cosigners, and of a log towards them: offer, cosign, gather. By file, over a stick; or over HTTP."""

from __future__ import annotations

import argparse
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from safepassage.errors import MISSING_EXTRA, NO_POLICY, NOT_READ, TOO_LARGE_TO_DRAW, InputError, LedgerAtRisk, Refusal, problem, stop
from safepassage.hub import Folder, open_folder
from safepassage.hub.cosigner import Cosigner, stop_on_split
from safepassage.hub.cosigning import Vouched, gather, keep_split, last_size, offer, policy_of
from safepassage.hub.offering import Asked, offer_all
from safepassage.ledger.cosign import LARGEST_REQUEST, Declined
from safepassage.ledger.scan import LARGEST as LARGEST_SCAN
from safepassage.ledger.scan import from_scan, to_scan
from safepassage.ledger.split import HEADER, parse_split
from safepassage.sync.cosigners import ENDPOINT, PATIENCE
from safepassage.values.times import SECOND, Instant, stamp


def add_commands(commands: Any) -> None:
    offering = _command(
        commands,
        "offer",
        offer_head,
        "offer the tree head to cosigners: to a file for a stick, or to the addresses in the policy; hashes only",
        "safepassage offer night --out request.txt",
    )
    offering.add_argument("folder", type=Path, help="the deployment's folder")
    offering.add_argument("--out", type=Path, help="write the request here; otherwise it is sent to the policy's addresses")
    offering.add_argument("--qr", type=Path, help="draw the request as a QR code into this SVG file; `-` draws it here")
    offering.add_argument("--old", type=int, help="the size that the cosigner cosigned last; otherwise as far as is known here")
    offering.add_argument("--to", help="the cosigner by its name in the policy; otherwise all that have an address")
    offering.add_argument("--policy", type=Path, help="the policy; otherwise the folder's own")

    signing = _command(
        commands,
        "cosign",
        cosign_head,
        "be a cosigner: sign that a log only ever grew, by file or as a service; made at first with --name",
        "safepassage cosign icrc --name icrc.example/aleppo --log \"$(cat vkey)\" --request request.txt --out answer.txt",
    )  # fmt: skip
    signing.add_argument("place", type=Path, help="the cosigner's own folder; its private key lies beside it")
    signing.add_argument("--name", help="what the cosigner is called, the first time")
    signing.add_argument("--log", action="append", default=[], help="cosign the log of this verifier key from now on")
    signing.add_argument("--request", type=Path, help="what a log offers: its file, or the text of its QR code as a reader gave it")
    signing.add_argument("--out", type=Path, help="write the cosigned tree head here; otherwise to standard output")
    signing.add_argument("--qr", type=Path, help="draw the answer as a QR code into this SVG file; `-` draws it here")
    signing.add_argument("--port", type=int, help="serve the tlog-witness protocol on this port")
    signing.add_argument("--address", default="127.0.0.1", help="the address to serve on")

    gathering = _command(
        commands, "gather", gather_answers, "keep what cosigners answered", "safepassage gather night answer.txt"
    )  # fmt: skip
    gathering.add_argument("folder", type=Path, help="the deployment's folder")
    gathering.add_argument("answers", type=Path, nargs="+", help="cosigned tree heads, or the texts of their QR codes")
    gathering.add_argument("--policy", type=Path, help="the policy; otherwise the folder's own")


def _command(commands: Any, name: str, run: object, does: str, example: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=does, epilog=f"example: {example}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.set_defaults(run=run)
    return command


def offer_head(given: argparse.Namespace) -> int:
    """A file for a stick; or every cosigner with an address is asked, and what each answers is kept."""
    folder = open_folder(given.folder)
    policy = policy_of(folder, given.policy)
    if given.out is not None or given.qr is not None:
        known = last_size(folder, policy, given.to) if policy and given.to else 0
        return _handed(offer(folder, known if given.old is None else given.old), given, "carry it to the cosigner")
    if policy is None:
        stop(NO_POLICY, folder=str(folder.path))
    answers = offer_all(folder, policy, given.to)
    for asked in answers:
        print("\n".join(said_of(asked)))
    return 0 if answers and not any(asked.reason for asked in answers) else 1


def cosign_head(given: argparse.Namespace) -> int:
    cosigner = Cosigner(given.place, given.name)
    try:
        for log in given.log:
            cosigner.know(log)
        print(cosigner.vkey, file=sys.stderr)
        if given.request is not None:
            return _by_hand(cosigner, given)
        if given.port is not None:
            serve(cosigner, given.address, given.port)
        return 0
    finally:
        cosigner.close()


def gather_answers(given: argparse.Namespace) -> int:
    folder = open_folder(given.folder)
    policy = policy_of(folder, given.policy)
    if policy is None:
        stop(NO_POLICY, folder=str(folder.path))
    for path in given.answers:
        data = _bytes(path)
        if data.startswith(HEADER):
            _kept_split(folder, data)
        else:
            print("\n".join(said(vouched) for vouched in gather(folder, data, policy)))
    return 0


def said(vouched: Vouched) -> str:
    """One cosigner in one line, as `gather` and `verify` show it."""
    when = stamp(Instant(vouched.seconds * SECOND), "UTC")
    return f"cosigned: {vouched.size} entries by {vouched.name} at {when} UTC{'' if vouched.counts else ', shown and not required'}"


def said_of(asked: Asked) -> list[str]:
    """What one cosigner answered, as `offer` and `serve` show it."""
    return [f"not cosigned by {asked.name}: {asked.reason}"] if asked.reason else [said(each) for each in asked.vouched]


def server(cosigner: Cosigner, address: str, port: int) -> ThreadingHTTPServer:
    """The service, not yet running. One answer at a time leaves the cosigner, however many ask."""

    class Asked(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = PATIENCE

        def do_POST(self) -> None:
            length = self.headers.get("content-length", "")
            if not self.path.endswith(ENDPOINT) or not length.isascii() or not length.isdigit() or int(length) > LARGEST_REQUEST:
                self.close_connection = True  # what was sent is not read
                self._say(404 if not self.path.endswith(ENDPOINT) else 413, b"")
                return
            try:
                answer = cosigner.answer(self.rfile.read(int(length)), int(time.time()))
            except LedgerAtRisk as risk:
                print(f"safepassage: {risk.problem}", file=sys.stderr, flush=True)
                self._say(500, b"")
                return
            if not isinstance(answer, Declined):
                self._say(200, cosigner.line(answer))
            elif answer.size is not None:
                self._say(answer.code, f"{answer.size}\n".encode(), "text/x.tlog.size")
            else:
                self._say(answer.code, f"{answer.problem}\n".encode())

        def _say(self, code: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(code)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Who asked, and when, is nobody's business."""

    return ThreadingHTTPServer((address, port), Asked)


def serve(cosigner: Cosigner, address: str, port: int) -> None:
    """Until Ctrl-C."""
    service = server(cosigner, address, port)
    print(f"http://{address}:{service.server_address[1]}{ENDPOINT}", flush=True)
    try:
        service.serve_forever()
    finally:
        service.server_close()


# The parts.
def _kept_split(folder: Folder, data: bytes) -> None:
    """A cosigner brings the proof that this log contradicted itself."""
    split = parse_split(data)
    if isinstance(split, Refusal):
        raise InputError(split.problem)
    print(f"{keep_split(folder, split)}: the log signed two tree heads that do not lie on one line; show it to everybody who trusts it")


def _by_hand(cosigner: Cosigner, given: argparse.Namespace) -> int:
    answer = cosigner.answer(_bytes(given.request), int(time.time()))
    if isinstance(answer, Declined):
        stop_on_split(answer, given.place)
        print(f"not cosigned: {answer.problem}")
        return 1
    if given.out is None and given.qr is None:
        sys.stdout.buffer.write(answer)
        return 0
    return _handed(answer, given, "carry it back to the log")


def _handed(data: bytes, given: argparse.Namespace, how: str) -> int:
    """Into a file, as a QR code, or both."""
    if given.out is not None:
        given.out.write_bytes(data)
        print(f"{given.out}: {how}")
    if given.qr is not None:
        _drawn(data, given.qr)
    return 0


def _drawn(data: bytes, place: Path) -> None:
    try:
        from safepassage.report.qr import qr_svg, qr_terminal
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("safepassage"):
            raise
        stop(MISSING_EXTRA, extra="report")
    if len(data) > LARGEST_SCAN:
        stop(TOO_LARGE_TO_DRAW, size=len(data), most=LARGEST_SCAN)
    if str(place) == "-":
        print(qr_terminal(to_scan(data)))
    else:
        place.write_bytes(qr_svg(to_scan(data)))
        print(f"{place}: show it to the other's camera")


def _bytes(path: Path) -> bytes:
    """What is in the file; where it is what a reader read from a code, what that says."""
    try:
        data = from_scan(path.read_bytes())
    except OSError as wrong:
        raise InputError(problem(NOT_READ, file=str(path), reason=wrong.strerror or "it cannot be read")) from None
    if isinstance(data, Refusal):
        raise InputError(data.problem)
    return data
