// When each gate handles a convoy under a plan, and beside a proposal when it would under the plan in force.
import { useState } from "preact/hooks";
import type { PlanView } from "../shared/view";
import { lasted, planName, plural } from "../shared/say";
import { W, LEFT, LOW, RIGHT, TOP, Ticks, across, timeAt, type Span } from "./axis";
import { leg, shortName } from "./corridor";
import { nearest, occupancy, within, type GateRow, type Taking } from "./occupancy";
import { inForce, overtaken } from "./next";
import { useHub } from "./state";
import { whenDay } from "./words";

const [NAME, BAR, UNDER, GAP] = [16, 14, 7, 8];

export function Gates({ plan, span }: { plan: PlanView; span: Span }) {
  const { view } = useHub();
  const [chosen, choose] = useState<string | null>(null);
  const rows = occupancy(plan.trips, view.now);
  if (rows.length === 0) return <p class="q">When gates handle convoys is not drawn: the planning names no gate for these trips.</p>;
  const force = inForce(view);
  const other = force && force.plan !== plan.plan && !overtaken(view, force) ? force : undefined;
  const before = other ? occupancy(other.trips, view.now) : [];
  const stretch = (from: number, to: number): string => `${whenDay(from, view.now, view.zone)}–${whenDay(to, from, view.zone)}`;
  const hours = (gate: string): { from: number; to: number }[] => within(view.gates.find((one) => one.place === gate)?.open ?? [], span.from, span.to);
  const opened = (gate: string): string => {
    const [first, ...more] = hours(gate);
    if (!first) return view.gates.some((one) => one.place === gate) ? ", shut all this time" : "";
    return first.from <= span.from && first.to >= span.to ? ", open all this time" : `, open ${[first, ...more].slice(0, 2).map((one) => stretch(one.from, one.to)).join(" and ")}${more.length > 1 ? " and later" : ""}`;
  };
  const said = rows.map((row) => `${shortName(view, row.gate)}: ${plural(row.taken.length, "convoy", "convoys")}, ${lasted(row.milliseconds)} taken in ${stretch(row.taken[0]!.from, Math.max(...row.taken.map((one) => one.to)))}${opened(row.gate)}`);
  const stopped = view.suspended_by.length > 0;
  const all = rows.flatMap((row) => row.taken);
  const now = all.find((one) => one.key === chosen);
  const step = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    choose(all[((now ? all.indexOf(now) : by > 0 ? -1 : 0) + by + all.length) % all.length]!.key);
  };
  const tall = NAME + BAR + (other ? UNDER : 0) + GAP;
  const height = TOP + rows.length * tall + LOW;
  return (
    <>
      <p><b>When the gates handle convoys.</b> {said.join("; ")}.<span class="q"> Shaded: the gate is open.{stopped && ` Hatched: passage is suspended by ${view.suspended_by.join(", ")}, nobody knows until when.`}</span>{other && <span class="q"> Thin and dashed below: under {planName(other.plan)}, in force, as far as the drawing goes.</span>}</p>
      <svg class={`drawn gates ${plan.standing}`} viewBox={`0 0 ${W} ${height}`} role="img" tabindex={0} onKeyDown={step} aria-label={`${said.join("; ")}. Arrow keys go from convoy to convoy.`}>
        <defs><pattern id="stopped" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" x2="0" y1="0" y2="6" /></pattern></defs>
        {rows.map((row, index) => hours(row.gate).map((one) => <rect key={`${row.gate}${one.from}`} class="open" x={across(span)(one.from)} y={TOP + index * tall + NAME} width={across(span)(one.to) - across(span)(one.from)} height={BAR} />))}
        <Ticks span={span} height={height} />
        {stopped && <rect class="stopped" x={LEFT} y={TOP} width={W - LEFT - RIGHT} height={height - TOP - LOW} />}
        {rows.map((row, index) => <Row key={row.gate} row={row} before={before.find((one) => one.gate === row.gate)} top={TOP + index * tall} tall={tall} span={span} now={now} choose={choose} />)}
      </svg>
      <p class="bar-said" aria-live="polite">{now ? <><b>{shortName(view, now.trip.gate)} {stretch(now.from, now.to)}</b>: {leg(view, now.trip.start, now.trip.end)}, {now.trip.persons === 0 ? "empty" : `${now.trip.persons} persons`}, <span class="code">{now.trip.vehicles.join(", ")}</span></> : <span class="q">Point at a bar, or tap it, for its convoy.</span>}</p>
    </>
  );
}

interface OneRow { row: GateRow; before: GateRow | undefined; top: number; tall: number; span: Span; now: Taking | undefined; choose: (key: string | null) => void }

function Row({ row, before, top, tall, span, now, choose }: OneRow) {
  const { view } = useHub();
  const x = across(span);
  const wide = (one: Taking): number => Math.max(2, x(one.to) - x(one.from));
  const meant = (event: MouseEvent): void => {
    const drawing = (event.currentTarget as SVGElement).ownerSVGElement!.getBoundingClientRect();
    choose(nearest(row.taken, timeAt(span, (event.clientX - drawing.left) / drawing.width))?.key ?? null);
  };
  return (
    <g>
      <text class="halo" x={LEFT} y={top + 12}>{shortName(view, row.gate)}</text>
      <line class="tick" x1={LEFT} x2={W - RIGHT} y1={top + NAME + BAR} y2={top + NAME + BAR} />
      {row.taken.map((one) => <rect key={one.key} class={`taken ${one === now ? "on" : ""}`} x={x(one.from)} y={top + NAME} width={wide(one)} height={BAR} />)}
      {before?.taken.filter((one) => one.from < span.to).map((one) => <rect key={one.key} class="plan" x={x(one.from)} y={top + NAME + BAR + 2.5} width={wide(one)} height={UNDER - 3} />)}
      <rect class="hit" x={LEFT} y={top} width={W - LEFT - RIGHT} height={tall} onPointerMove={meant} onClick={meant} />
    </g>
  );
}
