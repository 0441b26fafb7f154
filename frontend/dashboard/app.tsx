// The operations page: one screen, four questions. It shows what the server discloses and knows nothing else.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { deployment } from "../shared/api";
import type { View } from "../shared/view";
import { AidTab, LedgerTab } from "./tabs";
import { Answers, observed } from "./answers";
import { AskTab } from "./ask";
import { ClaimedPanel, ClaimsTab } from "./claims";
import { ClausesPanel } from "./clauses";
import { EntriesPanel } from "./entries";
import { ExchangePanel } from "./exchange";
import { TABS, Top, type Tab } from "./header";
import { focusPanel, KeyList, stepRow, useKeys } from "./keys";
import { MapPanel } from "./map";
import { Patterns } from "./parts";
import { PostsPanel } from "./posts";
import { inForce, waiting } from "./next";
import { ProposalPanel } from "./proposal";
import { type Hub, HubContext, type Subject, useHub, usePictures } from "./state";
import { switchTheme } from "./theme";
import { sizeHoursAway, TimeBar } from "./time";
import { ChartPanel } from "./timespace";
import { GapsPanel } from "./unaccounted";
import { Drawer } from "./why";
import { Safe } from "./safe";
import { aboutPlan, Decide, type Deciding, type Decision, Wrong } from "./decide";

const fromHash = (): Tab => TABS.find((one) => `#${one.toLowerCase()}` === location.hash) ?? "Operations";

export function App() {
  const pictures = usePictures();
  const [tab, setTab] = useState<Tab>(fromHash);
  const [subject, setSubject] = useState<Subject | null>(null);
  const [entry, setEntry] = useState<number | null>(null);
  const [pickedVehicle, pick] = useState<string | null>(null);
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const [listing, setListing] = useState(false);
  const view = pictures.past ?? pictures.newest;
  const past = pictures.wanted !== null;
  const go = (next: Tab): void => {
    setTab(next);
    history.replaceState(null, "", `#${next.toLowerCase()}`);
  };
  const open = (next: Subject): void => {
    setEntry(next.kind === "entry" ? next.index : view ? firstEntry(view, next) : null);
    setSubject((old) => (next.kind === "entry" && old && old.kind !== "entry" ? old : next)); // an entry opens beside its statement
  };
  const size = pictures.wanted ?? pictures.newest?.size ?? 1;
  const decide = (what: Decision): void => {
    const plan = view && waiting(view);
    if (plan) setDeciding(aboutPlan(plan, what)); // kept here: the receipt stays when the plan is in force
  };
  const canDecide = view !== null && !past && pictures.live && waiting(view) !== undefined && tab === "Operations";
  useKeys({
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [String(n), () => focusPanel(n)])),
    j: () => stepRow(1), k: () => stepRow(-1), t: switchTheme, "?": () => setListing(true),
    w: () => {
      const row = document.activeElement as HTMLElement | null;
      const plan = view && (waiting(view) ?? inForce(view));
      if (row?.matches("[data-row]")) row.click();
      else if (plan) open({ kind: "plan", plan: plan.plan });
    },
    a: () => canDecide && decide("adopt"), d: () => canDecide && decide("decline"),
    ",": () => pictures.show(size - 1), ".": () => pictures.show(size + 1), "0": () => pictures.show(null), g: () => document.getElementById("slider")?.focus(),
    "[": () => pictures.newest && pictures.show(sizeHoursAway(pictures.newest, size, -1)), "]": () => pictures.newest && pictures.show(sizeHoursAway(pictures.newest, size, 1)),
    r: () => (document.activeElement as HTMLElement | null)?.blur(), Escape: () => pick(null),
  }, view !== null);
  useEffect(() => {
    const moved = (): void => setTab(fromHash());
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  useEffect(() => {
    document.title = `${view?.exercise ? "EXERCISE · " : ""}${tab} · ${deployment}`;
  }, [tab, view?.exercise]);

  if (!view || !pictures.newest || !pictures.first)
    return <main class="first"><h1>{deployment}</h1>{pictures.problem ? <Wrong problem={pictures.problem} /> : <p class="q">Reading the picture. No figure is shown until all entries are read: a part gives wrong bounds.</p>}</main>;
  const hub: Hub = { view, first: pictures.first, past, live: pictures.live, heardAt: pictures.heardAt, pickedVehicle, pick, open, show: pictures.show, decide: setDeciding };
  return (
    <HubContext.Provider value={hub}>
      <Patterns />
      <div class={`page ${past ? "past" : ""} ${pictures.live ? "" : "offline"} ${observed(view) ? "" : "claimed"}`}>
        <Top view={view} newest={pictures.newest} live={pictures.live} movedAt={pictures.movedAt} past={past} tab={tab} go={go} />
        <main class="body">
          {pictures.pastProblem && <Wrong problem={pictures.pastProblem} />}
          {tab === "Operations" && <Operations decide={decide} />}
          {tab !== "Operations" && <Safe key={tab} title={tab} size={view.size}>{tab === "Ask" ? <AskTab /> : tab === "Claims" ? <ClaimsTab /> : tab === "Aid" ? <AidTab /> : <LedgerTab />}</Safe>}
        </main>
        <TimeBar newest={pictures.newest} wanted={pictures.wanted} />
      </div>
      {subject && <Drawer subject={subject} entry={entry} close={() => { setSubject(null); setEntry(null); }} />}
      {deciding && <Decide on={deciding} done={() => setDeciding(null)} />}
      {listing && <KeyList close={() => setListing(false)} />}
      <Announcer view={pictures.newest} />
    </HubContext.Provider>
  );
}

function Operations({ decide }: { decide: (what: Decision) => void }) {
  const { view } = useHub();
  const seen = observed(view);
  const safe = (title: string, panel: ComponentChildren) => <Safe key={title} title={title} size={view.size}>{panel}</Safe>;
  return (
    <>
      {safe("Answers", <Answers />)}
      <div class="cols3">
        <div class="col c1">{seen ? <>{safe("Corridor", <MapPanel />)}{safe("Convoys in time", <ChartPanel />)}</> : safe("What is claimed", <ClaimedPanel />)}</div>
        <div class="col c2">{safe("Not accounted for", <GapsPanel />)}{safe("Clauses", <ClausesPanel />)}</div>
        <div class="col c3">{safe("What next", <ProposalPanel decide={decide} />)}{safe("Exchange", <ExchangePanel />)}{seen && safe("Posts and gaps", <PostsPanel />)}{safe("New entries", <EntriesPanel />)}</div>
      </div>
    </>
  );
}

function firstEntry(view: View, subject: Subject): number | null {
  switch (subject.kind) {
    case "clause": return view.clauses.find((one) => one.label === subject.label)?.instances.flatMap((one) => one.entries)[0]?.index ?? null;
    case "gap": return view.gaps.find((one) => one.vehicle === subject.vehicle)?.entries.at(-1)?.index ?? view.alarms.find((one) => one.vehicle === subject.vehicle)?.entries[0]?.index ?? null;
    case "plan": return view.plans.find((one) => one.plan === subject.plan)?.entry.index ?? null;
    case "place": return view.vehicles.find((one) => one.place === subject.place && one.entry)?.entry?.index ?? null;
    case "entry": return subject.index;
  }
}

/** One polite sentence per ten seconds; a new alarm at once. */
function Announcer({ view }: { view: View }) {
  const [said, setSaid] = useState("");
  const [alarm, setAlarm] = useState("");
  const last = useRef({ at: 0, size: view.size, alarms: view.alarms.filter((one) => one.raised).length });
  useEffect(() => {
    const raised = view.alarms.filter((one) => one.raised);
    if (raised.length > last.current.alarms) setAlarm(`Separation alarm: ${raised.at(-1)!.vehicle}`);
    last.current.alarms = raised.length;
    if (Date.now() - last.current.at < 10_000 || view.size === last.current.size) return;
    setSaid(`${view.size - last.current.size} new entries`);
    last.current = { ...last.current, at: Date.now(), size: view.size };
  }, [view]);
  return <><div class="vh" aria-live="polite">{said}</div><div class="vh" role="alert">{alarm}</div></>;
}
