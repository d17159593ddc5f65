// Which page of the manifest is put next.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Pager } from "../../frontend/engine/pager.js";
import { cut } from "../../frontend/engine/parts.js";

const PLAN = cut(10, 1, { first_pages: [], page_parts: 4 }); // 10 parts on 3 pages

function withTwoPut(known = 8) {
  const pager = new Pager(PLAN, known, true);
  for (const page of [0, 1]) {
    pager.began();
    pager.wentWell(page);
  }
  return pager;
}

test("every page is put in order, also those that are known", () => {
  const pager = new Pager(PLAN, 4, true);
  const put = [];
  for (let page = pager.due(0); page !== undefined; page = pager.due(0)) {
    pager.began();
    assert.equal(pager.due(0), undefined, "one at a time");
    pager.wentWell(page);
    pager.learn(8);
    put.push(page);
  }
  assert.deepEqual(put, [0, 1, 2]);
});

test("what is out of order leads back to the first page", () => {
  const pager = withTwoPut();
  pager.began();
  pager.outOfOrder();
  assert.equal(pager.due(0), 0);
});

test("a board that knows less than before is another one; one late answer is not", () => {
  const pager = withTwoPut();
  for (const known of [4, 8, 4, 8, 4, 4]) pager.learn(known);
  assert.equal(pager.due(0), 2);
  pager.learn(4);
  assert.equal(pager.due(0), 0);
});

test("a page under way when it began anew proves only itself", () => {
  const pager = withTwoPut();
  pager.began();
  for (let n = 0; n < 3; n++) pager.learn(4);
  pager.wentWell(2);
  assert.equal(pager.due(0), 0);
});

test("who is not the owner puts none, and a whole manifest lacks none", () => {
  assert.equal(new Pager(PLAN, 4, false).due(0), undefined);
  assert.equal(new Pager(PLAN, 10, true).due(0), undefined);
});

test("who is not the owner tries once a minute, for the upload may be begun anew", () => {
  const pager = new Pager(PLAN, 4, false);
  assert.deepEqual([pager.due(7), pager.due(66), pager.due(67)], [undefined, undefined, 0]);
  pager.began();
  pager.notOurs();
  assert.deepEqual([pager.due(100), pager.due(160)], [undefined, 0]);
  pager.began();
  pager.wentWell(0);
  assert.equal(pager.due(160), 1);
});
