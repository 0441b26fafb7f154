"""Commands that serve pages: demo and serve."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import shutil
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from safepassage.cli.cosigning import said_of
from safepassage.cli.syncing import said_of_both
from safepassage.disclosure import Audience
from safepassage.errors import MISSING_EXTRA, NO_SCENARIO, PORT_TAKEN, InputError, Refusal, TryAgain, Where, stop
from safepassage.hub import Folder, Hub, open_folder
from safepassage.hub.carrying import Taken
from safepassage.hub.clock import going_on_from, wall_clock
from safepassage.hub.cosigning import policy_of
from safepassage.hub.offering import EVERY, newest_copy, next_offer, offer_all
from safepassage.hub.play import PATIENCE, Live, Play, Scenario, read_scenario
from safepassage.hub.syncing import peer_of, sync
from safepassage.ledger.ledger import Receipt
from safepassage.planner.compiled import installed
from safepassage.planner.extract import COMPILED
from safepassage.planner.warm import warm
from safepassage.report.transcript import Transcript
from safepassage.values.times import DAY, stamp

DEMO = Path(".demo")
PORT = 8420
SPEED = 60
Beat = Callable[[], Coroutine[None, None, None]]


def add_commands(commands: Any) -> None:
    demo = commands.add_parser(
        "demo", help="play the scenarios on live pages", epilog="example: safepassage demo six-buses-burned --once --into night"
    )
    demo.add_argument("name", nargs="*", help="scenarios by name; otherwise all of them")
    demo.add_argument("--once", action="store_true", help="play to the end at once, print what the system says, verify, and leave")
    demo.add_argument("--into", type=Path, help="play one scenario into this folder")
    demo.add_argument("--port", type=int, default=PORT, help="the first port to try")
    demo.add_argument("--speed", type=int, default=SPEED, help="simulated seconds in a second")
    demo.add_argument("--scenarios", type=Path, help="the folder of scenarios")
    demo.set_defaults(run=run_demo)

    serve = commands.add_parser(
        "serve", help="serve one deployment's pages on this machine", epilog="example: safepassage serve night --port 8420"
    )
    serve.add_argument("folder", type=Path)
    serve.add_argument("--port", type=int, default=PORT)
    serve.add_argument(
        "--offer-every",
        type=int,
        default=EVERY,
        metavar="SECONDS",
        help="offer the tree head to the policy's cosigners whenever the clock is a multiple of this; 0: never",
    )
    serve.add_argument("--sync", action="append", default=[], metavar="ADDRESS", help="another hub's page, to hear and to give")
    serve.add_argument("--sync-every", type=int, default=300, metavar="SECONDS", help="do so whenever the clock is a multiple of this")
    serve.set_defaults(run=run_serve)


def run_demo(given: argparse.Namespace) -> int:
    scenarios = [read_scenario(path) for path in _scenarios(given)]
    place = {scenario.name: given.into or DEMO / scenario.name for scenario in scenarios}
    if given.once:
        return max(_play_once(scenario, _fresh(place[scenario.name], given)) for scenario in scenarios)
    plays = []
    for scenario in scenarios:
        print(f"demo: {scenario.name}: opening {place[scenario.name]}", flush=True)
        plays.append(Live(Play(scenario, place[scenario.name]), given.speed))
    print(
        f"the exercise runs at {given.speed} times the clock; a proposal waits {PATIENCE} s for a person; play again: rm -r {DEMO}",
        flush=True,
    )
    hubs = {str(live.play.scenario.name): live.play.hub for live in plays}
    return _until_stopped(_serve_all(hubs, given.port, [live.run for live in plays], {}))


def run_serve(given: argparse.Namespace) -> int:
    folder = open_folder(given.folder)
    _ask_cosigners_first(folder)
    hub = Hub(folder, wall_clock)
    _stand_where_it_was_played(hub)
    name = str(folder.about.deployment)
    sessions: dict[str, str] = {} if folder.about.demonstration else {name: secrets.token_urlsafe(24)}
    beats: list[Beat] = [partial(_beat, hub), partial(_warm, hub)]
    beats += [partial(_offers, folder, given.offer_every)] if given.offer_every > 0 else []
    beats += [partial(_syncs, hub, address, given.sync_every) for address in given.sync]
    return _until_stopped(_serve_all({name: hub}, given.port, beats, sessions))


def _stand_where_it_was_played(hub: Hub) -> None:
    """An exercise of another day goes on from its newest entry: by the wall clock every limit would be over, and every bus overdue."""
    if hub.picture is not None and hub.picture.opened.exercise and hub.newest_at() + DAY < wall_clock():
        hub.clock = going_on_from(hub.newest_at())
        print(f"EXERCISE: its clock goes on from its newest entry, {stamp(hub.newest_at(), hub.folder.world.zone)}", flush=True)


def _ask_cosigners_first(folder: Folder) -> None:
    """Before anything is signed: whoever goes on from a restored older copy would begin a second history."""
    policy = policy_of(folder)
    for asked in newest_copy(folder, policy) if policy else []:
        print(f"{asked.name}: {asked.reason or 'saw no other tree than this one'}", flush=True)


def _until_stopped(serving: Coroutine[None, None, int]) -> int:
    """Ctrl-C is how a server is meant to end."""
    try:
        return asyncio.run(serving)
    except KeyboardInterrupt:
        print("stopped; what was acknowledged is in the ledger")
        return 0


def _play_once(scenario: Scenario, path: Path) -> int:
    """The whole scenario, its transcript, the verification of its ledger; its public log is left in the folder."""
    for line in transcript(scenario, path):
        print(line)
    print()
    open_folder(path).write_log()
    return 0


def transcript(scenario: Scenario, path: Path) -> Iterator[str]:
    """What the system says while a scenario is played to its end, and whether its ledger holds."""
    play, voice = Play(scenario, path), Transcript()
    lines: list[str] = []
    stop_listening = play.hub.on_growth(lambda _: lines.extend(voice.hear(play.hub.view(Audience.OPERATIONS))))
    try:
        yield from voice.begin(play.hub.view(Audience.OPERATIONS))
        answers: list[Receipt | Refusal] = []
        while play.left:
            play.step(answers.append)
            yield from lines
            lines.clear()
        if scenario.stage.end is not None:
            play.go(scenario.stage.end, answers.append)
        yield from voice.hear(play.hub.view(Audience.OPERATIONS))
        yield from (f"not accepted: {answer.problem}" for answer in answers if isinstance(answer, Refusal))
        receipts = [answer.id for answer in answers if isinstance(answer, Receipt)]
        found = play.hub.verify()
        verified = f"verified: {found.signatures} signatures of {found.devices} devices" if found.proved else "NOT VERIFIED"
        yield from voice.end(play.hub.view(Audience.OPERATIONS), verified, len(receipts) - len(set(receipts)))
    finally:
        stop_listening()
        play.close()


def _fresh(path: Path, given: argparse.Namespace) -> Path:
    """A demonstration that is played once begins anew; a folder that somebody named is never touched."""
    if given.into is None:
        path = path.with_name(path.name + "-once")
        shutil.rmtree(path, ignore_errors=True)
    return path


def _scenarios(given: argparse.Namespace) -> list[Path]:
    root = given.scenarios or _root()
    known = sorted(path.parent for path in root.glob("*/field.log"))
    chosen = [path for path in known if not given.name or path.name in given.name]
    names = [path.name for path in known]
    unknown = [name for name in given.name if name not in names]
    if unknown or not chosen or (given.into is not None and len(chosen) != 1):
        stop(NO_SCENARIO, Where(str(root)), name=" ".join(unknown or given.name) or "anything", known=", ".join(names))
    return chosen


def _root() -> Path:
    """`scenarios/` here, or beside the source."""
    here = Path("scenarios")
    return here if here.is_dir() else Path(__file__).parents[3] / "scenarios"


async def _serve_all(hubs: dict[str, Hub], port: int, beats: list[Beat], sessions: dict[str, str]) -> int:
    try:
        from safepassage.web.serve import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("safepassage"):
            raise
        stop(MISSING_EXTRA, extra="web")
    listener = _listener(port)
    port = listener.getsockname()[1]
    for name in hubs:
        key = f"?key={sessions[name]}" if name in sessions else ""
        print(f"http://127.0.0.1:{port}/{name}/{key}", flush=True)
    print("Ctrl-C stops; started again, it goes on where it was.", flush=True)
    await serve(hubs, sessions, listener, [beat() for beat in beats])
    return 0


async def _warm(hub: Hub) -> None:
    """Compiling would hold a tick for half a minute: another process does it and keeps it on disk, from where it is loaded on another
    thread. Proposals go deeper from then on; until then, and without the extra, they are made as ever."""
    if not installed():
        return
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "safepassage.planner.warm")
    try:
        done = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
    if done == 0 and await asyncio.to_thread(warm):
        hub.effort = COMPILED


async def _beat(hub: Hub) -> None:
    """Once a second, what time itself asks of a hub."""
    while True:
        hub.tick()
        await asyncio.sleep(1)


async def _offers(folder: Folder, every: int) -> None:
    """At fixed times: growth reveals activity. What cosigners answer, and what they do not, is said."""
    while True:
        await asyncio.sleep(next_offer(wall_clock(), every) / 1000)
        try:
            policy = policy_of(folder)
            answers = await asyncio.to_thread(offer_all, folder, policy) if policy else []
        except InputError as wrong:  # the policy was changed meanwhile
            print(f"safepassage: {wrong.problem}", file=sys.stderr, flush=True)
        else:
            print("\n".join(line for asked in answers for line in said_of(asked)), flush=True)


async def _syncs(hub: Hub, address: str, every: int) -> None:
    """The line is waited for on another thread; what it brings is received on this one, between two envelopes of phones."""
    loop, peer = asyncio.get_running_loop(), peer_of(hub, address)

    def here(work: Callable[[], Taken]) -> Taken:
        async def run() -> Taken:
            return work()

        return asyncio.run_coroutine_threadsafe(run(), loop).result()

    while True:
        await asyncio.sleep(next_offer(wall_clock(), every) / 1000)
        try:
            done = await asyncio.to_thread(sync, hub, peer, here)
        except (TryAgain, InputError) as wrong:
            print(f"safepassage: {wrong.problem}", file=sys.stderr, flush=True)
        else:
            print("\n".join(said_of_both(done)), flush=True)


def _listener(port: int) -> socket.socket:
    """The first free port from `port` on, on loopback; which one is said."""
    for tried in range(port, port + 20):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio sets TCP_NODELAY
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", tried))
        except OSError:
            listener.close()
            continue
        listener.listen(128)
        if tried != port:
            print(f"port {port} is taken: using {tried}", file=sys.stderr)
        return listener
    return stop(PORT_TAKEN, port=f"{port} to {port + 19}")
