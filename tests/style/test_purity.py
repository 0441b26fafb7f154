"""Floors 0-4 take clock, seed and bytes as arguments. The import contract cannot see calls; this can (DESIGN 2)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from house import ROOT, contracts, floors, modules, pure_rooms

BUILTINS = {"open", "input", "print", "breakpoint", "exec", "eval", "__import__"}
METHODS = {
    "read_text", "read_bytes", "write_text", "write_bytes",  # the disk
    "generate",  # a key
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}
SEEDED = {"random": {"Random"}, "numpy.random": {"default_rng", "Generator", "PCG64", "SeedSequence"}}


def impure(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each call that reads a clock, the disk or chance, and each import of what makes one: its line and its name."""
    names = imported_as(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in SEEDED:
            yield from ((node.lineno, a.name) for a in node.names if a.name not in SEEDED[node.module])
        if isinstance(node, ast.Call):
            called = dotted(node.func, names)
            owner, _, last = called.rpartition(".")
            if called in BUILTINS or (owner and last in METHODS) or is_clock(owner, last):
                yield node.lineno, called
            if owner in SEEDED and last not in SEEDED[owner]:
                yield node.lineno, called
            if last in {"Random", "default_rng"} and not node.args and not node.keywords:
                yield node.lineno, f"{called} without a seed"


def is_clock(owner: str, last: str) -> bool:
    return owner == "time" or (last in CLOCKS and owner.rpartition(".")[2] in {"datetime", "date"})


def imported_as(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `np` for `numpy`, `sleep` for `time.sleep`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.asname: a.name for a in node.names if a.asname}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """`a.b.c` as written, its first part as imported; `?.c` where it begins with something computed."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    return f"{dotted(node.value, names)}.{node.attr}" if isinstance(node, ast.Attribute) else "?"


def test_floors_0_to_4_read_no_clock_no_disk_and_no_chance() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{line} {call}" for path in modules(pure_rooms()) for line, call in impure(ast.parse(path.read_text()))
    ]
    assert not strays


def test_the_purity_contract_names_every_room_above_floor_4() -> None:
    allowed = next(contract["rooms"] for contract in contracts() if contract["id"] == "purity")
    assert set(allowed) == set[str]().union(*floors()) - pure_rooms()


@pytest.mark.parametrize(
    "planted",
    [
        "open('x')",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.now(None)",
        "from datetime import date as d\nd.today()",
        "import time\ntime.monotonic()",
        "from time import sleep as rest\nrest(1)",
        "import random\nrandom.random()",
        "from random import shuffle",
        "import random\nrandom.Random()",
        "import numpy as np\nnp.random.seed(1)",
        "import numpy as np\nnp.random.default_rng()",
        "Ed25519PrivateKey.generate()",
        "where.read_text()",
    ],
)
def test_a_planted_impurity_is_seen(planted: str) -> None:
    assert list(impure(ast.parse(planted)))


@pytest.mark.parametrize(
    "pure", ["import random\nrandom.Random(7).random()", "import numpy as np\nnp.random.default_rng(seed)", "shop.open"]
)
def test_what_is_seeded_is_allowed(pure: str) -> None:
    assert not list(impure(ast.parse(pure)))
