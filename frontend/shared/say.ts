// How figures and times are written on every page: bounds stay bounds, one zone, 24 hours.
import type { Count } from "./view";

const DAY = 86_400_000;

export const isOpen = (count: Count): boolean => count.high === null || count.high === undefined;
/** Nothing is known of it: no lower bound, no upper bound. */
export const isUnknown = (count: Count): boolean => count.low === 0 && isOpen(count);
export const isNone = (count: Count): boolean => count.low === 0 && count.high === 0;
export const highOf = (count: Count, otherwise: number): number => (isOpen(count) ? otherwise : (count.high as number));

const grouped = new Intl.NumberFormat("en", { useGrouping: true });
export const num = (value: number): string => (Math.abs(value) < 1_000 ? String(value) : grouped.format(value)).replace("-", "−");

/** `49–52`, `47`, `at least 49`, `not known`. */
export function count(value: Count): string {
  if (isUnknown(value)) return "not known";
  if (isOpen(value)) return `at least ${num(value.low)}`;
  return value.low === value.high ? num(value.low) : `${num(value.low)}–${num(value.high as number)}`;
}

export function sum(counts: Count[]): Count {
  return counts.reduce<Count>(
    (all, one) => ({ low: all.low + one.low, high: isOpen(all) || isOpen(one) ? null : (all.high as number) + (one.high as number) }),
    { low: 0, high: 0 },
  );
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
    formats.set(key, found);
  }
  return found;
}
export const clock = (at: number, zone: string): string =>
  format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
export const seconds = (at: number, zone: string): string =>
  format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(at);
export const date = (at: number, zone: string): string =>
  format(zone, { day: "numeric", month: "short", year: "numeric" }).format(at);
export const day = (at: number, zone: string): string => format(zone, { day: "numeric", month: "short" }).format(at);

/** The first full hour of the next day there; a day may have 23 or 25 hours. */
export function nextDay(now: number, zone: string): number {
  const hour = 3_600_000;
  let at = Math.floor(now / hour) * hour;
  while (day(at, zone) === day(now, zone)) at += hour;
  return at;
}

/** The clock; with its day when that is another one and more than 14 hours off. */
export function when(at: number, now: number, zone: string): string {
  return Math.abs(at - now) < (7 * DAY) / 12 || day(at, zone) === day(now, zone) ? clock(at, zone) : `${day(at, zone)} ${clock(at, zone)}`;
}

/** The clock; with its day whenever that is another one: for what a person plans with. */
export const whenDay = (at: number, now: number, zone: string): string =>
  day(at, zone) === day(now, zone) ? clock(at, zone) : `${day(at, zone)} ${clock(at, zone)}`;

/** `13 min`, `1 h 55`, `3 days`: rounded down. */
export function lasted(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  if (minutes < 1) return "under 1 min";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")}`;
  return `${Math.floor(hours / 24)} days`;
}
export const plural = (value: number, one: string, many: string): string => `${num(value)} ${value === 1 ? one : many}`;
/** `P-7`: a plan as people call it; inside the ledger it is `p-7`. */
export const planName = (plan: string): string => plan.toUpperCase();
export const city = (zone: string): string => (zone.split("/").pop() ?? zone).replaceAll("_", " ");
export const percent = (perMille: number): string => `${Math.floor(perMille / 10)} %`;
