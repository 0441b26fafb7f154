// What the phone holds: setting, device, post and outbox. It goes on without a hub once it has seen one.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { deployment, getSetting, getView, Refused } from "../shared/api";
import { type Device, enrol, held, type Kept, outbox, quoteNewest, record, type Saying, send } from "../shared/device";
import type { LegView, Setting, View } from "../shared/view";
import type { Language } from "./words";

/** What is remembered of the setting, so that a phone without signal knows places and buses. Nobody's counts are in it. */
interface Known { setting: Setting; legs: LegView[]; coming: Record<string, string[]>; offset: number }
const KNOWN = `safepassage known ${deployment}`;
const POST = `safepassage post ${deployment}`;

export function remembered<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}
export const remember = (key: string, value: unknown): void => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* the chain is in IndexedDB; this is comfort only */ }
};

async function look(signal?: AbortSignal): Promise<Known> {
  const setting = await getSetting();
  const coming: Record<string, string[]> = {};
  let view: View;
  try {
    view = await getView(undefined, signal);
  } catch (error) {
    if (error instanceof Refused) return { setting, legs: [], coming, offset: 0 }; // a phone without a session sees no picture
    throw error;
  }
  for (const { place } of view.places)
    coming[place] = view.vehicles.filter((one) => one.place === place || one.end === place || one.doing === "on the road" || one.doing === "stopped on the road").map((one) => one.vehicle);
  return { setting, legs: view.legs, coming, offset: view.now - Date.now() };
}

export interface Phone {
  known: Known | null; device: Device | null; ready: boolean; post: string | null; kept: Kept[]; online: boolean; offlineSince: number;
  enrolAs: (observer: string) => Promise<void>; takePost: (place: string) => Promise<void>; leavePost: () => Promise<void>;
  save: (what: Saying["what"], said: string, more?: { minutesAgo?: number; told_by?: string }) => Promise<Kept>;
  sendNow: () => Promise<void>; now: () => number;
}

export function usePhone(): Phone {
  const [known, setKnown] = useState<Known | null>(() => remembered<Known>(KNOWN));
  const [device, setDevice] = useState<Device | null>(null);
  const [ready, setReady] = useState(false);
  const [post, setPost] = useState<string | null>(() => remembered<string>(POST));
  const [kept, setKept] = useState<Kept[]>([]);
  const [online, setOnline] = useState(false);
  const [offlineSince, setOfflineSince] = useState(Date.now());
  const wait = useRef(3_000);
  const timer = useRef(0);
  const last = useRef(0);

  const heard = useCallback((yes: boolean) => {
    setOnline((was) => {
      if (was && !yes) setOfflineSince(Date.now());
      return yes;
    });
  }, []);
  const relook = useCallback(async (patience = 4_000): Promise<Known | null> => {
    const stop = new AbortController();
    const late = window.setTimeout(() => stop.abort(), patience);
    try {
      const found = await Promise.race([look(stop.signal), new Promise<never>((_, no) => stop.signal.addEventListener("abort", () => no(new Error("late"))))]);
      setKnown(found);
      remember(KNOWN, found);
      heard(true);
      return found;
    } catch {
      heard(false);
      return null;
    } finally {
      window.clearTimeout(late);
    }
  }, [heard]);

  const mine = useRef<Device | null>(null);
  mine.current = device;
  /** Sends what waits; if nobody answers, again after 3, 6, 12 … at most 60 seconds, and at once when the network is back. */
  const pump = useCallback(async (): Promise<void> => {
    window.clearTimeout(timer.current);
    const is = mine.current;
    const answered = is ? await send(is).catch(() => false) : (await relook()) !== null;
    if (is) setKept(await outbox(is));
    heard(answered);
    if (answered && is) await quoteNewest(is.id).catch(() => undefined);
    wait.current = answered ? 15_000 : Math.min(60_000, Math.max(3_000, wait.current === 15_000 ? 3_000 : wait.current * 2));
    timer.current = window.setTimeout(() => void (answered ? relook().then(pump) : pump()), wait.current);
  }, [heard, relook]);

  useEffect(() => {
    held(deployment, "monitor").then(async (found) => {
      setDevice(found ?? null);
      mine.current = found ?? null;
      if (found) setKept(await outbox(found));
      setReady(true);
      await relook();
      void pump();
    }, () => setReady(true));
    const back = (): void => void pump();
    const gone = (): void => heard(false);
    window.addEventListener("online", back);
    window.addEventListener("offline", gone);
    return () => {
      window.removeEventListener("online", back);
      window.removeEventListener("offline", gone);
      window.clearTimeout(timer.current);
    };
  }, []);

  /** In an exercise the clock is the hub's: the evening is played, perhaps faster. */
  const played = Boolean(known && (known.setting.demonstration || known.setting.exercise));
  const now = useCallback(() => Date.now() + (played ? (known?.offset ?? 0) : 0), [played, known]);
  const save: Phone["save"] = useCallback(async (what, said, more = {}) => {
    const is = mine.current;
    if (!is) throw new Error("no key");
    const fresh = played && online ? await relook(1_200) : null;
    const at = (fresh ? Date.now() + fresh.offset : now()) - (more.minutesAgo ?? 0) * 60_000;
    const seen_at = at <= last.current && !more.minutesAgo ? last.current + 1 : Math.floor(at); // two records are never one
    last.current = Math.max(last.current, seen_at);
    const place = remembered<string>(POST) ?? undefined;
    const made = await record(is.id, { what, seen_at, at: place, told_by: more.told_by }, said);
    setKept(await outbox(is));
    void pump();
    return made;
  }, [now, online, played, pump, relook]);

  const enrolAs = async (observer: string): Promise<void> => {
    const made = await enrol(deployment, observer, "monitor", known?.setting.demonstration ?? false);
    mine.current = made;
    setDevice(made);
    await quoteNewest(made.id).catch(() => undefined);
  };
  const takePost = async (place: string): Promise<void> => {
    remember(POST, place);
    setPost(place);
    await save({ kind: "post_taken" }, "post taken");
  };
  const leavePost = async (): Promise<void> => {
    await save({ kind: "post_left" }, "post left");
    remember(POST, null);
    setPost(null);
  };
  return { known, device, ready, post, kept, online, offlineSince, enrolAs, takePost, leavePost, save, sendNow: pump, now };
}

export const LANGUAGE = "safepassage language";
export const language = (): Language => (remembered<Language>(LANGUAGE) === "ar" ? "ar" : "en");
export const partyName = (party: Setting["parties"][number]): { id: string; name: string } =>
  typeof party === "string" ? { id: party, name: party } : { id: party.party ?? party.id ?? "", name: party.name ?? party.party ?? party.id ?? "" };

/** Whether people are received there: only such a place says what it takes. */
export const isReception = (known: Known | null, place: string | null): boolean => known?.setting.places.find((one) => one.place === place)?.kind === "reception";

/** A place as the monitor reads it; its own name where it has none in that language. */
export function placeName(known: Known | null, place: string | null, language: string): string {
  const found = known?.setting.places.find((one) => one.place === place);
  return (language === "ar" && found?.arabic) || found?.name || place || "";
}
