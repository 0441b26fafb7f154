// The exchange: what each side has sent, of what was agreed, and what each may do next. What is claimed stands beside it.
import { highOf, isUnknown, num } from "../shared/say";
import type { Count } from "../shared/view";
import { count } from "./words";
import { Empty, Entries, Panel } from "./parts";
import { useHub } from "./state";

/** Solid to the lower bound, hatched to the upper; all hatched where nothing is known. */
function Bar({ of, is, label }: { of: number; is: Count | null; label: string }) {
  if (is === null || isUnknown(is)) return <span class="xbar hatch" role="img" aria-label="not known" />;
  const share = (value: number): string => `${of <= 0 ? 0 : Math.min(100, (100 * value) / of)}%`;
  const high = highOf(is, of);
  return <span class="xbar" role="img" aria-label={label}><i class="solid" style={{ width: share(is.low) }} />{high > is.low && <i class="hatch" style={{ width: share(high - is.low) }} />}</span>;
}
const said = (is: Count | null, agreed: number): string => `${is === null ? "not known" : count(is)}${agreed > 0 ? ` of ${num(agreed)}` : ""}`;

export function ExchangePanel() {
  const { view } = useHub();
  const { exchange } = view;
  if (!exchange) return <Panel id={6} title="Exchange" note=""><Empty known={false}>No linked terms are in this agreement.</Empty></Panel>;
  const seen = exchange.sides.some((side) => side.departed !== null);
  const next = exchange.sides.map((side) => (side.may_next === null ? `${side.name}: not known` : `${side.name} at most ${num(side.may_next)}`));
  const scale = Math.max(1, ...exchange.sides.map((side) => Math.max(side.agreed, side.departed?.low ?? 0)), ...exchange.claimed.map((side) => side.departed?.low ?? 0));
  const buses = exchange.sides.filter((side) => side.buses > 0 || side.owed_buses > 0);
  return (
    <Panel id={6} title="Exchange" note={`left, of those agreed · ${exchange.basis}`}>
      <div class="par">
        {exchange.sides.map((side) => (
          <div class="side" key={side.side}><b>{side.name}</b><Bar of={side.agreed || scale} is={side.departed} label={said(side.departed, side.agreed)} /><span>{said(side.departed, side.agreed)}</span></div>
        ))}
        {buses.length > 0 && <p class="q">Buses in use: {buses.map((side, index) => <>{index > 0 && "; "}{side.name} {side.buses}{side.owed_buses > 0 && <>, <b class="soon">owes {side.owed_buses}</b></>}</>)}.</p>}
        <p>Difference {exchange.difference === null ? "not known" : count(exchange.difference)}{exchange.limit !== null ? `, limit ${num(exchange.limit)}` : "; no limit was agreed"}.</p>
        {exchange.sides.length > 0 && <p class="q">{exchange.limit !== null ? `Allowed next: ${next.join("; ")}.` : "Allowed next: not known, since no balance was agreed."}</p>}
        {seen && exchange.claimed.length > 0 && <p class="q">As claimed, not established: {exchange.claimed.map((side, index) => <>{index > 0 && "; "}{side.name} {side.departed === null ? "no figure" : count(side.departed)} <Entries entries={side.entries} /></>)}</p>}
        {!seen && exchange.claimed.length > 0 && (
          <div class="claimed"><p class="strong">As claimed, not established</p>
            {exchange.claimed.map((side) => (
              <div class="side" key={side.side}><span>{side.name}</span><Bar of={Math.max(scale, ...side.agreed.map((one) => one.quantity.low))} is={side.departed} label={said(side.departed, 0)} />
                <span>{side.departed === null ? "no figure" : count(side.departed)}</span>
                <p class="q wide">{side.agreed.map((one, index) => <>{index > 0 && "; "}to leave: {count(one.quantity)} {one.who} <Entries entries={[one.entry]} /></>)}</p>
                <p class="q wide">{side.origins > 0 && `left, by ${side.origins} root source${side.origins === 1 ? "" : "s"} `}<Entries entries={side.entries} most={4} /></p></div>
            ))}</div>
        )}
      </div>
    </Panel>
  );
}
