// An officer decides: a reason from a closed list (free text could hold a name), a key of her own, a signature, a receipt.
import { useEffect, useRef, useState } from "preact/hooks";
import { deployment, getEntry, getView, problemIn } from "../shared/api";
import { enrol, held, outbox, quoteNewest, record, send, type Device, type Kept, type Saying } from "../shared/device";
import type { PlanView, Problem, RefusalView, View } from "../shared/view";
import { planName, seconds } from "../shared/say";
import { useHub } from "./state";

/** A reason to adopt is none to decline; both are among the closed list that the ledger accepts. */
const REASONS = {
  adopt: ["soonest for the weakest", "safest", "we know more than the proposal"],
  decline: ["not safe", "not agreed with the parties", "we know more than the proposal"],
} as const;

/** What was behind an envelope that was not accepted (`RefusedFor`). */
const BEHIND = [
  "harmed on the way", "signed with a key that is not the device's", "not its observer's to say", "it named what is not there",
  "meant for another deployment", "sent by nobody of ours", "a trial",
] as const;

export type Decision = "adopt" | "decline";

/** What is decided: its title, the reasons to choose from, the word on the button, what is signed, after when, and what is said of it.
 * `anew`: whether an entry may be named in which the same was recorded. */
export interface Deciding {
  title: string; legend: string; reasons: readonly string[]; sign: string; after: number; anew?: boolean;
  what: (reason: string, anew: string | null) => Saying["what"]; said: (reason: string) => string;
}

export const aboutPlan = (plan: PlanView, what: Decision): Deciding => ({
  title: `${what === "adopt" ? "Adopt" : "Decline"} proposal ${planName(plan.plan)}`, legend: "For what reason? It is signed and kept.", reasons: REASONS[what],
  sign: `${what} ${planName(plan.plan)}`, after: plan.at, what: (reason) => ({ kind: what === "adopt" ? "plan_adopted" : "plan_declined", plan: plan.plan, reason }),
  said: (reason) => `${planName(plan.plan)} ${what === "adopt" ? "adopted" : "declined"}: ${reason}`,
});

export const aboutRefusal = (one: RefusalView): Deciding => ({
  title: `Answer an envelope that was not accepted`, legend: `What was behind it? ${one.digest.slice(0, 12)}…${one.device ? ` of ${one.device}` : ""}: ${one.what}`,
  reasons: BEHIND, sign: "answer", after: one.kept_at, anew: true, said: (reason) => `${one.digest.slice(0, 12)}… answered: ${reason}`,
  what: (reason, anew) => ({ kind: "refusal_answered", digest: one.digest, reason, ...(anew === null ? {} : { entry: anew }) }),
});

export function Decide({ on, done }: { on: Deciding; done: () => void }) {
  const { view } = useHub();
  const dialog = useRef<HTMLDialogElement>(null);
  const [device, setDevice] = useState<Device | null>(null);
  const [observer, setObserver] = useState("o3");
  const [reason, setReason] = useState<string | null>(null);
  const [anew, setAnew] = useState("");
  const [busy, setBusy] = useState(false);
  const [kept, setKept] = useState<Kept | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    held(deployment, "operations").then((found) => setDevice(found ?? null), (error: unknown) => setProblem(problemIn(error)));
  }, []);

  const sign = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const mine = device ?? (await enrol(deployment, observer, "operations", view.demonstration));
      setDevice(mine);
      await quoteNewest(mine.id).catch(() => undefined); // an older tree head is lawful too
      const again = on.anew && anew !== "" ? (await getEntry(Number(anew))).id : null;
      const saying = { what: on.what(reason ?? "", again), seen_at: Math.max(on.after + 1, await decidedAt(view)) };
      const made = await record(mine.id, saying, on.said(reason ?? ""));
      setKept(made);
      await send(mine);
      setKept((await outbox(mine)).find((one) => one.key === made.key) ?? made);
    } catch (error) {
      setProblem(problemIn(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="ask-h" onClose={done} onCancel={done}>
      <header>{view.exercise && <span class="exercise">EXERCISE</span>}<h2 id="ask-h">{on.title}</h2></header>
      {kept ? <Outcome kept={kept} busy={busy} /> : (
        <form onSubmit={(event) => { event.preventDefault(); void sign(); }}>
          <fieldset><legend>{on.legend}</legend>
            {on.reasons.map((one) => <label key={one} class="choice"><input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} /> {one}</label>)}
          </fieldset>
          {on.anew && <label class="field">Recorded anew as entry <input type="number" min={0} max={view.newest - 1} size={7} value={anew} onInput={(event) => setAnew(event.currentTarget.value)} /><span class="q">empty: it is set aside; its bytes stay kept</span></label>}
          {device ? <p>Signed as <b class="code">{device.observer}</b>, with the key that this browser keeps (<span class="mono">{device.device}</span>).</p> : (
            <label class="field">You are operations officer <input value={observer} pattern="[a-z][a-z0-9]*(-[a-z0-9]+)*" maxLength={36} size={12} required onInput={(event) => setObserver(event.currentTarget.value)} />
              <span class="q">{view.demonstration ? "Demonstration: a key is made in this browser and enrolled at once. It cannot be taken out." : "A key is made in this browser. It cannot be taken out, and the authority must enrol it."}</span></label>
          )}
          {device && !device.enrolled && <NotEnrolled vkey={device.vkey} />}
          {problem && <Wrong problem={problem} />}
          <div class="acts"><button class="primary" disabled={busy || reason === null}>{busy ? "Signing…" : `Sign: ${on.sign}`}</button><button type="button" onClick={() => dialog.current?.close()}>Back <kbd>Esc</kbd></button></div>
        </form>
      )}
      {kept && device && !device.enrolled && <NotEnrolled vkey={device.vkey} />}
      {kept && problem && <Wrong problem={problem} />}
      {kept && <div class="acts"><button class="primary" onClick={() => dialog.current?.close()}>Done</button></div>}
    </dialog>
  );
}

/** Now, and after what it decides on. A played evening has the hub's clock, asked again: it may run faster than ours. */
async function decidedAt(view: View): Promise<number> {
  if (!view.demonstration && !view.exercise) return Date.now();
  return (await getView().catch(() => view)).now;
}

export function NotEnrolled({ vkey }: { vkey: string }) {
  return <div class="note"><p>This key is not enrolled. The authority must enrol it; until then what it signs waits at the hub.</p><pre class="mono wrap">{vkey}</pre></div>;
}
export function Wrong({ problem }: { problem: Problem }) {
  return <div class="wrong" role="alert"><p><b>{problem.number}</b> {problem.what}{problem.where && <> <span class="q">{problem.where}</span></>}</p><p>{problem.do}</p></div>;
}

function Outcome({ kept, busy }: { kept: Kept; busy: boolean }) {
  const { view } = useHub();
  if (kept.state === "refused" && kept.problem) return <><p>Signed, and not accepted by the hub.</p><Wrong problem={kept.problem} /></>;
  if (kept.state === "sent" && kept.receipt)
    return (
      <dl class="facts">
        <dt>Signed</dt><dd>{kept.said}</dd>
        <dt>Receipt</dt><dd>entry {kept.receipt.index}, logged {seconds(kept.receipt.logged_at, view.zone)}, tree of {kept.receipt.tree_size}</dd>
        <dt>Id</dt><dd class="mono wrap">{kept.receipt.id}</dd>
      </dl>
    );
  return <p>{busy ? "Signed and kept here. Sending…" : "Signed and kept here; the hub has not answered yet. It is sent when it answers."}</p>;
}
