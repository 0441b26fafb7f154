// Aid and ledger: plain lists, every row opened down to its bytes.
import { deployment } from "../shared/api";
import { lasted, num, plural, when } from "../shared/say";
import type { RefusalView } from "../shared/view";
import { nameOf } from "./corridor";
import { aboutRefusal } from "./decide";
import { Line } from "./entries";
import { Empty, Entry, Icon, Panel } from "./parts";
import { useHub } from "./state";

export function AidTab() {
  const { view } = useHub();
  const open = view.aid.filter((one) => one.answer === "no answer recorded").length;
  return (
    <div class="tab">
      <Panel id={1} title="Access and relief" note={view.aid.length ? `${plural(view.aid.length, "request or delivery", "requests and deliveries")}, ${open} without a recorded answer` : "nothing recorded"} class="fills">
        {view.aid.length === 0 ? <Empty known={false} because="That nobody asked is not the same as that nobody is in need.">No request for access and no delivery is recorded.</Empty> : (
          <table class="rows list"><thead><tr><th>asked</th><th>where</th><th>of whom</th><th>what</th><th>answer</th><th>entries</th></tr></thead>
            <tbody>{view.aid.map((one) => (
              <tr key={one.entries[0]?.id ?? one.at}>
                <td class="n" data-is="asked">{when(one.at, view.now, view.zone)}</td><td data-is="where">{nameOf(view, one.place)}</td><td data-is="of whom">{one.of_party}</td><td data-is="what">{one.what}</td>
                <td data-is="answer">{one.answer === "no answer recorded" ? <span class="v"><Icon shape="unknown" />no answer recorded, {lasted(view.now - one.at)}</span> : <><b class={one.answer === "refused" ? "soon" : ""}>{one.answer}</b>{one.answered_at !== null && ` ${when(one.answered_at, view.now, view.zone)}, after ${lasted(one.answered_at - one.at)}`}</>}</td>
                <td data-is="entries">{one.entries.map((ref) => <Entry key={ref.id} entry={ref} />)}</td>
              </tr>))}</tbody></table>
        )}
      </Panel>
    </div>
  );
}

/** One envelope that was not accepted: open, or with what a person signed of it. */
function Refused({ one }: { one: RefusalView }) {
  const { view, open, decide, past, live } = useHub();
  const entry = (index: number) => <button class="link" onClick={() => open({ kind: "entry", index })}>entry {index}</button>;
  return (
    <div><span class="mono" title={one.digest}>{one.digest.slice(0, 12)}…</span> {when(one.kept_at, view.now, view.zone)}{one.device && <> <span class="mono">{one.device}</span></>}{" "}
      {one.answer === null ? <><span class="soon">SP-{one.number}: {one.what}</span>{!past && live && <> <button onClick={() => decide(aboutRefusal(one))}>Answer</button></>}</>
        : <span class="q">SP-{one.number}, answered: {one.answer.reason}; {one.answer.anew === null ? "set aside"
          : <>recorded anew as {one.answer.anew_entry === null ? `${one.answer.anew.slice(0, 12)}…, which is not here` : entry(one.answer.anew_entry)}</>}, says <b class="code">{one.answer.by}</b> in {entry(one.answer.entry)}</span>}</div>
  );
}

export function LedgerTab() {
  const { view, open } = useHub();
  return (
    <div class="tab two">
      <Panel id={1} title="Entries" note={`the newest ${Math.min(80, view.lines.length)} of ${num(view.size)}`} class="fills">
        {view.lines.length === 0 ? <Empty known={false}>Nothing is recorded yet.</Empty> : <ol class="ticker tall">{view.lines.map((line) => <Line key={line.entry.id} line={line} />)}</ol>}
      </Panel>
      <Panel id={2} title="Proof" note="check it without us">
        <div class="proof">
          <dl class="facts"><dt>Entries</dt><dd>{num(view.size)}{view.size < view.newest && ` of ${num(view.newest)}`}</dd>
            <dt>Root</dt><dd class="mono wrap">{view.root}</dd>
            <dt>Not accepted</dt><dd>{plural(view.refused, "envelope", "envelopes")} open; all are kept with their reasons
              {view.refusals.map((one) => <Refused key={one.digest} one={one} />)}</dd>
            <dt>Waiting</dt><dd>{num(view.waiting_envelopes)} envelopes of devices that are not enrolled</dd>
            <dt>Held aside</dt><dd>{num(view.held)} observations from the future</dd>
            <dt>Devices</dt><dd>{view.devices.length === 0 ? <span class="q">no hole and no fork in what they sent</span> : view.devices.map((one) => <div key={one.device}><span class="mono">{one.device}</span>
              {one.open.length > 0 && <span class="soon"> not here yet: {one.open.map(([first, last]) => first === last ? `number ${first}` : `numbers ${first} to ${last}`).join(", ")}</span>}
              {one.forked.length > 0 && <span class="act"> signed twice under one number: {one.forked.join(", ")}</span>}</div>)}</dd>
            <dt>Cosigned</dt><dd>{view.cosigned ? <>{num(view.cosigned.covered)} of {num(view.newest)} entries by enough
              {view.cosigned.cosigners.map((one) => <div key={one.name}><span class="code">{one.name}</span> {num(one.size)} entries, {when(one.at, view.now, view.zone)}{!one.counts && <span class="q"> shown, not required</span>}</div>)}</> : <span class="q">no policy says by whom</span>}</dd>
            <dt>Audience</dt><dd>{view.audience}{view.hidden.length > 0 && `; not shown: ${view.hidden.join(", ")}`}</dd></dl>
          <form onSubmit={(event) => { event.preventDefault(); const index = Number(new FormData(event.currentTarget).get("index")); open({ kind: "entry", index }); }}>
            <label class="field">Open entry <input name="index" type="number" min={0} max={Math.max(0, view.newest - 1)} required size={7} /></label> <button>Open</button></form>
          {view.cosigned && view.cosigned.splits.length > 0 && <div class="split" role="alert"><p class="act strong">This log signed two tree heads that do not lie on one line: somebody was shown another history.</p>
            <p>The proof, for everybody who trusts the log: {view.cosigned.splits.map((name) => <a key={name} class="mono" href={`/${deployment}/api/split/${name}`} download={name}>{name}</a>)}</p></div>}
          <p>An entry opens down to its exact bytes; this browser hashes them up to the root itself.</p>
          <p>With the folder of this deployment, on any machine:</p><pre class="mono wrap">safepassage verify {deployment}</pre>
        </div>
      </Panel>
    </div>
  );
}
