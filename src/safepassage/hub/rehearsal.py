"""Days of the whole loop: a hub proposes, a simulated officer adopts, the campaign does what it can, and the hub follows it.

Every observation goes through the same door as a phone's; the clock is simulated. Everything is marked an exercise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from safepassage.errors import NOT_REACHED, Refusal, stop
from safepassage.hub.folder import AUTHORITY
from safepassage.hub.hub import Hub
from safepassage.hub.opening import create
from safepassage.ledger.keys import demo_signer
from safepassage.observation import Observation
from safepassage.observation.desk import PlanAdopted, Reason
from safepassage.observation.setting import DeviceEnrolled
from safepassage.picture import Picture
from safepassage.picture.decided import Standing
from safepassage.picture.following import fallen
from safepassage.simulate.campaign import OBSERVERS, Campaign
from safepassage.simulate.player import Device
from safepassage.simulate.valley import EAST, WEST, Valley
from safepassage.values.ids import DeploymentId, DeviceId, ObserverId, PlanId
from safepassage.values.times import MINUTE, Instant, local

Told = Callable[[str], None]
BEAT = 5 * MINUTE
"""Simulated time between two looks at the clock."""
ASKED = "05:30"
"""When the planner is first asked, on the first day."""
THINKS = 10 * MINUTE
"""How long the simulated officer thinks about a proposal."""


class Outcome(msgspec.Struct, frozen=True):
    """How it ended; persons. `received` in truth, `registered` as the picture has it: they must be equal."""

    persons: int
    received: int
    registered: int
    stayed: int
    waiting: int
    days: int
    proposed: int
    adopted: int
    without_light: int
    drift: dict[str, int]
    """How many assumptions fell, by kind."""
    troubles: tuple[str, ...]


class Rehearsal:
    """A folder, its hub, one phone for each observer, and the campaign."""

    def __init__(self, path: Path, valley: Valley, seed: int, told: Told = lambda _: None) -> None:
        self.valley, self.campaign, self.told = valley, Campaign(valley, seed), told
        self.now, name = self.campaign.opens, DeploymentId("ten-days")
        self.hub = Hub(create(path, name, valley.text, valley.clauses, self.now, demonstration=True), lambda: self.now)
        self.devices = {observer: Device(name, observer) for observer in OBSERVERS}
        for observer, (role, party) in OBSERVERS.items():
            vkey = demo_signer(name, DeviceId(f"{observer}-1")).vkey
            self._decide(AUTHORITY, "authority", DeviceEnrolled(DeviceId(f"{observer}-1"), observer, role, vkey, party))
        self._follows: PlanId | None = None
        self._fell: set[tuple[str, str]] = set()
        self._drift: dict[str, int] = {}
        self._told_troubles = 0

    @property
    def picture(self) -> Picture:
        if self.hub.picture is None:
            stop(NOT_REACHED, reason="a deployment that was just opened has no picture")
        return self.hub.picture

    def play(self) -> Outcome:
        """Until everybody has been received or chose to stay, or the days are over."""
        end = self.campaign.moment(self.valley.days + 1, "00:00")
        asked = self.campaign.moment(1, ASKED)
        while self.now < end and not self._over():
            self.now = Instant(self.now + BEAT)
            self._deliver()
            if self.now == asked:
                self.hub.propose()
            self.hub.infeasible = None
            self.hub.tick()
            if self.hub.infeasible is not None:
                self._say(f"NO PLAN: {self.hub.infeasible.words}")
            self._decide_what_waits()
            self._follow()
            self._tell()
        return self._outcome()

    def close(self) -> None:
        self.hub.close()

    def _over(self) -> bool:
        done = sum(self.campaign.received.values()) + sum(self.campaign.stayed.values())
        return self._follows is not None and not any(self.campaign.waiting.values()) and done >= self._persons()

    def _persons(self) -> int:
        return sum(side.registered for side in self.picture.whereabouts.sides(self.now))

    def _deliver(self) -> None:
        envelopes = [self.devices[each.by].seal(each) for each in self.campaign.happen(self.now)]
        for answer in self.hub.receive_all(envelopes):
            if isinstance(answer, Refusal):
                stop(NOT_REACHED, reason=f"the door refuses what the rehearsal records: {answer}")

    def _decide_what_waits(self) -> None:
        """The officer adopts what has waited long enough and can still be adopted."""
        for plan, now in reversed(self.picture.plans().items()):
            if now.standing is Standing.WAITING and not now.lapsed(self.now):
                if now.at + THINKS <= self.now:
                    self._decide(DeviceId("o1-1"), "o1", PlanAdopted(plan, Reason.NOBODY_ANSWERED))
                return

    def _decide(self, device: DeviceId, by: str, what: DeviceEnrolled | PlanAdopted) -> None:
        observation = Observation(by=ObserverId(by), seen_at=self.now, what=what)
        if by in self.devices:
            self.hub.receive(self.devices[ObserverId(by)].seal(observation))
        else:
            self.hub.decide(device, observation)

    def _follow(self) -> None:
        adopted = self.picture.adopted()
        if adopted is not None and adopted.proposed.plan != self._follows:
            self._follows = adopted.proposed.plan
            self.campaign.follow(adopted.proposed.trips, self.now)
            persons = sum(trip.persons for trip in adopted.proposed.trips)
            self._say(f"plan {self._follows} adopted: {len(adopted.proposed.trips)} trips, {persons} persons")

    # What is told.
    def _say(self, text: str) -> None:
        day = (self.now - self.campaign.moment(1, "00:00")) // (24 * 60 * MINUTE) + 1
        self.told(f"day {day}, {local(self.now, self.campaign.zone):%H:%M}  {text}")

    def _tell(self) -> None:
        for _, trouble in self.campaign.troubles[self._told_troubles :]:
            self._say(f"HAPPENS: {trouble.value}")
        self._told_troubles = len(self.campaign.troubles)
        found = {(each.what.value, each.subject): each for each in fallen(self.picture)}
        for key in found.keys() - self._fell:
            self._drift[key[0]] = self._drift.get(key[0], 0) + 1
        for key in sorted(found.keys() - self._fell):
            self._say(f"DRIFT {key[1]}: {key[0]}, {found[key].persons} persons")
        self._fell = set(found)
        if local(self.now, self.campaign.zone).strftime("%H:%M") == "20:00":
            self._say("; ".join(self._day()))

    def _day(self) -> Iterator[str]:
        for side in (EAST, WEST):
            waiting = sum(len(family.members) for family in self.campaign.waiting[side])
            yield f"{side}: {self.campaign.received[side]} received, {waiting} wait"

    def _outcome(self) -> Outcome:
        plans, sides = self.picture.plans().values(), self.picture.whereabouts.sides(self.now)
        adopted = {Standing.ADOPTED, Standing.REPLACED}
        return Outcome(
            persons=sum(side.registered for side in sides),
            received=sum(self.campaign.received.values()),
            registered=sum(side.registered_there for side in sides),
            stayed=sum(self.campaign.stayed.values()),
            waiting=sum(len(family.members) for side in (EAST, WEST) for family in self.campaign.waiting[side]),
            days=-(-(self.now - self.campaign.moment(1, "00:00")) // (24 * 60 * MINUTE)),
            proposed=len(plans),
            adopted=sum(plan.standing in adopted for plan in plans),
            without_light=self.campaign.without_light,
            drift=dict(sorted(self._drift.items())),
            troubles=tuple(trouble.value for _, trouble in self.campaign.troubles),
        )
