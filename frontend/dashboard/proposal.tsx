// What the planner proposes, what each choice does, and until when: people decide, by signing.
import { useState } from "preact/hooks";
import type { PlanView, TripView, View } from "../shared/view";
import { num, planName } from "../shared/say";
import { count, lasted, limit, sum, whenDay } from "./words";
import { leg } from "./corridor";
import { able, inForce, left, lost, outsidePlans, overtaken, struck, turnedDown, waiting } from "./next";
import type { Decision } from "./decide";
import { Empty, Entries, Panel } from "./parts";
import { useHub } from "./state";

const hoursOf = (personMinutes: number): string => num(Math.round(personMinutes / 60));
const WAITS: Record<string, string> = { nothing: "" };

/** What happened to a trip's vehicles is said at the trip: left, out of action, or its hour has passed. */
function Trip({ plan, trip }: { plan: PlanView; trip: TripView }) {
  const { view } = useHub();
  const gone = trip.vehicles.filter((one) => left(view, plan, trip, one));
  const out = struck(view, plan, trip);
  const can = able(view, plan, trip);
  const order = [...out, ...trip.vehicles.filter((one) => !out.includes(one))];
  const shown = order.slice(0, Math.max(3, Math.min(out.length, 6)) + (order.length === 4 ? 1 : 0));
  const waits = trip.departs > view.now && can.length > 0 ? (WAITS[trip.waits] ?? `waits for: ${trip.waits}`) : "";
  const late = trip.departs <= view.now && can.length > 0 ? `${can.length === trip.vehicles.length ? "" : `${can.join(", ")} `}did not leave as planned` : "";
  const said = [waits, out.length > 0 ? `${out.join(", ")} out of action` : "", gone.length === trip.vehicles.length ? "left" : gone.length > 0 ? `${gone.length} left` : "", late].filter(Boolean).join(" · ");
  return (
    <li class={can.length === 0 && gone.length === 0 ? "struck" : ""}><span class="q">{whenDay(trip.departs, view.now, view.zone)}</span>
      <span><span class="way"><span class="code">{shown.map((one, index) => <>{index > 0 && ", "}{lost(view, one) && !gone.includes(one) ? <s>{one}</s> : one}</>)}{trip.vehicles.length > shown.length && ` and ${trip.vehicles.length - shown.length} more`}</span>, {leg(view, trip.start, trip.end)}, {trip.persons === 0 ? "empty" : `${trip.persons} persons`}</span>{said && <span class="q"> · {said}</span>}</span></li>
  );
}

const waits = (view: View): string => count(sum(view.sides.map((side) => side.waiting)));

/** A plan whose times have passed is not compared by value: what counts is who waits still. */
export function PlanFigures({ plan, beside }: { plan: PlanView; beside?: PlanView | undefined }) {
  const { view } = useHub();
  const at = (time: number): string => whenDay(time, view.now, view.zone);
  const other = beside && !overtaken(view, beside) ? beside : undefined;
  const rows: [string, (one: PlanView) => string][] = [
    ["Cold wait, weighted hours", (one) => `${hoursOf(one.value)}${other ? "" : `, at best ${hoursOf(one.bound)}`}`],
    ["Last convoy received", (one) => `${at(one.ends)}${other ? "" : `, at best ${at(one.not_before)}`}`],
    ["Exchange furthest apart", (one) => `${num(one.largest_difference)} at ${at(one.largest_at)}`],
  ];
  if (plan.standing === "adopted" && overtaken(view, plan)) return <p class="small over">{planName(plan.plan)}: its times have passed; {waits(view)} wait still.</p>;
  return (
    <>
      <dl class={other ? "figs three-way" : "figs"}>
        {other && <><dt class="q" /><dd class="q">{planName(other.plan)}, adopted</dd><dd class="q">{planName(plan.plan)}</dd></>}
        {rows.map(([said, of]) => <><dt>{said}</dt>{other && <dd class="q">{of(other)}</dd>}<dd>{of(plan)}</dd></>)}
      </dl>
      {beside && !other && <p class="small q">{planName(beside.plan)} is in force; its times have passed; {waits(view)} wait still.</p>}
    </>
  );
}

/** Who waits and has no place in the plan: whoever adopts it must have read it. */
function NotPlanned({ plan }: { plan: PlanView }) {
  if (plan.not_planned.length === 0) return null;
  return (
    <div class="told"><p class="soon">{num(plan.not_planned.reduce((all, one) => all + one.persons, 0))} persons are in no trip of this plan:</p>
      <ul>{plan.not_planned.map((one) => <li key={`${one.side}${one.group}${one.said}`}><span class="q">{num(one.persons)}</span>
        <span>{one.name}{one.group && <>, family <span class="code">{one.group}</span></>}: {one.said}. <b>To do:</b> {one.remedy}.</span></li>)}</ul></div>
  );
}

/** Who said no to which proposal, when and why; or that it fell by itself. */
function TurnedDown() {
  const { view } = useHub();
  const plan = turnedDown(view);
  if (!plan) return null;
  const at = plan.decided_at === null ? "" : ` ${whenDay(plan.decided_at, view.now, view.zone)}`;
  return <p class="told"><b>{planName(plan.plan)} {plan.standing === "lapsed" ? "was not decided in time" : `was ${plan.standing}`}{at}{plan.decided_by && <> by <span class="code">{plan.decided_by}</span></>}</b>{plan.reason ? `: ${plan.reason}` : ""}. No new proposal stands. <Entries entries={[plan.entry]} /></p>;
}

/** What the plan in force took for granted and what holds no longer; the newest last. */
function Drift() {
  const { view } = useHub();
  const [all, setAll] = useState(false);
  if (view.drift.length === 0 || !inForce(view)) return null;
  const shown = all ? view.drift : view.drift.slice(-4);
  return (
    <div class="told"><p class="soon">Fallen since {planName(inForce(view)!.plan)} was made:</p>
      <ul>{shown.map((one) => <li key={one.what + one.subject}><span class="q">{one.since >= view.now ? "now" : whenDay(one.since, view.now, view.zone)}</span>
        <span><span class="code">{one.subject}</span>: {one.what}, {one.what === "out of action" || one.what === "its driver refuses" ? `of trips with ${num(one.persons)} persons` : `${num(one.persons)} persons`} {one.entry && <Entries entries={[one.entry]} />}</span></li>)}
        {view.drift.length > shown.length && <li><span class="q" /><span><button class="link" onClick={() => setAll(true)}>and {view.drift.length - shown.length} before</button></span></li>}</ul>
    </div>
  );
}

function Outside() {
  const { view } = useHub();
  if (waiting(view)) return null; // a person is about to decide; what runs on stands in the chart
  const moves = outsidePlans(view);
  if (moves.length === 0) return null;
  return <div class="told"><p class="soon">Left outside any plan in force:</p><ul>{moves.slice(0, 4).map((move) => <li key={move.vehicle + move.departed}><span class="q">{whenDay(move.departed, view.now, view.zone)}</span><span><span class="code">{move.vehicle}</span>, {leg(view, move.start, move.end)}, {count(move.heads)} aboard</span></li>)}
    {moves.length > 4 && <li><span class="q" /><span class="q">and {moves.length - 4} more before</span></li>}</ul></div>;
}

export function ProposalPanel({ decide }: { decide: (what: Decision) => void }) {
  const { view, past, live, open } = useHub();
  const [all, setAll] = useState(false);
  const plan = waiting(view);
  const force = inForce(view);
  const shown = plan ?? force;
  if (!shown)
    return (
      <Panel id={5} title="What next" note="nothing proposed">
        <div class="prop-body"><TurnedDown /><Outside /></div>
        <Empty known because={view.suspended_by.length > 0 && `Passage is suspended by ${view.suspended_by.join(", ")}.`}>
          No plan is proposed or in force{view.vehicles.length === 0 && ": this record has no vehicles to plan with"}.
        </Empty>
      </Panel>
    );
  const trips = all ? shown.trips : shown.trips.slice(0, 5);
  const shut = past || !live;
  const why = <button onClick={() => open({ kind: "plan", plan: shown.plan })}>Why <kbd>w</kbd></button>;
  return (
    <Panel id={5} title={plan ? `Proposal ${planName(plan.plan)}` : `Plan ${planName(shown.plan)}, in force`}
      note={plan ? `made ${whenDay(plan.at, view.now, view.zone)}${plan.at < view.now ? `, ${lasted(view.now - plan.at)} ago` : ""}` : `adopted ${shown.decided_at === null ? "" : whenDay(shown.decided_at, view.now, view.zone)} by ${shown.decided_by ?? "not known"}`}>
      <div class="prop-body">
        {!plan && <><Drift /><TurnedDown /><Outside /></>}
        {shown.because_said && <h3>{shown.because_said}{shown.because && <> <Entries entries={[shown.because]} /></>}</h3>}
        <ul>{trips.map((trip) => <Trip key={`${trip.start}${trip.departs}${trip.vehicles[0]}`} plan={shown} trip={trip} />)}
          {shown.trips.length > trips.length && <li><span class="q" /><span><button class="link" onClick={() => setAll(true)}>and {shown.trips.length - trips.length} more</button></span></li>}</ul>
        <NotPlanned plan={shown} />
        <PlanFigures plan={shown} beside={plan ? force : undefined} />
        {plan && <p class="small">Best possible: {hoursOf(plan.bound)} weighted hours, {whenDay(plan.not_before, view.now, view.zone)}. {num(plan.earlier)} persons leave earlier, {num(plan.later)} later{force ? ` than under ${planName(force.plan)}` : ""}.</p>}
        {plan ? (
          <div class="acts">
            <button class={plan.decide_by < view.now ? "" : "primary"} disabled={shut} onClick={() => decide("adopt")}>Adopt… <kbd>a</kbd></button>
            <button disabled={shut} onClick={() => decide("decline")}>Decline… <kbd>d</kbd></button>
            {why}
          </div>
        ) : <div class="acts">{why}</div>}
        {plan && <Drift />}
        {plan && <p class="small q">{past ? "This is the past: nothing can be decided here." : !live ? "The hub does not answer: decide when it does." : <>Decide by <b class={plan.decide_by - view.now < 600_000 ? "soon" : ""}>{whenDay(plan.decide_by, view.now, view.zone)}</b>, {limit(plan.decide_by, view.now)}. {plan.decide_by < view.now && <b class="soon">What it assumes may be over: look at its trips before you sign. </b>}Adoption is not permission: boarding waits for green lights.</>}</p>}
        <p class="small q">Green lights given: {view.green_lights.length ? view.green_lights.join(", ") : "none"}{view.suspended_by.length > 0 && `; passage is suspended by ${view.suspended_by.join(", ")}`}.</p>
        {!plan && shown.reason && <p class="small q">Reason given: {shown.reason}.</p>}
      </div>
    </Panel>
  );
}
export const nextSaid = (view: View): string => {
  const next = (view.exchange?.sides ?? []).filter((side) => side.may_next !== null);
  return next.length ? `allowed now: ${next.map((side) => `${side.name} ${num(side.may_next!)}`).join(", ")}` : "allowed next: not known";
};
