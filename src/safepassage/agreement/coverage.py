"""How much of what a clause speaks of somebody signed for: beside every verdict, since silence is not safety."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safepassage.agreement import clause as c
from safepassage.agreement.by_clause import left_of
from safepassage.agreement.facts import Fact
from safepassage.agreement.reader import row_of
from safepassage.agreement.scene import Scene
from safepassage.values.times import Instant, Stretch


def coverage(clause: c.Clause, openers: Sequence[Fact], leaves: Sequence[Fact], scene: Scene) -> int | None:
    """Thousandths of the clause's windows, each place counted, up to now; None where no watch could cover it, or nothing is open."""
    whole = Stretch(scene.opened, max(scene.opened, scene.now))
    match clause.shape:
        case c.Ban(what) | c.Ceiling(what):
            return _share([(what, None, whole)], scene)
        case c.Balance(one, other):
            return _share([(one, None, whole), (other, None, whole)], scene)
        case c.Duty(_, act, within) | c.Pairing(_, act, within):
            return _share([(act, fact, _window(clause, within, fact, scene)) for fact in openers], scene)
        case c.Before(_, past, at_most):
            return _share([(past, fact, _before(at_most, fact, scene)) for fact in openers], scene)
        case c.Presence(_, _, present):
            entered = {fact.vehicle for fact in openers}
            mine = [fact for fact in leaves if fact.vehicle in entered]
            return _share([(present, fact, Stretch(fact.at, max(fact.at, left_at(fact, mine, scene.now)))) for fact in openers], scene)
        case c.Cycle(act):
            return _share([(act, None, whole)], scene)
        case c.Milestone(once, _, then):
            return _share([(once, None, whole), (then, None, whole)], scene)
        case c.Hours() | c.Permission():
            return None


def left_at(entered: Fact, leaves: Sequence[Fact], now: Instant) -> Instant:
    """When the stay ended, or now."""
    left = left_of(entered, leaves)
    return now if left is None else left.at


def _window(clause: c.Clause, within: c.Limit, fact: Fact, scene: Scene) -> Stretch:
    limit = scene.deadline(clause, within, fact.at)
    return Stretch(fact.at, scene.now if limit is None else min(limit, scene.now))


def _before(at_most: c.Elapsed | None, fact: Fact, scene: Scene) -> Stretch:
    since = scene.opened if at_most is None else Instant(fact.at - at_most.milliseconds)
    return Stretch(min(since, fact.at), fact.at)


def _share(windows: Iterable[tuple[c.Atom, Fact | None, Stretch]], scene: Scene) -> int | None:
    seen = of = 0
    for atom, fact, window in windows:
        row = row_of(atom)
        kind = scene.covered_by(row)
        if kind is None:
            return None
        some, whole = scene.watches.share(kind, scene.scope(atom, fact), window)
        seen, of = seen + some, of + whole
    return seen * 1000 // of if of else None
