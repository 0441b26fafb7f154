"""Write the pages of docs/reference that follow from the code; tests/docs/ fails where one is out of date.

make docs
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from pathlib import Path

from safepassage import errors
from safepassage.agreement.table import table
from safepassage.cli import parser
from safepassage.observation import KINDS, Kind, tag_of
from safepassage.values.people import Role

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"

ERRORS_HEAD = """\
# Errors

Generated from the catalogue in `src/safepassage/errors.py` by `make docs`; do not edit.

Every fault has a number, one sentence on what is wrong and one on what to do. The command line, HTTP and the pages show
the same. Words in `{braces}` are filled in where it happens, with the file, line, column or field
as far as they are known.

| remedy | the command line ends with |
|---|---|
"""


def errors_page() -> str:
    """docs/reference/errors.md, whole."""
    exits = {remedy: errors._BRANCH[remedy].exit_code for remedy in errors.Remedy}
    lines = [f"| {remedy.value} | {code} |" for remedy, code in exits.items()]
    lines += ["", "| number | what is wrong | what to do | remedy |", "|---|---|---|---|"]
    lines += [f"| SP-{f.number} | {f.what} | {f.do} | {f.remedy.value} |" for f in errors.catalogue()]
    return ERRORS_HEAD + "\n".join(lines) + "\n"


NOTATION_HEAD = """\
# Field notation

Generated from the kinds in `src/safepassage/observation/` by `make docs`; do not edit.

One line is one observation, both ways, exactly: `parse(render(o)) == o` (tests/laws/test_notation.py).

```
day 2016-12-18, zone Asia/Damascus                          # in force until the next such line
21:14  m03 @ramouseh   B-07 departed for rashideen, 50 heads: 14 men, 17 women, 4 youth, 15 children   as [out]
22:06  m08 @rashideen  told by a passenger: 4 taken off B-07 at khan-road by persons not identified
22:38  m03 @ramouseh   corrects [out]: B-07 departed for rashideen, 48 heads
```

A line is: the time (seconds and milliseconds where they are not zero), who recorded it, `@` the place, a phrase, and, if others
refer to it, `as [label]`. `told by …:` makes it alleged: somebody said so. What follows `#` is a comment; a line that begins with
`stage:` is for whoever plays the file. A clock time that comes twice in one night is written `00:30/2` the second time. Entries are
named by label or by their 64 hex digits.

Below, `{braces}` stand for a value and `[brackets]` for a part that may be missing.

| kind | phrase | sphere | who may record it |
|---|---|---|---|
"""


def notation_page() -> str:
    """docs/reference/notation.md, whole."""
    return NOTATION_HEAD + "\n".join(_kind_row(kind) for kind in KINDS) + "\n"


def _kind_row(kind: type[Kind]) -> str:
    phrase = re.sub(r"\[\?\w+\|([^\]]*)\]", r"[\1]", kind.phrase).replace("|", "or")
    everybody = len(kind.may) == len(Role)
    may = "everybody" if everybody else ", ".join(sorted(role.value for role in kind.may))
    return f"| `{tag_of(kind)}` | `{phrase}` | {kind.sphere.value} | {may} |"


COMMANDS_HEAD = """\
# Commands

Generated from the command line's own help by `make docs`; do not edit. Exit codes: 0 done, 1 the answer is no, 2 the input is wrong,
3 the ledger is at risk.
"""


def commands_page() -> str:
    """docs/reference/commands.md, whole."""
    return COMMANDS_HEAD + "".join(_command(name, command) for name, command in sorted(_below(parser(), ())))


def _below(command: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command that can be run, by the words that name it."""
    deeper = [action.choices for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    if not deeper:
        yield " ".join(words), command
    for choices in deeper:
        for name, each in choices.items():
            yield from _below(each, (*words, name))


def _command(name: str, command: argparse.ArgumentParser) -> str:
    os.environ["COLUMNS"] = "100"
    return f"\n## safepassage {name}\n\n```\n{command.format_help().strip()}\n```\n"


VOCABULARY_HEAD = """\
# The vocabulary of clauses

Generated from `src/safepassage/agreement/vocabulary.py`, `tongue.py` and `table.py` by `make docs`; do not edit.
No native reader has checked the Arabic.

A phrase stands where its third column says. Pronouns (that person, there, it, the same side) are what the first phrase *gives*: a
phrase that *needs* what is not given is refused. Silence counts only where a watch of the kind named was signed, without a break,
at the places named; a watch that is signed without a place covers the whole deployment, and none attests anything beyond the
moment of its signing.

| words | Arabic | where it stands | roles | sense | kinds of observation | who may record them | a watch over | at |
|---|---|---|---|---|---|---|---|---|
"""


def vocabulary_page() -> str:
    """docs/reference/vocabulary.md, whole."""
    rows = ("| " + " | ".join(str(getattr(line, field)) for field in line.__struct_fields__) + " |" for line in table())
    return VOCABULARY_HEAD + "\n".join(rows) + "\n"


PAGES = {
    REFERENCE / "vocabulary.md": vocabulary_page,
    REFERENCE / "errors.md": errors_page,
    REFERENCE / "notation.md": notation_page,
    REFERENCE / "commands.md": commands_page,
}


def main() -> None:
    for path, page in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page())
        print(f"docs: {path.relative_to(REFERENCE.parent.parent)}")


if __name__ == "__main__":
    main()
