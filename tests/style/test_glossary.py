"""The glossary binds (STYLE 1): no identifier says a word that docs/glossary.md enforces."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import PACKAGE, ROOT, floors, room_of

GLOSSARY = ROOT / "docs" / "glossary.md"


def banned() -> dict[str, set[str]]:
    """Each enforced word, with the rooms that may say it."""
    words: dict[str, set[str]] = {}
    for line in GLOSSARY.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and cells[3] != "enforced" and not cells[3].startswith("-"):
            words |= {word: set(listed(cells[4])) for word in listed(cells[3])}
    return words


def listed(cell: str) -> list[str]:
    return [word.strip() for word in cell.split(",") if word.strip()]


def said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that this module gives or uses, with its line; names that an import brings in are their owners'."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.keyword(arg=str(name)):
                yield node.lineno, name
            case _:
                pass


def words_of(name: str) -> set[str]:
    """`lastSeenAt`, `last_seen_at` and `LAST_SEEN_AT` are last, seen, at; plurals stand for their singular too."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    words = {part.lower() for part in parts}
    return words | {word.removesuffix("s") for word in words}


def strays(tree: ast.Module, room: str) -> list[tuple[int, str]]:
    forbidden = {word for word, rooms in banned().items() if room not in rooms}
    return [(line, name) for line, name in said(tree) if words_of(name) & forbidden]


def test_no_identifier_says_an_enforced_word() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, name in strays(ast.parse(path.read_text()), room_of(path))
    ]
    assert not found, "docs/glossary.md has the word to use instead"


def test_no_file_is_named_with_an_enforced_word() -> None:
    paths = [path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")]
    assert not [path for path in paths if misnamed(path)]


def misnamed(path: Path) -> bool:
    room = path.parts[0].removesuffix(".py")
    return any(word in words_of(str(path)) and room not in rooms for word, rooms in banned().items())


def test_the_glossary_permits_only_rooms_that_exist_on_a_floor() -> None:
    assert set[str]().union(*banned().values()) <= set[str]().union(*floors())


@pytest.mark.parametrize("planted", ["custody = 1", "def lastSnapshots(): ...", "class BusManager: ...", "f(blob=1)"])
def test_a_planted_word_is_seen(planted: str) -> None:
    assert strays(ast.parse(planted), "whereabouts")


def test_a_permitted_room_may_say_it() -> None:
    assert strays(ast.parse("witness = 1"), "web")
    assert not strays(ast.parse("witness = 1"), "ledger")
