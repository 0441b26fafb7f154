// What the page holds: the newest view, a view of the past where one was asked for, and whether the hub answers.
import { createContext } from "preact";
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { follow, getView, problemIn } from "../shared/api";
import type { Problem, View } from "../shared/view";
import type { Deciding } from "./decide";

/** What a drawer can be opened on. */
export type Subject =
  | { kind: "clause"; label: string }
  | { kind: "gap"; vehicle: string; cause: string }
  | { kind: "plan"; plan: string }
  | { kind: "place"; place: string }
  | { kind: "entry"; index: number };

export interface Hub {
  view: View;
  /** The first view that this page saw: what changed since is said against it. */
  first: View;
  past: boolean;
  live: boolean;
  heardAt: number;
  pickedVehicle: string | null;
  pick: (vehicle: string | null) => void;
  /** Opens what is to be signed. */
  decide: (on: Deciding) => void;
  open: (subject: Subject) => void;
  show: (size: number | null) => void;
}
export const HubContext = createContext<Hub | null>(null);
export function useHub(): Hub {
  const hub = useContext(HubContext);
  if (!hub) throw new Error("no hub above");
  return hub;
}

export interface Pictures {
  newest: View | null; first: View | null; past: View | null; live: boolean; heardAt: number; movedAt: number; problem: Problem | null;
  pastProblem: Problem | null; show: (size: number | null) => void; wanted: number | null;
}

/** Follows the live view; `show(size)` fetches what was known at a size, `show(null)` returns to now. */
export function usePictures(): Pictures {
  const [newest, setNewest] = useState<View | null>(null);
  const first = useRef<View | null>(null);
  const [past, setPast] = useState<View | null>(null);
  const [wanted, setWanted] = useState<number | null>(null);
  const [live, setLive] = useState(false);
  const [heardAt, setHeardAt] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pastProblem, setPastProblem] = useState<Problem | null>(null);

  const [movedAt, setMovedAt] = useState(Date.now());
  const last = useRef({ now: 0, size: 0 });

  const take = useCallback((view: View) => {
    if (view.now > last.current.now || view.size > last.current.size) setMovedAt(Date.now());
    last.current = { now: Math.max(view.now, last.current.now), size: Math.max(view.size, last.current.size) };
    first.current ??= view;
    setNewest((old) => (old && old.size > view.size ? old : view)); // a late answer never takes the page back
    setHeardAt(Date.now());
    setProblem(null);
  }, []);
  useEffect(() => {
    let retry = 0;
    const load = (): void => {
      getView().then(take, (error: unknown) => {
        setProblem(problemIn(error));
        retry = window.setTimeout(load, 5_000);
      });
    };
    load();
    const stop = follow(take, setLive);
    return () => {
      window.clearTimeout(retry);
      stop();
    };
  }, [take]);
  useEffect(() => {
    setPastProblem(null);
    if (wanted === null) return setPast(null);
    const asked = new AbortController();
    const wait = window.setTimeout(() => {
      getView(wanted, asked.signal).then(setPast, (error: unknown) => {
        if (!asked.signal.aborted) setPastProblem(problemIn(error));
      });
    }, 120);
    return () => {
      window.clearTimeout(wait);
      asked.abort();
    };
  }, [wanted]);
  const ceiling = newest?.newest ?? 0;
  const show = useCallback((size: number | null) => setWanted(size === null || size >= ceiling ? null : Math.max(1, size)), [ceiling]);
  return { newest, first: first.current, past: wanted === null ? null : past, live, heardAt, movedAt, problem, pastProblem, show, wanted };
}

/** True for six seconds after `value` changed. */
export function useChanged(value: string): boolean {
  const last = useRef(value);
  const [marked, setMarked] = useState(false);
  useEffect(() => {
    if (last.current === value) return;
    last.current = value;
    setMarked(true);
    const out = window.setTimeout(() => setMarked(false), 6_000);
    return () => window.clearTimeout(out);
  }, [value]);
  return marked;
}

/** Rows keep their place while pointer or focus is in the panel; what is new is put at the end until `release`. */
export function useHeldOrder<T>(rows: readonly T[], keyOf: (row: T) => string): {
  rows: T[]; behind: number; release: () => void; hold: Record<string, () => void>;
} {
  const [held, setHeld] = useState(false);
  const order = useRef<string[]>([]);
  const wanted = rows.map(keyOf);
  if (!held) order.current = wanted;
  return useMemo(() => {
    const byKey = new Map(rows.map((row) => [keyOf(row), row]));
    const kept = order.current.filter((key) => byKey.has(key));
    const all = [...kept, ...wanted.filter((key) => !kept.includes(key))];
    const behind = all.filter((key, at) => wanted[at] !== key).length;
    return {
      rows: all.map((key) => byKey.get(key) as T),
      behind,
      release: () => setHeld(false),
      hold: {
        onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false),
        onFocusIn: () => setHeld(true), onFocusOut: () => setHeld(false),
      },
    };
  }, [rows, held, wanted.join("\n")]);
}
