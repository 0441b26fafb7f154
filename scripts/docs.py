"""Write the pages of docs/reference that follow from the code; tests/docs/ fails where one is out of date.

make docs
"""

from __future__ import annotations

from pathlib import Path

from safepassage import errors

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


PAGES = {REFERENCE / "errors.md": errors_page}


def main() -> None:
    for path, page in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page())
        print(f"docs: {path.relative_to(REFERENCE.parent.parent)}")


if __name__ == "__main__":
    main()
