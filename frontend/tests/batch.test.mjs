// What a phone sends is what docs/formats/sync.md says a hub takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { bundle, MOST_BYTES, MOST_TOGETHER, requestOf, together } from "../shared/batch.ts";

function parts(data) {
  const found = [];
  for (let at = 0; at < data.length; ) {
    const end = at + 2 + data[at] * 256 + data[at + 1];
    found.push(new TextDecoder().decode(data.slice(at + 2, end)));
    at = end;
  }
  return found;
}

const envelopes = ["a", "— é", "x".repeat(65_535), "y".repeat(256)];

test("each envelope stands behind its length in bytes, not in characters", () => {
  assert.deepEqual(parts(bundle(envelopes)), envelopes);
});

test("they are deflated as zlib does it, and the request says so", async () => {
  const { body, encoding } = await requestOf(envelopes);
  assert.equal(encoding, "deflate");
  assert.deepEqual(parts(inflateSync(body)), envelopes);
  assert.ok(body.length < 1_000);
});

test("a browser that cannot deflate sends them as they are", async () => {
  const had = globalThis.CompressionStream;
  delete globalThis.CompressionStream;
  try {
    assert.deepEqual(await requestOf(envelopes), { body: bundle(envelopes), encoding: "" });
  } finally {
    globalThis.CompressionStream = had;
  }
});

test("a request has a bound in number and in bytes, and always carries one", () => {
  assert.equal(together(Array(MOST_TOGETHER + 5).fill("a")), MOST_TOGETHER);
  assert.equal(together(Array(7).fill("a")), 7);
  const large = Array(6).fill("é".repeat(30_000));
  const count = together(large);
  assert.ok(bundle(large.slice(0, count)).length <= MOST_BYTES && bundle(large.slice(0, count + 1)).length > MOST_BYTES);
  assert.equal(together(["x".repeat(65_535)]), 1);
});
