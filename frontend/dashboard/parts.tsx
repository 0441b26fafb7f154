// Small parts that several panels share.
import type { ComponentChildren } from "preact";
import { useHub } from "./state";
import { clock, lasted } from "../shared/say";
import type { ClauseView, Ref } from "../shared/view";

/** A ruled panel; its state is said in the heading line, so that no row below it moves. */
export function Panel(props: {
  id: number; title: string; note?: ComponentChildren; end?: ComponentChildren; tall?: boolean; children: ComponentChildren; class?: string;
  [handler: `on${string}`]: () => void;
}) {
  const { view, past, live } = useHub();
  const { id, title, note, end, children, class: extra, ...handlers } = props;
  const state = past ? "past" : live ? "" : "offline";
  const said = past ? `as we knew it, ${clock(view.now, view.zone)}` : live ? note : `no hub; figures of ${clock(view.now, view.zone)}`;
  return (
    <section class={`panel ${state} ${extra ?? ""}`} aria-labelledby={`h${id}`} id={`p${id}`} tabIndex={-1} {...handlers}>
      <header><h2 id={`h${id}`}>{title}</h2><span class="q">{said}</span><span class="end">{end}<kbd>{id}</kbd></span></header>
      {children}
    </section>
  );
}

export type Shape = "breached" | "alleged" | "pending" | "kept" | "unknown";
/** The engine's word or the screen's, as one of four; what is neither is not known. */
export type Judged = "not met" | "pending" | "not known" | "kept";
const JUDGED: Record<string, Judged> = { breached: "not met", "not met, as recorded": "not met", pending: "pending", kept: "kept", met: "kept" };
export const judged = (verdict: string): Judged => JUDGED[verdict] ?? "not known";
export function shapeOf(clause: { verdict: string; tone?: string; shown?: string }): Shape {
  const is = judged(clause.verdict);
  if (is !== "not known") return is === "not met" ? "breached" : is;
  return clause.tone === "soon" || clause.shown?.includes("alleged") ? "alleged" : "unknown";
}

export function Icon({ shape }: { shape: Shape }) {
  const box = <rect x=".75" y=".75" width="12.5" height="12.5" fill="none" stroke-width="1.3" />;
  return (
    <svg viewBox="0 0 14 14" aria-hidden="true" class={`i-${shape}`}>
      {shape === "breached" && <path d="M2.5 2.5l9 9M11.5 2.5l-9 9" stroke="currentColor" stroke-width="2.4" />}
      {shape === "alleged" && <><g stroke="currentColor" stroke-dasharray="3 2">{box}</g><path d="M4 4l6 6M10 4l-6 6" stroke="currentColor" stroke-width="1.5" /></>}
      {shape === "pending" && <><circle cx="7" cy="7" r="6.2" fill="none" stroke="currentColor" stroke-width="1.5" /><path d="M7 3.2V7l2.8 1.8" fill="none" stroke="currentColor" stroke-width="1.5" /></>}
      {shape === "kept" && <><circle cx="7" cy="7" r="6.2" fill="none" stroke="currentColor" stroke-width="1.3" /><path d="M4 7.3l2.2 2.2L10 5" fill="none" stroke="currentColor" stroke-width="1.5" /></>}
      {shape === "unknown" && <g class="hatched">{box}<path d="M1 5l4-4M1 9l8-8M1 13L13 1M5 13l8-8M9 13l4-4" /></g>}
    </svg>
  );
}

/** A verdict is a shape and a word. */
export function Verdict({ clause }: { clause: ClauseView }) {
  const shape = shapeOf(clause);
  const tone = clause.tone === "act" ? "breached" : clause.tone === "soon" ? "alleged" : "";
  return <span class={`v ${tone}`}><Icon shape={shape} />{clause.shown}</span>;
}

export function Entry({ entry }: { entry: Ref }) {
  const { open } = useHub();
  return <button class="link" title={`entry ${entry.id.slice(0, 12)}…`} onClick={() => open({ kind: "entry", index: entry.index })}>entry {entry.index}</button>;
}
/** `· entry 495`, `· entries 532, 552 and 2 more`: never a bare number beside a figure. */
export function Entries({ entries, most = 3 }: { entries: Ref[]; most?: number }) {
  const { open } = useHub();
  if (entries.length === 0) return null;
  const shown = entries.slice(0, most);
  return (
    <span class="ents">· {entries.length === 1 ? "" : "entries "}{shown.map((ref, index) => <>{index > 0 && ", "}<button key={ref.id} class="link" title={`entry ${ref.id.slice(0, 12)}…`} onClick={() => open({ kind: "entry", index: ref.index })}>{entries.length === 1 ? `entry ${ref.index}` : ref.index}</button></>)}{entries.length > most && ` and ${entries.length - most} more`}</span>
  );
}

/** `in 1 h 55`, `13 min over`. */
export function limit(until: number, now: number): string {
  return until >= now ? `in ${lasted(until - now)}` : `${lasted(now - until)} over`;
}

/** Never a bare nought: what it rests on, or why it is not known. */
export function Empty({ known, children, because }: { known: boolean; children: ComponentChildren; because?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{!known && <><Icon shape="unknown" /> <b>Not known.</b> </>}{children}</p>
      {because && <p class="q">{because}</p>}
    </div>
  );
}

/** The hatch patterns that all drawings use: h on dark ground, ha alarm, hq quiet. */
export function Patterns() {
  return (
    <svg width="0" height="0" class="vh" aria-hidden="true">
      <defs>
        <pattern id="h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="var(--unseen)" /><path d="M0 0V5" stroke="var(--hatch)" stroke-width="1.4" /></pattern>
        <pattern id="hq" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="var(--hatch)" stroke-width="1.6" /></pattern>
        <pattern id="ha" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="var(--act)" stroke-width="1.8" /></pattern>
      </defs>
    </svg>
  );
}
