"""From observation to page: how long until a page has an observation, how heavy the pages are, how soon a first useful screen stands.

    make bench        or: .venv/bin/python benchmarks/page.py

Ratios are to a bare round trip on the same connection in the same run (GET of the setting), since machines are noisy.
"""

from __future__ import annotations

import gzip
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from safepassage.ledger.envelope import Header, seal
from safepassage.ledger.keys import demo_signer
from safepassage.ledger.tiles import bundle
from safepassage.observation import Observation, to_bytes
from safepassage.observation.vehicles import HeadsCounted
from safepassage.values.counts import exactly
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId, VehicleId
from safepassage.values.times import Instant

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "src/safepassage/web/static"
NAME = DeploymentId("six-buses-burned")
TIMES = 40


def main() -> None:
    weigh()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-u",
            "-m",
            "safepassage",
            "demo",
            NAME,
            "--scenarios",
            str(ROOT / "scenarios"),
            "--port",
            "8900",
            "--speed",
            "1",
        ]
        server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            port = next(int(line.split(":")[2].split("/")[0]) for line in server.stdout if line.startswith("http://"))
            follow(port)
            first_screen(port)
        finally:
            server.terminate()
            server.wait()


def weigh() -> None:
    """All files of a page, as a server would send them."""
    for page in ("dashboard", "monitor"):
        html = (STATIC / page / "index.html").read_text()
        files = [
            STATIC / page / "index.html",
            *(path for path in (STATIC / "assets").iterdir() if path.name in html or "device" in path.name),
        ]
        sent = sum(len(gzip.compress(path.read_bytes())) for path in files)
        print(f"page bytes, gzip: {page} {sent / 1000:.1f} kB in {len(files)} files")


def follow(port: int) -> None:
    """Post an envelope; the clock stops when the event stream brings the picture that holds it."""
    stream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    stream.request("GET", f"/{NAME}/api/events")
    events = stream.getresponse()
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    bare = median(_timed(lambda: _get(asked, f"/{NAME}/api/setting")) for _ in range(TIMES))
    posts, seen = [], []
    for sequence in range(1, TIMES + 1):
        data = _envelope(asked, sequence)
        begun = time.perf_counter()
        asked.request("POST", f"/{NAME}/api/envelopes", body=bundle([data]))
        index = json.loads(asked.getresponse().read())[0]["receipt"]["index"]
        posts.append(time.perf_counter() - begun)
        while _event(events) <= index:
            pass
        seen.append(time.perf_counter() - begun)
    print(f"a bare round trip: {bare * 1000:.1f} ms")
    print(f"receipt of one observation: {median(posts) * 1000:.1f} ms, {median(posts) / bare:.1f} x a bare round trip")
    print(f"observation to page: median {median(seen) * 1000:.0f} ms, worst {max(seen) * 1000:.0f} ms (events are joined for 250 ms)")


def first_screen(port: int) -> None:
    """Until the four answers stand, in a browser that has nothing of ours in its cache."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("time to first useful screen: left out, playwright is not installed")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        times = []
        for _ in range(5):
            page = browser.new_context().new_page()
            begun = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/{NAME}/")
            page.get_by_text("What is not accounted for?").wait_for()
            times.append(time.perf_counter() - begun)
        browser.close()
    print(f"time to first useful screen: median {median(times) * 1000:.0f} ms of 5")


def _envelope(connection: http.client.HTTPConnection, sequence: int) -> bytes:
    """A head count by the exercise's m02, now by the hub's clock."""
    now = json.loads(_get(connection, f"/{NAME}/api/view"))["now"]
    seen = Observation(by=ObserverId("m02"), seen_at=Instant(now - sequence), what=HeadsCounted(VehicleId("B-06"), exactly(sequence % 40)))
    return seal(Header(NAME, DeviceId("m02-1"), 1, 10_000 + sequence, "1" * 64), to_bytes(seen), demo_signer(NAME, DeviceId("m02-1")))


def _event(events: http.client.HTTPResponse) -> int:
    """The size that the next event names."""
    size = 0
    while line := events.readline():
        if line.startswith(b"id: "):
            size = int(line[4:])
        if line == b"\n" and size:
            return size
    raise EOFError("the stream ended")


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    return connection.getresponse().read()


def _timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
