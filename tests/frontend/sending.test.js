// Sending one part: what never leaves, and what the storage's complaint means.

import assert from "node:assert/strict";
import { test } from "node:test";

import { send } from "../../frontend/app/sending.js";
import { Digests, cut } from "../../frontend/engine/parts.js";
import { CHECKSUM_HEADER, toBase64 } from "../../frontend/engine/wire.js";

const OWN = new Uint8Array(32).fill(7);
const OTHER = new Uint8Array(32).fill(8);
const OPTIONS = { signal: new AbortController().signal, moved: () => {} };

/** @param {{hashes?: Uint8Array[], outcome?: any, readable?: boolean, wanted?: Uint8Array}} how */
async function sent({ hashes = [OWN], outcome = { kind: "sent" }, readable = true, wanted = OWN }) {
  const puts = [];
  const queue = [...hashes];
  const means = {
    hasher: { width: 1, digest: async () => queue.shift() ?? Promise.reject(new Error("gone")) },
    isReadable: async () => readable,
    put: async (ticket) => {
      puts.push(ticket.part);
      return outcome;
    },
  };
  const ticket = { part: 1, offset: 0, length: 4, url: "", headers: { [CHECKSUM_HEADER]: toBase64(wanted) } };
  const file = new File(["film"], "film.mov");
  const said = await send(
    /** @type {any} */ (ticket),
    file,
    new Digests(cut(4, 4, { first_pages: [], page_parts: 4 })),
    means,
    OPTIONS,
  );
  return { said, puts };
}

test("the right bytes are sent", async () => {
  assert.deepEqual(await sent({}), { said: { kind: "sent" }, puts: [1] });
});

test("a part of another file never leaves", async () => {
  assert.deepEqual(await sent({ wanted: OTHER }), { said: { kind: "differs" }, puts: [] });
});

test("bytes that were damaged on the way are worth another try", async () => {
  const { said } = await sent({ hashes: [OWN, OWN], outcome: { kind: "wrong_bytes" } });
  assert.deepEqual(said, { kind: "failed", why: "refused", detail: "damaged on the way" });
});

test("a file that changed behind its time stamp is found out by the storage", async () => {
  const { said } = await sent({ hashes: [OWN, OTHER], outcome: { kind: "wrong_bytes" } });
  assert.deepEqual(said, { kind: "differs" });
});

test("a file that can no longer be read is gone", async () => {
  assert.deepEqual((await sent({ hashes: [] })).said, { kind: "gone" });
  const outcome = { kind: "failed", why: "line", detail: "" };
  assert.deepEqual((await sent({ outcome, readable: false })).said, { kind: "gone" });
  assert.deepEqual((await sent({ outcome: { kind: "wrong_bytes" } })).said, { kind: "gone" });
});
