// Claims: what each source says, side by side on one axis, beside what we established. A claim never changes our bounds.
import { useState } from "preact/hooks";
import type { ClaimView, Count, DisputeView, View } from "../shared/view";
import { highOf, isOpen, isUnknown, num } from "../shared/say";
import { clock, count, day, plural } from "../shared/say";
import { Empty, Entries, Entry, Icon, Panel } from "./parts";
import { useHub } from "./state";

const order = (one: DisputeView): number => ({ contradict: 0,  "differ in kind": 1, agree: 2 })[one.relation] ?? 1;
const persons = (one: DisputeView): number => (one.claims[0]?.who === "persons" ? 0 : 1);
export const mostAtOdds = (disputes: DisputeView[]): DisputeView[] => [...disputes].sort((a, b) => order(a) - order(b) || persons(a) - persons(b) || Math.min(5, b.origins) - Math.min(5, a.origins) || highOf(b.hull, b.hull.low) - highOf(a.hull, a.hull.low));

function axis(dispute: DisputeView): { most: number; ticks: number[] } {
  const counts: Count[] = [...dispute.claims.map((one) => one.quantity), ...(dispute.ours && !isUnknown(dispute.ours) ? [dispute.ours] : [])];
  const high = Math.max(1, ...counts.map((one) => highOf(one, one.low * 1.15)));
  const raw = high / 5;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 5, 10].find((by) => by * ten >= raw)! * ten);
  const most = Math.ceil((high * 1.02) / step) * step;
  return { most, ticks: Array.from({ length: Math.round(most / step) + 1 }, (_, n) => n * step) };
}

function Mark({ of, most, kind }: { of: Count; most: number; kind: string }) {
  const at = (value: number): string => `${(100 * value) / most}%`;
  if (!isOpen(of) && of.low === of.high) return <i class={`dot ${kind}`} style={{ insetInlineStart: at(of.low) }} />;
  return <i class={`span ${kind} ${isOpen(of) ? "open" : ""}`} style={{ insetInlineStart: at(of.low), width: at((highOf(of, most) - of.low)) }} />;
}

const time = (view: View, claim: ClaimView): string =>
  claim.end - claim.start >= 6 * 3_600_000 || claim.start === claim.end ? spanDays(view, claim) : `${day(claim.end, view.zone)} ${clock(claim.end, view.zone)}`;
const spanDays = (view: View, claim: ClaimView): string => {
  const [a, b] = [day(claim.start, view.zone), day(claim.end, view.zone)];
  return a === b ? a : `${a} to ${b}`;
};

/** One question: one axis, a row for each claim, ours last. */
export function Dispute({ dispute }: { dispute: DisputeView }) {
  const { view } = useHub();
  const { most, ticks } = axis(dispute);
  const ours = dispute.ours && !isUnknown(dispute.ours) ? dispute.ours : null;
  return (
    <section class={`dispute ${dispute.relation === "contradict" ? "odds" : ""}`} aria-label={dispute.question}>
      <h3>{dispute.question} <span class={dispute.relation === "contradict" ? "soon strong" : "q"}>{dispute.relation === "contradict" ? "cannot all hold" : dispute.relation}</span></h3>
      <div class="axis" role="table" aria-label={`${dispute.question}: claims and our own bounds`}>
        {dispute.claims.map((claim) => (
          <div class="crow" role="row" key={`${claim.entry.id}${claim.source}`}>
            <div role="rowheader"><b>{claim.source_name}</b><p class="q">{claim.reliability}{claim.item ?? ""} · record {claim.record} · {time(view, claim)}{claim.via && ` · via ${claim.via}`}</p></div>
            <div class="track" role="cell" aria-label={count(claim.quantity)}>{ticks.map((tick) => <u key={tick} style={{ insetInlineStart: `${(100 * tick) / most}%` }} />)}{ours && <u class="ours" style={{ insetInlineStart: `${(100 * ours.low) / most}%`, width: `${(100 * (highOf(ours, most) - ours.low)) / most}%` }} />}<Mark of={claim.quantity} most={most} kind={claim.copy_of ? "copy" : ""} /></div>
            <div role="cell"><b>{count(claim.quantity)}</b> <Entries entries={[claim.entry]} /><p class="q">{[claim.who, claim.basis, ours ? claim.beside_ours : ""].filter(Boolean).join(" · ")}{claim.copy_of && <> · a copy of <Entry entry={claim.copy_of} />, counted once</>}</p></div>
          </div>
        ))}
        <div class="crow ourrow" role="row">
          <div role="rowheader"><b>What we observed</b><p class="q">{dispute.ours_said}</p></div>
          <div class="track" role="cell">{ours ? <>{ticks.map((tick) => <u key={tick} style={{ insetInlineStart: `${(100 * tick) / most}%` }} />)}<Mark of={ours} most={most} kind="mine" /></> : <i class="hatch unknown" />}</div>
          <div role="cell">{ours ? <b>{count(ours)}</b> : <><Icon shape="unknown" /> <b>not known by us</b></>}</div>
        </div>
        <div class="crow ticks" aria-hidden="true"><div /><div class="track">{ticks.map((tick) => <span key={tick} style={{ insetInlineStart: `${(100 * tick) / most}%` }}>{num(tick)}</span>)}</div><div /></div>
      </div>
      {dispute.beside.length > 0 && <div class="beside"><p class="q">Not to be compared with these:</p><ul>{dispute.beside.map((one) => <li key={one} class="q">{one}</li>)}</ul></div>}
    </section>
  );
}

/** On the operations page of a record without vehicles: the claims stand where the map would. */
export function ClaimedPanel() {
  const { view } = useHub();
  const [all, setAll] = useState(false);
  const sorted = mostAtOdds(view.disputes);
  const shown = all ? sorted : sorted.slice(0, 4);
  return (
    <Panel id={1} title="What is claimed" note={`${plural(view.disputes.length, "question", "questions")}, most at odds first · a claim never moves a person`} class="fills">
      {shown.length === 0 ? <Empty known={false}>No claim is recorded, and nobody neutral saw anything.</Empty> : <div class="disputes">{shown.map((one) => <Dispute key={one.question} dispute={one} />)}
        {shown.length < sorted.length && <button onClick={() => setAll(true)}>{sorted.length - shown.length} more questions</button>}</div>}
    </Panel>
  );
}

export function ClaimsTab() {
  const { view } = useHub();
  const [chosen, choose] = useState<string | null>(null);
  const sorted = mostAtOdds(view.disputes);
  const shown = chosen === null ? sorted : sorted.filter((one) => one.question === chosen);
  return (
    <div class="tab three">
      <Panel id={1} title="Questions" note="most at odds first">
        <ul class="pickers"><li><button aria-pressed={chosen === null} data-row onClick={() => choose(null)}><b>All {sorted.length}</b><span class="q">{plural(sorted.reduce((all, one) => all + one.claims.length, 0), "claim", "claims")}</span></button></li>
          {sorted.map((one) => <li key={one.question}><button aria-pressed={chosen === one.question} data-row onClick={() => choose(one.question)}><b>{one.question}</b><span class="q">{one.ours && !isUnknown(one.ours) ? `ours ${count(one.ours)}` : "ours: not known"} · {plural(one.claims.length, "claim", "claims")} of {plural(one.origins, "root source", "root sources")} · {one.relation}</span></button></li>)}</ul>
        <div class="howto"><b>How to read</b><p><i class="span" /> an interval: as said, or ‘about’ read by the desk as ten in a hundred either way</p><p><i class="dot" /> one exact figure</p><p><i class="span open" /> open upwards</p><p><i class="hatch" /> not known by us</p><p class="q">B3: the source is usually reliable, the item possibly true; F: the source cannot be judged. Record S: seen in the published source; M: general knowledge; X: sources contradict. Copies of one source count once.</p></div>
      </Panel>
      <Panel id={2} title="Side by side" note="one axis for each question · a claim never changes our bounds; it can open a question" class="fills">
        {shown.length === 0 ? <Empty known={false}>No claim is recorded.</Empty> : <div class="disputes">{shown.map((one) => <Dispute key={one.question} dispute={one} />)}</div>}
      </Panel>
      <Panel id={3} title="Open questions" note="contradictions of what was observed">
        {view.questions.length === 0 ? <Empty known>No two signed observations contradict each other.</Empty> : (
          <ul class="questions">{view.questions.map((one) => <li key={one.puzzle + one.subject}><b>{one.puzzle}</b> <span class="code">{one.subject}</span>{!isUnknown(one.size) && `, ${count(one.size)}`}<p>{one.said}</p><p class="q">settled by: {one.settles} <Entries entries={one.entries} most={6} /></p></li>)}</ul>
        )}
      </Panel>
    </div>
  );
}
