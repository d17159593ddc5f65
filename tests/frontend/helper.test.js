// Workers, and what becomes of their work where the page may have none.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, test } from "node:test";

import { WorkerAlarm } from "../../frontend/ports/alarm.js";
import { FileGone, Hasher } from "../../frontend/ports/hasher.js";
import { Helper } from "../../frontend/ports/helper.js";

afterEach(() => delete globalThis.Worker);

/** Workers of this kind from now on. */
const workers = (kind) => Object.defineProperty(globalThis, "Worker", { value: kind, configurable: true });

/** Takes questions and never answers: as a browser whose page's policy forbids it. */
class Forbidden {
  postMessage() {
    queueMicrotask(() => this.onerror?.(new Event("error")));
  }
}

const sha = (text) => createHash("sha256").update(text).digest("hex");
const hex = (bytes) => Buffer.from(bytes).toString("hex");

for (const [how, kind] of Object.entries({
  "is refused as it begins": class {
    constructor() {
      throw new DOMException("not here", "SecurityError");
    }
  },
  "is refused when it has been given work": Forbidden,
}))
  test(`a page whose worker ${how} hashes and keeps time by itself`, async () => {
    workers(kind);
    const hasher = new Hasher(1);
    const parts = ["one", "two", "three"];
    const digests = await Promise.all(parts.map((part) => hasher.digest(new Blob([part]))));
    assert.deepEqual(digests.map(hex), parts.map(sha));
    assert.equal(hex(await hasher.digest(new Blob(["late"]))), sha("late"));
    const alarm = new WorkerAlarm();
    const rung = [];
    await new Promise((done) => {
      alarm.cancel(alarm.after(0.001, () => rung.push("cancelled")));
      alarm.after(0.002, () => done(rung.push("rung")));
    });
    assert.deepEqual(rung, ["rung"]);
  });

test("a file that is gone is told as such, by a worker and without one", async () => {
  const gone = {
    size: 3,
    arrayBuffer: () => Promise.reject(new Error("moved")),
    stream: () => ({ getReader() {} }),
  };
  workers(Forbidden);
  await assert.rejects(new Hasher(1).digest(gone), FileGone);
  workers(
    class {
      postMessage({ id }) {
        this.onmessage({ data: { id, error: "NotReadableError" } });
      }
    },
  );
  await assert.rejects(new Hasher(1).digest(gone), FileGone);
});

test("a worker that works is given everything, and each answer finds its question", async () => {
  const asked = [];
  workers(
    class {
      postMessage(question) {
        asked.push(question);
        if (asked.length === 2)
          for (const { id, question } of asked.toReversed())
            this.onmessage({ data: { id, answer: -question } });
      }
    },
  );
  const helper = new Helper("./any.js", () => assert.fail("it is not done here"));
  assert.deepEqual(await Promise.all([helper.ask(1), helper.ask(2)]), [-1, -2]);
});

test("what is urgent is hashed first", async () => {
  const asked = [];
  workers(
    class {
      postMessage({ id, question }) {
        asked.push(question);
        setImmediate(() => this.onmessage({ data: { id, answer: question } }));
      }
    },
  );
  const hasher = new Hasher(1);
  await Promise.all([..."abcd"].map((part) => hasher.digest(part, { urgent: part === "d" })));
  assert.deepEqual(asked, ["a", "b", "d", "c"]);
});
