// What of a plan is still to leave, what can no longer leave, and who left outside any plan.
import type { MoveView, PlanView, TripView, View } from "../shared/view";
import { isLost } from "./corridor";

const newest = (plans: PlanView[], at: (plan: PlanView) => number): PlanView | undefined => [...plans].sort((a, b) => at(b) - at(a))[0];
const decided = (plan: PlanView): number => plan.decided_at ?? plan.at;

export const waiting = (view: View): PlanView | undefined => newest(view.plans.filter((plan) => plan.standing === "waiting"), (plan) => plan.at);
export const inForce = (view: View): PlanView | undefined => newest(view.plans.filter((plan) => plan.standing === "adopted"), decided);
/** The newest proposal, where people said no to it, it fell, or nobody decided in time, and nothing was adopted or proposed since. */
export function turnedDown(view: View): PlanView | undefined {
  const last = newest(view.plans, (plan) => plan.at);
  return last && ["declined", "withdrawn", "lapsed"].includes(last.standing) && decided(last) >= decided(inForce(view) ?? last) ? last : undefined;
}

export const left = (view: View, plan: PlanView, trip: TripView, vehicle: string): boolean =>
  view.moves.some((move) => move.plan === plan.plan && move.vehicle === vehicle && (move.planned === null || move.planned === trip.departs));
export const lost = (view: View, vehicle: string): boolean => view.vehicles.some((one) => one.vehicle === vehicle && isLost(one));

/** Vehicles of a trip that have not left and are out of action. */
export const struck = (view: View, plan: PlanView, trip: TripView): string[] => trip.vehicles.filter((one) => lost(view, one) && !left(view, plan, trip, one));
/** Vehicles of a trip that have not left and can. */
export const able = (view: View, plan: PlanView, trip: TripView): string[] => trip.vehicles.filter((one) => !lost(view, one) && !left(view, plan, trip, one));
export const stillToLeave = (view: View, plan: PlanView): TripView[] =>
  plan.trips.filter((trip) => trip.departs > view.now && able(view, plan, trip).length > 0).sort((a, b) => a.departs - b.departs);
/** Its last convoy was to be received before now. */
export const overtaken = (view: View, plan: PlanView): boolean => plan.ends < view.now;

/** Departures from a side's ground after the newest proposal that follow no plan. */
export function outsidePlans(view: View): MoveView[] {
  const last = newest(view.plans, (plan) => plan.at);
  const sides = view.sides.flatMap((side) => [side.side, side.name]).map((name) => name.toLowerCase());
  const ofSide = (start: string): boolean => {
    const area = view.places.find((place) => place.place === start)?.area.toLowerCase() ?? "";
    return area !== "" && sides.some((side) => side.includes(area));
  };
  return last ? view.moves.filter((move) => move.plan === null && move.departed > last.at && move.heads.high !== 0 && ofSide(move.start)).sort((a, b) => b.departed - a.departed) : [];
}
