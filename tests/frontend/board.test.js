import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { cells, hue, letter, lookAgain, verbs } from "../../frontend/core/board.js";
import { percent, size, span } from "../../frontend/core/format.js";

const golden = JSON.parse(await readFile(new URL("../wire/upload_reply.json", import.meta.url), "utf8"));

const client = (number, held) => ({ number, held });

test("the golden board has a cell for each part, and as many done as the service says", () => {
  const found = cells(golden.board);
  assert.equal(found.length, golden.upload.parts);
  assert.equal(found.filter((c) => c.state === "done").length, golden.upload.parts_done);
});

test("a part is done, held, held twice or open", () => {
  const tickets = Buffer.from([2, 0, 0, 0]).toString("base64");
  const found = cells({ tickets, clients: [client(1, [2, 3]), client(2, [3])] });
  assert.deepEqual(found, [
    { state: "done", number: 2 },
    { state: "held", number: 1 },
    { state: "rescued", number: 2 },
    { state: "open", number: 0 },
  ]);
});

test("neighbouring devices have letters and hues of their own", () => {
  assert.deepEqual([1, 2, 26, 27].map(letter), ["A", "B", "Z", "A"]);
  const hues = [1, 2, 3, 4, 5, 6].map(hue);
  assert.equal(new Set(hues).size, 6);
});

test("only the owner cancels and deletes, and only what makes sense is offered", () => {
  const offered = (status, yours) =>
    Object.entries(verbs({ status, yours })).filter(([, possible]) => possible).map(([name]) => name);
  assert.deepEqual(offered("active", true), ["pause", "cancel"]);
  assert.deepEqual(offered("active", false), ["pause"]);
  assert.deepEqual(offered("paused", false), ["resume"]);
  assert.deepEqual(offered("assembling", true), []);
  assert.deepEqual(offered("complete", true), ["delete", "download"]);
  assert.deepEqual(offered("cancelled", true), []);
});

test("what has ended is not looked at again", () => {
  assert.equal(lookAgain("complete"), 0);
  assert.ok(lookAgain("active") < lookAgain("paused"));
});

test("sizes, shares and spans are for people", () => {
  assert.match(size(0), /^0 /);
  assert.match(size(52_428_800), /52[.,]4 MB/);
  assert.match(size(999_960), /1 MB/);
  assert.match(percent(0.577), /57[.,]7/);
  assert.match(span(30), /30 sec/);
  assert.match(span(600), /10 min/);
});
