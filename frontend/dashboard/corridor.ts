// What map and chart both ask of a view: where posts are, which road leads where, who is overdue.
import type { GapView, LegView, MoveView, PostView, VehicleView, View } from "../shared/view";

export const nameOf = (view: View, place: string | null): string =>
  place === null ? "place not known" : (view.places.find((one) => one.place === place)?.name ?? place);
/** The name without what stands in brackets or after a comma: for drawings. */
export const shortName = (view: View, place: string | null): string => nameOf(view, place).replace(/\s*[,(].*$/, "");
export const leg = (view: View, start: string | null, end: string | null): string => `${shortName(view, start)}–${shortName(view, end)}`;

export const standsPost = (post: PostView, at: number): boolean => post.start <= at && (post.end === null || post.end > at);
export const watchedNow = (view: View, place: string): PostView[] => view.posts.filter((post) => post.place === place && standsPost(post, view.now));

/** Stretches in which somebody neutral was at this place: posts and closed watches, joined. */
export function covered(view: View, place: string, from: number, to: number): [number, number][] {
  const found = [
    ...view.posts.filter((post) => post.place === place).map((post) => [post.start, post.end ?? view.now] as [number, number]),
    ...view.watches.filter((watch) => watch.place === place).map((watch) => [watch.start, watch.end] as [number, number]),
  ].map(([a, b]) => [Math.max(a, from), Math.min(b, to)] as [number, number]).filter(([a, b]) => b > a).sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [a, b] of found) {
    const last = joined.at(-1);
    if (last && a <= last[1]) last[1] = Math.max(last[1], b);
    else joined.push([a, b]);
  }
  return joined;
}

/** Not seen since, and expected by now: only then is its place on the road itself the question. */
export const isOverdue = (view: View, vehicle: string): GapView | undefined => view.gaps.find((gap) => gap.vehicle === vehicle && gap.cause === "overdue");
export const isLost = (vehicle: VehicleView): boolean => vehicle.doing === "out of action";
export const isMoving = (vehicle: VehicleView): boolean => vehicle.start !== null && vehicle.end !== null && !isLost(vehicle) && vehicle.doing !== "arrived" && vehicle.doing !== "standing";

/** The last sighting of an open run. */
export function lastSeen(move: MoveView): [string, number] {
  return move.passes.reduce<[string, number]>((last, pass) => (pass[1] > last[1] ? pass : last), [move.start, move.departed]);
}
export const openMove = (view: View, vehicle: string): MoveView | undefined =>
  view.moves.filter((move) => move.vehicle === vehicle && move.closed === null).sort((a, b) => b.departed - a.departed)[0];

/** Each road once, whichever way it is written. */
export function roads(view: View): LegView[] {
  const seen = new Set<string>();
  return view.legs.filter((one) => {
    const key = [one.start, one.end].sort().join(" ");
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Corridors as ordered places: from each assembly point along the legs to where they end, longest first, none within another. */
export function chains(view: View): string[][] {
  const next = new Map<string, LegView[]>();
  for (const one of view.legs) next.set(one.start, [...(next.get(one.start) ?? []), one]);
  const longest = (from: string, been: Set<string>): string[] => {
    let best = [from];
    for (const one of next.get(from) ?? []) {
      if (been.has(one.end)) continue;
      const tail = longest(one.end, new Set([...been, one.end]));
      if (tail.length + 1 > best.length) best = [from, ...tail];
    }
    return best;
  };
  const used = new Set(view.moves.flatMap((move) => [move.start, move.end]));
  const starts = view.places.filter((one) => next.has(one.place) && (one.kind === "assembly" || !view.legs.some((other) => other.end === one.place)));
  const found = starts.map((one) => longest(one.place, new Set([one.place]))).sort((a, b) => b.length - a.length);
  const kept: string[][] = [];
  for (const chain of found) {
    const rest = chain.filter((one) => !kept.some((other) => other.includes(one)));
    if (rest.length > 0 || chain.some((one) => used.has(one) && !kept.flat().includes(one))) {
      // a second corridor keeps only its own places and the one where it joins
      const join = chain.findIndex((one) => kept.some((other) => other.includes(one)));
      kept.push(join > 0 ? chain.slice(0, join + 1) : chain);
    }
  }
  return kept.filter((chain) => chain.length > 1).slice(0, 3);
}

export const minutesBetween = (view: View, a: string, b: string): number =>
  view.legs.find((one) => (one.start === a && one.end === b) || (one.start === b && one.end === a))?.minutes ?? 20;
