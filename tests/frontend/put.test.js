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

test("each silence makes the next wait longer, within bounds, however many PUTs it ended", () => {
  const patience = new Patience();
  const waits = Array.from({ length: 6 }, (_, n) => {
    const wait = patience.answerMs(0);
    for (let lane = 0; lane < 4; lane++) patience.wasShort(n * 100_000 + lane * 50);
    return wait / 1000;
  });
  assert.deepEqual(waits, [20, 40, 80, 160, 160, 160]);
  assert.equal(patience.answerMs(60_000), 300_000);
});

test("an answer that came makes the next wait as long as was needed", () => {
  const patience = new Patience();
  for (const at of [0, 100_000, 300_000]) patience.wasShort(at);
  patience.wasEnough(40_000);
  assert.equal(patience.answerMs(0), 60_000);
  patience.wasEnough(100);
  assert.equal(patience.answerMs(0), 20_000);
});
