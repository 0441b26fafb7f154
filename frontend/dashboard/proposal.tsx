// What the planner proposes, what each choice does, and until when: people decide, by signing.
import { useState } from "preact/hooks";
import type { PlanView, TripView, View } from "../shared/view";
import { num, planName } from "../shared/say";
import { clock, lasted, limit, when } from "./words";
import { leg } from "./corridor";
import type { Decision } from "./decide";
import { Empty, Entry, Panel } from "./parts";
import { useHub } from "./state";

export const waiting = (view: View): PlanView | undefined => view.plans.filter((plan) => plan.standing === "waiting").sort((a, b) => b.at - a.at)[0];
export const inForce = (view: View): PlanView | undefined =>
  view.plans.filter((plan) => plan.standing === "adopted").sort((a, b) => (b.decided_at ?? b.at) - (a.decided_at ?? a.at))[0];
const hoursOf = (personMinutes: number): string => num(Math.round(personMinutes / 60));
const WAITS: Record<string, string> = { nothing: "" };

function Trip({ trip }: { trip: TripView }) {
  const { view } = useHub();
  const vehicles = trip.vehicles.length > 4 ? `${trip.vehicles.slice(0, 3).join(", ")} and ${trip.vehicles.length - 3} more` : trip.vehicles.join(", ");
  const waits = WAITS[trip.waits] ?? `waits for: ${trip.waits}`;
  return <li><span class="q">{when(trip.departs, view.now, view.zone)}</span><span><span class="code">{vehicles}</span>, {leg(view, trip.start, trip.end)}, {trip.persons === 0 ? "empty" : `${trip.persons} persons`}{waits && <span class="q"> · {waits}</span>}</span></li>;
}

export function PlanFigures({ plan, beside }: { plan: PlanView; beside?: PlanView | undefined }) {
  const { view } = useHub();
  const at = (time: number): string => when(time, view.now, view.zone);
  const rows: [string, (one: PlanView) => string][] = [
    ["Cold wait, weighted hours", (one) => `${hoursOf(one.value)}${beside ? "" : `, at best ${hoursOf(one.bound)}`}`],
    ["Last convoy received", (one) => `${at(one.ends)}${beside ? "" : `, at best ${at(one.not_before)}`}`],
    ["Exchange furthest apart", (one) => `${num(one.largest_difference)} at ${at(one.largest_at)}`],
  ];
  return (
    <dl class={beside ? "figs three-way" : "figs"}>
      {beside && <><dt class="q" /><dd class="q">{planName(beside.plan)}, adopted</dd><dd class="q">{planName(plan.plan)}</dd></>}
      {rows.map(([said, of]) => <><dt>{said}</dt>{beside && <dd class="q">{of(beside)}</dd>}<dd>{of(plan)}</dd></>)}
    </dl>
  );
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
        <Empty known because={view.suspended_by.length > 0 && `Passage is suspended by ${view.suspended_by.join(", ")}.`}>
          No plan is proposed or in force{view.vehicles.length === 0 && ": this record has no vehicles to plan with"}.
        </Empty>
      </Panel>
    );
  const trips = all ? shown.trips : shown.trips.slice(0, 5);
  const shut = past || !live;
  return (
    <Panel id={5} title={plan ? `Proposal ${planName(plan.plan)}` : `Plan ${planName(shown.plan)}, in force`}
      note={plan ? `made ${when(plan.at, view.now, view.zone)}${plan.at < view.now ? `, ${lasted(view.now - plan.at)} ago` : ""}` : `adopted ${shown.decided_at === null ? "" : clock(shown.decided_at, view.zone)} by ${shown.decided_by ?? "not known"}`}>
      <div class="prop-body">
        {shown.because_said && <h3>{shown.because_said}{shown.because && <> <Entry entry={shown.because} /></>}</h3>}
        <ul>{trips.map((trip) => <Trip key={`${trip.start}${trip.departs}${trip.vehicles[0]}`} trip={trip} />)}
          {shown.trips.length > trips.length && <li><span class="q" /><button class="link" onClick={() => setAll(true)}>and {shown.trips.length - trips.length} more</button></li>}</ul>
        <PlanFigures plan={shown} beside={plan ? force : undefined} />
        {plan && <p class="small">Best possible: {hoursOf(plan.bound)} weighted hours, {when(plan.not_before, view.now, view.zone)}. {num(plan.earlier)} persons leave earlier, {num(plan.later)} later{force ? ` than under ${planName(force.plan)}` : ""}.</p>}
        {plan && (
          <div class="acts">
            <button class="primary" disabled={shut} onClick={() => decide("adopt")}>Adopt… <kbd>a</kbd></button>
            <button disabled={shut} onClick={() => decide("decline")}>Decline… <kbd>d</kbd></button>
            <button onClick={() => open({ kind: "plan", plan: plan.plan })}>Why <kbd>w</kbd></button>
          </div>
        )}
        {plan && <p class="small q">{past ? "This is the past: nothing can be decided here." : !live ? "The hub does not answer: decide when it does." : <>Decide by <b class={plan.decide_by - view.now < 600_000 ? "soon" : ""}>{when(plan.decide_by, view.now, view.zone)}</b>, {limit(plan.decide_by, view.now)}. Adoption is not permission: boarding waits for green lights.</>}</p>}
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
