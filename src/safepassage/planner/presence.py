"""Who of those who wait is where their side gathers, and who comes there only later: turned back and under way, or still on their way.

A family comes whole. People of no family stand in for each other: whoever was there first boards first, so of those left at most as many
as come after a minute are the ones who are not there yet.
"""

from __future__ import annotations

from safepassage.planner.problem import Coming, Side
from safepassage.planner.seats import Waiting


def apart(left: Waiting, side: Side, minute: int) -> tuple[Waiting, Waiting]:
    """Of those of a side who are left, who is there at that minute, and who is not."""
    later = [each for each in side.coming if each.minute > minute]
    alone = tuple(min(number, sum(each.people[k] for each in later)) for k, number in enumerate(left.alone))
    groups = tuple(tuple(group for group in same if group.since > minute) for same in left.groups)
    lying = min(_lone_lying(left), sum(each.lying for each in later))
    sitting = min(left.wounded - _in_families(left) - _lone_lying(left), sum(each.wounded - each.lying for each in later))
    hurt = sum(group.wounded for same in groups for group in same)
    people = sum(alone) + sum(group.size for same in groups for group in same)
    away = Waiting(alone, groups, hurt + lying + sitting, people, lying + sum(group.lying for same in groups for group in same))
    there = Waiting(
        tuple(number - less for number, less in zip(left.alone, alone, strict=True)),
        tuple(tuple(group for group in same if group.since <= minute) for same in left.groups),
        left.wounded - away.wounded,
        left.people - away.people,
        left.lying - away.lying,
    )
    return there, away


def together(there: Waiting, away: Waiting) -> Waiting:
    """Everybody who waits: those of both."""
    pairs = zip(there.groups, away.groups, strict=True)
    return Waiting(
        tuple(map(sum, zip(there.alone, away.alone, strict=True))),
        tuple(tuple(sorted((*one, *other), key=lambda group: (-group.size, group.id))) for one, other in pairs),
        there.wounded + away.wounded,
        there.people + away.people,
        there.lying + away.lying,
    )


def cut(coming: tuple[Coming, ...], before: Side, after: Side) -> tuple[Coming, ...]:
    """Who still comes, once `before` has become the smaller `after`: of those who stay the last to come are first."""
    gone, hurt, lying = _lost(before, after)
    found = list[Coming]()
    for each in sorted(coming, key=lambda each: -each.minute):
        less = [min(number, many) for number, many in zip(each.people, gone, strict=True)]
        gone = [many - number for many, number in zip(gone, less, strict=True)]
        down, up = min(each.lying, lying), min(each.wounded - each.lying, hurt - lying)
        hurt, lying = hurt - down - up, lying - down
        people = tuple(number - many for number, many in zip(each.people, less, strict=True))
        found.append(Coming(each.minute, people, each.wounded - down - up, each.lying - down))
    return tuple(each for each in reversed(found) if sum(each.people) + each.wounded)


def _lost(before: Side, after: Side) -> tuple[list[int], int, int]:
    """People of no family by class, wounded and lying, who are no longer among them."""
    (alone, hurt, lying), (still, fewer, less) = alone_of(before), alone_of(after)
    lain = max(0, lying - less)
    return [max(0, one - other) for one, other in zip(alone, still, strict=True)], max(lain, hurt - fewer), lain


def alone_of(side: Side) -> tuple[list[int], int, int]:
    """People of no family: by class, wounded, and of these who must lie."""
    people = [number - sum(group.size for group in side.groups if group.priority == k) for k, number in enumerate(side.people)]
    return people, side.wounded - sum(g.wounded for g in side.groups), side.lying - sum(g.lying for g in side.groups)


def _in_families(left: Waiting) -> int:
    return sum(group.wounded for same in left.groups for group in same)


def _lone_lying(left: Waiting) -> int:
    return left.lying - sum(group.lying for same in left.groups for group in same)
