"""How fast two runtime monitors are on the clauses that they can express, beside our engine on the same log in the same run.

python benchmarks/agreement_peers.py [OBSERVATIONS]      (in an environment with the extra `peers`)

reelay judges the precondition (who alights has chosen that place before) by quantified past-time logic, one update for each
observation. rtamt judges the balance of persons as a signal: it is given the running difference, which it cannot add up itself.
Neither takes anything late, knows what was watched, or says what is only alleged: so all of this log is signed, watched and in order.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import accumulate
from statistics import median

from benchmarks.agreement import START, WORLD, bulk, entry, log_of, show, spent

from safepassage.agreement.evaluate import Evaluator
from safepassage.agreement.grammar import parse_agreement
from safepassage.agreement.verdict import Verdict
from safepassage.observation import Entry
from safepassage.observation.people import Alighted, DestinationChosen
from safepassage.observation.setting import WatchClosed, Watched
from safepassage.observation.vehicles import Departed
from safepassage.values.places import World, parse_world
from safepassage.values.times import MINUTE, Instant, Stretch

HEAD = 'Agreement "peers". Days are counted in the time zone Asia/Damascus. Clause 1 "one": '
CHOSEN = "For each person who alights, that person must have chosen that place before."
BALANCE = "At no time do the persons departed from Aleppo and the persons departed from Foua differ by more than {limit}."
REELAY = "exists[p, q]. {alight: *p, place: *q} && !(once {chosen: *p, place: *q})"


def signed(size: int) -> list[Entry]:
    """In order, all of it signed and watched from end to end; one choice in twenty was never made."""
    log = [said for said in log_of(size) if said.observation.told_by is None and not isinstance(said.observation.what, WatchClosed)]
    chosen = [said for said in log if isinstance(said.observation.what, DestinationChosen)]
    never = {said.id for said in chosen[::20]}
    kept = [said for said in log if said.id not in never]
    last = kept[-1].observation.seen_at
    return [*kept, entry(WatchClosed(Stretch(Instant(START - 60 * MINUTE), last), tuple(Watched)), last, None, "m09")]


def ours(sentence: str, world: World, log: list[Entry]) -> tuple[Evaluator, float]:
    """The engine with this clause alone, and the seconds that it took: the median of three."""
    agreement = parse_agreement(HEAD + sentence, world)
    now, engines = Instant(log[-1].observation.seen_at), list[Evaluator]()
    took = median(
        spent(lambda: engines.append(bulk(Evaluator(agreement, world, Instant(START - 60 * MINUTE)), log, now))) for _ in range(3)
    )
    return engines[-1], took


def not_met(engine: Evaluator) -> int:
    return sum(one.verdict is Verdict.BREACHED for one in engine.answer("1").instances)


def preconditions(world: World, log: list[Entry]) -> None:
    try:
        import reelay
    except ImportError:
        show("precondition", "reelay is not installed: left out")
        return
    updates = []
    for said in log:
        what = said.observation.what
        if isinstance(what, DestinationChosen):
            updates.append({"chosen": what.persons[0], "place": str(what.to)})
        elif isinstance(what, Alighted):
            updates.append({"alight": what.persons[0], "place": str(said.observation.at)})
    found: list[int] = []

    def run() -> None:
        monitor = reelay.discrete_timed_monitor(pattern=REELAY, semantics="boolean", condense=False)
        answers = [(monitor.update(update)["value"], "alight" in update) for update in updates]
        found.append(sum(value for value, asked in answers if asked))  # what was said last still stands at the next update

    theirs = median(spent(run) for _ in range(3))
    mine = [said for said in log if isinstance(said.observation.what, DestinationChosen | Alighted | WatchClosed)]
    engine, took = ours(CHOSEN, world, mine)
    compare("precondition, reelay", len(updates), theirs, took, found[-1], not_met(engine))


def balances(world: World, log: list[Entry]) -> None:
    try:
        import rtamt
    except ImportError:
        show("balance", "rtamt is not installed: left out")
        return
    gone = [said for said in log if isinstance(what := said.observation.what, Departed) and what.heads is not None]
    steps = [_heads(said) * (1 if said.observation.at == "ramouseh" else -1) for said in gone]
    apart = list(accumulate(steps))
    limit = max(map(abs, apart)) - 1
    signal = {"time": list(range(len(apart))), "d": [float(d) for d in apart]}
    found: list[int] = []

    def run() -> None:
        specification = rtamt.StlDiscreteTimeSpecification()
        specification.declare_var("d", "float")
        specification.declare_var("o", "float")
        specification.spec = f"o = (d <= {limit}) and (d >= -{limit})"
        specification.parse()
        found.append(int(any(value < 0 for _, value in specification.evaluate(signal))))

    theirs = median(spent(run) for _ in range(3))
    engine, took = ours(BALANCE.format(limit=f"{limit:,}"), world, [*gone, log[-1]])
    compare("balance, rtamt (adding up left out)", len(gone), theirs, took, found[-1], not_met(engine))


def _heads(said: Entry) -> int:
    heads = said.observation.what.heads  # type: ignore[union-attr]  # departures alone are asked
    return 0 if heads is None else heads.low


def compare(what: str, number: int, theirs: float, took: float, said: int, found: int) -> None:
    same = "the same" if said == found else f"{said} against our {found}"
    show(what, f"{number / theirs:,.0f}/s; ours {number / took:,.0f}/s, {theirs / took:.1f} times; not met: {same} ({found})")


def main(size: int) -> None:
    world, log = parse_world(WORLD), signed(size)
    judges: tuple[Callable[[World, list[Entry]], None], ...] = (preconditions, balances)
    for judge in judges:
        judge(world, log)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 20_000)
