// The phone's envelope is the envelope of docs/formats/envelope.md: the vectors that Python writes decide.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { canonical, digest, includes, read, seal, unhex, verifies, vkeyOf } from "../shared/envelope.ts";

const vectors = (name) =>
  readFileSync(new URL(`../../testdata/vectors/${name}.jsonl`, import.meta.url), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
const envelopes = vectors("envelope");
const good = envelopes.filter((row) => row.id.startsWith("good/"));
const seeds = vectors("demo-keys");

async function signer(seed) {
  const der = new Uint8Array([...unhex("302e020100300506032b657004220420"), ...unhex(seed)]);
  const key = await crypto.subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]);
  const jwk = await crypto.subtle.exportKey("jwk", key);
  const raw = Uint8Array.from(atob(jwk.x.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  return { raw, sign: async (text) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, text)) };
}

for (const row of envelopes)
  test(`${row.id} is ${row.valid ? "an envelope" : "refused by its form"}`, () => {
    assert.equal(typeof read(row.envelope) !== "string", row.valid);
  });

for (const row of envelopes.filter((row) => "signed" in row))
  test(`${row.id} is ${row.signed ? "" : "not "}signed by its key`, async () => {
    assert.equal(await verifies(read(row.envelope), row.vkey), row.signed);
  });

for (const row of good)
  test(`${row.id} is sealed to the same bytes here`, async () => {
    const { raw, sign } = await signer(seeds[0].seed);
    const { vkey, keyId } = await vkeyOf(row.device, raw);
    const payload = canonical(JSON.parse(row.payload));
    const header = { deployment: row.deployment, device: row.device, epoch: row.epoch, sequence: row.sequence, previous: row.previous,
      treeSize: row.tree_size, treeRoot: row.tree_root };
    assert.equal(vkey, row.vkey);
    assert.equal(await seal(header, payload, keyId, sign), row.envelope);
    assert.equal(await digest(row.envelope), row.digest);
    assert.equal(await digest(payload), row.content_id);
  });

for (const row of vectors("treehead"))
  test(`${row.id}: inclusion is proved under this root and no other`, async () => {
    for (const [index, path] of row.inclusion.entries()) {
      assert.ok(await includes(good[index].envelope, index, row.size, path, row.root));
      assert.ok(!(await includes(good[index].envelope, index, row.size, path, "0".repeat(64))));
      assert.ok(!(await includes(`${good[index].envelope} `, index, row.size, path, row.root)));
    }
  });

test("what the subset leaves out is not written", () => {
  for (const value of [1.5, -0, 2 ** 53, "\ud800", { "é": 1 }, Number.NaN]) assert.throws(() => canonical(value), RangeError);
});
