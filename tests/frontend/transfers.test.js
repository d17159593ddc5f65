// The list of a page's transfers: whose it is, and what becomes of one that is left or cancelled.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Transfers } from "../../frontend/app/transfers.js";
import { SpeedLimit } from "../../frontend/engine/speed-limit.js";
import { Unreachable } from "../../frontend/ports/api.js";
import { golden } from "./golden.js";

const { upload } = await golden("create_reply");
const { limits: real } = await golden("me_reply");
const limits = { ...real, min_part_size: 1, part_size_step: 1, first_pages: [], page_parts: 4 };

/** As long as nothing but promises is waited for. */
const settled = () => new Promise((done) => setImmediate(done));

/** A list whose service creates uploads and then says nothing more. */
function listed({ kept = [], api = {} } = {}) {
  const locked = new Set();
  const exchanged = [];
  const calls = {
    create: async () => ({ upload: { ...upload, yours: true, size: 4, parts: 4, part_size: 1 } }),
    exchange: (_, said) => new Promise(() => exchanged.push(said)),
    putPage: () => new Promise(() => {}),
    ...api,
  };
  const take = async (id) => {
    if (locked.has(id)) return undefined;
    locked.add(id);
    return () => locked.delete(id);
  };
  const gate = { open: Promise.resolve(), wait: () => {}, come: () => {} };
  gate.wait = () => ({ promise: gate.open, resolve: gate.come } = Promise.withResolvers());
  let made = 0;
  const line = Object.assign(new EventTarget(), { up: true, isUp: async () => {}, suspect: () => {} });
  const store = {
    transfers: async (person) => kept.filter((one) => one.person === person),
    keep: async () => {},
    remove: async () => {},
  };
  const ports = {
    ...{ api: calls, store, take, line, limit: new SpeedLimit(), clock: () => 0, label: () => "here" },
    alarm: { after: () => 0, cancel: () => {} },
    hasher: { width: 1, digest: async () => new Uint8Array(32) },
    isReadable: async () => true,
    limits: () => gate.open.then(() => limits),
    places: () => 1,
    client: (id) => id,
    newId: () => `new-${++made}`,
  };
  return { transfers: new Transfers(/** @type {any} */ (ports)), locked, exchanged, limits: gate };
}

const anas = { id: "x", person: "ana", state: "paused", upload: "u", size: 4, digests: new Uint8Array() };
const film = () => ({ file: new File(["film"], "film.mov"), name: "film.mov" });

/** Ana's list with one file on its way. */
async function sending(options) {
  const list = listed(options);
  await list.transfers.belongTo("ana");
  list.transfers.add([film()]);
  await list.transfers.authorize("film");
  await settled();
  assert.equal(list.transfers.list[0].state, "active");
  return { ...list, transfer: list.transfers.list[0] };
}

test("who leaves while a list is restored leaves nothing in it, and no lock", async (t) => {
  const { transfers, locked } = listed({ kept: [anas] });
  t.after(() => transfers.belongTo(""));
  await Promise.all([transfers.belongTo("ana"), transfers.belongTo("")]);
  assert.deepEqual([transfers.list, [...locked]], [[], []]);
  await Promise.all([transfers.belongTo("ana"), transfers.belongTo(""), transfers.belongTo("ana")]);
  await settled();
  assert.deepEqual([transfers.list.map((one) => one.id), [...locked]], [["x"], ["x"]]);
});

test("a file that comes back when its person has left is nobody's any more", async () => {
  const handle = {
    queryPermission: async () => {
      await transfers.belongTo("");
      return "granted";
    },
    getFile: async () => new File(["film"], "film.mov"),
  };
  const created = [];
  const create = async (file) => created.push(file);
  const waiting = { ...anas, state: "suspended", upload: "", handle };
  const { transfers } = listed({ kept: [waiting], api: { create } });
  await transfers.belongTo("ana");
  await settled();
  assert.deepEqual([transfers.list, created], [[], []]);
});

test("a file that is chosen as its person leaves keeps no lock", async () => {
  const { transfers, locked } = listed();
  await transfers.belongTo("ana");
  transfers.add([film()]);
  await transfers.belongTo("");
  await settled();
  assert.deepEqual([...locked], []);
});

test("a cancel that the service has not heard changes nothing, and may be asked for again", async (t) => {
  let heard = false;
  const move = async () => {
    if (!heard) throw new Unreachable("no answer");
  };
  const { transfers, transfer, exchanged } = await sending({ api: { move } });
  t.after(() => transfers.belongTo(""));
  await assert.rejects(transfers.cancel(transfer), Unreachable);
  assert.deepEqual([transfer.state, exchanged.length], ["active", 1], "its run goes on");
  heard = true;
  await transfers.cancel(transfer);
  await settled();
  assert.deepEqual([transfer.state, exchanged.length], ["cancelled", 1], "nobody is left to say it to");
});

test("a page that is shown again goes on with the files that it has", async (t) => {
  const { transfers, transfer, exchanged, locked } = await sending();
  t.after(() => transfers.belongTo(""));
  transfers.add([film()]);
  await settled();
  transfers.leave();
  const said = exchanged.length;
  await transfers.comeBack();
  await settled();
  assert.deepEqual(
    transfers.list.map((one) => one.state),
    ["active", "unauthorized"],
  );
  assert.equal(transfers.list[0], transfer);
  assert.equal(exchanged.length, said + 1, "it runs");
  assert.equal(locked.size, 2);
});

test("what another tab has taken up meanwhile is its own", async (t) => {
  const { transfers, transfer, locked } = await sending();
  t.after(() => transfers.belongTo(""));
  transfers.leave();
  locked.add(transfer.id);
  await transfers.comeBack();
  assert.deepEqual(transfers.list, []);
});

test("a file that is paused while the service has not said its limits is not sent after all", async (t) => {
  const { transfers, transfer, exchanged, limits } = await sending();
  t.after(() => transfers.belongTo(""));
  transfers.leave();
  const said = exchanged.length;
  limits.wait();
  await transfers.comeBack();
  assert.equal(transfer.state, "active");
  transfer.pause();
  limits.come();
  await settled();
  assert.deepEqual([transfer.state, exchanged.length], ["paused", said]);
});
