// The exchange: what each side has sent, of what was agreed, and what each may do next.
import { highOf, isUnknown, num } from "../shared/say";
import { count } from "./words";
import { Empty, Panel } from "./parts";
import { useHub } from "./state";

/** Solid to the lower bound, hatched to the upper. */
export function Bar({ low, high, of, label }: { low: number; high: number; of: number; label: string }) {
  const share = (value: number): string => `${of <= 0 ? 0 : Math.min(100, (100 * value) / of)}%`;
  return <span class="xbar" role="img" aria-label={label}><i class="solid" style={{ width: share(low) }} />{high > low && <i class="hatch" style={{ width: share(high - low) }} />}</span>;
}

export function ExchangePanel() {
  const { view } = useHub();
  const { exchange } = view;
  if (!exchange) return <Panel id={6} title="Exchange" note=""><Empty known={false}>No linked terms are in this agreement.</Empty></Panel>;
  const next = exchange.sides.map((side) => (side.may_next === null ? `${side.name}: not known` : `${side.name} at most ${num(side.may_next)}`));
  const scale = Math.max(...exchange.sides.map((side) => Math.max(side.agreed, side.departed.low)), 1);
  return (
    <Panel id={6} title="Exchange" note={`left, of those agreed · ${exchange.basis}`}>
      <div class="par">
        {exchange.sides.map((side) => (
          <div class="side" key={side.side}>
            <b>{side.name}</b>
            {isUnknown(side.departed) ? <span class="xbar hatch" role="img" aria-label="not known" />
              : <Bar low={side.departed.low} high={highOf(side.departed, scale)} of={side.agreed || scale} label={`${count(side.departed)} of ${side.agreed}`} />}
            <span>{isUnknown(side.departed) ? "not known" : count(side.departed)}{side.agreed > 0 && ` of ${num(side.agreed)}`}</span>
            {(side.buses > 0 || side.owed_buses > 0) && <><span class="q">buses</span><span class="q wide">{side.buses} in use{side.owed_buses > 0 && <>, <b class="soon">owes {side.owed_buses}</b></>}</span></>}
          </div>
        ))}
        <p>Difference {count(exchange.difference)}{exchange.limit !== null ? `, limit ${num(exchange.limit)}` : "; no limit was agreed"}.</p>
        <p class="q">{exchange.limit !== null ? `Allowed next: ${next.join("; ")}.` : "Allowed next: not known, since no balance was agreed."}</p>
      </div>
    </Panel>
  );
}
