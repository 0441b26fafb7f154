// When gates handle convoys under a plan: what is drawn, apart from how.
import type { TripView } from "../shared/view";

/** `key`: the same convoy in the next view too. */
export interface Taking { key: string; trip: TripView; from: number; to: number }
export interface GateRow { gate: string; taken: Taking[]; milliseconds: number }

/** Per gate what it handles from `now` on, the gate that begins first above; a trip of which no gate is known is in no row. */
export function occupancy(trips: TripView[], now: number): GateRow[] {
  const rows = new Map<string, Taking[]>();
  for (const trip of trips) {
    if (trip.gate === null || trip.handled === null || trip.passes <= now) continue;
    rows.set(trip.gate, [...(rows.get(trip.gate) ?? []), { key: `${trip.gate} ${trip.passes} ${trip.vehicles[0]}`, trip, from: Math.max(now, trip.handled), to: trip.passes }]);
  }
  return [...rows].map(([gate, found]) => {
    const taken = found.sort((a, b) => a.from - b.from);
    return { gate, taken, milliseconds: taken.reduce((all, one) => all + one.to - one.from, 0) };
  }).sort((a, b) => a.taken[0]!.from - b.taken[0]!.from || (a.gate < b.gate ? -1 : 1));
}

/** What of these stretches lies between two times; where the hours of two days touch they are one. */
export function within(stretches: { start: number; end: number }[], from: number, to: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const one of [...stretches].sort((a, b) => a.start - b.start)) {
    const [begin, end] = [Math.max(from, one.start), Math.min(to, one.end)];
    if (begin >= end) continue;
    const last = found.at(-1);
    if (last && begin <= last.to) last.to = Math.max(last.to, end);
    else found.push({ from: begin, to: end });
  }
  return found;
}

const off = (one: Taking, at: number): number => Math.max(one.from - at, at - one.to, 0);
/** What a finger means that comes down at this time: bars are narrower than fingers. */
export const nearest = (taken: Taking[], at: number): Taking | undefined =>
  taken.reduce<Taking | undefined>((best, one) => (best && off(best, at) <= off(one, at) ? best : one), undefined);
