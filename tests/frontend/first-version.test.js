// A service of the first version, and this page: each of its answers is understood for ever.

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";

import { Engine } from "../../frontend/engine/engine.js";
import { planParts } from "../../frontend/engine/parts.js";
import { createRequest, exchangeRequest, fromBase64, pageRequest } from "../../frontend/engine/wire.js";
import { Api, Refused } from "../../frontend/ports/api.js";
import { golden } from "./golden.js";

const TOKENS = { token: async () => "t", renewed: async () => "t" };
const first = (name) => golden(`v1/${name}`);
const upload = { id: "mq3x7tkd5yeh2vwz4cbn6ojr5a", generation: 1 };
const CALLS = {
  create_reply: async (api) => api.create({ ...(await first("create_request")), partSize: 5242880 }),
  download_reply: (api) => api.download(upload.id),
  exchange_reply: async (api) => api.exchange(upload.id, await first("exchange_request")),
  known_reply: (api) => api.putPage(upload, 1, ["d"]),
  list_reply: (api) => api.uploads("film"),
  me_reply: (api) => api.me(),
  page_reply: (api) => api.page(upload.id, 0),
  upload_reply: (api) => api.upload(upload.id),
};

/** A service that answers so; and what it was sent. */
function answering(t, body, status = 200) {
  const sent = [];
  t.mock.method(globalThis, "fetch", async (url, options) => {
    sent.push({ url, ...options });
    return new Response(JSON.stringify(body), { status });
  });
  return sent;
}

test("each answer of the first version reaches who asked", async (t) => {
  const files = await readdir(new URL("../wire/v1/", import.meta.url));
  const replies = files.map((name) => name.slice(0, -5)).filter((name) => name.endsWith("_reply"));
  assert.deepEqual(replies.sort(), [...Object.keys(CALLS), "error_reply"].sort());
  for (const [name, call] of Object.entries(CALLS)) {
    const body = await first(name);
    answering(t, body);
    assert.deepEqual(await call(new Api("/api", TOKENS)), body);
    t.mock.restoreAll();
  }
});

test("each call says which protocol it speaks", async (t) => {
  const sent = answering(t, await first("me_reply"));
  await new Api("/api", TOKENS).me();
  assert.equal(sent[0].headers["Manyhands-Protocol"], "1");
});

test("a refusal of the first version keeps its code and its details", async (t) => {
  const said = await first("error_reply");
  answering(t, said, 409);
  const error = await new Api("/api", TOKENS).me().catch((error) => error);
  assert.ok(error instanceof Refused);
  assert.deepEqual([error.code, error.details], [said.code, said.details]);
});

test("by the first version's limits a file is cut as the service expects", async () => {
  const { limits } = await first("me_reply");
  const wanted = await first("create_request");
  const plan = planParts(wanted.size, limits);
  assert.deepEqual([plan.partSize, plan.count], [wanted.part_size, wanted.digests.length]);
});

test("tickets of the first version are sent", async () => {
  const reply = await first("exchange_reply");
  const engine = new Engine({
    who: { client: "client-1", label: "here" },
    partSize: 5242880,
    maxHeld: 64,
    random: () => 0.5,
  });
  engine.decide(0);
  engine.handle({ kind: "answered", reply }, 0);
  const puts = engine.decide(0).filter((decision) => decision.kind === "start_put");
  assert.deepEqual(puts[0].ticket, reply.tickets[0]);
});

test("a board of the first version is read", async () => {
  const { upload, board } = await first("upload_reply");
  const done = fromBase64(board.tickets).filter((ticket) => ticket !== 0);
  assert.equal(done.length, upload.parts_done);
});

test("what the page says holds all that the first version's service needs", async () => {
  const exchange = await first("exchange_request");
  assert.deepEqual(exchangeRequest(exchange), exchange);
  const create = await first("create_request");
  assert.deepEqual(createRequest({ ...create, partSize: create.part_size }), create);
  const page = await first("page_request");
  assert.deepEqual(pageRequest(page.digests, page.generation), page);
});
