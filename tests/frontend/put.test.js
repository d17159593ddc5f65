// How long an answer is waited for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Patience } from "../../frontend/ports/put.js";

test("on a fast line twenty seconds are enough", () => {
  assert.equal(new Patience().answerMs(500), 20_000);
});

test("on a slow line what was taken still needs its time to arrive", () => {
  assert.equal(new Patience().answerMs(10_000), 60_000);
});

test("each answer that did not come makes the next wait longer, within bounds", () => {
  const patience = new Patience();
  const waits = Array.from({ length: 6 }, () => {
    const wait = patience.answerMs(0);
    patience.wasShort();
    return wait / 1000;
  });
  assert.deepEqual(waits, [20, 40, 80, 160, 160, 160]);
  assert.equal(patience.answerMs(60_000), 300_000);
});
