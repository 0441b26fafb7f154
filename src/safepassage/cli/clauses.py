"""Commands that work on the text of an agreement: read it back, compare its two texts, try it on staged cases."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec

from safepassage.agreement.asked import Asked
from safepassage.agreement.cases import CaseFound, Line, StageFound, left_out_of, opinions_of, read_cases, run_case
from safepassage.agreement.clause import Agreement
from safepassage.agreement.compare import differences
from safepassage.agreement.contradict import contradictions
from safepassage.agreement.grammar import parse_agreement, parse_alone
from safepassage.agreement.linked import Linked, Next
from safepassage.agreement.monpoly import LeftOut, Opinion
from safepassage.agreement.understood import understood
from safepassage.cli.asking import heard_by
from safepassage.cli.folders import Commands, read_bytes, read_text
from safepassage.disclosure import Audience
from safepassage.disclosure.views import ClauseView, EntryView, InstanceView, View
from safepassage.errors import NO_SUCH_CLAUSE, READ_ONLY, stop
from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.values.counts import NONE
from safepassage.values.places import parse_world
from safepassage.values.times import Instant, lasted, stamp


def add_commands(commands: Commands) -> None:
    clause = commands.add_parser("clause", help="read, try and judge the clauses of an agreement")
    acts = clause.add_subparsers(dest="act", required=True, metavar="ACT")
    check = _act(
        acts, "check", check_text, "read a text back in other words, or refuse it with line, column, the words allowed and a question",
        "safepassage clause check agreement.clauses",
    )  # fmt: skip
    check.add_argument("text", type=Path, help="a text of clauses, English or Arabic")
    check.add_argument(
        "--world", type=Path, help="world.toml; otherwise the one beside the text, or none: then every name stands for itself"
    )
    check.add_argument("--beside", type=Path, help="the other text of the same agreement: where the two differ is named; exit 1")
    status = _act(
        acts, "status", show_status, "every clause of a deployment, worst first: how long it has, how much of it was watched, and why",
        "safepassage clause status night",
    )  # fmt: skip
    status.add_argument("folder", type=Path, help="the deployment's folder")
    status.add_argument("--as-known-at", metavar="TIME", help="by what had been heard by then, for example 23:10")
    reasons = _act(
        acts, "why", show_reasons, "the reasons of one clause, worst first, as a tree: rule, sentence, and every entry that is cited",
        "safepassage clause why night 4",
    )  # fmt: skip
    reasons.add_argument("folder", type=Path, help="the deployment's folder")
    reasons.add_argument("label", help="the clause's label, such as 11a")
    reasons.add_argument("--as-known-at", metavar="TIME", help="by what had been heard by then, for example 23:10")
    export = _act(
        acts, "export", export_clauses, "write signature, formula and two logs of every clause, for another monitor to judge",
        "safepassage clause export night --monpoly opinion",
    )  # fmt: skip
    export.add_argument("subject", type=Path, help="a deployment's folder, or a JSON file of cases")
    export.add_argument("--monpoly", type=Path, required=True, metavar="FOLDER", help="where to write them")
    run = _act(
        acts, "run", run_cases, "judge staged cases, and say what is otherwise than expected; exit 1 where anything is",
        "safepassage clause run cases.json",
    )  # fmt: skip
    run.add_argument("cases", type=Path, help="a JSON file of cases: docs/reference/clause-cases.md")


def _act(acts: Commands, name: str, run: object, does: str, example: str) -> argparse.ArgumentParser:
    act: argparse.ArgumentParser = acts.add_parser(
        name, help=does, description=does, epilog=f"example: {example}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    act.add_argument("--json", action="store_true", help="answer in JSON")
    act.set_defaults(run=run)
    return act


def run_cases(given: argparse.Namespace) -> int:
    """Each case at each of its stages, by the engine and by the plain definition: expected beside found."""
    found = [run_case(case) for case in read_cases(read_bytes(given.cases), str(given.cases))]
    agree = sum(case.agree for case in found)
    if given.json:
        print(msgspec.json.encode({"cases": found, "agree": agree, "differ": len(found) - agree}).decode())
    else:
        print("\n".join([*(line for case in found for line in _of_case(case)), f"{agree} of {len(found)} cases as expected"]))
    return 0 if agree == len(found) else 1


def _of_case(case: CaseFound) -> Iterator[str]:
    yield f"{'as expected' if case.agree else 'OTHERWISE  '}  {case.name}"
    if case.refused is not None:
        yield f"  refused: {case.refused}"
    for stage in case.stages:
        if not stage.agree or stage.disagree:
            yield from _of_stage(stage)


def _of_stage(stage: StageFound) -> Iterator[str]:
    yield f"  at {stage.now.isoformat()}"
    yield from (f"    expected  {_line(line)}" for line in stage.expected)
    yield from (f"    found     {_line(line)}" for line in stage.found)
    yield from (f"    by the plain definition  {_line(line)}" for line in stage.disagree)


def _line(line: Line) -> str:
    until = f" until {line.until.isoformat()}" if line.until else ""
    said = f" ({line.said})" if line.said else ""
    return f"clause {line.clause}, {line.instance}: {line.verdict}{until}{said}"


def check_text(given: argparse.Namespace) -> int:
    """What was understood of every clause.

    Exit 1 where clauses contradict each other or the two texts differ, 2 where one cannot be read.
    """
    text = _read(given.text, given)
    found = [str(each) for each in contradictions(text)]
    apart = [str(each) for each in differences(text, _read(given.beside, given))] if given.beside else []
    if given.json:
        understood_ = [
            {"clause": clause.label, "title": clause.title, "sentence": clause.sentence, "understood": understood(clause)}
            for clause in text.clauses
        ]
        print(msgspec.json.encode({"clauses": understood_, "contradictions": found, "differences": apart}).decode())
    else:
        lines = [
            line for clause in text.clauses for line in (f"{clause.label}  {clause.title}: {clause.sentence}", f"    {understood(clause)}")
        ]
        beside = [] if given.beside is None else apart or ["both texts say the same"]
        print("\n".join([*lines, *found, *beside]))
    return 1 if found or apart else 0


def _read(path: Path, given: argparse.Namespace) -> Agreement:
    """With the world that is named or lies beside the text; without one, every name stands for itself."""
    near = path.with_name("world.toml")
    world = given.world or (near if near.exists() else None)
    if world is None:
        return parse_alone(read_text(path), (), str(path))[0]
    return parse_agreement(read_text(path), parse_world(read_text(world)), str(path))


def show_status(given: argparse.Namespace) -> int:
    """The clause board as text; exit 1 where a clause is not met, as recorded."""
    hub = Hub(open_folder(given.folder), wall_clock, writer=False)
    try:
        zone, known, view = _seen(hub, given.as_known_at)
        bound, asked = hub.linked(known), hub.asked(known)
    finally:
        hub.close()
    if given.json:
        linked = None if bound is None else {"next": [_next(row) for row in bound.next], "way": _way(bound), "planned": _planned(asked)}
        print(msgspec.json.encode({"now": view.now, "clauses": view.clauses, "linked": linked}).decode())
    else:
        print(f"{'EXERCISE  ' if view.exercise else ''}as of {stamp(view.now, zone)}")
        print("\n".join(line for clause in view.clauses for line in _of_clause(clause, view.now)) or "no agreement is adopted")
        for line in [] if bound is None or not bound.next else [*map(_next, bound.next), _way(bound), *_planned(asked)]:
            print(line)
    return 1 if any(clause.not_met for clause in view.clauses) else 0


def _seen(hub: Hub, known_at: str | None) -> tuple[str, Instant | None, View]:
    """The zone, the instant that was asked for, and what operations saw then."""
    zone = hub.folder.world.zone
    known = heard_by(hub, known_at) if known_at else None
    return zone, known, hub.view(Audience.OPERATIONS) if known is None else hub.view_then(Audience.OPERATIONS, known)


def show_reasons(given: argparse.Namespace) -> int:
    """Each instance of a clause with what its verdict rests on; exit 1 where one is not met, as recorded."""
    hub = Hub(open_folder(given.folder), wall_clock, writer=False)
    try:
        zone, known, view = _seen(hub, given.as_known_at)
        clause = next((each for each in view.clauses if each.label == given.label), None)
        if clause is None:
            stop(NO_SUCH_CLAUSE, folder=str(given.folder), label=given.label, known=", ".join(each.label for each in view.clauses))
        lines = {index: _line_of(hub.entry(index, known)) for one in clause.instances for index in {ref.index for ref in one.entries}}
    finally:
        hub.close()
    if given.json:
        print(msgspec.json.encode({"clause": clause, "entries": lines, "more": _more(clause)}).decode())
    else:
        print(f"{'EXERCISE  ' if view.exercise else ''}clause {clause.label}  {clause.title}: {clause.sentence}")
        print("\n".join(line for one in clause.instances for line in _branch(one, lines, zone)) or "nothing to judge yet")
        if more := _more(clause):
            print(f"and {more:,} more that are not listed, none worse than the last above: of all, {_counted(clause)}")
    return 1 if clause.not_met else 0


def _more(clause: ClauseView) -> int:
    """Instances that are judged and not listed."""
    return clause.kept + clause.not_met + clause.pending + clause.not_known - len(clause.instances)


def _counted(clause: ClauseView) -> str:
    return f"{clause.kept} met, {clause.not_met} not met as recorded, {clause.pending} pending, {clause.not_known} not known"


def _line_of(entry: EntryView) -> str:
    """As it was signed; and how it counts, where later entries changed that."""
    if not entry.counts:
        return entry.line
    by = ", ".join(f"entry {ref.index}" for ref in entry.amended_by)
    return f"{entry.line}  (counts, by {by}, as: {entry.counts})"


def _branch(one: InstanceView, lines: dict[int, str], zone: str) -> Iterator[str]:
    """One instance: what was found, by which rule, from what."""
    yield f"├─ {one.subject}, {stamp(one.at, zone)}: {one.verdict}" + (f", until {stamp(one.until, zone)}" if one.until else "")
    yield f"│  ├─ rule: {one.rule}"
    yield f"│  ├─ for it: {one.standing_for}; against it: {one.standing_against}" + (f"; beside it: {one.said}" if one.said else "")
    yield f"│  ├─ {one.why}"
    if one.cited > len(one.entries):
        yield f"│  ├─ it rests on {one.cited} entries; of these, what opened it and the last:"
    cited = list(dict.fromkeys(ref.index for ref in one.entries))
    yield from (f"│  {'└─' if index == cited[-1] else '├─'} entry {index}: {lines[index]}" for index in cited)


def _next(row: Next) -> str:
    """How far a quantity is, and how many more may be added to it whatever of the records is so."""
    alleged = "" if row.sum.alleged == NONE else f", and {row.sum.alleged} alleged"
    room = "nothing binds it" if row.at_most is None else f"at most {row.at_most:,} more now (clause {', '.join(row.bound_by)})"
    return f"      {row.words}: {row.sum.signed}{alleged}; {room}"


def _way(bound: Linked) -> str:
    """Whether what is left can be met, and in which order."""
    words = {row.quantity: row.words for row in bound.next}
    steps = ", then ".join(f"{step.number:,} more: {words[step.quantity]}" for step in bound.way.steps[:6])
    more = f", and {len(bound.way.steps) - 6} steps more" if len(bound.way.steps) > 6 else ""
    if bound.way.stuck:
        held = f"held back by clause {' and '.join(bound.way.stuck)}"
        return f"      no way was found to meet all that is left{f' after {steps}{more}' if steps else ''}: {held}"
    return (
        f"      all that is left can be met in this order: {steps}{more}"
        if steps
        else "      nothing is left of what was agreed in numbers"
    )


GATE = (
    "of clause {clauses} a plan counts people once their convoy has passed its gate, the clause as they depart: by those on the way to a "
    "gate the sides may be further apart than in the plan"
)


def _planned(asked: Asked | None) -> list[str]:
    """Which clauses every proposed plan keeps, and which it may not, with the reason."""
    if asked is None:
        return []
    kept = [*(link.label for link in asked.links), *(window.label for window in asked.windows)]
    first = [f"      every plan keeps clause {', '.join(kept)}"] if kept else []
    bands = ", ".join(link.label for link in asked.links)
    first += [f"      {GATE.format(clauses=bands)}"] if bands else []
    return [*first, *(f"      a plan may not keep clause {each.label}: {each.why}" for each in asked.beyond)]


def _of_clause(clause: ClauseView, now: Instant) -> Iterator[str]:
    """What it is, how long it has, how much somebody signed for, how many of each, and why the worst is so."""
    left = "" if clause.until is None else f", {lasted(clause.until - now)} left" if clause.until >= now else ", its time is over"
    watched = "nothing to watch" if clause.watched is None else f"watched {clause.watched / 10:.1f} %"
    yield f"{clause.label:>4}  {clause.title}: {clause.shown}{left}; {watched}"
    yield f"      {_counted(clause)}"
    if clause.why:
        yield f"      {clause.why}"


def export_clauses(given: argparse.Namespace) -> int:
    """Four files for each clause, or why there are none; of cases, in a folder for each, what counts at the last stage."""
    found, left = _of_folder(given.subject) if given.subject.is_dir() else _of_cases(given.subject)
    try:
        for name, opinion in found:
            _write(given.monpoly / name, opinion)
    except OSError:
        stop(READ_ONLY, folder=str(given.monpoly))
    if given.json:
        out = [{"case": name, "clause": each.label, "why": each.why} for name, each in left]
        print(msgspec.json.encode({"written": str(given.monpoly), "clauses": len(found), "left_out": out}).decode())
    else:
        print(f"{given.monpoly}: {len(found)} clauses; docs/how-to/second-opinion.md")
        for name, each in left:
            print(f"  left out: {f'{name}, ' if name else ''}clause {each.label}, {each.why}")
    return 0


_Found: TypeAlias = tuple[list[tuple[str, Opinion]], list[tuple[str, LeftOut]]]
"""What is written and what is left out, by the case's name; a deployment has none."""


def _of_folder(folder: Path) -> _Found:
    hub = Hub(open_folder(folder), wall_clock, writer=False)
    try:
        return [("", opinion) for opinion in hub.opinions()], [("", each) for each in hub.left_out()]
    finally:
        hub.close()


def _of_cases(path: Path) -> _Found:
    cases = read_cases(read_bytes(path), str(path))
    found = [(case.name, opinion) for case in cases for opinion in opinions_of(case)]
    return found, [(case.name, each) for case in cases for each in left_out_of(case)]


def _write(folder: Path, opinion: Opinion) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"sig": opinion.signature, "mfotl": opinion.formula, "established.log": opinion.established, "alleged.log": opinion.alleged}
    for ending, text in parts.items():
        (folder / f"{opinion.label}.{ending}").write_text(text, "utf-8")
