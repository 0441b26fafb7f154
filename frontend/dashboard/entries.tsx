// New entries, newest first. A late one and one that somebody must act on are marked at the edge and in words.
import type { LineView } from "../shared/view";
import { when } from "./words";
import { shortName } from "./corridor";
import { Empty, Panel } from "./parts";
import { useHub } from "./state";

export function Line({ line }: { line: LineView }) {
  const { view, open } = useHub();
  return (
    <li class={`row ${line.tone === "act" ? "bad" : line.late !== null || line.tone === "soon" ? "late" : ""}`}>
      <span class="q">{when(line.seen_at, view.now, view.zone)}</span>
      <button class="link" data-row onClick={() => open({ kind: "entry", index: line.entry.index })}>{line.entry.index}</button>
      <span class="said" title={line.said}><b class="code">{line.by}</b>{line.place && ` ${shortName(view, line.place)}:`} {line.standing === "alleged" && line.kind !== "claim_heard" && !line.said.startsWith("told") && <span class="soon">told, </span>}{line.said}{line.late !== null && <span class="q"> · {line.late} min late</span>}</span>
    </li>
  );
}

export function EntriesPanel() {
  const { view } = useHub();
  const aside = [[view.waiting_envelopes, "wait for an enrolment"], [view.held, "held aside"], [view.refused, "not accepted and open"]] as const;
  const note = ["newest first", ...aside.filter(([n]) => n > 0).map(([n, said]) => `${n} ${said}`)].join(" · ");
  return (
    <Panel id={8} title="New entries" note={note} class="fills">
      {view.lines.length === 0 ? <Empty known={false}>Nothing is recorded yet.</Empty>
        : <ol class="ticker">{view.lines.slice(0, 80).map((line) => <Line key={line.entry.id} line={line} />)}</ol>}
    </Panel>
  );
}
