// Envelopes as they travel: each behind its length in two bytes, the high one first, all of them deflated where the browser can.
// A second implementation of docs/formats/sync.md.

/** One request carries at most so many envelopes, and so many of their bytes: what is lost with a cut connection is little. */
export const MOST_TOGETHER = 100;
export const MOST_BYTES = 200_000;

export interface Request { body: Uint8Array<ArrayBuffer>; encoding: "" | "deflate" }

/** How many of these, from the first, one request carries; never none. */
export function together(envelopes: readonly string[]): number {
  let bytes = 0;
  for (const [count, envelope] of envelopes.entries()) {
    bytes += 2 + new TextEncoder().encode(envelope).length;
    if (count > 0 && (count === MOST_TOGETHER || bytes > MOST_BYTES)) return count;
  }
  return envelopes.length;
}

export function bundle(envelopes: readonly string[]): Uint8Array<ArrayBuffer> {
  const texts = envelopes.map((envelope) => new TextEncoder().encode(envelope));
  const whole = new Uint8Array(texts.reduce((sum, text) => sum + 2 + text.length, 0));
  let at = 0;
  for (const text of texts) {
    whole.set([text.length >> 8, text.length & 255], at);
    whole.set(text, at + 2);
    at += 2 + text.length;
  }
  return whole;
}

export async function requestOf(envelopes: readonly string[]): Promise<Request> {
  const plain = bundle(envelopes);
  if (typeof CompressionStream === "undefined") return { body: plain, encoding: "" };
  const folded = new Blob([plain]).stream().pipeThrough(new CompressionStream("deflate"));
  return { body: new Uint8Array(await new Response(folded).arrayBuffer()), encoding: "deflate" };
}
