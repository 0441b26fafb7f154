"""Run npm in frontend/ with the Node of .venv: `.venv/bin/python scripts/npm.py run check`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from setup import FRONTEND, npm  # its neighbour

if __name__ == "__main__":
    command, env = npm(Path(sys.executable), *sys.argv[1:])
    sys.exit(subprocess.run(command, cwd=FRONTEND, env=os.environ | env).returncode)
