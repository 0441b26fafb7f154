// One entry down to its bytes. The browser itself hashes them up to the root; it believes neither the server nor this page's text.
import { useEffect, useState } from "preact/hooks";
import { getEntry, problemIn } from "../shared/api";
import { digest, includes, read } from "../shared/envelope";
import { lasted, seconds, when } from "../shared/say";
import type { EntryPage, Problem } from "../shared/view";
import { Wrong } from "./decide";
import { Entry } from "./parts";
import { useHub } from "./state";

interface Checked { proved: boolean; named: boolean }

async function check(page: EntryPage): Promise<Checked> {
  const envelope = read(page.envelope);
  const proved = await includes(page.envelope, page.index, page.proof.size, page.proof.path, page.proof.root);
  return { proved, named: typeof envelope !== "string" && (await digest(envelope.payload)) === page.id };
}

export function EntryPane({ index }: { index: number }) {
  const { view } = useHub();
  const [page, setPage] = useState<EntryPage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [checked, setChecked] = useState<Checked | null>(null);
  useEffect(() => {
    let alive = true;
    getEntry(index).then(async (found) => {
      if (!alive) return;
      setPage(found);
      const result = crypto.subtle ? await check(found) : null;
      if (alive) setChecked(result);
    }, (error: unknown) => alive && setProblem(problemIn(error)));
    return () => { alive = false; };
  }, [index]);
  if (problem) return <Wrong problem={problem} />;
  if (!page) return <p class="q">Reading entry {index}.</p>;
  const envelope = read(page.envelope);
  const header = typeof envelope === "string" ? null : envelope.header;
  const late = page.logged_at - page.seen_at;
  const same = page.proof.size === view.size ? page.proof.root === view.root : null;
  return (
    <>
      <section><h3>Entry {page.index} <span class="q end">{page.standing === "alleged" ? <span class="soon">alleged: told, not seen</span> : "signed: seen or done by the signer"}</span></h3><pre class="mono wrap">{page.line}</pre>
        {page.counts && <p>Counts now: {page.counts}</p>}
        {page.amended_by.length > 0 && <p>Amended by {page.amended_by.map((ref) => <Entry key={ref.id} entry={ref} />)}</p>}</section>
      <section><h3>Who</h3><dl class="facts"><dt>observer</dt><dd class="code">{page.by}</dd><dt>device</dt><dd><span class="mono">{page.device}</span>, its number {page.sequence}{header && `, epoch ${header.epoch}`}</dd>
        {header && <><dt>after</dt><dd class="mono">{header.sequence === 1 ? "nothing: its first" : `${header.previous.slice(0, 16)}…`}</dd></>}</dl><p class="q">A signature says who said it, and that it is unchanged; it does not say that it is true.</p></section>
      <section><h3>When</h3><dl class="facts"><dt>claimed</dt><dd>{when(page.seen_at, view.now, view.zone)} ({seconds(page.seen_at, view.zone)})</dd><dt>logged</dt><dd>{when(page.logged_at, view.now, view.zone)}{late > 600_000 && <span class="soon">, {lasted(late)} later</span>}</dd>
        <dt>proved, not before</dt><dd>{page.not_before ? <>this log had {page.not_before.size} entries, whose tree head it quotes (by the hub’s clock {when(page.not_before.at, view.now, view.zone)})</> : <span class="q">not known: it quotes {header && header.treeSize > 0 ? "a tree head that is not of this log" : "no tree head"}</span>}</dd>
        <dt>proved, not after</dt><dd>{page.not_after ? <>{when(page.not_after.at, view.now, view.zone)}, when <span class="code">{page.not_after.by}</span> cosigned {page.not_after.size} entries, this one among them</> : <span class="q">not known: no cosignature covers it</span>}</dd></dl></section>
      <section><h3>Proof <span class="q end">in tree {page.proof.size}, {page.proof.path.length} hashes</span></h3>
        <p>{checked === null ? (crypto.subtle ? "Hashing…" : "This address is not secure, so the browser cannot hash here.") : checked.proved ? <><b>Proved here:</b> these bytes are entry {page.index} under this root{same === true ? ", which is the root of the picture shown" : ""}.</> : <span class="act strong">Not proved: the bytes do not lead to this root.</span>}
          {checked && (checked.named ? " The payload's hash is the entry's id." : <span class="act strong"> The payload's hash is not the entry's id.</span>)}</p>
        <dl class="facts"><dt>root</dt><dd class="mono wrap">{page.proof.root}</dd><dt>id</dt><dd class="mono wrap">{page.id}</dd></dl>
        <details><summary>{page.proof.path.length} hashes</summary><ol class="mono wrap hashes">{page.proof.path.map((part) => <li key={part}>{part}</li>)}</ol></details></section>
      <section><h3>Exact bytes <span class="q end">{new TextEncoder().encode(page.envelope).length} bytes</span></h3><pre class="mono wrap" tabIndex={0}>{page.envelope}</pre>
        <button onClick={() => void navigator.clipboard?.writeText(page.envelope)}>Copy</button></section>
    </>
  );
}
