import assert from "node:assert/strict";
import { test } from "node:test";

import {
  createRequest,
  exchangeRequest,
  fromBase64,
  pageRequest,
  toBase64,
} from "../../frontend/engine/wire.js";
import { golden } from "./golden.js";

test("the page's requests are the golden ones, field by field and in their order", async () => {
  const exchange = await golden("exchange_request");
  assert.equal(JSON.stringify(exchangeRequest(exchange)), JSON.stringify(exchange));
  const create = await golden("create_request");
  const made = createRequest({ ...create, partSize: create.part_size });
  assert.deepEqual(made, create);
  const page = await golden("page_request");
  assert.deepEqual(pageRequest(page.digests, page.generation), page);
});

test("base64 goes there and back", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
});
