"""`safepassage demo` in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Demo:
    """`safepassage demo` of the exercise; `speed` is chosen so that nothing waits for the clock."""

    def __init__(self, folder: Path, speed: int) -> None:
        self.folder, self._speed, self._process = folder, speed, None
        self.address = ""
        self.start()

    def start(self, port: int = 8600) -> None:
        command = [sys.executable, "-u", "-m", "safepassage", "demo", "six-buses-burned", "--scenarios", str(ROOT / "scenarios")]
        self._process = subprocess.Popen(
            [*command, "--port", str(port), "--speed", str(self._speed)], cwd=self.folder, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("http://"):
                self.address = line.strip()
                return
        raise AssertionError("the server said no address")

    @property
    def deployment(self) -> Path:
        return self.folder / ".demo" / "six-buses-burned"

    def kill(self) -> None:
        """As a power cut would: no handler runs."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._end()

    def stop(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._end()

    def _end(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.wait(timeout=30)
        self._process.stdout.close()
