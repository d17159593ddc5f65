// Digests of parts, however a browser lets a file be read.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";

import { digestOfPart } from "../../frontend/ports/sha256.js";

const SIZES = [70_000, 300_000, 5, 0, 300_001, 1];

/** @param {Uint8Array} bytes */
const expected = (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** A blob whose stream does or does not take memory to fill.
 * @param {Uint8Array<ArrayBuffer>} bytes @param {boolean} fills */
function blob(bytes, fills) {
  const made = new Blob([bytes]);
  const stream = () => {
    if (!fills) return new ReadableStream();
    let at = 0;
    return new ReadableStream({
      type: "bytes",
      pull(controller) {
        const { view } = /** @type {any} */ (controller).byobRequest;
        const some = bytes.subarray(at, at + Math.min(view.byteLength, 65_536));
        new Uint8Array(view.buffer, view.byteOffset).set(some);
        at += some.byteLength;
        /** @type {any} */ (controller).byobRequest.respond(some.byteLength);
      },
    });
  };
  return Object.defineProperty(made, "stream", { value: stream });
}

for (const fills of [true, false])
  test(`parts of any size, one after the other, ${fills ? "into memory used before" : "as the browser gives them"}`, async () => {
    for (const size of SIZES) {
      const bytes = new Uint8Array(randomBytes(size));
      assert.deepEqual(await digestOfPart(blob(bytes, fills)), expected(bytes), `${size} bytes`);
    }
  });

test("parts at the same time do not share their memory", async () => {
  const all = SIZES.map((size) => new Uint8Array(randomBytes(size)));
  const digests = await Promise.all(all.map((bytes) => digestOfPart(blob(bytes, true))));
  assert.deepEqual(digests, all.map(expected));
});

test("a part that ends too early has no digest", async () => {
  const closed = new ReadableStream({ type: "bytes", start: (controller) => controller.close() });
  const part = /** @type {any} */ ({ size: 9, stream: () => closed });
  await assert.rejects(digestOfPart(part), /too short/);
});
