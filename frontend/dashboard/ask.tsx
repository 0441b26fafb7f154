// The duty officer's questions: each answer with its bounds, the entries behind it, and what somebody neutral could see.
import { useEffect, useRef, useState } from "preact/hooks";
import { getQuestions, getWhere, problemIn } from "../shared/api";
import { count, isOpen, isUnknown, num, plural, whenDay } from "../shared/say";
import type { Askable, Count, Finding, Findings, Problem, View } from "../shared/view";
import { Empty, Entries, Panel } from "./parts";
import { useHub } from "./state";
import { Wrong } from "./decide";

/** What can be picked for a question; the rest is typed. */
const known = (view: View, about: string): string[] =>
  about === "vehicle" ? view.vehicles.map((one) => one.vehicle) : about === "place" ? view.places.map((one) => one.place) : [];

const EXAMPLE: Record<string, string> = { vehicle: "B-07", wristband: "w-0417", place: "ramouseh", group: "g-a096", time: "23:10" };

export function AskTab() {
  const { view, past } = useHub();
  const [list, setList] = useState<Askable[]>([]);
  const [chosen, choose] = useState<Askable | null>(null);
  const [answer, setAnswer] = useState<Findings | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const newest = useRef(0);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    getQuestions().then((all) => { setList(all); choose((old) => old ?? all.find((one) => one.about === "") ?? null); }, (error) => setProblem(problemIn(error)));
  }, []);
  const asks = (one: Askable): void => {
    const said = form.current ? new FormData(form.current) : new FormData();
    const field = (name: string): string => String(said.get(name) ?? "").trim();
    const about = field("about");
    if (one.about !== "" && about === "") return;
    const time = field("time");
    const moved = field("moved");
    const number = ++newest.current; // an older answer that comes later is not shown
    getWhere({ question: one.question, about: one.about === "" ? "" : about, known: moved === "known" && time ? time : past ? String(view.size) : "", as_of: moved === "was" && time ? time : "" })
      .then((got) => { if (number === newest.current) { setAnswer(got); setProblem(null); } }, (error) => { if (number === newest.current) { setAnswer(null); setProblem(problemIn(error)); } });
  };
  const pick = (one: Askable): void => {
    choose(one);
    if (one !== chosen) [setAnswer(null), setProblem(null)];
    else asks(one);
    if (matchMedia("(max-width: 700px)").matches) document.getElementById("p2")?.scrollIntoView();
  };
  useEffect(() => { if (chosen && chosen.about === "") asks(chosen); }, [chosen, view.size]);
  return (
    <div class="tab asking">
      <Panel id={1} title="Questions" note="with bounds, entries and coverage">
        <ul class="pickers">{list.map((one) => <li key={one.question}><button aria-pressed={chosen?.question === one.question} data-row onClick={() => pick(one)}><b>{one.asks.charAt(0).toUpperCase() + one.asks.slice(1)}?</b>
          {one.about && <span class="q">of one {one.about}</span>}</button></li>)}</ul>
      </Panel>
      <Panel id={2} title={chosen ? `${chosen.asks.charAt(0).toUpperCase()}${chosen.asks.slice(1)}?` : "Answer"} note={answer ? `${plural(answer.findings.length, "finding", "findings")} as of ${whenDay(answer.now, view.now, view.zone)}, known from ${plural(answer.size, "entry", "entries")}` : ""} class="fills">
        {chosen && <form key={chosen.question} ref={form} class="asked" onSubmit={(event) => { event.preventDefault(); asks(chosen); }}>
          {chosen.about && <label class="field">{chosen.about.charAt(0).toUpperCase() + chosen.about.slice(1)} <input name="about" required autocomplete="off" list="known" size={14} placeholder={EXAMPLE[chosen.about]} /><datalist id="known">{known(view, chosen.about).map((one) => <option key={one} value={one} />)}</datalist></label>}
          {chosen.about !== "time" && <><label class="field">Time <input name="time" autocomplete="off" size={14} placeholder="now, or 23:10" /></label>
            <label class="field"><input type="radio" name="moved" value="known" defaultChecked /> by what was known then</label><label class="field"><input type="radio" name="moved" value="was" /> as it was then, by all that is known now</label></>}
          <button class="primary">Ask</button></form>}
        {problem && <Wrong problem={problem} />}
        {answer && (answer.findings.length === 0 ? <Empty known because="That nothing is recorded is not the same as that nothing happened: which hours nobody saw is a question of its own.">None, as recorded.</Empty>
          : <ul class="findings">{answer.findings.map((one, index) => <Found key={index} one={one} />)}</ul>)}
        {!answer && !problem && chosen?.about && <p class="asked q">Say which {chosen.about}.</p>}
      </Panel>
    </div>
  );
}

/** Bounds as a person reads them out; an end that nothing bounds is said to be not known, never left out. */
const bounds = (heads: Count): string => (isUnknown(heads) ? "not known" : isOpen(heads) ? `at least ${num(heads.low)}, at most not known` : count(heads));

/** A code is never broken at its hyphen: `w-0417` read in two halves is two wrong codes. */
const whole = (said: string) => said.split(/(\b\w+-\w+\b)/).map((part, index) => (index % 2 ? <span key={index} class="n">{part}</span> : part));

function Found({ one }: { one: Finding }) {
  return (
    <li class="row"><b class="code">{one.subject}</b>
      <div><p>{whole(one.said)}</p>
        {(one.counted || one.heads) && <p class="figures">{one.counted && <span>as counted <b>{count(one.counted)}</b></span>}{one.heads && <span class={isOpen(one.heads) ? "open" : ""}>bounds that hold <b>{bounds(one.heads)}</b></span>}</p>}
        {one.coverage && <p class="q">seen: {one.coverage}</p>}
        {one.why.length > 0 && <p class="q">why <Entries entries={one.why} most={8} /></p>}</div>
    </li>
  );
}
