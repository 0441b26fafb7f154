"""Nothing that we commit names a machine's folders or a package registry: it must build anywhere, from any mirror."""

from __future__ import annotations

import re

from house import ROOT, tracked

# Spelt in parts, so that this file does not hold what it looks for.
FOLDERS = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/opt/py" + "pi", "/opt/wh" + "eels"]
REGISTRIES = ["py" + "pi.org", "pythonhost" + "ed.org", "npm" + "js.org", "npm" + "js.com/package", "yarn" + "pkg.com"]
LINES = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links"]
LOCKS = (".txt", "package-lock.json", ".npmrc")


def test_no_tracked_file_names_a_machine_path_or_a_registry() -> None:
    searched = re.compile("|".join(re.escape(word) for word in FOLDERS + REGISTRIES))
    assert not lines_with(searched)


def test_no_lock_names_an_index() -> None:
    searched = re.compile("|".join(re.escape(word) for word in [*LINES, '"resolved"', "file://"]))
    assert not [line for line in lines_with(searched) if line.split(":")[0].endswith(LOCKS)]


def lines_with(searched: re.Pattern[str]) -> list[str]:
    """`path:line` of every match in every tracked text file."""
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        lines = enumerate(text.splitlines(), 1)
        found += [f"{path.relative_to(ROOT)}:{number}" for number, line in lines if searched.search(line)]
    return found
