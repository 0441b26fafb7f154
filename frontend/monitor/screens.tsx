// Home, bus in / out / passed, someone taken off, what is not sent, and the neutral counter.
import { useRef, useState } from "preact/hooks";
import { deployment } from "../shared/api";
import { clock, day, nextDay } from "../shared/say";
import { Back, Choice, type Here, JustSaved, Last, Page, Said, useHere, Vehicles } from "./parts";
import { isReception, partyName, placeName } from "./phone";
import { notSent } from "./words";

const nameHere = ({ phone, language }: Here, place: string | null): string => placeName(phone.known, place, language);

export function Home() {
  const here = useHere();
  const { phone, t, go } = here;
  const last = phone.kept.at(-1);
  const [leaving, setLeaving] = useState(false);
  const waits = phone.kept.filter((one) => one.state === "waiting");
  return (
    <Page title={<bdi>{nameHere(here, phone.post)}</bdi>} note={<><bdi>{phone.device?.observer}</bdi></>}
      foot={<>{last ? <JustSaved /> : <p class="note" role="status">{t.noneSaved}</p>}
        {leaving ? <Last label={t.leavePost} back={() => setLeaving(false)} save={phone.leavePost} /> : <button class="big" onClick={() => setLeaving(true)}>{t.leavePost}</button>}</>}>
      {phone.device && !phone.device.enrolled && <div class="note boxed"><p>{t.notEnrolled}</p><pre class="mono wrap" dir="ltr">{phone.device.vkey}</pre></div>}
      {waits.some((one) => phone.now() - one.at > 4 * 3_600_000) && <p class="note boxed soon">{t.old}</p>}
      <div class="two pad">
        <Act said={t.busIn} icon="M4 7h22v14H4zM4 14h22M9 21v3M21 21v3M11 2v8M7 6l4 4 4-4" press={() => go("busIn")} />
        <Act said={t.heads} icon="M6 9a4 4 0 1 0 8 0a4 4 0 1 0-8 0M17 9a4 4 0 1 0 8 0a4 4 0 1 0-8 0M3 25c0-10 14-10 14 0M15 19c4-5 12-3 12 6" press={() => go("which")} />
        <Act said={t.busPassed} icon="M4 8h22v13H4zM4 14h22M9 21v3M21 21v3M9 4h12M17 1l4 3-4 3" press={() => go("busPassed")} />
        <Act said={t.busOut} icon="M4 9h22v14H4zM4 15h22M9 23v3M21 23v3M15 8V1M11 4l4-3 4 3" press={() => go("busOut")} />
        <Act said={t.takenOff} icon="M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4 26c0-12 16-12 16 0M20 8h8M25 4l4 4-4 4" press={() => go("taken")} />
        {isReception(phone.known, phone.post) && <Act said={t.room} icon="M4 25V12L15 4l11 8v13M10 25v-8h10v8M15 9v3" press={() => go("room")} />}
        <Act said={notSent(here.language, phone.kept.filter((one) => one.state !== "sent").length)} icon="M4 6h22v18H4zM4 6l11 10L26 6" press={() => go("outbox")} />
      </div>
    </Page>
  );
}
const Act = ({ said, icon, press }: { said: string; icon: string; press: () => void }) => <button class="act-b" onClick={press}><svg viewBox="0 0 30 30" aria-hidden="true"><path d={icon} /></svg>{said}</button>;

const KINDS = { busIn: ["arrived", "in"], busOut: ["departed", "out"], busPassed: ["passed", "passed"] } as const;
export function Bus({ kind }: { kind: keyof typeof KINDS }) {
  const here = useHere();
  const { phone, t, go } = here;
  const [vehicle, pick] = useState<string | null>(null);
  const [ago, setAgo] = useState(0);
  const next = [...new Set((phone.known?.legs ?? []).filter((leg) => leg.start === phone.post).map((leg) => leg.end))];
  const ends = next.length ? next : (phone.known?.setting.places ?? []).map((one) => one.place).filter((one) => one !== phone.post);
  const [to, setTo] = useState<string | null>(ends.length === 1 ? ends[0]! : null);
  const zone = phone.known?.setting.zone ?? "UTC";
  const [tag, said] = KINDS[kind];
  const save = async (): Promise<void> => {
    await phone.save({ kind: tag, vehicle: vehicle!, to: kind === "busOut" ? to! : undefined }, `${vehicle} ${t[said]}`, { minutesAgo: ago });
    if (kind === "busOut") go("home");
    else go("heads", vehicle!, true);
  };
  return (
    <Page title={t[kind]} note={<bdi>{nameHere(here, phone.post)}</bdi>}
      foot={<>{kind !== "busOut" && <p class="note">{t.next}</p>}<Last label={<>{t.save}{vehicle && <>: <bdi>{vehicle}</bdi> {t[said]}</>}</>} disabled={!vehicle || (kind === "busOut" && !to)} back={() => go("home")} save={save} /></>}>
      <div class="pad">
        <Vehicles is={vehicle} pick={pick} />
        {kind === "busOut" && <><p class="lab">{t.to}</p><Choice of={ends.map((end) => [end, <bdi>{nameHere(here, end)}</bdi>] as const)} is={to} pick={setTo} /></>}
        <p class="lab">{t.time}</p>
        <div class="timerow"><b><bdi>{clock(phone.now() - ago * 60_000, zone)}</bdi></b>{ago === 0 && <span class="q">{t.now}</span>}<button class="big" onClick={() => setAgo(ago + 5)}>{t.earlier}</button>{ago > 0 && <button class="big" onClick={() => setAgo(0)}>{t.now}</button>}</div>
      </div>
    </Page>
  );
}

export function Which() {
  const { t, go } = useHere();
  return <Page title={t.countWhich} foot={<div class="last"><Back go={() => go("home")} /></div>}><div class="pad"><Vehicles is={null} pick={(vehicle) => go("heads", vehicle)} /></div></Page>;
}

const MANY = ["1", "2", "3", "4+", "?"] as const;
export function Taken() {
  const { phone, t, go } = useHere();
  const [vehicle, pick] = useState<string | null>(null);
  const [know, setKnow] = useState<"saw" | "told" | null>(null);
  const [teller, setTeller] = useState<string>("a passenger");
  const [many, setMany] = useState<(typeof MANY)[number] | null>(null);
  const [by, setBy] = useState<string>("");
  const parties = (phone.known?.setting.parties ?? []).map(partyName);
  const heads = many === "?" ? { low: 1 } : many === "4+" ? { low: 4 } : { low: Number(many), high: Number(many) };
  const save = async (): Promise<void> => {
    // by whom is said only of what was seen
    await phone.save({ kind: "taken_off", vehicle: vehicle!, heads, by_whom: know === "saw" && by ? by : undefined }, `${vehicle} −${many}`, know === "told" ? { told_by: teller } : {});
    go("home");
  };
  return (
    <Page title={t.takenOff} note={t.safety} foot={<Last label={<>{t.save}{many && vehicle && <>: {know === "told" ? t.told : t.saw}, <bdi>{many}</bdi>, <bdi>{vehicle}</bdi></>}</>} disabled={!vehicle || !know || !many} back={() => go("home")} save={save} />}>
      <div class="pad">
        <p class="lab">{t.howKnow}</p><Choice of={[["saw", t.saw], ["told", t.told]] as const} is={know} pick={setKnow} />
        {know === "told" && <Choice cols="three" of={[["a passenger", t.byPassenger], ["a driver", t.byDriver], ["somebody", t.byOther]] as const} is={teller} pick={setTeller} />}
        <p class="lab">{t.howMany}</p><Choice cols="five" of={MANY.map((one) => [one, one === "?" ? t.notKnown : <bdi>{one}</bdi>] as const)} is={many} pick={setMany} />
        {know === "saw" && <><p class="lab">{t.byWhom}</p><Choice of={[...parties.map((one) => [one.id, <bdi>{one.name}</bdi>] as const), ["", t.dontKnow] as const]} is={by} pick={setBy} /></>}
        <p class="lab">{t.whichBus}</p><Vehicles is={vehicle} pick={pick} />
      </div>
    </Page>
  );
}

const STEPS = [-100, -10, 10, 100] as const;
/** What this reception takes on a day, from today or from tomorrow on, until it says otherwise. */
export function Room() {
  const here = useHere();
  const { phone, t, go } = here;
  const [persons, setPersons] = useState<number | null>(null);
  const [from, setFrom] = useState<"today" | "tomorrow">("today");
  const zone = phone.known?.setting.zone ?? "UTC";
  const tomorrow = nextDay(phone.now(), zone);
  const save = async (): Promise<void> => {
    await phone.save({ kind: "room_stated", persons: persons!, since: from === "tomorrow" ? tomorrow : undefined }, `${persons} ${from}`);
    go("home", undefined, true);
  };
  const typed = (text: string): void => setPersons(/^[0-9]{1,5}$/.test(text) ? Number(text) : null);
  return (
    <Page title={t.room} note={<bdi>{nameHere(here, phone.post)}</bdi>}
      foot={<><p class="note">{t.roomHelp}</p><Last label={<>{t.save}{persons !== null && <>: <bdi>{persons}</bdi> {t.aDay}</>}</>} disabled={persons === null} back={() => go("home")} save={save} /></>}>
      <div class="pad">
        <label class="lab" for="room">{t.roomAsk}</label>
        <input id="room" class="typed" inputMode="numeric" pattern="[0-9]*" autocomplete="off" dir="ltr" value={persons ?? ""} onInput={(event) => typed(event.currentTarget.value)} />
        <div class="four" dir="ltr">{STEPS.map((by) => <button class="tally" key={by} onClick={() => setPersons(Math.max(0, (persons ?? 0) + by))}><bdi>{by > 0 ? `+${by}` : `−${-by}`}</bdi></button>)}</div>
        <p class="lab">{t.fromWhen}</p><Choice of={[["today", t.today], ["tomorrow", <>{t.tomorrow} <bdi class="whole">{day(tomorrow, zone)}</bdi></>]] as const} is={from} pick={setFrom} />
      </div>
    </Page>
  );
}

export function Outbox() {
  const { phone, t, go, language } = useHere();
  const zone = phone.known?.setting.zone ?? "UTC";
  const waits = phone.kept.filter((one) => one.state === "waiting");
  const open = phone.kept.filter((one) => one.state !== "sent");
  const give = (): void => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(open.map((one) => one.envelope), { type: "text/plain" }));
    link.download = `${deployment}-${phone.device?.device ?? "phone"}-${open[0]?.sequence ?? 0}.envelopes`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <Page title={notSent(language, open.length)} note={waits[0] && <>{t.oldest} <bdi>{clock(waits[0].at, zone)}</bdi></>}
      foot={<div class="last3"><Back go={() => go("home")} /><button class="big" disabled={open.length === 0} onClick={give}>{t.giveFile}</button><button class="big" disabled={waits.length === 0} onClick={() => void phone.sendNow()}>{t.sendNow}</button></div>}>
      {open.map((one) => (
        <div class="rowl" key={one.key}><div><b><Said kept={one} /></b><p><bdi>{clock(one.at, zone)}</bdi> · {one.state === "refused" ? t.refused : t.waiting}</p>
          {one.problem && <p class="soon"><b><bdi>{one.problem.number}</bdi></b> <bdi>{one.problem.what} {one.problem.do}</bdi></p>}</div></div>
      ))}
      <div class="pad note">{waits.length > 0 && <><p class="ink">{t.safe}</p><p>{t.goAlone}</p></>}<p>{t.noRead}</p></div>
      <p class="lab pad">{t.receipts}</p>
      {phone.kept.filter((one) => one.receipt).slice(-12).reverse().map((one) => <div class="rowl slim" key={one.key}><span><bdi>{one.sequence}</bdi></span><span class="q">{t.entry} <bdi>{one.receipt!.index}</bdi>, {t.logged} <bdi>{clock(one.receipt!.logged_at, zone)}</bdi></span></div>)}
    </Page>
  );
}

/** Says nothing of who holds the phone. Holding the figure for two seconds comes back. */
export function Neutral() {
  const { t, go } = useHere();
  const [n, setN] = useState(0);
  const timer = useRef(0);
  const down = (): void => { timer.current = window.setTimeout(() => go("home"), 2_000); };
  const up = (): void => window.clearTimeout(timer.current);
  return (
    <section class="ph neutral">
      <button class="figure" aria-live="polite" onPointerDown={down} onPointerUp={up} onPointerLeave={up} onContextMenu={(event) => event.preventDefault()} onKeyDown={(event) => event.key === "Escape" && go("home")}><bdi>{n}</bdi></button>
      <div class="pad fillp"><button class="plus" aria-label={t.plusOne} onClick={() => setN(n + 1)}><bdi>+1</bdi></button></div>
      <div class="ft"><button class="big" onClick={() => setN(0)}>{t.reset}</button></div>
    </section>
  );
}
