import assert from "node:assert/strict";
import { test } from "node:test";

import { Digests, lengthOf, cut, planParts, range } from "../../frontend/engine/parts.js";
import { golden } from "./golden.js";

const { limits } = await golden("me_reply");
const MIB = 1024 ** 2;
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

test("an empty file is one empty part, and 48.8 GiB still have parts of 5 MiB", () => {
  assert.deepEqual(range(planParts(0, limits), 1), [0, 0]);
  assert.equal(planParts(10_000 * 5 * MIB, limits).partSize, 5 * MIB);
  assert.equal(planParts(10_000 * 5 * MIB + 1, limits).partSize, 6 * MIB);
});

test("the last part is what is left", () => {
  const made = cut(12 * MIB, 5 * MIB, { first_pages: [], page_parts: 128 });
  assert.deepEqual(
    [1, 2, 3].map((part) => lengthOf(made, part)),
    [5 * MIB, 5 * MIB, 2 * MIB],
  );
});

test("a page is given once all of it is known, in whatever order that comes", () => {
  const digests = new Digests(cut(5 * 10, 10, { first_pages: [], page_parts: 2 }));
  digests.set(2, new Uint8Array(32).fill(2));
  assert.equal(digests.page(0), undefined);
  assert.equal(digests.known, 0);
  digests.set(1, new Uint8Array(32).fill(1));
  assert.equal(digests.known, 2);
  assert.equal(digests.page(0)?.length, 2);
  digests.set(5, new Uint8Array(32).fill(5));
  assert.equal(digests.page(2), undefined);
  assert.ok(digests.has(5) && !digests.has(3));
});

test("what is kept of the digests is taken up again", () => {
  const first = new Digests(cut(50, 10, { first_pages: [], page_parts: 2 }));
  for (const part of [1, 2, 3, 5]) first.set(part, new Uint8Array(32).fill(part));
  const again = new Digests(first.plan, first.prefix());
  assert.equal(again.known, 3);
  assert.equal(again.get(3), first.get(3));
  assert.equal(again.has(5), false);
});

test("the checksum is S3's composite one", async () => {
  const digests = new Digests(cut(15, 10, { first_pages: [], page_parts: 128 }));
  digests.set(1, await sha256(new TextEncoder().encode("0123456789")));
  digests.set(2, await sha256(new TextEncoder().encode("abcde")));
  const { createHash } = await import("node:crypto");
  const hash = (data) => createHash("sha256").update(data).digest();
  const expected = hash(Buffer.concat([hash("0123456789"), hash("abcde")])).toString("base64");
  assert.equal(await digests.checksum(sha256), `${expected}-2`);
});
