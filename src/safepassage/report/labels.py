"""Where the words of a drawing go: each beside its point, where it covers the least of what is there already."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

LETTER, LINE = 6.7, 14
"""Width of a letter and height of a line, in units of the drawing, at its 12-unit type."""


class Rect(msgspec.Struct, frozen=True):
    x: float
    y: float
    width: float
    height: float

    def overlap(self, other: Rect) -> float:
        """The area that both cover."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, across) * max(0.0, down)


class Wanted(msgspec.Struct, frozen=True):
    """Lines of words that want to stand `gap` away from a point."""

    x: float
    y: float
    gap: int
    lines: tuple[str, ...]


class Label(msgspec.Struct, frozen=True):
    """`x`, `y`: where the first line begins."""

    x: int
    y: int
    lines: tuple[str, ...]


def place_labels(wanted: Sequence[Wanted], roads: Sequence[tuple[tuple[float, float], tuple[float, float]]], within: Rect) -> list[Label]:
    """A label for each wish, in the same order; the fullest are placed first."""
    taken = [Rect(each.x - 8, each.y - 8, 16, 16) for each in wanted]
    dots = [_dot(a, b, step / 40) for a, b in roads for step in range(41)]
    found: dict[int, Label] = {}
    for index in sorted(range(len(wanted)), key=lambda index: (-len(wanted[index].lines), index)):
        wish = wanted[index]
        box = min((_inside(box, within) for box in _boxes(wish)), key=lambda box: _cost(box, taken, dots))
        taken.append(box)
        found[index] = Label(round(box.x), round(box.y + LINE - 3), wish.lines)
    return [found[index] for index in range(len(wanted))]


def _boxes(wish: Wanted) -> list[Rect]:
    """Above, below, right, left, and the corners, then farther away; the first of equals is taken."""
    width, height = LETTER * max(len(line) for line in wish.lines), float(LINE * len(wish.lines))
    found = []
    for gap in (wish.gap, wish.gap * 2, wish.gap * 3):
        middle_x, middle_y = wish.x - width / 2, wish.y - height / 2
        above, below, right, left = wish.y - gap - height, wish.y + gap, wish.x + gap, wish.x - gap - width
        found += [(middle_x, above), (middle_x, below), (right, middle_y), (left, middle_y)]
        found += [(right, above), (left, above), (right, below), (left, below)]
    return [Rect(x, y, width, height) for x, y in found]


def _dot(a: tuple[float, float], b: tuple[float, float], share: float) -> Rect:
    return Rect(a[0] + (b[0] - a[0]) * share - 8, a[1] + (b[1] - a[1]) * share - 8, 16, 16)


def _inside(box: Rect, within: Rect) -> Rect:
    """The box, moved in where it stands out."""
    x = min(max(box.x, within.x), within.x + within.width - box.width)
    y = min(max(box.y, within.y), within.y + within.height - box.height)
    return Rect(x, y, box.width, box.height)


def _cost(box: Rect, taken: Sequence[Rect], dots: Sequence[Rect]) -> float:
    return 10 * sum(box.overlap(each) for each in taken) + sum(box.overlap(dot) for dot in dots) / 2
