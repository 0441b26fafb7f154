"""Who boards first, and that families stay whole."""

from __future__ import annotations

from safepassage.planner.problem import Side
from safepassage.planner.seats import board, waiting
from tests.planner.worlds import A, families


def test_the_wounded_and_the_vulnerable_board_before_anybody_else() -> None:
    aboard, left = board(waiting(Side(A, (30, 40), wounded=3)), seats=50, beds=2, room=1000)
    assert (aboard.people, aboard.wounded) == ((30, 20), 2)
    assert (left.people, left.wounded) == (20, 1)


def test_a_family_that_does_not_fit_waits_whole() -> None:
    side = Side(A, (12, 0), groups=families(A, 0, (7, 5)))
    aboard, left = board(waiting(side), seats=10, beds=0, room=1000)
    assert aboard.people == (7, 0)
    assert [group.size for group in left.groups[0]] == [5]


def test_parity_room_counts_the_wounded_too() -> None:
    aboard, _ = board(waiting(Side(A, (30, 40), wounded=4)), seats=50, beds=4, room=10)
    assert (aboard.people, aboard.wounded) == ((6, 0), 4)
