// Labels that do not lie upon each other: each takes the first free of its places, or else the least bad one.

export interface Box { x: number; y: number; w: number; h: number }
export interface Wanted { key: string; x: number; y: number; gap: number; lines: string[]; weight?: number }
export interface Placed { key: string; x: number; y: number; anchor: "start" | "middle" | "end"; box: Box; far: boolean }

const LINE = 15;
const width = (lines: string[]): number => Math.max(...lines.map((line) => line.length * 7)) + 8;

function overlap(a: Box, b: Box): number {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return w > 0 && h > 0 ? w * h : 0;
}

/** How much of a box lies under a line, sampled: labels keep off roads where they can. */
function under(box: Box, [x1, y1, x2, y2]: readonly number[]): number {
  let hits = 0;
  for (let step = 0; step <= 24; step++) {
    const x = x1! + ((x2! - x1!) * step) / 24;
    const y = y1! + ((y2! - y1!) * step) / 24;
    if (x > box.x - 8 && x < box.x + box.w + 8 && y > box.y - 6 && y < box.y + box.h + 6) hits++;
  }
  return hits * 60;
}

/** Greedy, in the order given: the important ones first. `lines`: roads; `taken`: boxes that are already there. */
export function place(wanted: Wanted[], frame: Box, roads: readonly (readonly number[])[], taken: Box[] = []): Map<string, Placed> {
  const placed = new Map<string, Placed>();
  const full = [...taken];
  for (const one of wanted) {
    const [w, h] = [width(one.lines), one.lines.length * LINE];
    let best: { score: number; is: Placed } | null = null;
    for (const [far, gap] of [[false, one.gap], [false, one.gap + 12], [true, one.gap + 34], [true, one.gap + 62], [true, one.gap + 96]] as const)
      for (const [dx, dy] of [[0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, 1], [1, -1], [-1, -1]] as const) {
        const box = {
          x: dx === 0 ? one.x - w / 2 : dx > 0 ? one.x + gap * (dy ? 0.6 : 1) : one.x - gap * (dy ? 0.6 : 1) - w,
          y: dy === 0 ? one.y - h / 2 : dy > 0 ? one.y + gap : one.y - gap - h, w, h,
        };
        box.x = Math.min(Math.max(box.x, frame.x), frame.x + frame.w - w);
        const outside = Math.max(0, frame.y - box.y) + Math.max(0, box.y + h - frame.y - frame.h);
        const score = full.reduce((all, other) => all + overlap(box, other) * 3, 0) + roads.reduce((all, road) => all + under(box, road), 0) +
          outside * 400 + gap * 3 + (far ? 90 : 0);
        if (!best || score < best.score) {
          const anchor = dx === 0 ? "middle" as const : dx > 0 ? "start" as const : "end" as const;
          best = { score, is: { key: one.key, x: dx === 0 ? box.x + w / 2 : dx > 0 ? box.x : box.x + w, y: box.y + 12, anchor, box, far } };
        }
      }
    if (!best) continue;
    placed.set(one.key, best.is);
    full.push(best.is.box);
  }
  return placed;
}
