// Parts of every screen: the status line above, back and save below the thumb.
import type { ComponentChildren } from "preact";
import { createContext } from "preact";
import { useContext, useState } from "preact/hooks";
import { problemIn } from "../shared/api";
import { clock } from "../shared/say";
import type { Kept } from "../shared/device";
import type { Phone } from "./phone";
import { type Language, notSent, savedAs, type Words } from "./words";

export type Screen = "home" | "busIn" | "busOut" | "busPassed" | "which" | "heads" | "taken" | "room" | "outbox" | "neutral";
export interface Here { phone: Phone; t: Words; language: Language; speak: (language: Language) => void; go: (screen: Screen, vehicle?: string, saved?: boolean) => void; vehicle: string | null; saved: boolean }
export const HereContext = createContext<Here | null>(null);
export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error("no phone above");
  return here;
}

/** `B-08 passed`, `B-08 heads 48`. */
export function Said({ kept }: { kept: Kept }) {
  const { t } = useHere();
  const { vehicle, figures, said } = savedAs(t, kept);
  return <>{vehicle && <><bdi>{vehicle}</bdi> </>}{said}{figures && <> <bdi>{figures}</bdi></>}</>;
}
/** Said on the screen that follows: it is on this phone's disk. */
export function JustSaved() {
  const { phone, t } = useHere();
  const last = phone.kept.at(-1);
  return last ? <p class="note saved" role="status">{t.saved} <bdi>{clock(last.at, phone.known?.setting.zone ?? "UTC")}</bdi>: <Said kept={last} /></p> : null;
}

export function Status() {
  const { phone, t, language, speak, go } = useHere();
  const waiting = phone.kept.filter((one) => one.state !== "sent").length;
  const zone = phone.known?.setting.zone ?? "UTC";
  const since = phone.offlineSince + (phone.now() - Date.now());
  return (
    <header class="st">
      <button class="plainb" onClick={() => go("outbox")}>
        <span class="off"><Wave off={!phone.online} />{phone.online ? t.online : <span>{t.offline} <bdi>{clock(since, zone)}</bdi></span>}</span>
        {phone.device && <span class="strong">{notSent(language, waiting)}</span>}
      </button>
      {phone.known?.setting.exercise && <span class="exercise">{t.exercise}</span>}
      <button class="mini" lang={language === "en" ? "ar" : "en"} onClick={() => speak(language === "en" ? "ar" : "en")}>{t.other}</button>
      <button class="mini" onClick={() => go("neutral")}>{t.hide}</button>
    </header>
  );
}

const Wave = ({ off }: { off: boolean }) => <svg viewBox="0 0 18 18" aria-hidden="true"><path d="M2 7a10 10 0 0 1 14 0M5 10a6 6 0 0 1 8 0M8.5 13.5h1" fill="none" stroke="currentColor" stroke-width="1.8" />{off && <path d="M3 16L15 2" stroke="currentColor" stroke-width="2" />}</svg>;

export function Page(props: { title: ComponentChildren; note?: ComponentChildren; children: ComponentChildren; foot?: ComponentChildren }) {
  return (
    <section class="ph"><Status />
      <div class="hd"><div><h1>{props.title}</h1>{props.note && <p>{props.note}</p>}</div></div>
      <div class="grow">{props.children}</div>
      {props.foot && <div class="ft">{props.foot}</div>}
    </section>
  );
}

/** Back and save. What could not be saved says so; "saved" is said only after the disk has it. */
export function Last(props: { label: ComponentChildren; disabled?: boolean; back: () => void; save: () => Promise<void> }) {
  const { t } = useHere();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const press = async (): Promise<void> => {
    setBusy(true);
    setWrong("");
    try {
      await props.save();
    } catch (error) {
      setWrong(`${t.failed} ${problemIn(error).what} ${t.again}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
      <div class="last"><Back go={props.back} /><button class="big primary" disabled={props.disabled || busy} onClick={() => void press()}>{props.label}</button></div>
    </>
  );
}
export function Back({ go }: { go: () => void }) {
  const { t } = useHere();
  return <button class="back" aria-label={t.back} onClick={go}><svg viewBox="0 0 24 24"><path d="M15 4l-8 8 8 8" fill="none" stroke="currentColor" stroke-width="2.4" /></svg></button>;
}

export function Choice<T extends string>(props: { of: readonly (readonly [T, ComponentChildren])[]; is: T | null; pick: (one: T) => void; cols?: "two" | "three" | "five" }) {
  return <div class={props.cols ?? "two"}>{props.of.map(([key, said]) => <button key={key} class={`big ${props.is === key ? "on" : ""}`} aria-pressed={props.is === key} onClick={() => props.pick(key)}>{said}</button>)}</div>;
}

/** Vehicles that are on their way here first. */
export function Vehicles({ is, pick }: { is: string | null; pick: (vehicle: string) => void }) {
  const { phone, t } = useHere();
  const all = phone.known?.setting.vehicles.map((one) => one.vehicle) ?? [];
  const coming = (phone.known?.coming[phone.post ?? ""] ?? []).filter((one) => all.includes(one));
  const rest = all.filter((one) => !coming.includes(one));
  const button = (one: string): readonly [string, ComponentChildren] => [one, <bdi>{one}</bdi>];
  return <>{coming.length > 0 && <><p class="lab">{t.expected}</p><Choice of={coming.map(button)} is={is} pick={pick} cols="three" /></>}{rest.length > 0 && <><p class="lab">{coming.length ? t.others : ""}</p><Choice of={rest.map(button)} is={is} pick={pick} cols="three" /></>}</>;
}
