"""One parity constraint over time, as the decoder keeps it: how many more persons may pass, from which minute on."""

from __future__ import annotations

from bisect import insort

from safepassage.planner.problem import Parity
from safepassage.values.ids import SideId

BEFORE = -(1 << 40)
"""A minute before every other."""
OPEN = 1 << 60
"""More persons than there are."""


class Balance:
    """Passings so far and, after each, what is left up to either edge of the band.

    The slack at a point holds until the next point; a new passing shifts every later one, so room is a minimum over
    the rest.
    """

    def __init__(self, parity: Parity, frozen: list[tuple[int, SideId, int]]) -> None:
        self.parity = parity
        self._frozen = sorted((minute, self._step(side, persons)) for minute, side, persons in frozen)
        self._steps = list(self._frozen)
        self._measure()

    def add(self, minute: int, side: SideId, persons: int) -> None:
        """These persons pass in that minute."""
        step = self._step(side, persons)
        if step:
            insort(self._steps, (minute, step))
            self._measure()

    def room(self, side: SideId, minute: int) -> int:
        """Persons of that side who may pass in that minute with every later minute still in the band."""
        weight, slack = self._slack(side)
        least = OPEN
        for at, left in zip(reversed(self._minutes), reversed(slack), strict=True):
            least = min(least, left)
            if at <= minute:
                break
        return max(0, least // weight) if weight else OPEN

    def earliest(self, side: SideId, persons: int) -> int | None:
        """The first minute from which that many may pass; None: not as things stand."""
        weight, slack = self._slack(side)
        found = None
        for at, left in zip(reversed(self._minutes), reversed(slack), strict=True):
            if left < weight * persons:
                break
            found = at
        return found

    def points(self) -> tuple[list[int], list[int], list[int]]:
        """Each minute from which something changes, with what is left up to the upper and up to the lower edge."""
        once = {minute: (up, down) for minute, up, down in zip(self._minutes, self._up, self._down, strict=True)}
        return list(once), [up for up, _ in once.values()], [down for _, down in once.values()]

    def _step(self, side: SideId, persons: int) -> int:
        sign = {self.parity.plus: self.parity.wp, self.parity.minus: -self.parity.wm}
        return sign.get(side, 0) * persons

    def _slack(self, side: SideId) -> tuple[int, list[int]]:
        if side == self.parity.plus:
            return self.parity.wp, self._up
        return (self.parity.wm, self._down) if side == self.parity.minus else (0, self._up)

    def _measure(self) -> None:
        """Both slacks at every point; the first point lies before everything."""
        self._minutes, self._up, self._down = [BEFORE], [], []
        self._minutes += [minute for minute, _ in self._steps]
        balance = facts = self.parity.start
        seen = 0
        for index in range(len(self._minutes)):
            balance += self._steps[index - 1][1] if index else 0
            while seen < len(self._frozen) and self._frozen[seen][0] <= self._minutes[index]:
                facts += self._frozen[seen][1]
                seen += 1
            self._up.append(max(self.parity.high, facts) - balance)
            self._down.append(balance - min(self.parity.low, facts))
        self._settle()

    def _settle(self) -> None:
        """Several passings in one minute are judged together: only the last point of a minute speaks for it."""
        for index in range(len(self._minutes) - 2, -1, -1):
            if self._minutes[index] == self._minutes[index + 1]:
                self._up[index], self._down[index] = self._up[index + 1], self._down[index + 1]
