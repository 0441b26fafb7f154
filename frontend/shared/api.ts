// The one way to the server. Every failure becomes a Problem with a sentence of what to do.
import type { Answer, Askable, EntryPage, Findings, HeldThere, Problem, Setting, View } from "./view";

/** `/six-buses-burned/monitor` → `six-buses-burned`. */
export const deployment = decodeURIComponent(location.pathname.split("/")[1] ?? "");
const base = `/${encodeURIComponent(deployment)}/api`;

/** The server answered, and the answer is no. */
export class Refused extends Error {
  constructor(readonly problem: Problem, readonly status: number) {
    super(problem.what);
  }
}
/** Nobody answered. */
export class Unreached extends Error {}

export const noAnswer: Problem = {
  number: "no answer",
  what: "The hub does not answer.",
  do: "Nothing is lost here. The page tries again by itself; check the network or ask whether the hub runs.",
};

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(base + path, { cache: "no-store", ...init });
  } catch {
    throw new Unreached(noAnswer.what);
  }
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as T;
  if (answer.status >= 500) throw new Unreached(`${answer.status}`);
  throw new Refused(problemOf(text, answer), answer.status);
}

function problemOf(text: string, answer: Response): Problem {
  try {
    const read = JSON.parse(text) as Partial<Problem> & { title?: string; detail?: string };
    return {
      number: read.number === undefined ? String(answer.status) : `SP-${read.number}`,
      what: read.what ?? read.detail ?? read.title ?? "The hub did not accept it.",
      do: read.do ?? "Tell the duty officer this number.",
      where: read.where ?? "",
    };
  } catch {
    return { number: String(answer.status), what: `The hub answered ${answer.status} ${answer.statusText}.`, do: "Check the address." };
  }
}

export const problemIn = (error: unknown): Problem =>
  error instanceof Refused ? error.problem
    : error instanceof Unreached ? noAnswer
      : { number: "page", what: error instanceof Error ? error.message : String(error), do: "Load the page again; tell us if it stays." };

export const getView = (size?: number, signal?: AbortSignal): Promise<View> =>
  ask(size === undefined ? "/view" : `/view?size=${size}`, signal ? { signal } : undefined);
export const getSetting = (): Promise<Setting> => ask("/setting");
export const getQuestions = (): Promise<Askable[]> => ask("/questions");
/** One of them; empty fields are left out. `known`: a tree size, or a time as people write it. */
export const getWhere = (asked: { question: string; about: string; known: string; as_of: string }): Promise<Findings> =>
  ask(`/where?${new URLSearchParams(Object.entries(asked).filter(([, said]) => said !== ""))}`);
export const getEntry = (index: number): Promise<EntryPage> => ask(`/entry/${index}`);
/** What the hub has under its tree head of this envelope's strand, from the envelope on; nothing where it is not there. */
export const getStrand = (id: string, digest: string): Promise<HeldThere[]> => ask(`/strand?id=${id}&digest=${digest}`);
export const postEnvelopes = (request: { body: Uint8Array<ArrayBuffer>; encoding: string }): Promise<Answer[]> =>
  ask("/envelopes", {
    method: "POST", body: request.body,
    headers: { "content-type": "application/octet-stream", ...(request.encoding ? { "content-encoding": request.encoding } : {}) },
  });
export const postEnrol = (observer: string, role: string, key: string): Promise<{ device: string; epoch: number }> =>
  ask("/enrol", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ observer, role, key }) });

/** Live views; the stream is closed while the tab is hidden, since HTTP/1.1 has six connections for all tabs. */
export function follow(onView: (view: View) => void, onState: (live: boolean) => void): () => void {
  let stream: EventSource | null = null;
  let again = 0;
  const open = (): void => {
    if (stream || document.hidden) return;
    stream = new EventSource(`${base}/events`);
    stream.addEventListener("view", (event) => {
      onState(true);
      onView(JSON.parse((event as MessageEvent<string>).data) as View);
    });
    stream.addEventListener("open", () => onState(true));
    stream.addEventListener("error", () => {
      onState(false);
      if (stream?.readyState !== EventSource.CLOSED) return; // the browser opens it again by itself
      close();
      again = window.setTimeout(open, 3_000);
    });
  };
  const close = (): void => {
    window.clearTimeout(again);
    stream?.close();
    stream = null;
  };
  const onVisible = (): void => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", onVisible);
  window.addEventListener("online", open);
  open();
  return () => {
    close();
    document.removeEventListener("visibilitychange", onVisible);
    window.removeEventListener("online", open);
  };
}
