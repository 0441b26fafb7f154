"""`safepassage plan`: a proposal for a folder, or a plan for an instance in a file, or its judgement; `postings`: who watches it."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import msgspec

from safepassage.cli.asking import heard_by
from safepassage.cli.folders import Commands, answered, at_least, command, read_bytes, say
from safepassage.cli.patience import patience
from safepassage.cli.signing import hub_to_sign
from safepassage.disclosure import Audience
from safepassage.errors import FOR_ANOTHER, NO_PLAN_NAMED, NO_SENSE, READ_ONLY, Where, stop
from safepassage.hub import Hub, open_folder
from safepassage.hub.clock import wall_clock
from safepassage.hub.hub import PLAN_SEED
from safepassage.ledger.ledger import Receipt
from safepassage.planner.check import Violation, check
from safepassage.planner.claimed import judged, misstood, misvalued, read_claims, unproved
from safepassage.planner.compiled import installed
from safepassage.planner.drawing import draw
from safepassage.planner.encoded import unknown
from safepassage.planner.extract import USUAL, Effort
from safepassage.planner.instance import Case, read_case
from safepassage.planner.moments import between, clock
from safepassage.planner.plan import UNITS, Infeasible, Plan
from safepassage.planner.postings import Duty, Roster, needs, roster
from safepassage.planner.problem import Convoy, Objective, Problem
from safepassage.planner.sense import flaws
from safepassage.planner.solve import solve
from safepassage.planner.twin import WORTH
from safepassage.planner.watching import Watching
from safepassage.planner.written import ConvoyRow, PlanRow, read_plan, written
from safepassage.values.times import stamp

SHORTEST = 60
"""Minutes. A posting or a rest that is shorter was hardly meant in minutes."""
BUDGET, FAST = 600, 60_000
"""Decoder calls for an instance, where nobody says how many: of the decoder; of the compiled twin, where it knows all of the instance."""
_NO_PLANNING = "world.toml has no [planning]: docs/reference/world.md lists what it takes"
_INSTEAD = {
    "check": "Whether the plan in force still stands is on the operations page, under What next; where it does not, the hub proposes anew",
    "svg": "The operations page draws the deployment's plan",
    "objective": "A deployment's plans keep the time in the cold short: leave it out",
}
"""What of a deployment is not asked with an option, and where it is found."""
_NOT_OURS = "the deployment's first hub proposes; this is a further one"


def add_commands(commands: Commands) -> None:
    plan = command(
        commands,
        "plan",
        make_plan,
        "let the planner propose, for a folder (a person adopts, on the page or with record) or for an instance in a JSON file",
        "safepassage plan night",
    )
    plan.add_argument("--seed", type=int, default=PLAN_SEED, help="the same seed and budget give the same plan")
    calls = f"decoder calls; where nobody says {BUDGET} for an instance ({FAST} with the extra compiled), {USUAL.first} for a folder"
    plan.add_argument("--budget", type=at_least(1), help=calls)
    plan.add_argument("--objective", choices=["end", "cold"], help="for an instance: completion, or time in the cold; else as it says")
    plan.add_argument("--check", type=Path, metavar="PLAN", help="for an instance: judge this plan; exit 1 where it breaks a rule")
    plan.add_argument(
        "--svg",
        type=Path,
        metavar="FOLDER",
        help="for an instance: draw the plan there, or the one that is checked; with its values as text",
    )

    watched = commands.add_parser(
        "postings",
        help="post monitors so that every loading, gate and reception of a plan is watched",
        description=(
            "The fewest monitors, with proof; with --staff, as much as so many can watch. For a folder: its own monitors, for the plan\n"
            "in force, or else for the newest proposal: who stays, and who goes where."
        ),
        epilog="example: safepassage postings world.json plan.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    watched.add_argument("folder", type=Path, help="a deployment's folder, or the instance that the plan is for")
    watched.add_argument("plan", type=Path, nargs="?", help="for an instance: the plan, as `safepassage plan --json` prints it")
    watched.add_argument("--staff", type=at_least(0), help="monitors there are; exit 1 where they cannot watch all of it")
    watched.add_argument(
        "--together", type=at_least(1), default=Duty().together, help="monitors at one post at a time; 2 where nobody says"
    )
    watched.add_argument("--length", type=at_least(1), default=Duty().length, help="minutes of a posting; 480 where nobody says")
    watched.add_argument("--rest", type=at_least(0), default=Duty().rest, help="minutes between two postings; 720 where nobody says")
    watched.add_argument("--known-at", metavar="TIME", help="for a folder: by what had been heard by then, for example 23:10")
    watched.add_argument("--json", action="store_true", help="answer in JSON")
    watched.set_defaults(run=post_monitors)


def make_plan(given: argparse.Namespace) -> int:
    """A file is an instance, everything else a deployment's folder, of which not everything can be asked."""
    if given.folder.is_file() or given.folder.suffix == ".json":
        return _instance(given)
    for option, remedy in _INSTEAD.items():
        if getattr(given, option) is not None:
            _other(f"The option --{option}", "an instance in a file", given.folder, "a deployment's folder", remedy)
    return _propose(given)


def _propose(given: argparse.Namespace) -> int:
    """A proposal is appended, signed by the hub as a machine; nothing is in force until a person adopts it."""
    folder = open_folder(given.folder)
    hub = hub_to_sign(folder)
    try:
        answer = hub.propose(seed=given.seed, effort=Effort(given.budget, given.budget, 0) if given.budget else None, amounts=True)
        if answer is None:
            return _no_proposal(given, hub)
        plan = hub.view(Audience.OPERATIONS).plans[0] if isinstance(answer, Receipt) else None
    finally:
        hub.close()
    if plan is None:
        return answered(given, [answer])
    zone = folder.world.zone
    spared = f"at most {plan.gap_per_mille / 10:.1f} % of the waiting could be spared"
    lines = [f"proposal {plan.plan}, entry {plan.entry.index}; {spared}"]
    for trip in plan.trips:
        lines.append(f"  {stamp(trip.departs, zone)}  {trip.start} to {trip.end}  {' '.join(trip.vehicles)}  {trip.persons} persons")
    for one in plan.not_planned:
        family = f", family {one.group}" if one.group else ""
        lines.append(f"  NOT PLANNED: {one.persons} of {one.name}{family}: {one.said}; {one.remedy}")
    lines.append(f'adopt: safepassage record {given.folder} "o1  plan {plan.plan} adopted"')
    return say(given, msgspec.to_builtins(plan), "\n".join(lines))


def _no_proposal(given: argparse.Namespace, hub: Hub) -> int:
    """Why there is none; where clauses are in the way, what each would have to give."""
    if hub.infeasible is not None:
        words, said = "\n".join([hub.infeasible.words, *gives(hub.infeasible)]), infeasible(hub.infeasible)
        return say(given, {"proposed": False, "reason": hub.infeasible.words, **said}, f"no proposal: {words}") or 1
    suspended = hub.view(Audience.OPERATIONS).suspended_by
    reason = f"passage is suspended by {', '.join(suspended)}, nobody knows until when" if suspended else _NO_PLANNING
    reason = reason if hub.proposes else _NOT_OURS
    return say(given, {"proposed": False, "reason": reason}, f"no proposal: {reason}") or 1


def gives(answer: Infeasible) -> list[str]:
    return [f"  {give.words}" for give in answer.gives]


def infeasible(answer: Infeasible) -> dict[str, object]:
    gives = [{**msgspec.to_builtins(give), "words": give.words} for give in answer.gives]
    return {"proved": answer.proved, "conflict": answer.conflict, "words": answer.words, "gives": gives}


def _instance(given: argparse.Namespace) -> int:
    """Read, held against sense, then solved or checked; nothing is written anywhere."""
    case, doubts = read_instance(given.folder)
    return _checked(given, case) if given.check else _solved(given, case.problem(objective_of(given, case)), doubts)


def read_instance(path: Path) -> tuple[Case, list[str]]:
    """An instance that can be meant, and what in it is doubts.

    Raises
    ------
    InputError
        UNREADABLE_INSTANCE, NO_SENSE: the first thing that is wrong, by its field.
    """
    case = read_case(read_bytes(path), str(path))
    found = flaws(case.instance)
    for flaw in found:
        if not flaw.doubt:
            remedy = flaw.remedy[:1].upper() + flaw.remedy[1:] + ("" if flaw.remedy.endswith("?") else ".")
            stop(NO_SENSE, Where(str(path), field=flaw.field), what=flaw.what, remedy=remedy)
    return case, [f"{flaw.field}: {flaw.what}; {flaw.remedy}" for flaw in found]


def objective_of(given: argparse.Namespace, case: Case) -> Objective:
    chosen = given.objective or case.objective
    return "cold" if chosen == "cold" else "end"


def _solved(given: argparse.Namespace, problem: Problem, doubts: list[str]) -> int:
    budget = given.budget or (FAST if installed() and unknown(problem) is None else BUDGET)
    with patience(budget) as meter:
        answer = solve(problem, given.seed, budget, meter)
    if budget >= WORTH and not installed():
        print("searched without the extra `compiled`: the same plan, a hundred times as slow (docs/reference/extras.md)", file=sys.stderr)
    if isinstance(answer, Infeasible):
        said = {"feasible": False, **infeasible(answer), "doubts": doubts}
        return say(given, said, "\n".join([answer.words, *gives(answer), *doubts])) or 1
    row = written(problem, answer)
    _drawn(given, problem, answer.convoys)
    return say(given, {"feasible": True, **msgspec.to_builtins(row), "doubts": doubts}, "\n".join([*_lines(row), *doubts]))


def post_monitors(given: argparse.Namespace) -> int:
    """A roster, and whatever nobody watches; exit 1 where that is anything."""
    instance = given.folder.is_file() or given.folder.suffix == ".json"
    if not instance:
        if given.plan is not None:
            _other("A plan", "an instance in a file", given.folder, "a deployment's folder", "Leave it out: its own plan is watched")
        return _post_here(given)
    if given.plan is None:
        stop(NO_PLAN_NAMED, file=given.folder)
    if given.known_at is not None:
        _other("The option --known-at", "a deployment's folder", given.folder, "an instance in a file", "Leave it out")
    problem = read_instance(given.folder)[0].problem("end")
    convoys = read_plan(read_bytes(given.plan), problem, str(given.plan), whole=True)
    found, doubts = roster(needs(problem, convoys), _duty(given), given.staff), _short_duty(given)
    said = {**msgspec.to_builtins(found), "doubts": doubts}
    return say(given, said, "\n".join([*_roster_lines(found, given), *doubts])) or int(bool(found.unwatched))


def _post_here(given: argparse.Namespace) -> int:
    """Nothing is written: who is asked to go where is for people to say."""
    hub = Hub(open_folder(given.folder), wall_clock, writer=False)
    try:
        zone, duty = hub.folder.world.zone, _duty(given)
        found = hub.watching(duty, given.staff, heard_by(hub, given.known_at) if given.known_at else None)
    finally:
        hub.close()
    if found is None:
        return say(given, {"plan": None}, "no plan is in force, and none waits: there is nothing to post for") or 1
    doubts = _short_duty(given)
    said = {**msgspec.to_builtins(found), "doubts": doubts}
    return say(given, said, "\n".join([*_watching_lines(found, zone), *doubts])) or int(bool(found.unwatched))


def _watching_lines(found: Watching, zone: str) -> Iterator[str]:
    yield f"plan {found.plan}, {found.standing.value}: {found.watched} of {found.minutes} minutes to be watched are"
    proof = ", proved: fewer cannot" if found.proved else ""
    yield f"{found.needed} monitors watch all of it{proof}; {len(found.there)} are there"
    for one in found.watchers:
        moves = "stays at" if one.stays else "goes to" if one.comes_from is None else f"goes from {one.comes_from} to"
        yield f"  {one.monitor}  {moves} {one.place}, {stamp(one.stretch.start, zone)} to {stamp(one.stretch.end, zone)}"
    for place, stretch in found.unwatched:
        yield f"  NOT WATCHED {place}, {stamp(stretch.start, zone)} to {stamp(stretch.end, zone)}"


def _short_duty(given: argparse.Namespace) -> list[str]:
    """What was hardly meant in minutes."""
    return [
        f"--{option}: {minutes} minutes; were hours given for minutes?"
        for option, minutes in (("length", given.length), ("rest", given.rest))
        if 0 < minutes < SHORTEST
    ]


def _other(what: str, asked: str, subject: Path, kind: str, remedy: str) -> NoReturn:
    stop(FOR_ANOTHER, what=what, asked=asked, subject=subject, kind=kind, remedy=remedy)


def _duty(given: argparse.Namespace) -> Duty:
    return Duty(given.length, given.rest, together=given.together)


def _roster_lines(found: Roster, given: argparse.Namespace) -> Iterator[str]:
    """Who is where and from when to when, by post; then at which minutes of which post somebody is missing."""
    best = "proved: fewer cannot" if given.staff is None else "proved: they cannot watch more"
    proof = best if found.proved else "not proved to be the best"
    yield f"{found.staff} monitors watch {found.watched} of {found.minutes} minutes, {proof}"
    posted: defaultdict[tuple[str, int, int], list[int]] = defaultdict(list)
    for one in found.postings:
        posted[one.post, one.begin, one.end].append(one.monitor)
    wide = max((len(post) for post, _, _ in posted), default=0)
    for (post, begin, end), monitors in sorted(posted.items()):
        yield f"  {post:{wide}}  {between(begin, end)}: monitor{'s' * (len(monitors) > 1)} {', '.join(map(str, sorted(monitors)))}"
    missing: defaultdict[str, list[str]] = defaultdict(list)
    for post, begin, end in found.unwatched:
        missing[post].append(between(begin, end))
    for post, stretches in missing.items():
        yield f"  NOT WATCHED by {given.together} at {post}: {', '.join(stretches)}"


def _checked(given: argparse.Namespace, case: Case) -> int:
    """Every rule that it breaks, and whatever it claims of itself that does not follow. Nothing that the file says is believed."""
    text, file = read_bytes(given.check), str(given.check)
    claims = read_claims(text, file)
    problem = case.problem(given.objective or claims.objective or objective_of(given, case))
    convoys = read_plan(text, problem, file, whole=True)
    broken = check(problem, convoys)
    plan = judged(problem, convoys, claims, lawful=not broken)
    broken = (*broken, *misvalued(plan, claims), *misstood(problem, convoys, claims), *(unproved(plan, claims) if not broken else ()))
    _drawn(given, problem, convoys)
    said = {"lawful": not broken, "broken": [_broken(each) for each in broken], **_worth(plan)}
    lines = [f"breaks {each.rule}: {each.words}; {each.remedy}" for each in broken] or [
        "every rule holds",
        _value_line(written(problem, plan)),
    ]
    if claims.repair is not None and claims.bound is not None:
        lines.append(f"its bound, {claims.bound:,}, holds for what had been learnt, which is not known here: it is not judged")
    return say(given, said, "\n".join(lines)) or int(bool(broken))


def _broken(each: Violation) -> dict[str, str]:
    return {"rule": each.rule, **({"field": each.field} if each.field else {}), "words": each.words, "remedy": each.remedy}


def _worth(plan: Plan) -> dict[str, object]:
    """As it was worked out here; a bound only where the plan is lawful."""
    proof = {"bound": plan.bound, "gap_per_mille": round(plan.gap * 1000), "proved": plan.bound >= plan.value} if plan.bound else {}
    return {"objective": plan.objective, "unit": UNITS[plan.objective], "value": plan.value, "completion": plan.completion, **proof}


def _drawn(given: argparse.Namespace, problem: Problem, convoys: Sequence[Convoy]) -> None:
    """One SVG for each picture, and `pictures.txt` with what they show."""
    if given.svg is None:
        return
    drawings = draw(problem, convoys)
    said = "\n\n".join("\n".join([drawing.title, *(f"  {line}" for line in drawing.words)]) for drawing in drawings)
    try:
        given.svg.mkdir(parents=True, exist_ok=True)
        for drawing in drawings:
            (given.svg / f"{drawing.name}.svg").write_text(drawing.svg, "utf-8")
        (given.svg / "pictures.txt").write_text(said + "\n", "utf-8")
    except OSError:
        stop(READ_ONLY, folder=str(given.svg))


def _lines(row: PlanRow) -> Iterator[str]:
    yield _value_line(row)
    if row.stopped_after is not None:
        yield f"stopped after {row.stopped_after:,} of {row.budget:,} tries: the best so far"
    if row.slow_because is not None:
        yield f"searched by the plain decoder, which is slow: the fast one knows nothing of {row.slow_because}"
    yield from (convoy_line(convoy) for convoy in row.convoys)


def _value_line(row: PlanRow) -> str:
    gap = f"at most {row.gap_per_mille / 10:.1f} % of it could be spared: no plan is below {row.bound:,}"
    proof = "proved to be the best" if row.proved else gap
    return f"{row.objective} {row.value:,} {row.unit}, {proof}; the last convoy is through {clock(row.completion)}"


def _several(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def convoy_line(convoy: ConvoyRow) -> str:
    """When it loads and passes, with how many, and what it waits for."""
    buses, ambulances = _several(convoy.buses, "bus", "buses"), _several(convoy.ambulances, "ambulance", "ambulances")
    vehicles = ", ".join(said for said, number in ((buses, convoy.buses), (ambulances, convoy.ambulances)) if number)
    persons = _several(convoy.people, "person", "persons") + (f", {convoy.wounded} wounded" if convoy.wounded else "")
    waits = "" if convoy.waits_for == "nothing" else f"; waits for: {convoy.waits_for}"
    waits += f"; stands {convoy.stands} minutes where sides are swapped" if convoy.stands else ""
    gate = f"gate {between(convoy.crossing_start, convoy.crossing_end)}"
    return f"  {convoy.route:10} loads {clock(convoy.loading or 0)}, {gate}: {vehicles}, {persons}{waits}"
