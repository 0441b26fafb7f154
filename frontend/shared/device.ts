// The device: its key, its chain and its outbox, all in IndexedDB. The private key cannot be taken out of the browser.
// Order of a record: sign, then one strict transaction that checks the chain's head again, and only then "saved".
import { getSetting, getStrand, postEnrol, postEnvelopes, Refused, Unreached } from "./api";
import { requestOf, together } from "./batch";
import { canonical, digest, EMPTY, FIRST, seal, unhex, vkeyOf, type Plain } from "./envelope";
import type { Problem, Receipt } from "./view";

export interface Device {
  /** `deployment/role`: one device for each role of a deployment in one browser. */
  id: string;
  deployment: string; role: string; observer: string; device: string; epoch: number;
  key: CryptoKey; vkey: string; keyId: string; enrolled: boolean;
  /** The next envelope's number and what stands before it. */
  sequence: number; previous: string; treeSize: number; treeRoot: string;
}
export type SentState = "waiting" | "sent" | "refused";
export interface Kept {
  /** `device/sequence`, the sequence padded, so that keys sort in order. */
  key: string; id: string; sequence: number; envelope: string; kind: string; said: string; at: number; state: SentState;
  receipt?: Receipt; problem?: Problem;
}
export interface What { kind: string; [field: string]: Plain | undefined }
export interface Saying { what: What; seen_at: number; at?: string | undefined; told_by?: string | undefined }

const STORES = { devices: "id", outbox: "key" } as const;
let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("safepassage", 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("this browser keeps nothing"));
  });
  return opened;
}

/** One transaction; resolves when its bytes are on the disk. */
async function transact<T>(mode: IDBTransactionMode, work: (tx: IDBTransaction, give: (value: T) => void) => void): Promise<T> {
  const db = await database();
  return new Promise<T>((resolve, reject) => {
    const tx = db.transaction(Object.keys(STORES), mode, mode === "readwrite" ? { durability: "strict" } : {});
    let result: T;
    tx.oncomplete = () => resolve(result);
    tx.onabort = () => reject(tx.error ?? new Error("the chain moved on meanwhile"));
    work(tx, (value) => (result = value));
  });
}

export const held = (deployment: string, role: string): Promise<Device | undefined> =>
  transact("readonly", (tx, give) => {
    const asked = tx.objectStore("devices").get(`${deployment}/${role}`);
    asked.onsuccess = () => give(asked.result as Device | undefined);
  });
const keep = (device: Device): Promise<void> => transact("readwrite", (tx) => void tx.objectStore("devices").put(device));

export const outbox = (device: Device): Promise<Kept[]> =>
  transact("readonly", (tx, give) => {
    const asked = tx.objectStore("outbox").getAll();
    asked.onsuccess = () => give((asked.result as Kept[]).filter((kept) => kept.id === device.id));
  });

/** A new key for this observer. In a demonstration the hub enrols it; elsewhere the authority must, by the vkey text. */
export async function enrol(deployment: string, observer: string, role: string, demonstration: boolean): Promise<Device> {
  if (!globalThis.isSecureContext || !crypto.subtle) throw new Error("Signing needs a secure address: https, or this machine itself.");
  const pair = (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  for (let epoch = 1; ; epoch++) {
    const device = `${observer}-${epoch}`;
    const { vkey, keyId } = await vkeyOf(device, raw);
    let enrolled = false;
    try {
      if (demonstration) enrolled = (await postEnrol(observer, role, vkey)).device === device;
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && epoch < 20) continue; // that epoch has its key already
      throw error;
    }
    const made: Device = {
      id: `${deployment}/${role}`, deployment, role, observer, device, epoch, key: pair.privateKey, vkey,
      keyId: Array.from(keyId, (byte) => byte.toString(16).padStart(2, "0")).join(""), enrolled,
      sequence: 1, previous: FIRST, treeSize: 0, treeRoot: EMPTY,
    };
    await keep(made);
    void navigator.storage?.persist?.();
    return made;
  }
}

export const payloadOf = (observer: string, saying: Saying): string =>
  canonical({ by: observer, seen_at: saying.seen_at, what: saying.what, at: saying.at, told_by: saying.told_by });

/** Signs one observation and keeps its envelope. When this resolves it is saved, whatever happens next. */
export async function record(id: string, saying: Saying, said: string): Promise<Kept> {
  return navigator.locks.request(`safepassage ${id}`, async () => {
    const device = await byId(id);
    const header = {
      deployment: device.deployment, device: device.device, epoch: device.epoch, sequence: device.sequence,
      previous: device.previous, treeSize: device.treeSize, treeRoot: device.treeRoot,
    };
    const envelope = await seal(header, payloadOf(device.observer, saying), unhex(device.keyId), async (text) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", device.key, text)));
    const kept: Kept = {
      key: `${device.device}/${String(device.sequence).padStart(9, "0")}`, id, sequence: device.sequence, envelope,
      kind: saying.what.kind, said, at: saying.seen_at, state: "waiting",
    };
    const next = { ...device, sequence: device.sequence + 1, previous: await digest(envelope) };
    return transact<Kept>("readwrite", (tx, give) => {
      const asked = tx.objectStore("devices").get(id);
      asked.onsuccess = () => {
        const now = asked.result as Device;
        if (now.sequence !== device.sequence || now.previous !== device.previous) return tx.abort();
        tx.objectStore("outbox").add(kept); // `add`: a second envelope of this number would abort all of it
        tx.objectStore("devices").put({ ...next, treeSize: now.treeSize, treeRoot: now.treeRoot });
        give(kept);
      };
    });
  });
}

async function byId(id: string): Promise<Device> {
  const found = await transact<Device | undefined>("readonly", (tx, give) => {
    const asked = tx.objectStore("devices").get(id);
    asked.onsuccess = () => give(asked.result as Device | undefined);
  });
  if (!found) throw new Error("no key is kept here");
  return found;
}

/** Devices whose every request since this page began was answered: what the hub has of them is known, and need not be asked. */
const sure = new Set<string>();

/** Sends what waits, in order, many at once. False: the hub did not answer, or not for good yet; the rest waits. A refusal is kept
 * with its reason. What has a receipt is sent, and nothing else. */
export async function send(device: Device): Promise<boolean> {
  return navigator.locks.request(`safepassage send ${device.id}`, async () => {
    for (let waiting = await waits(device); waiting.length > 0; waiting = await waits(device)) {
      try {
        const settled = sure.has(device.id) ? await give(waiting) : await hear(waiting);
        if (settled === 0 && sure.has(device.id)) return false;
        if (settled === 0) sure.add(device.id);
      } catch (error) {
        sure.delete(device.id);
        if (error instanceof Unreached || error instanceof Refused) return false;
        throw error;
      }
    }
    return true;
  });
}
const waits = async (device: Device): Promise<Kept[]> => (await outbox(device)).filter((kept) => kept.state === "waiting");

/** Asks what of these the hub has from the first on, and settles just those; how many. */
async function hear(waiting: Kept[]): Promise<number> {
  const first = waiting[0]!.envelope;
  const payload = first.split("\n\n")[1] ?? "";
  const there = new Map((await getStrand(await digest(payload), await digest(first))).map((one) => [one.digest, one.receipt]));
  let settled = 0;
  for (const kept of there.size > 0 ? waiting : []) {
    const receipt = there.get(await digest(kept.envelope));
    if (receipt === undefined) continue;
    await settle({ ...kept, state: "sent", receipt });
    settled++;
  }
  return settled;
}

/** Sends as many as one request carries, and settles each by its own answer; how many. */
async function give(waiting: Kept[]): Promise<number> {
  const batch = waiting.slice(0, together(waiting.map((kept) => kept.envelope)));
  const answers = await postEnvelopes(await requestOf(batch.map((kept) => kept.envelope)));
  let settled = 0;
  for (const [place, kept] of batch.entries()) {
    const { receipt, problem, later } = answers[place] ?? {};
    if (receipt) await settle({ ...kept, state: "sent", receipt });
    else if (problem && !later) await settle({ ...kept, state: "refused", problem });
    else continue;
    settled++;
  }
  return settled;
}
const settle = (kept: Kept): Promise<void> => transact("readwrite", (tx) => void tx.objectStore("outbox").put(kept));

/** The newest tree head, to be quoted by the next envelope: proves "not before". Never a smaller one than before. */
export async function quoteNewest(id: string): Promise<void> {
  const { treehead } = await getSetting();
  await transact<void>("readwrite", (tx) => {
    const asked = tx.objectStore("devices").get(id);
    asked.onsuccess = () => {
      const device = asked.result as Device | undefined;
      if (!device || treehead.size <= device.treeSize) return;
      tx.objectStore("devices").put({ ...device, treeSize: treehead.size, treeRoot: treehead.root });
    };
  });
}
