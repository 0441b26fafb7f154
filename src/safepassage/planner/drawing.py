"""Pictures of a plan as SVG: convoys in time and place, gates, the balance in its band, who waits beside the least that must.

Each picture carries its values as text (`words`, and the file's own description), marks sides by dash, not by colour alone, and takes
light or dark colours from whoever shows it. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from safepassage.planner.bound import solved, width
from safepassage.planner.check import balance
from safepassage.planner.flow import flow
from safepassage.planner.moments import between, clock
from safepassage.planner.problem import DAY, Convoy, Crossing, Parity, Problem

WIDE, LEFT, RIGHT, TOP, LOW = 960, 120, 40, 44, 34
"""Of every picture: its width, and what is kept free around the drawing for words."""
BROAD, SLIM = 15, 9
"""Letters that fit left of the drawing, on a desk and on a phone."""
POINTS = 8
"""Moments at which it is proved how many must still wait."""
DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""One for each side, in order."""
Name = Literal["time", "gates", "balance", "waiting"]

STYLE = """
svg { direction: ltr; color-scheme: light dark; --ink: #1c1f22; --quiet: #5d666d; --rule: #c9d0d4; }
svg { --ground: #ffffff; --band: #eef1f3; --mark: #0b5d8a; --warn: #a33b00; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e8ebed; --quiet: #9aa5ad; --rule: #3a444b; --ground: #14181b; --band: #20272c; --mark: #6fc3f2; --warn: #ffb27d; }
}
text { fill: var(--ink); font: 13px system-ui, sans-serif } .q { fill: var(--quiet); font-size: 12px } .h { font-weight: 600 }
.ground { fill: var(--ground) } .rule { stroke: var(--rule); stroke-width: 1 } .band { fill: var(--band) }
.line { fill: none; stroke: var(--ink); stroke-width: 1.5 } .mark { fill: none; stroke: var(--mark); stroke-width: 2 }
.full { fill: var(--ink) } .edge { stroke: var(--warn); stroke-width: 1.5; stroke-dasharray: 5 4 }
.shut { fill: url(#shut) } .hatch { stroke: var(--quiet); stroke-width: 1.2; opacity: .7 }
@media (max-width: 560px) { text, .q { font-size: 22px } .h { font-size: 20px } .more { display: none } }
.halo { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round } .slim { display: none }
@media (max-width: 560px) { .wide { display: none } .slim { display: inline } }
"""

HATCH = (
    '<defs><pattern id="shut" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="hatch" x1="0" x2="0" y1="0" y2="8"/></pattern></defs>'
)
"""Of suspensions: a shape, so that it is told from shades in either theme and in print."""


class Drawing(NamedTuple):
    """A picture, and the same in words."""

    name: Name
    title: str
    words: tuple[str, ...]
    svg: str


class Frame(NamedTuple):
    """Minutes across, anything upward."""

    begin: int
    end: int
    low: float
    high: float
    height: int

    def x(self, minute: float) -> float:
        return round(LEFT + (WIDE - LEFT - RIGHT) * (minute - self.begin) / max(1, self.end - self.begin), 1)

    def y(self, value: float) -> float:
        return round(self.height - LOW - (self.height - TOP - LOW) * (value - self.low) / max(1e-9, self.high - self.low), 1)


def draw(problem: Problem, convoys: Sequence[Convoy]) -> tuple[Drawing, ...]:
    """All pictures of a lawful plan's convoys; `convoys` holds those under way too."""
    if not convoys:
        return ()
    begin = min(convoy.loading for convoy in convoys)
    end = max(_back(problem, convoy) for convoy in convoys)
    drawn = [_time(problem, convoys, begin, end), _gates(problem, convoys, begin, end)]
    drawn += [_balance(problem, parity, convoys, begin, end) for parity in problem.parity[:1]]
    return (*drawn, _waiting(problem, convoys, begin, end))


def _back(problem: Problem, convoy: Convoy) -> int:
    return convoy.crossing_end + problem.route(convoy.route).post if convoy.returns is None else problem.again(convoy)


# Convoys in time and place.
def _time(problem: Problem, convoys: Sequence[Convoy], begin: int, end: int) -> Drawing:
    """Per gate: loading below, the gate in the middle, reception above; a line for each convoy, its way back thin."""
    gates = [gate for gate in problem.crossings if _of(problem, gate, convoys)]
    height = TOP + LOW + 150 * len(gates)
    frame = Frame(begin, end, 0, 3 * len(gates), height)
    parts = [*_hours(frame), *_closed(problem, frame)]
    for row, gate in enumerate(gates):
        levels = [frame.y(3 * (len(gates) - row - 1) + step) for step in (0.4, 1.5, 2.6)]
        for level, said in zip(levels, ("loading", gate.id, "reception"), strict=True):
            parts += [
                f'<line class="rule" x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{level}" y2="{level}"/>',
                _row(level + 4, said),
            ]
        parts += [_convoy(problem, frame, convoy, levels) for convoy in _of(problem, gate, convoys)]
    words = [
        f"{side.id}: {_persons(problem, convoys, side.id):,} persons in {len(_own(problem, convoys, side.id))} convoys"
        for side in problem.sides
    ]
    words.append(f"first loading {clock(begin)}, last convoy through {clock(max(c.crossing_end for c in convoys))}")
    return _drawing("time", "Convoys in time and place", words, height, [*parts, *_sides(problem, height)])


def _convoy(problem: Problem, frame: Frame, convoy: Convoy, levels: list[float]) -> str:
    route = problem.route(convoy.route)
    out = [
        (convoy.departure, levels[0]),
        (convoy.crossing_start, levels[1]),
        (convoy.crossing_end, levels[1]),
        (convoy.reception, levels[2]),
    ]
    back = [(convoy.reception + route.unload, levels[2]), (_back(problem, convoy), levels[0])]
    leaves, through = clock(convoy.departure), clock(convoy.crossing_end)
    said = f"{convoy.route}: {convoy.persons} persons, {len(convoy.vehicles)} vehicles, leaves {leaves}, through {through}"
    dash = _dash(problem, convoy)
    return f'<g><title>{_safe(said)}</title>{_path(frame, out, "line", dash)}<g opacity=".35">{_path(frame, back, "line", dash)}</g></g>'


def _path(frame: Frame, points: Sequence[tuple[float, float]], kind: str, dash: str = "") -> str:
    """Minutes are given, heights are drawn already."""
    drawn = " ".join(f"{frame.x(minute)},{y}" for minute, y in points)
    return f'<polyline class="{kind}" points="{drawn}"' + (f' stroke-dasharray="{dash}"' if dash else "") + "/>"


def _dash(problem: Problem, convoy: Convoy) -> str:
    side = problem.route(convoy.route).side
    return DASHES[[each.id for each in problem.sides].index(side) % len(DASHES)]


# The gates.
def _gates(problem: Problem, convoys: Sequence[Convoy], begin: int, end: int) -> Drawing:
    gates = list(problem.crossings)
    height = TOP + LOW + 46 * len(gates)
    frame = Frame(begin, end, 0, len(gates), height)
    parts, words = [*_hours(frame)], []
    for row, gate in enumerate(gates):
        top, tall = frame.y(len(gates) - row - 0.1), frame.y(len(gates) - row - 0.7) - frame.y(len(gates) - row - 0.1)
        opened = [(max(a, begin), min(b, end)) for a, b in gate.windows if b > begin and a < end]
        taken = [(convoy.crossing_start, convoy.crossing_end) for convoy in _of(problem, gate, convoys)]
        taken += [convoy.returns for convoy in _of(problem, gate, convoys) if convoy.returns is not None]
        parts += [_box(frame, a, b, top, tall, "band") for a, b in opened]
        parts += [_box(frame, a, b, top, tall, "full") for a, b in taken]
        parts.append(_row(top + tall / 2 + 4, gate.id))
        passed = len(_of(problem, gate, convoys))
        minutes, used = sum(b - a for a, b in opened), sum(b - a for a, b in taken)
        minutes -= sum(max(0, min(b, d) - max(a, c)) for a, b in opened for c, d in problem.suspensions)
        words.append(f"{gate.id}: taken {used:,} of {minutes:,} usable minutes ({100 * used // max(1, minutes)} %), {passed} convoys")
    stopped = [f"passage is suspended {between(a, b)}" for a, b in problem.suspensions if b > begin and a < end]
    title = "Gates: open (pale), taken (full)" + (", passage suspended (hatched)" if stopped else "")
    return _drawing("gates", title, [*words, *stopped], height, [*parts, *_closed(problem, frame)])


def _box(frame: Frame, begin: int, end: int, top: float, tall: float, kind: str) -> str:
    left = frame.x(begin)
    return f'<rect class="{kind}" x="{left}" y="{top}" width="{max(1.0, round(frame.x(end) - left, 1))}" height="{tall:.1f}"/>'


# The balance.
def _balance(problem: Problem, parity: Parity, convoys: Sequence[Convoy], begin: int, end: int) -> Drawing:
    moments = sorted({convoy.crossing_end for convoy in convoys})
    values = [(moment, balance(problem, parity, convoys, moment)) for moment in moments]
    low, high = min(parity.low, *(v for _, v in values)), max(parity.high, *(v for _, v in values))
    frame = Frame(begin, end, low, high, 300)
    steps = list(_steps(frame, [(begin, parity.start), *values, (end, values[-1][1])]))
    band = _box(frame, begin, end, frame.y(parity.high), frame.y(parity.low) - frame.y(parity.high), "band")
    edges = [f'<line class="edge" x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{frame.y(v)}" y2="{frame.y(v)}"/>' for v in (parity.low, parity.high)]
    labels = list(_values(frame, (parity.low, parity.high, 0)))
    furthest = max(values, key=lambda each: (abs(each[1]), -each[0]))
    weighs = f"{parity.wp} × {parity.plus} less {parity.wm} × {parity.minus}"
    words = (
        f"{weighs}, in persons who have passed: allowed {parity.low:,} to {parity.high:,}",
        f"furthest from zero {furthest[1]:,}, {clock(furthest[0])}; at the end {values[-1][1]:,}",
    )
    return _drawing("balance", "The balance in its band", words, 300, [band, *_hours(frame), *edges, *labels, _path(frame, steps, "mark")])


def _steps(frame: Frame, values: Sequence[tuple[int, float]]) -> Iterator[tuple[float, float]]:
    """A line that keeps its height until the next moment."""
    before = values[0][1]
    for minute, value in values:
        yield minute, frame.y(before)
        yield minute, frame.y(value)
        before = value


# Who waits.
def _waiting(problem: Problem, convoys: Sequence[Convoy], begin: int, end: int) -> Drawing:
    """Persons not yet through, and the least that any plan could have waiting: the flow LP's bound at a few moments."""
    ahead = [convoy for convoy in convoys if convoy.crossing_end > problem.now]
    everybody = sum(convoy.persons for convoy in ahead)
    left, values = everybody, list[tuple[int, float]]()
    for convoy in sorted(ahead, key=lambda each: each.crossing_end):
        left -= convoy.persons
        values.append((convoy.crossing_end, left))
    last = max(convoy.crossing_end for convoy in convoys)
    least = list(_least(problem, max(begin, problem.now), last))
    frame = Frame(begin, end, 0, max(1, everybody), 320)
    steps = list(_steps(frame, [(max(begin, problem.now), everybody), *values]))
    dots = [f'<circle class="mark" cx="{frame.x(minute)}" cy="{frame.y(persons)}" r="3.5"/>' for minute, persons in least]
    labels = list(_values(frame, (0, everybody, everybody // 2)))
    cold = [_box(frame, a, b, TOP, 320 - TOP - LOW, "band") for a, b in _coldest(problem, begin, end)]
    at = {minute: next((left for moment, left in reversed(values) if moment <= minute), everybody) for minute, _ in least}
    words = ["shaded: when a minute in the cold weighs most"] if cold else []
    words += [f"{clock(minute)}: {int(at[minute]):,} wait, at least {persons:,} must" for minute, persons in least]
    lines = [_path(frame, steps, "line"), _path(frame, list(_below(frame, max(begin, problem.now), least)), "mark", "4 3"), *dots]
    title = "Persons who wait (line), and who must under any plan (dots: proved)"
    return _drawing("waiting", title, words, 320, [*cold, *_hours(frame), *labels, *lines])


def _below(frame: Frame, begin: int, least: Sequence[tuple[int, int]]) -> Iterator[tuple[float, float]]:
    """Between two moments only the later one's number is proved: fewer never wait before."""
    for minute, persons in least:
        yield begin, frame.y(persons)
        yield minute, frame.y(persons)
        begin = minute


def _least(problem: Problem, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """At so many moments: persons whom no plan can have through by then."""
    slot = width(end - begin)
    for step in range(1, POINTS + 1):
        minute = begin + (end - begin) * step // POINTS
        yield minute, max(0, int(solved(flow(problem, minute, slot, 1, "serve")) + 1e-6))


def _coldest(problem: Problem, begin: int, end: int) -> Iterator[tuple[int, int]]:
    heaviest = max(weight for _, weight in problem.cold)
    if len({weight for _, weight in problem.cold}) < 2:
        return
    for index, (start, weight) in enumerate(problem.cold):
        stop = problem.cold[index + 1][0] if index + 1 < len(problem.cold) else end
        if weight == heaviest and stop > begin and start < end:
            yield max(start, begin), min(stop, end)


# What pictures share.
def _closed(problem: Problem, frame: Frame, said: str = "suspended") -> Iterator[str]:
    """Suspensions, over the whole height."""
    for begin, end in problem.suspensions:
        if end > frame.begin and begin < frame.end:
            yield _box(frame, max(begin, frame.begin), min(end, frame.end), TOP, frame.height - TOP - LOW, "shut")
            yield _text(frame.x(max(begin, frame.begin)) + 4, TOP + 14, said, "start", "q halo")


def _hours(frame: Frame) -> Iterator[str]:
    """A line and a clock time every few hours."""
    step = next(each for each in (60, 120, 180, 360, 720, 1440, 2880, 1 << 30) if (frame.end - frame.begin) / each <= 12)
    for minute in range(-(-frame.begin // step) * step, frame.end + 1, step):
        x = frame.x(minute)
        yield f'<line class="rule" x1="{x}" x2="{x}" y1="{TOP}" y2="{frame.height - LOW}"/>'
        said = f"day {minute // DAY + 1}" if minute % DAY == 0 else clock(minute)[-5:]
        anchor = "start" if x < LEFT + 30 else "middle"  # the lowest value of a scale stands left of it
        yield _text(x, frame.height - LOW + 20, said, anchor, "q" if minute % (2 * step) == 0 else "q more")


def _values(frame: Frame, values: Sequence[int]) -> Iterator[str]:
    """The scale; of two values too near to be read apart, the one named first."""
    drawn: list[float] = []
    for value in values:
        y = frame.y(value)
        if all(abs(y - other) >= 24 for other in drawn):
            drawn.append(y)
            yield _text(LEFT - 8, y + 4, f"{value:,}".replace("-", "−"), "end")


def _row(y: float, said: str) -> str:
    """A name left of its row, cut to the room there: type is larger on a phone, so less of it fits."""
    if len(said) <= SLIM:
        return _text(LEFT - 8, y, said, "end")
    wide, slim = (_text(LEFT - 8, y, _cut(said, most), "end", kind) for most, kind in ((BROAD, "wide"), (SLIM, "slim")))
    return f"<g><title>{_safe(said)}</title>{wide}{slim}</g>"


def _cut(said: str, most: int) -> str:
    return said if len(said) <= most else said[: most - 1] + "…"


def _sides(problem: Problem, height: int) -> Iterator[str]:
    """Which dash is whose, right of the title."""
    names = [f"side {side.id}" for side in problem.sides]
    each = min(540 // len(names), 60 + 12 * max(map(len, names)))
    for index, name in enumerate(names):
        x, dash = WIDE - RIGHT - each * (len(names) - index), DASHES[index % len(DASHES)]
        yield f'<line class="line" x1="{x}" x2="{x + 34}" y1="22" y2="22"' + (f' stroke-dasharray="{dash}"' if dash else "") + "/>"
        yield _text(x + 40, 26, _cut(name, (each - 46) // 12), "start")


def _of(problem: Problem, gate: Crossing, convoys: Sequence[Convoy]) -> list[Convoy]:
    return [convoy for convoy in convoys if problem.route(convoy.route).crossing == gate.id]


def _own(problem: Problem, convoys: Sequence[Convoy], side: str) -> list[Convoy]:
    return [convoy for convoy in convoys if problem.route(convoy.route).side == side]


def _persons(problem: Problem, convoys: Sequence[Convoy], side: str) -> int:
    return sum(convoy.persons for convoy in _own(problem, convoys, side))


def _text(x: float, y: float, said: str, anchor: str, kind: str = "") -> str:
    return f'<text x="{x}" y="{y:.1f}" text-anchor="{anchor}"' + (f' class="{kind}"' if kind else "") + f">{_safe(said)}</text>"


def _safe(said: str) -> str:
    return said.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _drawing(name: Name, title: str, words: Sequence[str], height: int, parts: Sequence[str]) -> Drawing:
    said = _safe("; ".join(words))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}" role="img" aria-labelledby="t d">'
        f'<title id="t">{_safe(title)}</title><desc id="d">{said}</desc><style>{STYLE}</style>{HATCH}'
        f'<rect class="ground" width="{WIDE}" height="{height}"/>{_text(10, 22, title, "start", "h")}{"".join(parts)}</svg>\n'
    )
    return Drawing(name, title, tuple(words), svg)
