// What listens to the browser listens no longer than it is listened to.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, test } from "node:test";

import { Line } from "../../frontend/ports/line.js";
import { Wakefulness } from "../../frontend/ports/wakefulness.js";

const REAL = Object.getOwnPropertyDescriptors(globalThis);
const FAKED = ["addEventListener", "document", "navigator"];
/** The window, and the document. @type {EventTarget} */ let page;
const listening = () =>
  ["offline", "online", "visibilitychange"].flatMap((name) => getEventListeners(page, name)).length;

beforeEach(() => {
  page = new EventTarget();
  const faked = {
    document: page,
    navigator: { onLine: false },
    addEventListener: page.addEventListener.bind(page),
  };
  for (const name of FAKED)
    Object.defineProperty(globalThis, name, { value: faked[name], configurable: true });
});

afterEach(() => {
  for (const name of FAKED) {
    delete globalThis[name];
    if (REAL[name]) Object.defineProperty(globalThis, name, REAL[name]);
  }
});

test("a line that nobody needs any more neither listens nor probes", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const gone = new AbortController();
  let probes = 0;
  const failed = Promise.withResolvers();
  const line = new Line(() => (probes++, failed.promise), gone.signal);
  assert.deepEqual([line.up, probes, listening()], [false, 1, 2]);
  let woke = 0;
  line.addEventListener("woke", () => woke++);
  gone.abort();
  failed.reject(new Error("no network"));
  await new Promise((done) => setImmediate(done));
  for (let s = 0; s < 60; s++) {
    t.mock.timers.tick(1_000);
    await new Promise((done) => setImmediate(done));
  }
  assert.deepEqual([probes, woke, listening()], [1, 0, 0]);
});

test("the page is heard only while it is to stay awake", () => {
  const wakefulness = new Wakefulness();
  assert.equal(listening(), 0);
  wakefulness.want(true);
  assert.equal(listening(), 1);
  wakefulness.want(false);
  assert.equal(listening(), 0);
});
