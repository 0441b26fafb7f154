"""A cosigner in a process of its own, which answers what it reads, until it is killed: `python cosigning.py PLACE`."""

from __future__ import annotations

import sys
from pathlib import Path

from safepassage.hub.cosigner import Cosigner
from safepassage.ledger.cosign import Declined


def main() -> None:
    cosigner = Cosigner(Path(sys.argv[1]))
    for line in sys.stdin:
        answer = cosigner.answer(bytes.fromhex(line), 1_482_062_400)
        said = f"declined {answer.code} {answer.size}" if isinstance(answer, Declined) else f"cosigned {answer.hex()}"
        print(said, flush=True)


if __name__ == "__main__":
    main()
