"""How cost grows with size, as a picture: both axes in powers of ten."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

WIDE, HIGH, EDGE = 640, 360, 60


class Point(NamedTuple):
    people: int
    seconds: float


def drawn(points: Sequence[Point], what: str) -> str:
    """An SVG of seconds over people, which reads on light and on dark ground."""
    across, up = _decades([point.people for point in points]), _decades([point.seconds for point in points])

    def x(people: float) -> float:
        return round(EDGE + (WIDE - 2 * EDGE) * (log10(people) - across[0]) / (across[-1] - across[0]), 1)

    def y(seconds: float) -> float:
        return round(HIGH - EDGE - (HIGH - 2 * EDGE) * (log10(seconds) - up[0]) / (up[-1] - up[0]), 1)

    grid = [f'<path class="grid" d="M{x(10**n)} {EDGE}V{HIGH - EDGE}"/>' for n in across]
    grid += [f'<path class="grid" d="M{EDGE} {y(10**n)}H{WIDE - EDGE}"/>' for n in up]
    words = [f'<text x="{x(10**n)}" y="{HIGH - EDGE + 18}" text-anchor="middle">{10**n:,}</text>' for n in across]
    words += [f'<text x="{EDGE - 8}" y="{y(10**n) + 4}" text-anchor="end">{10.0**n:g} s</text>' for n in up]
    words += [f'<text x="{x(p.people)}" y="{y(p.seconds) - 10}" text-anchor="middle">{p.seconds:.1f}</text>' for p in points]
    words += [
        f'<text x="{EDGE}" y="30" class="title">Seconds for a plan, by people who wait</text>',
        f'<text x="{EDGE}" y="47">{what}</text>',
    ]
    line = "M" + "L".join(f"{x(p.people)} {y(p.seconds)}" for p in points)
    dots = [f'<circle cx="{x(p.people)}" cy="{y(p.seconds)}" r="4"/>' for p in points]
    return "\n".join([_HEAD, *grid, f'<path class="line" d="{line}"/>', *dots, *words, "</svg>", ""])


def _decades(numbers: Sequence[float]) -> range:
    low, high = floor(log10(min(numbers))), ceil(log10(max(numbers)))
    return range(low, max(high, low + 1) + 1)


_HEAD = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img"
 aria-label="Seconds for a plan, by people who wait">
<style>
  rect {{ fill: #fff }} text {{ font: 13px system-ui, sans-serif; fill: #333 }} .title {{ font-size: 16px; font-weight: 600 }}
  .grid {{ stroke: #ddd; fill: none }} .line {{ stroke: #0b6; stroke-width: 2.5; fill: none }} circle {{ fill: #0b6 }}
  @media (prefers-color-scheme: dark) {{ rect {{ fill: #15191c }} text {{ fill: #ccd }} .grid {{ stroke: #333c44 }} }}
</style>
<rect width="{WIDE}" height="{HIGH}"/>"""
