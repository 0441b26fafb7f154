// The envelope: the exact bytes that a device signs. A second implementation of docs/formats/envelope.md, checked against
// testdata/vectors. Nothing here keeps anything; `device.ts` owns the chain.

export const TYPE = "safepassage/observation/v1";
export const FIRST = "0".repeat(64);
/** The root of the empty tree: SHA-256 of nothing. */
export const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const LARGEST_ENVELOPE = 65_535;
const DEEPEST = 16;

export interface Header {
  deployment: string; device: string; epoch: number; sequence: number; previous: string; treeSize: number; treeRoot: string;
}
export interface Envelope { header: Header; payload: string; text: string; keyId: string; signature: Uint8Array<ArrayBuffer> }
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain | undefined };

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) as Uint8Array<ArrayBuffer>;
export const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | null => {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0)) as Uint8Array<ArrayBuffer>;
  return toBase64(bytes) === text ? bytes : null; // pad bits that are not zero would be a second spelling
};
export async function sha256(data: Uint8Array<ArrayBuffer> | string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", typeof data === "string" ? utf8(data) : data));
}
export const digest = async (data: string): Promise<string> => hex(await sha256(data));

/** Canonical JSON: sorted ASCII keys, integers only, bounded depth. Members that are undefined are not written. */
export function canonical(value: Plain, depth = 1): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new RangeError("not an integer within 2^53 - 1");
    return String(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new RangeError("half a surrogate pair");
    return JSON.stringify(value);
  }
  if (depth > DEEPEST) throw new RangeError(`deeper than ${DEEPEST}`);
  if (Array.isArray(value)) return `[${value.map((part: Plain) => canonical(part, depth + 1)).join(",")}]`;
  const members = value as { readonly [key: string]: Plain | undefined };
  const keys = Object.keys(members).filter((key) => members[key] !== undefined).sort();
  if (!keys.every((key) => /^[\x00-\x7f]*$/.test(key))) throw new RangeError("a key is not ASCII text");
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(members[key] as Plain, depth + 1)}`).join(",")}}`;
}

function isCanonical(payload: string): boolean {
  try {
    return canonical(JSON.parse(payload) as Plain) === payload;
  } catch {
    return false;
  }
}

export function signedText(header: Header, payload: string): string {
  return [
    TYPE,
    `deployment ${header.deployment}`,
    `device ${header.device}`,
    `epoch ${header.epoch}`,
    `sequence ${header.sequence}`,
    `previous ${header.previous}`,
    `treehead ${header.treeSize} ${header.treeRoot}`,
    "",
    payload,
    "",
  ].join("\n");
}

/** The C2SP verifier key of a raw Ed25519 public key: `name+id+base64(0x01 || key)`. */
export async function vkeyOf(name: string, publicKey: Uint8Array): Promise<{ vkey: string; keyId: Uint8Array<ArrayBuffer> }> {
  const typed = new Uint8Array([1, ...publicKey]);
  const keyId = (await sha256(new Uint8Array([...utf8(`${name}\n`), ...typed]))).slice(0, 4);
  return { vkey: `${name}+${hex(keyId)}+${toBase64(typed)}`, keyId };
}

/** The envelope's text; `sign` makes the 64 bytes of RFC 8032. */
export async function seal(
  header: Header, payload: string, keyId: Uint8Array, sign: (text: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>,
): Promise<string> {
  const text = signedText(header, payload);
  const signature = await sign(utf8(text));
  const data = `${text}\n— ${header.device} ${toBase64(new Uint8Array([...keyId, ...signature]))}\n`;
  const made = read(data);
  if (typeof made === "string") throw new RangeError(made);
  return data;
}

const FORM = new RegExp(
  "^safepassage/observation/v1\\n" +
    "deployment ([a-z0-9][a-z0-9._-]{0,63})\\n" +
    "device ([a-z0-9][a-z0-9._-]{0,63})\\n" +
    "epoch (0|[1-9][0-9]{0,15})\\n" +
    "sequence (0|[1-9][0-9]{0,15})\\n" +
    "previous ([0-9a-f]{64})\\n" +
    "treehead (0|[1-9][0-9]{0,15}) ([0-9a-f]{64})\\n\\n" +
    "(\\{[^\\u0000-\\u001f]+)\\n\\n" +
    "— ([a-z0-9][a-z0-9._-]{0,63}) ([A-Za-z0-9+/]{91}=)\\n$",
);

/** The parts of an envelope whose every byte is where it must be, or what is wrong. No key is asked for. */
export function read(data: string): Envelope | string {
  if (utf8(data).length > LARGEST_ENVELOPE) return `longer than ${LARGEST_ENVELOPE} bytes`;
  const found = FORM.exec(data);
  if (!found) return `its lines are not those of ${TYPE}`;
  const [, deployment, device, epoch, sequence, previous, size, treeRoot, payload, name, coded] = found as unknown as string[];
  const header: Header = {
    deployment: deployment!, device: device!, epoch: Number(epoch), sequence: Number(sequence), previous: previous!,
    treeSize: Number(size), treeRoot: treeRoot!,
  };
  const wrong = unlawful(header);
  if (wrong) return wrong;
  const signed = fromBase64(coded!);
  if (!signed || name !== device) return "its signature line is not the device's";
  if (!isCanonical(payload!)) return "its payload is not canonical";
  return {
    header, payload: payload!, text: data.slice(0, data.lastIndexOf("\n\n") + 1), keyId: hex(signed.slice(0, 4)),
    signature: signed.slice(4),
  };
}

function unlawful(header: Header): string {
  const { epoch, sequence, treeSize } = header;
  if (![epoch, sequence, treeSize].every(Number.isSafeInteger) || epoch < 1 || sequence < 1) return "epoch and sequence count from 1";
  if ((sequence === 1) !== (header.previous === FIRST)) return "only a device's first envelope has nothing before it";
  if ((treeSize === 0) !== (header.treeRoot === EMPTY)) return "only the empty tree has the root of the empty tree";
  return "";
}

/** Whether the key of this vkey line signed exactly these bytes. */
export async function verifies(envelope: Envelope, vkey: string): Promise<boolean> {
  const [name, id, coded] = vkey.split(/\+(?=[0-9a-f]{8}\+)|(?<=\+[0-9a-f]{8})\+/);
  const bytes = coded ? fromBase64(coded) : null;
  if (name !== envelope.header.device || id !== envelope.keyId || bytes?.length !== 33 || bytes[0] !== 1) return false;
  const key = await crypto.subtle.importKey("raw", bytes.slice(1), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, envelope.signature, utf8(envelope.text));
}

/** Whether `envelope` is entry `index` of the tree with this size and root (RFC 9162 section 2.1.3.2). */
export async function includes(envelope: string, index: number, size: number, path: string[], root: string): Promise<boolean> {
  if (index >= size) return false;
  const node = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => sha256(new Uint8Array([1, ...left, ...right]));
  let hash = await sha256(new Uint8Array([0, ...utf8(envelope)]));
  let [at, last] = [index, size - 1];
  for (const part of path) {
    if (last === 0) return false;
    const other = unhex(part);
    if (at % 2 === 1 || at === last) {
      hash = await node(other, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      hash = await node(hash, other);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && hex(hash) === root;
}
