"""For the plain judge: who boards though they are not there yet, and what boards or is received where nobody watches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safepassage.planner.moments import between, clock
from safepassage.planner.problem import Convoy, Group, Problem, Side


def absent(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[tuple[Convoy | None, str]]:
    """Nobody boards who is not there: family by family, and of others, by the minute at which more come, no more than were there before."""
    for side in problem.sides:
        groups = {group.id: group for group in side.groups}
        own = [convoy for convoy in convoys if problem.route(convoy.route).side == side.id]
        for convoy in own:
            for group in (groups[name] for name in convoy.groups if name in groups):
                if group.since > convoy.loading:
                    yield convoy, f"the family {group.id} is there only {clock(group.since)}"
        everybody = _alone(side, [(side.people, side.wounded, side.lying)], side.groups)
        for minute in sorted({each.minute for each in side.coming}):
            early = [convoy for convoy in own if convoy.loading < minute]
            families = [groups[name] for convoy in early for name in convoy.groups if name in groups]
            aboard = _alone(side, [(each.people, each.wounded, each.lying) for each in early], families)
            later = _alone(side, [(each.people, each.wounded, each.lying) for each in side.coming if each.minute >= minute], ())
            over = sum(max(0, some + others - most) for some, others, most in zip(aboard, later, everybody, strict=True))
            if over:
                yield None, f"{over} persons of {side.id} board before {clock(minute)}, and are there only from then on"


def unobserved(problem: Problem, convoys: Sequence[Convoy]) -> Iterator[tuple[Convoy, str]]:
    """Minute after minute of boarding and of unloading."""
    for convoy in convoys:
        route = problem.route(convoy.route)
        for post in problem.unwatched:
            boards = post.side == route.side and any(post.begin <= minute < post.end for minute in range(convoy.loading, convoy.departure))
            last = convoy.reception + max(1, route.unload)
            if boards or (post.route == route.id and any(post.begin <= minute < post.end for minute in range(convoy.reception, last))):
                yield convoy, f"nobody watches {post.post} {between(post.begin, post.end)}"


def _alone(side: Side, numbers: Sequence[tuple[tuple[int, ...], int, int]], groups: Sequence[Group]) -> list[int]:
    """People of no family by class, then wounded who sit, and who lie."""
    people = [sum(people[k] for people, _, _ in numbers) for k in range(len(side.people))]
    seated = [number - sum(group.size for group in groups if group.priority == k) for k, number in enumerate(people)]
    lying = sum(each for _, _, each in numbers) - sum(group.lying for group in groups)
    return [*seated, sum(each for _, each, _ in numbers) - sum(group.wounded for group in groups) - lying, lying]
