// What map and chart both ask of a view: where posts are, which road leads where, who is overdue.
import type { GapView, LegView, MoveView, PostView, VehicleView, View } from "../shared/view";

export const nameOf = (view: View, place: string | null): string =>
  place === null ? "place not known" : (view.places.find((one) => one.place === place)?.name ?? place);
/** The name without what stands in brackets or after a comma: for drawings. */
export const shortName = (view: View, place: string | null): string => nameOf(view, place).replace(/\s*[,(].*$/, "");
export const leg = (view: View, start: string | null, end: string | null): string => `${shortName(view, start)}–${shortName(view, end)}`;

export const standsPost = (post: PostView, at: number): boolean => post.start <= at && (post.end === null || post.end > at);
export const watchedNow = (view: View, place: string): PostView[] => view.posts.filter((post) => post.place === place && standsPost(post, view.now));

/** Stretches in which somebody neutral was on post at this place; an open end is known until now only. */
export const onPost = (view: View, place: string, from: number, to: number): [number, number][] =>
  joined(view.posts.filter((post) => post.place === place).map((post) => [post.start, post.end ?? view.now]), from, to);

/** Stretches in which somebody neutral was at this place: posts and closed watches, joined. */
export function covered(view: View, place: string, from: number, to: number): [number, number][] {
  return joined([
    ...view.posts.filter((post) => post.place === place).map((post) => [post.start, post.end ?? view.now] as [number, number]),
    ...view.watches.filter((watch) => watch.place === place).map((watch) => [watch.start, watch.end] as [number, number]),
  ], from, to);
}
function joined(stretches: [number, number][], from: number, to: number): [number, number][] {
  const found = stretches.map(([a, b]) => [Math.max(a, from), Math.min(b, to)] as [number, number]).filter(([a, b]) => b > a).sort((a, b) => a[0] - b[0]);
  const all: [number, number][] = [];
  for (const [a, b] of found) {
    const last = all.at(-1);
    if (last && a <= last[1]) last[1] = Math.max(last[1], b);
    else all.push([a, b]);
  }
  return all;
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

/** Each road once, whichever way it is written; a leg that only sums up two others is not drawn beside them. */
export function roads(view: View): LegView[] {
  const key = (a: string, b: string): string => [a, b].sort().join(" ");
  const all = new Map<string, LegView>();
  for (const one of view.legs) if (!all.has(key(one.start, one.end))) all.set(key(one.start, one.end), one);
  const minutes = (a: string, b: string): number => all.get(key(a, b))?.minutes ?? Infinity;
  const sumsUp = (one: LegView): boolean =>
    view.places.some(({ place }) => place !== one.start && place !== one.end && minutes(one.start, place) + minutes(place, one.end) <= one.minutes * 1.1);
  return [...all.values()].filter((one) => !sumsUp(one));
}

interface Way { places: string[]; minutes: number }
/** The fastest ways from a place along the legs; of two equal ones the way with more places, since it says more. */
function ways(view: View, from: string): Map<string, Way> {
  const found = new Map<string, Way>([[from, { places: [from], minutes: 0 }]]);
  const open = [from];
  while (open.length > 0) {
    const here = open.shift()!;
    const way = found.get(here)!;
    for (const one of view.legs.filter((each) => each.start === here && !way.places.includes(each.end))) {
      const next = { places: [...way.places, one.end], minutes: way.minutes + one.minutes };
      const old = found.get(one.end);
      if (old && (old.minutes < next.minutes || (old.minutes === next.minutes && old.places.length >= next.places.length))) continue;
      found.set(one.end, next);
      open.push(one.end);
    }
  }
  return found;
}

/** Trips, happened or planned, that run along these places. */
function driven(view: View, chain: string[]): number {
  const trips = [...view.moves, ...view.plans.flatMap((plan) => plan.trips)];
  return trips.filter((one) => chain.includes(one.start) && chain.indexOf(one.start) < chain.indexOf(one.end)).length;
}

/** Corridors as ordered places: each assembly point with a reception of its own, the most driven and nearest first; then what else is driven. At most three. */
export function chains(view: View): string[][] {
  const kind = (of: string): string[] => view.places.filter((one) => one.kind === of).map((one) => one.place);
  const pairs = kind("assembly").flatMap((start) => {
    const reached = ways(view, start);
    const ends = kind("reception").filter((end) => reached.has(end));
    return (ends.length ? ends : [...reached.keys()].slice(-1)).map((end) => ({ start, end, way: reached.get(end)! }));
  }).sort((a, b) => driven(view, b.way.places) - driven(view, a.way.places) || a.way.minutes - b.way.minutes);
  const kept: string[][] = [];
  const taken = new Set<string>();
  for (const pair of pairs) {
    if (taken.has(pair.start) || taken.has(pair.end)) continue;
    taken.add(pair.start).add(pair.end);
    kept.push(pair.way.places);
  }
  for (const move of view.moves) {
    if (kept.length >= 3) break;
    if (kept.some((chain) => chain.includes(move.start) && chain.includes(move.end))) continue;
    const way = ways(view, move.start).get(move.end);
    if (way) kept.push(way.places);
  }
  return kept.filter((chain) => chain.length > 1).slice(0, 3);
}

export const minutesBetween = (view: View, a: string, b: string): number =>
  view.legs.find((one) => (one.start === a && one.end === b) || (one.start === b && one.end === a))?.minutes ?? 20;
