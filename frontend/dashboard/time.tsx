// The slider: what we knew at each size of the ledger. The strip beside it: entries by the time at which they were seen.
import type { View } from "../shared/view";
import { clock, date, day } from "../shared/say";
import { useHub } from "./state";

const STEP = 600_000;

/** The size of the ledger about `hours` away, by the entries that were seen per ten minutes. */
export function sizeHoursAway(view: View, size: number, hours: number): number {
  const per = view.activity;
  if (per.length === 0) return size + hours * 10;
  let at = 0;
  for (let all = 0; at < per.length && all + per[at]! < size; at++) all += per[at]!;
  const target = Math.min(per.length, Math.max(0, at + hours * 6));
  return Math.max(1, per.slice(0, target).reduce((a, b) => a + b, 0));
}

export function TimeBar({ newest, wanted }: { newest: View; wanted: number | null }) {
  const { view, show, past } = useHub();
  const size = wanted ?? newest.size;
  const most = Math.max(1, ...newest.activity);
  const span = newest.activity.length * STEP || 1;
  const left = (at: number): string => `${Math.min(100, Math.max(0, (100 * (at - newest.activity_from)) / span))}%`;
  const long = span > 36 * 3_600_000;
  const every = long ? 86_400_000 * Math.ceil(span / 86_400_000 / 9) : 3_600_000 * Math.max(1, Math.ceil(span / 3_600_000 / 9));
  const ticks: number[] = [];
  for (let at = Math.ceil(newest.activity_from / every) * every; at < newest.activity_from + span; at += every) ticks.push(at);
  return (
    <div class={`time ${past ? "past" : ""}`} role="group" aria-label="Time">
      <div class="knew">
        <label for="slider"><b>{past ? "As we knew it" : "Now"}</b> <span class="q">entry {size} of {newest.newest}{past && `, ${day(view.now, view.zone)} ${clock(view.now, view.zone)}`}</span></label>
        <input id="slider" type="range" min={1} max={Math.max(1, newest.newest)} value={size} onInput={(event) => show(Number(event.currentTarget.value))}
          aria-valuetext={`entry ${size}, ${date(view.now, view.zone)} ${clock(view.now, view.zone)}`} />
      </div>
      {newest.activity.length > 0 && (
        <div class="strip" aria-hidden="true">
          <svg viewBox={`0 0 ${newest.activity.length} 30`} preserveAspectRatio="none">
            {newest.activity.map((n, index) => n > 0 && <rect key={index} class="ent" x={index + 0.1} y={30 - (29 * n) / most} width="0.8" height={(29 * n) / most} />)}
          </svg>
          <i class="at" style={{ insetInlineStart: left(view.now) }} />
          <div class="hrs">{ticks.map((at) => <span key={at} style={{ insetInlineStart: left(at) }}>{long ? day(at, view.zone) : clock(at, view.zone).slice(0, 2)}</span>)}</div>
        </div>
      )}
      <div class="keys">{past ? <button onClick={() => show(null)}>Back to now <kbd>0</kbd></button> : <><kbd>1</kbd>–<kbd>8</kbd> panel <kbd>j</kbd> <kbd>k</kbd> row <kbd>w</kbd> why <kbd>,</kbd> <kbd>.</kbd> entry <kbd>[</kbd> <kbd>]</kbd> hour <kbd>?</kbd> all keys</>}</div>
    </div>
  );
}
