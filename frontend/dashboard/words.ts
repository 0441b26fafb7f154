// What the panels of this page say often.
import type { Tally } from "../shared/view";
export { clock, count, lasted, percent, plural, sum, when, whenDay } from "../shared/say";
export { limit } from "./parts";

const PARTS = ["men", "women", "youth", "children", "stretchers"] as const;
/** `men 14 → 11, women 16`: what changed first. */
export function tallyLine(before: Tally, after: Tally): string {
  const parts = PARTS.filter((part) => before[part] !== undefined && before[part] !== null || after[part] !== undefined && after[part] !== null);
  const said = parts.map((part) => ({ part, a: before[part] ?? null, b: after[part] ?? null }));
  const changed = said.filter((one) => one.a !== one.b);
  return (changed.length ? changed : said).map(({ part, a, b }) => (a === b ? `${part} ${a}` : `${part} ${a ?? "not taken"} → ${b ?? "not taken"}`)).join(", ");
}
