"""Playing a scenario through a hub: a simulated clock, the cues of its field log, and an officer who adopts when nobody clicks.

`once` plays to the end as fast as the machine can; `Live` goes on from `begin` at a speed, and waits for a person's decision.
A folder that was played before goes on where its ledger ends: what is known already gets its old receipt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec

from safepassage.errors import Refusal
from safepassage.hub.clock import wall_clock
from safepassage.hub.folder import AUTHORITY, Folder, open_folder
from safepassage.hub.hub import Hub
from safepassage.hub.opening import create
from safepassage.ledger.ledger import Receipt
from safepassage.observation import Observation, What
from safepassage.observation.desk import PlanAdopted, Reason
from safepassage.picture.decided import Standing
from safepassage.simulate.player import Adopt, Ask, Cue, Deliver, cues, enrolments
from safepassage.simulate.stage import Stage, read_stage
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId, PlanId
from safepassage.values.times import Instant

OFFICER = ObserverId("o2")
BEAT = 0.25
"""Seconds between two looks at the simulated clock."""
PATIENCE = 60
"""Seconds for which a proposal waits for a person before the simulated officer decides."""
Told = Callable[[Receipt | Refusal], None]


class Scenario(msgspec.Struct, frozen=True):
    """One scenario folder, read."""

    name: DeploymentId
    world: str
    clauses: str
    log: str
    stage: Stage
    cues: list[Cue]

    @property
    def opens(self) -> Instant:
        """A quarter of an hour before the first thing that happens."""
        return Instant(self.cues[0].at - 15 * 60_000)


def read_scenario(path: Path) -> Scenario:
    """A scenario folder: `world.toml`, `agreement.clauses`, `field.log`."""
    name = DeploymentId(path.name)
    world, clauses, log = ((path / file).read_text("utf-8") for file in ("world.toml", "agreement.clauses", "field.log"))
    stage = read_stage(log, str(path / "field.log"))
    return Scenario(name, world, clauses, log, stage, cues(name, log, stage, str(path / "field.log")))


class Play:
    """A hub under a simulated clock, and what is still to happen."""

    def __init__(self, scenario: Scenario, path: Path) -> None:
        self.scenario, self.now = scenario, scenario.opens
        self.hub = Hub(self._folder(path), self.clock)
        picture = self.hub.picture
        assert picture is not None  # the folder was made with its first entries
        self.now = max(self.now, picture.now)
        self._set_up()
        self.left = [cue for cue in scenario.cues if not self._known(cue)]

    def clock(self) -> Instant:
        return self.now

    def go(self, now: Instant, told: Told | None = None) -> None:
        """Everything that happens up to `now`."""
        while self.left and self.left[0].at <= now:
            self.step(told)
        self._tick(max(self.now, now), told)

    def step(self, told: Told | None = None) -> None:
        """The next thing that happens."""
        cue = self.left.pop(0)
        self._tick(max(self.now, cue.at), told)
        match cue:
            case Deliver(_, envelope):
                _tell(told, self.hub.receive(envelope))
            case Ask():
                _tell(told, self.hub.propose())
            case Adopt():
                _tell(told, self.adopt(Reason.NOBODY_ANSWERED))

    def waiting(self) -> PlanId | None:
        """The proposal that nobody has decided and that can still be adopted."""
        plans = self.hub.picture.plans() if self.hub.picture else {}
        open_ones = (plan for plan, now in reversed(plans.items()) if now.standing is Standing.WAITING and not now.lapsed(self.now))
        return next(open_ones, None)

    def adopt(self, reason: Reason) -> Receipt | Refusal | None:
        """The simulated officer adopts what waits; None where nothing does."""
        plan = self.waiting()
        if plan is None:
            return None
        return self._sign(DeviceId(f"{OFFICER}-1"), OFFICER, PlanAdopted(plan, reason))

    def close(self) -> None:
        self.hub.close()

    # The parts.
    def _folder(self, path: Path) -> Folder:
        if (path / "deployment.json").exists():
            return open_folder(path)
        given = self.scenario
        return create(path, given.name, given.world, given.clauses, given.opens, True, given.stage.since)

    def _set_up(self) -> None:
        """The authority enrols the simulated phones; a second time changes nothing."""
        opened = self.scenario.opens
        authority = ObserverId("authority")
        for decision in enrolments(self.scenario.name, self.scenario.stage):
            self.hub.decide(AUTHORITY, Observation(by=authority, seen_at=opened, what=decision))

    def _known(self, cue: Cue) -> bool:
        """Whether it happened before this process began."""
        match cue:
            case Deliver(_, envelope):
                return self.hub.ledger.known(envelope) is not None
            case Ask(at) | Adopt(at):
                return at <= self.now

    def _tick(self, now: Instant, told: Told | None) -> None:
        """Time passes minute by minute, so that what a hub does by itself happens at its own time."""
        while self.now < now:
            self.now = Instant(min(now, self.now + 60_000))
            _tell(told, self.hub.tick())

    def _sign(self, device: DeviceId, by: ObserverId, what: What) -> Receipt | Refusal:
        return self.hub.decide(device, Observation(by=by, seen_at=self.now, what=what))


def _tell(told: Told | None, answer: Receipt | Refusal | None) -> None:
    if told is not None and answer is not None:
        told(answer)


class Live:
    """A play that goes on by itself from its `begin`, and waits up to a minute for a person to decide a proposal."""

    def __init__(self, play: Play, speed: int) -> None:
        self.play, self._speed = play, speed
        begin = play.scenario.stage.begin
        if begin is not None and play.now < begin:
            play.go(begin)
        elif begin is None:
            while play.left:
                play.step()

    async def run(self) -> None:
        """Until everything has happened at `speed`, however long each step takes; from then on as fast as any clock."""
        waited, before = 0, wall_clock()
        while True:
            await asyncio.sleep(BEAT)
            elapsed = wall_clock() - before
            before = Instant(before + elapsed)
            waited = waited + elapsed if self.play.waiting() is not None else 0
            speed = self._speed if self.play.left or self._before_end() else 1
            target = Instant(self.play.now + elapsed * speed)
            held = next((cue.at for cue in self.play.left if isinstance(cue, Adopt) and cue.at <= target), None)
            if held is not None and 0 < waited < PATIENCE * 1000:
                target = Instant(held - 1)
            self.play.go(max(self.play.now, target))

    def _before_end(self) -> bool:
        end = self.play.scenario.stage.end
        return end is not None and self.play.now < end
