// When gates are taken under a plan, as the drawing of a plan shows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest, occupancy, within } from "../dashboard/occupancy.ts";

const trip = (gate, handled, passes) => ({ start: "a", end: "b", departs: 0, passes, vehicles: ["B-01"], persons: 40, waits: "nothing", gate, handled });
const spans = (rows) => rows.map((row) => [row.gate, row.taken.map((one) => [one.from, one.to])]);

test("each gate has its convoys in the order in which it handles them, and the first gate stands first", () => {
  const rows = occupancy([trip("south", 60, 70), trip("north", 80, 95), trip("north", 20, 30)], 0);
  assert.deepEqual(spans(rows), [["north", [[20, 30], [80, 95]]], ["south", [[60, 70]]]]);
  assert.deepEqual(rows.map((row) => row.milliseconds), [25, 10]);
});

test("what has passed is left out, and what is being handled counts from now on", () => {
  assert.deepEqual(spans(occupancy([trip("north", 10, 20), trip("north", 15, 40)], 20)), [["north", [[20, 40]]]]);
});

test("a trip whose gate nobody knows stands at no gate", () => {
  assert.deepEqual(occupancy([trip(null, null, 40)], 0), []);
});

test("a convoy keeps its key while time goes on, and no two have the same", () => {
  const trips = [trip("north", 10, 20), trip("north", 50, 60)];
  const keys = (now) => occupancy(structuredClone(trips), now)[0].taken.map((one) => one.key);
  assert.deepEqual(keys(0), keys(15));
  assert.equal(new Set(keys(0)).size, 2);
});

test("a finger means the bar that it is in, else the nearest in time", () => {
  const [{ taken }] = occupancy([trip("north", 10, 20), trip("north", 50, 60)], 0);
  assert.deepEqual([0, 15, 34, 36, 55, 99].map((at) => nearest(taken, at).from), [10, 10, 10, 50, 50, 50]);
  assert.equal(nearest([], 5), undefined);
});

test("of a gate's hours what lies in the drawing is drawn, and hours that touch are one", () => {
  const open = [{ start: 50, end: 90 }, { start: 0, end: 20 }, { start: 20, end: 30 }];
  assert.deepEqual(within(open, 10, 60), [{ from: 10, to: 30 }, { from: 50, to: 60 }]);
  assert.deepEqual(within(open, 90, 99), []);
});
