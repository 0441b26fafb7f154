"""Long searches: how far they are, on a terminal; and Ctrl-C, which asks for the best so far. A second Ctrl-C ends the command."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from safepassage.planner.compiled import installed
from safepassage.planner.meter import PIECE, Meter, Phase
from safepassage.planner.twin import WORTH

_SAID = {
    Phase.PROOF: "searched; now how good a plan can be at most",
    Phase.REASONS: "no plan; now why, and what would have to give",
}


@contextmanager
def patience(budget: int) -> Iterator[Meter]:
    """A meter for one answer. What it says is wiped from the terminal when the answer is there."""
    enough = False

    def interrupted(number: int, frame: FrameType | None) -> None:
        nonlocal enough
        enough = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _line("stopping: the best so far follows")

    def go_on(phase: Phase, done: int, calls: int) -> bool:
        if not enough:
            first = "; compiling, the first time ever, takes a minute" if installed() and calls >= WORTH and done < PIECE else ""
            _line(_SAID.get(phase) or f"{done:,} of {calls:,} tries ({100 * done // max(1, calls)} %); Ctrl-C: the best so far{first}")
        return not enough

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield Meter(budget, go_on)
    finally:
        signal.signal(signal.SIGINT, before)
        _line("")


def _line(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)
