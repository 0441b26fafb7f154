"""The command line. Exit codes: 0 done, 1 the answer is no, 2 the input is wrong, 3 the ledger is at risk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import msgspec

from safepassage import __version__
from safepassage.cli import asking, clauses, cosigning, folders, planning, proving, refusals, rehearsing, replanning, serving, syncing
from safepassage.errors import SafePassageError

__all__ = ["main", "parser"]


def parser() -> argparse.ArgumentParser:
    """Every command with its options; each has an example below its help."""
    root = argparse.ArgumentParser(prog="safepassage", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root.add_argument("--version", action="version", version=f"safepassage {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (folders, planning, replanning, clauses, serving, cosigning, proving, refusals, syncing, asking, rehearsing):
        module.add_commands(commands)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    given = parser().parse_args(argv)
    try:
        code = int(given.run(given))
        sys.stdout.flush()
        return code
    except SafePassageError as error:
        if getattr(given, "json", False):
            print(msgspec.json.encode({**msgspec.to_builtins(error.problem), **({"also": error.also} if error.also else {})}).decode())
        else:
            print("\n".join(f"safepassage: {each}" for each in (error.problem, *error.also)), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # whoever read it has read enough; nothing is to be written any more, at the exit neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print("stopped; what was acknowledged is in the ledger", file=sys.stderr)
        return 130
