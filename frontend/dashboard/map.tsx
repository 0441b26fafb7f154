// The corridor: a drawing, not to scale. Light road: a monitor stands there; dark hatched: nobody does.
import { count, plural, sum, when } from "../shared/say";
import type { PlaceView, SideView, VehicleView, View } from "../shared/view";
import { isLost, isMoving, isOverdue, lastSeen, leg, openMove, roads, shortName, watchedNow } from "./corridor";
import { type Box, place as placeLabels, type Wanted } from "./labels";
import { Panel } from "./parts";
import { useHub } from "./state";

const [W, H] = [632, 304];
const PAD = { x: 46, top: 26, bottom: 74 };
type Point = readonly [number, number];
const at = (one: PlaceView): Point => [PAD.x + (one.x * (W - 2 * PAD.x)) / 1000, PAD.top + (one.y * (H - PAD.top - PAD.bottom)) / 1000];
const between = (a: Point, b: Point, part: number): Point => [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
const line = (...points: Point[]): string => "M" + points.map((point) => point.map((n) => n.toFixed(1)).join(" ")).join("L");

interface Group { key: string; from: Point; to: Point; vehicles: VehicleView[]; act: boolean; said: string[] }

/** Vehicles between two sightings, joined where the stretch of road is the same: an area, never a point. */
function groups(view: View, places: Map<string, Point>): Group[] {
  const found = new Map<string, Group>();
  for (const vehicle of view.vehicles.filter(isMoving)) {
    const move = openMove(view, vehicle.vehicle);
    const seen = move ? lastSeen(move)[0] : (vehicle.place ?? vehicle.start!);
    const gap = isOverdue(view, vehicle.vehicle);
    const [from, to] = [places.get(seen) ?? places.get(vehicle.start!), places.get(vehicle.end!)];
    if (!from || !to) continue;
    const key = `${seen} ${vehicle.end} ${gap ? vehicle.vehicle : ""}`;
    const group = found.get(key) ?? { key, from, to, vehicles: [], act: Boolean(gap), said: [] };
    group.vehicles.push(vehicle);
    found.set(key, group);
  }
  for (const group of found.values()) {
    const [first] = group.vehicles as [VehicleView];
    const heads = sum(group.vehicles.map((one) => one.aboard));
    const gap = isOverdue(view, first.vehicle);
    const ids = group.vehicles.map((one) => one.vehicle);
    group.said = group.act && gap
      ? [`${first.vehicle} ${count(gap.missing)} ${gap.cause}`, `seen ${when(gap.last_seen, view.now, view.zone)} ${shortName(view, gap.last_place)}`]
      : [`${ids.length > 4 ? `${ids.slice(0, 3).join(" ")} and ${ids.length - 3} more` : ids.join(" ")}`, `${count(heads)} aboard`];
  }
  return [...found.values()];
}

function standing(view: View, place: string): string[] {
  const here = view.vehicles.filter((one) => one.place === place && !isMoving(one));
  const lost = here.filter(isLost);
  const well = here.filter((one) => !isLost(one));
  const kinds = new Map<string, number>();
  for (const one of well) kinds.set(one.kind, (kinds.get(one.kind) ?? 0) + 1);
  const parts = [...kinds].map(([kind, n]) => plural(n, kind, kind === "bus" ? "buses" : `${kind}s`));
  return [...(parts.length ? [parts.join(", ")] : []), ...(lost.length ? [`${plural(lost.length, "vehicle", "vehicles")} out of action`] : [])];
}

export function MapPanel() {
  const { view, pickedVehicle, pick, open } = useHub();
  const places = new Map(view.places.map((one) => [one.place, at(one)]));
  const known = roads(view).filter((one) => places.has(one.start) && places.has(one.end));
  const drawn = view.places.filter((one) => known.some((road) => road.start === one.place || road.end === one.place) || standing(view, one.place).length);
  const holders = [...new Set(view.places.map((one) => one.held_by).filter((one): one is string => one !== null))].sort();
  const lines = known.map((road) => [...places.get(road.start)!, ...places.get(road.end)!]);
  const areas = groups(view, places);
  const waits = (one: PlaceView): string[] => {
    const side = one.kind === "assembly" ? view.sides.find((each) => ofArea(each, one.area)) : undefined;
    const only = view.places.filter((each) => each.kind === "assembly" && each.area === one.area).length === 1;
    return side && only ? [`${count(side.waiting)} wait`] : [];
  };
  const texts = new Map(drawn.map((one) => [one.place, [shortName(view, one.place), ...waits(one), ...standing(view, one.place)]]));
  const wanted: Wanted[] = [
    ...[...drawn].sort((a, b) => texts.get(b.place)!.length - texts.get(a.place)!.length).map((one) => {
      const [x, y] = places.get(one.place)!;
      return { key: one.place, x, y, gap: 14, lines: texts.get(one.place)! };
    }),
    ...[...areas].sort((a, b) => Number(b.act) - Number(a.act)).map((group) => mid(group)),
  ];
  const labels = placeLabels(wanted, { x: 4, y: 2, w: W - 8, h: H - 28 }, lines, [{ x: 0, y: H - 22, w: W, h: 22 }, ...areas.flatMap(boxesOf), ...drawn.flatMap((one) => crosses(view, one.place, places.get(one.place)!))]);
  const dark = known.filter((road) => !watchedNow(view, road.start).length || !watchedNow(view, road.end).length).length;
  return (
    <Panel id={1} title="Corridor" note="drawing, not to scale · light: a monitor is there; dark hatched: nobody is">
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`Corridor with ${drawn.length} places; ${dark} of ${known.length} roads are not watched at both ends. The panel "Not accounted for" says the same in words.`}>
        {known.map((road) => {
          const [a, b] = [places.get(road.start)!, places.get(road.end)!];
          const [near, far] = [watchedNow(view, road.start).length > 0, watchedNow(view, road.end).length > 0];
          return (
            <g key={`${road.start} ${road.end}`}>
              <path class="ed" d={line(a, b)} />
              <path class="cov dk" d={line(a, b)} />
              {near && <path class="cov lt" d={line(a, between(a, b, 0.34))} />}
              {far && <path class="cov lt" d={line(between(a, b, 0.66), b)} />}
              <path class={`hold ${holderStyle(view, holders, road.start)}`} d={line(a, between(a, b, 0.5))} />
              <path class={`hold ${holderStyle(view, holders, road.end)}`} d={line(between(a, b, 0.5), b)} />
            </g>
          );
        })}
        {areas.map((group, index) => {
          const chosen = group.vehicles.some((one) => one.vehicle === pickedVehicle);
          const label = labels.get(group.key);
          const centre = middle(group);
          return (
            <g key={group.key} class={`run ${group.act ? "actrun" : ""} ${chosen ? "chosen" : ""}`} onClick={() => pick(group.vehicles[0]!.vehicle)}>
              <path class="where" d={band(group, 9 + (index % 2) * 3)} />
              {label && <path class="lead" d={line(centre, [label.x, label.y + (label.box.y > centre[1] ? -8 : label.box.h - 10)])} />}
              {!group.act && <path class="veh" d={arrow(group)} />}
              {label && <Lines x={label.x} y={label.y} anchor={label.anchor} lines={group.said} first={group.act ? "b act" : "b"} />}
            </g>
          );
        })}
        <g class="place">
          {drawn.map((one) => {
            const [x, y] = places.get(one.place)!;
            const label = labels.get(one.place);
            const lost = view.vehicles.filter((each) => each.place === one.place && isLost(each)).length;
            const posted = watchedNow(view, one.place);
            return (
              <g key={one.place} onClick={() => open({ kind: "place", place: one.place })} class="button">
                <title>{`${one.name}: ${posted.length ? `watched by ${posted.map((post) => post.observer).join(", ")}` : "nobody on post"}`}</title>
                {one.kind === "crossing" ? <path class="x" d={`M${x} ${y - 9}l9 9-9 9-9-9z`} />
                  : one.kind === "checkpoint" ? <rect class="stop" x={x - 3} y={y - 10} width="6" height="20" />
                    : one.kind === "road" ? <circle cx={x} cy={y} r="3" /> : <circle cx={x} cy={y} r="5" />}
                {lost > 0 && <path class="burn" d={Array.from({ length: lost }, (_, n) => `M${x + 13 + (n % 8) * 10} ${y - 3}l6 6m0-6l-6 6`).join("")} />}
                {label?.far && <path class="lead" d={line([x, y], [label.x, label.y - 4])} />}
                {label && <Lines x={label.x} y={label.y} anchor={label.anchor} lines={texts.get(one.place)!} first="b" alarm={lost > 0 ? "out of action" : ""} />}
              </g>
            );
          })}
        </g>
        <g class="key" transform={`translate(12 ${H - 22})`}>
          <rect class="kl" x="0" y="4" width="20" height="10" /><text class="q" x="26" y="14">watched</text>
          <rect class="kd" x="84" y="4" width="20" height="10" /><text class="q" x="110" y="14">not watched</text>
          {areas.length > 0 && <><rect class="area" x="190" y="4" width="20" height="10" /><text class="q" x="216" y="14">somewhere here</text></>}
          {holders.slice(0, 2).map((holder, index) => (
            <g key={holder} transform={`translate(${320 + index * 150} 0)`}><path class={`hold ${index ? "b" : "a"}`} d="M0 9h24" /><text class="q" x="30" y="14">{holder} holds</text></g>
          ))}
        </g>
      </svg>
      <ul class="vh">{areas.map((group) => <li key={group.key}>{leg(view, group.vehicles[0]!.start, group.vehicles[0]!.end)}: {group.said.join(", ")}</li>)}</ul>
    </Panel>
  );
}

const ofArea = (side: SideView, area: string): boolean => area !== "" && (side.side.toLowerCase() === area.toLowerCase() || side.name.toLowerCase().includes(area.toLowerCase()));
const crosses = (view: View, place: string, [x, y]: Point): Box[] => {
  const lost = view.vehicles.filter((one) => one.place === place && isLost(one)).length;
  return lost ? [{ x: x + 8, y: y - 8, w: Math.min(lost, 8) * 10 + 6, h: 16 }] : [];
};
const boxesOf = (group: Group): Box[] => [0.15, 0.3, 0.45, 0.6, 0.75, 0.85].map((part) => {
  const [x, y] = shifted(between(group.from, group.to, part), group, 14);
  return { x: x - 8, y: y - 8, w: 16, h: 16 };
});
const holderStyle = (view: View, holders: string[], place: string): string => {
  const held = view.places.find((one) => one.place === place)?.held_by;
  return held ? (holders.indexOf(held) === 0 ? "a" : "b") : "none";
};
const middle = (group: Group): Point => shifted(between(group.from, group.to, 0.5), group, 12);
const mid = (group: Group): Wanted => {
  const [x, y] = middle(group);
  return { key: group.key, x, y, gap: 16, lines: group.said };
};
function normal(group: Group): Point {
  const [dx, dy] = [group.to[0] - group.from[0], group.to[1] - group.from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const side = dx === 0 || dy / dx < 0 ? 1 : 1;
  return [(-dy / length) * side, (dx / length) * side];
}
const shifted = (point: Point, group: Group, by: number): Point => {
  const [nx, ny] = normal(group);
  const sign = ny < 0 ? -1 : 1; // always below the road, whichever way it is driven
  return [point[0] + nx * by * sign, point[1] + ny * by * sign];
};
function band(group: Group, offset: number): string {
  const [a, b] = [between(group.from, group.to, 0.12), between(group.from, group.to, 0.88)];
  return line(shifted(a, group, offset), shifted(b, group, offset), shifted(b, group, offset + 9), shifted(a, group, offset + 9)) + "Z";
}
function arrow(group: Group): string {
  const tip = shifted(between(group.from, group.to, 0.88), group, 14);
  const back = shifted(between(group.from, group.to, 0.88 - 12 / (Math.hypot(group.to[0] - group.from[0], group.to[1] - group.from[1]) || 1)), group, 14);
  const [nx, ny] = normal(group);
  return line(tip, [back[0] + nx * 5, back[1] + ny * 5], [back[0] - nx * 5, back[1] - ny * 5]) + "Z";
}

function Lines(props: { x: number; y: number; anchor: string; lines: string[]; first: string; alarm?: string }) {
  return (
    <text x={props.x} y={props.y} text-anchor={props.anchor} class="halo">
      {props.lines.map((text, index) => (
        <tspan key={index} x={props.x} dy={index ? 15 : 0} class={index === 0 ? props.first : props.alarm && text.includes(props.alarm) ? "act b" : "q"}>{text}</tspan>
      ))}
    </text>
  );
}
