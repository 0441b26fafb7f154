"""Write the locks anew from pyproject.toml and package.json: versions pinned, files by their hash, no index named.

make lock        needs the network, and pip-tools in .venv (pip install pip-tools)
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from setup import FRONTEND, ROOT, npm  # its neighbour

PLAY = ["fast", "agreement", "planner", "web", "report", "build"]
WHOLE = [*PLAY, "exact", "compiled", "test"]
LOCKS = {"demo.txt": PLAY, "test.txt": WHOLE, "peers.txt": [*WHOLE, "peers"]}
"""Each holds the versions of the one before it."""


def lock_python(name: str, extras: list[str], smaller: str | None) -> None:
    """Compile one lock; it holds the versions of the smaller one, so that either may be installed over the other."""
    command = [sys.executable, "-m", "piptools", "compile", "--quiet", "--generate-hashes", "--allow-unsafe"]
    command += ["--strip-extras", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    command += [f"--extra={extra}" for extra in extras]
    if smaller:
        command += [f"--constraint=requirements/{smaller}"]
    subprocess.run([*command, f"--output-file=requirements/{name}", "pyproject.toml"], cwd=ROOT, check=True)


def main() -> None:
    for smaller, (name, extras) in zip([None, *LOCKS], LOCKS.items(), strict=False):
        print(f"lock: requirements/{name}")
        lock_python(name, extras, smaller)
    if (FRONTEND / "package.json").exists():
        print("lock: frontend/package-lock.json")
        command, env = npm(Path(sys.executable), "install", "--package-lock-only", "--ignore-scripts")
        subprocess.run(command, cwd=FRONTEND, env=os.environ | env, check=True)


if __name__ == "__main__":
    main()
