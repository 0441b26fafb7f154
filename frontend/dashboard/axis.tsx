// The time axis that all drawings of a plan share, so that they can be read one under the other.
import { clock, day } from "../shared/say";
import { useHub } from "./state";

export const [W, LEFT, RIGHT, TOP, LOW] = [350, 46, 10, 8, 18];
const HOUR = 3_600_000;
export interface Span { from: number; to: number }

export const across = ({ from, to }: Span) => (at: number): number => LEFT + ((Math.min(Math.max(at, from), to) - from) / Math.max(1, to - from)) * (W - LEFT - RIGHT);
/** The time at a share, 0 to 1, of the drawing's whole width. */
export const timeAt = ({ from, to }: Span, share: number): number => from + ((share * W - LEFT) / (W - LEFT - RIGHT)) * (to - from);

export function Ticks({ span, height }: { span: Span; height: number }) {
  const { view } = useHub();
  const long = span.to - span.from;
  const every = [1, 2, 4, 6, 12, 24, 48, 96].map((hours) => hours * HOUR).find((step) => long / step <= 6) ?? long;
  const first = Math.ceil(span.from / every) * every;
  const ticks = Array.from({ length: Math.max(0, Math.floor((span.to - first) / every) + 1) }, (_, n) => first + n * every);
  const x = across(span);
  return <>{ticks.map((at) => <g key={at}><line class="tick" x1={x(at)} x2={x(at)} y1={TOP} y2={height - LOW} /><text x={Math.min(x(at), W - 18)} y={height - 5} text-anchor="middle">{every >= 24 * HOUR ? day(at, view.zone) : clock(at, view.zone)}</text></g>)}</>;
}
