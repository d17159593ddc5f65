// What a transfer does before its person has said where to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Transfer } from "../../frontend/app/transfer.js";
import { FileGone } from "../../frontend/ports/hasher.js";
import { golden } from "./golden.js";

const { limits: real } = await golden("me_reply");
const limits = { ...real, min_part_size: 1, part_size_step: 1, first_pages: [1, 2], page_parts: 4 };

/** A transfer of eight parts that was just chosen, and which parts were hashed. @param {string} unread */
function chosen(unread = "") {
  const hashed = [];
  const begun = Promise.withResolvers();
  const digest = async (part) => {
    begun.resolve();
    const text = await part.text();
    if (unread.includes(text)) throw new FileGone("gone");
    hashed.push(text);
    return new Uint8Array(32);
  };
  const created = Promise.withResolvers();
  const create = () => {
    created.resolve();
    return new Promise(() => {});
  };
  const ports = {
    clock: () => 0,
    keep: () => {},
    client: (id) => id,
    limits: async () => limits,
    api: { create },
    hasher: { width: 1, digest },
    line: { isUp: async () => {} },
  };
  const kept = { id: "a", state: "unauthorized", name: "f", size: 8, group: "", digests: new Uint8Array() };
  const file = new File(["12345678"], "f");
  return {
    hashed,
    begun: begun.promise,
    created: created.promise,
    transfer: new Transfer(/** @type {any} */ (kept), file, /** @type {any} */ (ports)),
  };
}

test("what a fast line needs first is hashed while nobody has said where to, and only that", async () => {
  const { hashed, transfer } = chosen();
  await transfer.prepare();
  assert.deepEqual([hashed, transfer.state], [["1", "2", "3"], "unauthorized"]);
});

test("it is not hashed once more when somebody has", async () => {
  const { hashed, begun, created, transfer } = chosen();
  const preparing = transfer.prepare();
  await begun;
  void transfer.check("group");
  await preparing;
  await created;
  assert.equal(hashed.filter((part) => part === "1").length, 1);
  transfer.leave();
});

test("a file that cannot be read fails when it is checked, and not before", async () => {
  const { transfer } = chosen("1");
  await transfer.prepare();
  assert.equal(transfer.state, "unauthorized");
  await transfer.check("group");
  assert.deepEqual([transfer.state, transfer.kept.problem?.code], ["failed", "file_changed"]);
});
