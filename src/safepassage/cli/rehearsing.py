"""`safepassage simulate`: an invented world as a scenario folder, with its truth beside it; `rehearse`: days of the whole loop."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from safepassage.cli.folders import Commands, at_least, say
from safepassage.errors import FOLDER_TAKEN, READ_ONLY, stop
from safepassage.hub.rehearsal import Rehearsal
from safepassage.simulate.actors import QUIET, USUAL, act
from safepassage.simulate.devices import NONE, watch
from safepassage.simulate.devices import USUAL as BADLY
from safepassage.simulate.scenario import field_log, truth_of
from safepassage.simulate.valley import aleppo, make_valley, usual
from safepassage.simulate.world import make_ground


def add_commands(commands: Commands) -> None:
    command: argparse.ArgumentParser = commands.add_parser(
        "simulate",
        help="invent people, roads and a day's evacuation, an exercise: a scenario folder to play, with the truth beside it",
        description="Invent a world, what really happens there, and what badly seeing devices record of it. The same seed gives the same "
        "bytes. Play it with: safepassage demo NAME --scenarios PARENT --once --into FOLDER",
        epilog="example: safepassage simulate worlds/one --persons 900 --seed 1",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("folder", type=Path, help="the scenario's folder: world.toml, agreement.clauses, field.log, truth.json")
    command.add_argument("--persons", type=at_least(1), default=900, help="how many people leave from both sides together; otherwise 900")
    command.add_argument("--seed", type=int, default=1, help="another seed, another day; otherwise 1")
    command.add_argument("--quiet", action="store_true", help="nothing goes wrong on the roads")
    command.add_argument("--exact", action="store_true", help="devices see everything as it is, and nothing is lost")
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.set_defaults(run=simulate)

    days: argparse.ArgumentParser = commands.add_parser(
        "rehearse",
        help="play days of the whole loop, an exercise: a plan is proposed, adopted, followed, falls, and is proposed anew",
        description="Two sides, one crossing, and on each day something else goes wrong: a road, a suspension, a fire, a driver, a "
        "convoy that is turned back, other numbers, a green light. Nobody boards before every light is green. The folder can be served. "
        "900 people take ten seconds, 37,500 six minutes. Exit 1 where somebody who wants to leave still waits.",
        epilog="example: safepassage rehearse ten --persons 900 --days 10 --seed 1",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    days.add_argument("folder", type=Path, help="the deployment's folder to make")
    days.add_argument("--persons", type=at_least(40), default=900, help="how many leave from both sides together; otherwise 900")
    days.add_argument("--aleppo", action="store_true", help="with the numbers of December 2016: 37,500 people, 60 buses, 20 ambulances")
    days.add_argument("--days", type=at_least(2), default=10, help="after so many days it ends; otherwise 10")
    days.add_argument("--seed", type=int, default=1, help="another seed, other days; otherwise 1")
    days.add_argument("--json", action="store_true", help="answer in JSON, at the end")
    days.set_defaults(run=rehearse)


def rehearse(given: argparse.Namespace) -> int:
    """Every day is told as it goes, and the outcome at the end."""
    valley = make_valley(aleppo() if given.aleppo else usual(given.persons, given.days), given.days, given.seed)
    played = Rehearsal(given.folder, valley, given.seed, told=lambda line: None if given.json else print(f"EXERCISE  {line}", flush=True))
    try:
        outcome = played.play()
    finally:
        played.close()
    fell = ", ".join(f"{what} {times}" for what, times in outcome.drift.items()) or "nothing"
    said = (
        f"EXERCISE  {outcome.days} days: of {outcome.persons} persons {outcome.received} were received "
        f"({outcome.registered} as the picture has it), {outcome.stayed} chose to stay, {outcome.waiting} wait; "
        f"{outcome.proposed} proposals, {outcome.adopted} adopted; fell: {fell}"
    )
    return say(given, msgspec.to_builtins(outcome), said) or int(outcome.waiting > 0)


def simulate(given: argparse.Namespace) -> int:
    """Write the folder; nothing is overwritten."""
    if given.folder.exists() and any(given.folder.iterdir()):
        stop(FOLDER_TAKEN, folder=str(given.folder))
    ground = make_ground(given.persons, given.seed)
    deeds = act(ground, given.seed, QUIET if given.quiet else USUAL)
    heard = watch(ground, deeds, given.seed, NONE if given.exact else BADLY)
    try:
        given.folder.mkdir(parents=True, exist_ok=True)
        (given.folder / "world.toml").write_text(ground.text, "utf-8")
        (given.folder / "agreement.clauses").write_text("", "utf-8")
        (given.folder / "field.log").write_text(field_log(ground, heard), "utf-8")
        (given.folder / "truth.json").write_bytes(truth_of(ground, deeds))
    except OSError:
        stop(READ_ONLY, folder=str(given.folder))
    lost = sum(one.lost for one in heard)
    answer = {"folder": str(given.folder), "persons": len(ground.people), "recorded": len(heard), "lost": lost}
    said = f"{given.folder}: EXERCISE, {len(ground.people):,} people, {len(heard) - lost:,} observations, {lost:,} lost on the way"
    print(msgspec.json.encode(answer).decode() if given.json else said)
    return 0
