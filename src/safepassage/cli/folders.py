"""Commands that work on one folder: init, enrol, record, report, verify, log, doctor."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from safepassage.agreement.contradict import contradictions
from safepassage.agreement.grammar import parse_agreement
from safepassage.cli.cosigning import said
from safepassage.cli.proving import verify_file
from safepassage.cli.signing import hub_to_sign
from safepassage.disclosure import Audience
from safepassage.errors import KEY_ELSEWHERE, NO_KEY, NOT_A_NAME, NOT_AN_OBSERVER, NOT_READ, READ_ONLY, InputError, Refusal, problem, stop
from safepassage.hub import Folder, Hub, create, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.hub.cosigning import Cosigned, Vouched, cosigned, policy_of, vouchings
from safepassage.hub.doctor import examine, rebuild
from safepassage.hub.folder import AUTHORITY, LOG, PUBLIC_LOG
from safepassage.ledger.ledger import Receipt
from safepassage.ledger.verify import Progress, Verification
from safepassage.notation import Context, parse, parse_log
from safepassage.observation import Observation
from safepassage.observation.setting import DeviceEnrolled
from safepassage.report.sitrep import sitrep
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId, PartyId
from safepassage.values.people import Role
from safepassage.values.times import local

Commands = Any  # argparse keeps the type of its subparsers to itself


def add_commands(commands: Commands) -> None:
    init = command(
        commands, "init", init_folder, "make a deployment's folder", "safepassage init night --world world.toml --clauses agreement.clauses"
    )
    init.add_argument("--world", type=Path, required=True, help="world.toml: places, roads, vehicles, sides, parties")
    init.add_argument("--clauses", type=Path, help="agreement.clauses: the agreement, adopted at once")
    init.add_argument("--name", help="the deployment's name; otherwise the folder's")

    enrol = command(
        commands, "enrol", enrol_device, "make a key for an observer, and enrol it", "safepassage enrol night m17 --role monitor"
    )
    enrol.add_argument("observer")
    enrol.add_argument("--role", choices=[role.value for role in Role], required=True)
    enrol.add_argument("--party", help="the party that a party's device answers for")
    enrol.add_argument("--key", help="a verifier key made elsewhere, on a phone or in a browser; otherwise one is made here")

    record = command(
        commands,
        "record",
        record_lines,
        "sign and append observations in field notation",
        'safepassage record night "m17 @ramouseh  B-07 counted 47 heads"',
    )
    record.add_argument("line", nargs="?", help="one line; without a time it was seen now")
    record.add_argument("--file", type=Path, help="a file of lines, with `day` headers")

    report = command(
        commands, "report", write_report, "the situation report, as one HTML file", "safepassage report night --out sitrep.html"
    )
    report.add_argument("--out", type=Path, help="where to write it; otherwise to standard output")
    report.add_argument("--audience", choices=[a.value for a in Audience], default=Audience.OPERATIONS.value)

    verify = command(commands, "verify", verify_folder, "check the whole ledger with nothing but public keys", "safepassage verify night")
    verify.add_argument("--key", help="the log's verifier key: with it a file is checked, a proof of an entry or of a split view")
    verify.add_argument("--policy", type=Path, help="who must have cosigned it, in a file that you brought; exit 1 where they have not")

    log = command(
        commands,
        "log",
        write_public_log,
        "write the public log: a folder of tiles that strangers' tools read; it holds every entry, so nothing serves it",
        "safepassage log night",
    )
    log.add_argument("--anew", action="store_true", help="compare every tile with the ledger, and mend what is not as it must be")

    doctor = command(
        commands,
        "doctor",
        examine_folder,
        "say what is damaged in a folder, and what can be made again; exit 1: all of it can, 3: the ledger itself is at risk",
        "safepassage doctor night --rebuild",
    )
    doctor.add_argument("--rebuild", action="store_true", help="make anew what follows from whole entries: index, hashes, public log")


def command(commands: Commands, name: str, run: object, does: str, example: str) -> argparse.ArgumentParser:
    """A command on a deployment's folder, with its example below its help."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=does, epilog=f"example: {example}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("folder", type=Path, help="the deployment's folder")
    made.add_argument("--json", action="store_true", help="answer in JSON")
    made.set_defaults(run=run)
    return made


def init_folder(given: argparse.Namespace) -> int:
    """Make the folder, its keys beside it, and the first entries."""
    name = DeploymentId(lawful(given.name or re.sub(r"[^a-z0-9]+", "-", given.folder.name.lower()).strip("-")))
    clauses = read_text(given.clauses) if given.clauses else ""
    folder = create(given.folder, name, read_text(given.world), clauses, wall_clock())
    agreed = parse_agreement(clauses, folder.world, str(given.clauses)) if clauses else None
    apart = [] if agreed is None else [str(each) for each in contradictions(agreed)]
    opened = f"{given.folder}: deployment {name} is open; its private keys are in {given.folder}.keys, never in the folder"
    return say(
        given,
        {"folder": str(given.folder), "deployment": name, "log": folder.about.log, "contradictions": apart},
        "\n".join([opened, *(f"THE AGREEMENT CONTRADICTS ITSELF: {each}" for each in apart)]),
    )


def enrol_device(given: argparse.Namespace) -> int:
    """A new epoch of an observer's device, signed by the authority's key on this machine."""
    folder = open_folder(given.folder)
    folder.keys.signer(AUTHORITY)  # a copy of the folder makes no key that nobody could enrol
    hub = hub_to_sign(folder)
    try:
        device = lawful(given.key.partition("+")[0] if given.key else _next_device(hub, lawful(given.observer)))
        key = given.key or folder.keys.make(device).vkey
        party = PartyId(given.party) if given.party else None
        enrolled = DeviceEnrolled(device, ObserverId(given.observer), Role(given.role), key, party)
        answer = hub.decide(AUTHORITY, Observation(by=ObserverId("authority"), seen_at=wall_clock(), what=enrolled))
    finally:
        hub.close()
    return answered(given, [answer])


def record_lines(given: argparse.Namespace) -> int:
    """Each line is signed with its observer's key on this machine, and received like any other."""
    folder = open_folder(given.folder)
    observations = _observations(given, folder)
    hub = hub_to_sign(folder)
    try:
        answers = [_record(hub, observation) for observation in observations]
    finally:
        hub.close()
    return answered(given, answers)


def write_report(given: argparse.Namespace) -> int:
    hub = Hub(open_folder(given.folder), wall_clock, writer=False)
    try:
        html = sitrep(hub.view(Audience(given.audience)))
    finally:
        hub.close()
    if given.out is None:
        sys.stdout.buffer.write(html)
        return 0
    try:
        given.out.write_bytes(html)
    except OSError:
        stop(READ_ONLY, folder=str(given.out))
    return say(given, {"written": str(given.out), "bytes": len(html)}, f"{given.out}: {len(html):,} bytes")


_PROVED = [
    "proved: no envelope was altered, removed or inserted under this tree head",
    "not proved: when entries were logged (this hub's own word), that what was signed is true, that nobody was shown another log",
]


def verify_folder(given: argparse.Namespace) -> int:
    """What is proved and what is not; exit 0 where all is proved, 1 where anything is not, 3 where the database cannot be read.

    With a policy that the caller brought, 1 also where it is not cosigned by enough.
    """
    if given.folder.is_file():
        return verify_file(given.folder, given.key)
    folder = open_folder(given.folder)
    policy = policy_of(folder, given.policy)
    found = folder.verify(_progress())
    vouched = cosigned(folder, policy) if policy else Cosigned((), 0, ())
    wanting = given.policy is not None and vouched.covered < found.entries
    heads = f"{found.heads} signed tree head{'s fit' if found.heads > 1 else ' fits'}" if found.heads else "no signed tree head fits it"
    lines = [
        f"{found.entries} entries: {found.signatures} signatures of {found.devices} devices hold",
        f"tree: root {found.root.hex()}, {heads}",
        f"chains: {sum(bool(c.open) for c in found.chains)} devices have gaps, {sum(c.equivocates for c in found.chains)} equivocate",
        *(said(each) for each in vouched.cosigners),
        *_times(found, vouchings(folder, policy) if policy else []),
        f"cosigned by enough: {vouched.covered} of {found.entries} entries" if policy else "cosigned: no policy says by whom",
        *(str(fault) for fault in [*found.problems, *vouched.problems]),
        *(_PROVED if found.proved else [f"NOT PROVED: trust {f'nothing after entry {found.good - 1}' if found.good else 'no entry'}"]),
    ]
    return say(
        given,
        {
            "proved": found.proved,
            "entries": found.entries,
            "root": found.root.hex(),
            "problems": [str(p) for p in [*found.problems, *vouched.problems]],
            "cosigners": vouched.cosigners,
            "cosigned": vouched.covered,
        },
        "\n".join(lines),
    ) or (0 if found.proved and not wanting else 1)


def _times(found: Verification, vouched: list[Vouched]) -> list[str]:
    """The two proved bounds, as far as there are any: below by the tree heads that devices quote, above by cosignatures."""
    newest = min(found.good, max((each.size for each in vouched), default=0))
    after = f"{newest} entries are proved to be no later than a cosigner's time" if newest else "no cosignature bounds an entry from above"
    return [f"times: {after}; {found.quoted} tree heads of this log are quoted in entries, which are later than those"]


def write_public_log(given: argparse.Namespace) -> int:
    folder = open_folder(given.folder)
    written = folder.write_log(given.anew)
    place = folder.path / PUBLIC_LOG
    return say(given, {"log": str(place), "written": written}, f"{place}: {written} files written")


def examine_folder(given: argparse.Namespace) -> int:
    """Every finding with what to do; exit 0 where all is whole, 1 where what is damaged can be made again, 3 otherwise."""
    folder = open_folder(given.folder)
    found = examine(folder, _progress())
    written = rebuild(folder) if given.rebuild and not found.at_risk else None
    if written is not None:
        found = examine(folder)
    lines = [
        *(f"{'can be made again' if finding.rebuilds else 'CANNOT BE MADE AGAIN'}: {finding.problem}" for finding in found.findings),
        *([] if written is None else [f"{folder.path / PUBLIC_LOG}: {written} files made anew"]),
        f"{found.entries} entries: " + ("all is whole" if found.whole else f"can be read, {found.good} are proved"),
    ]
    answer = {"whole": found.whole, "at_risk": found.at_risk, "good": found.good, "entries": found.entries, "rebuilt": written}
    findings = [{"problem": str(finding.problem), "rebuilds": finding.rebuilds} for finding in found.findings]
    say(given, answer | {"findings": findings}, "\n".join(lines))
    return 0 if found.whole else 3 if found.at_risk else 1


# The parts.
def _progress() -> Progress | None:
    return (lambda done: print(f"\r{done:,} entries", end="", file=sys.stderr)) if sys.stderr.isatty() else None


def lawful(name: str) -> DeviceId:
    """A small name, before a key of that name is made."""
    try:
        return msgspec.convert(name, DeviceId)
    except msgspec.ValidationError:
        stop(NOT_A_NAME, name=name)


def read_bytes(path: Path) -> bytes:
    """A file that somebody named.

    Raises
    ------
    InputError
        SP-113, where it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise InputError(problem(NOT_READ, file=str(path), reason=wrong.strerror or "it cannot be read")) from None


def read_text(path: Path) -> str:
    """The same, as UTF-8 text."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise InputError(problem(NOT_READ, file=str(path), reason=f"byte {wrong.start} is no UTF-8 text")) from None


def _next_device(hub: Hub, observer: str) -> DeviceId:
    epochs = [_epoch(device) for device, held in hub.door.devices.items() if held.observer == observer]
    return DeviceId(f"{observer}-{max(epochs, default=0) + 1}")


def _epoch(device: DeviceId) -> int:
    """The number that ends a device's name; 0 where a phone chose another."""
    number = device.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0


def _observations(given: argparse.Namespace, folder: Folder) -> list[Observation]:
    zone, now = folder.world.zone, wall_clock()
    if given.file is not None:
        return [line.observation for line in parse_log(read_text(given.file), str(given.file))]
    line = given.line if given.line is not None else sys.stdin.read().strip()
    today = Context(local(now, zone).date(), zone)
    timed = "" if re.match(r"\d\d:\d\d", line) else f"{local(now, zone):%H:%M:%S}.{now % 1000:03d}  "
    try:
        return [parse(timed + line, today)]
    except InputError as wrong:
        where = wrong.problem.where
        column = max(1, where.column - len(timed)) if where.column else 0  # the time that we put before it is not theirs
        raise InputError(replace(wrong.problem, where=replace(where, column=column))) from None


def _record(hub: Hub, observation: Observation) -> Receipt | Refusal:
    devices = [device for device, held in hub.door.devices.items() if held.observer == observation.by]
    held = [device for device in devices if hub.folder.keys.has(device)]
    if not hub.folder.keys.has(LOG):
        stop(NO_KEY)
    if not held:
        stop(KEY_ELSEWHERE if devices else NOT_AN_OBSERVER, observer=observation.by, folder=str(hub.folder.path))
    return hub.decide(max(held, key=_epoch), observation)


def answered(given: argparse.Namespace, answers: list[Receipt | Refusal]) -> int:
    """Receipts, and what was not accepted with its reason; exit 1 where anything was not."""
    for answer in answers:
        if isinstance(answer, Receipt):
            say(given, answer, f"entry {answer.index}  {answer.id}")
        else:
            say(given, answer.problem, f"not accepted, kept: {answer.problem}")
    return 1 if any(isinstance(answer, Refusal) for answer in answers) else 0


def say(given: argparse.Namespace, data: object, text: str) -> int:
    print(msgspec.json.encode(data).decode() if given.json else text)
    return 0


def at_least(least: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number, not below `least`."""

    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is below {least}")
        return value

    return number
