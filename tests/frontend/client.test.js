// A transfer at the board is one client, over all its runs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../../frontend/app/client.js";
import { digestOf, hashUntil } from "../../frontend/app/hashing.js";
import { Digests, cut } from "../../frontend/engine/parts.js";
import { SpeedLimit } from "../../frontend/engine/speed-limit.js";
import { Tally } from "../../frontend/engine/tally.js";
import { Refused } from "../../frontend/ports/api.js";
import { FileGone } from "../../frontend/ports/hasher.js";
import { golden } from "./golden.js";

const { upload } = await golden("create_reply");
const { limits } = await golden("me_reply");

/** Ports whose service never answers, and what it was asked. */
function silent() {
  const asked = [];
  const api = {
    exchange: (_, request) => new Promise(() => asked.push(request)),
    putPage: () => new Promise(() => {}),
  };
  const alarm = { after: () => 0, cancel: () => {} };
  const ports = { api, alarm, clock: () => 0, limit: new SpeedLimit(), label: () => "here" };
  return { asked, ports: { ...ports, client: (id) => `client of ${id}`, random: () => 0.5 } };
}

const task = (more = {}) => ({
  upload,
  file: new File(["film"], "film.mov"),
  digests: new Digests(cut(4, 4, { first_pages: [], page_parts: 4 })),
  tally: new Tally(0),
  ahead: true,
  sent: () => {},
  hashed: () => {},
  ...more,
});
const means = (hasher) => ({ limits, hasher, signal: new AbortController().signal });
const GONE = means({ width: 1, digest: () => Promise.reject(new FileGone()) });

test("its seq begins above what was kept, though the clock was set back", () => {
  const kept = Date.now() + 1e9;
  assert.ok(new Client({ id: "a", seq: kept }, silent().ports).seq > kept);
  assert.ok(new Client({ id: "a" }, silent().ports).seq >= kept - 1e9);
});

test("its seq grows from run to run, also after one that found its file gone", async () => {
  const { asked, ports } = silent();
  const client = new Client({ id: "a" }, ports);
  for (let run = 0; run < 3; run++) await assert.rejects(client.send(task(), GONE), FileGone);
  const seqs = asked.map((request) => request.seq);
  assert.ok(seqs.length >= 3);
  assert.deepEqual(
    seqs,
    [...new Set(seqs)].sort((a, b) => a - b),
  );
  assert.deepEqual([...new Set(asked.map((request) => request.client))], ["client of a"]);
});

test("a run that is left is over, and its parts are given back", async () => {
  const { asked, ports } = silent();
  const client = new Client({ id: "a" }, ports);
  const sending = client.send(task({ ahead: false }), GONE);
  assert.ok(client.run);
  client.leave();
  assert.deepEqual(await sending, { outcome: { kind: "left" }, number: 0 });
  assert.equal(client.run, undefined);
  assert.deepEqual(asked.at(-1).holding, []);
  assert.equal(asked.at(-1).want, 0);
});

test("a part that is being hashed is not hashed once more", async () => {
  const digests = new Digests(cut(8, 4, { first_pages: [], page_parts: 2 }));
  const file = new File(["12345678"], "f");
  const { signal } = new AbortController();
  let asked = 0;
  const hasher = { width: 2, digest: async () => new Uint8Array(32).fill(++asked) };
  const [, , second] = await Promise.all([
    hashUntil(file, digests, hasher, { until: 2, signal }),
    hashUntil(file, digests, hasher, { until: 2, signal }),
    digestOf(file, digests, hasher, 2),
  ]);
  assert.deepEqual([asked, digests.whole, digests.get(2)], [2, true, second]);
});

test("a part that could not be hashed is tried again by who asks later", async () => {
  const digests = new Digests(cut(4, 4, { first_pages: [], page_parts: 2 }));
  const file = new File(["1234"], "f");
  await assert.rejects(digestOf(file, digests, GONE.hasher, 1), FileGone);
  const hasher = { width: 1, digest: async () => new Uint8Array(32) };
  assert.equal(await digestOf(file, digests, hasher, 1), digests.get(1));
});

test("a page of the manifest is told as soon as it is hashed", async () => {
  const pages = [];
  const digests = new Digests(cut(8, 4, { first_pages: [], page_parts: 1 }));
  const hasher = { width: 1, digest: async () => new Uint8Array(32) };
  const client = new Client({ id: "a" }, silent().ports);
  const hashed = () => pages.push(digests.known) === 2 && client.leave();
  await client.send(task({ digests, hashed, file: new File(["12345678"], "f") }), means(hasher));
  assert.deepEqual(pages, [1, 2]);
});

for (const call of ["exchange", "putPage"])
  test(`begun anew, the upload is over for who joined before: ${call}`, async () => {
    const { ports } = silent();
    const error = new Refused(409, { code: "begun_anew", message: "", retryable: false, details: {} });
    ports.api[call] = () => Promise.reject(error);
    const lacking = { ...upload, yours: true, parts_known: 0 };
    const hasher = { width: 1, digest: async () => new Uint8Array(32) };
    const sent = await new Client({ id: "a" }, ports).send(task({ upload: lacking }), means(hasher));
    assert.deepEqual(sent.outcome, { kind: "ended", status: "cancelled" });
  });

test("what it says is for the upload that it joined", async () => {
  const { asked, ports } = silent();
  const client = new Client({ id: "a" }, ports);
  await assert.rejects(client.send(task({ upload: { ...upload, generation: 7 } }), GONE), FileGone);
  assert.equal(asked[0].generation, 7);
});
