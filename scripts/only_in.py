"""A kind of import contract that import-linter lacks: these modules are imported in these rooms and nowhere else.

Its own `protected` and `forbidden` kinds demand that every module named exists already; ours holds from the first day
for libraries not yet used and rooms not yet built. Only direct imports count: the floors' contract sees to the rest.
"""

from __future__ import annotations

from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ROOT = "safepassage"


class OnlyIn(Contract):
    """`modules` may be imported by the rooms of `safepassage` named in `rooms`, and inside themselves."""

    type_name = "only_in"
    modules = fields.ListField(subfield=fields.StringField())
    rooms = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        modules = cast("list[str]", self.modules)
        rooms = [f"{ROOT}.{room}" for room in cast("list[str]", self.rooms)]
        strays = [
            (importer, guarded, graph.get_import_details(importer=importer, imported=guarded)[0]["line_number"])
            for guarded in sorted(name for name in graph.modules if _inside(name, modules))
            for importer in sorted(graph.find_modules_that_directly_import(guarded))
            if not _inside(importer, rooms) and not _inside(importer, modules)
        ]
        return ContractCheck(kept=not strays, metadata={"strays": strays, "allowed": ", ".join(rooms)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        allowed = check.metadata["allowed"]
        for importer, guarded, line in check.metadata["strays"]:
            output.print_error(f"{importer} (line {line}) imports {guarded}, allowed only in: {allowed}", bold=False)
        output.new_line()


def _inside(module: str, packages: list[str]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)
