"""MonPoly's part of metric first-order temporal logic that our exports use, by definition: the text of three files, and nothing of ours.

A formula's meaning at a time point is the set of valuations of its free variables that make it true there, computed anew for every
part of it at every time point. Grammar, precedence, the sum of nothing and the answers that are withheld until their future has been
seen are MonPoly's own (formula_parser.mly, formula_lexer.mll, aggreg.ml of remolueoend/monpoly).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any, TypeAlias

Value: TypeAlias = int | str
Valuation: TypeAlias = frozenset[tuple[str, Value]]
Formula: TypeAlias = tuple[Any, ...]
"""Its operator, then its parts."""
Database: TypeAlias = set[tuple[str, tuple[Value, ...]]]

TOKEN = re.compile(r'\s*("[^"]*"|<-|[A-Za-z_][A-Za-z_0-9]*|\d+|[()\[\],.;*<>=-])')


class Parser:
    """From weakest to tightest: SINCE, the other temporal operators and EXISTS, OR, AND, NOT."""

    def __init__(self, text: str) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens) == re.sub(r"\s", "", text), "something is no token of this language"
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        found = self.peek()
        assert expected in ("", found), f"{expected} expected before {self.tokens[self.at :]}"
        self.at += 1
        return found

    def whole(self) -> Formula:
        formula = self.formula()
        assert not self.peek()
        return formula

    def formula(self) -> Formula:
        left = self.either()
        if self.peek() != "SINCE":
            return left
        self.take()
        return ("SINCE", self.interval(), left, self.formula())

    def either(self) -> Formula:
        left = self.both()
        while self.peek() == "OR":
            self.take()
            left = ("OR", left, self.both())
        return left

    def both(self) -> Formula:
        left = self.single()
        while self.peek() == "AND":
            self.take()
            left = ("AND", left, self.single())
        return left

    def single(self) -> Formula:
        word = self.peek()
        if word == "NOT":
            return (self.take(), self.single())
        if word in ("ONCE", "EVENTUALLY", "PREVIOUS"):
            return (self.take(), self.interval(), self.either())
        if word == "EXISTS":
            self.take()
            names = [self.take()]
            while self.peek() == ",":
                self.take()
                names.append(self.take())
            self.take(".")
            return ("EXISTS", tuple(names), self.formula())
        if word == "(" and not self._is_term():
            self.take()
            inner = self.formula()
            self.take(")")
            return inner
        if self.peek(1) == "<-":
            return self.aggregation()
        if self.peek(1) == "(" and word != "(":
            return ("PRED", self.take(), self.terms())
        left = self.term()
        return (self.take(), left, self.term())

    def _is_term(self) -> bool:
        """Whether a parenthesis holds a difference of numbers."""
        return self.peek(1).isdigit()

    def aggregation(self) -> Formula:
        result = self.take()
        self.take("<-")
        self.take("SUM")
        summed, groups = self.take(), list[str]()
        while self.peek() in (";", ","):
            self.take()
            groups.append(self.take())
        return ("SUM", result, summed, tuple(groups), self.single())

    def interval(self) -> tuple[int, float]:
        if self.peek() != "[":
            return 0, float("inf")
        self.take()
        low = int(self.take())
        self.take(",")
        high = self.take()
        assert self.take() == (")" if high == "*" else "]")
        return low, float("inf") if high == "*" else int(high)

    def terms(self) -> tuple[object, ...]:
        self.take("(")
        found = list[object]()
        while self.peek() != ")":
            found.append(self.term())
            if self.peek() == ",":
                self.take()
        self.take(")")
        return tuple(found)

    def term(self) -> object:
        if self.peek() == "(":
            self.take()
            left = self.take()
            self.take("-")
            right = self.take()
            self.take(")")
            return int(left) - int(right)
        word = self.take()
        return int(word) if word.isdigit() else ("CST", word[1:-1]) if word.startswith('"') else ("VAR", word)


def read_log(text: str) -> list[tuple[int, Database]]:
    """Time points in order."""
    points = []
    for line in text.splitlines():
        when, _, rest = line.partition(" ")
        found: Database = set()
        for name, inside in re.findall(r"([a-z_0-9]+)\(((?:\"[^\"]*\"|[^()\"])*)\)", rest):
            parts = re.findall(r'"([^"]*)"|(-?\d+)', inside)
            found.add((name, tuple(word if not number else int(number) for word, number in parts)))
        points.append((int(when.removeprefix("@")), found))
    assert [when for when, _ in points] == sorted(when for when, _ in points)
    return points


def read_signature(text: str) -> dict[str, list[str]]:
    """The types of each predicate's places."""
    found = re.findall(r"^([a-z_0-9]+)\((.*)\)$", text, re.MULTILINE)
    return {name: [place.rpartition(":")[2] for place in inside.split(",") if place] for name, inside in found}


class Monitor:
    """One formula over one log that is typed by one signature."""

    def __init__(self, signature: str, formula: str, log: str) -> None:
        self.formula, self.points = Parser(formula).whole(), read_log(log)
        types = read_signature(signature)
        for _, said in self.points:
            for name, values in said:
                assert [{"string": str, "int": int}[kind] for kind in types[name]] == [type(value) for value in values], name
        self.known: dict[tuple[int, int], set[Valuation]] = {}

    def violations(self) -> list[set[Valuation]]:
        """At each time point whose future has been seen, as far as the formula looks ahead."""
        last, far = self.points[-1][0], ahead(self.formula)
        return [self.at(self.formula, n) for n, (when, _) in enumerate(self.points) if not far or when + far < last]

    def at(self, formula: Formula, n: int) -> set[Valuation]:
        key = (id(formula), n)
        if key not in self.known:
            self.known[key] = set(self._at(formula, n))
        return self.known[key]

    def _at(self, formula: Formula, n: int) -> Iterator[Valuation]:
        now, said = self.points[n]
        match formula:
            case ("PRED", name, terms):
                for other, values in said:
                    if other == name and (found := _bound(terms, values)) is not None:
                        yield found
            case ("AND", left, right):
                for one in self.at(left, n):
                    yield from self._with(one, right, n)
            case ("OR", left, right):
                yield from self.at(left, n) | self.at(right, n)
            case ("EXISTS", names, inner):
                yield from (frozenset(pair for pair in one if pair[0] not in names) for one in self.at(inner, n))
            case ("ONCE", (low, high), inner):
                yield from (one for k in range(n + 1) if low <= now - self.points[k][0] <= high for one in self.at(inner, k))
            case ("EVENTUALLY", (low, high), inner):
                later = range(n, len(self.points))
                yield from (one for k in later if low <= self.points[k][0] - now <= high for one in self.at(inner, k))
            case ("PREVIOUS", _, inner):
                yield from self.at(inner, n - 1) if n else ()
            case ("SINCE", (low, high), left, right):
                for k in range(n + 1):
                    if low <= now - self.points[k][0] <= high:
                        yield from (one for one in self.at(right, k) if all(list(self._with(one, left, m)) for m in range(k + 1, n + 1)))
            case ("SUM", result, summed, groups, inner):
                yield from _sums(self.at(inner, n), result, summed, groups)
            case other:
                raise AssertionError(f"{other[0]} alone has no finite set of valuations")

    def _with(self, one: Valuation, formula: Formula, n: int) -> Iterator[Valuation]:
        """A valuation together with what makes a formula true: the right side of an AND may deny or compare what the left side bound."""
        values = dict(one)
        match formula:
            case ("NOT", inner):
                if not list(self._with(one, inner, n)):
                    yield one
            case (("<" | ">" | "=") as sign, left, right):
                a, b = (values[term[1]] if isinstance(term, tuple) else term for term in (left, right))
                if {"<": a < b, ">": a > b, "=": a == b}[sign]:
                    yield one
            case _:
                yield from (one | other for other in self.at(formula, n) if _agree(one, other))


def _bound(terms: tuple[object, ...], values: tuple[Value, ...]) -> Valuation | None:
    found: dict[str, Value] = {}
    for term, value in zip(terms, values, strict=True):
        if isinstance(term, tuple) and term[0] == "VAR":
            if found.setdefault(term[1], value) != value:
                return None
        elif (term[1] if isinstance(term, tuple) else term) != value:
            return None
    return frozenset(found.items())


def _agree(one: Valuation, other: Valuation) -> bool:
    return all(a[1] == b[1] for a, b in product(one, other) if a[0] == b[0])


def _sums(found: set[Valuation], result: str, summed: str, groups: tuple[str, ...]) -> Iterator[Valuation]:
    """Over distinct valuations; a sum of nothing is nought where nothing is grouped by."""
    if not found and not groups:
        yield frozenset({(result, 0)})
    totals: dict[Valuation, int] = {}
    for one in found:
        group = frozenset(pair for pair in one if pair[0] in groups)
        totals[group] = totals.get(group, 0) + int(dict(one)[summed])
    yield from (group | {(result, total)} for group, total in totals.items())


def ahead(formula: object) -> int:
    """How many seconds a formula looks ahead."""
    if not isinstance(formula, tuple):
        return 0
    own = int(formula[1][1]) if formula and formula[0] == "EVENTUALLY" else 0
    return own + max((ahead(part) for part in formula if isinstance(part, tuple)), default=0)
