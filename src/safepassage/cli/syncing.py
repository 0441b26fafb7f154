"""Commands by which hubs of one deployment hear what others have: join, frontier, pack, unpack, sync."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from safepassage.cli.folders import lawful
from safepassage.cli.signing import hub_to_sign
from safepassage.errors import NOT_READ, stop
from safepassage.hub import open_folder
from safepassage.hub.carrying import Taken, frontier_of, lacking, take
from safepassage.hub.folder import Folder
from safepassage.hub.opening import join
from safepassage.hub.syncing import Synced, peer_of, sync
from safepassage.ledger.frontier import Frontier, by_hand, parse_frontier, render_frontier
from safepassage.sync.bundle import LARGEST_PART, LEAST_PART, PART_SIZE, read_bundle, write_bundle

MOST_SHOWN = 20


def add_commands(commands: Any) -> None:
    joining = _command(
        commands,
        "join",
        join_deployment,
        "make a further hub's folder in a deployment: its own log and keys; its entries come by unpack or sync",
        "safepassage join east --from night --name east",
    )
    joining.add_argument("--from", dest="other", type=Path, required=True, help="a copy of another hub's folder")
    joining.add_argument("--name", required=True, help="what this hub is called: small letters, digits, hyphens; no other hub's name")

    telling = _command(
        commands,
        "frontier",
        write_frontier,
        "say what this hub has, so that another packs only what it lacks",
        "safepassage frontier night --out night.frontier",
    )
    telling.add_argument("--out", type=Path, help="write it here; otherwise to standard output")

    packing = _command(
        commands,
        "pack",
        pack_bundle,
        "write what another hub lacks as a bundle of parts, for a stick; beside it this hub's frontier",
        "safepassage pack night --to stick --frontier stick/east.frontier",
    )
    packing.add_argument("--to", type=Path, required=True, help="the folder to write to")
    packing.add_argument("--frontier", type=Path, help="what the other has, as it wrote it; otherwise all is packed")
    packing.add_argument(
        "--has",
        action="append",
        default=[],
        metavar="DEVICE:NUMBER",
        help="by hand: the other has this device's up to this number",
    )
    packing.add_argument("--part-size", type=int, default=PART_SIZE, help=f"the most bytes of a part, from {LEAST_PART:,}")

    unpacking = _command(
        commands,
        "unpack",
        unpack_bundle,
        "receive the parts of bundles, in any order and doubled; exit 1 where a part is damaged or absent, or anything not accepted",
        "safepassage unpack east stick/*.bundle",
    )
    unpacking.add_argument("files", type=Path, nargs="+", help="parts of bundles")

    syncing = _command(
        commands,
        "sync",
        sync_hubs,
        "hear what another hub has and give it what it lacks, over HTTP; it goes on where it stopped; exit 1 where anything was refused",
        "safepassage sync east https://hub.example/night",
    )
    syncing.add_argument("address", help="the other hub's page, such as https://hub.example/night")


def _command(commands: Any, name: str, run: object, does: str, example: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=does, epilog=f"example: {example}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.add_argument("folder", type=Path, help="the deployment's folder")
    command.set_defaults(run=run)
    return command


def join_deployment(given: argparse.Namespace) -> int:
    folder = join(given.folder, given.other, lawful(given.name))
    key = folder.keys.signer(folder.about.hub).vkey
    print(f"{given.folder}: a hub of {folder.about.deployment}, empty; its log is {folder.origin}")
    print(f"where the authority's key is: safepassage enrol FOLDER {given.name} --role hub --key {key}")
    return 0


def write_frontier(given: argparse.Namespace) -> int:
    data = render_frontier(_frontier(open_folder(given.folder)))
    if given.out is None:
        sys.stdout.buffer.write(data)
    else:
        given.out.write_bytes(data)
    return 0


def pack_bundle(given: argparse.Namespace) -> int:
    folder = open_folder(given.folder)
    part_size = min(max(given.part_size, LEAST_PART), LARGEST_PART)
    ledger = folder.ledger(writer=False)
    try:
        theirs = _theirs(given, folder)
        parts = write_bundle(lacking(ledger, theirs), given.to, folder.about.deployment, folder.origin, part_size)
        ours = frontier_of(ledger, folder.about.deployment)
    finally:
        ledger.close()
    beside = given.to / f"{folder.origin.replace('/', '-')}.frontier"
    beside.write_bytes(render_frontier(ours))
    for path in [*parts, beside]:
        print(f"{path}: {path.stat().st_size:,} bytes")
    return 0


def unpack_bundle(given: argparse.Namespace) -> int:
    folder = open_folder(given.folder)
    carried = read_bundle(given.files, folder.about.deployment)
    for wrong in carried.problems:
        print(f"{wrong}")
    hub = hub_to_sign(folder)
    try:
        taken = take(hub, carried.envelopes)
    finally:
        hub.close()
    print("\n".join(said(taken)))
    return 1 if carried.problems or taken.refused else 0


def sync_hubs(given: argparse.Namespace) -> int:
    hub = hub_to_sign(open_folder(given.folder))
    try:
        done = sync(hub, peer_of(hub, given.address))
    finally:
        hub.close()
    print("\n".join(said_of_both(done)))
    return 1 if done.heard.refused or done.given.refused else 0


def said_of_both(done: Synced) -> list[str]:
    """What was heard and given, and what the other does not have under its tree head all the same."""
    left = f"{done.left} of our entries are not under the other's tree head: they are offered again next time"
    lines = [*(f"heard: {line}" for line in said(done.heard)), *(f"given: {line}" for line in said(done.given))]
    return [*lines, left] if done.left else lines


def said(taken: Taken) -> list[str]:
    """What became of what was carried, as `unpack` and `sync` show it."""
    lines = [f"{taken.fresh} entries are new, {taken.known} were known, {taken.waiting} wait for their device's enrolment"]
    lines += [f"not accepted, kept: {each}" for each in taken.refused[:MOST_SHOWN]]
    more = len(taken.refused) - MOST_SHOWN
    return [*lines, f"and {more} more that were not accepted"] if more > 0 else lines


# The parts.
def _frontier(folder: Folder) -> Frontier:
    ledger = folder.ledger(writer=False)
    try:
        return frontier_of(ledger, folder.about.deployment)
    finally:
        ledger.close()


def _theirs(given: argparse.Namespace, folder: Folder) -> Frontier:
    """What the other is said to have: by its own file, by hand, or both."""
    theirs = by_hand(given.has, folder.about.deployment)
    if given.frontier is None:
        return theirs
    try:
        data = given.frontier.read_bytes()
    except OSError as wrong:
        stop(NOT_READ, file=str(given.frontier), reason=wrong.strerror or "it cannot be read")
    written = parse_frontier(data, str(given.frontier))
    return replace(written, strands=(*written.strands, *theirs.strands))
