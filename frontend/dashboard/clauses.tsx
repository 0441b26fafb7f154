// Clauses, worst first: a shape, a word, its worst instance, and how much of it somebody neutral could see.
import type { ClauseView } from "../shared/view";
import { lasted, percent, when } from "./words";
import { Empty, judged, Panel, Verdict } from "./parts";
import { useChanged, useHeldOrder, useHub } from "./state";

const rank = (clause: ClauseView): number =>
  ({ act: 0, soon: 1, plain: 2 })[clause.tone] * 10 + (clause.verdict === "none" ? 4 : { "not met": 0, "not known": 1, pending: 2, kept: 3 }[judged(clause.verdict)]);
export const worstFirst = (clauses: ClauseView[]): ClauseView[] =>
  [...clauses].sort((a, b) => rank(a) - rank(b) || (a.until ?? Infinity) - (b.until ?? Infinity));

export function ClausesPanel() {
  const { view } = useHub();
  const held = useHeldOrder(worstFirst(view.clauses), (clause) => clause.label);
  return (
    <Panel id={4} title="Clauses" note="worst first · watched: share signed for" class="fills" {...held.hold}
      end={held.behind > 0 && <button class="link" onClick={held.release}>{held.behind} changed, <kbd>r</kbd></button>}>
      {held.rows.length === 0 ? <Empty known={false}>No agreement is adopted in this ledger yet.</Empty>
        : <ul class="cl">{held.rows.map((clause) => <Row key={clause.label} clause={clause} />)}</ul>}
    </Panel>
  );
}

/** What is only alleged of any instance, each once. */
function besides(clause: ClauseView): string {
  const said = clause.instances.map((one) => one.said).filter((one) => one !== "" && one !== clause.why && !clause.why.startsWith(one));
  return [...new Set(said)].map((one) => `${clause.instances.filter((each) => each.said === one).length} ${one}`).join(" · ");
}

/** Its sentence, and the limit once: most sentences name it themselves. */
function reason(clause: ClauseView, now: number, zone: string): string {
  const said = clause.why || "no instance yet";
  if (clause.until === null || said.includes("due by")) return said;
  const rest = said.replace(/(^|; )the limit is [^;]*/, "").replace(/^; /, "");
  return `until ${when(clause.until, now, zone)}${rest ? ` · ${rest}` : ""}`;
}

function Row({ clause }: { clause: ClauseView }) {
  const { view, open, pickedVehicle, pick } = useHub();
  const changed = useChanged(`${clause.shown} ${clause.not_met} ${clause.kept}`);
  const linked = pickedVehicle !== null && clause.instances.some((one) => one.subject.split(/[\s/,]+/).includes(pickedVehicle));
  const subject = clause.instances.map((one) => /[A-Z]{1,3}-[0-9]+/.exec(one.subject)?.[0]).find(Boolean);
  const left = clause.until === null ? "" : clause.until >= view.now ? lasted(clause.until - view.now) : `${lasted(clause.until - view.now)} over`;
  const counts = [[clause.not_met, "not met"], [clause.not_known, "not known"], [clause.pending, "pending"], [clause.kept, "met"]] as const;
  const times = clause.instances.length > 1 ? counts.filter(([n]) => n > 0).map(([n, said]) => `${n} ${said}`) : [];
  const beside = besides(clause);
  return (
    <li class={`row ${linked ? "sel" : ""} ${changed ? "chg" : ""}`}>
      <button class="cover" data-row aria-label={`Clause ${clause.label}, ${clause.shown}: ${clause.title}. Why`}
        onClick={() => { if (subject) pick(subject); open({ kind: "clause", label: clause.label }); }} />
      <div class={`t ${left ? "" : "whole"}`}><span class="no">{clause.label}</span><Verdict clause={clause} /><span class="name" title={clause.title}>{clause.title}</span></div>
      {left && <div class={`c ${clause.tone === "soon" ? "soon" : ""} strong`}>{left}</div>}
      <div class="d">{times.length > 0 && <b class="times">{times.join(" · ")}</b>}{beside && <span class="soon">{beside}</span>}<span>{reason(clause, view.now, view.zone)}</span></div>
      <div class="c">{clause.watched === null ? "nothing to watch" : `watched ${percent(clause.watched)}`}</div>
    </li>
  );
}
