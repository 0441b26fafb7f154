"""Everything that can go wrong, said once: a number, what is wrong and where, and what to do about it.

What the field sends us wrongly is data (a `Refusal` that is kept); an exception is for the programmer and the machine:

    SafePassageError
    ├── InputError       mend the input             exit 2
    ├── TryAgain         the same call may succeed  exit 1
    ├── LedgerAtRisk     stop, nothing is signed    exit 3
    └── Bug              ours to mend               exit 70

Both carry a `Problem`, the one shape that the command line, HTTP (problem+json, RFC 9457) and the page show.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NoReturn

import msgspec


class Remedy(Enum):
    """What the caller can do about it; the branches of the exception tree."""

    MEND = "mend the input"
    AGAIN = "try again"
    STOP = "stop: the ledger is at risk"
    BUG = "a bug: please report it"


class Where(msgspec.Struct, frozen=True, omit_defaults=True):
    """The place of a fault: whatever of file, line (from 1), column (from 1) and field is known."""

    file: str = ""
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.line:
            parts.append(f"line {self.line}")
        if self.column:
            parts.append(f"column {self.column}")
        if self.field:
            parts.append(self.field)
        return ", ".join(parts)


NOWHERE = Where()


class Fault(msgspec.Struct, frozen=True):
    """One row of the catalogue: `what` and `do` are sentences in which {names} are filled in."""

    number: int
    remedy: Remedy
    what: str
    do: str


class Problem(msgspec.Struct, frozen=True):
    """One fault that happened: numbered, placed, with what to do about it."""

    number: int
    what: str
    do: str
    where: Where = NOWHERE

    def __str__(self) -> str:
        place = str(self.where)
        return f"SP-{self.number}{' at ' + place if place else ''}: {self.what} {self.do}"


class Refusal(msgspec.Struct, frozen=True):
    """An envelope that was not accepted. It is kept, with its bytes and its reason, and can be amended later."""

    problem: Problem
    envelope: bytes = b""


class SafePassageError(Exception):
    """The root of the tree; never raised itself."""

    exit_code = 70

    def __init__(self, problem: Problem, also: Sequence[Problem] = ()) -> None:
        """`also`: whatever else is wrong with the same input, where all of it is looked for at once."""
        super().__init__("\n".join(map(str, (problem, *also))))
        self.problem, self.also = problem, tuple(also)


class InputError(SafePassageError):
    """The caller can mend what was given."""

    exit_code = 2


class TryAgain(SafePassageError):
    """Nothing is wrong with the input; the same call may succeed later."""

    exit_code = 1


class LedgerAtRisk(SafePassageError):
    """Going on could show two people two different logs: stop, sign nothing, say so."""

    exit_code = 3


class Bug(SafePassageError):
    """A state that the code promises cannot be reached."""


_BRANCH: dict[Remedy, type[SafePassageError]] = {
    Remedy.MEND: InputError,
    Remedy.AGAIN: TryAgain,
    Remedy.STOP: LedgerAtRisk,
    Remedy.BUG: Bug,
}


def problem(fault: Fault, where: Where = NOWHERE, **names: object) -> Problem:
    """The fault as it happened here, its sentences filled in."""
    return Problem(fault.number, fault.what.format(**names), fault.do.format(**names), where)


def stop(fault: Fault, where: Where = NOWHERE, **names: object) -> NoReturn:
    """Raise the exception that belongs to this fault's remedy."""
    raise _BRANCH[fault.remedy](problem(fault, where, **names))


# The catalogue. 1xx notation and files, 2xx envelopes, 3xx observations, 4xx ledger and machine, 5xx agreement,
# 6xx planner, 7xx faces, 9xx bugs. docs/reference/errors.md is generated from it.
MALFORMED_LINE = Fault(
    101,
    Remedy.MEND,
    "This line is not in field notation: expected {expected}.",
    "Write it as docs/reference/notation.md shows, or send it as a note.",
)
NO_CONTEXT = Fault(
    102, Remedy.MEND, "No day and time zone is in force here.", "Begin the file with a line such as `day 2016-12-18, zone Asia/Damascus`."
)
UNKNOWN_LABEL = Fault(103, Remedy.MEND, "Nothing above is labelled [{label}].", "Label the line that is meant, or write its entry id.")
DOUBLED_LINE = Fault(
    104, Remedy.MEND, "This line says the same as line {first}, to the second.", "Delete one of them, or write the seconds that part them."
)
BAD_WORLD = Fault(
    110, Remedy.MEND, "The world does not hold together: {reason}.", "Mend world.toml; docs/reference/world.md lists its tables."
)
NO_SCENARIO = Fault(116, Remedy.MEND, "There is no scenario called {name}.", "Name one of: {known}; with --into exactly one.")
NOT_READ = Fault(113, Remedy.MEND, "{file} cannot be read: {reason}.", "Name a file that exists and that this user may read.")
NO_FOLDER = Fault(
    111, Remedy.MEND, "There is no deployment in {folder}.", "Make one with `safepassage init {folder}`, or name another folder."
)
FOLDER_TAKEN = Fault(112, Remedy.MEND, "{folder} already holds a deployment.", "Name an empty folder; nothing is ever overwritten.")
NOT_ASKED_OF = Fault(
    117,
    Remedy.MEND,
    "Nothing in {deployment} is called {about}, and nobody has recorded it.",
    "Name a vehicle, wristband, place or group as it is written in world.toml or on the page; `safepassage where --help` lists the questions.",
)
NOT_A_TIME = Fault(118, Remedy.MEND, "{said} is no time.", "Write 23:10, or 2016-12-18 23:10, in the deployment's own zone.")
NOT_A_NAME = Fault(
    114,
    Remedy.MEND,
    "{name} cannot be the name of a deployment, a device or an observer.",
    "Use small letters, digits and hyphens, a letter first, such as `m17` or `night-2`; never a person's name.",
)
NOT_CANONICAL = Fault(
    120,
    Remedy.MEND,
    "These bytes are not canonical JSON: {reason}.",
    "Send integers only, keys sorted, no spaces, no doubles; docs/formats/envelope.md is exact.",
)
MALFORMED_ENVELOPE = Fault(
    201, Remedy.MEND, "This envelope cannot be read: {reason}.", "Its bytes are kept. Send it again from the device that made it."
)
BAD_SIGNATURE = Fault(
    202,
    Remedy.MEND,
    "The signature of device {device} does not fit these bytes.",
    "Its bytes are kept. Somebody altered or forged it: ask whoever holds {device}.",
)
NOT_ENROLLED = Fault(203, Remedy.AGAIN, "Device {device} is not enrolled here.", "It waits, and is tried again when its enrolment arrives.")
QUARANTINE_FULL = Fault(
    204,
    Remedy.AGAIN,
    "{waiting} envelopes of devices that are not enrolled wait already.",
    "Enrol the device first, then send again; the phone still has it.",
)
OTHER_DEPLOYMENT = Fault(
    205, Remedy.MEND, "This envelope is for deployment {other}, not for {ours}.", "Its bytes are kept. Carry it to the hub that it is for."
)
WRONG_OBSERVER = Fault(
    206,
    Remedy.MEND,
    "Device {device} is enrolled for {enrolled}, not for {observer}.",
    "Its bytes are kept. Every observer signs with a device of their own.",
)
MAY_NOT_RECORD = Fault(207, Remedy.MEND, "A {role} may not record `{kind}`.", "Its bytes are kept. Ask one of: {may}.")
DEMO_KEY = Fault(
    208,
    Remedy.MEND,
    "Device {device} signs with a public demonstration key.",
    "Only deployments marked as a demonstration accept it: enrol a key of its own.",
)
MALFORMED_KEY = Fault(
    209,
    Remedy.MEND,
    "This public key cannot be read: {reason}.",
    "Send it as `name+hash+key`, an Ed25519 key as docs/formats/envelope.md shows.",
)
MALFORMED_NOTE = Fault(
    210, Remedy.MEND, "This signed note cannot be read: {reason}.", "Its bytes are kept. Fetch it again from where it was signed."
)
UNSIGNED_NOTE = Fault(
    211, Remedy.MEND, "This note is not signed as it must be: {reason}.", "Trust nothing in it; ask whoever holds {signer} for it."
)
FALSE_PROOF = Fault(
    212,
    Remedy.MEND,
    "This proof does not hold: {reason}.",
    "Ask the log for a new one; if it fails again, keep both and compare tree heads.",
)
BAD_COSIGNATURE = Fault(
    213, Remedy.MEND, "The cosignature of {cosigner} does not fit this tree head.", "Keep the bytes, and ask {cosigner} what was signed."
)
NOT_COSIGNED = Fault(
    214,
    Remedy.MEND,
    "This tree head is not cosigned: {reason}.",
    "Offer one that continues what was cosigned last; two that do not lie on one line are proof of a split view: keep both.",
)
BAD_POLICY = Fault(
    215,
    Remedy.MEND,
    "The policy on cosigners does not hold together: {reason}.",
    "Mend the line; docs/formats/cosigning.md shows the form.",
)
NO_POLICY = Fault(
    216,
    Remedy.MEND,
    "{folder} has no policy that says who cosigns.",
    "Write the file `policy` there, or name one with --policy; docs/formats/cosigning.md shows the form.",
)
OTHER_PARTY = Fault(
    217,
    Remedy.MEND,
    "Device {device} speaks for {own}, not for {party}.",
    "Its bytes are kept. Each party signs for itself; what another did is recorded by whoever saw it.",
)
BAD_FRONTIER = Fault(
    218,
    Remedy.MEND,
    "This frontier cannot be read: {reason}.",
    "Copy the file again from the hub that wrote it; docs/formats/frontier.md shows the form.",
)
BAD_PART = Fault(
    219,
    Remedy.MEND,
    "{file} is not a whole part of a bundle: {reason}.",
    "Copy it again from where it was written; nothing of it was taken, the other parts were.",
)
PART_ABSENT = Fault(
    220,
    Remedy.MEND,
    "Of the {parts} parts of bundle {bundle} these are not here: {part}.",
    "Bring them and read again, in any order: what was read already is not taken twice.",
)
HUB_SILENT = Fault(
    221,
    Remedy.AGAIN,
    "The hub at {address} does not answer: {reason}.",
    "What was heard until then is in the ledger: run it again, it goes on where it stopped.",
)
NOT_ADMITTED = Fault(
    222,
    Remedy.MEND,
    "The hub at {address} does not answer this hub: {reason}.",
    "Enrol this hub's key where the authority's key is, and let that hub hear of it: docs/how-to/sync.md.",
)
OTHER_HUB = Fault(
    223,
    Remedy.MEND,
    "At {address} there is no hub of deployment {deployment}.",
    "Name the address of its page, such as `https://hub.example/{deployment}`.",
)
TOO_LARGE_TO_DRAW = Fault(224, Remedy.MEND, "{size} bytes do not fit a QR code, which holds {most}.", "Carry it as a file, with --out.")
NEEDS_KEY = Fault(
    225,
    Remedy.MEND,
    "{file} cannot be checked without the log's key.",
    "Give it with --key, from whoever opened the deployment: never from the file's bearer.",
)
NO_ENTRY = Fault(226, Remedy.MEND, "There is no entry {index}: the tree head covers {size}.", "Name a number from 0 to one less than that.")
OTHER_EPOCH = Fault(
    227,
    Remedy.MEND,
    "Device {device} signs as epoch {epoch}, but its key is that of epoch {own}.",
    "Its bytes are kept. A new key is a new device with a name and an epoch of its own: enrol it.",
)
REFUSALS_FULL = Fault(
    228,
    Remedy.AGAIN,
    "{kept} envelopes that no enrolled device vouches for are kept already: this one is refused and not kept.",
    "Its sender still has it. Somebody may be flooding this hub: look at who can reach its address.",
)
BELOW_ZERO = Fault(301, Remedy.MEND, "A count cannot be below zero: {field} is {value}.", "Count again, and send the count that was seen.")
UNKNOWN_PLACE = Fault(302, Remedy.MEND, "No place of this deployment is called {place}.", "Use one of: {known}; or add it to world.toml.")
FROM_THE_FUTURE = Fault(
    303,
    Remedy.AGAIN,
    "Seen at {seen}, but it is {now} here.",
    "It is held aside and counts from its own time on: check the clock of {device}.",
)
TALLY_OVER = Fault(
    304, Remedy.MEND, "The tally adds up to {sum}, more than the {heads} heads counted.", "Count again, or send the heads without a tally."
)
COUNT_REVERSED = Fault(
    305,
    Remedy.MEND,
    "The lower bound of {field} is above the upper: {low} to {high}.",
    "Send the lower bound first, or the count that was seen.",
)
UNKNOWN_NAME = Fault(
    306,
    Remedy.MEND,
    "No {kind} of this deployment is called {name}.",
    "Use one of: {known}. Where nobody was identified, write `persons not identified`; a person's name is never recorded.",
)
STORE_DAMAGED = Fault(
    401,
    Remedy.STOP,
    "The database does not hold what was signed: {reason}.",
    "Nothing more is signed. Run `safepassage verify {folder}`, and restore the newest copy.",
)
HEAD_IN_DOUBT = Fault(
    402,
    Remedy.STOP,
    "It cannot be told whether tree head {size} was published.",
    "Nothing more is signed. Ask whoever may have seen it, then `safepassage verify {folder}`.",
)
SECOND_PROCESS = Fault(
    403,
    Remedy.AGAIN,
    "Another process writes to {folder}.",
    "If it is `serve`, do this on its page: it proposes plans by itself (What next), and officers sign there. Otherwise stop it first, "
    "or work on a copy.",
)
DISK_FULL = Fault(
    404, Remedy.AGAIN, "The disk is full: nothing of this batch was appended.", "Make room and send again; what was acknowledged is safe."
)
READ_ONLY = Fault(405, Remedy.AGAIN, "{folder} cannot be written.", "Give this user the right to write there, or work on a copy.")
CANNOT_VERIFY = Fault(406, Remedy.STOP, "Verification failed: {reason}.", "Trust nothing after entry {good}; compare with another copy.")
LEDGER_MISSING = Fault(
    414,
    Remedy.STOP,
    "The ledger of {folder} is not there.",
    "Restore the newest copy of the whole folder; never make a new ledger for an old deployment.",
)
KEY_ELSEWHERE = Fault(
    415,
    Remedy.MEND,
    "No private key of {observer} is on this machine.",
    "Record where it is, or enrol a new one: safepassage enrol {folder} {observer} --role monitor.",
)
NOT_AN_OBSERVER = Fault(
    416,
    Remedy.MEND,
    "Nobody called {observer} is enrolled here.",
    "Enrol them first: safepassage enrol {folder} {observer} --role monitor.",
)
NO_KEY = Fault(
    407,
    Remedy.MEND,
    "This folder has no key of its own: it is read-only.",
    "Give it one with `safepassage init --key`, or work where the key is.",
)
HEAD_NOT_WRITTEN = Fault(
    408,
    Remedy.AGAIN,
    "The tree head could not be written: {reason}.",
    "Nothing of this batch was acknowledged. Make room and send again; it is not appended twice.",
)
LOG_NOT_WRITTEN = Fault(
    409,
    Remedy.AGAIN,
    "The public log in {folder} could not be written: {reason}.",
    "The ledger itself is whole. Make room, then run `safepassage log` again.",
)
HEAD_ABSENT = Fault(
    410,
    Remedy.STOP,
    "The last signed tree head, the file `treehead`, cannot be read: {reason}.",
    "It cannot be made again here: copy it from whoever holds the newest, then `safepassage doctor {folder}`.",
)
LOG_AILING = Fault(
    411,
    Remedy.MEND,
    "The public log is damaged: {file}: {reason}.",
    "It follows from the ledger: `safepassage doctor {folder} --rebuild` makes it anew.",
)
COSIGNED_IN_DOUBT = Fault(
    412,
    Remedy.STOP,
    "It cannot be told what was cosigned last: {reason}.",
    "Nothing is cosigned. Restore the newest copy of {folder}; without one, this key must never cosign that log again.",
)
LOG_SPLIT = Fault(
    413,
    Remedy.STOP,
    "The log signed two tree heads that do not lie on one line.",
    "The file in {folder} proves it: `safepassage verify` shows that to everybody who has the log's key. Give it to all who trust the log.",
)
HASHES_AILING = Fault(
    420,
    Remedy.STOP,
    "The hashes that are kept as `{tile}` are absent or altered.",
    "They follow from the entries: `safepassage doctor {folder} --rebuild` makes them anew, where the entries are whole.",
)
INDEX_AILING = Fault(
    421,
    Remedy.STOP,
    "The index of the database does not lead to {unfound} of its entries: a second copy of one would be taken for new.",
    "It follows from the entries: `safepassage doctor {folder} --rebuild` makes it anew.",
)
UNREADABLE_CLAUSE = Fault(501, Remedy.MEND, "This clause cannot be read: {reason}.", "{question}")
BAD_CASES = Fault(
    502,
    Remedy.MEND,
    "These are no clause cases: {reason}.",
    "docs/reference/clause-cases.md shows the form: a list of cases, each with its text, its stages and what is expected.",
)
NO_SUCH_CLAUSE = Fault(504, Remedy.MEND, "The agreement of {folder} has no clause {label}.", "Name one of these: {known}.")
TOO_MANY_CLAUSES = Fault(
    503,
    Remedy.MEND,
    "This text has {clauses} clauses; at most {most} are read.",
    "Is it one agreement? Split it, or name what it is made of.",
)
UNREADABLE_INSTANCE = Fault(
    601, Remedy.MEND, "This is no planning instance: {reason}.", "Mend the field that is named; docs/formats/instance.md shows every one."
)
NO_SENSE = Fault(602, Remedy.MEND, "No plan can mean this: {what}.", "{remedy}")
UNREADABLE_PLAN = Fault(
    603, Remedy.MEND, "This is no plan: {reason}.", "Mend the field that is named; docs/formats/instance.md shows every one."
)
UNREADABLE_LEARNT = Fault(
    604,
    Remedy.MEND,
    "This is nothing that can be learnt of a plan: {reason}.",
    "Mend the field that is named; docs/formats/instance.md shows every one.",
)
FOR_ANOTHER = Fault(605, Remedy.MEND, "{what} is for {asked}, and {subject} is {kind}.", "{remedy}.")
NO_PLAN_NAMED = Fault(
    606,
    Remedy.MEND,
    "{file} is an instance, and monitors are posted for a plan of it.",
    "Name the plan too, as `safepassage plan {file} --json` prints it.",
)
BEFORE_OPENING = Fault(607, Remedy.MEND, "By {said} nothing had been heard: {folder} was opened {opened}.", "Name a time from then on.")
MISSING_EXTRA = Fault(701, Remedy.MEND, "This needs the extra `{extra}`.", "Install it: pip install 'safepassage[{extra}]'.")
PORT_TAKEN = Fault(702, Remedy.AGAIN, "Port {port} is taken.", "Name another with --port.")
NOT_REACHED = Fault(901, Remedy.BUG, "This was thought impossible: {reason}.", "Please report it with the entry that led here.")


def catalogue() -> list[Fault]:
    """Every numbered fault, in order of number."""
    return sorted((value for value in globals().values() if isinstance(value, Fault)), key=lambda fault: fault.number)
