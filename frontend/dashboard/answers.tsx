// The four answers. What is not known is said, with the reason; a figure is never a bare nought.
import type { SideView, View } from "../shared/view";
import { highOf, isNone, isUnknown, num, planName } from "../shared/say";
import { clock, count, lasted, limit, plural, sum, when, whenDay } from "./words";
import { leg } from "./corridor";
import { judged } from "./parts";
import { able, inForce, stillToLeave, struck, turnedDown, waiting } from "./next";
import { nextSaid } from "./proposal";
import { worstFirst } from "./clauses";
import { useChanged, useHub } from "./state";

/** Whether anybody neutral recorded where people are. */
export const observed = (view: View): boolean => view.vehicles.length > 0 || view.moves.length > 0 || view.sides.some((side) => side.registered > 0);

/** Persons between two sightings: nobody misses them yet, and nobody has seen them at their end. */
export const underWay = (view: View): { low: number; high?: number | null } => sum(view.sides.flatMap((side) => [side.on_the_road, side.stopping]));

export function Answers() {
  return <div class="answers"><Where /><Missing /><Danger /><Next /></div>;
}

function Where() {
  const { view } = useHub();
  const registered = view.sides.reduce((all, side) => all + side.registered, 0);
  const agreed = view.sides.reduce((all, side) => all + side.agreed, 0);
  if (!observed(view))
    return (
      <section aria-labelledby="a1"><h2 id="a1">Where is everyone? {agreed > 0 && `${num(agreed)} were to leave, as agreed`}</h2>
        <div class="big">Not known <small>nobody neutral saw it</small></div>
        <p class="q">{plural(view.disputes.reduce((all, one) => all + one.claims.length, 0), "claim", "claims")} on {plural(view.disputes.length, "question", "questions")} stand beside each other; none of them moves a person.</p></section>
    );
  const parts: [string, string, (side: SideView) => { low: number; high?: number | null }][] = [
    ["waiting", "w", (side) => side.waiting], ["on the road", "r", (side) => side.on_the_road], ["at a stop", "st", (side) => side.stopping],
    ["arrived", "ar", (side) => side.arrived], ["handed over, left our sight", "ho", (side) => side.handed_over], ["stayed", "sy", (side) => side.stayed],
    ["unaccounted", "u", (side) => side.unaccounted],
  ];
  const sums = parts.map(([said, cls, of]) => ({ said, cls, is: sum(view.sides.map(of)) })).filter((one) => !isNone(one.is) || ["waiting", "on the road", "unaccounted"].includes(one.said));
  const there = view.sides.reduce((all, side) => all + side.registered_there, 0);
  const whole = Math.max(registered || agreed, sums.reduce((all, one) => all + one.is.low, 0), 1); // nothing falls off the bar's end
  const share = (value: number): string => `${Math.min(100, (100 * value) / whole)}%`;
  const cold = view.sides.filter((side) => side.celsius !== null).map((side) => `${num(side.celsius!)} °C`);
  const longest = Math.min(...view.sides.map((side) => side.waited_since ?? Infinity));
  return (
    <section aria-labelledby="a1"><h2 id="a1">Where is everyone? {registered ? `${num(registered)} registered` : `${num(agreed)} to leave, as agreed`}; {num(there)} registered at reception</h2>
      <div class="bar" role="img" aria-label={sums.map((one) => `${one.said} ${count(one.is)}`).join(", ")}>
        {sums.map((one) => !isUnknown(one.is) && <span key={one.said} class={one.cls} style={{ width: share(one.is.low) }} />)}<span class="hatch rest" />
      </div>
      <div class="parts">{sums.map((one) => <span key={one.said} class={one.cls === "u" && one.is.low > 0 ? "act" : ""}><i class={one.cls} />{one.said} <b>{isNone(one.is) ? "nobody" : count(one.is)}</b></span>)}</div>
      <p class="q">{view.sides.map((side) => `${side.name}: ${isNone(side.waiting) ? "nobody waits" : `${count(side.waiting)} wait`}`).join(" · ")}{cold.length > 0 && ` · ${[...new Set(cold)].join(", ")}`}{Number.isFinite(longest) && ` · longest ${lasted(view.now - longest)}`}</p></section>
  );
}

function Missing() {
  const { view, first } = useHub();
  const total = sum(view.sides.map((side) => side.unaccounted));
  const before = sum(first.sides.map((side) => side.unaccounted));
  const worst = [...view.gaps].sort((a, b) => b.missing.low - a.missing.low)[0];
  const changed = useChanged(count(total));
  const known = view.moves.length > 0 && !isUnknown(total);
  const road = underWay(view);
  const moving = highOf(road, 1) > 0;
  const clear = moving ? `${isUnknown(road) ? "heads on the road not known" : `${count(road)} on the road`} not yet seen at their end` : "all counted aboard were seen since";
  return (
    <section aria-labelledby="a2" class={changed ? "chg" : ""}><h2 id="a2">What is not accounted for?</h2>
      {known ? <div class="big"><span class={total.low > 0 ? "act" : ""}>{isNone(total) ? "Nobody" : count(total)}</span> {!isNone(total) && <small>persons, {plural(view.gaps.length, "trip", "trips")}</small>}</div>
        : <div class="big">Not known</div>}
      <p>{worst ? <>worst: <b class="code">{worst.vehicle}</b>, {count(worst.missing)}, {worst.cause}</> : known ? `overdue or uncounted; ${clear}` : "no boarding was observed: absence of news, not good news"}</p>
      {known && <p class="q">{first.size < view.size ? `${clock(first.now, view.zone)}, when this page opened: ${count(before)}` : " "}</p>}</section>
  );
}

function Danger() {
  const { view, open } = useHub();
  const pending = view.clauses.filter((clause) => clause.until !== null && clause.until >= view.now && judged(clause.verdict) !== "kept").sort((a, b) => a.until! - b.until!);
  const tones = [[view.clauses.filter((clause) => clause.tone === "act").length, "not met", "act strong"],
    [view.clauses.filter((clause) => clause.verdict !== "none" && judged(clause.verdict) === "not known" && clause.tone === "soon").length, "alleged", "soon"],
    [view.clauses.filter((clause) => clause.verdict === "pending").length, "pending", ""], [view.clauses.filter((clause) => clause.verdict !== "none" && judged(clause.verdict) === "not known" && clause.tone !== "soon").length, "not known", ""],
    [view.clauses.filter((clause) => clause.verdict === "none").length, "nothing to judge yet", ""]] as const;
  const over = view.clauses.filter((clause) => clause.until !== null && clause.until < view.now && judged(clause.verdict) !== "kept").sort((a, b) => b.until! - a.until!);
  const first = pending[0] ?? over[0];
  const worst = worstFirst(view.clauses)[0];
  return (
    <section aria-labelledby="a3"><h2 id="a3">Which clause is in danger, until when?</h2>
      {first ? <div class="big">{when(first.until!, view.now, view.zone)} <small>{limit(first.until!, view.now)}: <button class="link" onClick={() => open({ kind: "clause", label: first.label })}>clause {first.label}</button></small></div>
        : <div class="big">{worst && worst.tone === "act" ? <>{worst.label} <small>{worst.shown}</small></> : <>None <small>no limit is running</small></>}</div>}
      <p>{tones.filter(([n]) => n > 0).map(([n, said, cls], index) => <>{index > 0 && " · "}<span class={cls}>{n} {said}</span></>)}</p>
      <p class="q">{pending.length > 1 ? `then ${pending.slice(1, 3).map((clause) => `${when(clause.until!, view.now, view.zone)} clause ${clause.label}`).join(", ")}` : first?.title ?? ""}</p></section>
  );
}

function Next() {
  const { view } = useHub();
  const proposed = waiting(view);
  const plan = proposed ?? inForce(view);
  const no = proposed ? undefined : turnedDown(view);
  const trip = plan && stillToLeave(view, plan)[0];
  const out = plan ? [...new Set(plan.trips.flatMap((one) => struck(view, plan, one)))] : [];
  const going = trip ? able(view, plan!, trip) : [];
  const said = plan && trip ? `${whenDay(trip.departs, view.now, view.zone)} ${plural(going.length, "vehicle", "vehicles")}, ${trip.persons} persons${going.length < trip.vehicles.length ? " as planned" : ""}, ${leg(view, trip.start, trip.end)}`
    : plan ? `nothing of ${planName(plan.plan)} is still to leave` : observed(view) ? "" : "this record has no vehicles to plan with";
  return (
    <section aria-labelledby="a4"><h2 id="a4">What do we send next?</h2>
      {plan && view.suspended_by.length > 0 && !proposed ? <div class="big">Suspended <small>by {view.suspended_by.join(", ")}; {planName(plan.plan)} is in force and waits</small></div>
        : plan ? <div class={`big ${proposed ? "pick" : ""}`}>{proposed || trip ? planName(plan.plan) : "Nothing"} <small>{proposed ? `waits for a decision, ${limit(plan.decide_by, view.now)}` : trip ? "is in force" : `of ${planName(plan.plan)} is still to leave`}</small></div>
        : <div class="big">{view.suspended_by.length ? "Suspended" : "Nothing"} <small>{view.suspended_by.length ? `by ${view.suspended_by.join(", ")}` : no ? `${planName(no.plan)} ${no.standing === "lapsed" ? "was not decided in time" : `was ${no.standing}`}` : "is proposed"}</small></div>}
      <p>{no && plan && !trip ? `${planName(no.plan)} ${no.standing === "lapsed" ? "was not decided in time" : `was ${no.standing}`}; no new proposal stands` : trip || !plan ? said : "no new proposal stands"}{out.length > 0 && <> · <s class="code">{out.join(" ")}</s> out of action</>}</p>
      <p class="q">{plan && view.suspended_by.length ? `suspended by ${view.suspended_by.join(", ")}` : nextSaid(view)}</p></section>
  );
}
