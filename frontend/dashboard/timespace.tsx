// Convoys in time and place: solid happened, dashed is the adopted plan, dotted a proposal, hatched not known.
import { clock, count, day, planName, sum, when } from "../shared/say";
import type { MoveView, PlanView, TripView, View } from "../shared/view";
import { chains, covered, isOverdue, lastSeen, minutesBetween, shortName } from "./corridor";
import { Empty, Panel } from "./parts";
import { useHub } from "./state";

const [W, LEFT, TOP, BOTTOM] = [632, 108, 22, 26];
const HOUR = 3_600_000;
const TALLEST = 272;

interface Band { chain: string[]; y: Map<string, number> }
interface Frame { from: number; to: number; x: (at: number) => number; bands: Band[]; height: number }

function window_(view: View): [number, number] {
  const plans = view.plans.filter((plan) => plan.standing === "waiting" || plan.standing === "adopted").flatMap((plan) => plan.trips);
  const times = [...view.moves.flatMap((move) => [move.departed, lastSeen(move)[1], move.closed ?? 0]), ...plans.flatMap((trip) => [trip.departs, trip.passes])];
  const near = times.filter((at) => at > view.now - 3.5 * HOUR && at < view.now + 7 * HOUR);
  const from = Math.min(view.now - HOUR, ...near.filter((at) => at < view.now)) - HOUR / 4;
  const to = Math.max(view.now + 1.5 * HOUR, ...near) + HOUR / 2;
  return [from, to];
}

/** Rows as far apart as the roads are long, within reason. */
function gapsOf(view: View, chain: string[]): number[] {
  const minutes = chain.slice(1).map((place, index) => minutesBetween(view, chain[index]!, place));
  const scale = (chain.length > 3 ? 44 : 60) / (minutes.reduce((a, b) => a + b, 0) / minutes.length || 1);
  return minutes.map((one) => Math.min(chain.length > 3 ? 66 : 84, Math.max(26, one * scale)));
}

function frameOf(view: View): Frame {
  const [from, to] = window_(view);
  let y = TOP + 10;
  const found = chains(view);
  const gaps = found.map((chain) => gapsOf(view, chain));
  const room = (TALLEST - 40 * (found.length - 1)) / Math.max(1, gaps.flat().reduce((a, b) => a + b, 0)); // the drawing keeps its size of type
  const bands = found.map((chain, which) => {
    const rows = new Map<string, number>();
    chain.forEach((place, index) => {
      if (index > 0) y += Math.max(20, gaps[which]![index - 1]! * Math.min(1, room));
      rows.set(place, y);
    });
    y += 40;
    return { chain, y: rows };
  });
  return { from, to, bands, height: y - 40 + 14 + BOTTOM, x: (at) => LEFT + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (W - LEFT - 6) };
}

const bandOf = (frame: Frame, start: string, end: string): Band | undefined => frame.bands.find((band) => band.y.has(start) && band.y.has(end));
/** The baseline nearest to `y` at which a word stands between two rows, on neither's strip. */
function between(band: Band, y: number): number {
  const rows = [...band.y.values()];
  const free = rows.slice(1).map((row, index) => (row + rows[index]!) / 2 + 4);
  return free.reduce((best, one) => (Math.abs(one - y) < Math.abs(best - y) ? one : best), free[0] ?? y);
}
const points = (list: (readonly [number, number])[]): string => list.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

function Run({ view, frame, move, chosen, onPick }: { view: View; frame: Frame; move: MoveView; chosen: boolean; onPick: () => void }) {
  const band = bandOf(frame, move.start, move.end);
  const until = move.closed ?? view.now;
  if (!band || until < frame.from || move.departed > frame.to) return null;
  const y = (place: string): number | undefined => band.y.get(place);
  const seen: [string, number][] = [[move.start, move.departed], ...move.passes];
  if (move.closed !== null) seen.push([move.closed_at ?? move.end, move.closed]);
  const path = seen.filter(([place]) => y(place) !== undefined).sort((a, b) => a[1] - b[1]).map(([place, at]) => [frame.x(at), y(place)!] as const);
  const [place, at] = lastSeen(move);
  const [here, there] = [y(place) ?? y(move.start)!, y(move.end)!];
  const gap = move.closed === null ? isOverdue(view, move.vehicle) : undefined;
  const quick = frame.x(at + (minutesBetween(view, place, move.end) * 60_000) * 0.6);
  const now = frame.x(view.now);
  return (
    <g class={`${gap ? "late" : ""} ${gap && view.now - (gap.due ?? view.now) > 2 * HOUR ? "long" : ""} ${chosen ? "chosen" : ""}`} onClick={onPick}>
      <title>{`${move.vehicle}, ${count(move.heads)} aboard, left ${clock(move.departed, view.zone)}${gap ? `, ${gap.cause}` : ""}`}</title>
      {move.closed === null && at <= view.now && <polygon class="cone" points={points([[frame.x(at), here], [Math.min(quick, now), Math.min(quick, now) < now ? there : here + (there - here) * ((now - frame.x(at)) / Math.max(1, quick - frame.x(at)))], [now, quick < now ? there : here + (there - here) * ((now - frame.x(at)) / Math.max(1, quick - frame.x(at)))], [now, here]])} />}
      <polyline class="actl" points={points(path)} />
    </g>
  );
}

function Trip({ view, frame, trip, dotted }: { view: View; frame: Frame; trip: TripView; dotted: boolean }) {
  const band = bandOf(frame, trip.start, trip.end);
  if (!band) return null;
  const [from, to] = [band.chain.indexOf(trip.start), band.chain.indexOf(trip.end)];
  const way = from < to ? band.chain.slice(from, to + 1) : band.chain.slice(to, from + 1).reverse();
  const crossing = way.findIndex((place, index) => index > 0 && view.places.find((one) => one.place === place)?.kind === "crossing");
  const list: [number, number][] = [];
  let at = trip.departs;
  way.forEach((place, index) => {
    if (index > 0) at += minutesBetween(view, way[index - 1]!, place) * 60_000;
    if (index === crossing) at = Math.max(at, trip.passes);
    list.push([frame.x(at), band.y.get(place)!]);
  });
  return <polyline class={dotted ? "prop" : "plan"} points={points(list)}><title>{`${dotted ? "proposed" : "planned"} ${clock(trip.departs, view.zone)}: ${trip.vehicles.join(" ")}, ${trip.persons} persons`}</title></polyline>;
}

export function ChartPanel() {
  const { view, pickedVehicle, pick } = useHub();
  const frame = frameOf(view);
  const open = view.plans.filter((plan) => plan.standing === "waiting");
  const inForce = view.plans.filter((plan) => plan.standing === "adopted");
  if (frame.bands.length === 0)
    return <Panel id={2} title="Convoys in time"><Empty known={false}>No road of this deployment joins two places.</Empty></Panel>;
  const hours: number[] = [];
  const step = frame.to - frame.from > 14 * HOUR ? 3 * HOUR : frame.to - frame.from > 7 * HOUR ? 2 * HOUR : HOUR;
  for (let at = Math.ceil(frame.from / HOUR) * HOUR; at <= frame.to; at += HOUR) if (Math.round(at / HOUR) % (step / HOUR) === 0) hours.push(at);
  const labelled = (plan: PlanView, dotted: boolean) => plan.trips.slice(0, 3).map((trip, index) => {
    const band = bandOf(frame, trip.start, trip.end);
    if (!band || trip.departs > frame.to) return null; // no line is drawn that it could stand at
    const [from, to] = [band.y.get(trip.start)!, band.y.get(trip.end)!];
    const long = Math.abs(band.chain.indexOf(trip.start) - band.chain.indexOf(trip.end)) > 2;
    const y = between(band, long ? (from + to) / 2 - 20 + (index % 3) * 15 : to + (to > from ? -10 : 18));
    const at = frame.x(long ? trip.departs : trip.passes) + 10;
    const x = at > W - 100 ? at - 120 : at;
    return x < W - 60 ? <text key={`${plan.plan} ${trip.departs}`} class={`halo ${dotted ? "pick" : "q"}`} x={x} y={y}>{planName(plan.plan)}: {clock(trip.departs, view.zone)}, {trip.persons}</text> : null;
  });
  const late = view.moves.filter((move) => move.closed === null && isOverdue(view, move.vehicle));
  const going = view.moves.filter((move) => move.closed === null && !isOverdue(view, move.vehicle));
  const now = frame.x(view.now);
  return (
    <Panel id={2} title="Convoys in time" note="solid: happened · dashed: plan · dotted: proposal · hatched: not known">
      <svg viewBox={`0 0 ${W} ${frame.height}`} role="img" tabindex={0} aria-label={`Convoys in time from ${clock(frame.from, view.zone)} to ${clock(frame.to, view.zone)}: ${view.moves.length} trips happened, ${going.length + late.length} are on the road, ${late.length} of them not accounted for.`}
        onKeyDown={(event) => walk(event, view, pickedVehicle, pick)}>
        {hours.map((hour) => <g key={hour}><path class="hr" d={`M${frame.x(hour).toFixed(1)} ${TOP}V${frame.height - BOTTOM + 4}`} /><text class="q" x={frame.x(hour)} y={frame.height - 8} text-anchor="middle">{clock(hour, view.zone)}</text></g>)}
        {frame.bands.map((band, index) => (
          <g key={band.chain.join()}>
            {index > 0 && <path class="brk" d={`M${LEFT} ${band.y.get(band.chain[0]!)! - 21}H${W}`} />}
            {band.chain.map((place) => (
              <g key={place}>
                <rect class="cov-no" x={LEFT} y={band.y.get(place)! - 4.5} width={W - LEFT - 6} height="9" />
                {covered(view, place, frame.from, frame.to).map(([a, b]) => <rect key={a} class="cov-yes" x={frame.x(a)} y={band.y.get(place)! - 4.5} width={Math.max(0, frame.x(b) - frame.x(a))} height="9" />)}
                <text x={LEFT - 8} y={band.y.get(place)! + 4} text-anchor="end">{short(shortName(view, place))}</text>
              </g>
            ))}
          </g>
        ))}
        {inForce.flatMap((plan) => plan.trips.map((trip) => <Trip key={`${plan.plan}${trip.departs}${trip.start}`} view={view} frame={frame} trip={trip} dotted={false} />))}
        {open.flatMap((plan) => plan.trips.map((trip) => <Trip key={`${plan.plan}${trip.departs}${trip.start}`} view={view} frame={frame} trip={trip} dotted />))}
        {view.moves.map((move) => <Run key={`${move.vehicle}${move.departed}`} view={view} frame={frame} move={move} chosen={move.vehicle === pickedVehicle} onPick={() => pick(move.vehicle)} />)}
        <path class="now" d={`M${now} ${TOP - 6}V${frame.height - BOTTOM + 6}`} />
        <text class="b" x={now} y="12" text-anchor="middle">{day(view.now, view.zone)} {clock(view.now, view.zone)}</text>
        {open.map((plan) => labelled(plan, true))}
        {late.slice(0, 3).map((move) => {
          const band = bandOf(frame, move.start, move.end);
          const [place, at] = lastSeen(move);
          const y = band ? (band.y.get(place) ?? band.y.get(move.start)!) : 0;
          return band && <text key={move.vehicle} class="halo act" x={now + 6} y={y + (band.y.get(move.end)! >= y ? 18 : -10)}>{move.vehicle} not seen since {when(at, view.now, view.zone)}</text>;
        })}
        {going.length > 0 && bandOf(frame, going[0]!.start, going[0]!.end) && (
          <text class="halo" x={now + 6} y={(bandOf(frame, going[0]!.start, going[0]!.end)!.y.get(going[0]!.end)!) - 14}>{going.length} on the road, {count(sum(going.map((move) => move.heads)))}</text>
        )}
      </svg>
    </Panel>
  );
}

const short = (name: string): string => (name.length > 14 ? `${name.slice(0, 13)}…` : name);

/** The chart is one tab stop; arrows walk its runs. */
function walk(event: KeyboardEvent, view: View, picked: string | null, pick: (vehicle: string | null) => void): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step || view.moves.length === 0) return;
  event.preventDefault();
  const names = [...new Set([...view.moves].sort((a, b) => a.departed - b.departed).map((move) => move.vehicle))];
  pick(names[(names.indexOf(picked ?? "") + step + names.length) % names.length] ?? null);
}
