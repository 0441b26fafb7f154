// Why: any statement opened, down to the entries behind it. The drawer traps focus and returns it to its row.
import { useEffect, useRef, useState } from "preact/hooks";
import { getEntry } from "../shared/api";
import type { ClauseView, InstanceView, Ref, View } from "../shared/view";
import { nameOf, leg, watchedNow } from "./corridor";
import { EntryPane } from "./entry";
import { Empty, Entries, Icon, judged, Verdict, limit, shapeOf } from "./parts";
import { struck } from "./next";
import { PlanDrawn } from "./planned";
import { PlanFigures } from "./proposal";
import { type Subject, useHub } from "./state";
import { AlarmLines } from "./unaccounted";
import { planName } from "../shared/say";
import { clock, count, percent, when, whenDay } from "./words";

export function Drawer({ subject, entry, close }: { subject: Subject; entry: number | null; close: () => void }) {
  const { view } = useHub();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const from = document.activeElement;
    dialog.current?.showModal();
    return () => void (from instanceof HTMLElement && from.isConnected && from.focus());
  }, []);
  const alone = subject.kind === "entry";
  return (
    <dialog ref={dialog} class={`why ${alone ? "alone" : ""}`} aria-labelledby="why-h" onClose={close}
      onClick={(event) => { if (event.target === dialog.current) dialog.current?.close(); }}>
      <header>{view.exercise && <span class="exercise">EXERCISE</span>}<span class="q" id="why-h">Why · {titleOf(view, subject)}</span>
        <span class="q end">as known {clock(view.now, view.zone)}, {view.size} entries</span><button onClick={() => dialog.current?.close()}>Close <kbd>Esc</kbd></button></header>
      <div class="cols">
        {!alone && <div class="steps"><Steps subject={subject} /></div>}
        <div class="bytes">{entry === null ? <Empty known>Open an entry to see its signature, its bytes and its proof.</Empty> : <EntryPane key={entry} index={entry} />}</div>
      </div>
    </dialog>
  );
}

function titleOf(view: View, subject: Subject): string {
  switch (subject.kind) {
    case "clause": return `clause ${subject.label}, ${view.clauses.find((one) => one.label === subject.label)?.title ?? ""}`;
    case "gap": return `${subject.vehicle}, ${subject.cause}`;
    case "plan": return `${view.plans.find((one) => one.plan === subject.plan)?.standing === "adopted" ? "plan" : "proposal"} ${planName(subject.plan)}`;
    case "place": return nameOf(view, subject.place);
    case "entry": return `entry ${subject.index}`;
  }
}

function Steps({ subject }: { subject: Subject }) {
  const { view } = useHub();
  switch (subject.kind) {
    case "clause": {
      const clause = view.clauses.find((one) => one.label === subject.label);
      return clause ? <ClauseSteps clause={clause} /> : <Gone />;
    }
    case "gap": return <GapSteps vehicle={subject.vehicle} />;
    case "plan": return <PlanSteps plan={subject.plan} />;
    case "place": return <PlaceSteps place={subject.place} />;
    case "entry": return null;
  }
}
const Gone = () => <Empty known>This statement no longer stands in the picture; later entries changed it.</Empty>;

function Refs({ entries }: { entries: Ref[] }) {
  const { view, open } = useHub();
  return (
    <ul class="refs">{entries.map((ref) => {
      const line = view.lines.find((one) => one.entry.id === ref.id);
      return <li key={ref.id}><button onClick={() => open({ kind: "entry", index: ref.index })}><span class="link">entry {ref.index}</span><span>{line ? <>{when(line.seen_at, view.now, view.zone)} <b class="code">{line.by}</b> {line.said}</> : <Fetched index={ref.index} />}</span></button></li>;
    })}</ul>
  );
}

/** The line of an entry that is no longer among the newest. */
const lines = new Map<number, string>();
function Fetched({ index }: { index: number }) {
  const [line, setLine] = useState(lines.get(index) ?? "");
  useEffect(() => {
    if (line) return;
    let alive = true;
    getEntry(index).then((page) => {
      lines.set(index, page.line);
      if (alive) setLine(page.line);
    }, () => undefined); // its number opens it all the same
    return () => { alive = false; };
  }, [index]);
  return <span class={line ? "four" : "q"}>{line || "its line is not read yet"}</span>;
}

const ORDER = ["not met", "not known", "pending", "kept"] as const;
function ClauseSteps({ clause }: { clause: ClauseView }) {
  const { view } = useHub();
  const sorted = [...clause.instances].sort((a, b) => Number(b.standing_against === "alleged") - Number(a.standing_against === "alleged") || ORDER.indexOf(judged(a.verdict)) - ORDER.indexOf(judged(b.verdict)) || b.at - a.at);
  return (
    <>
      <section><h2 class="said"><Verdict clause={clause} /></h2><p class="lead">{clause.why}</p></section>
      <section><h3>What was agreed</h3><p>“{clause.sentence}”</p><p class="q">{clause.owed_by && `owed by ${clause.owed_by} · `}{clause.source}{clause.until !== null && ` · until ${when(clause.until, view.now, view.zone)}, ${limit(clause.until, view.now)}`}</p></section>
      <section><h3>How often it applied</h3><p>{clause.instances.length === 0 ? "It has not applied yet." : `${clause.not_met} not met, as recorded · ${clause.not_known} not known · ${clause.pending} pending · ${clause.kept} met`}</p>
        <p class="q">{clause.watched === null ? "There was nothing to watch." : `Watched ${percent(clause.watched)}: silence counts only where somebody neutral signed a watch.`}</p>
        {clause.watched !== null && <span class="xbar" role="img" aria-label={`watched ${percent(clause.watched)}`}><i class="seen" style={{ width: `${clause.watched / 10}%` }} /><i class="hatch rest" /></span>}</section>
      {sorted.slice(0, 40).map((one, index) => <Instance key={index} one={one} />)}
      {sorted.length > 40 && <section><p class="q">and {sorted.length - 40} more</p></section>}
    </>
  );
}

function Instance({ one }: { one: InstanceView }) {
  const { view } = useHub();
  return (
    <section class="instance">
      <h3><span class={`v ${judged(one.verdict) === "not met" ? "act" : one.standing_against === "alleged" ? "soon" : ""}`}><Icon shape={shapeOf({ verdict: one.verdict, ...(one.standing_against === "alleged" ? { tone: "soon" } : {}) })} />{one.verdict}</span> <span class="code">{one.subject}</span> <span class="q">{when(one.at, view.now, view.zone)}</span></h3>
      <p class="fa"><span>for <b>{one.standing_for}</b></span><span>against <b class={one.standing_against === "alleged" ? "soon" : ""}>{one.standing_against}</b></span>{one.until !== null && <span>until <b>{when(one.until, view.now, view.zone)}</b></span>}</p>
      <ul class="tree">
        <li><p>{one.why}</p></li>
        {one.said && one.said !== one.why && <li><p class="soon">{one.said}</p></li>}
        <li><p class="q">{one.rule}</p></li>
        <li>{one.cited > one.entries.length && <p class="q">It rests on {one.cited} entries; of these, what opened it and the last:</p>}<Refs entries={one.entries} /></li>
      </ul>
    </section>
  );
}

/** `rashideen: somebody on post …`, with the place's name instead of its id. */
function nameAt(view: View, part: string): string {
  const [place = "", ...rest] = part.split(": ");
  return `${nameOf(view, place)}: ${rest.join(": ")}`;
}

function GapSteps({ vehicle }: { vehicle: string }) {
  const { view } = useHub();
  const gaps = view.gaps.filter((gap) => gap.vehicle === vehicle);
  const alarm = view.alarms.find((one) => one.vehicle === vehicle);
  const asked = view.questions.filter((one) => one.subject.includes(vehicle));
  if (!gaps.length && !alarm) return <Gone />;
  return (
    <>
      {gaps.map((gap) => (
        <section key={gap.cause + gap.start + gap.end + gap.entries.map((one) => one.id).join()}><h2 class="said">{count(gap.missing)} not accounted for</h2>
          <p class="lead"><b class="code">{gap.vehicle}</b>, {leg(view, gap.start, gap.end)}: {gap.cause}. Last seen {when(gap.last_seen, view.now, view.zone)} at {nameOf(view, gap.last_place)}{gap.due !== null && `; expected ${when(gap.due, view.now, view.zone)}, ${limit(gap.due, view.now)}`}.</p>
          <p>As counted {count(gap.missing)}; in any case {count(gap.in_any_case)}, though counts, clocks and wristbands err as far as is published and envelopes are lost.</p>
          <p class="q">Seen: {gap.coverage.split("; ").map((part) => nameAt(view, part)).join("; ")}. The road between nobody sees.</p>
          <p class="q">These are bounds of heads on one vehicle and one road. They name nobody and do not say what became of anybody.</p>
          <h3>Rests on</h3><Refs entries={gap.entries} /></section>
      ))}
      {alarm && <section><h3 class={alarm.raised ? "act" : ""}>{alarm.raised ? "Separation alarm" : "Separation alarm lapsed"}</h3><AlarmLines alarm={alarm} headed />
        <p class="q">If those missing had been picked blindly from all aboard, as many men and youth would be among them 1 time in {alarm.one_in}; the threshold is 1 in {alarm.threshold_one_in}.</p>
        <p class="q">If a monitor miscounts 2 heads in 100, miscounting alone would do this {alarm.miscount_one_in > 0 ? `1 time in ${alarm.miscount_one_in}` : "never"}.</p>
        <p class="q">The thresholds are published and equal for both sides. An alarm goes to people, not to a verdict.</p><Refs entries={alarm.entries.filter((ref) => !gaps.some((gap) => gap.entries.some((one) => one.id === ref.id)))} /></section>}
      {asked.map((one) => <section key={one.puzzle}><h3>{one.puzzle}</h3><p>{one.said}</p><p class="q">settled by: {one.settles}</p><Refs entries={one.entries} /></section>)}
    </>
  );
}

function PlanSteps({ plan: id }: { plan: string }) {
  const { view } = useHub();
  const plan = view.plans.find((one) => one.plan === id);
  if (!plan) return <Gone />;
  return (
    <>
      <section><h2 class="said pick">{planName(plan.plan)}, {plan.standing}</h2><p class="lead">{plan.because_said}</p>{plan.decided_at !== null && <p>{plan.standing} {whenDay(plan.decided_at, view.now, view.zone)} by <b class="code">{plan.decided_by ?? "not known"}</b>{plan.reason && `: ${plan.reason}`}</p>}<PlanFigures plan={plan} /><p class="q">{plan.gap_per_mille === 0 ? "Proved: no lawful plan does better." : `At most ${(plan.gap_per_mille / 10).toFixed(1)} % better is possible; the bound is proved.`}</p></section>
      <PlanDrawn plan={plan} />
      <section><h3>Trips, and why each waits</h3><ul class="trips">{plan.trips.map((trip) => <li key={trip.departs + trip.start + trip.vehicles[0]}><span class="q">{whenDay(trip.departs, view.now, view.zone)}</span><span><span class="code">{trip.vehicles.map((one, index) => <>{index > 0 && " "}{struck(view, plan, trip).includes(one) ? <s>{one}</s> : one}</>)}</span>, {leg(view, trip.start, trip.end)}, {trip.persons} persons; through by {whenDay(trip.passes, view.now, view.zone)} <span class="q">· {trip.waits === "nothing" ? "waits for nothing" : `waits for: ${trip.waits}`}{struck(view, plan, trip).length > 0 && ` · ${struck(view, plan, trip).join(", ")} out of action`}</span></span></li>)}</ul></section>
      <section><h3>Rests on</h3><Refs entries={[plan.entry, ...(plan.because ? [plan.because] : [])]} /></section>
    </>
  );
}

function PlaceSteps({ place }: { place: string }) {
  const { view } = useHub();
  const one = view.places.find((each) => each.place === place);
  const posts = view.posts.filter((post) => post.place === place);
  const watches = view.watches.filter((watch) => watch.place === place);
  const here = view.vehicles.filter((vehicle) => vehicle.place === place);
  return (
    <>
      <section><h2 class="said">{one?.name ?? place}</h2><p class="lead">{one?.kind}{one?.held_by ? `, held by ${one.held_by}` : ", holder not known"}. {watchedNow(view, place).length ? `Watched by ${watchedNow(view, place).map((post) => post.observer).join(", ")}.` : "Nobody neutral is on post here."}</p></section>
      <section><h3>Vehicles</h3>{here.length === 0 ? <p class="q">None was last seen here.</p> : <ul>{here.map((vehicle) => <li key={vehicle.vehicle}><b class="code">{vehicle.vehicle}</b> {vehicle.doing} since {when(vehicle.since, view.now, view.zone)}, {count(vehicle.aboard)} aboard{!vehicle.counted && ", not counted"} {vehicle.entry && <Entries entries={[vehicle.entry]} />}</li>)}</ul>}</section>
      <section><h3>Posts</h3>{posts.length === 0 ? <p class="q">None is recorded.</p> : <ul>{posts.map((post) => <li key={post.observer + post.start}><b class="code">{post.observer}</b> from {when(post.start, view.now, view.zone)}, {post.end === null ? "hours not known" : `until ${when(post.end, view.now, view.zone)}`}</li>)}</ul>}</section>
      <section><h3>Watches</h3>{watches.length === 0 ? <p class="q">None is signed: being on post attests nothing by itself.</p> : <ul>{watches.map((watch) => <li key={watch.observer + watch.start}><b class="code">{watch.observer}</b> {when(watch.start, view.now, view.zone)}–{when(watch.end, view.now, view.zone)}: every {watch.kinds.join(", ")}{watch.gaps.length > 0 && `, except ${watch.gaps.map(([a, b]) => `${when(a, view.now, view.zone)}–${when(b, view.now, view.zone)}`).join(", ")}`}</li>)}</ul>}</section>
    </>
  );
}
