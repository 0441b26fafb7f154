"""`safepassage where`: the questions of a duty officer, answered with bounds, the entries behind them, and coverage."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from safepassage.cli.folders import Commands
from safepassage.disclosure.where import CHANGED, QUESTIONS, Answer, Finding, moment
from safepassage.errors import BEFORE_OPENING, NOT_ASKED_OF, stop
from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.values.times import MINUTE, Instant, stamp


def add_commands(commands: Commands) -> None:
    listed = [f"  {' '.join([name, one.about]).strip():<20} {one.asks}" for name, one in QUESTIONS.items()]
    listed.append(f"  {CHANGED + ' TIME':<20} what changed since it was known so, and by which late reports")
    command: argparse.ArgumentParser = commands.add_parser(
        "where",
        help="ask where people and vehicles are, and who is not accounted for; exit 1 where nothing is known of it",
        description="Ask one question. Every answer has bounds that hold though devices err as published, the entries behind it, "
        "and what somebody neutral could see.\n\n" + "\n".join(listed),
        epilog="example: safepassage where night aboard B-07",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("folder", type=Path, help="the deployment's folder")
    command.add_argument("question", choices=[*QUESTIONS, CHANGED], metavar="QUESTION", help="one of those above")
    command.add_argument("about", nargs="?", default="", help="the vehicle, wristband, place, group or time that it is asked of")
    command.add_argument("--known-at", metavar="TIME", help="by what had been heard by then, for example 23:10")
    command.add_argument("--as-of", metavar="TIME", help="as it was then, by all that is known now")
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.set_defaults(run=ask)


def ask(given: argparse.Namespace) -> int:
    """One question; exit 1 where there is nothing to say."""
    if bool(given.about) is not bool(given.question == CHANGED or QUESTIONS[given.question].about):
        stop(NOT_ASKED_OF, about=given.about or "nothing", deployment=str(given.folder))
    hub = Hub(open_folder(given.folder), wall_clock, writer=False)
    try:
        zone = hub.folder.world.zone
        newest = hub.newest_at()
        if given.question == CHANGED:
            answer = hub.changed(moment(given.about, newest, zone))
        else:
            known = heard_by(hub, given.known_at) if given.known_at else None
            then = moment(given.as_of, newest, zone) if given.as_of else None
            answer = hub.where(given.question, given.about, known, as_of=then)
    finally:
        hub.close()
    if given.json:
        print(msgspec.json.encode(answer).decode())
    else:
        print("\n".join(lines_of(answer, zone)))
    return 0 if answer.findings else 1


def heard_by(hub: Hub, text: str) -> Instant:
    """The instant that was asked for: what had been heard by then is asked, and before the opening nothing had been.

    Raises
    ------
    InputError
        NOT_A_TIME, BEFORE_OPENING.
    """
    zone, opened = hub.folder.world.zone, hub.opened_at()
    known = moment(text, hub.newest_at(), zone)
    if known < opened - opened % MINUTE:
        stop(BEFORE_OPENING, said=stamp(known, zone), folder=hub.folder.path, opened=stamp(opened, zone))
    return known


def lines_of(answer: Answer, zone: str) -> list[str]:
    """An answer as text: each finding, its bounds, why, and what could be seen."""
    mark = "EXERCISE  " if answer.exercise else ""
    lines = [f"{mark}{answer.question}   as of {stamp(answer.now, zone)}, known from {answer.size} entries"]
    for finding in answer.findings:
        lines.append(f"{finding.subject}  {finding.said}")
        lines += [f"    {part}" for part in _parts(finding)]
    return lines if answer.findings else [*lines, "nothing is recorded that answers this"]


def _parts(finding: Finding) -> list[str]:
    found = []
    if finding.counted is not None:
        found.append(f"as counted: {finding.counted}")
    if finding.heads is not None:
        found.append(f"bounds that hold though devices err as published: {_bounds(finding)}")
    if finding.why:
        found.append(f"why: {'entry' if len(finding.why) == 1 else 'entries'} {', '.join(str(ref.index) for ref in finding.why)}")
    if finding.coverage:
        found.append(f"seen: {finding.coverage}")
    return found


def _bounds(finding: Finding) -> str:
    """Bounds in words; an open upper end is said."""
    heads = finding.heads
    assert heads is not None  # asked where there are bounds
    return f"at least {heads.low}, at most not known" if heads.high is None else str(heads)
