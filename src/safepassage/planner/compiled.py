"""The twin's files as machine code, where the extra `compiled` (numba) is installed; else as they stand, slower.

Every function of these files is compiled from the same text that runs without numba. The compiled form is kept beside the sources by
numba (about half a minute the first time); a digest of all of them is part of its name, so no older form is ever taken for a newer.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Sequence
from functools import cache
from types import FunctionType
from typing import Any

from safepassage.planner import annealing, boarding, kernel, pools, settling, slack, standing

MODULES = (slack, boarding, pools, settling, standing, kernel, annealing)
"""Compiled into one room of names: none of them may mean two things by one name."""


def installed() -> bool:
    try:
        import numba  # noqa: F401 - asked whether it is there
    except ImportError:
        return False
    return True


def array(numbers: Sequence[int]) -> Any:
    """A row for compiled functions."""
    import numpy

    return numpy.array(numbers, dtype=numpy.int64)


def floats(numbers: Sequence[float]) -> Any:
    import numpy

    return numpy.array(numbers, dtype=numpy.float64)


def functions() -> dict[str, FunctionType]:
    """All functions of the twin, by name."""
    return {
        name: each
        for module in MODULES
        for name, each in vars(module).items()
        if isinstance(each, FunctionType) and each.__module__ == module.__name__
    }


@cache
def compiled() -> dict[str, Any]:
    """The same functions, compiled; each compiles when it is first called, with all that it calls. Made once: loading takes a moment."""
    import numba

    plain = functions()
    digest = hashlib.sha256(b"".join(marshal.dumps(each.__code__) for each in plain.values())).hexdigest()[:12]
    names: dict[str, Any] = {name: each for module in MODULES for name, each in vars(module).items()}
    for name, each in plain.items():
        again = FunctionType(each.__code__, names, name, each.__defaults__)
        again.__qualname__ = f"{name}_{digest}"
        again.__module__ = each.__module__
        names[name] = numba.njit(cache=True, error_model="numpy")(again)
    return names
