// The counter: +1 counts without a kind, the tally keys count too. Others' counts are nowhere on this phone.
import { useState } from "preact/hooks";
import { JustSaved, Last, Page, useHere } from "./parts";

const PARTS = ["men", "women", "youth", "children"] as const;
type Part = (typeof PARTS)[number];
type Tap = Part | "head";

export function Heads() {
  const { phone, t, go, vehicle, saved } = useHere();
  const [taps, setTaps] = useState<Tap[]>([]);
  const [range, setRange] = useState<{ low: number; high: number } | null>(null);
  const of = (part: Tap): number => taps.filter((tap) => tap === part).length;
  const tap = (part: Tap): void => {
    navigator.vibrate?.(12);
    setTaps([...taps, part]);
    setRange(null);
  };
  const whole = taps.length > 0 && of("head") === 0; // every head has its kind: only then is the tally a tally
  const mixed = of("head") > 0 && of("head") < taps.length;
  const shown = range ? `${range.low}–${range.high}` : String(taps.length);
  const save = async (): Promise<void> => {
    const heads = range ? { low: range.low, high: range.high } : { low: taps.length, high: taps.length };
    const tally = whole && !range ? { men: of("men"), women: of("women"), youth: of("youth"), children: of("children") } : undefined;
    await phone.save({ kind: "heads_counted", vehicle: vehicle!, heads, tally }, `${vehicle} ${shown}`);
    go("home");
  };
  const move = (end: "low" | "high", by: number): void => {
    if (!range) return;
    const next = { ...range, [end]: Math.max(0, range[end] + by) };
    setRange(next.low <= next.high ? next : { low: next[end], high: next[end] });
  };
  return (
    <Page title={<>{t.headsOn} <bdi>{vehicle}</bdi></>} note={t.hidden}
      foot={<>
        {saved && taps.length === 0 && <JustSaved />}
        {mixed && !range && <p class="note">{t.mixed}</p>}
        <div class="two"><button class="big" disabled={taps.length === 0} onClick={() => (range ? setRange(null) : setTaps(taps.slice(0, -1)))}>{t.undo}</button>
          <button class="big" aria-pressed={range !== null} onClick={() => setRange(range ? null : { low: Math.max(0, taps.length - 1), high: taps.length + 1 })}>{range ? t.sure : t.notSure}</button></div>
        <Last label={<>{t.save} <bdi>{shown}</bdi></>} disabled={taps.length === 0 && !range} back={() => go("home")} save={save} /></>}>
      <div class="figure" role="status" aria-live="polite"><bdi>{shown}</bdi></div>
      <div class="pad fillp">
        {range ? (
          <div class="ranges">{(["low", "high"] as const).map((end) => (
            <div key={end} class="range"><span class="q">{end === "low" ? t.from : t.upTo}</span><button class="big" aria-label={`${end} −1`} onClick={() => move(end, -1)}><bdi>−1</bdi></button><b><bdi>{range[end]}</bdi></b><button class="big" aria-label={`${end} +1`} onClick={() => move(end, 1)}><bdi>+1</bdi></button></div>))}</div>
        ) : <button class="plus" aria-label={t.plusOne} onClick={() => tap("head")}><bdi>+1</bdi></button>}
        {!range && <div class="four">{PARTS.map((part) => <button key={part} class="tally" onClick={() => tap(part)}>{t[part]}<b><bdi>{of(part)}</bdi></b></button>)}</div>}
      </div>
    </Page>
  );
}
