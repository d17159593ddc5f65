import assert from "node:assert/strict";
import { test } from "node:test";

import { cells, counts, grid, hue, letter, Rescues, verbs } from "../../frontend/engine/board.js";
import { lookAgain, shownStatus } from "../../frontend/engine/stages.js";
import { Tally } from "../../frontend/engine/tally.js";
import { golden } from "./golden.js";

const reply = await golden("upload_reply");
const client = (number, held) => ({ number, held });

test("the golden board has a cell for each part, and as many done as the service says", () => {
  const found = cells(reply.board);
  assert.equal(found.length, reply.upload.parts);
  assert.equal(counts(found).done, reply.upload.parts_done);
});

test("a part is done, held, held twice or open", () => {
  const tickets = Buffer.from([2, 0, 0, 0]).toString("base64");
  const found = cells({ tickets, clients: [client(1, [2, 3]), client(2, [3])] });
  assert.deepEqual(found, [
    { state: "done", number: 2 },
    { state: "held", number: 1 },
    { state: "twice", number: 2 },
    { state: "open", number: 0 },
  ]);
});

test("a rescue is remembered while the same upload is watched", () => {
  const rescues = new Rescues();
  rescues.saw("u 1", [
    { state: "twice", number: 2 },
    { state: "open", number: 0 },
  ]);
  rescues.saw("u 1", [
    { state: "done", number: 2 },
    { state: "open", number: 0 },
  ]);
  assert.ok(rescues.has(0) && !rescues.has(1) && rescues.count === 1);
  rescues.saw("u 2", []);
  assert.equal(rescues.count, 0);
});

test("neighbouring devices have letters and hues of their own", () => {
  assert.deepEqual([1, 2, 26, 27].map(letter), ["A", "B", "Z", "A"]);
  assert.equal(new Set([1, 2, 3, 4, 5, 6].map(hue)).size, 6);
});

test("ten thousand cells fit where twelve do", () => {
  for (const [count, width] of [
    [1, 300],
    [12, 300],
    [205, 328],
    [10_000, 328],
    [10_000, 900],
  ]) {
    const { size, columns, rows } = grid(count, width, 340);
    assert.ok(size >= 2 && columns * size <= width && columns * rows >= count, `${count} in ${width}`);
    assert.ok(rows * size <= 340 || size === 2);
  }
});

test("only the owner cancels and deletes, and only what makes sense is offered", () => {
  const offered = (status, yours) =>
    Object.entries(verbs({ status, yours }))
      .filter(([, possible]) => possible)
      .map(([name]) => name);
  assert.deepEqual(offered("active", true), ["help", "pause", "cancel"]);
  assert.deepEqual(offered("active", false), ["help", "pause"]);
  assert.deepEqual(offered("paused", false), ["help", "resume"]);
  assert.deepEqual(offered("assembling", true), []);
  assert.deepEqual(offered("complete", true), ["delete", "download"]);
  assert.deepEqual(offered("cancelled", true), []);
});

test("what has ended is not looked at again", () => {
  assert.equal(lookAgain("complete"), 0);
  assert.ok(lookAgain("active") < lookAgain("paused"));
});

test("progress never goes back, whatever the board says, until the upload begins anew", () => {
  const tally = new Tally(0);
  const seen = (bytes_done, more = {}) =>
    tally.saw({ ...reply.upload, size: 100, status: "active", generation: 1, bytes_done, ...more });
  seen(50);
  assert.equal(tally.progress(1, { ahead: 10 }).bytesDone, 60);
  seen(40);
  assert.equal(tally.progress(2).bytesDone, 60);
  seen(0, { generation: 2 });
  assert.equal(tally.progress(3).bytesDone, 0);
});

test("the time left follows from all devices' speeds, and is not said too early", () => {
  const tally = new Tally(0);
  const present = { alive: true, held: [1], seen_s: 1 };
  tally.saw({ ...reply.upload, size: 1000, status: "active", bytes_done: 0 }, [
    { ...present, rate: 30 },
    { ...present, rate: 20 },
    { ...present, rate: 99, alive: false },
  ]);
  assert.equal(tally.progress(1, { rate: 30 }).etaS, undefined);
  const later = tally.progress(10, { rate: 30 });
  assert.deepEqual([later.rate, later.devices, later.etaS, Math.round(later.aloneS)], [50, 2, 20, 33]);
  tally.saw({ ...reply.upload, size: 1000, status: "paused", bytes_done: 0 });
  assert.deepEqual([tally.progress(11).rate, tally.progress(11).etaS], [0, undefined]);
});

test("who is silent is not at work, also while no news come in", () => {
  const tally = new Tally(0);
  const rows = [{ alive: true, held: [1], seen_s: 10, rate: 30 }];
  tally.saw({ ...reply.upload, size: 1000, status: "active", bytes_done: 0 }, rows);
  assert.deepEqual([tally.progress(100).rate, tally.progress(100).devices], [30, 1]);
  assert.equal(tally.age(115), 15);
  assert.equal(tally.progress(119).rate, 30);
  assert.deepEqual([tally.progress(121).rate, tally.progress(121).devices], [0, 0]);
  tally.saw({ ...reply.upload, size: 1000, status: "active", bytes_done: 0 }, [...rows]);
  assert.equal(tally.progress(121).rate, 30);
});

test("an upload of which nothing is heard waits for a device", () => {
  const active = { status: "active", touched_at: 1_000_000 };
  assert.equal(shownStatus(active, 1_059_000), "active");
  assert.equal(shownStatus(active, 1_061_000), "idle");
  assert.equal(shownStatus({ ...active, status: "paused" }, 9_000_000), "paused");
});

test("the golden cases of who is at work are those of the command line", async () => {
  const { now, cases } = await golden("cases/at_work");
  for (const { name, status, touched_s, bytes_done, age_s, clients, speeds, ...wanted } of cases) {
    const tally = new Tally(0);
    tally.saw({ ...reply.upload, size: 1000, status, bytes_done }, clients);
    tally.age(100);
    const { devices, rate, etaS = null } = tally.progress(100 + age_s);
    const shown = shownStatus({ status, touched_at: now - 1000 * touched_s }, now);
    assert.deepEqual({ shown, devices, rate, eta_s: etaS }, wanted, name);
    assert.equal(
      rate,
      speeds.reduce((total, speed) => total + speed),
    );
  }
});

test("the golden answer to an exchange moves the tally", async () => {
  const tally = new Tally(0);
  tally.saw(reply.upload, reply.board.clients);
  const exchange = await golden("exchange_reply");
  tally.answered(exchange);
  assert.equal(tally.upload.parts_done, exchange.progress.parts_done);
  assert.equal(tally.clients.length, exchange.clients.length);
});
