// Posts and gaps: where somebody neutral stands, until when, and where nobody does.
import { clock, plural, when } from "./words";
import { onPost, shortName, standsPost, watchedNow } from "./corridor";
import { Empty, Panel } from "./parts";
import { useHub } from "./state";

const [W, LEFT, RIGHT, ROW] = [404, 108, 244, 17];
const HOUR = 3_600_000;
const cut = (name: string): string => (name.length > 14 ? `${name.slice(0, 13)}…` : name);

export function PostsPanel() {
  const { view } = useHub();
  const places = view.places.filter((one) => view.posts.some((post) => post.place === one.place) || ["assembly", "crossing", "checkpoint", "reception"].includes(one.kind) && view.legs.some((road) => road.start === one.place || road.end === one.place));
  const monitors = new Set(view.posts.filter((post) => standsPost(post, view.now)).map((post) => post.observer)).size;
  if (view.posts.length === 0)
    return <Panel id={7} title="Posts and gaps" note="no posts"><Empty known={false}>No neutral monitor is on post in this record.</Empty></Panel>;
  const [from, to] = [view.now - 4 * HOUR, view.now + 8 * HOUR];
  const x = (at: number): number => LEFT + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (RIGHT - LEFT);
  const bare = (place: string): boolean => watchedNow(view, place).length === 0;
  const rows = [...places].sort((a, b) => Number(bare(b.place)) - Number(bare(a.place)));
  const height = rows.length * ROW + 22;
  return (
    <Panel id={7} title="Posts and gaps" note={`${clock(from, view.zone)} to ${clock(to, view.zone)}, ${plural(monitors, "monitor", "monitors")}`}>
      <svg viewBox={`0 0 ${W} ${height}`} role="img" aria-label={rows.map((one) => `${one.name}: ${watchedNow(view, one.place).map((post) => post.observer).join(", ") || "nobody"}`).join(". ")}>
        {rows.map((one, index) => {
          const y = 6 + index * ROW;
          const here = watchedNow(view, one.place);
          const open = here.some((post) => post.end === null);
          const ends = Math.max(...here.map((post) => post.end ?? view.now), 0);
          const moving = view.vehicles.some((vehicle) => vehicle.end === one.place && vehicle.doing !== "arrived" && vehicle.doing !== "standing");
          const left = view.posts.filter((post) => post.place === one.place && post.end !== null && post.end <= view.now).sort((a, b) => b.end! - a.end!)[0];
          const said = left ? `nobody since ${when(left.end!, view.now, view.zone)}` : "nobody";
          const names = here.map((post) => post.observer).slice(0, 3).join(" ");
          return (
            <g key={one.place}>
              <text x="12" y={y + 10}>{cut(shortName(view, one.place))}</text>
              <rect class="kd" x={LEFT} y={y} width={RIGHT - LEFT} height="12" />
              {onPost(view, one.place, from, to).map(([a, b]) => <rect key={a} class="kl" x={x(a)} y={y} width={x(b) - x(a)} height="12" />)}
              <text class={here.length > 0 ? "" : moving ? "act" : "q"} x={RIGHT + 8} y={y + 10}><title>{left ? `${left.observer} left` : said}</title>{here.length > 0 ? `${names}${open ? ", hours not known" : ` until ${when(ends, view.now, view.zone)}`}` : said}</text>
            </g>
          );
        })}
        <path class="now" d={`M${x(view.now)} 2V${height - 17}`} />
        {[-4, 0, 4, 8].map((hour) => <text key={hour} class="q" x={x(view.now + hour * HOUR)} y={height - 4} text-anchor="middle">{clock(view.now + hour * HOUR, view.zone)}</text>)}
      </svg>
    </Panel>
  );
}
