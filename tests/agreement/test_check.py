"""The judge of explanations is short, and shares nothing with the engine; what it believes is a law (`tests/laws/test_believed.py`)."""

from __future__ import annotations

import ast
from pathlib import Path

import safepassage.agreement.check


def test_the_checker_is_short_and_shares_nothing_with_the_evaluator() -> None:
    """Neither it nor its flat log may import how the engine judges; what both know is the text, the facts and the vocabulary."""
    path = Path(safepassage.agreement.check.__file__)
    assert len(path.read_text().splitlines()) <= 150
    allowed = {"clause", "explain", "facts", "flat", "naive_departures", "naive_sources", "proved", "spans", "vocabulary"}
    for file in (path, path.with_name("flat.py"), path.with_name("spans.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("safepassage.agreement."):
                assert (node.module or "").rpartition(".")[2] in allowed, node.module


def test_the_definition_shares_nothing_with_the_engine_but_words_and_what_a_fact_is() -> None:
    allowed = {"clause", "facts", "naive_departures", "naive_facts", "naive_sources", "naive_time", "proved", "verdict", "vocabulary"}
    folder = Path(safepassage.agreement.check.__file__).parent
    for file in ("naive.py", "naive_departures.py", "naive_facts.py", "naive_sources.py", "naive_time.py"):
        for node in ast.walk(ast.parse((folder / file).read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("safepassage.agreement."):
                assert (node.module or "").rpartition(".")[2] in allowed, node.module
