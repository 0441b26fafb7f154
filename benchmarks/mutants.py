"""How many small faults in the judging of clauses the tests would notice: each is planted, and must be caught.

python benchmarks/mutants.py [HOW MANY, 0 for all]

A mutant is one comparison turned, one minimum for a maximum, one grade or constant moved by one, one condition negated. It is
killed where a staged case, a test of a small log, or one of some hundred random logs judged against the plain definition says
otherwise than without it. Survivors are listed: each is a test to write, or a line that decides nothing.
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from random import Random
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
ROOM = ROOT / "src" / "safepassage" / "agreement"
JUDGING = ("operators", "evaluate", "quick", "by_key", "matching", "sums", "pairs", "scene", "sources", "proved", "hourly", "once")
GOAL = 95
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


class Planter(ast.NodeTransformer):
    """Plants the `wanted`-th fault that there is room for; counts how many there are."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.seen, self.what, self.line = wanted, 0, "", 0

    def _now(self, node: ast.expr, what: str) -> bool:
        self.seen += 1
        if self.seen - 1 != self.wanted:
            return False
        self.what, self.line = what, node.lineno
        return True

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        for number, op in enumerate(node.ops):
            if self._now(node, f"{type(op).__name__} turned"):
                node.ops[number] = TURNED[type(op)]()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        if self._now(node, "and for or"):
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if (
            isinstance(node.func, ast.Name)
            and node.func.id in ("min", "max", "any", "all")
            and self._now(node, f"{node.func.id} exchanged")
        ):
            node.func.id = {"min": "max", "max": "min", "any": "all", "all": "any"}[node.func.id]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Sub) and self._now(node, "plus for minus"):
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.Not) and self._now(node, "not left out") else node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        grades = {"NONE": "ALLEGED", "ALLEGED": "ESTABLISHED", "ESTABLISHED": "ALLEGED", "SIGNED": "ALLEGED", "True": "False"}
        if isinstance(node.ctx, ast.Load) and node.id in grades and self._now(node, f"{node.id} moved"):
            return ast.copy_location(ast.Constant({"NONE": 1, "ALLEGED": 2}.get(node.id, 1)), node)
        return node


def mutants(name: str) -> Iterator[tuple[int, str, str]]:
    """Line, fault, and the whole module with it. Annotations and what is only said to people are left alone."""
    source = (ROOM / f"{name}.py").read_text()
    wanted = 0
    while True:
        planter = Planter(wanted)
        tree = planter.visit(ast.parse(source))
        if not planter.what:
            return
        yield planter.line, planter.what, ast.unparse(ast.fix_missing_locations(tree))
        wanted += 1


class Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves one module with its fault, in this process only."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        return importlib.util.spec_from_loader(fullname, self) if fullname == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, self._name, "exec"), module.__dict__)


def judge(name: str) -> None:
    """Everything that must hold, with the module of this name read from standard input; leaves with an error where it does not."""
    sys.meta_path.insert(0, Planted(f"safepassage.agreement.{name}", sys.stdin.read()))
    from safepassage.agreement.cases import read_cases, run_case

    for case in read_cases((ROOT / "testdata" / "clauses" / "cases.json").read_bytes()):
        found = run_case(case)
        assert found.agree and found.refused is None
    for part in ("verdicts", "reasons", "linked", "sources", "once"):
        small = importlib.import_module(f"tests.agreement.test_{part}")
        for test in [value for key, value in vars(small).items() if key.startswith("test_") and not value.__code__.co_argcount]:
            test()
    kept = importlib.import_module("tests.agreement.test_kept_up")
    for seed in range(60):
        kept.test_a_matching_kept_up_pairs_as_if_all_had_been_known_from_the_start(seed)
    kept.test_sums_in_pieces_give_the_verdict_of_the_whole_list(1)
    for seed in range(8):
        kept.test_pieces_find_the_same_first_instants_as_the_definition(seed)
    for seed in range(20):
        kept.test_a_watch_that_comes_or_goes_late_changes_what_the_definition_says_it_changes(seed)
    sourced = importlib.import_module("tests.agreement.test_sources")
    for seed in range(60):
        sourced.test_grades_kept_up_are_those_of_the_definition_in_any_order(seed)
    once = importlib.import_module("tests.agreement.test_once")
    for seed in range(60):
        once.test_departures_kept_up_are_those_of_the_definition_and_so_is_what_stands_behind_them(seed)
    checked = importlib.import_module("tests.laws.test_believed")
    for seed in range(60):
        assert checked.all_believed(checked.Case(seed))
    law = importlib.import_module("tests.laws.test_agreement")
    law_holds = law.test_the_engine_equals_the_definition_in_every_order_of_arrival.hypothesis.inner_test
    for seed in range(500):
        law_holds(seed)


def judged(name: str, source: str) -> str:
    """What the tests say of a module's source; nothing where they all pass."""
    command = [sys.executable, __file__, "--judge", name]
    try:
        done = subprocess.run(command, input=source, text=True, capture_output=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return "it never ended"
    return "" if done.returncode == 0 else done.stderr[-2000:] or "it stopped"


def main(most: int) -> int:
    every = [(name, *mutant) for name in JUDGING for mutant in mutants(name)]
    chosen = every if not most else sorted(Random(1).sample(every, min(most, len(every))), key=lambda one: (one[0], one[1]))
    sound = judged(JUDGING[0], (ROOM / f"{JUDGING[0]}.py").read_text())
    if sound:
        print(f"without any fault the tests do not pass, so nothing can be said:\n{sound}", file=sys.stderr)
        return 1
    survivors = []
    for number, (name, line, what, source) in enumerate(chosen):
        if not judged(name, source):
            survivors.append(f"{name}.py:{line}: {what}")
            print(f"  survives, {number + 1} of {len(chosen)}: {survivors[-1]}", flush=True)
    killed = len(chosen) - len(survivors)
    print(f"mutants killed: {killed} of {len(chosen)} ({killed * 100 / len(chosen):.1f} %), of {len(every)} that there are; goal {GOAL} %")
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--judge"]:
        judge(sys.argv[2])
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 80))
