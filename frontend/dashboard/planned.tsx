// What a plan does over time: who waits, how far apart the sides stand, when gates are taken. Every value that is drawn is also said.
import type { PlanView, TripView, View } from "../shared/view";
import { num } from "../shared/say";
import { W, LEFT, LOW, RIGHT, TOP, Ticks, across } from "./axis";
import { Gates } from "./gates";
import { sum, whenDay } from "./words";
import { overtaken } from "./next";
import { useHub } from "./state";

const H = 130;
const HOUR = 3_600_000;
type Step = readonly [at: number, value: number];

/** Whose people a trip carries: the side that gathers where it starts; undefined where no name says so. */
function sideOf(view: View, trip: TripView): string | undefined {
  const area = view.places.find((place) => place.place === trip.start)?.area.toLowerCase() ?? "";
  return view.sides.find((side) => [side.side, side.name].some((name) => name.toLowerCase() === area))?.side;
}

/** A value that holds until the next step. `edges`: what it must not pass; `mark`: a moment with a word. */
function Drawn(props: { steps: Step[]; from: number; to: number; low: number; high: number; edges?: number[]; mark?: Step; said: string }) {
  const { steps, from, to, low, high, edges = [], mark, said } = props;
  const x = across({ from, to });
  const y = (value: number): number => H - LOW - ((value - low) / Math.max(1, high - low)) * (H - TOP - LOW);
  const line = steps.flatMap(([at, value], index) => [[x(at), y(index > 0 ? steps[index - 1]![1] : value)], [x(at), y(value)]]);
  const end = [[x(to), y(steps.at(-1)?.[1] ?? 0)]];
  return (
    <svg class="drawn" viewBox={`0 0 ${W} ${H}`} role="img" aria-label={said}>
      <Ticks span={{ from, to }} height={H} />
      {[...new Set([low, high, ...(low < 0 ? [0] : [])])].map((value) => <text key={value} x={LEFT - 6} y={y(value) + 4} text-anchor="end">{num(value)}</text>)}
      {edges.map((value) => <line key={value} class="edge" x1={LEFT} x2={W - RIGHT} y1={y(value)} y2={y(value)} />)}
      {mark && <line class="prop" x1={x(mark[0])} x2={x(mark[0])} y1={TOP} y2={H - LOW} />}
      <polyline class="actl" points={[...line, ...end].map(([a, b]) => `${a!.toFixed(1)},${b!.toFixed(1)}`).join(" ")} />
    </svg>
  );
}

export function PlanDrawn({ plan }: { plan: PlanView }) {
  const { view } = useHub();
  const ahead = plan.trips.filter((trip) => trip.passes > view.now).sort((a, b) => a.passes - b.passes);
  if (ahead.length === 0 || overtaken(view, plan)) return null;
  const to = Math.max(plan.ends, plan.not_before, ahead.at(-1)!.passes) + HOUR / 4;
  return (
    <section><h3>What it does, from now on</h3>
      <Waits plan={plan} ahead={ahead} to={to} />
      <Apart ahead={ahead} to={to} />
      <Gates plan={plan} span={{ from: view.now, to }} />
    </section>
  );
}

interface Ahead { plan: PlanView; ahead: TripView[]; to: number }

function Waits({ plan, ahead, to }: Ahead) {
  const { view } = useHub();
  const waiting = sum(view.sides.map((side) => side.waiting)).low;
  let left = Math.max(waiting, ahead.reduce((all, trip) => all + trip.persons, 0));
  const first = left;
  const steps: Step[] = [[view.now, left], ...ahead.map((trip): Step => [trip.passes, (left -= trip.persons)])];
  const at = (time: number): string => whenDay(time, view.now, view.zone);
  const half = steps.find(([, value]) => value * 2 <= first);
  const said = `${num(first)} wait now${half ? `, at most half of them from ${at(half[0])}` : ""}, ${num(left)} once the last convoy is through at ${at(ahead.at(-1)!.passes)}.`;
  return <><p><b>Who waits.</b> {said} <span class="q">Proved: no plan is through before {at(plan.not_before)} (dotted).</span></p><Drawn steps={steps} from={view.now} to={to} low={0} high={first} mark={[plan.not_before, 0]} said={said} /></>;
}

function Apart({ ahead, to }: Omit<Ahead, "plan">) {
  const { view } = useHub();
  const exchange = view.exchange;
  const [one, other] = view.sides;
  if (!exchange || exchange.limit === null || exchange.difference === null || !one || !other) return null;
  if (ahead.some((trip) => sideOf(view, trip) === undefined)) return <p class="q">How far apart the sides will stand is not drawn: no name says whose people some trips carry.</p>;
  const departed = (side: string): number => exchange.sides.find((each) => each.side === side)?.departed?.low ?? 0;
  let apart = departed(one.side) - departed(other.side);
  const now = apart;
  const steps: Step[] = [[view.now, apart], ...ahead.map((trip): Step => [trip.passes, (apart += sideOf(view, trip) === one.side ? trip.persons : -trip.persons)])];
  const furthest = steps.reduce((best, step) => (Math.abs(step[1]) > Math.abs(best[1]) ? step : best));
  const edge = Math.max(exchange.limit, ...steps.map(([, value]) => Math.abs(value)));
  const said = `${one.name} less ${other.name}: ${num(now)} persons now, furthest ${num(furthest[1])} at ${whenDay(furthest[0], view.now, view.zone)}, ${num(apart)} at the end; agreed are ${num(-exchange.limit)} to ${num(exchange.limit)}.`;
  return <><p><b>How far apart the sides stand.</b> {said}</p><Drawn steps={steps} from={view.now} to={to} low={-edge} high={edge} edges={[-exchange.limit, exchange.limit]} said={said} /></>;
}
