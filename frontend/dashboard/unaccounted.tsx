// What is not accounted for, by leg, and the alarms with their call cards.
import { underWay } from "./answers";
import { count, limit as over, sum, tallyLine, when } from "./words";
import type { AlarmView, CardView, GapView, View } from "../shared/view";
import { highOf, isNone, isUnknown } from "../shared/say";
import { leg, shortName, standsPost } from "./corridor";
import { Empty, Entries, Panel } from "./parts";
import { useChanged, useHeldOrder, useHub } from "./state";

/** One vehicle may have several on one road: the entries that they rest on tell them apart. */
const keyOf = (gap: GapView): string => [gap.vehicle, gap.cause, gap.start, gap.end, ...gap.entries.map((one) => one.id)].join(" ");
const weight = (gap: GapView): number => gap.missing.low * 1000 + (gap.missing.high ?? 999);

export function GapsPanel() {
  const { view } = useHub();
  const sorted = [...view.gaps].sort((a, b) => weight(b) - weight(a));
  const held = useHeldOrder(sorted, keyOf);
  const total = sum(view.sides.map((side) => side.unaccounted));
  const alone = view.alarms.filter((alarm) => alarm.raised && !view.gaps.some((gap) => gap.vehicle === alarm.vehicle));
  const boarded = view.moves.length > 0;
  const note = boarded ? (isNone(total) ? "nobody overdue or uncounted" : isUnknown(total) ? "not known" : `${count(total)} persons`) : "not known";
  return (
    <Panel id={3} title="Not accounted for, by leg" note={note} {...held.hold}
      end={held.behind > 0 && <button class="link" onClick={held.release}>{held.behind} changed, <kbd>r</kbd></button>}>
      {held.rows.length + alone.length === 0 ? <Nobody view={view} boarded={boarded} /> : (
        <ul class="un">
          {held.rows.map((gap) => <Row key={keyOf(gap)} gap={gap} alarm={view.alarms.find((one) => one.vehicle === gap.vehicle && one.raised)} />)}
          {alone.map((alarm) => <li key={alarm.vehicle}><AlarmLines alarm={alarm} title /></li>)}
        </ul>
      )}
    </Panel>
  );
}

function Row({ gap, alarm }: { gap: GapView; alarm: AlarmView | undefined }) {
  const { view, open, pick, pickedVehicle } = useHub();
  const changed = useChanged(count(gap.missing));
  const act = gap.missing.low > 0 && (gap.cause !== "fewer counted" || Boolean(alarm));
  const late = gap.due !== null && gap.due < view.now ? `, ${over(gap.due, view.now)}` : "";
  return (
    <li class={`row ${pickedVehicle === gap.vehicle ? "sel" : ""} ${changed ? "chg" : ""}`} data-key={keyOf(gap)}>
      <button class="cover" data-row aria-label={`${count(gap.missing)}, ${gap.vehicle}, ${gap.cause}: why`} onFocus={() => pick(gap.vehicle)}
        onClick={() => { pick(gap.vehicle); open({ kind: "gap", vehicle: gap.vehicle, cause: gap.cause }); }} />
      <span class={`fig ${act ? "act" : ""}`}>{count(gap.missing)}</span>
      <div>
        <b class="code">{gap.vehicle}</b> {leg(view, gap.start, gap.end)}, <span class={act ? "act" : ""}>{gap.cause}{late}</span>
        <p class="q">seen {when(gap.last_seen, view.now, view.zone)} {shortName(view, gap.last_place)} <Entries entries={gap.entries} /></p>
        <p class="q">in any case {count(gap.in_any_case)}</p>
        {alarm && <AlarmLines alarm={alarm} />}
        {gap.cause === "taken off, seen" && view.cards.filter((card) => gap.entries.some((one) => `c-${one.id.slice(0, 8)}` === card.card)).map((card) => <CardLines key={card.card} card={card} raised />)}
      </div>
    </li>
  );
}

/** The alarm names a run and bounds, never a person; its card says who is asked, by when, and what they answered. */
export function AlarmLines({ alarm, title, headed }: { alarm: AlarmView; title?: boolean; headed?: boolean }) {
  const { view } = useHub();
  const { card } = alarm;
  return (
    <div class={`alarm ${alarm.raised ? "" : "lapsed"}`}>
      {title && <p><b class="code">{alarm.vehicle}</b> {leg(view, alarm.start, alarm.end)}</p>}
      <p>{!headed && (alarm.raised ? <span class="act strong">separation alarm </span> : <span class="strong">separation alarm lapsed </span>)}{alarm.heads_before} → {alarm.heads_after} heads, {tallyLine(alarm.before, alarm.after)}</p>
      {alarm.raised ? !headed && <p class="q">if those missing had been picked blindly: 1 in {alarm.one_in}; the threshold is 1 in {alarm.threshold_one_in}</p>
        : <p class="q">raised {when(alarm.at, view.now, view.zone)}; as now known it no longer passes its thresholds</p>}
      <CardLines card={card} raised={alarm.raised} />
    </div>
  );
}

/** Who is to be called, in which order, by when, and what they answered. */
function CardLines({ card, raised }: { card: CardView; raised: boolean }) {
  const { view } = useHub();
  return (
    <div>
      <p class="q">call card <span class="mono">{card.card}</span>, {card.standing}: {card.asks.join(" · ")}, by <span class={raised && card.by_when < view.now && card.standing === "open" ? "act strong" : "strong"}>{when(card.by_when, view.now, view.zone)}</span></p>
      {card.calls.map((call) => <p class="q" key={call.entry.id}>{when(call.at, view.now, view.zone)} {call.observer}: {call.answer ?? "called, no answer recorded yet"} <Entries entries={[call.entry]} /></p>)}
    </div>
  );
}

function Nobody({ view, boarded }: { view: View; boarded: boolean }) {
  const posted = view.posts.filter((post) => standsPost(post, view.now));
  if (!boarded)
    return <Empty known={false} because={posted.length ? `Posts that could have: ${posted.map((post) => `${shortName(view, post.place)} (${post.observer})`).join(", ")}.` : "Nobody neutral was on post; what sources say stands under Claims."}>No boarding was observed: nobody neutral saw it.</Empty>;
  const watched = view.legs.filter((one) => view.posts.some((post) => post.place === one.start) && view.posts.some((post) => post.place === one.end)).length;
  const road = underWay(view);
  const moving = highOf(road, 1) > 0;
  return <Empty known because={`Rests on ${watched} of ${view.legs.length} legs with a post at both ends. Nothing is said of the others.`}>{moving ? `Nobody overdue or uncounted; ${isUnknown(road) ? "persons, how many is not known," : count(road)} on the road not yet seen at their end.` : "Everyone who was counted aboard has been seen or counted since."}</Empty>;
}
