import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { after, CYCLE, isOver, restored, takesPlace, verbsOf } from "../../frontend/engine/cycle.js";
import { givingWay, moved, placed, startable } from "../../frontend/engine/queue.js";

const STATES = Object.keys(CYCLE);
const entry = (id, state, why) => ({ id, state, why });
const ids = (entries) => entries.map((e) => e.id).join("");

test("the document's table is this one", async () => {
  const text = await readFile(new URL("../../docs/design.md", import.meta.url), "utf8");
  const section = text.split("## The life of a transfer")[1].split("\n## ")[0];
  const rows = [...section.matchAll(/^\| (\w+) \| ([\w ]+) \| (\w+) \|$/gm)].slice(1);
  const written = rows.map(([, from, event, to]) => [from, event.replaceAll(" ", "_"), to]);
  const meant = Object.entries(CYCLE).flatMap(([from, row]) =>
    Object.entries(row).map(([e, to]) => [from, e, to]),
  );
  assert.deepEqual(written, meant);
});

test("every state that an event leads to is a state", () => {
  for (const row of Object.values(CYCLE))
    for (const state of Object.values(row)) assert.ok(STATES.includes(state));
});

test("from every state but the stored one there is a way to «stored»", () => {
  for (const from of STATES) {
    const seen = new Set([from]);
    for (const state of seen) for (const next of Object.values(CYCLE[state])) seen.add(next);
    assert.ok(seen.has("complete"), from);
  }
});

test("the way of a file without incidents", () => {
  let state = "unauthorized";
  const way = [];
  for (const event of ["authorize", "checked", "enqueue", "start", "all_in", "stored"])
    way.push((state = after(state, event)));
  assert.deepEqual(way, ["checking", "initialized", "queued", "active", "finalizing", "complete"]);
});

test("only the user resumes what the user paused", () => {
  assert.equal(after("paused", "go_on"), undefined);
  assert.equal(after("paused", "start"), undefined);
  assert.equal(after("paused", "enqueue"), "queued");
  assert.equal(after("suspended", "go_on"), "active");
});

test("what is complete stays so", () => {
  assert.deepEqual(CYCLE.complete, {});
});

test("a reopened page goes on where it can, and asks for the file where it must", () => {
  for (const state of STATES) {
    const with_ = restored(state, undefined, true);
    const without = restored(state, undefined, false);
    if (isOver(state) || ["unauthorized", "finalizing", "paused", "initialized"].includes(state))
      assert.deepEqual(with_, { state });
    else {
      assert.deepEqual(with_, { state: "suspended", why: "permission" });
      assert.deepEqual(without, { state: "suspended", why: "file" });
    }
  }
  assert.equal(restored("suspended", "everywhere", false).why, "file");
});

test("one at a time: the next begins when a place is free, first come first served", () => {
  const list = [entry("a", "active"), entry("b", "queued"), entry("c", "paused"), entry("d", "queued")];
  assert.equal(ids(startable(list, 1)), "");
  assert.equal(ids(startable(list, 2)), "b");
  assert.equal(ids(startable(list, 3)), "bd");
  list[0] = entry("a", "finalizing");
  assert.equal(ids(startable(list, 1)), "b");
});

test("who waits for a network keeps the place; who is paused for everybody does not", () => {
  assert.ok(takesPlace("suspended", "offline"));
  assert.ok(takesPlace("suspended", "signed_out"));
  assert.ok(!takesPlace("suspended", "everywhere"));
  assert.ok(!takesPlace("suspended", "file"));
});

test("starting another makes the active one give way, but only if there is no place", () => {
  const list = [entry("a", "active"), entry("b", "queued")];
  assert.equal(ids(givingWay(list, 1)), "a");
  assert.equal(ids(givingWay(list, 2)), "");
});

test("the queue's order is changed among the queued ones only", () => {
  const list = [entry("a", "queued"), entry("x", "paused"), entry("b", "queued"), entry("c", "queued")];
  assert.equal(ids(moved(list, "c", -1)), "axcb");
  assert.equal(ids(moved(list, "a", 1)), "xbac");
  assert.equal(ids(moved(list, "a", -1)), "axbc");
  assert.equal(ids(moved(list, "x", 1)), "axbc");
  assert.equal(ids(placed(list, "c", "a", false)), "caxb");
});

test("what a person may do fits the state", () => {
  const offered = (state, more = {}) =>
    Object.entries(verbsOf({ state, begun: true, yours: true, ...more }))
      .filter(([, may]) => may)
      .map(([verb]) => verb);
  assert.deepEqual(offered("active"), ["pause", "cancel"]);
  assert.deepEqual(offered("active", { resting: true }), ["cancel"]);
  assert.deepEqual(offered("active", { yours: false }), ["pause", "remove"]);
  assert.deepEqual(offered("queued"), ["dequeue", "start", "cancel", "move"]);
  assert.deepEqual(offered("suspended", { why: "file" }), ["choose", "cancel"]);
  assert.deepEqual(offered("suspended", { why: "permission" }), ["allow", "cancel"]);
  assert.deepEqual(offered("finalizing"), []);
  assert.deepEqual(offered("complete"), ["remove"]);
  assert.deepEqual(offered("failed"), ["retry", "remove"]);
});
