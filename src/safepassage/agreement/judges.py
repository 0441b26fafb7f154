"""How one clause's verdicts are kept: by key, where each key's facts decide alone; whole, where its instances share one history."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Protocol

from safepassage.agreement import clause as c
from safepassage.agreement.by_clause import judge_balance, judge_cycle, judge_pairing, judge_presence
from safepassage.agreement.by_key import judge_ban, judge_before, judge_duty
from safepassage.agreement.by_sum import judge_ceiling, judge_hours, judge_milestone
from safepassage.agreement.facts import Fact, Ground
from safepassage.agreement.heard import OPENS, Case, Heard, Marked
from safepassage.agreement.hourly import Hourly, reach
from safepassage.agreement.quick import quick_of
from safepassage.agreement.reader import row_of
from safepassage.agreement.scene import Scene
from safepassage.agreement.verdict import InstanceVerdict, Verdict
from safepassage.values.times import Instant, Stretch


class Judge(Protocol):
    """One clause's verdicts, kept up."""

    def settle(self, scene: Scene) -> None:
        """Bring them to this moment."""

    def mark_all(self) -> None:
        """Every one may have changed."""

    def mark_watched(self, watched: Stretch, into: bool) -> None:
        """Whatever a watch over this stretch may have changed that came (`into`), or went."""

    def instances(self) -> Iterable[InstanceVerdict]:
        """As last settled, in any order, without reasons."""

    def reasons(self, ones: Sequence[InstanceVerdict], scene: Scene) -> list[InstanceVerdict]:
        """The same instances, each with its sentence and what it cites."""


def judge(clause: c.Clause, key: str, case: Case, scene: Scene) -> list[InstanceVerdict]:
    """Every instance of one key of one clause, with reasons."""
    match clause.shape:
        case c.Duty() as shape:
            return judge_duty(clause, shape, key, case, scene)
        case c.Before() as shape:
            return judge_before(clause, shape, key, case, scene)
        case c.Ban() as shape:
            return judge_ban(clause, shape, key, case, scene)
        case c.Pairing() as shape:
            return judge_pairing(clause, shape, case, scene)
        case c.Presence() as shape:
            return judge_presence(clause, shape, case, scene)
        case c.Cycle() as shape:
            return judge_cycle(clause, shape, case, scene)
        case c.Balance() as shape:
            return judge_balance(clause, shape, case, scene)
        case c.Milestone() as shape:
            return judge_milestone(clause, shape, case, scene)
        case c.Ceiling() as shape:
            return judge_ceiling(clause, shape, case, scene)
        case c.Hours() as shape:
            return judge_hours(clause, shape, key, case, scene)
        case c.Permission():
            return []


def case_of(clause: c.Clause, heard: Sequence[tuple[int, Heard]], key: str, opened: Instant) -> Case:
    """One key's facts by part; what happened before the opening opens nothing, and counts in no sum."""
    case: Case = {}
    for part, one in heard:
        facts = one.by_key.get(key)
        if facts is None:
            continue
        if one.early and (part == OPENS or isinstance(clause.shape, c.Balance | c.Milestone)):
            facts = [fact for fact in facts if fact.at >= opened]
        case[part] = sorted([*case[part], *facts], key=lambda fact: (fact.at, fact.entry)) if part in case else facts
    return case


class ByKey:
    """Marked keys are judged anew, each from its own facts; time marks those whose limit has passed."""

    def __init__(self, clause: c.Clause, heard: Sequence[tuple[int, Heard]], sought: Sequence[c.Atom], ground: Ground) -> None:
        """`sought`: the phrases whose silence may count, where any watch covers them."""
        self.clause, self._heard, self._ground = clause, heard, ground
        self._marked: Marked = {}
        self._judged: dict[str, list[InstanceVerdict]] = {}
        self._due: list[tuple[Instant, str]] = []
        for _, one in heard:
            one.marks.append(self._marked)
        self._waits, self._by_proof = isinstance(clause.shape, c.Duty), clause.by_proof
        self._open = Hourly()
        """Keys whose verdicts a further watch could change."""
        self._silent = Hourly()
        """Keys whose verdicts rest on silence."""
        self._deaf = all(ground.covered_by(row_of(atom)) is None for atom in sought)
        self._opens = next(one for part, one in heard if part == OPENS)

    def mark_all(self) -> None:
        self._marked.update(dict.fromkeys(self._opens.by_key))

    def mark_watched(self, watched: Stretch, into: bool) -> None:
        """A watch that comes can end what is not known, one that goes a silence; what is simply kept stays so with it and without."""
        keys = (self._open if into else self._silent).between(reach(self.clause, watched, self._ground))
        self._marked.update(dict.fromkeys(keys))

    def settle(self, scene: Scene) -> None:
        due, marked, judged, opens = self._due, self._marked, self._judged, self._opens.by_key
        while due and due[0][0] < scene.now:
            marked[heapq.heappop(due)[1]] = None
        if self._by_proof:
            self.mark_all()  # what nobody has vouched for was made by now, whenever that is
        if not marked:
            return
        waiting, silent, deaf, waits, kept = self._open, self._silent, self._deaf, self._waits, Verdict.KEPT
        quick = quick_of(self.clause, self._heard, scene) or self._slowly
        for key in marked:
            openers = opens.get(key)
            if openers is None:
                judged.pop(key, None)
                waiting.drop(key)
                silent.drop(key)
                continue
            found = quick(key, openers)
            if found is None:
                found = judge(self.clause, key, case_of(self.clause, self._heard, key, scene.opened), scene)
                either = [one.at for one in found if one.verdict is not Verdict.KEPT or one.said]
                waiting.put(key, either)
                silent.put(key, either)
            elif len(found) == 1 and found[0].verdict is kept:
                if key in waiting.hours or key in silent.hours:
                    waiting.drop(key)
                    silent.drop(key)
                judged[key] = found
                continue
            elif not deaf:
                waiting.put(key, [one.at for one in found if one.verdict is Verdict.UNKNOWN])
                silent.put(key, [one.at for one in found if one.verdict is Verdict.BREACHED])
            judged[key] = found
            if waits:
                for one in found:
                    if one.until is not None:
                        heapq.heappush(due, (one.until, key))
        marked.clear()

    def _slowly(self, key: str, openers: Sequence[Fact]) -> None:
        """No ordinary case is known."""

    def instances(self) -> Iterable[InstanceVerdict]:
        return (one for found in self._judged.values() for one in found)

    def reasons(self, ones: Sequence[InstanceVerdict], scene: Scene) -> list[InstanceVerdict]:
        told: dict[tuple[str, str | None], InstanceVerdict] = {}
        for key in dict.fromkeys(one.key for one in ones):
            for one in judge(self.clause, key, case_of(self.clause, self._heard, key, scene.opened), scene):
                told[one.key, one.opened_by] = one
        return [told[one.key, one.opened_by] for one in ones]


class Whole:
    """Judged from all its facts whenever one changes, or time may have changed it."""

    def __init__(self, clause: c.Clause, heard: Sequence[tuple[int, Heard]]) -> None:
        self.clause, self._heard = clause, heard
        self._marked: Marked = {"": None}
        self._judged: list[InstanceVerdict] = []
        self._moves = isinstance(clause.shape, c.Ceiling)
        """Whether the passing of time alone can change it at any moment, not only at a limit."""
        for _, one in heard:
            one.marks.append(self._marked)

    def mark_all(self) -> None:
        self._marked[""] = None

    def mark_watched(self, watched: Stretch, into: bool) -> None:
        self.mark_all()

    def settle(self, scene: Scene) -> None:
        over = any(one.until is not None and one.until < scene.now for one in self._judged)
        if self._marked or self._moves or over:
            self._judged = judge(self.clause, "", case_of(self.clause, self._heard, "", scene.opened), scene)
            self._marked.clear()

    def instances(self) -> Iterable[InstanceVerdict]:
        return self._judged

    def reasons(self, ones: Sequence[InstanceVerdict], scene: Scene) -> list[InstanceVerdict]:
        told = {(one.key, one.opened_by): one for one in self._judged}
        return [told[one.key, one.opened_by] for one in ones]
