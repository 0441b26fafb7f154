"""What was not accepted, from the command line: which envelopes are open, and what was answered of the others."""

from __future__ import annotations

import argparse

from safepassage.cli.folders import Commands, command, say
from safepassage.disclosure.log import AnswerView, RefusalView
from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.values.times import stamp


def add_commands(commands: Commands) -> None:
    command(
        commands,
        "refusals",
        list_refusals,
        "list the envelopes that were not accepted, by the digest that `record` answers them with; exit 1 while any is open",
        "safepassage refusals night",
    )


def list_refusals(given: argparse.Namespace) -> int:
    folder = open_folder(given.folder)
    hub = Hub(folder, wall_clock, writer=False)
    try:
        found = hub.refusals()
    finally:
        hub.close()
    open_ones = sum(each.answer is None for each in found)
    lines = [f"not accepted, kept: {len(found)}; open: {open_ones}; answered: {len(found) - open_ones}"]
    say(given, found, "\n".join([*lines, *(_line(each, folder.world.zone) for each in found)]))
    return 1 if open_ones else 0


def _line(one: RefusalView, zone: str) -> str:
    said = f"open: {one.what}" if one.answer is None else _answer(one.answer)
    return f"{one.digest}  {stamp(one.kept_at, zone)}  {one.device or 'no device'}  SP-{one.number}  {said}"


def _answer(said: AnswerView) -> str:
    place = "an entry that is not here" if said.anew_entry is None else f"entry {said.anew_entry}"
    became = "set aside" if said.anew is None else f"recorded anew as {place}"
    return f"answered by {said.by} in entry {said.entry}: {said.reason}; {became}"
