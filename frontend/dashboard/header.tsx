// The heading line: exercise or not, which deployment, which time, which tree, and whether we are live.
import { deployment } from "../shared/api";
import { useEffect, useState } from "preact/hooks";
import { city, clock, date, lasted, num } from "../shared/say";
import type { View } from "../shared/view";
import { observed } from "./answers";
import { switchTheme } from "./theme";

export const TABS = ["Operations", "Ask", "Claims", "Aid", "Ledger"] as const;
export type Tab = (typeof TABS)[number];

/** Seconds since the hub's clock or its ledger last moved; 0 below 20, when nothing is to be said. */
function useStill(movedAt: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const tick = window.setInterval(() => setNow(Date.now()), 5_000);
    return () => window.clearInterval(tick);
  }, []);
  const seconds = Math.floor((now - movedAt) / 1_000);
  return seconds < 20 ? 0 : seconds;
}

export function Top(props: { view: View; newest: View; live: boolean; movedAt: number; past: boolean; tab: Tab; go: (tab: Tab) => void }) {
  const { view, newest, live, past, tab } = props;
  const still = useStill(props.movedAt);
  const last = newest.lines[0];
  return (
    <header class="top">
      {view.exercise && <span class="exercise">EXERCISE</span>}
      {!observed(view) && !view.exercise && <span class="frame">PUBLISHED RECORD</span>}
      <h1>{view.name || view.deployment}</h1>
      <span class="clock">{clock(view.now, view.zone)}</span><span class="q">{date(view.now, view.zone)}, {city(view.zone)}</span>
      <span class="q wide" title={`root ${view.root}`}>{num(view.size)} entries · root <span class="mono">{view.root.slice(0, 8)}</span></span>
      {newest.cosigned && newest.cosigned.splits.length > 0 && <span class="act strong" role="alert">Two histories were signed: see Ledger</span>}
      <span class={past ? "pick" : live ? "" : "soon"} role="status">{past ? "As we knew it" : live ? `${still ? "" : "Live"}${last ? `${still ? "Last" : ", last"} entry ${clock(last.logged_at, view.zone)}` : ""}` : "No hub: figures may be old"}</span>
      {!past && live && still > 0 && <span class="soon">no news for {still < 120 ? `${still} s` : lasted(still * 1_000)}</span>}
      <nav aria-label="Pages">
        {TABS.map((one) => <a key={one} href={`#${one.toLowerCase()}`} aria-current={tab === one ? "page" : undefined} onClick={(event) => { event.preventDefault(); props.go(one); }}>{one}</a>)}
        <a href={`/${deployment}/report`}>Report</a>
        <a href={`/${deployment}/monitor`}>Monitor</a>
      </nav>
      <button onClick={switchTheme}>Theme <kbd>t</kbd></button>
    </header>
  );
}
